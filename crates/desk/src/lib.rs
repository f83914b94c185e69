//! The local-first application without a face: an encrypted vault, the ledger in tables, search,
//! import, history; one method of [`Desk`] per action of a person.
//!
//! Invariants: no network, no window, no clock of its own ([`env`]); an action is one transaction
//! and one fsync; local edits and pulled commits take the same way into the tables; nothing is
//! overwritten that the person had not on screen. Start reading at [`Desk`], then `store` (how a
//! commit becomes rows) and `project` (what is derived from them).

mod accept;
pub mod backup;
mod blank;
mod blob;
mod bundle;
mod center;
mod deletion;
mod desk;
mod directory;
mod draft;
mod edit;
pub mod env;
mod erase;
mod error;
mod find;
mod findings;
mod fork;
mod gap;
mod history;
mod hole;
mod import;
mod join;
mod ord;
mod outbox;
mod plan;
mod project;
mod protocol;
mod review;
mod schema;
pub mod search;
mod store;
mod studies;
mod submission;
mod time;
mod token;
mod undo;
mod unfit;
pub mod vault;
mod verify;
mod versions;
mod word;

pub use accept::{Accepted, Pulled};
pub use blank::BLANK_BYTES_MAX;
pub use blob::{FILE_BYTES_MAX, FileHere, FileState};
pub use bundle::{BUNDLE_BYTES_MAX, BundleTaken};
pub use center::{CenterLink, SyncStatus};
pub use desk::{Changed, Desk};
pub use directory::{
    CardsTaken, ChosenCard, Disclosure, IncomingCard, KnownSet, PeopleFilter, PeoplePage,
};
pub use draft::{Draft, TypingSaved};
pub use edit::{Edit, Saved};
pub use env::Env;
pub use error::DeskError;
pub use gap::GapClosed;
pub use history::HistoryScope;
pub use outbox::{Confirmed, StandingState, StreamState};
pub use plan::{Chosen, Dated, DeadlineStart, IncomingMilestone};
pub use schema::SchemaError;
pub use store::people::Profile;
pub use store::write::Reason;
pub use studies::NewStudy;
pub use submission::{
    Decision, Ground, NewSubmission, OfficeFile, PackageParts, Question, Sending, Submitted, Whole,
};
pub use undo::Undone;
pub use verify::{Problem, VerifyReport};
pub use versions::Freeze;

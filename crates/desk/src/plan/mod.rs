//! Milestones, deadlines and what is due today.
//!
//! What a study's plan says is worked out by [`model::milestone`]. Here it is kept in lines for
//! lists over all studies ([`rows`], derived), changed by people ([`change`], `apply`, `incoming`), and asked
//! for ([`read`], [`today`]). Years of working days are loaded in [`years`].

pub(crate) mod apply;
mod change;
pub(crate) mod guard;
mod incoming;
mod read;
mod reminder;
pub(crate) mod rows;
mod today;
pub(crate) mod years;

pub use apply::{Chosen, DeadlineStart};
pub use change::Dated;
pub use incoming::IncomingMilestone;

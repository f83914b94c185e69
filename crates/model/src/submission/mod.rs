//! Submissions to ethics committees: what is wanted, what is there, what is wrong, how far it is.
//!
//! Pure rules over a study as everybody reads it. Start with [`Case`] (one submission with what it
//! rests on), [`list::rows`] (the committee's list, answered) and [`check::check`].

pub mod case;
pub mod check;
pub mod content;
pub mod finding;
pub mod identifier;
pub mod list;
pub mod matrix;
pub mod rounds;
pub mod rule;
pub mod sent;
pub mod state;
pub mod submitted;

pub use case::Case;
pub use check::{Check, Looked, Read, check};
pub use content::content;
pub use finding::{Finding, Level};
pub use state::State;
pub use submitted::as_submitted;

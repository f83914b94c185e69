//! Who may do what: what people and offices can show, who does what at a site, and what is wrong
//! with a delegation log.
//!
//! Pure rules over values that `desk` reads. Start with [`credential::standing`] (the ladder) and
//! [`delegation::findings`].

pub mod credential;
pub mod day;
pub mod delegation;
pub mod incoming;
pub mod role;
pub mod row;

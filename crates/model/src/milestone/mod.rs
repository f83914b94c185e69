//! Milestones, deadlines and enrolment: what is due when, what holds it up, what will come of it.
//!
//! Stored are the days that people set, the rule that a milestone was made with, and counts.
//! Everything else follows: start at [`plan()`] (a study's plan) and [`plan::PlanRow`] (one line).
//! Lists of milestones and rules of deadlines are data ([`list`]).

mod approval;
mod circle;
pub mod enrolment;
pub mod incoming;
#[cfg(test)]
mod known_tests;
#[cfg(test)]
mod letter_tests;
pub mod list;
mod missing;
mod network;
mod of_doc;
pub mod plan;
mod preview;
mod readiness;
pub mod rule;
mod submitted;
#[cfg(test)]
mod tests;
pub mod today;
pub mod when;

pub use of_doc::plan;
pub use preview::{PreviewRow, preview};
pub use readiness::{Readiness, readiness};
pub use rule::Rule;
pub use when::{Precision, When};

use crate::calendar::Period;
use crate::calendar::deadline::Start;
use crate::check::Complaint;

/// Checks a register of a milestone that has a form of its own; `None` for every other one.
pub(crate) fn check(register: &str, text: &str) -> Option<Result<(), Complaint>> {
    let (fits, complaint) = match register {
        "planned" | "baseline" | "actual" => (When::parse(text).is_some(), Complaint::NotADate),
        "rule" => (Rule::parse(text).is_some(), Complaint::NotARule),
        "repeat" => {
            let period = Period::parse(text).filter(|period| period.n > 0);
            (period.is_some(), Complaint::NotARule)
        }
        "trigger" => (Start::parse(text).is_some(), Complaint::NotAMoment),
        _ => return None,
    };
    Some(if fits { Ok(()) } else { Err(complaint) })
}

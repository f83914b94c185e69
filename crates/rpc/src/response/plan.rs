//! What a caller gets about plans, milestones, deadlines and working days.

use model::EntityId;
use model::milestone::PreviewRow;
use model::milestone::list::{DeadlineList, MilestoneList};
use model::milestone::today::{CredentialEnd, Reminder, StudySpan, YearRow};
use serde::Serialize;
use ts_rs::TS;

pub use crate::request::ReminderWishes;
pub use model::milestone::Readiness;
pub use model::milestone::plan::StudyPlan;
pub use model::milestone::today::Today;

response! {
    /// All studies that are in use, by first day.
    PlanAll {
        /// The day. Time: `YYYY-MM-DD` in Shanghai.
        today: String,
        /// The studies.
        studies: Vec<StudySpan>,
    }
    /// What milestones and deadlines can be made of.
    MilestoneLists {
        /// Lists of milestones.
        lists: Vec<MilestoneList>,
        /// Rules of deadlines.
        deadlines: DeadlineList,
    }
    /// What a list would give.
    PreviewAnswer {
        /// Its milestones, in order.
        rows: Vec<PreviewRow>,
    }
    /// A deadline began.
    DeadlineStarted {
        /// The milestone that it is.
        milestone: EntityId,
    }
    /// Credentials that end soon or have ended.
    CredentialsEnding {
        /// Those whose end comes first, no more than a screen can list.
        credentials: Vec<CredentialEnd>,
        /// How many there are.
        n: u32,
    }
    /// The years of the calendar.
    CalendarYears {
        /// The years; the last one is the next that is not announced yet.
        years: Vec<YearRow>,
    }
    /// What is to be reminded of now, each once.
    RemindersDue {
        /// The reminders, by day.
        reminders: Vec<Reminder>,
    }
}

//! What a caller sends about plans, milestones, deadlines and working days.

use model::{EntityId, StudyId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

request! {
    /// A date of a milestone.
    PlanDate {
        /// The milestone.
        milestone: EntityId,
        /// The date: `YYYY-MM-DD`, `YYYY-MM`, `YYYY-Qn` or `YYYY`; empty clears it.
        date: String,
        /// The form token: the operations of this register that were on screen.
        seen: Vec<String>,
    }
    /// Planned dates are moved.
    PlanReplan {
        /// The study.
        study: StudyId,
        /// The new planned dates.
        dates: Vec<PlanDate>,
        /// The reason.
        why: String,
    }
    /// Dates are frozen as the baseline.
    PlanBaseline {
        /// The study.
        study: StudyId,
        /// The dates, as they are on screen.
        dates: Vec<PlanDate>,
        /// The reason; must be given where a baseline changes.
        why: String,
    }
    /// What a list of milestones would give.
    MilestonePreview {
        /// The study.
        study: StudyId,
        /// The site; `None` for the study itself.
        site: Option<EntityId>,
        /// Key of the list.
        list: String,
        /// Dates that the person chose, by key of the milestone.
        dates: BTreeMap<String, String>,
    }
    /// A milestone of a list that the person chose.
    MilestoneChosen {
        /// Its key.
        key: String,
        /// The planned date; empty leaves it to the rule.
        planned: String,
    }
    /// Chosen milestones of a list are added.
    MilestoneApply {
        /// The study.
        study: StudyId,
        /// The sites; none for the study itself.
        sites: Vec<EntityId>,
        /// Key of the list.
        list: String,
        /// Which, with their dates.
        rows: Vec<MilestoneChosen>,
    }
    /// Milestones are copied from one place to another, without dates.
    MilestoneClone {
        /// From which study.
        from: StudyId,
        /// From which of its sites; `None` for the study itself.
        from_site: Option<EntityId>,
        /// To which study.
        to: StudyId,
        /// To which of its sites; `None` for the study itself.
        to_site: Option<EntityId>,
    }
    /// A deadline begins.
    DeadlineStart {
        /// The study.
        study: StudyId,
        /// The site; `None` for the study itself.
        site: Option<EntityId>,
        /// Key of the rule.
        key: String,
        /// The day, or the moment `YYYY-MM-DDThh:mm` in Shanghai where hours are counted.
        trigger: String,
        /// How long instead of the rule's own; empty takes the rule's.
        period: String,
        /// The day, where a letter sets it; else empty.
        date: String,
        /// A remark.
        note: String,
    }
    /// What wants attention.
    TodayGet {
        /// How many days ahead are looked at.
        days: u32,
    }
    /// A site of a study.
    SiteRef {
        /// The study.
        study: StudyId,
        /// The site.
        site: EntityId,
    }
    /// When and how a person wants to be reminded, at this laptop.
    ReminderWishes {
        /// Whether at all.
        on: bool,
        /// When the quiet hours begin. Time: `hh:mm`, local.
        quiet_from: String,
        /// When they end; the same as the beginning: there are none.
        quiet_to: String,
        /// Whether a notification names what is due, or says how much alone.
        names: bool,
    }
    /// A year of the calendar.
    YearRef {
        /// The year.
        year: i32,
    }
}

//! Moving planned dates, and freezing them as a baseline.

use crate::desk::{Changed, Desk};
use crate::edit::Edit;
use crate::error::DeskError;
use crate::store::write::Reason;
use model::milestone::When;
use model::{EntityId, StudyId};

/// A date of a milestone as a screen gives it back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// The milestone.
    pub milestone: EntityId,
    /// The date; empty clears it.
    pub date: String,
    /// The form token: the operations of this register that were on screen.
    pub seen: Vec<String>,
}

impl Desk {
    /// Moves planned dates, for a reason; the baseline stays.
    ///
    /// # Errors
    /// [`DeskError::WhyMissing`], and as [`Desk::set_many`]; nothing is moved then.
    pub fn replan(
        &mut self,
        study: &StudyId,
        moves: Vec<Dated>,
        why: &str,
    ) -> Result<Changed, DeskError> {
        let why = why.trim();
        if why.is_empty() {
            return Err(DeskError::WhyMissing);
        }
        let reason = Reason {
            code: Some("replanned".into()),
            text: Some(why.to_owned()),
        };
        self.set_many(study, edits("planned", moves), Some(reason))
    }

    /// Freezes dates as the baseline that later forecasts are held against.
    ///
    /// # Errors
    /// [`DeskError::WhyMissing`] when one of them has a baseline already that would change, and as
    /// [`Desk::set_many`].
    pub fn baseline(
        &mut self,
        study: &StudyId,
        dates: Vec<Dated>,
        why: &str,
    ) -> Result<Changed, DeskError> {
        let plan = self.plan(study)?;
        let why = why.trim();
        let changes = dates.iter().any(|dated| {
            let row = plan.row(&dated.milestone).map(|(_, row)| row);
            row.is_some_and(|row| !row.baseline.is_empty() && row.baseline != dated.date)
        });
        if changes && why.is_empty() {
            return Err(DeskError::WhyMissing);
        }
        let reason = Reason {
            code: Some("baseline".into()),
            text: (!why.is_empty()).then(|| why.to_owned()),
        };
        self.set_many(study, edits("baseline", dates), Some(reason))
    }

    /// The dates that freezing a baseline would take: of a site, of the study itself, or of all.
    ///
    /// Only those that are planned or follow from a rule, and have no equal baseline yet.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn baseline_offer(
        &self,
        study: &StudyId,
        lane: Option<Option<EntityId>>,
    ) -> Result<Vec<Dated>, DeskError> {
        let plan = self.plan(study)?;
        let lanes = plan
            .lanes
            .iter()
            .filter(|one| lane.as_ref().is_none_or(|site| one.site == *site));
        let rows = lanes
            .flat_map(|lane| &lane.rows)
            .filter(|row| row.kind == model::kind::MILESTONE && row.not_applicable.is_empty());
        let dated = rows.filter_map(|row| {
            let date = if row.planned.is_empty() {
                row.due_known()
            } else {
                row.planned.clone()
            };
            // What was done before anybody approved a plan has no plan to be held against.
            let is_new = date != row.baseline && row.actual.is_empty();
            (When::parse(&date).is_some() && is_new).then(|| Dated {
                milestone: row.id.clone(),
                date,
                seen: row.seen.get("baseline").cloned().unwrap_or_default(),
            })
        });
        Ok(dated.collect())
    }
}

fn edits(field: &str, dates: Vec<Dated>) -> Vec<Edit> {
    let to_edit = |dated: Dated| Edit {
        entity: dated.milestone,
        field: field.to_owned(),
        value: dated.date.into(),
        seen: dated.seen,
    };
    dates.into_iter().map(to_edit).collect()
}

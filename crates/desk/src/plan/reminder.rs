//! Reminders: each is given once.

use super::rows;
use super::today::{self, later};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::store::names;
use crate::time;
use chrono::NaiveDate;
use model::milestone::plan::What;
use model::milestone::today::{KeptRow, Reason, Reminder};
use rusqlite::{Connection, OptionalExtension, params};

/// Steps before the day. Units: days.
const STEPS: [i64; 4] = [30, 7, 1, 0];
/// The step of what is late.
const LATE: i64 = -1;
/// Farthest step of anything. Units: days.
const AHEAD_DAYS: u64 = 60;

impl Desk {
    /// What is to be reminded of now, and was not before; it counts as reminded from now on.
    ///
    /// Of several steps that were passed while the program did not run, the nearest one alone is
    /// given. A date that moved is reminded of anew.
    ///
    /// # Errors
    /// [`DeskError::Storage`], [`DeskError::Damaged`].
    pub fn reminders_due(&mut self) -> Result<Vec<Reminder>, DeskError> {
        let today = self.day();
        let until = later(today, AHEAD_DAYS).to_string();
        let studies = today::studies(&self.opened.conn)?;
        self.transact(|conn, author| {
            let at = time::instant(author.env);
            let mut found = Vec::new();
            for (entity, what, stream, text) in due(conn, &until)? {
                let row: KeptRow = serde_json::from_str(&text)
                    .map_err(|_| DeskError::Damaged("a line of a plan"))?;
                let (Some(study), Ok(day)) = (studies.get(&stream), row.due.parse::<NaiveDate>())
                else {
                    continue;
                };
                let left = (day - today).num_days();
                let Some(step) = step(&row, left) else {
                    continue;
                };
                if is_told(conn, entity, &what, &row.due, step)? {
                    continue;
                }
                conn.prepare_cached("INSERT INTO reminders VALUES(?1, ?2, ?3, ?4, ?5)")?
                    .execute(params![entity, what, row.due, step, at])?;
                let reason = if step == LATE {
                    Reason::Overdue
                } else {
                    Reason::Due
                };
                found.push(Reminder {
                    line: today::to_line(reason, study, row, 0, today),
                    days: i32::try_from(step).unwrap_or(i32::MAX),
                });
            }
            Ok(found)
        })
    }

    /// Takes back that these were reminded of: nobody was shown them.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn reminders_untold(&mut self, reminders: &[Reminder]) -> Result<(), DeskError> {
        self.transact(|conn, _| {
            for Reminder { line, days } in reminders {
                let (Some(what), Some(id)) = (line.what, &line.entity) else {
                    continue;
                };
                let Some(stream) = names::stream(conn, line.study.as_str())? else {
                    continue;
                };
                let entity = names::entity(conn, stream, id.as_str())?;
                conn.prepare_cached(
                    "DELETE FROM reminders
                     WHERE entity = ?1 AND what = ?2 AND due = ?3 AND days = ?4",
                )?
                .execute(params![
                    entity,
                    rows::what_text(what),
                    line.due,
                    days
                ])?;
            }
            Ok(())
        })
    }
}

type DueRow = (i64, String, i64, String);

fn due(conn: &Connection, until: &str) -> Result<Vec<DueRow>, DeskError> {
    Ok(conn
        .prepare_cached(
            "SELECT entity, what, stream, row FROM plan_rows
             WHERE open = 1 AND due <> '' AND due <= ?1 ORDER BY due, entity, what",
        )?
        .query_map([until], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?
        .collect::<Result<_, _>>()?)
}

/// The nearest step that was reached.
fn step(row: &KeptRow, left: i64) -> Option<i64> {
    if left < 0 {
        return Some(LATE);
    }
    let of_rule = model::milestone::list::deadline(&row.key).map(|rule| rule.warn_days.as_slice());
    let of_rule = of_rule.filter(|days| row.what == What::ApprovalExpiry && !days.is_empty());
    let own: Vec<i64> = of_rule
        .map(|days| days.iter().map(|n| i64::from(*n)).chain([0]).collect())
        .unwrap_or_else(|| STEPS.to_vec());
    own.into_iter().filter(|step| left <= *step).min()
}

fn is_told(
    conn: &Connection,
    entity: i64,
    what: &str,
    due: &str,
    step: i64,
) -> Result<bool, rusqlite::Error> {
    let told = conn
        .prepare_cached(
            "SELECT 1 FROM reminders WHERE entity = ?1 AND what = ?2 AND due = ?3 AND days <= ?4",
        )?
        .query_row(params![entity, what, due, step], |_| Ok(()))
        .optional()?;
    Ok(told.is_some())
}

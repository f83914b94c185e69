//! Reminders: each is given once.

use super::rows;
use super::today::{self, later};
use crate::desk::Desk;
use crate::directory;
use crate::error::DeskError;
use crate::store::names;
use crate::time;
use chrono::NaiveDate;
use model::kind;
use model::milestone::Precision;
use model::milestone::plan::What;
use model::milestone::today::{CredentialEnd, KeptRow, Reason, Reminder, TodayLine};
use model::people::credential;
use model::reference::Bilingual;
use model::row::StudyRow;
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
        let (looked, ending) = self.ending_anew()?;
        let found = self.transact(|conn, author| {
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
                if !is_first(conn, (entity, &what), &row.due, step, &at)? {
                    continue;
                }
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
            for one in ending {
                let Some(study) = studies.values().find(|study| study.id == one.study) else {
                    continue;
                };
                let line = of_credential(one, study, today);
                let Some((entity, what)) = place(conn, &line)? else {
                    continue;
                };
                let Some(step) = line.days_left.and_then(step_of_credential) else {
                    continue;
                };
                if is_first(conn, (entity, &what), &line.due, step, &at)? {
                    let days = i32::try_from(step).unwrap_or(i32::MAX);
                    found.push(Reminder { line, days });
                }
            }
            Ok(found)
        })?;
        self.looked(Some(looked));
        Ok(found)
    }

    /// Takes back that these were reminded of: nobody was shown them.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn reminders_untold(&mut self, reminders: &[Reminder]) -> Result<(), DeskError> {
        self.transact(|conn, _| {
            for Reminder { line, days } in reminders {
                let Some((entity, what)) = place(conn, line)? else {
                    continue;
                };
                conn.prepare_cached(
                    "DELETE FROM reminders
                     WHERE entity = ?1 AND what = ?2 AND due = ?3 AND days = ?4",
                )?
                .execute(params![entity, what, line.due, days])?;
            }
            Ok(())
        })?;
        self.looked(None);
        Ok(())
    }
}

/// What a reminder is kept under: the entity's number, and what about it.
fn place(conn: &Connection, line: &TodayLine) -> Result<Option<(i64, String)>, DeskError> {
    let Some(id) = &line.entity else {
        return Ok(None);
    };
    if line.kind == kind::CREDENTIAL {
        let own = names::stream(conn, line.study.as_str())?;
        let directories = directory::directories(conn)?.into_iter();
        // A contact who is nobody of the directory stands in the study.
        for stream in directories.map(|(stream, _)| stream).chain(own) {
            if let Some(person) = names::entity(conn, stream, id.as_str())? {
                return Ok(Some((person, format!("{}/{}", line.kind, line.key))));
            }
        }
        return Ok(None);
    }
    let (Some(what), Some(stream)) = (line.what, names::stream(conn, line.study.as_str())?) else {
        return Ok(None);
    };
    let entity = names::entity(conn, stream, id.as_str())?;
    Ok(entity.map(|entity| (entity, rows::what_text(what).to_owned())))
}

/// A credential that ends, as a line: whose it is, and its code as the key.
fn of_credential(one: CredentialEnd, study: &StudyRow, today: NaiveDate) -> TodayLine {
    let until: Option<NaiveDate> = one.until.parse().ok();
    TodayLine {
        reason: Reason::Expiring,
        what: None,
        study: one.study,
        study_title: today::title(study),
        site: None,
        site_name: Bilingual {
            zh: one.site_name.clone(),
            en: one.site_name,
        },
        entity: Some(one.person),
        kind: kind::CREDENTIAL.to_owned(),
        field: String::new(),
        key: one.kind,
        name: one.name,
        due: one.until,
        legal: String::new(),
        due_at: String::new(),
        precision: Precision::Day,
        provisional: false,
        days_left: until.map(|until| (until - today).num_days()),
        n: 0,
        since: String::new(),
        rival_actuals: Vec::new(),
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

/// The nearest step of a credential that was reached.
fn step_of_credential(left: i64) -> Option<i64> {
    if left < 0 {
        return Some(LATE);
    }
    let steps = credential::REMINDERS.into_iter().chain(STEPS);
    steps.filter(|step| left <= *step).min()
}

/// Notes a step as told; whether it, or a nearer one, was not told before.
fn is_first(
    conn: &Connection,
    (entity, what): (i64, &str),
    due: &str,
    step: i64,
    at: &str,
) -> Result<bool, rusqlite::Error> {
    let is_new = !is_told(conn, entity, what, due, step)?;
    if is_new {
        conn.prepare_cached("INSERT INTO reminders VALUES(?1, ?2, ?3, ?4, ?5)")?
            .execute(params![entity, what, due, step, at])?;
    }
    Ok(is_new)
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

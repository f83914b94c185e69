//! What wants attention over all studies: a handful of statements, whatever the vault holds.

use super::{rows, years};
use crate::desk::Desk;
use crate::directory::directories;
use crate::error::DeskError;
use crate::project::conflicts;
use chrono::{Days, NaiveDate};
use model::calendar::deadline::in_shanghai;
use model::milestone::plan::What;
use model::milestone::today::{KeptRow, Reason, Today, TodayCounts, TodayLine};
use model::reference::Bilingual;
use model::row::StudyRow;
use model::{Kind, StudyId, kind, label};
use rusqlite::{Connection, Params, Row};
use std::collections::HashMap;

/// Most lines that are listed of each reason, more than a hundred studies have; the counts say how
/// many there are.
const LINES_MAX: usize = 5_000;
/// How far ahead the end of an approval is shown. Units: days.
const EXPIRY_DAYS: u64 = 60;

/// The statements of today's list, each run once. Every one reads an index, never all lines.
pub(super) const DUE: &str =
    "SELECT stream, blocked, row, due, what FROM plan_rows WHERE open = 1 AND due <> '' AND due <= ?1
     ORDER BY due, entity, what";
pub(super) const WAITING: &str =
    "SELECT stream, blocked, row, due, what FROM plan_rows WHERE open = 1 AND waiting = 1
     ORDER BY stream, entity, what";
pub(super) const CONFLICT: &str =
    "SELECT stream, blocked, row, due, what FROM plan_rows WHERE conflict = 1
     ORDER BY stream, entity, what";
pub(super) const STUDIES: &str = "SELECT stream, row FROM study_rows";

/// A line with its study and how many block it.
struct Found {
    stream: i64,
    blocked: u32,
    due: String,
    what: String,
    row: String,
}

impl Desk {
    /// Today: the day in Shanghai ([`crate::Env::day`]).
    pub fn day(&self) -> NaiveDate {
        self.env.day()
    }

    /// What wants attention within the next days.
    ///
    /// # Errors
    /// [`DeskError::Storage`], [`DeskError::Damaged`].
    pub fn today(&self, days: u32) -> Result<Today, DeskError> {
        let conn = &self.opened.conn;
        let now = self.env.clock.now();
        let moment = in_shanghai(&now).to_rfc3339();
        let today = self.day();
        let until = later(today, u64::from(days));
        let ahead = until.max(later(today, EXPIRY_DAYS));
        let studies = studies(conn)?;
        let (first, last) = (today.to_string(), until.to_string());
        let mut list = List::new(today, &studies);
        for found in find(conn, DUE, [ahead.to_string()])? {
            let reason = reason(&found, &first, &last, &moment)?;
            if let Some(reason) = reason {
                list.take(reason, &found)?;
            }
        }
        for found in find(conn, WAITING, [])? {
            list.take(Reason::Waiting, &found)?;
        }
        for found in find(conn, CONFLICT, [])? {
            let row = found.row()?;
            let early = row.early;
            if !row.rival_actuals.is_empty() {
                list.take(Reason::Conflict, &found)?;
            }
            if row.twins {
                list.take(Reason::Doubled, &found)?;
            }
            if early > 0 {
                list.take(Reason::Early, &found)?;
            }
        }
        list.add_conflicts(&in_directories(conn)?);
        let (lines, counts) = list.finish();
        let marked = lines.iter().filter(|line| line.provisional);
        let ends = marked.flat_map(|line| [&line.due, &line.legal]);
        let reach = ends
            .filter_map(|day| day.parse().ok())
            .fold(until, NaiveDate::max);
        Ok(Today {
            today: first,
            until: last,
            lines,
            counts,
            missing_years: years::calendar(conn)?.missing_years(today, reach),
        })
    }
}

/// Why a line that is due is on the list; `None` when it is not due soon enough.
fn reason(
    found: &Found,
    today: &str,
    until: &str,
    moment: &str,
) -> Result<Option<Reason>, DeskError> {
    let is = |what| rows::what_text(what) == found.what;
    let is_letter = is(What::ApprovalExpiry) || is(What::ContinuingReview);
    let mut is_late = found.due.as_str() < today;
    // Only a deadline can be late within its day; no other line is read before it is listed.
    if is(What::Deadline) {
        let due_at = found.row()?.due_at;
        // Both are written in Shanghai's offset, so that text compares as time.
        is_late |= !due_at.is_empty() && due_at.as_str() < moment;
    }
    let is_within = found.due.as_str() <= until;
    Ok(match () {
        () if is_late && is_letter => Some(Reason::Expiring),
        () if is_late => Some(Reason::Overdue),
        () if found.blocked > 0 && is_within => Some(Reason::Blocked),
        () if is_letter => Some(Reason::Expiring),
        () if is_within => Some(Reason::Due),
        () => None,
    })
}

impl Found {
    fn row(&self) -> Result<KeptRow, DeskError> {
        serde_json::from_str(&self.row).map_err(|_| DeskError::Damaged("a line of a plan"))
    }
}

fn find(conn: &Connection, sql: &str, of: impl Params) -> Result<Vec<Found>, DeskError> {
    let read = |row: &Row<'_>| {
        Ok(Found {
            stream: row.get(0)?,
            blocked: row.get(1)?,
            row: row.get(2)?,
            due: row.get(3)?,
            what: row.get(4)?,
        })
    };
    Ok(conn
        .prepare_cached(sql)?
        .query_map(of, read)?
        .collect::<Result<_, _>>()?)
}

/// The lines of the list of studies, by stream.
pub(super) fn studies(conn: &Connection) -> Result<HashMap<i64, StudyRow>, DeskError> {
    let rows: Vec<(i64, String)> = conn
        .prepare_cached(STUDIES)?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let read = |(stream, text): (i64, String)| {
        let row = serde_json::from_str(&text).map_err(|_| DeskError::Damaged("a study's line"))?;
        Ok((stream, row))
    };
    rows.into_iter().map(read).collect()
}

/// A study's title; a language that is missing shows the other one.
pub(super) fn title(study: &StudyRow) -> Bilingual {
    let or = |first: &str, second: &str| if first.is_empty() { second } else { first }.to_owned();
    Bilingual {
        zh: or(&study.title_zh, &study.title_en),
        en: or(&study.title_en, &study.title_zh),
    }
}

pub(super) fn later(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days))
        .unwrap_or(NaiveDate::MAX)
}

/// A kept line as it is listed.
pub(super) fn to_line(
    reason: Reason,
    study: &StudyRow,
    row: KeptRow,
    n: u32,
    today: NaiveDate,
) -> TodayLine {
    let due: Option<NaiveDate> = row.due.parse().ok();
    TodayLine {
        reason,
        what: Some(row.what),
        study: study.id.clone(),
        study_title: title(study),
        site: row.site,
        site_name: row.site_name,
        entity: Some(row.id),
        kind: row.kind,
        field: row.field,
        key: row.key,
        name: row.name,
        legal: row.legal,
        due_at: row.due_at,
        precision: row.precision,
        provisional: row.provisional,
        days_left: due.map(|due| (due - today).num_days()),
        due: row.due,
        n,
        since: row.since,
        rival_actuals: row.rival_actuals,
    }
}

/// Today's list on its way.
struct List<'a> {
    today: NaiveDate,
    studies: &'a HashMap<i64, StudyRow>,
    lines: Vec<TodayLine>,
    n_of: HashMap<Reason, u32>,
}

impl<'a> List<'a> {
    fn new(today: NaiveDate, studies: &'a HashMap<i64, StudyRow>) -> Self {
        Self {
            today,
            studies,
            lines: Vec::new(),
            n_of: HashMap::new(),
        }
    }

    /// Counts a line, and lists it while there is room.
    fn take(&mut self, reason: Reason, found: &Found) -> Result<(), DeskError> {
        let Some(study) = self.studies.get(&found.stream) else {
            return Ok(());
        };
        if self.is_room(reason) {
            let row = found.row()?;
            let n = match reason {
                Reason::Blocked => found.blocked,
                Reason::Early => row.early,
                _ => 0,
            };
            let line = to_line(reason, study, row, n, self.today);
            self.lines.push(line);
        }
        Ok(())
    }

    fn is_room(&mut self, reason: Reason) -> bool {
        let n = self.n_of.entry(reason).or_default();
        *n = n.saturating_add(1);
        usize::try_from(*n).is_ok_and(|n| n <= LINES_MAX)
    }

    /// Adds one line for each study with conflicts that have no line yet, and for each directory;
    /// they are settled in their own list, which has those of studies that were put aside as well.
    fn add_conflicts(&mut self, directories: &[(StudyId, u32)]) {
        let mut listed: HashMap<&StudyId, u32> = HashMap::new();
        let torn = |line: &&TodayLine| line.reason == Reason::Conflict;
        for line in self.lines.iter().filter(torn) {
            *listed.entry(&line.study).or_default() += 1;
        }
        let rest = |study: &StudyRow| {
            let n = listed.get(&study.id).copied().unwrap_or(0);
            study.n_conflicts.saturating_sub(n)
        };
        let studies = self.studies;
        let mut held: Vec<(&StudyRow, u32)> = studies
            .values()
            .filter(|study| study.joined.is_none())
            .map(|study| (study, rest(study)))
            .filter(|(_, n)| *n > 0)
            .collect();
        held.sort_by_key(|(study, _)| &study.id);
        let of_studies = held.into_iter().map(|(one, n)| (&one.id, title(one), n));
        let name = label!("ui.people.title");
        let name = Bilingual {
            zh: name.zh.to_owned(),
            en: name.en.to_owned(),
        };
        let of_directories = directories.iter().map(|(id, n)| (id, name.clone(), *n));
        let all: Vec<TodayLine> = of_studies
            .chain(of_directories)
            .map(|(id, title, n)| conflicts_of(id, title, n))
            .collect();
        for line in all {
            // The line itself is counted like every other; the fields that it stands for are more.
            let n = line.n;
            if self.is_room(Reason::Conflict) {
                self.lines.push(line);
            }
            let counted = self.n_of.entry(Reason::Conflict).or_default();
            *counted = counted.saturating_add(n - 1);
        }
    }

    fn finish(mut self) -> (Vec<TodayLine>, TodayCounts) {
        // Stable: within a reason the statements' own order stands, which is by day.
        self.lines.sort_by_key(|line| line.reason);
        let n = |reason| self.n_of.get(&reason).copied().unwrap_or(0);
        let counts = TodayCounts {
            overdue: n(Reason::Overdue),
            due: n(Reason::Due),
            expiring: n(Reason::Expiring),
            blocked: n(Reason::Blocked),
            conflict: n(Reason::Conflict),
            doubled: n(Reason::Doubled),
            early: n(Reason::Early),
            waiting: n(Reason::Waiting),
        };
        (self.lines, counts)
    }
}

/// How many fields are in conflict in each directory that has some.
fn in_directories(conn: &Connection) -> Result<Vec<(StudyId, u32)>, DeskError> {
    let mut found = Vec::new();
    for (stream, directory) in directories(conn)? {
        let n = conflicts::of_stream(conn, stream)?.len();
        if n > 0 {
            found.push((directory, u32::try_from(n).unwrap_or(u32::MAX)));
        }
    }
    Ok(found)
}

fn conflicts_of(study: &StudyId, title: Bilingual, n: u32) -> TodayLine {
    TodayLine {
        reason: Reason::Conflict,
        what: None,
        study: study.clone(),
        study_title: title.clone(),
        site: None,
        site_name: Bilingual::default(),
        entity: None,
        kind: Kind::from(kind::STUDY),
        field: String::new(),
        key: String::new(),
        name: title,
        due: String::new(),
        legal: String::new(),
        due_at: String::new(),
        precision: model::milestone::Precision::Day,
        provisional: false,
        days_left: None,
        n,
        since: String::new(),
        rival_actuals: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;

    /// What keeps the list quick is that no statement reads all lines, however many there are.
    #[test]
    fn every_statement_reads_an_index() {
        let mut conn = Connection::open_in_memory().unwrap();
        schema::migrate(&mut conn).unwrap();
        for (sql, index) in [
            (DUE, "plan_rows_due"),
            (WAITING, "plan_rows_waiting"),
            (CONFLICT, "plan_rows_conflict"),
        ] {
            let plan: Vec<String> = conn
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap()
                .query_map(
                    rusqlite::params_from_iter(sql.contains("?1").then_some("2026")),
                    |row| row.get(3),
                )
                .unwrap()
                .collect::<Result<_, _>>()
                .unwrap();
            assert!(
                plan.iter().any(|step| step.contains(index)),
                "{sql}: {plan:?}"
            );
        }
    }
}

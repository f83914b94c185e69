//! Tables of working days: those that are built in, and those that were loaded here.

use super::rows;
use crate::desk::{Changed, Desk, meta, set_meta};
use crate::error::DeskError;
use crate::time;
use ledger::Hash;
use model::calendar::{Calendar, YearFile, builtin_years};
use model::milestone::today::YearRow;
use rusqlite::{Connection, params};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Longest file of a year. Units: bytes.
const FILE_BYTES_MAX: usize = 1_000_000;

/// The calendar as this vault knows it.
pub(crate) fn calendar(conn: &Connection) -> Result<Cow<'static, Calendar>, rusqlite::Error> {
    let files = texts(conn)?;
    if files.is_empty() {
        return Ok(Cow::Borrowed(Calendar::builtin()));
    }
    // By year: a notice may set days of the December before, over what that year's own said.
    let mut years: BTreeMap<i32, YearFile> = builtin_years()
        .into_iter()
        .map(|file| (file.year, file))
        .collect();
    years.extend(files.into_iter().map(|(_, file, _)| (file.year, file)));
    let mut calendar = Calendar::default();
    for file in years.values() {
        calendar.add(file);
    }
    Ok(Cow::Owned(calendar))
}

/// Where the hash stands of the table that the center gave last.
fn from_center(year: i32) -> String {
    format!("calendar.center.{year}")
}

/// The tables that were loaded: as they came, read, and when.
fn texts(conn: &Connection) -> Result<Vec<(String, YearFile, String)>, rusqlite::Error> {
    let rows: Vec<(String, String)> = conn
        .prepare_cached("SELECT file, loaded_at FROM calendar_years ORDER BY year")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    // They were read when they were loaded; one that an older program understood otherwise is
    // left out, and its year is provisional again.
    Ok(rows
        .into_iter()
        .filter_map(|(text, at)| {
            let file = YearFile::read(text.as_bytes()).ok()?;
            Some((text, file, at))
        })
        .collect())
}

impl Desk {
    /// The years whose days are known, and the one that is not known next.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn calendar_years(&self) -> Result<Vec<YearRow>, DeskError> {
        let mut rows: Vec<YearRow> = builtin_years()
            .iter()
            .map(|file| to_row(file, "builtin", ""))
            .collect();
        for (text, file, at) in texts(&self.opened.conn)? {
            let taken = meta(&self.opened.conn, &from_center(file.year))?;
            let is_center = taken.as_deref() == Some(Hash::of(text.as_bytes()).as_str());
            let from = if is_center { "center" } else { "loaded" };
            rows.retain(|row| row.year != file.year);
            rows.push(to_row(&file, from, &at));
        }
        rows.sort_by_key(|row| row.year);
        if let Some(last) = rows.last().map(|row| row.year) {
            let file = YearFile {
                year: last + 1,
                ..YearFile::default()
            };
            rows.push(to_row(&file, "missing", ""));
        }
        Ok(rows)
    }

    /// The calendar as this vault knows it.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn calendar(&self) -> Result<Calendar, DeskError> {
        Ok(calendar(&self.opened.conn)?.into_owned())
    }

    /// Loads the table of a year from a file; every date that rests on it is counted anew.
    ///
    /// # Errors
    /// [`DeskError::Year`] when the file is no such table; nothing is changed then.
    pub fn calendar_load(&mut self, bytes: &[u8]) -> Result<(i32, Changed), DeskError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(DeskError::Year(model::calendar::YearError::NotAYear));
        }
        let file = YearFile::read(bytes).map_err(DeskError::Year)?;
        let text = String::from_utf8_lossy(bytes);
        let year = file.year;
        self.transact(|conn, author| {
            conn.execute(
                "INSERT OR REPLACE INTO calendar_years VALUES(?1, ?2, ?3)",
                params![year, text, time::instant(author.env)],
            )?;
            count_change(conn, &time::instant(author.env))?;
            Ok(rows::redo(conn)?)
        })?;
        Ok((year, changed()))
    }

    /// Which of the tables that the center hands out were not taken yet, as it has them now. One
    /// that was loaded or forgotten here since stays so until the center has another.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn calendar_wanted(
        &self,
        offered: &[(i32, String)],
    ) -> Result<Vec<(i32, String)>, DeskError> {
        let mut wanted = Vec::new();
        for (year, hash) in offered {
            let taken = meta(&self.opened.conn, &from_center(*year))?;
            if taken.as_deref() != Some(hash) {
                wanted.push((*year, hash.clone()));
            }
        }
        Ok(wanted)
    }

    /// Takes a table from the center.
    ///
    /// # Errors
    /// [`DeskError::Year`] when it is none, or another year's: it is asked for no more then, and
    /// nothing is changed.
    pub fn calendar_take(
        &mut self,
        (year, hash): (i32, &str),
        bytes: &[u8],
    ) -> Result<Changed, DeskError> {
        self.transact(|conn, _| Ok(set_meta(conn, &from_center(year), Some(hash))?))?;
        if YearFile::read(bytes).map_err(DeskError::Year)?.year != year {
            return Err(DeskError::Year(model::calendar::YearError::NotAYear));
        }
        self.calendar_load(bytes).map(|(_, changed)| changed)
    }

    /// Forgets a table that was loaded; a year that is built in is as it was before.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when no table of this year was loaded.
    pub fn calendar_forget(&mut self, year: i32) -> Result<Changed, DeskError> {
        self.transact(|conn, author| {
            let n = conn.execute("DELETE FROM calendar_years WHERE year = ?1", [year])?;
            if n == 0 {
                return Err(DeskError::NotFound {
                    what: "year",
                    id: year.to_string(),
                });
            }
            count_change(conn, &time::instant(author.env))?;
            Ok(rows::redo(conn)?)
        })?;
        Ok(changed())
    }
}

/// How often the calendar changed here, with the years that are built in, and when it last did:
/// what was counted by it may have moved, though nobody wrote to a study.
pub(super) fn changes(conn: &Connection) -> Result<(u32, String), rusqlite::Error> {
    let kept = meta(conn, "calendar.changes")?.unwrap_or_default();
    let (n, at) = kept.split_once(' ').unwrap_or_default();
    let n_builtin = u32::try_from(builtin_years().len()).unwrap_or_default();
    Ok((n.parse().unwrap_or(0) + n_builtin, at.to_owned()))
}

fn count_change(conn: &Connection, at: &str) -> Result<(), rusqlite::Error> {
    let kept = meta(conn, "calendar.changes")?.unwrap_or_default();
    let n: u32 = kept
        .split(' ')
        .next()
        .and_then(|n| n.parse().ok())
        .unwrap_or(0);
    set_meta(conn, "calendar.changes", Some(&format!("{} {at}", n + 1)))
}

/// Every plan may read other dates now.
fn changed() -> Changed {
    Changed {
        topics: vec!["studies".into(), "calendar".into()],
    }
}

fn to_row(file: &YearFile, from: &str, loaded_at: &str) -> YearRow {
    let n = |works: bool| {
        let days = file
            .days
            .iter()
            .filter(|(_, is_worked)| *is_worked == works);
        u32::try_from(days.count()).unwrap_or(u32::MAX)
    };
    YearRow {
        year: file.year,
        from: from.to_owned(),
        sources: file.sources.clone(),
        loaded_at: loaded_at.to_owned(),
        n_off: n(false),
        n_work: n(true),
    }
}

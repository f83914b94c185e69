//! Milestones as tables: read and held against a study, taken in, written.

use super::table;
use super::word::name_of;
use crate::failure::{Failure, FailureKind};
use crate::request::{MilestoneRead, TableFormat};
use crate::response::{LeftOutRow, MilestoneFile, MilestoneFileRow};
use desk::{Changed, Desk, DeskError, IncomingMilestone};
use exchange::charset::Charset;
use exchange::table as tables;
use model::columns::{Mapping, RowKind};
use model::milestone::incoming::{MilestoneAct, MilestoneMatch};
use model::{EntityId, Lang, StudyId};
use std::collections::BTreeMap;
use std::path::Path;

/// A table of milestones that was read, waiting for the person.
pub struct ReadMilestones {
    study: StudyId,
    file: String,
    charset: Option<Charset>,
    mapping: Mapping,
    rows: Vec<tables::Row>,
    sites: BTreeMap<String, EntityId>,
    left_out: Vec<LeftOutRow>,
    matches: Vec<MilestoneMatch>,
}

/// Reads a table; what it means for the study is asked for by [`ReadMilestones::hold`].
///
/// # Errors
/// When it cannot be read, is too large, or is refused; the sentence says which.
pub fn read(req: &MilestoneRead, remembered: Option<&Mapping>) -> Result<ReadMilestones, Failure> {
    let path = Path::new(&req.path);
    let file = name_of(path);
    let charset = table::charset(req.charset.as_deref())?;
    let bytes = table::bytes_of(path, tables::BYTES_MAX, "table.refused.tooLarge")?;
    let book = table::workbook(&bytes, charset, &file)?;
    let read = table::rows_of(&book, req.mapping.clone(), remembered);
    let of_milestones = |sheet: &str| {
        let mut sheets = read.mapping.sheets.iter();
        let kinds = [RowKind::Milestones, RowKind::Sites];
        sheets.any(|one| one.sheet == sheet && kinds.contains(&one.rows))
    };
    let faults = read.rows.faults.iter();
    let faults: Vec<_> = faults
        .filter(|fault| of_milestones(&fault.sheet))
        .cloned()
        .collect();
    Ok(ReadMilestones {
        study: req.study.clone(),
        file,
        charset: read.charset,
        left_out: table::left_out(&faults),
        mapping: read.mapping,
        rows: read.rows.milestones,
        sites: req.sites.clone(),
        matches: Vec::new(),
    })
}

impl ReadMilestones {
    /// Holds what was read against the study.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn hold(&mut self, desk: &Desk) -> Result<(), DeskError> {
        let rows = self.rows.iter().map(|row| IncomingMilestone {
            id: row.id.clone(),
            site: row.site.clone(),
            chosen: self.sites.get(&row.site).cloned(),
            fields: row.fields.clone(),
        });
        let rows: Vec<_> = rows.collect();
        self.matches = desk.milestones_alike(&self.study, &rows)?;
        Ok(())
    }

    /// What a person looks at before anything is written.
    pub fn preview(&self, preview: u32) -> MilestoneFile {
        let rows = self.rows.iter().zip(&self.matches);
        let to_row = |(row, found): (&tables::Row, &MilestoneMatch)| {
            let text = |field: &str| {
                let value = row.fields.get(field).and_then(serde_json::Value::as_str);
                value.unwrap_or_default().to_owned()
            };
            MilestoneFileRow {
                sheet: row.sheet.clone(),
                row: row.row,
                site_text: row.site.clone(),
                site: found.site.clone(),
                milestone: found.milestone.clone(),
                key: text("key"),
                name_zh: text("name.zh"),
                name_en: text("name.en"),
                act: found.act,
                changes: found.changes.clone(),
                fault: found.fault.clone(),
            }
        };
        MilestoneFile {
            preview,
            file: self.file.clone(),
            charset: self.charset.map_or("", |one| one.name()).to_owned(),
            guessed: self.charset.is_some_and(|one| one.guessed),
            mapping: self.mapping.clone(),
            choices: table::choices(&[RowKind::Milestones, RowKind::Sites]),
            rows: rows.map(to_row).collect(),
            left_out: self.left_out.clone(),
        }
    }

    /// The rows that do something and can be taken in.
    pub fn proposed(&self) -> Vec<u32> {
        let rows = (0_u32..).zip(&self.matches);
        let acts = [MilestoneAct::New, MilestoneAct::Changed];
        let rows = rows.filter(|(_, row)| acts.contains(&row.act) && row.fault.is_none());
        rows.map(|(place, _)| place).collect()
    }

    /// Takes in the rows that were chosen, and remembers the columns.
    ///
    /// # Errors
    /// [`DeskError::WhyMissing`], [`DeskError::NotFound`]; nothing is stored then.
    pub fn take(&self, desk: &mut Desk, rows: &[u32], why: &str) -> Result<Changed, DeskError> {
        let chosen = rows.iter().filter_map(|row| {
            let place = usize::try_from(*row).ok()?;
            self.matches.get(place).cloned()
        });
        let chosen: Vec<_> = chosen.collect();
        let mut changed = desk.take_milestones(&self.study, &chosen, why)?;
        changed.add(table::remember(desk, &self.mapping)?);
        Ok(changed)
    }
}

/// The milestones of a study as a table.
///
/// # Errors
/// `failure.noStudy`.
pub fn write(
    desk: &Desk,
    study: &StudyId,
    format: TableFormat,
    lang: Lang,
) -> Result<Vec<u8>, Failure> {
    let doc = desk.study(study)?;
    let doc = doc.ok_or_else(|| Failure::new(FailureKind::NotFound, "failure.noStudy"))?;
    let plan = desk.plan(study)?;
    table::bytes(&tables::milestones(&doc, &plan, lang), format)
}

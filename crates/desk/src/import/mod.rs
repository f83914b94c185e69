//! Taking in a registry record: what it changes is planned first, shown or stored after.
//!
//! Invariant: an import replaces only what an import wrote before. A local edit in between stays
//! and shows as a conflict; there is no second mechanism (decisions.md 15).

mod base;
mod matching;
pub(crate) mod order;
mod plan;

pub(crate) use base::{BaseOp, base_of_entity};
pub(crate) use matching::{Known, known_parts};

use crate::desk::{Changed, Desk};
use crate::error::DeskError;
use crate::store::write::{self, Save};
use ledger::{Hash, Source};
use model::incoming::IncomingStudy;
use model::row::{ImportEntry, ImportStatus};
use plan::Plan;

impl Desk {
    /// Says what importing a record would change.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn import_preview(&self, incoming: &IncomingStudy) -> Result<ImportEntry, DeskError> {
        let plan = plan::make(&self.opened.conn, &self.env, incoming)?;
        Ok(to_entry(incoming, &plan))
    }

    /// Imports a record: whole, in one transaction, or not at all.
    ///
    /// # Errors
    /// [`DeskError::Commit`] when a value is none that the ledger can hold, [`DeskError::Storage`].
    pub fn import(
        &mut self,
        incoming: &IncomingStudy,
    ) -> Result<(ImportEntry, Changed), DeskError> {
        let hash = Hash::parse(&incoming.source_hash)
            .ok_or(DeskError::Damaged("the hash of what was imported"))?;
        let src = Source {
            kind: incoming.source_kind.clone(),
            id: incoming.source_id.clone(),
            version: incoming.source_version.clone(),
            hash,
        };
        let answer = self.transact(|conn, author| {
            let mut plan = plan::make(conn, author.env, incoming)?;
            let entry = to_entry(incoming, &plan);
            if plan.changes.is_empty() {
                return Ok((entry, Changed::default()));
            }
            let changes = std::mem::take(&mut plan.changes);
            let stream = plan.study.as_str().to_owned();
            write::write(
                conn,
                author,
                Save {
                    stream,
                    changes,
                    why: None,
                    src: Some(src),
                },
            )?;
            Ok((entry, Changed::study(plan.study.as_str())))
        })?;
        // Hundreds of records in a row leave no idle moment.
        self.rest_when_long()?;
        Ok(answer)
    }
}

fn to_entry(incoming: &IncomingStudy, plan: &Plan) -> ImportEntry {
    let status = match (plan.is_new, plan.changes.is_empty()) {
        (true, _) => ImportStatus::Imported,
        (false, true) => ImportStatus::Unchanged,
        (false, false) => ImportStatus::Updated,
    };
    let title = ["title.zh", "title.en"]
        .iter()
        .find_map(|field| incoming.fields.get(*field)?.as_str())
        .unwrap_or_default();
    let mut warnings = incoming.warnings.clone();
    warnings.extend(plan.remarks.iter().map(|key| (*key).to_owned()));
    ImportEntry {
        file: String::new(),
        index: 0,
        status,
        study: Some(plan.study.clone()),
        number: incoming.source_id.clone(),
        title: title.to_owned(),
        changes: plan.report.clone(),
        warnings,
        not_understood: incoming.not_understood.clone(),
        not_carried: incoming.not_carried.clone(),
        reason: None,
    }
}

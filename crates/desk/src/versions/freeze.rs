//! Freezing a version.

use crate::desk::{Changed, Desk, stream_of};
use crate::edit::{checked, find, is_written_by_hand, save};
use crate::error::DeskError;
use crate::findings;
use crate::project::places;
use crate::store::heads;
use crate::store::write::{Change, Reason};
use crate::versions::manifest::{self, Manifest, Part};
use crate::versions::scope::{self, Content};
use crate::{ord, time, token, versions};
use ledger::{FrameError, canonical};
use model::check::Complaint;
use model::version::{Hindrance, bare_number};
use model::{EntityId, StudyDoc, StudyId, kind};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a person says about a version that she freezes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Freeze {
    /// Its number, as printed: `2.0`.
    pub number: String,
    /// Its date. Time: `YYYY-MM-DD`.
    pub date: String,
    /// The version that it amends.
    pub base: Option<EntityId>,
    /// Further registers of the version: reason, summary, impact, note.
    pub fields: BTreeMap<String, Value>,
    /// What is left out by name: [`Hindrance::path`] of each.
    pub leave_out: Vec<String>,
}

impl Desk {
    /// Freezes the protocol as it is displayed; needs no network.
    ///
    /// The number and date become the label of the working text in the same commit.
    ///
    /// # Errors
    /// [`DeskError::NotFreezable`] with everything that stands against it when something of it is
    /// not left out by name; [`DeskError::Invalid`] for a number or date that is none;
    /// [`DeskError::SameVersion`] when a version of the study has the number;
    /// [`DeskError::NotFound`] when the base is no version.
    pub fn version_freeze(
        &mut self,
        study: &StudyId,
        freeze: Freeze,
    ) -> Result<(EntityId, Changed), DeskError> {
        let doc = self
            .study(study)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))?;
        let stream = self.stream(study)?;
        let number = wanted("number", &freeze.number)?;
        let date = wanted("date", &freeze.date)?;
        if date.len() != "2026-11-25".len() {
            return Err(invalid("date", Complaint::NotADate));
        }
        let is_taken = |other: &String| bare_number(other) == bare_number(&number);
        if numbers(&self.opened.conn, stream)?.iter().any(is_taken) {
            return Err(DeskError::SameVersion { number });
        }
        let hindrances = self.hindrances_of(&doc)?;
        let is_left_out = |one: &Hindrance| freeze.leave_out.contains(&one.path);
        if !hindrances.iter().all(is_left_out) {
            return Err(DeskError::NotFreezable(hindrances));
        }
        let mut left_out: Vec<String> = hindrances.into_iter().map(|one| one.path).collect();
        left_out.sort();
        left_out.dedup();
        let manifest = to_manifest(&doc, &number, &date, left_out)?;

        let id = EntityId::from_uuid(time::new_id(&self.env));
        let saved = self.transact(|conn, author| {
            let mut changes = to_label(conn, study, &number, &date)?;
            changes.extend(to_version(
                conn,
                study,
                &id,
                freeze,
                (number, date, manifest),
            )?);
            let why = Reason {
                code: Some("frozen".into()),
                text: None,
            };
            save(conn, author, study, changes, Some(why))
        })?;
        self.remember(study, &saved)?;
        Ok((id, Changed::study(study.as_str())))
    }
}

fn invalid(field: &str, complaint: Complaint) -> DeskError {
    DeskError::invalid(kind::VERSION, field, complaint)
}

/// A register of the version that must not be empty.
fn wanted(field: &str, text: &str) -> Result<String, DeskError> {
    let value = checked(kind::VERSION, field, text.into())?;
    let text = value.as_str().map(str::to_owned);
    text.ok_or_else(|| invalid(field, Complaint::Missing))
}

/// The numbers of the versions that are shown.
fn numbers(conn: &Connection, stream: i64) -> Result<Vec<String>, DeskError> {
    let mut numbers = Vec::new();
    for version in versions::shown(conn, stream)? {
        numbers.push(heads::shown_text(conn, version, "number")?);
    }
    Ok(numbers)
}

fn to_manifest(
    doc: &StudyDoc,
    number: &str,
    date: &str,
    left_out: Vec<String>,
) -> Result<Value, DeskError> {
    let mut content = Content::new();
    let mut parts = Vec::new();
    for entity in scope::entities(doc) {
        let is_in = |field: &str| {
            let is_open = entity.fields.get(field).is_some_and(|held| held.conflict);
            !is_open || !left_out.contains(&findings::path(&entity.kind, &entity.id, field))
        };
        let mut fields = Vec::new();
        for (field, head) in scope::registers(entity).filter(|(field, _)| is_in(field)) {
            let (op, _) = token::read(&head.op).ok_or(DeskError::Damaged("an operation's id"))?;
            fields.push((field.to_owned(), op));
        }
        let said = scope::registers(entity).filter(|(field, _)| is_in(field));
        let said = said.map(|(field, head)| (field, &head.value));
        content.add(&entity.id, &entity.kind, entity.parent.as_ref(), said);
        parts.push(Part {
            id: entity.id.clone(),
            kind: entity.kind.clone(),
            parent: entity.parent.clone(),
            ord: entity.ord.clone(),
            fields,
        });
    }
    let value = Manifest {
        stream: doc.id.as_str().to_owned(),
        number: number.to_owned(),
        date: date.to_owned(),
        parts,
        left_out,
        content: content.hash(),
    }
    .to_value();
    let n_bytes = canonical::to_bytes(&value).map_or(usize::MAX, |bytes| bytes.len());
    if n_bytes > manifest::BYTES_MAX {
        return Err(DeskError::Commit(FrameError::TooLarge));
    }
    Ok(value)
}

/// The label of the working text.
fn to_label(
    conn: &Connection,
    study: &StudyId,
    number: &str,
    date: &str,
) -> Result<Vec<Change>, DeskError> {
    let target = find(conn, study, &study.root())?;
    let mut changes = Vec::new();
    for (field, text) in [("version", number), ("versionDate", date)] {
        let heads = heads::of_field(conn, target.entity, field)?;
        if heads.is_empty() || heads.iter().any(|head| head.value() != *text) {
            let change = Change::first(study.as_str(), kind::STUDY, field, text.into());
            let p = heads.into_iter().map(|head| head.id).collect();
            changes.push(Change { p, ..change });
        }
    }
    Ok(changes)
}

fn to_version(
    conn: &Connection,
    study: &StudyId,
    id: &EntityId,
    freeze: Freeze,
    (number, date, manifest): (String, String, Value),
) -> Result<Vec<Change>, DeskError> {
    let siblings = places::of_kind(conn, stream_of(conn, study)?, kind::VERSION)?;
    let last = siblings.last().map(|place| place.ord.as_str());
    let change =
        |field: &str, value: Value| Change::first(id.as_str(), kind::VERSION, field, value);
    let mut changes = vec![
        change("parent", json!({"$ref": study.as_str()})),
        change("ord", ord::between(last, None).into()),
        change("number", number.into()),
        change("date", date.into()),
    ];
    if let Some(base) = freeze.base {
        if find(conn, study, &base)?.kind != kind::VERSION {
            return Err(DeskError::no_entity(base.as_str()));
        }
        changes.push(change("base", json!({"$ref": base.as_str()})));
    }
    for (field, value) in freeze.fields {
        if !is_written_by_hand(kind::VERSION, &field) {
            return Err(DeskError::ReadOnlyField {
                kind: kind::VERSION.to_owned(),
                field,
            });
        }
        let value = checked(kind::VERSION, &field, value)?;
        if !value.is_null() {
            changes.push(change(&field, value));
        }
    }
    changes.push(change("manifest", manifest));
    Ok(changes)
}

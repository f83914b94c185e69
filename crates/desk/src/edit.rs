//! Changing what is there: adding, setting, archiving, moving.
//!
//! There is no setter without a form token: an edit names the operations that the form showed,
//! and replaces exactly those. A value that came in meanwhile stays and shows as a conflict.

use crate::deletion::to_deletion;
use crate::desk::{Changed, Desk, stream_of};
use crate::error::DeskError;
use crate::plan::guard;
use crate::project::{is_content, places};
use crate::store::write::{self, Author, Change, Reason, Save};
use crate::store::{doc, heads, names, redact};
use crate::submission::lock;
use crate::{directory, draft, ord, time, token};
use chrono::Datelike as _;
use ledger::{DELETED, OpId};
use model::check::Complaint;
use model::field::{self, Input};
use model::file::BlobRef;
use model::milestone::When;
use model::{EntityId, Register, StudyId, kind};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// One field as a form gives it back.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// The entity.
    pub entity: EntityId,
    /// The register.
    pub field: String,
    /// The new value; null or blank text clears.
    pub value: Value,
    /// The form token: the operations that were on screen ([`Register::seen`]).
    pub seen: Vec<String>,
}

/// What became of an edit.
#[derive(Clone, Debug, PartialEq)]
pub struct Saved {
    /// What screens must read again; empty when the value was there already.
    pub changed: Changed,
    /// The register now; `None` when the field was never written.
    pub register: Option<Register>,
}

/// An entity as an action finds it.
pub(crate) struct Target {
    /// The stream's number.
    pub(crate) stream: i64,
    /// The entity's number.
    pub(crate) entity: i64,
    /// Its kind.
    pub(crate) kind: String,
}

impl Desk {
    /// Adds an entity to a study; without a parent it belongs to the study itself.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::UnknownName`], [`DeskError::Invalid`].
    pub fn add(
        &mut self,
        study: &StudyId,
        kind: &str,
        parent: Option<EntityId>,
        fields: BTreeMap<String, Value>,
        after: Option<EntityId>,
    ) -> Result<(EntityId, Changed), DeskError> {
        self.add_with(study, kind, parent, fields, after, &[])
    }

    /// As [`Desk::add`], with files that the new entity names, in the same commit.
    pub(crate) fn add_with(
        &mut self,
        study: &StudyId,
        kind: &str,
        parent: Option<EntityId>,
        fields: BTreeMap<String, Value>,
        after: Option<EntityId>,
        files: &[BlobRef],
    ) -> Result<(EntityId, Changed), DeskError> {
        let fields = directory::with_name(self, kind, fields)?;
        let id = EntityId::from_uuid(time::new_id(&self.env));
        let parent = parent.unwrap_or_else(|| study.root());
        let naming = self.naming(&id, files);
        let saved = self.transact(|conn, author| {
            directory::begin(conn, author, study)?;
            let target = find(conn, study, &parent)?;
            if !kind::may_be_below(kind, &target.kind) {
                return Err(DeskError::unknown_kind(kind));
            }
            lock::refuse_part(conn, &target, kind)?;
            let ord = place_after(conn, study, &target, kind, after.as_ref())?;
            if kind == kind::ENROLMENT {
                let today = author.env.latest_today();
                guard::refuse_count(conn, target.entity, None, &fields, &today)?;
            }
            let mut changes = vec![
                Change::first(
                    id.as_str(),
                    kind,
                    "parent",
                    json!({"$ref": parent.as_str()}),
                ),
                Change::first(id.as_str(), kind, "ord", ord.into()),
            ];
            for (field, value) in fields {
                let value = checked(kind, &field, value)?;
                refuse_day(kind, &field, &value, &author.env.latest_today())?;
                if !value.is_null() {
                    changes.push(Change::first(id.as_str(), kind, &field, value));
                }
            }
            changes.extend(naming);
            save(conn, author, study, changes, None)
        })?;
        self.remember(study, &saved)?;
        Ok((id, Changed::study(study.as_str())))
    }

    /// Sets one field.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::ReadOnlyField`], [`DeskError::Invalid`];
    /// [`DeskError::StaleForm`] when the form token names what this field never had. An old token
    /// is no error: both values stay and show as a conflict.
    pub fn set(
        &mut self,
        study: &StudyId,
        edit: Edit,
        why: Option<Reason>,
    ) -> Result<Saved, DeskError> {
        let (entity, field) = (edit.entity.clone(), edit.field.clone());
        let changed = self.set_many(study, vec![edit], why)?;
        let register = self.register(study, &entity, &field)?;
        Ok(Saved { changed, register })
    }

    /// A field as it stands; `None` when it was never written.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn register(
        &self,
        study: &StudyId,
        entity: &EntityId,
        field: &str,
    ) -> Result<Option<Register>, DeskError> {
        let conn = &self.opened.conn;
        let target = find(conn, study, entity)?;
        doc::register(conn, target.stream, target.entity, field)
    }

    /// Sets several fields in one commit.
    ///
    /// # Errors
    /// As [`Desk::set`]; nothing is stored when one of them is refused.
    pub fn set_many(
        &mut self,
        study: &StudyId,
        edits: Vec<Edit>,
        why: Option<Reason>,
    ) -> Result<Changed, DeskError> {
        self.refuse_days(study, &edits, why.as_ref())?;
        let saved = self.transact(|conn, author| {
            let stream = stream_of(conn, study)?;
            guard::refuse_counts(conn, study, &edits, &author.env.latest_today())?;
            let mut changes: Vec<Change> = Vec::new();
            for edit in edits {
                draft::forget(conn, stream, &edit.entity, &edit.field)?;
                // One moment gives one field one value: the last one typed.
                let (e, f) = (edit.entity.clone(), edit.field.clone());
                changes.retain(|other| (other.e.as_str(), &other.f) != (e.as_str(), &f));
                let target = find(conn, study, &edit.entity)?;
                refuse_day(
                    &target.kind,
                    &edit.field,
                    &edit.value,
                    &author.env.latest_today(),
                )?;
                changes.extend(to_change(conn, study, edit)?);
            }
            save(conn, author, study, changes, why)
        })?;
        if saved.commits.is_empty() {
            return Ok(Changed::default());
        }
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }

    /// Ends a conflict: one of the values or an edited one, with a reason.
    ///
    /// # Errors
    /// [`DeskError::WhyMissing`], and as [`Desk::set`].
    pub fn resolve(&mut self, study: &StudyId, edit: Edit, why: &str) -> Result<Saved, DeskError> {
        if why.trim().is_empty() {
            return Err(DeskError::WhyMissing);
        }
        let why = Reason {
            code: Some("resolved".into()),
            text: Some(why.trim().to_owned()),
        };
        self.set(study, edit, Some(why))
    }

    /// Archives an entity with everything below it; `seen` names what was on screen of all of it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::StaleForm`].
    pub fn archive(
        &mut self,
        study: &StudyId,
        entity: &EntityId,
        seen: &[String],
    ) -> Result<Changed, DeskError> {
        let saved = self.transact(|conn, author| {
            let target = find(conn, study, entity)?;
            let change = to_deletion(conn, &target, entity, seen)?;
            save(conn, author, study, vec![change], None)
        })?;
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }

    /// Takes an archived entity back.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn restore(&mut self, study: &StudyId, entity: &EntityId) -> Result<Changed, DeskError> {
        let saved = self.transact(|conn, author| {
            let target = find(conn, study, entity)?;
            let p = head_ids(conn, target.entity, DELETED)?;
            if p.is_empty() {
                return Ok(write::Saved::nothing());
            }
            let change = Change::first(entity.as_str(), &target.kind, DELETED, Value::Null);
            save(conn, author, study, vec![Change { p, ..change }], None)
        })?;
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }

    /// Puts an entity behind a sibling, or first.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn move_to(
        &mut self,
        study: &StudyId,
        entity: &EntityId,
        after: Option<EntityId>,
    ) -> Result<Changed, DeskError> {
        let saved = self.transact(|conn, author| {
            let target = find(conn, study, entity)?;
            let parent = places::of(conn, target.entity)?.and_then(|place| place.parent);
            let parent = parent.ok_or_else(|| DeskError::no_entity(entity.as_str()))?;
            let ord = place_behind(conn, study, parent, &target, after.as_ref())?;
            let mut change = Change::first(entity.as_str(), &target.kind, "ord", ord.into());
            change.p = head_ids(conn, target.entity, "ord")?;
            save(conn, author, study, vec![change], None)
        })?;
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }
}

/// Registers of a version that freezing wrote for good.
const FROZEN: [&str; 4] = ["number", "date", "base", "manifest"];

/// Whether a person may write a register of a kind.
pub(crate) fn is_written_by_hand(kind: &str, field: &str) -> bool {
    let is_kept_by_program = field::of_register(kind, field)
        .is_some_and(|field| matches!(field.input, Input::Residue | Input::File))
        // The editor writes these two whole.
        && !(kind == kind::BLOCK && ["layout", "image"].contains(&field));
    let is_frozen = kind == kind::VERSION && FROZEN.contains(&field);
    let is_by_program =
        [kind::PERSON, kind::DISCLOSURE, kind::FORM_SET, kind::BLANK].contains(&kind);
    is_content(field) && !is_kept_by_program && !is_frozen && !is_by_program
}

impl Target {
    pub(crate) fn read_only(&self, field: &str) -> DeskError {
        DeskError::ReadOnlyField {
            kind: self.kind.clone(),
            field: field.to_owned(),
        }
    }
}

/// Finds an entity of a study.
pub(crate) fn find(
    conn: &Connection,
    study: &StudyId,
    entity: &EntityId,
) -> Result<Target, DeskError> {
    let stream = stream_of(conn, study)?;
    let not_here = || DeskError::no_entity(entity.as_str());
    let number = names::entity(conn, stream, entity.as_str())?.ok_or_else(not_here)?;
    let place = places::of(conn, number)?.ok_or_else(not_here)?;
    Ok(Target {
        stream,
        entity: number,
        kind: place.kind,
    })
}

/// Saves changes of a study; none is no commit.
pub(crate) fn save(
    conn: &Connection,
    author: &Author<'_>,
    study: &StudyId,
    changes: Vec<Change>,
    why: Option<Reason>,
) -> Result<write::Saved, DeskError> {
    write::write(
        conn,
        author,
        Save {
            stream: study.as_str().to_owned(),
            changes,
            why,
            src: None,
        },
    )
}

/// The value that a person wrote, as it is kept.
pub(crate) fn checked(kind: &str, field: &str, value: Value) -> Result<Value, DeskError> {
    model::check::check(kind, field, value)
        .map_err(|complaint| DeskError::invalid(kind, field, complaint))
}

/// The first and last year that a day of a milestone can be in.
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2100;

/// Refuses the day of something done when that day has not come yet, and days of other centuries.
///
/// A month or a year that has begun may be meant. Time: `today` is the latest day that is today somewhere it counts.
pub(crate) fn refuse_day(
    kind: &str,
    field: &str,
    value: &Value,
    today: &str,
) -> Result<(), DeskError> {
    let is_done = match kind {
        kind::MILESTONE => field == "actual",
        kind::SUBMISSION => ["sentOn", "acceptedOn", "filedOn", "withdrawnOn"].contains(&field),
        kind::REPLY => ["receivedOn", "sentOn"].contains(&field),
        kind::DECISION => ["date", "receivedOn"].contains(&field),
        _ => false,
    };
    let is_planned = kind == kind::MILESTONE && ["planned", "baseline"].contains(&field);
    let Some(when) = value
        .as_str()
        .and_then(When::parse)
        .filter(|_| is_done || is_planned)
    else {
        return Ok(());
    };
    let complaint = if kind == kind::MILESTONE && !YEARS.contains(&when.first.year()) {
        Complaint::FarOff
    } else if is_done && when.first.to_string().as_str() > today {
        Complaint::InFuture
    } else {
        return Ok(());
    };
    Err(DeskError::invalid(kind, field, complaint))
}

/// The ids of a field's heads.
pub(crate) fn head_ids(
    conn: &Connection,
    entity: i64,
    field: &str,
) -> Result<Vec<OpId>, DeskError> {
    Ok(heads::of_field(conn, entity, field)?
        .into_iter()
        .map(|head| head.id)
        .collect())
}

/// An edit as a change; `None` when the value is there already and nothing stands beside it.
pub(crate) fn to_change(
    conn: &Connection,
    study: &StudyId,
    edit: Edit,
) -> Result<Option<Change>, DeskError> {
    let target = find(conn, study, &edit.entity)?;
    let is_gone =
        field::is_hidden(&target.kind, &edit.field) && redact::is_forgotten(conn, target.entity)?;
    if is_gone || !is_written_by_hand(&target.kind, &edit.field) {
        return Err(target.read_only(&edit.field));
    }
    lock::refuse_change(conn, &target, &edit.field)?;
    let value = checked(&target.kind, &edit.field, edit.value)?;
    let p = token::seen(conn, target.stream, &edit.seen, |entity, field| {
        entity == target.entity && field == edit.field
    })?;
    let heads = heads::of_field(conn, target.entity, &edit.field)?;
    let is_there = match heads.as_slice() {
        [] => value.is_null(),
        heads => heads.iter().all(|head| {
            p.contains(&head.id) && !heads::is_redacted(&head.cmp) && head.value() == value
        }),
    };
    if is_there {
        return Ok(None);
    }
    let change = Change::first(edit.entity.as_str(), &target.kind, &edit.field, value);
    Ok(Some(Change { p, ..change }))
}

/// The place of a new child; without a sibling to follow it comes last.
fn place_after(
    conn: &Connection,
    study: &StudyId,
    parent: &Target,
    kind: &str,
    after: Option<&EntityId>,
) -> Result<String, DeskError> {
    if after.is_some() {
        let child = Target {
            stream: parent.stream,
            entity: -1,
            kind: kind.to_owned(),
        };
        return place_behind(conn, study, parent.entity, &child, after);
    }
    let siblings = places::children(conn, parent.entity)?;
    let last = siblings.iter().rev().find(|sibling| sibling.kind == kind);
    Ok(ord::between(last.map(|place| place.ord.as_str()), None))
}

/// The place behind a sibling of the same kind, or first.
fn place_behind(
    conn: &Connection,
    study: &StudyId,
    parent: i64,
    target: &Target,
    after: Option<&EntityId>,
) -> Result<String, DeskError> {
    let mut siblings = places::children(conn, parent)?;
    siblings.retain(|place| place.kind == target.kind && place.entity != target.entity);
    let next = match after {
        Some(after) => {
            let sibling = find(conn, study, after)?;
            let place = siblings
                .iter()
                .position(|place| place.entity == sibling.entity);
            place.ok_or_else(|| DeskError::no_entity(after.as_str()))? + 1
        }
        None => 0,
    };
    let ord_at = |place: Option<usize>| {
        place
            .and_then(|place| siblings.get(place))
            .map(|place| place.ord.as_str())
    };
    Ok(ord::between(
        ord_at(next.checked_sub(1)),
        ord_at(Some(next)),
    ))
}

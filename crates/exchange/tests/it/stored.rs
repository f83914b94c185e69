//! An incoming study as a vault would hold it, without a vault.

use model::doc::{Entity, EntityMark, Head, Register, StudyDoc};
use model::incoming::{IncomingStudy, keeps_when_absent};
use model::{EntityId, PersonId, StudyId, kind};
use serde_json::Value;
use std::collections::BTreeMap;

/// The study that every test stores into.
pub(crate) fn study_id() -> StudyId {
    StudyId::parse("0195a3b0-0000-7000-8000-000000000001").expect("study id")
}

/// A register with one standing value.
pub(crate) fn register(value: Value) -> Register {
    let by = PersonId::parse("0195a3b0-0000-7000-8000-000000000002").expect("person id");
    let head = Head {
        op: "d:1:0".to_owned(),
        lam: 1,
        value,
        redacted: false,
        by,
        by_name: "周文".to_owned(),
        device: "d".to_owned(),
        at: "2026-11-23T02:00:00Z".to_owned(),
        tz_minutes: 480,
    };
    Register {
        heads: vec![head],
        conflict: false,
    }
}

/// An entity with fields.
pub(crate) fn entity(
    id: EntityId,
    kind: &str,
    parent: Option<EntityId>,
    ordinal: usize,
    fields: &BTreeMap<String, Value>,
) -> Entity {
    Entity {
        id,
        kind: kind.to_owned(),
        parent,
        ord: format!("{ordinal:08}"),
        mark: EntityMark::Live,
        fields: fields
            .iter()
            .map(|(name, v)| (name.clone(), register(v.clone())))
            .collect(),
    }
}

/// The study after its first import.
pub(crate) fn store(study: &IncomingStudy) -> StudyDoc {
    let id = study_id();
    let mut entities = vec![entity(id.root(), kind::STUDY, None, 0, &study.fields)];
    for part in &study.parts {
        let parent = match &part.parent {
            None => id.root(),
            Some((kind, key)) => EntityId::of_import(&id, kind, key),
        };
        assert!(
            entities.iter().any(|e| e.id == parent),
            "a child before its parent: {}",
            part.key
        );
        let own = EntityId::of_import(&id, &part.kind, &part.key);
        assert!(
            entities.iter().all(|e| e.id != own),
            "a key twice: {}",
            part.key
        );
        entities.push(entity(
            own,
            &part.kind,
            Some(parent),
            part.ordinal,
            &part.fields,
        ));
    }
    StudyDoc { id, entities }
}

/// The study after a further import: registers of the earlier import that are absent now are
/// cleared unless they keep, parts that are absent are archived.
pub(crate) fn store_again(old: &StudyDoc, new: &IncomingStudy) -> StudyDoc {
    let mut doc = store(new);
    for entity in &old.entities {
        let Some(now) = doc.entities.iter_mut().find(|e| e.id == entity.id) else {
            let mut gone = entity.clone();
            gone.mark = EntityMark::Archived;
            doc.entities.push(gone);
            continue;
        };
        let plain: BTreeMap<String, Value> = now
            .fields
            .iter()
            .map(|(name, r)| (name.clone(), r.value().clone()))
            .collect();
        for (name, held) in &entity.fields {
            if keeps_when_absent(&entity.kind, name, &plain) && !plain.contains_key(name) {
                now.fields.insert(name.clone(), held.clone());
            }
        }
    }
    doc
}

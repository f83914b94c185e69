//! Studies for tests: the sample's, and small ones made in a few lines.

use crate::sample::SampleStudy;
use crate::{Entity, EntityId, EntityMark, Head, PersonId, Register, StudyDoc, StudyId, kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The n-th id.
pub(crate) fn id(n: usize) -> EntityId {
    EntityId::parse(&format!("0198f0c0-0000-7000-8000-{n:012x}")).expect("an id")
}

/// A register with one head, or with several rivals.
pub(crate) fn register(values: &[Value], lam: u32) -> Register {
    let head = |value: &Value| Head {
        op: "op".into(),
        lam,
        value: value.clone(),
        redacted: false,
        by: PersonId::parse("0198f0c0-0000-7000-8000-00000000ffff").expect("an id"),
        by_name: String::new(),
        device: String::new(),
        at: "2026-11-01T00:00:00Z".into(),
        tz_minutes: 480,
    };
    Register {
        heads: values.iter().map(head).collect(),
        conflict: values.len() > 1,
    }
}

/// A study without anything in it.
pub(crate) fn empty() -> StudyDoc {
    let study = StudyId::parse(id(0).as_str()).expect("an id");
    let root = Entity {
        id: study.root(),
        kind: kind::STUDY.into(),
        parent: None,
        ord: String::new(),
        mark: EntityMark::Live,
        fields: BTreeMap::new(),
    };
    StudyDoc {
        id: study,
        entities: vec![root],
    }
}

/// Sets a register of the study itself.
pub(crate) fn set(doc: &mut StudyDoc, field: &str, value: impl Into<Value>) {
    let held = register(&[value.into()], 1);
    doc.entities[0].fields.insert(field.into(), held);
}

/// Adds an entity; without a parent it belongs to the study.
pub(crate) fn add(
    doc: &mut StudyDoc,
    kind: &str,
    parent: Option<&EntityId>,
    fields: Value,
) -> EntityId {
    let free = |n: &usize| doc.entity(&id(*n)).is_none();
    let new = (doc.entities.len()..)
        .find(free)
        .map(id)
        .expect("a free id");
    let fields = fields.as_object().expect("fields").iter();
    doc.entities.push(Entity {
        id: new.clone(),
        kind: kind.into(),
        parent: Some(parent.cloned().unwrap_or(doc.id.root())),
        ord: format!("{:06}", doc.entities.len()),
        mark: EntityMark::Live,
        fields: fields
            .map(|(name, value)| (name.clone(), register(std::slice::from_ref(value), 1)))
            .collect(),
    });
    new
}

/// Adds the sections of a template.
pub(crate) fn add_sections(doc: &mut StudyDoc, template: &str) {
    for section in &crate::reference::template(template)
        .expect("a template")
        .sections
    {
        let title = &section.title;
        let fields = json!({"key": section.key, "title.zh": title.zh, "title.en": title.en});
        add(doc, kind::SECTION, None, fields);
    }
}

/// A section by key.
pub(crate) fn section(doc: &StudyDoc, key: &str) -> EntityId {
    let mut sections = doc.of_kind(kind::SECTION);
    sections
        .find(|s| s.text("key") == key)
        .expect("the section")
        .id
        .clone()
}

/// Writes a paragraph into a section.
pub(crate) fn write(doc: &mut StudyDoc, key: &str, zh: &str) {
    let place = section(doc, key);
    add(
        doc,
        kind::BLOCK,
        Some(&place),
        json!({"type": "paragraph", "text.zh": zh}),
    );
}

/// A study of the sample as everybody reads it.
pub(crate) fn sample(study: &SampleStudy) -> StudyDoc {
    let mut doc = empty();
    for (field, value) in &study.fields {
        set(&mut doc, field, value.clone());
    }
    let mut ids = BTreeMap::new();
    for part in &study.parts {
        let parent = part.parent.as_ref().map(|path| &ids[path]);
        let new = add(&mut doc, &part.kind, parent, json!(part.fields));
        ids.insert(part.path(), new);
    }
    doc
}

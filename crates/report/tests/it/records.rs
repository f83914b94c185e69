//! Registry records of the reference data as studies, the way a vault would hold them.

use model::incoming::IncomingStudy;
use model::{Entity, EntityId, EntityMark, Head, PersonId, Register, StudyDoc, StudyId};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// The records, in the order of their numbers; none when the material is not on this machine.
pub(crate) fn all() -> Vec<PathBuf> {
    let Some(folder) = testkit::shared_or_skip("data/ctgov/v2") else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("folder")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "json"))
        .collect();
    files.sort();
    files
}

/// A record as a study.
pub(crate) fn study(path: &std::path::Path) -> StudyDoc {
    let bytes = std::fs::read(path).expect("record");
    let mut read = exchange::ctgov::read(&bytes);
    assert_eq!(read.len(), 1, "one record in {}", path.display());
    let incoming = read.remove(0).expect("a record that can be read");
    as_doc(&incoming)
}

fn as_doc(incoming: &IncomingStudy) -> StudyDoc {
    let id = StudyId::parse("0197f3a0-0000-7000-8000-000000000002").expect("id");
    let mut entities = vec![Entity {
        id: id.root(),
        kind: "study".to_owned(),
        parent: None,
        ord: String::new(),
        mark: EntityMark::Live,
        fields: registers(&incoming.fields),
    }];
    for part in &incoming.parts {
        let parent = part.parent.as_ref().map_or_else(
            || id.root(),
            |(kind, key)| EntityId::of_import(&id, kind, key),
        );
        entities.push(Entity {
            id: EntityId::of_import(&id, &part.kind, &part.key),
            kind: part.kind.clone(),
            parent: Some(parent),
            ord: format!("{:06}", part.ordinal),
            mark: EntityMark::Live,
            fields: registers(&part.fields),
        });
    }
    StudyDoc { id, entities }
}

fn registers(fields: &BTreeMap<String, Value>) -> BTreeMap<String, Register> {
    let register = |value: &Value| Register {
        heads: vec![Head {
            op: "device:1:0".to_owned(),
            lam: 1,
            value: value.clone(),
            redacted: false,
            by: PersonId::parse("0197f3a0-0000-7000-a000-000000000001").expect("id"),
            by_name: "王海燕".to_owned(),
            device: "k7m2".to_owned(),
            at: "2026-01-05T02:00:00Z".to_owned(),
            tz_minutes: 480,
        }],
        conflict: false,
    };
    fields
        .iter()
        .map(|(name, value)| (name.clone(), register(value)))
        .collect()
}

//! Uploads to registries: what was said at one is compared with what stands here now.

use crate::world::{Laptop, doc, fields, new_study, set};
use desk::{DeskError, NewStudy};
use model::registry::{last_upload, sheet, values};
use model::{StudyDoc, kind};
use serde_json::json;

fn changed(doc: &StudyDoc, registry: &str) -> Vec<String> {
    let sheet = sheet(doc, registry, last_upload(doc, registry)).unwrap();
    let rows = sheet.rows.into_iter().filter(|row| row.changed);
    rows.map(|row| row.key).collect()
}

#[test]
fn what_changed_since_an_upload_is_told() {
    let mut laptop = Laptop::new(31, "李明");
    let study = new_study(&mut laptop.desk, "甲");
    let before = doc(&laptop.desk, &study);
    let given = values(&sheet(&before, "nmr", None).unwrap());
    let note = |desk: &mut desk::Desk, registry: &str, date: &str| {
        desk.upload_note(&study, registry, date, &given, "第一次")
    };
    note(&mut laptop.desk, "nmr", "2026-11-25").unwrap();
    assert_eq!(changed(&doc(&laptop.desk, &study), "nmr"), [""; 0]);

    set(&mut laptop.desk, &study, "title.zh", json!("乙"));
    let laptop = laptop.reopen();
    let after = doc(&laptop.desk, &study);
    assert_eq!(changed(&after, "nmr"), ["publicTitle"]);
    assert_eq!(changed(&after, "chictr"), [""; 0]);
    let upload = last_upload(&after, "nmr").unwrap();
    assert_eq!(
        (upload.text("date"), upload.text("note")),
        ("2026-11-25", "第一次")
    );
}

#[test]
fn an_upload_names_its_registry_and_its_day() {
    let mut laptop = Laptop::new(32, "李明");
    let study = new_study(&mut laptop.desk, "甲");
    for (registry, date, field) in [
        ("", "2026-11-25", "registry"),
        ("isrctn", "2026-11-25", "registry"),
        ("nmr", "", "date"),
        ("nmr", "2026-11", "date"),
        ("nmr", "yesterday", "date"),
    ] {
        let refused = laptop
            .desk
            .upload_note(&study, registry, date, &Default::default(), "");
        assert!(
            matches!(&refused, Err(DeskError::Invalid { field: named, .. }) if named == field),
            "{registry} {date}: {refused:?}"
        );
    }
    assert_eq!(doc(&laptop.desk, &study).of_kind(kind::UPLOAD).count(), 0);
}

#[test]
fn a_study_of_m11_has_all_headings_in_one_commit() {
    let mut laptop = Laptop::new(33, "李明");
    let new = NewStudy {
        fields: fields(&[("title.zh", json!("甲"))]),
        template: Some("m11-2025".into()),
        hospitals: Vec::new(),
    };
    let (study, _) = laptop.desk.create_study(&new).unwrap();
    let doc = doc(&laptop.desk, &study);
    let outline = model::outline::outline(&doc);
    let of_level = |level| outline.iter().filter(|row| row.level == level).count();
    assert_eq!([1, 2, 3, 4].map(of_level), [14, 70, 62, 12]);
    for (n, row) in outline.iter().enumerate() {
        assert_eq!(row.code, format!("C{}", 218_514 + n));
    }
    let check = model::completeness::check(&doc, "m11-2025").unwrap();
    assert_eq!(check.counts.remarked, 0);
    assert_eq!(laptop.desk.verify().unwrap().commits, 1);
}

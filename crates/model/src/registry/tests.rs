//! Sheets of the three registries: whole lists, sources that exist, values of the sample.

use super::*;
use crate::testing;
use serde_json::json;

fn registry(key: &str) -> &'static Registry {
    REGISTRIES
        .iter()
        .find(|known| known.key == key)
        .expect("the registry")
}

fn row<'a>(sheet: &'a RegistrySheet, key: &str) -> &'a SheetRow {
    let mut rows = sheet.rows.iter();
    rows.find(|row| row.key == key).expect("the row")
}

fn of_sample(n: usize, registry: &str) -> RegistrySheet {
    let doc = testing::sample(&crate::sample::studies()[n]);
    sheet(&doc, registry, None).expect("a sheet")
}

#[test]
fn every_list_is_whole() {
    let n_of = |key: &str| registry(key).rows.len();
    // Source: WHO Trial Registration Data Set 1.3.1; the 64 labels of a ChiCTR record.
    assert_eq!((n_of("who"), n_of("chictr"), n_of("nmr")), (24, 64, 90));
    for registry in REGISTRIES.iter() {
        let keys: std::collections::BTreeSet<&str> =
            registry.rows.iter().map(|row| row.key.as_str()).collect();
        assert_eq!(
            keys.len(),
            registry.rows.len(),
            "{}: a key is there twice",
            registry.key
        );
        assert!(crate::code::find("registry", &registry.key).is_some());
        let mut pages = registry
            .rows
            .iter()
            .map(|row| row.page.as_str())
            .collect::<Vec<_>>();
        pages.dedup();
        let known: Vec<&str> = registry
            .pages
            .iter()
            .map(|page| page.key.as_str())
            .collect();
        assert_eq!(pages, known, "{}: pages in their order", registry.key);
    }
    for (n, row) in registry("who").rows.iter().enumerate() {
        assert_eq!(row.number, (n + 1).to_string());
        let is_read = n < 20;
        assert_eq!(row.verification == "verified", is_read, "{}", row.key);
    }
}

#[test]
fn every_source_exists() {
    let path_is_known = |path: &str| FactPath::parse(path).is_some_and(|path| path.is_known());
    let section_is_known = |key: &str| {
        let mut sections = crate::reference::TEMPLATES.iter().flat_map(|t| &t.sections);
        sections.any(|section| section.key == key) || key == "description"
    };
    for asked in REGISTRIES.iter().flat_map(|registry| &registry.rows) {
        let key = &asked.key;
        let conditions = CONDITIONS.iter().map(|(name, ..)| *name);
        let mut words = ["yes", "no", "unknown"].into_iter().chain(conditions);
        assert!(words.any(|word| word == asked.required), "{key}");
        assert!(
            asked.each.is_empty() || path_is_known(&asked.each),
            "{key}: {}",
            asked.each
        );
        for source in &asked.from {
            let is_known = if let Some(name) = source.strip_prefix("fn:") {
                derive::named(name).is_some()
            } else if let Some(keys) = source.strip_prefix("section:") {
                keys.split('|').all(section_is_known)
            } else if let Some(field) = source.strip_prefix("self/") {
                path_is_known(&format!("{}/{field}", asked.each))
            } else {
                path_is_known(source)
            };
            assert!(is_known, "{key}: {source}");
        }
    }
    for (name, path) in derive::names() {
        let used = REGISTRIES.iter().flat_map(|registry| &registry.rows);
        let source = format!("fn:{name}");
        assert!(
            used.flat_map(|row| &row.from).any(|from| *from == source),
            "{name} is not used"
        );
        let is_known = match path.strip_prefix("section:") {
            Some(keys) => keys.split('|').all(section_is_known),
            None => path_is_known(path),
        };
        assert!(is_known, "{name}: {path}");
    }
    for (_, path, _) in CONDITIONS {
        assert!(path_is_known(path), "{path}");
    }
}

#[test]
fn the_sample_fills_the_who_items() {
    let sheet = of_sample(0, "who");
    assert_eq!((sheet.n_missing, sheet.n_changed), (0, 0));
    assert_eq!(row(&sheet, "registry").en, "ChiCTR0000000001");
    assert_eq!(row(&sheet, "countries").zh, "中国");
    assert_eq!(row(&sheet, "firstEnrolment").zh, "2026-05-22（实际）");
    assert_eq!(row(&sheet, "sampleSize").en, "126 (Estimated)");
    assert_eq!(row(&sheet, "completion").en, "2030-12 (Estimated)");
    let primary = "无进展生存期，自随机至进展或死亡，最长 24 个月，独立评估者依 RECIST 1.1 判定。";
    assert_eq!(row(&sheet, "primaryOutcomes").zh, primary);
    assert_eq!(row(&sheet, "secondaryOutcomes").en.lines().count(), 4);
    assert!(
        row(&sheet, "criteria")
            .zh
            .starts_with("纳入标准：\n年龄 18–80 岁")
    );
    let contact = &row(&sheet, "scientificContact").en;
    assert!(
        contact.starts_with("Lin Shili, Chief physician"),
        "{contact}"
    );
}

#[test]
fn chictr_and_the_national_registry_say_what_is_missing() {
    let chictr = of_sample(0, "chictr");
    assert_eq!((chictr.rows.len(), chictr.n_missing), (64, 7));
    assert_eq!(row(&chictr, "age").zh, "18 岁 – 80 岁");
    assert_eq!(row(&chictr, "ethicsNumber").zh, "SAMPLE-EC-2026-018");
    assert!(
        row(&chictr, "disease").missing,
        "only an English name is noted"
    );
    let nmr = of_sample(0, "nmr");
    assert_eq!(row(&nmr, "multicentre").zh, "是（国内多中心）");
    let of_key = |base: &str| {
        let rows = nmr.rows.iter();
        rows.filter(|row| row.key.split('/').next() == Some(base))
            .count()
    };
    assert_eq!((of_key("inclusion"), of_key("exclusion")), (5, 4));
    assert_eq!((of_key("outcome.time"), of_key("arm.size")), (5, 2));
    // The site that withdrew is left out.
    assert_eq!(of_key("site.name"), 2);
    let code = row(&nmr, "icd11");
    assert!(code.missing && code.required == Wanted::Yes);
    assert_eq!(code.fill[0].field, "registration.icd11");
    assert_eq!(row(&nmr, "reference").required, Wanted::No);
}

#[test]
fn an_empty_study_has_every_row_and_no_value() {
    let doc = testing::empty();
    for key in keys() {
        let sheet = sheet(&doc, key, None).expect("a sheet");
        assert_eq!(sheet.rows.len(), registry(key).rows.len());
        assert!(
            sheet
                .rows
                .iter()
                .all(|row| row.zh.is_empty() && row.en.is_empty())
        );
        assert!(values(&sheet).is_empty());
        assert!(sheet.n_missing > 10, "{key}");
    }
    assert_eq!(sheet(&doc, "isrctn", None), None);
}

#[test]
fn a_conflict_shows_both_values() {
    let mut doc = testing::empty();
    let rivals = testing::register(&[json!(120), json!(150)], 1);
    doc.entities[0].fields.insert("enrollment".into(), rivals);
    let sheet = sheet(&doc, "nmr", None).expect("a sheet");
    let row = row(&sheet, "sampleSize");
    assert_eq!((row.zh.as_str(), row.unresolved), ("120 ◆ 150", true));
}

#[test]
fn english_counts_once_the_record_is_public() {
    let mut doc = testing::empty();
    testing::set(&mut doc, "officialTitle.zh", "题目");
    let missing = |doc: &StudyDoc| row(&sheet(doc, "nmr", None).expect("a sheet"), "title").missing;
    assert!(!missing(&doc));
    testing::set(&mut doc, "registration.publication", "CHICTR");
    assert!(missing(&doc));
}

#[test]
fn what_changed_since_the_upload_is_told() {
    let mut doc = testing::sample(&crate::sample::studies()[0]);
    let before = sheet(&doc, "nmr", None).expect("a sheet");
    let text = serde_json::to_string(&values(&before)).expect("values");
    let fields = json!({"registry": "nmr", "date": "2026-04-20", "values": text});
    testing::add(&mut doc, kind::UPLOAD, None, fields);
    let older = json!({"registry": "nmr", "date": "2026-01-01", "values": "{}"});
    testing::add(&mut doc, kind::UPLOAD, None, older);
    let upload = last_upload(&doc, "nmr").cloned().expect("the upload");
    assert_eq!(upload.text("date"), "2026-04-20");
    assert_eq!(last_upload(&doc, "who"), None);
    let same = sheet(&doc, "nmr", Some(&upload)).expect("a sheet");
    assert_eq!(
        (same.n_changed, same.uploaded_on.as_str()),
        (0, "2026-04-20")
    );

    testing::set(&mut doc, "enrollment", 140);
    let outcome = doc
        .of_kind(kind::OUTCOME)
        .last()
        .expect("an outcome")
        .id
        .clone();
    doc.entities.retain(|entity| entity.id != outcome);
    let after = sheet(&doc, "nmr", Some(&upload)).expect("a sheet");
    let size = row(&after, "sampleSize");
    assert_eq!(
        (size.was_zh.as_str(), size.zh.as_str(), size.changed),
        ("126", "140", true)
    );
    let gone: Vec<&SheetRow> = after
        .rows
        .iter()
        .filter(|row| row.changed && row.zh.is_empty())
        .collect();
    assert_eq!(gone.len(), 4, "the removed outcome's four fields");
    assert!(gone.iter().all(|row| !row.was_zh.is_empty()));
    assert_eq!(after.n_changed, 5);
}

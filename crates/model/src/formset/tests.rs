//! The shipped sets hold what they promise, and wrong ones are refused.

use super::*;
use crate::testing;
use serde_json::json;

fn oncology() -> StudyDoc {
    testing::sample(&crate::sample::studies()[0])
}

fn site<'a>(doc: &'a StudyDoc, role: &str) -> &'a Entity {
    let mut sites = doc.of_kind(crate::kind::SITE);
    sites
        .find(|site| site.text("role") == role)
        .expect("a site")
}

#[test]
fn what_is_shipped_has_no_fault() {
    for set in shipped() {
        assert_eq!(faults(set), [], "{}", set.key);
    }
    assert_eq!(shipped().len(), 2);
}

#[test]
fn every_set_answers_every_type_of_submission() {
    let doc = oncology();
    for set in shipped() {
        for code in crate::code::CODES
            .iter()
            .filter(|c| c.list == "submissionType")
        {
            let list = set.list(&doc, site(&doc, "LEAD"), code.code);
            let list = list.unwrap_or_else(|| panic!("{} {}", set.key, code.code));
            assert!(list.items.len() > 1, "{} {}", set.key, code.code);
        }
    }
}

#[test]
fn keys_are_there_once() {
    let mut keys: Vec<_> = shipped()
        .iter()
        .map(|set| (&set.key, &set.version))
        .collect();
    keys.sort();
    keys.dedup();
    assert_eq!(keys.len(), shipped().len());
    for set in shipped() {
        for list in &set.lists {
            let mut keys: Vec<_> = list.items.iter().map(|item| &item.key).collect();
            keys.sort();
            keys.dedup();
            assert_eq!(keys.len(), list.items.len(), "{:?}", list.types);
        }
        for form in &set.forms {
            let keys = form.fields().map(|(part, field)| (&part.key, &field.key));
            let mut keys: Vec<_> = keys.collect();
            let n = keys.len();
            keys.sort();
            keys.dedup();
            assert_eq!(keys.len(), n, "{}", form.key);
        }
    }
}

#[test]
fn a_set_that_is_wrong_is_refused_with_its_places() {
    let text = serde_json::to_string(&shipped()[0]).unwrap();
    assert_eq!(read(&text).as_ref(), Ok(&shipped()[0]));
    assert!(read("{}").is_err());
    for (from, to, place) in [
        ("study/officialTitle", "study/colour", "colour"),
        ("here[role=PARTICIPATING]", "here[role=NOBODY]", "NOBODY"),
        ("\"sampleSource\"]", "\"moonRock\"]", "moonRock"),
        ("{study}_{item}", "{planet}_{item}", "planet"),
        ("\"key\":\"basic\"", "\"key\":\"sponsor\"", "sponsor"),
    ] {
        assert!(text.contains(from), "{from}");
        let faults = read(&text.replace(from, to)).expect_err(to);
        assert!(
            faults.iter().any(|fault| fault.what.contains(place)),
            "{faults:?}"
        );
    }
}

#[test]
fn conditions_look_at_the_study_and_at_the_site() {
    let mut doc = oncology();
    let holds_at = |doc: &StudyDoc, when: &str, role: &str| {
        holds(&[vec![when.to_owned()]], doc, site(doc, role))
    };
    assert!(holds_at(&doc, "here[role=PARTICIPATING]", "PARTICIPATING"));
    assert!(!holds_at(&doc, "here[role=PARTICIPATING]", "LEAD"));
    let waived = "study[registration.consentWaived=true]";
    assert!(!holds_at(&doc, waived, "LEAD"));
    assert!(holds_at(&doc, &format!("!{waived}"), "LEAD"));
    testing::set(&mut doc, "registration.consentWaived", true);
    assert!(holds_at(&doc, waived, "LEAD"));
    // One of several codes in one register.
    testing::set(&mut doc, "phase", "PHASE1|PHASE2");
    assert!(holds_at(&doc, "study[phase=PHASE2]", "LEAD"));
    assert!(!holds_at(&doc, "study[phase=PHASE3]", "LEAD"));
}

#[test]
fn a_device_trial_has_its_own_list() {
    let mut doc = testing::empty();
    let lead = testing::add(&mut doc, "site", None, json!({"role": "LEAD"}));
    let set = newest(&[], "cn-children").expect("the set");
    let has = |doc: &StudyDoc, key: &str| {
        let list = set
            .list(doc, doc.entity(&lead).unwrap(), "initial")
            .unwrap();
        list.items.iter().any(|item| item.key == key)
    };
    assert!(!has(&doc, "standard") && has(&doc, "regulator"));
    testing::add(&mut doc, "intervention", None, json!({"type": "DEVICE"}));
    assert!(has(&doc, "standard") && !has(&doc, "regulator"));
}

#[test]
fn partner_hospitals_start_from_the_generic_set_and_a_named_one_goes_first() {
    let doc = oncology();
    let lead = site(&doc, "LEAD");
    assert_eq!(key_for(lead, ""), GENERIC);
    assert_eq!(key_for(lead, "cn-children"), "cn-children");
    for hospital in &crate::reference::CENTER.hospitals {
        assert!(
            SHELF.hospitals.contains_key(&hospital.code),
            "{}",
            hospital.code
        );
    }
}

#[test]
fn an_old_version_stays_and_a_new_one_goes_first() {
    let mut own = vec![shipped()[0].clone()];
    own[0].version = "2027-01.1".into();
    own[0].name.en = "Newer".into();
    assert_eq!(newest(&own, GENERIC).unwrap().name.en, "Newer");
    let old = find(&own, GENERIC, "2026-11.1").unwrap();
    assert_eq!(old, &shipped()[0]);
    assert_eq!(find(&own, GENERIC, "1999"), None);
}

/// The official forms that the children's hospital's set has, and what it calls them.
const OFFICIAL_FORMS: [(&str, &str); 6] = [
    ("initial-review-application", "application"),
    ("amendment-application", "amendment"),
    ("annual-review-report", "continuing"),
    ("deviation-report", "deviation"),
    ("suspension-termination-report", "stop"),
    ("close-out-report", "completion"),
];

#[test]
fn the_childrens_hospitals_labels_are_those_of_its_own_forms_and_lists() {
    let Some(path) = testkit::shared_or_skip("data/ethics-forms/field-labels.tsv") else {
        return;
    };
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect())
        .collect();
    let of = |form: &str| {
        let own = rows.iter().filter(|row| row[0] == form);
        own.map(|row| row[4]).collect::<Vec<_>>()
    };
    let set = shipped().iter().find(|set| set.key == "cn-children");
    let set = set.unwrap();
    for (official, key) in OFFICIAL_FORMS {
        let form = set.form(key).unwrap();
        let labels: Vec<&str> = form
            .fields()
            .map(|(_, field)| field.label.zh.as_str())
            .collect();
        let wanted = of(official);
        // The place to sign may stand below what the list of labels has.
        assert_eq!(labels[..wanted.len()], wanted, "{key}");
        let named = rows.iter().find(|row| row[0] == official).unwrap();
        assert_eq!(form.name.zh, named[1]);
    }
    let lists = [
        ("initial-review-checklist-device", "initial", "医疗器械"),
        ("initial-review-checklist-drug", "initial", "药物"),
        ("amendment-checklist", "amendment", ""),
    ];
    for (official, kind, name) in lists {
        let mut fitting = set
            .lists
            .iter()
            .filter(|list| list.types.contains(&kind.to_owned()) && list.name.zh.starts_with(name));
        let list = fitting.next().unwrap();
        let items = &list.items;
        let mut names = items.iter().map(|item| item.name.zh.as_str());
        for wanted in of(official) {
            assert!(names.any(|name| name == wanted), "{official}: {wanted}");
        }
        // What its third and fourth item want beside the marked text.
        let also = ["研究方案（注明版本号和日期）", "修改后的知情同意书"];
        for item in items.iter().filter(|item| list.grade(item) == "verified") {
            let name = item.name.zh.as_str();
            let is_there = of(official).contains(&name);
            let is_part = kind == "amendment" && also.contains(&name);
            assert!(
                is_there || is_part,
                "{official}: {name} is not in the source"
            );
        }
        if kind == "initial" {
            let made: Vec<&str> = items.iter().map(|item| item.made.as_str()).collect();
            for ours in ["team", "integrity", "coi"] {
                assert!(made.contains(&ours), "{official}: {ours}");
            }
        }
    }
}

#[test]
fn what_is_called_verified_has_no_part_that_is_not() {
    for set in shipped() {
        let rules = [
            &set.copies.verification,
            &set.redline.verification,
            &set.naming.verification,
            &set.limits.verification,
        ];
        let forms = set.forms.iter().map(|form| &form.verification);
        let lists = set.lists.iter().map(|list| &list.verification);
        let mut parts = rules.into_iter().chain(forms).chain(lists);
        let is_whole = parts.all(|grade| grade == "verified");
        assert!(set.verification != "verified" || is_whole, "{}", set.key);
    }
}

#[test]
fn a_graded_item_keeps_its_grade_and_another_is_graded_as_its_list() {
    let set = shipped()
        .iter()
        .find(|set| set.key == "cn-children")
        .unwrap();
    let list = set
        .lists
        .iter()
        .find(|list| list.types == ["amendment"])
        .unwrap();
    let grade = |key: &str| {
        let item = list.items.iter().find(|item| item.key == key);
        list.grade(item.unwrap())
    };
    assert_eq!(
        (grade("form"), grade("changes")),
        ("verified", "unverified")
    );
    let text = serde_json::to_string(set).unwrap();
    assert_eq!(read(&text).as_ref(), Ok(set));
    let mut wrong = set.clone();
    wrong.lists[0].items[0].verification = Some("sure".into());
    assert_eq!(faults(&wrong).len(), 1);
}

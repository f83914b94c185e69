//! Which numbers go up when something is written, and that none ever falls.

use super::*;
use std::collections::BTreeMap;

/// Two sites, each with two milestones and a deadline, and what the study counts from them.
fn two_sites() -> (StudyDoc, [EntityId; 2]) {
    let mut doc = empty();
    set(&mut doc, "acronym", "ECHO-1");
    let last = json!({"key": "lpo", "name.en": "Last out", "rule": "last(lpo)"});
    add(&mut doc, kind::MILESTONE, None, last);
    let sites = ["A", "B"].map(|name| {
        let site = add(&mut doc, kind::SITE, None, json!({"facility.en": name}));
        for fields in [
            json!({"key": "siv", "planned": "2026-03-02"}),
            json!({"key": "fpi", "rule": "siv+30d", "needs": {"list": ["siv"]}}),
            json!({"key": "lpo", "rule": "fpi+12m"}),
            json!({"name.en": "Report", "rule": "trigger+15d", "trigger": "2026-03-02"}),
        ] {
            add(&mut doc, kind::MILESTONE, Some(&site), fields);
        }
        site
    });
    (doc, sites)
}

fn milestone(doc: &StudyDoc, place: &EntityId, key: &str) -> EntityId {
    let mut found = doc.children(place, kind::MILESTONE);
    let found = found.find(|one| one.text("key") == key);
    found.expect("the milestone").id.clone()
}

/// Titles of the entries whose number is another one now; all else has to be as it was.
fn counted_up(before: &[AgendaEntry], after: &[AgendaEntry]) -> Vec<String> {
    let known: BTreeMap<&str, &AgendaEntry> =
        before.iter().map(|one| (one.uid.as_str(), one)).collect();
    let mut titles = Vec::new();
    for one in after {
        let Some(old) = known.get(one.uid.as_str()) else {
            continue;
        };
        if one.sequence == old.sequence {
            assert_eq!(&one, old);
        } else {
            assert!(one.sequence > old.sequence, "{old:?} {one:?}");
            titles.push(one.title.clone());
        }
    }
    titles
}

#[test]
fn what_nobody_wrote_to_keeps_its_number_when_another_site_is_replanned() {
    let (mut doc, [a, b]) = two_sites();
    let before = days(&doc, Lang::En);
    assert_eq!(before.len(), 9);
    let siv = milestone(&doc, &a, "siv");
    write(&mut doc, &siv, "planned", json!("2026-04-02"));
    let moved = days(&doc, Lang::En);
    assert_eq!(
        counted_up(&before, &moved),
        [
            "~Last out · ECHO-1",
            "siv · A · ECHO-1",
            "fpi · A · ECHO-1",
            "~lpo · A · ECHO-1"
        ]
    );
    // What no calendar shows counts nothing up.
    write(&mut doc, &siv, "note", json!("by telephone"));
    write(&mut doc, &siv, "baseline", json!("2026-04-02"));
    write(&mut doc, &b, "status", json!("RECRUITING"));
    assert_eq!(counted_up(&moved, &days(&doc, Lang::En)), [""; 0]);
    write(&mut doc, &b, "facility.en", json!("B hospital"));
    assert_eq!(counted_up(&moved, &days(&doc, Lang::En)).len(), 4);
}

#[test]
fn a_day_that_is_counted_from_something_else_now_never_counts_down() {
    let (mut doc, [a, _]) = two_sites();
    let mut all = vec![writes(&doc)];
    let by = |doc: &StudyDoc, all: &[Writes]| {
        let plan = crate::milestone::plan(doc, crate::calendar::Calendar::builtin(), None);
        of_study(doc, &plan, all.last().expect("writes"), Lang::En)
    };
    let (siv, fpi) = (milestone(&doc, &a, "siv"), milestone(&doc, &a, "fpi"));
    for _ in 0..5 {
        let mut known = all.last().expect("writes").clone();
        known.note(siv.clone(), "planned".into(), 1, Value::Null);
        all.push(known);
    }
    let before = by(&doc, &all);
    let mut known = all.last().expect("writes").clone();
    known.note(fpi.clone(), "rule".into(), 1, json!("trigger+3d"));
    known.note(fpi.clone(), "needs".into(), 1, Value::Null);
    known.note(fpi.clone(), "trigger".into(), 1, Value::Null);
    all.push(known);
    write(&mut doc, &fpi, "rule", json!("trigger+3d"));
    write(&mut doc, &fpi, "needs", Value::Null);
    write(&mut doc, &fpi, "trigger", json!("2026-05-04"));
    let after = by(&doc, &all);
    let up = counted_up(&before, &after);
    assert_eq!(
        up,
        [
            "~Last out · ECHO-1",
            "fpi · A · ECHO-1",
            "~lpo · A · ECHO-1"
        ]
    );
}

#[test]
fn a_letter_counts_up_the_ends_of_its_site_alone() {
    let (mut doc, sites) = two_sites();
    let version = add(&mut doc, kind::VERSION, None, json!({"number": "1.0"}));
    let letters = sites.each_ref().map(|site| {
        let letter = json!({
            "site": {"$ref": site.as_str()}, "status": "approved",
            "decidedOn": "2026-03-02", "validUntil": "2027-03-01",
        });
        add(&mut doc, kind::APPROVAL, Some(&version), letter)
    });
    let before = days(&doc, Lang::En);
    write(&mut doc, &letters[0], "validUntil", json!("2027-02-01"));
    let after = days(&doc, Lang::En);
    let up = counted_up(&before, &after);
    assert_eq!(up.len(), 2, "{up:?}");
    assert!(
        up.iter().all(|title| title.ends_with(" · A · ECHO-1")),
        "{up:?}"
    );
    write(&mut doc, &letters[0], "conditions", json!("x"));
    assert_eq!(counted_up(&after, &days(&doc, Lang::En)), [""; 0]);
}

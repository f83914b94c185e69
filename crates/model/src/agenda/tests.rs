//! Entries as calendars get them: what is one, what takes itself back, what counts up.

mod counts;

use super::*;
use crate::EntityMark;
use crate::testing::{add, empty, register, set};
use serde_json::{Value, json};

fn days(doc: &StudyDoc, lang: Lang) -> Vec<AgendaEntry> {
    let plan = crate::milestone::plan(doc, crate::calendar::Calendar::builtin(), None);
    of_study(doc, &plan, &writes(doc), lang)
}

/// As many operations of each register as its newest number says.
fn writes(doc: &StudyDoc) -> Writes {
    let mut writes = Writes::default();
    for entity in &doc.entities {
        for (field, register) in &entity.fields {
            let note = |writes: &mut Writes, n, value| {
                writes.note(entity.id.clone(), field.clone(), n, value);
            };
            let newest = register.heads.iter().map(|head| head.lam).max();
            note(&mut writes, newest.unwrap_or(0), Value::Null);
            for head in &register.heads {
                note(&mut writes, 0, head.value.clone());
            }
        }
    }
    writes
}

/// Writes a register once more than anything was written.
fn write(doc: &mut StudyDoc, id: &EntityId, field: &str, value: Value) {
    let heads = doc.entities.iter().flat_map(|one| one.fields.values());
    let newest = heads
        .flat_map(|held| &held.heads)
        .map(|head| head.lam)
        .max();
    let entity = doc.entities.iter_mut().find(|one| one.id == *id);
    let held = register(&[value], newest.unwrap_or(0) + 1);
    let fields = &mut entity.expect("the entity").fields;
    fields.insert(field.into(), held);
}

#[test]
fn a_quarter_is_all_its_days() {
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();
    let quarter = Some((day("2027-10-01"), day("2028-01-01")));
    assert_eq!(span("2027-Q4"), quarter);
    assert_eq!(span("2027-Q5"), None);
}

fn study() -> StudyDoc {
    let mut doc = empty();
    set(&mut doc, "acronym", "ECHO-1");
    let site = add(
        &mut doc,
        kind::SITE,
        None,
        json!({
            "facility.zh": "中山医院", "facility.en": "Zhongshan Hospital",
            "approvalValidUntil": "2027-03-01",
        }),
    );
    let named =
        json!({"name.zh": "首例入组", "name.en": "First participant in", "planned": "2026-05"});
    add(&mut doc, kind::MILESTONE, Some(&site), named);
    let done =
        json!({"key": "lock", "planned": "2026-01-01", "actual": "2026-02-01", "note": "secret"});
    add(&mut doc, kind::MILESTONE, None, done);
    let not = json!({"name.en": "HGR", "planned": "2026-01-01", "notApplicable": "no samples"});
    add(&mut doc, kind::MILESTONE, None, not);
    add(
        &mut doc,
        kind::MILESTONE,
        None,
        json!({"name.en": "no date"}),
    );
    doc
}

#[test]
fn milestones_and_approvals_are_entries() {
    let doc = study();
    let entries = days(&doc, Lang::Zh);
    let seen: Vec<(&str, &str, bool, Option<i64>)> = entries
        .iter()
        .map(|one| {
            (
                one.title.as_str(),
                one.date.as_str(),
                one.is_done,
                one.remind.map(|ahead| ahead.num_days()),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("首例入组 · 中山医院 · ECHO-1", "2026-05", false, Some(7)),
            ("lock · ECHO-1", "2026-02-01", true, None),
            ("HGR · ECHO-1", "2026-01-01", false, None),
            (
                "伦理批件到期 · 中山医院 · ECHO-1",
                "2027-03-01",
                false,
                Some(7)
            ),
        ]
    );
    assert_eq!(
        entries[0].note,
        "计划\n首例入组 · 中山医院\nFirst participant in · Zhongshan Hospital"
    );
    assert!(entries.iter().all(|one| !one.note.contains("secret")));
    let ids: std::collections::BTreeSet<&str> =
        entries.iter().map(|one| one.uid.as_str()).collect();
    assert_eq!(ids.len(), entries.len());
}

#[test]
fn the_end_that_a_letter_names_is_an_entry_of_its_own() {
    let mut doc = study();
    let site = doc.of_kind(kind::SITE).next().expect("a site").id.clone();
    let version = add(&mut doc, kind::VERSION, None, json!({"number": "1.0"}));
    let letter = json!({
        "site": {"$ref": site.as_str()}, "status": "approved",
        "decidedOn": "2026-03-02", "validUntil": "2027-03-01",
    });
    let letter = add(&mut doc, kind::APPROVAL, Some(&version), letter);
    let entries = days(&doc, Lang::Zh);
    let end = format!("{letter}-approval@pi-desk");
    let found = entries.iter().find(|one| one.uid == end).expect("the end");
    assert_eq!(
        (found.title.as_str(), found.date.as_str()),
        ("伦理批件到期 · 中山医院 · ECHO-1", "2027-03-01")
    );
    // The review that the letter asks for names the site as well.
    let review = entries
        .iter()
        .find(|one| one.uid.ends_with("-review@pi-desk"));
    assert!(
        review
            .expect("a review")
            .title
            .ends_with(" · 中山医院 · ECHO-1")
    );
}

#[test]
fn a_change_counts_the_sequence_up_and_keeps_the_id() {
    let mut doc = study();
    let before = days(&doc, Lang::En);
    let milestone = doc
        .entities
        .iter_mut()
        .find(|entity| entity.kind == kind::MILESTONE)
        .expect("a milestone");
    let moved = register(&[json!("2026-06-01"), json!("2026-07")], 9);
    milestone.fields.insert("planned".into(), moved);
    let after = days(&doc, Lang::En);
    assert_eq!(after[0].uid, before[0].uid);
    assert!(after[0].sequence > before[0].sequence);
    assert!(
        after[0].note.contains("2026-06-01, 2026-07"),
        "{}",
        after[0].note
    );
    assert_eq!(after[1], before[1]);
}

#[test]
fn what_follows_from_a_rule_is_a_day_and_counts_up_with_its_anchor() {
    let mut doc = empty();
    let anchor = json!({"key": "siv", "name.en": "Initiation", "planned": "2026-03-02"});
    let anchor = add(&mut doc, kind::MILESTONE, None, anchor);
    let follows = json!({"key": "fpi", "name.en": "First in", "rule": "siv+30d"});
    add(&mut doc, kind::MILESTONE, None, follows);
    let deadline = json!({
        "name.en": "Report", "trigger": "2026-03-02", "rule": "trigger+15d", "origin": "sae/1",
    });
    add(&mut doc, kind::MILESTONE, None, deadline);
    let before = days(&doc, Lang::En);
    assert_eq!(before.len(), 3, "{before:?}");
    assert_eq!(before[1].date, "2026-04-01");
    assert_eq!(before[1].note, "Expected");
    assert_eq!(before[1].remind, Some(TimeDelta::days(7)));
    let entity = doc.entities.iter_mut().find(|one| one.id == anchor);
    let moved = register(&[json!("2026-03-09")], 9);
    entity
        .expect("the anchor")
        .fields
        .insert("planned".into(), moved);
    let after = days(&doc, Lang::En);
    assert_eq!(after[1].uid, before[1].uid);
    assert_eq!(after[1].date, "2026-04-08");
    assert!(after[1].sequence > before[1].sequence);
}

#[test]
fn a_deadline_of_hours_is_taken_back_at_its_hour() {
    let fields = json!({
        "key": "sae_initial_device", "rule": "trigger+24h", "trigger": "2026-11-27T22:15",
        "origin": "list/x@1",
    });
    let taken_back = |field: &str, value: Value| {
        let mut doc = empty();
        let deadline = add(&mut doc, kind::MILESTONE, None, fields.clone());
        let before = days(&doc, Lang::En).remove(0);
        assert!(!before.is_cancelled);
        write(&mut doc, &deadline, field, value);
        if field == "archived" {
            doc.entities[1].mark = EntityMark::Archived;
        }
        let plan = crate::milestone::plan(&doc, crate::calendar::Calendar::builtin(), None);
        let mut writes = writes(&doc);
        writes.note(deadline, "rule".into(), 0, fields["rule"].clone());
        let one = of_study(&doc, &plan, &writes, Lang::En).remove(0);
        assert!(
            one.is_cancelled && one.sequence > before.sequence,
            "{one:?}"
        );
        (one.date, one.at)
    };
    let stood = (
        "2026-11-28".to_owned(),
        "2026-11-28T22:15:00+08:00".to_owned(),
    );
    for (field, value) in [
        ("notApplicable", json!("no device")),
        ("archived", json!("")),
    ] {
        assert_eq!(taken_back(field, value), stood, "{field}");
    }
    // Nothing says any longer when it was: it stays a moment, that of the change.
    let written = ("2026-11-01".to_owned(), "2026-11-01T00:00:00Z".to_owned());
    assert_eq!(taken_back("rule", Value::Null), written);
    assert_eq!(taken_back("trigger", Value::Null), written);
}

#[test]
fn what_comes_back_has_its_next_day() {
    let fields = |planned: &str| json!({"key": "interim", "planned": planned, "actual": "2026-05-10", "repeat": "6m"});
    for (planned, date, note) in [
        ("2026-05-01", "2026-11-10", label!("agenda.expected").en),
        ("2026-10-20", "2026-10-20", label!("agenda.planned").en),
    ] {
        let mut doc = empty();
        add(&mut doc, kind::MILESTONE, None, fields(planned));
        let entries = days(&doc, Lang::En);
        assert_eq!(entries.len(), 1);
        let one = &entries[0];
        assert_eq!(
            (one.date.as_str(), one.note.as_str(), one.is_done),
            (date, note, false)
        );
    }
}

#[test]
fn a_reminder_does_not_come_before_what_set_the_deadline_off() {
    let entry = |key: &str, rule: &str, trigger: &str| {
        let mut doc = empty();
        let fields = json!({"key": key, "rule": rule, "trigger": trigger, "origin": "list/x@1"});
        add(&mut doc, kind::MILESTONE, None, fields);
        days(&doc, Lang::En).remove(0)
    };
    let hours = entry("sae_initial_device", "trigger+24h", "2026-11-27T22:15");
    assert_eq!(hours.date, "2026-11-28");
    assert_eq!(hours.at, "2026-11-28T22:15:00+08:00");
    assert_eq!(hours.remind, Some(TimeDelta::hours(2)));
    let short = entry("x", "trigger+2h", "2026-11-27T22:15");
    assert_eq!(short.remind, Some(TimeDelta::hours(1)));
    for (rule, ahead) in [
        ("trigger+15d", Some(7)),
        ("trigger+4d", Some(3)),
        ("trigger+0d", None),
    ] {
        let days = entry("x", rule, "2026-03-02");
        assert_eq!(days.at, "");
        assert_eq!(days.remind.map(|ahead| ahead.num_days()), ahead, "{rule}");
    }
}

#[test]
fn a_calendar_that_changed_counts_days_up_that_follow_from_it() {
    let mut doc = empty();
    let fields = json!({"name.en": "X", "rule": "trigger+10b", "trigger": "2026-12-25"});
    add(&mut doc, kind::MILESTONE, None, fields);
    let plan = crate::milestone::plan(&doc, crate::calendar::Calendar::builtin(), None);
    let mut writes = writes(&doc);
    let before = of_study(&doc, &plan, &writes, Lang::En).remove(0);
    writes.note_calendar(1, "2099-01-01T00:00:00Z".to_owned());
    let after = of_study(&doc, &plan, &writes, Lang::En).remove(0);
    assert_eq!(after.sequence, before.sequence + 1);
    assert_eq!(after.changed_at, "2099-01-01T00:00:00Z");
}

#[test]
fn what_the_sites_tell_has_happened_whatever_was_planned() {
    let mut doc = empty();
    let whole = json!({"key": "fpi", "rule": "first(site_fpi)", "planned": "2027-04-26"});
    add(&mut doc, kind::MILESTONE, None, whole);
    let site = add(&mut doc, kind::SITE, None, json!({"facility.en": "A"}));
    let told = json!({"key": "site_fpi", "actual": "2026-11-28"});
    add(&mut doc, kind::MILESTONE, Some(&site), told);
    let one = &days(&doc, Lang::En)[0];
    assert_eq!((one.date.as_str(), one.is_done), ("2026-11-28", true));
    assert_eq!((one.note.as_str(), one.remind), ("Done", None));
}

#[test]
fn a_day_that_may_move_says_so_and_why() {
    let mut doc = empty();
    set(&mut doc, "acronym", "ECHO-1");
    let fields = json!({"name.zh": "递交", "rule": "trigger+30b", "trigger": "2026-12-25"});
    add(&mut doc, kind::MILESTONE, None, fields);
    let planned = json!({"name.zh": "启动", "planned": "2027-06-01"});
    add(&mut doc, kind::MILESTONE, None, planned);
    let entries = days(&doc, Lang::Zh);
    assert_eq!(entries[0].title, "~递交 · ECHO-1");
    let why = label!("plan.provisional").fill(Lang::Zh, &[("year", "2027")]);
    let said = entries[0].note.lines().filter(|line| *line == why).count();
    assert_eq!(said, 1, "{}", entries[0].note);
    // A day that a person set is what it is.
    assert_eq!(entries[1].title, "启动 · ECHO-1");
    assert!(!entries[1].note.contains(&why));
}

#[test]
fn a_title_begins_with_what_happens_and_has_the_hospital_in_short() {
    let mut doc = empty();
    set(&mut doc, "acronym", "ECHO-1");
    set(&mut doc, "title.zh", "回声研究");
    let facility = json!({"facility.zh": "复旦大学附属华山医院"});
    let site = add(&mut doc, kind::SITE, None, facility);
    let fields = json!({"name.zh": "启动会", "planned": "2026-06-01"});
    add(&mut doc, kind::MILESTONE, Some(&site), fields);
    let one = &days(&doc, Lang::Zh)[0];
    assert_eq!(one.title, "启动会 · 华山 · ECHO-1");
    assert!(
        one.note
            .contains("启动会 · 复旦大学附属华山医院 · 回声研究"),
        "{}",
        one.note
    );
}

#[test]
fn a_partial_date_is_all_its_days() {
    let text = |date| span(date).map(|(from, to)| format!("{from} {to}"));
    assert_eq!(text("2026-02-28").as_deref(), Some("2026-02-28 2026-03-01"));
    assert_eq!(text("2026-12").as_deref(), Some("2026-12-01 2027-01-01"));
    assert_eq!(text("2028").as_deref(), Some("2028-01-01 2029-01-01"));
    for none in [
        "",
        "26-01",
        "2026-13",
        "2026-02-30",
        "2026-1-1-1",
        "9999-12-31",
        "+026",
    ] {
        assert_eq!(span(none), None, "{none}");
    }
}

#[test]
fn what_no_longer_applies_takes_itself_back() {
    let mut doc = study();
    let before = days(&doc, Lang::Zh);
    let gone = |entries: &[AgendaEntry]| -> Vec<String> {
        let gone = entries.iter().filter(|one| one.is_cancelled);
        gone.map(|one| one.title.clone()).collect()
    };
    assert_eq!(gone(&before), ["HGR · ECHO-1"]);
    let milestone = doc
        .entities
        .iter_mut()
        .find(|one| one.kind == kind::MILESTONE);
    let milestone = milestone.expect("a milestone");
    milestone.mark = EntityMark::Archived;
    let reason = register(&[json!("")], 2);
    milestone.fields.insert("archived".into(), reason);
    let site = doc.entities.iter_mut().find(|one| one.kind == kind::SITE);
    let cleared = register(&[json!(null)], 5);
    let fields = &mut site.expect("a site").fields;
    fields.insert("approvalValidUntil".into(), cleared);
    let after = days(&doc, Lang::Zh);
    let all = [
        "首例入组 · 中山医院 · ECHO-1",
        "HGR · ECHO-1",
        "伦理批件到期 · 中山医院 · ECHO-1",
    ];
    assert_eq!(gone(&after), all);
    for one in after.iter().filter(|one| one.is_cancelled) {
        let old = before
            .iter()
            .find(|old| old.uid == one.uid)
            .expect("it was there");
        let is_new = !old.is_cancelled;
        assert_eq!(one.sequence > old.sequence, is_new, "{one:?}");
        assert_eq!(one.remind, None);
        assert!(span(&one.date).is_some(), "{}", one.date);
    }
}

#[test]
fn what_is_taken_back_stands_where_calendars_have_it() {
    let mut doc = study();
    set(&mut doc, "title.zh", "changed later");
    let anchor = json!({"key": "fpi", "planned": "2026-06-01"});
    add(&mut doc, kind::MILESTONE, None, anchor);
    let by_rule = json!({"key": "x", "name.en": "X", "rule": "fpi+10d"});
    let by_rule = add(&mut doc, kind::MILESTONE, None, by_rule);
    let before = days(&doc, Lang::En);
    let day = |entries: &[AgendaEntry]| {
        let uid = uid_of(What::Milestone, &by_rule);
        let one = entries.iter().find(|one| one.uid == uid).expect("it");
        (one.date.clone(), one.is_cancelled, one.note.clone())
    };
    let (date, was_cancelled, _) = day(&before);
    assert!(!was_cancelled);
    let put = |doc: &mut StudyDoc, field: &str, value: serde_json::Value| {
        let entity = doc.entities.iter_mut().find(|one| one.id == by_rule);
        let fields = &mut entity.expect("it").fields;
        fields.insert(field.into(), register(&[value], 9));
    };
    put(&mut doc, "notApplicable", json!("no samples"));
    let (gone, is_cancelled, note) = day(&days(&doc, Lang::En));
    assert_eq!((gone, is_cancelled), (date, true));
    assert_eq!(note, label!("agenda.takenBack").en);
    // It applies, and nothing gives it a day any more.
    put(&mut doc, "notApplicable", json!(null));
    put(&mut doc, "rule", json!(null));
    let (_, is_cancelled, note) = day(&days(&doc, Lang::En));
    assert!(is_cancelled);
    assert_eq!(note, label!("agenda.noDay").en);
}

//! A check of the vault finds every kind of tampering, and is quiet otherwise.

use crate::world::{Laptop, edit, fields, new_study, set};
use desk::{HistoryScope, Reason};
use model::kind;
use serde_json::json;

#[test]
fn whatever_is_changed_behind_the_desk_is_named() {
    for (sql, code) in [
        (
            "UPDATE commits SET sig = replace(sig, 'ed25519:', 'ed25519:A') WHERE seq = 2",
            "signature",
        ),
        (
            "UPDATE commits SET bytes = CAST(replace(CAST(bytes AS TEXT), '\"tz\":480', '\"tz\":420') \
             AS BLOB) WHERE seq = 2",
            "signature",
        ),
        (
            "UPDATE commits SET bytes = x'7b7d' WHERE seq = 2",
            "unreadable",
        ),
        (
            "UPDATE commits SET hash = 'sha256:00' WHERE seq = 2",
            "hash",
        ),
        (
            "UPDATE payloads SET value = '\"伪\"' WHERE commit_id = 2 AND idx = 0",
            "signature",
        ),
        (
            "DELETE FROM payloads WHERE commit_id = 2 AND idx = 0",
            "payloadMissing",
        ),
        (
            "UPDATE ops SET value = '121' WHERE field = 'enrollment'",
            "ops",
        ),
        (
            "UPDATE heads SET cmp = '121' WHERE field = 'enrollment'",
            "derived",
        ),
        ("DELETE FROM heads WHERE field = 'enrollment'", "heads"),
        (
            "UPDATE places SET mark = 1 WHERE kind = 'contact'",
            "derived",
        ),
        (
            "UPDATE study_rows SET row = replace(row, '乙', '丙')",
            "derived",
        ),
        ("DELETE FROM search_index WHERE rowid = 1", "derived"),
        ("DELETE FROM numbers", "derived"),
        (
            "DELETE FROM ops WHERE commit_id = 4; DELETE FROM payloads WHERE commit_id = 4;
          DELETE FROM commits WHERE id = 4",
            "missing",
        ),
    ] {
        let mut laptop = Laptop::new(70, "李明");
        let study = new_study(&mut laptop.desk, "甲");
        set(&mut laptop.desk, &study, "title.zh", json!("乙"));
        set(&mut laptop.desk, &study, "enrollment", json!(120));
        let contact = fields(&[("name.zh", json!("王芳"))]);
        laptop
            .desk
            .add(&study, kind::CONTACT, None, contact, None)
            .unwrap();
        set(
            &mut laptop.desk,
            &study,
            "registry.nct",
            json!("NCT01234567"),
        );
        assert_eq!(laptop.desk.verify().unwrap().problems, []);
        let conn = laptop.desk.connection();
        conn.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        conn.execute_batch(sql).unwrap();
        let report = laptop.desk.verify().unwrap();
        assert!(
            report.problems.iter().any(|p| p.code == code),
            "{sql}: {:?}",
            report.problems
        );
        for problem in &report.problems {
            assert!(model::label::get(&format!("desk.problem.{}", problem.code)).is_some());
        }
        assert_eq!(
            laptop.desk.verify().unwrap(),
            report,
            "a check changes nothing"
        );
    }
}

#[test]
fn the_history_says_who_when_what_and_why() {
    let mut laptop = Laptop::new(71, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let change = edit(desk, &study, &study.root(), "title.zh", json!("乙"));
    desk.set(&study, change, Some(Reason::text("第2次伦理意见")))
        .unwrap();
    let site = fields(&[("facility.zh", json!("华山医院"))]);
    let (site, _) = desk.add(&study, kind::SITE, None, site, None).unwrap();
    let all = desk.history(&HistoryScope::All, 100, 0).unwrap();
    let fields: Vec<&str> = all.iter().map(|entry| entry.field.as_str()).collect();
    assert_eq!(fields, ["facility.zh", "title.zh", "status", "title.zh"]);
    assert_eq!(all[0].entity_name.zh, "华山医院");
    let entry = &all[1];
    assert_eq!(
        (entry.from.as_slice(), &entry.to),
        ([json!("甲")].as_slice(), &json!("乙"))
    );
    assert_eq!((entry.by_name.as_str(), entry.tz_minutes), ("李明", 480));
    assert_eq!(entry.why_text.as_deref(), Some("第2次伦理意见"));
    assert_eq!((entry.received_at.as_ref(), entry.device.len()), (None, 8));
    let page = desk
        .history(&HistoryScope::Study(study.clone()), 2, 1)
        .unwrap();
    assert_eq!(page, all[1..3]);
    let of_site = desk
        .history(&HistoryScope::Entity(study.clone(), site), 9, 0)
        .unwrap();
    assert_eq!(of_site, all[..1]);
    let field = HistoryScope::Field(study.clone(), study.root(), "title.zh".into());
    assert_eq!(desk.history(&field, 9, 0).unwrap().len(), 2);
}

#[test]
fn reasons_errors_and_complaints_have_words() {
    for code in ["resolved", "undo", "redo", "joined", "typed", "recovered"] {
        assert!(
            model::label::get(&format!("desk.why.{code}")).is_some(),
            "{code}"
        );
    }
    for remark in ["sameNumber", "handMade", "renamed"] {
        assert!(
            model::label::get(&format!("desk.import.{remark}")).is_some(),
            "{remark}"
        );
    }
    let mut laptop = Laptop::new(72, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let wrong = edit(desk, &study, &study.root(), "phase", json!("X"));
    let error = desk.set(&study, wrong, None).unwrap_err();
    assert!(model::label::get(&format!("desk.error.{}", error.code())).is_some());
    let complaint = error
        .params()
        .into_iter()
        .find(|(name, _)| *name == "complaint")
        .unwrap();
    assert!(model::label::get(&complaint.1).is_some());
}

/// What an older program wrote, whose rules were others, comes in like everything that is signed.
fn write_by_older_program(desk: &mut desk::Desk, study: &model::StudyId, site: &model::EntityId) {
    let key = ledger::DeviceKey::from_secret(&[7; 32]);
    let op = |field: &str, value: serde_json::Value| ledger::Op {
        e: site.to_string(),
        k: kind::SITE.into(),
        f: field.into(),
        p: Vec::new(),
        saw: Vec::new(),
        v: ledger::OpValue::Inline(value),
        extra: serde_json::Map::new(),
    };
    let commit = ledger::Commit {
        stream: study.to_string(),
        dev: key.id(),
        key: Some(key.public().to_text()),
        seq: 1,
        prev: None,
        deps: std::collections::BTreeMap::new(),
        lam: 1,
        at: "2025-01-06T08:00:00.000Z".into(),
        tz_minutes: 480,
        skew_ms: None,
        by: "p-old".into(),
        role: None,
        app: "0.0.1".into(),
        schema: 1,
        why: None,
        src: None,
        re: None,
        adopts: None,
        ops: vec![
            op("status", json!("SOON")),
            op("plannedEnrollment", json!("many")),
            op("fieldOfTomorrow", json!("x")),
        ],
        extra: serde_json::Map::new(),
    };
    let page = vec![desk::Pulled {
        sseq: 1,
        received_at: "2025-01-06T08:00:01.000Z".into(),
        receipt: String::new(),
        quarantined: false,
        frame: ledger::Frame::seal(&commit, Vec::new(), &key).unwrap(),
    }];
    let taken = desk.accept(study.as_str(), 0, 1, page).unwrap();
    assert_eq!(taken.problems, []);
}

#[test]
fn f72_values_that_a_new_rule_would_not_take_are_kept_and_said() {
    let mut li = Laptop::new(31, "李明");
    let study = new_study(&mut li.desk, "甲");
    let city = fields(&[("city", json!("上海"))]);
    let (site, _) = li.desk.add(&study, kind::SITE, None, city, None).unwrap();
    let renew = |li: Laptop| {
        let older = "DROP INDEX commits_aside; DROP INDEX commits_sseq; DROP INDEX commits_held;
            PRAGMA user_version = 3";
        li.desk.connection().execute_batch(older).unwrap();
        li.reopen()
    };
    let said = |li: &mut Laptop| {
        let notes = li.desk.vault().notes.iter();
        notes
            .filter(|note| note.code() == "vault.note_values_unfit")
            .count()
    };
    let mut li = renew(li);
    assert_eq!(said(&mut li), 0, "every value fits");
    write_by_older_program(&mut li.desk, &study, &site);
    let mut li = renew(li);
    assert_eq!(said(&mut li), 1);
    let value = |li: &Laptop, field| crate::world::values(&li.desk, &study, &site, field);
    assert_eq!(value(&li, "status"), [json!("SOON")]);
    assert_eq!(value(&li, "plannedEnrollment"), [json!("many")]);
    let places = |fields: &[&str]| -> Vec<String> {
        let place = |field: &&str| format!("{study} site/{site}/{field}");
        fields.iter().map(place).collect()
    };
    let report = li.desk.verify().unwrap();
    assert_eq!(report.problems, []);
    assert_eq!(report.unfit, places(&["plannedEnrollment", "status"]));
    // It is written over like any value, and by nothing that does not fit.
    let same = edit(&li.desk, &study, &site, "status", json!("LATER"));
    assert_eq!(
        li.desk.set(&study, same, None).unwrap_err().code(),
        "invalid"
    );
    let fits = edit(&li.desk, &study, &site, "status", json!("RECRUITING"));
    li.desk.set(&study, fits, None).unwrap();
    assert_eq!(value(&li, "status"), [json!("RECRUITING")]);
    let mut li = li.reopen();
    assert_eq!(said(&mut li), 0, "said when the rule came");
    assert_eq!(
        li.desk.verify().unwrap().unfit,
        places(&["plannedEnrollment"])
    );
}

#[test]
fn a_change_is_named_in_each_language_with_the_hospital_it_is_about() {
    let mut laptop = Laptop::new(71, "李明");
    let study = new_study(&mut laptop.desk, "甲");
    let site = fields(&[
        ("facility.zh", json!("华山医院")),
        ("facility.en", json!("Huashan Hospital")),
    ]);
    let desk = &mut laptop.desk;
    let (site, _) = desk.add(&study, kind::SITE, None, site, None).unwrap();
    let visit = fields(&[
        ("name.zh", json!("启动会")),
        ("name.en", json!("Initiation visit")),
    ]);
    desk.add(&study, kind::MILESTONE, Some(site), visit, None)
        .unwrap();
    let newest = desk.history(&HistoryScope::All, 1, 0).unwrap().remove(0);
    let names = |lang| (newest.place.text(lang), newest.entity_name.text(lang));
    assert_eq!(names(model::Lang::Zh), ("华山医院", "启动会"));
    let en = names(model::Lang::En);
    assert_eq!(en, ("Huashan Hospital", "Initiation visit"));
}

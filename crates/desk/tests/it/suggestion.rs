//! What a conflict goes back to, and suggestions.

use crate::protocol::{block, id, meet, save, set, text};
use crate::referee::Referee;
use crate::version::protocol;
use crate::world::{Laptop, fields, values};
use desk::Desk;
use model::kind;
use model::protocol::ProtocolChange;
use serde_json::json;

#[test]
fn a_conflict_goes_back_to_what_both_started_from() {
    let (mut center, mut a, mut b) = (
        Referee::default(),
        Laptop::new(216, "李明"),
        Laptop::new(217, "王芳"),
    );
    let study = protocol(&mut a.desk);
    meet(&mut center, &mut a, &mut b);
    let base = |desk: &Desk, field: &str| desk.conflict_base(&study, &id(11), field).unwrap();
    assert_eq!(base(&a.desk, "text.zh"), None);
    for (laptop, texts) in [
        (&mut a, ["口服 8 mg", "口服 10 mg"]),
        (&mut b, ["静注 5 mg", "静注 15 mg"]),
    ] {
        for text in texts {
            let change = set(&laptop.desk, &study, 11, "text.zh", json!(text));
            save(&mut laptop.desk, &study, vec![change]);
        }
        let change = set(&laptop.desk, &study, 11, "text.en", json!(texts[0]));
        save(&mut laptop.desk, &study, vec![change]);
    }
    meet(&mut center, &mut a, &mut b);
    for desk in [&a.desk, &b.desk] {
        assert_eq!(values(desk, &study, &id(11), "text.zh").len(), 2);
        assert_eq!(base(desk, "text.zh"), Some(json!("口服 5 mg")));
        // Nobody had written the other language before.
        assert_eq!(base(desk, "text.en"), None);
    }
}

fn suggestion(n: u32, at: u32, kind: &str, from: &str, to: &str) -> ProtocolChange {
    ProtocolChange::Add {
        id: id(n),
        kind: kind::SUGGESTION.into(),
        parent: Some(id(at)),
        after: None,
        fields: fields(&[
            ("kind", json!(kind)),
            ("lang", json!("zh")),
            ("from", json!(from)),
            ("to", json!(to)),
            ("author", json!("审阅人")),
            ("status", json!("open")),
        ]),
    }
}

#[test]
fn suggestions_are_taken_or_dismissed_in_one_step() {
    let mut laptop = Laptop::new(218, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let mut pending = block(13, 1, Some(12), "新段");
    if let ProtocolChange::Add { fields, .. } = &mut pending {
        fields.insert("pending".into(), json!(true));
    }
    let changes = vec![
        pending,
        suggestion(81, 11, "change", "口服 5 mg", "口服 10 mg"),
        suggestion(82, 12, "remove", "每日一次", ""),
        suggestion(83, 13, "add", "", "新段"),
        suggestion(84, 21, "comment", "", ""),
    ];
    save(desk, &study, changes);
    let before = ["# 目的", "口服 5 mg", "每日一次", "# 设计", "随机"];
    assert_eq!(text(desk, &study), before);
    let n = |desk: &Desk| {
        desk.hindrances(&study)
            .unwrap()
            .first()
            .map_or(0, |one| one.n)
    };
    assert_eq!(n(desk), 4);
    for (accept, after) in [
        (true, vec!["# 目的", "口服 10 mg", "新段", "# 设计", "随机"]),
        (false, before.to_vec()),
    ] {
        for suggestion in [81, 82, 83, 84] {
            desk.suggestion_settle(&study, &id(suggestion), accept)
                .unwrap();
            let again = desk
                .suggestion_settle(&study, &id(suggestion), !accept)
                .unwrap();
            assert!(again.topics.is_empty());
        }
        assert_eq!(
            (text(desk, &study), n(desk)),
            (after.iter().map(|t| (*t).to_owned()).collect(), 0)
        );
        for _ in 0..4 {
            desk.undo().unwrap().unwrap();
        }
        assert_eq!(
            (text(desk, &study), n(desk)),
            (before.map(str::to_owned).to_vec(), 4)
        );
    }
    let error = desk.suggestion_settle(&study, &id(11), true).unwrap_err();
    assert_eq!(error.code(), "notFound");
    // Nobody puts a dose together with what somebody else wrote into its sentence meanwhile.
    for now in ["餐后口服 5 mg", "口服 15 mg"] {
        let change = set(desk, &study, 11, "text.zh", json!(now));
        save(desk, &study, vec![change]);
        let answer = desk.suggestion_settle(&study, &id(81), true);
        assert_eq!(answer.unwrap_err().code(), "textChanged");
    }
    // A text in conflict is settled first.
    let old = set(desk, &study, 11, "text.zh", json!("甲"));
    let change = set(desk, &study, 11, "text.zh", json!("乙"));
    save(desk, &study, vec![change]);
    save(desk, &study, vec![old]);
    let error = desk.suggestion_settle(&study, &id(81), true).unwrap_err();
    assert_eq!(error.code(), "textChanged");
    assert_eq!(desk.verify().unwrap().problems, []);
}

#[test]
fn a_removal_takes_what_the_reviewer_saw_and_no_more() {
    let mut laptop = Laptop::new(219, "李明");
    let desk = &mut laptop.desk;
    let study = protocol(desk);
    let english = set(desk, &study, 12, "text.en", json!("Once daily"));
    let changes = vec![
        suggestion(81, 11, "remove", "口服 5 mg", ""),
        suggestion(82, 12, "remove", "每日一次", ""),
        suggestion(83, 21, "add", "", "随机"),
        english,
    ];
    save(desk, &study, changes);
    // The text was worked on since.
    let change = set(desk, &study, 11, "text.zh", json!("口服 10 mg"));
    save(desk, &study, vec![change]);
    let error = desk.suggestion_settle(&study, &id(81), true).unwrap_err();
    assert_eq!(error.code(), "textChanged");
    // The other language stays.
    desk.suggestion_settle(&study, &id(82), true).unwrap();
    assert_eq!(values(desk, &study, &id(12), "text.zh"), [json!(null)]);
    assert_eq!(
        values(desk, &study, &id(12), "text.en"),
        [json!("Once daily")]
    );
    // What was taken in elsewhere is text like any other.
    desk.suggestion_settle(&study, &id(83), false).unwrap();
    assert_eq!(
        text(desk, &study),
        ["# 目的", "口服 10 mg", "", "# 设计", "随机"]
    );
}

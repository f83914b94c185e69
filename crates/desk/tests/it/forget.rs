//! Somebody is forgotten: nothing that this vault shows, finds, prints or sends says who she was,
//! and chain and signatures still verify.

use crate::referee::Referee;
use crate::world::{Laptop, doc, fields, new_study};
use desk::{Desk, DeskError, Edit, HistoryScope, PeopleFilter};
use model::{EntityId, Lang, Link, StudyId, kind};
use serde_json::{Value, json};

const SECRETS: [&str; 6] = [
    "王小芳",
    "王大芳",
    "13900139777",
    "13900139778",
    "xiaofang@example.org",
    "只在周三",
];

struct Story {
    study: StudyId,
    wang: EntityId,
    entry: EntityId,
}

/// A person with a history, a conflict, a draft, an entry of a delegation log and a contact.
fn story(desk: &mut Desk) -> Story {
    let directory = desk.directory();
    let pairs = fields(&[
        ("name.zh", json!("王大芳")),
        ("mobile", json!("13900139777")),
        ("email", json!("xiaofang@example.org")),
        ("note", json!("只在周三")),
    ]);
    let wang = desk.add(&directory, kind::INDIVIDUAL, None, pairs, None);
    let wang = wang.unwrap().0;
    put(desk, &wang, "name.zh", json!("王小芳"));
    let pairs = fields(&[("kind", json!("GCP")), ("note", json!("只在周三"))]);
    desk.add(
        &directory,
        kind::CREDENTIAL,
        Some(wang.clone()),
        pairs,
        None,
    )
    .unwrap();
    let study = new_study(desk, "试验");
    let link = Link {
        entity: wang.clone(),
        directory,
    };
    let pairs = fields(&[
        ("person", link.to_value()),
        ("role", json!("CRC")),
        ("from", json!("2026-01-01")),
        ("note", json!("王小芳只在周三")),
    ]);
    let entry = desk.add(&study, kind::ASSIGNMENT, None, pairs, None);
    let pairs = fields(&[
        ("name.zh", json!("王小芳")),
        ("phone", json!("13900139777")),
        ("directory.person", link.to_value()),
    ]);
    desk.add(&study, kind::CONTACT, None, pairs, None).unwrap();
    Story {
        study,
        wang,
        entry: entry.unwrap().0,
    }
}

fn put(desk: &mut Desk, id: &EntityId, field: &str, value: Value) {
    let sheet = desk.person_sheet(id).unwrap();
    let register = sheet.entity.fields.get(field);
    let edit = Edit {
        entity: id.clone(),
        field: field.to_owned(),
        value,
        seen: register.map(model::Register::seen).unwrap_or_default(),
    };
    desk.set(&sheet.row.directory, edit, None).unwrap();
}

/// Everything that a vault can be made to say, in one text.
fn everything(desk: &mut Desk, story: &Story) -> String {
    let filter = PeopleFilter {
        archived: true,
        limit: 100,
        ..PeopleFilter::default()
    };
    let study = doc(desk, &story.study);
    let mut all = vec![
        serde_json::to_string(&study).unwrap(),
        format!("{:?}", desk.people(&filter).unwrap()),
        format!("{:?}", desk.person_sheet(&story.wang).ok()),
        format!("{:?}", desk.directory_conflicts().unwrap()),
        format!("{:?}", desk.conflicts().unwrap()),
        format!("{:?}", desk.delegation(&story.study, None).unwrap()),
        format!("{:?}", desk.cards(None, &[], Lang::Zh).unwrap()),
        format!(
            "{:?}",
            desk.cards(Some(&story.study), &[], Lang::Zh).unwrap()
        ),
        format!("{:?}", desk.drafts(&story.study).unwrap()),
    ];
    all.push(format!(
        "{:?}",
        desk.history(&HistoryScope::All, 1000, 0).unwrap()
    ));
    for secret in SECRETS {
        all.push(format!("{:?}", desk.search(secret, 10).unwrap()));
    }
    all.join("\n")
}

fn assert_silent(desk: &mut Desk, story: &Story) {
    let said = everything(desk, story);
    for secret in SECRETS {
        let at = said.find(secret);
        let near = at.map(|at| {
            said[at.saturating_sub(200)..]
                .chars()
                .take(400)
                .collect::<String>()
        });
        assert_eq!(near, None, "{secret} is still said");
    }
    // What is stored says no more than what is shown.
    let n: i64 = desk
        .connection()
        .query_row(
            "SELECT count(*) FROM payloads WHERE value LIKE '%13900139%' OR value LIKE '%芳%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(n, 0);
    let report = desk.verify().unwrap();
    assert_eq!(report.problems, []);
}

#[test]
fn nothing_says_who_she_was_here_and_on_another_laptop() {
    let mut center = Referee::default();
    let (mut li, mut wu) = (Laptop::new(720, "李明"), Laptop::new(721, "吴越"));
    let story = story(&mut li.desk);
    for _ in 0..2 {
        center.sync(&mut li.desk);
        center.sync(&mut wu.desk);
    }
    // Two numbers at once: a conflict, which holds both.
    put(&mut li.desk, &story.wang, "mobile", json!("13900139778"));
    put(&mut wu.desk, &story.wang, "mobile", json!("13900139779"));
    for _ in 0..2 {
        center.sync(&mut li.desk);
        center.sync(&mut wu.desk);
    }
    assert_eq!(li.desk.directory_conflicts().unwrap().len(), 1);
    let directory = li.desk.directory();
    li.desk
        .draft_put(&directory, &story.wang, "note", &json!("只在周三"), &[])
        .unwrap();
    assert!(everything(&mut li.desk, &story).contains("王小芳"));

    let refused = li.desk.forget_person(&story.wang, " ");
    assert!(matches!(refused, Err(DeskError::WhyMissing)));
    li.desk.forget_person(&story.wang, "本人书面要求").unwrap();
    assert_silent(&mut li.desk, &story);
    // That it was done, and why, stays; so do the role and its days.
    let history = li.desk.history(&HistoryScope::All, 1000, 0).unwrap();
    assert!(format!("{history:?}").contains("本人书面要求"));
    let log = li.desk.delegation(&story.study, None).unwrap();
    assert_eq!(
        (log[0].role.as_str(), log[0].from.as_str()),
        ("CRC", "2026-01-01")
    );
    // No step back brings her back, and nothing new sticks to her.
    assert_eq!(li.desk.undo().unwrap(), None);
    let edit = Edit {
        entity: story.wang.clone(),
        field: "name.zh".to_owned(),
        value: json!("王小芳"),
        seen: Vec::new(),
    };
    let again = li.desk.set(&directory, edit, None);
    assert!(matches!(again, Err(DeskError::ReadOnlyField { .. })));
    let twice = li.desk.forget_person(&story.wang, "x");
    assert!(matches!(twice, Err(DeskError::NotFound { .. })));

    // The other laptop edits her before it learns of it; it forgets what it has, and the edit too.
    put(&mut wu.desk, &story.wang, "mobile", json!("13900139778"));
    for _ in 0..2 {
        center.sync(&mut wu.desk);
        center.sync(&mut li.desk);
    }
    assert_silent(&mut wu.desk, &story);
    assert_silent(&mut li.desk, &story);
    assert_eq!(li.desk.digest().unwrap(), wu.desk.digest().unwrap());
    // A laptop that comes new never shows her.
    let mut zhou = Laptop::new(722, "周舟");
    center.sync(&mut zhou.desk);
    center.sync(&mut zhou.desk);
    assert_silent(&mut zhou.desk, &story);
    assert!(doc(&zhou.desk, &story.study).entity(&story.entry).is_some());
    let mut again = li.reopen();
    assert_silent(&mut again.desk, &story);
}

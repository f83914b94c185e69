//! How many conflicts there are: on today's list, on the badge and in the list of conflicts alike.

use crate::referee::Referee;
use crate::world::{Laptop, doc, edit, fields};
use desk::{Desk, NewStudy};
use model::milestone::today::Reason;
use model::{EntityId, StudyId, kind};
use serde_json::json;

/// Lines of conflicts on today's list, and how many there are by all three counts.
fn counted(desk: &Desk) -> (usize, u64) {
    let today = desk.today(30).unwrap();
    let lines = today.lines.iter();
    let n_lines = lines.filter(|line| line.reason == Reason::Conflict).count();
    let n = u64::from(today.counts.conflict);
    assert_eq!(n, desk.n_conflicts().unwrap());
    assert_eq!(n, desk.conflicts().unwrap().len() as u64);
    (n_lines, n)
}

fn meet(center: &mut Referee, study: &StudyId, desks: [&mut Desk; 2]) {
    let mut desks = desks;
    for _ in 0..2 {
        for desk in &mut desks {
            center.push_one(desk, study.as_str());
            desk.subscribe(study.as_str()).unwrap();
            center.pull(desk, study.as_str());
        }
    }
}

#[test]
fn every_field_in_conflict_counts_once_however_many_lines_say_so() {
    let mut center = Referee::default();
    let (mut hers, mut his) = (Laptop::new(181, "李明"), Laptop::new(182, "王芳"));
    let new = NewStudy {
        fields: fields(&[("title.zh", json!("卒中研究"))]),
        template: Some("cn-iit-interventional".into()),
        hospitals: vec!["ruijin".into()],
    };
    let study = hers.desk.create_study(&new).unwrap().0;
    meet(&mut center, &study, [&mut hers.desk, &mut his.desk]);
    assert_eq!(counted(&hers.desk), (0, 0));
    let milestone = |desk: &Desk| -> EntityId {
        let doc = doc(desk, &study);
        let mut milestones = doc.of_kind(kind::MILESTONE);
        let found = milestones.find(|one| one.text("key") == "siv");
        found.unwrap().id.clone()
    };
    let siv = milestone(&hers.desk);
    // A milestone's rival days have a line of their own; other fields of a study share one.
    for (desk, day, title) in [
        (&mut hers.desk, "2026-11-19", "甲"),
        (&mut his.desk, "2026-11-20", "乙"),
    ] {
        let written = [
            (&siv, "actual", day),
            (&study.root(), "title.zh", title),
            (&study.root(), "acronym", title),
        ];
        for (entity, field, value) in written {
            let change = edit(desk, &study, entity, field, json!(value));
            desk.set(&study, change, Some(desk::Reason::text("核对")))
                .unwrap();
        }
    }
    meet(&mut center, &study, [&mut hers.desk, &mut his.desk]);
    assert_eq!(counted(&hers.desk), (2, 3));
    // The list of conflicts has those of a study that was put aside as well.
    hers.desk.archive_study(&study).unwrap();
    assert_eq!(counted(&hers.desk), (1, 3));
    hers.desk.restore_study(&study).unwrap();
    let settled = edit(&hers.desk, &study, &siv, "actual", json!("2026-11-19"));
    hers.desk.resolve(&study, settled, "会议纪要").unwrap();
    assert_eq!(counted(&hers.desk), (1, 2));
}

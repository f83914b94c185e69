//! What was done before what has to come first, as a line of today's list.

use crate::world::{Laptop, doc, edit, fields};
use desk::{Desk, NewStudy, Reason as Why};
use model::milestone::today::{Reason, TodayLine};
use model::{EntityId, StudyId, kind};
use serde_json::json;

fn early(desk: &Desk) -> Vec<TodayLine> {
    let today = desk.today(30).unwrap();
    let lines = today.lines.into_iter();
    let lines: Vec<_> = lines.filter(|line| line.reason == Reason::Early).collect();
    assert_eq!(usize::try_from(today.counts.early), Ok(lines.len()));
    lines
}

fn done(desk: &mut Desk, study: &StudyId, milestone: &EntityId) {
    let edit = edit(desk, study, milestone, "actual", json!("2026-11-30"));
    desk.set(study, edit, Some(Why::text("补录"))).unwrap();
}

#[test]
fn a_first_participant_before_the_gates_is_a_line_until_they_are_done() {
    let mut laptop = Laptop::new(740, "李明");
    let desk = &mut laptop.desk;
    let new = NewStudy {
        fields: fields(&[("title.zh", json!("卒中研究"))]),
        template: Some("cn-iit-interventional".into()),
        hospitals: vec!["ruijin".into()],
    };
    let (study, _) = desk.create_study(&new).unwrap();
    let site = doc(desk, &study)
        .of_kind(kind::SITE)
        .next()
        .unwrap()
        .id
        .clone();
    assert_eq!(early(desk), []);
    let row = |desk: &Desk| {
        let plan = desk.plan(&study).unwrap();
        let lane = plan.lane(Some(&site)).unwrap();
        lane.milestone("site_fpi").unwrap().clone()
    };
    let first = row(desk);
    done(desk, &study, &first.id);
    let missing = row(desk).missing;
    assert!(missing.len() > 1);
    // One line, at the site where it was noted; the study's own day only follows from it.
    let lines = early(desk);
    let found: Vec<_> = lines
        .iter()
        .map(|line| (line.entity.as_ref(), line.field.as_str(), line.n as usize))
        .collect();
    assert_eq!(found, [(Some(&first.id), "actual", missing.len())]);
    assert_eq!(lines[0].site.as_ref(), Some(&site));
    // One after the other is done: the last one takes the line away, though it came too late.
    for milestone in &missing {
        assert!(early(desk).iter().any(|line| line.key == "site_fpi"));
        done(desk, &study, milestone);
    }
    assert!(early(desk).iter().all(|line| line.key != "site_fpi"));
    assert_eq!(desk.verify().unwrap().problems, []);
}

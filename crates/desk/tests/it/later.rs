//! Whatever comes after a version was frozen: it says what it said, on every laptop.

use crate::protocol::{archive, block, id, save, set};
use crate::records::{record, site};
use crate::referee::{Referee, connect};
use crate::version::{freeze, number, protocol};
use crate::world::{Laptop, doc, set as set_field};
use desk::Freeze;
use model::protocol::ProtocolChange;
use model::{EntityId, StudyDoc, StudyId};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::cell::RefCell;

/// What happens after a version was frozen.
#[derive(Clone, Debug)]
enum Later {
    Set { who: usize, n: u32, value: u8 },
    Fact { who: usize, value: u8 },
    Archive { who: usize, n: u32 },
    Restore { who: usize, n: u32 },
    Move { who: usize, n: u32 },
    Add { who: usize, n: u32 },
    Import { version: u8 },
    Undo { who: usize },
    Freeze { who: usize },
    Meet,
}

fn later() -> impl Strategy<Value = Vec<Later>> {
    let who = 0..2_usize;
    let n = prop_oneof![Just(11_u32), Just(12), Just(21), Just(1), Just(2)];
    let step = prop_oneof![
        4 => (who.clone(), n.clone(), 0..4_u8).prop_map(|(who, n, value)| Later::Set { who, n, value }),
        2 => (who.clone(), 0..3_u8).prop_map(|(who, value)| Later::Fact { who, value }),
        2 => (who.clone(), n.clone()).prop_map(|(who, n)| Later::Archive { who, n }),
        1 => (who.clone(), n.clone()).prop_map(|(who, n)| Later::Restore { who, n }),
        2 => (who.clone(), n).prop_map(|(who, n)| Later::Move { who, n }),
        1 => (who.clone(), 30..34_u32).prop_map(|(who, n)| Later::Add { who, n }),
        1 => (0..3_u8).prop_map(|version| Later::Import { version }),
        3 => who.clone().prop_map(|who| Later::Undo { who }),
        1 => who.prop_map(|who| Later::Freeze { who }),
        2 => Just(Later::Meet),
    ];
    prop::collection::vec(step, 1..25)
}

#[test]
fn f54_whatever_comes_later_a_version_says_what_it_said() {
    let laptops = RefCell::new((Laptop::new(220, "李明"), Laptop::new(221, "王芳"), 0_u32));
    let config = ProptestConfig {
        cases: 64,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    // Lives that once went wrong.
    let undo = Later::Undo { who: 0 };
    let archive = Later::Archive { who: 1, n: 11 };
    for steps in [
        vec![undo.clone()],
        vec![archive, Later::Meet, undo, Later::Freeze { who: 1 }],
    ] {
        live(&mut laptops.borrow_mut(), &steps).unwrap();
    }
    proptest::test_runner::TestRunner::new(config)
        .run(&later(), |steps| live(&mut laptops.borrow_mut(), &steps))
        .unwrap();
    let (a, b, _) = laptops.into_inner();
    for laptop in [a, b] {
        assert_eq!(laptop.desk.verify().unwrap().problems, []);
    }
}

fn live((a, b, n_case): &mut (Laptop, Laptop, u32), steps: &[Later]) -> Result<(), TestCaseError> {
    // A center of its own for each case keeps the rounds short.
    let mut center = Referee::default();
    *n_case += 1;
    let nct = format!("NCT{n_case:08}");
    let study = protocol(&mut a.desk);
    set_field(&mut a.desk, &study, "registry.nct", json!(nct));
    exchange(&mut center, &study, a, b);
    let version = freeze(&mut a.desk, &study, "1.0", "2026-11-25");
    exchange(&mut center, &study, a, b);
    let frozen: StudyDoc = a.desk.version_doc(&study, &version).unwrap();
    let row = a.desk.standing(&study).unwrap().versions.remove(0);
    let mut n_frozen = 0;
    for step in steps {
        take(&mut center, &study, (a, b), (&nct, &mut n_frozen), step);
        for desk in [&a.desk, &b.desk] {
            prop_assert_eq!(&desk.version_doc(&study, &version).unwrap(), &frozen);
        }
    }
    exchange(&mut center, &study, a, b);
    for laptop in [&mut *a, &mut *b] {
        connect(&mut laptop.desk);
        let standing = laptop.desk.standing(&study).unwrap();
        prop_assert!(standing.versions.iter().all(|version| version.confirmed));
        laptop.desk.clear_center().unwrap();
    }
    for desk in [&a.desk, &b.desk] {
        prop_assert_eq!(&desk.version_doc(&study, &version).unwrap(), &frozen);
        let standing = desk.standing(&study).unwrap();
        // Taken back in its sitting it is out of the lists, and what it says can still be read.
        if let Some(now) = standing.version(&version) {
            prop_assert_eq!((&now.hash, &now.content), (&row.hash, &row.content));
        }
        prop_assert!(standing.versions.iter().all(|version| version.intact));
        // Equal content, equal hash, and the other way round.
        for one in &standing.versions {
            let said = |id: &EntityId| model::protocol::of(&desk.version_doc(&study, id).unwrap());
            prop_assert_eq!(said(&one.id) == said(&version), one.content == row.content);
        }
    }
    prop_assert_eq!(
        a.desk.standing(&study).unwrap(),
        b.desk.standing(&study).unwrap()
    );
    Ok(())
}

fn exchange(center: &mut Referee, study: &StudyId, a: &mut Laptop, b: &mut Laptop) {
    for _ in 0..2 {
        for desk in [&mut a.desk, &mut b.desk] {
            center.push_one(desk, study.as_str());
            desk.subscribe(study.as_str()).unwrap();
            center.pull(desk, study.as_str());
        }
    }
}

fn take(
    center: &mut Referee,
    study: &StudyId,
    (a, b): (&mut Laptop, &mut Laptop),
    (nct, n_frozen): (&str, &mut u32),
    step: &Later,
) {
    let desk = |who: usize| -> usize { who };
    let both = [&mut a.desk, &mut b.desk];
    match *step {
        Later::Set { who, n, value } => {
            let desk = &mut *both[desk(who)];
            let field = if n < 10 { "title.zh" } else { "text.zh" };
            let value: Value = [
                json!(null),
                json!("口服 5 mg"),
                json!("口服 10 mg"),
                json!("乙"),
            ][value as usize]
                .clone();
            let change = set(desk, study, n, field, value);
            save(desk, study, vec![change]);
        }
        Later::Fact { who, value } => {
            let desk = &mut *both[desk(who)];
            set_field(desk, study, "enrollment", json!(100 + value));
        }
        Later::Archive { who, n } => {
            let desk = &mut *both[desk(who)];
            let change = archive(desk, study, n);
            save(desk, study, vec![change]);
        }
        Later::Restore { who, n } => {
            save(
                both[desk(who)],
                study,
                vec![ProtocolChange::Restore { entity: id(n) }],
            );
        }
        Later::Move { who, n } => {
            let parent = (n > 10).then(|| id(2));
            let change = ProtocolChange::Move {
                entity: id(n),
                parent,
                after: None,
            };
            save(both[desk(who)], study, vec![change]);
        }
        Later::Add { who, n } => {
            let desk = &mut *both[desk(who)];
            let n = n + 10 * who as u32;
            if doc(desk, study).entity(&id(n)).is_none() {
                save(desk, study, vec![block(n, 1, None, "新")]);
            }
        }
        Later::Import { version } => {
            let sites = [site("Ruijin#0", "Shanghai 200025", 0, "RECRUITING")];
            let mut record = record(&format!("2026-0{}-01", version + 1), "A trial", &sites);
            record.source_id = nct.to_owned();
            record.fields.insert("registry.nct".into(), nct.into());
            record.fields.insert("enrollment".into(), json!(version));
            both[0].import(&record).unwrap();
        }
        Later::Undo { who } => {
            both[desk(who)].undo().unwrap();
        }
        Later::Freeze { who } => {
            let desk = &mut *both[desk(who)];
            *n_frozen += 1;
            let leave_out = desk
                .hindrances(study)
                .unwrap()
                .into_iter()
                .map(|one| one.path)
                .collect();
            let freeze = Freeze {
                leave_out,
                ..number(&format!("2.{n_frozen}"), "2026-12-01")
            };
            desk.version_freeze(study, freeze).unwrap();
        }
        Later::Meet => exchange(center, study, a, b),
    }
}

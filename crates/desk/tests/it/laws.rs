//! Laws over random lives of three laptops: nothing is lost, all agree, tables equal the rules.

use crate::referee::Referee;
use crate::world::{Laptop, doc, fields, new_study};
use desk::{Desk, Edit};
use ledger::{EntityState, OpId, OpValue, State};
use model::{EntityId, EntityMark, StudyDoc, StudyId, kind};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;
use std::cell::RefCell;
use std::collections::BTreeSet;

const N_CASES: u32 = 96;
const FIELDS: [&str; 3] = ["title.zh", "acronym", "enrollment"];

/// One step of a life; `who` is the laptop.
#[derive(Clone, Debug)]
enum Step {
    /// Opens a form on a field of the study, or of the newest contact.
    Form {
        who: usize,
        field: usize,
        on_contact: bool,
    },
    /// Saves the form that has been open longest, however old.
    Save {
        who: usize,
        value: u8,
    },
    Add {
        who: usize,
    },
    Archive {
        who: usize,
    },
    Restore {
        who: usize,
    },
    Undo {
        who: usize,
    },
    Push {
        who: usize,
    },
    Pull {
        who: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0..3_usize;
    let step = prop_oneof![
        4 => (who.clone(), 0..3_usize, any::<bool>())
            .prop_map(|(who, field, on_contact)| Step::Form { who, field, on_contact }),
        6 => (who.clone(), 0..4_u8).prop_map(|(who, value)| Step::Save { who, value }),
        1 => who.clone().prop_map(|who| Step::Add { who }),
        1 => who.clone().prop_map(|who| Step::Archive { who }),
        1 => who.clone().prop_map(|who| Step::Restore { who }),
        1 => who.clone().prop_map(|who| Step::Undo { who }),
        2 => who.clone().prop_map(|who| Step::Push { who }),
        3 => who.prop_map(|who| Step::Pull { who }),
    ];
    prop::collection::vec(step, 1..40)
}

/// Three laptops and a center that outlive the cases; every case has a study of its own.
struct World {
    center: Referee,
    laptops: Vec<Laptop>,
}

#[test]
fn whatever_happens_nothing_is_lost_and_all_agree() {
    let laptops = (0..3).map(|n| Laptop::new(50 + n, ["李明", "王芳", "周文"][n as usize]));
    let world = RefCell::new(World {
        center: Referee::default(),
        laptops: laptops.collect(),
    });
    let config = Config {
        cases: N_CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    runner
        .run(&steps(), |steps| live(&mut world.borrow_mut(), &steps))
        .unwrap();
    let mut world = world.into_inner();
    let digests: BTreeSet<String> = world
        .laptops
        .iter()
        .map(|laptop| laptop.desk.digest().unwrap())
        .collect();
    assert_eq!(digests.len(), 1);
    for laptop in &mut world.laptops {
        assert_eq!(laptop.desk.verify().unwrap().problems, []);
    }
}

fn live(world: &mut World, steps: &[Step]) -> Result<(), TestCaseError> {
    let World { center, laptops } = world;
    let study = new_study(&mut laptops[0].desk, "甲");
    let contact = fields(&[("name.zh", json!("周文"))]);
    laptops[0]
        .desk
        .add(&study, kind::CONTACT, None, contact, None)
        .unwrap();
    for laptop in laptops.iter_mut() {
        center.sync(&mut laptop.desk);
    }
    let mut forms: Vec<Vec<Edit>> = vec![Vec::new(); laptops.len()];
    for step in steps {
        take(center, laptops, &study, &mut forms, step);
    }
    for _ in 0..2 {
        for laptop in laptops.iter_mut() {
            center.sync(&mut laptop.desk);
        }
    }
    let docs: Vec<StudyDoc> = laptops
        .iter()
        .map(|laptop| doc(&laptop.desk, &study))
        .collect();
    prop_assert_eq!(&docs[0], &docs[1]);
    prop_assert_eq!(&docs[0], &docs[2]);
    check_rules(center, &study, &docs[0])
}

fn newest_contact(doc: &StudyDoc) -> Option<EntityId> {
    let contacts = doc
        .entities
        .iter()
        .filter(|entity| entity.kind == kind::CONTACT);
    contacts.map(|entity| entity.id.clone()).max()
}

fn take(
    center: &mut Referee,
    laptops: &mut [Laptop],
    study: &StudyId,
    forms: &mut [Vec<Edit>],
    step: &Step,
) {
    match *step {
        Step::Form {
            who,
            field,
            on_contact,
        } => {
            let desk = &laptops[who].desk;
            let shown = doc(desk, study);
            let contact = newest_contact(&shown).filter(|_| on_contact);
            let (entity, field) = match contact {
                Some(contact) => (contact, ["name.zh", "phone", "gcpUntil"][field]),
                None => (study.root(), FIELDS[field]),
            };
            let register = shown.entity(&entity).and_then(|e| e.fields.get(field));
            let seen = register.map(model::Register::seen).unwrap_or_default();
            forms[who].push(Edit {
                entity,
                field: field.into(),
                value: json!(null),
                seen,
            });
        }
        Step::Save { who, value } => {
            if let Some(form) = forms[who].first().cloned() {
                forms[who].remove(0);
                let value = match (form.field.as_str(), value) {
                    (_, 0) => json!(null),
                    ("enrollment", n) => json!(n),
                    ("gcpUntil", n) => json!(format!("2027-0{n}")),
                    (_, n) => json!(format!("值{n}")),
                };
                laptops[who]
                    .desk
                    .set(study, Edit { value, ..form }, None)
                    .unwrap();
            }
        }
        Step::Add { who } => {
            let contact = fields(&[("name.zh", json!("新人"))]);
            laptops[who]
                .desk
                .add(study, kind::CONTACT, None, contact, None)
                .unwrap();
        }
        Step::Archive { who } => archive(&mut laptops[who].desk, study),
        Step::Restore { who } => {
            let desk = &mut laptops[who].desk;
            if let Some(contact) = newest_contact(&doc(desk, study)) {
                desk.restore(study, &contact).unwrap();
            }
        }
        Step::Undo { who } => {
            laptops[who].desk.undo().unwrap();
        }
        Step::Push { who } => {
            let desk = &mut laptops[who].desk;
            // What is not at the center yet must be pulled before what builds on it is pushed;
            // everything pulled came from the center, so this may fail for no reason.
            center.push_all(desk);
        }
        Step::Pull { who } => center.pull_all(&mut laptops[who].desk),
    }
}

fn archive(desk: &mut Desk, study: &StudyId) {
    let shown = doc(desk, study);
    if let Some(contact) = newest_contact(&shown) {
        desk.archive(study, &contact, &shown.seen_with_children(&contact))
            .unwrap();
    }
}

/// The study as the tables have it is the study as [`ledger::State`] has it.
fn check_rules(center: &Referee, study: &StudyId, shown: &StudyDoc) -> Result<(), TestCaseError> {
    let mut state = State::default();
    let (mut all, mut replaced) = (BTreeSet::new(), BTreeSet::new());
    for pulled in center.page(study.as_str(), 0, usize::MAX) {
        let commit = pulled.frame.parse_commit().unwrap();
        for (idx, op) in commit.ops.iter().enumerate() {
            all.insert(commit.op_id(idx));
            replaced.extend(op.p.iter().cloned());
            prop_assert!(!matches!(
                op.v,
                OpValue::Inline(serde_json::Value::Array(_))
            ));
        }
        prop_assert!(state.apply(&commit, &pulled.frame.payloads));
    }
    let mut visible: BTreeSet<OpId> = BTreeSet::new();
    for (e, f) in state.fields() {
        let heads = state.heads(e, f);
        visible.extend(heads.iter().map(|head| head.id.clone()));
        if ["_del", "parent", "ord"].contains(&f) {
            continue;
        }
        let entity = shown.entity(&EntityId::parse(e).unwrap()).unwrap();
        let register = &entity.fields[f];
        let ids: Vec<String> = heads.iter().map(|head| head.id.to_string()).collect();
        prop_assert_eq!(register.seen(), ids);
        let values: Vec<_> = heads
            .iter()
            .map(|head| head.value.clone().unwrap())
            .collect();
        let shown: Vec<_> = register
            .heads
            .iter()
            .map(|head| head.value.clone())
            .collect();
        prop_assert_eq!(shown, values);
        if entity.kind != kind::PERSON {
            prop_assert_eq!(register.conflict, state.is_in_conflict(e, f));
        }
    }
    for id in &all {
        prop_assert!(
            visible.contains(id) != replaced.contains(id),
            "{} is lost",
            id
        );
    }
    for entity in shown
        .entities
        .iter()
        .filter(|entity| entity.kind == kind::CONTACT)
    {
        let wanted = match state.entity(entity.id.as_str(), &[]) {
            EntityState::Live => EntityMark::Live,
            EntityState::Deleted => EntityMark::Archived,
            EntityState::EditedUnseen => EntityMark::EditedUnseen,
        };
        prop_assert_eq!(entity.mark, wanted);
    }
    Ok(())
}

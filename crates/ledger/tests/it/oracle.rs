//! The automerge oracle: a field with its heads is a register of an automerge map, value for value.

use crate::random;
use crate::replica::{Ground, Rules};
use crate::schedule::{Event, Step, Witness, World, edits};
use automerge::transaction::Transactable;
use automerge::{
    ActorId, Automerge, Change, ChangeHash, PatchLog, ROOT, ReadDoc, ScalarValue, Value as Stored,
};
use ledger::State;
use serde_json::Value;

/// One entity with three fields; `note` travels as a payload.
pub(crate) const GROUND: Ground = Ground {
    entities: &[("site", &[])],
    fields: &["planned", "status", "note"],
};

/// One automerge document per replica, fed with the same edits and deliveries.
pub(crate) struct Oracle {
    docs: Vec<Automerge>,
    opened: Vec<Vec<ChangeHash>>,
    changes: Vec<Change>,
}

impl Oracle {
    pub(crate) fn new(n_replicas: u8) -> Self {
        let doc = |n: u8| Automerge::new().with_actor(ActorId::from([n, 1]));
        let docs: Vec<Automerge> = (0..n_replicas).map(doc).collect();
        Self {
            opened: vec![Vec::new(); docs.len()],
            docs,
            changes: Vec::new(),
        }
    }
}

impl Witness for Oracle {
    fn note(&mut self, replica: usize, event: &Event<'_>) {
        let doc = &mut self.docs[replica];
        match event {
            Event::Opened => self.opened[replica] = doc.get_heads(),
            Event::Saved {
                from_open_form,
                changes,
                number,
            } => {
                assert_eq!(*number, self.changes.len());
                // A form that was opened earlier writes on top of what it had shown then.
                let base = if *from_open_form {
                    self.opened[replica].clone()
                } else {
                    doc.get_heads()
                };
                let mut tx = doc
                    .transaction_at(PatchLog::inactive(), &base)
                    .expect("known heads");
                for (e, f, value) in *changes {
                    // Putting the displayed value again would only clear its rivals away, without
                    // a new operation; deleting first makes every save one that replaces.
                    tx.delete(ROOT, format!("{e}.{f}")).expect("a map");
                    tx.put(ROOT, format!("{e}.{f}"), scalar(value))
                        .expect("a put");
                }
                let (hash, _) = tx.commit();
                let hash = hash.expect("every save changes something");
                self.changes
                    .push(doc.get_change_by_hash(&hash).expect("the change just made"));
            }
            Event::Took { number } => {
                doc.apply_changes([self.changes[*number].clone()])
                    .expect("causal delivery");
            }
        }
    }

    fn values(&self, replica: usize, e: &str, f: &str) -> Option<Vec<String>> {
        let all = self.docs[replica]
            .get_all(ROOT, format!("{e}.{f}"))
            .expect("a map");
        Some(all.into_iter().map(|(value, _)| text(&value)).collect())
    }
}

fn scalar(value: &Value) -> ScalarValue {
    match value {
        Value::Null => ScalarValue::Null,
        Value::Number(number) => ScalarValue::Int(number.as_i64().expect("whole")),
        Value::String(text) => ScalarValue::Str(text.as_str().into()),
        other => panic!("schedules do not write {other}"),
    }
}

fn text(value: &Stored<'_>) -> String {
    let Stored::Scalar(scalar) = value else {
        panic!("no objects here")
    };
    match scalar.as_ref() {
        ScalarValue::Null => "null".into(),
        ScalarValue::Int(n) => n.to_string(),
        ScalarValue::Str(text) => Value::from(text.as_str()).to_string(),
        other => panic!("schedules do not write {other:?}"),
    }
}

pub(crate) fn agrees<R: Rules>(n_replicas: u8, steps: &[Step]) -> Result<(), String> {
    World::<R, _>::new(&GROUND, n_replicas, Oracle::new(n_replicas)).play(steps)
}

#[test]
fn heads_are_what_automerge_says_with_three_replicas() {
    random::holds("oracle, 3 replicas", 3_500, &edits(), |steps| {
        agrees::<State>(3, &steps)
    });
}

#[test]
fn heads_are_what_automerge_says_with_four_replicas() {
    random::holds("oracle, 4 replicas", 2_000, &edits(), |steps| {
        agrees::<State>(4, &steps)
    });
}

#[test]
fn the_oracle_sees_what_the_rules_are_about() {
    let save = |who, keeps_form| Step::Save {
        who,
        mask: 1,
        value: 7,
        keeps_form,
    };
    // Two save at once, both hear of it, a third with an older form saves, one resolves.
    let steps = [
        save(0, false),
        Step::CatchUp { to: 2, from: 0 },
        Step::Open { who: 2 },
        save(1, false),
        Step::CatchUp { to: 2, from: 1 },
        save(2, true),
        save(2, false),
        Step::CatchUp { to: 0, from: 2 },
        Step::CatchUp { to: 0, from: 1 },
        save(0, false),
        Step::CatchUp { to: 1, from: 0 },
    ];
    agrees::<State>(3, &steps).expect("the rules hold");
}

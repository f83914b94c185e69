//! Taking back and doing again, over what was saved since the vault was opened.
//!
//! Nothing is removed: taking back is a commit whose `p` names exactly the operation that it takes
//! back. A value that somebody else wrote meanwhile therefore stays and shows as a conflict.

use crate::deletion::see_own;
use crate::desk::{Changed, Desk, stream_of};
use crate::edit::save;
use crate::error::DeskError;
use crate::store::places_of_ops::{self as places, OpPlace};
use crate::store::write::{Author, Change, Reason, Saved};
use crate::store::{heads, names};
use ledger::{DELETED, OpId};
use model::{EntityId, StudyId, kind};
use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};

mod together;

/// What was taken back or done again.
#[derive(Clone, Debug, PartialEq)]
pub struct Undone {
    /// `newStudy`, `add`, `archive`, `restore`, `move`, or the register that was set.
    pub what: String,
    /// The study.
    pub study: StudyId,
    /// The entity, where only one was touched.
    pub entity: Option<EntityId>,
    /// Its kind.
    pub kind: Option<String>,
    /// The register, where only one was touched.
    pub field: Option<String>,
    /// What screens must read again.
    pub changed: Changed,
}

/// What was saved since the vault was opened.
#[derive(Default)]
pub(crate) struct Sitting {
    done: Vec<Step>,
    undone: Vec<Step>,
    /// Which operation holds now what another one held before it was replaced and taken back.
    stands_for: HashMap<(StudyId, OpId), OpId>,
    /// What steps back and forth wrote of each entity: who takes back its making has seen that.
    written: HashMap<(StudyId, String), Vec<OpId>>,
}

/// One save.
struct Step {
    study: StudyId,
    what: String,
    effects: Vec<Effect>,
    /// Whether it goes back and comes again together with the save before it.
    follows: bool,
}

/// What a save did to one field.
struct Effect {
    e: String,
    k: String,
    f: String,
    /// The operation that did it; `None` for a whole entity or study that was made.
    own: Option<OpId>,
    /// What the next step back or forth replaces.
    now: Vec<OpId>,
    /// What stood before: each with the operation that held it.
    before: Vec<(Option<OpId>, Value)>,
    after: Value,
    /// What was seen by the deletion that this is, or takes back.
    saw: Vec<OpId>,
}

impl Sitting {
    fn standing(&self, study: &StudyId, id: &OpId) -> OpId {
        let mut id = id.clone();
        // Every step leads to a later operation, so this ends.
        while let Some(next) = self.stands_for.get(&(study.clone(), id.clone())) {
            id = next.clone();
        }
        id
    }

    fn note(&mut self, study: &StudyId, e: &str, op: &OpId) {
        let key = (study.clone(), e.to_owned());
        self.written.entry(key).or_default().push(op.clone());
    }

    /// Notes that a new operation holds again what an old one held.
    fn restore(&mut self, study: &StudyId, old: &OpId, new: OpId) {
        // At the end of the line, so that whoever stood for it meanwhile leads there too.
        let last = self.standing(study, old);
        self.stands_for.insert((study.clone(), last), new);
    }
}

impl Desk {
    /// Lets what was saved so far be taken back no more.
    pub fn begin_sitting(&mut self) {
        self.sitting = Sitting::default();
    }

    /// Takes back the newest save of this sitting; `None` when there is none.
    ///
    /// # Errors
    /// [`DeskError::Storage`]; nothing is taken back then.
    pub fn undo(&mut self) -> Result<Option<Undone>, DeskError> {
        let Some(mut step) = self.sitting.done.pop() else {
            return Ok(None);
        };
        let follows = step.follows;
        let answer = self.take_back(&mut step);
        let list = if answer.is_ok() {
            &mut self.sitting.undone
        } else {
            &mut self.sitting.done
        };
        list.push(step);
        let undone = answer?;
        let first = if follows { self.undo()? } else { None };
        Ok(Some(undone.with(first)))
    }

    /// Does again what was taken back last; `None` when there is nothing.
    ///
    /// # Errors
    /// [`DeskError::Storage`]; nothing is done then.
    pub fn redo(&mut self) -> Result<Option<Undone>, DeskError> {
        let Some(mut step) = self.sitting.undone.pop() else {
            return Ok(None);
        };
        let answer = self.do_again(&mut step);
        let list = if answer.is_ok() {
            &mut self.sitting.done
        } else {
            &mut self.sitting.undone
        };
        list.push(step);
        let redone = answer?;
        let follows = self.sitting.undone.last().is_some_and(|next| next.follows);
        let next = if follows { self.redo()? } else { None };
        Ok(Some(redone.with(next)))
    }

    /// Remembers a save of this sitting.
    pub(crate) fn remember(&mut self, study: &StudyId, saved: &Saved) -> Result<(), DeskError> {
        let Some(first) = saved.commits.first() else {
            return Ok(());
        };
        let effects = read_effects(&self.opened.conn, &saved.commits)?;
        let is_new = is_first_of_study(&self.opened.conn, *first)?;
        let (what, effects) = if is_new {
            ("newStudy".to_owned(), vec![Effect::of_new_study(study)])
        } else {
            (
                effects.first().map(Effect::what).unwrap_or_default(),
                effects,
            )
        };
        self.sitting.undone.clear();
        self.sitting.done.push(Step {
            study: study.clone(),
            what,
            effects,
            follows: false,
        });
        Ok(())
    }

    fn take_back(&mut self, step: &mut Step) -> Result<Undone, DeskError> {
        let mut rounds: BTreeMap<usize, Vec<(usize, Change)>> = BTreeMap::new();
        for (place, effect) in step.effects.iter().enumerate() {
            for (round, (_, value)) in effect.before.iter().enumerate() {
                let p = if round == 0 {
                    self.standing_now(&step.study, effect)
                } else {
                    Vec::new()
                };
                let change = self.change(&step.study, effect, value, p);
                rounds.entry(round).or_default().push((place, change));
            }
        }
        let study = step.study.clone();
        let made = self.transact(|conn, author| {
            let mut made = Vec::new();
            // One commit gives one field one value: several values that stood side by side before
            // come back in several commits.
            for (round, changes) in rounds {
                let ops = save_as(conn, author, &study, changes, "undo")?;
                made.extend(ops.into_iter().map(|(place, op)| (place, round, op)));
            }
            Ok(made)
        })?;
        step.effects
            .iter_mut()
            .for_each(|effect| effect.now.clear());
        for (place, round, op) in made {
            let Some(effect) = step.effects.get_mut(place) else {
                continue;
            };
            effect.now.push(op.clone());
            self.sitting.note(&step.study, &effect.e, &op);
            if let Some((Some(old), _)) = effect.before.get(round) {
                self.sitting.restore(&study, old, op);
            }
        }
        Ok(step.answer())
    }

    fn do_again(&mut self, step: &mut Step) -> Result<Undone, DeskError> {
        let study = step.study.clone();
        let changes: Vec<(usize, Change)> = step
            .effects
            .iter()
            .map(|effect| {
                let p = self.standing_now(&study, effect);
                self.change(&study, effect, &effect.after, p)
            })
            .enumerate()
            .collect();
        let ops = self.transact(|conn, author| save_as(conn, author, &study, changes, "redo"))?;
        for (place, op) in ops {
            let Some(effect) = step.effects.get_mut(place) else {
                continue;
            };
            if let Some(own) = &effect.own {
                self.sitting.restore(&study, own, op.clone());
            }
            self.sitting.note(&study, &effect.e, &op);
            effect.now = vec![op];
        }
        Ok(step.answer())
    }

    fn change(&self, study: &StudyId, effect: &Effect, value: &Value, p: Vec<OpId>) -> Change {
        let mut change = effect.change(value, p);
        if change.f == DELETED && change.value == Value::Bool(true) {
            let key = (study.clone(), change.e.clone());
            let written = self.sitting.written.get(&key);
            change.saw.extend(written.into_iter().flatten().cloned());
            change.saw.sort();
            change.saw.dedup();
        }
        change
    }

    fn standing_now(&self, study: &StudyId, effect: &Effect) -> Vec<OpId> {
        let mut ids: Vec<OpId> = effect
            .now
            .iter()
            .map(|id| self.sitting.standing(study, id))
            .collect();
        ids.sort();
        ids.dedup();
        ids
    }
}

impl Step {
    fn answer(&self) -> Undone {
        let only = match self.effects.as_slice() {
            [effect] => Some(effect),
            _ => None,
        };
        Undone {
            what: self.what.clone(),
            study: self.study.clone(),
            entity: only.and_then(|effect| EntityId::parse(&effect.e)),
            kind: only.map(|effect| effect.k.clone()),
            field: only.map(|effect| effect.f.clone()),
            changed: Changed::study(self.study.as_str()),
        }
    }
}

impl Effect {
    fn of_new_study(study: &StudyId) -> Self {
        Self {
            e: study.as_str().to_owned(),
            k: kind::STUDY.to_owned(),
            f: "archived".to_owned(),
            own: None,
            now: Vec::new(),
            before: vec![(None, true.into())],
            after: false.into(),
            saw: Vec::new(),
        }
    }

    fn of_new_entity(e: &str, k: &str) -> Self {
        Self {
            e: e.to_owned(),
            k: k.to_owned(),
            f: DELETED.to_owned(),
            own: None,
            now: Vec::new(),
            before: vec![(None, true.into())],
            after: Value::Null,
            saw: Vec::new(),
        }
    }

    fn what(&self) -> String {
        match (self.f.as_str(), &self.own, &self.after) {
            (DELETED, None, _) => "add",
            (DELETED, _, Value::Bool(true)) => "archive",
            (DELETED, ..) => "restore",
            ("ord", ..) => "move",
            ("archived", _, Value::Bool(true)) => "archive",
            ("archived", ..) => "restore",
            (field, ..) => field,
        }
        .to_owned()
    }

    fn change(&self, value: &Value, p: Vec<OpId>) -> Change {
        let is_deletion = self.f == DELETED && *value == Value::Bool(true);
        let saw = if is_deletion {
            self.saw.clone()
        } else {
            Vec::new()
        };
        let change = Change::first(&self.e, &self.k, &self.f, value.clone());
        Change { p, saw, ..change }
    }
}

/// Saves the changes of effects; gives each effect's place with its operation.
fn save_as(
    conn: &Connection,
    author: &Author<'_>,
    study: &StudyId,
    changes: Vec<(usize, Change)>,
    code: &str,
) -> Result<Vec<(usize, OpId)>, DeskError> {
    // One save has one change for each field.
    let places: HashMap<(String, String), usize> = changes
        .iter()
        .map(|(place, change)| ((change.e.clone(), change.f.clone()), *place))
        .collect();
    let changes = changes.into_iter().map(|(_, change)| change).collect();
    let changes = see_own(conn, stream_of(conn, study)?, changes)?;
    let order: Vec<Option<usize>> = changes
        .iter()
        .map(|change| places.get(&(change.e.clone(), change.f.clone())).copied())
        .collect();
    let why = Reason {
        code: Some(code.to_owned()),
        text: None,
    };
    let saved = save(conn, author, study, changes, Some(why))?;
    let given = order.into_iter().zip(saved.ops);
    Ok(given.filter_map(|(place, op)| Some((place?, op))).collect())
}

fn is_first_of_study(conn: &Connection, commit: i64) -> Result<bool, rusqlite::Error> {
    conn.query_row(
        "SELECT NOT EXISTS(SELECT 1 FROM commits b JOIN commits c ON c.stream = b.stream
             WHERE c.id = ?1 AND b.id < ?1)",
        [commit],
        |row| row.get(0),
    )
}

/// One operation of a save.
struct OpRow {
    place: OpPlace,
    entity: i64,
    kind: String,
    field: String,
    cmp: String,
    preds: Vec<OpPlace>,
    saw: Vec<OpPlace>,
}

fn read_op(conn: &Connection, place: OpPlace) -> Result<OpRow, rusqlite::Error> {
    conn.prepare_cached(
        "SELECT o.entity, o.kind, o.field, coalesce(o.value, p.value, o.hidden), o.preds, o.saw
         FROM ops o LEFT JOIN payloads p ON p.commit_id = o.commit_id AND p.idx = o.idx
         WHERE o.commit_id = ?1 AND o.idx = ?2",
    )?
    .query_row(params![place.commit, place.idx], |row| {
        let (preds, saw): (String, String) = (row.get(4)?, row.get(5)?);
        Ok(OpRow {
            place,
            entity: row.get(0)?,
            kind: row.get(1)?,
            field: row.get(2)?,
            cmp: row.get(3)?,
            preds: places::from_text(&preds),
            saw: places::from_text(&saw),
        })
    })
}

fn read_effects(conn: &Connection, commits: &[i64]) -> Result<Vec<Effect>, DeskError> {
    let mut rows = Vec::new();
    for commit in commits {
        let n: i64 = conn
            .prepare_cached("SELECT count(*) FROM ops WHERE commit_id = ?1")?
            .query_row([commit], |row| row.get(0))?;
        for idx in 0..n {
            rows.push(read_op(
                conn,
                OpPlace {
                    commit: *commit,
                    idx,
                },
            )?);
        }
    }
    rows.retain(|row| row.kind != kind::PERSON);
    let mut made: BTreeMap<i64, Effect> = BTreeMap::new();
    for row in rows
        .iter()
        .filter(|row| row.field == "parent" && row.preds.is_empty())
    {
        let name = names::entity_name(conn, row.entity)?;
        made.insert(row.entity, Effect::of_new_entity(&name, &row.kind));
    }
    let mut effects = Vec::new();
    for row in rows {
        match made.get_mut(&row.entity) {
            Some(effect) => effect.saw.push(places::id_of(conn, row.place)?),
            None => effects.push(to_effect(conn, row)?),
        }
    }
    effects.extend(made.into_values());
    Ok(effects)
}

fn to_effect(conn: &Connection, row: OpRow) -> Result<Effect, DeskError> {
    let own = places::id_of(conn, row.place)?;
    let mut before = Vec::new();
    let mut saw = row.saw;
    for pred in &row.preds {
        let old = read_op(conn, *pred)?;
        saw.extend(old.saw);
        before.push((Some(places::id_of(conn, *pred)?), heads::value_of(&old.cmp)));
    }
    let after = heads::value_of(&row.cmp);
    if before.is_empty() {
        before.push((None, Value::Null));
    }
    if row.field == DELETED {
        // Deletion and its opposite are two states; which operation said so before is no matter.
        before = vec![(
            None,
            if after == Value::Bool(true) {
                Value::Null
            } else {
                true.into()
            },
        )];
    }
    let mut seen = Vec::new();
    for place in saw {
        seen.push(places::id_of(conn, place)?);
    }
    seen.sort();
    seen.dedup();
    Ok(Effect {
        e: names::entity_name(conn, row.entity)?,
        k: row.kind,
        f: row.field,
        now: vec![own.clone()],
        own: Some(own),
        before,
        after,
        saw: seen,
    })
}

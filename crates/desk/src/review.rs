//! What was kept for review: written by somebody who had no right to it when it arrived at the
//! center. It is stored and stands nowhere until the PI adopts it; dismissing says why.
//!
//! Adopting is an ordinary edit of the PI's with the same values, naming the operations that its
//! author had on screen: what was changed meanwhile stays beside it as a conflict. Deciding needs
//! no network; the author sees the decision in the log.

use crate::desk::{Changed, Desk, stream_of};
use crate::error::DeskError;
use crate::findings;
use crate::project;
use crate::store::append::Touched;
use crate::store::places_of_ops::{self as places, OpPlace};
use crate::store::write::{Change, Draft, Reason, Save, write};
use crate::store::{Standing, heads, names, people};
use crate::verify::payloads;
use crate::versions::manifest;
use ledger::{Commit, Hash, OpId, OpValue, PayloadPlace};
use model::review::{HeldChange, HeldCommit, ReviewState};
use model::{EntityId, StudyId, kind};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The registers of an entity of the kind [`kind::REVIEW`]: the id of the commit that was decided.
const DISMISSED: &str = "dismissed";
const ADOPTED: &str = "adopted";
/// The role at the center that decides.
const DECIDES: &str = "pi";

/// A decision in the log.
struct Decision {
    state: ReviewState,
    person: String,
    commit: i64,
}

impl Desk {
    /// What was kept for review, newest first; of one study, or of all.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn held(&self, study: Option<&StudyId>) -> Result<Vec<HeldCommit>, DeskError> {
        let conn = &self.opened.conn;
        let wanted = study.map(|study| stream_of(conn, study)).transpose()?;
        let rows: Vec<(i64, i64)> = conn
            .prepare_cached(
                "SELECT id, stream FROM commits INDEXED BY commits_held
                 WHERE status = 2 AND (?1 IS NULL OR stream = ?1)
                 ORDER BY id DESC",
            )?
            .query_map([wanted], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut known = people::Names::default();
        let mut decided: HashMap<i64, BTreeMap<String, Decision>> = HashMap::new();
        let mut found = Vec::new();
        for (id, stream) in rows {
            if !decided.contains_key(&stream) {
                decided.insert(stream, decisions(conn, stream)?);
            }
            let decision = |hash: &str| decided.get(&stream).and_then(|list| list.get(hash));
            found.push(read(conn, (id, stream), &mut known, decision)?);
        }
        // Who is new said so in the first of them alone.
        let named = found.iter().filter(|(_, one)| !one.by.is_empty());
        let names: BTreeMap<_, _> = named
            .map(|(person, one)| (person.clone(), one.by.clone()))
            .collect();
        let found = found.into_iter().map(|(person, mut one)| {
            one.by = names.get(&person).cloned().unwrap_or_default();
            one
        });
        Ok(found.collect())
    }

    /// How many commits wait for a decision that is this person's.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn n_to_review(&self) -> Result<usize, DeskError> {
        let roles = self.roles()?;
        let is_open = |held: &&HeldCommit| {
            let decides = roles.get(&held.study).is_some_and(|role| role == DECIDES);
            held.state == ReviewState::Open && decides
        };
        Ok(self.held(None)?.iter().filter(is_open).count())
    }

    /// Puts the values of commits that were kept for review into force, in the order they were
    /// written.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when one is not there or decided already, [`DeskError::NotYours`].
    pub fn adopt(
        &mut self,
        study: &StudyId,
        ids: &[String],
        why: Option<&str>,
    ) -> Result<Changed, DeskError> {
        self.may_decide(study)?;
        self.transact(|conn, author| {
            let stream = stream_of(conn, study)?;
            let mut touched = Touched {
                stream,
                ..Touched::default()
            };
            for id in in_order(conn, stream, ids)? {
                let (commit, hash) = open(conn, stream, id)?;
                let changes = changes(conn, (stream, id), &commit)?;
                let n = changes.len();
                let mut all = changes;
                all.push(decision(study, ADOPTED, &hash));
                let mut draft = Draft {
                    stream: study.as_str(),
                    changes: all,
                    why: why.map(Reason::text),
                    src: None,
                    before: &[],
                    adopts: Some(hash),
                };
                let (_, ops) = draft.commit(conn, author, None, &mut touched)?;
                debug_assert_eq!(ops.len(), n + 1);
            }
            project::project(conn, &mut touched)?;
            Ok(Changed::study(study.as_str()))
        })
    }

    /// Says of commits that were kept for review that they stay out of force, and why.
    ///
    /// # Errors
    /// [`DeskError::WhyMissing`], [`DeskError::NotYours`], [`DeskError::NotFound`] when one is not
    /// there or decided already.
    pub fn dismiss(
        &mut self,
        study: &StudyId,
        ids: &[String],
        why: &str,
    ) -> Result<Changed, DeskError> {
        self.may_decide(study)?;
        if why.trim().is_empty() {
            return Err(DeskError::WhyMissing);
        }
        self.transact(|conn, author| {
            let stream = stream_of(conn, study)?;
            let mut changes = Vec::new();
            for id in in_order(conn, stream, ids)? {
                let (_, hash) = open(conn, stream, id)?;
                changes.push(decision(study, DISMISSED, &hash));
            }
            let save = Save {
                stream: study.as_str().to_owned(),
                changes,
                why: Some(Reason::text(why.trim())),
                src: None,
            };
            write(conn, author, save)?;
            Ok(Changed::study(study.as_str()))
        })
    }

    /// Whether this person decides about what was kept for review in a study. Where the center's
    /// word is known, it counts; before that the vault's owner decides.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn decides(&self, study: &StudyId) -> Result<bool, DeskError> {
        Ok(match self.roles()?.get(study.as_str()) {
            Some(role) => role == DECIDES,
            None => self.center()?.is_none(),
        })
    }

    fn may_decide(&self, study: &StudyId) -> Result<(), DeskError> {
        self.decides(study)?
            .then_some(())
            .ok_or(DeskError::NotYours)
    }
}

fn decision(study: &StudyId, field: &str, hash: &Hash) -> Change {
    let entity = EntityId::of_import(study, kind::REVIEW, hash.as_str());
    let value = Value::from(hash.as_str());
    Change::first(entity.as_str(), kind::REVIEW, field, value)
}

/// The decisions of a stream by the commit that they are about. Adopted counts before dismissed:
/// its values are in force.
fn decisions(conn: &Connection, stream: i64) -> Result<BTreeMap<String, Decision>, DeskError> {
    let mut found: BTreeMap<String, Decision> = BTreeMap::new();
    let mut statement = conn.prepare_cached(
        "SELECT o.field, o.value, c.person, c.id FROM ops o JOIN commits c ON c.id = o.commit_id
         WHERE o.kind = ?1 AND c.stream = ?2 AND c.status = 1 ORDER BY c.id",
    )?;
    let mut rows = statement.query(params![kind::REVIEW, stream])?;
    while let Some(row) = rows.next()? {
        let (field, value): (String, Option<String>) = (row.get(0)?, row.get(1)?);
        let value = value.and_then(|text| serde_json::from_str(&text).ok());
        let Some(Value::String(hash)) = value else {
            continue;
        };
        let state = match field.as_str() {
            ADOPTED => ReviewState::Adopted,
            DISMISSED => ReviewState::Dismissed,
            _ => continue,
        };
        let (person, commit) = (row.get(2)?, row.get(3)?);
        let is_first = match found.get(&hash) {
            None => true,
            Some(known) => state == ReviewState::Adopted && known.state != state,
        };
        if is_first {
            let decision = Decision {
                state,
                person,
                commit,
            };
            found.insert(hash, decision);
        }
    }
    Ok(found)
}

fn read<'a>(
    conn: &Connection,
    (id, stream): (i64, i64),
    known: &mut people::Names,
    decision: impl Fn(&str) -> Option<&'a Decision>,
) -> Result<(String, HeldCommit), DeskError> {
    let (bytes, person, at, received_at, own): (Vec<u8>, String, String, Option<String>, bool) =
        conn.prepare_cached(
            "SELECT c.bytes, c.person, c.at, c.received_at,
                 EXISTS(SELECT 1 FROM identities i JOIN devices d ON d.name = i.device
                     WHERE d.id = c.device)
             FROM commits c WHERE c.id = ?1",
        )?
        .query_row([id], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })?;
    let hash = Commit::id_of(&bytes);
    let commit = Commit::parse(&bytes).map_err(|_| DeskError::Damaged("a commit"))?;
    let hidden = hidden(conn, id)?;
    let mut by = known.of(conn, stream, &person)?;
    let mut changes = Vec::new();
    for (idx, op) in commit.ops.iter().enumerate() {
        let to = value_of(&op.v, &hidden, idx);
        if op.k == kind::PERSON {
            // Who is new says so in the same commit.
            let is_name = op.f.starts_with("name.") && op.e == person && by.is_empty();
            if let (true, Some(name)) = (is_name, to.as_str()) {
                by = name.to_owned();
            }
            continue;
        }
        let entity = names::entity(conn, stream, &op.e)?;
        let (now, entity_name) = match entity {
            Some(entity) => (
                heads::shown(conn, entity, &op.f)?,
                findings::entity_name(conn, entity, &op.k)?,
            ),
            None => (Value::Null, String::new()),
        };
        changes.push(HeldChange {
            entity: op.e.clone(),
            entity_name,
            kind: op.k.clone(),
            field: op.f.clone(),
            now,
            to,
        });
    }
    let decided = decision(hash.as_str());
    let why = match decided {
        Some(decided) => why_of(conn, decided.commit)?,
        None => None,
    };
    let held = HeldCommit {
        id: hash.as_str().to_owned(),
        study: names::stream_name(conn, stream)?,
        by,
        own,
        at,
        received_at,
        state: decided.map_or(ReviewState::Open, |decided| decided.state),
        decided_by: match decided {
            Some(decided) => known.of(conn, stream, &decided.person)?,
            None => String::new(),
        },
        why,
        changes,
    };
    Ok((person, held))
}

fn hidden(conn: &Connection, id: i64) -> Result<BTreeMap<PayloadPlace, Value>, DeskError> {
    let payloads = payloads(conn, id)?.into_iter();
    Ok(payloads.map(|p| (p.place, p.value)).collect())
}

fn value_of(value: &OpValue, hidden: &BTreeMap<PayloadPlace, Value>, idx: usize) -> Value {
    let place = PayloadPlace::Op(u32::try_from(idx).unwrap_or(u32::MAX));
    match value {
        OpValue::Inline(value) => value.clone(),
        OpValue::Hidden(_) => hidden.get(&place).cloned().unwrap_or_default(),
    }
}

fn why_of(conn: &Connection, commit: i64) -> Result<Option<String>, DeskError> {
    let text: Option<String> = conn
        .prepare_cached("SELECT value FROM payloads WHERE commit_id = ?1 AND idx = -1")?
        .query_row([commit], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// The commits' numbers here, in the order in which they arrived.
fn in_order(conn: &Connection, stream: i64, ids: &[String]) -> Result<Vec<i64>, DeskError> {
    let mut found = BTreeSet::new();
    for id in ids {
        let number: Option<i64> = conn
            .prepare_cached(
                "SELECT id FROM commits WHERE stream = ?1 AND hash = ?2 AND status = 2",
            )?
            .query_row(params![stream, id], |row| row.get(0))
            .optional()?;
        found.insert(number.ok_or_else(|| not_held(id))?);
    }
    Ok(found.into_iter().collect())
}

fn not_held(id: &str) -> DeskError {
    DeskError::NotFound {
        what: "held",
        id: id.to_owned(),
    }
}

/// A held commit that nobody has adopted.
fn open(conn: &Connection, stream: i64, id: i64) -> Result<(Commit, Hash), DeskError> {
    let bytes: Vec<u8> =
        conn.query_row("SELECT bytes FROM commits WHERE id = ?1", [id], |row| {
            row.get(0)
        })?;
    let hash = Commit::id_of(&bytes);
    let decided = decisions(conn, stream)?;
    let decided = decided.get(hash.as_str());
    if decided.is_some_and(|decided| decided.state == ReviewState::Adopted) {
        return Err(not_held(hash.as_str()));
    }
    let commit = Commit::parse(&bytes).map_err(|_| DeskError::Damaged("a commit"))?;
    Ok((commit, hash))
}

/// What a held commit changes, as the one who adopts it writes it.
fn changes(
    conn: &Connection,
    (stream, id): (i64, i64),
    commit: &Commit,
) -> Result<Vec<Change>, DeskError> {
    let hidden = hidden(conn, id)?;
    let adopted = adopted(conn, stream)?;
    let mut changes = Vec::new();
    for (idx, op) in commit.ops.iter().enumerate() {
        let mut value = value_of(&op.v, &hidden, idx);
        if op.k == kind::VERSION && op.f == "manifest" {
            value = manifest::renamed(value, &adopted);
        }
        let own = |id: &&OpId| id.dev == commit.dev && id.seq == commit.seq;
        let saw = op.saw.iter().filter(|id| !own(id)).cloned();
        let change = Change::first(&op.e, &op.k, &op.f, value);
        changes.push(Change {
            p: replaced(conn, stream, &op.p, &adopted)?,
            saw: saw
                .map(|id| adopted.get(&id).unwrap_or(&id).clone())
                .collect(),
            saw_own: op
                .saw
                .iter()
                .filter(own)
                .map(|id| id.idx as usize)
                .collect(),
            ..change
        });
    }
    Ok(changes)
}

/// What the adopted operations of held commits became.
fn adopted(conn: &Connection, stream: i64) -> Result<HashMap<OpId, OpId>, DeskError> {
    let by: Vec<i64> = conn
        .prepare_cached(
            "SELECT c.id FROM commits c JOIN ops o ON o.commit_id = c.id
             WHERE c.stream = ?1 AND c.status = 1 AND o.kind = ?2 AND o.field = ?3",
        )?
        .query_map(params![stream, kind::REVIEW, ADOPTED], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let mut renamed = HashMap::new();
    for id in by {
        let bytes: Vec<u8> =
            conn.query_row("SELECT bytes FROM commits WHERE id = ?1", [id], |row| {
                row.get(0)
            })?;
        let Ok(new) = Commit::parse(&bytes) else {
            continue;
        };
        let Some(hash) = &new.adopts else { continue };
        let old: Option<Vec<u8>> = conn
            .prepare_cached("SELECT bytes FROM commits WHERE stream = ?1 AND hash = ?2")?
            .query_row(params![stream, hash.as_str()], |row| row.get(0))
            .optional()?;
        if let Some(Ok(old)) = old.map(|bytes| Commit::parse(&bytes)) {
            for idx in 0..old.ops.len().min(new.ops.len()) {
                renamed.insert(old.op_id(idx), new.op_id(idx));
            }
        }
    }
    Ok(renamed)
}

/// The operations that stand behind those that an author had on screen: an adopted one is the
/// adopting one, one that is only held is what it would have replaced.
fn replaced(
    conn: &Connection,
    stream: i64,
    named: &[OpId],
    adopted: &HashMap<OpId, OpId>,
) -> Result<Vec<OpId>, DeskError> {
    let mut found = BTreeSet::new();
    let mut known: BTreeSet<OpPlace> = BTreeSet::new();
    let mut rest: Vec<OpId> = named.to_vec();
    while let Some(id) = rest.pop() {
        if let Some(new) = adopted.get(&id) {
            found.insert(new.clone());
            continue;
        }
        let Some(place) = places::find(conn, stream, &id)? else {
            continue;
        };
        if !known.insert(place) {
            continue;
        }
        let (status, preds): (i64, String) = conn
            .prepare_cached(
                "SELECT c.status, o.preds FROM ops o JOIN commits c ON c.id = o.commit_id
                 WHERE o.commit_id = ?1 AND o.idx = ?2",
            )?
            .query_row(params![place.commit, place.idx], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        if status != Standing::Quarantined as i64 {
            found.insert(id);
            continue;
        }
        for pred in places::from_text(&preds) {
            rest.push(places::id_of(conn, pred)?);
        }
    }
    Ok(found.into_iter().collect())
}

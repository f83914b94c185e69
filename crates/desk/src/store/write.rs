//! Makes signed commits out of what a person changed, and takes them in.

use crate::env::Env;
use crate::error::DeskError;
use crate::project;
use crate::store::append::{self, Arriving, Touched};
use crate::store::people::Profile;
use crate::store::{Standing, heads, names, tips};
use ledger::{
    Commit, DeviceKey, Frame, Hash, Op, OpId, OpValue, Payload, PayloadPlace, Source, Why,
};
use model::{PersonId, kind};
use rusqlite::Connection;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Most operations that one commit is given; a larger save becomes several commits.
const OPS_PER_COMMIT: usize = 4_000;
/// Most bytes of values that one commit is given, far below what a frame may have.
const BYTES_PER_COMMIT: usize = 2_000_000;
/// The version of the field table that this program writes with.
const FIELDS_VERSION: i64 = 1;

/// Who writes, and with what.
pub(crate) struct Author<'a> {
    /// The device identity that signs.
    pub(crate) key: &'a DeviceKey,
    /// The person.
    pub(crate) person: &'a PersonId,
    /// What she says about herself.
    pub(crate) profile: &'a Profile,
    /// Time and randomness.
    pub(crate) env: &'a Env,
}

/// One field of one entity gets a value.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    /// The entity.
    pub(crate) e: String,
    /// Its kind.
    pub(crate) k: String,
    /// The register.
    pub(crate) f: String,
    /// What the editor had on screen.
    pub(crate) p: Vec<OpId>,
    /// For a deletion: what the person saw of the entity and its children.
    pub(crate) saw: Vec<OpId>,
    /// For a deletion: earlier changes of the same save that it takes along, by place.
    pub(crate) saw_own: Vec<usize>,
    /// The value.
    pub(crate) value: Value,
}

impl Change {
    /// A field gets its first value.
    pub(crate) fn first(e: &str, k: &str, f: &str, value: Value) -> Self {
        Self {
            e: e.to_owned(),
            k: k.to_owned(),
            f: f.to_owned(),
            p: Vec::new(),
            saw: Vec::new(),
            saw_own: Vec::new(),
            value,
        }
    }
}

/// A reason that a person gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// A code; its words are under `desk.why.<code>`.
    pub code: Option<String>,
    /// In her own words.
    pub text: Option<String>,
}

impl Reason {
    /// A reason in a person's own words.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            code: None,
            text: Some(text.into()),
        }
    }
}

/// What is saved together.
#[derive(Default)]
pub(crate) struct Save {
    /// The stream.
    pub(crate) stream: String,
    /// The changes.
    pub(crate) changes: Vec<Change>,
    /// The reason.
    pub(crate) why: Option<Reason>,
    /// The imported record.
    pub(crate) src: Option<Source>,
}

/// What was saved.
pub(crate) struct Saved {
    /// The commits' numbers here.
    pub(crate) commits: Vec<i64>,
    /// The operations, in the order of the changes.
    pub(crate) ops: Vec<OpId>,
}

impl Saved {
    /// No commit was needed.
    pub(crate) fn nothing() -> Self {
        Self {
            commits: Vec::new(),
            ops: Vec::new(),
        }
    }
}

/// Writes a save: one commit, or several when it is large.
///
/// Invariant: the caller's transaction holds all of it.
pub(crate) fn write(
    conn: &Connection,
    author: &Author<'_>,
    save: Save,
) -> Result<Saved, DeskError> {
    let Save {
        stream,
        mut changes,
        why,
        src,
    } = save;
    let mut saved = Saved::nothing();
    let mut touched = Touched::default();
    let mut introduction = introduce(conn, author, &stream)?;
    while !changes.is_empty() {
        let rest = changes.split_off(n_that_fit(&changes));
        let n = changes.len();
        changes.append(&mut introduction);
        let mut draft = Draft {
            stream: &stream,
            changes,
            why: why.clone(),
            src: src.clone(),
            before: &saved.ops,
            adopts: None,
        };
        let (id, ops) = draft.commit(conn, author, None, &mut touched)?;
        saved.commits.push(id);
        saved.ops.extend(ops.into_iter().take(n));
        changes = rest;
    }
    project::project(conn, &mut touched)?;
    Ok(saved)
}

/// The changes that say who the author is, where the stream does not know it yet.
fn introduce(
    conn: &Connection,
    author: &Author<'_>,
    stream: &str,
) -> Result<Vec<Change>, DeskError> {
    let person = author.person.as_str();
    let entity = match names::stream(conn, stream)? {
        Some(stream) => names::entity(conn, stream, person)?,
        None => None,
    };
    let mut changes = Vec::new();
    for (field, value) in author.profile.registers() {
        let known = match entity {
            Some(entity) => heads::of_field(conn, entity, field)?,
            None => Vec::new(),
        };
        let shown = known.first().map_or(Value::from(""), heads::HeadRow::value);
        if shown != value {
            let mut change = Change::first(person, kind::PERSON, field, value);
            change.p = known.into_iter().map(|head| head.id).collect();
            changes.push(change);
        }
    }
    Ok(changes)
}

fn n_that_fit(changes: &[Change]) -> usize {
    let mut n_bytes = 0;
    let fits = |change: &&Change| {
        n_bytes += match &change.value {
            Value::String(text) => text.len(),
            other => other.to_string().len(),
        } + 200;
        n_bytes <= BYTES_PER_COMMIT
    };
    changes
        .iter()
        .take(OPS_PER_COMMIT)
        .take_while(fits)
        .count()
        .max(1)
}

/// A commit in the making.
pub(crate) struct Draft<'a> {
    pub(crate) stream: &'a str,
    pub(crate) changes: Vec<Change>,
    pub(crate) why: Option<Reason>,
    pub(crate) src: Option<Source>,
    /// The operations that the commits before gave to the same save.
    pub(crate) before: &'a [OpId],
    /// The held commit that it adopts.
    pub(crate) adopts: Option<Hash>,
}

/// What a commit keeps of the one that it issues again.
pub(crate) struct Again<'a> {
    /// The old commit.
    pub(crate) old: &'a Commit,
    /// Its id, where it is known.
    pub(crate) id: Option<Hash>,
    /// Whether it is all of it: the rest of one does not say which program wrote it.
    pub(crate) is_whole: bool,
    /// How it stands in the chain: a copy of the vault that issues it again makes the same bytes.
    pub(crate) next: tips::Next,
    /// What its hidden values were hashed with.
    pub(crate) salts: BTreeMap<PayloadPlace, String>,
}

impl Draft<'_> {
    /// Signs and takes in one commit.
    pub(crate) fn commit(
        &mut self,
        conn: &Connection,
        author: &Author<'_>,
        again: Option<&Again<'_>>,
        touched: &mut Touched,
    ) -> Result<(i64, Vec<OpId>), DeskError> {
        let next = match again {
            Some(again) => again.next.clone(),
            None => {
                let stream = names::stream(conn, self.stream)?.unwrap_or(-1);
                tips::next(conn, stream, &author.key.id())?
            }
        };
        let salt = |place: PayloadPlace| match again.and_then(|again| again.salts.get(&place)) {
            Some(salt) => salt.clone(),
            None => data_encoding::HEXLOWER.encode(&author.env.random::<16>()),
        };
        let old = again.map(|again| again.old);
        let whole = again.filter(|again| again.is_whole).map(|again| again.old);
        let public = author.key.public();
        let mut payloads = Vec::new();
        let mut changes = std::mem::take(&mut self.changes);
        let (dev, n_before) = (author.key.id(), self.before.len());
        let own = |place: usize| match self.before.get(place) {
            Some(id) => id.clone(),
            None => OpId {
                dev: dev.clone(),
                seq: next.seq,
                idx: u32::try_from(place - n_before).unwrap_or(u32::MAX),
            },
        };
        for change in &mut changes {
            change.saw.extend(change.saw_own.drain(..).map(own));
        }
        let ops = changes
            .into_iter()
            .enumerate()
            .map(|(idx, change)| to_op(&salt, idx, change, &mut payloads))
            .collect::<Result<Vec<_>, _>>()?;
        let why = self
            .why
            .take()
            .map(|reason| to_why(&salt, reason, &mut payloads));
        let commit = Commit {
            stream: self.stream.to_owned(),
            dev: author.key.id(),
            key: (next.seq == 1).then(|| public.to_text()),
            seq: next.seq,
            prev: next.prev,
            deps: next.deps,
            lam: next.lam,
            at: old.map_or_else(|| crate::time::instant(author.env), |old| old.at.clone()),
            tz_minutes: old.map_or(i64::from(author.env.clock.offset_minutes()), |old| {
                old.tz_minutes
            }),
            skew_ms: old.and_then(|old| old.skew_ms),
            by: old.map_or_else(|| author.person.as_str().to_owned(), |old| old.by.clone()),
            role: old.map_or_else(|| role(author.profile), |old| old.role.clone()),
            app: whole.map_or_else(|| author.env.app.clone(), |old| old.app.clone()),
            schema: whole.map_or(FIELDS_VERSION, |old| old.schema),
            why: why.transpose()?,
            src: self.src.take(),
            re: again.and_then(|again| again.id.clone()),
            adopts: self.adopts.take(),
            ops,
            extra: Map::new(),
        };
        let frame = Frame::seal(&commit, payloads, author.key)?;
        let arriving = Arriving {
            frame: &frame,
            id: &frame.id(),
            commit: &commit,
            standing: Standing::Counts,
            receipt: None,
        };
        let id = append::append(conn, &arriving, &public, touched)?;
        let ids = (0..commit.ops.len()).map(|idx| commit.op_id(idx)).collect();
        Ok((id, ids))
    }
}

fn role(profile: &Profile) -> Option<String> {
    let role = profile.role.trim();
    ledger::op::is_field_name(role).then(|| role.to_owned())
}

fn to_op(
    salt: &impl Fn(PayloadPlace) -> String,
    idx: usize,
    change: Change,
    payloads: &mut Vec<Payload>,
) -> Result<Op, DeskError> {
    let Change {
        e,
        k,
        f,
        p,
        saw,
        value,
        ..
    } = change;
    // A cleared field has nothing to hide, and stays cleared after a redaction.
    let v = if model::field::is_hidden(&k, &f) && !value.is_null() {
        let place = PayloadPlace::Op(u32::try_from(idx).unwrap_or(u32::MAX));
        OpValue::Hidden(hide(salt(place), place, value, payloads)?)
    } else {
        OpValue::Inline(value)
    };
    Ok(Op {
        e,
        k,
        f,
        p,
        saw,
        v,
        extra: Map::new(),
    })
}

fn to_why(
    salt: &impl Fn(PayloadPlace) -> String,
    reason: Reason,
    payloads: &mut Vec<Payload>,
) -> Result<Why, DeskError> {
    let text = match reason.text.filter(|text| !text.trim().is_empty()) {
        Some(text) => {
            let place = PayloadPlace::Why;
            Some(hide(salt(place), place, Value::String(text), payloads)?)
        }
        None => None,
    };
    Ok(Why {
        code: reason.code,
        text,
    })
}

fn hide(
    salt: String,
    place: PayloadPlace,
    value: Value,
    payloads: &mut Vec<Payload>,
) -> Result<Hash, DeskError> {
    let hash =
        Payload::hash(&salt, &value).ok_or(DeskError::Commit(ledger::FrameError::Payload))?;
    payloads.push(Payload { place, salt, value });
    Ok(hash)
}

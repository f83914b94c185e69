//! When the center holds other commits under this device identity: a new identity, and everything
//! that was not confirmed issued again under it.
//!
//! Nothing is lost and nothing is hidden: the old commits stay in the vault, put aside; the new
//! ones name them (`re`) and keep author, time and reason.

use crate::desk::{Changed, Desk};
use crate::error::DeskError;
use crate::project::{self, rebuild};
use crate::store::append::Touched;
use crate::store::places_of_ops as places;
use crate::store::write::{Again, Author, Change, Draft, Reason};
use crate::store::{Standing, identity, names, tips};
use crate::undo::Sitting;
use crate::verify::payloads;
use crate::versions::manifest;
use ledger::{Commit, DeviceId, Hash, OpId, OpValue, Payload, PayloadPlace};
use model::kind;
use model::protocol::CHECKED;
use rusqlite::{Connection, TransactionBehavior, params};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A commit that waits, with what travels beside it.
pub(crate) struct Waiting {
    /// Its number here.
    pub(crate) id: i64,
    /// Its id, where it is known.
    pub(crate) hash: Option<Hash>,
    /// The commit.
    pub(crate) commit: Commit,
    /// What travels beside it.
    pub(crate) payloads: Vec<Payload>,
    /// Whether this is all of it, and not what a damaged disk left.
    pub(crate) is_whole: bool,
}

impl Desk {
    /// Gives up the oldest commit that waits in a stream, because the center holds another in its
    /// place, and whatever rests on it. What was written here is issued again under a new device
    /// identity; what a file from another laptop brought is put aside, for its own laptop to issue
    /// again: nobody else can sign for its author.
    ///
    /// # Errors
    /// [`DeskError::Commit`], [`DeskError::Storage`]; everything is then as before.
    pub fn fork(&mut self, stream: &str) -> Result<Changed, DeskError> {
        let Some(number) = names::stream(&self.opened.conn, stream)? else {
            return Ok(Changed::default());
        };
        let (own, others) = given_up(&self.opened.conn, number)?;
        let put_aside = |conn: &Connection| -> Result<(), DeskError> {
            for id in &others {
                conn.execute(PUT_ASIDE, params![id, Standing::Reissued as i64])?;
            }
            Ok(())
        };
        if own.is_empty() && !others.is_empty() {
            log::warn!("commits from elsewhere put aside: {}", others.len());
            self.transact(|conn, _| {
                put_aside(conn)?;
                Ok(rebuild::redo_stream_anew(conn, number)?)
            })?;
            self.sitting = Sitting::default();
            return Ok(Changed::study(stream));
        }
        self.begin_anew(stream, |conn, number| {
            put_aside(conn)?;
            let mut again = waiting(conn, number)?;
            again.retain(|one| own.contains(&one.id));
            Ok(again)
        })
    }

    /// Issues these commits of a stream again under the identity that follows the one they were
    /// signed with; from then on that one signs, where the old one did.
    pub(crate) fn begin_anew(
        &mut self,
        stream: &str,
        waiting: impl FnOnce(&Connection, i64) -> Result<Vec<Waiting>, DeskError>,
    ) -> Result<Changed, DeskError> {
        let tx = self
            .opened
            .conn
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let Some(number) = names::stream(&tx, stream)? else {
            return Ok(Changed::default());
        };
        let waiting = waiting(&tx, number)?;
        let old = match waiting.first() {
            Some(first) => first.commit.dev.clone(),
            None => self.key.id(),
        };
        for old in &waiting {
            tx.execute(PUT_ASIDE, params![old.id, Standing::Reissued as i64])?;
        }
        let key = identity::after(&tx, &self.env, number, &old)?;
        let author = Author {
            key: &key,
            person: &self.person,
            profile: &self.profile,
            env: &self.env,
        };
        rebuild::redo_stream_anew(&tx, number)?;
        issue_again(&tx, &author, stream, number, waiting)?;
        let current = identity::current(&tx)?.ok_or(DeskError::Damaged("the device identity"))?;
        tx.commit()?;
        self.key = Arc::new(current);
        // What was remembered names operations that are put aside now.
        self.sitting = Sitting::default();
        Ok(Changed::study(stream))
    }
}

const PUT_ASIDE: &str = "UPDATE commits SET status = ?2 WHERE id = ?1";

/// What rests on the oldest commit that waits, itself included: what was written here, and what a
/// file brought.
fn given_up(conn: &Connection, stream: i64) -> Result<(BTreeSet<i64>, Vec<i64>), DeskError> {
    let rows: Vec<(i64, Vec<u8>, bool)> = conn
        .prepare(
            "SELECT c.id, c.bytes, d.name IN (SELECT device FROM identities)
             FROM commits c JOIN devices d ON d.id = c.device
             WHERE c.stream = ?1 AND c.sseq IS NULL AND c.status <> 3 ORDER BY c.id",
        )?
        .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let is_own_first = rows.first().is_some_and(|(_, _, is_own)| *is_own);
    let (mut own, mut others) = (BTreeSet::new(), Vec::new());
    // From which of its commits on each device is given up.
    let mut from: BTreeMap<String, u64> = BTreeMap::new();
    for (id, bytes, is_own) in rows {
        let commit =
            Commit::parse(&bytes).map_err(|_| DeskError::Damaged("a commit that waits"))?;
        let is_first = from.is_empty();
        let rests = |(dev, seq): (&String, &u64)| from.get(dev).is_some_and(|first| seq >= first);
        let is_hit = is_first
            || (is_own && is_own_first)
            || rests((&commit.dev, &commit.seq))
            || commit.deps.iter().any(rests);
        if !is_hit {
            continue;
        }
        from.entry(commit.dev).or_insert(commit.seq);
        if is_own {
            own.insert(id);
        } else {
            others.push(id);
        }
    }
    Ok((own, others))
}

/// The own commits that wait, in the order they were written.
pub(crate) fn waiting(conn: &Connection, stream: i64) -> Result<Vec<Waiting>, DeskError> {
    let rows: Vec<(i64, Vec<u8>)> = conn
        .prepare(
            "SELECT c.id, c.bytes FROM commits c JOIN devices d ON d.id = c.device
             JOIN identities i ON i.device = d.name
             WHERE c.stream = ?1 AND c.sseq IS NULL AND c.status <> 3 ORDER BY c.id",
        )?
        .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    let mut found = Vec::new();
    for (id, bytes) in rows {
        let commit =
            Commit::parse(&bytes).map_err(|_| DeskError::Damaged("a commit that waits"))?;
        let hash = Commit::id_of(&bytes);
        found.push(Waiting {
            id,
            hash: Some(hash),
            commit,
            payloads: payloads(conn, id)?,
            is_whole: true,
        });
    }
    Ok(found)
}

fn issue_again(
    conn: &Connection,
    author: &Author<'_>,
    stream: &str,
    number: i64,
    waiting: Vec<Waiting>,
) -> Result<(), DeskError> {
    let mut renamed: HashMap<OpId, OpId> = HashMap::new();
    // What the old ones say to have seen, and no more: what came here meanwhile is another in every
    // copy of the vault.
    let mut seen: BTreeMap<DeviceId, u64> = BTreeMap::new();
    let mut lines: BTreeSet<DeviceId> = BTreeSet::new();
    let mut touched = Touched {
        stream: number,
        ..Touched::default()
    };
    for old in waiting {
        let mut sees = |line: BTreeMap<DeviceId, u64>| {
            for (dev, seq) in line {
                let newest = seen.entry(dev).or_default();
                *newest = seq.max(*newest);
            }
        };
        if lines.insert(old.commit.dev.clone()) {
            sees(tips::seen_by(conn, number, &old.commit.dev)?);
        }
        sees(old.commit.deps.clone());
        let salts = old.payloads.iter();
        let salts = salts.map(|payload| (payload.place, payload.salt.clone()));
        let salts = salts.collect();
        let mut hidden: BTreeMap<PayloadPlace, Value> = old
            .payloads
            .into_iter()
            .map(|payload| (payload.place, payload.value))
            .collect();
        let rename = |ids: &[OpId]| -> Result<Vec<OpId>, DeskError> {
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                let id = renamed.get(id).unwrap_or(id);
                // What is in no log any more cannot be named.
                let is_own = id.dev == author.key.id();
                if is_own || places::find(conn, number, id)?.is_some() {
                    found.push(id.clone());
                }
            }
            Ok(found)
        };
        let mut changes = Vec::new();
        for (idx, op) in old.commit.ops.iter().enumerate() {
            let place = PayloadPlace::Op(u32::try_from(idx).unwrap_or(u32::MAX));
            let value = match &op.v {
                OpValue::Inline(value) => value.clone(),
                OpValue::Hidden(_) => hidden.remove(&place).unwrap_or_default(),
            };
            let value = if op.k == kind::VERSION && op.f == "manifest" {
                manifest::renamed(value, &renamed)
            } else if op.f == CHECKED {
                // It names the text that was found right.
                let named = value.as_str().and_then(OpId::parse);
                let new = named.and_then(|id| renamed.get(&id));
                new.map_or(value, |id| id.to_string().into())
            } else {
                value
            };
            // What a deletion saw of its own commit is named by its new id.
            let saw = op
                .saw
                .iter()
                .map(|id| own_again(&old.commit, id, conn, author, number));
            let saw = saw.collect::<Result<Vec<_>, DeskError>>()?;
            let change = Change::first(&op.e, &op.k, &op.f, value);
            changes.push(Change {
                p: rename(&op.p)?,
                saw: rename(&saw)?,
                ..change
            });
        }
        let text = hidden.remove(&PayloadPlace::Why);
        let why = old.commit.why.as_ref().map(|why| Reason {
            code: why.code.clone(),
            text: text.and_then(|text| text.as_str().map(str::to_owned)),
        });
        let mut draft = Draft {
            stream,
            changes,
            why,
            src: old.commit.src.clone(),
            before: &[],
            adopts: old.commit.adopts.clone(),
        };
        let again = Again {
            old: &old.commit,
            id: old.hash.clone(),
            next: match old.is_whole {
                true => tips::next_having_seen(conn, number, &author.key.id(), &seen)?,
                // Of the rest of a commit nobody knows what it had seen.
                false => tips::next(conn, number, &author.key.id())?,
            },
            is_whole: old.is_whole,
            salts,
        };
        let (_, ops) = draft.commit(conn, author, Some(&again), &mut touched)?;
        for (idx, op) in ops.into_iter().enumerate() {
            renamed.insert(old.commit.op_id(idx), op);
        }
    }
    Ok(project::project(conn, &mut touched)?)
}

/// The id that an operation of the commit being issued again will have.
fn own_again(
    old: &Commit,
    id: &OpId,
    conn: &Connection,
    author: &Author<'_>,
    stream: i64,
) -> Result<OpId, DeskError> {
    if id.dev != old.dev || id.seq != old.seq {
        return Ok(id.clone());
    }
    let dev = author.key.id();
    let seq = tips::next(conn, stream, &dev)?.seq;
    Ok(OpId {
        dev,
        seq,
        idx: id.idx,
    })
}

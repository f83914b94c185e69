//! Commits of a stream, in and out.

use super::access::{MEMBERSHIP, Membership, membership, read_membership, set_member};
use super::accounts::{device, introduce};
use super::audit;
use super::line::{Lines, refuse};
use crate::instant;
use crate::store::sql::{Insert, Sql, Value, Values, insert, integer, values};
use crate::store::{
    Admitted, Batch, Believed, Role, Session, Slice, StoreError, status_code, status_of,
};
use ledger::{Commit, Hash, OpValue};
use std::collections::{BTreeSet, HashMap};
use sync::body::{COMMITS_MAX, PAGE_BYTES};
use sync::digest;
use sync::wire::{Item, Problem, Status, Taken};

/// Fields that hold a study's numbers in public registries.
const REGISTRY_PREFIX: &str = "registry.";
/// The kind of an entity that says what a PI decided about a commit kept for review, and its field
/// with the id of one that was dismissed. Source: sync-protocol.md, section 9.
const REVIEW: &str = "review";
const DISMISSED: &str = "dismissed";
/// Longest registry number that is indexed. Units: bytes.
const NUMBER_BYTES_MAX: usize = 64;

/// Where commits are kept.
static COMMITS: Insert = insert!(
    "commits",
    "stream, sseq, dev, seq, hash, lam, person, pushed_by, received_ms, status, digest, frame, \
     held_why",
    "?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13"
);

/// Everything is read for the whole batch at once and written for the whole batch at once, so
/// that the counter row is held for a few messages, however many commits there are.
pub(super) fn push(tx: &mut dyn Sql, batch: &Batch) -> Result<Admitted, StoreError> {
    let (mut next, mut chain) = open_stream(tx, batch)?;
    let (user, stream) = (batch.session.user.as_str(), batch.stream.as_str());
    if membership(tx, stream, user)?.is_none() {
        return refuse(Problem::NotMember);
    }
    let authors = authors(tx, batch)?;
    let mut lines = Lines::read(tx, stream, &batch.commits)?;
    let mut known = known(tx, batch, &lines)?;
    let mut taken = Vec::with_capacity(batch.commits.len());
    let (mut rows, mut numbers, mut reviews) = (Vec::new(), Vec::new(), Vec::new());
    for (idx, new) in batch.commits.iter().enumerate() {
        let place = (new.commit.dev.as_str(), new.commit.seq);
        if let Some((hash, before)) = known.get(&place) {
            if hash != new.id.as_str() {
                return refuse(Problem::Fork {
                    seq: new.commit.seq,
                    hash: Some(hash.clone()),
                });
            }
            taken.push(before.clone());
            continue;
        }
        lines.admit(idx, new)?;
        if let Some(key) = &new.introduces {
            introduce(tx, &batch.session, &new.commit.dev, key, batch.now_ms)?;
        }
        // Rights as of the receipt, and of who wrote it.
        let is_own_and_revoked = new.author == user && batch.session.is_revoked;
        let held = if new.is_revoked || is_own_and_revoked {
            Some("revoked")
        } else {
            held_why(authors.get(new.author.as_str()), &new.commit)
        };
        let status = match held {
            None => Status::Accepted,
            Some(_) => Status::Quarantined,
        };
        chain = digest::next(&chain, &new.id);
        rows.push(row(batch, new, (next, held, &chain))?);
        if held.is_none() {
            reviews.extend(reviewed(stream, &new.commit, next)?);
        }
        numbers.extend(registry_numbers(stream, new));
        let now = Taken {
            dev: new.commit.dev.clone(),
            seq: new.commit.seq,
            sseq: next,
            received_at: instant(batch.now_ms),
            status,
            receipt: String::new(),
        };
        known.insert(place, (new.id.as_str().to_owned(), now.clone()));
        taken.push(now);
        next += 1;
    }
    if !rows.is_empty() {
        write(tx, rows, numbers)?;
        // The first decision counts; a later one is in the log as well.
        tx.execute_each(
            "INSERT INTO reviews(stream, hash, is_adopted, sseq) VALUES(?1, ?2, ?3, ?4)
             ON CONFLICT(stream, hash) DO NOTHING",
            reviews,
        )?;
        lines.store(tx)?;
        let sql = "UPDATE streams SET next_sseq = ?2, digest = ?3 WHERE id = ?1";
        tx.execute(sql, values![stream, integer(next)?, chain.as_str()])?;
    }
    Ok(Admitted {
        head: next - 1,
        digest: chain.as_str().to_owned(),
        taken,
    })
}

/// Takes the counter row; whoever first writes to a stream becomes its PI.
fn open_stream(tx: &mut dyn Sql, batch: &Batch) -> Result<(u64, Hash), StoreError> {
    let stream = batch.stream.as_str();
    if let Some(counter) = take_counter(tx, stream)? {
        return Ok(counter);
    }
    let start = digest::start(stream);
    let n = tx.execute(
        "INSERT INTO streams(id, next_sseq, digest, since_ms) VALUES(?1, 1, ?2, ?3)
         ON CONFLICT(id) DO NOTHING",
        values![stream, start.as_str(), batch.now_ms],
    )?;
    if n == 0 {
        // Another replica opened it in the same moment.
        return take_counter(tx, stream)?.ok_or(StoreError::Damaged("a stream is missing"));
    }
    let user = batch.session.user.as_str();
    set_member(tx, stream, user, Role::Pi, batch.now_ms)?;
    audit(tx, batch.now_ms, "stream.opened", user, stream)?;
    Ok((1, start))
}

/// Reads the counter row and holds it until the transaction ends: every number below it can be
/// seen by whoever reads it, on any replica.
fn take_counter(tx: &mut dyn Sql, stream: &str) -> Result<Option<(u64, Hash)>, StoreError> {
    let sql = "UPDATE streams SET next_sseq = next_sseq WHERE id = ?1
               RETURNING next_sseq, digest";
    counter(tx, sql, stream)
}

fn counter(
    db: &mut dyn Sql,
    sql: &'static str,
    stream: &str,
) -> Result<Option<(u64, Hash)>, StoreError> {
    let Some(row) = db.row(sql, values![stream])? else {
        return Ok(None);
    };
    let chain = Hash::parse(&row.text(1)?);
    let chain = chain.ok_or(StoreError::Damaged("a digest is malformed"))?;
    Ok(Some((row.natural(0)?, chain)))
}

/// What the authors of a batch are in the stream.
fn authors<'a>(
    tx: &mut dyn Sql,
    batch: &'a Batch,
) -> Result<HashMap<&'a str, Membership>, StoreError> {
    let authors: BTreeSet<&str> = batch
        .commits
        .iter()
        .map(|new| new.author.as_str())
        .collect();
    let keys = authors.iter().map(|author| values![&batch.stream, *author]);
    let found = tx.query_each(MEMBERSHIP, keys.collect())?;
    let mut members = HashMap::new();
    for (author, rows) in authors.into_iter().zip(found) {
        if let Some(row) = rows.first() {
            members.insert(author, read_membership(row)?);
        }
    }
    Ok(members)
}

/// Why a commit of a member is kept for review; `None` when it is in force.
fn held_why(member: Option<&Membership>, commit: &Commit) -> Option<&'static str> {
    let Some(member) = member else {
        return Some("stranger");
    };
    if member.is_over {
        return Some("ended");
    }
    if !member.role.may_write() {
        return Some("reader");
    }
    (is_review(commit) && !member.role.may_review()).then_some("review")
}

/// Whether a commit decides about one that is kept for review.
fn is_review(commit: &Commit) -> bool {
    commit.adopts.is_some() || commit.ops.iter().any(|op| op.k == REVIEW)
}

/// The rows of what a commit decides.
fn reviewed(stream: &str, commit: &Commit, sseq: u64) -> Result<Vec<Values>, StoreError> {
    let sseq = integer(sseq)?;
    let dismissed = commit.ops.iter().filter_map(|op| match &op.v {
        OpValue::Inline(value) if op.k == REVIEW && op.f == DISMISSED => value.as_str(),
        _ => None,
    });
    let mut rows: Vec<Values> = dismissed
        .map(|hash| values![stream, hash, 0, sseq])
        .collect();
    if let Some(hash) = &commit.adopts {
        rows.push(values![stream, hash.as_str(), 1, sseq]);
    }
    Ok(rows)
}

/// A device and its sequence number.
type Place<'a> = (&'a str, u64);

/// The commits of the batch whose places were taken before: what stands there. Only what is sent
/// again costs a question.
fn known<'a>(
    tx: &mut dyn Sql,
    batch: &'a Batch,
    lines: &Lines<'_>,
) -> Result<HashMap<Place<'a>, (String, Taken)>, StoreError> {
    let sql = "SELECT hash, sseq, received_ms, status FROM commits
               WHERE stream = ?1 AND dev = ?2 AND seq = ?3";
    let key = |new: &Believed| {
        let seq = integer(new.commit.seq)?;
        Ok(values![&batch.stream, &new.commit.dev, seq])
    };
    let again = || {
        let commits = batch.commits.iter();
        commits.filter(|new| new.commit.seq <= lines.newest(&new.commit.dev))
    };
    let keys = again().map(key).collect::<Result<_, StoreError>>()?;
    let mut known = HashMap::new();
    for (new, rows) in again().zip(tx.query_each(sql, keys)?) {
        let Some(row) = rows.first() else { continue };
        let taken = Taken {
            dev: new.commit.dev.clone(),
            seq: new.commit.seq,
            sseq: row.natural(1)?,
            received_at: instant(row.int(2)?),
            status: status_of(row.int(3)?),
            receipt: String::new(),
        };
        let place = (new.commit.dev.as_str(), new.commit.seq);
        known.insert(place, (row.text(0)?, taken));
    }
    Ok(known)
}

fn row(
    batch: &Batch,
    new: &Believed,
    (sseq, held, chain): (u64, Option<&str>, &Hash),
) -> Result<Values, StoreError> {
    let status = match held {
        None => Status::Accepted,
        Some(_) => Status::Quarantined,
    };
    Ok(values![
        &batch.stream,
        integer(sseq)?,
        &new.commit.dev,
        integer(new.commit.seq)?,
        new.id.as_str(),
        integer(new.commit.lam)?,
        &new.commit.by,
        &batch.session.dev,
        batch.now_ms,
        status_code(status),
        chain.as_str(),
        new.frame.as_slice(),
        held.map_or(Value::Null, Value::from),
    ])
}

fn write(tx: &mut dyn Sql, rows: Vec<Values>, numbers: Vec<Values>) -> Result<(), StoreError> {
    tx.insert(&COMMITS, rows)?;
    // Which registry numbers were seen, so that an operator can name a study by one.
    tx.execute_each(
        "INSERT INTO registry_numbers(number, stream) VALUES(?1, ?2)
         ON CONFLICT(number, stream) DO NOTHING",
        numbers,
    )?;
    Ok(())
}

fn registry_numbers(stream: &str, new: &Believed) -> Vec<Values> {
    let ops = new.commit.ops.iter();
    let texts = ops
        .filter(|op| op.f.starts_with(REGISTRY_PREFIX))
        .filter_map(|op| match &op.v {
            OpValue::Inline(value) => value.as_str().map(str::trim),
            _ => None,
        });
    let is_number = |text: &&str| {
        (1..=NUMBER_BYTES_MAX).contains(&text.len()) && !text.chars().any(char::is_control)
    };
    texts
        .filter(is_number)
        .map(|text| values![&text.to_ascii_uppercase(), stream])
        .collect()
}

pub(super) fn pull(
    tx: &mut dyn Sql,
    session: &Session,
    stream: &str,
    after: u64,
) -> Result<Slice, StoreError> {
    // Access may have been withdrawn since the request was let in.
    if device(tx, &session.dev)?.is_none_or(|device| device.is_revoked) {
        return refuse(Problem::Revoked);
    }
    let is_member = membership(tx, stream, &session.user)?.is_some_and(|member| !member.is_over);
    let sql = "SELECT next_sseq, digest FROM streams WHERE id = ?1";
    let Some((next, chain)) = counter(tx, sql, stream)?.filter(|_| is_member) else {
        return refuse(Problem::NotMember);
    };
    let head = next - 1;
    let after = after.min(head);
    let from_digest = digest_at(tx, stream, after, (head, &chain))?;
    let mut slice = Slice {
        head,
        digest: from_digest.clone(),
        from_digest,
        items: Vec::new(),
        ids: Vec::new(),
        frames: Vec::new(),
    };
    let to = page_end(tx, stream, after)?;
    let sql = "SELECT sseq, received_ms, status, digest, frame, hash FROM commits
               WHERE stream = ?1 AND sseq > ?2 AND sseq <= ?3 ORDER BY sseq";
    let rows = tx.query(sql, values![stream, integer(after)?, integer(to)?])?;
    for row in &rows {
        slice.frames.extend_from_slice(row.bytes(4)?);
        slice.digest = row.text(3)?;
        slice.items.push(Item {
            sseq: row.natural(0)?,
            received_at: instant(row.int(1)?),
            status: status_of(row.int(2)?),
            receipt: String::new(),
        });
        slice.ids.push(row.text(5)?);
    }
    Ok(slice)
}

/// The last number that fits into a page: at least one commit, then as many as its bytes allow.
fn page_end(tx: &mut dyn Sql, stream: &str, after: u64) -> Result<u64, StoreError> {
    let sql = "SELECT sseq, octet_length(frame) FROM commits
               WHERE stream = ?1 AND sseq > ?2 AND sseq <= ?3 ORDER BY sseq";
    let last = integer(after + COMMITS_MAX as u64)?;
    let rows = tx.query(sql, values![stream, integer(after)?, last])?;
    let (mut to, mut n_bytes) = (after, 0);
    for row in &rows {
        n_bytes += row.natural(1)?;
        if to > after && n_bytes > PAGE_BYTES as u64 {
            break;
        }
        to = row.natural(0)?;
    }
    Ok(to)
}

fn digest_at(
    tx: &mut dyn Sql,
    stream: &str,
    sseq: u64,
    (head, chain): (u64, &Hash),
) -> Result<String, StoreError> {
    if sseq == 0 {
        return Ok(digest::start(stream).as_str().to_owned());
    }
    if sseq == head {
        return Ok(chain.as_str().to_owned());
    }
    let sql = "SELECT digest FROM commits WHERE stream = ?1 AND sseq = ?2";
    let row = tx.row(sql, values![stream, integer(sseq)?])?;
    row.ok_or(StoreError::Damaged("a commit is missing"))?
        .text(0)
}

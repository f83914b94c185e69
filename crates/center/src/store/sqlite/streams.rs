//! Commits of a stream, in and out.

use super::access::{membership, set_member};
use super::accounts::introduce;
use super::line::{Lines, refuse};
use super::{audit, integer, natural};
use crate::instant;
use crate::store::{Admitted, Batch, Believed, Role, Slice, StoreError, status_code, status_of};
use ledger::{Hash, OpValue};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::HashMap;
use sync::body::{COMMITS_MAX, PAGE_BYTES};
use sync::digest;
use sync::wire::{Item, Problem, Status, Taken};

/// Fields that hold a study's numbers in public registries.
const REGISTRY_PREFIX: &str = "registry.";
/// Longest registry number that is indexed. Units: bytes.
const NUMBER_BYTES_MAX: usize = 64;

pub(super) fn push(tx: &Transaction<'_>, batch: &Batch) -> Result<Admitted, StoreError> {
    let (mut next, mut chain) = open_stream(tx, batch)?;
    let (user, stream) = (batch.session.user.as_str(), batch.stream.as_str());
    if membership(tx, stream, user)?.is_none() {
        return refuse(Problem::NotMember);
    }
    let mut rights = HashMap::new();
    let mut lines = Lines::new(tx, stream);
    let mut taken = Vec::with_capacity(batch.commits.len());
    for (idx, new) in batch.commits.iter().enumerate() {
        if let Some(known) = known(tx, stream, new)? {
            taken.push(known);
            continue;
        }
        lines.admit(idx, new)?;
        if let Some(key) = &new.introduces {
            introduce(tx, &batch.session, &new.commit.dev, key, batch.now_ms)?;
        }
        // Rights as of the receipt, and of who wrote it.
        let may_write = match rights.get(&new.author) {
            Some(may_write) => *may_write,
            None => {
                let member = membership(tx, stream, &new.author)?;
                let may_write = member.is_some_and(|m| m.role.may_write() && !m.is_over);
                rights.insert(&new.author, may_write);
                may_write
            }
        };
        let is_own_and_revoked = new.author == user && batch.session.is_revoked;
        let is_in_force = may_write && !new.is_revoked && !is_own_and_revoked;
        let status = if is_in_force {
            Status::Accepted
        } else {
            Status::Quarantined
        };
        chain = digest::next(&chain, &new.id);
        insert(tx, batch, new, (next, status, &chain))?;
        index_numbers(tx, stream, new)?;
        taken.push(Taken {
            dev: new.commit.dev.clone(),
            seq: new.commit.seq,
            sseq: next,
            received_at: instant(batch.now_ms),
            status,
            receipt: String::new(),
        });
        next += 1;
    }
    lines.store()?;
    let sql = "UPDATE streams SET next_sseq = ?2, digest = ?3 WHERE id = ?1";
    tx.prepare_cached(sql)?
        .execute(params![stream, integer(next)?, chain.as_str()])?;
    Ok(Admitted {
        head: next - 1,
        digest: chain.as_str().to_owned(),
        taken,
    })
}

/// The counter row; whoever first writes to a stream becomes its PI.
fn open_stream(tx: &Transaction<'_>, batch: &Batch) -> Result<(u64, Hash), StoreError> {
    if let Some(counter) = counter(tx, &batch.stream)? {
        return Ok(counter);
    }
    let start = digest::start(&batch.stream);
    tx.execute(
        "INSERT INTO streams(id, next_sseq, digest, since_ms) VALUES(?1, 1, ?2, ?3)",
        params![batch.stream, start.as_str(), batch.now_ms],
    )?;
    set_member(
        tx,
        &batch.stream,
        &batch.session.user,
        Role::Pi,
        batch.now_ms,
    )?;
    audit(
        tx,
        batch.now_ms,
        "stream.opened",
        &batch.session.user,
        &batch.stream,
    )?;
    Ok((1, start))
}

fn counter(c: &Connection, stream: &str) -> Result<Option<(u64, Hash)>, StoreError> {
    let sql = "SELECT next_sseq, digest FROM streams WHERE id = ?1";
    let read = |row: &rusqlite::Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?));
    let row = c
        .prepare_cached(sql)?
        .query_row([stream], read)
        .optional()?;
    row.map(|(next, chain)| Ok((natural(next)?, parse(&chain)?)))
        .transpose()
}

fn parse(chain: &str) -> Result<Hash, StoreError> {
    Hash::parse(chain).ok_or(StoreError::Damaged("a digest is malformed"))
}

/// A commit that was taken before; another one at its place is a fork.
fn known(tx: &Transaction<'_>, stream: &str, new: &Believed) -> Result<Option<Taken>, StoreError> {
    let sql = "SELECT hash, sseq, received_ms, status FROM commits
               WHERE stream = ?1 AND dev = ?2 AND seq = ?3";
    let key = params![stream, new.commit.dev, integer(new.commit.seq)?];
    let read = |row: &rusqlite::Row<'_>| {
        Ok((
            row.get::<_, String>(0)?,
            row.get::<_, i64>(1)?,
            row.get(2)?,
            row.get(3)?,
        ))
    };
    let row = tx.prepare_cached(sql)?.query_row(key, read).optional()?;
    let Some((hash, sseq, received_ms, status)) = row else {
        return Ok(None);
    };
    let (dev, seq) = (new.commit.dev.clone(), new.commit.seq);
    if hash != new.id.as_str() {
        return refuse(Problem::Fork {
            seq,
            hash: Some(hash),
        });
    }
    let (sseq, received_at) = (natural(sseq)?, instant(received_ms));
    Ok(Some(Taken {
        dev,
        seq,
        sseq,
        received_at,
        status: status_of(status),
        receipt: String::new(),
    }))
}

fn insert(
    tx: &Transaction<'_>,
    batch: &Batch,
    new: &Believed,
    (sseq, status, chain): (u64, Status, &Hash),
) -> Result<(), StoreError> {
    let sql = "INSERT INTO commits(stream, sseq, dev, seq, hash, lam, person, pushed_by,
                 received_ms, status, digest, frame)
               VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
    tx.prepare_cached(sql)?.execute(params![
        batch.stream,
        integer(sseq)?,
        new.commit.dev,
        integer(new.commit.seq)?,
        new.id.as_str(),
        integer(new.commit.lam)?,
        new.commit.by,
        batch.session.dev,
        batch.now_ms,
        status_code(status),
        chain.as_str(),
        new.frame,
    ])?;
    Ok(())
}

/// Remembers which registry numbers were seen, so that an operator can name a study by one.
fn index_numbers(tx: &Transaction<'_>, stream: &str, new: &Believed) -> Result<(), StoreError> {
    for op in new
        .commit
        .ops
        .iter()
        .filter(|op| op.f.starts_with(REGISTRY_PREFIX))
    {
        let OpValue::Inline(value) = &op.v else {
            continue;
        };
        let Some(number) = value.as_str().map(str::trim) else {
            continue;
        };
        if (1..=NUMBER_BYTES_MAX).contains(&number.len()) {
            let sql = "INSERT INTO registry_numbers(number, stream) VALUES(?1, ?2)
                       ON CONFLICT(number, stream) DO NOTHING";
            tx.prepare_cached(sql)?
                .execute(params![number.to_ascii_uppercase(), stream])?;
        }
    }
    Ok(())
}

pub(super) fn pull(
    c: &Connection,
    stream: &str,
    user: &str,
    after: u64,
) -> Result<Slice, StoreError> {
    let is_member = membership(c, stream, user)?.is_some_and(|member| !member.is_over);
    let Some((next, chain)) = counter(c, stream)?.filter(|_| is_member) else {
        return refuse(Problem::NotMember);
    };
    let head = next - 1;
    let after = after.min(head);
    let from_digest = digest_at(c, stream, after, (head, &chain))?;
    let mut slice = Slice {
        head,
        digest: from_digest.clone(),
        from_digest,
        items: Vec::new(),
        ids: Vec::new(),
        frames: Vec::new(),
    };
    let sql = "SELECT sseq, received_ms, status, digest, frame, hash FROM commits
               WHERE stream = ?1 AND sseq > ?2 ORDER BY sseq";
    let mut statement = c.prepare_cached(sql)?;
    let mut rows = statement.query(params![stream, integer(after)?])?;
    while let Some(row) = rows.next()? {
        let frame: Vec<u8> = row.get(4)?;
        let is_full = slice.items.len() == COMMITS_MAX
            || (!slice.items.is_empty() && slice.frames.len() + frame.len() > PAGE_BYTES);
        if is_full {
            break;
        }
        slice.frames.extend_from_slice(&frame);
        slice.digest = row.get(3)?;
        slice.items.push(Item {
            sseq: natural(row.get(0)?)?,
            received_at: instant(row.get(1)?),
            status: status_of(row.get(2)?),
            receipt: String::new(),
        });
        slice.ids.push(row.get(5)?);
    }
    Ok(slice)
}

fn digest_at(
    c: &Connection,
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
    Ok(c.prepare_cached(sql)?
        .query_row(params![stream, integer(sseq)?], |row| row.get(0))?)
}

//! Takes one commit into the tables, whoever wrote it.

use crate::store::places_of_ops::{self as places, OpPlace};
use crate::store::{Standing, names, tips};
use ledger::{Commit, Frame, Hash, Op, OpValue, PayloadPlace, PublicKey, Source, canonical};
use rusqlite::{Connection, Result, params};
use std::collections::{BTreeMap, BTreeSet};

/// A commit on its way in.
pub(crate) struct Arriving<'a> {
    /// What was signed, with its payloads.
    pub(crate) frame: &'a Frame,
    /// The commit in it.
    pub(crate) commit: &'a Commit,
    /// Whether it counts.
    pub(crate) standing: Standing,
    /// The center's number, the time of receipt, and its signature under both.
    pub(crate) receipt: Option<(u64, &'a str, &'a str)>,
}

/// What a commit touched.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// The stream.
    pub(crate) stream: i64,
    /// Entity and field of every operation, with the smallest kind that it was written under.
    pub(crate) fields: BTreeMap<(i64, String), String>,
}

/// Stores a commit with its operations and moves the heads; `key` is its device's.
///
/// Whether it may follow was asked before ([`tips::check`]).
pub(crate) fn append(
    conn: &Connection,
    arriving: &Arriving<'_>,
    key: &PublicKey,
    touched: &mut Touched,
) -> Result<i64> {
    let commit = arriving.commit;
    let stream = names::stream_or_new(conn, &commit.stream)?;
    let device = names::device_or_new(conn, key)?;
    let id = arriving.frame.id();
    touched.stream = stream;
    let commit_id = insert_commit(conn, stream, device, &id, arriving)?;
    tips::admit(conn, stream, device, commit, &id)?;
    for payload in &arriving.frame.payloads {
        let idx = match payload.place {
            PayloadPlace::Op(idx) => i64::from(idx),
            PayloadPlace::Why => -1,
        };
        let value = canonical::to_text(&payload.value).unwrap_or_default();
        conn.prepare_cached("INSERT INTO payloads VALUES(?1, ?2, ?3, ?4)")?
            .execute(params![commit_id, idx, payload.salt, value])?;
    }
    for (idx, op) in commit.ops.iter().enumerate() {
        insert_op(
            conn,
            stream,
            OpPlace {
                commit: commit_id,
                idx: idx as i64,
            },
            op,
        )?;
    }
    if arriving.standing == Standing::Counts {
        move_heads(conn, commit_id, touched)?;
    }
    Ok(commit_id)
}

/// Moves the heads by the stored operations of one commit.
pub(crate) fn move_heads(conn: &Connection, commit_id: i64, touched: &mut Touched) -> Result<()> {
    let source: Option<String> = conn
        .prepare_cached("SELECT source FROM commits WHERE id = ?1")?
        .query_row([commit_id], |row| row.get(0))?;
    // A registry has on screen what it wrote; another study and a Word file are no registries.
    let is_import = source.as_deref().is_some_and(|text| {
        let kind = text.split(' ').next().unwrap_or_default();
        !["join", crate::word::SOURCE].contains(&kind)
    });
    let mut statement = conn.prepare_cached(
        "SELECT o.idx, o.entity, o.field, coalesce(o.value, p.value, o.hidden), o.preds, o.kind
         FROM ops o LEFT JOIN payloads p ON p.commit_id = o.commit_id AND p.idx = o.idx
         WHERE o.commit_id = ?1 ORDER BY o.idx",
    )?;
    let mut rows = statement.query([commit_id])?;
    while let Some(row) = rows.next()? {
        let (idx, entity, field): (i64, i64, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (cmp, preds): (String, String) = (row.get(3)?, row.get(4)?);
        for pred in follow_quarantined(conn, places::from_text(&preds))? {
            for sql in [
                "DELETE FROM heads WHERE entity=?1 AND field=?2 AND commit_id=?3 AND idx=?4",
                "DELETE FROM import_base WHERE entity=?1 AND field=?2 AND commit_id=?3 AND idx=?4",
            ] {
                if is_import || sql.contains("heads") {
                    conn.prepare_cached(sql)?.execute(params![
                        entity,
                        field,
                        pred.commit,
                        pred.idx
                    ])?;
                }
            }
        }
        conn.prepare_cached("INSERT INTO heads VALUES(?1, ?2, ?3, ?4, ?5)")?
            .execute(params![entity, field, commit_id, idx, cmp])?;
        if is_import {
            conn.prepare_cached("INSERT INTO import_base VALUES(?1, ?2, ?3, ?4)")?
                .execute(params![entity, field, commit_id, idx])?;
        }
        let kind: String = row.get(5)?;
        let known = touched
            .fields
            .entry((entity, field))
            .or_insert_with(|| kind.clone());
        if kind < *known {
            *known = kind;
        }
    }
    Ok(())
}

/// Who replaces a quarantined operation replaces what that one replaced.
fn follow_quarantined(conn: &Connection, preds: Vec<OpPlace>) -> Result<Vec<OpPlace>> {
    let mut open = preds;
    let mut found = Vec::new();
    let mut known = BTreeSet::new();
    while let Some(place) = open.pop() {
        if !known.insert(place) {
            continue;
        }
        found.push(place);
        let (status, preds): (i64, String) = conn
            .prepare_cached(
                "SELECT c.status, o.preds FROM ops o JOIN commits c ON c.id = o.commit_id
                 WHERE o.commit_id = ?1 AND o.idx = ?2",
            )?
            .query_row(params![place.commit, place.idx], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        if status == Standing::Quarantined as i64 {
            open.extend(places::from_text(&preds));
        }
    }
    Ok(found)
}

/// How a source stands in `commits.source`: `ctgov NCT… 2026-02-05`.
pub(crate) fn source_text(source: &Source) -> String {
    format!("{} {} {}", source.kind, source.id, source.version)
}

fn insert_commit(
    conn: &Connection,
    stream: i64,
    device: i64,
    id: &Hash,
    arriving: &Arriving<'_>,
) -> Result<i64> {
    let commit = arriving.commit;
    conn.prepare_cached(
        "INSERT INTO commits(stream, device, seq, hash, lam, at, tz_minutes, person, sseq,
             received_at, status, why_code, source, bytes, sig, receipt)
         VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
             nullif(?16, ''))",
    )?
    .execute(params![
        stream,
        device,
        commit.seq as i64,
        id.as_str(),
        commit.lam as i64,
        commit.at,
        commit.tz_minutes,
        commit.by,
        arriving.receipt.map(|(sseq, _, _)| sseq as i64),
        arriving.receipt.map(|(_, at, _)| at),
        arriving.standing as i64,
        commit.why.as_ref().and_then(|why| why.code.as_deref()),
        commit.src.as_ref().map(source_text),
        arriving.frame.commit,
        arriving.frame.sig,
        arriving.receipt.map(|(_, _, receipt)| receipt),
    ])?;
    Ok(conn.last_insert_rowid())
}

fn insert_op(conn: &Connection, stream: i64, place: OpPlace, op: &Op) -> Result<()> {
    let entity = names::entity_or_new(conn, stream, &op.e)?;
    let (value, hidden) = match &op.v {
        OpValue::Inline(value) => (Some(canonical::to_text(value).unwrap_or_default()), None),
        OpValue::Hidden(hash) => (None, Some(hash.as_str())),
    };
    let find_all = |ids: &[ledger::OpId]| -> Result<String> {
        let mut found = Vec::new();
        for id in ids {
            found.extend(places::find(conn, stream, id)?);
        }
        Ok(places::to_text(&found))
    };
    let (preds, saw) = (find_all(&op.p)?, find_all(&op.saw)?);
    conn.prepare_cached("INSERT INTO ops VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
        .execute(params![
            place.commit,
            place.idx,
            entity,
            op.k,
            op.f,
            value,
            hidden,
            preds,
            saw
        ])?;
    Ok(())
}

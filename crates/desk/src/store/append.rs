//! Takes one commit into the tables, whoever wrote it.

use crate::store::moves::Field;
use crate::store::places_of_ops::{self as places, OpPlace};
use crate::store::{Standing, names, tips};
use ledger::{Commit, Frame, Hash, Op, OpValue, PayloadPlace, PublicKey, Source, canonical};
use rusqlite::{Connection, OptionalExtension, Result, params};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// A commit on its way in.
pub(crate) struct Arriving<'a> {
    /// What was signed, with its payloads.
    pub(crate) frame: &'a Frame,
    /// Its id.
    pub(crate) id: &'a Hash,
    /// The commit in it.
    pub(crate) commit: &'a Commit,
    /// Whether it counts.
    pub(crate) standing: Standing,
    /// The center's number, the time of receipt, and its signature under both.
    pub(crate) receipt: Option<(u64, &'a str, &'a str)>,
}

/// What commits of one stream touched.
///
/// Invariant: heads stand in their table once [`crate::project::project`] was called with it.
#[derive(Default)]
pub(crate) struct Touched {
    /// The stream; 0 before the first commit.
    pub(crate) stream: i64,
    /// Entity and field of every operation, and what became of the field.
    pub(crate) fields: BTreeMap<(i64, String), Field>,
    /// What was looked up on the way.
    pub(crate) known: names::Known,
}

impl Touched {
    /// Forgets the numbers of commits: they were given anew, and the heads made from them.
    pub(crate) fn renumbered(&mut self) {
        self.known.forget_commits();
        self.fields.values_mut().for_each(Field::forget);
    }
}

/// One operation as it moves the heads.
struct Move<'a> {
    idx: i64,
    entity: i64,
    kind: Cow<'a, str>,
    field: Cow<'a, str>,
    cmp: Cow<'a, str>,
    /// What it replaces.
    preds: Vec<OpPlace>,
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
    let stream = match touched.stream {
        0 => names::stream_or_new(conn, &commit.stream)?,
        known => known,
    };
    let device = match touched.known.device(conn, &commit.dev)? {
        Some(device) => device,
        None => names::device_or_new(conn, key)?,
    };
    touched.stream = stream;
    let commit_id = insert_commit(conn, stream, device, arriving)?;
    let counts = arriving.standing == Standing::Counts;
    tips::admit(conn, stream, device, commit, arriving.id)?;
    let mut hidden = BTreeMap::new();
    for payload in &arriving.frame.payloads {
        let idx = match payload.place {
            PayloadPlace::Op(idx) => i64::from(idx),
            PayloadPlace::Why => -1,
        };
        let value = canonical::to_text(&payload.value).unwrap_or_default();
        conn.prepare_cached("INSERT INTO payloads VALUES(?1, ?2, ?3, ?4)")?
            .execute(params![commit_id, idx, payload.salt, value])?;
        hidden.insert(idx, value);
    }
    let mut moves = Vec::with_capacity(commit.ops.len());
    for (idx, op) in (0..).zip(&commit.ops) {
        let place = OpPlace {
            commit: commit_id,
            idx,
        };
        let shown = hidden.remove(&idx);
        moves.push(insert_op(
            conn,
            stream,
            place,
            (op, shown),
            &mut touched.known,
        )?);
    }
    let n_ops = i64::try_from(commit.ops.len()).unwrap_or(i64::MAX);
    let seq = (device, commit.seq);
    touched.known.note_commit(seq, (commit_id, n_ops, counts));
    if counts {
        let is_import = is_import(commit.src.as_ref().map(source_text).as_deref());
        for step in moves {
            move_head(conn, commit_id, step, is_import, touched)?;
        }
    }
    Ok(commit_id)
}

/// A registry has on screen what it wrote; another study and a Word file are no registries.
fn is_import(source: Option<&str>) -> bool {
    source.is_some_and(|text| {
        let kind = text.split(' ').next().unwrap_or_default();
        !["join", crate::word::SOURCE].contains(&kind)
    })
}

/// Moves the heads by the stored operations of one commit.
pub(crate) fn move_heads(conn: &Connection, commit_id: i64, touched: &mut Touched) -> Result<()> {
    let source: Option<String> = conn
        .prepare_cached("SELECT source FROM commits WHERE id = ?1")?
        .query_row([commit_id], |row| row.get(0))?;
    let is_import = is_import(source.as_deref());
    let mut statement = conn.prepare_cached(
        "SELECT o.idx, o.entity, o.field, coalesce(o.value, p.value, o.hidden), o.preds, o.kind
         FROM ops o LEFT JOIN payloads p ON p.commit_id = o.commit_id AND p.idx = o.idx
         WHERE o.commit_id = ?1 ORDER BY o.idx",
    )?;
    let mut rows = statement.query([commit_id])?;
    while let Some(row) = rows.next()? {
        let preds: String = row.get(4)?;
        let step = Move {
            idx: row.get(0)?,
            entity: row.get(1)?,
            kind: Cow::Owned(row.get(5)?),
            field: Cow::Owned(row.get(2)?),
            cmp: Cow::Owned(row.get(3)?),
            preds: follow_quarantined(conn, places::from_text(&preds))?,
        };
        move_head(conn, commit_id, step, is_import, touched)?;
    }
    Ok(())
}

fn move_head(
    conn: &Connection,
    commit_id: i64,
    step: Move<'_>,
    is_import: bool,
    touched: &mut Touched,
) -> Result<()> {
    let (entity, field) = (step.entity, step.field);
    if is_import {
        for pred in &step.preds {
            let sql =
                "DELETE FROM import_base WHERE entity=?1 AND field=?2 AND commit_id=?3 AND idx=?4";
            conn.prepare_cached(sql)?
                .execute(params![entity, field, pred.commit, pred.idx])?;
        }
        conn.prepare_cached("INSERT INTO import_base VALUES(?1, ?2, ?3, ?4)")?
            .execute(params![entity, field, commit_id, step.idx])?;
    }
    let place = OpPlace {
        commit: commit_id,
        idx: step.idx,
    };
    touched
        .fields
        .entry((entity, field.into_owned()))
        .or_default()
        .write(&step.kind, step.preds, (place, step.cmp.into_owned()));
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
        let known: Option<(i64, String)> = conn
            .prepare_cached(
                "SELECT c.status, o.preds FROM ops o JOIN commits c ON c.id = o.commit_id
                 WHERE o.commit_id = ?1 AND o.idx = ?2",
            )?
            .query_row(params![place.commit, place.idx], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        // A log with a hole is read as far as it goes; the hole is found elsewhere.
        let Some((status, preds)) = known else {
            continue;
        };
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
    arriving: &Arriving<'_>,
) -> Result<i64> {
    let commit = arriving.commit;
    // A number of which anything is left, of a commit that a disk lost, is not given again.
    conn.prepare_cached(
        "INSERT INTO commits(id, stream, device, seq, hash, lam, at, tz_minutes, person, sseq,
             received_at, status, why_code, source, bytes, sig, receipt)
         VALUES(1 + max(coalesce((SELECT max(id) FROM commits), 0),
                 coalesce((SELECT max(commit_id) FROM ops), 0),
                 coalesce((SELECT max(commit_id) FROM payloads), 0)),
             ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,
             nullif(?16, ''))",
    )?
    .execute(params![
        stream,
        device,
        commit.seq as i64,
        arriving.id.as_str(),
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

fn insert_op<'a>(
    conn: &Connection,
    stream: i64,
    place: OpPlace,
    (op, shown): (&'a Op, Option<String>),
    known: &mut names::Known,
) -> Result<Move<'a>> {
    let entity = known.entity(conn, stream, &op.e)?;
    let (value, hidden) = match &op.v {
        OpValue::Inline(value) => (Some(canonical::to_text(value).unwrap_or_default()), None),
        OpValue::Hidden(hash) => (None, Some(hash.as_str())),
    };
    let mut find_all = |ids: &[ledger::OpId]| -> Result<Vec<(OpPlace, bool)>> {
        let mut found = Vec::new();
        for id in ids {
            if let Some(device) = known.device(conn, &id.dev)? {
                let found_here = match known.operation(device, id) {
                    Some(found) => found,
                    None => places::find_of(conn, (stream, device), id)?,
                };
                found.extend(found_here);
            }
        }
        Ok(found)
    };
    let places_of = |found: &[(OpPlace, bool)]| -> Vec<OpPlace> {
        found.iter().map(|(place, _)| *place).collect()
    };
    let (preds, saw) = (find_all(&op.p)?, find_all(&op.saw)?);
    let all_count = preds.iter().all(|(_, counts)| *counts);
    let (preds, saw) = (places_of(&preds), places_of(&saw));
    conn.prepare_cached("INSERT INTO ops VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?
        .execute(params![
            place.commit,
            place.idx,
            entity,
            op.k,
            op.f,
            value,
            hidden,
            places::to_text(&preds),
            places::to_text(&saw)
        ])?;
    let cmp = value.or(shown).map(Cow::Owned);
    Ok(Move {
        idx: place.idx,
        entity,
        kind: Cow::Borrowed(&op.k),
        field: Cow::Borrowed(&op.f),
        cmp: cmp.or(hidden.map(Cow::Borrowed)).unwrap_or_default(),
        preds: if all_count {
            preds
        } else {
            follow_quarantined(conn, preds)?
        },
    })
}

//! Does the vault hold what was signed, and nothing else?
//!
//! Every commit is read again from its bytes: chain, signature, payloads. The heads must be those
//! of [`ledger::State`]; everything derived must be what a rebuild gives.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::hole;
use crate::project::rebuild;
use crate::store::{Standing, digest, names, redact};
use crate::unfit;
use crate::versions;
use ledger::{
    Chain, ChainError, Commit, Frame, Hash, OpValue, Payload, PayloadPlace, PublicKey, State,
};
use model::{Lang, label};
use rusqlite::{Connection, params};
use std::collections::BTreeMap;
use std::io;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// `missing`, `unreadable`, `hash`, `signature`, `chain`, `payloadMissing`, `ops`, `heads`,
    /// `version`, `derived`.
    pub code: &'static str,
    /// Where: study, and commit as `device:seq`.
    pub place: String,
}

impl Problem {
    /// In words.
    pub fn text(&self, lang: Lang) -> String {
        let key = format!("desk.problem.{}", self.code);
        let words = label::get(&key).map_or(self.code, |label| label.text(lang));
        format!("{words}: {}", self.place)
    }
}

/// What a check of the whole vault found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// Commits that were read.
    pub commits: usize,
    /// Signatures that fit.
    pub signatures_checked: usize,
    /// What is not as it should be; empty when all is well.
    pub problems: Vec<Problem>,
    /// Where values stand that a rule of today would not take, and an older one did; no problem.
    pub unfit: Vec<String>,
    /// Whether everything derived equals a rebuild.
    pub projections_equal: bool,
    /// The digest of the vault.
    pub digest: String,
}

/// One stored commit.
struct CommitRow {
    id: i64,
    device: String,
    seq: i64,
    hash: String,
    status: i64,
    bytes: Vec<u8>,
    sig: String,
}

impl Desk {
    /// Checks the whole vault; changes nothing.
    ///
    /// # Errors
    /// [`DeskError::Storage`] when the vault cannot be read at all.
    pub fn verify(&self) -> Result<VerifyReport, DeskError> {
        let conn = &self.opened.conn;
        let mut report = VerifyReport {
            commits: 0,
            signatures_checked: 0,
            problems: Vec::new(),
            unfit: unfit::places(conn)?,
            projections_equal: false,
            digest: digest::of_vault(conn)?,
        };
        for (stream, name) in names::streams(conn)? {
            check_stream(conn, stream, &name, &mut report)?;
            report
                .problems
                .extend(versions::problems(conn, stream, &name)?);
        }
        for hash in self.blobs_here()? {
            match self.blob_copy(&hash, &mut io::sink()) {
                Ok(()) => {}
                // One file that cannot be read is a finding, and the others are looked at.
                Err(DeskError::Damaged(_) | DeskError::Vault(_)) => report.problems.push(Problem {
                    code: "file",
                    place: hash,
                }),
                Err(error) => return Err(error),
            }
        }
        report.projections_equal = are_projections_equal(conn)?;
        if !report.projections_equal {
            report.problems.push(Problem {
                code: "derived",
                place: String::new(),
            });
        }
        Ok(report)
    }
}

/// Rebuilds everything in a transaction that is then taken back.
fn are_projections_equal(conn: &Connection) -> Result<bool, DeskError> {
    let now = rebuild::content_hash(conn)?;
    let tx = conn.unchecked_transaction()?;
    rebuild::rebuild(&tx)?;
    let rebuilt = rebuild::content_hash(&tx)?;
    tx.rollback()?;
    Ok(now == rebuilt)
}

fn check_stream(
    conn: &Connection,
    stream: i64,
    name: &str,
    report: &mut VerifyReport,
) -> Result<(), DeskError> {
    let (mut chain, mut state) = (Chain::default(), State::default());
    let mut keys: BTreeMap<String, PublicKey> = BTreeMap::new();
    let mut is_whole = true;
    let missing = hole::missing_in(conn, stream)?;
    for (device, seq) in &missing {
        report.problems.push(Problem {
            code: "missing",
            place: format!("{name} {device}:{seq}"),
        });
    }
    for row in commit_rows(conn, stream)? {
        report.commits += 1;
        let place = format!("{name} {}:{}", row.device, row.seq);
        let mut complain = |code| {
            report.problems.push(Problem {
                code,
                place: place.clone(),
            })
        };
        let Ok(commit) = Commit::parse(&row.bytes) else {
            complain("unreadable");
            is_whole = false;
            continue;
        };
        let id = Commit::id_of(&row.bytes);
        if id.as_str() != row.hash || commit.dev != row.device || commit.stream != name {
            complain("hash");
        }
        if let Some(key) = commit.public_key() {
            keys.insert(commit.dev.clone(), key);
        }
        let frame = Frame {
            commit: row.bytes,
            sig: row.sig,
            payloads: payloads(conn, row.id)?,
        };
        match keys.get(&commit.dev).map(|key| frame.verify(&commit, key)) {
            Some(Ok(())) => report.signatures_checked += 1,
            _ => complain("signature"),
        }
        let has_reason = commit.why.as_ref().is_some_and(|why| why.text.is_some());
        let n_gone = redact::n_redacted(conn, row.id)?
            + usize::from(has_reason && redact::is_reason_redacted(conn, row.id)?);
        if n_hidden(&commit) != frame.payloads.len() + n_gone {
            complain("payloadMissing");
        }
        match chain.admit(&commit, &id) {
            Ok(_) => {}
            // It follows from what is missing, which was said.
            Err(ChainError::Fork { .. } | ChainError::Stream) => complain("chain"),
            Err(_) if missing.is_empty() => complain("chain"),
            Err(_) => is_whole = false,
        }
        if !are_ops_equal(conn, row.id, &commit)? {
            complain("ops");
        }
        if row.status == Standing::Counts as i64 {
            state.apply(&commit, &frame.payloads);
        } else {
            // Who replaces a quarantined operation replaces what that one replaced: the plain
            // rules do not know that, the rebuild does.
            is_whole = false;
        }
    }
    if is_whole && state.digest() != digest::of_heads(conn, stream)? {
        report.problems.push(Problem {
            code: "heads",
            place: name.to_owned(),
        });
    }
    Ok(())
}

fn commit_rows(conn: &Connection, stream: i64) -> Result<Vec<CommitRow>, rusqlite::Error> {
    conn.prepare(
        "SELECT c.id, d.name, c.seq, c.hash, c.status, c.bytes, c.sig
         FROM commits c JOIN devices d ON d.id = c.device
         WHERE c.stream = ?1 AND c.status <> 3 ORDER BY c.id",
    )?
    .query_map([stream], |row| {
        Ok(CommitRow {
            id: row.get(0)?,
            device: row.get(1)?,
            seq: row.get(2)?,
            hash: row.get(3)?,
            status: row.get(4)?,
            bytes: row.get(5)?,
            sig: row.get(6)?,
        })
    })?
    .collect()
}

/// The payloads of a commit, as they travel.
pub(crate) fn payloads(conn: &Connection, commit: i64) -> Result<Vec<Payload>, rusqlite::Error> {
    let mut payloads: Vec<Payload> = conn
        .prepare_cached("SELECT idx, salt, value FROM payloads WHERE commit_id = ?1")?
        .query_map([commit], |row| {
            let (idx, value): (i64, String) = (row.get(0)?, row.get(2)?);
            Ok(Payload {
                place: u32::try_from(idx).map_or(PayloadPlace::Why, PayloadPlace::Op),
                salt: row.get(1)?,
                value: serde_json::from_str(&value).unwrap_or_default(),
            })
        })?
        .collect::<Result<_, _>>()?;
    payloads.sort_by_key(|payload| payload.place);
    Ok(payloads)
}

fn n_hidden(commit: &Commit) -> usize {
    let hidden = commit
        .ops
        .iter()
        .filter(|op| matches!(op.v, OpValue::Hidden(_)))
        .count();
    hidden + usize::from(commit.why.as_ref().is_some_and(|why| why.text.is_some()))
}

/// Whether the operations in the tables are those of a commit.
pub(crate) fn are_ops_equal(
    conn: &Connection,
    commit_id: i64,
    commit: &Commit,
) -> Result<bool, DeskError> {
    type OpRow = (String, String, String, Option<String>, Option<String>);
    let rows: Vec<OpRow> = conn
        .prepare_cached(
            "SELECT e.name, o.kind, o.field, o.value, o.hidden
             FROM ops o JOIN entities e ON e.id = o.entity WHERE o.commit_id = ?1 ORDER BY o.idx",
        )?
        .query_map(params![commit_id], |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        })?
        .collect::<Result<_, _>>()?;
    let signed = commit.ops.iter().map(|op| {
        let (value, hidden) = match &op.v {
            OpValue::Inline(value) => (ledger::canonical::to_text(value).ok(), None),
            OpValue::Hidden(hash) => (None, Some(Hash::as_str(hash).to_owned())),
        };
        (op.e.clone(), op.k.clone(), op.f.clone(), value, hidden)
    });
    Ok(rows.into_iter().eq(signed))
}

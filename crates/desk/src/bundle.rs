//! Studies in an encrypted file, for two laptops without any network between them: the same
//! commits, the same checks, the same merge as over the center.
//!
//! ```text
//! "pidesk-sync\0"     12 bytes
//! format              u32, little endian
//! length of the head  u32, little endian
//! head                JSON: cost and salt of the key, nonce
//! sealed              per commit: 1 for held else 0, length (u32), frame as it travels
//! ```
//!
//! Everything before `sealed` is authenticated with it. Order and repetition do not matter: what is
//! here is skipped, and a commit whose predecessors are missing ends its stream with a word.

use crate::desk::{Changed, Desk, stream_of};
use crate::error::DeskError;
use crate::hole;
use crate::project;
use crate::store::append::{self, Arriving, Touched};
use crate::store::{Standing, names, tips};
use crate::vault::{Kdf, Secret, seal, unseal};
use crate::verify::{Problem, payloads};
use data_encoding::HEXLOWER;
use ledger::{Arrival, ChainError, Commit, Frame};
use model::StudyId;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const MAGIC: &[u8; 12] = b"pidesk-sync\0";
const FORMAT: u32 = 1;
/// Longest head that is read. Units: bytes.
const HEAD_BYTES_MAX: usize = 4_096;
/// Most bytes of a bundle that is read; frames of years of work are some tens of megabytes.
pub const BUNDLE_BYTES_MAX: u64 = 1024 * 1024 * 1024;
const PURPOSE: &[u8] = b"pidesk-bundle-v1";

#[derive(Serialize, Deserialize)]
struct Head {
    kdf: Kdf,
    salt: String,
    nonce: String,
}

/// What taking in a bundle did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BundleTaken {
    /// The studies in it.
    pub studies: Vec<StudyId>,
    /// Commits that were not here before.
    pub n_new: usize,
    /// Of these, how many had been here, and are back in their place.
    pub n_put_back: usize,
    /// Commits that were here.
    pub n_known: usize,
    /// What screens must read again.
    pub changed: Changed,
    /// Why a study was not taken to its end.
    pub problems: Vec<Problem>,
}

impl Desk {
    /// Puts everything of some studies into an encrypted file.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`], [`DeskError::Vault`] for an empty
    /// passphrase.
    pub fn bundle_out(
        &self,
        studies: &[StudyId],
        passphrase: &str,
        kdf: Kdf,
    ) -> Result<Vec<u8>, DeskError> {
        if passphrase.is_empty() {
            return Err(crate::vault::VaultError::EmptyPassphrase.into());
        }
        let conn = &self.opened.conn;
        let mut plain = Vec::new();
        for study in studies {
            write_stream(conn, stream_of(conn, study)?, &mut plain)?;
        }
        let (salt, nonce): ([u8; 16], [u8; 24]) = (self.env.random(), self.env.random());
        let head = Head {
            kdf,
            salt: HEXLOWER.encode(&salt),
            nonce: HEXLOWER.encode(&nonce),
        };
        let head = serde_json::to_vec(&head).map_err(|_| DeskError::NotABundle)?;
        let mut out = MAGIC.to_vec();
        out.extend(FORMAT.to_le_bytes());
        out.extend(length(head.len())?.to_le_bytes());
        out.extend(head);
        let sealed = seal(&key(kdf, passphrase, &salt)?, nonce, &out, &plain);
        out.extend(sealed);
        Ok(out)
    }

    /// Takes in what [`Desk::bundle_out`] made, all that can be believed, in one transaction.
    ///
    /// What it brings waits for the center like what was written here: whoever reaches it first
    /// hands it in.
    ///
    /// # Errors
    /// [`DeskError::NotABundle`], [`DeskError::BundleKey`] when the passphrase is another or a bit
    /// was changed, [`DeskError::Storage`]; nothing is taken then.
    pub fn bundle_in(&mut self, bytes: &[u8], passphrase: &str) -> Result<BundleTaken, DeskError> {
        let plain = open(bytes, passphrase)?;
        let frames = read_frames(&plain)?;
        let taken = self.transact(|conn, _| {
            let mut taken = BundleTaken::default();
            let mut touched: BTreeMap<String, Touched> = BTreeMap::new();
            let mut ended: Vec<String> = Vec::new();
            let mut gone: BTreeMap<i64, Vec<hole::Row>> = BTreeMap::new();
            for (is_held, frame) in frames {
                let Ok(commit) = frame.parse_commit() else {
                    return Err(DeskError::NotABundle);
                };
                if ended.contains(&commit.stream) {
                    continue;
                }
                let touched = touched.entry(commit.stream.clone()).or_default();
                match take(conn, (&frame, &commit), is_held, touched, &mut gone)? {
                    Ok(Taken::New) => taken.n_new += 1,
                    Ok(Taken::PutBack) => {
                        taken.n_new += 1;
                        taken.n_put_back += 1;
                    }
                    Ok(Taken::Known) => taken.n_known += 1,
                    Err(problem) => {
                        ended.push(commit.stream.clone());
                        taken.problems.push(problem);
                    }
                }
            }
            for (stream, touched) in &mut touched {
                let rows = gone.remove(&touched.stream).unwrap_or_default();
                hole::fill(conn, touched, rows)?;
                taken.studies.extend(StudyId::parse(stream));
                if names::stream(conn, stream)?.is_some() {
                    project::project(conn, touched)?;
                    project::study_rows::update(conn, touched.stream, true)?;
                }
                if taken.n_new > 0 {
                    taken.changed.add(Changed::study(stream));
                }
            }
            Ok(taken)
        })?;
        if taken.n_put_back > 0 {
            self.n_missing.set(None);
            self.chains.borrow_mut().clear();
        }
        Ok(taken)
    }
}

fn key(kdf: Kdf, passphrase: &str, salt: &[u8]) -> Result<Secret, DeskError> {
    Ok(kdf.derive(passphrase, salt)?.derive(salt, PURPOSE))
}

fn length(n: usize) -> Result<u32, DeskError> {
    u32::try_from(n).map_err(|_| DeskError::NotABundle)
}

fn write_stream(conn: &Connection, stream: i64, out: &mut Vec<u8>) -> Result<(), DeskError> {
    let mut statement = conn.prepare_cached(
        "SELECT id, bytes, sig, status FROM commits WHERE stream = ?1 AND status <> 3 ORDER BY id",
    )?;
    let mut rows = statement.query([stream])?;
    while let Some(row) = rows.next()? {
        let (id, status): (i64, i64) = (row.get(0)?, row.get(3)?);
        let frame = Frame {
            commit: row.get(1)?,
            sig: row.get(2)?,
            payloads: payloads(conn, id)?,
        };
        let bytes = frame.encode();
        out.push(u8::from(status == Standing::Quarantined as i64));
        out.extend(length(bytes.len())?.to_le_bytes());
        out.extend(bytes);
    }
    Ok(())
}

/// Takes bytes off the front.
fn split<'a>(bytes: &mut &'a [u8], n: usize) -> Result<&'a [u8], DeskError> {
    let (front, rest) = bytes.split_at_checked(n).ok_or(DeskError::NotABundle)?;
    *bytes = rest;
    Ok(front)
}

fn number(bytes: &mut &[u8]) -> Result<u32, DeskError> {
    let four = split(bytes, 4)?.try_into();
    Ok(u32::from_le_bytes(four.map_err(|_| DeskError::NotABundle)?))
}

fn open(bytes: &[u8], passphrase: &str) -> Result<zeroize::Zeroizing<Vec<u8>>, DeskError> {
    let mut rest = bytes;
    if split(&mut rest, MAGIC.len())? != MAGIC || number(&mut rest)? != FORMAT {
        return Err(DeskError::NotABundle);
    }
    let n = number(&mut rest)? as usize;
    if n > HEAD_BYTES_MAX {
        return Err(DeskError::NotABundle);
    }
    let head = split(&mut rest, n)?;
    let head: Head = serde_json::from_slice(head).map_err(|_| DeskError::NotABundle)?;
    let text = |text: &str| HEXLOWER.decode(text.as_bytes()).ok();
    let (Some(salt), Some(nonce)) = (text(&head.salt), text(&head.nonce)) else {
        return Err(DeskError::NotABundle);
    };
    let nonce: [u8; 24] = nonce.try_into().map_err(|_| DeskError::NotABundle)?;
    let context = bytes.get(..bytes.len() - rest.len()).unwrap_or_default();
    let key = key(head.kdf, passphrase, &salt)?;
    unseal(&key, nonce, context, rest).ok_or(DeskError::BundleKey)
}

fn read_frames(mut plain: &[u8]) -> Result<Vec<(bool, Frame)>, DeskError> {
    let mut frames = Vec::new();
    while !plain.is_empty() {
        let is_held = split(&mut plain, 1)? == [1];
        let n = number(&mut plain)? as usize;
        let bytes = split(&mut plain, n)?;
        match Frame::decode(bytes) {
            Ok((frame, used)) if used == n => frames.push((is_held, frame)),
            _ => return Err(DeskError::NotABundle),
        }
    }
    Ok(frames)
}

/// What became of one commit.
enum Taken {
    New,
    /// Gone from the log; back in its place once the file was read.
    PutBack,
    Known,
}

/// Takes one commit in, or says why it cannot be believed.
fn take(
    conn: &Connection,
    (frame, commit): (&Frame, &Commit),
    is_held: bool,
    touched: &mut Touched,
    gone: &mut BTreeMap<i64, Vec<hole::Row>>,
) -> Result<Result<Taken, Problem>, DeskError> {
    let refused = |code| {
        let place = format!("{} {}:{}", commit.stream, commit.dev, commit.seq);
        Ok(Err(Problem { code, place }))
    };
    let number = names::stream_or_new(conn, &commit.stream)?;
    touched.stream = number;
    let known = names::device_key(conn, &commit.dev)?;
    let Some(key) = commit.public_key().or(known) else {
        return refused("signature");
    };
    if frame.verify(commit, &key).is_err() {
        return refused("signature");
    }
    let id = frame.id();
    let standing = if is_held {
        Standing::Quarantined
    } else {
        Standing::Counts
    };
    let mut answer = tips::check(conn, number, (commit, &id), &mut touched.known)?;
    if hole::is_one(conn, touched, (frame, commit), &answer)? {
        let row = hole::Row::from_bundle(frame, commit, standing);
        gone.entry(number).or_default().push(row);
        return Ok(Ok(Taken::PutBack));
    }
    if answer.is_err()
        && let Some(rows) = gone.remove(&number)
    {
        // It may follow what was missing until now.
        hole::fill(conn, touched, rows)?;
        answer = tips::check(conn, number, (commit, &id), &mut touched.known)?;
    }
    match answer {
        Ok(Arrival::Known) => Ok(Ok(Taken::Known)),
        Ok(Arrival::New) => {
            let arriving = Arriving {
                frame,
                id: &id,
                commit,
                standing,
                receipt: None,
            };
            append::append(conn, &arriving, &key, touched)?;
            Ok(Ok(Taken::New))
        }
        Err(ChainError::Fork { .. }) => refused("fork"),
        Err(_) => refused("chain"),
    }
}

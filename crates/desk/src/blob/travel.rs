//! Files on their way between laptops: which ones the studies name, pieces out, pieces in.
//!
//! What comes in is sealed piece by piece, `HEX.part/OFFSET-LENGTH`, each a content of its own, so
//! that nothing readable lies on the disk and a cut costs one piece. When all are there they become
//! one content under its name, or, when its hash is another, nothing.
//!
//! A content that could not be opened gets a mark beside it, `HEX.damaged`; it is then fetched
//! again when the center has it.

use super::{
    CHUNK_BYTES, HEAD_BYTES, PURPOSE, SALT_BYTES, TAG_BYTES, copy_opened, hex, nonce, read_up_to,
};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::vault::{BLOB_FOLDER, VaultError, unseal};
use ledger::Hash;
use model::file::BlobRef;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// A file that a study names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    /// The study's stream.
    pub stream: String,
    /// The hash of the content, `sha256:…`.
    pub hash: String,
    /// Its size. Units: bytes.
    pub size: u64,
    /// What of it is here.
    pub here: FileHere,
}

/// How much of a file is on this laptop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileHere {
    /// All of it, as far as its length tells.
    Whole,
    /// So many bytes from its beginning.
    Part(u64),
}

impl Desk {
    /// Every file that the studies here name, also those that a later one replaced: what was sent
    /// to a committee is shown as it was.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn files(&self) -> Result<Vec<FileState>, DeskError> {
        let folder = self.opened.dir.join(BLOB_FOLDER);
        let named = self.named_files()?.into_iter();
        Ok(named
            .map(|((stream, hash), size)| FileState {
                here: here(&folder, &hash, size),
                stream,
                hash,
                size,
            })
            .collect())
    }

    /// Every file that any commit of a stream names, also one that was kept for review.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn files_written(&self, stream: &str) -> Result<Vec<FileState>, DeskError> {
        let folder = self.opened.dir.join(BLOB_FOLDER);
        let mut statement = self.opened.conn.prepare_cached(
            "SELECT coalesce(o.value, w.value) FROM streams s
             JOIN commits c ON c.stream = s.id
             JOIN ops o ON o.commit_id = c.id
             LEFT JOIN payloads w ON w.commit_id = o.commit_id AND w.idx = o.idx
             WHERE s.name = ?1 AND instr(coalesce(o.value, w.value), '$blob')",
        )?;
        let mut rows = statement.query([stream])?;
        let mut named = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let text: String = row.get(0)?;
            let value: Option<Value> = serde_json::from_str(&text).ok();
            if let Some(file) = value.as_ref().and_then(BlobRef::read) {
                named.insert(file.hash, file.size);
            }
        }
        let state = |(hash, size): (String, u64)| FileState {
            here: here(&folder, &hash, size),
            stream: stream.to_owned(),
            hash,
            size,
        };
        Ok(named.into_iter().map(state).collect())
    }

    /// Every file by study and hash, with its size.
    fn named_files(&self) -> Result<BTreeMap<(String, String), u64>, DeskError> {
        let mut statement = self.opened.conn.prepare_cached(
            // In this order: few entities have files, and the log has many operations.
            "SELECT s.name, coalesce(o.value, w.value) FROM streams s
             CROSS JOIN places p ON p.stream = s.id AND p.kind IN ('document', 'submission', 'blank')
             CROSS JOIN ops o ON o.entity = p.entity AND o.field IN ('file', 'package', 'packageList')
             JOIN commits c ON c.id = o.commit_id AND c.status <> 3
             LEFT JOIN payloads w ON w.commit_id = o.commit_id AND w.idx = o.idx",
        )?;
        let mut rows = statement.query([])?;
        let mut named = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let text: Option<String> = row.get(1)?;
            let value: Option<Value> = text.and_then(|text| serde_json::from_str(&text).ok());
            if let Some(file) = value.as_ref().and_then(BlobRef::read) {
                named.insert((row.get(0)?, file.hash), file.size);
            }
        }
        Ok(named)
    }

    /// A piece of a content; `None` when it is damaged or not here.
    ///
    /// # Errors
    /// [`DeskError::Vault`] when the disk refuses.
    pub fn file_piece(
        &self,
        hash: &str,
        offset: u64,
        n: usize,
    ) -> Result<Option<Vec<u8>>, DeskError> {
        if Hash::parse(hash).is_none() {
            return Ok(None);
        }
        let folder = self.opened.dir.join(BLOB_FOLDER);
        let path = folder.join(hex(hash));
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(VaultError::io("reading", &path)(error).into()),
        };
        let piece = self.piece_of(file, offset, n);
        let piece = piece.map_err(VaultError::io("reading", &path))?;
        if piece.is_none() {
            note_damage(&folder, hash);
        }
        Ok(piece)
    }

    fn piece_of(&self, mut file: File, offset: u64, n: usize) -> io::Result<Option<Vec<u8>>> {
        let sealed_bytes = file.metadata()?.len();
        let mut head = [0; HEAD_BYTES];
        if file.read_exact(&mut head).is_err() {
            return Ok(None);
        }
        let Some(salt) = head.last_chunk::<SALT_BYTES>().copied() else {
            return Ok(None);
        };
        if head != super::head(salt) {
            return Ok(None);
        }
        let key = self.opened.key.derive(&salt, PURPOSE);
        let sealed_chunk = (CHUNK_BYTES + TAG_BYTES) as u64;
        let first = offset / CHUNK_BYTES as u64;
        let end = offset + n as u64;
        let mut place = HEAD_BYTES as u64 + first * sealed_chunk;
        file.seek(SeekFrom::Start(place))?;
        let mut from = BufReader::new(file);
        let mut plain = Vec::new();
        for number in first.. {
            if number * CHUNK_BYTES as u64 >= end && n > 0 {
                break;
            }
            let sealed = read_up_to(&mut from, CHUNK_BYTES + TAG_BYTES)?;
            place += sealed.len() as u64;
            let is_last = place == sealed_bytes;
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let Some(chunk) = unseal(&key, nonce(salt, number, is_last), &head, &sealed) else {
                return Ok(None);
            };
            plain.extend_from_slice(&chunk);
            if is_last || n == 0 {
                break;
            }
        }
        let skip = usize::try_from(offset - first * CHUNK_BYTES as u64).unwrap_or(usize::MAX);
        Ok(plain.get(skip..skip.saturating_add(n)).map(<[u8]>::to_vec))
    }

    /// Keeps the next piece of a content that comes in.
    ///
    /// # Errors
    /// [`DeskError::Damaged`] for a name that is none, [`DeskError::Vault`].
    pub fn file_keep(&mut self, hash: &str, offset: u64, piece: &[u8]) -> Result<(), DeskError> {
        if Hash::parse(hash).is_none() {
            return Err(DeskError::Damaged("the name of a file"));
        }
        let folder = parts_folder(&self.blob_folder()?, hash);
        fs::create_dir_all(&folder).map_err(VaultError::io("making the folder", &folder))?;
        let path = folder.join(format!("{offset:015}-{}", piece.len()));
        let staged = path.with_extension("new");
        let salt: [u8; SALT_BYTES] = self.env.random();
        let mut from = piece;
        self.write_sealed(&mut from, &staged, salt)?;
        // Not synced: a piece that a power cut spoils does not open, and all come again.
        let disk = &self.opened.disk;
        Ok(disk
            .rename(&staged, &path)
            .map_err(VaultError::io("naming", &path))?)
    }

    /// Makes one content of the pieces. `false` when they are not that content; they are gone then.
    ///
    /// # Errors
    /// [`DeskError::Vault`] when the disk refuses, and then the pieces are still there.
    pub fn file_finish(&mut self, hash: &str) -> Result<bool, DeskError> {
        if Hash::parse(hash).is_none() {
            return Err(DeskError::Damaged("the name of a file"));
        }
        let folder = parts_folder(&self.blob_folder()?, hash);
        let mut pieces = Pieces {
            vault: self.opened.key.clone(),
            paths: pieces(&folder).into_iter().map(|one| one.path).collect(),
            open: io::Cursor::new(Vec::new()),
            is_damaged: false,
        };
        let taken = self.blob_take(&mut pieces, Some(hash))?;
        let is_good = taken.is_some() && !pieces.is_damaged;
        match fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(VaultError::io("clearing", &folder)(error).into())
            }
            _ => Ok(is_good),
        }
    }
}

/// What of a content is here.
fn here(folder: &Path, hash: &str, size: u64) -> FileHere {
    let path = folder.join(hex(hash));
    let is_whole = fs::metadata(&path).is_ok_and(|meta| meta.len() == sealed_bytes(size));
    if is_whole && !damage_mark(folder, hash).exists() {
        return FileHere::Whole;
    }
    let pieces = pieces(&parts_folder(folder, hash));
    FileHere::Part(pieces.iter().map(|piece| piece.length).sum())
}

/// How long a sealed content is.
fn sealed_bytes(size: u64) -> u64 {
    let n_chunks = size.div_ceil(CHUNK_BYTES as u64).max(1);
    HEAD_BYTES as u64 + size + n_chunks * TAG_BYTES as u64
}

/// A piece on the disk.
struct PieceFile {
    offset: u64,
    length: u64,
    path: PathBuf,
}

/// The pieces of a content that follow each other from its beginning.
fn pieces(folder: &Path) -> Vec<PieceFile> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut found: Vec<PieceFile> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let (offset, length) = path.file_name()?.to_str()?.split_once('-')?;
            Some(PieceFile {
                offset: offset.parse().ok()?,
                length: length.parse().ok()?,
                path,
            })
        })
        .collect();
    found.sort_by_key(|piece| piece.offset);
    let mut end = 0;
    found.retain(|piece| {
        let follows = piece.offset == end;
        end += if follows { piece.length } else { 0 };
        follows
    });
    found
}

fn parts_folder(folder: &Path, hash: &str) -> PathBuf {
    folder.join(format!("{}.part", hex(hash)))
}

fn damage_mark(folder: &Path, hash: &str) -> PathBuf {
    folder.join(format!("{}.damaged", hex(hash)))
}

/// Marks a content that could not be opened; where that fails it is found again the next time.
pub(super) fn note_damage(folder: &Path, hash: &str) {
    let _ = crate::vault::create_private(&damage_mark(folder, hash));
}

/// Takes the mark away from a content that was stored anew.
pub(super) fn forget_damage(folder: &Path, hash: &str) {
    let _ = fs::remove_file(damage_mark(folder, hash));
}

/// The pieces of a content, opened one after the other.
struct Pieces {
    vault: crate::vault::Secret,
    /// In order.
    paths: std::collections::VecDeque<PathBuf>,
    open: io::Cursor<Vec<u8>>,
    is_damaged: bool,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let n = self.open.read(buffer)?;
            if n > 0 || buffer.is_empty() {
                return Ok(n);
            }
            let Some(path) = self.paths.pop_front() else {
                return Ok(0);
            };
            let mut plain = Vec::new();
            let file = BufReader::new(File::open(path)?);
            if copy_opened(&self.vault, file, &mut plain)?.is_none() {
                self.is_damaged = true;
                return Ok(0);
            }
            self.open = io::Cursor::new(plain);
        }
    }
}

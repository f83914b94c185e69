//! The file format of a backup.
//!
//! ```text
//! "pidesk-backup\0\r\n"   16 bytes; the line end shows a copy that was "translated" on the way
//! format                  u32, little endian
//! length of the header    u32, little endian
//! header                  JSON: what it is, and name and length of every part
//! the parts               one after the other, as they are
//! checksum                SHA-256 of everything before it
//! ```
//!
//! The length of the file follows from the header, so that a file cut off is told from a damaged
//! one. The checksum finds accidents; against malice the database's pages and the ways in are
//! authenticated under the vault's key.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::BackupError;
use crate::vault::{BLOB_FOLDER, DB_FILE, VaultError, WAYS_FILE};

/// The newest format that this program reads and the one that it writes.
pub const FORMAT: u32 = 1;

const MAGIC: &[u8; 16] = b"pidesk-backup\0\r\n";
const CHECKSUM_BYTES: u64 = 32;
/// More than a vault with a hundred thousand attachments needs.
const MAX_HEADER_BYTES: u32 = 32 * 1024 * 1024;
const COPY_BYTES: usize = 128 * 1024;

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Where it comes from.
    #[serde(flatten)]
    pub about: About,
    /// The parts, in their order.
    pub parts: Vec<Part>,
}

/// Where a backup comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The vault's name for machines.
    pub vault: String,
    /// Whether it is the sample.
    pub sample: bool,
    /// When it was made. Time: UTC, RFC 3339.
    pub made_at: String,
    /// The program's version.
    pub app: String,
    /// The version of the database's schema.
    pub schema: u32,
}

/// A part of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its path inside the vault folder, with `/`.
    pub name: String,
    /// Its length. Units: bytes.
    pub length: u64,
}

impl Header {
    fn parts_length(&self) -> Option<u64> {
        self.parts
            .iter()
            .try_fold(0_u64, |sum, part| sum.checked_add(part.length))
    }
}

/// Where the bytes of a part come from.
pub(super) struct Source {
    name: String,
    from: From,
}

enum From {
    Bytes(Vec<u8>),
    File(PathBuf),
}

impl Source {
    pub(super) fn bytes(name: &str, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            from: From::Bytes(bytes),
        }
    }

    pub(super) fn file(name: &str, path: &Path) -> Self {
        Self {
            name: name.to_owned(),
            from: From::File(path.to_owned()),
        }
    }

    fn open(&self) -> io::Result<(Box<dyn Read + '_>, u64)> {
        match &self.from {
            From::Bytes(bytes) => Ok((Box::new(bytes.as_slice()), bytes.len() as u64)),
            From::File(path) => {
                let file = File::open(path)?;
                let length = file.metadata()?.len();
                Ok((Box::new(BufReader::new(file)), length))
            }
        }
    }
}

/// Writes a whole backup and waits until it is on the disk.
pub(super) fn write(to: &Path, from: Vec<Source>, about: &About) -> Result<Header, BackupError> {
    let mut parts = Vec::with_capacity(from.len());
    for source in &from {
        let (_, length) = source.open().map_err(VaultError::io("reading for", to))?;
        parts.push(Part {
            name: source.name.clone(),
            length,
        });
    }
    let header = Header {
        about: about.clone(),
        parts,
    };
    write_parts(to, &from, &header).map_err(VaultError::io("writing", to))?;
    Ok(header)
}

fn write_parts(to: &Path, from: &[Source], header: &Header) -> io::Result<()> {
    let mut out = Hashing {
        inner: BufWriter::new(File::create(to)?),
        hash: Sha256::new(),
    };
    let json = serde_json::to_vec(header)?;
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    out.write_all(MAGIC)?;
    out.write_all(&FORMAT.to_le_bytes())?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(&json)?;
    for (source, part) in from.iter().zip(&header.parts) {
        let (reader, _) = source.open()?;
        // A file that grows meanwhile gives its first bytes; one that shrinks stops the backup.
        if io::copy(&mut reader.take(part.length), &mut out)? != part.length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
    }
    let Hashing { mut inner, hash } = out;
    inner.write_all(&hash.finalize())?;
    inner
        .into_inner()
        .map_err(io::IntoInnerError::into_error)?
        .sync_all()
}

struct Hashing<W> {
    inner: W,
    hash: Sha256,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let n = self.inner.write(bytes)?;
        self.hash.update(&bytes[..n]);
        Ok(n)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Checks every bit of a backup and gives its header.
///
/// # Errors
/// [`BackupError::NotABackup`], [`BackupError::CutOff`], [`BackupError::Damaged`],
/// [`BackupError::Newer`], [`BackupError::Vault`] when the file cannot be read.
pub fn verify(file: &Path) -> Result<Header, BackupError> {
    let unreadable = |error| VaultError::io("reading", file)(error);
    let mut reader = BufReader::with_capacity(COPY_BYTES, File::open(file).map_err(unreadable)?);
    let size = fs::metadata(file).map_err(unreadable)?.len();
    let (head, header) = read_header(file, &mut reader, size)?;
    let body = header.parts_length().filter(|body| {
        body.checked_add(head.len() as u64 + CHECKSUM_BYTES)
            .is_some_and(|whole| whole == size)
    });
    let Some(body) = body else {
        return Err(cut_or_damaged(file, &header, &head, size));
    };
    let mut hash = Sha256::new();
    hash.update(&head);
    let mut left = body;
    let mut buffer = vec![0; COPY_BYTES];
    while left > 0 {
        let n = usize::try_from(left.min(COPY_BYTES as u64)).unwrap_or(COPY_BYTES);
        reader.read_exact(&mut buffer[..n]).map_err(unreadable)?;
        hash.update(&buffer[..n]);
        left -= n as u64;
    }
    let mut checksum = [0; CHECKSUM_BYTES as usize];
    reader.read_exact(&mut checksum).map_err(unreadable)?;
    if hash.finalize()[..] != checksum || !names_are_ours(&header) {
        return Err(BackupError::Damaged {
            file: file.to_owned(),
        });
    }
    Ok(header)
}

fn cut_or_damaged(file: &Path, header: &Header, head: &[u8], size: u64) -> BackupError {
    let whole = header
        .parts_length()
        .and_then(|body| body.checked_add(head.len() as u64 + 32));
    match whole {
        Some(whole) if size < whole => BackupError::CutOff {
            file: file.to_owned(),
        },
        _ => BackupError::Damaged {
            file: file.to_owned(),
        },
    }
}

/// The bytes up to the first part, and what they say.
fn read_header(
    file: &Path,
    reader: &mut impl Read,
    size: u64,
) -> Result<(Vec<u8>, Header), BackupError> {
    let unreadable = |error| VaultError::io("reading", file)(error);
    let mut start = Vec::new();
    reader
        .take(24)
        .read_to_end(&mut start)
        .map_err(unreadable)?;
    let n_known = start.len().min(MAGIC.len());
    if start.is_empty() || start[..n_known] != MAGIC[..n_known] {
        return Err(BackupError::NotABackup {
            file: file.to_owned(),
        });
    }
    let cut_off = || BackupError::CutOff {
        file: file.to_owned(),
    };
    let damaged = || BackupError::Damaged {
        file: file.to_owned(),
    };
    let number = |at: usize| -> Option<u32> {
        Some(u32::from_le_bytes(start.get(at..at + 4)?.try_into().ok()?))
    };
    let (format, length) = number(16).zip(number(20)).ok_or_else(cut_off)?;
    if format == 0 {
        return Err(damaged());
    }
    if format > FORMAT {
        return Err(BackupError::Newer {
            file: file.to_owned(),
            found: format,
        });
    }
    if length > MAX_HEADER_BYTES {
        return Err(damaged());
    }
    if u64::from(length) + 24 > size {
        return Err(cut_off());
    }
    let mut json = Vec::new();
    reader
        .take(u64::from(length))
        .read_to_end(&mut json)
        .map_err(unreadable)?;
    let header = serde_json::from_slice(&json).map_err(|_| damaged())?;
    start.extend_from_slice(&json);
    Ok((start, header))
}

/// Only the files of a vault, and none outside its folder.
fn names_are_ours(header: &Header) -> bool {
    let is_plain = |name: &str| {
        !name.is_empty()
            && !name.starts_with('.')
            && name
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    let is_ours = |name: &str| {
        name == WAYS_FILE
            || name == DB_FILE
            || name
                .strip_prefix(BLOB_FOLDER)
                .and_then(|rest| rest.strip_prefix('/'))
                .is_some_and(is_plain)
    };
    let count = |name: &str| header.parts.iter().filter(|part| part.name == name).count();
    header.parts.iter().all(|part| is_ours(&part.name))
        && count(WAYS_FILE) == 1
        && count(DB_FILE) == 1
}

/// Reads one small part of a backup that was verified.
pub(super) fn read_part(file: &Path, header: &Header, name: &str) -> Result<Vec<u8>, BackupError> {
    let mut bytes = Vec::new();
    copy_part(file, header, name, &mut bytes)?;
    Ok(bytes)
}

/// Copies one part of a backup that was verified.
pub(super) fn copy_part(
    file: &Path,
    header: &Header,
    name: &str,
    to: &mut impl Write,
) -> Result<(), BackupError> {
    let unreadable = |error| VaultError::io("reading", file)(error);
    let mut reader = BufReader::with_capacity(COPY_BYTES, File::open(file).map_err(unreadable)?);
    let size = fs::metadata(file).map_err(unreadable)?.len();
    let (head, _) = read_header(file, &mut reader, size)?;
    let before = header.parts.iter().take_while(|part| part.name != name);
    let offset = head.len() as u64 + before.map(|part| part.length).sum::<u64>();
    let Some(part) = header.parts.iter().find(|part| part.name == name) else {
        return Err(BackupError::Damaged {
            file: file.to_owned(),
        });
    };
    reader.seek(SeekFrom::Start(offset)).map_err(unreadable)?;
    if io::copy(&mut reader.take(part.length), to).map_err(unreadable)? != part.length {
        return Err(BackupError::CutOff {
            file: file.to_owned(),
        });
    }
    Ok(())
}

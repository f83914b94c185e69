//! The bytes of documents: one encrypted file per content in the vault's folder.
//!
//! ```text
//! "pidesk-blob\0"      12 bytes
//! format               u32, little endian
//! salt                 19 random bytes
//! chunks               64 KiB of content each, the last one shorter, every one with its tag
//! ```
//!
//! The key of a file follows from the vault's key and its salt. A chunk's nonce is the salt, its
//! number and whether it is the last one, so that chunks cannot be left out, moved or cut off; the
//! head is authenticated with each. The file is named by the SHA-256 of its content, which is
//! compared when it is read: one file cannot stand for another.

mod travel;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::vault::{BLOB_FOLDER, Secret, VaultError, seal, unseal};
use data_encoding::HEXLOWER;
use ledger::Hash;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

pub use travel::{FileHere, FileState};

/// Largest file of a document. Units: bytes.
pub const FILE_BYTES_MAX: u64 = 500 * 1024 * 1024;

const MAGIC: &[u8; 12] = b"pidesk-blob\0";
const FORMAT: u32 = 1;
const SALT_BYTES: usize = 19;
const HEAD_BYTES: usize = MAGIC.len() + 4 + SALT_BYTES;
const CHUNK_BYTES: usize = 64 * 1024;
const TAG_BYTES: usize = 16;
const PURPOSE: &[u8] = b"pidesk-blob-v1";
/// What a file is called while it comes in; an old one is left from a power cut.
const INCOMING: &str = "incoming.new";

/// A content that was stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stored {
    /// Its tagged hash.
    pub(crate) hash: String,
    /// Its size. Units: bytes.
    pub(crate) size: u64,
}

impl Desk {
    /// Stores a content; one that is here already is not stored again.
    pub(crate) fn blob_put(&mut self, from: &mut dyn Read) -> Result<Stored, DeskError> {
        let stored = self.blob_take(from, None)?;
        stored.ok_or(DeskError::Damaged("a file that comes in"))
    }

    /// As [`Desk::blob_put`], for the content of a hash; `None` and nothing when it is another.
    fn blob_take(
        &mut self,
        from: &mut dyn Read,
        wanted: Option<&str>,
    ) -> Result<Option<Stored>, DeskError> {
        let folder = self.blob_folder()?;
        let incoming = folder.join(INCOMING);
        let failed = |what: &'static str| VaultError::io(what, &incoming);
        let salt: [u8; SALT_BYTES] = self.env.random();
        let stored = self
            .write_sealed(from, &incoming, salt)
            .inspect_err(|_| drop(fs::remove_file(&incoming)))?;
        if wanted.is_some_and(|wanted| wanted != stored.hash) {
            fs::remove_file(&incoming).map_err(failed("clearing"))?;
            return Ok(None);
        }
        let path = folder.join(hex(&stored.hash));
        if path.is_file() && self.blob_read(&stored.hash).is_ok() {
            fs::remove_file(&incoming).map_err(failed("clearing"))?;
            return Ok(Some(stored));
        }
        let disk = &self.opened.disk;
        disk.sync(&incoming).map_err(failed("writing"))?;
        disk.rename(&incoming, &path).map_err(failed("naming"))?;
        disk.sync_folder(&folder).map_err(failed("writing"))?;
        travel::forget_damage(&folder, &stored.hash);
        Ok(Some(stored))
    }

    /// The exact bytes of a content.
    ///
    /// # Errors
    /// [`DeskError::FileElsewhere`] when it is not on this laptop, [`DeskError::Damaged`] when it
    /// is not what was stored.
    pub fn blob_read(&self, hash: &str) -> Result<Vec<u8>, DeskError> {
        let mut out = Vec::new();
        self.blob_copy(hash, &mut out)?;
        Ok(out)
    }

    /// Writes the exact bytes of a content; what was written before an error is not to be used.
    ///
    /// # Errors
    /// As [`Desk::blob_read`].
    pub fn blob_copy(&self, hash: &str, to: &mut dyn Write) -> Result<(), DeskError> {
        if Hash::parse(hash).is_none() {
            return Err(DeskError::Damaged("the name of a file"));
        }
        let path = self.opened.dir.join(BLOB_FOLDER).join(hex(hash));
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(DeskError::FileElsewhere);
            }
            Err(error) => return Err(VaultError::io("reading", &path)(error).into()),
        };
        let copied = copy_opened(&self.opened.key, BufReader::new(file), to);
        match copied.map_err(VaultError::io("reading", &path))? {
            Some(found) if found == hash => Ok(()),
            _ => {
                travel::note_damage(&self.opened.dir.join(BLOB_FOLDER), hash);
                Err(DeskError::Damaged("a document's file"))
            }
        }
    }

    /// The hashes of all contents that are on this laptop.
    ///
    /// # Errors
    /// [`DeskError::Vault`] when the folder cannot be read.
    pub fn blobs_here(&self) -> Result<BTreeSet<String>, DeskError> {
        let folder = self.opened.dir.join(BLOB_FOLDER);
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeSet::new()),
            Err(error) => return Err(VaultError::io("reading", &folder)(error).into()),
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let hashes = names.map(|name| format!("sha256:{name}"));
        Ok(hashes.filter(|hash| Hash::parse(hash).is_some()).collect())
    }

    fn blob_folder(&self) -> Result<PathBuf, DeskError> {
        let folder = self.opened.dir.join(BLOB_FOLDER);
        fs::create_dir_all(&folder).map_err(VaultError::io("making the folder", &folder))?;
        Ok(folder)
    }

    fn write_sealed(
        &self,
        from: &mut dyn Read,
        path: &Path,
        salt: [u8; SALT_BYTES],
    ) -> Result<Stored, DeskError> {
        let failed = |what: &'static str| VaultError::io(what, path);
        let file = crate::vault::create_private(path).map_err(failed("writing"))?;
        let mut to = BufWriter::new(file);
        let head = head(salt);
        to.write_all(&head).map_err(failed("writing"))?;
        let key = self.opened.key.derive(&salt, PURPOSE);
        let mut hash = Sha256::new();
        let mut size = 0_u64;
        let mut chunk = read_chunk(from).map_err(failed("reading"))?;
        for number in 0_u32.. {
            size += chunk.len() as u64;
            if size > FILE_BYTES_MAX {
                return Err(DeskError::FileTooLarge {
                    bytes_max: FILE_BYTES_MAX,
                });
            }
            hash.update(&chunk);
            // The last chunk is the one behind which nothing comes.
            let next = match chunk.len() {
                CHUNK_BYTES => read_chunk(from).map_err(failed("reading"))?,
                _ => Vec::new(),
            };
            let is_last = next.is_empty();
            let sealed = seal(&key, nonce(salt, number, is_last), &head, &chunk);
            to.write_all(&sealed).map_err(failed("writing"))?;
            if is_last {
                break;
            }
            chunk = next;
        }
        to.flush().map_err(failed("writing"))?;
        Ok(Stored {
            hash: tagged(hash),
            size,
        })
    }
}

/// Opens a sealed content chunk by chunk; the hash of what came out, `None` when it is not whole.
fn copy_opened(
    vault: &Secret,
    mut from: impl Read,
    to: &mut dyn Write,
) -> io::Result<Option<String>> {
    let mut head = [0; HEAD_BYTES];
    if from.read_exact(&mut head).is_err() {
        return Ok(None);
    }
    let Some(salt) = head.last_chunk::<SALT_BYTES>().copied() else {
        return Ok(None);
    };
    if head != self::head(salt) {
        return Ok(None);
    }
    let key = vault.derive(&salt, PURPOSE);
    let mut hash = Sha256::new();
    let mut sealed = read_up_to(&mut from, CHUNK_BYTES + TAG_BYTES)?;
    for number in 0_u32.. {
        let next = read_up_to(&mut from, CHUNK_BYTES + TAG_BYTES)?;
        let is_last = next.is_empty();
        let Some(plain) = unseal(&key, nonce(salt, number, is_last), &head, &sealed) else {
            return Ok(None);
        };
        hash.update(&plain[..]);
        to.write_all(&plain)?;
        if is_last {
            break;
        }
        sealed = next;
    }
    Ok(Some(tagged(hash)))
}

fn head(salt: [u8; SALT_BYTES]) -> [u8; HEAD_BYTES] {
    let mut head = [0; HEAD_BYTES];
    head[..MAGIC.len()].copy_from_slice(MAGIC);
    head[MAGIC.len()..MAGIC.len() + 4].copy_from_slice(&FORMAT.to_le_bytes());
    head[MAGIC.len() + 4..].copy_from_slice(&salt);
    head
}

fn nonce(salt: [u8; SALT_BYTES], number: u32, is_last: bool) -> [u8; 24] {
    let mut nonce = [0; 24];
    nonce[..SALT_BYTES].copy_from_slice(&salt);
    nonce[SALT_BYTES..23].copy_from_slice(&number.to_be_bytes());
    nonce[23] = u8::from(is_last);
    nonce
}

fn read_chunk(from: &mut dyn Read) -> io::Result<Vec<u8>> {
    read_up_to(from, CHUNK_BYTES)
}

fn read_up_to(from: &mut (impl Read + ?Sized), bytes_max: usize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    from.take(bytes_max as u64).read_to_end(&mut out)?;
    Ok(out)
}

fn tagged(hash: Sha256) -> String {
    format!("sha256:{}", HEXLOWER.encode(&hash.finalize()))
}

fn hex(hash: &str) -> &str {
    hash.rsplit_once(':').map_or(hash, |(_, hex)| hex)
}

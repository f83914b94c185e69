//! The files of studies: objects in a store, a folder or an S3-compatible one.
//!
//! ```text
//! blob/STUDY/HEX                         a whole content, its hash checked
//! part/DEVICE/STUDY/HEX-SIZE/OFFSET      a piece that a laptop handed in
//! ```
//!
//! STUDY and DEVICE are hashes, so that no name of a stream means anything to a file system. A
//! content appears under `blob/` in one step, when all of it is there and its hash fits its name.
//! Nothing is kept in rows and nothing in memory: every replica sees the same.

use crate::blob_trouble::{Seen, failed};
use crate::s3::{self, S3Error};
use crate::store::StoreError;
use bytes::Bytes;
use data_encoding::HEXLOWER;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use ledger::Hash;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, WriteMultipart};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use sync::wire::Problem;

/// How many pieces of a content are on their way to the store at once.
const WRITES_MAX: usize = 2;

/// How much the files of studies may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlobLimits {
    /// Of one file. Units: bytes.
    pub file_bytes_max: u64,
    /// Of all files of one study. Units: bytes.
    pub study_bytes_max: u64,
    /// Of what one laptop has begun and not finished. Units: bytes.
    pub device_bytes_max: u64,
}

impl Default for BlobLimits {
    fn default() -> Self {
        Self {
            // As on the laptop.
            file_bytes_max: 500 * 1024 * 1024,
            study_bytes_max: 20 * 1024 * 1024 * 1024,
            device_bytes_max: 2 * 1024 * 1024 * 1024,
        }
    }
}

/// The files of studies.
#[derive(Clone)]
pub struct BlobStore {
    pub(crate) objects: Arc<dyn ObjectStore>,
    limits: BlobLimits,
    /// Where they are, when it is a folder.
    pub(crate) folder: Option<std::path::PathBuf>,
    /// How the store was found last.
    pub(crate) seen: Arc<Seen>,
}

/// A content of a study.
#[derive(Clone, Copy)]
pub(crate) struct Name<'a> {
    /// The study's stream.
    pub(crate) stream: &'a str,
    /// The hash of the content, without its algorithm.
    pub(crate) hex: &'a str,
}

/// A piece that a laptop hands in.
pub(crate) struct Piece<'a> {
    /// Of which content.
    pub(crate) name: Name<'a>,
    /// The laptop.
    pub(crate) dev: &'a str,
    /// Where it begins.
    pub(crate) offset: u64,
    /// The size of the whole content.
    pub(crate) size: u64,
    /// Its bytes.
    pub(crate) bytes: Bytes,
}

/// How far a content is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// All of it is there.
    Whole,
    /// The next piece of this laptop begins here.
    At(u64),
}

impl BlobStore {
    /// Keeps files in a folder, which is made where it is missing.
    ///
    /// # Errors
    /// When the folder cannot be made or used.
    pub fn in_folder(folder: &std::path::Path, limits: BlobLimits) -> io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let objects = LocalFileSystem::new_with_prefix(folder)
            .map_err(io::Error::other)?
            .with_automatic_cleanup(true)
            // What was acknowledged is on the disk.
            .with_fsync(true);
        let folder = Some(folder.to_owned());
        Ok(Self {
            folder,
            ..Self::over(Arc::new(objects), limits)
        })
    }

    /// Keeps files in a bucket of an S3-compatible store; `keys` are its id and its secret, where
    /// the address names no file of them. The store is not asked yet: it may come later.
    ///
    /// # Errors
    /// [`S3Error`] when the address, its files or the keys are not usable.
    pub fn in_bucket(
        address: &str,
        keys: Option<[String; 2]>,
        limits: BlobLimits,
    ) -> Result<Self, S3Error> {
        Ok(Self::over(s3::open(address, keys)?, limits))
    }

    /// Keeps files in any store.
    pub fn over(objects: Arc<dyn ObjectStore>, limits: BlobLimits) -> Self {
        Self {
            objects,
            limits,
            folder: None,
            seen: Arc::default(),
        }
    }

    /// The size of a content that is there whole.
    pub(crate) async fn size(&self, name: Name<'_>) -> Result<Option<u64>, StoreError> {
        match self.objects.head(&whole(name)).await {
            Ok(meta) => Ok(Some(meta.size)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// How much of each of these a laptop has handed in; pieces of what is whole are cleared away.
    pub(crate) async fn held(
        &self,
        stream: &str,
        dev: &str,
        hexes: &[&str],
    ) -> Result<Vec<(Option<u64>, u64)>, StoreError> {
        let mut parts: BTreeMap<String, Vec<(Path, u64, u64)>> = BTreeMap::new();
        for (path, offset, bytes) in self.parts(&parts_of(dev, stream)).await? {
            let hex = path.parts().rev().nth(1).and_then(|part| {
                let folder = part.as_ref().to_owned();
                folder.split_once('-').map(|(hex, _)| hex.to_owned())
            });
            let list = parts.entry(hex.unwrap_or_default()).or_default();
            list.push((path, offset, bytes));
        }
        let mut held = Vec::with_capacity(hexes.len());
        for hex in hexes {
            let size = self.size(Name { stream, hex }).await?;
            let begun = parts.remove(*hex).unwrap_or_default();
            if size.is_some() {
                self.clear(begun.into_iter().map(|(path, ..)| path)).await?;
                held.push((size, 0));
            } else {
                held.push((None, contiguous(&begun)));
            }
        }
        Ok(held)
    }

    /// Takes the next piece of a content; the last one makes it whole.
    pub(crate) async fn take(&self, piece: Piece<'_>) -> Result<Progress, StoreError> {
        let Piece {
            name,
            dev,
            offset,
            size,
            bytes,
        } = piece;
        if self.size(name).await?.is_some() {
            return Ok(Progress::Whole);
        }
        if size > self.limits.file_bytes_max {
            return Err(StoreError::Refused(Problem::NoRoom));
        }
        let n = bytes.len() as u64;
        // An empty piece at the end asks for what was begun there to be finished.
        if offset.checked_add(n).is_none_or(|end| end > size) || (n == 0 && offset < size) {
            return Err(StoreError::Refused(Problem::Malformed));
        }
        let folder = parts_of(dev, name.stream).join(format!("{}-{size}", name.hex));
        let have = contiguous(&self.parts(&folder).await?);
        // What came already, or would leave a hole: said where to go on.
        if offset != have {
            return Ok(Progress::At(have));
        }
        self.check_room(&piece_room(name.stream, dev, size, n), have)
            .await?;
        if n > 0 {
            let path = folder.clone().join(format!("{offset:015}"));
            self.wrote(self.objects.put(&path, bytes.into()).await)?;
        }
        if offset + n < size {
            return Ok(Progress::At(offset + n));
        }
        let (store, path, hex) = (self.clone(), whole(name), name.hex.to_owned());
        // It goes on when the laptop waits no longer: a large file takes time.
        let finishing = tokio::spawn(async move { store.finish(&path, &hex, &folder).await });
        finishing.await.map_err(|_| StoreError::Files)??;
        Ok(Progress::Whole)
    }

    /// A piece of a whole content; `None` when it is not there, an empty one behind its end.
    pub(crate) async fn read(
        &self,
        name: Name<'_>,
        range: Range<u64>,
    ) -> Result<Option<Bytes>, StoreError> {
        let Some(size) = self.size(name).await? else {
            return Ok(None);
        };
        let range = range.start.min(size)..range.end.min(size);
        if range.is_empty() {
            return Ok(Some(Bytes::new()));
        }
        match self.objects.get_range(&whole(name), range).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    /// Reads a content again. `false` when it was not what its name says; it is gone then.
    pub(crate) async fn check(&self, name: Name<'_>) -> Result<bool, StoreError> {
        let path = whole(name);
        let got = match self.objects.get(&path).await {
            Ok(got) => got,
            Err(Error::NotFound { .. }) => return Ok(false),
            Err(error) => return Err(failed(&error)),
        };
        let mut hash = Sha256::new();
        let mut stream = got.into_stream();
        while let Some(bytes) = stream.try_next().await.map_err(|error| failed(&error))? {
            hash.update(&bytes);
        }
        if HEXLOWER.encode(&hash.finalize()) == name.hex {
            return Ok(true);
        }
        log::error!("a file is damaged and was put out of the way: {path}");
        self.clear([path]).await?;
        Ok(false)
    }

    /// Makes one content of its pieces, once its hash fits.
    async fn finish(&self, path: &Path, hex: &str, folder: &Path) -> Result<(), StoreError> {
        let mut parts = self.parts(folder).await?;
        parts.sort_by_key(|(_, offset, _)| *offset);
        let mut written = self.write(path, hex, &parts).await;
        // Whoever asked for the same twice, or of two replicas, may have been faster, and clears
        // the pieces away.
        if !matches!(written, Ok(true)) && self.objects.head(path).await.is_ok() {
            written = Ok(true);
        }
        let is_right = self.wrote(written)?;
        self.clear(parts.into_iter().map(|(path, ..)| path)).await?;
        match is_right {
            true => Ok(()),
            false => Err(StoreError::Refused(Problem::WrongBytes)),
        }
    }

    /// Writes pieces as one content, in one step at the end; `false` when it has another hash.
    async fn write(
        &self,
        path: &Path,
        hex: &str,
        parts: &[(Path, u64, u64)],
    ) -> Result<bool, Error> {
        let mut writing = WriteMultipart::new(self.objects.put_multipart(path).await?);
        let mut hash = Sha256::new();
        let read = async {
            for (part, ..) in parts {
                let bytes = self.objects.get(part).await?.bytes().await?;
                hash.update(&bytes);
                writing.wait_for_capacity(WRITES_MAX).await?;
                writing.put(bytes);
            }
            Ok::<(), Error>(())
        };
        let read = read.await;
        let is_right = HEXLOWER.encode(&hash.finalize()) == hex;
        if read.is_err() || !is_right {
            let aborted = writing.abort().await;
            return read.and(aborted).map(|()| false);
        }
        writing.finish().await.map(|_| true)
    }

    /// Refuses a piece for which there is no room; of the study it is asked once for each file.
    async fn check_room(&self, room: &Room<'_>, have: u64) -> Result<(), StoreError> {
        let full = Err(StoreError::Refused(Problem::NoRoom));
        let begun = self
            .parts(&Path::from("part").join(short(room.dev)))
            .await?;
        let begun: u64 = begun.iter().map(|(.., bytes)| bytes).sum();
        if begun + room.piece > self.limits.device_bytes_max {
            return full;
        }
        if have == 0 {
            let study = Path::from("blob").join(short(room.stream));
            let held: u64 = self.sizes(&study).await?;
            if held + room.size > self.limits.study_bytes_max {
                return full;
            }
        }
        Ok(())
    }

    async fn sizes(&self, folder: &Path) -> Result<u64, StoreError> {
        let list: Vec<_> = self
            .objects
            .list(Some(folder))
            .try_collect()
            .await
            .map_err(|error| failed(&error))?;
        Ok(list.iter().map(|meta| meta.size).sum())
    }

    /// Pieces below a folder: path, offset, size.
    async fn parts(&self, folder: &Path) -> Result<Vec<(Path, u64, u64)>, StoreError> {
        let list: Vec<_> = self
            .objects
            .list(Some(folder))
            .try_collect()
            .await
            .map_err(|error| failed(&error))?;
        let part = |meta: object_store::ObjectMeta| {
            let offset = meta.location.filename()?.parse().ok()?;
            Some((meta.location, offset, meta.size))
        };
        Ok(list.into_iter().filter_map(part).collect())
    }

    pub(crate) async fn clear(
        &self,
        paths: impl IntoIterator<Item = Path>,
    ) -> Result<(), StoreError> {
        let paths: Vec<_> = paths.into_iter().map(Ok).collect();
        let mut gone = self.objects.delete_stream(stream::iter(paths).boxed());
        while let Some(result) = gone.next().await {
            match result {
                Ok(_) | Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(failed(&error)),
            }
        }
        Ok(())
    }
}

/// What a piece needs room for.
struct Room<'a> {
    stream: &'a str,
    dev: &'a str,
    size: u64,
    piece: u64,
}

fn piece_room<'a>(stream: &'a str, dev: &'a str, size: u64, piece: u64) -> Room<'a> {
    Room {
        stream,
        dev,
        size,
        piece,
    }
}

/// How far pieces reach from the beginning without a hole.
fn contiguous(parts: &[(Path, u64, u64)]) -> u64 {
    let mut places: Vec<(u64, u64)> = parts.iter().map(|(_, at, bytes)| (*at, *bytes)).collect();
    places.sort_unstable();
    places.into_iter().fold(
        0,
        |end, (at, bytes)| {
            if at == end { end + bytes } else { end }
        },
    )
}

fn whole(name: Name<'_>) -> Path {
    Path::from("blob").join(short(name.stream)).join(name.hex)
}

fn parts_of(dev: &str, stream: &str) -> Path {
    Path::from("part").join(short(dev)).join(short(stream))
}

/// A name that every file system takes.
fn short(name: &str) -> String {
    let hash = Hash::of(name.as_bytes());
    let hex = hash.as_str().trim_start_matches("sha256:");
    hex.chars().take(32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use object_store::memory::InMemory;

    fn store(limits: BlobLimits) -> BlobStore {
        BlobStore::over(Arc::new(InMemory::new()), limits)
    }

    fn hex(bytes: &[u8]) -> String {
        HEXLOWER.encode(&Sha256::digest(bytes))
    }

    async fn hand_in(
        store: &BlobStore,
        (stream, dev): (&str, &str),
        hex: &str,
        (offset, size): (u64, u64),
        bytes: &[u8],
    ) -> Result<Progress, StoreError> {
        let name = Name { stream, hex };
        let bytes = Bytes::copy_from_slice(bytes);
        let piece = Piece {
            name,
            dev,
            offset,
            size,
            bytes,
        };
        store.take(piece).await
    }

    #[tokio::test]
    async fn a_content_appears_when_all_of_it_is_there() {
        let store = store(BlobLimits::default());
        let all = b"the exact bytes of a file";
        let (hex, size) = (hex(all), all.len() as u64);
        let name = Name {
            stream: "s1",
            hex: &hex,
        };
        let who = ("s1", "d1");
        let first = hand_in(&store, who, &hex, (0, size), &all[..10]).await;
        assert_eq!(first.unwrap(), Progress::At(10));
        // Again, too early and too late: each is told where to go on.
        for offset in [0, 5, 12] {
            let again = hand_in(&store, who, &hex, (offset, size), &all[..4]).await;
            assert_eq!(again.unwrap(), Progress::At(10), "{offset}");
        }
        assert_eq!(store.size(name).await.unwrap(), None);
        assert_eq!(store.read(name, 0..5).await.unwrap(), None);
        let held = store.held("s1", "d1", &[&hex]).await.unwrap();
        assert_eq!(held, [(None, 10)]);
        // Another laptop begins for itself; another study has nothing.
        let held = store.held("s1", "d2", &[&hex]).await.unwrap();
        assert_eq!(held, [(None, 0)]);
        let last = hand_in(&store, who, &hex, (10, size), &all[10..]).await;
        assert_eq!(last.unwrap(), Progress::Whole);
        assert_eq!(store.size(name).await.unwrap(), Some(size));
        let piece = store.read(name, 4..9).await.unwrap().unwrap();
        assert_eq!(&piece[..], &all[4..9]);
        let behind = store.read(name, size..size + 9).await.unwrap().unwrap();
        assert!(behind.is_empty());
        let elsewhere = Name {
            stream: "s2",
            ..name
        };
        assert_eq!(store.size(elsewhere).await.unwrap(), None);
        assert_eq!(store.parts(&Path::from("part")).await.unwrap().len(), 0);
    }

    #[tokio::test]
    async fn f19_bytes_that_do_not_fit_their_name_are_never_shown() {
        let store = store(BlobLimits::default());
        let hex = hex(b"right");
        let name = Name {
            stream: "s1",
            hex: &hex,
        };
        let wrong = hand_in(&store, ("s1", "d1"), &hex, (0, 5), b"wrong").await;
        assert!(matches!(
            wrong,
            Err(StoreError::Refused(Problem::WrongBytes))
        ));
        assert_eq!(store.size(name).await.unwrap(), None);
        // Nothing of it stands in the way of the right ones.
        let right = hand_in(&store, ("s1", "d1"), &hex, (0, 5), b"right").await;
        assert_eq!(right.unwrap(), Progress::Whole);
        // Rot in the store: found when somebody asks, and given up.
        assert!(store.check(name).await.unwrap());
        let rot = object_store::PutPayload::from_static(b"rihgt");
        store.objects.put(&whole(name), rot).await.unwrap();
        assert!(!store.check(name).await.unwrap());
        assert_eq!(store.size(name).await.unwrap(), None);
    }

    #[tokio::test]
    async fn what_was_not_finished_is_finished_once_and_by_whoever_asks_again() {
        let store = store(BlobLimits::default());
        let all = [7; 100];
        let (hex, who) = (hex(&all), ("s1", "d1"));
        let folder = parts_of("d1", "s1").join(format!("{hex}-100"));
        let plant = async |offset: usize, bytes: &[u8]| {
            let path = folder.clone().join(format!("{offset:015}"));
            let bytes = Bytes::copy_from_slice(bytes);
            store.objects.put(&path, bytes.into()).await.unwrap();
        };
        plant(0, &all[..60]).await;
        let early = hand_in(&store, who, &hex, (60, 100), b"").await;
        assert!(matches!(
            early,
            Err(StoreError::Refused(Problem::Malformed))
        ));
        plant(60, &all[60..]).await;
        let again = || hand_in(&store, who, &hex, (100, 100), b"");
        let (one, two, three) = tokio::join!(again(), again(), again());
        for progress in [one, two, three] {
            assert_eq!(progress.unwrap(), Progress::Whole);
        }
        assert_eq!(
            store.held("s1", "d1", &[&hex]).await.unwrap(),
            [(Some(100), 0)]
        );
        assert_eq!(store.parts(&Path::from("part")).await.unwrap().len(), 0);
        // A second one that comes when the pieces are gone is no wrong content.
        let path = whole(Name {
            stream: "s1",
            hex: &hex,
        });
        store.finish(&path, &hex, &folder).await.unwrap();
    }

    #[tokio::test]
    async fn an_empty_content_is_one() {
        let store = store(BlobLimits::default());
        let hex = hex(b"");
        let taken = hand_in(&store, ("s1", "d1"), &hex, (0, 0), b"").await;
        assert_eq!(taken.unwrap(), Progress::Whole);
    }

    #[tokio::test]
    async fn there_is_an_end_to_files_studies_and_begun_uploads() {
        let store = store(BlobLimits {
            file_bytes_max: 10,
            study_bytes_max: 15,
            device_bytes_max: 12,
        });
        let refused = |answer| matches!(answer, Err(StoreError::Refused(Problem::NoRoom)));
        let who = ("s1", "d1");
        let (a, b) = (hex(&[1; 10]), hex(&[2; 10]));
        assert!(refused(hand_in(&store, who, &a, (0, 11), &[1; 10]).await));
        assert!(hand_in(&store, who, &a, (0, 10), &[1; 8]).await.is_ok());
        assert!(refused(hand_in(&store, who, &b, (0, 10), &[2; 8]).await));
        assert!(hand_in(&store, who, &a, (8, 10), &[1; 2]).await.is_ok());
        // Ten of fifteen are taken in this study; another study has its own.
        assert!(refused(hand_in(&store, who, &b, (0, 10), &[2; 8]).await));
        let other = ("s2", "d1");
        assert!(hand_in(&store, other, &b, (0, 10), &[2; 8]).await.is_ok());
        let too_long = hand_in(&store, other, &b, (8, 10), &[2; 3]).await;
        assert!(matches!(
            too_long,
            Err(StoreError::Refused(Problem::Malformed))
        ));
    }
}

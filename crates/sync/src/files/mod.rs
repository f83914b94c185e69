//! Files of documents, after the commits: what the center lacks goes up, what this laptop lacks
//! comes down, in pieces that are not sent twice.
//!
//! Commits never wait for a file. A contact about files may end at any piece, by a cut or because
//! somebody has just saved something, and the next one goes on there.

mod message;

use crate::Surroundings;
use crate::drive::patiently;
use crate::exchange::{Answer, Call, Failure};
use crate::link::CenterLink;
use crate::note::Note;
use crate::pin::Pin;
use crate::transport::Transport;
use crate::wire::{Problem, TYPE_BYTES};
use std::collections::{BTreeMap, BTreeSet};

pub use message::{
    BlobChecked, BlobHeld, BlobTaken, BlobsAsk, BlobsHeld, HASHES_MAX, PIECE_BYTES_MAX,
};

/// How large the first piece is. Units: bytes.
const PIECE_BYTES: usize = 256 * 1024;
/// How small pieces become in a network that breaks. Units: bytes.
const PIECE_BYTES_MIN: usize = 16 * 1024;
/// A piece that took less makes the next one larger. Units: milliseconds.
const FAST_MS: i64 = 1_000;
/// A piece that took more makes the next one smaller. Units: milliseconds.
const SLOW_MS: i64 = 5_000;
/// How often one piece is tried in one contact.
const TRIES: u32 = 3;

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
    pub here: Here,
}

/// How much of a file is on this laptop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// All of it.
    Whole,
    /// So many bytes from its beginning.
    Part(u64),
}

/// The files of a laptop.
pub trait Shelf {
    /// Why the laptop could not.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Every file that the studies here name.
    ///
    /// # Errors
    /// When the store fails.
    fn files(&mut self) -> Result<Vec<FileState>, Self::Error>;

    /// A piece of a whole file; `None` when it is damaged here.
    ///
    /// # Errors
    /// When the store fails.
    fn read(&mut self, hash: &str, offset: u64, n: usize) -> Result<Option<Vec<u8>>, Self::Error>;

    /// Keeps the next piece of a file that comes in.
    ///
    /// # Errors
    /// When the store fails.
    fn keep(&mut self, hash: &str, offset: u64, piece: &[u8]) -> Result<(), Self::Error>;

    /// Makes one file of the pieces. `false` when they are not the content of that hash; they are
    /// forgotten then.
    ///
    /// # Errors
    /// When the store fails.
    fn finish(&mut self, hash: &str) -> Result<bool, Self::Error>;
}

/// What is known of a center between two contacts: it need not be asked again about these.
#[derive(Debug, Default)]
pub struct Settled {
    epoch: String,
    whole: BTreeSet<(String, String)>,
}

impl Settled {
    /// Whether the center has the whole content, as far as was heard of it.
    pub fn has(&self, stream: &str, hash: &str) -> bool {
        let key = (stream.to_owned(), hash.to_owned());
        self.whole.contains(&key)
    }
}

/// How the exchange of files goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesOutcome {
    /// Files that the center has since this contact.
    pub sent: u64,
    /// Files that are here since this contact.
    pub received: u64,
    /// Files that the center still lacks.
    pub to_send: u64,
    /// Files that the center has and this laptop lacks.
    pub to_receive: u64,
    /// Files that neither has: they are on another laptop.
    pub elsewhere: u64,
    /// Bytes of files that went up in this contact.
    pub bytes_sent: u64,
    /// Bytes of files that came down in this contact.
    pub bytes_received: u64,
    /// What stood in the way.
    pub note: Option<Note>,
}

impl FilesOutcome {
    /// Whether there is anything left that a further contact may do.
    pub fn is_unfinished(&self) -> bool {
        self.to_send + self.to_receive > 0
    }
}

/// Says how it goes; `false` ends the contact at the next piece.
pub type Watch<'a> = dyn FnMut(&FilesOutcome) -> bool + Send + Sync + 'a;

/// Why the work on a file ended.
enum Halt {
    /// This file cannot go on now; others can.
    Skip(Option<Note>),
    /// Nothing can go on now.
    Stop(Option<Note>),
}

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(Problem::NoRoom | Problem::TooLarge) => {
                Self::Skip(Some(Note::FilesNoRoom))
            }
            Failure::Refused(Problem::WrongBytes) => Self::Skip(Some(Note::FileDamaged)),
            Failure::Refused(
                Problem::NotMember | Problem::NotFound | Problem::Revoked | Problem::Other,
            ) => Self::Skip(None),
            other => Self::Stop(Some(Note::from(other))),
        }
    }
}

/// A contact about files.
struct Carrier<'a, T, S> {
    transport: &'a T,
    link: &'a CenterLink,
    pin: Pin,
    shelf: &'a mut S,
    around: &'a dyn Surroundings,
    watch: &'a mut Watch<'a>,
    outcome: FilesOutcome,
    piece_bytes: usize,
    /// Files go up alone.
    is_one_way: bool,
}

/// Exchanges files with the center.
///
/// What stood in the way is in [`FilesOutcome::note`]; what was exchanged stays exchanged.
///
/// # Errors
/// The shelf's own.
pub async fn files<'a, T: Transport, S: Shelf>(
    transport: &'a T,
    link: &'a CenterLink,
    shelf: &'a mut S,
    around: &'a dyn Surroundings,
    settled: &mut Settled,
    watch: &'a mut Watch<'a>,
) -> Result<FilesOutcome, S::Error> {
    carry(transport, link, shelf, around, settled, (watch, false)).await
}

/// Hands in what the center lacks and fetches nothing: what a laptop still may whose access ended.
/// Ask [`Settled::has`] what is there afterwards.
///
/// # Errors
/// The shelf's own.
pub async fn hand_in<'a, T: Transport, S: Shelf>(
    transport: &'a T,
    link: &'a CenterLink,
    shelf: &'a mut S,
    around: &'a dyn Surroundings,
    settled: &mut Settled,
    watch: &'a mut Watch<'a>,
) -> Result<FilesOutcome, S::Error> {
    carry(transport, link, shelf, around, settled, (watch, true)).await
}

async fn carry<'a, T: Transport, S: Shelf>(
    transport: &'a T,
    link: &'a CenterLink,
    shelf: &'a mut S,
    around: &'a dyn Surroundings,
    settled: &mut Settled,
    (watch, is_one_way): (&'a mut Watch<'a>, bool),
) -> Result<FilesOutcome, S::Error> {
    if settled.epoch != link.epoch {
        *settled = Settled {
            epoch: link.epoch.clone(),
            whole: BTreeSet::new(),
        };
    }
    let Some(pin) = link.recognised_by() else {
        return Ok(FilesOutcome::default());
    };
    let mut carrier = Carrier {
        transport,
        link,
        pin,
        shelf,
        around,
        watch,
        outcome: FilesOutcome::default(),
        piece_bytes: PIECE_BYTES,
        is_one_way,
    };
    carrier.run(settled).await?;
    let outcome = carrier.outcome;
    if outcome.sent + outcome.received + outcome.to_send + outcome.to_receive > 0 {
        log::info!(
            "files sent={} received={} to_send={} to_receive={} elsewhere={}",
            outcome.sent,
            outcome.received,
            outcome.to_send,
            outcome.to_receive,
            outcome.elsewhere
        );
    }
    Ok(outcome)
}

impl<T: Transport, S: Shelf> Carrier<'_, T, S> {
    async fn run(&mut self, settled: &mut Settled) -> Result<(), S::Error> {
        let mut asked: BTreeMap<String, Vec<FileState>> = BTreeMap::new();
        for file in self.shelf.files()? {
            let key = (file.stream.clone(), file.hash.clone());
            if file.here != Here::Whole || !settled.whole.contains(&key) {
                asked.entry(file.stream.clone()).or_default().push(file);
            }
        }
        let (mut up, mut down) = (Vec::new(), BTreeMap::new());
        let mut lacking = BTreeSet::new();
        for (stream, files) in asked {
            for group in files.chunks(HASHES_MAX) {
                let held = match self.held(&stream, group).await {
                    Ok(held) => held,
                    Err(Halt::Skip(_)) => break,
                    Err(Halt::Stop(note)) => {
                        self.outcome.note = note;
                        return Ok(());
                    }
                };
                for (file, held) in group.iter().zip(held) {
                    match (file.here, held.whole) {
                        (Here::Whole, Some(_)) => {
                            settled.whole.insert((stream.clone(), file.hash.clone()));
                        }
                        (Here::Whole, None) => up.push((file.clone(), held.offset)),
                        (Here::Part(_), Some(_)) => {
                            down.insert(file.hash.clone(), file.clone());
                        }
                        (Here::Part(_), None) => {
                            lacking.insert(file.hash.clone());
                        }
                    }
                }
            }
        }
        if self.is_one_way {
            down.clear();
            lacking.clear();
        }
        lacking.retain(|hash| !down.contains_key(hash));
        // The small ones first: a large one does not hold up all others.
        up.sort_by_key(|(file, _)| file.size);
        let mut down: Vec<FileState> = down.into_values().collect();
        down.sort_by_key(|file| file.size);
        self.outcome.to_send = up.len() as u64;
        self.outcome.to_receive = down.len() as u64;
        self.outcome.elsewhere = lacking.len() as u64;
        for (file, offset) in up {
            match self.send(&file, offset).await? {
                Ok(()) => {
                    settled.whole.insert((file.stream, file.hash));
                    self.outcome.sent += 1;
                    self.outcome.to_send -= 1;
                }
                Err(halt) => {
                    if self.ends_with(halt) {
                        return Ok(());
                    }
                }
            }
        }
        for file in down {
            match self.receive(&file).await? {
                Ok(()) => {
                    self.outcome.received += 1;
                    self.outcome.to_receive -= 1;
                }
                Err(halt) => {
                    if self.ends_with(halt) {
                        return Ok(());
                    }
                }
            }
        }
        (self.watch)(&self.outcome);
        Ok(())
    }

    /// Whether nothing more can be done in this contact.
    fn ends_with(&mut self, halt: Halt) -> bool {
        let (note, is_end) = match halt {
            Halt::Skip(note) => (note, false),
            Halt::Stop(note) => (note, true),
        };
        if note.is_some() {
            self.outcome.note = note;
        }
        is_end
    }

    async fn held(&self, stream: &str, group: &[FileState]) -> Result<Vec<BlobHeld>, Halt> {
        let hashes: Vec<String> = group.iter().map(|file| file.hash.clone()).collect();
        let ask = BlobsAsk {
            hashes: hashes.clone(),
        };
        let path = format!("/v1/blobs/{stream}");
        let answer = self
            .ask(|| Call::post(&path, &ask).with_token(&self.link.token))
            .await?;
        let held: BlobsHeld = answer.message()?;
        if held.blobs.iter().map(|one| &one.hash).ne(&hashes) {
            return Err(Failure::Nonsense.into());
        }
        Ok(held.blobs)
    }

    async fn ask<'c>(&self, call: impl Fn() -> Call<'c>) -> Result<Answer, Failure> {
        patiently(self.transport, &self.pin, call, self.around).await
    }

    /// Sends what the center lacks of a file.
    async fn send(
        &mut self,
        file: &FileState,
        mut offset: u64,
    ) -> Result<Result<(), Halt>, S::Error> {
        let mut n_stuck = 0;
        loop {
            if !(self.watch)(&self.outcome) {
                return Ok(Err(Halt::Stop(None)));
            }
            let left = file.size.saturating_sub(offset);
            let n = usize::try_from(left).map_or(self.piece_bytes, |n| n.min(self.piece_bytes));
            let piece = match n {
                // All of it is there: what the center began with it is to be finished.
                0 => Some(Vec::new()),
                _ => self.shelf.read(&file.hash, offset, n)?,
            };
            let Some(piece) = piece else {
                return Ok(Err(Halt::Skip(Some(Note::FileDamaged))));
            };
            let path = format!(
                "{}?offset={offset}&size={}",
                path_of(&file.stream, &file.hash),
                file.size
            );
            let begun = self.around.now_ms();
            let answer = self
                .ask(|| Call::post_bytes(path.clone(), &self.link.token, piece.clone()))
                .await;
            let taken: BlobTaken = match answer.and_then(|answer| answer.message()) {
                Ok(taken) => taken,
                Err(Failure::Offline(_)) if n_stuck + 1 < TRIES => {
                    n_stuck += 1;
                    self.slow_down();
                    // How much of it arrived is not known here.
                    match self.held(&file.stream, std::slice::from_ref(file)).await {
                        Ok(held) if held.iter().any(|one| one.whole.is_some()) => {
                            return Ok(Ok(()));
                        }
                        Ok(held) => offset = held.first().map_or(offset, |one| one.offset),
                        Err(halt) => return Ok(Err(halt)),
                    }
                    continue;
                }
                Err(failure) => return Ok(Err(failure.into())),
            };
            self.outcome.bytes_sent += piece.len() as u64;
            self.pace(begun);
            if taken.whole {
                return Ok(Ok(()));
            }
            // An answer that leads nowhere is not followed for ever.
            n_stuck = if taken.offset > offset {
                0
            } else {
                n_stuck + 1
            };
            if n_stuck >= TRIES || taken.offset >= file.size {
                return Ok(Err(Halt::Skip(Some(Note::ServerError))));
            }
            offset = taken.offset;
        }
    }

    /// Fetches what this laptop lacks of a file.
    async fn receive(&mut self, file: &FileState) -> Result<Result<(), Halt>, S::Error> {
        let mut offset = match file.here {
            Here::Part(n) => n,
            Here::Whole => file.size,
        };
        let mut n_failed = 0;
        while offset < file.size {
            if !(self.watch)(&self.outcome) {
                return Ok(Err(Halt::Stop(None)));
            }
            let n = (file.size - offset).min(self.piece_bytes as u64);
            let path = path_of(&file.stream, &file.hash);
            let path = format!("{path}?offset={offset}&length={n}");
            let begun = self.around.now_ms();
            let answer = self.ask(|| Call::get(path.clone(), &self.link.token)).await;
            let answer = match answer {
                Ok(answer) => answer,
                Err(Failure::Offline(_)) if n_failed + 1 < TRIES => {
                    n_failed += 1;
                    self.slow_down();
                    continue;
                }
                Err(failure) => return Ok(Err(failure.into())),
            };
            let piece = answer.body;
            if answer.content_type != TYPE_BYTES || piece.is_empty() || piece.len() as u64 > n {
                // Another size than the study says: it cannot be the file.
                return Ok(Err(Halt::Skip(Some(Note::ServerError))));
            }
            n_failed = 0;
            self.shelf.keep(&file.hash, offset, &piece)?;
            offset += piece.len() as u64;
            self.outcome.bytes_received += piece.len() as u64;
            self.pace(begun);
        }
        if self.shelf.finish(&file.hash)? {
            return Ok(Ok(()));
        }
        // Bytes that are not the content: the center looks at its own and gives up a damaged one,
        // so that a laptop with a good one hands it in again.
        let path = format!("{}/check", path_of(&file.stream, &file.hash));
        let asked = self
            .ask(|| Call::post_bytes(path.clone(), &self.link.token, Vec::new()))
            .await;
        Ok(Err(match asked {
            Ok(_) => Halt::Skip(Some(Note::FileDamaged)),
            Err(failure) => failure.into(),
        }))
    }

    fn pace(&mut self, begun: i64) {
        let ms = self.around.now_ms().saturating_sub(begun);
        if ms <= FAST_MS {
            self.piece_bytes = (self.piece_bytes * 2).min(PIECE_BYTES_MAX);
        } else if ms > SLOW_MS {
            self.slow_down();
        }
    }

    fn slow_down(&mut self) {
        self.piece_bytes = (self.piece_bytes / 2).max(PIECE_BYTES_MIN);
    }
}

fn path_of(stream: &str, hash: &str) -> String {
    let hex = hash.rsplit_once(':').map_or(hash, |(_, hex)| hex);
    format!("/v1/blobs/{stream}/{hex}")
}

//! The desk as the exchange sees it: streams, an outbox, pages taken in.

use crate::app::{lock, locked};
use crate::failure::Failure;
use crate::work::copies;
use desk::{Changed, Desk, TypingSaved};
use ledger::Frame;
use std::sync::{Arc, Mutex};
use sync::wire::YearMark;
use sync::{
    Accepted, CenterLink, Confirmed, FileState, Here, Outcome, Page, Replica, Rights, Settled,
    Shelf, Status, StreamDigest, StreamState, Witness,
};

/// The open vault, locked for one step at a time so that the person can work meanwhile.
pub(crate) struct DeskReplica {
    desk: Arc<Mutex<Option<Desk>>>,
    changed: Changed,
    /// The streams whose files are handed in, when that is all that is done with files.
    handing_in: Option<Vec<String>>,
}

/// Why the vault could not take part.
#[derive(Debug, thiserror::Error)]
#[error("the vault could not take part in the exchange: {}", .0.code)]
pub(crate) struct ReplicaError(Failure);

impl From<ReplicaError> for Failure {
    fn from(error: ReplicaError) -> Self {
        error.0
    }
}

impl From<desk::DeskError> for ReplicaError {
    fn from(error: desk::DeskError) -> Self {
        Self(error.into())
    }
}

impl DeskReplica {
    pub(crate) fn new(desk: Arc<Mutex<Option<Desk>>>) -> Self {
        Self {
            desk,
            changed: Changed::default(),
            handing_in: None,
        }
    }

    /// The same vault, showing every file of these streams alone, also those of what was kept for
    /// review.
    pub(crate) fn for_handing_in(&self, streams: &[String]) -> Self {
        Self {
            handing_in: Some(streams.to_vec()),
            ..Self::new(Arc::clone(&self.desk))
        }
    }

    /// Whether a log was found damaged and is whole again, since this was asked last.
    pub(crate) fn was_put_back(&mut self) -> Result<bool, Failure> {
        Ok(self.with(|desk| desk.was_put_back())?)
    }

    /// What screens must read again after a contact.
    pub(crate) fn changed(&mut self) -> Changed {
        std::mem::take(&mut self.changed)
    }

    fn with<T>(
        &mut self,
        work: impl FnOnce(&mut Desk) -> Result<T, desk::DeskError>,
    ) -> Result<T, ReplicaError> {
        let mut guard = lock(&self.desk);
        let desk = guard.as_mut().ok_or_else(|| ReplicaError(locked()))?;
        Ok(work(desk)?)
    }

    /// The tables of working days that the center has and this vault has not taken.
    pub(crate) fn years_wanted(&mut self, outcome: &Outcome) -> Result<Vec<YearMark>, Failure> {
        let offered = outcome.years.iter();
        let offered: Vec<_> = offered.map(|one| (one.year, one.hash.clone())).collect();
        let wanted = self.with(|desk| desk.calendar_wanted(&offered))?;
        let mark = |(year, hash)| YearMark { year, hash };
        Ok(wanted.into_iter().map(mark).collect())
    }

    /// Takes one of them; what is no such table is said in the log and changes nothing.
    pub(crate) fn take_year(&mut self, year: &YearMark, file: &[u8]) -> Result<(), Failure> {
        let changed =
            self.with(
                |desk| match desk.calendar_take((year.year, &year.hash), file) {
                    Err(desk::DeskError::Year(fault)) => {
                        log::warn!("the center's table of {} is none: {fault:?}", year.year);
                        Ok(Changed::default())
                    }
                    taken => taken,
                },
            )?;
        self.changed.add(changed);
        Ok(())
    }

    /// Keeps how the contact went, and the center's new epoch.
    pub(crate) fn note(&mut self, link: &CenterLink, outcome: &Outcome) -> Result<(), Failure> {
        let note = outcome.note.is_trouble().then(|| outcome.note.key());
        let epoch = outcome.epoch.clone().filter(|epoch| *epoch != link.epoch);
        self.with(|desk| {
            desk.sync_note(note)?;
            if let (Some(epoch), Some(stored)) = (epoch, desk.center()?) {
                desk.set_center(&desk::CenterLink { epoch, ..stored })?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

impl DeskReplica {
    /// The names of all streams here.
    pub(crate) fn stream_names(&mut self) -> Result<Vec<String>, Failure> {
        let streams = self.with(|desk| desk.streams())?.into_iter();
        Ok(streams.map(|state| state.stream).collect())
    }

    /// Closes gaps in what was written here, but not in streams that the center gives no more; how
    /// many commits are lost, `None` when there was no gap.
    pub(crate) fn close_gaps(&mut self, lost: &[String]) -> Result<Option<u64>, Failure> {
        let mut n_lost = None;
        for stream in self.stream_names()? {
            if lost.contains(&stream) {
                continue;
            }
            if let Some(closed) = self.with(|desk| desk.close_gap(&stream))? {
                *n_lost.get_or_insert(0) += closed.n_lost;
                self.changed.add(closed.changed);
            }
        }
        Ok(n_lost)
    }

    /// Makes edits of what was typed in a stream and not saved.
    pub(crate) fn save_typing(&mut self, stream: &str) -> Result<TypingSaved, Failure> {
        let mut saved = self.with(|desk| desk.save_typing(stream))?;
        self.changed.add(std::mem::take(&mut saved.changed));
        Ok(saved)
    }

    /// Erases a stream; `false` when something of it still waits, or a file that `settled` does not
    /// know to be at the center.
    pub(crate) fn erase_stream(
        &mut self,
        stream: &str,
        settled: &Settled,
    ) -> Result<bool, Failure> {
        let is_at_center = |hash: &str| settled.has(stream, hash);
        let erased = self.with(|desk| match desk.erase_stream(stream, &is_at_center) {
            Ok(changed) => {
                // Copies of before hold it as well.
                copies::renew(desk)?;
                Ok(Some(changed))
            }
            Err(desk::DeskError::Unsent) => Ok(None),
            Err(error) => Err(error),
        })?;
        let is_erased = erased.is_some();
        self.changed.add(erased.unwrap_or_default());
        Ok(is_erased)
    }

    /// Erases the vault, which is closed then; `false` when something still waits, as in
    /// [`DeskReplica::erase_stream`].
    pub(crate) fn erase_vault(&mut self, settled: &Settled) -> Result<bool, Failure> {
        let mut guard = lock(&self.desk);
        let Some(mut desk) = guard.take() else {
            return Err(locked());
        };
        let folder = copies::status(&mut desk)?.folder;
        if !desk.is_handed_in(&|stream, hash| settled.has(stream, hash))? {
            *guard = Some(desk);
            return Ok(false);
        }
        desk.erase_vault(folder.as_deref().map(std::path::Path::new))?;
        log::warn!("the vault was erased: its access was withdrawn");
        Ok(true)
    }
}

impl Replica for DeskReplica {
    type Error = ReplicaError;

    fn streams(&mut self) -> Result<Vec<StreamState>, ReplicaError> {
        let streams = self.with(|desk| desk.streams())?;
        let state = |s: desk::StreamState| StreamState {
            stream: s.stream,
            cursor: s.cursor,
            confirmed: s.confirmed,
            waiting: s.waiting,
            digest: s.digest,
        };
        Ok(streams.into_iter().map(state).collect())
    }

    fn outbox(
        &mut self,
        stream: &str,
        n_commits_max: usize,
        n_bytes_max: usize,
    ) -> Result<Vec<Frame>, ReplicaError> {
        self.with(|desk| desk.outbox(stream, n_commits_max, n_bytes_max))
    }

    fn confirm(&mut self, stream: &str, confirmed: &[Confirmed]) -> Result<(), ReplicaError> {
        let confirmed: Vec<_> = confirmed
            .iter()
            .map(|c| desk::Confirmed {
                dev: c.dev.clone(),
                seq: c.seq,
                sseq: c.sseq,
                received_at: c.received_at.clone(),
                receipt: c.receipt.clone(),
                quarantined: c.status == Status::Quarantined,
            })
            .collect();
        let changed = self.with(|desk| desk.confirm(stream, &confirmed))?;
        self.changed.add(changed);
        Ok(())
    }

    fn accept(&mut self, stream: &str, page: Page) -> Result<Accepted, ReplicaError> {
        let pulled = page.pulled.into_iter().map(|p| desk::Pulled {
            sseq: p.sseq,
            received_at: p.received_at,
            receipt: p.receipt,
            quarantined: p.status == Status::Quarantined,
            frame: p.frame,
        });
        let pulled: Vec<_> = pulled.collect();
        let taken = self.with(|desk| desk.accept(stream, page.from, page.to, pulled))?;
        self.changed.add(taken.changed);
        Ok(Accepted {
            n: taken.n as u64,
            n_problems: taken.problems.len() as u64,
            is_fork: taken.problems.iter().any(|one| one.code == "fork"),
        })
    }

    fn fork(&mut self, stream: &str) -> Result<(), ReplicaError> {
        let changed = self.with(|desk| desk.fork(stream))?;
        self.changed.add(changed);
        Ok(())
    }

    fn note_rights(&mut self, rights: &Rights) -> Result<(), ReplicaError> {
        if rights.is_revoked {
            return Ok(());
        }
        let roles = rights.roles.iter().cloned().collect();
        self.with(|desk| desk.set_roles(&roles))
    }

    fn subscribe(&mut self, stream: &str) -> Result<(), ReplicaError> {
        self.with(|desk| desk.subscribe(stream))
    }

    fn rewind(&mut self, stream: &str) -> Result<bool, ReplicaError> {
        self.with(|desk| desk.rewind(stream))?;
        Ok(true)
    }
}

impl Witness for DeskReplica {
    type Error = ReplicaError;

    fn settled(&mut self) -> Result<Vec<(String, u64)>, ReplicaError> {
        let streams = self.with(|desk| desk.streams())?.into_iter();
        let settled = streams.filter(|state| state.waiting == 0 && state.cursor > 0);
        Ok(settled.map(|state| (state.stream, state.cursor)).collect())
    }

    fn state(&mut self, stream: &str) -> Result<Option<StreamDigest>, ReplicaError> {
        let state = self.with(|desk| desk.standing_state(stream))?;
        Ok(state.map(|one| StreamDigest {
            stream: one.stream,
            at: one.cursor,
            state: one.state.as_str().to_owned(),
        }))
    }

    fn mend(&mut self, stream: &str) -> Result<bool, ReplicaError> {
        let is_other = self.with(|desk| desk.mend(stream))?;
        if is_other {
            let topics = vec![
                format!("study:{stream}"),
                "studies".into(),
                "conflicts".into(),
            ];
            self.changed.add(Changed { topics });
        }
        Ok(is_other)
    }
}

fn state(file: desk::FileState) -> FileState {
    FileState {
        stream: file.stream,
        hash: file.hash,
        size: file.size,
        here: match file.here {
            desk::FileHere::Whole => Here::Whole,
            desk::FileHere::Part(n) => Here::Part(n),
        },
    }
}

impl Shelf for DeskReplica {
    type Error = ReplicaError;

    fn files(&mut self) -> Result<Vec<FileState>, ReplicaError> {
        let files = match self.handing_in.clone() {
            None => self.with(|desk| desk.files())?,
            Some(streams) => self.with(|desk| {
                let files = streams.iter().map(|stream| desk.files_written(stream));
                Ok(files.collect::<Result<Vec<_>, _>>()?.concat())
            })?,
        };
        Ok(files.into_iter().map(state).collect())
    }

    fn read(&mut self, hash: &str, offset: u64, n: usize) -> Result<Option<Vec<u8>>, ReplicaError> {
        self.with(|desk| desk.file_piece(hash, offset, n))
    }

    fn keep(&mut self, hash: &str, offset: u64, piece: &[u8]) -> Result<(), ReplicaError> {
        self.with(|desk| desk.file_keep(hash, offset, piece))
    }

    fn finish(&mut self, hash: &str) -> Result<bool, ReplicaError> {
        let is_good = self.with(|desk| desk.file_finish(hash))?;
        // What was said to be elsewhere is here now.
        for file in self.with(|desk| desk.files())? {
            if file.hash == hash {
                self.changed.add(Changed {
                    topics: vec![format!("study:{}", file.stream)],
                });
            }
        }
        Ok(is_good)
    }
}

//! Stands between the exchange and a laptop and tells the oracle what came to the disk.

use super::machine::Machine;
use super::oracle::{Disk, EditId, Oracle};
use ledger::Frame;
use std::collections::HashMap;
use sync::{Accepted, Confirmed, Page, Pulled, Replica, Rights, Status, StreamState};

/// What the oracle knows of one laptop.
#[derive(Clone, Default)]
pub(crate) struct Known {
    pub(crate) disk: Disk,
    /// The edits whose fate the center has said: a later word moves nothing.
    has_word: std::collections::BTreeSet<EditId>,
    /// What it handed out to be sent: stream, device and number.
    sent: HashMap<(String, String, u64), EditId>,
}

impl Known {
    fn word(&mut self, edit: EditId, status: Status) {
        if self.has_word.insert(edit) {
            self.disk.insert(edit, status);
        }
    }
}

pub(crate) struct Watch<'a, M> {
    pub(crate) machine: &'a mut M,
    pub(crate) known: &'a mut Known,
    pub(crate) oracle: &'a mut Oracle,
    pub(crate) wrong: &'a mut Option<String>,
}

impl<M: Machine> Watch<'_, M> {
    fn edit_of(&mut self, frame: &Frame) -> Option<EditId> {
        let id = frame.id();
        match self.oracle.of_commit(id.as_str(), &frame.commit) {
            Ok(edit) => edit,
            Err(wrong) => {
                self.wrong.get_or_insert(wrong);
                None
            }
        }
    }

    /// How many commits of a page came to the disk that was not taken to its end: what follows the
    /// cursor did not. It may end at one place alone, a number under which this laptop wrote
    /// something else.
    fn n_taken(&mut self, stream: &str, pulled: &[Pulled]) -> Result<usize, M::Error> {
        let states = self.machine.streams()?;
        let state = states.iter().find(|state| state.stream == stream);
        let cursor = state.map_or(0, |state| state.cursor);
        let n = pulled.partition_point(|one| one.sseq <= cursor);
        let next = pulled.get(n);
        let is_other = |one: &Pulled| {
            let (dev, seq) = one.frame.place()?;
            let here = self.machine.waiting_at(stream, (dev.as_str(), seq))?;
            Some(here != one.frame.id().as_str())
        };
        if next.and_then(is_other) != Some(true) {
            let what = format!("a page of {stream} ends at {cursor} without a reason");
            self.wrong.get_or_insert(what);
        }
        Ok(n)
    }
}

impl<M: Machine> Replica for Watch<'_, M> {
    type Error = M::Error;

    fn streams(&mut self) -> Result<Vec<StreamState>, M::Error> {
        self.machine.streams()
    }

    fn outbox(&mut self, s: &str, n: usize, n_bytes: usize) -> Result<Vec<Frame>, M::Error> {
        let frames = self.machine.outbox(s, n, n_bytes)?;
        for frame in &frames {
            let (Some(edit), Ok(commit)) = (self.edit_of(frame), frame.parse_commit()) else {
                continue;
            };
            let place = (s.to_owned(), commit.dev, commit.seq);
            self.known.sent.insert(place, edit);
        }
        Ok(frames)
    }

    fn confirm(&mut self, stream: &str, confirmed: &[Confirmed]) -> Result<(), M::Error> {
        self.machine.confirm(stream, confirmed)?;
        for one in confirmed {
            let place = (stream.to_owned(), one.dev.clone(), one.seq);
            if let Some(edit) = self.known.sent.get(&place) {
                self.known.word(*edit, one.status);
            }
        }
        Ok(())
    }

    fn accept(&mut self, stream: &str, page: Page) -> Result<Accepted, M::Error> {
        let pulled = page.pulled.clone();
        let accepted = self.machine.accept(stream, page)?;
        let n = match accepted.n_problems {
            0 => pulled.len(),
            _ => self.n_taken(stream, &pulled)?,
        };
        for one in &pulled[..n] {
            if let Some(edit) = self.edit_of(&one.frame) {
                self.known.word(edit, one.status);
            }
        }
        Ok(accepted)
    }

    fn fork(&mut self, stream: &str) -> Result<(), M::Error> {
        self.machine.fork(stream)?;
        // What is issued again may be refused again before it is handed in.
        for frame in self.machine.waiting(stream) {
            self.edit_of(&frame);
        }
        Ok(())
    }

    fn subscribe(&mut self, stream: &str) -> Result<(), M::Error> {
        self.machine.subscribe(stream)
    }

    fn note_rights(&mut self, rights: &Rights) -> Result<(), M::Error> {
        self.machine.note_rights(rights)
    }

    fn rewind(&mut self, stream: &str) -> Result<bool, M::Error> {
        self.machine.rewind(stream)
    }
}

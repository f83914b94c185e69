//! The center in memory: it numbers commits that may follow, and hands out pages.

use desk::{Accepted, CenterLink, Confirmed, Desk, Pulled};
use ledger::{Arrival, Chain, ChainError, DeviceKey, Frame, Hash, Receipt};
use std::collections::BTreeMap;

const RECEIVED_AT: &str = "2026-11-23T08:00:00.000Z";

/// A key of the center: the first one, or one that replaced it.
fn key(n: u8) -> DeviceKey {
    DeviceKey::from_secret(&[9 + n; 32])
}

/// Tells a laptop of the center, so that it knows the center's signature.
pub(crate) fn connect(desk: &mut Desk) {
    connect_by(desk, 0);
}

/// Tells a laptop of the center by one of its keys.
pub(crate) fn connect_by(desk: &mut Desk, n: u8) {
    let link = CenterLink {
        url: "https://center.example".to_owned(),
        pin: key(n).public().to_text(),
        token: "t".to_owned(),
        user: "u".to_owned(),
        epoch: "e".to_owned(),
    };
    desk.set_center(&link).unwrap();
}

fn receipt(n_key: u8, stream: &str, commit: &Hash, sseq: u64) -> String {
    let receipt = Receipt {
        stream,
        commit,
        sseq,
        received_at: RECEIVED_AT,
    };
    receipt.sign(&key(n_key))
}

#[derive(Default)]
pub(crate) struct Referee {
    streams: BTreeMap<String, (Chain, Vec<Frame>)>,
    /// How often its key was replaced.
    pub(crate) n_key: u8,
}

impl Referee {
    /// Takes a laptop's commits; gives what it may note as confirmed, or the chain's refusal.
    pub(crate) fn push(
        &mut self,
        stream: &str,
        frames: &[Frame],
    ) -> Result<Vec<Confirmed>, ChainError> {
        let (chain, log) = self.streams.entry(stream.to_owned()).or_default();
        let mut confirmed = Vec::new();
        for frame in frames {
            let commit = frame.parse_commit().unwrap();
            if chain.admit(&commit, &frame.id())? == Arrival::New {
                log.push(frame.clone());
            }
            let place = log
                .iter()
                .position(|known| known.id() == frame.id())
                .unwrap();
            confirmed.push(Confirmed {
                dev: commit.dev,
                seq: commit.seq,
                sseq: place as u64 + 1,
                received_at: RECEIVED_AT.to_owned(),
                receipt: receipt(self.n_key, stream, &frame.id(), place as u64 + 1),
                quarantined: false,
            });
        }
        Ok(confirmed)
    }

    /// The page after a cursor.
    pub(crate) fn page(&self, stream: &str, after: u64, n_max: usize) -> Vec<Pulled> {
        let Some((_, log)) = self.streams.get(stream) else {
            return Vec::new();
        };
        log.iter()
            .enumerate()
            .skip(after as usize)
            .take(n_max)
            .map(|(place, frame)| Pulled {
                sseq: place as u64 + 1,
                received_at: RECEIVED_AT.to_owned(),
                receipt: receipt(self.n_key, stream, &frame.id(), place as u64 + 1),
                quarantined: false,
                frame: frame.clone(),
            })
            .collect()
    }

    /// How many commits a stream has.
    pub(crate) fn n(&self, stream: &str) -> usize {
        self.streams.get(stream).map_or(0, |(_, log)| log.len())
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.streams.keys().cloned().collect()
    }

    /// Pushes everything and pulls everything.
    pub(crate) fn sync(&mut self, desk: &mut Desk) {
        self.push_all(desk);
        self.pull_all(desk);
    }

    pub(crate) fn push_all(&mut self, desk: &mut Desk) {
        for state in desk.streams().unwrap() {
            self.push_one(desk, &state.stream);
        }
    }

    /// Pushes everything of one stream.
    pub(crate) fn push_one(&mut self, desk: &mut Desk, stream: &str) {
        loop {
            // Small pages, so that a stream takes several.
            let frames = desk.outbox(stream, 3, 1_000_000).unwrap();
            if frames.is_empty() {
                break;
            }
            match self.push(stream, &frames) {
                Ok(confirmed) => {
                    desk.confirm(stream, &confirmed).unwrap();
                }
                Err(ChainError::Fork { .. }) => {
                    self.pull(desk, stream);
                    desk.fork(stream).unwrap();
                }
                // What it refers to is not at the center yet: after the pull.
                Err(other) => panic!("{other}"),
            }
        }
    }

    pub(crate) fn pull_all(&mut self, desk: &mut Desk) {
        for name in self.names() {
            desk.subscribe(&name).unwrap();
            self.pull(desk, &name);
        }
    }

    pub(crate) fn pull(&mut self, desk: &mut Desk, stream: &str) {
        loop {
            let states = desk.streams().unwrap();
            let cursor = states
                .iter()
                .find(|s| s.stream == stream)
                .map_or(0, |s| s.cursor);
            let page = self.page(stream, cursor, 4);
            if page.is_empty() {
                break;
            }
            let accepted = accept(desk, stream, cursor, page);
            if !accepted.problems.is_empty() {
                break;
            }
        }
    }
}

pub(crate) fn accept(desk: &mut Desk, stream: &str, from: u64, page: Vec<Pulled>) -> Accepted {
    let to = from + page.len() as u64;
    desk.accept(stream, from, to, page).unwrap()
}

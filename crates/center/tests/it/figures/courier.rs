//! The least that can take part in the exchange: frames that wait, and a count of what came.

use ledger::{Frame, Hash};
use std::convert::Infallible;
use std::sync::Arc;
use sync::{Accepted, Confirmed, Page, Replica, StreamState};

/// A laptop without a vault, of one stream.
pub(crate) struct Courier {
    stream: String,
    frames: Arc<Vec<Frame>>,
    sizes: Arc<Vec<usize>>,
    n_confirmed: usize,
    cursor: u64,
    digest: Option<Hash>,
    /// How many commits of others came.
    pub(crate) n_received: u64,
}

impl Courier {
    pub(crate) fn new(stream: &str, frames: Vec<Frame>) -> Self {
        let sizes = frames.iter().map(|frame| frame.encode().len()).collect();
        Self {
            stream: stream.to_owned(),
            frames: Arc::new(frames),
            sizes: Arc::new(sizes),
            n_confirmed: 0,
            cursor: 0,
            digest: None,
            n_received: 0,
        }
    }

    /// The same before it ever sent anything.
    pub(crate) fn again(&self) -> Self {
        Self {
            stream: self.stream.clone(),
            frames: Arc::clone(&self.frames),
            sizes: Arc::clone(&self.sizes),
            n_confirmed: 0,
            cursor: 0,
            digest: None,
            n_received: 0,
        }
    }

    /// More that waits.
    pub(crate) fn add(&mut self, frames: Vec<Frame>) {
        let sizes = Arc::make_mut(&mut self.sizes);
        sizes.extend(frames.iter().map(|frame| frame.encode().len()));
        Arc::make_mut(&mut self.frames).extend(frames);
    }

    fn n_waiting(&self) -> usize {
        self.frames.len() - self.n_confirmed
    }

    /// What goes into one request.
    pub(crate) fn page(&self, from: usize, n_max: usize, n_bytes_max: usize) -> &[Frame] {
        let mut n_bytes = 0;
        let fits = |size: &&usize| {
            n_bytes += **size;
            n_bytes <= n_bytes_max
        };
        let n = self.sizes[from..]
            .iter()
            .take(n_max)
            .take_while(fits)
            .count();
        let to = (from + n.max(1)).min(self.frames.len());
        &self.frames[from..to]
    }
}

impl Replica for Courier {
    type Error = Infallible;

    fn streams(&mut self) -> Result<Vec<StreamState>, Infallible> {
        Ok(vec![StreamState {
            stream: self.stream.clone(),
            cursor: self.cursor,
            confirmed: self.cursor,
            waiting: self.n_waiting() as u64,
            digest: self.digest.clone(),
        }])
    }

    fn outbox(&mut self, _: &str, n: usize, n_bytes: usize) -> Result<Vec<Frame>, Infallible> {
        Ok(self.page(self.n_confirmed, n, n_bytes).to_vec())
    }

    fn confirm(&mut self, _: &str, confirmed: &[Confirmed]) -> Result<(), Infallible> {
        self.n_confirmed += confirmed.len();
        Ok(())
    }

    fn accept(&mut self, _: &str, page: Page) -> Result<Accepted, Infallible> {
        assert_eq!(page.from, self.cursor);
        self.cursor = page.to;
        self.digest = Some(page.digest);
        let n = page.pulled.len();
        let is_own = self
            .frames
            .get(self.n_confirmed)
            .is_some_and(|own| page.pulled.first().is_some_and(|first| first.frame == *own));
        if is_own {
            self.n_confirmed += n;
            return Ok(Accepted::default());
        }
        self.n_received += n as u64;
        let n = n as u64;
        Ok(Accepted {
            n,
            ..Accepted::default()
        })
    }

    fn fork(&mut self, _: &str) -> Result<(), Infallible> {
        panic!("nobody else writes as this device");
    }

    fn subscribe(&mut self, stream: &str) -> Result<(), Infallible> {
        assert_ne!(stream, self.stream);
        Ok(())
    }
}

//! Hears of news from the center: by its stream of events, or by the long poll where there is none.
//!
//! An event is a hint. Losing all of them costs nothing but delay: the next contact finds
//! everything without them.

use crate::Surroundings;
use crate::drive;
use crate::exchange::{self, Call, Failure};
use crate::http::{Dial, Flowing, Http, Tcp};
use crate::link::CenterLink;
use crate::pin::Pin;
use crate::seal;
use crate::transport::Offline;
use crate::wire::{HEADER_KEY, HEADER_NONCE, Hint, Problem, TYPE_EVENTS};
use ledger::PublicKey;
use std::time::Duration;

/// How many long polls follow before events are tried again: some ten quiet minutes.
const POLLS: u32 = 24;
/// Longest event. Units: bytes.
const EVENT_BYTES_MAX: usize = 64 * 1024;

/// How long the center may say nothing.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the first event, which comes at once: longer means that something holds events back.
    pub first: Duration,
    /// Between two signs of life; three beats of the center.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(10),
            silence: Duration::from_millis(3 * crate::wire::BEAT_MS),
        }
    }
}

/// Listens to one center for as long as it lives.
pub struct Listener<D = Tcp> {
    http: Http<D>,
    patience: Patience,
    open: Option<Open>,
    n_polls_left: u32,
}

/// An answer that goes on.
struct Open {
    flowing: Flowing,
    key: PublicKey,
    nonce: String,
    /// What came in of the next event.
    buffer: Vec<u8>,
    /// How many events came.
    n: u64,
}

/// Why a stream of events is of no use.
enum Deaf {
    /// There is none here: ask by long polls.
    Unfit,
    /// The center cannot be heard at all, or has something to say to the next contact.
    Failed(Failure),
}

impl<D: Dial> Listener<D> {
    /// Listens over a transport.
    pub fn new(http: Http<D>) -> Self {
        Self::with_patience(http, Patience::default())
    }

    /// The same with other limits.
    pub fn with_patience(http: Http<D>, patience: Patience) -> Self {
        Self {
            http,
            patience,
            open: None,
            n_polls_left: 0,
        }
    }

    /// Whether news come by events at the moment.
    pub fn hears_events(&self) -> bool {
        self.open.as_ref().is_some_and(|open| open.n > 0)
    }

    /// Waits until the center has something new; also returns after a quiet long poll.
    ///
    /// May be dropped at any time; events that came meanwhile are heard next time.
    ///
    /// # Errors
    /// [`Failure`] when the center cannot be heard; the next contact says why.
    pub async fn news(
        &mut self,
        link: &CenterLink,
        mark: &str,
        around: &dyn Surroundings,
    ) -> Result<(), Failure> {
        if self.n_polls_left == 0 {
            match self.listen(link, mark, around).await {
                Ok(()) => return Ok(()),
                Err(Deaf::Failed(failure)) => {
                    self.open = None;
                    return Err(failure);
                }
                Err(Deaf::Unfit) => {
                    log::info!("no events from the center; asking again and again instead");
                    self.open = None;
                    self.n_polls_left = POLLS;
                }
            }
        }
        self.n_polls_left -= 1;
        drive::wait(&self.http, link, mark, around)
            .await
            .map(|_| ())
    }

    async fn listen(
        &mut self,
        link: &CenterLink,
        mark: &str,
        around: &dyn Surroundings,
    ) -> Result<(), Deaf> {
        let patience = self.patience;
        if self.open.is_none() {
            let opened = tokio::time::timeout(patience.first, open(&self.http, link, around));
            self.open = Some(opened.await.map_err(|_| Deaf::Unfit)??);
        }
        let Some(open) = &mut self.open else {
            return Err(Deaf::Unfit);
        };
        loop {
            let limit = match open.n {
                0 => patience.first,
                _ => patience.silence,
            };
            let part = tokio::time::timeout(limit, open.flowing.part()).await;
            let part = match part {
                // Held back on the way, or the other end is gone without a word.
                Err(_) => return Err(Deaf::Unfit),
                Ok(Ok(Some(part))) => part,
                Ok(_) if open.n == 0 => return Err(Deaf::Unfit),
                Ok(_) => return Err(Deaf::Failed(Failure::Offline(Offline::Broken))),
            };
            // Marks that were overtaken within one part say nothing.
            let mut last = None;
            for hint in open.take(&part).map_err(|()| Deaf::Unfit)? {
                last = match hint {
                    Hint::Revoked => return Ok(()),
                    Hint::Now { mark, epoch } => Some((mark, epoch)),
                    Hint::Stream { .. } | Hint::Member { .. } | Hint::Other => last,
                };
            }
            if last.is_some_and(|(new, epoch)| new != mark || epoch != link.epoch) {
                return Ok(());
            }
        }
    }
}

async fn open<D: Dial>(
    http: &Http<D>,
    link: &CenterLink,
    around: &dyn Surroundings,
) -> Result<Open, Deaf> {
    let key = link.key().ok_or(Deaf::Failed(Failure::Pin))?;
    let nonce = exchange::nonce(around);
    let call = Call::get("/v1/events".to_owned(), &link.token);
    let flowing = http.flow(&exchange::request(call, &nonce)).await;
    let flowing = flowing.map_err(|offline| match offline {
        Offline::Pin => Deaf::Failed(Failure::Pin),
        Offline::Unreachable => Deaf::Failed(Failure::Offline(offline)),
        _ => Deaf::Unfit,
    })?;
    let head = &flowing.head;
    if head.status == 200 && head.header("content-type") == TYPE_EVENTS {
        let is_ours =
            head.header(HEADER_KEY) == key.to_text() && head.header(HEADER_NONCE) == nonce;
        return is_ours
            .then(|| Open::new(flowing, key, nonce))
            .ok_or(Deaf::Unfit);
    }
    let answer = flowing.whole().await.map_err(|_| Deaf::Unfit)?;
    match exchange::check(answer, &Pin::Key(key), &nonce) {
        Err(failure @ Failure::Refused(Problem::UnknownDevice | Problem::Revoked)) => {
            Err(Deaf::Failed(failure))
        }
        // A center from before there were events, one that has no room for more, or another
        // page of the network's own.
        _ => Err(Deaf::Unfit),
    }
}

impl Open {
    fn new(flowing: Flowing, key: PublicKey, nonce: String) -> Self {
        Self {
            flowing,
            key,
            nonce,
            buffer: Vec::new(),
            n: 0,
        }
    }

    /// The events that are complete with this part.
    fn take(&mut self, part: &[u8]) -> Result<Vec<Hint>, ()> {
        self.buffer.extend_from_slice(part);
        let mut hints = Vec::new();
        while let Some(end) = self.buffer.windows(2).position(|two| two == b"\n\n") {
            let block: Vec<u8> = self.buffer.drain(..end + 2).collect();
            let block = std::str::from_utf8(&block).map_err(|_| ())?;
            hints.extend(read(block, &self.key, &self.nonce, &mut self.n)?);
        }
        match self.buffer.len() {
            0..=EVENT_BYTES_MAX => Ok(hints),
            _ => Err(()),
        }
    }
}

/// Reads one block of lines; `None` for a sign of life.
fn read(block: &str, key: &PublicKey, nonce: &str, n: &mut u64) -> Result<Option<Hint>, ()> {
    let mut data = block.lines().filter_map(|line| line.strip_prefix("data: "));
    let Some(said) = data.next() else {
        return Ok(None);
    };
    let sealed = data.next().ok_or(())?;
    // In order and whole: nothing is repeated, left out or put in on the way.
    *n += 1;
    seal::verify_event(key, sealed, nonce, (*n, said)).map_err(|_| ())?;
    serde_json::from_str(said).map(Some).map_err(|_| ())
}

/// Writes one event.
pub fn write(key: &ledger::DeviceKey, nonce: &str, n: u64, hint: &Hint) -> String {
    let said = serde_json::to_string(hint).unwrap_or_default();
    let sealed = seal::sign_event(key, nonce, n, &said);
    format!("id: {n}\ndata: {said}\ndata: {sealed}\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::DeviceKey;

    const NONCE: &str = "00112233445566778899aabbccddeeff";

    fn now(mark: &str) -> Hint {
        Hint::Now {
            mark: mark.to_owned(),
            epoch: "e".to_owned(),
        }
    }

    #[test]
    fn an_event_is_believed_once_and_in_its_place() {
        let key = DeviceKey::from_secret(&[1; 32]);
        let public = key.public();
        let first = write(&key, NONCE, 1, &now("a"));
        let second = write(&key, NONCE, 2, &now("b"));
        let mut n = 0;
        assert_eq!(read(&first, &public, NONCE, &mut n), Ok(Some(now("a"))));
        assert_eq!(read(": \n\n", &public, NONCE, &mut n), Ok(None));
        assert_eq!(read(&second, &public, NONCE, &mut n), Ok(Some(now("b"))));
        assert_eq!(read(&second, &public, NONCE, &mut n), Err(()), "repeated");
        for (n, block, nonce) in [
            (0, second.clone(), NONCE),
            (0, first.replace("\"a\"", "\"b\""), NONCE),
            (0, first.clone(), "ffffffffffffffffffffffffffffffff"),
            (0, "data: {}\n\n".to_owned(), NONCE),
        ] {
            assert_eq!(read(&block, &public, nonce, &mut { n }), Err(()), "{block}");
        }
    }

    #[test]
    fn a_kind_of_hint_from_later_is_passed_over() {
        let hint: Hint = serde_json::from_str(r#"{"kind":"presence","who":1}"#).unwrap();
        assert_eq!(hint, Hint::Other);
    }
}

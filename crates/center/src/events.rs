//! Tells listening laptops that there is something new: `GET /v1/events`.
//!
//! What is said follows from what stands in the store, never from what happened: a laptop that is
//! slow to listen hears the newest state once, and nothing queues up for it.

use crate::api::{Seen, mark, seen};
use crate::guard::{bearer, refusal, text, token_hash};
use crate::seats::Seat;
use crate::serve::Center;
use crate::store::{Session, Store};
use axum::body::{Body, Bytes};
use axum::extract::{Extension, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use ledger::Hash;
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use sync::listen::write;
use sync::wire::{BEAT_MS, HEADER_NONCE, Hint, Problem, TYPE_EVENTS};
use tokio::sync::watch;
use tokio::time::Instant;

/// Says nothing, and that the connection is alive.
const SIGN_OF_LIFE: &str = ": \n\n";
/// When one is asked again for whom there is no seat. Units: milliseconds.
const FULL_MS: u64 = 60_000;

pub(crate) async fn events<S: Store>(
    State(center): State<Arc<Center<S>>>,
    Extension(session): Extension<Session>,
    headers: HeaderMap,
) -> Response {
    let Some(token) = bearer(&headers) else {
        return refusal(&center, Problem::UnknownDevice);
    };
    let Some(seat) = center.seats.take(&session.dev) else {
        let retry_after_ms = FULL_MS;
        return refusal(&center, Problem::Busy { retry_after_ms });
    };
    let changes = center.changes.subscribe();
    let talk = Talk {
        token: token_hash(token),
        user: session.user,
        nonce: text(&headers, HEADER_NONCE).to_owned(),
        changes,
        stopping: center.stopping.subscribe(),
        center,
        seat,
        n: 0,
        said: None,
        beat: Instant::now(),
        is_over: false,
    };
    let mut response = Response::new(Body::from_stream(futures_util::stream::unfold(
        talk,
        Talk::next,
    )));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(TYPE_EVENTS));
    // Asks a proxy of a widespread kind to pass events on as they come.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// What a laptop was told last.
struct Said {
    streams: BTreeMap<String, (String, u64)>,
    mark: String,
    epoch: String,
}

/// One laptop that listens.
struct Talk<S> {
    center: Arc<Center<S>>,
    token: Hash,
    user: String,
    nonce: String,
    seat: Seat,
    changes: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    /// How many events it heard.
    n: u64,
    said: Option<Said>,
    /// When it hears a sign of life at the latest.
    beat: Instant,
    is_over: bool,
}

impl<S: Store> Talk<S> {
    /// The next part; the end when the program ends, the laptop listens anew, or the store fails:
    /// then another replica may be better off.
    async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        loop {
            if self.is_over || *self.stopping.borrow_and_update() {
                return None;
            }
            self.changes.borrow_and_update();
            let (token, user) = (self.token.clone(), self.user.clone());
            let look = self.center.work(move |store| seen(store, &token, &user));
            let seen = look.await.ok()??;
            let text = self.news(seen);
            let now = Instant::now();
            let text = match text.is_empty() && now >= self.beat {
                true => SIGN_OF_LIFE.to_owned(),
                false => text,
            };
            if !text.is_empty() {
                self.beat = now + Duration::from_millis(BEAT_MS);
                return Some((Ok(Bytes::from(text)), self));
            }
            let look = now + Duration::from_millis(crate::api::LOOK_MS);
            tokio::select! {
                _ = self.changes.changed() => {}
                _ = self.stopping.changed() => {}
                () = self.seat.given_up() => return None,
                () = tokio::time::sleep_until(look.min(self.beat)) => {}
            }
        }
    }

    /// Everything that the laptop was not told yet.
    fn news(&mut self, seen: Seen) -> String {
        let mut hints = Vec::new();
        if seen.is_revoked {
            self.is_over = true;
            hints.push(Hint::Revoked);
        }
        let mark = mark(seen.is_revoked, &seen.streams);
        let is_news = |said: &Said| said.mark != mark || said.epoch != seen.epoch;
        if !self.said.as_ref().is_none_or(is_news) {
            return String::new();
        }
        let streams: BTreeMap<String, (String, u64)> = seen
            .streams
            .into_iter()
            .map(|s| (s.stream, (s.role, s.head)))
            .collect();
        // The first time the laptop has just been told by `me`.
        if let Some(said) = &self.said {
            hints.extend(differences(&said.streams, &streams));
        }
        hints.push(Hint::Now {
            mark: mark.clone(),
            epoch: seen.epoch.clone(),
        });
        self.said = Some(Said {
            streams,
            mark,
            epoch: seen.epoch,
        });
        let key = self.center.identity.key();
        let written = hints.iter().map(|hint| {
            self.n += 1;
            write(key, &self.nonce, self.n, hint)
        });
        written.collect()
    }
}

type Parts = BTreeMap<String, (String, u64)>;

fn differences(old: &Parts, new: &Parts) -> Vec<Hint> {
    let mut hints = Vec::new();
    for (stream, (role, head)) in new {
        let before = old.get(stream);
        if before.is_none_or(|(old_role, _)| old_role != role) {
            hints.push(Hint::Member {
                stream: stream.clone(),
                role: Some(role.clone()),
            });
        }
        if before.is_none_or(|(_, old_head)| old_head != head) {
            hints.push(Hint::Stream {
                stream: stream.clone(),
                head: *head,
            });
        }
    }
    let gone = old.keys().filter(|stream| !new.contains_key(*stream));
    hints.extend(gone.map(|stream| Hint::Member {
        stream: stream.clone(),
        role: None,
    }));
    hints
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(list: &[(&str, &str, u64)]) -> Parts {
        list.iter()
            .map(|(stream, role, head)| ((*stream).to_owned(), ((*role).to_owned(), *head)))
            .collect()
    }

    #[test]
    fn what_is_said_is_what_became_different() {
        let old = parts(&[("a", "pi", 1), ("b", "pi", 2), ("c", "reader", 3)]);
        let new = parts(&[("a", "pi", 1), ("b", "pi", 5), ("d", "pi", 0)]);
        let member = |stream: &str, role: Option<&str>| Hint::Member {
            stream: stream.to_owned(),
            role: role.map(str::to_owned),
        };
        let head = |stream: &str, head| Hint::Stream {
            stream: stream.to_owned(),
            head,
        };
        assert_eq!(
            differences(&old, &new),
            [
                head("b", 5),
                member("d", Some("pi")),
                head("d", 0),
                member("c", None)
            ]
        );
        assert!(differences(&new, &new).is_empty());
    }
}

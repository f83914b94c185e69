//! What laptops said that stands after the same commits, held against each other.
//!
//! Kept in memory: a replica that forgets it, or never heard it, finds a difference later, at the
//! next contact of both laptops. Nothing else rests on it.

use crate::guard::{message, refusal};
use crate::serve::Center;
use crate::store::{Session, Store};
use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::response::Response;
use ledger::{Hash, value::is_id};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use sync::wire::Problem;
use sync::witness::{STATES_MAX, StatesCompared, StatesSaid, StreamDigest};

/// Most streams that are remembered; all are forgotten when there are more.
const STREAMS_MAX: usize = 20_000;
/// Most laptops of one stream that are remembered.
const DEVICES_MAX: usize = 200;

/// The last word of every laptop about a stream: number and state.
#[derive(Default)]
pub(crate) struct Words(Mutex<HashMap<String, BTreeMap<String, (u64, String)>>>);

impl Words {
    /// Keeps a laptop's word. `false` when another, or its own earlier one, differs about the same
    /// commits.
    fn say(&self, dev: &str, said: &StreamDigest) -> bool {
        let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if streams.len() >= STREAMS_MAX && !streams.contains_key(&said.stream) {
            streams.clear();
        }
        let words = streams.entry(said.stream.clone()).or_default();
        let agrees = words
            .values()
            .all(|(at, state)| *at != said.at || *state == said.state);
        // Those about fewer commits say nothing any more.
        words.retain(|_, (at, _)| *at >= said.at);
        if words.len() < DEVICES_MAX {
            words.insert(dev.to_owned(), (said.at, said.state.clone()));
        }
        agrees
    }
}

pub(crate) async fn states<S: Store>(
    State(center): State<Arc<Center<S>>>,
    Extension(session): Extension<Session>,
    body: Bytes,
) -> Response {
    match compared(&center, session, &body).await {
        Ok(answer) => message(200, &answer),
        Err(problem) => refusal(&center, problem),
    }
}

async fn compared<S: Store>(
    center: &Arc<Center<S>>,
    session: Session,
    body: &[u8],
) -> Result<StatesCompared, Problem> {
    if session.is_revoked {
        return Err(Problem::Revoked);
    }
    let said: StatesSaid = serde_json::from_slice(body).map_err(|_| Problem::Malformed)?;
    let is_word = |one: &StreamDigest| is_id(&one.stream) && Hash::parse(&one.state).is_some();
    if said.states.len() > STATES_MAX || !said.states.iter().all(is_word) {
        return Err(Problem::Malformed);
    }
    let user = session.user;
    let readable = center.work(move |store| store.readable(&user)).await?;
    let mut differ = Vec::new();
    for one in &said.states {
        // Members alone have a word, and only about commits that there are.
        let is_known = readable
            .iter()
            .any(|stream| stream.stream == one.stream && stream.head >= one.at);
        if is_known && !center.words.say(&session.dev, one) {
            differ.push(one.stream.clone());
        }
    }
    Ok(StatesCompared {
        center: center.envelope(),
        differ,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(at: u64, state: &str) -> StreamDigest {
        StreamDigest {
            stream: "s1".into(),
            at,
            state: state.into(),
        }
    }

    #[test]
    fn words_about_the_same_commits_are_compared() {
        let words = Words::default();
        assert!(words.say("a", &word(5, "x")));
        assert!(words.say("b", &word(5, "x")));
        assert!(words.say("c", &word(4, "y")), "it is behind");
        assert!(!words.say("b", &word(5, "z")));
        assert!(!words.say("b", &word(5, "x")), "its own earlier word");
        assert!(words.say("b", &word(5, "x")), "all agree again");
        assert!(words.say("a", &word(6, "q")));
        assert!(!words.say("b", &word(6, "r")));
    }
}

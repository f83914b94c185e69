//! Do laptops that hold the same commits show the same? Compared over the center at every contact.
//!
//! The chain over commit ids ([`ledger::digest`]) says who holds the same log. What stands is worked
//! out from it on each laptop; a laptop whose tables were spoilt differs although its log is right.
//! The center keeps what laptops last said and names where they differ; whoever differs makes its
//! tables again from its own log.

use crate::Surroundings;
use crate::drive::patiently;
use crate::exchange::{Call, Failure};
use crate::link::CenterLink;
use crate::transport::Transport;
use crate::wire::Envelope;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Most streams in one request.
pub const STATES_MAX: usize = 60;

/// What stands in a stream after so many commits, as a hash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamDigest {
    /// The stream.
    pub stream: String,
    /// The center's number up to which everything is here; nothing waits.
    pub at: u64,
    /// The state digest, `docs/sync-protocol.md` section 9.
    pub state: String,
}

/// Request `POST /v1/states`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatesSaid {
    /// One entry for each stream.
    pub states: Vec<StreamDigest>,
}

/// Answer to [`StatesSaid`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatesCompared {
    /// About the center.
    pub center: Envelope,
    /// The streams for which some laptop, perhaps this one earlier, said something else after the
    /// same commits.
    pub differ: Vec<String>,
}

/// What a laptop shows.
pub trait Witness {
    /// Why the laptop could not.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Every stream in which nothing waits, with the center's number up to which it is here.
    ///
    /// # Errors
    /// When the store fails.
    fn settled(&mut self) -> Result<Vec<(String, u64)>, Self::Error>;

    /// What stands in such a stream; `None` when something waits in it by now.
    ///
    /// # Errors
    /// When the store fails.
    fn state(&mut self, stream: &str) -> Result<Option<StreamDigest>, Self::Error>;

    /// Makes everything that follows from a stream's log again. Whether it came out differently.
    ///
    /// # Errors
    /// When the store fails; everything is then as before.
    fn mend(&mut self, stream: &str) -> Result<bool, Self::Error>;
}

/// What was said between two contacts.
#[derive(Debug, Default)]
pub struct Sworn {
    /// Made again and come out the same: not made again at every contact.
    same: BTreeSet<StreamDigest>,
    /// The number about which each stream was compared last.
    said: BTreeMap<String, u64>,
    turn: usize,
}

impl Sworn {
    /// The streams to compare now: those with something new, and one of the others in turn, so that
    /// hundreds of studies at rest cost nothing.
    fn due(&mut self, settled: &[(String, u64)]) -> Vec<String> {
        self.turn = self.turn.wrapping_add(1);
        let turn = self.turn.checked_rem(settled.len());
        let is_due = |(n, (stream, at)): &(usize, &(String, u64))| {
            Some(*n) == turn || self.said.get(stream) != Some(at)
        };
        let due = settled.iter().enumerate().filter(is_due);
        due.map(|(_, (stream, _))| stream.clone()).collect()
    }
}

/// Compares what stands here with what other laptops said; how many streams were mended.
///
/// A center that cannot be reached, or cannot compare, is no reason to say anything.
///
/// # Errors
/// The witness's own.
pub async fn compare<T: Transport, W: Witness>(
    transport: &T,
    link: &CenterLink,
    witness: &mut W,
    around: &dyn Surroundings,
    sworn: &mut Sworn,
) -> Result<u64, W::Error> {
    let mut n_mended = 0;
    let due = sworn.due(&witness.settled()?);
    for streams in due.chunks(STATES_MAX) {
        let mut group = Vec::new();
        for stream in streams {
            group.extend(witness.state(stream)?);
        }
        let Ok(differ) = ask(transport, link, &group, around).await else {
            return Ok(n_mended);
        };
        let mut again = Vec::new();
        for said in &group {
            sworn.said.insert(said.stream.clone(), said.at);
            if !differ.contains(&said.stream) || sworn.same.contains(said) {
                continue;
            }
            if witness.mend(&said.stream)? {
                n_mended += 1;
                log::warn!("what stands was made again from the log");
                again.extend(witness.state(&said.stream)?);
            } else {
                sworn.same.insert(said.clone());
            }
        }
        if !again.is_empty() {
            // So that the others are compared with what is right.
            let _ = ask(transport, link, &again, around).await;
        }
    }
    Ok(n_mended)
}

async fn ask<T: Transport>(
    transport: &T,
    link: &CenterLink,
    states: &[StreamDigest],
    around: &dyn Surroundings,
) -> Result<Vec<String>, Failure> {
    let pin = link.recognised_by().ok_or(Failure::Pin)?;
    let said = StatesSaid {
        states: states.to_vec(),
    };
    let call = || Call::post("/v1/states", &said).with_token(&link.token);
    let answer = patiently(transport, &pin, call, around).await?;
    Ok(answer.message::<StatesCompared>()?.differ)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_is_compared_at_once_and_the_rest_in_turn() {
        let mut sworn = Sworn::default();
        let mut settled: Vec<(String, u64)> = (0..4).map(|n| (format!("s{n}"), 1)).collect();
        assert_eq!(sworn.due(&settled).len(), 4, "the first time all");
        sworn.said = settled.iter().cloned().collect();
        let mut seen = BTreeSet::new();
        for _ in 0..4 {
            let due = sworn.due(&settled);
            assert_eq!(due.len(), 1);
            seen.extend(due);
        }
        assert_eq!(seen.len(), 4);
        settled[2].1 = 2;
        assert!(sworn.due(&settled).contains(&"s2".to_owned()));
        assert!(sworn.due(&[]).is_empty());
    }
}

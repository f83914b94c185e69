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
use std::collections::BTreeSet;

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

    /// What stands in every stream in which nothing waits.
    ///
    /// # Errors
    /// When the store fails.
    fn states(&mut self) -> Result<Vec<StreamDigest>, Self::Error>;

    /// Makes everything that follows from a stream's log again. Whether it came out differently.
    ///
    /// # Errors
    /// When the store fails; everything is then as before.
    fn mend(&mut self, stream: &str) -> Result<bool, Self::Error>;
}

/// What was made again and came out the same: it is not made again at every contact.
#[derive(Debug, Default)]
pub struct Sworn(BTreeSet<StreamDigest>);

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
    let states = witness.states()?;
    for group in states.chunks(STATES_MAX) {
        let Ok(differ) = ask(transport, link, group, around).await else {
            return Ok(n_mended);
        };
        let mut again = Vec::new();
        for said in group {
            if !differ.contains(&said.stream) || sworn.0.contains(said) {
                continue;
            }
            if witness.mend(&said.stream)? {
                n_mended += 1;
                log::warn!("what stands was made again from the log");
                let now = witness.states()?;
                again.extend(now.into_iter().filter(|one| one.stream == said.stream));
            } else {
                sworn.0.insert(said.clone());
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

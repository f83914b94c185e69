//! How often one laptop, or one address without a token, may ask.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::time::Instant;

/// Most askers that are remembered; the full ones are forgotten first.
const ASKERS_MAX: usize = 10_000;

/// A kind of asker and its limits.
#[derive(Clone, Copy)]
pub(crate) struct Pace {
    /// How many requests may come at once.
    pub(crate) burst: f64,
    /// How many per second from then on.
    pub(crate) per_second: f64,
}

/// A laptop with a token: a first synchronisation of many studies asks often.
pub(crate) const KNOWN: Pace = Pace {
    burst: 2000.0,
    per_second: 100.0,
};
/// An address without a token: people who type codes.
pub(crate) const UNKNOWN: Pace = Pace {
    burst: 40.0,
    per_second: 1.0,
};

/// Buckets of requests, one per asker.
#[derive(Default)]
pub(crate) struct Limits(Mutex<HashMap<String, (f64, Instant)>>);

impl Limits {
    /// Takes one request; otherwise says after how many milliseconds to ask again.
    pub(crate) fn take(&self, asker: &str, pace: Pace) -> Result<(), u64> {
        let now = Instant::now();
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ASKERS_MAX && !buckets.contains_key(asker) {
            // Whoever was quiet for a minute has a full bucket or nearly so.
            buckets.retain(|_, (_, last)| now.duration_since(*last).as_secs() < 60);
            if buckets.len() >= ASKERS_MAX {
                return Err(1000);
            }
        }
        let (left, last) = buckets.entry(asker.to_owned()).or_insert((pace.burst, now));
        let gained = now.duration_since(*last).as_secs_f64() * pace.per_second;
        (*left, *last) = ((*left + gained).min(pace.burst), now);
        if *left < 1.0 {
            return Err((1000.0 * (1.0 - *left) / pace.per_second).ceil() as u64);
        }
        *left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test(start_paused = true)]
    async fn a_burst_passes_and_then_the_pace_rules() {
        let limits = Limits::default();
        let pace = Pace {
            burst: 3.0,
            per_second: 2.0,
        };
        assert_eq!(
            [0; 4].map(|_| limits.take("a", pace)),
            [Ok(()), Ok(()), Ok(()), Err(500)]
        );
        assert_eq!(limits.take("b", pace), Ok(()));
        tokio::time::advance(Duration::from_millis(500)).await;
        assert_eq!([0; 2].map(|_| limits.take("a", pace)), [Ok(()), Err(500)]);
    }
}

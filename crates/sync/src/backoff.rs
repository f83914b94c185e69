//! How long to wait before the next contact: longer after every failure, never in step with others.

use crate::Surroundings;
use std::time::Duration;

/// First pause after a failure. Units: milliseconds.
const FIRST_MS: u64 = 1_000;
/// Longest pause. Units: milliseconds.
const LONGEST_MS: u64 = 60_000;

/// Pauses that double with every failure, up to a minute, each drawn at random from its upper half.
#[derive(Clone, Debug, Default)]
pub struct Backoff {
    n_failures: u32,
}

impl Backoff {
    /// Notes a success.
    pub fn reset(&mut self) {
        self.n_failures = 0;
    }

    /// Notes a failure and gives the pause after it.
    pub fn fail(&mut self, around: &dyn Surroundings) -> Duration {
        let full = FIRST_MS
            .saturating_mul(1 << self.n_failures.min(16))
            .min(LONGEST_MS);
        self.n_failures = self.n_failures.saturating_add(1);
        Duration::from_millis(full / 2 + random_below(around, full / 2 + 1))
    }
}

/// A random number below a limit; the tiny bias does no harm to a pause.
pub(crate) fn random_below(around: &dyn Surroundings, limit: u64) -> u64 {
    let mut bytes = [0; 8];
    around.random(&mut bytes);
    u64::from_le_bytes(bytes) % limit.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);

    impl Surroundings for Fixed {
        fn random(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
        fn now_ms(&self) -> i64 {
            0
        }
    }

    #[test]
    fn f43_pauses_grow_to_a_minute_and_vary() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u64> = (0..9)
            .map(|_| backoff.fail(&Fixed(0)).as_millis() as u64)
            .collect();
        assert_eq!(
            pauses,
            [500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000]
        );
        backoff.reset();
        let first = backoff.fail(&Fixed(0xa7)).as_millis() as u64;
        assert!((500..=1000).contains(&first) && first != 500, "{first}");
    }
}

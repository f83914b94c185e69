//! What the desk takes from the world around it: time, randomness, the installation's own folder.
//!
//! Nothing in this crate reads the clock or makes random bytes by itself, so that a test decides
//! both. The programs' `main` makes an [`Env`]; `testkit` has a fixed clock and seeded entropy.

use model::calendar::deadline::in_shanghai;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, Utc};

/// The time of day, as this laptop believes it to be.
///
/// Invariant: evidence only; no order and no refusal ever depends on it.
pub trait Clock: Send + Sync {
    /// The present moment.
    ///
    /// Time: UTC.
    fn now(&self) -> DateTime<Utc>;

    /// The offset of the local time zone from UTC.
    ///
    /// Units: minutes, positive east of Greenwich.
    fn offset_minutes(&self) -> i32;
}

/// A source of random bytes that nobody can guess.
pub trait Entropy: Send + Sync {
    /// Fills the whole slice.
    fn fill(&self, bytes: &mut [u8]);
}

/// Random bytes of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsEntropy;

impl Entropy for OsEntropy {
    /// Fills the whole slice from the operating system.
    ///
    /// # Panics
    /// When the operating system has no random bytes; nothing safe can be done without them.
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

/// Everything that the desk takes from outside.
#[derive(Clone)]
pub struct Env {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Random bytes.
    pub entropy: Arc<dyn Entropy>,
    /// The program's version, as written into commits.
    pub app: String,
    /// The folder of the installation token: on this laptop, outside every vault.
    pub installation: PathBuf,
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env")
            .field("app", &self.app)
            .field("installation", &self.installation)
            .finish_non_exhaustive()
    }
}

impl Env {
    /// The local day. Time: `YYYY-MM-DD`.
    pub fn today(&self) -> String {
        let offset = chrono::Duration::minutes(i64::from(self.clock.offset_minutes()));
        (self.clock.now() + offset).format("%Y-%m-%d").to_string()
    }

    /// The latest day that anybody calls today: the one here or the one in Shanghai, by which
    /// deadlines go. Time: `YYYY-MM-DD`.
    pub fn latest_today(&self) -> String {
        let there = in_shanghai(&self.clock.now()).date_naive().to_string();
        self.today().max(there)
    }

    /// Random bytes of a fixed number.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.entropy.fill(&mut bytes);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct London(&'static str);

    impl Clock for London {
        fn now(&self) -> DateTime<Utc> {
            self.0.parse().unwrap()
        }

        fn offset_minutes(&self) -> i32 {
            0
        }
    }

    #[test]
    fn the_next_day_begins_first_in_shanghai() {
        for (now, here, latest) in [
            ("2026-12-01T15:59:00Z", "2026-12-01", "2026-12-01"),
            ("2026-12-01T16:01:00Z", "2026-12-01", "2026-12-02"),
        ] {
            let env = Env {
                clock: Arc::new(London(now)),
                entropy: Arc::new(OsEntropy),
                app: String::new(),
                installation: PathBuf::new(),
            };
            assert_eq!(
                (env.today(), env.latest_today()),
                (here.into(), latest.into())
            );
        }
    }
}

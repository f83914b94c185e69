//! What the desk takes from the world around it: time, randomness, the installation's own folder.
//!
//! Nothing in this crate reads the clock or makes random bytes by itself, so that a test decides
//! both. The programs' `main` makes an [`Env`]; `testkit` has a fixed clock and seeded entropy.

use model::calendar::deadline::in_shanghai;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Timelike, Utc};

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
    /// Today, wherever the laptop is: the day in Shanghai, by which deadlines go. Programs and the
    /// interface take it from here.
    pub fn day(&self) -> NaiveDate {
        in_shanghai(&self.clock.now()).date_naive()
    }

    /// [`Env::day`] as text. Time: `YYYY-MM-DD`.
    pub fn today(&self) -> String {
        self.day().to_string()
    }

    /// How long today lasts. Units: seconds, at least one.
    pub fn day_left(&self) -> u32 {
        const DAY_SECONDS: u32 = 24 * 60 * 60;
        let now = in_shanghai(&self.clock.now()).time();
        DAY_SECONDS - now.num_seconds_from_midnight().min(DAY_SECONDS - 1)
    }

    /// The latest day that anybody calls today: nobody further east is refused what she did in
    /// her own morning. Time: `YYYY-MM-DD`.
    pub fn latest_today(&self) -> String {
        let offset = chrono::Duration::minutes(i64::from(self.clock.offset_minutes()));
        let here = (self.clock.now() + offset).date_naive();
        here.max(self.day()).to_string()
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

    struct Abroad(&'static str, i32);

    impl Clock for Abroad {
        fn now(&self) -> DateTime<Utc> {
            self.0.parse().unwrap()
        }

        fn offset_minutes(&self) -> i32 {
            self.1 * 60
        }
    }

    #[test]
    fn today_is_the_day_in_shanghai_wherever_the_laptop_is() {
        for (now, offset, today, latest, left) in [
            ("2026-12-01T15:59:00Z", 0, "2026-12-01", "2026-12-01", 60),
            (
                "2026-12-01T16:01:00Z",
                0,
                "2026-12-02",
                "2026-12-02",
                86_340,
            ),
            (
                "2026-12-01T23:59:59Z",
                -8,
                "2026-12-02",
                "2026-12-02",
                57_601,
            ),
            (
                "2026-12-01T13:00:00Z",
                13,
                "2026-12-01",
                "2026-12-02",
                10_800,
            ),
        ] {
            let env = Env {
                clock: Arc::new(Abroad(now, offset)),
                entropy: Arc::new(OsEntropy),
                app: String::new(),
                installation: PathBuf::new(),
            };
            assert_eq!(
                (env.today(), env.latest_today(), env.day_left()),
                (today.into(), latest.into(), left)
            );
        }
    }
}

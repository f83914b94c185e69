//! Ours and a bare program in turns, so that what else the machine does falls on both.

use std::ops::AddAssign;
use std::time::{Duration, Instant};

/// How many pairs, after one that warms up. `PIDESK_PAIRS` makes fewer for a look.
const PAIRS: usize = 31;

/// How long something took: by the clock, and of this process's processor time in all threads, which
/// what else the machine does moves less.
#[derive(Clone, Copy, Debug, Default)]
pub struct Took {
    /// By the clock.
    pub wall: Duration,
    /// Processor time; nothing where there is no `/proc`.
    pub cpu: Duration,
}

impl Took {
    /// Measures a piece of work.
    pub fn by<T>(work: impl FnOnce() -> T) -> (T, Self) {
        let (begun, before) = (Instant::now(), processor_time());
        let done = work();
        let wall = begun.elapsed();
        let cpu = processor_time().saturating_sub(before);
        (done, Self { wall, cpu })
    }
}

impl AddAssign for Took {
    fn add_assign(&mut self, more: Self) {
        self.wall += more.wall;
        self.cpu += more.cpu;
    }
}

/// Source: proc(5), `/proc/pid/stat`: user and system time in hundredths of a second.
fn processor_time() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The program's name before it may hold blanks.
    let fields = text.rsplit(')').next().unwrap_or_default();
    let times = fields.split_ascii_whitespace().skip(11).take(2);
    let ticks: u64 = times.filter_map(|n| n.parse::<u64>().ok()).sum();
    Duration::from_millis(10 * ticks)
}

/// The times of pairs.
#[derive(Default)]
pub struct Pairs(Vec<(Duration, Duration)>);

/// The median of something and the ends of its 95 % interval.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    /// The lower end.
    pub low: f64,
    /// The median.
    pub median: f64,
    /// The upper end.
    pub high: f64,
}

/// The median, and the order statistics between which that of all runs lies in 95 of 100 cases.
fn spread(values: impl IntoIterator<Item = f64>) -> Spread {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    let n = values.len();
    let off = (0.98 * (n as f64).sqrt()).ceil() as usize;
    let middle = n / 2;
    Spread {
        low: values[middle.saturating_sub(off)],
        median: values[middle],
        high: values[(middle + off).min(n - 1)],
    }
}

impl Spread {
    /// Says whether a goal is reached: by the upper end, and by no run whose ends lie further than
    /// 15 % from the median.
    ///
    /// # Panics
    /// When even the lower end is four times the goal: something became much slower.
    pub fn hold_against(self, what: &str, goal: f64) {
        let off = (self.high - self.median).max(self.median - self.low);
        let verdict = if off > 0.15 * self.median {
            "no verdict"
        } else if self.high <= goal {
            "reached"
        } else {
            "not reached"
        };
        println!("goal {goal}: {verdict}");
        assert!(self.low <= 4.0 * goal, "{what}: {self:?}");
    }
}

impl Pairs {
    /// Takes the times of one pair.
    pub fn add(&mut self, ours: Duration, bare: Duration) {
        self.0.push((ours, bare));
    }

    /// How many pairs there are to be.
    pub fn wanted() -> usize {
        let said = std::env::var("PIDESK_PAIRS").ok();
        said.and_then(|text| text.parse().ok()).unwrap_or(PAIRS)
    }

    /// Whether ours goes first in a pair: ours, bare, bare, ours, …
    pub fn ours_first(pair: usize) -> bool {
        pair.is_multiple_of(2)
    }

    /// Prints a line for docs/figures.md; gives the spread of the ratios.
    ///
    /// # Panics
    /// When there are no pairs.
    pub fn tell(&self, what: &str) -> Spread {
        let ours = spread(self.0.iter().map(|(ours, _)| ours.as_secs_f64()));
        let bare = spread(self.0.iter().map(|(_, bare)| bare.as_secs_f64()));
        let ratios = self
            .0
            .iter()
            .map(|(ours, bare)| ours.as_secs_f64() / bare.as_secs_f64());
        let ratio = spread(ratios);
        println!(
            "| {what} | {:.3} s | {:.3} s | {:.2} ({:.2}–{:.2}) | {} |",
            ours.median,
            bare.median,
            ratio.median,
            ratio.low,
            ratio.high,
            self.0.len()
        );
        ratio
    }
}

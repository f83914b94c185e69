//! A clock that a test sets.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};

/// A clock that starts at one moment and goes on by a fixed step at every reading.
#[derive(Debug)]
pub struct FixedClock {
    next_ms: AtomicI64,
    step_ms: i64,
    offset_minutes: i32,
}

impl FixedClock {
    /// A clock that shows `start` first and then one second more at every reading, in UTC+8.
    ///
    /// # Panics
    /// When `start` is not RFC 3339.
    pub fn at(start: &str) -> Self {
        let start = DateTime::parse_from_rfc3339(start).expect("RFC 3339");
        Self {
            next_ms: AtomicI64::new(start.timestamp_millis()),
            step_ms: 1_000,
            offset_minutes: 480,
        }
    }

    /// The same clock with another step.
    ///
    /// Units: milliseconds at every reading; 0 stands still.
    pub fn step_ms(mut self, step_ms: i64) -> Self {
        self.step_ms = step_ms;
        self
    }

    /// The same clock in another time zone.
    ///
    /// Units: minutes east of Greenwich.
    pub fn offset(mut self, minutes: i32) -> Self {
        self.offset_minutes = minutes;
        self
    }

    /// Moves the clock, back too.
    pub fn advance(&self, by: TimeDelta) {
        self.next_ms
            .fetch_add(by.num_milliseconds(), Ordering::SeqCst);
    }

    /// The present moment; the next reading shows one step more.
    ///
    /// # Panics
    /// When the clock was moved out of the calendar.
    pub fn now(&self) -> DateTime<Utc> {
        let ms = self.next_ms.fetch_add(self.step_ms, Ordering::SeqCst);
        DateTime::from_timestamp_millis(ms).expect("a moment of the calendar")
    }

    /// The offset of the time zone from UTC.
    ///
    /// Units: minutes, positive east of Greenwich.
    pub fn offset_minutes(&self) -> i32 {
        self.offset_minutes
    }
}

impl Default for FixedClock {
    /// Starts on 1 December 2026, 09:00 in Shanghai.
    fn default() -> Self {
        Self::at("2026-12-01T01:00:00Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_on_by_one_second_and_can_be_moved() {
        let clock = FixedClock::at("2026-12-01T01:00:00Z");
        assert_eq!(clock.now().to_rfc3339(), "2026-12-01T01:00:00+00:00");
        assert_eq!(clock.now().to_rfc3339(), "2026-12-01T01:00:01+00:00");
        clock.advance(TimeDelta::days(-1));
        assert_eq!(clock.now().to_rfc3339(), "2026-11-30T01:00:02+00:00");
    }
}

//! The system's clock.

use chrono::{DateTime, Local, Utc};

/// Time: UTC now, and the offset of local time.
pub(crate) struct SystemClock;

impl desk::env::Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn offset_minutes(&self) -> i32 {
        Local::now().offset().local_minus_utc() / 60
    }
}

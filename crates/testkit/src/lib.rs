//! What tests share: a clock that stands still, repeatable randomness, temporary folders, and the
//! way to the material that is not part of the repository.
//!
//! For dev-dependencies only. With the feature `desk` the clock and the randomness fit
//! `desk::env`; unit tests inside `desk` itself cannot use that (they would see the crate twice)
//! and have small fakes of their own.

mod clock;
#[cfg(feature = "desk")]
mod desk_env;
mod entropy;
mod pairs;
#[cfg(feature = "proxy")]
pub mod proxy;
mod shared;

mod writing;

pub use clock::FixedClock;
#[cfg(feature = "desk")]
pub use desk_env::{Bench, env};
pub use entropy::SeededEntropy;
pub use pairs::{Pairs, Spread, Took};
pub use shared::{shared, shared_or_skip};
pub use tempfile::TempDir;
pub use writing::Writing;

/// A fresh folder that is removed when the value is dropped.
///
/// # Panics
/// When the system has no place for temporary files.
pub fn folder() -> TempDir {
    tempfile::Builder::new()
        .prefix("pidesk-test-")
        .tempdir()
        .expect("a temporary folder")
}

/// The same in memory where the system has such a place, for runs in which the disk is not what
/// is tested.
///
/// # Panics
/// When the system has no place for temporary files.
pub fn memory_folder() -> TempDir {
    tempfile::Builder::new()
        .prefix("pidesk-test-")
        .tempdir_in("/dev/shm")
        .unwrap_or_else(|_| folder())
}

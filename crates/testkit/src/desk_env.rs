//! The clock and the randomness as the desk wants them, and a bench with folders.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use desk::env::{Clock, Entropy, Env};
use tempfile::TempDir;

use crate::{FixedClock, SeededEntropy, folder};

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        Self::now(self)
    }

    fn offset_minutes(&self) -> i32 {
        Self::offset_minutes(self)
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        Self::fill(self, bytes);
    }
}

/// Surroundings of a desk: the default clock, randomness from a seed, the installation's folder.
pub fn env(seed: u64, installation: &Path) -> Env {
    Env {
        clock: Arc::new(FixedClock::default()),
        entropy: Arc::new(SeededEntropy::new(seed)),
        app: "0.0.0-test".to_owned(),
        installation: installation.to_owned(),
    }
}

/// One laptop in a temporary folder: a place for vaults, an installation of its own, a clock.
#[derive(Debug)]
pub struct Bench {
    folder: TempDir,
    /// What a desk on this laptop takes from outside.
    pub env: Env,
}

impl Bench {
    /// A fresh laptop; another seed is another laptop.
    ///
    /// # Panics
    /// When the system has no place for temporary files.
    pub fn new(seed: u64) -> Self {
        let folder = folder();
        let installation = folder.path().join("installation");
        std::fs::create_dir(&installation).expect("the installation's folder");
        let env = env(seed, &installation);
        Self { folder, env }
    }

    /// A path on this laptop.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

//! What the vault's unit tests share, and the cutting of power between any two steps.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};

use super::disk::{Disk, RealDisk};
use super::*;
use crate::env::{Clock, Entropy, Env};

struct StoppedClock;

impl Clock for StoppedClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }

    fn offset_minutes(&self) -> i32 {
        0
    }
}

struct CountedBytes(Mutex<u64>);

impl Entropy for CountedBytes {
    fn fill(&self, bytes: &mut [u8]) {
        let mut n = self.0.lock().unwrap();
        for byte in bytes {
            *n = n
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = (*n >> 56) as u8;
        }
    }
}

pub(crate) fn fake_env(seed: u64) -> Env {
    Env {
        clock: Arc::new(StoppedClock),
        entropy: Arc::new(CountedBytes(Mutex::new(seed))),
        app: "test".to_owned(),
        installation: PathBuf::from("unused"),
    }
}

/// A disk whose power fails at a step: a write is cut in half, and what was not synced is gone.
struct FailingDisk {
    steps_left: Mutex<u32>,
    unsynced: Mutex<BTreeSet<PathBuf>>,
}

impl FailingDisk {
    fn after(steps: u32) -> Self {
        Self {
            steps_left: Mutex::new(steps),
            unsynced: Mutex::default(),
        }
    }

    /// Counts one step; `false` when the power is gone.
    fn step(&self) -> bool {
        let mut left = self.steps_left.lock().unwrap();
        let is_on = *left > 0;
        *left = left.saturating_sub(1);
        if !is_on {
            for path in self
                .unsynced
                .lock()
                .unwrap()
                .iter()
                .filter(|path| path.exists())
            {
                fs::write(path, b"").unwrap();
            }
        }
        is_on
    }
}

fn cut() -> io::Error {
    io::Error::other("power cut")
}

impl Disk for FailingDisk {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if !self.step() {
            RealDisk.write(path, &bytes[..bytes.len() / 2])?;
            return Err(cut());
        }
        self.unsynced.lock().unwrap().insert(path.to_owned());
        RealDisk.write(path, bytes)
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        if !self.step() {
            return Err(cut());
        }
        self.unsynced.lock().unwrap().remove(path);
        RealDisk.sync(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if !self.step() {
            return Err(cut());
        }
        let mut unsynced = self.unsynced.lock().unwrap();
        if unsynced.remove(from) {
            unsynced.insert(to.to_owned());
        }
        RealDisk.rename(from, to)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        if self.step() {
            RealDisk.sync_folder(path)
        } else {
            Err(cut())
        }
    }
}

/// The folders of one laptop.
struct Laptop {
    _folder: tempfile::TempDir,
    dir: PathBuf,
    env: Env,
}

fn laptop() -> Laptop {
    let folder = tempfile::tempdir().unwrap();
    let mut env = fake_env(11);
    env.installation = folder.path().join("installation");
    Laptop {
        dir: folder.path().join("vault"),
        _folder: folder,
        env,
    }
}

#[test]
fn f75_a_new_passphrase_cut_off_at_any_step_leaves_the_old_or_the_new_one() {
    let quick = Kdf::quick_for_tests();
    let mut n_completed = 0;
    for steps in 0..12 {
        let Laptop { _folder, dir, env } = laptop();
        let (mut opened, code) = create(&dir, "old passphrase", quick, &env, false).unwrap();
        opened
            .conn
            .execute_batch("CREATE TABLE kept (n INTEGER) STRICT")
            .unwrap();
        opened.disk = Box::new(FailingDisk::after(steps));
        let result = opened.set_passphrase("new passphrase", quick, &env);
        drop(opened);
        n_completed += u32::from(result.is_ok());
        let old = open(&dir, Key::Passphrase("old passphrase"), &NoKeychain, &env);
        let is_old = old.is_ok();
        drop(old);
        let new = open(&dir, Key::Passphrase("new passphrase"), &NoKeychain, &env);
        let is_new = new.is_ok();
        drop(new);
        assert!(is_old || is_new, "{steps}");
        assert!(result.is_err() || (is_new && !is_old), "{steps}");
        // The other way in is untouched, and so is the content.
        let opened = open(&dir, Key::Recovery(code.as_str()), &NoKeychain, &env).unwrap();
        opened
            .conn
            .execute("INSERT INTO kept VALUES (1)", [])
            .unwrap();
        assert!(!opened.cloned);
    }
    assert_eq!(
        n_completed, 4,
        "eight steps, so four of the twelve runs finish"
    );
}

#[test]
fn a_vault_cut_off_while_it_is_put_in_place_is_whole_or_can_be_made_again() {
    let quick = Kdf::quick_for_tests();
    let (mut n_whole, mut n_none) = (0, 0);
    for steps in 0..16 {
        let Laptop { _folder, dir, env } = laptop();
        let (opened, _) = create(&dir, "passphrase", quick, &env, false).unwrap();
        let envelope = opened.envelope().clone();
        drop(opened);
        // Back to the moment before the last steps.
        fs::rename(dir.join(DB_FILE), dir.join(STAGED_DB_FILE)).unwrap();
        fs::remove_file(dir.join(WAYS_FILE)).unwrap();
        fs::remove_file(dir.join(WAYS_BACKUP_FILE)).unwrap();
        let _ = create::put_in_place(&FailingDisk::after(steps), &dir, &envelope);
        match open(&dir, Key::Passphrase("passphrase"), &NoKeychain, &env) {
            Ok(_) => n_whole += 1,
            Err(VaultError::NotAVault { .. }) => {
                create(&dir, "again", quick, &env, false).unwrap();
                n_none += 1;
            }
            Err(other) => panic!("{steps}: {other:?}"),
        }
    }
    assert_eq!((n_whole, n_none), (10, 6));
}

#[test]
fn every_failure_has_words_in_both_languages() {
    use std::path::PathBuf;
    let dir = PathBuf::from("/vault");
    let io = || io::Error::from(io::ErrorKind::NotFound);
    let mut codes = Vec::new();
    for way in [Way::Passphrase, Way::Recovery, Way::Keychain] {
        codes.push(VaultError::WrongKey { way }.code());
        codes.push(VaultError::NoSuchWay { way }.code());
        codes.push(Note::Missing(way).code());
    }
    for reason in [
        Unsuitable::Cloud("x".to_owned()),
        Unsuitable::Network("x".to_owned()),
        Unsuitable::Roaming,
    ] {
        codes.push(
            VaultError::UnsuitableFolder {
                dir: dir.clone(),
                reason,
            }
            .code(),
        );
    }
    for error in [
        VaultError::RecoveryTypo { group: 1 },
        VaultError::RecoveryLength {
            found: 1,
            wanted: 2,
        },
        VaultError::EmptyPassphrase,
        VaultError::Keychain(KeychainError::Locked(None)),
        VaultError::Keychain(KeychainError::Absent(None)),
        VaultError::Keychain(KeychainError::NotKept),
        VaultError::NotAVault { dir: dir.clone() },
        VaultError::AlreadyAVault { dir: dir.clone() },
        VaultError::FolderNotEmpty { dir: dir.clone() },
        VaultError::InUse { pid: None },
        VaultError::Damaged {
            dir: dir.clone(),
            part: Part::Ways,
        },
        VaultError::Damaged {
            dir: dir.clone(),
            part: Part::Database,
        },
        VaultError::Newer { found: 2, known: 1 },
        VaultError::OldSqlite { found: 1, floor: 2 },
        VaultError::NoEncryption,
        VaultError::Derivation { memory_kib: 1 },
        VaultError::Database {
            doing: "x",
            source: rusqlite::Error::InvalidQuery,
        },
        VaultError::io("x", &dir)(io()),
    ] {
        let label = model::label::get(error.code()).unwrap_or_else(|| panic!("{}", error.code()));
        for text in [label.zh, label.en] {
            let mut filled = text.to_owned();
            for (name, value) in error.params() {
                filled = filled.replace(&format!("{{{name}}}"), &value);
            }
            assert!(!filled.contains('{'), "{}: {filled}", error.code());
        }
    }
    for note in [
        Note::Repaired(Way::Passphrase),
        Note::KeychainRenewed,
        Note::KeychainSilent(KeychainError::NotKept),
        Note::NotRepaired,
        Note::NotClosed,
        Note::LogMissing,
        Note::RolledBack,
    ] {
        codes.push(note.code());
    }
    for code in codes {
        assert!(model::label::get(code).is_some(), "{code}");
    }
}

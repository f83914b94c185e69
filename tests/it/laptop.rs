//! A laptop of a story: a vault that is worked on by the real `pidesk`.

use desk::Desk;
use desk::vault::{Key, NoKeychain};
use model::StudyId;
use rpc::places::Places;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU64, Ordering};

/// A built program of this workspace, beside the test's own.
pub(crate) fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test's own path");
    let folder = test.parent().and_then(Path::parent).expect("target folder");
    let path = folder.join(name);
    assert!(
        path.exists(),
        "{} is not built: run cargo build --workspace",
        path.display()
    );
    path
}

/// The passphrase of a story's vault.
pub(crate) const PASSPHRASE: &str = "a passphrase for stories 心衰";

/// One laptop.
pub(crate) struct Laptop {
    folder: tempfile::TempDir,
    passphrase: &'static str,
}

impl Laptop {
    /// A laptop without a vault.
    pub(crate) fn bare() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            passphrase: PASSPHRASE,
        }
    }

    /// A laptop with the sample.
    pub(crate) fn with_sample() -> Self {
        let laptop = Self {
            passphrase: rpc::work::sample::PASSPHRASE,
            ..Self::bare()
        };
        laptop.ok(&["sample"]);
        laptop
    }

    /// A laptop with a new vault of a person.
    pub(crate) fn of(name: &str) -> Self {
        let laptop = Self::bare();
        laptop.ok(&["init", "--name", name]);
        laptop
    }

    /// A path on this laptop.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The open vault, for what no order of the command line does.
    pub(crate) fn desk(&self) -> Desk {
        // Each time another randomness: what is made here is new.
        static N_OPENED: AtomicU64 = AtomicU64::new(7);
        let seed = N_OPENED.fetch_add(1, Ordering::Relaxed);
        let places = Places {
            root: self.path("data"),
            fonts: fonts(),
        };
        let env = testkit::env(seed, &places.installation());
        let key = Key::Passphrase(self.passphrase);
        Desk::open(&self.path("vault"), key, &NoKeychain, env).expect("the vault opens")
    }

    /// Types into a field of a study, and leaves it at that.
    pub(crate) fn types(&self, study: &str, field: &str, value: &Value) {
        let study = StudyId::parse(study).expect("an id");
        let mut desk = self.desk();
        let register = desk.register(&study, &study.root(), field).expect("read");
        let seen = register.map(|register| register.seen()).unwrap_or_default();
        desk.draft_put(&study, &study.root(), field, value, &seen)
            .expect("typed");
    }

    /// Runs `pidesk` on the vault; the options for vault and passphrase are added.
    pub(crate) fn run(&self, words: &[&str]) -> Output {
        self.run_in("en", words)
    }

    /// As [`Laptop::run`] in Chinese; gives what was printed, answers and failures.
    pub(crate) fn chinese(&self, words: &[&str]) -> String {
        let output = self.run_in("zh", words);
        text(&output.stdout) + &text(&output.stderr)
    }

    fn run_in(&self, lang: &str, words: &[&str]) -> Output {
        let mut command = self.command(words);
        command.env("PIDESK_LANG", lang);
        command.output().expect("pidesk starts")
    }

    /// The order, not started yet.
    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(program("pidesk"));
        command
            .args(words)
            .arg("--vault")
            .arg(self.path("vault"))
            .env_clear()
            .env("PIDESK_PASSPHRASE", self.passphrase)
            .env("PIDESK_BUNDLE_PASSPHRASE", "a stick 优盘")
            .env("PIDESK_DATA_DIR", self.path("data"))
            .env(
                "PIDESK_FONTS",
                std::env::var_os("PIDESK_FONTS").unwrap_or_else(|| fonts().into()),
            )
            .env("PIDESK_LANG", "en")
            .env("PIDESK_QUICK_KDF", "1");
        command
    }

    /// As [`Laptop::run`]; it must work. Gives what it printed.
    pub(crate) fn ok(&self, words: &[&str]) -> String {
        let output = self.run(words);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "pidesk {words:?}: {out}{err}");
        out
    }

    /// As [`Laptop::ok`] with `--json`.
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let out = self.ok(&[words, &["--json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{words:?}: {error}: {out}"))
    }

    /// As [`Laptop::run`]; it must be refused. Gives the exit code and the sentence.
    pub(crate) fn refused(&self, words: &[&str]) -> (i32, String) {
        let output = self.run(words);
        assert!(!output.status.success(), "pidesk {words:?} was not refused");
        (output.status.code().unwrap_or(-1), text(&output.stderr))
    }

    /// The digest that `verify` prints, which must find nothing wrong.
    pub(crate) fn digest(&self) -> String {
        let answer = self.json(&["verify"]);
        assert_eq!(answer["problems"], serde_json::json!([]));
        assert_eq!(answer["projectionsEqual"], true);
        answer["digest"].as_str().expect("a digest").to_owned()
    }
}

/// The folder of fonts of this work tree.
pub(crate) fn fonts() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../fonts"))
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

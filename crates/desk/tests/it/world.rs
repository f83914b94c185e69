//! A laptop with one vault, and what the stories do in it again and again.

use desk::vault::{Kdf, Key, NoKeychain, VaultError};
use desk::{Desk, DeskError, Edit, Env, NewStudy, Profile};
use model::{EntityId, StudyDoc, StudyId};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;
use testkit::Bench;

pub(crate) const PASSPHRASE: &str = "granite harbour violet 7";

pub(crate) fn person(name: &str) -> Profile {
    Profile {
        name_zh: name.to_owned(),
        name_en: String::new(),
        hospital: "ruijin".to_owned(),
        role: "pi".to_owned(),
    }
}

/// A laptop with an open vault.
pub(crate) struct Laptop {
    pub(crate) bench: Bench,
    pub(crate) dir: PathBuf,
    pub(crate) desk: Desk,
}

impl Laptop {
    pub(crate) fn new(seed: u64, name: &str) -> Self {
        let bench = Bench::new(seed);
        let dir = bench.path("vault");
        let (desk, _) = Desk::create(
            &dir,
            PASSPHRASE,
            Kdf::quick_for_tests(),
            bench.env.clone(),
            person(name),
            false,
        )
        .unwrap();
        Self { bench, dir, desk }
    }

    pub(crate) fn reopen(self) -> Self {
        let Self { bench, dir, desk } = self;
        drop(desk);
        let desk = open(&dir, &bench);
        Self { bench, dir, desk }
    }
}

/// Tries again while a lock is held: a process that another test just starts has every open file
/// of this one for a moment, the lock of a vault that was closed here too.
pub(crate) fn once_free<T, E>(
    open: impl Fn() -> Result<T, E>,
    is_held: impl Fn(&E) -> bool,
) -> Result<T, E> {
    for _ in 0..2_000 {
        match open() {
            Err(error) if is_held(&error) => std::thread::sleep(Duration::from_millis(1)),
            other => return other,
        }
    }
    open()
}

/// Opens a vault that a process just begun may hold for a moment.
pub(crate) fn open_freed(dir: &Path, env: &Env) -> Result<Desk, DeskError> {
    let key = Key::Passphrase(PASSPHRASE);
    let open = || Desk::open(dir, key, &NoKeychain, env.clone());
    once_free(open, is_held)
}

/// Whether somebody else has the vault open.
pub(crate) fn is_held(error: &DeskError) -> bool {
    matches!(error, DeskError::Vault(VaultError::InUse { .. }))
}

pub(crate) fn open(dir: &Path, bench: &Bench) -> Desk {
    open_freed(dir, &bench.env).unwrap()
}

pub(crate) fn fields(pairs: &[(&str, Value)]) -> BTreeMap<String, Value> {
    pairs
        .iter()
        .map(|(field, value)| ((*field).to_owned(), value.clone()))
        .collect()
}

pub(crate) fn new_study(desk: &mut Desk, title: &str) -> StudyId {
    let fields = fields(&[("title.zh", title.into())]);
    desk.create_study(&NewStudy {
        fields,
        ..NewStudy::default()
    })
    .unwrap()
    .0
}

pub(crate) fn doc(desk: &Desk, study: &StudyId) -> StudyDoc {
    desk.study(study).unwrap().unwrap()
}

/// An edit as a form makes it that was opened just now.
pub(crate) fn edit(desk: &Desk, study: &StudyId, e: &EntityId, f: &str, value: Value) -> Edit {
    let doc = doc(desk, study);
    let register = doc.entity(e).and_then(|entity| entity.fields.get(f));
    let seen = register.map(model::Register::seen).unwrap_or_default();
    Edit {
        entity: e.clone(),
        field: f.to_owned(),
        value,
        seen,
    }
}

/// Sets a field of the study as a person does who has it on screen.
pub(crate) fn set(desk: &mut Desk, study: &StudyId, f: &str, value: Value) {
    let edit = edit(desk, study, &study.root(), f, value);
    desk.set(study, edit, None).unwrap();
}

pub(crate) fn values(desk: &Desk, study: &StudyId, e: &EntityId, f: &str) -> Vec<Value> {
    let doc = doc(desk, study);
    let register = doc.entity(e).and_then(|entity| entity.fields.get(f));
    register
        .map(|r| r.heads.iter().map(|h| h.value.clone()).collect())
        .unwrap_or_default()
}

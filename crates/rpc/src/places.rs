//! Folders of this laptop, and what is remembered outside any vault: language and vault list.

use crate::failure::{Failure, FailureKind};
use model::Lang;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The folders that a program gives the app.
#[derive(Clone, Debug)]
pub struct Places {
    /// The program's folder in the local (not roaming) application data.
    pub root: PathBuf,
    /// The folder of fonts beside the program.
    pub fonts: PathBuf,
}

/// What is remembered outside any vault; no content, no names of people.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Remembered {
    #[serde(default)]
    lang: Option<Lang>,
    /// Folders of vaults, the last used first.
    #[serde(default)]
    vaults: Vec<PathBuf>,
}

impl Places {
    /// The folder of the installation token.
    pub fn installation(&self) -> PathBuf {
        self.root.join("installation")
    }

    /// The chosen language; `None` at the very first start.
    pub fn lang(&self) -> Option<Lang> {
        self.read().lang
    }

    /// Remembers the language.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn set_lang(&self, lang: Lang) -> Result<(), Failure> {
        self.write(&Remembered {
            lang: Some(lang),
            ..self.read()
        })
    }

    /// Folders of vaults that are still there, the last used first.
    pub fn vaults(&self) -> Vec<PathBuf> {
        self.read()
            .vaults
            .into_iter()
            .filter(|path| path.join("vault.json").exists())
            .collect()
    }

    /// Puts a vault to the front of the list.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn remember(&self, vault: &Path) -> Result<(), Failure> {
        let mut state = self.read();
        state.vaults.retain(|path| path != vault);
        state.vaults.insert(0, vault.to_owned());
        self.write(&state)
    }

    /// Takes a vault off the list; its folder stays.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn forget(&self, vault: &Path) -> Result<(), Failure> {
        let mut state = self.read();
        state.vaults.retain(|path| path != vault);
        self.write(&state)
    }

    /// A folder for a new vault that does not exist yet.
    pub fn new_vault(&self, name: &str) -> PathBuf {
        let vaults = self.root.join("vaults");
        (1..)
            .map(|n| {
                vaults.join(if n == 1 {
                    name.to_owned()
                } else {
                    format!("{name}-{n}")
                })
            })
            .find(|path| !path.exists())
            .expect("some number is free")
    }

    fn file(&self) -> PathBuf {
        self.root.join("app.json")
    }

    fn read(&self) -> Remembered {
        // A damaged file costs the list of vaults, never a vault: they can be added again.
        std::fs::read(self.file())
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    fn write(&self, state: &Remembered) -> Result<(), Failure> {
        let bytes = serde_json::to_vec_pretty(state).expect("plain values");
        write_file(&self.file(), &bytes)
    }
}

/// The failure of a path that cannot be written.
pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    log::warn!("a file was not written: {}", error.kind());
    Failure::new(FailureKind::Unavailable, "failure.write").with("path", path.display())
}

/// Writes a file whole or not at all.
///
/// # Errors
/// When the folder or the file cannot be written; the old file stays.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let fail = |error: std::io::Error| unwritable(path, &error);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let written = std::fs::File::create(&part).and_then(|mut file| {
        use std::io::Write as _;
        file.write_all(bytes)?;
        file.sync_all()
    });
    written
        .and_then(|()| std::fs::rename(&part, path))
        .map_err(|error| {
            let _ = std::fs::remove_file(&part);
            fail(error)
        })
}

/// The program's folder in the local application data; `PIDESK_DATA_DIR` names another.
pub fn data_root() -> PathBuf {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(root) = variable("PIDESK_DATA_DIR") {
        return PathBuf::from(root);
    }
    let home = || variable("HOME").map(PathBuf::from).unwrap_or_default();
    if cfg!(windows) {
        // Local, never roaming: a roaming profile can lie on a network share (ADR-0007).
        PathBuf::from(variable("LOCALAPPDATA").unwrap_or_default()).join("PI Desk")
    } else if cfg!(target_os = "macos") {
        home().join("Library/Application Support/PI Desk")
    } else {
        variable("XDG_DATA_HOME")
            .map_or_else(|| home().join(".local/share"), PathBuf::from)
            .join("pi-desk")
    }
}

/// The folder of fonts: `PIDESK_FONTS`, else the first of the places beside the program.
pub fn fonts() -> PathBuf {
    if let Some(folder) = std::env::var_os("PIDESK_FONTS") {
        return PathBuf::from(folder);
    }
    let program = std::env::current_exe().unwrap_or_default();
    let beside = program.ancestors().skip(1).take(5).flat_map(|folder| {
        [
            "fonts",
            "share/pi-desk/fonts",
            "lib/pi-desk/fonts",
            "Resources/fonts",
        ]
        .map(|name| folder.join(name))
    });
    beside
        .into_iter()
        .find(|folder| folder.is_dir())
        .unwrap_or_else(|| PathBuf::from("fonts"))
}

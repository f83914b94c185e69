//! What this machine gives: clock, entropy, folders, language, passphrase.

use crate::args::UsageError;
use crate::output::CommandError;
use chrono::{DateTime, Local, Utc};
use desk::Env;
use model::{Lang, label};
use std::path::PathBuf;
use std::sync::Arc;

struct SystemClock;

impl desk::env::Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn offset_minutes(&self) -> i32 {
        Local::now().offset().local_minus_utc() / 60
    }
}

/// Clock, entropy and version of this run.
pub(crate) fn env() -> Env {
    Env {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(desk::env::OsEntropy),
        app: env!("CARGO_PKG_VERSION").to_owned(),
        installation: rpc::places::data_root().join("installation"),
    }
}

/// The language of sentences: `PIDESK_LANG`, else the system's.
pub(crate) fn lang() -> Lang {
    let named = ["PIDESK_LANG", "LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
    match named {
        Some(value) if value.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

/// The folder of fonts: `PIDESK_FONTS`, else beside the program.
pub(crate) fn fonts() -> PathBuf {
    rpc::places::fonts()
}

/// The passphrase: `PIDESK_PASSPHRASE`, else asked for without echo.
pub(crate) fn passphrase() -> Result<String, CommandError> {
    if let Ok(passphrase) = std::env::var("PIDESK_PASSPHRASE") {
        return Ok(passphrase);
    }
    rpassword::prompt_password("passphrase: ").map_err(|_| {
        UsageError::said(label!("cli.noTerminal"), &[("name", "PIDESK_PASSPHRASE")]).into()
    })
}

/// The passphrase of a file that goes by stick: `PIDESK_BUNDLE_PASSPHRASE`, else asked for.
pub(crate) fn bundle_passphrase() -> Result<String, CommandError> {
    if let Ok(passphrase) = std::env::var("PIDESK_BUNDLE_PASSPHRASE") {
        return Ok(passphrase);
    }
    rpassword::prompt_password("passphrase of the file: ").map_err(|_| {
        UsageError::said(
            label!("cli.noTerminal"),
            &[("name", "PIDESK_BUNDLE_PASSPHRASE")],
        )
        .into()
    })
}

/// How costly a guess at a new vault's passphrase is. Development builds take a light one where
/// `PIDESK_QUICK_KDF` is set, so that stories with many vaults end today.
pub(crate) fn kdf() -> desk::vault::Kdf {
    if cfg!(debug_assertions) && std::env::var_os("PIDESK_QUICK_KDF").is_some() {
        return desk::vault::Kdf::quick_for_tests();
    }
    desk::vault::Kdf::standard()
}

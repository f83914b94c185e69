//! Telling the vault of this installation from a copy of it.
//!
//! The vault and a small file outside it hold the same random token and count the openings
//! together. A restored, copied or rolled-back vault does not agree with the file; it must take a
//! new device identity before its first edit, or two laptops would sign as one.

use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::database::{meta, set_meta};
use super::error::VaultError;
use super::{RealDisk, write_whole};
use crate::env::Env;

const META_KEY: &str = "installation";

/// What both sides hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Token {
    token: String,
    opened: u64,
}

/// How the vault and the file agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// The vault is the one of this installation.
    Same,
    /// It is a copy, or was moved.
    Other,
    /// It is an older state of the one of this installation.
    Older,
}

/// Compares both sides and counts this opening.
pub(crate) fn compare_and_count(
    conn: &Connection,
    dir: &Path,
    vault_id: &str,
    env: &Env,
) -> Result<Agreement, VaultError> {
    let path = file(dir, vault_id, env);
    let inside = meta(conn, META_KEY)?.and_then(|bytes| parse(&bytes));
    let outside = fs::read(&path).ok().and_then(|bytes| parse(&bytes));
    let (Some(inside), Some(outside)) = (inside, outside) else {
        return Ok(Agreement::Other);
    };
    if inside.token != outside.token {
        return Ok(Agreement::Other);
    }
    // The vault counts first; a power cut in between leaves it one ahead, which is no sign.
    if inside.opened < outside.opened {
        return Ok(Agreement::Older);
    }
    let next = Token {
        opened: inside.opened + 1,
        ..inside
    };
    write(conn, &path, &next)?;
    Ok(Agreement::Same)
}

/// Makes the vault the one of this installation.
pub(crate) fn settle(
    conn: &Connection,
    dir: &Path,
    vault_id: &str,
    env: &Env,
) -> Result<(), VaultError> {
    let token = Token {
        token: HEXLOWER.encode(&env.random::<16>()),
        opened: 1,
    };
    fs::create_dir_all(&env.installation)
        .map_err(VaultError::io("making the folder", &env.installation))?;
    write(conn, &file(dir, vault_id, env), &token)
}

fn write(conn: &Connection, path: &Path, token: &Token) -> Result<(), VaultError> {
    let bytes = serde_json::to_vec(token).expect("plain values become JSON");
    set_meta(conn, META_KEY, &bytes)?;
    write_whole(&RealDisk, path, &bytes).map_err(VaultError::io("writing", path))
}

/// One file a vault and place: two copies on one laptop are two devices.
fn file(dir: &Path, vault_id: &str, env: &Env) -> PathBuf {
    let place = dir.canonicalize().unwrap_or_else(|_| dir.to_owned());
    let digest = Sha256::new()
        .chain_update(vault_id)
        .chain_update([0])
        .chain_update(place.as_os_str().as_encoded_bytes())
        .finalize();
    env.installation
        .join(format!("vault-{}.json", HEXLOWER.encode(&digest[..12])))
}

fn parse(bytes: &[u8]) -> Option<Token> {
    serde_json::from_slice(bytes).ok()
}

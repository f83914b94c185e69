//! The device identity that signs for this vault on this laptop.

use crate::env::Env;
use crate::error::DeskError;
use ledger::DeviceKey;
use rusqlite::{Connection, OptionalExtension, params};

/// The identity that signs now, where there is one.
pub(crate) fn current(conn: &Connection) -> Result<Option<DeviceKey>, DeskError> {
    let secret: Option<Vec<u8>> = conn
        .query_row(
            "SELECT secret FROM identities ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .optional()?;
    let Some(secret) = secret else {
        return Ok(None);
    };
    let secret = <[u8; 32]>::try_from(secret.as_slice())
        .map_err(|_| DeskError::Damaged("the device identity"))?;
    Ok(Some(DeviceKey::from_secret(&secret)))
}

/// Makes a new identity, which signs from now on.
pub(crate) fn renew(conn: &Connection, env: &Env) -> Result<DeviceKey, DeskError> {
    let secret: [u8; 32] = env.random();
    let key = DeviceKey::from_secret(&secret);
    conn.execute(
        "INSERT INTO identities(device, secret, made_at) VALUES(?1, ?2, ?3)",
        params![key.id(), secret.as_slice(), crate::time::instant(env)],
    )?;
    Ok(key)
}

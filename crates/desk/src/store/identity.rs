//! The device identity that signs for this vault on this laptop.

use crate::env::Env;
use crate::error::DeskError;
use crate::vault::derive;
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
    keep(conn, env, &secret, true)
}

fn keep(
    conn: &Connection,
    env: &Env,
    secret: &[u8; 32],
    signs: bool,
) -> Result<DeviceKey, DeskError> {
    let key = DeviceKey::from_secret(secret);
    // The newest number signs from now on; one below all others only issues again.
    conn.execute(
        "INSERT INTO identities(id, device, secret, made_at)
         VALUES((SELECT CASE WHEN ?4 THEN max(id) + 1 ELSE min(id) - 1 END FROM identities),
             ?1, ?2, ?3)
         ON CONFLICT(device) DO NOTHING",
        params![
            key.id(),
            secret.as_slice(),
            crate::time::instant(env),
            signs
        ],
    )?;
    Ok(key)
}

/// The identity that issues again what another of this vault's signed, made where it is new: the
/// first of its line of which nothing stands in the stream. What it wrote there and is put aside
/// rests on what was refused, so nobody else has it.
///
/// It follows from the old one, so that two copies of a vault which both hold a refused commit
/// issue the very same again, and it stands once. Where they part, the later one goes on along the
/// line. It signs from then on where the old one did. Source: ADR-0019.
pub(crate) fn after(
    conn: &Connection,
    env: &Env,
    stream: i64,
    old: &str,
) -> Result<DeviceKey, DeskError> {
    let mut secret = secret_of(conn, old)?;
    loop {
        secret = *derive(&secret, b"pidesk-device-v1", b"the identity after it").bytes();
        let key = DeviceKey::from_secret(&secret);
        if !stands(conn, stream, &key.id())? {
            let signs = current(conn)?.is_some_and(|key| key.id() == old);
            return keep(conn, env, &secret, signs);
        }
    }
}

fn secret_of(conn: &Connection, device: &str) -> Result<[u8; 32], DeskError> {
    let sql = "SELECT secret FROM identities WHERE device = ?1";
    let secret: Vec<u8> = conn.query_row(sql, [device], |row| row.get(0))?;
    <[u8; 32]>::try_from(secret.as_slice()).map_err(|_| DeskError::Damaged("the device identity"))
}

fn stands(conn: &Connection, stream: i64, device: &str) -> Result<bool, DeskError> {
    let sql = "SELECT 1 FROM commits c JOIN devices d ON d.id = c.device
               WHERE c.stream = ?1 AND d.name = ?2 AND c.status <> 3 LIMIT 1";
    Ok(conn.prepare_cached(sql)?.exists(params![stream, device])?)
}

//! Moments as they stand in commits, and ids that rise with time.

use crate::env::Env;
use uuid::Uuid;

/// The present moment as commits carry it: UTC, RFC 3339 with milliseconds.
pub(crate) fn instant(env: &Env) -> String {
    env.clock.now().format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

/// A new id, UUID version 7.
pub(crate) fn new_id(env: &Env) -> Uuid {
    let millis = u64::try_from(env.clock.now().timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &env.random()).into_uuid()
}

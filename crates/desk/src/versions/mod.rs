//! Frozen versions of a protocol: what stands against freezing, the manifest, what was frozen,
//! and where the protocol stands at each site (docs/adr/0008-versions.md).
//!
//! Invariant: what a version holds is named by operation ids, which never change; no later edit,
//! join, import or step back changes it.

mod at_site;
mod freeze;
mod frozen;
mod hindrances;
pub(crate) mod manifest;
mod scope;
mod standing;

pub use freeze::Freeze;
pub(crate) use frozen::{Checked, problems};

use crate::error::DeskError;
use crate::project::places;
use crate::store::places_of_ops::{self, OpPlace};
use ledger::OpId;
use model::{EntityMark, kind};
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use std::sync::Arc;

/// Manifests that were read since the vault was opened: stream and operation name each.
pub(crate) type Cache = HashMap<(i64, OpId), Arc<Checked>>;

/// The operation that froze a version; `None` when it has no manifest.
///
/// The first one counts: whatever was written later froze nothing.
pub(crate) fn manifest_op(
    conn: &Connection,
    version: i64,
) -> Result<Option<(OpPlace, OpId)>, DeskError> {
    let place = conn
        .prepare_cached(
            "SELECT o.commit_id, o.idx FROM ops o JOIN commits c ON c.id = o.commit_id
             JOIN devices d ON d.id = c.device
             WHERE o.entity = ?1 AND o.field = 'manifest' AND c.status = 1
             ORDER BY c.lam, d.name LIMIT 1",
        )?
        .query_row([version], |row| {
            Ok(OpPlace {
                commit: row.get(0)?,
                idx: row.get(1)?,
            })
        })
        .optional()?;
    Ok(match place {
        Some(place) => Some((place, places_of_ops::id_of(conn, place)?)),
        None => None,
    })
}

/// The versions of a stream that are shown, in no particular order.
fn shown(conn: &Connection, stream: i64) -> Result<Vec<i64>, DeskError> {
    let rows = places::of_kind(conn, stream, kind::VERSION)?;
    Ok(rows
        .into_iter()
        .filter(|row| row.mark != EntityMark::Archived)
        .map(|row| row.entity)
        .collect())
}

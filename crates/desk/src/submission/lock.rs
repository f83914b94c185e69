//! What was sent stays as it was sent.

use crate::edit::Target;
use crate::error::DeskError;
use crate::project::places;
use crate::store::heads;
use model::kind;
use model::submission::content::{CORRECTED_DECISION, is_of_course};
use rusqlite::Connection;

/// Refuses to change a register of what was sent.
pub(crate) fn refuse_change(
    conn: &Connection,
    target: &Target,
    field: &str,
) -> Result<(), DeskError> {
    // The day is part of what was sent, and is written with it.
    let is_day = target.kind == kind::SUBMISSION && field == "sentOn";
    if (is_day || !is_of_course(&target.kind, field)) && is_sent(conn, target.entity, &target.kind)?
    {
        return Err(DeskError::Sent);
    }
    if target.kind == kind::DECISION && CORRECTED_DECISION.contains(&field) {
        let heads = heads::of_field(conn, target.entity, field)?;
        // Two that were noted apart are a conflict, which is settled with a reason of its own.
        if let [one] = heads.as_slice()
            && !one.value().is_null()
        {
            return Err(DeskError::Decided);
        }
    }
    Ok(())
}

/// Refuses to put something below what was sent, or to take it away.
pub(crate) fn refuse_part(conn: &Connection, parent: &Target, kind: &str) -> Result<(), DeskError> {
    let is_part = [kind::ENCLOSURE, kind::ANSWER, kind::POINT, kind::BLANK].contains(&kind);
    if is_part && is_sent(conn, parent.entity, &parent.kind)? {
        return Err(DeskError::Sent);
    }
    Ok(())
}

/// Refuses to put aside what was sent.
pub(crate) fn refuse_deletion(conn: &Connection, target: &Target) -> Result<(), DeskError> {
    if target.kind == kind::DECISION {
        return Err(DeskError::Decided);
    }
    let may_be_sent = [
        kind::SUBMISSION,
        kind::ENCLOSURE,
        kind::ANSWER,
        kind::REPLY,
        kind::POINT,
        kind::BLANK,
    ];
    if may_be_sent.contains(&target.kind.as_str()) && is_sent(conn, target.entity, &target.kind)? {
        return Err(DeskError::Sent);
    }
    Ok(())
}

/// Whether an entity was sent, or belongs to what was.
fn is_sent(conn: &Connection, entity: i64, kind: &str) -> Result<bool, DeskError> {
    let (mut entity, mut kind) = (entity, kind.to_owned());
    loop {
        let holder = match kind.as_str() {
            kind::SUBMISSION | kind::REPLY => entity,
            kind::ENCLOSURE | kind::ANSWER | kind::POINT | kind::BLANK => {
                let Some(parent) = places::of(conn, entity)?.and_then(|place| place.parent) else {
                    return Ok(false);
                };
                (entity, kind) = (parent, places::kind(conn, parent)?);
                continue;
            }
            _ => return Ok(false),
        };
        let heads = heads::of_field(conn, holder, "manifest")?;
        return Ok(heads.iter().any(|head| !head.value().is_null()));
    }
}

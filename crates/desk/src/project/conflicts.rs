//! Fields whose heads differ in value.

use crate::store::heads;
use crate::store::redact::FORGOTTEN;
use model::submission::sent::KEPT;
use rusqlite::{Connection, Result, params};
use serde_json::Value;

/// Tells whether a field of a kind is one where the newest value stands alone: order, place, and
/// what a person says about herself.
pub(crate) fn is_latest(kind: &str, field: &str) -> bool {
    !super::is_content(field) || kind == model::kind::PERSON || field == FORGOTTEN
}

/// Tells whether comparison values conflict; between two that are redacted nobody can decide.
pub(crate) fn differ<'a>(values: impl Iterator<Item = &'a str>) -> bool {
    let mut values = values.map(|cmp| if heads::is_redacted(cmp) { "" } else { cmp });
    let first = values.next();
    values.any(|other| Some(other) != first)
}

/// Notes or forgets that a field is in conflict.
pub(crate) fn update(conn: &Connection, entity: i64, kind: &str, field: &str) -> Result<()> {
    let values: Vec<(String, bool)> = conn
        .prepare_cached(
            "SELECT cmp, EXISTS(SELECT 1 FROM conflicts WHERE entity = ?1 AND field = ?2)
             FROM heads WHERE entity = ?1 AND field = ?2",
        )?
        .query_map(params![entity, field], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let is_noted = values.first().is_none_or(|(_, is_noted)| *is_noted);
    let is_one = !is_latest(kind, field) && differ(values.iter().map(|(cmp, _)| cmp.as_str()));
    let sql = match (is_noted, is_one) {
        (false, true) => "INSERT INTO conflicts VALUES(?1, ?2)",
        (true, false) => "DELETE FROM conflicts WHERE entity = ?1 AND field = ?2",
        _ => return Ok(()),
    };
    conn.prepare_cached(sql)?.execute(params![entity, field])?;
    Ok(())
}

/// The conflicts of a stream in entities that are shown, in no particular order.
pub(crate) fn of_stream(conn: &Connection, stream: i64) -> Result<Vec<(i64, String)>> {
    let all: Vec<(i64, String)> = conn
        .prepare_cached(
            "SELECT x.entity, x.field FROM conflicts x CROSS JOIN entities e ON e.id = x.entity
             WHERE e.stream = ?1",
        )?
        .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let mut shown = Vec::new();
    for (entity, field) in all {
        if super::places::is_shown(conn, entity)? {
            shown.push((entity, field));
        }
    }
    let mut is_sent_twice = false;
    for (entity, field) in &shown {
        // A round of answers and a version have a manifest of their own.
        let is_manifest = field == "manifest";
        is_sent_twice |=
            is_manifest && super::places::kind(conn, *entity)? == model::kind::SUBMISSION;
    }
    let mut alone = Vec::new();
    for (entity, field) in shown {
        if !follows(conn, entity, &field, is_sent_twice)? {
            alone.push((entity, field));
        }
    }
    Ok(alone)
}

/// Whether a register that is in conflict follows from which package was sent: that is decided once,
/// for the manifest, and from then on the manifest says it.
fn follows(conn: &Connection, entity: i64, field: &str, is_sent_twice: bool) -> Result<bool> {
    let kind = super::places::kind(conn, entity)?;
    Ok(match kind.as_str() {
        model::kind::SUBMISSION if field == "manifest" => false,
        model::kind::SUBMISSION if KEPT.contains(&field) => {
            let manifest = heads::of_field(conn, entity, "manifest")?;
            let said: Vec<Value> = manifest.iter().map(heads::HeadRow::value).collect();
            let differ = said.iter().any(|one| *one != said[0]);
            let is_sent = said.iter().any(|one| !one.is_null());
            // A day that was corrected on two laptops is a conflict of its own.
            is_sent && (differ || field != "sentOn")
        }
        model::kind::REPLY => is_sent_twice && ["sentOn", "manifest"].contains(&field),
        _ => false,
    })
}

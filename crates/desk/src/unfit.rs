//! Values that were right when they were written and that a rule of today would not take. They stay
//! as they are, and it is said: once when the program that brought the rule opens the vault, and by
//! name whenever the vault is verified.

use crate::edit::is_written_by_hand;
use crate::error::DeskError;
use crate::findings::path;
use crate::store::heads;
use model::EntityId;
use model::check::{Complaint, check};
use rusqlite::Connection;

/// The places of such values: study and path.
pub(crate) fn places(conn: &Connection) -> Result<Vec<String>, DeskError> {
    let mut statement = conn.prepare_cached(
        "SELECT s.name, p.kind, e.name, h.field, h.cmp FROM heads h
         JOIN entities e ON e.id = h.entity JOIN streams s ON s.id = e.stream
         JOIN places p ON p.entity = h.entity ORDER BY s.name, p.kind, e.name, h.field",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, entity, field): (String, String, String) =
            (row.get(1)?, row.get(2)?, row.get(3)?);
        let value = heads::value_of(&row.get::<_, String>(4)?);
        let Some(entity) = EntityId::parse(&entity) else {
            continue;
        };
        if value.is_null() || !is_written_by_hand(&kind, &field) {
            continue;
        }
        // What a newer program writes is nobody's mistake.
        if check(&kind, &field, value).is_err_and(|what| what != Complaint::UnknownField) {
            let study: String = row.get(0)?;
            found.push(format!("{study} {}", path(&kind, &entity, &field)));
        }
    }
    found.dedup();
    Ok(found)
}

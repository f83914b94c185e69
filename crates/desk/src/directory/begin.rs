//! The first entry of a directory, and names that go along into a study.

use crate::desk::Desk;
use crate::edit::save;
use crate::error::DeskError;
use crate::store::names;
use crate::store::write::{Author, Change};
use model::{Link, StudyId, kind};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Begins the own directory where it is asked for and not here yet.
///
/// A commit of its own, so that taking back the first entry does not take back the directory.
pub(crate) fn begin(
    conn: &Connection,
    author: &Author<'_>,
    stream: &StudyId,
) -> Result<(), DeskError> {
    if *stream != StudyId::of_directory(author.person) {
        return Ok(());
    }
    let known = names::stream(conn, stream.as_str())?;
    let root = match known {
        Some(number) => names::entity(conn, number, stream.as_str())?,
        None => None,
    };
    if root.is_some() {
        return Ok(());
    }
    let owner = json!({"$ref": author.person.as_str()});
    let change = Change::first(stream.as_str(), kind::DIRECTORY, "owner", owner);
    save(conn, author, stream, vec![change], None)?;
    Ok(())
}

/// The fields of a new assignment with the person's name as the directory has it now: whoever has
/// the study without the directory still reads who it is.
pub(crate) fn with_name(
    desk: &Desk,
    kind: &str,
    mut fields: BTreeMap<String, Value>,
) -> Result<BTreeMap<String, Value>, DeskError> {
    if kind != kind::ASSIGNMENT {
        return Ok(fields);
    }
    let Some(link) = fields.get("person").and_then(Link::read) else {
        return Ok(fields);
    };
    let book = desk.book()?;
    if let Some(card) = book.card(&link.entity) {
        for field in ["name.zh", "name.en"] {
            let name = card.text(field);
            if !name.is_empty() {
                fields
                    .entry(field.to_owned())
                    .or_insert_with(|| name.into());
            }
        }
    }
    Ok(fields)
}

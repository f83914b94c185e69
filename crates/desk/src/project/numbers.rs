//! The numbers by which a study is asked for.

use crate::project::places;
use crate::store::{heads, names};
use model::kind;
use rusqlite::{Connection, Result, params};

/// Registers of the study that hold a number, the most official first.
pub(crate) const REGISTERS: [&str; 4] = [
    "registry.nct",
    "registry.chictr",
    "registry.nmr",
    "number.org",
];

/// Registers whose number belongs to one study in the world.
pub(crate) const REGISTRIES: [&str; 3] = ["registry.nct", "registry.chictr", "registry.nmr"];

/// A number in the form that is compared: trimmed, in capitals.
pub(crate) fn normal(text: &str) -> String {
    text.trim().to_uppercase()
}

/// Brings the numbers of a study in step with the heads; every standing value counts.
pub(crate) fn update(conn: &Connection, stream: i64) -> Result<()> {
    let mut wanted = Vec::new();
    let name = names::stream_name(conn, stream)?;
    if let Some(root) = names::entity(conn, stream, &name)? {
        for field in REGISTERS {
            wanted.extend(
                of_field(conn, root, field)?
                    .into_iter()
                    .map(|number| (field, number)),
            );
        }
    }
    for part in places::of_kind(conn, stream, kind::IDENTIFIER)? {
        let found = of_field(conn, part.entity, "id")?;
        wanted.extend(found.into_iter().map(|number| ("identifier", number)));
    }
    wanted.sort();
    wanted.dedup();
    if of_stream(conn, stream)? == wanted {
        return Ok(());
    }
    conn.prepare_cached("DELETE FROM numbers WHERE stream = ?1")?
        .execute([stream])?;
    for (field, number) in wanted {
        conn.prepare_cached("INSERT INTO numbers VALUES(?1, ?2, ?3)")?
            .execute(params![stream, field, number])?;
    }
    Ok(())
}

/// The streams that carry a number, in one register or in any.
pub(crate) fn find(conn: &Connection, number: &str, field: Option<&str>) -> Result<Vec<i64>> {
    conn.prepare_cached(
        "SELECT DISTINCT n.stream FROM numbers n JOIN streams s ON s.id = n.stream
         WHERE n.number = ?1 AND (?2 IS NULL OR n.field = ?2) ORDER BY s.name",
    )?
    .query_map(params![normal(number), field], |row| row.get(0))?
    .collect()
}

fn of_field(conn: &Connection, entity: i64, field: &str) -> Result<Vec<String>> {
    let heads = heads::of_field(conn, entity, field)?;
    let texts = heads
        .iter()
        .map(|head| normal(head.value().as_str().unwrap_or_default()));
    Ok(texts.filter(|text| !text.is_empty()).collect())
}

fn of_stream(conn: &Connection, stream: i64) -> Result<Vec<(&'static str, String)>> {
    let rows: Vec<(String, String)> = conn
        .prepare_cached("SELECT field, number FROM numbers WHERE stream = ?1 ORDER BY 1, 2")?
        .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    let known = |field: &str| {
        REGISTERS
            .into_iter()
            .chain(["identifier"])
            .find(|known| *known == field)
            .unwrap_or("")
    };
    Ok(rows
        .into_iter()
        .map(|(field, number)| (known(&field), number))
        .collect())
}

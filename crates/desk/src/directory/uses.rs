//! Where studies point into the directory.

use crate::findings;
use crate::project::study_rows;
use crate::store::{heads, names};
use model::people::row::Use;
use model::{EntityId, EntityMark, StudyId, kind};
use rusqlite::{Connection, Result};
use serde_json::Value;
use std::collections::HashMap;

/// Registers that point, by kind.
const POINTERS: [(&str, &[&str]); 3] = [
    (
        kind::SITE,
        &[
            "directory.organisation",
            "directory.department",
            "directory.committee",
            "directory.office",
        ],
    ),
    (kind::CONTACT, &["directory.person"]),
    (kind::ASSIGNMENT, &["person"]),
];

/// A site, contact or assignment with its displayed values.
struct Part {
    id: EntityId,
    kind: String,
    parent: Option<i64>,
    is_shown: bool,
    values: HashMap<String, Value>,
}

impl Part {
    fn text(&self, field: &str) -> &str {
        self.values.get(field).and_then(Value::as_str).unwrap_or("")
    }

    fn either(&self, field: &str) -> &str {
        match self.text(&format!("{field}.zh")) {
            "" => self.text(&format!("{field}.en")),
            text => text,
        }
    }
}

/// Every pointer of every study in use: what it points at, and from where.
pub(super) fn read(conn: &Connection) -> Result<Vec<(EntityId, Use)>> {
    let mut found = Vec::new();
    for (stream, name) in names::streams(conn)? {
        let row = study_rows::of(conn, stream)?;
        let in_use = row.filter(|row| row.joined.is_none() && !row.archived);
        if let (Some(study), Some(row)) = (StudyId::parse(&name), in_use) {
            of_study(conn, stream, &study, findings::title(&row), &mut found)?;
        }
    }
    found.sort_by(|(_, a), (_, b)| {
        (&a.title, &a.study, &a.entity).cmp(&(&b.title, &b.study, &b.entity))
    });
    Ok(found)
}

fn of_study(
    conn: &Connection,
    stream: i64,
    study: &StudyId,
    title: &str,
    found: &mut Vec<(EntityId, Use)>,
) -> Result<()> {
    let parts = parts(conn, stream)?;
    for part in parts.values().filter(|part| part.is_shown) {
        let parent = part.parent.and_then(|parent| parts.get(&parent));
        if parent.is_some_and(|parent| !parent.is_shown) {
            continue;
        }
        let site = if part.kind == kind::SITE {
            Some(part)
        } else {
            parent
        };
        let pointers = POINTERS.iter().filter(|(kind, _)| part.kind == *kind);
        for field in pointers.flat_map(|(_, fields)| fields.iter()) {
            let target = part.values.get(*field).and_then(|value| value.get("$ref"));
            let Some(target) = target.and_then(Value::as_str).and_then(EntityId::parse) else {
                continue;
            };
            let place = Use {
                study: study.clone(),
                title: title.to_owned(),
                entity: part.id.clone(),
                kind: part.kind.clone(),
                field: (*field).to_owned(),
                site: site.map(|site| site.id.clone()),
                site_name: site.map_or("", |site| site.either("facility")).to_owned(),
                role: if part.kind == kind::SITE {
                    ""
                } else {
                    part.text("role")
                }
                .to_owned(),
                from: part.text("from").to_owned(),
                until: part.text("until").to_owned(),
                // Asked anew with the day: see `list`.
                open: true,
            };
            found.push((target, place));
        }
    }
    Ok(())
}

fn parts(conn: &Connection, stream: i64) -> Result<HashMap<i64, Part>> {
    let mut parts: HashMap<i64, Part> = HashMap::new();
    let mut rivals = Vec::new();
    let mut statement = conn.prepare_cached(
        "SELECT p.entity, e.name, p.kind, p.parent, p.mark, h.field, h.cmp
         FROM places p JOIN entities e ON e.id = p.entity JOIN heads h ON h.entity = p.entity
         WHERE p.stream = ?1 AND p.kind IN ('site', 'contact', 'assignment') AND h.field IN
             ('directory.organisation', 'directory.department', 'directory.committee',
              'directory.office', 'directory.person', 'person', 'role', 'from', 'until',
              'facility.zh', 'facility.en')",
    )?;
    let mut rows = statement.query([stream])?;
    while let Some(row) = rows.next()? {
        let entity: i64 = row.get(0)?;
        let Some(id) = EntityId::parse(row.get_ref(1)?.as_str()?) else {
            continue;
        };
        let mark: i64 = row.get(4)?;
        let (kind, parent): (String, Option<i64>) = (row.get(2)?, row.get(3)?);
        let part = parts.entry(entity).or_insert_with(|| Part {
            id,
            kind,
            parent,
            is_shown: mark != EntityMark::Archived as i64,
            values: HashMap::new(),
        });
        let field: String = row.get(5)?;
        let value = heads::value_of(row.get_ref(6)?.as_str()?);
        if part.values.insert(field.clone(), value).is_some() {
            rivals.push((entity, field));
        }
    }
    for (entity, field) in rivals {
        let shown = heads::shown(conn, entity, &field)?;
        if let Some(part) = parts.get_mut(&entity) {
            part.values.insert(field, shown);
        }
    }
    Ok(parts)
}

//! When something is wanted: alternatives of conditions that hold together.
//!
//! A condition is a path of [`crate::fact`] that must find something, or `!` and a path that must
//! find nothing. `here[…]` speaks of the site whose committee is asked.

use crate::fact::{self, FactPath};
use crate::{Entity, StudyDoc, kind};
use serde_json::Value;

/// Whether one of the alternatives holds; without any, always.
pub fn holds(when: &[Vec<String>], doc: &StudyDoc, site: &Entity) -> bool {
    when.is_empty()
        || when
            .iter()
            .any(|all| all.iter().all(|one| is(one, doc, site)))
}

/// Whether every condition can be read and speaks of fields and codes that exist.
pub fn is_known(when: &[Vec<String>]) -> bool {
    when.iter().flatten().all(|one| {
        let path = one.strip_prefix('!').unwrap_or(one);
        let path = match path.strip_prefix("here") {
            Some(rest) => format!("{}{rest}", kind::SITE),
            None => path.to_owned(),
        };
        FactPath::parse(&path).is_some_and(|path| path.is_known())
    })
}

fn is(condition: &str, doc: &StudyDoc, site: &Entity) -> bool {
    match condition.strip_prefix('!') {
        Some(path) => !finds(path, doc, site),
        None => finds(condition, doc, site),
    }
}

fn finds(path: &str, doc: &StudyDoc, site: &Entity) -> bool {
    let Some(read) = FactPath::parse(path) else {
        return false;
    };
    match &read {
        FactPath::Field {
            kind,
            filters,
            field,
        } if kind == "here" => {
            let fits = |(name, values): &(String, Vec<String>)| match site.value(name) {
                Value::Bool(value) => values.contains(&value.to_string()),
                _ => values.iter().any(|value| value == site.text(name)),
            };
            let is_filled = |field: &str| {
                ["", ".zh", ".en"]
                    .iter()
                    .any(|end| !fact::is_blank(site.value(&format!("{field}{end}"))))
            };
            filters.iter().all(fits) && (field.is_empty() || is_filled(field))
        }
        // Several codes in one register are joined by `|`.
        FactPath::Field { filters, .. } if !filters.is_empty() => {
            !read.found(doc).is_empty() || has_code(&read, doc)
        }
        _ => !read.found(doc).is_empty(),
    }
}

/// Whether an entity has one of the wanted codes among several.
fn has_code(path: &FactPath, doc: &StudyDoc) -> bool {
    let FactPath::Field {
        kind,
        filters,
        field,
    } = path
    else {
        return false;
    };
    field.is_empty()
        && fact::of_kind(doc, kind).any(|entity| {
            filters.iter().all(|(name, values)| {
                let mut codes = entity.text(name).split('|');
                let is_flag = matches!(entity.value(name), Value::Bool(_));
                match is_flag {
                    true => values.contains(&entity.value(name).to_string()),
                    false => codes.any(|code| values.iter().any(|value| value == code)),
                }
            })
        })
}

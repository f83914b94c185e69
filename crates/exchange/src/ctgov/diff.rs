//! What differs between two records of one study, register by register and in the registry's words.

use super::table;
use super::write::write_incoming;
use model::incoming::{IncomingPart, IncomingStudy};
use model::kind;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What differs between two records.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diff {
    /// Changed registers: the study's first, then those of parts in the order of the new record,
    /// then parts that are no longer there.
    pub changes: Vec<Change>,
    /// The registry's names of what changed, sorted (`statusModule.overallStatus`,
    /// `contactsLocationsModule.locations[]`).
    pub names: BTreeSet<String>,
}

/// One changed register.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The kind of entity.
    pub kind: String,
    /// The part's key; empty for the study.
    pub key: String,
    /// The register; `_del` when the part is no longer there.
    pub field: String,
    /// The value in the older record; null when it had none.
    pub from: Value,
    /// The value in the newer record; null when it has none.
    pub to: Value,
    /// The registry's names of the change; empty when nothing of it is in a record, as with the
    /// partner hospital that a site's name points to.
    pub names: Vec<String>,
}

type Fields = BTreeMap<String, Value>;
type Parts<'a> = BTreeMap<(&'a str, &'a str), &'a IncomingPart>;

/// Compares two records; parts are matched by kind and key.
pub fn diff(old: &IncomingStudy, new: &IncomingStudy) -> Diff {
    let (old_json, new_json) = (write_incoming(old).json, write_incoming(new).json);
    let mut places = Vec::new();
    compare(
        &old_json["protocolSection"],
        &new_json["protocolSection"],
        &mut Vec::new(),
        &mut places,
    );
    let names = places.iter().map(Place::name).collect();
    let mut changes = Vec::new();
    let nothing = Fields::new();
    changes_between(&old.fields, &new.fields, |field, from, to| {
        let path = table::path_of(kind::STUDY, field).unwrap_or_default();
        changes.push(change(
            (kind::STUDY, ""),
            field,
            from,
            to,
            names_at(&places, &path),
        ));
    });
    let (old_parts, new_parts) = (by_name(old), by_name(new));
    for part in &new.parts {
        let before = old_parts.get(&(part.kind.as_str(), part.key.as_str()));
        let at = names_at(&places, &path_of(part, &new_parts));
        let old_fields = before.map_or(&nothing, |part| &part.fields);
        changes_between(old_fields, &part.fields, |field, from, to| {
            changes.push(change((&part.kind, &part.key), field, from, to, at.clone()));
        });
    }
    for part in &old.parts {
        if !new_parts.contains_key(&(part.kind.as_str(), part.key.as_str())) {
            let at = names_at(&places, &path_of(part, &old_parts));
            let gone = Value::Bool(true);
            changes.push(change(
                (&part.kind, &part.key),
                "_del",
                &Value::Null,
                &gone,
                at,
            ));
        }
    }
    Diff { changes, names }
}

fn change(
    (kind, key): (&str, &str),
    field: &str,
    from: &Value,
    to: &Value,
    names: Vec<String>,
) -> Change {
    Change {
        kind: kind.to_owned(),
        key: key.to_owned(),
        field: field.to_owned(),
        from: from.clone(),
        to: to.clone(),
        names,
    }
}

fn changes_between(old: &Fields, new: &Fields, mut each: impl FnMut(&str, &Value, &Value)) {
    let registers: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for register in registers {
        let from = old.get(register).unwrap_or(&Value::Null);
        let to = new.get(register).unwrap_or(&Value::Null);
        if from != to {
            each(register, from, to);
        }
    }
}

fn by_name(study: &IncomingStudy) -> Parts<'_> {
    study
        .parts
        .iter()
        .map(|part| ((part.kind.as_str(), part.key.as_str()), part))
        .collect()
}

/// The path of the study's array or text that holds a part, or holds the part's parents.
fn path_of(part: &IncomingPart, parts: &Parts<'_>) -> Vec<&'static str> {
    let mut top = part;
    while let Some((kind, key)) = &top.parent
        && let Some(parent) = parts.get(&(kind.as_str(), key.as_str()))
    {
        top = parent;
    }
    let text = |register: &str| {
        top.fields
            .get(register)
            .and_then(Value::as_str)
            .unwrap_or("")
    };
    table::path_of_part(&top.kind, &text).unwrap_or_default()
}

/// A place of the record that differs.
struct Place {
    path: Vec<String>,
    is_array: bool,
}

impl Place {
    /// The module and the last key.
    fn name(&self) -> String {
        let module = if self.path.len() > 1 {
            self.path.first()
        } else {
            None
        };
        let module = module.map_or("", String::as_str);
        let last = self.path.last().map_or("", String::as_str);
        format!("{module}.{last}{}", if self.is_array { "[]" } else { "" })
    }

    fn is_about(&self, path: &[&str]) -> bool {
        !path.is_empty() && self.path.iter().zip(path).all(|(a, b)| a == b)
    }
}

fn names_at(places: &[Place], path: &[&str]) -> Vec<String> {
    let about = places
        .iter()
        .filter(|place| place.is_about(path))
        .map(Place::name);
    about.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Lists the shallowest places that differ: a key of one record alone, a value, an array.
fn compare(old: &Value, new: &Value, path: &mut Vec<String>, places: &mut Vec<Place>) {
    if let (Value::Object(old), Value::Object(new)) = (old, new) {
        let only_new = new.keys().filter(|name| !old.contains_key(*name));
        for name in old.keys().chain(only_new) {
            path.push(name.clone());
            match (old.get(name), new.get(name)) {
                (Some(old), Some(new)) => compare(old, new, path, places),
                _ => places.push(Place {
                    path: path.clone(),
                    is_array: false,
                }),
            }
            path.pop();
        }
    } else if old != new {
        let is_array = old.is_array() && new.is_array();
        places.push(Place {
            path: path.clone(),
            is_array,
        });
    }
}

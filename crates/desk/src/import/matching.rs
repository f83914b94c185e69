//! Which part of a record is which entity here (decisions.md 16).
//!
//! First by key, which holds an ordinal; then, where a place has exactly one part left on either
//! side, as renamed; then by the renamed parent; else the part is new.

use crate::project::places;
use crate::store::{heads, names};
use model::incoming::IncomingPart;
use model::{EntityId, StudyId};
use rusqlite::{Connection, Result};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, HashSet};

/// An imported entity that is here.
#[derive(Clone, Debug)]
pub(crate) struct Known {
    /// Its number.
    pub(crate) entity: i64,
    /// Its id.
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: String,
    /// Its key in the record that it was imported from last.
    pub(crate) key: String,
    /// Where a renamed part is looked for.
    pub(crate) place: String,
}

/// How the key of a part is kept with its entity.
pub(crate) fn key_value(key: &str, place: &str) -> Value {
    json!({"key": key, "place": place})
}

/// The imported entities of a stream.
pub(crate) fn known_parts(conn: &Connection, stream: i64) -> Result<Vec<Known>> {
    let mut found = Vec::new();
    for row in places::of_stream(conn, stream)? {
        let value = heads::shown(conn, row.entity, "importKey")?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        if let Some(key) = text("key") {
            found.push(Known {
                entity: row.entity,
                name: names::entity_name(conn, row.entity)?,
                kind: row.kind,
                key,
                place: text("place").unwrap_or_default(),
            });
        }
    }
    found.sort_by(|a, b| (&a.kind, &a.key, &a.name).cmp(&(&b.kind, &b.key, &b.name)));
    Ok(found)
}

/// What an incoming part is.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    /// Its id here.
    pub(crate) name: String,
    /// The entity, where it is here.
    pub(crate) known: Option<Known>,
    /// Whether its key changed.
    pub(crate) is_renamed: bool,
}

/// Finds every part; the answers are in the order of the parts.
pub(crate) fn match_parts(study: &StudyId, parts: &[IncomingPart], known: &[Known]) -> Vec<Match> {
    let mut matching = Matching {
        known,
        taken: HashSet::new(),
        found: HashMap::new(),
    };
    for (place, part) in parts.iter().enumerate() {
        matching.take(
            place,
            known
                .iter()
                .position(|k| k.kind == part.kind && k.key == part.key),
        );
    }
    // Parents come before children, so one pass reaches children of renamed parents.
    matching.by_place(parts);
    for (place, part) in parts.iter().enumerate() {
        matching.by_parent(place, part, parts);
    }
    let used: HashSet<&str> = known.iter().map(|k| k.name.as_str()).collect();
    let mut given: HashSet<String> = HashSet::new();
    parts
        .iter()
        .enumerate()
        .map(|(place, part)| match matching.found.get(&place) {
            Some(at) => {
                let known = known.get(*at).cloned();
                let name = known.as_ref().map(|k| k.name.clone()).unwrap_or_default();
                let is_renamed = known.as_ref().is_some_and(|k| k.key != part.key);
                Match {
                    name,
                    known,
                    is_renamed,
                }
            }
            None => {
                let name = new_name(study, part, |name| {
                    used.contains(name) || given.contains(name)
                });
                given.insert(name.clone());
                Match {
                    name,
                    known: None,
                    is_renamed: false,
                }
            }
        })
        .collect()
}

/// The stable id of a new part; one that another part took along when it was renamed is passed by.
fn new_name(study: &StudyId, part: &IncomingPart, is_taken: impl Fn(&str) -> bool) -> String {
    let mut key = part.key.clone();
    loop {
        let id = EntityId::of_import(study, &part.kind, &key);
        if !is_taken(id.as_str()) {
            return id.as_str().to_owned();
        }
        key.push('+');
    }
}

struct Matching<'a> {
    known: &'a [Known],
    taken: HashSet<usize>,
    found: HashMap<usize, usize>,
}

impl Matching<'_> {
    fn take(&mut self, place: usize, at: Option<usize>) {
        if let Some(at) = at
            && self.taken.insert(at)
        {
            self.found.insert(place, at);
        }
    }

    fn by_place(&mut self, parts: &[IncomingPart]) {
        let mut open: BTreeMap<(&str, &str), (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for (place, part) in parts.iter().enumerate() {
            if !self.found.contains_key(&place) && !part.place.is_empty() {
                open.entry((&part.kind, &part.place))
                    .or_default()
                    .0
                    .push(place);
            }
        }
        for (at, known) in self.known.iter().enumerate() {
            if !self.taken.contains(&at) && !known.place.is_empty() {
                open.entry((&known.kind, &known.place))
                    .or_default()
                    .1
                    .push(at);
            }
        }
        for (incoming, here) in open.into_values() {
            if let ([place], [at]) = (incoming.as_slice(), here.as_slice()) {
                self.take(*place, Some(*at));
            }
        }
    }

    /// A child's key starts with its parent's: under a renamed parent the rest is compared.
    fn by_parent(&mut self, place: usize, part: &IncomingPart, parts: &[IncomingPart]) {
        if self.found.contains_key(&place) {
            return;
        }
        let Some((kind, key)) = &part.parent else {
            return;
        };
        let parent = parts.iter().position(|p| p.kind == *kind && p.key == *key);
        let parent = parent
            .and_then(|at| self.found.get(&at))
            .and_then(|at| self.known.get(*at));
        let (Some(parent), Some(rest)) = (parent, part.key.strip_prefix(key.as_str())) else {
            return;
        };
        let old_key = format!("{}{rest}", parent.key);
        let is_it = |(at, k): (usize, &Known)| {
            k.kind == part.kind && k.key == old_key && !self.taken.contains(&at)
        };
        let at = self.known.iter().enumerate().position(is_it);
        self.take(place, at);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: &str, key: &str, place: &str, parent: Option<&str>) -> IncomingPart {
        IncomingPart {
            kind: kind.into(),
            key: key.into(),
            parent: parent.map(|key| ("site".into(), key.into())),
            place: place.into(),
            ordinal: 0,
            fields: BTreeMap::new(),
        }
    }

    fn known(n: i64, kind: &str, key: &str, place: &str) -> Known {
        Known {
            entity: n,
            name: format!("e{n}"),
            kind: kind.into(),
            key: key.into(),
            place: place.into(),
        }
    }

    #[test]
    fn a_renamed_site_keeps_its_contacts() {
        let study = StudyId::parse("0195a3b0-0000-7000-8000-000000000001").unwrap();
        let here = [
            known(1, "site", "Old name#0", "Shanghai 200032"),
            known(2, "contact", "Old name#0/Li#0", ""),
            known(3, "site", "Kept#0", "Shanghai 200040"),
            known(4, "site", "Twin#0", "Beijing 100000"),
            known(5, "site", "Twin#1", "Beijing 100000"),
        ];
        let parts = [
            part("site", "New name#0", "Shanghai 200032", None),
            part("contact", "New name#0/Li#0", "", Some("New name#0")),
            part("site", "Kept#0", "Shanghai 200040", None),
            part("site", "Other#0", "Beijing 100000", None),
        ];
        let found = match_parts(&study, &parts, &here);
        let names: Vec<&str> = found.iter().map(|m| m.name.as_str()).collect();
        assert_eq!(&names[..3], ["e1", "e2", "e3"]);
        assert!(found[0].is_renamed && found[1].is_renamed && !found[2].is_renamed);
        // Two could be the renamed one, so none is.
        assert!(found[3].known.is_none());
    }
}

//! Walks through a record along the table and gathers registers, parts and residue.

use super::limits::PARTS_MAX;
use super::refusal::ReadError;
use super::shape::{Shape, is_date};
use super::table::{self, Parts, Rule};
use super::{key, text};
use model::incoming::IncomingPart;
use model::reference::CENTER;
use model::{code, kind, label};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

type Fields = BTreeMap<String, Value>;
type Name = (String, String);

/// What an owner's object holds, before it is stored under the owner's key.
#[derive(Default)]
pub(super) struct Found<'v> {
    pub(super) fields: Fields,
    parts: Vec<(Parts, &'v [Value], Vec<String>)>,
    dates: Vec<(&'static str, &'v Map<String, Value>, Vec<String>)>,
    texts: Vec<(&'static str, &'v str)>,
}

/// What has been understood of a record so far.
#[derive(Default)]
pub(super) struct Reader {
    /// Parts so far, parents before children.
    pub(super) parts: Vec<IncomingPart>,
    /// How many parts of a kind a parent has so far.
    n_siblings: BTreeMap<(Option<Name>, String), usize>,
    /// How many parts of a kind have a key stem so far.
    n_equals: BTreeMap<Name, usize>,
    /// Paths kept as residue.
    pub(super) not_understood: BTreeSet<String>,
    has_unknown_code: bool,
    is_rounded: bool,
}

impl Reader {
    /// Takes what the rule knows; gives back what has to travel as residue.
    pub(super) fn walk<'v>(
        &mut self,
        kind: &str,
        rule: &'static Rule,
        value: &'v Value,
        path: &mut Vec<String>,
        found: &mut Found<'v>,
    ) -> Option<Value> {
        match (rule, value) {
            (Rule::Object(entries), Value::Object(map)) => {
                return self.walk_object(kind, entries, map, path, found);
            }
            (Rule::Value(shape, register), value) => {
                if let Some(taken) = shape.take(value) {
                    self.note_code(*shape, &taken);
                    found.fields.insert((*register).to_owned(), taken);
                    return None;
                }
            }
            (Rule::Parts(parts), Value::Array(items)) if holds_objects(items) => {
                found.parts.push((*parts, items, path.clone()));
                return None;
            }
            (Rule::Milestone(key), Value::Object(map)) if has_date(map) => {
                found.dates.push((key, map, path.clone()));
                return None;
            }
            (Rule::Section(key), Value::String(text)) if !text.trim().is_empty() => {
                found.texts.push((key, text));
                return None;
            }
            _ => {}
        }
        self.note_residue(value, path);
        Some(value.clone())
    }

    fn walk_object<'v>(
        &mut self,
        kind: &str,
        entries: &'static [(&'static str, Rule)],
        map: &'v Map<String, Value>,
        path: &mut Vec<String>,
        found: &mut Found<'v>,
    ) -> Option<Value> {
        let mut residue = Map::new();
        for (name, below) in entries {
            let Some(value) = map.get(*name) else {
                continue;
            };
            path.push((*name).to_owned());
            if let Some(rest) = self.walk(kind, below, value, path, found) {
                residue.insert((*name).to_owned(), rest);
            }
            path.pop();
        }
        for (name, value) in map {
            if !entries.iter().any(|(known, _)| known == name) {
                path.push(name.clone());
                self.note_residue(value, path);
                path.pop();
                residue.insert(name.clone(), value.clone());
            }
        }
        (!residue.is_empty() || map.is_empty()).then_some(Value::Object(residue))
    }

    fn note_code(&mut self, shape: Shape, register: &Value) {
        if let (Shape::Code(list), Some(code)) = (shape, register.as_str())
            && code::find(list, code).is_none()
        {
            self.has_unknown_code = true;
        }
    }

    /// Remembers a path for the report; empty values say nothing and are only kept.
    fn note_residue(&mut self, value: &Value, path: &[String]) {
        let says_nothing = match value {
            Value::Null => true,
            Value::String(text) => text.is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(map) => map.is_empty(),
            _ => false,
        };
        if !says_nothing {
            self.not_understood.insert(path.join("."));
        }
    }

    pub(super) fn put_residue(&mut self, fields: &mut Fields, residue: Option<Value>) {
        let Some(residue) = residue else { return };
        let text = residue.to_string();
        self.is_rounded |= serde_json::from_str::<Value>(&text).ok().as_ref() != Some(&residue);
        fields.insert("residue".to_owned(), Value::from(text));
    }

    /// Adds everything that an owner holds, children right behind their parents.
    pub(super) fn add_below(
        &mut self,
        found: Found<'_>,
        owner: Option<&Name>,
    ) -> Result<(), ReadError> {
        for (key, map, path) in found.dates {
            self.add_milestone(key, map, &path);
        }
        for (key, text) in found.texts {
            self.add_section(key, text)?;
        }
        for (parts, items, mut path) in found.parts {
            if let Some(last) = path.last_mut() {
                last.push_str("[]");
            }
            for item in items {
                self.add_part(parts, item, &mut path, owner)?;
            }
        }
        Ok(())
    }

    fn add_part(
        &mut self,
        parts: Parts,
        item: &Value,
        path: &mut Vec<String>,
        owner: Option<&Name>,
    ) -> Result<(), ReadError> {
        let Some(rule) = table::of_kind(parts.kind) else {
            return Ok(());
        };
        let mut found = Found::default();
        let residue = self.walk(parts.kind, rule, item, path, &mut found);
        let mut fields = std::mem::take(&mut found.fields);
        self.put_residue(&mut fields, residue);
        if let Some((register, value)) = parts.constant {
            fields.insert(register.to_owned(), Value::from(value));
        }
        if parts.kind == kind::SITE {
            put_hospital(&mut fields);
        }
        let stem = key::stem_of(parts.kind, &fields, owner.map(|(_, key)| key.as_str()));
        let place = key::place_of(parts.kind, &fields);
        let name = self.add(parts.kind, stem, owner, place, fields);
        self.check_number_of_parts()?;
        self.add_below(found, Some(&name))
    }

    /// Adds a part under a key with the ordinal among equals; gives its name.
    fn add(
        &mut self,
        kind: &str,
        stem: String,
        parent: Option<&Name>,
        place: String,
        fields: Fields,
    ) -> Name {
        let equals = self
            .n_equals
            .entry((kind.to_owned(), stem.clone()))
            .or_default();
        let name = (kind.to_owned(), format!("{stem}#{equals}"));
        *equals += 1;
        self.push(name.clone(), parent, place, fields);
        name
    }

    fn push(&mut self, name: Name, parent: Option<&Name>, place: String, fields: Fields) {
        let (kind, key) = name;
        let count = self
            .n_siblings
            .entry((parent.cloned(), kind.clone()))
            .or_default();
        let ordinal = *count;
        *count += 1;
        self.parts.push(IncomingPart {
            kind,
            key,
            parent: parent.cloned(),
            place,
            ordinal,
            fields,
        });
    }

    fn add_milestone(&mut self, key: &'static str, map: &Map<String, Value>, path: &[String]) {
        let kind_of_date = map.get("type").and_then(Value::as_str).unwrap_or_default();
        let register = match kind_of_date {
            "ACTUAL" => "actual",
            "ESTIMATED" => "planned",
            _ => "untyped",
        };
        let date = map.get("date").cloned().unwrap_or_default();
        let mut fields = BTreeMap::from([(register.to_owned(), date)]);
        put_names(&mut fields, "name", key, &format!("import.milestone.{key}"));
        let mut rest = map.clone();
        rest.remove("date");
        if register != "untyped" {
            rest.remove("type");
        }
        if !rest.is_empty() {
            self.note_residue(&Value::Object(rest.clone()), path);
            self.put_residue(&mut fields, Some(Value::Object(rest)));
        }
        self.push(
            (kind::MILESTONE.to_owned(), key.to_owned()),
            None,
            String::new(),
            fields,
        );
    }

    fn add_section(&mut self, key: &'static str, text: &str) -> Result<(), ReadError> {
        let name = (kind::SECTION.to_owned(), key.to_owned());
        let mut fields = Fields::new();
        put_names(&mut fields, "title", key, &format!("import.section.{key}"));
        self.push(name.clone(), None, String::new(), fields);
        for line in text::cut(text) {
            let stem = key::stem_of_line(key, &line.raw);
            self.add(
                kind::BLOCK,
                stem,
                Some(&name),
                key.to_owned(),
                line.into_fields(),
            );
            self.check_number_of_parts()?;
        }
        Ok(())
    }

    fn check_number_of_parts(&self) -> Result<(), ReadError> {
        if self.parts.len() > PARTS_MAX {
            Err(ReadError::TooManyParts)
        } else {
            Ok(())
        }
    }

    pub(super) fn warnings(&self, not_carried: &[String]) -> Vec<String> {
        let count = |fits: &dyn Fn(&IncomingPart) -> bool| self.parts.iter().any(fits);
        [
            (
                "import.warning.notUnderstood",
                !self.not_understood.is_empty(),
            ),
            ("import.warning.notCarried", !not_carried.is_empty()),
            ("import.warning.codeUnknown", self.has_unknown_code),
            (
                "import.warning.dateUntyped",
                count(&|part| part.fields.contains_key("untyped")),
            ),
            (
                "import.warning.sitesAlike",
                self.has_alike(kind::SITE, &["facility.en", "city"]),
            ),
            (
                "import.warning.outcomesAlike",
                self.has_alike(kind::OUTCOME, &["type", "measure.en"]),
            ),
            ("import.warning.numberRounded", self.is_rounded),
        ]
        .into_iter()
        .filter(|(_, applies)| *applies)
        .map(|(code, _)| code.to_owned())
        .collect()
    }

    fn has_alike(&self, kind: &str, registers: &[&str]) -> bool {
        let mut seen = BTreeSet::new();
        self.parts
            .iter()
            .filter(|part| part.kind == kind)
            .any(|part| {
                let values: Vec<_> = registers
                    .iter()
                    .map(|register| part.fields.get(*register).and_then(Value::as_str))
                    .collect();
                !seen.insert(values)
            })
    }
}

fn has_date(map: &Map<String, Value>) -> bool {
    map.get("date").and_then(Value::as_str).is_some_and(is_date)
}

fn holds_objects(items: &[Value]) -> bool {
    !items.is_empty() && items.iter().all(Value::is_object)
}

/// Writes the partner hospital that a site's name and city speak of.
fn put_hospital(fields: &mut Fields) {
    let text = |register: &str| fields.get(register).and_then(Value::as_str).unwrap_or("");
    if let Some(hospital) = CENTER.hospital_at(text("facility.en"), text("city")) {
        fields.insert("hospital".to_owned(), Value::from(hospital.code.clone()));
    }
}

/// Writes a part's key and its name in both languages.
fn put_names(fields: &mut Fields, register: &str, key: &str, label_key: &str) {
    fields.insert("key".to_owned(), Value::from(key));
    if let Some(words) = label::get(label_key) {
        fields.insert(format!("{register}.zh"), Value::from(words.zh));
        fields.insert(format!("{register}.en"), Value::from(words.en));
    }
}

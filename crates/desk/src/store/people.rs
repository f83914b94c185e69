//! Who writes: the person at this laptop, and the names of everybody in a stream.

use crate::store::{heads, names};
use model::PersonId;
use rusqlite::{Connection, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;

/// What a person says about herself; goes with her first commit into every study.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Profile {
    /// Name in Chinese; may be empty.
    pub name_zh: String,
    /// Name in Latin letters; may be empty.
    pub name_en: String,
    /// Hospital: a partner hospital's code, or text.
    pub hospital: String,
    /// Role: a code of the list `personRole`; may be empty.
    pub role: String,
}

impl Profile {
    /// The registers of the person's entity.
    pub(crate) fn registers(&self) -> Vec<(&'static str, Value)> {
        [
            ("name.zh", &self.name_zh),
            ("name.en", &self.name_en),
            ("hospital", &self.hospital),
            ("role", &self.role),
        ]
        .into_iter()
        .map(|(field, text)| (field, Value::from(text.trim())))
        .collect()
    }
}

/// Names of persons, looked up once each.
#[derive(Default)]
pub(crate) struct Names(HashMap<(i64, String), String>);

impl Names {
    /// The name of a person as known in a stream: Chinese or else Latin; empty when unknown.
    pub(crate) fn of(&mut self, conn: &Connection, stream: i64, person: &str) -> Result<String> {
        let key = (stream, person.to_owned());
        if let Some(name) = self.0.get(&key) {
            return Ok(name.clone());
        }
        let name = look_up(conn, stream, person)?;
        self.0.insert(key, name.clone());
        Ok(name)
    }
}

fn look_up(conn: &Connection, stream: i64, person: &str) -> Result<String> {
    let Some(entity) = names::entity(conn, stream, person)? else {
        return Ok(String::new());
    };
    let zh = heads::shown_text(conn, entity, "name.zh")?;
    if zh.is_empty() {
        heads::shown_text(conn, entity, "name.en")
    } else {
        Ok(zh)
    }
}

/// A person's id from a commit; the nil id when it is none of ours.
pub(crate) fn person_id(text: &str) -> PersonId {
    PersonId::parse(text).unwrap_or_else(|| PersonId::from_uuid(uuid::Uuid::nil()))
}

/// A device's id, shortened for reading.
pub(crate) fn short_device(device: &str) -> String {
    device
        .rsplit(':')
        .next()
        .unwrap_or_default()
        .chars()
        .take(8)
        .collect()
}

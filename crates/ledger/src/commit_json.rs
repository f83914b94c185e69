//! The keys of a commit in JSON, read and written.

use crate::read::{Object, Part};
use crate::value::{TEXT_BYTES_MAX, is_field_name, is_id};
use crate::{Commit, CommitError, DeviceId, Hash, OPS_MAX, Op, Source, Why};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Greatest offset from UTC that is written: a day less one minute. Units: minutes.
const TZ_MINUTES_MAX: i64 = 24 * 60 - 1;

impl Commit {
    pub(crate) fn to_json(&self) -> Value {
        let mut map = self.extra.clone();
        let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
        put("v", 1.into());
        put("stream", self.stream.clone().into());
        put("dev", self.dev.clone().into());
        put("seq", self.seq.into());
        put("prev", self.prev.as_ref().map(Hash::as_str).into());
        put("lam", self.lam.into());
        put("at", self.at.clone().into());
        put("tz", self.tz_minutes.into());
        put("by", self.by.clone().into());
        put("app", self.app.clone().into());
        put("schema", self.schema.into());
        put("ops", self.ops.iter().map(Op::to_json).collect());
        if !self.deps.is_empty() {
            let deps = self
                .deps
                .iter()
                .map(|(dev, seq)| (dev.clone(), Value::from(*seq)));
            put("deps", Value::Object(deps.collect()));
        }
        if let Some(key) = &self.key {
            put("key", key.clone().into());
        }
        if let Some(skew) = self.skew_ms {
            put("skew", skew.into());
        }
        if let Some(role) = &self.role {
            put("role", role.clone().into());
        }
        if let Some(why) = &self.why {
            put("why", why.to_json());
        }
        if let Some(src) = &self.src {
            put("src", src.to_json());
        }
        if let Some(re) = &self.re {
            put("re", re.as_str().into());
        }
        if let Some(adopts) = &self.adopts {
            put("adopts", adopts.as_str().into());
        }
        Value::Object(map)
    }

    pub(crate) fn from_json(mut object: Object<'_>) -> Result<Self, CommitError> {
        let grammar = object
            .take("v")
            .and_then(|v| v.as_int())
            .ok_or(CommitError::Key("v"))?;
        if grammar != 1 {
            return Err(CommitError::Grammar(grammar));
        }
        let mut keys = Keys(&mut object);
        let commit = Self {
            stream: keys.text("stream", is_id)?,
            dev: keys.text("dev", is_any)?,
            key: keys.optional_text("key", is_any)?,
            seq: keys.natural("seq")?,
            prev: keys.hash_or_null("prev")?,
            deps: keys.deps()?,
            lam: keys.natural("lam")?,
            at: keys.text("at", is_instant)?,
            tz_minutes: keys.integer("tz")?,
            skew_ms: keys.optional_integer("skew")?,
            by: keys.text("by", is_id)?,
            role: keys.optional_text("role", is_field_name)?,
            app: keys.text("app", is_version)?,
            schema: keys.integer("schema")?,
            why: keys.why()?,
            src: keys.source()?,
            re: keys.optional_hash("re")?,
            adopts: keys.optional_hash("adopts")?,
            ops: keys.ops()?,
            extra: Map::new(),
        };
        if !(-TZ_MINUTES_MAX..=TZ_MINUTES_MAX).contains(&commit.tz_minutes) {
            return Err(CommitError::Key("tz"));
        }
        if commit.schema < 0 {
            return Err(CommitError::Key("schema"));
        }
        Ok(Self {
            extra: object.into_map(),
            ..commit
        })
    }
}

impl Why {
    fn to_json(&self) -> Value {
        let mut map = Map::new();
        if let Some(code) = &self.code {
            map.insert("code".into(), code.clone().into());
        }
        if let Some(text) = &self.text {
            map.insert("vh".into(), text.as_str().into());
        }
        Value::Object(map)
    }
}

impl Source {
    fn to_json(&self) -> Value {
        serde_json::json!({"kind": self.kind, "id": self.id, "version": self.version,
            "hash": self.hash.as_str()})
    }
}

fn is_any(_: &str) -> bool {
    true
}

/// The program's version: visible ASCII, so that nothing else hides in it.
fn is_version(text: &str) -> bool {
    (1..=80).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
}

/// `YYYY-MM-DDTHH:MM:SS.mmmZ`, a day that the calendar has.
///
/// This is about the form: whatever the clock says is accepted.
fn is_instant(text: &str) -> bool {
    const SHAPE: &[u8] = b"dddd-dd-ddTdd:dd:dd.dddZ";
    let fits = |(shape, b): (&u8, u8)| {
        if *shape == b'd' {
            b.is_ascii_digit()
        } else {
            *shape == b
        }
    };
    if text.len() != SHAPE.len() || !SHAPE.iter().zip(text.bytes()).all(fits) {
        return false;
    }
    let number = |from, to| {
        text.get(from..to)
            .and_then(|t| t.parse::<u32>().ok())
            .unwrap_or(99)
    };
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let n_days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=n_days).contains(&day) && number(11, 13) < 24 && number(14, 16) < 60 && number(17, 19) < 60
}

/// Takes known keys out of a commit's object; what is left is unknown and kept.
struct Keys<'a, 'b>(&'a mut Object<'b>);

impl Keys<'_, '_> {
    fn optional_text(
        &mut self,
        key: &'static str,
        is_well_formed: fn(&str) -> bool,
    ) -> Result<Option<String>, CommitError> {
        match self.0.take(key) {
            None => Ok(None),
            Some(Part::Text(text)) if text.len() <= TEXT_BYTES_MAX && is_well_formed(&text) => {
                Ok(Some(text.into_owned()))
            }
            Some(_) => Err(CommitError::Key(key)),
        }
    }

    fn text(&mut self, key: &'static str, is: fn(&str) -> bool) -> Result<String, CommitError> {
        self.optional_text(key, is)?.ok_or(CommitError::Key(key))
    }

    fn optional_integer(&mut self, key: &'static str) -> Result<Option<i64>, CommitError> {
        match self.0.take(key) {
            None => Ok(None),
            Some(part) => part.as_int().map(Some).ok_or(CommitError::Key(key)),
        }
    }

    fn integer(&mut self, key: &'static str) -> Result<i64, CommitError> {
        self.optional_integer(key)?.ok_or(CommitError::Key(key))
    }

    fn natural(&mut self, key: &'static str) -> Result<u64, CommitError> {
        u64::try_from(self.integer(key)?).map_err(|_| CommitError::Key(key))
    }

    fn optional_hash(&mut self, key: &'static str) -> Result<Option<Hash>, CommitError> {
        match self.optional_text(key, is_any)? {
            None => Ok(None),
            Some(text) => Hash::parse(&text).map(Some).ok_or(CommitError::Key(key)),
        }
    }

    fn hash_or_null(&mut self, key: &'static str) -> Result<Option<Hash>, CommitError> {
        match self.0.take(key) {
            Some(Part::Null) => Ok(None),
            Some(Part::Text(text)) => Hash::parse(&text).map(Some).ok_or(CommitError::Key(key)),
            _ => Err(CommitError::Key(key)),
        }
    }

    fn deps(&mut self) -> Result<BTreeMap<DeviceId, u64>, CommitError> {
        let error = CommitError::Key("deps");
        match self.0.take("deps") {
            None => Ok(BTreeMap::new()),
            // An empty object is written by leaving it out.
            Some(Part::Object(object)) if !object.is_empty() => object
                .into_entries()
                .map(|(dev, seq)| Some((dev, seq.as_natural()?)))
                .collect::<Option<_>>()
                .ok_or(error),
            Some(_) => Err(error),
        }
    }

    fn why(&mut self) -> Result<Option<Why>, CommitError> {
        let error = |_| CommitError::Key("why");
        match self.0.take("why") {
            None => Ok(None),
            Some(Part::Object(mut object)) => {
                let mut keys = Keys(&mut object);
                let code = keys.optional_text("code", is_field_name).map_err(error)?;
                let text = keys.optional_hash("vh").map_err(error)?;
                Ok(Some(Why { code, text }))
            }
            Some(_) => Err(CommitError::Key("why")),
        }
    }

    fn source(&mut self) -> Result<Option<Source>, CommitError> {
        let error = |_| CommitError::Key("src");
        match self.0.take("src") {
            None => Ok(None),
            Some(Part::Object(mut object)) => {
                let mut keys = Keys(&mut object);
                let kind = keys.text("kind", is_field_name).map_err(error)?;
                let id = keys.text("id", is_any).map_err(error)?;
                let version = keys.text("version", is_any).map_err(error)?;
                let hash = keys.optional_hash("hash").map_err(error)?;
                let hash = hash.ok_or(CommitError::Key("src"))?;
                Ok(Some(Source {
                    kind,
                    id,
                    version,
                    hash,
                }))
            }
            Some(_) => Err(CommitError::Key("src")),
        }
    }

    fn ops(&mut self) -> Result<Vec<Op>, CommitError> {
        let Some(Part::List(items)) = self.0.take("ops") else {
            return Err(CommitError::Key("ops"));
        };
        if items.is_empty() {
            return Err(CommitError::Key("ops"));
        }
        if items.len() > OPS_MAX {
            return Err(CommitError::TooLarge);
        }
        let read = |(idx, item)| Op::from_json(item).map_err(|key| CommitError::Op(idx, key));
        items.into_iter().enumerate().map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_an_instant_is_fixed() {
        for good in [
            "2026-11-23T06:12:33.123Z",
            "2024-02-29T23:59:59.999Z",
            "1970-01-01T00:00:00.000Z",
        ] {
            assert!(is_instant(good), "{good}");
        }
        for bad in [
            "",
            "2026-11-23T06:12:33Z",
            "2026-11-23 06:12:33.123Z",
            "2026-11-23T06:12:33.123+",
            "2026-02-29T06:12:33.123Z",
            "2026-00-10T06:12:33.123Z",
            "2026-11-00T06:12:33.123Z",
            "2026-11-23T24:00:00.000Z",
            "2026-11-23T06:12:60.000Z",
            "2026-11-23T06:12:33.12äZ",
        ] {
            assert!(!is_instant(bad), "{bad}");
        }
    }
}

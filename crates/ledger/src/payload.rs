//! Values that travel beside a commit, so that they can be redacted without breaking the chain.

use crate::read::{Part, read};
use crate::value::is_value;
use crate::{Commit, Hash, OpValue, canonical};
use serde_json::Value;

/// Length of a salt in text: 16 random bytes in lower-case hex.
pub const SALT_TEXT_BYTES: usize = 32;

/// Where a payload belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PayloadPlace {
    /// The value of the operation at this index.
    Op(u32),
    /// The reason in words.
    Why,
}

/// A value that travels apart, so that it can be redacted without breaking the chain.
#[derive(Clone, PartialEq)]
pub struct Payload {
    /// Where it belongs.
    pub place: PayloadPlace,
    /// 16 random bytes, in lower-case hex.
    pub salt: String,
    /// The value.
    pub value: Value,
}

/// Shows the place alone: payloads are personal data, and debug output ends up in logs.
impl std::fmt::Debug for Payload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Payload")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

impl Payload {
    /// The salted hash that the commit carries; `None` for a malformed salt or a value without
    /// canonical form.
    ///
    /// The salt has one length, because salt and value are hashed without a mark between them.
    pub fn hash(salt: &str, value: &Value) -> Option<Hash> {
        let bytes = canonical::to_bytes(value).ok()?;
        is_salt(salt).then(|| Hash::of_parts(&[salt.as_bytes(), &bytes]))
    }

    /// Tells whether this is what the commit names at this place.
    pub fn fits(&self, commit: &Commit) -> bool {
        let (named, is_in_grammar) = match self.place {
            PayloadPlace::Why => (
                commit.why.as_ref().and_then(|why| why.text.as_ref()),
                self.value.is_string(),
            ),
            PayloadPlace::Op(idx) => match commit.ops.get(idx as usize).map(|op| &op.v) {
                Some(OpValue::Hidden(hash)) => (Some(hash), is_value(&self.value)),
                _ => (None, false),
            },
        };
        is_in_grammar && named.is_some() && named == Self::hash(&self.salt, &self.value).as_ref()
    }

    pub(crate) fn to_json(&self) -> Value {
        let place = match self.place {
            PayloadPlace::Op(idx) => Value::from(idx),
            PayloadPlace::Why => Value::from("why"),
        };
        serde_json::json!({"i": place, "s": self.salt, "v": self.value})
    }

    /// Reads a payload: three keys and no more, for nothing else here is covered by a signature.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let Part::Object(mut object) = read(bytes)? else {
            return None;
        };
        let place = match object.take("i")? {
            Part::Text(text) if text == "why" => PayloadPlace::Why,
            number => PayloadPlace::Op(u32::try_from(number.as_int()?).ok()?),
        };
        let Some(Part::Text(salt)) = object.take("s") else {
            return None;
        };
        let value = object.take("v")?.into_value();
        let salt = salt.into_owned();
        (object.is_empty() && is_salt(&salt)).then_some(Self { place, salt, value })
    }
}

fn is_salt(text: &str) -> bool {
    text.len() == SALT_TEXT_BYTES
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

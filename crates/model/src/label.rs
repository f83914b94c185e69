//! Words: one place for every label and message, in both languages (`labels/*.tsv`).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A language of the interface and of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Chinese, as in the mainland (zh-CN).
    Zh,
    /// English.
    En,
}

/// A text in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label {
    /// The key, `area.name`.
    pub key: &'static str,
    /// Chinese.
    pub zh: &'static str,
    /// English.
    pub en: &'static str,
}

impl Label {
    /// The text in one language.
    pub fn text(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Zh => self.zh,
            Lang::En => self.en,
        }
    }

    /// The text with `{name}` replaced by the named values, and `{name:one|many}` by the word that
    /// fits the number.
    pub fn fill(&self, lang: Lang, params: &[(&str, &str)]) -> String {
        let mut text = self.text(lang).to_owned();
        for (name, value) in params {
            let opening = format!("{{{name}:");
            while let Some(start) = text.find(&opening) {
                let rest = start + opening.len();
                let Some(length) = text[rest..].find('}') else {
                    break;
                };
                let (one, many) = text[rest..rest + length]
                    .split_once('|')
                    .unwrap_or_default();
                let word = if *value == "1" { one } else { many }.to_owned();
                text.replace_range(start..=rest + length, &word);
            }
        }
        for (name, value) in params {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }
}

include!(concat!(env!("OUT_DIR"), "/labels.rs"));

/// The place of a key in [`LABELS`]; a missing key stops the build where it is used as a constant.
///
/// # Panics
/// When there is no such key; [`label!`] makes that a compile error.
pub const fn find(key: &str) -> usize {
    let mut i = 0;
    while i < LABELS.len() {
        if equal(LABELS[i].key.as_bytes(), key.as_bytes()) {
            return i;
        }
        i += 1;
    }
    panic!("no such label")
}

const fn equal(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

/// A label by a key known only at run time.
pub fn get(key: &str) -> Option<&'static Label> {
    LABELS.iter().find(|label| label.key == key)
}

/// A label by key; a key that is not in `labels/*.tsv` does not compile.
#[macro_export]
macro_rules! label {
    ($key:literal) => {{
        const PLACE: usize = $crate::label::find($key);
        &$crate::label::LABELS[PLACE]
    }};
}

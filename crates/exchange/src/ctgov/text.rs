//! Texts of a record as blocks, one for each line, and blocks as a text again.
//!
//! Each block keeps its source line and the separator behind it in the register `source`. While
//! text, type and level are what the import made of them, the source is written back as it was.

use super::markdown::{read_line, write_line};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// What the register `source` of a block says, as text of JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Source {
    /// White space before the first line of the text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    lead: String,
    /// The line.
    pub(super) raw: String,
    /// What stands between this line and the next, or at the end of the text.
    sep: String,
    /// Whether it was the last line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    last: bool,
    /// The type that the import gave.
    #[serde(rename = "type")]
    kind: String,
    /// The level that the import gave.
    #[serde(default, skip_serializing_if = "is_zero")]
    level: i64,
    /// The text that the import gave; left out where it is the line itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

/// A block as the export sees it.
pub(super) struct Written<'a> {
    /// Its type; `paragraph` when there is none.
    pub(super) kind: &'a str,
    /// Its level.
    pub(super) level: i64,
    /// Its English text.
    pub(super) text: &'a str,
    /// Its source register.
    pub(super) source: &'a str,
}

/// The first 16 hexadecimal digits of a text's SHA-256.
pub(super) fn short_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    data_encoding::HEXLOWER.encode(digest.get(..8).unwrap_or_default())
}

/// Cuts a text into its lines; empty when there is nothing but white space.
pub(super) fn cut(text: &str) -> Vec<Source> {
    let mut lines: Vec<Source> = Vec::new();
    let mut lead = String::new();
    for piece in text.split_inclusive('\n') {
        if piece.trim().is_empty() {
            match lines.last_mut() {
                Some(line) => line.sep.push_str(piece),
                None => lead.push_str(piece),
            }
            continue;
        }
        let raw = piece.trim_end_matches(['\n', '\r']);
        let sep = piece.get(raw.len()..).unwrap_or_default().to_owned();
        let line = read_line(raw);
        lines.push(Source {
            lead: std::mem::take(&mut lead),
            raw: raw.to_owned(),
            sep,
            last: false,
            kind: line.kind.to_owned(),
            level: line.level,
            text: (line.text != raw).then_some(line.text),
        });
    }
    if let Some(line) = lines.last_mut() {
        line.last = true;
    }
    lines
}

impl Source {
    /// The registers of the block.
    pub(super) fn into_fields(self) -> BTreeMap<String, Value> {
        let source = serde_json::to_string(&self).unwrap_or_default();
        let text = self.text.unwrap_or(self.raw);
        let mut fields = BTreeMap::from([
            ("type".to_owned(), Value::from(self.kind)),
            ("text.en".to_owned(), Value::from(text)),
            ("source".to_owned(), Value::from(source)),
        ]);
        if self.level > 0 {
            fields.insert("level".to_owned(), Value::from(self.level));
        }
        fields
    }

    fn is_untouched(&self, block: &Written<'_>) -> bool {
        let text = self.text.as_ref().unwrap_or(&self.raw);
        self.kind == block.kind && self.level == block.level && text == block.text
    }
}

/// Joins blocks to a text.
pub(super) fn join(blocks: &[Written<'_>]) -> String {
    let mut text = String::new();
    for (place, block) in blocks.iter().enumerate() {
        let source = serde_json::from_str::<Source>(block.source).ok();
        let next = blocks.get(place + 1);
        if let Some(source) = source.as_ref().filter(|_| place == 0) {
            text.push_str(&source.lead);
        }
        match source.as_ref().filter(|source| source.is_untouched(block)) {
            Some(source) => text.push_str(&source.raw),
            None => text.push_str(&write_line(block.kind, block.level, block.text)),
        }
        text.push_str(&separator(source.as_ref(), block, next));
    }
    text
}

fn is_zero(level: &i64) -> bool {
    *level == 0
}

/// What stands behind a block: its own separator, unless it moved to or from the end.
fn separator(source: Option<&Source>, block: &Written<'_>, next: Option<&Written<'_>>) -> String {
    match (source, next) {
        (Some(source), None) if source.last => source.sep.clone(),
        (_, None) => String::new(),
        (Some(source), Some(_)) if !source.last => source.sep.clone(),
        (_, Some(next)) if block.kind == "item" && next.kind == "item" => "\n".to_owned(),
        (_, Some(_)) => "\n\n".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(lines: &[BTreeMap<String, Value>]) -> Vec<Written<'_>> {
        lines
            .iter()
            .map(|fields| Written {
                kind: fields["type"].as_str().expect("type"),
                level: fields.get("level").and_then(Value::as_i64).unwrap_or(0),
                text: fields["text.en"].as_str().expect("text"),
                source: fields.get("source").and_then(Value::as_str).unwrap_or(""),
            })
            .collect()
    }

    fn lines(text: &str) -> Vec<BTreeMap<String, Value>> {
        cut(text).into_iter().map(Source::into_fields).collect()
    }

    proptest! {
        #[test]
        fn any_text_comes_back(text in "([a-z*\\\\> .1:-]{0,6}[\n\r]{0,2}){0,12}") {
            let lines = lines(&text);
            if lines.is_empty() {
                prop_assert!(text.trim().is_empty());
            } else {
                prop_assert_eq!(join(&written(&lines)), text);
            }
        }
    }

    const CRITERIA: &str =
        "Inclusion Criteria:\n\n* Age \\>= 18\n* Consent\n\nExclusion:\n\n* None";

    #[test]
    fn an_edited_line_is_escaped_again_and_the_others_stay() {
        let mut lines = lines(CRITERIA);
        lines[1].insert("text.en".into(), "Age >= 20 [years]".into());
        let text = join(&written(&lines));
        assert_eq!(text, CRITERIA.replace("\\>= 18", "\\>= 20 \\[years\\]"));
    }

    #[test]
    fn lines_added_removed_and_moved_stay_apart() {
        let mut lines = lines(CRITERIA);
        let added = BTreeMap::from([
            ("type".to_owned(), Value::from("item")),
            ("text.en".to_owned(), Value::from("Weight < 90 kg")),
        ]);
        lines.push(added);
        assert!(join(&written(&lines)).ends_with("Exclusion:\n\n* None\n* Weight \\< 90 kg"));
        lines.swap(4, 5);
        assert!(join(&written(&lines)).ends_with("Exclusion:\n\n* Weight \\< 90 kg\n* None"));
        lines.truncate(3);
        assert!(join(&written(&lines)).ends_with("18\n* Consent"));
    }

    #[test]
    fn a_changed_type_is_written() {
        let mut lines = lines("* a\n* b");
        lines[1].insert("type".into(), "paragraph".into());
        assert_eq!(join(&written(&lines)), "* a\nb");
    }
}

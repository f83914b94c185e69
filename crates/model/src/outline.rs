//! The protocol at a glance: its headings with how much stands below each, and its plain text.

use crate::protocol::{self, Block, Section};
use crate::reference::{Bilingual, TEMPLATES};
use crate::rich::{MarkKind, RichText};
use crate::{Entity, EntityId, Lang, StudyDoc, kind, label};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One heading of the protocol.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OutlineRow {
    /// The section.
    pub id: EntityId,
    /// Number of the heading as its key says it (`4.2`); empty when the key says none.
    pub number: String,
    /// The section's key; empty when it has none.
    pub key: String,
    /// The heading's NCI code; empty when it has none.
    pub code: String,
    /// How deep it stands, from 1.
    pub level: u8,
    /// Its title.
    pub title: Bilingual,
    /// Blocks that are part of the text.
    pub blocks: u32,
    /// Characters of Chinese text.
    pub zh_characters: u32,
    /// Characters of English text.
    pub en_characters: u32,
    /// How far it is.
    pub status: OutlineStatus,
    /// Why it does not apply; empty when it does.
    pub reason: String,
    /// Texts whose other language was changed later, the title among them.
    pub outdated: u32,
    /// Blocks that are proposed and not yet accepted.
    pub pending: u32,
}

/// How far a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum OutlineStatus {
    /// There is text below its heading.
    Written,
    /// There is none.
    Empty,
    /// It does not apply, with a reason.
    NotApplicable,
}

/// The headings of a study's protocol, in order.
pub fn outline(doc: &StudyDoc) -> Vec<OutlineRow> {
    doc.of_kind(kind::SECTION)
        .map(|section| row(doc, section))
        .collect()
}

fn row(doc: &StudyDoc, section: &Entity) -> OutlineRow {
    let key = section.text("key");
    let mut row = OutlineRow {
        id: section.id.clone(),
        number: number_of(key).to_owned(),
        key: key.to_owned(),
        code: code_of(key).to_owned(),
        level: protocol::level_of(section),
        title: Bilingual {
            zh: section.text("title.zh").to_owned(),
            en: section.text("title.en").to_owned(),
        },
        blocks: 0,
        zh_characters: 0,
        en_characters: 0,
        status: OutlineStatus::Empty,
        reason: section.text("notApplicable").trim().to_owned(),
        outdated: u32::from(protocol::outdated(section, "title").is_some()),
        pending: 0,
    };
    let mut has_picture = false;
    for block in doc.children(&section.id, kind::BLOCK) {
        if protocol::is_pending(block) {
            row.pending += 1;
            continue;
        }
        row.blocks += 1;
        row.zh_characters += count(block.text("text.zh"));
        row.en_characters += count(block.text("text.en"));
        row.outdated += u32::from(protocol::outdated(block, "text").is_some());
        has_picture |= !block.text("image").is_empty();
    }
    row.status = if !row.reason.is_empty() {
        OutlineStatus::NotApplicable
    } else if row.zh_characters + row.en_characters > 0 || has_picture {
        OutlineStatus::Written
    } else {
        OutlineStatus::Empty
    };
    row
}

/// The number that a key of M11 says; empty for other keys.
pub(crate) fn number_of(key: &str) -> &str {
    key.strip_prefix("m11.").unwrap_or("")
}

fn code_of(key: &str) -> &'static str {
    let mut sections = TEMPLATES.iter().flat_map(|template| &template.sections);
    sections
        .find(|section| section.key == key)
        .map_or("", |section| &section.code)
}

/// Characters without white space.
fn count(text: &str) -> u32 {
    let n = text.chars().filter(|c| !c.is_whitespace()).count();
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The protocol as plain text: headings with `#`, items, rows with their cells apart by a tab.
///
/// What is missing in the language asked for is given in the other one.
pub fn text(doc: &StudyDoc, lang: Lang) -> String {
    let mut out = Text::default();
    if let Some(root) = doc.root() {
        let title = match root.text_in("officialTitle", lang) {
            "" => root.text_in("title", lang),
            title => title,
        };
        out.paragraph(&format!("# {}", one_line(title)));
    }
    for section in &protocol::of(doc).sections {
        out.section(section, lang);
    }
    out.lines.trim_end().to_owned() + "\n"
}

/// Lines so far, with the notes counted through the whole text.
#[derive(Default)]
struct Text {
    lines: String,
    /// What the last block was: blocks of one list or table stand without a blank line.
    last: String,
    n_references: u32,
    n_notes: u32,
}

impl Text {
    fn section(&mut self, section: &Section, lang: Lang) {
        let marks = "#".repeat(usize::from(section.level) + 1);
        let title = one_line(&choose(&section.zh, &section.en, lang).text);
        self.paragraph(format!("{marks} {title}").trim_end());
        if !section.not_applicable.is_empty() {
            let why = [("why", section.not_applicable.as_str())];
            self.paragraph(&label!("check.notApplicable").fill(lang, &why));
        }
        let mut numbers = [0_u32; 9];
        for block in &section.blocks {
            let level = usize::from(block.level).min(8);
            // A list goes on behind the items below one of its own.
            let kept = if block.kind == "item" { level + 1 } else { 0 };
            numbers.iter_mut().skip(kept).for_each(|n| *n = 0);
            let number = match numbers.get_mut(level) {
                Some(n) if block.kind == "item" && block.list == "number" => {
                    *n += 1;
                    *n
                }
                _ => 0,
            };
            self.block(block, number, lang);
        }
    }

    fn block(&mut self, block: &Block, number: u32, lang: Lang) {
        let rich = choose(&block.zh, &block.en, lang);
        let text = self.with_references(rich);
        let indent = "  ".repeat(usize::from(block.level));
        let (group, line) = match block.kind.as_str() {
            "heading" => (String::new(), format!("**{}**", one_line(&text))),
            "item" if number > 0 => (
                "item".into(),
                format!("{indent}{number}. {}", one_line(&text)),
            ),
            "item" => ("item".into(), format!("{indent}- {}", one_line(&text))),
            "row" => {
                let cells: Vec<String> = text.split('\t').map(one_line).collect();
                (format!("row {}", block.table), cells.join("\t"))
            }
            "figure" => (String::new(), format!("![{}]", one_line(&text))),
            "note" => {
                self.n_notes += 1;
                let n = self.n_notes;
                ("note".into(), format!("[^{n}]: {}", one_line(&text)))
            }
            _ => (String::new(), text.trim().to_owned()),
        };
        if line.trim().is_empty() && block.kind != "row" {
            return;
        }
        if group.is_empty() || group != self.last {
            self.paragraph(&line);
        } else {
            self.lines.push_str(&line);
            self.lines.push('\n');
        }
        self.last = group;
    }

    fn paragraph(&mut self, line: &str) {
        if !self.lines.is_empty() {
            self.lines.push('\n');
        }
        self.lines.push_str(line);
        self.lines.push('\n');
        self.last.clear();
    }

    /// The text with `[^n]` where a note is referred to.
    fn with_references(&mut self, rich: &RichText) -> String {
        let places: Vec<u32> = rich
            .marks
            .iter()
            .filter(|mark| mark.kind == MarkKind::Note)
            .map(|mark| mark.from)
            .collect();
        let mut out = String::with_capacity(rich.text.len());
        let characters = rich.text.chars().map(Some).chain([None]);
        for (at, c) in (0_u32..).zip(characters) {
            for _ in places.iter().filter(|place| **place == at) {
                self.n_references += 1;
                out.push_str(&format!("[^{}]", self.n_references));
            }
            out.extend(c);
        }
        out
    }
}

fn choose<'a>(zh: &'a RichText, en: &'a RichText, lang: Lang) -> &'a RichText {
    let (first, second) = match lang {
        Lang::Zh => (zh, en),
        Lang::En => (en, zh),
    };
    if first.text.trim().is_empty() {
        second
    } else {
        first
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use serde_json::json;

    #[test]
    fn the_sample_is_written_throughout() {
        for study in crate::sample::studies() {
            let rows = outline(&testing::sample(study));
            assert!(rows.iter().all(|row| row.status == OutlineStatus::Written));
            assert!(rows.iter().all(|row| row.level == 1 && row.code.is_empty()));
            assert!(
                rows.iter()
                    .all(|row| row.zh_characters > 0 && row.en_characters > 0)
            );
        }
    }

    #[test]
    fn headings_of_m11_have_numbers_and_codes() {
        let mut doc = testing::empty();
        testing::add_sections(&mut doc, "m11-2025");
        testing::write(&mut doc, "m11.10.4.1.1", "协方差 分析");
        let rows = outline(&doc);
        assert_eq!(rows.len(), 158);
        let row = rows
            .iter()
            .find(|row| row.key == "m11.10.4.1.1")
            .expect("the row");
        assert_eq!(
            (row.number.as_str(), row.code.as_str(), row.level),
            ("10.4.1.1", "C218631", 4)
        );
        assert_eq!((row.blocks, row.zh_characters), (1, 5));
        assert_eq!(row.status, OutlineStatus::Written);
    }

    #[test]
    fn what_is_only_proposed_is_counted_apart() {
        let mut doc = testing::empty();
        let section = testing::add(&mut doc, kind::SECTION, None, json!({"key": "summary"}));
        let fields = json!({"type": "paragraph", "text.en": "New", "pending": true});
        testing::add(&mut doc, kind::BLOCK, Some(&section), fields);
        let row = outline(&doc).remove(0);
        assert_eq!((row.blocks, row.pending), (0, 1));
        assert_eq!(row.status, OutlineStatus::Empty);
    }

    #[test]
    fn plain_text_has_headings_items_rows_and_notes() {
        let mut doc = testing::empty();
        testing::set(&mut doc, "title.en", "A study");
        let first = testing::add(
            &mut doc,
            kind::SECTION,
            None,
            json!({"key": "m11.5.2", "title.en": "5.2 Inclusion Criteria"}),
        );
        for block in [
            json!({"type": "heading", "text.en": "Adults"}),
            json!({"type": "item", "list": "number", "text.en": "Age 18 or more"}),
            json!({"type": "item", "level": 1, "text.en": "in years"}),
            json!({"type": "item", "list": "number", "text.en": "Consent"}),
            json!({"type": "paragraph", "text.en": {"text": "See note.", "marks": [[9, 9, "fn"]]}}),
            json!({"type": "note", "text.en": "Not for minors"}),
            json!({"type": "row", "table": "t", "text.en": "Visit\tDay"}),
            json!({"type": "row", "table": "t", "text.en": "V1\tone\nor two"}),
            json!({"type": "figure", "text.zh": "流程图", "image": "{}"}),
        ] {
            testing::add(&mut doc, kind::BLOCK, Some(&first), block);
        }
        let why = json!({"key": "m11.8.5", "title.en": "8.5 PK", "notApplicable": "No drug"});
        testing::add(&mut doc, kind::SECTION, None, why);
        let expected = "\
# A study

### 5.2 Inclusion Criteria

**Adults**

1. Age 18 or more
\x20 - in years
2. Consent

See note.[^1]

[^1]: Not for minors

Visit\tDay
V1\tone or two

![流程图]

### 8.5 PK

Not applicable: No drug
";
        assert_eq!(text(&doc, Lang::En), expected);
    }
}

//! Lists: which items are numbered together.

use super::Langs;
use super::xml::Xml;

/// Deepest level of a list. Source: ECMA-376-1, 17.9.3 (levels 0 to 8).
const LEVEL_MAX: u8 = 8;
/// The list of everything with bullets.
const BULLETS: u32 = 1;
/// How far each level is indented. Units: twips.
const STEP: u32 = 420;

/// The lists of a document.
#[derive(Debug, Default)]
pub(super) struct Lists {
    /// The numbered list that goes on, with its outermost level.
    current: Option<(u32, u8)>,
    n_numbered: u32,
}

impl Lists {
    /// Something that is no item ends every list.
    pub(super) fn end(&mut self) {
        self.current = None;
    }

    /// The properties of an item's paragraph.
    pub(super) fn item(&mut self, level: u8, list: &str) -> String {
        let level = level.min(LEVEL_MAX);
        let list = if list == "number" {
            let (list, outermost) = self.current.unwrap_or_else(|| {
                self.n_numbered += 1;
                (BULLETS + self.n_numbered, level)
            });
            self.current = Some((list, outermost.min(level)));
            list
        } else {
            self.current = self.current.filter(|(_, outermost)| *outermost < level);
            BULLETS
        };
        properties(level, list)
    }

    /// The properties that an item had; it is in no list of now.
    pub(super) fn item_before(&mut self, level: u8, list: &str) -> String {
        let list = match (list, self.current) {
            ("number", Some((list, _))) => list,
            ("number", None) => {
                self.n_numbered += 1;
                BULLETS + self.n_numbered
            }
            _ => BULLETS,
        };
        properties(level.min(LEVEL_MAX), list)
    }

    /// The part that says how lists look.
    pub(super) fn write(&self, langs: Langs) -> String {
        let mut xml = Xml::default();
        xml.raw(super::HEAD)
            .open("w:numbering", &[("xmlns:w", super::W)]);
        kind(&mut xml, 0, |level| {
            let signs = ["•", "–", "▪"];
            ("bullet", signs[usize::from(level) % 3].to_owned())
        });
        kind(&mut xml, 1, |level| number(level, langs));
        instance(&mut xml, BULLETS, 0);
        for list in 1..=self.n_numbered {
            instance(&mut xml, BULLETS + list, 1);
        }
        xml.raw("</w:numbering>");
        xml.into_string()
    }
}

fn properties(level: u8, list: u32) -> String {
    let mut xml = Xml::default();
    xml.raw("<w:numPr>")
        .empty("w:ilvl", &[("w:val", &level.to_string())])
        .empty("w:numId", &[("w:val", &list.to_string())])
        .raw("</w:numPr>");
    xml.into_string()
}

/// The indent of the text of an item. Units: twips.
pub(super) fn indent(level: u8) -> u32 {
    STEP * (u32::from(level.min(LEVEL_MAX)) + 2)
}

fn number(level: u8, langs: Langs) -> (&'static str, String) {
    let place = format!("%{}", level + 1);
    match (level % 3, langs) {
        (0, _) => ("decimal", format!("{place}.")),
        (1, Langs::En) => ("lowerLetter", format!("({place})")),
        (_, Langs::En) => ("lowerRoman", format!("{place}.")),
        (1, _) => ("decimal", format!("（{place}）")),
        _ => ("decimalEnclosedCircle", place),
    }
}

fn kind(xml: &mut Xml, id: u32, look: impl Fn(u8) -> (&'static str, String)) {
    xml.open("w:abstractNum", &[("w:abstractNumId", &id.to_string())]);
    xml.raw("<w:multiLevelType w:val=\"multilevel\"/>");
    for level in 0..=LEVEL_MAX {
        let (format, text) = look(level);
        let hanging = if text.starts_with('（') { 630 } else { STEP };
        let left = indent(level).max(hanging).to_string();
        xml.open("w:lvl", &[("w:ilvl", &level.to_string())])
            .raw("<w:start w:val=\"1\"/>")
            .empty("w:numFmt", &[("w:val", format)])
            .raw("<w:suff w:val=\"tab\"/>")
            .empty("w:lvlText", &[("w:val", &text)])
            .raw("<w:lvlJc w:val=\"left\"/><w:pPr>")
            .empty(
                "w:ind",
                &[("w:left", &left), ("w:hanging", &hanging.to_string())],
            )
            .raw("</w:pPr></w:lvl>");
    }
    xml.close("w:abstractNum");
}

fn instance(xml: &mut Xml, id: u32, kind: u32) {
    xml.open("w:num", &[("w:numId", &id.to_string())]);
    xml.empty("w:abstractNumId", &[("w:val", &kind.to_string())]);
    if kind == 1 {
        for level in 0..=LEVEL_MAX {
            xml.open("w:lvlOverride", &[("w:ilvl", &level.to_string())])
                .raw("<w:startOverride w:val=\"1\"/></w:lvlOverride>");
        }
    }
    xml.close("w:num");
}

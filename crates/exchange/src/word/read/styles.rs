//! Styles: what a paragraph or a run looks like before it says anything itself.

use super::xml::{Node, attr, child, elements, is_w, toggle, val};
use std::collections::BTreeMap;

/// How long a chain of styles is followed.
const CHAIN_MAX: usize = 24;

/// What a run says of its letters; `None` where it says nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct RunLook {
    pub(super) bold: Option<bool>,
    pub(super) italic: Option<bool>,
    pub(super) underline: Option<bool>,
    pub(super) strike: Option<bool>,
    /// `superscript`, `subscript` or `baseline`.
    pub(super) raise: Option<Raise>,
    pub(super) hidden: Option<bool>,
    /// Units: half points.
    pub(super) size: Option<u32>,
    /// The font of its letters, where it may be one of symbols.
    pub(super) font: Option<String>,
}

/// Where letters stand against the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Raise {
    Line,
    Sub,
    Sup,
}

impl RunLook {
    /// Reads run properties.
    pub(super) fn read(node: Node<'_>) -> Self {
        let strike = toggle(node, "strike").or_else(|| toggle(node, "dstrike"));
        Self {
            bold: toggle(node, "b"),
            italic: toggle(node, "i"),
            underline: toggle(node, "u"),
            strike,
            raise: val(node, "vertAlign").map(|word| match word {
                "superscript" => Raise::Sup,
                "subscript" => Raise::Sub,
                _ => Raise::Line,
            }),
            hidden: toggle(node, "vanish"),
            size: val(node, "sz").and_then(|size| size.parse().ok()),
            font: child(node, "rFonts").and_then(|fonts| attr(fonts, "ascii").map(str::to_owned)),
        }
    }

    /// This one, and where it says nothing, the other.
    pub(super) fn over(self, other: &Self) -> Self {
        Self {
            bold: self.bold.or(other.bold),
            italic: self.italic.or(other.italic),
            underline: self.underline.or(other.underline),
            strike: self.strike.or(other.strike),
            raise: self.raise.or(other.raise),
            hidden: self.hidden.or(other.hidden),
            size: self.size.or(other.size),
            font: self.font.or_else(|| other.font.clone()),
        }
    }
}

/// Whether a paragraph belongs to a list, and where in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    /// The list; `0` takes the paragraph out of any.
    pub(super) list: Option<String>,
    /// From 0.
    pub(super) level: Option<u8>,
}

impl Place {
    /// Reads paragraph properties.
    pub(super) fn read(node: Node<'_>) -> Self {
        let Some(place) = child(node, "numPr") else {
            return Self::default();
        };
        Self {
            list: val(place, "numId").map(str::to_owned),
            level: val(place, "ilvl").and_then(|level| level.parse().ok()),
        }
    }
}

/// A style with all that it takes over from others.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    /// In lower case.
    pub(super) name: String,
    /// Level of a heading, from 0; 9 says that it is none.
    pub(super) outline: Option<u8>,
    pub(super) place: Place,
    pub(super) run: RunLook,
    based_on: Option<String>,
}

/// All styles of a file.
#[derive(Debug, Default)]
pub(super) struct Styles {
    by_id: BTreeMap<String, Style>,
    /// Of paragraphs that name none.
    default: Option<String>,
    /// Of all runs.
    run: RunLook,
}

impl Styles {
    /// Reads the part; what it takes over is filled in.
    pub(super) fn read(root: Node<'_>) -> Self {
        let mut said = BTreeMap::new();
        let mut styles = Self::default();
        for node in elements(root) {
            if is_w(node, "docDefaults") {
                let run = child(node, "rPrDefault").and_then(|node| child(node, "rPr"));
                styles.run = run.map(RunLook::read).unwrap_or_default();
            }
            if !is_w(node, "style") {
                continue;
            }
            let Some(id) = attr(node, "styleId") else {
                continue;
            };
            let is_default = matches!(attr(node, "default"), Some("1" | "true" | "on"));
            if is_default && attr(node, "type") == Some("paragraph") {
                styles.default = Some(id.to_owned());
            }
            said.insert(id.to_owned(), read_style(node));
        }
        for id in said.keys() {
            let full = filled(&said, id);
            styles.by_id.insert(id.clone(), full);
        }
        styles
    }

    /// A style; an empty one when there is none of that id.
    pub(super) fn get(&self, id: Option<&str>) -> Style {
        id.and_then(|id| self.by_id.get(id))
            .cloned()
            .unwrap_or_default()
    }

    /// The style of a paragraph.
    pub(super) fn of_paragraph(&self, id: Option<&str>) -> Style {
        let known = id.filter(|id| self.by_id.contains_key(*id));
        self.get(known.or(self.default.as_deref()))
    }

    /// What runs look like that say nothing.
    pub(super) fn run(&self) -> &RunLook {
        &self.run
    }
}

fn read_style(node: Node<'_>) -> Style {
    let name = val(node, "name").unwrap_or_default().trim().to_lowercase();
    let own = child(node, "pPr");
    let outline = own
        .and_then(|own| val(own, "outlineLvl"))
        .and_then(|level| level.parse().ok());
    Style {
        outline: outline.or_else(|| heading_of(&name)),
        name,
        place: own.map(Place::read).unwrap_or_default(),
        run: child(node, "rPr").map(RunLook::read).unwrap_or_default(),
        based_on: val(node, "basedOn").map(str::to_owned),
    }
}

fn filled(said: &BTreeMap<String, Style>, id: &str) -> Style {
    let mut style = said.get(id).cloned().unwrap_or_default();
    let mut next = style.based_on.clone();
    for _ in 0..CHAIN_MAX {
        let Some(under) = next.as_ref().and_then(|id| said.get(id)) else {
            break;
        };
        style.outline = style.outline.or(under.outline);
        style.place.list = style.place.list.or_else(|| under.place.list.clone());
        style.place.level = style.place.level.or(under.place.level);
        style.run = style.run.over(&under.run);
        next.clone_from(&under.based_on);
    }
    style
}

/// The level, from 0, that the name of a heading's style says, in the languages in which programs
/// name them: `heading 1`, `标题 1`, `Überschrift 1`.
fn heading_of(name: &str) -> Option<u8> {
    const WORDS: [&str; 16] = [
        "heading",
        "标题",
        "標題",
        "見出し",
        "제목",
        "überschrift",
        "titre",
        "título",
        "titolo",
        "titulo",
        "kop",
        "rubrik",
        "overskrift",
        "заголовок",
        "nagłówek",
        "nadpis",
    ];
    let rest = WORDS.iter().find_map(|word| name.strip_prefix(word))?;
    let level: u8 = rest.trim().parse().ok()?;
    (1..=9).contains(&level).then(|| level - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_headings_are_known_in_many_languages() {
        for (name, level) in [
            ("heading 1", Some(0)),
            ("标题 2", Some(1)),
            ("标题3", Some(2)),
            ("überschrift 4", Some(3)),
            ("heading 10", None),
            ("heading", None),
            ("heading (no toc)", None),
            ("标题", None),
        ] {
            assert_eq!(heading_of(name), level, "{name}");
        }
    }
}

//! Lists: which number a paragraph has that the program counts.

use super::styles::{Place, Style, Styles};
use super::xml::{Node, attr, child, elements, is_w, toggle, val};
use std::collections::{BTreeMap, BTreeSet};

/// Levels of a list.
const LEVELS: usize = 9;
/// Longest pattern of a number that is followed. Units: bytes.
const PATTERN_MAX: usize = 200;

/// One level of a list.
#[derive(Clone, Debug)]
struct Level {
    start: u32,
    format: String,
    pattern: String,
    style: Option<String>,
    /// Counts in Arabic digits whatever the levels above use.
    is_legal: bool,
    /// After which level it starts anew, from 1; 0 means never.
    restart: Option<u8>,
}

impl Level {
    fn is_bullet(&self) -> bool {
        matches!(self.format.as_str(), "bullet" | "none")
    }
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 1,
            format: "decimal".to_owned(),
            pattern: String::new(),
            style: None,
            is_legal: false,
            restart: None,
        }
    }
}

#[derive(Clone, Debug, Default)]
struct Kind {
    levels: Vec<Level>,
    /// The style whose list it really is.
    link: Option<String>,
}

#[derive(Clone, Debug, Default)]
struct List {
    kind: String,
    starts: BTreeMap<u8, u32>,
    levels: BTreeMap<u8, Level>,
}

/// The number of one paragraph.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbered {
    /// As it is displayed; empty for bullets.
    pub(super) text: String,
    /// From 0.
    pub(super) level: u8,
    pub(super) is_bullet: bool,
}

/// The lists of a file with where each stands.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    kinds: BTreeMap<String, Kind>,
    lists: BTreeMap<String, List>,
    counts: BTreeMap<String, [Option<u32>; LEVELS]>,
    begun: BTreeSet<(String, u8)>,
}

impl Numbering {
    /// Reads the part.
    pub(super) fn read(root: Node<'_>) -> Self {
        let mut numbering = Self::default();
        for node in elements(root) {
            if is_w(node, "abstractNum")
                && let Some(id) = attr(node, "abstractNumId")
            {
                numbering.kinds.insert(id.to_owned(), read_kind(node));
            }
            if is_w(node, "num")
                && let Some(id) = attr(node, "numId")
            {
                numbering.lists.insert(id.to_owned(), read_list(node));
            }
        }
        numbering
    }

    /// The kind that a list is of, where styles stand between them.
    fn kind_of(&self, list: &str, styles: &Styles) -> Option<String> {
        let mut list = list.to_owned();
        for _ in 0..4 {
            let kind = &self.lists.get(&list)?.kind;
            match self.kinds.get(kind)?.link.as_deref() {
                Some(link) if self.kinds.get(kind)?.levels.is_empty() => {
                    list = styles.get(Some(link)).place.list?;
                }
                _ => return Some(kind.clone()),
            }
        }
        None
    }

    /// Counts one paragraph; `None` when it belongs to no list.
    pub(super) fn next(
        &mut self,
        own: &Place,
        (style_id, style): (Option<&str>, &Style),
        styles: &Styles,
    ) -> Option<Numbered> {
        let (list, kind, level) = self.place(own, (style_id, style), styles)?;
        Some(self.count(&list, &kind, level))
    }

    /// What a paragraph would be that does not count yet: its number is not known.
    pub(super) fn uncounted(
        &self,
        own: &Place,
        style: (Option<&str>, &Style),
        styles: &Styles,
    ) -> Option<Numbered> {
        let (list, kind, level) = self.place(own, style, styles)?;
        Some(Numbered {
            text: String::new(),
            level,
            is_bullet: self.level(&list, &kind, level).is_bullet(),
        })
    }

    /// The list, its kind and the level of a paragraph.
    fn place(
        &self,
        own: &Place,
        (style_id, style): (Option<&str>, &Style),
        styles: &Styles,
    ) -> Option<(String, String, u8)> {
        let list = own.list.clone().or_else(|| style.place.list.clone())?;
        if list == "0" {
            return None;
        }
        let kind = self.kind_of(&list, styles)?;
        let levels = &self.kinds.get(&kind)?.levels;
        let by_style = || {
            let fits = |level: &Level| level.style.is_some() && level.style.as_deref() == style_id;
            u8::try_from(levels.iter().position(fits)?).ok()
        };
        let in_style = own.list.is_none().then_some(style.place.level).flatten();
        let level = own.level.or(in_style).or_else(by_style).unwrap_or(0);
        Some((list, kind, level.min(8)))
    }

    fn level(&self, list: &str, kind: &str, level: u8) -> Level {
        let own = self
            .lists
            .get(list)
            .and_then(|list| list.levels.get(&level));
        let kind = || self.kinds.get(kind)?.levels.get(usize::from(level));
        own.or_else(kind).cloned().unwrap_or_default()
    }

    fn count(&mut self, list: &str, kind: &str, level: u8) -> Numbered {
        let levels: Vec<Level> = (0..9).map(|at| self.level(list, kind, at)).collect();
        let starts = self.lists.get(list).map(|list| list.starts.clone());
        let starts = starts.unwrap_or_default();
        let counts = self.counts.entry(kind.to_owned()).or_default();
        let here = usize::from(level);
        if let Some(start) = starts.get(&level)
            && self.begun.insert((list.to_owned(), level))
            && let Some(count) = counts.get_mut(here)
        {
            *count = start.checked_sub(1);
            // A list that starts at 0 has not counted yet.
            if *start == 0 {
                *count = None;
            }
        }
        for (at, count) in counts.iter_mut().enumerate() {
            let start = levels.get(at).map_or(1, |level| level.start);
            let start = match starts.get(&u8::try_from(at).unwrap_or(0)) {
                Some(start) => *start,
                None => start,
            };
            if at < here {
                count.get_or_insert(start);
            } else if at == here {
                *count = Some(count.map_or(start, |count| count.saturating_add(1)));
            } else {
                let restart = levels.get(at).and_then(|level| level.restart);
                let is_restarted = match restart {
                    None => true,
                    Some(after) => here < usize::from(after),
                };
                if is_restarted {
                    *count = None;
                }
            }
        }
        let said = levels.get(here).cloned().unwrap_or_default();
        let is_bullet = said.is_bullet();
        let text = if is_bullet {
            String::new()
        } else {
            shown(&said, &levels, counts)
        };
        Numbered {
            text,
            level,
            is_bullet,
        }
    }
}

fn read_kind(node: Node<'_>) -> Kind {
    let mut levels = vec![Level::default(); LEVELS];
    let mut has_levels = false;
    for (at, node) in elements(node).filter(|node| is_w(*node, "lvl")).enumerate() {
        has_levels = true;
        let said = attr(node, "ilvl").and_then(|level| level.parse().ok());
        if let Some(level) = levels.get_mut(said.unwrap_or(at)) {
            *level = read_level(node);
        }
    }
    Kind {
        levels: if has_levels { levels } else { Vec::new() },
        link: val(node, "numStyleLink").map(str::to_owned),
    }
}

fn read_level(node: Node<'_>) -> Level {
    let number = |name: &str| val(node, name).and_then(|number| number.parse().ok());
    let pattern = val(node, "lvlText").unwrap_or_default();
    Level {
        start: number("start").unwrap_or(1).min(100_000),
        format: val(node, "numFmt").unwrap_or("decimal").to_owned(),
        pattern: pattern
            .get(..pattern.len().min(PATTERN_MAX))
            .unwrap_or_default()
            .to_owned(),
        style: val(node, "pStyle").map(str::to_owned),
        is_legal: toggle(node, "isLgl").unwrap_or(false),
        restart: val(node, "lvlRestart").and_then(|level| level.parse().ok()),
    }
}

fn read_list(node: Node<'_>) -> List {
    let mut list = List {
        kind: val(node, "abstractNumId").unwrap_or_default().to_owned(),
        ..List::default()
    };
    for node in elements(node).filter(|node| is_w(*node, "lvlOverride")) {
        let Some(level) = attr(node, "ilvl").and_then(|level| level.parse::<u8>().ok()) else {
            continue;
        };
        if let Some(start) = val(node, "startOverride").and_then(|start| start.parse().ok()) {
            list.starts.insert(level, u32::min(start, 100_000));
        }
        if let Some(own) = child(node, "lvl") {
            list.levels.insert(level, read_level(own));
        }
    }
    list
}

/// A number as its pattern displays it: `%1.%2` → `4.2`.
fn shown(level: &Level, levels: &[Level], counts: &[Option<u32>; LEVELS]) -> String {
    let mut text = String::new();
    let mut letters = level.pattern.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            text.push(letter);
            continue;
        }
        let Some(at) = letters.next().and_then(|digit| digit.to_digit(10)) else {
            continue;
        };
        let at = (at as usize).saturating_sub(1);
        let count = counts.get(at).copied().flatten().unwrap_or(1);
        let format = match levels.get(at) {
            Some(_) if level.is_legal => "decimal",
            Some(level) => level.format.as_str(),
            None => "decimal",
        };
        text.push_str(&super::numerals::numeral(count, format));
    }
    text.trim().to_owned()
}

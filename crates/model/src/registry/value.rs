//! Values as a registry's form takes them: plain text in two languages.

use crate::fact::{self, FactPath, FactPlace};
use crate::field::Input;
use crate::reference::CENTER;
use crate::rich::plain;
use crate::{Entity, Lang, Register, StudyDoc, code, kind, protocol};
use serde_json::Value;

/// What a named function reads: the study, and the entity that a row is repeated for.
pub(super) struct Ctx<'a> {
    pub(super) doc: &'a StudyDoc,
    pub(super) entity: Option<&'a Entity>,
}

/// A value in both languages with where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pair {
    pub(crate) zh: String,
    pub(crate) en: String,
    pub(crate) unresolved: bool,
    pub(crate) places: Vec<FactPlace>,
}

impl Pair {
    pub(crate) fn is_empty(&self) -> bool {
        self.zh.is_empty() && self.en.is_empty()
    }

    /// Words of the program in both languages.
    pub(crate) fn words(zh: &str, en: &str) -> Self {
        Self {
            zh: zh.to_owned(),
            en: en.to_owned(),
            ..Self::default()
        }
    }

    /// The words of a code.
    pub(super) fn code(list: &str, code: &str) -> Self {
        Self::words(
            code::text(list, code, Lang::Zh),
            code::text(list, code, Lang::En),
        )
    }

    /// Adds another value behind a separator, in each language that it has.
    pub(crate) fn push(&mut self, other: Self, zh_between: &str, en_between: &str) {
        join(&mut self.zh, &other.zh, zh_between);
        join(&mut self.en, &other.en, en_between);
        self.unresolved |= other.unresolved;
        self.places.extend(other.places);
    }

    /// Values below each other.
    pub(crate) fn lines(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(parts, "\n", "\n")
    }

    /// Values in one line that have commas of their own.
    pub(crate) fn clauses(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(parts, "；", "; ")
    }

    /// Values in one line.
    pub(crate) fn line(parts: impl IntoIterator<Item = Self>) -> Self {
        Self::joined(parts, "，", ", ")
    }

    fn joined(parts: impl IntoIterator<Item = Self>, zh: &str, en: &str) -> Self {
        let mut out = Self::default();
        for part in parts {
            out.push(part, zh, en);
        }
        out
    }

    /// A line that says nothing in a language in which its first value is missing.
    pub(super) fn led_by(lead: Self, rest: impl IntoIterator<Item = Self>) -> Self {
        let (has_zh, has_en) = (!lead.zh.is_empty(), !lead.en.is_empty());
        let mut out = Self::line([lead].into_iter().chain(rest));
        if !has_zh {
            out.zh.clear();
        }
        if !has_en {
            out.en.clear();
        }
        out
    }

    /// The value behind a word and a colon.
    pub(crate) fn named(mut self, zh: &str, en: &str) -> Self {
        if !self.zh.is_empty() {
            self.zh = format!("{zh}：{}", self.zh);
        }
        if !self.en.is_empty() {
            self.en = format!("{en}: {}", self.en);
        }
        self
    }

    /// The value with something in brackets behind it.
    pub(super) fn in_brackets(mut self, other: &Self) -> Self {
        if !self.zh.is_empty() && !other.zh.is_empty() {
            self.zh = format!("{}（{}）", self.zh, other.zh);
        }
        if !self.en.is_empty() && !other.en.is_empty() {
            self.en = format!("{} ({})", self.en, other.en);
        }
        self
    }
}

fn join(text: &mut String, more: &str, between: &str) {
    if more.is_empty() {
        return;
    }
    // A sentence that has ended takes no comma behind it.
    match text.chars().next_back() {
        None | Some('。') if between == "，" => {}
        Some('.') if between == ", " => text.push(' '),
        None => {}
        _ => text.push_str(between),
    }
    text.push_str(more);
}

/// What a path finds, line by line.
pub(crate) fn path(doc: &StudyDoc, path: &str) -> Pair {
    let Some(read) = FactPath::parse(path) else {
        return Pair::default();
    };
    let field = path.rsplit_once('/').map_or("", |(_, field)| field);
    Pair::lines(read.entities(doc).map(|entity| self::field(entity, field)))
}

/// A field of an entity.
pub(crate) fn field(entity: &Entity, name: &str) -> Pair {
    let Some(known) = fact::field_named(&entity.kind, name) else {
        return Pair::default();
    };
    let mut pair = Pair::default();
    let registers = if known.bilingual {
        vec![
            (format!("{name}.zh"), true, false),
            (format!("{name}.en"), false, true),
        ]
    } else {
        vec![(name.to_owned(), true, true)]
    };
    for (register, is_zh, is_en) in registers {
        let Some(held) = entity.fields.get(&register) else {
            continue;
        };
        let shown = |lang| rivals(held, |value| show(value, known, lang));
        let (zh, en) = (shown(Lang::Zh), shown(Lang::En));
        if zh.is_empty() && en.is_empty() && !held.conflict {
            continue;
        }
        if is_zh {
            pair.zh = zh;
        }
        if is_en {
            pair.en = en;
        }
        pair.unresolved |= held.conflict;
        pair.places.push(FactPlace {
            kind: entity.kind.clone(),
            entity: Some(entity.id.clone()),
            field: register,
        });
    }
    pair
}

/// Every standing value, `◆` between rivals.
fn rivals(register: &Register, show: impl Fn(&Value) -> String) -> String {
    let mut all: Vec<String> = Vec::new();
    for head in &register.heads {
        let text = show(&head.value);
        if !all.contains(&text) {
            all.push(text);
        }
        if !register.conflict {
            break;
        }
    }
    if all.iter().all(String::is_empty) {
        return String::new();
    }
    let named = |text: &String| {
        if text.is_empty() {
            "—".to_owned()
        } else {
            text.clone()
        }
    };
    all.iter().map(named).collect::<Vec<_>>().join(" ◆ ")
}

fn show(value: &Value, field: &crate::field::Field, lang: Lang) -> String {
    if fact::is_blank(value) {
        return String::new();
    }
    let between = if lang == Lang::Zh { "；" } else { "; " };
    match (field.input, value) {
        (Input::Code | Input::Codes, Value::String(codes)) => {
            let words = codes
                .split('|')
                .map(|code| code_text(field.codes, code, lang));
            words.collect::<Vec<_>>().join(between)
        }
        (_, Value::Bool(is)) => {
            code::text("yesNo", if *is { "YES" } else { "NO" }, lang).to_owned()
        }
        (Input::List, Value::Object(map)) => {
            let items = map.get("list").and_then(Value::as_array);
            let items = items.into_iter().flatten().filter_map(Value::as_str);
            let fits = |item: &&str| match lang {
                Lang::Zh => field.bilingual || has_han(item) || is_short_form(item),
                Lang::En => field.bilingual || !has_han(item),
            };
            items.filter(fits).collect::<Vec<_>>().join(between)
        }
        (Input::Reference | Input::File, _) => String::new(),
        (Input::Text, Value::String(text)) if !field.bilingual => {
            let fits = has_han(text) == (lang == Lang::Zh);
            if fits { text.trim() } else { "" }.to_owned()
        }
        // A line without a language: names in Chinese stay Chinese, numbers serve both.
        (Input::Line, Value::String(text)) if !field.bilingual => {
            let fits = lang == Lang::Zh || !has_han(text);
            if fits { text.trim() } else { "" }.to_owned()
        }
        (_, Value::Number(number)) => number.to_string(),
        (_, value) => plain(value).trim().to_owned(),
    }
}

fn code_text<'a>(list: &str, code: &'a str, lang: Lang) -> &'a str {
    let area = CENTER.disease_areas.iter().find(|area| area.code == code);
    let hospital = CENTER
        .hospitals
        .iter()
        .find(|hospital| hospital.code == code);
    match list {
        "diseaseArea" => area.map_or(code, |area| area.name.text(lang)),
        "hospital" => hospital.map_or(code, |hospital| hospital.name.text(lang)),
        _ => code::text(list, code, lang),
    }
}

/// Whether a text has Chinese characters.
pub(super) fn has_han(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}'))
}

/// Whether a text serves both languages: an abbreviation or a number, without a written-out word.
fn is_short_form(text: &str) -> bool {
    let mut words = text.split(|c: char| !c.is_alphabetic());
    !words.any(|word| word.chars().filter(|c| c.is_lowercase()).count() > 2)
}

/// The text of the first of some sections that has any, with what is below it.
pub(super) fn sections(doc: &StudyDoc, keys: &[&str]) -> Pair {
    let texts = keys.iter().map(|key| {
        let below = format!("{key}.");
        let fits = |section: &&Entity| {
            let own = section.text("key");
            own == *key || own.starts_with(&below)
        };
        let sections = doc.of_kind(kind::SECTION).filter(fits);
        Pair::lines(sections.flat_map(|section| blocks(doc, section)))
    });
    texts
        .into_iter()
        .find(|pair| !pair.is_empty())
        .unwrap_or_default()
}

fn blocks<'a>(doc: &'a StudyDoc, section: &'a Entity) -> impl Iterator<Item = Pair> + 'a {
    let blocks = doc.children(&section.id, kind::BLOCK);
    blocks.filter(|b| !protocol::is_pending(b)).map(block)
}

/// The text of a block; cells of a row apart by a bar, as forms take no tables.
pub(super) fn block(block: &Entity) -> Pair {
    let mut pair = Pair::default();
    for (register, text) in [("text.zh", &mut pair.zh), ("text.en", &mut pair.en)] {
        let Some(held) = block.fields.get(register) else {
            continue;
        };
        *text = rivals(held, |value| plain(value).trim().replace('\t', " | "));
        pair.unresolved |= held.conflict;
        if !text.is_empty() {
            pair.places.push(place_of(block, register));
        }
    }
    pair
}

/// Where a field of an entity is written.
pub(super) fn place_of(entity: &Entity, name: &str) -> FactPlace {
    let field = match fact::field_named(&entity.kind, name) {
        Some(known) if known.bilingual => format!("{name}.zh"),
        _ => name.to_owned(),
    };
    FactPlace {
        kind: entity.kind.clone(),
        entity: Some(entity.id.clone()),
        field,
    }
}

/// The first of some sections that the protocol has.
pub(super) fn section_place(doc: &StudyDoc, keys: &[&str]) -> Option<FactPlace> {
    let mut sections = doc.of_kind(kind::SECTION);
    let section = sections.find(|section| keys.contains(&section.text("key")))?;
    Some(place_of(section, ""))
}

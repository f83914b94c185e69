//! Writes the values of a study as words: languages, codes, lists, conflicts, missing characters.

use crate::clean;
use crate::fonts::Fonts;
use crate::node::{Cell, Manner, Run};
use crate::picture::Pictures;
use crate::warning::{Place, Warning, WarningCode};
use crate::{Options, PdfLang};
use chrono::{DateTime, FixedOffset};
use model::field::{Field, Input};
use model::file::BlobRef;
use model::milestone::when;
use model::rich::RichText;
use model::{Entity, EntityId, Head, Label, Lang, Register, StudyDoc, code, label};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};

/// The one place where values become text.
pub(crate) struct Pen<'a> {
    pub(crate) doc: &'a StudyDoc,
    pub(crate) opts: &'a Options<'a>,
    fonts: &'a Fonts,
    covered: HashMap<char, bool>,
    warnings: Vec<Warning>,
    unresolved: BTreeSet<Place>,
    /// Pictures that the document refers to.
    pub(crate) pictures: Pictures,
    /// How many footnotes there are so far.
    pub(crate) footnotes: u32,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(doc: &'a StudyDoc, opts: &'a Options<'a>, fonts: &'a Fonts) -> Self {
        let (covered, warnings, unresolved, pictures, footnotes) = Default::default();
        Self {
            doc,
            opts,
            fonts,
            covered,
            warnings,
            unresolved,
            pictures,
            footnotes,
        }
    }

    /// What a reader should know, in the order in which it came up.
    pub(crate) fn into_warnings(self) -> Vec<Warning> {
        let unresolved = self.unresolved.into_iter().map(|place| Warning {
            code: WarningCode::Unresolved,
            place: Some(place),
            detail: String::new(),
        });
        self.warnings.into_iter().chain(unresolved).collect()
    }

    /// How many fields in conflict were printed so far.
    pub(crate) fn unresolved(&self) -> usize {
        self.unresolved.len()
    }

    /// The languages that are printed, first one first.
    pub(crate) fn langs(&self) -> &'static [Lang] {
        match self.opts.lang {
            PdfLang::Zh => &[Lang::Zh],
            PdfLang::En => &[Lang::En],
            PdfLang::Both => &[Lang::Zh, Lang::En],
        }
    }

    /// Whether both languages are printed.
    pub(crate) fn both(&self) -> bool {
        self.opts.lang == PdfLang::Both
    }

    /// The language of what is in one language only.
    pub(crate) fn main_lang(&self) -> Lang {
        match self.opts.lang {
            PdfLang::En => Lang::En,
            PdfLang::Zh | PdfLang::Both => Lang::Zh,
        }
    }

    // ---- words of the program

    /// A pair of words in the language asked for; both, one after the other, in a bilingual one.
    pub(crate) fn pair(&self, zh: &str, en: &str) -> String {
        match self.opts.lang {
            PdfLang::Zh => zh.to_owned(),
            PdfLang::En => en.to_owned(),
            PdfLang::Both if zh == en => zh.to_owned(),
            PdfLang::Both => format!("{zh} {en}"),
        }
    }

    /// A label as text.
    pub(crate) fn word(&self, label: &Label) -> String {
        self.pair(label.zh, label.en)
    }

    /// A label as a run.
    pub(crate) fn label(&self, label: &Label) -> Run {
        Self::known(&self.word(label))
    }

    /// A label as a cell.
    pub(crate) fn label_cell(&self, label: &Label) -> Cell {
        vec![self.label(label)]
    }

    /// The label of a field.
    pub(crate) fn field_label(&self, field: &Field) -> Run {
        Self::known(&self.pair(field.zh, field.en))
    }

    /// The label of a field by kind and name.
    pub(crate) fn name_of(&self, kind: &str, name: &str) -> Run {
        match find_field(kind, name) {
            Some(field) => self.field_label(field),
            None => Self::known(name),
        }
    }

    /// A sentence: one run for each language.
    pub(crate) fn sentence(&mut self, label: &Label, params: &[(&str, &str)]) -> Cell {
        self.langs()
            .iter()
            .map(|lang| self.text(&label.fill(*lang, params), None))
            .collect()
    }

    /// “To be completed.”
    pub(crate) fn todo(&self) -> Cell {
        vec![Run {
            k: Manner::Todo,
            ..self.label(label!("pdf.todo"))
        }]
    }

    /// Words of the program, which every face has (a test sees to that).
    fn known(text: &str) -> Run {
        Run {
            s: text.to_owned(),
            zh: clean::is_chinese(text),
            ..Run::default()
        }
    }

    // ---- values of the study

    /// Any text of the study or of the caller.
    pub(crate) fn text(&mut self, text: &str, place: Option<&Place>) -> Run {
        let s = self.clean(text.trim_matches(clean::is_outside), place);
        Run {
            zh: clean::is_chinese(&s),
            s: clean::breakable(&s),
            ..Run::default()
        }
    }

    /// A piece of a text, fit for the typesetter; white space at its ends stays.
    pub(crate) fn clean(&mut self, text: &str, place: Option<&Place>) -> String {
        let (fonts, covered) = (self.fonts, &mut self.covered);
        let covers = |ch: char| *covered.entry(ch).or_insert_with(|| fonts.covers(ch));
        let (s, missing) = clean::clean(text, covers);
        for ch in missing {
            let warning = Warning {
                code: WarningCode::MissingGlyph,
                place: place.cloned(),
                detail: format!("{ch} U+{:04X}", u32::from(ch)),
            };
            if !self.warnings.contains(&warning) {
                self.warnings.push(warning);
            }
        }
        s
    }

    /// Says something to the reader of the finished file.
    pub(crate) fn warn(&mut self, warning: Warning) {
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }

    /// The value of a field; empty when nothing is written. A field in conflict gives every
    /// standing value with who and when.
    pub(crate) fn value(&mut self, entity: &Entity, name: &str) -> Cell {
        let Some(field) = find_field(&entity.kind, name) else {
            return Cell::new();
        };
        let mut cell = Cell::new();
        for register in self.registers(entity, field) {
            if let Some(held) = entity.fields.get(&register) {
                for run in self.register(entity, field, &register, held) {
                    if !cell.contains(&run) {
                        cell.push(run);
                    }
                }
            }
        }
        cell
    }

    /// The value, or “to be completed”.
    pub(crate) fn value_or_todo(&mut self, entity: &Entity, name: &str) -> Cell {
        let cell = self.value(entity, name);
        if cell.is_empty() { self.todo() } else { cell }
    }

    /// The registers to print of a field: the language asked for, else the other one.
    pub(crate) fn registers(&self, entity: &Entity, field: &Field) -> Vec<String> {
        if !field.bilingual {
            return vec![field.name.to_owned()];
        }
        let written = |register: &String| {
            entity.fields.get(register).is_some_and(|held| {
                held.heads
                    .iter()
                    .any(|head| !is_blank(&head.value) || head.redacted)
            })
        };
        let of = |lang: &str| format!("{}.{lang}", field.name);
        let wanted: Vec<String> = match self.opts.lang {
            PdfLang::Zh => vec![of("zh")],
            PdfLang::En => vec![of("en")],
            PdfLang::Both => vec![of("zh"), of("en")],
        };
        let wanted: Vec<String> = wanted.into_iter().filter(written).collect();
        if wanted.is_empty() {
            [of("zh"), of("en")].into_iter().filter(written).collect()
        } else {
            wanted
        }
    }

    fn register(&mut self, entity: &Entity, field: &Field, name: &str, held: &Register) -> Cell {
        let place = place_of(entity, name);
        if !held.conflict {
            return held
                .heads
                .first()
                .and_then(|head| self.head(field, head, &place))
                .into_iter()
                .collect();
        }
        self.unresolved.insert(place.clone());
        let mut cell = vec![Run {
            k: Manner::Unresolved,
            ..self.label(label!("pdf.unresolved"))
        }];
        for head in &held.heads {
            let run = match self.head(field, head, &place) {
                Some(run) => run,
                None => self.label(label!("pdf.cleared")),
            };
            let note = self.who_and_when(head, &place);
            cell.push(Run {
                k: Manner::Rival,
                note,
                ..run
            });
        }
        cell
    }

    /// Whose value of a field in conflict it is, for values that are no text.
    pub(crate) fn rival_note(&mut self, entity: &Entity, register: &str, head: &Head) -> Cell {
        let place = place_of(entity, register);
        let note = self.who_and_when(head, &place);
        self.unresolved.insert(place);
        let word = Run {
            k: Manner::Unresolved,
            ..self.label(label!("pdf.unresolved"))
        };
        let note = Run {
            k: Manner::Mute,
            ..self.text(&note, None)
        };
        vec![word, note]
    }

    fn head(&mut self, field: &Field, head: &Head, place: &Place) -> Option<Run> {
        if head.redacted {
            return Some(self.label(label!("pdf.redacted")));
        }
        let run = match RichText::read(&head.value) {
            Some(rich) if field.input == Input::Rich => self.rich(&rich, Some(place)),
            _ => {
                let text = self.as_text(field, &head.value)?;
                self.text(&text, Some(place))
            }
        };
        (!run.s.is_empty()).then_some(run)
    }

    fn as_text(&self, field: &Field, value: &Value) -> Option<String> {
        if is_blank(value) {
            return None;
        }
        Some(match (field.input, value) {
            (Input::Bool, Value::Bool(true)) => self.word(label!("pdf.yes")),
            (Input::Bool, Value::Bool(false)) => self.word(label!("pdf.negative")),
            (Input::Code, Value::String(code)) => self.code(field.codes, code),
            (Input::Codes, Value::String(codes)) => codes
                .split('|')
                .map(|code| self.code(field.codes, code))
                .collect::<Vec<_>>()
                .join(self.comma()),
            (Input::Reference, value) => self.referred(value)?,
            (Input::File, value) => BlobRef::read(value)?.name,
            (_, Value::String(text)) if field.name.ends_with("Age") => self.age(text),
            (Input::Date, Value::String(text)) => self.date(text),
            (_, Value::String(text)) => text.clone(),
            (_, Value::Object(object)) => {
                let items = object.get("list")?.as_array()?;
                let items = items.iter().filter_map(Value::as_str);
                let said = items.map(|item| crate::parts::design::entry(self, field.name, item));
                said.collect::<Vec<_>>().join(self.semicolon())
            }
            (_, other) => other.to_string(),
        })
    }

    /// A date as it is read; a month or a quarter in both languages is written so that both read it.
    pub(crate) fn date(&self, text: &str) -> String {
        self.counted(text, false)
    }

    /// A date of a plan, marked where it rests on working days that are not announced yet.
    pub(crate) fn counted(&self, text: &str, is_provisional: bool) -> String {
        let lang = match self.opts.lang {
            PdfLang::Zh => Lang::Zh,
            PdfLang::En | PdfLang::Both => Lang::En,
        };
        when::marked(text, is_provisional, lang)
    }

    /// Registries write ages as `18 Years`.
    pub(crate) fn age(&self, text: &str) -> String {
        let known = text.split_once(' ').and_then(|(number, unit)| {
            number.parse::<u32>().ok()?;
            let zh = match unit.trim_end_matches('s').to_lowercase().as_str() {
                "year" => "岁",
                "month" => "个月",
                "week" => "周",
                "day" => "天",
                "hour" => "小时",
                "minute" => "分钟",
                _ => return None,
            };
            Some(self.pair(&format!("{number} {zh}"), &text.to_lowercase()))
        });
        known.unwrap_or_else(|| text.to_owned())
    }

    fn comma(&self) -> &'static str {
        if self.opts.lang == PdfLang::Zh {
            "、"
        } else {
            ", "
        }
    }

    fn semicolon(&self) -> &'static str {
        if self.opts.lang == PdfLang::En {
            "; "
        } else {
            "；"
        }
    }

    /// The words of a code; hospitals and disease areas are the center's own.
    pub(crate) fn code(&self, list: &str, code: &str) -> String {
        let center = self.opts.center;
        let own = match list {
            "hospital" => center
                .hospitals
                .iter()
                .find(|h| h.code == code)
                .map(|h| &h.name),
            "diseaseArea" => center
                .disease_areas
                .iter()
                .find(|a| a.code == code)
                .map(|a| &a.name),
            _ => None,
        };
        match (own, code::find(list, code)) {
            (Some(name), _) => self.pair(&name.zh, &name.en),
            (None, Some(entry)) => self.pair(entry.zh, entry.en),
            (None, None) => code.to_owned(),
        }
    }

    fn referred(&self, value: &Value) -> Option<String> {
        let id = EntityId::parse(value.get("$ref")?.as_str()?)?;
        let entity = self.doc.entity(&id)?;
        let name = ["name", "facility", "label", "title", "measure"]
            .into_iter()
            .map(|field| entity.text_in(field, self.main_lang()))
            .find(|text| !text.is_empty())?;
        Some(name.to_owned())
    }

    fn who_and_when(&mut self, head: &Head, place: &Place) -> String {
        let who = if head.by_name.is_empty() {
            self.word(label!("pdf.unknownPerson"))
        } else {
            self.text(&head.by_name, Some(place)).s
        };
        let when = local_time(&head.at, head.tz_minutes);
        if self.main_lang() == Lang::Zh {
            format!("{who}，{when}")
        } else {
            format!("{who}, {when}")
        }
    }

    /// A value on one line: for covers, headers, headings. Rival values stand side by side.
    pub(crate) fn line(&mut self, entity: &Entity, name: &str) -> String {
        let cell = self.value(entity, name);
        Self::join(&cell, " ")
    }

    /// A cell on one line.
    pub(crate) fn join(cell: &Cell, between: &str) -> String {
        let rivals: Vec<&Run> = cell.iter().filter(|run| run.k == Manner::Rival).collect();
        let flat = |text: &str| text.replace('\n', " ").replace('\u{200b}', "");
        if rivals.is_empty() {
            return cell
                .iter()
                .map(|run| flat(&run.s))
                .collect::<Vec<_>>()
                .join(between);
        }
        let values: Vec<String> = rivals.iter().map(|run| flat(&run.s)).collect();
        let word = cell.iter().find(|run| run.k == Manner::Unresolved);
        let is_chinese = word.is_some_and(|run| run.zh);
        let word = word.map_or("", |run| run.s.as_str());
        match (word, is_chinese) {
            ("", _) => values.join(" / "),
            (word, true) => format!("{}（{word}）", values.join(" ／ ")),
            (word, false) => format!("{} ({word})", values.join(" / ")),
        }
    }
}

/// A field by kind and name.
pub(crate) fn find_field(kind: &str, name: &str) -> Option<&'static Field> {
    model::field::FIELDS
        .iter()
        .find(|field| field.kind == kind && field.name == name)
}

/// The place of a register.
pub(crate) fn place_of(entity: &Entity, register: &str) -> Place {
    Place {
        kind: entity.kind.clone(),
        entity: entity.id.clone(),
        register: register.to_owned(),
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Object(object) => object
            .get("list")
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty),
        _ => false,
    }
}

/// The writer's local time, to the minute.
///
/// Time: from RFC 3339 in UTC and an offset in minutes.
fn local_time(at: &str, tz_minutes: i32) -> String {
    let zone = FixedOffset::east_opt(tz_minutes * 60);
    match (DateTime::parse_from_rfc3339(at), zone) {
        (Ok(at), Some(zone)) => at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string(),
        _ => at.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::local_time;

    #[test]
    fn times_are_those_on_the_writers_wall() {
        assert_eq!(
            local_time("2026-03-05T20:30:15.123Z", 480),
            "2026-03-06 04:30"
        );
        assert_eq!(local_time("not a time", 480), "not a time");
    }
}

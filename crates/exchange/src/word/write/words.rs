//! Facts in words.

use super::Langs;
use model::field::{self, Input};
use model::{Label, Lang, code, label};
use serde_json::Value;

/// The languages of a document, first one first.
pub(super) fn langs(langs: Langs) -> &'static [Lang] {
    match langs {
        Langs::Zh => &[Lang::Zh],
        Langs::En => &[Lang::En],
        Langs::Both => &[Lang::Zh, Lang::En],
    }
}

/// The language of what is in one language only.
pub(super) fn main_lang(langs: Langs) -> Lang {
    match langs {
        Langs::En => Lang::En,
        Langs::Zh | Langs::Both => Lang::Zh,
    }
}

/// A pair of words in the language asked for; both, one after the other, in a bilingual document.
pub(super) fn pair(langs: Langs, zh: &str, en: &str) -> String {
    match langs {
        Langs::Zh => zh.to_owned(),
        Langs::En => en.to_owned(),
        Langs::Both if zh == en => zh.to_owned(),
        Langs::Both => format!("{zh} {en}"),
    }
}

/// A label as text.
pub(super) fn label(langs: Langs, label: &Label) -> String {
    pair(langs, label.zh, label.en)
}

/// What a register is called; the register itself when it is unknown.
pub(super) fn field_name(langs: Langs, kind: &str, register: &str) -> String {
    field::of_register(kind, register).map_or_else(
        || register.to_owned(),
        |field| pair(langs, field.zh, field.en),
    )
}

/// A value as text in a language.
pub(super) fn value(kind: &str, register: &str, value: &Value, lang: Lang) -> String {
    let field = field::of_register(kind, register);
    let list = field.map_or("", |field| field.codes);
    let input = field.map_or(Input::Text, |field| field.input);
    let between = match lang {
        Lang::Zh => "；",
        Lang::En => "; ",
    };
    match value {
        Value::Bool(true) => label!("word.out.yes").text(lang).to_owned(),
        Value::Bool(false) => label!("word.out.no").text(lang).to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if input == Input::Code => code::text(list, text, lang).to_owned(),
        Value::String(text) if input == Input::Codes => {
            let codes = text.split('|').map(|each| code::text(list, each, lang));
            codes.collect::<Vec<_>>().join(between)
        }
        Value::Object(map) if map.contains_key("list") => {
            let items = map.get("list").and_then(Value::as_array);
            let texts = items.into_iter().flatten().filter_map(Value::as_str);
            texts.collect::<Vec<_>>().join(between)
        }
        value => model::rich::plain(value).to_owned(),
    }
}

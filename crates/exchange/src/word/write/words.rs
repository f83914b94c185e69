//! Facts in words.

use super::{Langs, body};
use model::field::{self, Field, Input};
use model::{Label, Lang, code, label};
use redline::{Line, Span, SpanOp};
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

/// The field of a fact; its name is without the language.
pub(super) fn field(kind: &str, name: &str) -> Option<&'static Field> {
    let mut fields = field::FIELDS.iter();
    fields.find(|field| field.kind == kind && field.name == name)
}

/// What a fact is called; the name itself when it is unknown.
pub(super) fn field_name(langs: Langs, kind: &str, name: &str) -> String {
    let field = field(kind, name);
    field.map_or_else(|| name.to_owned(), |field| pair(langs, field.zh, field.en))
}

/// The text of a value; codes as their code.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        Value::Object(map) if map.contains_key("list") => {
            let items = map.get("list").and_then(Value::as_array);
            let texts = items.into_iter().flatten().filter_map(Value::as_str);
            texts.collect::<Vec<_>>().join("\n")
        }
        value => model::rich::plain(value).to_owned(),
    }
}

/// A fact with words for its codes.
pub(super) fn in_words(line: &Line) -> Line {
    let field = field(&line.kind, &line.name);
    let Some(field) = field.filter(|field| {
        matches!(field.input, Input::Code | Input::Codes | Input::Bool) && line.section.is_none()
    }) else {
        return line.clone();
    };
    let spans = |lang| {
        let text = |without| {
            let kept = line.spans(lang).iter().filter(|span| span.op != without);
            let text: String = kept.map(|span| span.text.as_str()).collect();
            coded(field, &text, lang)
        };
        let (old, new) = (text(SpanOp::Insert), text(SpanOp::Delete));
        let all = if old == new {
            vec![body::text(SpanOp::Same, &new)]
        } else {
            vec![
                body::text(SpanOp::Delete, &old),
                body::text(SpanOp::Insert, &new),
            ]
        };
        let has_text = |span: &Span| !span.text.is_empty();
        all.into_iter().filter(has_text).collect()
    };
    Line {
        zh: spans(Lang::Zh),
        en: spans(Lang::En),
        ..line.clone()
    }
}

/// The words of a fact's codes; `None` for a fact that has none.
pub(super) fn coded_text(kind: &str, name: &str, text: &str, lang: Lang) -> Option<String> {
    let field = field(kind, name)?;
    let is_coded = matches!(field.input, Input::Code | Input::Codes | Input::Bool);
    is_coded.then(|| coded(field, text, lang))
}

fn coded(field: &Field, text: &str, lang: Lang) -> String {
    let between = match lang {
        Lang::Zh => "；",
        Lang::En => "; ",
    };
    match (field.input, text) {
        (_, "") => String::new(),
        (Input::Bool, "true") => label!("word.out.yes").text(lang).to_owned(),
        (Input::Bool, "false") => label!("word.out.no").text(lang).to_owned(),
        _ => {
            let codes = text
                .split('|')
                .map(|each| code::text(field.codes, each, lang));
            codes.collect::<Vec<_>>().join(between)
        }
    }
}

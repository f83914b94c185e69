//! How answers and failures look.

use crate::args::UsageError;
use crate::machine;
use model::field::{self, Input};
use model::{Label, Lang, code};
use rpc::Failure;
use serde_json::Value;

/// How a command ended when nothing failed outright.
pub(crate) enum Outcome {
    /// Everything was done.
    Good,
    /// The answer is complete, but something in it was refused or is wrong.
    Partly,
}

/// Why a command did not work.
pub(crate) enum CommandError {
    /// It was not understood.
    Usage(UsageError),
    /// A field or a value was not understood; in words, with what is.
    Misread(String),
    /// It failed.
    Failure(Failure),
}

impl From<UsageError> for CommandError {
    fn from(error: UsageError) -> Self {
        Self::Usage(error)
    }
}

impl<T: Into<Failure>> From<T> for CommandError {
    fn from(error: T) -> Self {
        Self::Failure(error.into())
    }
}

/// The sentence for a failure.
pub(crate) fn sentence(failure: &Failure, lang: Lang) -> String {
    let kind = failure.params.get("kind").map_or("", String::as_str);
    let params: Vec<(&str, &str)> = failure
        .params
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .map(|(name, value)| match name {
            // A person is told of a field by its label.
            "field" => (name, field_words(kind, value, lang)),
            _ => (name, value),
        })
        .collect();
    let words = match model::label::get(&failure.code) {
        Some(label) => label.fill(lang, &params),
        None => failure.code.clone(),
    };
    let param = |name: &str| params.iter().find(|(key, _)| *key == name);
    let complaint = param("complaint").and_then(|(_, key)| model::label::get(key));
    match (complaint, param("field")) {
        (Some(complaint), Some((_, field))) => {
            format!("{words}: {field}. {}", complaint.text(lang))
        }
        (Some(complaint), None) => format!("{words}: {}", complaint.text(lang)),
        _ => words,
    }
}

/// A register as people call it; its own name where it is no field of a form.
pub(crate) fn field_words<'a>(kind: &str, register: &'a str, lang: Lang) -> &'a str {
    field::of_register(kind, register).map_or(register, |field| match lang {
        Lang::Zh => field.zh,
        Lang::En => field.en,
    })
}

/// Prints a result in the language of this machine: words with their `{n}`.
pub(crate) fn say(label: &Label, n: impl std::fmt::Display) {
    println!("{}", label.fill(machine::lang(), &[("n", &n.to_string())]));
}

/// Prints one JSON value.
pub(crate) fn json(value: &impl serde::Serialize) {
    println!(
        "{}",
        serde_json::to_string_pretty(value).expect("plain values")
    );
}

/// A value as a person reads it, with codes in words.
pub(crate) fn shown(kind: &str, register: &str, value: &Value, lang: Lang) -> String {
    let Some(field) = field::of_register(kind, register) else {
        return plain(value);
    };
    match (field.input, value) {
        (Input::Code | Input::Codes, Value::String(text)) => {
            let known = code::of_list(field.codes);
            let words = text.split('|').map(|one| {
                let found = known.iter().find(|(code, _)| *code == one);
                found.map_or(one, |(_, words)| words.text(lang))
            });
            words.collect::<Vec<_>>().join(" | ")
        }
        (Input::Bool, Value::Bool(is)) => {
            code::text("yesNo", if *is { "YES" } else { "NO" }, lang).to_owned()
        }
        _ => plain(value),
    }
}

/// A value as it is written.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::Null => "—".to_owned(),
        Value::String(text) => text.replace('\n', " ⏎ "),
        Value::Object(map) => match map.get("list").and_then(Value::as_array) {
            Some(items) => items
                .iter()
                .filter_map(Value::as_str)
                .collect::<Vec<_>>()
                .join("; "),
            None => value.to_string(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::label;

    #[test]
    fn a_value_that_does_not_fit_is_told_by_the_label_of_its_field() {
        let error = desk::DeskError::Invalid {
            kind: model::kind::MILESTONE.to_owned(),
            field: "planned".to_owned(),
            complaint: model::check::Complaint::NotADate,
        };
        let failure = Failure::from(error);
        assert_eq!(failure.params["field"], "planned");
        for (lang, words) in [(Lang::Zh, "计划日期"), (Lang::En, "Planned")] {
            let said = sentence(&failure, lang);
            assert!(said.contains(words) && !said.contains("planned"), "{said}");
        }
        let read_only = desk::DeskError::ReadOnlyField {
            kind: model::kind::SUBMISSION.to_owned(),
            field: "sentOn".to_owned(),
        };
        let said = sentence(&Failure::from(read_only), Lang::Zh);
        assert!(!said.contains("sentOn"), "{said}");
    }

    #[test]
    fn a_refused_year_says_what_is_missing() {
        let error = desk::DeskError::Year(model::calendar::YearError::Incomplete);
        let said = sentence(&Failure::from(error), Lang::En);
        for words in [
            label!("desk.error.year"),
            label!("calendar.year.incomplete"),
        ] {
            assert!(said.contains(words.en), "{said}");
        }
    }
}

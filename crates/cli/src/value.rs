//! Values typed on the command line.

use crate::machine;
use crate::output::CommandError;
use model::field::{self, Field, Input};
use model::{Label, Lang, check, code, label};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Most fields that are offered instead of one that is not there.
const MEANT_MAX: usize = 3;

/// Turns text into the value of a register; empty text clears.
pub(crate) fn read(kind: &str, register: &str, text: &str) -> Result<Value, CommandError> {
    let Some(field) = field::of_register(kind, register) else {
        return Err(CommandError::Misread(unknown(kind, register)));
    };
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let wrong = |wanted: &Label| {
        let wanted = wanted.text(machine::lang());
        CommandError::Misread(format!("{register}={text}: {wanted}"))
    };
    let is_of = |code: &str| check::is_code(field.codes, code);
    Ok(match field.input {
        Input::Integer => {
            let number = text.parse::<i64>();
            Value::from(number.map_err(|_| wrong(label!("desk.check.notAnInteger")))?)
        }
        Input::Bool => match text {
            "true" | "yes" => Value::Bool(true),
            "false" | "no" => Value::Bool(false),
            _ => return Err(wrong(label!("cli.yesOrNo"))),
        },
        Input::List => {
            let items: Vec<&str> = text
                .split(';')
                .map(str::trim)
                .filter(|s| !s.is_empty())
                .collect();
            json!({ "list": items })
        }
        Input::Reference => json!({ "$ref": text }),
        Input::Code if !is_of(text) => return Err(CommandError::Misread(no_code(field, text))),
        Input::Codes if !text.split('|').all(is_of) => {
            return Err(CommandError::Misread(no_code(field, text)));
        }
        _ => Value::from(text),
    })
}

/// Turns `FIELD=VALUE` pairs into registers of a kind.
pub(crate) fn read_all(
    kind: &str,
    pairs: &[(&str, &str)],
) -> Result<BTreeMap<String, Value>, CommandError> {
    pairs
        .iter()
        .map(|(name, text)| Ok(((*name).to_owned(), read(kind, name, text)?)))
        .collect()
}

/// That there is no such field, what may have been meant, and all that can be set.
fn unknown(kind: &str, word: &str) -> String {
    let lang = machine::lang();
    let fields = registers(kind);
    let mut said = Vec::new();
    if !word.is_empty() {
        let meant: Vec<&str> = meant(&fields, word)
            .map(|(register, _)| register.as_str())
            .collect();
        said.push(match meant.as_slice() {
            [] => label!("cli.noField").fill(lang, &[("field", word)]),
            meant => {
                let params = [("field", word), ("meant", &meant.join(", "))];
                label!("cli.noFieldButMeant").fill(lang, &params)
            }
        });
    }
    said.push(label!("cli.fields").text(lang).to_owned());
    let width = fields
        .iter()
        .map(|(register, _)| register.chars().count())
        .max();
    let width = width.unwrap_or_default();
    said.extend(
        fields
            .iter()
            .map(|(register, field)| format!("  {register:width$}  {}", words(field, lang))),
    );
    said.join("\n")
}

/// The registers of a kind that a person can set, in the order of display.
fn registers(kind: &str) -> Vec<(String, &'static Field)> {
    let of_kind =
        |field: &&Field| field.kind == kind && !matches!(field.input, Input::Residue | Input::File);
    let fields = field::FIELDS.iter().filter(of_kind);
    let registers = fields.flat_map(|field| {
        let ends: &[&str] = if field.bilingual {
            &[".zh", ".en"]
        } else {
            &[""]
        };
        ends.iter()
            .map(move |end| (format!("{}{end}", field.name), field))
    });
    registers.collect()
}

fn words(field: &Field, lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => field.zh,
        Lang::En => field.en,
    }
}

/// The fields that a word is near to: by name, by what people call it, by a slip of the hand.
fn meant<'a>(
    fields: &'a [(String, &'static Field)],
    word: &str,
) -> impl Iterator<Item = &'a (String, &'static Field)> {
    let word = word.trim().to_lowercase();
    // Half of the letters wrong is another word.
    let most = word.chars().count().max(2);
    let distance = move |(register, field): &(String, &'static Field)| {
        let names = [register.as_str(), field.name, field.zh, field.en];
        let names = names.map(str::to_lowercase);
        let slip = names.iter().map(|name| steps_between(name, &word)).min();
        let is_part = word.len() > 2 && names.iter().any(|name| name.contains(&word));
        match slip.unwrap_or(usize::MAX).saturating_mul(2) {
            0 => 0,
            _ if is_part => 1,
            slip => slip,
        }
    };
    let nearest = fields.iter().map(&distance).min().unwrap_or(usize::MAX);
    let is_near = nearest < most;
    let near = fields
        .iter()
        .filter(move |one| is_near && distance(one) == nearest);
    near.take(MEANT_MAX)
}

/// How many letters are put in, taken out, changed or swapped between two words.
fn steps_between(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (n, letter) in one.iter().enumerate() {
        let before = &rows[n];
        let mut row = vec![n + 1];
        for (at, same) in other.iter().enumerate() {
            let changed = before[at] + usize::from(letter != same);
            let mut least = changed.min(before[at + 1] + 1).min(row[at] + 1);
            let is_swapped = n > 0 && at > 0 && *letter == other[at - 1] && one[n - 1] == *same;
            if is_swapped {
                least = least.min(rows[n - 1][at - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

/// That a list has no such code, and those that it has.
fn no_code(field: &Field, text: &str) -> String {
    let lang = machine::lang();
    let name = words(field, lang);
    let params = [("field", name), ("text", text)];
    let mut said = vec![label!("cli.noCode").fill(lang, &params)];
    let codes = code::of_list(field.codes);
    let width = codes.iter().map(|(code, _)| code.chars().count()).max();
    let width = width.unwrap_or_default();
    said.extend(
        codes
            .iter()
            .map(|(code, words)| format!("  {code:width$}  {}", words.text(lang))),
    );
    said.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::kind;

    fn near(kind: &str, word: &str) -> Vec<String> {
        let fields = registers(kind);
        meant(&fields, word)
            .map(|(register, _)| register.clone())
            .collect()
    }

    #[test]
    fn a_field_that_is_not_there_brings_the_nearest() {
        let document = |word: &str| near(kind::DOCUMENT, word);
        assert_eq!(document("title"), ["title.zh", "title.en"]);
        assert_eq!(document("versoin"), ["version"]);
        assert_eq!(
            document("protocol"),
            ["says.protocolVersion", "says.protocolDate"]
        );
        assert_eq!(document("版本")[..2], ["version", "versionDate"]);
        assert_eq!(document("版本日期"), ["versionDate"]);
        assert_eq!(document("validuntil"), ["validUntil"]);
        assert_eq!(document("colour"), [""; 0]);
        assert_eq!(near(kind::STUDY, "acronim"), ["acronym"]);
    }

    #[test]
    fn files_are_not_set_by_hand() {
        let fields = registers(kind::DOCUMENT);
        assert!(!fields.iter().any(|(register, _)| register == "file"));
    }

    #[test]
    fn steps_are_counted_by_letter() {
        for (one, other, steps) in [
            ("", "ab", 2),
            ("标题", "标", 1),
            ("kitten", "sitting", 3),
            ("on", "no", 1),
        ] {
            assert_eq!(steps_between(one, other), steps);
        }
    }
}

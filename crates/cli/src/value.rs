//! Values typed on the command line.

use crate::args::UsageError;
use model::field::{self, Input};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Turns text into the value of a register; empty text clears.
pub(crate) fn read(kind: &str, register: &str, text: &str) -> Result<Value, UsageError> {
    let Some(field) = field::of_register(kind, register) else {
        return Err(UsageError(format!("{kind} has no field {register}")));
    };
    if text.is_empty() {
        return Ok(Value::Null);
    }
    let wrong = |wanted: &str| UsageError(format!("{register}: {wanted} wanted, not {text}"));
    Ok(match field.input {
        Input::Integer => Value::from(text.parse::<i64>().map_err(|_| wanted_number(&wrong))?),
        Input::Bool => match text {
            "true" | "yes" => Value::Bool(true),
            "false" | "no" => Value::Bool(false),
            _ => return Err(wrong("true or false")),
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
        _ => Value::from(text),
    })
}

fn wanted_number(wrong: &impl Fn(&str) -> UsageError) -> UsageError {
    wrong("a whole number")
}

/// Turns `FIELD=VALUE` pairs into registers of a kind.
pub(crate) fn read_all(
    kind: &str,
    pairs: &[(&str, &str)],
) -> Result<BTreeMap<String, Value>, UsageError> {
    pairs
        .iter()
        .map(|(name, text)| Ok(((*name).to_owned(), read(kind, name, text)?)))
        .collect()
}

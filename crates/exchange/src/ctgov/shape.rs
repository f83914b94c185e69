//! Single values: how a key of a record becomes a register and back.

use model::field::Field;
#[cfg(test)]
use model::field::Input;
use serde_json::{Number, Value, json};

/// How a value of a record stands in its register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A text, as it is.
    Text,
    /// A code of the list.
    Code(&'static str),
    /// A calendar day or partial date, as it is.
    Date,
    /// Yes or no.
    Bool,
    /// A whole number.
    Integer,
    /// A number, kept as decimal text.
    Decimal,
    /// An array of texts, kept as `{"list": […]}`.
    List,
    /// An array of codes, kept joined by `|`.
    Codes,
}

/// Codes of our lists that the registry does not have, and what it says instead.
const LOCAL_CODES: [(&str, &str, Option<&str>); 18] = [
    ("status", "DRAFT", None),
    ("contactRole", "SITE_PI", Some("PRINCIPAL_INVESTIGATOR")),
    ("contactRole", "RESEARCH_NURSE", None),
    ("contactRole", "CRC", None),
    ("contactRole", "PHARMACIST", None),
    ("contactRole", "LAB", None),
    ("contactRole", "IMAGING", None),
    ("contactRole", "DATA_MANAGER", None),
    ("contactRole", "STATISTICIAN", None),
    ("contactRole", "DEPARTMENT_ADMIN", None),
    ("contactRole", "EC_SECRETARY", None),
    ("contactRole", "OFFICE_SECRETARY", None),
    ("contactRole", "CONTRACTS", None),
    ("contactRole", "CRA", None),
    ("contactRole", "SPONSOR_CONTACT", None),
    ("contactRole", "AUDITOR", None),
    ("contactRole", "OFFICE_QA", None),
    ("contactRole", "DMC_MEMBER", None),
];

/// The registry's code for one of ours; `None` when it has none.
pub(super) fn registry_code<'a>(list: &str, code: &'a str) -> Option<&'a str> {
    LOCAL_CODES
        .iter()
        .find(|(of_list, local, _)| *of_list == list && *local == code)
        .map_or(Some(code), |(_, _, theirs)| *theirs)
}

impl Shape {
    /// Reads the name that `ctgov.tsv` uses; a code takes its list from the field.
    pub(super) fn parse(name: &str, field: Option<&'static Field>) -> Option<Self> {
        Some(match name {
            "text" => Self::Text,
            "code" => Self::Code(field?.codes),
            "date" => Self::Date,
            "bool" => Self::Bool,
            "integer" => Self::Integer,
            "decimal" => Self::Decimal,
            "list" => Self::List,
            "codes" => Self::Codes,
            _ => return None,
        })
    }

    /// Whether a field of this input can hold it.
    #[cfg(test)]
    pub(super) fn fits(self, input: Input) -> bool {
        match self {
            Self::Text => matches!(input, Input::Line | Input::Text | Input::Rich),
            Self::Code(_) => input == Input::Code,
            Self::Date => input == Input::Date,
            Self::Bool => input == Input::Bool,
            Self::Integer => input == Input::Integer,
            Self::Decimal => input == Input::Decimal,
            Self::List => input == Input::List,
            Self::Codes => input == Input::Codes,
        }
    }

    /// The register for a value of a record; `None` when the value would not come back unharmed.
    pub(super) fn take(self, value: &Value) -> Option<Value> {
        let register = match self {
            Self::Text | Self::Code(_) => Value::from(value.as_str()?),
            Self::Date => Value::from(value.as_str().filter(|text| is_date(text))?),
            Self::Bool => Value::from(value.as_bool()?),
            Self::Integer => Value::from(value.as_i64().filter(is_exact)?),
            Self::Decimal => Value::from(value.as_number()?.to_string()),
            Self::List => json!({"list": texts(value)?}),
            Self::Codes => Value::from(texts(value)?.join("|")),
        };
        (self.give(&register).as_ref() == Some(value)).then_some(register)
    }

    /// The value of a record for a register; `None` when there is nothing to say there.
    pub(super) fn give(self, register: &Value) -> Option<Value> {
        match self {
            Self::Text => register
                .as_str()
                .filter(|text| !text.is_empty())
                .map(Value::from),
            Self::Date => register
                .as_str()
                .filter(|text| is_date(text))
                .map(Value::from),
            Self::Code(list) => {
                let code = register.as_str().filter(|text| !text.is_empty())?;
                registry_code(list, code).map(Value::from)
            }
            Self::Bool => register.as_bool().map(Value::from),
            Self::Integer => register.as_i64().map(Value::from),
            Self::Decimal => number(register.as_str()?).map(Value::Number),
            Self::List => {
                let items = texts(register.get("list")?)?;
                (!items.is_empty()).then(|| Value::from(items))
            }
            Self::Codes => {
                let joined = register.as_str().filter(|text| !text.is_empty())?;
                Some(joined.split('|').map(Value::from).collect())
            }
        }
    }
}

/// Whether a text is `YYYY`, `YYYY-MM` or `YYYY-MM-DD` of a day that exists.
pub(super) fn is_date(text: &str) -> bool {
    let full = match text.len() {
        4 => format!("{text}-01-01"),
        7 => format!("{text}-01"),
        10 => text.to_owned(),
        _ => return false,
    };
    let digits = full.bytes().enumerate().all(|(i, byte)| match i {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    digits && chrono::NaiveDate::parse_from_str(&full, "%Y-%m-%d").is_ok()
}

/// Whole numbers that every JSON reader keeps: ±(2^53 − 1).
fn is_exact(n: &i64) -> bool {
    n.unsigned_abs() < 1 << 53
}

fn texts(value: &Value) -> Option<Vec<&str>> {
    value.as_array()?.iter().map(Value::as_str).collect()
}

fn number(text: &str) -> Option<Number> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Number::from(whole));
    }
    Number::from_f64(text.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back_and_others_are_left_to_the_residue() {
        for (shape, value, register) in [
            (Shape::Text, json!("a"), json!("a")),
            (Shape::Date, json!("2024-05"), json!("2024-05")),
            (Shape::Code("status"), json!("NEW_CODE"), json!("NEW_CODE")),
            (Shape::Integer, json!(0), json!(0)),
            (Shape::Decimal, json!(31.22222), json!("31.22222")),
            (Shape::Decimal, json!(31), json!("31")),
            (Shape::Decimal, json!(-12.0), json!("-12.0")),
            (Shape::List, json!(["a", ""]), json!({"list": ["a", ""]})),
            (Shape::Codes, json!(["B", "A"]), json!("B|A")),
        ] {
            assert_eq!(shape.take(&value), Some(register.clone()), "{value}");
            assert_eq!(shape.give(&register), Some(value));
        }
        for (shape, value) in [
            (Shape::Text, json!("")),
            (Shape::Text, json!(3)),
            (Shape::Date, json!("2024-13")),
            (Shape::Date, json!("May 2024")),
            (Shape::Date, json!("+024-05-01")),
            (Shape::Code("status"), json!("DRAFT")),
            (Shape::Code("contactRole"), json!("SITE_PI")),
            (Shape::Bool, json!("true")),
            (Shape::Integer, json!(1.5)),
            (Shape::Integer, json!(9_007_199_254_740_992_i64)),
            (Shape::Decimal, json!("31")),
            (Shape::List, json!([])),
            (Shape::List, json!(["a", 1])),
            (Shape::Codes, json!(["A|B"])),
            (Shape::Codes, json!([""])),
        ] {
            assert_eq!(shape.take(&value), None, "{shape:?} {value}");
        }
    }

    #[test]
    fn local_codes_are_codes_of_our_lists() {
        for (list, code, theirs) in LOCAL_CODES {
            assert!(model::code::find(list, code).is_some(), "{list} {code}");
            assert!(theirs.is_none_or(|code| model::code::find(list, code).is_some()));
        }
    }
}

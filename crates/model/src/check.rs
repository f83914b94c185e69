//! Whether a value fits its field: pure checks with a code for what is wrong.

use crate::field::{self, Field, Input};
use crate::rich::RichText;
use serde_json::{Map, Value};

/// Longest text of one line. Units: characters.
pub const LINE_CHARS_MAX: usize = 2_000;
/// Longest text of several lines. Units: characters.
pub const TEXT_CHARS_MAX: usize = 200_000;
/// Longest picture of a block, as text of JSON: 1.5 MB in base64. Units: characters.
pub const IMAGE_CHARS_MAX: usize = 2_100_000;
/// Longest content of an upload to a registry. Units: characters of JSON text.
pub const VALUES_CHARS_MAX: usize = 1_000_000;
/// Most entries of a list.
pub const LIST_LEN_MAX: usize = 1_000;

/// What is wrong with a value; the words are under `desk.check.<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// The kind has no such field.
    UnknownField,
    /// Something must stand here.
    Missing,
    /// Text is wanted.
    NotText,
    /// The text is too long.
    TooLong,
    /// One line is wanted.
    NotOneLine,
    /// `YYYY`, `YYYY-MM` or `YYYY-MM-DD` is wanted, a day that the calendar has.
    NotADate,
    /// A whole number from 0 is wanted.
    NotAnInteger,
    /// A decimal number in plain digits is wanted.
    NotADecimal,
    /// Yes or no is wanted.
    NotYesOrNo,
    /// The code is not one of the list.
    NotACode,
    /// A list of short texts is wanted.
    NotAList,
    /// A reference to an entity is wanted.
    NotAReference,
    /// A rule or a length of time is wanted, as [`crate::milestone::rule`] writes it.
    NotARule,
    /// A day or a moment is wanted.
    NotAMoment,
    /// A file is wanted.
    NotAFile,
    /// What was done cannot be later than today.
    InFuture,
    /// The hour is wanted as well.
    HourWanted,
    /// The year can hardly be meant.
    FarOff,
    /// A rule counts from a milestone that is not there.
    NoAnchor,
    /// A rule counts, by way of others, from the milestone itself.
    Circle,
}

impl Complaint {
    /// The stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownField => "unknownField",
            Self::Missing => "missing",
            Self::NotText => "notText",
            Self::TooLong => "tooLong",
            Self::NotOneLine => "notOneLine",
            Self::NotADate => "notADate",
            Self::NotAnInteger => "notAnInteger",
            Self::NotADecimal => "notADecimal",
            Self::NotYesOrNo => "notYesOrNo",
            Self::NotACode => "notACode",
            Self::NotAList => "notAList",
            Self::NotAReference => "notAReference",
            Self::NotARule => "notARule",
            Self::NotAMoment => "notAMoment",
            Self::NotAFile => "notAFile",
            Self::InFuture => "inFuture",
            Self::FarOff => "farOff",
            Self::HourWanted => "hourWanted",
            Self::NoAnchor => "noAnchor",
            Self::Circle => "circle",
        }
    }
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the value is refused: {}", self.code())
    }
}

impl std::error::Error for Complaint {}

/// Checks a value that a person wants to write, and gives it in the form it is kept in.
///
/// Blank text means cleared, which is null and always allowed.
///
/// # Errors
/// [`Complaint`] says what is wrong.
pub fn check(kind: &str, register: &str, value: Value) -> Result<Value, Complaint> {
    if register == "archived" && kind == crate::kind::STUDY {
        return bool_or_null(value);
    }
    let field = field::of_register(kind, register).ok_or(Complaint::UnknownField)?;
    let is_blank = value.as_str().is_some_and(|text| text.trim().is_empty());
    if value.is_null() || is_blank {
        return Ok(Value::Null);
    }
    let own_form = value.as_str().filter(|_| kind == crate::kind::MILESTONE);
    if let Some(text) = own_form.map(str::trim)
        && let Some(answer) = crate::milestone::check(register, text)
    {
        return answer.map(|()| text.into());
    }
    match field.input {
        Input::Line => line(value),
        Input::Residue if field.name == "image" => text(value, IMAGE_CHARS_MAX),
        Input::Residue if field.name == "values" => text(value, VALUES_CHARS_MAX),
        Input::Text | Input::Residue => text(value, TEXT_CHARS_MAX),
        Input::Rich => rich(value),
        Input::Date => date(value),
        Input::Integer => integer(value),
        Input::Decimal => decimal(value),
        Input::Bool => bool_or_null(value),
        Input::Code => code(field, value),
        Input::Codes => codes(field, value),
        Input::List => list(value),
        Input::Reference => reference(value),
        Input::File => crate::file::BlobRef::read(&value)
            .map(|file| file.to_value())
            .ok_or(Complaint::NotAFile),
    }
}

/// Tells whether a code belongs to a list; hospitals and disease areas come from the center's data.
pub fn is_code(list: &str, code: &str) -> bool {
    let center = &crate::reference::CENTER;
    match list {
        "hospital" => center
            .hospitals
            .iter()
            .any(|hospital| hospital.code == code),
        "diseaseArea" => center.disease_areas.iter().any(|area| area.code == code),
        _ => crate::code::find(list, code).is_some(),
    }
}

/// Tells whether a text is `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, a day that the calendar has.
pub fn is_date(text: &str) -> bool {
    let is_digits =
        |part: &str, n: usize| part.len() == n && part.bytes().all(|byte| byte.is_ascii_digit());
    let parts: Vec<&str> = text.split('-').collect();
    let (year, month, day) = match parts.as_slice() {
        [year] => (*year, "01", "01"),
        [year, month] => (*year, *month, "01"),
        [year, month, day] => (*year, *month, *day),
        _ => return false,
    };
    if !is_digits(year, 4) || !is_digits(month, 2) || !is_digits(day, 2) {
        return false;
    }
    let number = |part: &str| part.parse::<u32>().unwrap_or(0);
    let year = year.parse::<i32>().unwrap_or(0);
    year > 0 && chrono::NaiveDate::from_ymd_opt(year, number(month), number(day)).is_some()
}

fn text(value: Value, n_max: usize) -> Result<Value, Complaint> {
    let Value::String(text) = value else {
        return Err(Complaint::NotText);
    };
    if text.chars().count() > n_max {
        return Err(Complaint::TooLong);
    }
    Ok(Value::String(text))
}

fn rich(value: Value) -> Result<Value, Complaint> {
    let rich = RichText::read(&value).ok_or(Complaint::NotText)?;
    if rich.text.trim().is_empty() {
        return Ok(Value::Null);
    }
    text(Value::String(rich.text.clone()), TEXT_CHARS_MAX)?;
    Ok(rich.to_value())
}

fn line(value: Value) -> Result<Value, Complaint> {
    let Value::String(line) = text(value, LINE_CHARS_MAX)? else {
        return Err(Complaint::NotText);
    };
    if line.trim().contains(['\n', '\r']) {
        return Err(Complaint::NotOneLine);
    }
    Ok(Value::String(line.trim().to_owned()))
}

fn date(value: Value) -> Result<Value, Complaint> {
    let text = value.as_str().map(str::trim).ok_or(Complaint::NotADate)?;
    if is_date(text) {
        Ok(text.into())
    } else {
        Err(Complaint::NotADate)
    }
}

fn integer(value: Value) -> Result<Value, Complaint> {
    let number = match &value {
        Value::Number(number) => number.as_i64(),
        Value::String(text) => text.trim().parse::<i64>().ok(),
        _ => None,
    };
    match number {
        Some(n) if (0..=1_000_000_000).contains(&n) => Ok(n.into()),
        _ => Err(Complaint::NotAnInteger),
    }
}

fn decimal(value: Value) -> Result<Value, Complaint> {
    let text = match &value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return Err(Complaint::NotADecimal),
    };
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |part: &str| {
        !part.is_empty() && part.len() <= 20 && part.bytes().all(|b| b.is_ascii_digit())
    };
    if are_digits(whole) && are_digits(fraction) {
        Ok(text.into())
    } else {
        Err(Complaint::NotADecimal)
    }
}

fn bool_or_null(value: Value) -> Result<Value, Complaint> {
    match value {
        Value::Null | Value::Bool(_) => Ok(value),
        Value::String(text) if text == "true" => Ok(true.into()),
        Value::String(text) if text == "false" => Ok(false.into()),
        _ => Err(Complaint::NotYesOrNo),
    }
}

fn code(field: &Field, value: Value) -> Result<Value, Complaint> {
    let text = value.as_str().ok_or(Complaint::NotACode)?;
    if is_code(field.codes, text) {
        Ok(value)
    } else {
        Err(Complaint::NotACode)
    }
}

fn codes(field: &Field, value: Value) -> Result<Value, Complaint> {
    let text = value.as_str().ok_or(Complaint::NotACode)?;
    let mut wanted: Vec<&str> = text.split('|').map(str::trim).collect();
    if !wanted.iter().all(|code| is_code(field.codes, code)) {
        return Err(Complaint::NotACode);
    }
    let place = |code: &&str| match field.codes {
        "diseaseArea" => crate::reference::CENTER
            .disease_areas
            .iter()
            .position(|area| area.code == **code),
        list => crate::code::CODES
            .iter()
            .position(|c| c.list == list && *c.code == **code),
    };
    wanted.sort_by_key(place);
    wanted.dedup();
    Ok(wanted.join("|").into())
}

/// Takes `{"list": […]}`, or a text with one entry per line as it is typed.
fn list(value: Value) -> Result<Value, Complaint> {
    let items: Vec<String> = match value {
        Value::String(text) => text.lines().map(|item| item.trim().to_owned()).collect(),
        Value::Object(mut map) if map.len() == 1 => match map.shift_remove("list") {
            Some(Value::Array(items)) => items
                .into_iter()
                .map(|item| item.as_str().map(|text| text.trim().to_owned()))
                .collect::<Option<_>>()
                .ok_or(Complaint::NotAList)?,
            _ => return Err(Complaint::NotAList),
        },
        _ => return Err(Complaint::NotAList),
    };
    let items: Vec<String> = items.into_iter().filter(|item| !item.is_empty()).collect();
    if items.len() > LIST_LEN_MAX || items.iter().any(|i| i.chars().count() > LINE_CHARS_MAX) {
        return Err(Complaint::TooLong);
    }
    if items.iter().any(|item| item.contains(['\n', '\r'])) {
        return Err(Complaint::NotAList);
    }
    if items.is_empty() {
        return Ok(Value::Null);
    }
    let mut map = Map::new();
    map.insert("list".into(), items.into());
    Ok(Value::Object(map))
}

fn reference(value: Value) -> Result<Value, Complaint> {
    let is_reference = value
        .get("$ref")
        .and_then(Value::as_str)
        .is_some_and(|id| crate::EntityId::parse(id).is_some());
    if is_reference {
        Ok(value)
    } else {
        Err(Complaint::NotAReference)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_that_fit_are_kept_in_one_form() {
        for (kind, register, value, kept) in [
            (
                "study",
                "title.zh",
                json!("  脓毒症研究 "),
                json!("脓毒症研究"),
            ),
            ("study", "title.zh", json!(" "), json!(null)),
            ("study", "enrollment", json!("120"), json!(120)),
            ("study", "enrollment", json!(0), json!(0)),
            (
                "study",
                "phase",
                json!("PHASE2|PHASE1|PHASE2"),
                json!("PHASE1|PHASE2"),
            ),
            ("study", "status", json!("RECRUITING"), json!("RECRUITING")),
            (
                "study",
                "keywords",
                json!("a\n\n b "),
                json!({"list": ["a", "b"]}),
            ),
            ("study", "keywords", json!({"list": []}), json!(null)),
            ("study", "expandedAccess", json!("false"), json!(false)),
            ("study", "archived", json!(true), json!(true)),
            (
                "milestone",
                "planned",
                json!("2024-02-29"),
                json!("2024-02-29"),
            ),
            ("milestone", "planned", json!("2027-03"), json!("2027-03")),
            ("site", "lat", json!("31.22222"), json!("31.22222")),
            ("site", "lon", json!("-0.5"), json!("-0.5")),
            ("site", "hospital", json!("ruijin"), json!("ruijin")),
        ] {
            assert_eq!(
                check(kind, register, value.clone()),
                Ok(kept),
                "{register} {value}"
            );
        }
    }

    #[test]
    fn values_that_do_not_fit_are_named() {
        for (kind, register, value, complaint) in [
            ("study", "title", json!("x"), Complaint::UnknownField),
            ("study", "title.zh", json!(1), Complaint::NotText),
            ("study", "title.zh", json!("a\nb"), Complaint::NotOneLine),
            (
                "study",
                "acronym",
                json!("x".repeat(2001)),
                Complaint::TooLong,
            ),
            (
                "milestone",
                "planned",
                json!("2026-02-29"),
                Complaint::NotADate,
            ),
            (
                "milestone",
                "planned",
                json!("2026-13"),
                Complaint::NotADate,
            ),
            (
                "milestone",
                "planned",
                json!("26-01-01"),
                Complaint::NotADate,
            ),
            ("milestone", "planned", json!("0000"), Complaint::NotADate),
            ("study", "enrollment", json!(-1), Complaint::NotAnInteger),
            ("study", "enrollment", json!(1.5), Complaint::NotAnInteger),
            ("site", "lat", json!("31,2"), Complaint::NotADecimal),
            ("site", "lat", json!("1e3"), Complaint::NotADecimal),
            ("study", "status", json!("recruiting"), Complaint::NotACode),
            ("study", "phase", json!("PHASE1|X"), Complaint::NotACode),
            ("site", "hospital", json!("elsewhere"), Complaint::NotACode),
            (
                "study",
                "expandedAccess",
                json!("maybe"),
                Complaint::NotYesOrNo,
            ),
            (
                "study",
                "keywords",
                json!({"list": [1]}),
                Complaint::NotAList,
            ),
        ] {
            assert_eq!(
                check(kind, register, value.clone()),
                Err(complaint),
                "{register} {value}"
            );
        }
    }
}

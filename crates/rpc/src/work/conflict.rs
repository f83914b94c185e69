//! A conflict of a text made ready for a decision: what each side changed, and both together.

use model::Register;
use model::rich::RichText;
use redline::{Merge, Span};
use serde_json::Value;

/// What is known about a conflict.
#[derive(Debug, Default)]
pub struct Conflict {
    /// Both changes taken together; null when they overlap or there are not two.
    pub suggestion: Value,
    /// Each standing value by its operation, as changes of the base.
    pub rivals: Vec<(String, Vec<Span>)>,
}

/// Compares the heads of a register with what stood before they parted.
///
/// Without a known base nothing is suggested: two texts alone do not say who changed what.
pub fn of(base: Option<&Value>, register: Option<&Register>) -> Conflict {
    let Some(register) = register else {
        return Conflict::default();
    };
    let text = |value: &Value| RichText::read(value).unwrap_or_default();
    let old = base.map(text);
    let rivals = register
        .heads
        .iter()
        .map(|head| {
            let new = text(&head.value);
            let spans = redline::diff(old.as_ref().unwrap_or(&new), &new);
            (head.op.clone(), spans)
        })
        .collect();
    Conflict {
        suggestion: suggestion(old.as_ref(), register),
        rivals,
    }
}

fn suggestion(base: Option<&RichText>, register: &Register) -> Value {
    let mut texts: Vec<RichText> = Vec::new();
    for head in &register.heads {
        match RichText::read(&head.value) {
            // A cleared or removed value is a decision of its own.
            None => return Value::Null,
            Some(text) if texts.contains(&text) => {}
            Some(text) => texts.push(text),
        }
    }
    match (base, texts.as_slice()) {
        (Some(base), [mine, theirs]) => match redline::merge(base, mine, theirs) {
            Merge::Clean(both) => both.to_value(),
            Merge::Overlap => Value::Null,
        },
        _ => Value::Null,
    }
}

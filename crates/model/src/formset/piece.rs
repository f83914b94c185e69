//! One fact of a field that says several: an office's blank may have a cell for each of them.
//!
//! A cell names it `PART.FIELD#2`: the field's second source alone, from 1.

use super::{FieldKind, SetForm, SetFormField, SetFormPart};
use crate::reference::Bilingual;

/// What a cell of a blank names: a field of the form, or one of its facts, from 0.
pub fn named<'a>(
    form: &'a SetForm,
    name: &str,
) -> Option<(&'a SetFormPart, &'a SetFormField, Option<usize>)> {
    let (whole, n) = match name.split_once('#') {
        Some((whole, n)) => (whole, Some(n.parse::<usize>().ok()?.checked_sub(1)?)),
        None => (name, None),
    };
    let mut fields = form.fields();
    let (part, field) =
        fields.find(|(part, field)| whole == format!("{}.{}", part.key, field.key))?;
    n.is_none_or(|n| n < pieces(field).len())
        .then_some((part, field, n))
}

/// The field that a cell of a blank names, without which of its facts.
pub fn whole(name: &str) -> &str {
    name.split_once('#').map_or(name, |(whole, _)| whole)
}

/// What the facts of a field are called; empty when it says but one. The label names them where it
/// has as many parts as there are facts, else they are counted.
pub fn pieces(field: &SetFormField) -> Vec<Bilingual> {
    let n = field.fill.len();
    if n < 2 || field.kind != FieldKind::Text {
        return Vec::new();
    }
    let split = |label: &str, between: &[&str]| -> Vec<String> {
        let mut text = label.to_owned();
        for one in between {
            text = text.replace(one, "\n");
        }
        let parts: Vec<String> = text.lines().map(|part| part.trim().to_owned()).collect();
        match parts.len() == n {
            true => parts,
            false => (1..=n).map(|at| format!("{label} ({at})")).collect(),
        }
    };
    let zh = split(&field.label.zh, &["与", "和", "、", "/", "，"]);
    let en = split(&field.label.en, &[" and ", ", ", "/"]);
    let pair = |(zh, en)| Bilingual { zh, en };
    zh.into_iter().zip(en).map(pair).collect()
}

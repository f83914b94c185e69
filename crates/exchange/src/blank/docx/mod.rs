//! A Word blank. `find`: from a place to its element. `para`: a paragraph letter by letter.
//! `list`: the places that there are; `put`: filling one; `control`: content controls and fields.

mod control;
mod find;
mod list;
mod para;
mod put;

use super::BlankRefusal;
use super::splice::Splices;
use crate::word::read::package::Package;
use crate::word::read::xml;
use model::formset::{BlankPlace, CellValue};
use std::collections::BTreeMap;

/// What a package says is its main part.
fn main_part(package: &mut Package<'_>) -> Result<(String, String), BlankRefusal> {
    let relations = package.relations("")?;
    let said = relations
        .into_values()
        .find(|relation| relation.kind == "officeDocument" && !relation.is_outside);
    let name = said.map_or_else(|| "word/document.xml".to_owned(), |said| said.target);
    if !name.to_lowercase().starts_with("word/") && !package.has("word/document.xml") {
        return Err(BlankRefusal::OtherKind);
    }
    let text = utf8(package, &name)?.ok_or(BlankRefusal::OtherKind)?;
    Ok((name, text))
}

/// A part as text; one that is no UTF-8 cannot keep its other bytes.
pub(super) fn utf8(package: &mut Package<'_>, part: &str) -> Result<Option<String>, BlankRefusal> {
    use crate::word::read::limits::PART_BYTES_MAX;
    let Some(bytes) = package.bytes(part, PART_BYTES_MAX)? else {
        return Ok(None);
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(_) => Err(BlankRefusal::Damaged),
    }
}

/// The mark that some writers put before UTF-8, and the text behind it.
pub(super) fn without_mark(text: &str) -> (&str, &str) {
    match text.strip_prefix('\u{feff}') {
        Some(rest) => ("\u{feff}", rest),
        None => ("", text),
    }
}

/// Lists the places.
pub(super) fn places(package: &mut Package<'_>) -> Result<Vec<BlankPlace>, BlankRefusal> {
    let (name, text) = main_part(package)?;
    let (_, text) = without_mark(&text);
    let tree = xml::parse(&name, text)?;
    let body = find::body(tree.root_element()).ok_or(BlankRefusal::OtherKind)?;
    Ok(list::places(text, body))
}

/// Fills places; gives the parts that changed and the places that are lost.
pub(super) fn fill(
    package: &mut Package<'_>,
    values: &[CellValue],
) -> Result<(BTreeMap<String, String>, Vec<String>), BlankRefusal> {
    let (name, whole) = main_part(package)?;
    let (mark, text) = without_mark(&whole);
    let tree = xml::parse(&name, text)?;
    let body = find::body(tree.root_element()).ok_or(BlankRefusal::OtherKind)?;
    let mut splices = Splices::default();
    let mut lost = Vec::new();
    for value in values {
        let is_put = match value.at.split_once(':') {
            Some(("tag", tag)) => control::tagged(text, body, tag, value, &mut splices),
            Some(("mark", mark)) => control::marked(text, body, mark, value, &mut splices),
            _ => find::target(text, body, &value.at)
                .is_some_and(|target| put::put(text, target, value, &mut splices)),
        };
        if !is_put {
            lost.push(value.at.clone());
        }
    }
    let mut parts = BTreeMap::new();
    if !splices.is_empty() {
        let filled = splices.apply(text);
        // What was put in must not have broken the part.
        xml::parse(&name, &filled)?;
        parts.insert(name.to_lowercase(), format!("{mark}{filled}"));
    }
    Ok((parts, lost))
}

//! Content controls, bookmarks and the older form fields.

use super::super::TICKED;
use super::super::splice::{Splices, append, escaped, inside, prefix, tag};
use super::find::all;
use super::put::{run_of, said, texts};
use crate::word::read::xml::{Node, Ns, attr, child, elements, is_w, name, val};
use model::formset::{CellHow, CellValue};

/// What a content control calls itself: its tag, else its title.
pub(super) fn name_of<'a>(control: Node<'a>) -> Option<&'a str> {
    let properties = child(control, "sdtPr")?;
    let said = |local| val(properties, local).filter(|name| !name.is_empty());
    said("tag").or_else(|| said("alias"))
}

/// The check box of a content control.
pub(super) fn check_box<'a>(control: Node<'a>) -> Option<Node<'a>> {
    let properties = child(control, "sdtPr")?;
    let mut found = elements(properties).filter(|node| name(*node) == (Ns::W14, "checkbox"));
    found.next()
}

/// Fills every content control of a name.
pub(super) fn tagged(
    text: &str,
    body: Node<'_>,
    wanted: &str,
    value: &CellValue,
    splices: &mut Splices,
) -> bool {
    let mut is_put = false;
    let controls = body.descendants().filter(|node| is_w(*node, "sdt"));
    for control in controls.filter(|control| name_of(*control) == Some(wanted)) {
        is_put |= match check_box(control) {
            Some(found) if value.how == CellHow::Tick => {
                if value.ticked {
                    check(text, control, found, splices);
                }
                true
            }
            Some(_) => false,
            None => written(text, control, value, splices),
        };
    }
    is_put
}

/// Sets a check box and the letter that shows it.
fn check(text: &str, control: Node<'_>, found: Node<'_>, splices: &mut Splices) {
    let part = |local| elements(found).find(|node| node.tag_name().name() == local);
    match part("checked") {
        Some(checked) => {
            if let Some(value) = checked.attributes().find(|one| one.name() == "val") {
                splices.put(value.range_value(), "1");
            }
        }
        None => {
            let prefix = prefix(text, found);
            append(
                text,
                found,
                &format!("<{prefix}checked {prefix}val=\"1\"/>"),
                splices,
            );
        }
    }
    let sign = part("checkedState")
        .and_then(|state| attr(state, "val"))
        .and_then(|code| u32::from_str_radix(code, 16).ok())
        .and_then(char::from_u32)
        .unwrap_or(TICKED);
    let Some(content) = child(control, "sdtContent") else {
        return;
    };
    let shown = content
        .descendants()
        .find(|node| is_w(*node, "t") || is_w(*node, "sym"));
    match shown {
        Some(node) if is_w(node, "t") => {
            if let Some(range) = inside(text, node) {
                splices.put(range, sign.to_string());
            }
        }
        Some(node) => {
            let prefix = prefix(text, node);
            splices.put(node.range(), format!("<{prefix}t>{sign}</{prefix}t>"));
        }
        None => {}
    }
}

/// Writes into a content control: its hint goes, and so does what would bring it back.
fn written(text: &str, control: Node<'_>, value: &CellValue, splices: &mut Splices) -> bool {
    let Some(content) = child(control, "sdtContent") else {
        return false;
    };
    let words = said(value);
    if words.is_empty() {
        return true;
    }
    let is_hint = child(control, "sdtPr").is_some_and(|properties| {
        let bound = ["showingPlcHdr", "dataBinding"].map(|name| child(properties, name));
        for node in bound.iter().flatten() {
            splices.cut(node.range());
        }
        bound[0].is_some()
    });
    let mut paragraphs: Vec<Node<'_>> = content
        .descendants()
        .filter(|node| is_w(*node, "p"))
        .collect();
    let runs = content.descendants().filter(|node| is_w(*node, "r"));
    let mut runs: Vec<Node<'_>> = runs.filter(|run| child(*run, "t").is_some()).collect();
    let prefix = prefix(text, control);
    let properties = child(control, "sdtPr").and_then(|properties| child(properties, "rPr"));
    if runs.is_empty() {
        match paragraphs.first() {
            Some(first) => append(text, *first, &run_of(text, *first, &words), splices),
            None => {
                let looks = properties.and_then(|looks| text.get(looks.range()));
                let looks = looks.unwrap_or_default();
                let run = format!("<{prefix}r>{looks}{}</{prefix}r>", texts(&words, prefix));
                append(text, content, &run, splices);
            }
        }
        return true;
    }
    let first = runs.remove(0);
    let looks = if is_hint {
        properties
    } else {
        child(first, "rPr")
    };
    let looks = looks.and_then(|looks| text.get(looks.range()));
    let run = format!(
        "<{prefix}r>{}{}</{prefix}r>",
        looks.unwrap_or_default(),
        texts(&words, prefix)
    );
    splices.put(first.range(), run);
    for run in runs {
        splices.cut(run.range());
    }
    // Further paragraphs of a hint would stay as empty lines.
    if is_hint && paragraphs.len() > 1 {
        let of_first = |paragraph: &Node<'_>| first.ancestors().any(|node| node == *paragraph);
        paragraphs.retain(|paragraph| !of_first(paragraph));
        for paragraph in paragraphs {
            splices.cut(paragraph.range());
        }
    }
    true
}

/// Fills a bookmark: an older form field of that name, or the place where it begins.
pub(super) fn marked(
    text: &str,
    body: Node<'_>,
    wanted: &str,
    value: &CellValue,
    splices: &mut Splices,
) -> bool {
    let field = body
        .descendants()
        .find(|node| is_w(*node, "ffData") && val(*node, "name") == Some(wanted));
    if let Some(field) = field {
        return older(text, field, value, splices);
    }
    let mark = body
        .descendants()
        .find(|node| is_w(*node, "bookmarkStart") && attr(*node, "name") == Some(wanted));
    let Some(mark) = mark else {
        return false;
    };
    let Some(paragraph) = mark.parent().filter(|parent| is_w(*parent, "p")) else {
        return false;
    };
    let words = said(value);
    if !words.is_empty() {
        splices.insert(mark.range().end, run_of(text, paragraph, &words));
    }
    true
}

/// Fills one of the older form fields.
fn older(text: &str, field: Node<'_>, value: &CellValue, splices: &mut Splices) -> bool {
    let prefix = prefix(text, field);
    if let Some(check) = child(field, "checkBox") {
        if value.how != CellHow::Tick {
            return false;
        }
        if value.ticked {
            match child(check, "checked") {
                Some(checked) => {
                    let tag = tag(text, checked);
                    splices.put(checked.range(), format!("<{tag}/>"));
                }
                None => append(text, check, &format!("<{prefix}checked/>"), splices),
            }
        }
        return true;
    }
    let words = said(value);
    let Some(begin) = field.ancestors().find(|node| is_w(*node, "r")) else {
        return false;
    };
    // What the field shows stands between its separator and its end.
    let mut shown = Vec::new();
    let (mut is_shown, mut separator) = (false, None);
    for run in begin.next_siblings().filter(|node| is_w(*node, "r")) {
        match child(run, "fldChar").and_then(|mark| attr(mark, "fldCharType")) {
            Some("separate") => (is_shown, separator) = (true, Some(run)),
            Some("end") => break,
            _ if is_shown => shown.extend(all(run, "t")),
            _ => {}
        }
    }
    let Some(separator) = separator else {
        return false;
    };
    if words.is_empty() {
        return true;
    }
    let mut shown = shown.into_iter();
    match shown.next() {
        Some(first) => splices.put(first.range(), texts(&words, prefix)),
        None => {
            let words = escaped(&words.replace('\n', " "));
            let run = format!(
                "<{prefix}r><{prefix}t xml:space=\"preserve\">{words}</{prefix}t></{prefix}r>"
            );
            splices.insert(separator.range().end, run);
        }
    }
    for rest in shown {
        splices.cut(rest.range());
    }
    true
}

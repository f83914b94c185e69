//! A person gives a form of her own set the office's blank, and says which place takes which field.

use super::blank::{BlankLook, look};
use super::table::{bytes_of, refused};
use crate::failure::{Failure, FailureKind};
use desk::BLANK_BYTES_MAX;
use model::formset::{
    Blank, BlankCell, BlankKind, BlankPlace, BlankProposal, CellHow, CellValue, SetForm, carry,
    is_place, named, page_rect,
};
use package::sandbox::Sandbox;
use serde::Serialize;
use std::path::Path;
use ts_rs::TS;

/// A file that a form is given as its blank.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlankTaken {
    /// The blank with what stands of the mapping before; nothing is added to it unasked.
    pub blank: Blank,
    /// What it has to fill in.
    pub look: BlankLook,
    /// Places of the mapping before that are somewhere else now: where they were.
    pub moved: Vec<String>,
    /// Places of the mapping before that are gone: where they were.
    pub lost: Vec<String>,
}

/// Reads a file that is to be a blank.
///
/// # Errors
/// When it is of another kind, too large or cannot be read.
pub fn read(path: &Path) -> Result<(String, BlankKind, Vec<u8>), Failure> {
    let name = path.file_name().and_then(|name| name.to_str());
    let name = name.unwrap_or_default().to_owned();
    let kind = BlankKind::of_name(&name).ok_or_else(|| {
        let end = name.rsplit_once('.').map_or("", |(_, end)| end);
        let key = match end.to_lowercase().as_str() {
            "docm" | "xlsm" | "dotm" | "xltm" => "blank.refused.macros",
            "doc" | "xls" | "wps" | "et" | "rtf" => "blank.refused.oldKind",
            _ => "blank.refused.otherKind",
        };
        refused(key, &name)
    })?;
    let bytes = bytes_of(path, BLANK_BYTES_MAX, "blank.refused.tooLarge")?;
    Ok((name, kind, bytes))
}

/// Looks into a file that is to be the blank of a form; `before` are the bytes of the one that it
/// takes the place of, where they are here.
///
/// # Errors
/// As [`look`], and when nothing in it can be filled.
pub fn take(
    (name, kind, bytes): (&str, BlankKind, &[u8]),
    form: &SetForm,
    before: Option<&[u8]>,
    helper: &Sandbox,
) -> Result<BlankTaken, Failure> {
    let found = look(kind, bytes, Some(form), helper)?;
    if found.places.is_empty() && found.pages.is_empty() {
        return Err(refused("blank.refused.noPlaces", name));
    }
    let old = form.blank.as_ref();
    let places = |look: &BlankLook| -> Vec<BlankPlace> {
        look.places.iter().map(|one| one.place.clone()).collect()
    };
    let before = match (old, before) {
        (Some(old), Some(bytes)) => look(old.kind, bytes, None, helper)
            .map(|look| places(&look))
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    let cells = old.filter(|old| old.kind == kind);
    let cells: &[BlankCell] = cells.map_or(&[], |old| &old.cells);
    let carried = carry(cells, &before, &places(&found), |at| {
        has_place(&found, bytes, at, CellHow::Text)
    });
    Ok(BlankTaken {
        blank: Blank {
            sha256: found.sha256.clone(),
            name: name.to_owned(),
            kind,
            cells: carried.cells,
        },
        look: found,
        moved: carried.moved,
        lost: carried.lost,
    })
}

/// Puts a field into a place of a form's blank; without a field the place is left as it is.
///
/// # Errors
/// When the form has no blank, the blank no such place or the form no such field.
pub fn map(
    form: &mut SetForm,
    found: &BlankLook,
    bytes: &[u8],
    at: &str,
    field: &str,
) -> Result<(), Failure> {
    let missing =
        |key: &str, what: &str| Failure::new(FailureKind::NotFound, key).with("what", what);
    if !field.is_empty() && named(form, field).is_none() {
        return Err(missing("blank.noField", field));
    }
    let mut places = found.places.iter().map(|one| &one.place);
    let place = places.find(|place| place.at == at);
    let blank = form.blank.as_mut();
    let blank = blank.ok_or_else(|| Failure::new(FailureKind::NotFound, "blank.none"))?;
    let how = place.map_or(CellHow::Text, |place| place.how);
    let is_known = blank.cells.iter().any(|cell| cell.at == at);
    if !is_known && place.is_none() && !has_place(found, bytes, at, how) {
        return Err(missing("blank.noPlace", at));
    }
    let before = blank.cells.iter().position(|cell| cell.at == at);
    if field.is_empty() {
        blank.cells.retain(|cell| cell.at != at);
        return Ok(());
    }
    let cell = BlankCell {
        field: field.to_owned(),
        at: at.to_owned(),
        how,
        says: place.map_or_else(String::new, |place| place.says.clone()),
    };
    match before.and_then(|before| blank.cells.get_mut(before)) {
        Some(old) => *old = cell,
        None => blank.cells.push(cell),
    }
    Ok(())
}

/// Takes every proposal for a place that takes no field yet; gives how many.
pub fn agree(form: &mut SetForm, found: &BlankLook) -> usize {
    let Some(blank) = form.blank.as_mut() else {
        return 0;
    };
    let free = |one: &&BlankProposal| {
        !one.field.is_empty() && blank.cells.iter().all(|cell| cell.at != one.place.at)
    };
    let new: Vec<BlankCell> = found
        .places
        .iter()
        .filter(free)
        .map(|one| BlankCell {
            field: one.field.clone(),
            at: one.place.at.clone(),
            how: one.place.how,
            says: one.place.says.clone(),
        })
        .collect();
    let n = new.len();
    blank.cells.extend(new);
    n
}

/// Whether a blank has a place, also one that is in no list.
fn has_place(found: &BlankLook, bytes: &[u8], at: &str, how: CellHow) -> bool {
    if !is_place(found.kind, at) {
        return false;
    }
    if found.kind == BlankKind::Pdf {
        let is_on_page = |(page, [left, top, wide, high]): (usize, [f32; 4])| {
            let size = page.checked_sub(1).and_then(|page| found.pages.get(page));
            let fits = |(width, height): &(f32, f32)| {
                left >= 0.0 && top >= 0.0 && left + wide <= *width && top + high <= *height
            };
            size.is_some_and(fits)
        };
        return found.places.iter().any(|one| one.place.at == at)
            || page_rect(at).is_some_and(is_on_page);
    }
    // Filling it tells.
    let value = CellValue {
        at: at.to_owned(),
        how,
        text: "1".to_owned(),
        ticked: how == CellHow::Tick,
    };
    exchange::blank::fill(found.kind, bytes, &[value]).is_ok_and(|filled| filled.lost.is_empty())
}

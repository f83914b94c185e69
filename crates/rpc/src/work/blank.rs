//! An office's own blank of a form: its places listed, proposals for them, and the blank filled.

use crate::failure::{Failure, FailureKind};
use model::Lang;
use model::formset::{
    BlankKind, BlankPlace, BlankProposal, CellHow, CellValue, SetForm, page_rect, propose,
};
use package::blank::{Put, Spot};
use package::sandbox::Sandbox;
use report::{Fonts, Typed};
use serde::Serialize;
use std::collections::BTreeSet;
use ts_rs::TS;

/// What a blank has to fill in.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlankLook {
    /// What it is.
    pub kind: BlankKind,
    /// Its hash: `sha256:…`.
    pub sha256: String,
    /// Sizes of its pages as a reader sees them, for rectangles; of a PDF alone. Units: points.
    pub pages: Vec<(f32, f32)>,
    /// Its places, each with a field that is like it or none.
    pub places: Vec<BlankProposal>,
}

/// A filled blank.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FilledBlank {
    /// The file.
    pub bytes: Vec<u8>,
    /// Places that it does not have.
    pub lost: Vec<String>,
    /// Places too small for what goes into them.
    pub tight: Vec<String>,
    /// Places with letters that cannot be shown.
    pub unshown: Vec<String>,
}

/// Lists the places of a blank and holds them against a form.
///
/// # Errors
/// When the file is another kind, locked, damaged or too large.
pub fn look(
    kind: BlankKind,
    bytes: &[u8],
    form: Option<&SetForm>,
    helper: &Sandbox,
) -> Result<BlankLook, Failure> {
    let (places, pages) = match kind {
        BlankKind::Docx | BlankKind::Xlsx => {
            let places = exchange::blank::places(kind, bytes).map_err(|one| refused(one.code()))?;
            (places, Vec::new())
        }
        BlankKind::Pdf => {
            let spots = helper.blank_look(bytes).map_err(pdf_refused)?;
            let (pages, fields): (Vec<Spot>, Vec<Spot>) =
                spots.into_iter().partition(|spot| spot.at.is_empty());
            let sizes = pages.iter().map(|page| (page.width, page.height));
            (fields.into_iter().map(place).collect(), sizes.collect())
        }
    };
    let nothing = |place| BlankProposal {
        place,
        field: String::new(),
        label: None,
        likeness: 0,
    };
    Ok(BlankLook {
        kind,
        sha256: package::hash(bytes),
        pages,
        places: match form {
            Some(form) => propose(form, places),
            None => places.into_iter().map(nothing).collect(),
        },
    })
}

fn place(spot: Spot) -> BlankPlace {
    let state = spot.at.rsplit_once('=').map(|(_, state)| state.to_owned());
    BlankPlace {
        how: match (spot.is_tick, spot.is_lines) {
            (true, _) => CellHow::Tick,
            (false, true) => CellHow::Lines,
            (false, false) => CellHow::Text,
        },
        says: state.filter(|_| spot.is_tick).unwrap_or_default(),
        at: spot.at,
        label: spot.label,
        holds: spot.holds,
    }
}

/// Fills a blank.
///
/// # Errors
/// As [`look`]; also when the values cannot be typeset.
pub fn fill(
    kind: BlankKind,
    bytes: &[u8],
    values: &[CellValue],
    lang: Lang,
    fonts: &Fonts,
    helper: &Sandbox,
) -> Result<FilledBlank, Failure> {
    if kind != BlankKind::Pdf {
        let filled = exchange::blank::fill(kind, bytes, values);
        let filled = filled.map_err(|one| refused(one.code()))?;
        return Ok(FilledBlank {
            bytes: filled.bytes,
            lost: filled.lost,
            ..FilledBlank::default()
        });
    }
    let spots = helper.blank_look(bytes).map_err(pdf_refused)?;
    let mut lost = Vec::new();
    let (mut puts, mut typed, mut shown) = (Vec::new(), Vec::new(), Vec::new());
    for value in values {
        let is_tick = value.how == CellHow::Tick;
        let text = if is_tick { "√" } else { value.text.trim() };
        let spot = spots.iter().find(|spot| spot.at == value.at);
        let size = match (spot, page_rect(&value.at)) {
            (Some(spot), _) if spot.is_tick => None,
            (Some(spot), _) => Some((spot.width, spot.height, spot.is_lines)),
            (None, Some((_, [_, _, width, height]))) => {
                Some((width, height, value.how == CellHow::Lines))
            }
            (None, None) => {
                lost.push(value.at.clone());
                continue;
            }
        };
        // A box takes a tick, and a line for words takes words.
        if spot.is_some() && is_tick != size.is_none() {
            lost.push(value.at.clone());
            continue;
        }
        if (is_tick && !value.ticked) || text.is_empty() {
            continue;
        }
        let sheet = size.map(|(width, height, is_lines)| {
            typed.push(Typed {
                text: text.to_owned(),
                width,
                height,
                is_lines,
                is_tick,
            });
            shown.push(value.at.clone());
            typed.len() - 1
        });
        puts.push(Put {
            at: value.at.clone(),
            text: text.to_owned(),
            sheet,
        });
    }
    let sheet = report::typed(&typed, lang, fonts).map_err(super::pdf::failed)?;
    let filled = helper.blank_put(bytes, &puts, &sheet.bytes);
    let filled = filled.map_err(pdf_refused)?;
    let named = |which: &[usize]| -> Vec<String> {
        let which: BTreeSet<usize> = which.iter().copied().collect();
        let all = which.into_iter().filter_map(|at| shown.get(at).cloned());
        all.collect()
    };
    lost.extend(filled.lost);
    Ok(FilledBlank {
        bytes: filled.bytes,
        lost,
        tight: named(&sheet.tight),
        unshown: named(&sheet.unshown),
    })
}

fn refused(code: &str) -> Failure {
    Failure::new(FailureKind::Invalid, code)
}

fn pdf_refused(refusal: package::Refusal) -> Failure {
    log::info!("blank: {refusal}");
    refused(&format!("package.refusal.{}", refusal.code()))
}

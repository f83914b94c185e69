//! An office's own PDF blank: its fields and pages are told, and its places filled.
//!
//! A value comes as a page of a sheet that we typeset, so that its letters bring their own font; it
//! becomes the picture of a field, or is laid over a rectangle of a page. `field`: fields by name;
//! `lay`: over a page. Runs in the process that opens foreign files ([`crate::serve`]).
//!
//! Invariant: objects of the blank that are neither a filled field nor a page that something is
//! laid over stay as they are; of the form itself, only what would hide what was filled in goes.

mod field;
mod lay;

use crate::clean::{Clean, Sheet, load};
use crate::geometry::Geometry;
use crate::refusal::Refusal;
use lopdf::{Document, Object, ObjectId};
use serde::{Deserialize, Serialize};

/// Most pages of a blank.
const PAGES_MAX: usize = 200;
/// Most fields that are told.
const FIELDS_MAX: usize = 2_000;

/// A place of a blank.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spot {
    /// `field:NAME`, or `field:NAME=STATE` for one of several states; empty for a page.
    pub at: String,
    /// What the field is called for a reader; its name where nothing is said.
    pub label: String,
    /// What stands in it.
    pub holds: String,
    /// Whether it is ticked.
    pub is_tick: bool,
    /// Whether it takes several lines.
    pub is_lines: bool,
    /// Its page, from 1; 0 when it is on none.
    pub page: usize,
    /// Width as a reader sees it. Units: points.
    pub width: f32,
    /// Height. Units: points.
    pub height: f32,
}

/// A value for a place.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Put {
    /// `field:NAME`, `field:NAME=STATE`, or `page:N@X,Y,W,H`.
    pub at: String,
    /// What is written; empty for a tick.
    pub text: String,
    /// The page of the sheet that shows it, from 0; `None` for a tick of a field.
    pub sheet: Option<usize>,
}

/// What is to be done with a blank.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Job {
    /// Its places are told, as JSON.
    Look,
    /// It is filled; the sheet of values follows it, so many bytes.
    Put {
        values: Vec<Put>,
        sheet_bytes: usize,
    },
}

/// What came of filling a blank.
#[derive(Clone, Debug, PartialEq)]
pub struct Filled {
    /// The file.
    pub bytes: Vec<u8>,
    /// Places that it does not have.
    pub lost: Vec<String>,
}

/// Does a job.
pub(crate) fn serve(job: &Job, bytes: &[u8]) -> Result<Clean, Refusal> {
    match job {
        Job::Look => {
            let spots = look(bytes)?;
            let bytes = serde_json::to_vec(&spots).map_err(|_| Refusal::Damaged)?;
            Ok(Clean {
                sheet: Sheet::default(),
                bytes,
            })
        }
        Job::Put {
            values,
            sheet_bytes,
        } => {
            let at = bytes.len().checked_sub(*sheet_bytes);
            let (blank, sheet) = bytes.split_at(at.ok_or(Refusal::Damaged)?);
            let filled = put(blank, values, sheet)?;
            Ok(Clean {
                sheet: Sheet {
                    lost: filled.lost,
                    ..Sheet::default()
                },
                bytes: filled.bytes,
            })
        }
    }
}

/// Tells the places of a blank: its fields, then its pages.
///
/// # Errors
/// [`Refusal`].
pub fn look(bytes: &[u8]) -> Result<Vec<Spot>, Refusal> {
    let file = open(bytes)?;
    let pages = pages(&file);
    let mut spots = field::spots(&file, &pages);
    spots.truncate(FIELDS_MAX);
    spots.extend(pages.iter().zip(1..).map(|(page, number)| {
        let (width, height) = Geometry::of(&file, *page).size();
        Spot {
            at: String::new(),
            label: String::new(),
            holds: String::new(),
            is_tick: false,
            is_lines: true,
            page: number,
            width,
            height,
        }
    }));
    Ok(spots)
}

/// Fills places of a blank. `sheet` has a page for each value that is shown.
///
/// # Errors
/// [`Refusal`].
pub fn put(bytes: &[u8], values: &[Put], sheet: &[u8]) -> Result<Filled, Refusal> {
    let mut file = open(bytes)?;
    let shown = if sheet.is_empty() {
        Document::new()
    } else {
        Document::load_mem(sheet).map_err(|_| Refusal::Crashed)?
    };
    let pages = pages(&file);
    let mut pictures = lay::Pictures::new(&shown);
    let mut lost = Vec::new();
    let mut over = Vec::new();
    for value in values {
        let is_put = match value.at.strip_prefix("field:") {
            Some(name) => field::put(&mut file, name, value, &mut pictures),
            None => match lay::place(&value.at) {
                Some((page, place)) => match page.checked_sub(1).and_then(|at| pages.get(at)) {
                    Some(page) => {
                        over.push((*page, place, value.sheet));
                        true
                    }
                    None => false,
                },
                None => false,
            },
        };
        if !is_put {
            lost.push(value.at.clone());
        }
    }
    lay::over(&mut file, &over, &mut pictures).map_err(|_| Refusal::Damaged)?;
    if !values.is_empty() {
        shown_as_filled(&mut file);
    }
    let mut bytes = Vec::new();
    file.save_to(&mut bytes).map_err(|_| Refusal::Damaged)?;
    Ok(Filled { bytes, lost })
}

fn open(bytes: &[u8]) -> Result<Document, Refusal> {
    let file = load(bytes, None)?;
    match file.page_iter().take(PAGES_MAX + 1).count() {
        0 if file.is_encrypted() => Err(Refusal::Password),
        0 => Err(Refusal::NoPages),
        n if n > PAGES_MAX => Err(Refusal::TooManyPages),
        _ => Ok(file),
    }
}

fn pages(file: &Document) -> Vec<ObjectId> {
    file.page_iter().collect()
}

/// Lets every reader show what was filled in: some show a second description of the form (XFA)
/// instead, which would stay empty, and some draw the fields anew where the form asks for it, in its
/// own font, which may have no Chinese letters.
fn shown_as_filled(file: &mut Document) {
    let form = file.catalog().and_then(|one| one.get(b"AcroForm")).cloned();
    let form = match form {
        Ok(Object::Reference(id)) => file.get_dictionary_mut(id),
        _ => file
            .catalog_mut()
            .and_then(|one| one.get_mut(b"AcroForm"))
            .and_then(Object::as_dict_mut),
    };
    if let Ok(form) = form {
        form.remove(b"XFA");
        form.remove(b"NeedAppearances");
    }
}

//! Stamps for pages that are not ours: where a page stands in the whole.

use crate::error::ReportError;
use crate::fonts::Fonts;
use crate::picture::Pictures;
use crate::world::{self, Job};
use crate::{PdfLang, file};
use serde::Serialize;

/// A page to be stamped.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    /// What the page belongs to, for example `附件 3`.
    pub part: String,
    /// Its number in the whole, from 1.
    pub page: usize,
    /// Its width as a reader sees it. Units: points.
    pub width: f32,
    /// Its height. Units: points.
    pub height: f32,
}

impl Stamp {
    /// The height that it takes at the foot of its page, with what parts it from the page above.
    /// Units: points.
    pub fn height_needed(&self) -> f32 {
        FOOT * size(self.width, self.height)
    }
}

#[derive(Serialize)]
struct Data {
    stamps: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    text: String,
    width: f32,
    height: f32,
    size: f32,
}

/// Size of the letters on A4. Units: points.
const SIZE: f32 = 8.0;
/// Width of A4. Units: points.
const WIDTH: f32 = 595.0;

/// What a stamp takes of a page's foot, for each unit of its size: the edge below it as in the
/// template, its letters, and a little above them.
const FOOT: f32 = 1.5 + 1.0 + 0.3;

/// Size of the letters: larger on a larger page. Units: points.
fn size(width: f32, height: f32) -> f32 {
    (width.min(height) / WIDTH * SIZE).clamp(7.0, 40.0)
}

/// A file with one page for each stamp, of the size of the page that it is laid over.
///
/// # Errors
/// [`ReportError`] when the template is at fault.
pub fn stamps(
    stamps: &[Stamp],
    pages: usize,
    lang: PdfLang,
    fonts: &Fonts,
) -> Result<Vec<u8>, ReportError> {
    let words = file::page_of(lang);
    let piece = |at: usize| words.get(at).map_or("", String::as_str);
    let lines = stamps.iter().map(|stamp| {
        let part: String = stamp.part.chars().filter(|ch| fonts.covers(*ch)).collect();
        let text = format!(
            "{part} · {}{}{}{pages}{}",
            piece(0),
            stamp.page,
            piece(1),
            piece(2)
        );
        // Never wider than the page.
        let fits = stamp.width * 0.9 / (text.chars().count() as f32 + 3.0);
        let size = size(stamp.width, stamp.height).min(fits);
        Line {
            text,
            width: stamp.width,
            height: stamp.height,
            size: size.max(0.1),
        }
    });
    let data = serde_json::to_vec(&Data {
        stamps: lines.collect(),
    })?;
    let job = Job {
        template: include_str!("../templates/stamps.typ"),
        data,
        pictures: Pictures::new(),
        ident: "stamps".to_owned(),
        today: (2000, 1, 1),
        tagged: false,
    };
    Ok(world::compose(job, fonts)?.bytes)
}

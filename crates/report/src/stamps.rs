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
    pub fn height_needed(&self, pages: usize, lang: PdfLang, fonts: &Fonts) -> f32 {
        FOOT * self.size(&self.text(pages, lang, fonts))
    }

    /// What it says.
    fn text(&self, pages: usize, lang: PdfLang, fonts: &Fonts) -> String {
        let words = file::page_of(lang);
        let piece = |at: usize| words.get(at).map_or("", String::as_str);
        let part: String = self.part.chars().filter(|ch| fonts.covers(*ch)).collect();
        let (before, between, behind) = (piece(0), piece(1), piece(2));
        format!("{part} · {before}{}{between}{pages}{behind}", self.page)
    }

    /// Size of its letters: larger on a larger page, and never wider than the page. Units: points.
    fn size(&self, text: &str) -> f32 {
        let fits = self.width * 0.9 / (text.chars().count() as f32 + 3.0);
        let size = (self.width.min(self.height) / WIDTH * SIZE).clamp(7.0, 40.0);
        size.min(fits).max(0.1)
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
    let lines = stamps.iter().map(|stamp| {
        let text = stamp.text(pages, lang, fonts);
        Line {
            size: stamp.size(&text),
            text,
            width: stamp.width,
            height: stamp.height,
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

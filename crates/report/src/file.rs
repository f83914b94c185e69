//! From nodes to a file: the values as JSON, the typesetter, the DRAFT mark.

use crate::error::ReportError;
use crate::fonts::Fonts;
use crate::mark;
use crate::node::{Cell, Fact, Node, Run};
use crate::pen::Pen;
use crate::warning::{Warning, WarningCode};
use crate::world::{self, Composed, Job, Marks};
use crate::{Options, Pdf, PdfLang};
use model::label;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A document, ready for the typesetter.
#[derive(Debug, Serialize)]
pub(crate) struct Sheet {
    /// For the file's metadata.
    pub(crate) title: String,
    pub(crate) author: String,
    pub(crate) lang: &'static str,
    /// Whether labels are in both languages.
    pub(crate) both: bool,
    pub(crate) today: [i64; 3],
    /// Running header, left and right.
    pub(crate) header: [String; 2],
    /// Running footer, left and right; the middle is the page.
    pub(crate) footer: [String; 2],
    /// “Page {page} of {pages}”, cut at the places.
    pub(crate) page_of: Vec<String>,
    /// How changes are shown.
    pub(crate) style: &'static str,
    /// Whether pages behind the cover are turned to landscape.
    pub(crate) flipped: bool,
    pub(crate) cover: Option<Cover>,
    pub(crate) body: Vec<Node>,
}

/// A cover.
#[derive(Debug, Serialize)]
pub(crate) struct Cover {
    pub(crate) kind: Run,
    pub(crate) titles: Cell,
    pub(crate) facts: Vec<Fact>,
    pub(crate) notes: Cell,
    /// What follows below the facts.
    pub(crate) more: Vec<Node>,
    pub(crate) foot: Cell,
}

/// Typesets a sheet and marks it when it is a draft.
pub(crate) fn finish(
    sheet: &Sheet,
    draft: bool,
    pen: Pen<'_>,
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    Ok(finish_marked(sheet, draft, pen, fonts)?.0)
}

/// As [`finish`], with the pages where parts begin and behind which files are put in.
pub(crate) fn finish_marked(
    sheet: &Sheet,
    draft: bool,
    mut pen: Pen<'_>,
    fonts: &Fonts,
) -> Result<(Pdf, Marks), ReportError> {
    let data = serde_json::to_vec(sheet)?;
    let ident = data_encoding::HEXLOWER.encode(&Sha256::digest(&data));
    let [year, month, day] = sheet.today;
    let date = (
        i32::try_from(year).unwrap_or_default(),
        u8::try_from(month).unwrap_or_default(),
        u8::try_from(day).unwrap_or_default(),
    );
    let job = Job {
        template: include_str!("../templates/document.typ"),
        data,
        pictures: std::mem::take(&mut pen.pictures),
        ident,
        today: date,
        tagged: true,
    };
    let Composed {
        bytes,
        pages,
        faults,
        marks,
    } = world::compose(job, fonts)?;
    let bytes = if draft {
        mark::draw(&bytes, &mark::words(pen.opts.lang), fonts)?
    } else {
        bytes
    };
    let mut warnings = pen.into_warnings();
    warnings.extend(faults.into_iter().map(|detail| Warning {
        code: WarningCode::NotConforming,
        place: None,
        detail,
    }));
    let pdf = Pdf {
        bytes,
        pages,
        warnings,
    };
    Ok((pdf, marks))
}

/// The day as numbers.
///
/// # Errors
/// When it is not a day of the calendar.
pub(crate) fn day(options: &Options<'_>) -> Result<[i64; 3], ReportError> {
    use chrono::{Datelike, NaiveDate};
    let day = NaiveDate::parse_from_str(&options.today, "%Y-%m-%d")
        .map_err(|_| ReportError::NotADay(options.today.clone()))?;
    Ok([
        i64::from(day.year()),
        i64::from(day.month()),
        i64::from(day.day()),
    ])
}

/// The code of the language for the file's metadata.
pub(crate) fn lang_code(lang: PdfLang) -> &'static str {
    if lang == PdfLang::En { "en" } else { "zh" }
}

/// “第 {page} 页 / 共 {pages} 页”, cut into what stands before, between and after the numbers.
pub(crate) fn page_of(lang: PdfLang) -> Vec<String> {
    let label = label!("pdf.pageOf");
    let text = if lang == PdfLang::En {
        label.en
    } else {
        label.zh
    };
    text.replace("{pages}", "\u{1}")
        .replace("{page}", "\u{1}")
        .split('\u{1}')
        .map(str::to_owned)
        .collect()
}

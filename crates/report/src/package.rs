//! Our own pages of a package: letter, contents, list, forms, statements, and a sheet in front of
//! each file that is put in.

use crate::error::ReportError;
use crate::file::{self, Sheet};
use crate::fonts::Fonts;
use crate::node::Node;
use crate::parts::letter::{self, Occasion};
use crate::parts::{form, material, statements, team};
use crate::pen::Pen;
use crate::{Options, Pdf, PdfLang, dossier};
use model::submission::Case;
use model::submission::list::{Row, Status, rows};
use model::{code, label};

/// A file that is put in, or that was refused.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Enclosed {
    /// Place of its item in the list, from 1.
    pub no: usize,
    /// What it is called.
    pub title: String,
    /// Its version, as printed; empty without one.
    pub version: String,
    /// Its date; empty without one.
    pub date: String,
    /// How many pages it has; 0 when it was refused.
    pub pages: usize,
    /// Why it was refused, in words; empty when it goes along.
    pub refused: String,
    /// Its first and last page in the whole, once known.
    pub range: Option<(usize, usize)>,
}

/// Our own pages.
#[derive(Clone, Debug)]
pub struct Front {
    /// The file.
    pub pdf: Pdf,
    /// The pages of ours behind which the files come, in their order.
    pub dividers: Vec<usize>,
    /// The files with their pages in the whole.
    pub enclosed: Vec<Enclosed>,
    /// Pages of the whole.
    pub pages: usize,
}

/// How often the list is set again until its own length stays.
const ROUNDS_MAX: usize = 4;

/// Makes our own pages for a submission.
///
/// # Errors
/// When the study has no facts, the day is none, or the templates are at fault.
pub fn package(
    case: &Case<'_>,
    enclosed: Vec<Enclosed>,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Front, ReportError> {
    let mut enclosed = enclosed;
    let put_in: usize = enclosed.iter().map(|one| one.pages).sum();
    for _ in 0..ROUNDS_MAX {
        let (pdf, dividers) = once(case, &enclosed, opts, fonts)?;
        let mut ahead = 0;
        let mut again = enclosed.clone();
        let taken = again.iter_mut().filter(|one| one.pages > 0);
        for (one, divider) in taken.zip(&dividers) {
            let first = divider + ahead + 1;
            ahead += one.pages;
            one.range = Some((first, first + one.pages - 1));
        }
        let is_settled = again == enclosed;
        enclosed = again;
        if is_settled {
            let pages = pdf.pages + put_in;
            return Ok(Front {
                pdf,
                dividers,
                enclosed,
                pages,
            });
        }
    }
    Err(ReportError::Typeset(
        "the list of material does not settle".to_owned(),
    ))
}

fn once(
    case: &Case<'_>,
    enclosed: &[Enclosed],
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<(Pdf, Vec<usize>), ReportError> {
    let root = case.doc.root().ok_or(ReportError::NoStudy)?;
    let today = file::day(opts)?;
    let mut pen = Pen::new(case.doc, opts, fonts);
    let rows = rows(case);
    let version = case.version();
    let is_lacking =
        |row: &&Row<'_>| row.wanted && matches!(row.status, Status::Lack | Status::Open);
    let occasion = Occasion {
        kind: case.kind(),
        version: version.map(|version| (version.text("number"), version.text("date"))),
        lacking: rows.iter().filter(is_lacking).count(),
    };
    let mut body = letter::letter_for(&mut pen, root, case.site, &occasion);
    body.push(Node::Contents {
        title: pen.word(label!("pdf.contents")),
    });
    body.extend(material::list(&mut pen, &rows, enclosed));
    for row in rows
        .iter()
        .filter(|row| row.item.made == "form" && row.wanted)
    {
        let has_file = row.documents.iter().any(|one| !one.value("file").is_null());
        if let Some(found) = case.set.and_then(|set| set.form(&row.item.form))
            && !has_file
        {
            body.extend(form::form(&mut pen, case, found));
        }
    }
    let makes = |made: &str| rows.iter().any(|row| row.item.made == made && row.wanted);
    if makes("team") {
        body.extend(team::team(&mut pen, root, case.site));
    }
    if makes("integrity") || makes("coi") {
        body.extend(statements::statements(&mut pen, root, case.site));
    }
    let taken = enclosed.iter().filter(|one| one.pages > 0);
    for (n, one) in taken.enumerate() {
        let facts = [one.version.as_str(), one.date.as_str()];
        let facts: Vec<&str> = facts.into_iter().filter(|text| !text.is_empty()).collect();
        let below = pen.text(&facts.join("　"), None);
        let title = format!("{} {}", part(opts.lang, n + 1), one.title);
        body.push(Node::Divider {
            run: pen.text(&title, None),
            below,
            pages: one.pages,
        });
    }
    let name = dossier::title(&mut pen, root);
    let lang = pen.main_lang();
    let kind = code::text("submissionType", case.kind(), lang);
    let sheet = Sheet {
        title: format!("{name} · {kind} · {}", case.committee()),
        author: dossier::author(&mut pen, root),
        lang: file::lang_code(opts.lang),
        both: opts.lang == PdfLang::Both,
        today,
        header: [dossier::short(&name), version_line(case)],
        footer: [
            dossier::number(&mut pen, root),
            dossier::prepared_line(&mut pen),
        ],
        page_of: file::page_of(opts.lang),
        style: "",
        flipped: false,
        cover: None,
        body,
    };
    // What goes to a committee is not approved by it; what it approved is not marked here.
    file::finish_marked(&sheet, false, pen, fonts)
}

/// What an attachment is called.
pub fn part(lang: PdfLang, n: usize) -> String {
    let label = label!("pdf.attachment");
    match lang {
        PdfLang::En => format!("{} {n}", label.en),
        PdfLang::Zh | PdfLang::Both => format!("{} {n}", label.zh),
    }
}

fn version_line(case: &Case<'_>) -> String {
    let version = case.version();
    let said = |field| version.map_or("", |version| version.text(field));
    format!("{} {}", said("number"), said("date"))
        .trim()
        .to_owned()
}

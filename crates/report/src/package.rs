//! Our own pages of a package: letter, contents, list, forms, statements, and a sheet in front of
//! each file that is put in.

use crate::error::ReportError;
use crate::file::{self, Sheet};
use crate::fonts::Fonts;
use crate::node::Node;
use crate::parts::letter::{self, Occasion};
use crate::parts::{form, material, reply, statements, team};
use crate::pen::Pen;
use crate::world::Marks;
use crate::{Options, Pdf, PdfLang, dossier};
use model::submission::list::{Row, Status, rows};
use model::submission::{Case, rounds};
use model::word_page::WordPages;
use model::{Entity, EntityId, code, label};

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
    /// What is to be known of it, in words; empty when nothing is.
    pub note: String,
    /// The document that it is; `None` for what the program made.
    pub document: Option<EntityId>,
    /// Whether it goes along as a file of its own, and is sound.
    pub beside: bool,
    /// The name of the file where it is a form of the office's own that goes along beside: a sheet
    /// says so in front of our pages of the same content. Empty for all else.
    pub office_file: String,
    /// Its first and last page in the whole, once known.
    pub range: Option<(usize, usize)>,
}

/// A part of our own pages, with where it stands in the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnPart {
    /// What it is: `letter`, `contents`, `list`, `form`, `team`, `statements`, `sheet`.
    pub part: &'static str,
    /// The item that it answers, from 1; 0 without one.
    pub no: usize,
    /// What it is called.
    pub title: String,
    /// Its first and last page in the whole, from 1.
    pub range: (usize, usize),
}

/// Our own pages.
#[derive(Clone, Debug)]
pub struct Front {
    /// The file.
    pub pdf: Pdf,
    /// The pages of ours behind which the files come, in their order.
    pub dividers: Vec<usize>,
    /// What our own pages are, in their order.
    pub own: Vec<OwnPart>,
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
    let mut own = Vec::new();
    let put_in: usize = enclosed.iter().map(|one| one.pages).sum();
    for _ in 0..ROUNDS_MAX {
        let (pdf, marks, named) = once(case, &enclosed, &own, opts, fonts)?;
        let dividers = marks.dividers.clone();
        let mut ahead = 0;
        let mut again = enclosed.clone();
        let taken = again.iter_mut().filter(|one| one.pages > 0);
        for (one, divider) in taken.zip(&dividers) {
            let first = divider + ahead + 1;
            ahead += one.pages;
            one.range = Some((first, first + one.pages - 1));
        }
        let parts = own_parts(&marks, &named, &again, pdf.pages);
        let is_settled = again == enclosed && parts == own;
        (enclosed, own) = (again, parts);
        if is_settled {
            let pages = pdf.pages + put_in;
            return Ok(Front {
                own,
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
    own: &[OwnPart],
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<(Pdf, Marks, Vec<Named>), ReportError> {
    let root = case.doc.root().ok_or(ReportError::NoStudy)?;
    let mut pen = Pen::new(case.doc, opts, fonts);
    let mut sections = sections(&mut pen, root, case, enclosed, own);
    let contents = Section {
        part: "contents",
        no: 0,
        title: label!("pdf.contents").text(pen.main_lang()).to_owned(),
        nodes: vec![Node::Contents {
            title: pen.word(label!("pdf.contents")),
        }],
    };
    sections.insert(1.min(sections.len()), contents);
    let mut named: Vec<Named> = Vec::new();
    let mut body = Vec::new();
    for section in sections {
        named.push((section.part, section.no, section.title));
        body.push(Node::Part);
        body.extend(section.nodes);
    }
    let taken = enclosed.iter().filter(|one| one.pages > 0);
    for (n, one) in taken.enumerate() {
        let facts = [one.version.as_str(), one.date.as_str()];
        let facts: Vec<&str> = facts.into_iter().filter(|text| !text.is_empty()).collect();
        let below = pen.text(&facts.join("　"), None);
        let title = format!("{} {}", part(opts.lang, n + 1), one.title);
        named.push(("sheet", one.no, title.clone()));
        body.push(Node::Divider {
            run: pen.text(&title, None),
            below,
            pages: one.pages,
        });
    }
    let name = dossier::title(&mut pen, root);
    let lang = pen.main_lang();
    let kind = code::text("submissionType", case.kind(), lang);
    let title = format!("{name} · {kind} · {}", case.committee());
    let sheet = sheet_of(case, (root, &name), title, body, &mut pen)?;
    // What goes to a committee is not approved by it; what it approved is not marked here.
    let (pdf, marks) = file::finish_marked(&sheet, false, pen, fonts)?;
    Ok((pdf, marks, named))
}

/// Nodes between the head and the foot that every page of a submission bears.
fn sheet_of(
    case: &Case<'_>,
    (root, name): (&Entity, &str),
    title: String,
    body: Vec<Node>,
    pen: &mut Pen<'_>,
) -> Result<Sheet, ReportError> {
    let lang = pen.opts.lang;
    Ok(Sheet {
        title,
        author: dossier::author(pen, root),
        lang: file::lang_code(lang),
        both: lang == PdfLang::Both,
        today: file::day(pen.opts)?,
        header: [dossier::short(name), version_line(case)],
        footer: [dossier::number(pen, root), dossier::prepared_line(pen)],
        page_of: file::page_of(lang),
        style: "",
        flipped: false,
        cover: None,
        body,
    })
}

/// What a part is, the number of its item, what it is called.
type Named = (&'static str, usize, String);

/// Where the parts of our own pages stand in the whole: each ends where the next one begins.
fn own_parts(marks: &Marks, named: &[Named], enclosed: &[Enclosed], pages: usize) -> Vec<OwnPart> {
    let starts: Vec<usize> = marks.parts.iter().chain(&marks.dividers).copied().collect();
    let put_in: Vec<usize> = (enclosed.iter().map(|one| one.pages))
        .filter(|pages| *pages > 0)
        .collect();
    // Pages of files that come before a page of ours.
    let moved = |page: usize| {
        let before = marks.dividers.iter().zip(&put_in);
        let before = before.filter(|(divider, _)| **divider < page);
        page + before.map(|(_, pages)| pages).sum::<usize>()
    };
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([pages]);
    let parts = named.iter().zip(starts.iter().zip(ends));
    parts
        .map(|((part, no, title), (first, last))| OwnPart {
            part,
            no: *no,
            title: title.clone(),
            range: (moved(*first), moved(last)),
        })
        .collect()
}

/// A part of our own pages that may stand alone.
struct Section {
    part: &'static str,
    no: usize,
    title: String,
    nodes: Vec<Node>,
}

/// Whether what an item wants goes along: in the one PDF, or as a sound file beside it.
pub(crate) fn is_had(row: &Row<'_>, enclosed: &[Enclosed]) -> bool {
    let goes = |one: &Enclosed| one.pages > 0 || one.beside;
    let is_own = |one: &&Enclosed| {
        let mut documents = row.documents.iter();
        // One document may answer two items, and goes along once.
        one.no == row.no || documents.any(|document| one.document.as_ref() == Some(&document.id))
    };
    let is_there = enclosed.iter().filter(is_own).any(goes);
    // Protocol and comparison are files of their own; all else that is made stands in our pages,
    // unless somebody brought a file for it.
    let has_file = row.documents.iter().any(|one| !one.value("file").is_null());
    let made = row.item.made.as_str();
    let is_ours = !made.is_empty() && !["protocol", "redline", "changes"].contains(&made);
    match row.status {
        // Not all that is noted is there.
        Status::Recorded if has_file => false,
        Status::Have | Status::Recorded | Status::Made => {
            is_there || (is_ours && row.wanted && !has_file)
        }
        Status::Lack | Status::Open | Status::NotApplicable => false,
    }
}

/// The pages of ours that answer an item: its own, and those that several items share.
pub(crate) fn own_range(row: &Row<'_>, own: &[OwnPart]) -> Option<(usize, usize)> {
    let fits = |part: &&OwnPart| match row.item.made.as_str() {
        "letter" => ["letter", "list"].contains(&part.part),
        "integrity" | "coi" => part.part == "statements",
        made => part.part == made && part.no == row.no,
    };
    let first = own.iter().find(fits)?;
    let last = own.iter().rev().find(fits)?;
    Some((first.range.0, last.range.1))
}

/// The parts of our own pages: the letter first.
fn sections(
    pen: &mut Pen<'_>,
    root: &Entity,
    case: &Case<'_>,
    enclosed: &[Enclosed],
    own: &[OwnPart],
) -> Vec<Section> {
    let rows = rows(case);
    // What nobody decided is not promised.
    let is_lacking = |row: &&Row<'_>| {
        let is_said = !matches!(row.status, Status::NotApplicable | Status::Open);
        row.wanted && is_said && !is_had(row, enclosed)
    };
    let occasion = Occasion {
        kind: case.kind(),
        version: case.named_version(),
        lacking: rows.iter().filter(is_lacking).count(),
    };
    let lang = pen.main_lang();
    let section = |part, no, title: &str, nodes| Section {
        part,
        no,
        title: title.to_owned(),
        nodes,
    };
    let mut out = vec![
        section(
            "letter",
            0,
            &letter::title(case.kind(), lang),
            letter::letter_for(pen, root, case.site, &occasion),
        ),
        section(
            "list",
            0,
            label!("pdf.part.list").text(lang),
            material::list(pen, &rows, enclosed, own),
        ),
    ];
    for row in rows
        .iter()
        .filter(|row| row.item.made == "form" && row.wanted)
    {
        let has_file = row.documents.iter().any(|one| !one.value("file").is_null());
        if let Some(found) = case.set.and_then(|set| set.form(&row.item.form))
            && !has_file
            && !enclosed.iter().any(|one| one.no == row.no && one.pages > 0)
        {
            let mut nodes = form::form(pen, case, found);
            let is_here = |one: &&Enclosed| one.no == row.no && !one.office_file.is_empty();
            if let Some(one) = enclosed.iter().find(is_here) {
                nodes.insert(0, office_sheet(pen, one));
            }
            out.push(section("form", row.no, found.name.text(lang), nodes));
        }
    }
    let made = |made: &str| rows.iter().find(|row| row.item.made == made && row.wanted);
    if let Some(row) = made("reply") {
        let nodes = reply::reply(pen, &rounds::spoken_of(case.doc, case.submission));
        out.push(section("reply", row.no, row.item.name.text(lang), nodes));
    }
    if let Some(row) = made("team") {
        let nodes = team::team(pen, root, case.site);
        out.push(section("team", row.no, row.item.name.text(lang), nodes));
    }
    if let Some(row) = made("integrity").or_else(|| made("coi")) {
        let nodes = statements::statements(pen, root, case.site);
        out.push(section(
            "statements",
            row.no,
            row.item.name.text(lang),
            nodes,
        ));
    }
    out
}

/// The sheet that names the file in which the office's own form goes along.
fn office_sheet(pen: &mut Pen<'_>, one: &Enclosed) -> Node {
    let label = label!("pdf.form.officeSheet");
    let file = [("file", one.office_file.as_str())];
    let said: Vec<String> = pen
        .langs()
        .iter()
        .map(|lang| label.fill(*lang, &file))
        .collect();
    Node::Divider {
        run: pen.text(&one.title, None),
        below: pen.text(&said.join("　"), None),
        pages: 0,
    }
}

/// A round of questions with its answers, as a document of its own.
///
/// # Errors
/// When the study has no facts, the day is none, or the templates are at fault.
pub fn reply(
    case: &Case<'_>,
    round: &Entity,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    let root = case.doc.root().ok_or(ReportError::NoStudy)?;
    let mut pen = Pen::new(case.doc, opts, fonts);
    let nodes = reply::reply(&mut pen, &[round]).into_iter();
    let body = nodes.map(Node::plain).collect();
    let name = dossier::title(&mut pen, root);
    let title = format!("{name} · {}", case.committee());
    let sheet = sheet_of(case, (root, &name), title, body, &mut pen)?;
    file::finish(&sheet, false, pen, fonts)
}

/// A part of our own pages as a document of its own.
#[derive(Clone, Debug)]
pub struct OwnDocument {
    /// What it is.
    pub part: &'static str,
    /// The number of its item; 0 when it has none.
    pub no: usize,
    /// What it is called.
    pub title: String,
    /// The file.
    pub pdf: Pdf,
}

/// Letter, list, forms and statements, each as a PDF of its own that says the same.
///
/// # Errors
/// When the study has no facts, the day is none, or the templates are at fault.
pub fn own_documents(
    case: &Case<'_>,
    front: &Front,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Vec<OwnDocument>, ReportError> {
    let root = case.doc.root().ok_or(ReportError::NoStudy)?;
    let mut out = Vec::new();
    for n in 0.. {
        // What a document warns of is its own.
        let mut pen = Pen::new(case.doc, opts, fonts);
        let all = sections(&mut pen, root, case, &front.enclosed, &front.own);
        let Some(section) = all.into_iter().nth(n) else {
            break;
        };
        let name = dossier::title(&mut pen, root);
        let title = format!("{} · {name} · {}", section.title, case.committee());
        let body = section.nodes.into_iter().map(Node::plain).collect();
        let sheet = sheet_of(case, (root, &name), title, body, &mut pen)?;
        out.push(OwnDocument {
            part: section.part,
            no: section.no,
            title: section.title,
            pdf: file::finish(&sheet, false, pen, fonts)?,
        });
    }
    Ok(out)
}

/// Letter, list, forms and statements, each as a document for Word that says the same.
///
/// # Errors
/// When the study has no facts.
pub fn word_pages(
    case: &Case<'_>,
    front: &Front,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Vec<WordPages>, ReportError> {
    let root = case.doc.root().ok_or(ReportError::NoStudy)?;
    let mut pen = Pen::new(case.doc, opts, fonts);
    let sections = sections(&mut pen, root, case, &front.enclosed, &front.own);
    let pages = sections.into_iter().map(|section| WordPages {
        no: section.no,
        title: section.title,
        blocks: crate::word_pages::blocks(&section.nodes),
    });
    Ok(pages.collect())
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
    let (number, date) = case.named_version().unwrap_or_default();
    format!("{number} {date}").trim().to_owned()
}

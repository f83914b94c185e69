//! The timeline of a study: a table whose last column is drawn from plain numbers, so that pages
//! break between rows and every page has the axis and the names again.

mod geometry;

use crate::error::ReportError;
use crate::file::{self, Sheet};
use crate::fonts::Fonts;
use crate::node::{Cell, Node};
use crate::parts::heading;
use crate::pen::Pen;
use crate::{Options, Pdf, dossier};
use geometry::{Manner, Tick, lay_out};
use model::milestone::plan::StudyPlan;
use model::{StudyDoc, label};
use serde::Serialize;

/// Width of the axis. Units: millimetres.
const WIDTH: f64 = 150.0;

/// A timeline as the template draws it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Picture {
    /// Width of the axis. Units: millimetres.
    width: f64,
    /// What the first two columns hold.
    heads: [Cell; 2],
    ticks: Vec<Tick>,
    today: Option<f64>,
    lanes: Vec<LanePicture>,
}

#[derive(Clone, Debug, Serialize)]
struct LanePicture {
    name: Cell,
    rows: Vec<RowPicture>,
}

#[derive(Clone, Debug, Serialize)]
struct RowPicture {
    name: Cell,
    dates: Cell,
    base: Option<(f64, f64)>,
    now: Option<(f64, f64)>,
    point: bool,
    manner: Manner,
}

/// Makes the timeline of a study.
///
/// # Errors
/// When the study has no facts, the day is none, or the templates are at fault.
pub fn timeline(
    doc: &StudyDoc,
    plan: &StudyPlan,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    let root = doc.root().ok_or(ReportError::NoStudy)?;
    let today = file::day(opts)?;
    let mut pen = Pen::new(doc, opts, fonts);
    let title = pen.word(label!("pdf.timeline"));
    let mut body = vec![heading(1, pen.label(label!("pdf.timeline"))).plain()];
    match lay_out(plan, WIDTH) {
        Some(laid) => {
            body.push(Node::Note {
                mark: pen.word(label!("pdf.timeline.legend")),
                runs: vec![pen.label(label!("pdf.timeline.how"))],
            });
            let lanes = laid.lanes.iter().map(|lane| LanePicture {
                name: words(&mut pen, &lane.name),
                rows: lane
                    .rows
                    .iter()
                    .map(|bar| RowPicture {
                        name: words(&mut pen, &bar.name),
                        dates: dates(&mut pen, bar),
                        base: bar.baseline,
                        now: bar.now,
                        point: bar.point,
                        manner: bar.manner,
                    })
                    .collect(),
            });
            let lanes = lanes.collect();
            body.push(Node::Timeline(Picture {
                width: WIDTH,
                heads: [
                    pen.label_cell(label!("pdf.timeline.what")),
                    pen.label_cell(label!("pdf.timeline.when")),
                ],
                ticks: laid.ticks,
                today: laid.today,
                lanes,
            }));
        }
        None => body.push(Node::Para {
            runs: vec![pen.label(label!("pdf.timeline.none"))],
        }),
    }
    let years = plan.missing_years.iter().map(ToString::to_string);
    let years = years.collect::<Vec<_>>().join(", ");
    if !years.is_empty() {
        let runs = pen.sentence(label!("plan.missingYear"), &[("year", &years)]);
        body.push(Node::Para { runs });
    }
    let name = dossier::title(&mut pen, root);
    let sheet = Sheet {
        title: format!("{name} · {title}"),
        author: dossier::author(&mut pen, root),
        lang: file::lang_code(opts.lang),
        both: opts.lang == crate::PdfLang::Both,
        today,
        header: [dossier::short(&name), String::new()],
        footer: [
            dossier::number(&mut pen, root),
            dossier::prepared_line(&mut pen),
        ],
        page_of: file::page_of(opts.lang),
        style: "",
        flipped: true,
        cover: None,
        body,
    };
    file::finish(&sheet, false, pen, fonts)
}

fn words(pen: &mut Pen<'_>, name: &model::reference::Bilingual) -> Cell {
    let text = match (name.zh.as_str(), name.en.as_str()) {
        ("", en) => en.to_owned(),
        (zh, "") => zh.to_owned(),
        (zh, en) => pen.pair(zh, en),
    };
    if text.is_empty() {
        return pen.label_cell(label!("pdf.untitled"));
    }
    vec![pen.text(&text, None)]
}

/// A stretch from its first to its last day; a day with its baseline where the two differ.
fn dates(pen: &mut Pen<'_>, bar: &geometry::Bar) -> Cell {
    let [first, second] = &bar.dates;
    let text = match bar.point {
        false => format!("{first} – {second}"),
        true if first.is_empty() || first == second => second.clone(),
        true if second.is_empty() => first.clone(),
        true => format!("{first} → {second}"),
    };
    vec![pen.text(&text, None)]
}

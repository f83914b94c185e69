//! The timeline of a study: a table whose last column is drawn from plain numbers, so that pages
//! break between rows and every page has the axis and the names again.

mod geometry;

use crate::error::ReportError;
use crate::file::{self, Sheet};
use crate::fonts::Fonts;
use crate::node::{self, Cell, Node, Run};
use crate::parts::heading;
use crate::pen::Pen;
use crate::{Options, Pdf, dossier};
use geometry::{Bar, Geometry, Manner, Tick, lay_out};
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
    /// What each shape means.
    legend: Vec<Sign>,
    lanes: Vec<LanePicture>,
}

#[derive(Clone, Debug, Serialize)]
struct Sign {
    shape: &'static str,
    words: Cell,
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
    /// Other actual days of the same, nobody has decided between.
    rivals: Vec<(f64, f64)>,
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
            let legend = legend(&pen, &laid);
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
                        rivals: bar.rivals.clone(),
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
                legend,
                lanes,
            }));
        }
        None => body.push(Node::Para {
            runs: vec![pen.label(label!("pdf.timeline.none"))],
        }),
    }
    body.extend(missing_years(&mut pen, &plan.missing_years));
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

/// The shapes that are drawn, with their words.
fn legend(pen: &Pen<'_>, laid: &Geometry) -> Vec<Sign> {
    let rows = || laid.lanes.iter().flat_map(|lane| &lane.rows);
    let has = |is: &dyn Fn(&Bar) -> bool| rows().any(is);
    let is = |manner| move |bar: &Bar| bar.point && bar.now.is_some() && bar.manner == manner;
    let signs = [
        ("done", label!("pdf.timeline.done"), has(&is(Manner::Done))),
        ("open", label!("pdf.timeline.open"), has(&is(Manner::Open))),
        ("late", label!("pdf.timeline.late"), has(&is(Manner::Late))),
        ("part", label!("pdf.timeline.part"), has(&Bar::is_part)),
        (
            "rival",
            label!("pdf.timeline.rival"),
            has(&|bar: &Bar| !bar.rival_dates.is_empty()),
        ),
        (
            "base",
            label!("pdf.timeline.base"),
            has(&|bar: &Bar| bar.point && bar.baseline.is_some()),
        ),
        (
            "phase",
            label!("pdf.timeline.phase"),
            has(&|bar: &Bar| !bar.point),
        ),
        ("today", label!("pdf.timeline.today"), laid.today.is_some()),
    ];
    let drawn = signs.into_iter().filter(|(_, _, is_drawn)| *is_drawn);
    drawn
        .map(|(shape, label, _)| Sign {
            shape,
            words: pen.label_cell(label),
        })
        .collect()
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

/// What the mark of a provisional day means; nothing where no year is missing.
pub(crate) fn missing_years(pen: &mut Pen<'_>, years: &[i32]) -> Option<Node> {
    let years: Vec<String> = years.iter().map(ToString::to_string).collect();
    let years = years.join(", ");
    let runs = pen.sentence(label!("plan.missingYear"), &[("year", &years)]);
    (!years.is_empty()).then_some(Node::Para { runs })
}

/// A stretch from its first to its last day; a day with its baseline where the two differ.
fn dates(pen: &mut Pen<'_>, bar: &geometry::Bar) -> Cell {
    if !bar.rival_dates.is_empty() {
        let days: Vec<String> = bar.rival_dates.iter().map(|day| pen.date(day)).collect();
        let word = Run {
            k: node::Manner::Unresolved,
            ..pen.label(label!("pdf.unresolved"))
        };
        return vec![word, pen.text(&days.join(" / "), None)];
    }
    let [first, second] = &bar.dates;
    let is_same = first == second;
    let (first, second) = (pen.date(first), pen.counted(second, bar.provisional));
    let text = match bar.point {
        false => format!("{first} – {second}"),
        true if first.is_empty() || is_same => second,
        true if second.is_empty() => first,
        true => format!("{first} → {second}"),
    };
    let mut cell = vec![pen.text(&text, None)];
    if bar.manner == Manner::Late && bar.point {
        // The day alone would not say it in print without colour.
        let late = pen.label(label!("plan.status.overdue"));
        cell.push(Run {
            s: format!(" {}", late.s),
            ..late
        });
    }
    cell
}

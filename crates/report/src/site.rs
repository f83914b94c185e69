//! Sheets of one page about a site: how ready it is, and its delegation log to be signed.

use crate::error::ReportError;
use crate::file::{self, Sheet};
use crate::fonts::Fonts;
use crate::node::{Cell, Column, Fact, Manner, Node, Run, Table};
use crate::parts::{heading, number, sites, statements};
use crate::pen::Pen;
use crate::{Options, Pdf, dossier, timeline};
use model::milestone::Readiness;
use model::milestone::plan::PlanRow;
use model::people::delegation::Finding;
use model::people::row::{ContactStanding, DutyRow};
use model::{Entity, EntityId, StudyDoc, code, kind, label};

/// Most typesettings to bring a sheet onto one page.
const TRIES_MAX: usize = 5;
/// More lines than one page ever has.
const LINES_MAX: usize = 48;

/// Who works at a site, and how fit they are for it.
#[derive(Clone, Copy, Default)]
pub struct Team<'a> {
    /// The delegation log.
    pub duties: &'a [DutyRow],
    /// How its contacts stand with their certificates.
    pub contacts: &'a [ContactStanding],
}

/// Makes the readiness sheet of a site: one page. What does not fit of what is least urgent is
/// counted on it, and stands in the application.
///
/// # Errors
/// When the site is not one of the study, the day is none, or the templates are at fault.
pub fn readiness(
    doc: &StudyDoc,
    ready: &Readiness,
    team: Team<'_>,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    let n = [&ready.early, &ready.blocking, &ready.study_gates]
        .into_iter()
        .chain([&ready.open, &ready.letters])
        .map(Vec::len)
        .sum::<usize>();
    let whole = sheet(doc, ready, team, opts, fonts, n)?;
    if whole.pages <= 1 {
        return Ok(whole);
    }
    // As many lines as stand on one page: halving what is left to know.
    let (mut fits, mut too_many) = (0_usize, n.min(LINES_MAX));
    let mut best = None;
    for _ in 0..TRIES_MAX {
        let shown = fits.midpoint(too_many);
        let pdf = sheet(doc, ready, team, opts, fonts, shown)?;
        if pdf.pages <= 1 {
            (fits, best) = (shown, Some(pdf));
        } else {
            too_many = shown;
        }
        if too_many - fits <= 1 {
            break;
        }
    }
    best.map_or_else(|| sheet(doc, ready, team, opts, fonts, 0), Ok)
}

fn sheet(
    doc: &StudyDoc,
    ready: &Readiness,
    team: Team<'_>,
    opts: &Options<'_>,
    fonts: &Fonts,
    mut room: usize,
) -> Result<Pdf, ReportError> {
    let site = site_of(doc, &ready.site)?;
    let root = doc.root().ok_or(ReportError::NoStudy)?;
    let mut pen = Pen::new(doc, opts, fonts);
    let mut body = vec![heading(1, pen.label(label!("pdf.readiness"))).plain()];
    let study = dossier::title(&mut pen, root);
    let mut facts = vec![
        Fact::new(pen.label(label!("pdf.study")), vec![pen.text(&study, None)]),
        Fact::new(
            pen.name_of(kind::SITE, "facility"),
            sites::facility(&mut pen, site),
        ),
    ];
    facts.push(Fact::new(
        pen.label(label!("pdf.readiness.next")),
        next(&mut pen, ready),
    ));
    let enrolled = enrolment(&mut pen, ready);
    if !enrolled.is_empty() {
        facts.push(Fact::new(
            pen.label(label!("pdf.readiness.enrolment")),
            enrolled,
        ));
    }
    body.push(Node::Facts { rows: facts });
    let letters = ready.letters.iter().filter(|row| row.is_open());
    let letters: Vec<PlanRow> = letters.cloned().collect();
    let mut n_left = 0;
    let mut table = |pen: &mut Pen<'_>, rows: &[PlanRow]| {
        let (shown, rest) = rows.split_at(rows.len().min(room));
        (room, n_left) = (room - shown.len(), n_left + rest.len());
        lines(pen, shown)
    };
    // The same order as on screen.
    let tables = [
        (label!("pdf.readiness.early"), table(&mut pen, &ready.early)),
        (
            label!("pdf.readiness.blocking"),
            table(&mut pen, &ready.blocking),
        ),
        (label!("pdf.readiness.people"), people(&mut pen, doc, team)),
        (
            label!("pdf.readiness.gates"),
            table(&mut pen, &ready.study_gates),
        ),
        (label!("pdf.readiness.open"), table(&mut pen, &ready.open)),
        (label!("pdf.readiness.letters"), table(&mut pen, &letters)),
    ];
    for (label, table) in tables {
        if let Some(table) = table {
            body.push(heading(2, pen.label(label)).plain());
            body.push(table);
        }
    }
    if n_left > 0 {
        let n = n_left.to_string();
        body.push(Node::Para {
            runs: pen.sentence(label!("pdf.readiness.more"), &[("n", n.as_str())]),
        });
    }
    body.extend(timeline::missing_years(&mut pen, &ready.missing_years));
    let title = pen.word(label!("pdf.readiness"));
    finish(pen, root, site, &title, (body, false), fonts)
}

/// Makes the delegation log of a site, with boxes to sign in.
///
/// # Errors
/// When the site is not one of the study, the day is none, or the templates are at fault.
pub fn delegation(
    doc: &StudyDoc,
    site: &EntityId,
    duties: &[DutyRow],
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    let site = site_of(doc, site)?;
    let root = doc.root().ok_or(ReportError::NoStudy)?;
    let mut pen = Pen::new(doc, opts, fonts);
    let study = dossier::title(&mut pen, root);
    let mut body = vec![
        heading(1, pen.label(label!("pdf.delegation"))).plain(),
        Node::Facts {
            rows: vec![
                Fact::new(pen.label(label!("pdf.study")), vec![pen.text(&study, None)]),
                Fact::new(
                    pen.name_of(kind::SITE, "facility"),
                    sites::facility(&mut pen, site),
                ),
            ],
        },
        Node::Gap { mm: 4.0 },
    ];
    let of = |name| (kind::ASSIGNMENT, name);
    let named = |pen: &Pen<'_>, (kind, name): (&str, &str)| pen.name_of(kind, name);
    let mut table = Table::new(vec![
        Column::fixed(pen.label(label!("pdf.no")), 10.0).centered(),
        Column::share(named(&pen, of("name")), 1.0),
        Column::share(named(&pen, of("role")), 0.9),
        Column::share(named(&pen, of("tasks")), 2.0).kept(),
        Column::fixed(named(&pen, of("from")), 21.0).kept(),
        Column::fixed(named(&pen, of("until")), 21.0).kept(),
        Column::fixed(named(&pen, of("initials")), 16.0).kept(),
        Column::fixed(pen.label(label!("pdf.delegation.own")), 32.0).kept(),
        Column::fixed(pen.label(label!("pdf.delegation.by")), 34.0).kept(),
    ])
    .boxed();
    // Room to write in by hand.
    let room = || {
        vec![Run {
            s: "\u{a0}\n\u{a0}\n\u{a0}".to_owned(),
            ..Run::default()
        }]
    };
    let shown = duties.iter().filter(|duty| !duty.removed);
    for (n, duty) in shown.enumerate() {
        let cells = vec![
            number(n + 1),
            name(&mut pen, duty),
            coded(&pen, "contactRole", &duty.role),
            tasks(&mut pen, &duty.tasks),
            vec![pen.text(&duty.from, None)],
            if duty.until.is_empty() {
                room()
            } else {
                vec![pen.text(&duty.until, None)]
            },
            if duty.initials.is_empty() {
                room()
            } else {
                vec![pen.text(&duty.initials, None)]
            },
            room(),
            authorised(&mut pen, duty).unwrap_or_else(room),
        ];
        table.push(cells);
    }
    match table.closed() {
        Some(table) => body.push(table),
        None => body.push(Node::Para {
            runs: vec![pen.label(label!("pdf.delegation.none"))],
        }),
    }
    body.push(Node::Note {
        mark: pen.word(label!("pdf.delegation.note")),
        runs: vec![pen.label(label!("pdf.delegation.rule"))],
    });
    body.push(Node::Sign {
        lines: vec![statements::line(&pen, label!("pdf.sign.leader"))],
    });
    let title = pen.word(label!("pdf.delegation"));
    finish(pen, root, site, &title, (body, true), fonts)
}

fn site_of<'a>(doc: &'a StudyDoc, id: &EntityId) -> Result<&'a Entity, ReportError> {
    let site = doc.entity(id);
    site.filter(|entity| entity.kind == kind::SITE && entity.is_shown())
        .ok_or(ReportError::NoSite)
}

fn finish(
    mut pen: Pen<'_>,
    root: &Entity,
    site: &Entity,
    title: &str,
    (body, flipped): (Vec<Node>, bool),
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    let today = file::day(pen.opts)?;
    let name = dossier::title(&mut pen, root);
    let hospital = sites::facility_line(&mut pen, site);
    let sheet = Sheet {
        title: format!("{name} · {title} · {hospital}"),
        author: dossier::author(&mut pen, root),
        lang: file::lang_code(pen.opts.lang),
        both: pen.both(),
        today,
        header: [dossier::short(&name), hospital],
        footer: [
            dossier::number(&mut pen, root),
            dossier::prepared_line(&mut pen),
        ],
        page_of: file::page_of(pen.opts.lang),
        style: "",
        flipped,
        cover: None,
        body,
    };
    file::finish(&sheet, false, pen, fonts)
}

fn words(pen: &mut Pen<'_>, zh: &str, en: &str) -> Cell {
    let text = match (zh, en) {
        ("", en) => en.to_owned(),
        (zh, "") => zh.to_owned(),
        (zh, en) => pen.pair(zh, en),
    };
    if text.is_empty() {
        return Cell::new();
    }
    vec![pen.text(&text, None)]
}

fn coded(pen: &Pen<'_>, list: &str, found: &str) -> Cell {
    match code::find(list, found) {
        Some(code) => vec![Run {
            zh: pen.main_lang() == model::Lang::Zh,
            s: pen.pair(code.zh, code.en),
            ..Run::default()
        }],
        None => Cell::new(),
    }
}

fn tasks(pen: &mut Pen<'_>, tasks: &[String]) -> Cell {
    let words = tasks.iter().filter_map(|task| code::find("task", task));
    let words: Vec<String> = words.map(|code| pen.pair(code.zh, code.en)).collect();
    let text = words.join(if pen.main_lang() == model::Lang::Zh {
        "；"
    } else {
        "; "
    });
    if text.is_empty() {
        return Cell::new();
    }
    vec![pen.text(&text, None)]
}

/// Who authorised it and when, what is wrong with that, and the place for the signature; `None`
/// where nobody did.
fn authorised(pen: &mut Pen<'_>, duty: &DutyRow) -> Option<Cell> {
    let who = &duty.authorised_by;
    let mut cell = words(pen, &who.zh, &who.en);
    if !duty.authorised_on.is_empty() {
        cell.push(pen.text(&format!(" {}", duty.authorised_on), None));
    }
    if cell.is_empty() {
        return None;
    }
    let wrong = duty.findings.iter();
    for finding in wrong.filter(|finding| finding.is_about_authorisation()) {
        let remark = finding_words(pen, finding).into_iter();
        cell.extend(remark.map(|run| Run {
            s: format!("\n{}", run.s),
            k: Manner::Unresolved,
            ..run
        }));
    }
    cell.push(Run {
        s: "\n\u{a0}\n\u{a0}".to_owned(),
        ..Run::default()
    });
    Some(cell)
}

/// The name; whoever was forgotten has none any more.
fn name(pen: &mut Pen<'_>, duty: &DutyRow) -> Cell {
    let cell = words(pen, &duty.name_zh, &duty.name_en);
    if cell.is_empty() && duty.person.is_some() {
        return pen.label_cell(label!("pdf.redacted"));
    }
    cell
}

fn next(pen: &mut Pen<'_>, ready: &Readiness) -> Cell {
    let Some(next) = &ready.next else {
        return pen.label_cell(label!("pdf.readiness.nothing"));
    };
    let mut cell = words(pen, &next.name.zh, &next.name.en);
    let (done, needed) = (ready.n_done.to_string(), ready.n_needed.to_string());
    let of = [("done", done.as_str()), ("needed", needed.as_str())];
    cell.extend(pen.sentence(label!("pdf.readiness.done"), &of));
    let (due, forecast) = (next.due_known(), next.forecast_known());
    let days = [
        (
            label!("pdf.readiness.dueOn"),
            pen.counted(&next.due_shown(), next.provisional),
        ),
        (
            label!("pdf.readiness.expectedOn"),
            if forecast == due {
                String::new()
            } else {
                pen.counted(&forecast, next.forecast_provisional)
            },
        ),
    ];
    for (label, day) in days.iter().filter(|(_, day)| !day.is_empty()) {
        cell.extend(pen.sentence(label, &[("day", day)]));
    }
    cell
}

fn enrolment(pen: &mut Pen<'_>, ready: &Readiness) -> Cell {
    let found = &ready.enrolment;
    if found.as_of.is_empty() && found.target == 0 {
        return Cell::new();
    }
    let rivals: Vec<String> = found.rival_targets.iter().map(u32::to_string).collect();
    let target = match rivals.as_slice() {
        [] => found.target.to_string(),
        rivals => rivals.join(" / "),
    };
    let enrolled = found.enrolled.to_string();
    let screened = found.screened.to_string();
    let of = [
        ("enrolled", enrolled.as_str()),
        ("target", target.as_str()),
        ("screened", screened.as_str()),
        ("on", found.as_of.as_str()),
    ];
    let label = if found.as_of.is_empty() {
        label!("pdf.readiness.target")
    } else {
        label!("pdf.readiness.count")
    };
    let mut cell = pen.sentence(label, &of);
    if found.rival_counts || !found.rival_targets.is_empty() {
        let word = pen.label(label!("pdf.unresolved"));
        cell.push(Run {
            s: format!(" {}", word.s),
            k: Manner::Unresolved,
            ..word
        });
    }
    cell
}

fn lines(pen: &mut Pen<'_>, rows: &[PlanRow]) -> Option<Node> {
    let mut table = Table::new(vec![
        Column::share(pen.name_of(kind::MILESTONE, "name"), 2.0),
        Column::fixed(pen.label(label!("pdf.readiness.status")), 24.0).worded(pen.both()),
        Column::fixed(pen.label(label!("pdf.readiness.due")), 24.0).kept(),
        Column::fixed(pen.label(label!("pdf.readiness.forecast")), 24.0).kept(),
    ]);
    for row in rows {
        let date = |pen: &mut Pen<'_>, text: &str, is_provisional: bool| match text {
            "" => Cell::new(),
            text => {
                let text = pen.counted(text, is_provisional);
                vec![pen.text(&text, None)]
            }
        };
        let cells = vec![
            words(pen, &row.name.zh, &row.name.en),
            pen.label_cell(row.status.label()),
            date(pen, &row.due_shown(), row.provisional),
            date(pen, &row.forecast_known(), row.forecast_provisional),
        ];
        table.push(cells);
    }
    table.closed()
}

/// Who does what here without being fit for it, and why.
fn people(pen: &mut Pen<'_>, doc: &StudyDoc, team: Team<'_>) -> Option<Node> {
    let mut table = Table::new(vec![
        Column::share(pen.name_of(kind::ASSIGNMENT, "name"), 1.0),
        Column::share(pen.name_of(kind::ASSIGNMENT, "role"), 1.0),
        Column::share(pen.label(label!("pdf.readiness.wrong")), 2.6),
    ]);
    for duty in team.duties.iter().filter(|duty| duty.open || duty.removed) {
        for finding in &duty.findings {
            let cells = vec![
                name(pen, duty),
                coded(pen, "contactRole", &duty.role),
                finding_words(pen, finding),
            ];
            table.push(cells);
        }
    }
    for one in team.contacts.iter().filter(|one| one.ending) {
        let Some(contact) = doc.entity(&one.contact) else {
            continue;
        };
        let finding = Finding::now(&one.standing);
        let cells = vec![
            words(pen, contact.text("name.zh"), contact.text("name.en")),
            coded(pen, "contactRole", contact.text("role")),
            finding_words(pen, &finding),
        ];
        table.push(cells);
    }
    table.closed()
}

fn finding_words(pen: &mut Pen<'_>, finding: &Finding) -> Cell {
    let langs = pen.langs();
    let texts = langs.iter().map(|lang| finding.text(*lang));
    let texts: Vec<String> = texts.collect();
    texts
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| pen.text(text, None))
        .collect()
}

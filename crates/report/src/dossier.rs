//! The study dossier: everything that is known of a study, to read and to file.

use crate::error::ReportError;
use crate::file::{self, Cover, Sheet};
use crate::fonts::Fonts;
use crate::node::{Cell, Fact, Manner, Node, Run};
use crate::parts::{chapter_of, design, facts, milestones, papers, protocol, sites};
use crate::pen::Pen;
use crate::version::{self, VersionLabel};
use crate::{Options, Pdf};
use model::{Entity, Lang, StudyDoc, kind, label};

/// Makes the dossier of a study.
///
/// # Errors
/// When the study has no facts, the day is not one, or the templates are at fault.
pub fn dossier(doc: &StudyDoc, opts: &Options<'_>, fonts: &Fonts) -> Result<Pdf, ReportError> {
    let root = doc.root().ok_or(ReportError::NoStudy)?;
    let today = file::day(opts)?;
    let mut pen = Pen::new(doc, opts, fonts);
    let mut body = vec![Node::Contents {
        title: pen.word(label!("pdf.contents")),
    }];
    let rows = facts::all(&mut pen, root);
    body.extend(chapter_of(&pen, label!("pdf.part.facts"), rows));
    body.extend(protocol::sections(&mut pen));
    body.extend(design::arms(&mut pen));
    body.extend(design::outcomes(&mut pen));
    body.extend(protocol::eligibility(&mut pen, root));
    body.extend(sites::sites_and_contacts(&mut pen));
    body.extend(milestones::milestones(&mut pen));
    body.extend(papers::documents(&mut pen));
    body.extend(papers::references(&mut pen));
    let cover = cover(&mut pen, root);
    let name = title(&mut pen, root);
    let sheet = Sheet {
        title: format!("{name} · {}", pen.word(label!("pdf.dossier"))),
        author: author(&mut pen, root),
        lang: file::lang_code(opts.lang),
        both: opts.lang == crate::PdfLang::Both,
        today,
        header: [short(&name), version_line(&mut pen, root)],
        footer: [number(&mut pen, root), prepared_line(&mut pen)],
        page_of: file::page_of(opts.lang),
        style: "",
        flipped: false,
        cover: Some(cover),
        body,
    };
    let label = VersionLabel::working(doc, opts.standing);
    let draft = version::is_draft(doc, opts.standing, &label);
    file::finish(&sheet, draft, pen, fonts)
}

/// The study's title on one line, in the first language; its number when it has no title.
pub(crate) fn title(pen: &mut Pen<'_>, root: &Entity) -> String {
    for field in ["title", "officialTitle"] {
        let conflict = ["zh", "en"].iter().any(|lang| {
            root.fields
                .get(&format!("{field}.{lang}"))
                .is_some_and(|r| r.conflict)
        });
        let text = if conflict {
            pen.line(root, field)
        } else {
            let text = root.text_in(field, pen.main_lang()).to_owned();
            pen.text(&text, None).s.replace(['\n', '\u{200b}'], "")
        };
        if !text.is_empty() {
            return text;
        }
    }
    let number = number(pen, root);
    if number.is_empty() {
        pen.word(label!("pdf.untitledStudy"))
    } else {
        number
    }
}

/// The title that what is signed bears in a language: the official one, else the short one.
pub(crate) fn official(pen: &mut Pen<'_>, root: &Entity, lang: Lang) -> String {
    let conflict = root.fields.iter().any(|(name, held)| {
        held.conflict && (name.starts_with("officialTitle.") || name.starts_with("title."))
    });
    let written = ["officialTitle", "title"].map(|field| root.text_in(field, lang));
    match written.into_iter().find(|text| !text.is_empty()) {
        Some(text) if !conflict => text.to_owned(),
        _ => title(pen, root),
    }
}

/// The number that the study is known by.
pub(crate) fn number(pen: &mut Pen<'_>, root: &Entity) -> String {
    [
        "number.org",
        "registry.nmr",
        "registry.chictr",
        "registry.nct",
    ]
    .into_iter()
    .map(|field| pen.line(root, field))
    .find(|text| !text.is_empty())
    .unwrap_or_default()
}

/// “Version 2.0 · 2026-03-05” of the working text; what is missing is left out.
pub(crate) fn version_line(pen: &mut Pen<'_>, root: &Entity) -> String {
    let label = VersionLabel::working(pen.doc, pen.opts.standing);
    let conflict = ["version", "versionDate"]
        .iter()
        .any(|field| root.fields.get(*field).is_some_and(|held| held.conflict));
    if !label.is_frozen() && conflict {
        let number = pen.line(root, "version");
        let number = label!("pdf.version").fill(pen.main_lang(), &[("version", &number)]);
        let date = pen.line(root, "versionDate");
        return [number, date].join(" · ");
    }
    pen.version_line(&label)
}

/// “Printed 2026-03-05, Wang Haiyan”.
pub(crate) fn prepared_line(pen: &mut Pen<'_>) -> String {
    let today = pen.opts.today.clone();
    label!("pdf.printed").fill(pen.main_lang(), &[("date", &today)])
}

/// The author for the file's metadata: the responsible person, else who prepared it.
pub(crate) fn author(pen: &mut Pen<'_>, root: &Entity) -> String {
    let name = root.text_in("responsible.name", pen.main_lang()).to_owned();
    let name = pen.text(&name, None).s.replace('\u{200b}', "");
    if name.is_empty() {
        pen.opts.prepared_by.clone()
    } else {
        name
    }
}

/// The title, cut to one line of the header.
pub(crate) fn short(text: &str) -> String {
    /// Units: Latin letters; a Chinese character counts for two.
    const ROOM: usize = 84;
    let mut room = ROOM;
    let mut out = String::new();
    for ch in text.chars() {
        let wide = if crate::clean::is_han(ch) { 2 } else { 1 };
        if room < wide {
            return format!("{}…", out.trim_end());
        }
        room -= wide;
        out.push(ch);
    }
    out
}

fn cover(pen: &mut Pen<'_>, root: &Entity) -> Cover {
    let mut titles = pen.value(root, "title");
    let official = pen.value(root, "officialTitle");
    if titles.is_empty() {
        titles = official;
    } else {
        titles.extend(
            official
                .into_iter()
                .filter(|run| run.k == Manner::Plain)
                .map(|run| Run {
                    k: Manner::Mute,
                    ..run
                }),
        );
    }
    if titles.is_empty() {
        titles = pen.label_cell(label!("pdf.untitledStudy"));
    }
    let mut rows = cover_facts(
        pen,
        root,
        &[
            "number.org",
            "registry.nmr",
            "registry.chictr",
            "registry.nct",
        ],
    );
    let [number, date] = version_facts(pen, root);
    rows.extend(
        [number, date]
            .into_iter()
            .filter(|row| !row.value.is_empty()),
    );
    rows.extend(cover_facts(
        pen,
        root,
        &["status", "responsible.name", "organization", "sponsor"],
    ));
    let today = pen.opts.today.clone();
    rows.push(Fact::new(
        pen.label(label!("pdf.printedOn")),
        vec![pen.text(&today, None)],
    ));
    let by = pen.opts.prepared_by.clone();
    if !by.trim().is_empty() {
        rows.push(Fact::new(
            pen.label(label!("pdf.preparedBy")),
            vec![pen.text(&by, None)],
        ));
    }
    Cover {
        kind: pen.label(label!("pdf.dossier")),
        titles,
        facts: rows,
        notes: unresolved_note(pen),
        more: Vec::new(),
        foot: center(pen),
    }
}

/// Number and date of the version that the working text is, else as they are noted.
pub(crate) fn version_facts(pen: &mut Pen<'_>, root: &Entity) -> [Fact; 2] {
    let label = VersionLabel::working(pen.doc, pen.opts.standing);
    let noted = label.number == root.text("version").trim();
    [("version", &label.number), ("versionDate", &label.date)].map(|(field, text)| {
        let value = if label.is_frozen() || !noted {
            let run = pen.text(text, None);
            if run.s.is_empty() {
                Cell::new()
            } else {
                vec![run]
            }
        } else {
            // A conflict shows both.
            pen.value(root, field)
        };
        Fact::new(pen.name_of(kind::STUDY, field), value)
    })
}

/// Labelled values for a cover; fields without a value are left out.
pub(crate) fn cover_facts(pen: &mut Pen<'_>, root: &Entity, fields: &[&str]) -> Vec<Fact> {
    fields
        .iter()
        .filter_map(|name| {
            let value = pen.value(root, name);
            (!value.is_empty()).then(|| Fact::new(pen.name_of(kind::STUDY, name), value))
        })
        .collect()
}

/// How many fields are in conflict, when any are.
pub(crate) fn unresolved_note(pen: &mut Pen<'_>) -> Cell {
    match pen.unresolved() {
        0 => Cell::new(),
        n => pen.sentence(label!("pdf.unresolvedNote"), &[("n", &n.to_string())]),
    }
}

/// The center's name.
pub(crate) fn center(pen: &mut Pen<'_>) -> Cell {
    let center = pen.opts.center;
    pen.langs()
        .iter()
        .map(|lang| pen.text(center.name.text(*lang), None))
        .collect()
}

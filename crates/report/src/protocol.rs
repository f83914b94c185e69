//! The protocol as a document of its own: one version, or the working text.

use crate::dossier;
use crate::error::ReportError;
use crate::file::{self, Cover, Sheet};
use crate::fonts::Fonts;
use crate::node::{Cell, Fact, Manner, Node, Run};
use crate::parts::protocol::Above;
use crate::parts::{design, facts, heading, history, protocol as text, statements};
use crate::pen::Pen;
use crate::version::VersionLabel;
use crate::{Options, Pdf, PdfLang};
use model::{Entity, StudyDoc, label};

/// Makes the protocol of a version from what was frozen, or of the working text.
///
/// # Errors
/// When the study has no facts, the day is not one, or the templates are at fault.
pub fn protocol(
    doc: &StudyDoc,
    label: &VersionLabel,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    once(doc, label, !label.is_approved(), opts, fonts)
}

/// Makes the protocol of a version as it goes to a committee: what is frozen is no draft there,
/// though nobody has approved it yet.
///
/// # Errors
/// As [`protocol`].
pub fn protocol_submitted(
    doc: &StudyDoc,
    label: &VersionLabel,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    once(doc, label, label.id.is_none(), opts, fonts)
}

fn once(
    doc: &StudyDoc,
    label: &VersionLabel,
    is_draft: bool,
    opts: &Options<'_>,
    fonts: &Fonts,
) -> Result<Pdf, ReportError> {
    let root = doc.root().ok_or(ReportError::NoStudy)?;
    let today = file::day(opts)?;
    let mut pen = Pen::new(doc, opts, fonts);
    let mut body = Vec::new();
    body.extend(history::details(&mut pen, label));
    body.extend(history::amendments(&mut pen, label));
    body.extend(signatures(&pen));
    if !body.is_empty() {
        body.insert(0, Node::Page);
    }
    body.push(Node::Contents {
        title: pen.word(label!("pdf.contents")),
    });
    body.extend(summary(&mut pen, root));
    let sections = text::text(&mut pen, Above::Nothing);
    if !sections.is_empty() {
        body.push(Node::Page);
    }
    body.extend(sections);
    let cover = cover(&mut pen, root, label);
    let name = dossier::title(&mut pen, root);
    let line = pen.version_line(label);
    let sheet = Sheet {
        title: format!(
            "{name} · {} · {line}",
            pen.word(label!("pdf.part.protocol"))
        ),
        author: dossier::author(&mut pen, root),
        lang: file::lang_code(opts.lang),
        both: opts.lang == PdfLang::Both,
        today,
        header: [dossier::short(&name), line],
        footer: [
            dossier::number(&mut pen, root),
            dossier::prepared_line(&mut pen),
        ],
        page_of: file::page_of(opts.lang),
        style: "",
        flipped: false,
        cover: Some(cover),
        body,
    };
    file::finish(&sheet, is_draft, pen, fonts)
}

/// The title page, with what the M11 template wants there.
fn cover(pen: &mut Pen<'_>, root: &Entity, label: &VersionLabel) -> Cover {
    let mut titles = pen.value(root, "officialTitle");
    let has_official = !titles.is_empty();
    if !has_official {
        titles = pen.value(root, "title");
    }
    if titles.is_empty() {
        titles = pen.label_cell(label!("pdf.untitledStudy"));
    }
    let mut rows = Vec::new();
    if has_official {
        rows.extend(dossier::cover_facts(pen, root, &["title"]));
    }
    rows.extend(dossier::cover_facts(pen, root, &["acronym", "number.org"]));
    rows.extend(version_rows(pen, root, label));
    rows.extend(products(pen));
    rows.extend(dossier::cover_facts(
        pen,
        root,
        &[
            "phase",
            "sponsor",
            "sponsorAddress",
            "sponsorApproval",
            "organization",
            "responsible.name",
            "responsible.title",
            "responsible.affiliation",
            "registry.nmr",
            "registry.chictr",
            "registry.nct",
        ],
    ));
    rows.extend(approvals(pen, label));
    Cover {
        kind: pen.label(label!("pdf.part.protocol")),
        titles,
        facts: rows,
        notes: [dossier::unresolved_note(pen), pen.missing_note(label)].concat(),
        more: Vec::new(),
        foot: dossier::center(pen),
    }
}

/// Number, date, whether it is the first one, state and the version's own name.
fn version_rows(pen: &mut Pen<'_>, root: &Entity, label: &VersionLabel) -> Vec<Fact> {
    let row = label
        .id
        .as_ref()
        .and_then(|id| pen.opts.standing.version(id));
    let original = row.map(|row| match row.base {
        None => pen.label_cell(label!("pdf.yes")),
        Some(_) => pen.label_cell(label!("pdf.negative")),
    });
    let [mut number, mut date] = dossier::version_facts(pen, root);
    if label.is_frozen() {
        number.value = vec![pen.text(&label.number, None)];
        date.value = vec![pen.text(&label.date, None)];
    }
    let mut out = vec![number, date];
    if let Some(original) = original {
        out.push(Fact::new(pen.label(label!("pdf.original")), original));
    }
    let state = pen.state_word(label);
    let mut state = vec![pen.text(&state, None)];
    if !label.hash.is_empty() {
        let words = label!("pdf.hash").fill(pen.main_lang(), &[("hash", &label.hash)]);
        state.push(Run {
            k: Manner::Mute,
            ..pen.text(&words, None)
        });
    }
    out.push(Fact::new(pen.label(label!("pdf.versionState")), state));
    out.retain(|row| row.value.iter().any(|run| !run.s.is_empty()));
    out
}

/// Names of the investigational products.
fn products(pen: &mut Pen<'_>) -> Option<Fact> {
    let mut names = Cell::new();
    for product in model::product::products(pen.doc) {
        names.extend(pen.value(product, "name"));
    }
    (!names.is_empty()).then(|| Fact::new(pen.label(label!("pdf.product")), names))
}

/// Which committees said what about this version.
fn approvals(pen: &mut Pen<'_>, label: &VersionLabel) -> Option<Fact> {
    let mut said = Cell::new();
    for approval in &label.approvals {
        said.extend(history::approved(pen, approval));
    }
    (!said.is_empty()).then(|| Fact::new(pen.label(label!("pdf.approval")), said))
}

/// Where those sign who answer for the protocol.
fn signatures(pen: &Pen<'_>) -> Vec<Node> {
    vec![
        heading(1, pen.label(label!("pdf.part.signatures"))).plain(),
        Node::Sign {
            lines: vec![
                statements::line(pen, label!("pdf.sign.leader")),
                statements::line(pen, label!("pdf.sign.sponsor")),
            ],
        },
    ]
}

/// The facts of the protocol: what is frozen besides the text.
fn summary(pen: &mut Pen<'_>, root: &Entity) -> Vec<Node> {
    let mut out = Vec::new();
    for (group, label) in [
        ("design", label!("pdf.group.design")),
        ("eligibility", label!("pdf.part.eligibility")),
        ("oversight", label!("pdf.group.oversight")),
        ("sharing", label!("pdf.group.sharing")),
    ] {
        let rows = facts::group_rows(pen, root, group);
        if !rows.is_empty() {
            out.push(heading(2, pen.label(label)).plain());
            out.push(Node::Facts { rows });
        }
    }
    let inner = design::arms(pen).into_iter().chain(design::outcomes(pen));
    // Their chapters become parts of this one.
    out.extend(inner.map(|node| match node.plain() {
        Node::Heading { level, run, .. } => Node::Heading {
            level: level + 1,
            run,
            fresh: false,
            numbered: false,
        },
        node => node,
    }));
    if out.is_empty() {
        return out;
    }
    out.insert(
        0,
        heading(1, pen.label(label!("pdf.part.keyFacts"))).plain(),
    );
    out
}

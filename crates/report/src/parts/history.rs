//! What became of the protocol: its amendments, and what committees said.

use super::heading;
use crate::node::{Cell, Column, Fact, Manner, Node, Run, Table};
use crate::pen::Pen;
use crate::version::VersionLabel;
use model::version::{ApprovalRow, VersionRow};
use model::{Entity, kind, label};

/// The versions up to this one, oldest first.
fn line_of<'a>(pen: &Pen<'a>, label: &VersionLabel) -> Vec<&'a VersionRow> {
    let versions = &pen.opts.standing.versions;
    let from = match &label.id {
        Some(id) => versions.iter().position(|row| row.id == *id).unwrap_or(0),
        None => 0,
    };
    versions[from.min(versions.len())..].iter().rev().collect()
}

/// The table of versions: number, date, why, what, and who approved it.
pub(crate) fn amendments(pen: &mut Pen<'_>, label: &VersionLabel) -> Vec<Node> {
    let mut table = Table::new(vec![
        Column::fixed(pen.name_of(kind::VERSION, "number"), 16.0).centered(),
        Column::fixed(pen.name_of(kind::VERSION, "date"), 22.0).centered(),
        Column::fixed(pen.name_of(kind::VERSION, "reason"), 30.0).worded(pen.both()),
        Column::share(pen.name_of(kind::VERSION, "summary"), 2.0).kept(),
        Column::share(pen.label(label!("pdf.approval")), 1.4),
    ]);
    for row in line_of(pen, label) {
        let number = pen.text(&VersionLabel::from(row).number, None);
        let date = pen.text(&row.date, None);
        let reason = reason(pen, row);
        let mut summary = summary(pen, row);
        if summary.is_empty() && row.base.is_none() {
            summary = pen.label_cell(label!("pdf.firstVersion"));
        }
        let mut approvals = Cell::new();
        for approval in &row.approvals {
            approvals.extend(approved(pen, approval));
        }
        table.push(vec![vec![number], vec![date], reason, summary, approvals]);
    }
    let Some(table) = table.closed() else {
        return Vec::new();
    };
    vec![
        heading(1, pen.label(label!("pdf.part.history"))).plain(),
        table,
    ]
}

/// The reason of a version, in words.
pub(crate) fn reason(pen: &mut Pen<'_>, row: &VersionRow) -> Cell {
    if row.reason.is_empty() {
        return Cell::new();
    }
    let words = pen.code("amendmentReason", &row.reason);
    vec![pen.text(&words, None)]
}

/// The summary of a version.
pub(crate) fn summary(pen: &mut Pen<'_>, row: &VersionRow) -> Cell {
    both(pen, &row.summary_zh, &row.summary_en)
}

/// A text in the languages of the document; in the other one where it is in none of them.
pub(crate) fn both(pen: &mut Pen<'_>, zh: &str, en: &str) -> Cell {
    let (zh, en) = (zh.trim(), en.trim());
    let wanted = match pen.opts.lang {
        crate::PdfLang::Zh if !zh.is_empty() => vec![zh],
        crate::PdfLang::En if !en.is_empty() => vec![en],
        crate::PdfLang::Both if zh == en => vec![zh],
        _ => vec![zh, en],
    };
    let written = wanted.into_iter().filter(|text| !text.is_empty());
    written.map(|text| pen.text(text, None)).collect()
}

/// “瑞金医院：批准，2026-03-05，沪伦审 2026-017 号”.
pub(crate) fn approved(pen: &mut Pen<'_>, approval: &ApprovalRow) -> Option<Run> {
    if approval.status.is_empty() {
        return None;
    }
    let status = pen.code("approvalStatus", &approval.status);
    let day = if approval.decided_on.is_empty() {
        &approval.submitted_on
    } else {
        &approval.decided_on
    };
    let site = pen
        .doc
        .entity(&approval.site)
        .map(|site| super::sites::facility_line(pen, site))
        .filter(|name| !name.is_empty())
        .unwrap_or_else(|| {
            // A version holds no sites.
            let here = pen.opts.standing.site(&approval.site);
            match here.filter(|_| pen.main_lang() == model::Lang::En) {
                Some(site) => site.site_name_en.clone(),
                None => approval.site_name.clone(),
            }
        });
    let (colon, comma) = if pen.main_lang() == model::Lang::Zh {
        ("：", "，")
    } else {
        (": ", ", ")
    };
    let said: Vec<&str> = [status.as_str(), day, &approval.letter]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect();
    let line = format!("{site}{colon}{}", said.join(comma));
    let mut run = pen.text(&line, None);
    if approval.conflict {
        run.k = Manner::Unresolved;
    }
    Some(run)
}

/// What the template asks to be said of an amendment; nothing for a first version.
pub(crate) fn details(pen: &mut Pen<'_>, label: &VersionLabel) -> Vec<Node> {
    let doc = pen.doc;
    let Some(id) = &label.id else {
        return Vec::new();
    };
    let standing = pen.opts.standing;
    let Some(row) = standing.version(id).filter(|row| row.base.is_some()) else {
        return Vec::new();
    };
    let mut rows = Vec::new();
    if let Some(base) = row.base.as_ref().and_then(|base| standing.version(base)) {
        let line = pen.version_line(&VersionLabel::from(base));
        rows.push(Fact::new(
            pen.name_of(kind::VERSION, "base"),
            vec![pen.text(&line, None)],
        ));
    }
    // The version's own registers, where the study has them at hand, say more than the row.
    let entity = doc.entity(id);
    let said = |pen: &mut Pen<'_>, field: &str| {
        entity.map_or_else(Cell::new, |entity: &Entity| pen.value(entity, field))
    };
    let mut scope = said(pen, "scope");
    let mut first = said(pen, "reason");
    if first.is_empty() {
        first = reason(pen, row);
    }
    let mut summed = said(pen, "summary");
    if summed.is_empty() {
        summed = summary(pen, row);
    }
    for (field, value) in [
        ("scope", std::mem::take(&mut scope)),
        ("reason", first),
        ("reason2", said(pen, "reason2")),
        ("summary", summed),
        ("impactSafety", said(pen, "impactSafety")),
        ("impactSafetyNote", said(pen, "impactSafetyNote")),
        ("impactData", said(pen, "impactData")),
        ("impactDataNote", said(pen, "impactDataNote")),
    ] {
        if !value.is_empty() {
            rows.push(Fact::new(pen.name_of(kind::VERSION, field), value));
        }
    }
    vec![
        heading(1, pen.label(label!("pdf.part.amendment"))).plain(),
        Node::Facts { rows },
    ]
}

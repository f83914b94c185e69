//! What the forms say: empty fields, values in conflict, numbers that do not add up, texts that
//! should not be in a package.

use super::Ctx;
use crate::fact::{self, FactPlace};
use crate::formset::{self, FieldKind, Filled, SetForm};
use crate::reference::Bilingual;
use crate::submission::finding::{Finding, at};
use crate::submission::{identifier, rounds};
use crate::{Entity, Register, field, kind};
use serde_json::Value;
use std::collections::BTreeSet;

/// Types whose forms ask how many participants there are.
const WITH_COUNTS: [&str; 4] = ["continuing", "suspension", "termination", "completion"];

pub(super) fn findings(ctx: &Ctx<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut open: BTreeSet<FactPlace> = conflicts(ctx).collect();
    forms(ctx, &mut found, &mut open);
    for place in open {
        let finding = Finding::new("valueConflict", place.clone());
        found.push(finding.with_field("field", &place.kind, &place.field));
    }
    numbers(ctx, &mut found);
    texts(ctx, &mut found);
    found
}

/// Registers in conflict of everything that a package prints.
fn conflicts<'a>(ctx: &'a Ctx<'_>) -> impl Iterator<Item = FactPlace> + 'a {
    let case = ctx.case;
    let belongs = move |entity: &&Entity| {
        let parent = entity.parent.as_ref();
        let is_of_site = entity.kind == kind::CONTACT && parent == Some(&case.site.id);
        entity.id == case.doc.id.root()
            || entity.id == case.site.id
            || entity.id == case.submission.id
            || is_of_site
            || parent == Some(&case.submission.id)
    };
    let entities = case.doc.entities.iter().filter(|entity| entity.is_shown());
    entities.filter(belongs).flat_map(|entity| {
        let is_open = |(name, held): &(&String, &Register)| {
            held.conflict
                && name.as_str() != "note"
                && field::of_register(&entity.kind, name).is_some()
        };
        let open = entity.fields.iter().filter(is_open);
        open.map(|(name, _)| at(entity, name)).collect::<Vec<_>>()
    })
}

fn forms(ctx: &Ctx<'_>, found: &mut Vec<Finding>, open: &mut BTreeSet<FactPlace>) {
    let Some(set) = ctx.case.set else {
        return;
    };
    let is_ours = |row: &&crate::submission::list::Row<'_>| {
        // A form that was filled elsewhere comes as a document with a file.
        let has_file = row
            .documents
            .iter()
            .any(|one| !fact::is_blank(one.value("file")));
        row.item.made == "form" && row.wanted && !has_file
    };
    for row in ctx.rows.iter().filter(is_ours) {
        let Some(form) = set.form(&row.item.form) else {
            continue;
        };
        blank_elsewhere(ctx, form, found);
        for filled in formset::fill(&ctx.case, form) {
            let code = match filled.is_missing() {
                true => Some("fieldMissing"),
                // A place of the office's own form would stay empty.
                false => is_unfilled_place(form, &filled).then_some("blankFieldEmpty"),
            };
            found.extend(code.map(|code| {
                Finding::new(code, filled.wanted.clone())
                    .with_words("form", form.name.clone())
                    .with_words("field", filled.field.label.clone())
            }));
            if filled.unresolved {
                let is_open = |place: &FactPlace| fact::is_in_conflict(ctx.case.doc, place);
                open.extend(filled.places.into_iter().filter(is_open));
            }
        }
    }
}

/// The office's blank is not on this laptop, so the form cannot be filled into it here.
fn blank_elsewhere(ctx: &Ctx<'_>, form: &SetForm, found: &mut Vec<Finding>) {
    let (Some(blank), Some(here)) = (&form.blank, ctx.check.here) else {
        return;
    };
    if !here.contains(&blank.sha256) {
        let place = at(ctx.case.submission, "forms");
        let finding = Finding::new("blankElsewhere", place).with("file", &blank.name);
        found.push(finding.with_words("form", form.name.clone()));
    }
}

/// Whether a field goes into a place of the office's blank and has nothing to put there.
fn is_unfilled_place(form: &SetForm, filled: &Filled<'_>) -> bool {
    let name = format!("{}.{}", filled.part, filled.field.key);
    let mut cells = form.blank.iter().flat_map(|blank| &blank.cells);
    let is_by_hand = matches!(filled.field.kind, FieldKind::Sign | FieldKind::SignDate);
    cells.any(|cell| crate::formset::whole(&cell.field) == name)
        && !is_by_hand
        && filled.zh.is_empty()
        && filled.en.is_empty()
}

fn numbers(ctx: &Ctx<'_>, found: &mut Vec<Finding>) {
    let case = ctx.case;
    let planned = |site: &Entity| site.value("plannedEnrollment").as_u64();
    let total = case
        .doc
        .root()
        .and_then(|root| root.value("enrollment").as_u64());
    let sum: u64 = case.doc.of_kind(kind::SITE).filter_map(planned).sum();
    if let Some(total) = total.filter(|total| sum > *total) {
        found.push(
            Finding::new("siteNumbersExceed", at(case.site, "plannedEnrollment"))
                .with("sum", sum)
                .with("total", total),
        );
    }
    let Some(count) = case.count() else {
        if ctx.is(&WITH_COUNTS) {
            let place = FactPlace {
                kind: kind::ENROLMENT.into(),
                entity: Some(case.site.id.clone()),
                field: "enrolled".into(),
            };
            found.push(Finding::new("countMissing", place));
        }
        return;
    };
    let enrolled = count.value("enrolled").as_u64();
    if let Some((n, planned)) = enrolled
        .zip(planned(case.site))
        .filter(|(n, planned)| n > planned)
    {
        let finding = Finding::new("enrolledExceeds", at(count, "enrolled"));
        found.push(finding.with("n", n).with("planned", planned));
    }
}

/// Texts that seem to hold what identifies a patient.
fn texts(ctx: &Ctx<'_>, found: &mut Vec<Finding>) {
    let case = ctx.case;
    // The reply speaks of the rounds of the one before it as well.
    let rounds = rounds::spoken_of(case.doc, case.submission);
    let replies: Vec<_> = rounds.iter().map(|reply| &reply.id).collect();
    let enclosed = crate::submission::list::enclosed(&ctx.rows);
    let belongs = |entity: &&Entity| {
        entity.id == case.submission.id
            || entity.parent.as_ref() == Some(&case.submission.id)
            || entity
                .parent
                .as_ref()
                .is_some_and(|parent| replies.contains(&parent))
            || enclosed.iter().any(|one| one.document.id == entity.id)
    };
    let shown = case.doc.entities.iter().filter(|entity| entity.is_shown());
    for entity in shown.filter(belongs) {
        for (name, register) in &entity.fields {
            let text = match register.value() {
                Value::Object(file) => file.get("name").and_then(Value::as_str).unwrap_or(""),
                value => value.as_str().unwrap_or(""),
            };
            if identifier::scan(text).is_empty() {
                continue;
            }
            let finding = Finding::new("patientMarks", at(entity, name));
            found.push(if entity.kind == kind::DOCUMENT {
                finding.with_document(entity)
            } else {
                let (zh, en) = crate::field::of_register(&entity.kind, name)
                    .map_or(("", ""), |field| (field.zh, field.en));
                finding.with_words(
                    "document",
                    Bilingual {
                        zh: zh.into(),
                        en: en.into(),
                    },
                )
            });
        }
    }
}

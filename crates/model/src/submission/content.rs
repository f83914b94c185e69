//! What a submission holds, as one value: its hash tells whether anything changed since a check,
//! and is what freezing it keeps.

use super::case::Case;
use super::{list, rounds};
use crate::file::BlobRef;
use crate::{Entity, formset, kind};
use serde_json::{Map, Value, json};

/// Registers that say what becomes of a submission, not what it holds.
const COURSE: [&str; 14] = [
    "checked",
    "checkedOn",
    "sentOn",
    "manifest",
    "acceptedOn",
    "acceptance",
    "filedOn",
    "filedAt",
    "withdrawnOn",
    "withdrawnReason",
    "recognition",
    "note",
    "parent",
    "ord",
];

/// Registers that say what was made of a submission.
const MADE: [&str; 5] = [
    "package",
    "packageOf",
    "packageList",
    "packageParts",
    "officeForms",
];

/// Registers of a submission that a person may write after it was sent, without a reason.
const FREE: [&str; 4] = ["recognition", "note", "parent", "ord"];

/// What is noted of a submission after it was sent: corrected only with a reason.
pub const CORRECTED: [&str; 7] = [
    "sentOn",
    "acceptedOn",
    "acceptance",
    "filedOn",
    "filedAt",
    "withdrawnOn",
    "withdrawnReason",
];

/// What a decision says: corrected only with a reason.
pub const CORRECTED_DECISION: [&str; 6] = [
    "result",
    "number",
    "date",
    "validUntil",
    "intervalMonths",
    "conditions",
];

/// Whether a register of a kind may change after the submission was sent.
pub fn is_of_course(kind: &str, register: &str) -> bool {
    match kind {
        kind::SUBMISSION => FREE.contains(&register),
        kind::REPLY => register == "note",
        kind::ENCLOSURE | kind::ANSWER | kind::POINT | kind::BLANK => false,
        _ => true,
    }
}

/// What a submission holds now.
pub fn content(case: &Case<'_>) -> Value {
    let rows = list::rows(case);
    let items: Vec<Value> = rows
        .iter()
        .map(|row| {
            let documents: Vec<Value> = row.documents.iter().map(|one| document(one)).collect();
            json!({
                "item": row.item.key, "status": row.status.code(), "reason": row.reason,
                "documents": documents,
            })
        })
        .collect();
    let made = rows
        .iter()
        .filter(|row| row.item.made == "form" && row.wanted);
    let mut forms = Map::new();
    for row in made {
        let Some(form) = case.set.and_then(|set| set.form(&row.item.form)) else {
            continue;
        };
        let fields = formset::fill(case, form);
        let fields = fields
            .into_iter()
            .map(|one| json!([one.part, one.field.key, one.zh, one.en]));
        forms.insert(form.key.clone(), fields.collect());
    }
    let version = case
        .version()
        .and_then(|one| case.standing.version(&one.id));
    let base = case.submission.reference("base");
    let base = base.and_then(|id| case.standing.version(&id));
    let hash = |row: Option<&crate::version::VersionRow>| row.map(|row| row.hash.clone());
    let mut content = json!({
        "own": registers(case.submission),
        "version": hash(version),
        "base": hash(base),
        "forms": forms,
        "items": items,
    });
    // Questions that it answers, with the answers; absent where there are none.
    let carried = rounds::carried(case.doc, case.submission);
    if !carried.is_empty() {
        let points = carried
            .iter()
            .flat_map(|round| case.doc.children(&round.id, kind::POINT))
            .map(|point| json!({"id": point.id, "said": registers(point)}));
        content["points"] = points.collect();
    }
    content
}

/// A document as it goes along: everything that is said of it, its file by its hash.
fn document(one: &Entity) -> Value {
    let file = BlobRef::read(one.value("file")).map(|file| file.hash);
    let mut said = registers(one);
    said.remove("file");
    said.remove("note");
    json!({"id": one.id, "file": file, "said": said})
}

/// The displayed values of an entity that it says something with.
fn registers(entity: &Entity) -> Map<String, Value> {
    let said = entity.fields.iter().filter(|(field, register)| {
        !register.value().is_null()
            // What was made of it is no part of it.
            && (entity.kind != kind::SUBMISSION
                || !(COURSE.contains(&field.as_str()) || MADE.contains(&field.as_str())))
    });
    said.map(|(field, register)| (field.clone(), register.value().clone()))
        .collect()
}

//! Why something changed, as people wrote it beside the changes.

use crate::line::What;
use crate::table::ChangeRow;
use model::version::Standing;
use model::{Entity, EntityId, StudyDoc, kind};

/// Fills in the reasons of a table of changes from `from` to `to`; `None` is the working text.
///
/// A reason was written about a change since one version, its base. It counts for every comparison
/// that covers that change: from its base or an older version, to anything newer than its base.
pub fn explain(
    rows: &mut [ChangeRow],
    doc: &StudyDoc,
    standing: &Standing,
    (from, to): (Option<&EntityId>, Option<&EntityId>),
) {
    // Newest first, and before all of them the working text.
    let place = |id: &EntityId| standing.versions.iter().position(|row| row.id == *id);
    let Some(oldest) = from.and_then(place) else {
        return;
    };
    let newest = to.and_then(place);
    let covered = |reason: &&Entity| {
        let base = reason.reference("base").and_then(|id| place(&id));
        base.is_some_and(|base| base <= oldest && newest.is_none_or(|newest| base > newest))
    };
    let mut reasons: Vec<&Entity> = doc.of_kind(kind::RATIONALE).filter(covered).collect();
    // The older change first.
    let age = |reason: &&Entity| reason.reference("base").and_then(|id| place(&id));
    reasons.sort_by_key(|reason| std::cmp::Reverse(age(reason)));
    for row in rows {
        let is_about = |reason: &&&Entity| {
            let about = reason.reference("about");
            about.is_some_and(|about| row.entities.contains(&about))
                && (row.what != What::Fact || reason.text("name") == row.name)
        };
        for (field, why) in [("text.zh", &mut row.why_zh), ("text.en", &mut row.why_en)] {
            let mut said: Vec<&str> = Vec::new();
            for reason in reasons.iter().filter(is_about) {
                let text = reason.text(field).trim();
                if !text.is_empty() && !said.contains(&text) {
                    said.push(text);
                }
            }
            *why = said.join("\n");
        }
    }
}

//! The committee's list: what is missing, undecided or wrongly left out; the form set itself.

use super::Ctx;
use crate::formset;
use crate::submission::finding::{Finding, Level, at, whole};
use crate::submission::list::{Row, Status};

pub(super) fn findings(ctx: &Ctx<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let submission = ctx.case.submission;
    match ctx.case.set {
        None => {
            let forms = format!(
                "{} {}",
                submission.text("forms"),
                submission.text("formsVersion")
            );
            found.push(Finding::new("formsUnknown", at(submission, "forms")).with("forms", forms));
        }
        Some(set) => {
            let newest = ctx.check.own_sets.newest(&set.key);
            if let Some(newer) = newest.filter(|one| formset::is_newer(&one.version, &set.version))
            {
                found.push(
                    Finding::new("formsOutdated", at(submission, "formsVersion"))
                        .with("newer", &newer.version)
                        .with("version", &set.version),
                );
            }
        }
    }
    found.extend(ctx.rows.iter().filter_map(|row| one(ctx, row)));
    found
}

fn one(ctx: &Ctx<'_>, row: &Row<'_>) -> Option<Finding> {
    let place = match row.enclosures.first() {
        Some(said) => whole(said),
        None => at(ctx.case.submission, &format!("item:{}", row.item.key)),
    };
    let finding = |code| {
        let name = row.item.name.clone();
        let found = Finding::new(code, place.clone()).with_words("item", name);
        Some(match ctx.case.list() {
            Some(list) if !list.source.is_empty() => {
                found.by(&list.source, &list.article, list.grade(row.item))
            }
            _ => found,
        })
    };
    match row.status {
        // Each question without an answer is said by itself.
        Status::Lack if row.item.made == "reply" => None,
        Status::Lack if row.item.level == "should" => {
            finding("itemMissing").map(|finding| finding.at(Level::Should))
        }
        Status::Lack => finding("itemMissing"),
        Status::Open => finding("itemOpen"),
        Status::NotApplicable if row.declined && row.wanted && row.reason.trim().is_empty() => {
            finding("notApplicableWithoutReason")
        }
        // Its own condition says that this study needs it.
        Status::NotApplicable if row.declined && row.wanted && !row.item.ask => {
            finding("notApplicableButWanted")
        }
        _ => None,
    }
}

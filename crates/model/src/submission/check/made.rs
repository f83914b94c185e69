//! What we wrote ourselves against what the portal takes: noted when the package was made.

use super::Ctx;
use crate::formset::limits::sizes;
use crate::reference::Bilingual;
use crate::submission::finding::{Finding, at};
use crate::{Label, label};

pub(super) fn findings(ctx: &Ctx<'_>) -> Vec<Finding> {
    let submission = ctx.case.submission;
    let Some(limits) = ctx.case.set.map(|set| &set.limits) else {
        return Vec::new();
    };
    // What was sent went out as it was.
    if !submission.value("manifest").is_null() {
        return Vec::new();
    }
    let over = submission.value("packageParts")["over"].as_array();
    let found = over.into_iter().flatten().filter_map(|one| {
        let row = one["no"].as_u64().and_then(|no| {
            let mut rows = ctx.rows.iter();
            rows.find(|row| row.no as u64 == no)
        });
        let place = match row {
            Some(row) => at(submission, &format!("item:{}", row.item.key)),
            None => at(submission, "package"),
        };
        let name = match row {
            Some(row) => row.item.name.clone(),
            None => of_label(match one["part"].as_str() {
                Some("letter") => label!("package.part.letter"),
                Some("list") => label!("pdf.part.list"),
                _ => label!("pdf.package"),
            }),
        };
        let bytes = one["bytes"].as_u64()?;
        match one["code"].as_str()? {
            "tooLarge" => {
                let [size, max] = sizes(bytes, limits.exceeded(bytes)?);
                let finding = Finding::new("madeTooLarge", place).with_words("file", name);
                Some(finding.with("size", size).with("max", max))
            }
            "type" if !limits.types.is_empty() => {
                let finding = Finding::new("madeType", place).with_words("file", name);
                Some(finding.with("types", limits.types.join(", ")))
            }
            _ => None,
        }
    });
    found.collect()
}

fn of_label(label: &Label) -> Bilingual {
    Bilingual {
        zh: label.zh.to_owned(),
        en: label.en.to_owned(),
    }
}

//! The list as it was sent, whatever became of the documents since.

use super::{Row, first_text, status_of};
use crate::formset::{self, SetItem};
use crate::submission::Case;
use crate::{Entity, EntityId};
use serde_json::Value;

/// What went along under an item.
pub(super) struct Sent<'a> {
    item: &'a SetItem,
    /// The documents with the hashes of their files.
    files: Vec<(&'a Entity, Option<&'a str>)>,
    /// Whether a page or file of ours did.
    is_made: bool,
}

/// What was frozen of an item; `None` while the submission is not sent.
pub(super) fn of<'a>(case: &Case<'a>, item: &'a SetItem) -> Option<Sent<'a>> {
    let manifest: &'a Value = case.submission.value("manifest");
    if manifest.is_null() {
        return None;
    }
    let all = |list: &'a Value| list.as_array().into_iter().flatten();
    let files = all(&manifest["files"]).filter(|one| one[0].as_str() == Some(&item.key));
    let files = files.filter_map(|one| {
        let document = case.doc.entity(&EntityId::parse(one[1].as_str()?)?)?;
        Some((document, one[2].as_str()))
    });
    let mut parts = all(&manifest["parts"]["files"]);
    let is_ours =
        |one: &Value| one["item"].as_str() == Some(&item.key) && one["document"].is_null();
    Some(Sent {
        item,
        files: files.collect(),
        is_made: parts.any(is_ours),
    })
}

impl<'a> Sent<'a> {
    pub(super) fn row(self, case: &Case<'a>, no: usize, enclosures: Vec<&'a Entity>) -> Row<'a> {
        let Self {
            item,
            files,
            is_made,
        } = self;
        let said = first_text(&enclosures, "status");
        let reason = first_text(&enclosures, "reason");
        let went = is_made || !files.is_empty();
        let applies = ["have", "lack"].contains(&said);
        let wanted = went || applies || formset::holds(&item.when, case.doc, case.site);
        let without_file = files.iter().filter(|(_, file)| file.is_none()).count();
        Row {
            no,
            item,
            status: status_of(case, item, said, wanted, (files.len(), without_file)),
            wanted,
            documents: files.into_iter().map(|(document, _)| document).collect(),
            enclosures,
            declined: said == "na",
            reason,
        }
    }
}

//! What is in a package, as `manifest.json` says it.

use super::office_form::OfficeForm;
use super::package::{BESIDE, Maker, Part};
use model::Lang;
use package::Merged;
use serde_json::{Value, json};

impl Maker<'_> {
    /// The list of the files with their pages and hashes.
    pub(super) fn manifest(
        &self,
        name: &str,
        merged: &Merged,
        front: &report::Front,
        parts: &[Part],
    ) -> Value {
        let files = parts.iter().zip(&front.enclosed).map(|(part, listed)| {
            let sheet = part.clean.as_ref().ok().map(|clean| &clean.sheet);
            json!({
                "name": part.name,
                "item": part.item,
                "no": part.no,
                "title": part.title,
                "version": part.version,
                "date": part.date,
                "document": part.document,
                "sha256": part.bytes.as_ref().map(|bytes| bare(bytes)),
                "bytes": part.bytes.as_ref().map(Vec::len),
                "pages": sheet.map(|sheet| sheet.pages.len()),
                "firstPage": listed.range.map(|(first, _)| first),
                "lastPage": listed.range.map(|(_, last)| last),
                "refused": part.clean.as_ref().err().filter(|code| **code != BESIDE),
                "office": part.office.as_ref().map(OfficeForm::value),
                "pdfA": part.pdf_a,
                "repaired": sheet.is_some_and(|sheet| sheet.repaired),
                "signed": sheet.is_some_and(|sheet| sheet.signed),
                "fieldsDrawn": sheet.map_or(0, |sheet| sheet.drawn),
                "fieldsNotDrawn": sheet.map_or(0, |sheet| sheet.undrawn),
                "leftOut": sheet.map_or(0, |sheet| sheet.left_out),
            })
        });
        let files: Vec<Value> = files.collect();
        json!({
            "format": 1,
            "study": self.case.doc.id,
            "submission": self.case.submission.id,
            "type": self.case.kind(),
            "site": self.case.site.text_in("facility", Lang::Zh),
            "committee": self.case.committee(),
            "forms": {
                "key": self.set.key, "version": self.set.version,
                "verification": self.set.verification,
            },
            "package": {
                "name": name,
                "sha256": bare(&merged.bytes),
                "bytes": merged.bytes.len(),
                "pages": merged.pages,
                "ownPages": front.pdf.pages,
                "pdfA": merged.ranges.is_empty() && conforms(&front.pdf.warnings),
            },
            "files": files,
        })
    }
}

/// Whether a document keeps PDF/A-2a and PDF/UA-1.
pub(super) fn conforms(warnings: &[report::Warning]) -> bool {
    let conforming = |one: &report::Warning| one.code != report::WarningCode::NotConforming;
    warnings.iter().all(conforming)
}

/// The hash as `sha256sum` prints it.
fn bare(bytes: &[u8]) -> String {
    package::hash(bytes)
        .trim_start_matches("sha256:")
        .to_owned()
}

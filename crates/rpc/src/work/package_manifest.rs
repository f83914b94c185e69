//! What is in a package, as `manifest.json` says it.

use super::office_form::{OfficeForm, Single};
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
        (parts, singles): (&[Part], &[Single]),
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
                "brokenPages": sheet.map(|sheet| &sheet.broken[..]).unwrap_or_default(),
                "fontsNotEmbedded": sheet.map(|sheet| &sheet.fonts[..]).unwrap_or_default(),
                "repaired": sheet.is_some_and(|sheet| sheet.repaired),
                "signed": sheet.is_some_and(|sheet| sheet.signed),
                "fieldsDrawn": sheet.map_or(0, |sheet| sheet.drawn),
                "fieldsNotDrawn": sheet.map_or(0, |sheet| sheet.undrawn),
                "leftOut": sheet.map_or(0, |sheet| sheet.left_out),
            })
        });
        let files: Vec<Value> = files.collect();
        let mut singles = singles.iter().peekable();
        let own = front.own.iter().map(|part| {
            // They come in one order; contents and sheets stand in the whole alone.
            let own = singles.next_if(|one| (one.part, one.no) == (part.part, part.no));
            json!({
                "part": part.part,
                "no": part.no,
                "title": part.title,
                "name": own.map(|one| one.name.as_str()),
                "sha256": own.map(|one| bare(&one.bytes)),
                "bytes": own.map(|one| one.bytes.len()),
                "firstPage": part.range.0,
                "lastPage": part.range.1,
            })
        });
        let own: Vec<Value> = own.collect();
        json!({
            "format": 1,
            "study": self.case.doc.id,
            "submission": self.case.submission.id,
            "type": self.case.kind(),
            "site": self.case.site.text_in("facility", Lang::Zh),
            "committee": self.case.committee(),
            "date": self.options.today,
            "lang": self.wanted.lang,
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
            "own": own,
            "files": files,
        })
    }
}

/// What is kept of a manifest with what was sent: places, hashes and numbers, no words, so that
/// names can still be redacted.
pub(super) fn without_words(manifest: &Value) -> Value {
    const KEPT: [&str; 10] = [
        "part",
        "no",
        "item",
        "document",
        "sha256",
        "bytes",
        "pages",
        "firstPage",
        "lastPage",
        "refused",
    ];
    let bare = |list: &str| {
        let all = manifest[list].as_array().into_iter().flatten();
        let bare = all.map(|one| {
            let entries = one.as_object().into_iter().flatten();
            let kept =
                entries.filter(|(key, value)| KEPT.contains(&key.as_str()) && !value.is_null());
            let kept = kept.map(|(key, value)| (key.clone(), value.clone()));
            Value::Object(kept.collect())
        });
        Value::Array(bare.collect())
    };
    json!({
        "date": manifest["date"], "lang": manifest["lang"],
        "own": bare("own"), "files": bare("files"),
    })
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

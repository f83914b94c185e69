//! The forms of a package that are an office's own blank.

use super::blank::{self, FilledBlank};
use super::package::{BESIDE, Maker, Part};
use crate::failure::Failure;
use model::formset::{Blank, BlankKind, SetForm, values};
use model::submission::list::Row;
use model::{Lang, label};
use serde_json::{Value, json};

/// What became of a blank.
pub(super) struct OfficeForm {
    form: String,
    blank: String,
    filled: FilledBlank,
}

impl OfficeForm {
    /// As `manifest.json` says it.
    pub(super) fn value(&self) -> Value {
        json!({
            "form": self.form,
            "blank": self.blank.trim_start_matches("sha256:"),
            "notFound": self.filled.lost,
            "notFitting": self.filled.tight,
            "notShown": self.filled.unshown,
        })
    }
}

impl Maker<'_> {
    /// The office's blank of a form, filled; `None` where the office has none.
    pub(super) fn office_form(&self, row: &Row<'_>) -> Option<Part> {
        let form = self.set.form(&row.item.form)?;
        let own = form.blank.as_ref()?;
        let lang = super::pdf::first(self.wanted.lang);
        let title = match form.code.as_str() {
            "" => form.name.text(lang).to_owned(),
            code => format!("{code} {}", form.name.text(lang)),
        };
        let mut part = Part {
            no: row.no,
            item: row.item.key.clone(),
            name: self.name(row.no, row.item.name.text(lang), "", "", own.kind.end()),
            title,
            version: String::new(),
            date: String::new(),
            document: None,
            bytes: None,
            clean: Err("elsewhere"),
            note: String::new(),
            office: None,
            pdf_a: false,
        };
        let Some(bytes) = self.material.bytes.get(&own.sha256) else {
            return Some(part);
        };
        match self.filled(form, own, bytes, lang) {
            Err(failure) => {
                log::info!("package: form {}: {}", form.key, failure.code);
                part.clean = Err("blank");
            }
            Ok(filled) => {
                part.clean = match own.kind {
                    BlankKind::Pdf => self
                        .wanted
                        .helper
                        .clean(&filled.bytes, None)
                        .map_err(package::Refusal::code),
                    BlankKind::Docx | BlankKind::Xlsx => Err(BESIDE),
                };
                if own.kind != BlankKind::Pdf {
                    part.note = label!("pdf.list.officeFile").text(lang).to_owned();
                }
                part.bytes = Some(filled.bytes.clone());
                part.office = Some(OfficeForm {
                    form: form.key.clone(),
                    blank: own.sha256.clone(),
                    filled,
                });
            }
        }
        Some(part)
    }

    /// Letter, list, forms and statements as Word files; a form that is the office's own is not
    /// among them.
    pub(super) fn word(&self, front: &report::Front) -> Result<Vec<(String, Vec<u8>)>, Failure> {
        let lang = super::pdf::first(self.wanted.lang);
        let pages = report::word_pages(&self.case, &front.enclosed, self.options, self.fonts);
        let pages = pages.map_err(super::pdf::failed)?;
        let office = |no: usize| {
            front
                .enclosed
                .iter()
                .any(|one| one.no == no && one.document.is_none() && !one.note.is_empty())
        };
        let own = pages.iter().filter(|one| one.no == 0 || !office(one.no));
        let files = own.map(|one| {
            let name = self.name(one.no, &one.title, "", "", "docx");
            (name, exchange::word::write_pages(one, lang))
        });
        Ok(super::names::apart(files.collect()))
    }

    fn filled(
        &self,
        form: &SetForm,
        own: &Blank,
        bytes: &[u8],
        lang: Lang,
    ) -> Result<FilledBlank, Failure> {
        let values = values(&self.case, form, lang);
        blank::fill(
            own.kind,
            bytes,
            &values,
            lang,
            self.fonts,
            &self.wanted.helper,
        )
    }
}

/// What a person must look at in the filled blanks, in words.
pub(super) fn remarks(file: &Value, lang: Lang) -> Vec<String> {
    let title = file["title"].as_str().unwrap_or_default();
    let kinds = [
        ("notFound", label!("blank.notFound")),
        ("notFitting", label!("blank.notFitting")),
        ("notShown", label!("blank.notShown")),
    ];
    let said = kinds.into_iter().filter_map(|(key, label)| {
        let places = file["office"][key].as_array()?.iter();
        let places: Vec<&str> = places.filter_map(Value::as_str).collect();
        let places = places.join(", ");
        (!places.is_empty()).then(|| label.fill(lang, &[("form", title), ("places", &places)]))
    });
    said.collect()
}

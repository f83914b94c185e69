//! The forms of a package that are an office's own blank.

use super::blank::{self, FilledBlank};
use super::names;
use super::package::{BESIDE, Maker, Part};
use crate::failure::Failure;
use model::formset::{Blank, BlankKind, CellValue, values, whole};
use model::submission::list::Row;
use model::{Lang, label};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What became of a blank.
pub(super) struct OfficeForm {
    form: String,
    blank: String,
    kind: BlankKind,
    filled: FilledBlank,
    /// Fields that the blank has a place for, with what was put there.
    fields: BTreeMap<String, bool>,
}

impl OfficeForm {
    /// As `manifest.json` says it.
    pub(super) fn value(&self) -> Value {
        let fields = |is: bool| {
            let fields = self.fields.iter().filter(move |(_, filled)| **filled == is);
            fields.map(|(field, _)| field.as_str()).collect::<Vec<_>>()
        };
        json!({
            "form": self.form,
            "kind": self.kind,
            "fieldsFilled": fields(true),
            "fieldsBlank": fields(false),
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
        let values = values(&self.case, form, lang);
        let filled = blank::fill(
            own.kind,
            bytes,
            &values,
            lang,
            self.fonts,
            &self.wanted.helper,
        );
        match filled {
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
                    let file = [("file", part.name.as_str())];
                    let note = |lang| label!("pdf.list.officeFile").fill(lang, &file);
                    part.note = self.said(&note(Lang::Zh), &note(Lang::En));
                }
                part.bytes = Some(filled.bytes.clone());
                part.office = Some(OfficeForm {
                    form: form.key.clone(),
                    blank: own.sha256.clone(),
                    kind: own.kind,
                    fields: fields(own, &values, &filled.lost),
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
        let pages = report::word_pages(&self.case, front, self.options, self.fonts);
        let pages = pages.map_err(super::pdf::failed)?;
        let own = pages.iter().filter(|one| !is_office(front, one.no));
        let files = own.map(|one| {
            let name = self.own_name(one.no, &one.title, "docx");
            (name, exchange::word::write_pages(one, lang))
        });
        Ok(names::apart(files.collect()))
    }

    /// The same parts as single PDFs, with what each is.
    pub(super) fn singles(&self, front: &report::Front) -> Result<Vec<Single>, Failure> {
        let all = report::own_documents(&self.case, front, self.options, self.fonts);
        let all = all.map_err(super::pdf::failed)?.into_iter();
        let own = all.filter(|one| !is_office(front, one.no));
        let singles = own.map(|one| Single {
            part: one.part,
            no: one.no,
            name: self.own_name(one.no, &one.title, "pdf"),
            bytes: one.pdf.bytes,
        });
        Ok(singles.collect())
    }

    /// The name of a page of ours by the rule: the version that it speaks of, the day that it bears.
    fn own_name(&self, no: usize, title: &str, end: &str) -> String {
        let (version, _) = self.case.named_version().unwrap_or_default();
        self.name(no, title, version, &self.options.today, end)
    }
}

/// A part of our own pages as a file of its own.
pub(super) struct Single {
    pub(super) part: &'static str,
    pub(super) no: usize,
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// Whether an item is answered by the office's own form instead.
fn is_office(front: &report::Front, no: usize) -> bool {
    let mut enclosed = front.enclosed.iter();
    no != 0 && enclosed.any(|one| one.no == no && !one.office_file.is_empty())
}

/// The fields that a blank has places for, and whether anything stands in one of them.
fn fields(own: &Blank, values: &[CellValue], lost: &[String]) -> BTreeMap<String, bool> {
    let mut fields = BTreeMap::new();
    for (cell, value) in own.cells.iter().zip(values) {
        let is_put = (value.ticked || !value.text.is_empty()) && !lost.contains(&cell.at);
        *fields.entry(whole(&cell.field).to_owned()).or_default() |= is_put;
    }
    fields
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

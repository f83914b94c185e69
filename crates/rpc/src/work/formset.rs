//! Form sets between files, the editor and the vault.

use crate::failure::{Failure, FailureKind};
use crate::request::FormSetPreview;
use crate::response::{FormSetBlank, FormSetCell, FormSetRead, FormSetSheet, SubmissionForm};
use desk::{Desk, DeskError, KnownSet};
use model::formset::{self, Fault, FormSet, NameParts, file_name};
use model::submission::{Case, case, list};
use model::{Lang, StudyDoc, kind};
use std::path::Path;

/// Largest file of a set. Units: bytes.
const FILE_BYTES_MAX: u64 = 1_000_000;

/// The version of a set that words name; without a version, the newest.
pub fn find<'a>(known: &'a [KnownSet], key: &str, version: &str) -> Option<&'a KnownSet> {
    let mut all = known.iter().filter(|one| one.set.key == key);
    all.find(|one| match version {
        "" => one.newest,
        version => one.set.version == version,
    })
}

/// A set as a file.
pub fn to_file(set: &FormSet) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(set).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Reads a file; what is wrong in it is said, nothing is kept.
///
/// # Errors
/// When the file cannot be read or is much too large.
pub fn from_file(path: &Path) -> Result<Result<FormSet, Vec<Fault>>, Failure> {
    let bytes = super::table::bytes_of(path, FILE_BYTES_MAX, "failure.formSetTooLarge")?;
    let text = String::from_utf8(bytes);
    Ok(match text {
        // Indented text is longer than what is kept.
        Ok(text) => match compact(&text) {
            Ok(text) => formset::read(&text),
            Err(error) => Err(vec![Fault::new("", "unreadable", &error.to_string())]),
        },
        Err(_) => Err(vec![Fault::new("", "unreadable", "UTF-8")]),
    })
}

fn compact(text: &str) -> Result<String, serde_json::Error> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let value: serde_json::Value = serde_json::from_str(text)?;
    Ok(value.to_string())
}

/// Reads a file for the editor: a set that has faults is shown with them.
///
/// # Errors
/// As [`from_file`].
pub fn read(desk: &Desk, path: &Path) -> Result<FormSetRead, Failure> {
    let (set, faults) = match from_file(path)? {
        Ok(set) => (Some(set), Vec::new()),
        Err(faults) => {
            let bytes = super::table::bytes_of(path, FILE_BYTES_MAX, "failure.formSetTooLarge")?;
            (serde_json::from_slice(&bytes).ok(), faults)
        }
    };
    let known = desk.form_sets()?;
    let is_known = set
        .as_ref()
        .is_some_and(|set| known.iter().any(|one| one.set == *set));
    Ok(FormSetRead {
        known: is_known,
        set,
        faults,
    })
}

/// A set as it would be used for a study's site.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Storage`].
pub fn sheet(desk: &Desk, req: &FormSetPreview, lang: Lang) -> Result<FormSetSheet, DeskError> {
    let set = &req.set;
    let mut sheet = FormSetSheet {
        faults: formset::faults(set),
        list: Vec::new(),
        forms: Vec::new(),
        blanks: Vec::new(),
        names: Vec::new(),
        version: desk.form_set_version(&set.key)?,
    };
    let Some(study) = &req.study else {
        sheet.names = names(set, None, &req.kind, lang);
        return Ok(sheet);
    };
    let doc = desk.study(study)?.ok_or_else(|| DeskError::NotFound {
        what: "study",
        id: study.to_string(),
    })?;
    sheet.names = names(set, Some(&doc), &req.kind, lang);
    let standing = desk.standing(study)?;
    let site = match &req.site {
        Some(id) => doc.entity(id),
        None => doc.of_kind(kind::SITE).next(),
    };
    let Some(site) = site else {
        return Ok(sheet);
    };
    let newest = standing.versions.first().map(|row| row.id.clone());
    let submission = case::imagined(site, &req.kind, newest.as_ref());
    let case = Case {
        doc: &doc,
        submission: &submission,
        site,
        standing: &standing,
        set: Some(set),
    };
    sheet.list = list::rows(&case)
        .iter()
        .map(super::submission::item)
        .collect();
    let forms = set.forms.iter().map(|form| SubmissionForm {
        key: form.key.clone(),
        fields: formset::fill(&case, form)
            .iter()
            .map(super::submission::field)
            .collect(),
    });
    sheet.forms = forms.collect();
    let with_blank = set.forms.iter().filter(|form| form.blank.is_some());
    let blanks = with_blank.map(|form| FormSetBlank {
        form: form.key.clone(),
        cells: formset::values(&case, form, language(set))
            .into_iter()
            .map(|value| FormSetCell {
                at: value.at,
                text: value.text,
                ticked: value.ticked,
            })
            .collect(),
    });
    sheet.blanks = blanks.collect();
    Ok(sheet)
}

/// The language that a committee's own forms are filled in.
fn language(set: &FormSet) -> Lang {
    if set.language == "en" {
        Lang::En
    } else {
        Lang::Zh
    }
}

/// Names that the first items of a list would have.
fn names(set: &FormSet, doc: Option<&StudyDoc>, kind: &str, lang: Lang) -> Vec<String> {
    let root = doc.and_then(StudyDoc::root);
    let study = root.map_or("", |root| match root.text("acronym") {
        "" => root.text("number.org"),
        acronym => acronym,
    });
    let is_for = |list: &&formset::SetList| list.types.iter().any(|known| known == kind);
    let list = set.lists.iter().find(is_for).or_else(|| set.lists.first());
    let items = list.map_or(&[][..], |list| list.items.as_slice());
    let named = items.iter().zip(1..).take(3).map(|(item, no)| {
        file_name(
            &set.naming.pattern,
            &NameParts {
                study: if study.is_empty() { "STUDY" } else { study },
                no,
                item: item.name.text(lang),
                title: item.name.text(lang),
                version: if item.dated { "1.2" } else { "" },
                date: if item.dated { "2026-03-05" } else { "" },
                lang: Some(lang),
                end: "pdf",
            },
        )
    });
    named.collect()
}

/// Why a set is refused, in words.
pub fn refusal(faults: &[Fault], lang: Lang) -> Failure {
    let first = faults.first().map(|fault| fault.text(lang));
    Failure::new(FailureKind::Invalid, "failure.formSet")
        .with("n", faults.len())
        .with("first", first.unwrap_or_default())
}

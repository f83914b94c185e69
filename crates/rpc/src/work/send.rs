//! A submission goes out: its files are looked into, its package is made and kept, and from then on
//! what was sent is given as it was sent.

use super::package::{self, Made, Material};
use super::sent_parts;
use crate::failure::Failure;
use ::package::{Refusal, Sheet, sandbox::Sandbox};
use desk::{Changed, Desk, DeskError, Sending, Whole};
use model::submission::{Looked, identifier};
use model::{EntityId, Lang, StudyId};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// A file that nobody looked into yet.
pub struct Unlooked {
    document: EntityId,
    hash: String,
    is_pdf: bool,
    bytes: Vec<u8>,
}

/// The files of a submission that nobody looked into yet, and locked ones that a password is given
/// for now. Shape: `passwords` by the id of the document.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Storage`].
pub fn unlooked(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
    passwords: &BTreeMap<String, String>,
) -> Result<Vec<Unlooked>, DeskError> {
    let mut files = Vec::new();
    let again = passwords.keys().filter_map(|id| EntityId::parse(id));
    for (document, file) in desk.submission_unlooked(study, submission, &again.collect())? {
        match desk.blob_read(&file.hash) {
            Ok(bytes) => files.push(Unlooked {
                document,
                is_pdf: file.is_pdf(),
                hash: file.hash,
                bytes,
            }),
            Err(DeskError::FileElsewhere | DeskError::Damaged(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(files)
}

/// Looks into files, each in the limited process; gives what was found by the file's hash.
pub fn look(
    files: Vec<Unlooked>,
    helper: &Sandbox,
    passwords: &BTreeMap<String, String>,
) -> Vec<(String, Looked)> {
    let look = |file: Unlooked| {
        let password = passwords.get(file.document.as_str()).map(String::as_str);
        let clean = if file.is_pdf {
            helper.clean(&file.bytes, password)
        } else {
            Err(Refusal::NotPdf)
        };
        let mut found = found_in(clean.as_ref().map(|clean| &clean.sheet));
        found.marks = clean.ok().map(|clean| marked(helper, &clean.bytes));
        (file.hash, found)
    };
    files.into_iter().map(look).collect()
}

/// Pages whose words seem to hold what identifies a patient. Words that cannot be read are in
/// nobody's way: the file goes along all the same.
fn marked(helper: &Sandbox, bytes: &[u8]) -> Vec<usize> {
    let pages = helper.text(bytes).unwrap_or_default();
    let pages = (1..).zip(&pages);
    let marked = pages.filter(|(_, text)| !identifier::scan(text).is_empty());
    marked.map(|(page, _)| page).collect()
}

fn found_in(clean: Result<&Sheet, &Refusal>) -> Looked {
    match clean {
        Ok(sheet) => Looked {
            refused: String::new(),
            broken: sheet.broken.clone(),
            fonts: sheet.fonts.iter().map(|font| font.name.clone()).collect(),
            marks: None,
        },
        Err(refusal) => Looked {
            refused: refusal.code().to_owned(),
            ..Looked::default()
        },
    }
}

/// Notes what was found in files.
pub fn note(desk: &mut Desk, looked: Vec<(String, Looked)>) {
    for (hash, found) in looked {
        desk.file_looked(&hash, found);
    }
}

/// Notes what the making of a package found in the files of others.
pub fn note_made(desk: &mut Desk, made: &Made) {
    for file in made.manifest["files"].as_array().into_iter().flatten() {
        if let (Some(bare), false) = (file["sha256"].as_str(), file["document"].is_null()) {
            let pages = file["brokenPages"].as_array().into_iter().flatten();
            let pages = pages.filter_map(|page| usize::try_from(page.as_u64()?).ok());
            let fonts = file["fontsNotEmbedded"].as_array().into_iter().flatten();
            let fonts = fonts.filter_map(|font| font["name"].as_str().map(str::to_owned));
            let found = Looked {
                refused: file["refused"].as_str().unwrap_or_default().to_owned(),
                broken: pages.collect(),
                fonts: fonts.collect(),
                marks: None,
            };
            desk.file_looked(&format!("sha256:{bare}"), found);
        }
    }
}

/// What is wanted before a submission is sent.
pub enum Prepared {
    /// Its package was kept, made of what it holds now.
    Kept {
        /// What the submission holds.
        of: String,
        /// Its name.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
    /// Its package is made now.
    ToMake {
        /// What the submission holds.
        of: String,
        /// What it is made of.
        material: Box<Material>,
    },
}

/// Refuses what cannot be sent, and reads what the package is made of.
///
/// # Errors
/// As [`Desk::submission_send`].
pub fn prepare(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
    sending: &Sending,
) -> Result<Prepared, DeskError> {
    desk.submission_sendable(study, submission, sending)?;
    let of = desk.submission_content(study, submission)?;
    Ok(match desk.submission_kept(study, submission)? {
        Some((name, bytes)) => Prepared::Kept { of, name, bytes },
        None => Prepared::ToMake {
            of,
            material: Box::new(package::read(desk, study, submission)?),
        },
    })
}

/// A package that is ready to go out.
pub struct Ready {
    of: String,
    name: String,
    bytes: Vec<u8>,
    made: Option<Made>,
}

impl Prepared {
    /// Makes the package, where it was not kept.
    ///
    /// # Errors
    /// As [`package::make`].
    pub fn ready(self, wanted: &package::Wanted) -> Result<Ready, Failure> {
        match self {
            Self::Kept { of, name, bytes } => Ok(Ready {
                of,
                name,
                bytes,
                made: None,
            }),
            Self::ToMake { of, material } => {
                let made = package::make(&material, wanted)?;
                let (name, bytes) = made.whole();
                Ok(Ready {
                    of,
                    name: name.to_owned(),
                    bytes: bytes.to_vec(),
                    made: Some(made),
                })
            }
        }
    }
}

/// Sends a submission with the package that was made for it.
///
/// # Errors
/// As [`Desk::submission_send`]: also when making it found a file that cannot be put in.
pub fn send(
    desk: &mut Desk,
    study: &StudyId,
    submission: &EntityId,
    sending: Sending,
    ready: &Ready,
) -> Result<Changed, DeskError> {
    if let Some(made) = &ready.made {
        note_made(desk, made);
        desk.submission_keep_parts(study, submission, made.kept_parts())?;
    }
    let whole = Whole {
        name: &ready.name,
        bytes: &ready.bytes,
        of: &ready.of,
    };
    desk.submission_send(study, submission, sending, &whole)
}

/// What was sent, as it lies in the vault.
pub struct Kept {
    /// The name of the package.
    pub name: String,
    /// Its exact bytes.
    pub bytes: Vec<u8>,
    /// The office's own forms that went along, with their names.
    pub office: Vec<(String, Vec<u8>)>,
    /// What it is, as `manifest.json`.
    pub manifest: Value,
}

/// What was sent; `None` while it was not.
///
/// # Errors
/// As [`Desk::submission_sent`].
pub fn kept(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
    lang: Lang,
) -> Result<Option<Kept>, DeskError> {
    let Some((name, bytes)) = desk.submission_sent(study, submission)? else {
        return Ok(None);
    };
    let hash = ::package::hash(&bytes);
    let mut files = vec![(bare_name(&name, "package.pdf"), bytes)];
    let mut listed = Vec::new();
    for one in desk.submission_office_files(study, submission)? {
        let (name, what) = match desk.blob_read(&one.file.hash) {
            Ok(bytes) => {
                let listed_bytes = bytes.len();
                files.push((bare_name(&one.file.name, "form"), bytes));
                (files.len() - 1, json!({"bytes": listed_bytes}))
            }
            // It comes with the next contact; what is here is given.
            Err(DeskError::FileElsewhere) => (0, json!({"refused": "elsewhere"})),
            Err(error) => return Err(error),
        };
        listed.push((name, one, what));
    }
    let files = super::names::apart(files);
    let listed = listed.into_iter().map(|(at, one, what)| {
        let name = files.get(at).map_or("", |(name, _)| name.as_str());
        let mut said = json!({
            "name": if at == 0 { one.file.name.as_str() } else { name },
            "no": one.no,
            "item": one.item,
            "title": one.title.text(lang),
            "sha256": bare(&one.file.hash),
            "office": {"form": one.form, "blank": bare(&one.blank)},
        });
        for (key, value) in what.as_object().into_iter().flatten() {
            said[key] = value.clone();
        }
        said
    });
    let listed: Vec<Value> = listed.collect();
    let mut files = files.into_iter();
    let Some((name, bytes)) = files.next() else {
        return Ok(None);
    };
    let mut manifest = json!({
        "format": 1,
        "study": study,
        "submission": submission,
        "sent": true,
        "package": {
            "name": name,
            "sha256": bare(&hash),
            "bytes": bytes.len(),
        },
    });
    sent_parts::name(desk, study, submission, &mut manifest)?;
    sent_parts::add_office(&mut manifest, listed);
    Ok(Some(Kept {
        name,
        bytes,
        office: files.collect(),
        manifest,
    }))
}

/// A name came with a commit: it names a file, never a folder.
fn bare_name(name: &str, otherwise: &str) -> String {
    let name = Path::new(name).file_name().and_then(|name| name.to_str());
    name.unwrap_or(otherwise).to_owned()
}

/// The hash as `sha256sum` prints it.
fn bare(hash: &str) -> &str {
    hash.trim_start_matches("sha256:")
}

impl Kept {
    /// Writes it and `manifest.json` into a folder; gives their names.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Vec<String>, Failure> {
        let list = serde_json::to_vec_pretty(&self.manifest).expect("plain values");
        let whole = [(self.name.as_str(), self.bytes.as_slice())];
        let office = self.office.iter();
        let office = office.map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        let list = [("manifest.json", list.as_slice())];
        let mut names = Vec::new();
        for (name, bytes) in whole.into_iter().chain(office).chain(list) {
            crate::places::write_file(&folder.join(name), bytes)?;
            names.push(name.to_owned());
        }
        Ok(names)
    }
}

//! A submission goes out: its files are looked into, its package is made and kept, and from then on
//! what was sent is given as it was sent.

use super::package::{self, Made, Material};
use super::sent_parts;
use crate::failure::{Failure, FailureKind};
use crate::request::PdfLang;
use ::package::{Refusal, Sheet, sandbox::Sandbox};
use desk::{Changed, Desk, DeskError, Sending, Whole};
use model::submission::{Looked, Read, identifier};
use model::{EntityId, Lang, StudyId, label};
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
        found.read = match clean {
            Ok(clean) => Some(read(helper, &clean.bytes)),
            // Word and Excel files have words too.
            Err(Refusal::NotPdf) => Some(read(helper, &file.bytes)),
            Err(_) => None,
        };
        (file.hash, found)
    };
    files.into_iter().map(look).collect()
}

/// Longest text of a file that is kept to be compared with the study. Units: characters.
const TEXT_MAX: usize = 200_000;

/// What the words of a file say; what cannot be read goes along all the same, and is named.
fn read(helper: &Sandbox, bytes: &[u8]) -> Read {
    let parts = helper.text(bytes).unwrap_or_default();
    let numbered = || (1..).zip(&parts);
    let marked = numbered().filter(|(_, part)| !identifier::scan(&part.text).is_empty());
    let unread = numbered().filter(|(_, part)| !part.is_read);
    let words = parts
        .iter()
        .flat_map(|part| part.text.chars().chain(['\n']));
    let is_read = parts.iter().any(|part| part.is_read);
    Read {
        text: words.take(TEXT_MAX).collect(),
        marks: marked.map(|(page, _)| page).collect(),
        unread: match is_read {
            true => unread.map(|(page, _)| page).collect(),
            false => Vec::new(),
        },
        is_read,
    }
}

fn found_in(clean: Result<&Sheet, &Refusal>) -> Looked {
    match clean {
        Ok(sheet) => Looked {
            refused: String::new(),
            broken: sheet.broken.clone(),
            fonts: sheet.fonts.iter().map(|font| font.name.clone()).collect(),
            read: None,
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
                read: None,
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

/// Whether the package that is kept with a submission, if any, is in a language; one whose language
/// was not noted counts as it stands.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::Storage`].
pub fn is_kept_in(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
    lang: PdfLang,
) -> Result<bool, DeskError> {
    let held = desk.submitted(study, submission)?;
    let parts = held.case()?.submission.value("packageParts");
    Ok(super::made::lang_of(parts).is_none_or(|kept| kept == lang))
}

/// Refuses what cannot be sent, and reads what the package is made of; `is_anew` makes it anew
/// although one was kept.
///
/// # Errors
/// As [`Desk::submission_send`].
pub fn prepare(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
    sending: &Sending,
    is_anew: bool,
) -> Result<Prepared, DeskError> {
    desk.submission_sendable(study, submission, sending)?;
    let of = desk.submission_content(study, submission)?;
    let kept = desk.submission_kept(study, submission)?;
    Ok(match kept.filter(|_| !is_anew) {
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
        desk.submission_keep_parts(study, submission, made.kept_parts(false))?;
    }
    let whole = Whole {
        name: &ready.name,
        bytes: &ready.bytes,
        of: &ready.of,
    };
    desk.submission_send(study, submission, sending, &whole)
}

/// The list that lies beside what was sent.
pub struct KeptList {
    /// `manifest.json`, byte by byte.
    pub bytes: Vec<u8>,
    /// Whether it was kept at sending, and not put together since.
    pub is_kept: bool,
    /// Names of files that were sent and have not come to this laptop yet.
    pub elsewhere: Vec<String>,
}

impl KeptList {
    /// What it says.
    pub fn read(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_default()
    }

    /// The language of our pages in what was sent; `None` where it was not noted.
    pub fn lang(&self) -> Option<PdfLang> {
        super::made::lang_of(&self.read())
    }

    /// What a reader should know of it, in words.
    pub fn remarks(&self, lang: Lang) -> Vec<String> {
        let late = (!self.is_kept).then(|| label!("package.listNotKept").text(lang).to_owned());
        let sent = label!("package.sentKept").text(lang).to_owned();
        let in_which = self.lang().map_or("unknown", PdfLang::word);
        let in_which = model::label::get(&format!("package.sentIn.{in_which}"));
        let in_which = in_which.map(|label| label.text(lang).to_owned());
        let elsewhere = super::made::refusal_words("elsewhere", lang);
        let elsewhere = self
            .elsewhere
            .iter()
            .map(|name| format!("{name}: {elsewhere}"));
        let all = [sent].into_iter().chain(in_which).chain(late);
        all.chain(elsewhere).collect()
    }
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
    pub list: KeptList,
}

/// What was sent; `None` while it was not.
///
/// # Errors
/// As [`Desk::submission_sent`].
pub fn kept(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
) -> Result<Option<Kept>, DeskError> {
    let Some((name, bytes)) = desk.submission_sent(study, submission)? else {
        return Ok(None);
    };
    let hash = ::package::hash(&bytes);
    let mut files = vec![(bare_name(&name, "package.pdf"), bytes)];
    let (mut office, mut elsewhere) = (Vec::new(), Vec::new());
    for one in desk.submission_office_files(study, submission)? {
        match desk.blob_read(&one.file.hash) {
            Ok(bytes) => files.push((bare_name(&one.file.name, "form"), bytes)),
            // It comes with the next contact; what is here is given.
            Err(DeskError::FileElsewhere) => elsewhere.push(one.file.name.clone()),
            Err(error) => return Err(error),
        }
        office.push(one);
    }
    let mut files = super::names::apart(files).into_iter();
    let Some((name, bytes)) = files.next() else {
        return Ok(None);
    };
    let kept = desk.submission_sent_list(study, submission)?;
    let is_kept = kept.is_some();
    let bytes_of_list = match kept {
        Some(list) => list,
        None => {
            let package = json!({"name": name, "sha256": bare(&hash), "bytes": bytes.len()});
            let list = sent_parts::list(desk, study, submission, package, &office)?;
            serde_json::to_vec_pretty(&list).expect("plain values")
        }
    };
    let list = KeptList {
        bytes: bytes_of_list,
        is_kept,
        elsewhere,
    };
    Ok(Some(Kept {
        name,
        bytes,
        office: files.collect(),
        list,
    }))
}

/// A package that was sent, set aside or not, by the beginning of its hash.
///
/// # Errors
/// As [`Desk::submission_sent_as`].
pub fn kept_as(
    desk: &Desk,
    study: &StudyId,
    submission: &EntityId,
    package: &str,
) -> Result<Kept, DeskError> {
    let (one, bytes, list) = desk.submission_sent_as(study, submission, package)?;
    let name = bare_name(&one.name, "package.pdf");
    let is_kept = list.is_some();
    let said = json!({
        "format": 1, "study": study, "submission": submission, "listKept": false,
        "package": {"name": name, "sha256": bare(&one.package), "bytes": bytes.len()},
        "own": [], "files": [],
    });
    let bytes_of_list =
        list.unwrap_or_else(|| serde_json::to_vec_pretty(&said).expect("plain values"));
    Ok(Kept {
        name,
        bytes,
        office: Vec::new(),
        list: KeptList {
            bytes: bytes_of_list,
            is_kept,
            elsewhere: Vec::new(),
        },
    })
}

/// A name came with a commit: it names a file, never a folder.
fn bare_name(name: &str, otherwise: &str) -> String {
    let name = Path::new(name).file_name().and_then(|name| name.to_str());
    name.unwrap_or(otherwise).to_owned()
}

/// The tagged hash of a file, as it names what was sent.
pub fn hash(bytes: &[u8]) -> String {
    ::package::hash(bytes)
}

/// The hash as `sha256sum` prints it.
pub(super) fn bare(hash: &str) -> &str {
    hash.trim_start_matches("sha256:")
}

impl Kept {
    /// Refuses another language than the one that was sent: those bytes alone are there.
    ///
    /// # Errors
    /// [`FailureKind::Refused`]; where the language was not noted, what was sent is given.
    pub fn fits(&self, wanted: Option<PdfLang>) -> Result<(), Failure> {
        match (self.list.lang(), wanted) {
            (Some(sent), Some(wanted)) if sent != wanted => {
                let code = format!("failure.sentIn.{}", sent.word());
                Err(Failure::new(FailureKind::Refused, &code))
            }
            _ => Ok(()),
        }
    }

    /// Writes it and `manifest.json` into a folder; gives their names.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Vec<String>, Failure> {
        let whole = [(self.name.as_str(), self.bytes.as_slice())];
        let office = self.office.iter();
        let office = office.map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        let list = [("manifest.json", self.list.bytes.as_slice())];
        let mut names = Vec::new();
        for (name, bytes) in whole.into_iter().chain(office).chain(list) {
            crate::places::write_file(&folder.join(name), bytes)?;
            names.push(name.to_owned());
        }
        Ok(names)
    }
}

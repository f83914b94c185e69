//! The file as a package of named parts: what kind of file it is, which parts are unpacked.

use super::limits::{BYTES_MAX, PART_BYTES_MAX, PARTS_MAX, RATIO_FROM, RATIO_MAX, TEXT_BYTES_MAX};
use super::refusal::WordRefusal;
use super::xml::{self, elements};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// A package whose list of parts is read.
pub(crate) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Place of each part by its name; the format does not tell capitals apart.
    places: BTreeMap<String, usize>,
    left_bytes: u64,
}

/// Where a part points to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Relation {
    /// Last word of its type: `styles`, `hyperlink` …
    pub(crate) kind: String,
    /// A part's name, or an address outside.
    pub(crate) target: String,
    /// Whether it is an address outside.
    pub(crate) is_outside: bool,
}

/// Where a part points to, by id.
pub(crate) type Relations = BTreeMap<String, Relation>;

impl<'a> Package<'a> {
    /// Reads the list of parts.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, WordRefusal> {
        check_kind(bytes)?;
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken(bytes))?;
        if archive.len() > PARTS_MAX {
            return Err(too_much(""));
        }
        if listed(bytes).is_some_and(|listed| listed != archive.len()) {
            // The archive's reader keeps one part of each name.
            return Err(WordRefusal::PartTwice);
        }
        let mut places = BTreeMap::new();
        for place in 0..archive.len() {
            let name = archive
                .by_index_raw(place)
                .map_err(|_| broken(bytes))?
                .name()
                .replace('\\', "/");
            let leads_out = name.starts_with('/')
                || name.contains('\0')
                || name.get(1..2) == Some(":")
                || name.split('/').any(|step| step == "..");
            if leads_out {
                return Err(WordRefusal::PartName);
            }
            if places.insert(name.to_lowercase(), place).is_some() {
                return Err(WordRefusal::PartTwice);
            }
        }
        if archive.has_overlapping_files().unwrap_or(true) {
            return Err(too_much(""));
        }
        Ok(Self {
            archive,
            places,
            left_bytes: TEXT_BYTES_MAX,
        })
    }

    /// Whether there is such a part.
    pub(crate) fn has(&self, part: &str) -> bool {
        self.places.contains_key(&part.to_lowercase())
    }

    /// The names of all parts, in lower case.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.places.keys().map(String::as_str)
    }

    /// A part as text; `None` when there is none of that name.
    pub(crate) fn text(&mut self, part: &str) -> Result<Option<String>, WordRefusal> {
        let most = PART_BYTES_MAX.min(self.left_bytes);
        let Some(bytes) = self.bytes(part, most)? else {
            return Ok(None);
        };
        self.left_bytes -= (bytes.len() as u64).min(self.left_bytes);
        xml::text_of(bytes).map(Some).ok_or_else(|| damaged(part))
    }

    /// A part's bytes; too much when they are more than `most`.
    pub(crate) fn bytes(&mut self, part: &str, most: u64) -> Result<Option<Vec<u8>>, WordRefusal> {
        let Some(place) = self.places.get(&part.to_lowercase()) else {
            return Ok(None);
        };
        let file = self.archive.by_index(*place).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => WordRefusal::Encrypted,
            _ => damaged(part),
        })?;
        let ratio = file.size() / file.compressed_size().max(1);
        if file.size() > most || (file.size() > RATIO_FROM && ratio > RATIO_MAX) {
            return Err(too_much(part));
        }
        let mut bytes = Vec::new();
        // The list may lie about the size; what comes out counts.
        file.take(most + 1)
            .read_to_end(&mut bytes)
            .map_err(|_| damaged(part))?;
        if bytes.len() as u64 > most {
            return Err(too_much(part));
        }
        Ok(Some(bytes))
    }

    /// Where a part points to; the package itself for the empty name.
    pub(crate) fn relations(&mut self, part: &str) -> Result<Relations, WordRefusal> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let slash = if folder.is_empty() { "" } else { "/" };
        let list = format!("{folder}{slash}_rels/{file}.rels");
        let Some(text) = self.text(&list)? else {
            return Ok(Relations::new());
        };
        let tree = xml::parse(&list, &text)?;
        let relations = elements(tree.root_element()).filter_map(|node| {
            let is_outside = node.attribute("TargetMode") == Some("External");
            let target = node.attribute("Target")?;
            let relation = Relation {
                kind: node.attribute("Type")?.rsplit('/').next()?.to_owned(),
                target: if is_outside {
                    target.to_owned()
                } else {
                    resolve(folder, target)
                },
                is_outside,
            };
            Some((node.attribute("Id")?.to_owned(), relation))
        });
        Ok(relations.collect())
    }
}

/// The part that a name means when it is said in a folder.
fn resolve(folder: &str, target: &str) -> String {
    let mut steps: Vec<&str> = match target.strip_prefix('/') {
        Some(_) => Vec::new(),
        None => folder.split('/').filter(|step| !step.is_empty()).collect(),
    };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

/// Refuses what is no package, by how it begins.
fn check_kind(bytes: &[u8]) -> Result<(), WordRefusal> {
    let n_bytes = bytes.len() as u64;
    if n_bytes > BYTES_MAX {
        return Err(WordRefusal::TooLarge { bytes: n_bytes });
    }
    if bytes.is_empty() {
        return Err(WordRefusal::Empty);
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err(compound(bytes));
    }
    let start = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
    let start = String::from_utf8_lossy(start).to_lowercase();
    let start = start.trim_start_matches(['\u{feff}', ' ', '\r', '\n', '\t']);
    match start {
        _ if bytes.starts_with(b"PK") => Ok(()),
        _ if start.starts_with("%pdf") => Err(WordRefusal::Pdf),
        _ if start.starts_with("{\\rtf") => Err(WordRefusal::RichText),
        _ if start.starts_with("<!doctype html") || start.contains("<html") => {
            Err(WordRefusal::WebPage)
        }
        _ => Err(WordRefusal::NotWord),
    }
}

/// What a compound file is: its directory names streams in UTF-16.
fn compound(bytes: &[u8]) -> WordRefusal {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        bytes
            .chunks_exact(128)
            .any(|entry| entry.starts_with(&name))
    };
    if has("EncryptedPackage") || has("EncryptionInfo") {
        WordRefusal::Encrypted
    } else if has("WordDocument") {
        WordRefusal::OldWord
    } else if has("Workbook") || has("PowerPoint Document") {
        WordRefusal::OtherOffice
    } else {
        WordRefusal::NotWord
    }
}

/// Where the record at the archive's end begins.
fn end_record(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(22 + 65_535);
    let tail = bytes.get(from..)?;
    let at = tail
        .windows(4)
        .rposition(|window| window == b"PK\x05\x06")?;
    Some(from + at)
}

/// How many parts the archive's end says there are; `None` when it does not say.
fn listed(bytes: &[u8]) -> Option<usize> {
    let at = end_record(bytes)?;
    let count = bytes.get(at + 10..at + 12)?;
    match u16::from_le_bytes([*count.first()?, *count.get(1)?]) {
        u16::MAX => None,
        n => Some(usize::from(n)),
    }
}

/// An archive that cannot be opened: one without its end broke off.
fn broken(bytes: &[u8]) -> WordRefusal {
    match end_record(bytes) {
        None => WordRefusal::Truncated,
        Some(_) => damaged(""),
    }
}

fn damaged(part: &str) -> WordRefusal {
    WordRefusal::Damaged {
        part: part.to_owned(),
    }
}

fn too_much(part: &str) -> WordRefusal {
    WordRefusal::TooMuch {
        part: part.to_owned(),
    }
}

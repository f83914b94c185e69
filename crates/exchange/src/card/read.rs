//! A file of cards, taken apart card by card; a bad card does not stop the others.

use super::build::build;
use super::refusal::{CardFault, CardRefusal};
use super::{BYTES_MAX, CARDS_MAX};
use crate::charset::Charset;
use crate::line::{self, Line};
use model::card::ContactCard;
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};
use zip::ZipArchive;

/// What a file of cards holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardFile {
    /// The cards, in the order of the file.
    pub cards: Vec<ContactCard>,
    /// Cards that are not read.
    pub left_out: Vec<LeftOut>,
    /// What the bytes were read as.
    pub charset: Charset,
    /// Names of what cards hold and contacts do not keep (`BDAY`, `PHOTO`), in order.
    pub not_kept: BTreeSet<String>,
}

/// A card that is not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The line it begins in, from 1.
    pub line: usize,
    /// Its name as far as it was read.
    pub name: String,
    /// Why.
    pub fault: CardFault,
}

/// Reads a file of cards, or a zip archive of such files.
///
/// `charset` is what a person chose; `None` lets the file say it or the bytes be judged.
///
/// # Errors
/// [`CardRefusal`] when the file as a whole is not read.
pub fn read(bytes: &[u8], charset: Option<Charset>) -> Result<CardFile, CardRefusal> {
    if bytes.len() as u64 > BYTES_MAX {
        return Err(CardRefusal::TooLarge);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return read(&unpack(bytes)?, charset);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(CardRefusal::Empty);
    }
    let (lines, charset) = line::read(bytes, charset);
    let mut file = CardFile {
        cards: Vec::new(),
        left_out: Vec::new(),
        charset,
        not_kept: BTreeSet::new(),
    };
    let mut open: Vec<&Line> = Vec::new();
    let mut depth = 0_usize;
    for line in &lines {
        let is_card = line.value.trim().eq_ignore_ascii_case("VCARD");
        match (line.name.as_str(), is_card, depth) {
            // A card begins inside another that says so (`AGENT:`), else the other breaks off.
            ("BEGIN", true, 1..) if open.last().is_none_or(|last| last.name != "AGENT") => {
                file.leave_out(&open, CardFault::Unfinished);
                open = vec![line];
                depth = 1;
            }
            ("BEGIN", true, _) => {
                depth += 1;
                if depth == 1 {
                    open = vec![line];
                }
            }
            ("END", true, 1) => {
                file.take(&open)?;
                open.clear();
                depth = 0;
            }
            ("END", true, _) => depth = depth.saturating_sub(1),
            (_, _, 1) => open.push(line),
            _ => {}
        }
    }
    if depth > 0 {
        file.leave_out(&open, CardFault::Unfinished);
    }
    if file.cards.is_empty() && file.left_out.is_empty() {
        let is_calendar = lines.iter().any(|line| {
            line.name == "BEGIN" && line.value.trim().eq_ignore_ascii_case("VCALENDAR")
        });
        return Err(if is_calendar {
            CardRefusal::Calendar
        } else {
            CardRefusal::NotCards
        });
    }
    Ok(file)
}

impl CardFile {
    fn take(&mut self, lines: &[&Line]) -> Result<(), CardRefusal> {
        if self.cards.len() + self.left_out.len() >= CARDS_MAX {
            return Err(CardRefusal::TooMany);
        }
        match build(lines, &mut self.not_kept) {
            Ok(card) => self.cards.push(card),
            Err(fault) => self.leave_out(lines, fault),
        }
        Ok(())
    }

    fn leave_out(&mut self, lines: &[&Line], fault: CardFault) {
        let name = lines.iter().find(|line| line.name == "FN");
        let name = name.map_or("", |line| line.value.as_str());
        if self.left_out.len() < CARDS_MAX {
            self.left_out.push(LeftOut {
                line: lines.first().map_or(0, |line| line.number),
                name: name.chars().take(80).collect(),
                fault,
            });
        }
    }
}

/// The cards of an archive, one after the other.
fn unpack(bytes: &[u8]) -> Result<Vec<u8>, CardRefusal> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| CardRefusal::Damaged)?;
    if archive.len() > CARDS_MAX {
        return Err(CardRefusal::TooMany);
    }
    let mut all = Vec::new();
    for place in 0..archive.len() {
        let file = archive.by_index(place).map_err(|_| CardRefusal::Damaged)?;
        if !file.name().to_ascii_lowercase().ends_with(".vcf") {
            continue;
        }
        // The list may lie about the size; what comes out counts.
        file.take(BYTES_MAX + 1 - all.len() as u64)
            .read_to_end(&mut all)
            .map_err(|_| CardRefusal::Damaged)?;
        if all.len() as u64 >= BYTES_MAX {
            return Err(CardRefusal::TooLarge);
        }
        all.extend_from_slice(b"\r\n");
    }
    if all.is_empty() {
        return Err(CardRefusal::NotCards);
    }
    Ok(all)
}

//! Work that joins crates: reading records, writing documents, the exchange with a center.
//! The window, the command line and the tests use the same functions.

pub mod blank;
pub mod blank_edit;
pub mod bundle;
pub mod calendar;
pub mod conflict;
pub mod contact;
pub mod copies;
pub mod export;
pub mod formset;
pub mod import;
mod made;
pub mod milestones;
pub mod names;
mod office_form;
mod over;
pub mod package;
mod package_manifest;
pub mod pdf;
pub mod people;
pub mod plan;
pub mod redline;
pub mod registry;
pub mod reminder;
mod replica;
pub mod reply;
mod said;
pub mod sample;
mod sample_directory;
mod self_check;
pub mod send;
mod sent_parts;
pub mod submission;
pub mod sync;
mod sync_files;
pub mod table;
mod withdrawal;
pub mod word;

use crate::places::Places;

/// Numbers about the open vault for a person who helps; no content, no names.
pub(crate) fn vault_facts(desk: &mut desk::Desk) -> Result<String, crate::Failure> {
    let studies = desk.studies()?.len();
    let waiting = desk.waiting()?;
    let conflicts = desk.conflicts()?.len();
    let status = desk.sync_status()?;
    let notes = &desk.vault().notes;
    Ok(format!(
        "studies: {studies}\nwaiting: {waiting}\nconflicts: {conflicts}\nlast contact: {}\n\
         last error: {}\nnotes: {notes:?}\n",
        status.last_contact.unwrap_or_default(),
        status.error.unwrap_or_default(),
    ))
}

const LOG_LINES: usize = 200;

/// The end of today's log; the log holds no content.
pub(crate) fn log_tail(places: &Places) -> String {
    let Ok(text) = std::fs::read_to_string(places.root.join("logs").join("pidesk.log")) else {
        return String::new();
    };
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.len().saturating_sub(LOG_LINES);
    lines.get(start..).unwrap_or_default().join("\n")
}

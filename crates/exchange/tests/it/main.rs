//! The registry records and the Word files of the reference data, in and out.
#![recursion_limit = "512"]

use std::time::Duration;

/// Longer than any file may take, also on a machine that does other things: a reader that goes over
/// a file again and again takes minutes. The goal, two seconds, is measured on an idle machine.
const HANGS: Duration = Duration::from_secs(20);

mod amendments;
mod blank_excel;
mod blank_office;
mod blank_same;
mod blank_word;
mod calendars;
mod cards;
mod counts;
mod fields;
mod files;
mod hand_made;
mod keys;
mod material;
mod mutated;
mod other_readers;
mod own_workbook;
mod pages;
mod round_trip;
mod stored;
mod tables;
mod word_back;
mod word_changes;
mod word_file;
mod word_hostile;
mod word_made;
mod word_pandoc;
mod word_random;
mod word_read;
mod word_sample;
mod word_write;
mod words;

//! The domain in plain values: studies and their parts, fields, codes, words, reference data.
//!
//! Pure: no file, clock, environment, randomness or thread. Start with [`doc::StudyDoc`] (what
//! screens, PDFs and exports read), [`incoming::IncomingStudy`] (what importers make) and
//! [`field::FIELDS`] (every field, declared once).

pub mod agenda;
pub mod calendar;
pub mod card;
pub mod check;
pub mod checklist;
pub mod code;
pub mod columns;
pub mod completeness;
pub mod criteria;
pub mod doc;
pub mod fact;
pub mod field;
pub mod file;
pub mod formset;
pub mod id;
pub mod incoming;
pub mod kind;
pub mod label;
pub mod milestone;
pub mod outline;
pub mod people;
pub mod product;
pub mod protocol;
pub mod reference;
pub mod registry;
pub mod review;
pub mod rich;
pub mod row;
pub mod sample;
pub mod spelling;
pub mod submission;
#[cfg(test)]
mod testing;
mod tsv;
pub mod version;
pub mod word;
pub mod word_page;

pub use doc::{Entity, EntityMark, Head, Link, Register, StudyDoc};
pub use id::{EntityId, PersonId, StudyId};
pub use kind::Kind;
pub use label::{Label, Lang};

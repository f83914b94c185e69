//! What an importer makes of one record: the values it would write, without ids of the vault.

use serde_json::Value;
use std::collections::BTreeMap;

/// One record, understood.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingStudy {
    /// What was read, for example `ctgov`.
    pub source_kind: String,
    /// The record's own number (registry number); matches [`Self::match_field`] of studies here.
    pub source_id: String,
    /// The study register that holds the number, for example `registry.nct`.
    pub match_field: String,
    /// The record's own version, for example the date of its last update.
    pub source_version: String,
    /// The tagged hash of the bytes that were read (`sha256:…`).
    pub source_hash: String,
    /// Registers of the study itself.
    pub fields: BTreeMap<String, Value>,
    /// Everything below the study, parents before children.
    pub parts: Vec<IncomingPart>,
    /// Parts of the record that are not carried (results, derived sections), as paths.
    pub not_carried: Vec<String>,
    /// Keys kept as residue because no field is known for them, as paths.
    pub not_understood: Vec<String>,
    /// Remarks by label key.
    pub warnings: Vec<String>,
}

/// One imported entity.
#[derive(Clone, Debug, PartialEq)]
pub struct IncomingPart {
    /// Its kind.
    pub kind: String,
    /// Its key in the record, with ordinal; unique among parts of its kind in the study.
    /// A child's key starts with its parent's key.
    pub key: String,
    /// The parent's (kind, key); `None` when it belongs to the study.
    pub parent: Option<(String, String)>,
    /// Where a renamed part may be looked for (city and postcode of a site); empty: no renaming.
    pub place: String,
    /// Place among its siblings in the record, from 0.
    pub ordinal: usize,
    /// Its registers.
    pub fields: BTreeMap<String, Value>,
}

/// Whether a register that the previous import wrote stands although the record no longer has it.
///
/// Any other register that an import wrote and that is absent from the next one is cleared. A
/// planned date stands once the actual one is there: the registry shows only one of the two.
///
/// `fields` are those of the part in the new record.
pub fn keeps_when_absent(kind: &str, register: &str, fields: &BTreeMap<String, Value>) -> bool {
    kind == crate::kind::MILESTONE && register == "planned" && fields.contains_key("actual")
}

//! What a caller gets about the text of a protocol, its versions and its redlines.

use model::EntityId;
use model::doc::Register;
use model::version::Hindrance;
use model::word::WordPlan;
use redline::{ChangeRow, Redline, Span};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

pub use model::version::Standing;
pub use model::word::WordReport;

response! {
    /// The text was saved: it is on the disk.
    ProtocolSaved {
        /// Every register that was set, as it stands now.
        registers: Vec<SavedRegister>,
    }
    /// One register that was set.
    SavedRegister {
        /// The entity.
        entity: EntityId,
        /// The register's name.
        field: String,
        /// The register; `None` when it was never written.
        register: Option<Register>,
    }
    /// A conflict of a text, ready to be decided.
    BlockConflict {
        /// What stood before the values parted; null when it is not known.
        base: Value,
        /// Both changes taken together; null when they overlap.
        suggestion: Value,
        /// The values, in the order of the heads.
        rivals: Vec<RivalText>,
    }
    /// One of the values of a conflict.
    RivalText {
        /// Its operation.
        op: String,
        /// What it changed in the base.
        spans: Vec<Span>,
    }
    /// What stands against freezing now.
    HindranceList {
        /// The hindrances.
        rows: Vec<Hindrance>,
    }
    /// A version was frozen.
    VersionFrozen {
        /// The version.
        version: EntityId,
    }
    /// A redline with its change table.
    RedlineAnswer {
        /// The redline.
        redline: Redline,
        /// Its changes by section.
        table: Vec<ChangeRow>,
        /// What the old one is called.
        from_label: String,
        /// What the new one is called.
        to_label: String,
    }
    /// The pictures of two texts that are compared, by their blocks.
    RedlinePictures {
        /// Values of `image` in the old one, where the new one has another or none.
        old: BTreeMap<EntityId, String>,
        /// Values of `image` in the new one.
        new: BTreeMap<EntityId, String>,
    }
    /// A Word file, read and matched with a study.
    WordPreview {
        /// Names the preview when it is carried out.
        preview: u32,
        /// The file's name.
        file: String,
        /// What would happen.
        plan: WordPlan,
        /// Remarks, by label key.
        warnings: Vec<String>,
        /// What is in the file and not carried, by label key.
        not_carried: Vec<String>,
    }
}

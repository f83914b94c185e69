//! What a caller gets about the text of a protocol, its versions and its redlines.

use model::EntityId;
use model::doc::Register;
use serde::Serialize;
use ts_rs::TS;

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
}

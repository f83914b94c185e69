//! What a caller sends about the text of a protocol, its versions and its redlines.

use model::StudyId;
use model::protocol::ProtocolChange;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

request! {
    /// Everything that changed in the text at one moment.
    ProtocolSave {
        /// The study.
        study: StudyId,
        /// The changes, in order.
        changes: Vec<ProtocolChange>,
        /// The reason in words.
        why: Option<String>,
    }
}

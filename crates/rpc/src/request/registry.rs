//! What a caller sends about checks of a protocol and the sheets of registries.

use model::StudyId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

request! {
    /// A protocol to be held against a template or a standard.
    ProtocolCheck {
        /// The study.
        study: StudyId,
        /// The key of a template, or `spirit-2025`.
        template: String,
    }
    /// The sheet of a registry.
    RegistryRef {
        /// The study.
        study: StudyId,
        /// `who`, `chictr` or `nmr`.
        registry: String,
    }
    /// A registry was given the values of its sheet.
    RegistryNote {
        /// The study.
        study: StudyId,
        /// `who`, `chictr` or `nmr`.
        registry: String,
        /// The day. Time: `YYYY-MM-DD`.
        date: String,
        /// A remark.
        note: String,
    }
}

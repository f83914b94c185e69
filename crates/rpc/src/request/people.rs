//! What a caller sends about members, laptops and what was kept for review.

use model::StudyId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

request! {
    /// One account's new standing in a study.
    MemberSet {
        /// The account's id or name at the center.
        account: String,
        /// `pi`, `co-investigator`, `coordinator` or `reader`; `None` when its part ends.
        role: Option<String>,
    }
    /// Members of a study change, all of it or nothing.
    MemberChange {
        /// The study.
        study: StudyId,
        /// What changes.
        changes: Vec<MemberSet>,
        /// Why; may be empty.
        why: String,
    }
    /// A laptop gets a name.
    DeviceName {
        /// The device.
        device: String,
        /// Its name.
        label: String,
    }
    /// A laptop.
    DeviceRef {
        /// The device.
        device: String,
    }
    /// Studies go into an encrypted file.
    BundleWrite {
        /// The studies.
        studies: Vec<StudyId>,
        /// The file's passphrase.
        passphrase: String,
        /// Where.
        path: String,
    }
    /// An encrypted file of studies is taken in.
    BundleRead {
        /// The file.
        path: String,
        /// Its passphrase.
        passphrase: String,
    }
    /// Commits that were kept for review are decided.
    ReviewDecide {
        /// The study.
        study: StudyId,
        /// Their ids.
        ids: Vec<String>,
        /// Why; must be given to dismiss.
        why: String,
    }
}

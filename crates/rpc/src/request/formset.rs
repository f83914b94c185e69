//! What a caller sends about form sets.

use model::formset::{FormSet, SetForm};
use model::{EntityId, StudyId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

request! {
    /// A set as the editor has it, and what it is shown on.
    FormSetPreview {
        /// The set.
        set: FormSet,
        /// Code of `submissionType`.
        kind: String,
        /// The study; `None` to look at the set alone.
        study: Option<StudyId>,
        /// The site; `None` for the study's first.
        site: Option<EntityId>,
    }
    /// A version of a set is kept.
    FormSetSave {
        /// The set; without a version it gets the next one.
        set: FormSet,
        /// `KEY VERSION` of the one that it was made from; empty when it was read from a file.
        from: String,
        /// Why it was made.
        why: String,
    }
    /// A set is written into a file.
    FormSetExport {
        /// Its key.
        key: String,
        /// Its version.
        version: String,
        /// The file.
        path: String,
    }
    /// A file that is to be the office's blank of a form; nothing is kept before its set is saved.
    BlankTake {
        /// The file.
        path: String,
        /// The form as the editor has it, with the blank that it had.
        form: SetForm,
    }
    /// The blank that a form has.
    BlankOf {
        /// The form as the editor has it.
        form: SetForm,
    }
    /// A submission goes over to the newest version of a set.
    SubmissionForms {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// The set's key.
        key: String,
    }
}

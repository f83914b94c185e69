//! What a caller gets about form sets.

use super::{SubmissionForm, SubmissionItem};
use model::formset::{Choice, Fault, FormSet};
use model::{EntityId, StudyId};
use serde::Serialize;
use ts_rs::TS;

pub use crate::work::blank::BlankLook;
pub use crate::work::blank_edit::BlankTaken;

response! {
    /// The form sets that are known here, every version.
    FormSets {
        /// The sets.
        rows: Vec<FormSetRow>,
    }
    /// A version of a form set.
    FormSetRow {
        /// The set.
        set: FormSet,
        /// The directory that it stands in; `None` for one that comes with the program.
        directory: Option<StudyId>,
        /// Its entry there.
        entry: Option<EntityId>,
        /// `KEY VERSION` of the one that it was made from.
        from: String,
        /// Why it was made.
        reason: String,
        /// Whether another entry gives its version to another content.
        rival: bool,
        /// How many submissions were made with it.
        n_submissions: u32,
        /// Whether it is the newest version of its key.
        newest: bool,
        /// Names of the hospitals that start from it.
        hospitals: Vec<String>,
    }
    /// What the editor of a set offers.
    FormSetChoices {
        /// Where fields may be filled from.
        sources: Vec<Choice>,
        /// When something may be wanted.
        conditions: Vec<Choice>,
        /// Parts of our own package that may answer an item.
        made: Vec<String>,
        /// Keys of the deadlines that may follow.
        deadlines: Vec<Choice>,
    }
    /// A set as it would be used.
    FormSetSheet {
        /// What is wrong with it.
        faults: Vec<Fault>,
        /// The committee's list of a study's site; empty without a study.
        list: Vec<SubmissionItem>,
        /// The forms, filled.
        forms: Vec<SubmissionForm>,
        /// What would stand in the places of the office's blanks.
        blanks: Vec<FormSetBlank>,
        /// Names of files by its rule.
        names: Vec<String>,
        /// The version that it would get.
        version: String,
    }
    /// What would stand in the places of a blank.
    FormSetBlank {
        /// Key of its form.
        form: String,
        /// Its places that take a field.
        cells: Vec<FormSetCell>,
    }
    /// What would stand in a place.
    FormSetCell {
        /// The place.
        at: String,
        /// The words; empty for a tick and where nothing is known.
        text: String,
        /// Whether a tick is set.
        ticked: bool,
    }
    /// A version of a set that was kept.
    FormSetSaved {
        /// Its entry.
        entry: EntityId,
        /// Its version.
        version: String,
    }
    /// A set that was read from a file and is not kept yet.
    FormSetRead {
        /// The set; `None` when the file holds none.
        set: Option<FormSet>,
        /// What is wrong with it.
        faults: Vec<Fault>,
        /// Whether it is here already, the same in every part.
        known: bool,
    }
}

//! What can go wrong in the desk, by what the person can do about it.

use crate::schema::SchemaError;
use model::check::Complaint;
use model::formset::Fault;
use model::milestone::enrolment::CountFault;
use model::milestone::list::{DEADLINES, LISTS};
use model::reference::{CENTER, TEMPLATES};
use model::submission::Finding;
use model::version::Hindrance;

/// Why an action was not done; nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// There is no such study, entity or commit here.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for: `study`, `entity`.
        what: &'static str,
        /// Its id.
        id: String,
    },
    /// The form names an operation that is not one of this field: it was not made by this desk.
    #[error("the form names an operation that the field never had")]
    StaleForm,
    /// The field is kept by the program or by an import and is not written by hand.
    #[error("the field {field} of kind {kind} is not written by hand")]
    ReadOnlyField {
        /// The kind of entity.
        kind: String,
        /// The register.
        field: String,
    },
    /// The value does not fit its field.
    #[error("the value does not fit the field {field}")]
    Invalid {
        /// The entity's kind.
        kind: String,
        /// The register.
        field: String,
        /// What is wrong.
        #[source]
        complaint: Complaint,
    },
    /// A reason is wanted.
    #[error("a reason is wanted")]
    WhyMissing,
    /// What has to come before a milestone is open: it is noted as done only with a reason.
    #[error("{n} that must come first are open")]
    NeedsOpen {
        /// How many.
        n: usize,
    },
    /// A count of participants that cannot be right.
    #[error("the count cannot be right: {}", .0.code())]
    Count(CountFault),
    /// The name of a kind, template or hospital is not known.
    #[error("there is no {what} called {name}")]
    UnknownName {
        /// `kind`, `template`, `hospital`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// The id of a new entity is none, or is used already.
    #[error("the id {id} cannot be given to a new entity")]
    IdTaken {
        /// The id.
        id: String,
    },
    /// A version of the study has this number.
    #[error("there is a version {number} already")]
    SameVersion {
        /// The number.
        number: String,
    },
    /// Something stands against freezing a version, and was not left out by name.
    #[error("the version cannot be frozen: {} hindrances", .0.len())]
    NotFreezable(Vec<Hindrance>),
    /// What must be settled stands against sending a submission, and was not left out by name.
    #[error("the submission cannot be sent: {} findings", .0.len())]
    NotSendable(Vec<Finding>),
    /// A form set cannot stand as it is.
    #[error("the form set has {} faults", .0.len())]
    FormSet(Vec<Fault>),
    /// A set that comes with the program is copied, not changed.
    #[error("the form set {key} comes with the program")]
    ShippedSet {
        /// Its key.
        key: String,
    },
    /// A submission was made with this version of a form set.
    #[error("a submission was made with this form set")]
    SetInUse,
    /// The step does not follow from where the submission is.
    #[error("the submission is {state}: this step does not follow")]
    NotNow {
        /// Code of `submissionState`.
        state: &'static str,
    },
    /// What was sent stays as it was sent.
    #[error("what was sent is not changed")]
    Sent,
    /// A question of the committee has no answer yet.
    #[error("question {number} is not answered")]
    Unanswered {
        /// Its number.
        number: String,
    },
    /// A day lies before the one that it follows on.
    #[error("the day is before {date}")]
    TooEarly {
        /// The day that comes first.
        date: String,
    },
    /// The letter of the package bears a later day than the sending.
    #[error("the letter of the package bears {date}")]
    LetterLater {
        /// The day of the letter.
        date: String,
    },
    /// A question of the committee is open, and nobody said that it decided nevertheless.
    #[error("a question of the committee is open")]
    QuestionOpen,
    /// A decision was noted before, and nobody said that this is a further one.
    #[error("a decision was noted before")]
    DecidedBefore,
    /// A decision that was noted is corrected with a reason, not written over or put aside.
    #[error("a decision was noted")]
    Decided,
    /// Points for a re-review where the committee asks for none.
    #[error("the committee asks for no re-review")]
    PointsWithoutReview,
    /// Two laptops sent it while apart, and nobody decided which package went to the committee.
    #[error("two packages were sent")]
    SentTwice,
    /// It was sent before packages were kept, so there is nothing to show.
    #[error("no package was kept when it was sent")]
    NothingKept,
    /// The file of a document is not on this laptop.
    #[error("the file is not on this laptop")]
    FileElsewhere,
    /// The file is larger than a document may have.
    #[error("the file has more than {bytes_max} bytes")]
    FileTooLarge {
        /// The largest. Units: bytes.
        bytes_max: u64,
    },
    /// The text is not the one that a suggestion was made for, and both changes touch one place.
    #[error("the text has changed since the suggestion was made")]
    TextChanged,
    /// There is no section before this one that its text could go to.
    #[error("no section before this one")]
    NoSectionBefore,
    /// A heading that a reviewer takes out in one language also stands in the other.
    #[error("the heading has a title in the other language")]
    OtherLanguageHeading {
        /// The title there.
        title: String,
    },
    /// The file is no table of a year's working days.
    #[error("the file is no table of a year")]
    Year(#[source] model::calendar::YearError),
    /// An entry of a delegation log is ended, never deleted.
    #[error("a delegation is ended, never deleted")]
    EndedNotDeleted,
    /// A study cannot be joined with itself, with a joined one, or without a common number.
    #[error("the studies cannot be joined")]
    NotJoinable,
    /// Only the PI of a study decides about what was kept for review.
    #[error("only the PI of the study decides this")]
    NotYours,
    /// Nothing is erased while something written here is not at the center.
    #[error("something written here is not at the center")]
    Unsent,
    /// The file is no bundle of studies, or is cut.
    #[error("the file is no bundle")]
    NotABundle,
    /// The passphrase is not the bundle's, or the file was changed.
    #[error("the bundle does not open")]
    BundleKey,
    /// The page does not begin where this desk's copy of the stream ends.
    #[error("the page begins at {got}, the stream is here up to {have}")]
    WrongCursor {
        /// Where the stream ends here.
        have: u64,
        /// Where the page begins.
        got: u64,
    },
    /// A commit could not be sealed.
    #[error("the commit could not be written")]
    Commit(#[from] ledger::FrameError),
    /// What the vault holds cannot be understood.
    #[error("the vault holds something unreadable: {0}")]
    Damaged(&'static str),
    /// The tables could not be made ready.
    #[error("the vault could not be made ready")]
    Schema(#[from] SchemaError),
    /// The vault could not be opened or made.
    #[error("the vault could not be opened")]
    Vault(#[from] crate::vault::VaultError),
    /// The storage failed.
    #[error("the vault could not be read or written")]
    Storage(#[from] rusqlite::Error),
}

impl DeskError {
    /// Whether the vault failed, and not what was asked of it.
    pub fn is_of_vault(&self) -> bool {
        matches!(
            self,
            Self::Damaged(_) | Self::Schema(_) | Self::Vault(_) | Self::Storage(_)
        )
    }

    /// A short word for the error, stable, for programs and for the key `desk.error.<code>`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "notFound",
            Self::StaleForm => "staleForm",
            Self::ReadOnlyField { .. } => "readOnlyField",
            Self::Invalid { .. } => "invalid",
            Self::WhyMissing => "whyMissing",
            Self::NeedsOpen { .. } => "needsOpen",
            Self::Count(fault) => fault.code(),
            Self::UnknownName { what, .. } if known(what).is_empty() => "unknownName",
            Self::UnknownName { .. } => "unknownNameOf",
            Self::IdTaken { .. } => "idTaken",
            Self::SameVersion { .. } => "sameVersion",
            Self::NotFreezable(_) => "notFreezable",
            Self::NotSendable(_) => "notSendable",
            Self::FormSet(_) => "formSet",
            Self::ShippedSet { .. } => "shippedSet",
            Self::SetInUse => "setInUse",
            Self::NotNow { .. } => "notNow",
            Self::Sent => "sent",
            Self::Unanswered { .. } => "unanswered",
            Self::TooEarly { .. } => "tooEarly",
            Self::LetterLater { .. } => "letterLater",
            Self::QuestionOpen => "questionOpen",
            Self::DecidedBefore => "decidedBefore",
            Self::Decided => "decided",
            Self::PointsWithoutReview => "pointsWithoutReview",
            Self::SentTwice => "sentTwice",
            Self::NothingKept => "nothingKept",
            Self::FileElsewhere => "fileElsewhere",
            Self::FileTooLarge { .. } => "fileTooLarge",
            Self::TextChanged => "textChanged",
            Self::NoSectionBefore => "noSectionBefore",
            Self::OtherLanguageHeading { .. } => "otherLanguageHeading",
            Self::Year(_) => "year",
            Self::EndedNotDeleted => "endedNotDeleted",
            Self::NotJoinable => "notJoinable",
            Self::NotYours => "notYours",
            Self::Unsent => "unsent",
            Self::NotABundle => "notABundle",
            Self::BundleKey => "bundleKey",
            Self::WrongCursor { .. } => "wrongCursor",
            Self::Commit(_) => "commit",
            Self::Damaged(_) => "damaged",
            Self::Schema(SchemaError::Newer { .. }) => "newer",
            Self::Schema(SchemaError::Storage(_)) | Self::Storage(_) => "storage",
            Self::Vault(_) => "vault",
        }
    }

    /// What the words of the error speak of, by name.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::NotFound { what, id } => vec![("what", (*what).to_owned()), ("id", id.clone())],
            Self::ReadOnlyField { kind, field } => {
                vec![("kind", kind.clone()), ("field", field.clone())]
            }
            Self::Invalid {
                kind,
                field,
                complaint,
            } => vec![
                ("kind", kind.clone()),
                ("field", field.clone()),
                ("complaint", format!("desk.check.{}", complaint.code())),
            ],
            Self::NeedsOpen { n } => vec![("n", n.to_string())],
            Self::Count(fault) => Self::of_count(fault),
            Self::UnknownName { what, name } => {
                vec![
                    ("what", (*what).to_owned()),
                    ("name", name.clone()),
                    ("known", known(what).join(", ")),
                ]
            }
            Self::Year(error) => vec![("complaint", format!("calendar.year.{}", error.code()))],
            Self::IdTaken { id } => vec![("id", id.clone())],
            Self::SameVersion { number } => vec![("number", number.clone())],
            Self::OtherLanguageHeading { title } => vec![("title", title.clone())],
            Self::NotFreezable(rows) => vec![("n", rows.len().to_string())],
            Self::NotSendable(rows) => vec![("n", rows.len().to_string())],
            Self::FormSet(faults) => vec![("n", faults.len().to_string())],
            Self::ShippedSet { key } => vec![("key", key.clone())],
            Self::NotNow { state } => vec![("state", (*state).to_owned())],
            Self::Unanswered { number } => vec![("number", number.clone())],
            Self::TooEarly { date } | Self::LetterLater { date } => vec![("date", date.clone())],
            Self::FileTooLarge { bytes_max } => {
                vec![("max", (bytes_max / 1_048_576).to_string())]
            }
            Self::Vault(error) => error.params(),
            _ => Vec::new(),
        }
    }

    pub(crate) fn no_study(id: &str) -> Self {
        Self::NotFound {
            what: "study",
            id: id.to_owned(),
        }
    }

    pub(crate) fn unknown_kind(kind: &str) -> Self {
        Self::UnknownName {
            what: "kind",
            name: kind.to_owned(),
        }
    }

    pub(crate) fn invalid(kind: &str, field: &str, complaint: Complaint) -> Self {
        Self::Invalid {
            kind: kind.to_owned(),
            field: field.to_owned(),
            complaint,
        }
    }

    /// A field that is wanted is empty.
    pub(crate) fn missing(kind: &str, field: &str) -> Self {
        Self::invalid(kind, field, Complaint::Missing)
    }

    pub(crate) fn no_entity(id: &str) -> Self {
        Self::NotFound {
            what: "entity",
            id: id.to_owned(),
        }
    }
}

/// The names there are of something that is named by hand; empty where there are too many to list.
fn known(what: &str) -> Vec<&'static str> {
    match what {
        "hospital" => CENTER
            .hospitals
            .iter()
            .map(|one| one.code.as_str())
            .collect(),
        "template" => TEMPLATES.iter().map(|one| one.key.as_str()).collect(),
        "list" => LISTS.iter().map(|one| one.key.as_str()).collect(),
        "deadline" => DEADLINES.rules.iter().map(|one| one.key.as_str()).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Lang, label};

    #[test]
    fn a_name_that_is_not_known_says_which_ones_are() {
        for (what, one) in [
            ("hospital", "ruijin"),
            ("template", "cn-iit-interventional"),
            ("list", "cn-iit-site"),
            ("deadline", "continuing_review"),
        ] {
            let error = DeskError::UnknownName {
                what,
                name: "x".into(),
            };
            let words = label::get(&format!("desk.error.{}", error.code())).expect("words");
            let params = error.params();
            let params: Vec<(&str, &str)> = params.iter().map(|(k, v)| (*k, v.as_str())).collect();
            let said = words.fill(Lang::En, &params);
            assert!(said.contains(one), "{said}");
        }
    }
}

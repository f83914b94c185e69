//! The one failure type at the edge.

use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// How a failure is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum FailureKind {
    /// The input is not right; shown at the field.
    Invalid,
    /// The thing is not there.
    NotFound,
    /// Somebody else changed it.
    Conflict,
    /// Not allowed, or not now.
    Refused,
    /// Network, lock, disk: worth another try.
    Unavailable,
    /// A fault of the program.
    Internal,
}

/// A failure: codes inside, words at the edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    /// How it is shown.
    pub kind: FailureKind,
    /// The label key of the sentence.
    pub code: String,
    /// Values for the sentence.
    pub params: BTreeMap<String, String>,
    /// Found again in the log; empty when nothing was logged.
    pub trace_id: String,
}

impl Failure {
    /// A failure without values.
    pub fn new(kind: FailureKind, code: &str) -> Self {
        Self {
            kind,
            code: code.into(),
            params: BTreeMap::new(),
            trace_id: String::new(),
        }
    }

    /// Adds a value for the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.params.insert(name.into(), value.to_string());
        self
    }
}

/// The failure of one kind with the values that its sentence names.
fn coded(kind: FailureKind, code: &str, params: Vec<(&'static str, String)>) -> Failure {
    params
        .into_iter()
        .fold(Failure::new(kind, code), |failure, (name, value)| {
            failure.with(name, value)
        })
}

impl From<desk::vault::VaultError> for Failure {
    fn from(error: desk::vault::VaultError) -> Self {
        use desk::vault::VaultError as E;
        log::info!("vault: {error}");
        let kind = match &error {
            E::WrongKey { .. } | E::RecoveryTypo { .. } | E::RecoveryLength { .. } => {
                FailureKind::Invalid
            }
            E::Io { .. } | E::Database { .. } | E::Keychain(_) => FailureKind::Unavailable,
            _ => FailureKind::Refused,
        };
        coded(kind, error.code(), error.params())
    }
}

impl From<desk::backup::BackupError> for Failure {
    fn from(error: desk::backup::BackupError) -> Self {
        log::warn!("backup: {}", error.code());
        coded(FailureKind::Refused, error.code(), error.params())
    }
}

impl From<desk::DeskError> for Failure {
    fn from(error: desk::DeskError) -> Self {
        use desk::DeskError as E;
        let error = match error {
            E::Vault(error) => return error.into(),
            error => error,
        };
        let kind = match &error {
            E::NotFound { .. } | E::FileElsewhere | E::NothingKept => FailureKind::NotFound,
            E::StaleForm => FailureKind::Conflict,
            E::Invalid { .. }
            | E::ReadOnlyField { .. }
            | E::WhyMissing
            | E::NeedsOpen { .. }
            | E::Count(_)
            | E::TextChanged
            | E::NoSectionBefore
            | E::OtherLanguageHeading { .. }
            | E::UnknownName { .. }
            | E::EndedNotDeleted
            | E::NotSendable(_)
            | E::FormSet(_)
            | E::ShippedSet { .. }
            | E::SetInUse
            | E::SameVersion { .. }
            | E::NotNow { .. }
            | E::Sent
            | E::Unanswered { .. }
            | E::TooEarly { .. }
            | E::LetterLater { .. }
            | E::QuestionOpen
            | E::DecidedBefore
            | E::Decided
            | E::SentTwice
            | E::PointsWithoutReview
            | E::NotABundle
            | E::BundleKey
            | E::FileTooLarge { .. }
            | E::Year(_) => FailureKind::Invalid,
            E::Storage(_) => FailureKind::Unavailable,
            E::NotJoinable | E::NotYours | E::Unsent | E::Schema(_) => FailureKind::Refused,
            _ => FailureKind::Internal,
        };
        if matches!(
            kind,
            FailureKind::Unavailable | FailureKind::Internal | FailureKind::Refused
        ) {
            // Display names what was being done and holds no content; the cause may name a table.
            log::error!(
                "desk: {error}: {:?}",
                std::error::Error::source(&error).map(ToString::to_string)
            );
        }
        coded(
            kind,
            &format!("desk.error.{}", error.code()),
            error.params(),
        )
    }
}

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
        Self { kind, code: code.into(), params: BTreeMap::new(), trace_id: String::new() }
    }

    /// Adds a value for the sentence.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.params.insert(name.into(), value.to_string());
        self
    }
}

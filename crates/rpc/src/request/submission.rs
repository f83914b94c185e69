//! What a caller sends about submissions and files of documents.

use super::PdfLang;
use model::submission::state::Step;
use model::{EntityId, StudyId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

request! {
    /// A submission.
    SubmissionRef {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
    }
    /// A submission is begun.
    SubmissionNew {
        /// The study.
        study: StudyId,
        /// The site.
        site: EntityId,
        /// Code of `submissionType`.
        kind: String,
        /// Key of a form set; empty for the one that the site starts from.
        forms: String,
        /// The protocol version; `None` for the newest.
        version: Option<EntityId>,
    }
    /// A submission is sent.
    SubmissionSend {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// The day.
        on: String,
        /// Codes of findings that are sent along nevertheless.
        leave_out: Vec<String>,
        /// Why they are.
        why: String,
    }
    /// A submission is taken in, filed or taken back.
    SubmissionCourse {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// `accept`, `file` or `withdraw`.
        step: Step,
        /// The day.
        on: String,
        /// Number of acceptance, place of the file, or reason.
        text: String,
    }
    /// Questions of the committee.
    SubmissionAsk {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// The day.
        on: String,
        /// The questions, in order.
        questions: Vec<String>,
    }
    /// The answers of a round are sent.
    SubmissionAnswer {
        /// The study.
        study: StudyId,
        /// The round.
        reply: EntityId,
        /// The day.
        on: String,
    }
    /// What the committee decided.
    SubmissionDecide {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// Code of `decisionResult`.
        result: String,
        /// Further registers: number, day, validity, interval, conditions.
        fields: BTreeMap<String, Value>,
    }
    /// The package of a submission is written into a folder.
    SubmissionPackage {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// The folder.
        path: String,
        /// The language.
        lang: PdfLang,
        /// Passwords of files, by the id of their document.
        passwords: BTreeMap<String, String>,
        /// Whether it is kept with the submission.
        keep: bool,
    }
    /// A document gets a file.
    DocumentAttach {
        /// The study.
        study: StudyId,
        /// The document.
        document: EntityId,
        /// The file.
        path: String,
        /// The form token: the operations of `file` that were on screen.
        seen: Vec<String>,
    }
    /// The exact bytes of a document's file are written.
    DocumentSave {
        /// The study.
        study: StudyId,
        /// The document.
        document: EntityId,
        /// The file.
        path: String,
    }
}

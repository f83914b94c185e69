//! What a caller sends about submissions and files of documents.

use super::{PdfLang, TableFormat};
use model::submission::state::Step;
use model::{EntityId, Lang, StudyId};
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
        /// The protocol version; `None` for the newest, in a report for the one approved last.
        version: Option<EntityId>,
    }
    /// A submission is checked.
    SubmissionCheck {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// Passwords of files, by the id of their document.
        passwords: BTreeMap<String, String>,
    }
    /// A submission is sent.
    SubmissionSend {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// The day.
        on: String,
        /// Keys of findings that are sent along nevertheless.
        leave_out: Vec<String>,
        /// Why they are.
        why: String,
        /// Whether the package is made anew although one was kept.
        anew: bool,
        /// The language of the package, where none was kept.
        lang: PdfLang,
        /// Passwords of files, by the id of their document.
        passwords: BTreeMap<String, String>,
    }
    /// What was noted of a submission that was sent is corrected.
    SubmissionCorrect {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// The register, one of those that are noted after sending.
        field: String,
        /// What is right.
        value: String,
        /// Why it was wrong.
        why: String,
    }
    /// Which of several packages went to the committee.
    SubmissionChoose {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// The tagged hash of the package.
        package: String,
        /// The packages that were on screen.
        among: Vec<String>,
        /// Why it is this one.
        why: String,
    }
    /// The exact bytes of a package that was sent are written.
    SubmissionSaveSent {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// The tagged hash of the package.
        package: String,
        /// The file.
        path: String,
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
        /// Whether it is noted although a question is open, or another decision was noted before.
        anyway: bool,
    }
    /// The package of a submission is made, to be looked at.
    SubmissionPreview {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// The language.
        lang: PdfLang,
        /// Passwords of files, by the id of their document.
        passwords: BTreeMap<String, String>,
    }
    /// A page of a package that was made.
    PackagePage {
        /// The package.
        preview: u32,
        /// The page, from 1.
        page: u32,
        /// How wide its picture is. Units: pixels.
        width: u16,
    }
    /// A package that was looked at is written into a folder.
    SubmissionPackage {
        /// The study.
        study: StudyId,
        /// The submission.
        submission: EntityId,
        /// The package.
        preview: u32,
        /// The folder.
        path: String,
        /// Whether the single files are packed into one.
        zip: bool,
        /// Whether it is kept with the submission.
        keep: bool,
    }
    /// Where the committees stand, as a table.
    SubmissionExport {
        /// The study.
        study: StudyId,
        /// As what.
        format: TableFormat,
        /// The language of its words.
        lang: Lang,
        /// The file to write.
        path: String,
        /// The sites that are shown.
        sites: Vec<EntityId>,
        /// The submissions that are shown.
        submissions: Vec<EntityId>,
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

//! What a caller gets about submissions.

use crate::request::PdfLang;
use model::EntityId;
use model::file::BlobRef;
use model::formset::FormSet;
use model::reference::Bilingual;
use model::submission::Finding;
use model::submission::list::Status;
use model::submission::matrix::{MatrixRow, SubmissionRow};
use model::submission::sent::SentPackage;
use serde::Serialize;
use ts_rs::TS;

response! {
    /// Every site of a study with its submissions.
    SubmissionMatrix {
        /// The sites.
        rows: Vec<MatrixRow>,
    }
    /// One submission with everything that is derived for it.
    SubmissionSheet {
        /// Where it stands.
        row: SubmissionRow,
        /// Its form set; `None` when that is not here.
        set: Option<FormSet>,
        /// The committee's list, answered.
        list: Vec<SubmissionItem>,
        /// The forms that we fill.
        forms: Vec<SubmissionForm>,
        /// What is missing or does not fit.
        findings: Vec<Finding>,
        /// The name of what was sent, a hash; empty before it is sent.
        hash: String,
        /// The packages that were sent: one stands, unless two laptops sent it while apart.
        packages: Vec<SentPackage>,
        /// Signed and stamped scans of exactly what was sent.
        scans: Vec<EntityId>,
    }
    /// The packages that were sent of a submission.
    SubmissionPackages {
        /// In the order of sending.
        rows: Vec<SentPackage>,
    }
    /// An item of the committee's list.
    SubmissionItem {
        /// Its place, from 1.
        no: u32,
        /// Its key.
        key: String,
        /// Its name.
        name: Bilingual,
        /// How it stands.
        status: Status,
        /// Whether this study needs it.
        wanted: bool,
        /// Whether a person says if it applies.
        ask: bool,
        /// The part of our own package that answers it; empty when none does.
        made: String,
        /// Kinds of document that answer it.
        kinds: Vec<String>,
        /// The documents that do.
        documents: Vec<EntityId>,
        /// What went along under it, as the list says that was kept at sending; empty before, and
        /// where no list was kept or it has not come to this laptop.
        sent: Vec<SentDocument>,
        /// What somebody said about it.
        enclosures: Vec<EntityId>,
        /// Why it is missing or does not apply.
        reason: String,
        /// Its grade where that is another than its list's: code of `verification`; else empty.
        verification: String,
    }
    /// A document as it was sent.
    SentDocument {
        /// The document; it may have been changed or archived since.
        document: Option<EntityId>,
        /// Its title.
        title: String,
        /// Its version; empty when it had none.
        version: String,
        /// Its date; empty when it had none.
        date: String,
    }
    /// A form, filled.
    SubmissionForm {
        /// Its key.
        key: String,
        /// Its fields, in order.
        fields: Vec<SubmissionField>,
    }
    /// A field of a form, filled.
    SubmissionField {
        /// Key of its part and its own, `part.key`.
        name: String,
        /// What the form calls it.
        label: Bilingual,
        /// What stands in it.
        text: Bilingual,
        /// Whether a person wrote it for this submission.
        answered: bool,
        /// Whether it must be filled and is not.
        missing: bool,
        /// Whether a value that it rests on is in conflict.
        unresolved: bool,
    }
    /// What a check found.
    SubmissionFindings {
        /// In the order of weight.
        rows: Vec<Finding>,
    }
    /// A round of questions that was noted.
    ReplyBegun {
        /// The round.
        reply: EntityId,
    }
    /// A package that was made and waits for a look.
    PackagePreview {
        /// Names it when pages are asked for and when it is written.
        preview: u32,
        /// The name of the whole.
        name: String,
        /// Pages of the whole.
        pages: u32,
        /// The language of our pages in it; `None` where a program that sent it did not note it.
        lang: Option<PdfLang>,
        /// What is in it, in order.
        parts: Vec<PackagePart>,
        /// What was not put in, and what else is to be known, in words.
        remarks: Vec<String>,
    }
    /// A part of a package.
    PackagePart {
        /// Its place in the committee's list.
        no: u32,
        /// Its title.
        title: String,
        /// Its version; empty when it has none.
        version: String,
        /// Its date; empty when it has none.
        date: String,
        /// The name of its own file.
        name: String,
        /// The document that it is; `None` for what we made.
        document: Option<EntityId>,
        /// Its first page in the whole; 0 when it is not in it.
        first_page: u32,
        /// Its last page; 0 when it is not in it.
        last_page: u32,
        /// Why it is not in the whole: code of `package.refusal`; empty when it is.
        refused: String,
    }
    /// A page as a picture.
    PackagePicture {
        /// PNG as Base64.
        png: String,
    }
    /// A package that was written.
    PackageWritten {
        /// The folder.
        path: String,
        /// The files, the whole first.
        files: Vec<String>,
        /// Pages of the whole.
        pages: u32,
        /// What was not put in, and what else is to be known, in words.
        remarks: Vec<String>,
    }
    /// A document's file.
    DocumentFile {
        /// The file.
        file: BlobRef,
    }
}

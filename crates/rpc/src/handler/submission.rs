//! Commands about submissions to ethics committees and the files of documents.

use crate::app::{App, blocking};
use crate::failure::{Failure, FailureKind};
use crate::request::{
    DocumentAttach, DocumentSave, Nothing, StudyRef, SubmissionAnswer, SubmissionAsk,
    SubmissionCourse, SubmissionDecide, SubmissionNew, SubmissionPackage, SubmissionRef,
    SubmissionSend,
};
use crate::response::{
    DocumentFile, Done, EntityAdded, FileWritten, FormSets, PackageWritten, ReplyBegun,
    SubmissionFindings, SubmissionMatrix, SubmissionSheet,
};
use crate::work::{package, submission as work};
use crate::{Host, places};
use desk::{Decision, DeskError, NewSubmission, Question, Sending};
use model::file::BlobRef;
use model::formset;
use model::submission::state::Step;
use std::fs::File;
use std::path::{Path, PathBuf};

pub(crate) async fn formset_list<H: Host>(_: &App<H>, _: Nothing) -> Result<FormSets, Failure> {
    let sets = formset::shipped().to_vec();
    Ok(FormSets { sets })
}

pub(crate) async fn submission_matrix<H: Host>(
    app: &App<H>,
    req: StudyRef,
) -> Result<SubmissionMatrix, Failure> {
    let rows = app
        .with_desk(move |desk| desk.submissions(&req.study))
        .await?;
    Ok(SubmissionMatrix { rows })
}

pub(crate) async fn submission_get<H: Host>(
    app: &App<H>,
    req: SubmissionRef,
) -> Result<SubmissionSheet, Failure> {
    app.with_desk(move |desk| work::sheet(desk, &req.study, &req.submission))
        .await
}

pub(crate) async fn submission_new<H: Host>(
    app: &App<H>,
    req: SubmissionNew,
) -> Result<EntityAdded, Failure> {
    let new = NewSubmission {
        kind: req.kind,
        forms: req.forms,
        version: req.version,
        ..NewSubmission::default()
    };
    let entity = app
        .change(move |desk| desk.submission_new(&req.study, &req.site, new))
        .await?;
    Ok(EntityAdded { entity })
}

pub(crate) async fn submission_check<H: Host>(
    app: &App<H>,
    req: SubmissionRef,
) -> Result<SubmissionFindings, Failure> {
    let rows = app
        .change(move |desk| desk.submission_check(&req.study, &req.submission))
        .await?;
    Ok(SubmissionFindings { rows })
}

pub(crate) async fn submission_send<H: Host>(
    app: &App<H>,
    req: SubmissionSend,
) -> Result<Done, Failure> {
    let sending = Sending {
        on: req.on,
        leave_out: req.leave_out,
        why: req.why,
    };
    app.change(move |desk| {
        Ok((
            (),
            desk.submission_send(&req.study, &req.submission, sending)?,
        ))
    })
    .await?;
    Ok(Done {})
}

pub(crate) async fn submission_course<H: Host>(
    app: &App<H>,
    req: SubmissionCourse,
) -> Result<Done, Failure> {
    let SubmissionCourse {
        study,
        submission,
        step,
        on,
        text,
    } = req;
    app.change(move |desk| {
        let changed = match step {
            Step::Accept => desk.submission_accept(&study, &submission, &on, &text)?,
            Step::File => desk.submission_file(&study, &submission, &on, &text)?,
            Step::Withdraw => desk.submission_withdraw(&study, &submission, &on, &text)?,
            // The other steps have commands of their own.
            _ => return Err(DeskError::NotNow { state: "draft" }),
        };
        Ok(((), changed))
    })
    .await?;
    Ok(Done {})
}

pub(crate) async fn submission_ask<H: Host>(
    app: &App<H>,
    req: SubmissionAsk,
) -> Result<ReplyBegun, Failure> {
    let questions = req
        .questions
        .into_iter()
        .enumerate()
        .map(|(n, text)| Question {
            number: (n + 1).to_string(),
            text,
        });
    let questions = questions.collect();
    let reply = app
        .change(move |desk| desk.submission_ask(&req.study, &req.submission, &req.on, questions))
        .await?;
    Ok(ReplyBegun { reply })
}

pub(crate) async fn submission_answer<H: Host>(
    app: &App<H>,
    req: SubmissionAnswer,
) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.submission_answer(&req.study, &req.reply, &req.on)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn submission_decide<H: Host>(
    app: &App<H>,
    req: SubmissionDecide,
) -> Result<EntityAdded, Failure> {
    let decision = Decision {
        result: req.result,
        fields: req.fields,
    };
    let entity = app
        .change(move |desk| desk.submission_decide(&req.study, &req.submission, decision))
        .await?;
    Ok(EntityAdded { entity })
}

pub(crate) async fn submission_package<H: Host>(
    app: &App<H>,
    req: SubmissionPackage,
) -> Result<PackageWritten, Failure> {
    let (study, submission) = (req.study.clone(), req.submission.clone());
    let (material, author) = app
        .with_desk(move |desk| {
            let material = package::read(desk, &study, &submission)?;
            Ok((material, desk.profile().clone()))
        })
        .await?;
    let wanted = package::Wanted {
        lang: req.lang,
        author,
        today: app.today(),
        fonts: app.places.fonts.clone(),
        passwords: req.passwords,
        helper: package::helper()?,
    };
    let (folder, lang) = (PathBuf::from(&req.path), app.lang());
    let made = blocking(move || {
        let made = package::make(&material, &wanted)?;
        package::write(&made, &folder)?;
        Ok(made)
    })
    .await?;
    let (files, remarks) = (made.names(), made.remarks(lang));
    let pages = u32::try_from(made.pages).unwrap_or(u32::MAX);
    if req.keep
        && let Some((name, bytes)) = made.files.into_iter().next()
    {
        app.change(move |desk| {
            desk.submission_keep(&req.study, &req.submission, &name, &mut bytes.as_slice())
        })
        .await?;
    }
    Ok(PackageWritten {
        path: req.path,
        files,
        pages,
        remarks,
    })
}

pub(crate) async fn document_attach<H: Host>(
    app: &App<H>,
    req: DocumentAttach,
) -> Result<DocumentFile, Failure> {
    let path = req.path.clone();
    let unreadable =
        move || Failure::new(FailureKind::NotFound, "failure.read").with("path", &path);
    let name = Path::new(&req.path)
        .file_name()
        .and_then(|name| name.to_str());
    let name = name.map(str::to_owned).ok_or_else(&unreadable)?;
    let file = File::open(&req.path).map_err(|error| {
        log::info!("document: {error}");
        unreadable()
    })?;
    let file = app
        .change(move |desk| {
            let mut file = file;
            desk.document_attach(&req.study, &req.document, &name, &mut file, &req.seen)
        })
        .await?;
    Ok(DocumentFile { file })
}

pub(crate) async fn document_save<H: Host>(
    app: &App<H>,
    req: DocumentSave,
) -> Result<FileWritten, Failure> {
    let bytes = app
        .with_desk(move |desk| {
            let register = desk.register(&req.study, &req.document, "file")?;
            let file = register.and_then(|register| BlobRef::read(register.value()));
            desk.blob_read(&file.ok_or(DeskError::FileElsewhere)?.hash)
        })
        .await?;
    let path = PathBuf::from(&req.path);
    blocking(move || places::write_file(&path, &bytes)).await?;
    Ok(FileWritten {
        path: req.path,
        pages: None,
        warnings: Vec::new(),
    })
}

//! Commands about submissions to ethics committees and the files of documents.

use crate::app::{App, blocking, lock};
use crate::failure::{Failure, FailureKind};
use crate::request::{
    DocumentAttach, DocumentSave, PackagePage, StudyRef, SubmissionAnswer, SubmissionAsk,
    SubmissionCourse, SubmissionDecide, SubmissionExport, SubmissionNew, SubmissionPackage,
    SubmissionPreview, SubmissionRef, SubmissionSend,
};
use crate::response::{
    DocumentFile, Done, EntityAdded, FileWritten, PackagePicture, PackagePreview, PackageWritten,
    ReplyBegun, SubmissionFindings, SubmissionMatrix, SubmissionSheet,
};
use crate::work::{package, sent, submission as work, table};
use crate::{Event, Host, places};
use data_encoding::BASE64;
use desk::{Decision, DeskError, NewSubmission, Question, Sending};
use model::file::BlobRef;
use model::submission::state::Step;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    let (study, submission) = (req.study, req.submission);
    // What goes out is kept: it is made now where nobody kept it before.
    let (of, on, what) = (study.clone(), submission.clone(), sending.clone());
    let (lacks, lang) = app
        .with_desk(move |desk| {
            desk.submission_may_send(&of, &on, &what)?;
            let lacks = sent::lacks_package(desk, &of, &on)?;
            Ok((lacks, sent::language(desk, &of, &on)?))
        })
        .await?;
    if lacks {
        let preview = SubmissionPreview {
            study: study.clone(),
            submission: submission.clone(),
            lang,
            passwords: BTreeMap::new(),
        };
        let (job, stop) = app.begin_job();
        let made = preview_of(app, job, stop, preview).await;
        lock(&app.jobs).remove(&job);
        let (made, of, on) = (made?, study.clone(), submission.clone());
        app.change(move |desk| {
            let (name, bytes) = made.whole();
            desk.submission_keep(&of, &on, name, &mut &*bytes)
        })
        .await?;
    }
    app.change(move |desk| Ok(((), desk.submission_send(&study, &submission, sending)?)))
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

pub(crate) async fn submission_preview<H: Host>(
    app: &App<H>,
    req: SubmissionPreview,
) -> Result<PackagePreview, Failure> {
    let (preview, stop) = app.begin_job();
    let made = preview_of(app, preview, stop, req).await;
    let mut jobs = lock(&app.jobs);
    match made {
        Ok(made) => {
            let answer = made.preview(preview, app.lang());
            // One package at a time is looked at: the one before is given up.
            jobs.retain(|id, job| *id == preview || job.package.is_none());
            if let Some(job) = jobs.get_mut(&preview) {
                job.package = Some(Arc::new(made));
            }
            Ok(answer)
        }
        Err(failure) => {
            jobs.remove(&preview);
            Err(failure)
        }
    }
}

async fn preview_of<H: Host>(
    app: &App<H>,
    preview: u32,
    stop: Arc<AtomicBool>,
    req: SubmissionPreview,
) -> Result<package::Made, Failure> {
    let (study, submission) = (req.study, req.submission);
    let (of, on, helper) = (study.clone(), submission.clone(), package::helper()?);
    let kept = app
        .with_desk(move |desk| Ok(sent::as_sent(desk, &of, &on, helper)))
        .await??;
    if let Some(kept) = kept {
        return Ok(kept);
    }
    let (material, author) = app
        .with_desk(move |desk| {
            let material = package::read(desk, &study, &submission)?;
            Ok((material, desk.profile().clone()))
        })
        .await?;
    let told = app.clone();
    let wanted = package::Wanted {
        lang: req.lang,
        author,
        today: app.today(),
        fonts: app.places.fonts.clone(),
        passwords: req.passwords,
        helper: package::helper()?,
        step: Box::new(move |done, total, what| {
            if stop.load(Ordering::Relaxed) {
                return Err(Failure::new(FailureKind::Refused, "failure.cancelled"));
            }
            told.emit(Event::Progress {
                job: preview,
                stage: "package".to_owned(),
                done,
                total,
                what: what.to_owned(),
            });
            Ok(())
        }),
    };
    blocking(move || package::make(&material, &wanted)).await
}

/// A package that was made and not given up since.
fn made<H: Host>(app: &App<H>, preview: u32) -> Result<Arc<package::Made>, Failure> {
    let jobs = lock(&app.jobs);
    let job = jobs.get(&preview).and_then(|job| job.package.clone());
    job.ok_or_else(|| Failure::new(FailureKind::NotFound, "failure.noPreview"))
}

pub(crate) async fn submission_page<H: Host>(
    app: &App<H>,
    req: PackagePage,
) -> Result<PackagePicture, Failure> {
    let made = made(app, req.preview)?;
    let png = blocking(move || made.picture(req.page as usize, req.width)).await?;
    Ok(PackagePicture {
        png: BASE64.encode(&png),
    })
}

pub(crate) async fn submission_package<H: Host>(
    app: &App<H>,
    req: SubmissionPackage,
) -> Result<PackageWritten, Failure> {
    let made = made(app, req.preview)?;
    let folder = PathBuf::from(&req.path);
    let (written, is_packed) = (Arc::clone(&made), req.zip);
    let files = blocking(move || package::write(&written, &folder, is_packed)).await?;
    if req.keep {
        let kept = Arc::clone(&made);
        app.change(move |desk| {
            let (name, bytes) = kept.whole();
            if let Some(forms) = kept.office_forms() {
                desk.submission_keep_forms(&req.study, &req.submission, forms)?;
            }
            desk.submission_keep(&req.study, &req.submission, name, &mut &*bytes)
        })
        .await?;
    }
    Ok(PackageWritten {
        path: req.path,
        files,
        pages: u32::try_from(made.pages).unwrap_or(u32::MAX),
        remarks: made.remarks(app.lang()),
    })
}

pub(crate) async fn submission_export<H: Host>(
    app: &App<H>,
    req: SubmissionExport,
) -> Result<FileWritten, Failure> {
    let (file, path) = (req.path.clone(), PathBuf::from(&req.path));
    let rows = app
        .with_desk(move |desk| desk.submissions(&req.study))
        .await?;
    let bytes = table::bytes(&exchange::table::submissions(&rows, req.lang), req.format)?;
    blocking(move || places::write_file(&path, &bytes)).await?;
    Ok(FileWritten {
        path: file,
        pages: None,
        warnings: Vec::new(),
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

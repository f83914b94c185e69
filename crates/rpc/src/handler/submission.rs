//! Commands about submissions to ethics committees and the files of documents.

use crate::app::{App, blocking, lock};
use crate::failure::{Failure, FailureKind};
use crate::request::{
    DocumentAttach, DocumentSave, PackagePage, StudyRef, SubmissionAnswer, SubmissionAsk,
    SubmissionCheck, SubmissionChoose, SubmissionCorrect, SubmissionCourse, SubmissionDecide,
    SubmissionExport, SubmissionNew, SubmissionPackage, SubmissionPreview, SubmissionRef,
    SubmissionSaveSent, SubmissionSend,
};
use crate::response::{
    DocumentFile, Done, EntityAdded, FileWritten, PackagePicture, PackagePreview, PackageWritten,
    ReplyBegun, SubmissionFindings, SubmissionMatrix, SubmissionPackages, SubmissionSheet,
};
use crate::work::{package, send, submission as work, table};
use crate::{Event, Host, places};
use data_encoding::BASE64;
use desk::{Decision, DeskError, NewSubmission, Question, Sending};
use model::file::BlobRef;
use model::submission::state::Step;
use model::{EntityId, StudyId};
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
    req: SubmissionCheck,
) -> Result<SubmissionFindings, Failure> {
    let (study, submission) = (req.study.clone(), req.submission.clone());
    look(app, study, submission, req.passwords).await?;
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
    let (study, submission) = (req.study.clone(), req.submission.clone());
    let passwords = req.passwords.clone();
    look(app, study.clone(), submission.clone(), passwords).await?;
    let asked = sending.clone();
    let (prepared, author) = app
        .with_desk(move |desk| {
            let prepared = send::prepare(desk, &study, &submission, &asked, req.anew)?;
            Ok((prepared, desk.profile().clone()))
        })
        .await?;
    let wanted = package::Wanted {
        lang: req.lang,
        author,
        today: sending.on.clone(),
        fonts: app.places.fonts.clone(),
        passwords: req.passwords,
        helper: package::helper()?,
        step: Box::new(|_, _, _| Ok(())),
    };
    let ready = blocking(move || prepared.ready(&wanted)).await?;
    app.change(move |desk| {
        let changed = send::send(desk, &req.study, &req.submission, sending, &ready)?;
        Ok(((), changed))
    })
    .await?;
    Ok(Done {})
}

/// Looks into the files of a submission that nobody looked into yet, or that are locked.
async fn look<H: Host>(
    app: &App<H>,
    study: StudyId,
    submission: EntityId,
    passwords: BTreeMap<String, String>,
) -> Result<(), Failure> {
    let given = passwords.clone();
    let files = app
        .with_desk(move |desk| send::unlooked(desk, &study, &submission, &given))
        .await?;
    let helper = package::helper()?;
    let looked = blocking(move || Ok(send::look(files, &helper, &passwords))).await?;
    app.with_desk(move |desk| {
        send::note(desk, looked);
        Ok(())
    })
    .await
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

pub(crate) async fn submission_correct<H: Host>(
    app: &App<H>,
    req: SubmissionCorrect,
) -> Result<Done, Failure> {
    app.change(move |desk| {
        let SubmissionCorrect {
            study,
            submission,
            field,
            value,
            why,
        } = &req;
        let changed = desk.submission_correct(study, submission, field, value, why)?;
        Ok(((), changed))
    })
    .await?;
    Ok(Done {})
}

pub(crate) async fn submission_packages<H: Host>(
    app: &App<H>,
    req: SubmissionRef,
) -> Result<SubmissionPackages, Failure> {
    let rows = app
        .with_desk(move |desk| desk.submission_packages(&req.study, &req.submission))
        .await?;
    Ok(SubmissionPackages { rows })
}

pub(crate) async fn submission_choose<H: Host>(
    app: &App<H>,
    req: SubmissionChoose,
) -> Result<Done, Failure> {
    app.change(move |desk| {
        let which = (req.package.as_str(), req.among.as_slice());
        let changed = desk.submission_choose(&req.study, &req.submission, which, &req.why)?;
        Ok(((), changed))
    })
    .await?;
    Ok(Done {})
}

pub(crate) async fn submission_save_sent<H: Host>(
    app: &App<H>,
    req: SubmissionSaveSent,
) -> Result<FileWritten, Failure> {
    let path = PathBuf::from(&req.path);
    let (_, bytes, _) = app
        .with_desk(move |desk| desk.submission_sent_as(&req.study, &req.submission, &req.package))
        .await?;
    blocking(move || places::write_file(&path, &bytes)).await?;
    Ok(FileWritten {
        path: req.path,
        pages: None,
        warnings: Vec::new(),
    })
}

pub(crate) async fn submission_ask<H: Host>(
    app: &App<H>,
    req: SubmissionAsk,
) -> Result<ReplyBegun, Failure> {
    let questions = Question::numbered(req.questions);
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
        // Each line of the conditions is one.
        points: Vec::new(),
        anyway: req.anyway,
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
    let made = preview_of(app, preview, stop, req).await.map(Arc::new);
    if let Ok(made) = &made {
        let seen = Arc::clone(made);
        app.with_desk(move |desk| {
            send::note_made(desk, &seen);
            Ok(())
        })
        .await?;
    }
    let mut jobs = lock(&app.jobs);
    match made {
        Ok(made) => {
            let answer = made.preview(preview, app.lang());
            // One package at a time is looked at: the one before is given up.
            jobs.retain(|id, job| *id == preview || job.package.is_none());
            if let Some(job) = jobs.get_mut(&preview) {
                job.package = Some(made);
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
    let (of_study, of) = (study.clone(), submission.clone());
    let kept = app
        .with_desk(move |desk| send::kept(desk, &of_study, &of))
        .await?;
    if let Some(kept) = kept {
        let helper = package::helper()?;
        return blocking(move || package::Made::of_kept(kept, helper)).await;
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
            desk.submission_keep_parts(&req.study, &req.submission, kept.kept_parts(req.zip))?;
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
    let study = req.study.clone();
    let mut rows = app.with_desk(move |desk| desk.submissions(&study)).await?;
    // What a person sees is what the table holds.
    rows.retain(|row| req.sites.contains(&row.site));
    for row in &mut rows {
        row.submissions
            .retain(|one| req.submissions.contains(&one.id));
    }
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

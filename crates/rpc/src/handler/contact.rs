//! Commands about contacts, milestones and calendars as files; somebody is forgotten.

use crate::app::{App, blocking, lock};
use crate::failure::FailureKind;
use crate::request::{
    CalendarExport, ContactExport, ContactImport, ContactRead, MilestoneExport, MilestoneImport,
    MilestoneRead, Nothing, PersonForget,
};
use crate::response::{
    ContactExports, ContactPreview, ContactsTaken, Done, FileWritten, MilestoneFile,
};
use crate::work::{calendar, contact, milestones, table};
use crate::{Failure, Host, places};
use std::path::PathBuf;

pub(crate) async fn contact_read<H: Host>(
    app: &App<H>,
    req: ContactRead,
) -> Result<ContactPreview, Failure> {
    let remembered = app.with_desk(|desk| table::remembered(desk)).await?;
    let mut read = blocking(move || contact::read(&req, remembered.as_ref())).await?;
    let read = app
        .with_desk(move |desk| {
            read.hold(desk)?;
            Ok(read)
        })
        .await?;
    let (preview, _) = app.begin_job();
    let answer = read.preview(preview);
    let mut jobs = lock(&app.jobs);
    // One file at a time waits for the person.
    jobs.retain(|_, job| job.contacts.is_none());
    if let Some(job) = jobs.get_mut(&preview) {
        job.contacts = Some(read);
    }
    Ok(answer)
}

pub(crate) async fn contact_import<H: Host>(
    app: &App<H>,
    req: ContactImport,
) -> Result<ContactsTaken, Failure> {
    let gone = || Failure::new(FailureKind::NotFound, "failure.noPreview");
    let read = {
        let mut jobs = lock(&app.jobs);
        let job = jobs.get_mut(&req.preview).ok_or_else(gone)?;
        job.contacts.take().ok_or_else(gone)?
    };
    let preview = req.preview;
    let (read, taken) = app
        .with_desk(move |desk| {
            let taken = read.take(desk, &req.rows);
            Ok((read, taken))
        })
        .await?;
    match taken {
        Ok((taken, changed)) => {
            lock(&app.jobs).remove(&preview);
            app.announce(changed);
            Ok(taken)
        }
        // The person can choose again.
        Err(error) => {
            if let Some(job) = lock(&app.jobs).get_mut(&preview) {
                job.contacts = Some(read);
            }
            Err(error.into())
        }
    }
}

pub(crate) async fn contact_export<H: Host>(
    app: &App<H>,
    req: ContactExport,
) -> Result<FileWritten, Failure> {
    let (file, path) = (req.path.clone(), PathBuf::from(&req.path));
    let (given, changed) = app
        .with_desk(move |desk| {
            let people = &req.people;
            let given = contact::give(desk, req.study.as_ref(), people, req.format, req.lang);
            let mut given = match given {
                Ok(given) => given,
                Err(failure) => return Ok((Err(failure), desk::Changed::default())),
            };
            given.disclosure.to = req.to;
            given.disclosure.purpose = req.purpose;
            let changed = desk.disclose(&given.disclosure)?;
            Ok((Ok(given), changed))
        })
        .await?;
    let given = given?;
    app.announce(changed);
    blocking(move || places::write_file(&path, &given.bytes)).await?;
    Ok(FileWritten {
        path: file,
        pages: None,
        warnings: Vec::new(),
    })
}

pub(crate) async fn contact_exports<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<ContactExports, Failure> {
    let rows = app.with_desk(|desk| desk.disclosures()).await?;
    Ok(ContactExports { rows })
}

pub(crate) async fn calendar_export<H: Host>(
    app: &App<H>,
    req: CalendarExport,
) -> Result<FileWritten, Failure> {
    let (file, path) = (req.path.clone(), PathBuf::from(&req.path));
    let text = app
        .with_desk(move |desk| calendar::ics(desk, req.study.as_ref(), req.lang))
        .await?;
    blocking(move || places::write_file(&path, text.as_bytes())).await?;
    Ok(FileWritten {
        path: file,
        pages: None,
        warnings: Vec::new(),
    })
}

pub(crate) async fn person_forget<H: Host>(
    app: &App<H>,
    req: PersonForget,
) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.forget_person(&req.id, &req.why)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn milestone_read<H: Host>(
    app: &App<H>,
    req: MilestoneRead,
) -> Result<MilestoneFile, Failure> {
    let remembered = app.with_desk(|desk| table::remembered(desk)).await?;
    let mut read = blocking(move || milestones::read(&req, remembered.as_ref())).await?;
    let read = app
        .with_desk(move |desk| {
            read.hold(desk)?;
            Ok(read)
        })
        .await?;
    let (preview, _) = app.begin_job();
    let answer = read.preview(preview);
    let mut jobs = lock(&app.jobs);
    jobs.retain(|_, job| job.milestones.is_none());
    if let Some(job) = jobs.get_mut(&preview) {
        job.milestones = Some(read);
    }
    Ok(answer)
}

pub(crate) async fn milestone_import<H: Host>(
    app: &App<H>,
    req: MilestoneImport,
) -> Result<Done, Failure> {
    let gone = || Failure::new(FailureKind::NotFound, "failure.noPreview");
    let read = {
        let mut jobs = lock(&app.jobs);
        let job = jobs.get_mut(&req.preview).ok_or_else(gone)?;
        job.milestones.take().ok_or_else(gone)?
    };
    let preview = req.preview;
    let (read, taken) = app
        .with_desk(move |desk| {
            let taken = read.take(desk, &req.rows, &req.why);
            Ok((read, taken))
        })
        .await?;
    match taken {
        Ok(changed) => {
            lock(&app.jobs).remove(&preview);
            app.announce(changed);
            Ok(Done {})
        }
        // The person can choose again, or give a reason.
        Err(error) => {
            if let Some(job) = lock(&app.jobs).get_mut(&preview) {
                job.milestones = Some(read);
            }
            Err(error.into())
        }
    }
}

pub(crate) async fn milestone_export<H: Host>(
    app: &App<H>,
    req: MilestoneExport,
) -> Result<FileWritten, Failure> {
    let (file, path) = (req.path.clone(), PathBuf::from(&req.path));
    let bytes = app
        .with_desk(move |desk| Ok(milestones::write(desk, &req.study, req.format, req.lang)))
        .await??;
    blocking(move || places::write_file(&path, &bytes)).await?;
    Ok(FileWritten {
        path: file,
        pages: None,
        warnings: Vec::new(),
    })
}

//! Commands about contacts and calendars as files.

use crate::app::{App, blocking, lock};
use crate::failure::FailureKind;
use crate::request::{CalendarExport, ContactExport, ContactImport, ContactRead, Nothing};
use crate::response::{ContactExports, ContactPreview, ContactsTaken, FileWritten};
use crate::work::{calendar, contact, table};
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

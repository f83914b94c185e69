//! Commands about Word files that come in.

use crate::app::{App, lock};
use crate::failure::FailureKind;
use crate::request::{WordMatch, WordRead, WordRun};
use crate::response::{WordPreview, WordReport};
use crate::work::word::{self, ReadWord};
use crate::{Failure, Host};
use std::path::PathBuf;

pub(crate) async fn word_read<H: Host>(
    app: &App<H>,
    req: WordRead,
) -> Result<WordPreview, Failure> {
    let (preview, stop) = app.begin_job();
    let path = PathBuf::from(&req.path);
    match word::read_and_match(app, preview, stop, req.study, path).await {
        Ok(read) => Ok(keep(app, preview, read)),
        Err(failure) => {
            lock(&app.jobs).remove(&preview);
            Err(failure)
        }
    }
}

pub(crate) async fn word_plan<H: Host>(
    app: &App<H>,
    req: WordMatch,
) -> Result<WordPreview, Failure> {
    let gone = || Failure::new(FailureKind::NotFound, "failure.noPreview");
    let mut incoming = {
        let jobs = lock(&app.jobs);
        let job = jobs.get(&req.preview).ok_or_else(gone)?;
        job.word.as_ref().ok_or_else(gone)?.incoming.clone()
    };
    incoming.lang = Some(req.lang);
    let (study, preview) = (req.study, req.preview);
    let (incoming, plan) = app
        .with_desk(move |desk| {
            let plan = desk.word_plan(&study, &incoming)?;
            Ok((incoming, plan))
        })
        .await?;
    let file = lock(&app.jobs)
        .get(&preview)
        .and_then(|job| job.word.as_ref())
        .map(|read| read.file.clone())
        .ok_or_else(gone)?;
    let read = ReadWord {
        incoming,
        plan,
        file,
    };
    Ok(keep(app, preview, read))
}

/// Keeps what was read and matched until it is carried out or given up.
fn keep<H: Host>(app: &App<H>, preview: u32, read: ReadWord) -> WordPreview {
    let answer = WordPreview {
        preview,
        file: read.file.clone(),
        plan: read.plan.clone(),
        warnings: read.incoming.warnings.clone(),
        not_carried: read.incoming.not_carried.clone(),
    };
    let mut jobs = lock(&app.jobs);
    // An older preview that was never carried out is given up.
    jobs.retain(|id, job| *id == preview || job.word.is_none());
    if let Some(job) = jobs.get_mut(&preview) {
        job.word = Some(read);
    }
    answer
}

pub(crate) async fn word_run<H: Host>(app: &App<H>, req: WordRun) -> Result<WordReport, Failure> {
    let read = lock(&app.jobs)
        .remove(&req.preview)
        .and_then(|job| job.word)
        .ok_or_else(|| Failure::new(FailureKind::NotFound, "failure.noPreview"))?;
    app.change(move |desk| {
        let ReadWord {
            incoming,
            plan,
            file,
        } = &read;
        desk.word_import(&req.study, incoming, plan, &req.choices, file)
    })
    .await
}

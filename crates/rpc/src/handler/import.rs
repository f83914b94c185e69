//! Commands about reading records of a registry.

use crate::app::App;
use crate::request::{ImportFiles, ImportRun, JobRef};
use crate::response::{Done, JobStarted};
use crate::work::import;
use crate::{Failure, Host};
use std::sync::atomic::Ordering;

pub(crate) async fn import_read<H: Host>(
    app: &App<H>,
    req: ImportFiles,
) -> Result<JobStarted, Failure> {
    let (job, stop) = app.begin_job();
    let paths = req.paths.into_iter().map(Into::into).collect();
    tokio::spawn(import::preview_job(app.clone(), job, stop, paths));
    Ok(JobStarted { job })
}

pub(crate) async fn import_run<H: Host>(
    app: &App<H>,
    req: ImportRun,
) -> Result<JobStarted, Failure> {
    let records = import::take_chosen(app, req.job, &req.chosen)?;
    let (job, stop) = app.begin_job();
    tokio::spawn(import::run_job(app.clone(), job, stop, records));
    Ok(JobStarted { job })
}

pub(crate) async fn job_cancel<H: Host>(app: &App<H>, req: JobRef) -> Result<Done, Failure> {
    let mut jobs = crate::app::lock(&app.jobs);
    if let Some(job) = jobs.get(&req.job) {
        job.stop.store(true, Ordering::Relaxed);
    }
    // A file that waits for the person is given up with its contents.
    jobs.retain(|id, job| *id != req.job || !job.is_waiting());
    Ok(Done {})
}

//! Reading records: files and folders to previews to studies, with progress and a stop sign.

use crate::app::{App, blocking, lock};
use crate::failure::{Failure, FailureKind};
use crate::response::ImportReport;
use crate::{Event, Host};
use desk::Desk;
use model::incoming::IncomingStudy;
use model::row::{ImportEntry, ImportStatus};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Most files that one import reads.
const FILES_MAX: usize = 20_000;

/// One record of a file: understood, or refused with a reason.
#[derive(Clone, Debug)]
pub struct ReadRecord {
    /// The file's name, as shown.
    pub file: String,
    /// Place in the file, from 0.
    pub index: u32,
    /// The record, or its entry in the report.
    pub outcome: Result<Box<IncomingStudy>, Box<ImportEntry>>,
}

/// Lists the files that paths name: files themselves, and `.json` files in folders, sorted.
pub fn list_files(paths: &[PathBuf]) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut inside = Vec::new();
            walk(path, 0, &mut inside);
            inside.sort();
            files.extend(inside);
        } else {
            files.push(path.clone());
        }
        if files.len() > FILES_MAX {
            files.truncate(FILES_MAX);
            break;
        }
    }
    files
}

fn walk(folder: &Path, depth: u8, files: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        if files.len() > FILES_MAX {
            return;
        }
        if path.is_dir() && depth < 4 {
            walk(&path, depth + 1, files);
        } else if path
            .extension()
            .is_some_and(|ext| ext.eq_ignore_ascii_case("json"))
        {
            files.push(path);
        }
    }
}

/// Reads one file; a file that cannot be read is one refused record.
pub fn read_file(path: &Path) -> Vec<ReadRecord> {
    let file = path.display().to_string();
    let too_large = std::fs::metadata(path).is_ok_and(|m| m.len() > exchange::ctgov::BYTES_MAX);
    let bytes = if too_large {
        Err("import.tooLarge")
    } else {
        std::fs::read(path).map_err(|_| "import.unreadable")
    };
    let records = match bytes {
        Err(reason) => return vec![refused(&file, 0, "", "", reason)],
        Ok(bytes) => exchange::ctgov::read(&bytes),
    };
    records
        .into_iter()
        .zip(0_u32..)
        .map(|(record, index)| match record {
            Ok(study) => ReadRecord {
                file: file.clone(),
                index,
                outcome: Ok(Box::new(study)),
            },
            Err(refusal) => refused(
                &file,
                index,
                &refusal.number,
                &refusal.title,
                refusal.code(),
            ),
        })
        .collect()
}

fn refused(file: &str, index: u32, number: &str, title: &str, reason: &str) -> ReadRecord {
    let entry = ImportEntry {
        file: file.to_owned(),
        index,
        status: ImportStatus::Refused,
        study: None,
        number: number.to_owned(),
        title: title.to_owned(),
        changes: Vec::new(),
        warnings: Vec::new(),
        not_understood: Vec::new(),
        not_carried: Vec::new(),
        reason: Some(reason.to_owned()),
    };
    ReadRecord {
        file: file.to_owned(),
        index,
        outcome: Err(Box::new(entry)),
    }
}

/// Says what importing a record would do.
///
/// # Errors
/// When the vault cannot be read.
pub fn preview(desk: &mut Desk, record: &ReadRecord) -> Result<ImportEntry, Failure> {
    match &record.outcome {
        Err(entry) => Ok((**entry).clone()),
        Ok(study) => Ok(placed(record, desk.import_preview(study)?)),
    }
}

/// Imports a record: whole or not at all.
pub fn import(desk: &mut Desk, record: &ReadRecord) -> (ImportEntry, desk::Changed) {
    let study = match &record.outcome {
        Err(entry) => return ((**entry).clone(), desk::Changed::default()),
        Ok(study) => study,
    };
    match desk.import(study) {
        Ok((entry, changed)) => (placed(record, entry), changed),
        Err(error) => {
            let failure = Failure::from(error);
            let number = &study.source_id;
            let ReadRecord {
                outcome: Err(entry),
                ..
            } = refused(&record.file, record.index, number, "", &failure.code)
            else {
                unreachable!("refused() refuses")
            };
            (*entry, desk::Changed::default())
        }
    }
}

fn placed(record: &ReadRecord, entry: ImportEntry) -> ImportEntry {
    ImportEntry {
        file: record.file.clone(),
        index: record.index,
        ..entry
    }
}

/// Reads files in the background and shows what importing them would do.
pub(crate) async fn preview_job<H: Host>(
    app: App<H>,
    job: u32,
    stop: Arc<AtomicBool>,
    paths: Vec<PathBuf>,
) {
    let worker = app.clone();
    let done = blocking(move || {
        let files = list_files(&paths);
        let mut records = Vec::new();
        let mut entries = Vec::new();
        for (n, path) in files.iter().enumerate() {
            if stop.load(Ordering::Relaxed) {
                return Ok((records, entries, true));
            }
            progress(&worker, job, "read", n, files.len(), path.file_name());
            for record in read_file(path) {
                let mut guard = lock(&worker.desk);
                let desk = guard.as_mut().ok_or_else(crate::app::locked)?;
                entries.push(preview(desk, &record)?);
                records.push(record);
            }
        }
        progress(&worker, job, "read", files.len(), files.len(), None);
        Ok((records, entries, false))
    })
    .await;
    finish(
        &app,
        job,
        true,
        done.map(|(records, entries, cancelled)| {
            if let Some(job) = lock(&app.jobs).get_mut(&job) {
                job.records = records;
            }
            (entries, cancelled)
        }),
    );
}

/// Takes the chosen records of a preview.
pub(crate) fn take_chosen<H: Host>(
    app: &App<H>,
    job: u32,
    chosen: &[u32],
) -> Result<Vec<ReadRecord>, Failure> {
    let mut jobs = lock(&app.jobs);
    let preview = jobs
        .remove(&job)
        .ok_or_else(|| Failure::new(FailureKind::NotFound, "failure.noPreview"))?;
    let wanted = |n: usize| u32::try_from(n).is_ok_and(|n| chosen.contains(&n));
    let records = preview.records.into_iter().enumerate();
    Ok(records
        .filter(|(n, _)| wanted(*n))
        .map(|(_, record)| record)
        .collect())
}

/// Imports records in the background, one transaction each.
pub(crate) async fn run_job<H: Host>(
    app: App<H>,
    job: u32,
    stop: Arc<AtomicBool>,
    records: Vec<ReadRecord>,
) {
    let worker = app.clone();
    let done = blocking(move || {
        let mut entries = Vec::new();
        let mut topics = desk::Changed::default();
        let mut cancelled = false;
        for (n, record) in records.iter().enumerate() {
            if stop.load(Ordering::Relaxed) {
                cancelled = true;
                break;
            }
            let name = record
                .outcome
                .as_ref()
                .map_or("", |study| study.source_id.as_str());
            progress(
                &worker,
                job,
                "import",
                n,
                records.len(),
                Some(name.as_ref()),
            );
            let mut guard = lock(&worker.desk);
            // Locked half-way: what is in the report is stored, the rest is not.
            let Some(desk) = guard.as_mut() else {
                cancelled = true;
                break;
            };
            let (entry, changed) = import(desk, record);
            drop(guard);
            topics.add(changed);
            entries.push(entry);
        }
        progress(&worker, job, "import", records.len(), records.len(), None);
        worker.announce(topics);
        Ok((entries, cancelled))
    })
    .await;
    finish(&app, job, false, done);
    lock(&app.jobs).remove(&job);
}

fn progress<H: Host>(
    app: &App<H>,
    job: u32,
    stage: &str,
    done: usize,
    total: usize,
    what: Option<&std::ffi::OsStr>,
) {
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    // Every event costs the window a repaint: about a hundred per job are enough.
    if done % (total / 100).max(1) != 0 && done != total {
        return;
    }
    let what = what
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let (done, total) = (count(done), count(total));
    app.host.emit(Event::Progress {
        job,
        stage: stage.into(),
        done,
        total,
        what,
    });
}

fn finish<H: Host>(
    app: &App<H>,
    job: u32,
    preview: bool,
    done: Result<(Vec<ImportEntry>, bool), Failure>,
) {
    let (entries, cancelled) = done.unwrap_or_else(|failure| {
        log::warn!("import ended early: {}", failure.code);
        (Vec::new(), true)
    });
    let report = ImportReport { entries };
    app.host.emit(Event::Import {
        job,
        preview,
        cancelled,
        report,
    });
}

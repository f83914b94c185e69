//! Files of documents, after the commits of a contact.

use super::replica::DeskReplica;
use super::sync::{Around, set_now, tell};
use crate::Host;
use crate::app::{App, lock};
use crate::failure::{Failure, FailureKind};
use desk::Env;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use sync::{CenterLink, FilesOutcome, Http, Note, Settled};

/// What one contact did with files, as the command line prints it.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct FilesReport {
    /// Files that the center has since this contact.
    pub sent: u64,
    /// Files that are here since this contact.
    pub received: u64,
    /// Files that are still to be sent or received.
    pub waiting: u64,
    /// Files that neither the center nor this laptop has.
    pub elsewhere: u64,
}

impl From<&FilesOutcome> for FilesReport {
    fn from(outcome: &FilesOutcome) -> Self {
        Self {
            sent: outcome.sent,
            received: outcome.received,
            waiting: outcome.to_send + outcome.to_receive,
            elsewhere: outcome.elsewhere,
        }
    }
}

/// Exchanges files, after the commits of a contact.
pub(super) async fn carry_files(
    replica: &mut DeskReplica,
    link: &CenterLink,
    env: &Env,
    settled: &mut Settled,
    watch: &mut (dyn FnMut(&FilesOutcome) -> bool + Send + Sync),
) -> Result<FilesOutcome, Failure> {
    let http = Http::to(link)
        .ok_or_else(|| Failure::new(FailureKind::Refused, sync::enrol::KEY_NOT_AN_ADDRESS))?;
    let around = Around(env.clone());
    Ok(sync::files(&http, link, replica, &around, settled, watch).await?)
}

/// Exchanges files until all are where they should be or somebody saves something. `false` when
/// the network ended it.
pub(super) async fn exchange_files<H: Host>(
    app: &App<H>,
    link: &CenterLink,
    settled: &mut Settled,
) -> bool {
    let mut replica = DeskReplica::new(Arc::clone(&app.desk));
    let mut told = FilesOutcome::default();
    let mut watch = |outcome: &FilesOutcome| {
        let counts = |of: &FilesOutcome| (of.to_send, of.to_receive, of.elsewhere);
        if counts(&told) != counts(outcome) {
            told = outcome.clone();
            set_now(app, |now| now.files = outcome.clone());
        }
        !app.sync.is_stale.load(Ordering::Relaxed)
    };
    let carried = carry_files(&mut replica, link, &app.env, settled, &mut watch).await;
    let files = carried.unwrap_or_else(|failure| {
        log::warn!("files: {}", failure.code);
        FilesOutcome::default()
    });
    tell(app, replica.changed());
    let is_cut = files.note.as_ref().is_some_and(Note::is_trouble);
    if lock(&app.sync.now).files != files {
        set_now(app, |now| now.files = files);
    }
    !is_cut
}

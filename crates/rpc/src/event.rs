//! What the host tells the interface unasked.

use crate::response::{ImportReport, SyncStatus};
use serde::Serialize;
use ts_rs::TS;

/// An event.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(rename_all = "camelCase", tag = "type")]
pub enum Event {
    /// Something changed; screens that show these topics ask again.
    Changed {
        /// `studies`, `study:<id>`, `conflicts`, `history`, `settings`.
        topics: Vec<String>,
    },
    /// The state of the connection changed.
    Sync {
        /// The state.
        status: SyncStatus,
    },
    /// A long job goes on.
    Progress {
        /// The job.
        job: u32,
        /// `read`, `import`, `wordRead`, `wordMatch`, `pdf`, `backup`.
        stage: String,
        /// Done so far.
        done: u32,
        /// Of how many; 0 when not known.
        total: u32,
        /// What is being done: a file's or study's name.
        what: String,
    },
    /// An import was read, or carried out.
    Import {
        /// The job.
        job: u32,
        /// Whether this is the preview.
        preview: bool,
        /// Whether it was cancelled half-way; what is in the report is stored.
        cancelled: bool,
        /// What would be, or was, done.
        report: ImportReport,
    },
    /// The vault was locked, by hand or after rest.
    Locked,
    /// Files were dropped on the window.
    Dropped {
        /// The files.
        paths: Vec<String>,
        /// Where, from the left. Units: pixels of the page.
        x: f64,
        /// Where, from the top. Units: pixels of the page.
        y: f64,
    },
    /// A menu item was chosen.
    Menu {
        /// Its name.
        item: String,
    },
}

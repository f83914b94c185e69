//! Commands about files: choosing, showing, printing.

use crate::app::{App, blocking};
use crate::request::{FileRef, PickFile};
use crate::response::{Done, Picked};
use crate::{Failure, Host};

pub(crate) async fn file_pick<H: Host>(app: &App<H>, req: PickFile) -> Result<Picked, Failure> {
    let paths = app.host.pick(req.purpose, &req.name, app.lang()).await;
    Ok(Picked { paths })
}

pub(crate) async fn file_reveal<H: Host>(app: &App<H>, req: FileRef) -> Result<Done, Failure> {
    app.host.reveal(&req.path)?;
    Ok(Done {})
}

pub(crate) async fn file_open<H: Host>(app: &App<H>, req: FileRef) -> Result<Done, Failure> {
    app.host.open(&req.path)?;
    Ok(Done {})
}

pub(crate) async fn file_print<H: Host>(app: &App<H>, req: FileRef) -> Result<Done, Failure> {
    // Talking to a print system can take seconds.
    let app = app.clone();
    blocking(move || app.host.print(&req.path)).await?;
    Ok(Done {})
}

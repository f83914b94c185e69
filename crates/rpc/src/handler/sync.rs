//! Commands about the center.

use crate::app::App;
use crate::request::{Connect, Nothing};
use crate::response::SyncStatus;
use crate::work::sync;
use crate::{Failure, Host};

pub(crate) async fn sync_status<H: Host>(app: &App<H>, _: Nothing) -> Result<SyncStatus, Failure> {
    sync::status(app)
}

pub(crate) async fn sync_connect<H: Host>(
    app: &App<H>,
    req: Connect,
) -> Result<SyncStatus, Failure> {
    sync::connect_open(app, &req.url, &req.code).await?;
    sync::status(app)
}

pub(crate) async fn sync_disconnect<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<SyncStatus, Failure> {
    app.with_desk(|desk| desk.clear_center()).await?;
    app.sync.reset();
    sync::status(app)
}

pub(crate) async fn sync_now<H: Host>(app: &App<H>, _: Nothing) -> Result<SyncStatus, Failure> {
    app.sync.wake();
    sync::status(app)
}

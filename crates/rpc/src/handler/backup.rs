//! Commands about copies of the vault.

use crate::app::{App, blocking};
use crate::handler::vault::card;
use crate::request::{BackupFolder, FileRef, Nothing, VaultRestore};
use crate::response::{BackupStatus, FileWritten, VaultCard};
use crate::{Failure, Host};
use std::path::PathBuf;

pub(crate) async fn backup_status<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<BackupStatus, Failure> {
    app.with_desk(|desk| {
        let status = desk.backup_status()?;
        Ok(BackupStatus { folder: status.folder, last: status.last, note: status.note })
    })
    .await
}

pub(crate) async fn backup_set_folder<H: Host>(
    app: &App<H>,
    req: BackupFolder,
) -> Result<BackupStatus, Failure> {
    app.with_desk(move |desk| {
        desk.set_backup_folder(req.path.as_deref())?;
        desk.daily_backup()
    })
    .await?;
    backup_status(app, Nothing {}).await
}

pub(crate) async fn backup_write<H: Host>(
    app: &App<H>,
    req: FileRef,
) -> Result<FileWritten, Failure> {
    let path = PathBuf::from(&req.path);
    app.with_desk(move |desk| desk.backup_to(&path)).await?;
    Ok(FileWritten { path: req.path, pages: None, warnings: Vec::new() })
}

pub(crate) async fn backup_restore<H: Host>(
    app: &App<H>,
    req: VaultRestore,
) -> Result<VaultCard, Failure> {
    let dir = app.places.new_vault("restored");
    let to = dir.clone();
    blocking(move || desk::backup::restore(&PathBuf::from(req.file), &to).map_err(Failure::from))
        .await?;
    app.places.remember(&dir)?;
    Ok(card(&dir))
}

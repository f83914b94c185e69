//! Commands about copies of the vault.

use crate::app::{App, blocking};
use crate::handler::vault::card;
use crate::request::{BackupFolder, FileRef, Nothing, VaultRestore};
use crate::response::{BackupStatus, FileWritten, VaultCard};
use crate::work::copies;
use crate::{Failure, Host};
use std::path::PathBuf;

pub(crate) async fn backup_status<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<BackupStatus, Failure> {
    app.with_desk(copies::status).await
}

pub(crate) async fn backup_set_folder<H: Host>(
    app: &App<H>,
    req: BackupFolder,
) -> Result<BackupStatus, Failure> {
    let env = app.env.clone();
    app.with_desk(move |desk| {
        copies::set_folder(desk, req.path.as_deref())?;
        copies::daily(desk, &env)?;
        copies::status(desk)
    })
    .await
}

pub(crate) async fn backup_write<H: Host>(
    app: &App<H>,
    req: FileRef,
) -> Result<FileWritten, Failure> {
    let path = PathBuf::from(&req.path);
    let env = app.env.clone();
    app.with_desk(move |desk| Ok(desk::backup::write(desk.vault(), &path, &env)))
        .await??;
    Ok(FileWritten {
        path: req.path,
        pages: None,
        warnings: Vec::new(),
    })
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

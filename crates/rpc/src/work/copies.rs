//! The daily copy: once a day to a folder of the person's choice, while the program runs.

use crate::Host;
use crate::app::{App, lock};
use crate::response::BackupStatus;
use desk::backup::{DAILY_KEPT, daily as write_daily, forget_daily, last_daily};
use desk::{Desk, DeskError, Env};
use std::path::Path;
use std::time::Duration;

const FOLDER: &str = "backup.folder";
const LAST: &str = "backup.last";
const NOTE: &str = "backup.note";
/// How often the program looks whether a copy is due.
const LOOK: Duration = Duration::from_secs(60);

/// Where copies go, when the last one was made, and what went wrong since.
pub(crate) fn status(desk: &mut Desk) -> Result<BackupStatus, DeskError> {
    let setting = |name: &str| Ok::<_, DeskError>(desk.setting(name)?.filter(|v| !v.is_empty()));
    Ok(BackupStatus {
        folder: setting(FOLDER)?,
        last: setting(LAST)?,
        note: setting(NOTE)?,
    })
}

/// Chooses the folder; `None` turns the daily copy off.
pub(crate) fn set_folder(desk: &mut Desk, folder: Option<&str>) -> Result<(), DeskError> {
    desk.set_setting(FOLDER, folder.unwrap_or_default())?;
    desk.set_setting(NOTE, "")?;
    Ok(())
}

/// Makes today's copy, when a folder is chosen; what goes wrong is kept to be shown.
pub(crate) fn daily(desk: &mut Desk, env: &Env) -> Result<(), DeskError> {
    let Some(folder) = desk.setting(FOLDER)?.filter(|folder| !folder.is_empty()) else {
        return Ok(());
    };
    match write_daily(desk.vault(), Path::new(&folder), DAILY_KEPT, env) {
        Ok(_) => {
            desk.set_setting(LAST, &env.clock.now().to_rfc3339())?;
            desk.set_setting(NOTE, "")?;
        }
        Err(error) => {
            log::warn!("daily copy: {}", error.code());
            desk.set_setting(NOTE, error.code())?;
        }
    }
    Ok(())
}

/// Removes the copies that are there; the next one is made when it is due.
pub(crate) fn renew(desk: &mut Desk) -> Result<(), DeskError> {
    let Some(folder) = desk.setting(FOLDER)?.filter(|folder| !folder.is_empty()) else {
        return Ok(());
    };
    let id = desk.vault().id.clone();
    if let Err(error) = forget_daily(Path::new(&folder), &id) {
        log::warn!("daily copies stay: {}", error.code());
    }
    Ok(())
}

fn is_due(desk: &mut Desk, env: &Env) -> bool {
    let Ok(Some(folder)) = desk.setting(FOLDER) else {
        return false;
    };
    let offset = chrono::Duration::minutes(i64::from(env.clock.offset_minutes()));
    let today = (env.clock.now() + offset).date_naive();
    let id = desk.vault().id.clone();
    !folder.is_empty()
        && !matches!(last_daily(Path::new(&folder), &id), Ok(Some(copy)) if copy.date == today)
}

/// Makes the daily copy when it is due, and writes checkpoints while nothing happens, for as long
/// as the program runs.
pub async fn background<H: Host>(app: App<H>) {
    loop {
        let worker = app.clone();
        let _ = tokio::task::spawn_blocking(move || {
            let mut guard = lock(&worker.desk);
            let Some(desk) = guard.as_mut() else { return };
            if is_due(desk, &worker.env)
                && let Err(error) = daily(desk, &worker.env)
            {
                log::warn!("daily copy: {error}");
            }
            if let Err(error) = desk.idle() {
                log::warn!("checkpoint: {error}");
            }
        })
        .await;
        tokio::time::sleep(LOOK).await;
    }
}

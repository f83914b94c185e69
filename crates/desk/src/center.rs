//! What the laptop knows of its center: the address, and how the last contact went.

use crate::desk::{self, Desk};
use crate::error::DeskError;
use serde::{Deserialize, Serialize};

/// How the last contact went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncStatus {
    /// Time: the last round that went through, UTC.
    pub last_contact: Option<String>,
    /// Time: the last try, UTC.
    pub last_try: Option<String>,
    /// What went wrong at the last try, as a code; `None` when it went well.
    pub error: Option<String>,
}

const LINK: &str = "center.link";
const STATUS: &str = "center.status";

impl Desk {
    /// The connection to a center, as the exchange wrote it.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn center(&self) -> Result<Option<String>, DeskError> {
        Ok(desk::meta(&self.opened.conn, LINK)?)
    }

    /// Keeps the connection to a center, or forgets it; what was received stays.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn set_center(&mut self, link: Option<&str>) -> Result<(), DeskError> {
        desk::set_meta(&self.opened.conn, LINK, link)?;
        if link.is_none() {
            desk::set_meta(&self.opened.conn, STATUS, None)?;
        }
        Ok(())
    }

    /// Time: the last contact that went through, UTC.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn last_contact(&self) -> Result<Option<String>, DeskError> {
        Ok(self.sync_status()?.last_contact)
    }

    /// How the last contact went.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn sync_status(&self) -> Result<SyncStatus, DeskError> {
        let text = desk::meta(&self.opened.conn, STATUS)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Notes how a contact went: `None` for well, else the code of what went wrong.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn sync_note(&mut self, error: Option<&str>) -> Result<(), DeskError> {
        let mut status = self.sync_status()?;
        let now = crate::time::instant(&self.env);
        if error.is_none() {
            status.last_contact = Some(now.clone());
        }
        status.last_try = Some(now);
        status.error = error.map(str::to_owned);
        let text = serde_json::to_string(&status).map_err(|_| DeskError::Damaged("a status"))?;
        self.lightly(|conn| Ok(desk::set_meta(conn, STATUS, Some(&text))?))
    }
}

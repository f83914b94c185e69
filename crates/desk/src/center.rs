//! What the laptop knows of its center: the address, and how the last contact went.

use crate::desk::{self, Desk};
use crate::error::DeskError;
use model::StudyId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The center that this vault is connected to.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CenterLink {
    /// The address.
    pub url: String,
    /// The center's public key, which its certificate must have.
    pub pin: String,
    /// What requests carry; a secret.
    pub token: String,
    /// The account at the center.
    pub user: String,
    /// The life of the center's data that the cursors belong to.
    pub epoch: String,
}

/// Shows no token.
impl std::fmt::Debug for CenterLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CenterLink")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

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
/// The key of the center that the vault was connected to last; it outlives the connection.
const KEY: &str = "center.key";
const STATUS: &str = "center.status";
const ROLES: &str = "center.roles";
const MEMBERS: &str = "center.members.";
const LEASE: &str = "center.lease";
/// How long a laptop that hears nothing of its center opens without its passphrase. Source: issue 6.
/// Units: days.
const LEASE_DAYS: i64 = 90;

impl Desk {
    /// The center that this vault is connected to.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn center(&self) -> Result<Option<CenterLink>, DeskError> {
        let text = desk::meta(&self.opened.conn, LINK)?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Connects the vault to a center.
    ///
    /// Where its key is another than before, every stream begins anew: what the former key signed
    /// proves nothing any more, so the center is asked for its numbers and its word again.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn set_center(&mut self, link: &CenterLink) -> Result<(), DeskError> {
        let text = serde_json::to_string(link).map_err(|_| DeskError::Damaged("an address"))?;
        let kept = desk::meta(&self.opened.conn, KEY)?;
        let known = kept.or(self.center()?.map(|known| known.pin));
        if known.is_some_and(|known| known != link.pin) {
            for state in self.streams()? {
                self.rewind(&state.stream)?;
            }
        }
        desk::set_meta(&self.opened.conn, KEY, Some(&link.pin))?;
        Ok(desk::set_meta(&self.opened.conn, LINK, Some(&text))?)
    }

    /// The roles of this account in the streams that it may read, as the center said last.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn roles(&self) -> Result<BTreeMap<String, String>, DeskError> {
        let text = desk::meta(&self.opened.conn, ROLES)?;
        Ok(text
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
    }

    /// Keeps what the center says of this account's roles.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn set_roles(&mut self, roles: &BTreeMap<String, String>) -> Result<(), DeskError> {
        if self.roles()? == *roles {
            return Ok(());
        }
        let text = serde_json::to_string(roles).map_err(|_| DeskError::Damaged("a role"))?;
        Ok(desk::set_meta(&self.opened.conn, ROLES, Some(&text))?)
    }

    /// Keeps what the center said about a study's members, for days without it.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn keep_members(&mut self, study: &StudyId, text: &str) -> Result<(), DeskError> {
        let key = format!("{MEMBERS}{study}");
        self.lightly(|conn| Ok(desk::set_meta(conn, &key, Some(text))?))
    }

    /// What the center said last about a study's members.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn kept_members(&self, study: &StudyId) -> Result<Option<String>, DeskError> {
        Ok(desk::meta(&self.opened.conn, &format!("{MEMBERS}{study}"))?)
    }

    /// Whether the laptop heard nothing of its center for so long that its person must show once
    /// more who she is. It never hinders work: with the passphrase it goes on.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn is_lease_over(&self) -> Result<bool, DeskError> {
        if self.center()?.is_none() {
            return Ok(false);
        }
        let shown = desk::meta(&self.opened.conn, LEASE)?;
        let heard = self.sync_status()?.last_contact;
        let latest = [shown, heard]
            .into_iter()
            .flatten()
            .filter_map(|at| chrono::DateTime::parse_from_rfc3339(&at).ok())
            .max();
        let days = latest.map(|at| (self.env.clock.now() - at.to_utc()).num_days());
        Ok(days.is_none_or(|days| days >= LEASE_DAYS))
    }

    /// The person showed who she is: the time begins anew.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn renew_lease(&mut self) -> Result<(), DeskError> {
        if self.center()?.is_none() {
            return Ok(());
        }
        let now = crate::time::instant(&self.env);
        self.lightly(|conn| Ok(desk::set_meta(conn, LEASE, Some(&now))?))
    }

    /// Forgets the center; what was received stays.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn clear_center(&mut self) -> Result<(), DeskError> {
        desk::set_meta(&self.opened.conn, LINK, None)?;
        for key in [ROLES, LEASE] {
            desk::set_meta(&self.opened.conn, key, None)?;
        }
        Ok(desk::set_meta(&self.opened.conn, STATUS, None)?)
    }

    /// How the last contact went.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn sync_status(&self) -> Result<SyncStatus, DeskError> {
        let text = desk::meta(&self.opened.conn, STATUS)?;
        Ok(text
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default())
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

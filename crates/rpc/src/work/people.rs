//! Members, laptops and held changes: what the center is asked, and what is kept of its answers.

use super::sync::{Around, link_of};
use crate::Failure;
use crate::failure::FailureKind;
use crate::request::{MemberChange, MemberSet};
use crate::response::{DeviceList, DeviceRow, MemberList, MemberRow};
use desk::{Desk, Env};
use model::StudyId;
use std::collections::BTreeMap;
use sync::wire::{DeviceName, MembersSet, RoleSet};
use sync::{CenterLink, Http, Members, Note, Problem};

/// Accounts that stand for the center itself in a log of members.
const ITSELF: [&str; 2] = ["operator", "center"];

/// A way to the center, taken out of the vault so that the vault stays usable meanwhile.
pub struct Way {
    link: CenterLink,
    http: Http,
    env: Env,
}

impl Way {
    /// The way that the vault knows.
    ///
    /// # Errors
    /// When the vault is not connected.
    pub fn of(desk: &mut Desk, env: &Env) -> Result<Self, Failure> {
        let not_connected = || Failure::new(FailureKind::Refused, "failure.notConnected");
        let link = link_of(desk)?.ok_or_else(not_connected)?;
        let http = Http::to(&link).ok_or_else(not_connected)?;
        let env = env.clone();
        Ok(Self { link, http, env })
    }

    fn around(&self) -> Around {
        Around(self.env.clone())
    }

    /// Who is and was a member of a study.
    ///
    /// # Errors
    /// What the center says, or that it cannot be reached.
    pub async fn members(&self, study: &StudyId) -> Result<MemberList, Failure> {
        let around = self.around();
        let members = sync::members::members(&self.http, &self.link, study.as_str(), &around)
            .await
            .map_err(failure)?;
        let as_of = self.env.clock.now().to_rfc3339();
        Ok(to_list(study, members, as_of))
    }

    /// Changes who is a member.
    ///
    /// # Errors
    /// As [`Way::members`]; nothing changed then.
    pub async fn change_members(&self, change: &MemberChange) -> Result<(), Failure> {
        let set = |one: &MemberSet| RoleSet {
            account: one.account.trim().to_owned(),
            role: one.role.clone(),
        };
        let set = MembersSet {
            changes: change.changes.iter().map(set).collect(),
            why: Some(change.why.clone()),
        };
        let (study, around) = (change.study.as_str(), self.around());
        sync::members::set_members(&self.http, &self.link, study, &set, &around)
            .await
            .map_err(failure)
    }

    /// The laptops of this account.
    ///
    /// # Errors
    /// As [`Way::members`].
    pub async fn devices(&self) -> Result<DeviceList, Failure> {
        let found = sync::members::devices(&self.http, &self.link, None, &self.around()).await;
        let row = |card: sync::wire::DeviceCard| DeviceRow {
            device: card.dev,
            label: card.label,
            since: card.since,
            seen: card.seen,
            revoked: card.revoked,
            is_this: card.is_this,
        };
        let devices = found.map_err(failure)?.into_iter().map(row).collect();
        Ok(DeviceList { devices })
    }

    /// Gives a laptop a name.
    ///
    /// # Errors
    /// As [`Way::members`].
    pub async fn name_device(&self, device: &str, label: &str) -> Result<(), Failure> {
        let name = DeviceName {
            dev: device.to_owned(),
            label: label.to_owned(),
        };
        sync::members::name_device(&self.http, &self.link, &name, &self.around())
            .await
            .map_err(failure)
    }

    /// Withdraws a laptop's access.
    ///
    /// # Errors
    /// As [`Way::members`].
    pub async fn revoke_device(&self, device: &str) -> Result<(), Failure> {
        sync::members::revoke_device(&self.http, &self.link, device, &self.around())
            .await
            .map_err(failure)
    }
}

fn failure(failure: sync::Failure) -> Failure {
    let key = match &failure {
        sync::Failure::Refused(Problem::NotMember) => Some("sync.not-member"),
        sync::Failure::Refused(Problem::NotFound) => Some("sync.not-offered"),
        _ => None,
    };
    if let Some(key) = key {
        return Failure::new(FailureKind::Refused, key);
    }
    let note = Note::from(failure);
    let kind = if note.is_offline() {
        FailureKind::Unavailable
    } else {
        FailureKind::Refused
    };
    let failure = Failure::new(kind, note.key());
    let params = note.params().into_iter();
    params.fold(failure, |failure, (name, value)| failure.with(name, value))
}

fn to_list(study: &StudyId, members: Members, as_of: String) -> MemberList {
    let names: BTreeMap<_, _> = members
        .list
        .iter()
        .map(|member| (member.user.clone(), member.name.clone()))
        .collect();
    let by = |by: String| match names.get(&by) {
        Some(name) => name.clone(),
        None if ITSELF.contains(&by.as_str()) => String::new(),
        None => by,
    };
    let row = |member: sync::Member| MemberRow {
        user: member.user,
        name: member.name,
        role: member.role,
        since: member.since,
        by: by(member.by),
        why: member.why,
    };
    MemberList {
        study: study.clone(),
        members: members.list.into_iter().map(row).collect(),
        may_change: members.may_change,
        as_of,
        is_kept: false,
    }
}

/// Keeps what the center said, for days without it.
///
/// # Errors
/// When the vault cannot be written.
pub fn keep_members(desk: &mut Desk, list: &MemberList) -> Result<(), Failure> {
    let text = serde_json::to_string(list).unwrap_or_default();
    desk.keep_members(&list.study, &text)?;
    Ok(())
}

/// What the center said last; `None` when it never said anything.
///
/// # Errors
/// When the vault cannot be read.
pub fn kept_members(desk: &mut Desk, study: &StudyId) -> Result<Option<MemberList>, Failure> {
    let text = desk.kept_members(study)?;
    let list: Option<MemberList> = text.and_then(|text| serde_json::from_str(&text).ok());
    Ok(list.map(|list| MemberList {
        may_change: false,
        is_kept: true,
        ..list
    }))
}

/// Asks the center, and takes what it said last when it is out of reach.
///
/// # Errors
/// What the center says; that it is out of reach, when it never said anything.
pub fn or_kept(
    desk: &mut Desk,
    study: &StudyId,
    asked: Result<MemberList, Failure>,
) -> Result<MemberList, Failure> {
    match asked {
        Ok(list) => {
            keep_members(desk, &list)?;
            Ok(list)
        }
        Err(failure) if failure.kind == FailureKind::Unavailable => {
            kept_members(desk, study)?.ok_or(failure)
        }
        Err(failure) => Err(failure),
    }
}

//! Who is and was a member of a stream: the center's signed log, read and believed here; and the
//! orders of a person about members and laptops.

use crate::Surroundings;
use crate::body;
use crate::exchange::{self, Answer, Call, Failure};
use crate::link::CenterLink;
use crate::transport::Transport;
use crate::wire::{
    AccountCard, Accounts, DeviceCard, DeviceName, DeviceRef, Devices, Held, HeldList, MembersHead,
    MembersSet, TYPE_FRAMES, YearMark,
};
use ledger::{Frame, Hash, OpValue, PayloadPlace, PublicKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The end of the name of a stream's log of members.
const ACL_SUFFIX: &str = ":acl";
/// The kind and the field of an entry.
const KIND: &str = "member";
const FIELD: &str = "role";

/// A member, or somebody who was one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The account's id.
    pub user: String,
    /// Its name.
    pub name: String,
    /// Its role; `None` when the membership ended.
    pub role: Option<String>,
    /// Time: since when it is so, UTC, RFC 3339.
    pub since: String,
    /// The account that said so; `operator` or `center` for the center itself.
    pub by: String,
    /// Why, where a reason was given.
    pub why: Option<String>,
}

/// The members of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Members {
    /// Everybody who is or was one, by name.
    pub list: Vec<Member>,
    /// Whether this laptop's account may change it.
    pub may_change: bool,
}

/// An entry of the log is not the center's, or not where it belongs.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the log of members is not the center's")]
pub struct NotTheCenters;

impl Members {
    /// Reads a log whose entries all carry the center's signature.
    ///
    /// # Errors
    /// [`NotTheCenters`].
    pub fn read(
        stream: &str,
        frames: &[Frame],
        key: &PublicKey,
        names: BTreeMap<String, String>,
    ) -> Result<Self, NotTheCenters> {
        let mut found: BTreeMap<String, Member> = BTreeMap::new();
        let mut seq = 0;
        for frame in frames {
            let commit = frame.parse_commit().map_err(|_| NotTheCenters)?;
            frame.verify(&commit, key).map_err(|_| NotTheCenters)?;
            let is_here = commit.stream.strip_suffix(ACL_SUFFIX) == Some(stream);
            if !is_here || commit.seq <= seq {
                return Err(NotTheCenters);
            }
            seq = commit.seq;
            let why = frame.payloads.iter().find(|p| p.place == PayloadPlace::Why);
            let why = why.and_then(|p| p.value.as_str()).map(str::to_owned);
            for op in commit.ops.iter().filter(|op| op.k == KIND && op.f == FIELD) {
                let OpValue::Inline(value) = &op.v else {
                    return Err(NotTheCenters);
                };
                let member = Member {
                    name: names.get(&op.e).cloned().unwrap_or_default(),
                    user: op.e.clone(),
                    role: value.as_str().map(str::to_owned),
                    since: commit.at.clone(),
                    by: commit.by.clone(),
                    why: why.clone(),
                };
                found.insert(op.e.clone(), member);
            }
        }
        let mut list: Vec<Member> = found.into_values().collect();
        list.sort_by(|a, b| (&a.name, &a.user).cmp(&(&b.name, &b.user)));
        Ok(Self {
            list,
            may_change: false,
        })
    }

    /// Whether the log says that an account is no member any more.
    pub fn has_ended(&self, user: &str) -> bool {
        let member = self.list.iter().find(|member| member.user == user);
        member.is_some_and(|member| member.role.is_none())
    }
}

async fn ask<T: Transport>(
    transport: &T,
    link: &CenterLink,
    call: Call<'_>,
    around: &dyn Surroundings,
) -> Result<Answer, Failure> {
    let pin = link.recognised_by().ok_or(Failure::Pin)?;
    exchange::ask(transport, &pin, call, around).await
}

/// Asks who is and was a member of a stream; whoever left is told that and nothing more.
///
/// # Errors
/// [`Failure`].
pub async fn members<T: Transport>(
    transport: &T,
    link: &CenterLink,
    stream: &str,
    around: &dyn Surroundings,
) -> Result<Members, Failure> {
    let call = Call::get(format!("/v1/members/{stream}"), &link.token);
    let answer = ask(transport, link, call, around).await?;
    if answer.content_type != TYPE_FRAMES {
        return Err(Failure::Nonsense);
    }
    let (head, frames) = body::unpack_page(&answer.body).map_err(|_| Failure::Nonsense)?;
    let head: MembersHead = serde_json::from_slice(&head).map_err(|_| Failure::Nonsense)?;
    let names = head.names.into_iter().map(|name| (name.user, name.name));
    let members = Members::read(stream, &frames, &answer.key, names.collect());
    let mut members = members.map_err(|_| Failure::Nonsense)?;
    members.may_change = head.may_change;
    Ok(members)
}

/// Changes who is a member, all of it or nothing.
///
/// # Errors
/// [`Failure`].
pub async fn set_members<T: Transport>(
    transport: &T,
    link: &CenterLink,
    stream: &str,
    set: &MembersSet,
    around: &dyn Surroundings,
) -> Result<(), Failure> {
    let call = Call::post(&format!("/v1/members/{stream}"), set).with_token(&link.token);
    ask(transport, link, call, around).await.map(|_| ())
}

/// The laptops of the own account, or of another for whoever works for the center.
///
/// # Errors
/// [`Failure`].
pub async fn devices<T: Transport>(
    transport: &T,
    link: &CenterLink,
    account: Option<&str>,
    around: &dyn Surroundings,
) -> Result<Vec<DeviceCard>, Failure> {
    let path = match account {
        None => "/v1/devices".to_owned(),
        Some(account) => format!("/v1/devices?account={}", escaped(account)),
    };
    let answer = ask(transport, link, Call::get(path, &link.token), around).await?;
    answer.message::<Devices>().map(|found| found.devices)
}

/// Gives a laptop a name.
///
/// # Errors
/// [`Failure`].
pub async fn name_device<T: Transport>(
    transport: &T,
    link: &CenterLink,
    name: &DeviceName,
    around: &dyn Surroundings,
) -> Result<(), Failure> {
    let call = Call::post("/v1/devices/name", name).with_token(&link.token);
    ask(transport, link, call, around).await.map(|_| ())
}

/// Withdraws a laptop's access.
///
/// # Errors
/// [`Failure`].
pub async fn revoke_device<T: Transport>(
    transport: &T,
    link: &CenterLink,
    dev: &str,
    around: &dyn Surroundings,
) -> Result<(), Failure> {
    let dev = dev.to_owned();
    let call = Call::post("/v1/devices/revoke", &DeviceRef { dev }).with_token(&link.token);
    ask(transport, link, call, around).await.map(|_| ())
}

/// Every account, for whoever works for the center.
///
/// # Errors
/// [`Failure`].
pub async fn accounts<T: Transport>(
    transport: &T,
    link: &CenterLink,
    around: &dyn Surroundings,
) -> Result<Vec<AccountCard>, Failure> {
    let call = Call::get("/v1/accounts".to_owned(), &link.token);
    let answer = ask(transport, link, call, around).await?;
    answer.message::<Accounts>().map(|found| found.accounts)
}

/// Own commits that were kept for review; with a stream, everybody's in it, for its PI.
///
/// # Errors
/// [`Failure`].
pub async fn held<T: Transport>(
    transport: &T,
    link: &CenterLink,
    stream: Option<&str>,
    around: &dyn Surroundings,
) -> Result<Vec<Held>, Failure> {
    let path = match stream {
        None => "/v1/held".to_owned(),
        Some(stream) => format!("/v1/held?stream={}", escaped(stream)),
    };
    let answer = ask(transport, link, Call::get(path, &link.token), around).await?;
    answer.message::<HeldList>().map(|found| found.held)
}

/// The file of a year's working days that the center hands out, as it was given to the center.
///
/// # Errors
/// [`Failure`]; [`Failure::Nonsense`] when it is not the file that was announced.
pub async fn year<T: Transport>(
    transport: &T,
    link: &CenterLink,
    wanted: &YearMark,
    around: &dyn Surroundings,
) -> Result<Vec<u8>, Failure> {
    let call = Call::get(format!("/v1/years/{}", wanted.year), &link.token);
    let answer = ask(transport, link, call, around).await?;
    match Hash::of(&answer.body).as_str() == wanted.hash {
        true => Ok(answer.body.to_vec()),
        false => Err(Failure::Nonsense),
    }
}

/// A text as it may stand in a query.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_travel_in_queries() {
        assert_eq!(escaped("u_1-a.b~c"), "u_1-a.b~c");
        assert_eq!(escaped("王 &"), "%E7%8E%8B%20%26");
    }
}

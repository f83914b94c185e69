//! What laptops ask about accounts, laptops, members and held commits.

use crate::guard::{bytes, message, refusal};
use crate::serve::Center;
use crate::store::{Asker, MemberChange, MemberOrder, Role, Session, Store};
use axum::body::Bytes;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Extension, Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use sync::body;
use sync::wire::{
    Accounts, DeviceName, DeviceRef, Devices, Envelope, HeldList, MembersHead, MembersSet,
    NAME_BYTES_MAX, Problem, TYPE_BYTES, TYPE_FRAMES,
};

/// Longest reason of a change of members. Units: bytes.
const WHY_BYTES_MAX: usize = 2_000;
/// Most changes of one request.
const CHANGES_MAX: usize = 50;

type Here<S> = State<Arc<Center<S>>>;

#[derive(Deserialize)]
pub(crate) struct AccountQuery {
    account: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct StreamQuery {
    stream: Option<String>,
}

/// An answer that says that it was done.
#[derive(serde::Serialize)]
struct Done {
    center: Envelope,
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body).map_err(|_| Problem::Malformed)
}

fn is_name(text: &str) -> bool {
    text.len() <= NAME_BYTES_MAX && !text.chars().any(char::is_control)
}

/// Everybody hears of a change at once.
fn done<S: Store>(center: &Arc<Center<S>>, result: Result<(), Problem>) -> Response {
    match result {
        Err(problem) => refusal(center, problem),
        Ok(()) => {
            center.changes.send_modify(|n| *n += 1);
            let center = center.envelope();
            message(200, &Done { center })
        }
    }
}

pub(crate) async fn accounts<S: Store>(
    State(center): Here<S>,
    Extension(session): Extension<Session>,
) -> Response {
    let found = center.work(move |store| store.accounts(Asker::Laptop(&session)));
    match found.await {
        Err(problem) => refusal(&center, problem),
        Ok(accounts) => {
            let center = center.envelope();
            message(200, &Accounts { center, accounts })
        }
    }
}

pub(crate) async fn devices<S: Store>(
    State(center): Here<S>,
    Extension(session): Extension<Session>,
    query: Result<Query<AccountQuery>, QueryRejection>,
) -> Response {
    let Ok(Query(AccountQuery { account })) = query else {
        return refusal(&center, Problem::Malformed);
    };
    let found = center.work(move |store| {
        let account = account.as_deref();
        store.devices(Asker::Laptop(&session), account)
    });
    match found.await {
        Err(problem) => refusal(&center, problem),
        Ok(devices) => {
            let center = center.envelope();
            message(200, &Devices { center, devices })
        }
    }
}

pub(crate) async fn name_device<S: Store>(
    State(center): Here<S>,
    Extension(session): Extension<Session>,
    body: Bytes,
) -> Response {
    let named = async {
        let DeviceName { dev, label } = read(&body)?;
        let label = label.trim().to_owned();
        if !is_name(&label) {
            return Err(Problem::Malformed);
        }
        let now_ms = center.around.now_ms();
        center
            .work(move |store| store.name_device(Asker::Laptop(&session), &dev, &label, now_ms))
            .await
    };
    done(&center, named.await)
}

pub(crate) async fn revoke_device<S: Store>(
    State(center): Here<S>,
    Extension(session): Extension<Session>,
    body: Bytes,
) -> Response {
    let withdrawn = async {
        let DeviceRef { dev } = read(&body)?;
        let now_ms = center.around.now_ms();
        center
            .work(move |store| store.withdraw_device(Asker::Laptop(&session), &dev, now_ms))
            .await
    };
    done(&center, withdrawn.await)
}

pub(crate) async fn members<S: Store>(
    State(center): Here<S>,
    Extension(session): Extension<Session>,
    Path(stream): Path<String>,
) -> Response {
    let (here, name) = (Arc::clone(&center), stream.clone());
    let now_ms = center.around.now_ms();
    let found = center.work(move |store| {
        let key = here.identity.key();
        store.members(Asker::Laptop(&session), &name, key, now_ms)
    });
    match found.await {
        Err(problem) => refusal(&center, problem),
        Ok(log) => {
            let head = MembersHead {
                center: center.envelope(),
                stream,
                names: log.names,
                is_whole: log.is_whole,
                may_change: log.may_change,
            };
            let head = serde_json::to_vec(&head).unwrap_or_default();
            bytes(200, TYPE_FRAMES, body::pack_page(&head, &log.frames))
        }
    }
}

fn change(set: sync::wire::RoleSet) -> Result<MemberChange, Problem> {
    let role = match set.role.as_deref() {
        None => None,
        Some(word) => Some(Role::parse(word).ok_or(Problem::Malformed)?),
    };
    let account = set.account;
    Ok(MemberChange { account, role })
}

pub(crate) async fn set_members<S: Store>(
    State(center): Here<S>,
    Extension(session): Extension<Session>,
    Path(stream): Path<String>,
    body: Bytes,
) -> Response {
    let set = async {
        let MembersSet { changes, why } = read(&body)?;
        let why = why.filter(|text| !text.trim().is_empty());
        let is_fit = why.as_ref().is_none_or(|text| text.len() <= WHY_BYTES_MAX);
        if changes.is_empty() || changes.len() > CHANGES_MAX || !is_fit {
            return Err(Problem::Malformed);
        }
        let changes: Vec<_> = changes.into_iter().map(change).collect::<Result<_, _>>()?;
        let (salt, now_ms) = (center.random_text(), center.around.now_ms());
        let here = Arc::clone(&center);
        center
            .work(move |store| {
                let order = MemberOrder {
                    stream: &stream,
                    asker: Asker::Laptop(&session),
                    changes: &changes,
                    why: why.as_deref().map(|text| (text.trim(), salt.as_str())),
                    now_ms,
                };
                store.change_members(&order, here.identity.key())
            })
            .await
    };
    done(&center, set.await)
}

pub(crate) async fn year<S: Store>(
    State(center): Here<S>,
    Extension(session): Extension<Session>,
    year: Result<Path<i32>, PathRejection>,
) -> Response {
    let Ok(Path(year)) = year else {
        return refusal(&center, Problem::Malformed);
    };
    if session.is_revoked {
        return refusal(&center, Problem::Revoked);
    }
    match center.work(move |store| store.year(year)).await {
        Err(problem) => refusal(&center, problem),
        Ok(None) => refusal(&center, Problem::NotFound),
        Ok(Some(file)) => bytes(200, TYPE_BYTES, file.into_bytes()),
    }
}

pub(crate) async fn held<S: Store>(
    State(center): Here<S>,
    Extension(session): Extension<Session>,
    query: Result<Query<StreamQuery>, QueryRejection>,
) -> Response {
    let Ok(Query(StreamQuery { stream })) = query else {
        return refusal(&center, Problem::Malformed);
    };
    let found = center.work(move |store| store.held(&session, stream.as_deref()));
    match found.await {
        Err(problem) => refusal(&center, problem),
        Ok(held) => {
            let center = center.envelope();
            message(200, &HeldList { center, held })
        }
    }
}

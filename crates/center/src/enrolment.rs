//! The two steps of an enrolment, see [`sync::enrol`].

use crate::guard::{message, refusal, token_hash};
use crate::serve::Center;
use crate::store::{Enrolment, Store};
use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use data_encoding::BASE64URL_NOPAD;
use ledger::{Hash, PublicKey, value::is_id};
use std::sync::Arc;
use sync::code::{HANDLE_CHARS, SECRET_CHARS};
use sync::enrol::{PREFIX, statement};
use sync::wire::{Begin, Begun, Enrolled, Finish, NAME_BYTES_MAX, Problem};

/// The hash under which the secret of a code is kept.
pub(crate) fn secret_hash(handle: &str, secret: &str) -> Hash {
    Hash::of_parts(&[
        b"pidesk-code-v1\0",
        handle.as_bytes(),
        b"\0",
        secret.as_bytes(),
    ])
}

pub(crate) async fn begin<S: Store>(State(center): State<Arc<Center<S>>>, body: Bytes) -> Response {
    match begun(&center, &body).await {
        Ok(begun) => message(200, &begun),
        Err(problem) => refusal(&center, problem),
    }
}

async fn begun<S: Store>(center: &Arc<Center<S>>, body: &[u8]) -> Result<Begun, Problem> {
    let begin: Begin = serde_json::from_slice(body).map_err(|_| Problem::Malformed)?;
    if begin.handle.len() != HANDLE_CHARS {
        return Err(Problem::Malformed);
    }
    let challenge = center.random_text();
    let (kept, now_ms) = (challenge.clone(), center.around.now_ms());
    center
        .work(move |store| store.begin_enrolment(&begin.handle, &kept, now_ms))
        .await?;
    Ok(Begun {
        center: center.envelope(),
        challenge,
    })
}

pub(crate) async fn finish<S: Store>(
    State(center): State<Arc<Center<S>>>,
    body: Bytes,
) -> Response {
    match enrolled(&center, &body).await {
        Ok(enrolled) => message(200, &enrolled),
        Err(problem) => refusal(&center, problem),
    }
}

async fn enrolled<S: Store>(center: &Arc<Center<S>>, body: &[u8]) -> Result<Enrolled, Problem> {
    let asked: Finish = serde_json::from_slice(body).map_err(|_| Problem::Malformed)?;
    let is_well_formed = asked.handle.len() == HANDLE_CHARS
        && asked.secret.len() == SECRET_CHARS
        && is_id(&asked.person)
        && asked.name.len() <= NAME_BYTES_MAX
        && !asked.name.chars().any(char::is_control);
    if !is_well_formed {
        return Err(Problem::Malformed);
    }
    let key = PublicKey::parse(&asked.key).map_err(|_| Problem::Malformed)?;
    let own = center.identity.public().to_text();
    let signed = statement(&own, &asked.challenge, &asked.person);
    key.verify_with_prefix(PREFIX, &signed, &asked.sig)
        .map_err(|_| Problem::Malformed)?;
    let token = center.random_token();
    let (hash, now_ms) = (token_hash(&token), center.around.now_ms());
    let session = center
        .work(move |store| {
            store.finish_enrolment(&Enrolment {
                handle: &asked.handle,
                secret_hash: &secret_hash(&asked.handle, &asked.secret),
                challenge: &asked.challenge,
                dev: &key.device_id(),
                key: &asked.key,
                person: &asked.person,
                name: &asked.name,
                sig: &asked.sig,
                token_hash: &hash,
                now_ms,
            })
        })
        .await?;
    log::info!("device enrolled user={}", session.user);
    Ok(Enrolled {
        center: center.envelope(),
        token,
        user: session.user,
    })
}

impl<S: Store> Center<S> {
    /// 128 random bits as letters and digits.
    pub(crate) fn random_text(&self) -> String {
        let mut bytes = [0; 16];
        self.around.random(&mut bytes);
        data_encoding::HEXLOWER.encode(&bytes)
    }

    /// 256 random bits.
    pub(crate) fn random_token(&self) -> String {
        let mut bytes = [0; 32];
        self.around.random(&mut bytes);
        BASE64URL_NOPAD.encode(&bytes)
    }
}

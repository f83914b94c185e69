//! Who looks at the console, in which language, and how a browser shows it.

use super::HOME;
use super::html::{plain, see};
use crate::limits::{Pace, UNKNOWN};
use crate::serve::{Center, Peer, Secure};
use crate::store::{Session, Store};
use axum::extract::rejection::QueryRejection;
use axum::extract::{FromRequestParts, Query};
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, HOST, ORIGIN, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use ledger::Hash;
use model::Lang;
use model::label;
use serde::Deserialize;
use std::sync::Arc;
use sync::Surroundings;
use sync::code::base32;

/// The cookie that shows a session.
pub(super) const SESSION: &str = "pidesk-console";
/// The cookie that keeps the language.
const LANGUAGE: &str = "pidesk-language";
/// Characters of a one-time code: 60 bits.
const CODE_CHARS: usize = 12;
/// How often one browser session may ask.
const PACE: Pace = Pace {
    burst: 60.0,
    per_second: 5.0,
};

/// Makes a one-time code, in groups for reading aloud.
pub(crate) fn new_code(around: &dyn Surroundings) -> String {
    let mut random = [0; 8];
    around.random(&mut random);
    let code = base32(&random, CODE_CHARS);
    let groups: Vec<&str> = (0..CODE_CHARS / 4)
        .map(|n| &code[4 * n..4 * n + 4])
        .collect();
    groups.join("-")
}

/// The hash under which a code is kept, however it is typed.
pub(crate) fn code_hash(code: &str) -> Hash {
    let typed = sync::code::typed(code).unwrap_or_default();
    Hash::of_parts(&[b"pidesk-console-code-v1\0", typed.as_bytes()])
}

/// The hash under which a session is kept.
pub(super) fn session_hash(token: &str) -> Hash {
    Hash::of_parts(&[b"pidesk-console-session-v1\0", token.as_bytes()])
}

/// Somebody who signed in.
pub(super) struct Visitor {
    pub(super) session: Session,
    pub(super) hash: Hash,
    pub(super) lang: Lang,
    /// What a form of this session carries.
    pub(super) form_key: String,
}

impl Visitor {
    /// Whether a form is one that this session was shown.
    pub(super) fn has_sent(&self, key: &str) -> bool {
        // Compared as hashes, so that the time it takes tells nothing.
        Hash::of(key.as_bytes()) == Hash::of(self.form_key.as_bytes())
    }
}

impl<S: Store> FromRequestParts<Arc<Center<S>>> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(
        parts: &mut Parts,
        center: &Arc<Center<S>>,
    ) -> Result<Self, Response> {
        let lang = lang_of(&parts.headers);
        if parts.method != axum::http::Method::GET && !is_from_here(&parts.headers) {
            return Err(plain(403, lang, label!("console.foreignForm")));
        }
        let away = || see("/console/sign-in");
        let Some(token) = cookie(&parts.headers, SESSION) else {
            return Err(match is_too_fast(center, &peer_of(parts), UNKNOWN) {
                true => slow_down(lang),
                false => away(),
            });
        };
        let hash = session_hash(token);
        let (now_ms, kept) = (center.around.now_ms(), hash.clone());
        let found = center.work(move |store| store.console_session(&kept, now_ms));
        match found.await {
            Err(_) => Err(plain(503, lang, label!("console.noDatabase"))),
            Ok(None) => {
                // Guesses at sessions.
                match is_too_fast(center, &peer_of(parts), UNKNOWN) {
                    true => Err(slow_down(lang)),
                    false => Err(away()),
                }
            }
            Ok(Some(_)) if is_too_fast(center, hash.as_str(), PACE) => Err(slow_down(lang)),
            Ok(Some(session)) => {
                let form_key = Hash::of_parts(&[b"pidesk-console-form-v1\0", token.as_bytes()]);
                Ok(Self {
                    session,
                    lang,
                    form_key: form_key.as_str().to_owned(),
                    hash,
                })
            }
        }
    }
}

/// A browser before it signed in.
pub(super) struct Stranger {
    pub(super) lang: Lang,
    pub(super) peer: String,
    pub(super) is_secure: bool,
    /// Whether a form that it sends was shown by this console.
    pub(super) is_from_here: bool,
}

impl<S: Send + Sync> FromRequestParts<S> for Stranger {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self {
            lang: lang_of(&parts.headers),
            peer: peer_of(parts),
            is_secure: parts.extensions.get::<Secure>().is_some_and(|s| s.0),
            is_from_here: is_from_here(&parts.headers),
        })
    }
}

fn peer_of(parts: &Parts) -> String {
    let peer = parts.extensions.get::<Peer>();
    let peer = peer.map(|peer| peer.0.to_string()).unwrap_or_default();
    format!("console {peer}")
}

/// Takes one request of somebody's; whether that is one too many.
pub(super) fn is_too_fast<S>(center: &Center<S>, asker: &str, pace: Pace) -> bool {
    center.limits.take(asker, pace).is_err()
}

fn slow_down(lang: Lang) -> Response {
    plain(429, lang, label!("console.tooOften"))
}

/// The value of a cookie.
pub(super) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lists = headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|v| v.to_str().ok());
    let mut pairs = lists.flat_map(|list| list.split(';'));
    pairs.find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

/// Sets a cookie that no script and no other site sees; for a moment ago, removes it.
pub(super) fn set_cookie(response: &mut Response, (name, value): (&str, &str), rest: &str) {
    let text = format!("{name}={value}; Path={HOME}; HttpOnly; SameSite=Strict{rest}");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// Whether a browser says that a page of this very address sent the request. The cookie is not sent
/// along from elsewhere anyway; this holds for browsers that forget that.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name| {
        headers
            .get(name)
            .and_then(|v: &HeaderValue| v.to_str().ok())
    };
    let is_own_site = text(axum::http::HeaderName::from_static("sec-fetch-site"))
        .is_none_or(|site| matches!(site, "same-origin" | "none"));
    let is_own_origin = text(ORIGIN).is_none_or(|origin| {
        let host = origin.split_once("://").map(|(_, host)| host);
        host.is_some() && host == text(HOST)
    });
    is_own_site && is_own_origin
}

/// The language that was chosen, else the first of the browser's that there is.
fn lang_of(headers: &HeaderMap) -> Lang {
    match cookie(headers, LANGUAGE) {
        Some("en") => return Lang::En,
        Some("zh") => return Lang::Zh,
        _ => {}
    }
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let mut wanted = wanted.unwrap_or_default().split(',').map(str::trim_start);
    let of = |tag: &str| match tag.get(..2)?.to_ascii_lowercase().as_str() {
        "zh" => Some(Lang::Zh),
        "en" => Some(Lang::En),
        _ => None,
    };
    wanted.find_map(of).unwrap_or(Lang::Zh)
}

#[derive(Deserialize)]
pub(super) struct Choice {
    to: String,
    back: Option<String>,
}

/// Keeps the language and goes back to where it was chosen.
pub(super) async fn language(choice: Result<Query<Choice>, QueryRejection>) -> Response {
    let Ok(Query(choice)) = choice else {
        return see(HOME);
    };
    let is_page = |path: &String| path.starts_with(HOME) && path.bytes().all(is_plain);
    let mut response = see(&choice.back.filter(is_page).unwrap_or(HOME.to_owned()));
    let to = if choice.to == "en" { "en" } else { "zh" };
    set_cookie(&mut response, (LANGUAGE, to), "; Max-Age=31536000");
    response
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/-?=&%_.:".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(list: &[(&'static str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&'static str, &str)| {
            let name = axum::http::HeaderName::from_static(name);
            (name, HeaderValue::from_str(value).expect("a value"))
        };
        list.iter().map(pair).collect()
    }

    #[test]
    fn the_language_is_the_chosen_one_then_the_browsers_then_chinese() {
        let of = |list: &[(&'static str, &str)]| lang_of(&headers(list));
        assert_eq!(of(&[]), Lang::Zh);
        assert_eq!(
            of(&[("accept-language", "de, en-GB;q=0.8, zh;q=0.5")]),
            Lang::En
        );
        assert_eq!(of(&[("accept-language", "zh-CN")]), Lang::Zh);
        let chosen = [
            ("accept-language", "zh-CN"),
            ("cookie", "a=b; pidesk-language=en"),
        ];
        assert_eq!(of(&chosen), Lang::En);
    }

    #[test]
    fn forms_of_other_sites_are_told_apart() {
        let of = |list: &[(&'static str, &str)]| is_from_here(&headers(list));
        let host = ("host", "center:8742");
        assert!(of(&[host]));
        assert!(of(&[host, ("origin", "https://center:8742")]));
        assert!(of(&[host, ("sec-fetch-site", "same-origin")]));
        assert!(!of(&[host, ("origin", "https://evil.example")]));
        assert!(!of(&[host, ("origin", "null")]));
        assert!(!of(&[host, ("sec-fetch-site", "cross-site")]));
        assert!(!of(&[host, ("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        assert_eq!(code_hash("0AB1-CDEF-GHJK"), code_hash(" oabl cdef ghjk"));
        assert_ne!(code_hash("0AB1-CDEF-GHJK"), code_hash("0AB1-CDEF-GHJM"));
    }
}

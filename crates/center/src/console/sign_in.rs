//! Signing in by a one-time code, and out.

use super::html::{door, see, words};
use super::visitor::{
    SESSION, Stranger, Visitor, code_hash, is_too_fast, session_hash, set_cookie,
};
use crate::limits::Pace;
use crate::serve::Center;
use crate::store::Store;
use axum::Form;
use axum::extract::State;
use axum::response::Response;
use model::Lang;
use model::label;
use model::label::Label;
use serde::Deserialize;
use std::sync::Arc;
use sync::wire::Problem;

/// How often one address may try a code.
const TRIES: Pace = Pace {
    burst: 5.0,
    per_second: 1.0 / 12.0,
};
/// How often all addresses together may.
const TRIES_OF_ALL: Pace = Pace {
    burst: 60.0,
    per_second: 1.0,
};

pub(super) async fn page(stranger: Stranger) -> Response {
    form(200, stranger.lang, None)
}

fn form(status: u16, lang: Lang, wrong: Option<&Label>) -> Response {
    let said = wrong.map_or(String::new(), |label| {
        format!("<p id=\"wrong\" role=\"alert\">{}</p>", words(label, lang))
    });
    let described = if wrong.is_some() {
        "how wrong\" aria-invalid=\"true"
    } else {
        "how"
    };
    let body = format!(
        "<p id=\"how\">{how}</p><p><kbd>pidesk-center console --data {folder} --user {name}</kbd>\
         </p>{said}<form class=\"stack\" method=\"post\" action=\"/console/sign-in\">\
         <label for=\"code\">{code}</label>\
         <input id=\"code\" name=\"code\" required autofocus autocomplete=\"one-time-code\" \
         autocapitalize=\"characters\" spellcheck=\"false\" maxlength=\"40\" \
         aria-describedby=\"{described}\">\
         <button>{go}</button></form>",
        how = words(label!("console.signInHow"), lang),
        folder = words(label!("console.folder"), lang),
        name = words(label!("console.yourName"), lang),
        code = words(label!("console.code"), lang),
        go = words(label!("console.signIn"), lang),
    );
    door(status, lang, label!("console.signIn"), &body)
}

#[derive(Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
}

pub(super) async fn enter<S: Store>(
    State(center): State<Arc<Center<S>>>,
    stranger: Stranger,
    Form(Code { code }): Form<Code>,
) -> Response {
    let Stranger {
        lang,
        peer,
        is_secure,
        is_from_here,
    } = stranger;
    if !is_from_here {
        return form(403, lang, Some(label!("console.foreignForm")));
    }
    if is_too_fast(&center, &format!("try {peer}"), TRIES)
        || is_too_fast(&center, "try", TRIES_OF_ALL)
    {
        return form(429, lang, Some(label!("console.tooOften")));
    }
    let token = center.random_token();
    let (code, session) = (code_hash(&code), session_hash(&token));
    let now_ms = center.around.now_ms();
    let entered = center.work(move |store| store.console_enter(&code, &session, now_ms));
    match entered.await {
        Ok(()) => {
            let mut response = see(super::HOME);
            let rest = if is_secure { "; Secure" } else { "" };
            set_cookie(&mut response, (SESSION, &token), rest);
            log::info!("somebody signed in to the console");
            response
        }
        Err(Problem::CodeExpired) => form(403, lang, Some(label!("console.codeExpired"))),
        Err(Problem::CodeWrong) => {
            log::warn!("a wrong code for the console");
            form(403, lang, Some(label!("console.codeWrong")))
        }
        Err(_) => form(503, lang, Some(label!("console.noDatabase"))),
    }
}

/// A form that carries nothing but its key.
#[derive(Deserialize)]
pub(super) struct Key {
    #[serde(default)]
    key: String,
}

pub(super) async fn leave<S: Store>(
    State(center): State<Arc<Center<S>>>,
    visitor: Visitor,
    Form(Key { key }): Form<Key>,
) -> Response {
    if !visitor.has_sent(&key) {
        return form(403, visitor.lang, Some(label!("console.foreignForm")));
    }
    let (hash, now_ms) = (visitor.hash, center.around.now_ms());
    let left = center.work(move |store| store.console_leave(&hash, now_ms));
    if left.await.is_err() {
        return form(503, visitor.lang, Some(label!("console.noDatabase")));
    }
    let mut response = see("/console/sign-in");
    set_cookie(&mut response, (SESSION, ""), "; Max-Age=0");
    response
}

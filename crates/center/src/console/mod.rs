//! The console: a few pages for those who work for the center, without a script.
//!
//! It has a door of its own: a one-time code from the command line, then a cookie. What it may do
//! is what an account of the role staff may do; it shows ids, names of accounts and numbers, and no
//! study.

mod accounts;
mod html;
mod invite;
mod overview;
mod sign_in;
mod studies;
mod visitor;

pub(crate) use visitor::{code_hash, new_code};

use crate::serve::Center;
use crate::store::Store;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::get;
use std::sync::Arc;

/// Where the console is.
const HOME: &str = "/console";
/// Most bytes of a form.
const FORM_BYTES_MAX: usize = 16 * 1024;
/// Nothing but its own style sheet and its own forms; no script, no frame, no other host.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// Every page.
pub(crate) fn routes<S: Store>() -> Router<Arc<Center<S>>> {
    Router::new()
        .route(HOME, get(overview::page::<S>))
        .route("/console/accounts", get(accounts::page::<S>))
        .route(
            "/console/withdraw",
            get(accounts::ask::<S>).post(accounts::withdraw::<S>),
        )
        .route("/console/studies", get(studies::page::<S>))
        .route(
            "/console/invite",
            get(invite::page).post(invite::invite::<S>),
        )
        .route(
            "/console/sign-in",
            get(sign_in::page).post(sign_in::enter::<S>),
        )
        .route(
            "/console/sign-out",
            axum::routing::post(sign_in::leave::<S>),
        )
        .route("/console/language", get(visitor::language))
        .route("/console/style.css", get(style))
        .route("/console/", get(lost))
        .route("/console/{*rest}", get(lost))
        .route_layer(DefaultBodyLimit::max(FORM_BYTES_MAX))
        .route_layer(map_response(guarded))
}

/// A page that there is not.
async fn lost() -> Response {
    html::see(HOME)
}

async fn style() -> Response {
    let mut response = Response::new(include_str!("style.css").into());
    let css = HeaderValue::from_static("text/css; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, css);
    response
}

async fn guarded(mut response: Response) -> Response {
    let fixed = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // A form says where it comes from, a link to elsewhere does not.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CACHE_CONTROL, "no-store"),
    ];
    for (name, value) in fixed {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    }
    response
}

//! Accounts with their laptops, and the withdrawal of a laptop.

use super::html::{Tab, door, escape, id, moment_of, page as frame, plain, see, table, words};
use super::visitor::Visitor;
use crate::serve::Center;
use crate::store::{Asker, Session, Store, StoreError};
use axum::Form;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use model::label::Label;
use model::{Lang, label};
use serde::Deserialize;
use std::sync::Arc;
use sync::wire::{AccountCard, DeviceCard, Problem};

type Owned = (AccountCard, Vec<DeviceCard>);

fn read<S: Store>(store: &S, session: &Session) -> Result<Vec<Owned>, StoreError> {
    store.accounts_with_laptops(Asker::Laptop(session))
}

fn role(word: &str, lang: Lang) -> String {
    let known = model::label::get(&format!("console.role.{word}"));
    known.map_or(escape(word), |label| words(label, lang))
}

#[derive(Deserialize)]
pub(super) struct Done {
    done: String,
}

pub(super) async fn page<S: Store>(
    State(center): State<Arc<Center<S>>>,
    visitor: Visitor,
    done: Result<Query<Done>, QueryRejection>,
) -> Response {
    let (lang, session) = (visitor.lang, visitor.session.clone());
    let accounts = match center.work(move |store| read(store, &session)).await {
        Ok(accounts) => accounts,
        Err(problem) => return refused(&problem, lang),
    };
    let mut body = String::new();
    if done.is_ok_and(|Query(done)| done.done == "withdrawn") {
        let said = words(label!("console.withdrawn"), lang);
        body.push_str(&format!("<p class=\"done\" role=\"status\">{said}</p>"));
    }
    let note = words(label!("console.accountsNote"), lang);
    body.push_str(&format!("<p class=\"note\">{note}</p>"));
    for (account, laptops) in &accounts {
        body.push_str(&section(account, laptops, lang));
    }
    frame(&visitor, Tab::Accounts, label!("console.accounts"), &body)
}

fn section(account: &AccountCard, laptops: &[DeviceCard], lang: Lang) -> String {
    let heads = [
        label!("console.laptop"),
        label!("console.since"),
        label!("console.lastContact"),
        label!("console.version"),
        label!("console.access"),
    ];
    let heads: Vec<String> = heads.iter().map(|label| words(label, lang)).collect();
    let row = |card: &DeviceCard| {
        let unknown = || "–".to_owned();
        let version = match card.app.is_empty() {
            true => unknown(),
            false => id(&card.app),
        };
        let access = match &card.revoked {
            Some(at) => format!(
                "{} {}",
                words(label!("console.withdrawnAt"), lang),
                moment_of(at)
            ),
            None => format!(
                "<a class=\"button\" href=\"/console/withdraw?dev={dev}\" \
                 aria-label=\"{what}: {name}\">{what}</a>",
                dev = escape(&card.dev),
                what = words(label!("console.withdraw"), lang),
                name = escape(&name_of(card)),
            ),
        };
        vec![
            named(card),
            moment_of(&card.since),
            card.seen.as_deref().map_or_else(unknown, moment_of),
            version,
            access,
        ]
    };
    // What a laptop called itself after a restore is no further laptop.
    let laptops = laptops.iter().filter(|card| card.introduced_by.is_none());
    let rows: Vec<_> = laptops.map(row).collect();
    let name = escape(&account.name);
    let inner = match rows.is_empty() {
        true => format!("<p>{}</p>", words(label!("console.noLaptops"), lang)),
        false => table(&name, &heads, &rows),
    };
    format!(
        "<section><h2>{name} <span class=\"role\">{}</span></h2>{inner}</section>",
        role(&account.role, lang)
    )
}

/// What a laptop is called; the beginning of its id where it has no name.
fn name_of(card: &DeviceCard) -> String {
    match card.label.is_empty() {
        true => short(&card.dev).to_owned(),
        false => card.label.clone(),
    }
}

fn short(dev: &str) -> &str {
    let digits = dev.strip_prefix("sha256:").unwrap_or(dev);
    digits.get(..12).unwrap_or(digits)
}

fn named(card: &DeviceCard) -> String {
    match card.label.is_empty() {
        true => id(short(&card.dev)),
        false => format!("{} {}", escape(&card.label), id(short(&card.dev))),
    }
}

#[derive(Deserialize)]
pub(super) struct Device {
    #[serde(default)]
    dev: String,
    #[serde(default)]
    key: String,
}

/// Asks before a laptop is withdrawn: it cannot be undone.
pub(super) async fn ask<S: Store>(
    State(center): State<Arc<Center<S>>>,
    visitor: Visitor,
    asked: Result<Query<Device>, QueryRejection>,
) -> Response {
    let (lang, session) = (visitor.lang, visitor.session.clone());
    let dev = asked.map(|Query(asked)| asked.dev).unwrap_or_default();
    let accounts = match center.work(move |store| read(store, &session)).await {
        Ok(accounts) => accounts,
        Err(problem) => return refused(&problem, lang),
    };
    let is_it = |card: &&DeviceCard| card.dev == dev && card.revoked.is_none();
    let found = accounts.iter().find_map(|(account, laptops)| {
        let card = laptops.iter().find(is_it)?;
        Some((account, card))
    });
    let Some((account, card)) = found else {
        return refused(&Problem::NotFound, lang);
    };
    let body = format!(
        "<p><strong>{owner}</strong> · {laptop}</p><p>{what}</p>\
         <form method=\"post\" action=\"/console/withdraw\">\
         <input type=\"hidden\" name=\"key\" value=\"{key}\">\
         <input type=\"hidden\" name=\"dev\" value=\"{dev}\">\
         <button class=\"danger\">{go}</button> <a href=\"/console/accounts\">{back}</a></form>",
        owner = escape(&account.name),
        laptop = named(card),
        what = words(label!("console.withdrawWhat"), lang),
        key = visitor.form_key,
        dev = escape(&card.dev),
        go = words(label!("console.withdraw"), lang),
        back = words(label!("console.cancel"), lang),
    );
    frame(
        &visitor,
        Tab::Accounts,
        label!("console.withdrawTitle"),
        &body,
    )
}

pub(super) async fn withdraw<S: Store>(
    State(center): State<Arc<Center<S>>>,
    visitor: Visitor,
    Form(Device { dev, key }): Form<Device>,
) -> Response {
    if !visitor.has_sent(&key) {
        return plain(403, visitor.lang, label!("console.foreignForm"));
    }
    let (session, now_ms) = (visitor.session, center.around.now_ms());
    let withdrawn = center
        .work(move |store| store.withdraw_device(Asker::Laptop(&session), &dev, now_ms))
        .await;
    match withdrawn {
        Err(problem) => refused(&problem, visitor.lang),
        Ok(()) => {
            // It hears of it at once.
            center.changes.send_modify(|n| *n += 1);
            see("/console/accounts?done=withdrawn")
        }
    }
}

fn refused(problem: &Problem, lang: Lang) -> Response {
    let (status, label): (u16, &Label) = match problem {
        Problem::NotFound | Problem::NoAccount { .. } => (404, label!("console.noLaptop")),
        Problem::NoRight => (403, label!("console.notStaff")),
        _ => (503, label!("console.noDatabase")),
    };
    let body = format!(
        "<p role=\"alert\">{}</p><p><a href=\"/console/accounts\">{}</a></p>",
        words(label, lang),
        words(label!("console.back"), lang)
    );
    door(status, lang, label!("console.accounts"), &body)
}

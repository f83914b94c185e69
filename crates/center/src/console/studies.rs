//! The studies by id and number, without a word of what is in them.

use super::html::{Tab, id, moment, page as frame, plain, size, table, words};
use super::visitor::Visitor;
use crate::serve::Center;
use crate::store::Store;
use crate::store::console::StreamCard;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Response;
use ledger::value::is_id;
use model::label;
use serde::Deserialize;
use std::sync::Arc;

/// Most studies on a page.
const PAGE: u32 = 50;

#[derive(Deserialize)]
pub(super) struct After {
    #[serde(default)]
    after: String,
}

pub(super) async fn page<S: Store>(
    State(center): State<Arc<Center<S>>>,
    visitor: Visitor,
    after: Result<Query<After>, QueryRejection>,
) -> Response {
    let lang = visitor.lang;
    let after = after.map(|Query(after)| after.after).unwrap_or_default();
    let found = center.work(move |store| store.stream_cards(&after, PAGE + 1));
    let Ok(mut cards) = found.await else {
        return plain(503, lang, label!("console.noDatabase"));
    };
    let has_more = cards.len() > PAGE as usize;
    cards.truncate(PAGE as usize);
    let heads = [
        label!("console.study"),
        label!("console.head"),
        label!("console.members"),
        label!("console.held"),
        label!("console.size"),
        label!("console.newest"),
    ];
    let heads: Vec<String> = heads.iter().map(|label| words(label, lang)).collect();
    let row = |card: &StreamCard| {
        vec![
            id(&card.stream),
            card.head.to_string(),
            card.n_members.to_string(),
            match card.n_held {
                0 => "0".to_owned(),
                n => format!("<strong>{n}</strong>"),
            },
            size(card.bytes),
            card.newest_ms.map_or("–".to_owned(), moment),
        ]
    };
    let rows: Vec<_> = cards.iter().map(row).collect();
    let note = words(label!("console.studiesNote"), lang);
    let mut body = match rows.is_empty() {
        true => format!("<p>{}</p>", words(label!("console.noStudies"), lang)),
        false => table(&words(label!("console.studies"), lang), &heads, &rows),
    };
    if let (true, Some(last)) = (has_more, cards.last()) {
        // The grammar of ids leaves nothing that an address would have to escape.
        if is_id(&last.stream) {
            let (more, after) = (words(label!("console.more"), lang), &last.stream);
            body.push_str(&format!(
                "<p><a href=\"/console/studies?after={after}\">{more}</a></p>"
            ));
        }
    }
    body.push_str(&format!("<p class=\"note\">{note}</p>"));
    frame(&visitor, Tab::Studies, label!("console.studies"), &body)
}

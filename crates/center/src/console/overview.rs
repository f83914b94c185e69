//! How the center is: programs, database, disks, and its contents in numbers.

use super::html::{Tab, filled, id, moment, page as frame, pairs, plain, size, table, words};
use super::visitor::Visitor;
use crate::blob_store::BlobStore;
use crate::blob_trouble::Trouble;
use crate::serve::Center;
use crate::storage::Usage;
use crate::store::Store;
use crate::store::console::{Database, Overview, ReplicaCard};
use axum::extract::State;
use axum::response::Response;
use model::Lang;
use model::label;
use std::sync::Arc;

/// A program that said nothing for so long is named as silent. Units: milliseconds.
const SILENT_MS: i64 = 90_000;

pub(super) async fn page<S: Store>(
    State(center): State<Arc<Center<S>>>,
    visitor: Visitor,
) -> Response {
    let (lang, now_ms) = (visitor.lang, center.around.now_ms());
    let found = center
        .work(move |store| {
            Ok((
                store.overview()?,
                store.database()?,
                store.replicas(now_ms)?,
            ))
        })
        .await;
    let Ok((overview, database, replicas)) = found else {
        return plain(503, lang, label!("console.noDatabase"));
    };
    let usage = center.usage().await;
    let trouble = center.blobs.get().and_then(BlobStore::trouble);
    let this = center.replica_id.get().map_or("", String::as_str);
    let body = [
        contents(&overview, lang),
        programs(&replicas, this, now_ms, lang),
        stored(&database, (&usage, trouble), lang),
    ]
    .concat();
    frame(&visitor, Tab::Overview, label!("console.overview"), &body)
}

fn contents(overview: &Overview, lang: Lang) -> String {
    let held = match overview.n_held {
        0 => "0".to_owned(),
        n => format!("<strong>{n}</strong>"),
    };
    let list = [
        (label!("console.nAccounts"), overview.n_accounts.to_string()),
        (label!("console.nLaptops"), overview.n_devices.to_string()),
        (label!("console.nStudies"), overview.n_streams.to_string()),
        (label!("console.nCommits"), overview.n_commits.to_string()),
        (label!("console.nHeld"), held),
    ];
    let heading = words(label!("console.contents"), lang);
    let note = words(label!("console.heldNote"), lang);
    format!(
        "<section><h2>{heading}</h2>{}<p class=\"note\">{note}</p></section>",
        pairs(&list, lang)
    )
}

fn programs(replicas: &[ReplicaCard], this: &str, now_ms: i64, lang: Lang) -> String {
    let heads = [
        label!("console.program"),
        label!("console.state"),
        label!("console.version"),
        label!("console.uptime"),
        label!("console.lastWord"),
        label!("console.listening"),
    ];
    let heads: Vec<String> = heads.iter().map(|label| words(label, lang)).collect();
    let row = |replica: &ReplicaCard| {
        let short = replica.id.get(..8).unwrap_or(&replica.id);
        let name = match replica.id == this {
            true => format!("{} ({})", id(short), words(label!("console.thisOne"), lang)),
            false => id(short),
        };
        let state = match now_ms - replica.seen_ms > SILENT_MS {
            true => format!("<strong>{}</strong>", words(label!("console.silent"), lang)),
            false => words(label!("console.runs"), lang),
        };
        vec![
            name,
            state,
            id(&replica.version),
            since(replica.since_ms, now_ms, lang),
            moment(replica.seen_ms),
            replica.n_listening.to_string(),
        ]
    };
    let rows: Vec<_> = replicas.iter().map(row).collect();
    let heading = words(label!("console.programs"), lang);
    let note = words(label!("console.programsNote"), lang);
    format!(
        "<section><h2>{heading}</h2>{}<p class=\"note\">{note}</p></section>",
        table(&heading, &heads, &rows)
    )
}

fn since(since_ms: i64, now_ms: i64, lang: Lang) -> String {
    let minutes = (now_ms - since_ms).max(0) / 60_000;
    let (days, hours) = (minutes / 1_440, minutes / 60 % 24);
    let params = [
        ("days", days.to_string()),
        ("hours", hours.to_string()),
        ("minutes", (minutes % 60).to_string()),
    ];
    let params = params
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    filled(label!("console.lasted"), lang, &params)
}

fn stored(database: &Database, (usage, trouble): (&Usage, Option<Trouble>), lang: Lang) -> String {
    let reachable = words(label!("console.reachable"), lang);
    let mut list = vec![
        (
            label!("console.database"),
            format!("{} · {reachable}", id(&database.name)),
        ),
        (label!("console.databaseSize"), size(database.bytes)),
    ];
    if let Some((n, bytes)) = usage.files {
        let said = [("n", n.to_string()), ("size", size(bytes))];
        let said = said.each_ref().map(|(name, value)| (*name, value.as_str()));
        list.push((
            label!("console.files"),
            filled(label!("console.filesSaid"), lang, &said),
        ));
    }
    if let Some(trouble) = trouble {
        let said = words(trouble.label(), lang);
        list.push((
            label!("console.filesStore"),
            format!("<strong>{said}</strong>"),
        ));
    }
    if let Some((free, all)) = usage.disk {
        let said = [("free", size(free)), ("all", size(all))];
        let said = said.each_ref().map(|(name, value)| (*name, value.as_str()));
        let mut text = filled(label!("console.diskSaid"), lang, &said);
        if free < all / 10 {
            let low = words(label!("console.diskLow"), lang);
            text = format!("{text} · <strong>{low}</strong>");
        }
        list.push((label!("console.disk"), text));
    }
    let heading = words(label!("console.storage"), lang);
    format!(
        "<section><h2>{heading}</h2>{}</section>",
        pairs(&list, lang)
    )
}

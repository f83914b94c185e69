//! Putting aside: a deletion names what was seen of what it takes along.

use crate::directory;
use crate::edit::{Target, head_ids};
use crate::error::DeskError;
use crate::project::{STRUCTURE, places};
use crate::store::names;
use crate::store::write::Change;
use crate::submission::lock;
use crate::token;
use ledger::{DELETED, OpId};
use model::{EntityId, kind};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::BTreeSet;

/// The deletion of an entity that was on screen with all of it.
pub(crate) fn to_deletion(
    conn: &Connection,
    target: &Target,
    entity: &EntityId,
    seen: &[String],
) -> Result<Change, DeskError> {
    // A frozen version stays; only its own freezing can be taken back. A log stays.
    if [kind::STUDY, kind::PERSON, kind::VERSION, kind::DISCLOSURE].contains(&target.kind.as_str())
    {
        return Err(target.read_only(DELETED));
    }
    if target.kind == kind::ASSIGNMENT {
        return Err(DeskError::EndedNotDeleted);
    }
    lock::refuse_deletion(conn, target)?;
    directory::refuse_set_deletion(conn, target)?;
    let change = Change::first(entity.as_str(), &target.kind, DELETED, true.into());
    Ok(Change {
        saw: what_was_seen(conn, target, seen)?,
        p: head_ids(conn, target.entity, DELETED)?,
        ..change
    })
}

/// Lets deletions name what the same save changes in what they take along; puts them last.
///
/// Invariant: a person who saves a change and a deletion in one moment has seen the change.
pub(crate) fn see_own(
    conn: &Connection,
    stream: i64,
    mut changes: Vec<Change>,
) -> Result<Vec<Change>, DeskError> {
    let is_deletion = |change: &Change| change.f == DELETED && change.value == Value::Bool(true);
    let last_of_all = |change: &Change| (change.f == DELETED, is_deletion(change));
    changes.sort_by_key(last_of_all);
    let n = changes
        .iter()
        .take_while(|change| !is_deletion(change))
        .count();
    let (others, deletions) = changes.split_at_mut(n);
    for deletion in deletions {
        let Some(entity) = names::entity(conn, stream, &deletion.e)? else {
            continue;
        };
        let mut below: BTreeSet<String> = BTreeSet::new();
        for part in places::tree(conn, entity)? {
            below.insert(names::entity_name(conn, part)?);
        }
        // What this save moves or adds below it, to any depth.
        let moved: Vec<(&str, &str)> = others
            .iter()
            .filter(|change| change.f == "parent")
            .filter_map(|change| Some((change.e.as_str(), change.value.get("$ref")?.as_str()?)))
            .collect();
        let mut n_before = 0;
        while n_before < below.len() {
            n_before = below.len();
            for (child, parent) in &moved {
                if below.contains(*parent) {
                    below.insert((*child).to_owned());
                }
            }
        }
        let own = others.iter().enumerate();
        deletion.saw_own = own
            .filter(|(_, change)| below.contains(&change.e))
            .map(|(place, _)| place)
            .collect();
    }
    Ok(changes)
}

/// What a deletion names: what was on screen, and how the parts are placed, which no screen shows.
fn what_was_seen(
    conn: &Connection,
    target: &Target,
    seen: &[String],
) -> Result<Vec<OpId>, DeskError> {
    let tree = places::tree(conn, target.entity)?;
    let mut saw = token::seen(conn, target.stream, seen, |entity, _| {
        tree.contains(&entity)
    })?;
    for part in tree {
        for field in STRUCTURE {
            saw.extend(head_ids(conn, part, field)?);
        }
    }
    saw.sort();
    saw.dedup();
    Ok(saw)
}

//! What a laptop does once the center took something back: it saves what was typed, hands all in,
//! and then erases a study, or the vault.

use super::replica::DeskReplica;
use super::self_check::{At, once_more};
use super::sync::Around;
use crate::failure::Failure;
use sync::{FilesOutcome, Note, Outcome, Settled};

/// Erases what the center took back, once everything here was handed in: the vault, when this
/// laptop's access was withdrawn; a study, when the center's signed log says that this account's
/// part in it ended. That the center does not show a study is not enough: it may have been put back
/// from a backup.
pub(super) async fn obey(
    replica: &mut DeskReplica,
    at: At<'_>,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let is_revoked = outcome.notes.contains(&Note::Revoked);
    let streams = if is_revoked {
        replica.stream_names()?
    } else {
        ended(at, &outcome.lost).await
    };
    if streams.is_empty() && !is_revoked {
        return Ok(());
    }
    hand_in_typing(replica, at, &streams, outcome).await?;
    let (settled, files) = hand_in_files(replica, at, &streams).await?;
    if is_revoked {
        if outcome.waiting == 0 && replica.erase_vault(&settled)? {
            outcome.note = Note::VaultErased;
            return Ok(());
        }
    } else {
        let mut n = 0;
        for stream in &streams {
            n += u64::from(replica.erase_stream(stream, &settled)?);
        }
        if n > 0 && n == outcome.lost.len() as u64 && is_about_access(&outcome.note) {
            outcome.note = Note::Erased(n);
            return Ok(());
        }
    }
    if is_about_access(&outcome.note)
        && let Some(note @ (Note::FilesNoRoom | Note::FileDamaged)) = files.note
    {
        outcome.note = note;
    }
    Ok(())
}

/// Whether nothing more pressing than the lost access is to be said.
fn is_about_access(note: &Note) -> bool {
    matches!(note, Note::Revoked | Note::NoAccess(_))
}

/// The streams in which this account's part ended, by the center's signed word.
async fn ended((http, link, env): At<'_>, lost: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for stream in lost {
        let asked = sync::members::members(http, link, stream, &Around(env.clone())).await;
        if asked.is_ok_and(|members| members.has_ended(&link.user)) {
            found.push(stream.clone());
        }
    }
    found
}

/// Makes edits of what was typed and not saved, and hands them in.
async fn hand_in_typing(
    replica: &mut DeskReplica,
    at: At<'_>,
    streams: &[String],
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let mut n = 0;
    for stream in streams {
        let typing = replica.save_typing(stream)?;
        n += typing.n_saved + typing.n_as_text;
    }
    if n > 0 {
        once_more(replica, at, outcome).await?;
    }
    Ok(())
}

/// Hands in the files of what was written here; what of them the center has.
async fn hand_in_files(
    replica: &DeskReplica,
    (http, link, env): At<'_>,
    streams: &[String],
) -> Result<(Settled, FilesOutcome), Failure> {
    let (mut settled, around) = (Settled::default(), Around(env.clone()));
    let mut on = |_: &FilesOutcome| true;
    let mut shelf = replica.for_handing_in(streams);
    let outcome = sync::hand_in(http, link, &mut shelf, &around, &mut settled, &mut on).await?;
    Ok((settled, outcome))
}

//! What a contact finds out about this laptop's own log, and mends.

use super::replica::DeskReplica;
use super::sync::Around;
use crate::failure::Failure;
use desk::Env;
use sync::{CenterLink, Http, Note, Outcome};

/// The center, as one contact reaches it.
pub(super) type At<'a> = (&'a Http, &'a CenterLink, &'a Env);

/// Exchanges commits once more in a contact, because there is more to send now.
pub(super) async fn once_more(
    replica: &mut DeskReplica,
    (http, link, env): At<'_>,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let again = sync::round(http, link, replica, &Around(env.clone())).await?;
    *outcome = Outcome {
        sent: outcome.sent + again.sent,
        received: outcome.received + again.received,
        ..again
    };
    Ok(())
}

/// Whether after such a contact something may still be at the center that is not here. What it does
/// not take from this laptop hides nothing.
fn hides_what_the_center_has(note: &Note) -> bool {
    let is_harmless = matches!(note, Note::Diverged | Note::Refused(_) | Note::Revoked);
    note.is_trouble() && !is_harmless
}

/// Finds what was written here, never sent, and is gone from the log, once the center has given
/// back what it has. What waits behind it would wait for ever.
pub(super) async fn close_gaps(
    replica: &mut DeskReplica,
    at: At<'_>,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    let is_mended = replica.was_put_back()?;
    if outcome.note == Note::Restored && is_mended {
        // It was not the center that had lost something.
        outcome.note = Note::Mended;
    }
    if outcome.notes.iter().any(hides_what_the_center_has) {
        return Ok(());
    }
    let Some(n_lost) = replica.close_gaps(&outcome.lost)? else {
        return Ok(());
    };
    once_more(replica, at, outcome).await?;
    if !outcome.note.is_trouble() {
        outcome.note = match n_lost {
            0 => Note::Mended,
            n => Note::Lost(n),
        };
    }
    Ok(())
}

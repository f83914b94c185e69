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

/// Finds what was written here, never sent, and is gone from the log, once the center has given
/// back what it has. What waits behind it would wait for ever.
pub(super) async fn close_gaps(
    replica: &mut DeskReplica,
    at: At<'_>,
    outcome: &mut Outcome,
) -> Result<(), Failure> {
    if outcome.note == Note::Restored && replica.has_mended() {
        // It was not the center that had lost something.
        outcome.note = Note::Mended;
    }
    if outcome.note.is_trouble() && !outcome.notes.contains(&Note::Diverged) {
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

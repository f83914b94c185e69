//! Pages: checked before they are taken in, and made here where fetching them would tell nothing.

use crate::digest;
use crate::replica::{Page, Pulled};
use crate::wire::{PageHead, Pushed, Status};
use ledger::{Frame, Hash};

/// Checks that a page is what it says: no gap, one frame per number, the digest of its commits.
pub(crate) fn read(head: &PageHead, frames: Vec<Frame>) -> Option<Page> {
    let n = frames.len() as u64;
    let is_whole = n > 0
        && head.items.len() == frames.len()
        && head.to == head.from.checked_add(n)?
        && head.to <= head.head;
    let items = head
        .items
        .iter()
        .map(|i| (i.sseq, i.received_at.as_str(), i.status, i.receipt.as_str()));
    let page = join(head.from, &Hash::parse(&head.from_digest)?, items, frames)?;
    (is_whole && page.digest.as_str() == head.digest).then_some(page)
}

/// The page that the center would give for what was pushed a moment ago, when that is all that
/// follows the cursor: it is here already, and only its numbers are new.
pub(crate) fn of_pushed(
    cursor: u64,
    known: Option<&Hash>,
    frames: &[Frame],
    pushed: &Pushed,
) -> Option<Page> {
    let start = (cursor == 0).then(|| digest::start(&pushed.stream));
    let last = pushed.taken.last()?.sseq;
    if last > pushed.head {
        return None;
    }
    let is_to_the_end = last == pushed.head;
    let from = match known.cloned().or(start) {
        Some(from) => from,
        // Nothing to begin with: the center's word for the end has to do.
        None if is_to_the_end => Hash::parse(&pushed.digest)?,
        None => return None,
    };
    let taken = pushed
        .taken
        .iter()
        .map(|t| (t.sseq, t.received_at.as_str(), t.status, t.receipt.as_str()));
    let page = join(cursor, &from, taken, frames.to_vec())?;
    let is_proven = known.is_some() || cursor == 0;
    match (is_to_the_end, is_proven) {
        (true, true) if page.digest.as_str() != pushed.digest => None,
        (_, true) => Some(page),
        (_, false) => Some(Page {
            digest: from,
            ..page
        }),
    }
}

/// Joins frames and what is said of them; `None` where a number is missing.
fn join<'a>(
    from: u64,
    from_digest: &Hash,
    items: impl Iterator<Item = (u64, &'a str, Status, &'a str)>,
    frames: Vec<Frame>,
) -> Option<Page> {
    let mut digest = from_digest.clone();
    let mut pulled = Vec::with_capacity(frames.len());
    let mut to = from;
    for ((sseq, received_at, status, receipt), frame) in items.zip(frames) {
        to = to.checked_add(1)?;
        if sseq != to {
            return None;
        }
        digest = digest::next(&digest, &frame.id());
        let received_at = received_at.to_owned();
        pulled.push(Pulled {
            sseq,
            received_at,
            status,
            receipt: receipt.to_owned(),
            frame,
        });
    }
    Some(Page {
        from,
        to,
        digest,
        pulled,
    })
}

/// How many commits come before the first that is, or refers to, a commit that the center lacks.
pub(crate) fn n_before(frames: &[Frame], dev: &str, seq: u64) -> usize {
    let waits = |frame: &Frame| {
        frame.parse_commit().is_ok_and(|commit| {
            commit.deps.get(dev).is_some_and(|dep| *dep >= seq)
                || (commit.dev == dev && commit.seq >= seq)
        })
    };
    // When none fits the refusal makes no sense, and asking again would not either.
    frames.iter().position(waits).unwrap_or(0)
}

/// How many commits to hand in so that, in the end, one whose number is taken is alone.
pub(crate) fn n_before_fork(frames: &[Frame], seq: u64) -> usize {
    let is_it = |frame: &Frame| frame.parse_commit().is_ok_and(|commit| commit.seq == seq);
    frames.iter().position(is_it).unwrap_or(0).max(1)
}

//! What is believed: every commit of a push is checked before the store's counter row is taken.

use crate::store::{Believed, Device, Session, Store, StoreError};
use ledger::{Commit, Frame, PublicKey};
use std::collections::HashMap;
use sync::wire::{Disbelief, Problem};

/// Checks frames that a device hands in for a stream.
///
/// Anybody may hand in what another member signed: after a backup was put back, laptops bring what
/// the center lost. A device that is new here is believed when its first commit carries its key
/// and names a person of the session's account: a laptop that was restored or cloned introduces
/// its new identity so.
///
/// # Errors
/// [`StoreError::Refused`] names the first commit that is not to be believed, or with `Dep` the
/// first whose device is not known here.
pub fn believe<S: Store>(
    store: &S,
    session: &Session,
    stream: &str,
    frames: Vec<Frame>,
) -> Result<Vec<Believed>, StoreError> {
    let mut devices = HashMap::new();
    let mut persons = HashMap::new();
    let mut list = Vec::with_capacity(frames.len());
    for (idx, frame) in frames.into_iter().enumerate() {
        let refuse = |why| StoreError::Refused(Problem::Refused { idx, why });
        let commit = frame
            .parse_commit()
            .map_err(|_| refuse(Disbelief::Commit))?;
        if commit.stream != stream {
            return Err(refuse(Disbelief::Stream));
        }
        if !devices.contains_key(&commit.dev) {
            let found = find_device(store, session, &commit)?.ok_or_else(|| {
                let (dev, seq) = (commit.dev.clone(), commit.seq);
                StoreError::Refused(Problem::Dep { dev, seq })
            })?;
            devices.insert(commit.dev.clone(), found);
        }
        let Some((device, is_new)) = devices.get(&commit.dev) else {
            return Err(StoreError::Damaged("a device is missing"));
        };
        let key = PublicKey::parse(&device.key).map_err(|_| refuse(Disbelief::Device))?;
        frame
            .verify(&commit, &key)
            .map_err(|_| refuse(Disbelief::Signature))?;
        let author = (commit.by.clone(), device.user.clone());
        if !persons.contains_key(&author) {
            let is_alias = store.is_person_of(&author.0, &author.1)?;
            persons.insert(author.clone(), is_alias);
        }
        if persons.get(&author) != Some(&true) {
            return Err(refuse(Disbelief::Author));
        }
        let introduces = (*is_new && commit.seq == 1).then(|| device.key.clone());
        let (author, is_revoked) = (author.1, device.is_revoked);
        let (id, frame) = (frame.id(), frame.encode());
        list.push(Believed {
            commit,
            id,
            frame,
            author,
            is_revoked,
            introduces,
        });
    }
    Ok(list)
}

/// The device of a commit, and whether it is new here; `None` when nobody stands behind it.
fn find_device<S: Store>(
    store: &S,
    session: &Session,
    commit: &Commit,
) -> Result<Option<(Device, bool)>, StoreError> {
    if let Some(device) = store.device(&commit.dev)? {
        return Ok(Some((device, false)));
    }
    // A withdrawn laptop introduces nobody, and nobody introduces another's laptop.
    let may =
        commit.seq == 1 && !session.is_revoked && store.is_person_of(&commit.by, &session.user)?;
    let key = commit.key.clone().filter(|_| may);
    Ok(key.map(|key| {
        (
            Device {
                user: session.user.clone(),
                key,
                is_revoked: false,
            },
            true,
        )
    }))
}

//! What is believed: every commit of a push is checked before the store's counter row is taken.

use crate::store::{Believed, Device, Session, Store, StoreError};
use ledger::{Commit, Frame, PublicKey};
use std::collections::HashMap;
use sync::wire::{Disbelief, Problem};

/// Checks frames that a device hands in for a stream.
///
/// A device that is new here is believed when its first commit carries its key and the session's
/// account stands behind it: a laptop that was restored or cloned introduces its new identity so.
///
/// # Errors
/// [`StoreError::Refused`] names the first commit that is not to be believed.
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
        let commit = frame.parse_commit().map_err(|_| refuse(Disbelief::Commit))?;
        if commit.stream != stream {
            return Err(refuse(Disbelief::Stream));
        }
        if !devices.contains_key(&commit.dev) {
            let found = find_device(store, session, &commit)?;
            devices.insert(commit.dev.clone(), found.ok_or_else(|| refuse(Disbelief::Device))?);
        }
        let Some((device, is_new)) = devices.get(&commit.dev) else {
            return Err(StoreError::Damaged("a device is missing"));
        };
        let key = PublicKey::parse(&device.key).map_err(|_| refuse(Disbelief::Device))?;
        frame.verify(&commit, &key).map_err(|_| refuse(Disbelief::Signature))?;
        if !persons.contains_key(&commit.by) {
            let is_own = store.is_person_of(&commit.by, &session.user)?;
            persons.insert(commit.by.clone(), is_own);
        }
        if persons.get(&commit.by) != Some(&true) {
            return Err(refuse(Disbelief::Author));
        }
        let introduces = (*is_new && commit.seq == 1).then(|| device.key.clone());
        let is_revoked = device.is_revoked;
        let (id, frame) = (frame.id(), frame.encode());
        list.push(Believed { commit, id, frame, is_revoked, introduces });
    }
    Ok(list)
}

/// The device of a commit, and whether it is new here; `None` when it is not the account's.
fn find_device<S: Store>(
    store: &S,
    session: &Session,
    commit: &Commit,
) -> Result<Option<(Device, bool)>, StoreError> {
    if let Some(device) = store.device(&commit.dev)? {
        return Ok((device.user == session.user).then_some((device, false)));
    }
    // A withdrawn laptop introduces nobody.
    let key = commit.key.clone().filter(|_| commit.seq == 1 && !session.is_revoked);
    Ok(key.map(|key| (Device { user: session.user.clone(), key, is_revoked: false }, true)))
}

//! What is believed: every commit of a push is checked before the store's counter row is taken.

use crate::parts::in_parts;
use crate::store::{Believed, Device, Session, Store, StoreError};
use ledger::{Commit, Frame, Hash, PublicKey};
use std::collections::HashMap;
use sync::wire::{Disbelief, Problem};

/// A device that commits of a push come from.
struct Author {
    device: Device,
    key: PublicKey,
    is_new: bool,
}

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
    // Reading and checking signatures is nearly all of the work, and each stands alone.
    let read = in_parts(&frames, |frame| (frame.parse_commit(), frame.id()));
    let mut commits = Vec::with_capacity(frames.len());
    let mut authors = HashMap::new();
    let mut persons = HashMap::new();
    let mut stopped = None;
    for (idx, (commit, id)) in read.into_iter().enumerate() {
        let refuse = |why| StoreError::Refused(Problem::Refused { idx, why });
        let commit = match commit {
            Err(_) => Err(refuse(Disbelief::Commit)),
            Ok(commit) if commit.stream != stream => Err(refuse(Disbelief::Stream)),
            Ok(commit) => Ok(commit),
        };
        let known = commit.and_then(|commit| {
            if !authors.contains_key(&commit.dev) {
                let author = find_author(store, session, &commit, refuse(Disbelief::Device))?;
                authors.insert(commit.dev.clone(), author);
            }
            Ok(commit)
        });
        match known {
            Ok(commit) => commits.push((commit, id)),
            Err(error) => {
                stopped = Some(error);
                break;
            }
        }
    }
    let pairs: Vec<(&Frame, &(Commit, Hash))> = frames.iter().zip(&commits).collect();
    let fits = in_parts(&pairs, |(frame, (commit, id))| {
        let author = authors.get(&commit.dev);
        author.is_some_and(|author| frame.verify_as((commit, id), &author.key).is_ok())
    });
    for (idx, ((commit, _), fits)) in commits.iter().zip(fits).enumerate() {
        let refuse = |why| StoreError::Refused(Problem::Refused { idx, why });
        if !fits {
            return Err(refuse(Disbelief::Signature));
        }
        let user = &author_of(&authors, commit)?.device.user;
        let person = (commit.by.as_str(), user.as_str());
        let is_alias = match persons.get(&person) {
            Some(is_alias) => *is_alias,
            None => {
                let is_alias = store.is_person_of(person.0, person.1)?;
                persons.insert(person, is_alias);
                is_alias
            }
        };
        if !is_alias {
            return Err(refuse(Disbelief::Author));
        }
    }
    if let Some(error) = stopped {
        return Err(error);
    }
    let believed = frames
        .into_iter()
        .zip(commits)
        .map(|(frame, (commit, id))| {
            let Author { device, is_new, .. } = author_of(&authors, &commit)?;
            Ok(Believed {
                id,
                frame: frame.encode(),
                author: device.user.clone(),
                is_revoked: device.is_revoked,
                introduces: (*is_new && commit.seq == 1).then(|| device.key.clone()),
                commit,
            })
        });
    believed.collect()
}

fn author_of<'a>(
    authors: &'a HashMap<String, Author>,
    commit: &Commit,
) -> Result<&'a Author, StoreError> {
    authors
        .get(&commit.dev)
        .ok_or(StoreError::Damaged("a device is missing"))
}

fn find_author<S: Store>(
    store: &S,
    session: &Session,
    commit: &Commit,
    no_key: StoreError,
) -> Result<Author, StoreError> {
    let (device, is_new) = find_device(store, session, commit)?.ok_or_else(|| {
        let (dev, seq) = (commit.dev.clone(), commit.seq);
        StoreError::Refused(Problem::Dep { dev, seq })
    })?;
    let key = PublicKey::parse(&device.key).map_err(|_| no_key)?;
    Ok(Author {
        device,
        key,
        is_new,
    })
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
    // Nobody introduces another's laptop. One that was put back and withdrawn since hands in under
    // its new identity, which is as withdrawn as the laptop.
    let may = commit.seq == 1 && store.is_person_of(&commit.by, &session.user)?;
    let key = commit.key.clone().filter(|_| may);
    Ok(key.map(|key| {
        (
            Device {
                user: session.user.clone(),
                key,
                is_revoked: session.is_revoked,
            },
            true,
        )
    }))
}

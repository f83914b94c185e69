//! What must be, by a naive map of edits: it knows nothing of commits, chains, heads or cursors.
//!
//! It is told which edits people made with what on screen, and which of them came durably to which
//! disk. From that alone it says what must be shown where, and what must survive.

use super::machine::{GONE, Place};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use sync::Status;

/// An edit, by the order in which they were made.
pub(crate) type EditId = usize;

pub(crate) struct Edit {
    /// Whose it is.
    pub(crate) account: &'static str,
    pub(crate) place: Place,
    pub(crate) value: String,
    /// The edits of the same field that were on screen.
    replaces: BTreeSet<EditId>,
    /// For a deletion: the edits of the entity that were on screen.
    saw: BTreeSet<EditId>,
}

/// What is on one disk.
pub(crate) type Disk = BTreeMap<EditId, Status>;

/// The commits of each study at the center, in its order, with what they carry.
pub(crate) type CenterLog = BTreeMap<String, Vec<(String, Option<EditId>, Status)>>;

#[derive(Default)]
pub(crate) struct Oracle {
    pub(crate) edits: Vec<Edit>,
    /// Which edit a commit carries; `None` for what was written before the run.
    pub(crate) commits: HashMap<String, Option<EditId>>,
    /// The center's disk.
    pub(crate) center: CenterLog,
}

impl Oracle {
    /// Notes an edit that somebody saved with this on screen.
    pub(crate) fn edit(
        &mut self,
        place: &Place,
        value: &str,
        on_screen: (BTreeSet<EditId>, BTreeSet<EditId>),
        account: &'static str,
    ) {
        let (replaces, saw) = on_screen;
        self.edits.push(Edit {
            account,
            place: place.clone(),
            value: value.to_owned(),
            replaces,
            saw,
        });
    }

    /// The edit that a commit carries: its own, or that of the commit which it says to repeat.
    pub(crate) fn of_commit(&mut self, id: &str, bytes: &[u8]) -> Result<Option<EditId>, String> {
        if let Some(edit) = self.commits.get(id) {
            return Ok(*edit);
        }
        let json: serde_json::Value = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        let old = json.get("re").and_then(serde_json::Value::as_str);
        let edit = old.and_then(|old| self.commits.get(old)).copied();
        let edit = edit.ok_or_else(|| format!("nobody wrote the commit {id}"))?;
        self.commits.insert(id.to_owned(), edit);
        Ok(edit)
    }

    /// The edits of a field that stand on a disk.
    pub(crate) fn standing(&self, disk: &Disk, place: &Place) -> BTreeSet<EditId> {
        let here = |id: &EditId| self.edits[*id].place == *place;
        let counting = || {
            let counts = disk
                .iter()
                .filter(|(_, status)| **status == Status::Accepted);
            counts.map(|(id, _)| *id).filter(here)
        };
        let mut replaced = BTreeSet::new();
        for id in counting() {
            let mut open: Vec<EditId> = self.edits[id].replaces.iter().copied().collect();
            while let Some(id) = open.pop() {
                // Who replaced what was put aside replaced what that one had replaced.
                if replaced.insert(id) && disk.get(&id) == Some(&Status::Quarantined) {
                    open.extend(&self.edits[id].replaces);
                }
            }
        }
        counting().filter(|id| !replaced.contains(id)).collect()
    }

    /// Everything that stands in an entity, deletions left out.
    pub(crate) fn standing_in(&self, disk: &Disk, entity: (&str, &str)) -> BTreeSet<EditId> {
        let (stream, entity) = entity;
        let fields: BTreeSet<&str> = disk
            .keys()
            .map(|id| &self.edits[*id].place)
            .filter(|place| place.stream == stream && place.entity == entity)
            .map(|place| place.field.as_str())
            .filter(|field| *field != GONE)
            .collect();
        let standing = |field| self.standing(disk, &Place::new(stream, entity, field));
        fields.into_iter().flat_map(standing).collect()
    }

    /// Whether an entity must be gone: somebody deleted it who had seen all that stands in it.
    pub(crate) fn is_gone(&self, disk: &Disk, stream: &str, entity: &str) -> bool {
        let deletions = self.standing(disk, &Place::new(stream, entity, GONE));
        let saw: BTreeSet<EditId> = deletions
            .iter()
            .flat_map(|id| self.edits[*id].saw.iter().copied())
            .collect();
        let standing = self.standing_in(disk, (stream, entity));
        !deletions.is_empty() && standing.is_subset(&saw)
    }

    /// The values of edits, sorted.
    pub(crate) fn values(&self, edits: &BTreeSet<EditId>) -> Vec<String> {
        let mut values: Vec<String> = edits
            .iter()
            .map(|id| self.edits[*id].value.clone())
            .collect();
        values.sort();
        values
    }

    /// What the center holds, as a disk.
    pub(crate) fn center_disk(&self) -> Disk {
        let all = self.center.values().flatten();
        all.filter_map(|(_, edit, status)| Some(((*edit)?, *status)))
            .collect()
    }
}

//! What the simulation needs of a laptop besides the exchange itself.

use ledger::Frame;
use sync::{Replica, Status};

/// The field that says whether an entity is deleted, in the words of this simulation.
pub(crate) const GONE: &str = "gone";

/// One value that stands in a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Shown {
    /// What an edit names that replaces it.
    pub(crate) id: String,
    pub(crate) value: String,
}

/// A commit that a laptop holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Held {
    pub(crate) id: String,
    pub(crate) sseq: Option<u64>,
    pub(crate) status: Status,
}

/// A field of an entity of a study.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) stream: String,
    pub(crate) entity: String,
    pub(crate) field: String,
}

impl Place {
    pub(crate) fn new(stream: &str, entity: &str, field: &str) -> Self {
        let own = str::to_owned;
        Self {
            stream: own(stream),
            entity: own(entity),
            field: own(field),
        }
    }
}

/// A laptop with a vault. Every change is durable when it returns.
pub(crate) trait Machine: Replica + Sized {
    /// Everything of it, as a copy of its disk.
    type Copy;

    /// The fields that people edit here.
    const FIELDS: &'static [&'static str];

    /// Whether a form that is open while a new identity is taken means what it showed.
    const KEEPS_FORMS: bool;

    /// The device that signs now.
    fn device(&self) -> String;
    /// The key of that device.
    fn public(&self) -> String;
    /// The person that the laptop made for itself.
    fn person(&self) -> String;
    /// Begins a study with so many entities; the study and the entities.
    fn begin(&mut self, n_entities: usize) -> (String, Vec<String>);
    /// What stands in a field.
    fn shown(&self, place: &Place) -> Vec<Shown>;
    /// Sets a field in place of what was on screen.
    fn set(&mut self, place: &Place, value: &str, seen: &[String]);
    /// Deletes an entity with all that stands in it now.
    fn archive(&mut self, stream: &str, entity: &str);
    /// Whether an entity is deleted, and nobody changed it unseen.
    fn is_gone(&self, stream: &str, entity: &str) -> bool;
    /// Every commit of a stream that is not put aside as issued again.
    fn held(&self, stream: &str) -> Vec<Held>;
    /// The commit of that device and number that the center did not confirm.
    fn waiting_at(&self, stream: &str, place: (&str, u64)) -> Option<String>;
    /// The own commits of a stream that are still to be handed in.
    fn waiting(&self, stream: &str) -> Vec<Frame>;
    /// A hash of what stands and of every commit.
    fn digest(&self) -> String;
    /// Whether everything follows from what is held, worked out anew.
    fn verify(&self) -> Result<(), String> {
        Ok(())
    }
    /// What a crash leaves, opened again.
    fn restart(&mut self);
    /// A copy of the disk.
    fn copy(&mut self) -> Self::Copy;
    /// Goes on from a copy of the disk, with the same identity; `n` is another each time.
    fn from_copy(copy: &Self::Copy, n: u64) -> Self;
    /// A stream for a USB stick.
    fn bundle_out(&mut self, stream: &str) -> Vec<u8>;
    /// Takes one in.
    fn bundle_in(&mut self, bundle: &[u8]);
    /// Moves the laptop's clock. Units: milliseconds.
    fn turn_clock(&mut self, by_ms: i64);
}

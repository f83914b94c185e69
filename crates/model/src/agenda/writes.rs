//! How often a study was written to: what the numbers of calendar entries count.

use crate::EntityId;
use serde_json::Value;
use std::collections::BTreeMap;

/// How many operations of each register are known here, and what some of them ever said.
///
/// An entry's number counts the operations of the registers that it rests on: its own, and those of
/// whatever its day may ever have been counted from, since a way once named by a rule stays in the
/// count when the rule is another one now. Known operations are never fewer later, so neither are
/// the registers nor their count: the number of an entry never falls, stays as it is while nobody
/// writes to what it rests on, and rises before the entry can say anything else.
///
/// Nothing of it is kept at a laptop. Two that know the same operations give the same numbers,
/// and one that knows more never gives a smaller one: a telephone that has the file of the one takes
/// that of the other after they met. A Lamport number would not do, because two that wrote apart may
/// both have written under the same. What is counted in days counts the changes of this laptop's
/// calendar as well, which are no operations: where only one of the two has a year's table, its
/// numbers are ahead until the other one has it too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writes {
    registers: BTreeMap<EntityId, BTreeMap<String, Written>>,
    calendar: u32,
    calendar_at: String,
}

/// The operations of one register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Written {
    n: u32,
    values: Vec<Value>,
}

impl Writes {
    /// Registers that say what something rests on: their values are noted, of every operation.
    pub const WAYS: [&'static str; 5] = ["key", "needs", "parent", "rule", "site"];

    /// Notes that a register has `n` operations more, all with this value; null where it is none of
    /// [`Self::WAYS`].
    pub fn note(&mut self, entity: EntityId, field: String, n: u32, value: Value) {
        let fields = self.registers.entry(entity).or_default();
        let written = fields.entry(field).or_default();
        written.n += n;
        if !value.is_null() && !written.values.contains(&value) {
            written.values.push(value);
        }
    }

    /// Whether anybody ever wrote a register.
    pub(super) fn ever(&self, entity: &EntityId, field: &str) -> bool {
        self.register(entity, field).is_some()
    }

    /// The operations of a register.
    pub(super) fn of(&self, entity: &EntityId, field: &str) -> u32 {
        self.register(entity, field).map_or(0, |written| written.n)
    }

    /// What one of [`Self::WAYS`] ever said.
    pub(super) fn values(&self, entity: &EntityId, field: &str) -> &[Value] {
        let written = self.register(entity, field);
        written.map_or(&[], |written| &written.values)
    }

    fn register(&self, entity: &EntityId, field: &str) -> Option<&Written> {
        self.registers.get(entity)?.get(field)
    }

    /// Notes how often the calendar that days are counted by changed here, and when it last did.
    pub fn note_calendar(&mut self, n: u32, at: String) {
        (self.calendar, self.calendar_at) = (n, at);
    }

    /// How often the calendar changed, and when it last did.
    pub(super) fn calendar(&self) -> (u32, &str) {
        (self.calendar, &self.calendar_at)
    }
}

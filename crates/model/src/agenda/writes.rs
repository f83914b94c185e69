//! How often a study was written to: what the numbers of calendar entries count.

use crate::EntityId;
use std::collections::BTreeMap;

/// How many operations of each register are known here.
///
/// They are never fewer later, and what shows anything else rests on more of them: two laptops
/// that wrote apart each know fewer than both do after they met. A Lamport number would not do,
/// because both may have written under the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Writes {
    registers: BTreeMap<EntityId, BTreeMap<String, u32>>,
    calendar: u32,
    calendar_at: String,
}

impl Writes {
    /// Notes how many operations a register has.
    pub fn note(&mut self, entity: EntityId, field: String, n: u32) {
        *self
            .registers
            .entry(entity)
            .or_default()
            .entry(field)
            .or_default() += n;
    }

    /// Whether anybody ever wrote a register.
    pub(super) fn ever(&self, entity: &EntityId, field: &str) -> bool {
        self.registers
            .get(entity)
            .is_some_and(|fields| fields.contains_key(field))
    }

    /// The operations of an entity.
    pub(super) fn of(&self, entity: &EntityId) -> u32 {
        self.registers
            .get(entity)
            .map_or(0, |fields| fields.values().sum())
    }

    /// Notes how often the calendar that days are counted by changed here, and when it last did.
    pub fn note_calendar(&mut self, n: u32, at: String) {
        (self.calendar, self.calendar_at) = (n, at);
    }

    pub(super) fn calendar_at(&self) -> &str {
        &self.calendar_at
    }

    /// The operations of the whole study, and the changes of the calendar.
    pub(super) fn whole(&self) -> u32 {
        let operations: u32 = self.registers.values().flat_map(BTreeMap::values).sum();
        operations + self.calendar
    }
}

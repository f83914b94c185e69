//! The order that a file gives to sections and blocks.

use crate::error::DeskError;
use crate::import::order;
use crate::store::write::Change;
use crate::word::arrange::arrange;
use crate::word::import::Import;
use crate::word::resolve::Resolved;
use model::protocol::level_of;
use model::{Entity, EntityId, kind};
use std::collections::HashMap;

impl<'a> Import<'a> {
    pub(crate) fn order_sections(&mut self, resolved: &Resolved<'a>) -> Result<(), DeskError> {
        let row: Vec<&Entity> = self
            .doc
            .of_kind(kind::SECTION)
            .filter(|section| !self.archived.contains(&section.id))
            .collect();
        let mut levels: HashMap<&EntityId, u8> = HashMap::new();
        let mut file: Vec<EntityId> = Vec::new();
        for to in &resolved.sections {
            if !file.contains(&to.id) {
                file.push(to.id.clone());
            }
            levels.insert(&to.id, to.section.level);
        }
        levels.extend(row.iter().map(|section| (&section.id, level_of(section))));
        let ids: Vec<EntityId> = row.iter().map(|section| section.id.clone()).collect();
        let level = |id: &EntityId| levels.get(id).copied().unwrap_or(1);
        // Behind everything that is deeper: it belongs to what came before.
        let order = arrange(&ids, &file, |new, known| level(known) > level(new));
        self.order(kind::SECTION, &order, &row)
    }

    pub(crate) fn order_blocks(&mut self, resolved: &Resolved<'a>) -> Result<(), DeskError> {
        let mut rows: Vec<(&EntityId, Vec<EntityId>)> = Vec::new();
        let mut stands_in: HashMap<&EntityId, &EntityId> = HashMap::new();
        for section in &resolved.sections {
            let blocks = section.blocks.iter().map(|block| block.id.clone());
            match rows.iter_mut().find(|(id, _)| **id == section.id) {
                Some((_, row)) => row.extend(blocks),
                None => rows.push((&section.id, blocks.collect())),
            }
            stands_in.extend(section.blocks.iter().map(|block| (&block.id, &section.id)));
        }
        for (section, file) in rows {
            let here: Vec<&Entity> = self
                .doc
                .children(section, kind::BLOCK)
                .filter(|block| {
                    let to = stands_in.get(&block.id).copied().unwrap_or(section);
                    !self.archived.contains(&block.id) && to == section
                })
                .collect();
            let ids: Vec<EntityId> = here.iter().map(|block| block.id.clone()).collect();
            let order = arrange(&ids, &file, |_, _| false);
            self.order(kind::BLOCK, &order, &here)?;
        }
        Ok(())
    }

    /// Gives places to a row; what stands in order keeps its own.
    fn order(&mut self, kind: &str, order: &[EntityId], here: &[&Entity]) -> Result<(), DeskError> {
        let known: HashMap<&EntityId, &str> = here
            .iter()
            .map(|entity| (&entity.id, entity.ord.as_str()))
            .collect();
        let row: Vec<Option<String>> = order
            .iter()
            .map(|id| known.get(id).map(|ord| (*ord).to_owned()))
            .collect();
        for (id, ord) in order.iter().zip(order::places(&row)) {
            let Some(ord) = ord else { continue };
            if known.contains_key(id) && kind == kind::BLOCK {
                self.report.counts.moved += 1;
            }
            let p = self.heads(id, "ord")?;
            let change = Change::first(id.as_str(), kind, "ord", ord.into());
            self.push(Change { p, ..change });
        }
        Ok(())
    }
}

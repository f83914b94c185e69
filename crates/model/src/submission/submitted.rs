//! A study as a submission of a version reads it.

use crate::protocol::{KINDS, is_in_scope};
use crate::{Entity, EntityId, StudyDoc, kind};

/// The study with everything that belongs to the protocol as the version froze it; sites, people,
/// documents and what registries note stay as they are now.
pub fn as_submitted(doc: &StudyDoc, frozen: &StudyDoc) -> StudyDoc {
    let root = doc.id.root();
    let is_own = |entity: &Entity| KINDS.contains(&entity.kind.as_str());
    let now = doc.entities.iter().filter_map(|entity| {
        match frozen.entity(&entity.id) {
            _ if !is_own(entity) => Some(entity.clone()),
            Some(then) => Some(joined(entity, then)),
            // The study itself stays even where the version says nothing of it.
            None => (entity.id == root).then(|| entity.clone()),
        }
    });
    let mut entities: Vec<Entity> = now.collect();
    let gone = frozen
        .entities
        .iter()
        .filter(|then| doc.entity(&then.id).is_none());
    entities.extend(gone.cloned());
    sort(&root, &mut entities);
    StudyDoc {
        id: doc.id.clone(),
        entities,
    }
}

/// An entity as it was frozen, with what the version does not hold as it is now.
fn joined(now: &Entity, then: &Entity) -> Entity {
    let mut fields = now.fields.clone();
    fields.retain(|name, _| !is_in_scope(&now.kind, name));
    fields.extend(then.fields.clone());
    Entity {
        fields,
        ..then.clone()
    }
}

/// The order of a study: itself, then by kind, parent and place.
fn sort(root: &EntityId, entities: &mut [Entity]) {
    let place = |entity: &Entity| {
        let known = kind::ALL.iter().position(|kind| *kind == entity.kind);
        (entity.id != *root, known.unwrap_or(usize::MAX))
    };
    entities.sort_by(|a, b| {
        let (one, other) = (place(a), place(b));
        (one, &a.parent, &a.ord, &a.id).cmp(&(other, &b.parent, &b.ord, &b.id))
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use serde_json::json;

    #[test]
    fn what_the_version_froze_goes_before_the_working_text() {
        let mut doc = testing::empty();
        testing::set(&mut doc, "officialTitle.zh", "定稿的题目");
        testing::set(&mut doc, "enrollment", 120);
        let site = testing::add(&mut doc, "site", None, json!({"role": "LEAD"}));
        let gone = testing::add(&mut doc, "outcome", None, json!({"type": "PRIMARY"}));
        let mut frozen = doc.clone();
        frozen
            .entities
            .retain(|entity| KINDS.contains(&entity.kind.as_str()));
        testing::set(&mut doc, "officialTitle.zh", "后来的题目");
        testing::set(&mut doc, "enrollment", 240);
        testing::set(&mut doc, "acronym", "LATER");
        let late = testing::add(&mut doc, "outcome", None, json!({"type": "SECONDARY"}));
        doc.entities.retain(|entity| entity.id != gone);
        let seen = as_submitted(&doc, &frozen);
        let root = seen.root().expect("the study");
        assert_eq!(root.text("officialTitle.zh"), "定稿的题目");
        assert_eq!(root.value("enrollment"), &json!(120));
        // Said later: not part of what was frozen.
        assert_eq!(root.text("acronym"), "");
        assert!(seen.entity(&gone).is_some() && seen.entity(&late).is_none());
        assert!(seen.entity(&site).is_some());
        assert_eq!(
            seen.entities.first().map(|one| &one.id),
            Some(&doc.id.root())
        );
    }
}

//! The protocol of a study: what a version freezes, a redline compares and an export writes.

use crate::field::{self, Input};
use crate::rich::{RichText, ids_of};
use crate::{Entity, EntityId, Lang, StudyDoc, kind};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

/// A protocol: its facts and its text, in the order in which it is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Protocol {
    /// Facts of the study and of its arms, interventions, outcomes and identifiers.
    pub facts: Vec<Fact>,
    /// The sections.
    pub sections: Vec<Section>,
}

/// One register that is part of the protocol.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// The entity.
    pub entity: EntityId,
    /// Its kind.
    pub kind: String,
    /// The register.
    pub register: String,
    /// The value; never null.
    pub value: Value,
}

/// A section.
#[derive(Clone, Debug, PartialEq)]
pub struct Section {
    /// The section's entity.
    pub id: EntityId,
    /// Key of the template, for example `m11.4.2`; empty when it has none.
    pub key: String,
    /// How deep it stands, from 1.
    pub level: u8,
    /// Title, Chinese.
    pub zh: RichText,
    /// Title, English.
    pub en: RichText,
    /// Why it does not apply; empty when it does.
    pub not_applicable: String,
    /// Its blocks, in order.
    pub blocks: Vec<Block>,
}

/// A paragraph, heading, list item, table row, figure or note.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The block's entity.
    pub id: EntityId,
    /// Code of the list `blockType`; `paragraph` when there is none.
    pub kind: String,
    /// Indent of an item, from 0.
    pub level: u8,
    /// Code of the list `listType` of an item; empty means bullets.
    pub list: String,
    /// Rows of one table stand together and have the same word here.
    pub table: String,
    /// Layout of a row, as text of JSON; empty when there is none.
    pub layout: String,
    /// Text, Chinese; of a figure, its caption.
    pub zh: RichText,
    /// Text, English.
    pub en: RichText,
    /// The picture of a figure, as text of JSON (`mime`, `data` in base64); empty when there is none.
    pub image: String,
    /// The block that it was split from.
    pub origin: Option<EntityId>,
    /// Blocks whose text went into it.
    pub merged: Vec<EntityId>,
}

/// One change of a protocol as the editor saves it, many at a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "do", rename_all = "camelCase")]
pub enum ProtocolChange {
    /// A register gets a value; null or blank text clears it.
    Set {
        /// The entity.
        entity: EntityId,
        /// The register.
        field: String,
        /// The value.
        value: Value,
        /// The operations that were on screen; none for an entity that is added in the same save.
        seen: Vec<String>,
    },
    /// A new entity.
    Add {
        /// Its id, made by the editor: a UUID of version 7 that the study does not have.
        id: EntityId,
        /// A kind of the protocol, or `suggestion`.
        kind: String,
        /// What it belongs to; `None` for the study itself.
        parent: Option<EntityId>,
        /// The sibling that it stands behind; `None` for the first place.
        after: Option<EntityId>,
        /// Its registers.
        fields: BTreeMap<String, Value>,
    },
    /// An entity is put aside with everything below it.
    Archive {
        /// The entity.
        entity: EntityId,
        /// The operations that were on screen of all of it.
        seen: Vec<String>,
    },
    /// An entity is taken back.
    Restore {
        /// The entity.
        entity: EntityId,
    },
    /// An entity is put elsewhere; it keeps its id.
    Move {
        /// The entity.
        entity: EntityId,
        /// What it belongs to from now on; `None` when that stays.
        parent: Option<EntityId>,
        /// The sibling that it stands behind; `None` for the first place.
        after: Option<EntityId>,
    },
}

impl Section {
    /// The title in a language.
    pub fn title(&self, lang: Lang) -> &RichText {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

impl Block {
    /// The text in a language.
    pub fn text(&self, lang: Lang) -> &RichText {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Kinds of entity that belong to the protocol, in the order in which it is read.
pub const KINDS: [&str; 7] = [
    kind::STUDY,
    kind::IDENTIFIER,
    kind::ARM,
    kind::INTERVENTION,
    kind::OUTCOME,
    kind::SECTION,
    kind::BLOCK,
];

/// Groups of study fields that are not the protocol's: how the study goes, what registries note.
const OTHER_GROUPS: [&str; 4] = ["state", "record", "protocol", "registration"];

/// Whether a register of a kind belongs to the protocol, and so to a frozen version.
pub fn is_in_scope(kind: &str, register: &str) -> bool {
    if !KINDS.contains(&kind) {
        return false;
    }
    match field::of_register(kind, register) {
        // That somebody found a translation right says nothing about what it says.
        Some(field) if field.name == CHECKED => false,
        // Neither does where the text came from.
        Some(field) if kind == self::kind::BLOCK => field.name != "source",
        Some(field) if field.input == Input::Residue => false,
        Some(field) => !OTHER_GROUPS.contains(&field.group),
        None => false,
    }
}

/// The protocol of a study as displayed; what is archived or not yet accepted is left out.
pub fn of(doc: &StudyDoc) -> Protocol {
    let mut protocol = Protocol::default();
    for kind in KINDS {
        if kind == kind::SECTION || kind == kind::BLOCK {
            continue;
        }
        for entity in doc.of_kind(kind) {
            protocol.facts.extend(facts_of(entity));
        }
    }
    for entity in doc.of_kind(kind::SECTION) {
        let mut section = section_of(entity);
        let blocks = doc.children(&entity.id, kind::BLOCK);
        section
            .blocks
            .extend(blocks.filter(|block| !is_pending(block)).map(block_of));
        protocol.sections.push(section);
    }
    protocol
}

/// Whether a section's heading is printed although nothing stands beneath it: a template's own, not
/// deep.
pub fn keeps_heading(section: &Entity, level: u8) -> bool {
    level <= 2 && !section.text("key").is_empty()
}

/// Sections of a template that have no content, nor any below them, and are not said not to apply:
/// in print their place is to be completed.
pub fn unfilled(doc: &StudyDoc) -> Vec<&Entity> {
    let has_content = |section: &Entity| {
        let mut blocks = doc.children(&section.id, kind::BLOCK);
        !section.text("notApplicable").trim().is_empty() || blocks.any(|one| !is_pending(one))
    };
    let all: Vec<(&Entity, u8, bool)> = (doc.of_kind(kind::SECTION))
        .map(|section| (section, level_of(section), has_content(section)))
        .collect();
    let is_unfilled = |(at, (section, level, has)): &(usize, &(&Entity, u8, bool))| {
        let mut below = all[at + 1..]
            .iter()
            .take_while(|(_, deeper, _)| deeper > level);
        !has && keeps_heading(section, *level) && !below.any(|(_, _, has)| *has)
    };
    let found = all.iter().enumerate().filter(is_unfilled);
    found.map(|(_, (section, _, _))| *section).collect()
}

/// Whether a block is only proposed, by a suggestion that nobody has accepted.
pub fn is_pending(block: &Entity) -> bool {
    *block.value("pending") == Value::Bool(true)
}

/// How deep a section stands, from 1: as it says itself, else as its key does (`m11.4.2` is 2).
pub fn level_of(section: &Entity) -> u8 {
    let said = section.value("level").as_u64();
    let keyed = section.text("key").matches('.').count().max(1) as u64;
    u8::try_from(said.unwrap_or(keyed).clamp(1, 6)).unwrap_or(1)
}

/// Register of blocks and sections: the operation of the newer language after which the older one
/// was found right as it is.
pub const CHECKED: &str = "checked";

/// The language whose text of a bilingual field was written before the other one's last change, and
/// not found right since.
///
/// `None` when one of them is missing or both were saved at one moment.
pub fn outdated(entity: &Entity, field: &str) -> Option<Lang> {
    let head = |lang: &str| {
        let register = entity.fields.get(&format!("{field}.{lang}"))?;
        let head = register.heads.first()?;
        (!crate::rich::plain(&head.value).trim().is_empty()).then_some(head)
    };
    let (zh, en) = (head("zh")?, head("en")?);
    let (lang, newer) = match zh.lam.cmp(&en.lam) {
        std::cmp::Ordering::Less => (Lang::Zh, en),
        std::cmp::Ordering::Greater => (Lang::En, zh),
        std::cmp::Ordering::Equal => return None,
    };
    (entity.text(CHECKED) != newer.op).then_some(lang)
}

fn facts_of(entity: &Entity) -> impl Iterator<Item = Fact> {
    let place = |register: &str| {
        let same = |field: &field::Field| {
            field.kind == entity.kind
                && register.strip_prefix(field.name).is_some_and(|rest| {
                    rest.is_empty() || (field.bilingual && matches!(rest, ".zh" | ".en"))
                })
        };
        field::FIELDS.iter().position(same).unwrap_or(usize::MAX)
    };
    let mut facts: Vec<Fact> = entity
        .fields
        .iter()
        .filter(|(register, held)| is_in_scope(&entity.kind, register) && !held.value().is_null())
        .map(|(register, held)| Fact {
            entity: entity.id.clone(),
            kind: entity.kind.clone(),
            register: register.clone(),
            value: held.value().clone(),
        })
        .collect();
    // Chinese before English, as everywhere.
    facts.sort_by_key(|fact| (place(&fact.register), !fact.register.ends_with(".zh")));
    facts.into_iter()
}

fn section_of(entity: &Entity) -> Section {
    Section {
        id: entity.id.clone(),
        key: entity.text("key").to_owned(),
        level: level_of(entity),
        zh: entity.rich("title.zh"),
        en: entity.rich("title.en"),
        not_applicable: entity.text("notApplicable").to_owned(),
        blocks: Vec::new(),
    }
}

fn block_of(entity: &Entity) -> Block {
    let kind = match entity.text("type") {
        "" => "paragraph",
        kind => kind,
    };
    Block {
        id: entity.id.clone(),
        kind: kind.to_owned(),
        level: u8::try_from(entity.value("level").as_u64().unwrap_or(0).min(8)).unwrap_or(0),
        list: entity.text("list").to_owned(),
        table: entity.text("table").to_owned(),
        layout: entity.text("layout").to_owned(),
        zh: entity.rich("text.zh"),
        en: entity.rich("text.en"),
        image: entity.text("image").to_owned(),
        origin: entity.reference("origin"),
        merged: ids_of(entity.value("merged")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_translation_found_right_is_no_longer_old() {
        let head = |lam: u32, value: &str| {
            serde_json::json!({"heads": [{
                "op": format!("op{lam}"), "lam": lam, "value": value, "redacted": false,
                "by": "p", "byName": "", "device": "", "at": "", "tzMinutes": 0,
            }], "conflict": false})
        };
        let block = |checked: &str| -> Entity {
            serde_json::from_value(serde_json::json!({
                "id": "0190a3c0-0000-7000-8000-000000000001", "kind": "block", "parent": null,
                "ord": "V", "mark": "live", "fields": {
                    "text.zh": head(4, "口服 10 mg"), "text.en": head(3, "5 mg by mouth"),
                    "checked": head(5, checked),
                },
            }))
            .expect("an entity")
        };
        assert_eq!(outdated(&block(""), "text"), Some(Lang::En));
        assert_eq!(outdated(&block("op4"), "text"), None);
        assert_eq!(outdated(&block("op2"), "text"), Some(Lang::En));
    }

    #[test]
    fn the_scope_is_the_protocol_and_nothing_else() {
        for (kind, register, is_in) in [
            ("study", "title.zh", true),
            ("study", "enrollment", true),
            ("study", "status", false),
            ("study", "version", false),
            ("study", "record.firstPost", false),
            ("study", "residue", false),
            ("study", "registration.icd11", false),
            ("identifier", "grant.amount", false),
            ("block", "text.en", true),
            ("block", "image", true),
            ("block", "source", false),
            ("block", "checked", false),
            ("section", "checked", false),
            ("section", "notApplicable", true),
            ("outcome", "measure.zh", true),
            ("site", "facility.zh", false),
            ("milestone", "planned", false),
        ] {
            assert_eq!(is_in_scope(kind, register), is_in, "{kind} {register}");
        }
    }
}

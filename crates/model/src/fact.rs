//! Where a fact stands: paths that data uses to point at values of a study.
//!
//! A path is `KIND/FIELD`, with filters as in `outcome[type=PRIMARY]/measure`; a path without a
//! field asks whether there is such an entity. `product` speaks of the interventions that are
//! investigational products ([`crate::product`]). `criteria:inclusion` and `criteria:exclusion` are
//! found in the text ([`crate::criteria`]).

use crate::field::{self, Field};
use crate::{Entity, EntityId, Register, StudyDoc, criteria, kind, product};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

/// A place to look at or to fill.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FactPlace {
    /// The kind of entity.
    pub kind: String,
    /// The entity; `None` while the study has none of the kind.
    pub entity: Option<EntityId>,
    /// The register; empty for the entity as a whole.
    pub field: String,
}

/// A path, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactPath {
    /// A field of entities of a kind.
    Field {
        /// The kind.
        kind: String,
        /// Registers that must have one of some values.
        filters: Vec<(String, Vec<String>)>,
        /// The field's name, without its language; empty for the entity as a whole.
        field: String,
    },
    /// The criteria for taking part.
    Inclusion,
    /// The criteria against taking part.
    Exclusion,
}

impl FactPath {
    /// Reads a path; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "criteria:inclusion" => return Some(Self::Inclusion),
            "criteria:exclusion" => return Some(Self::Exclusion),
            _ => {}
        }
        let (entity, field) = match text.split_once('/') {
            Some((entity, field)) if !field.is_empty() => (entity, field),
            Some(_) => return None,
            None => (text, ""),
        };
        let mut parts = entity.split('[');
        let kind = parts.next().filter(|kind| !kind.is_empty())?;
        let filters = parts
            .map(|part| {
                let (name, values) = part.strip_suffix(']')?.split_once('=')?;
                let values = values.split('|').map(str::to_owned).collect();
                Some((name.to_owned(), values))
            })
            .collect::<Option<Vec<_>>>()?;
        Some(Self::Field {
            kind: kind.to_owned(),
            filters,
            field: field.to_owned(),
        })
    }

    /// The entities that have what the path names, with the registers that hold it.
    pub fn found(&self, doc: &StudyDoc) -> Vec<FactPlace> {
        match self {
            Self::Inclusion => blocks(&criteria::of(doc).inclusion),
            Self::Exclusion => blocks(&criteria::of(doc).exclusion),
            Self::Field { field, .. } if field.is_empty() => self
                .entities(doc)
                .map(|entity| place(entity, String::new()))
                .collect(),
            Self::Field { field, .. } => self
                .entities(doc)
                .filter_map(|entity| {
                    let register = filled(entity, field)?;
                    Some(place(entity, register))
                })
                .collect(),
        }
    }

    /// Where to write what the path names while it is missing.
    pub fn wanted(&self, doc: &StudyDoc) -> FactPlace {
        let (kind, field) = match self {
            Self::Inclusion | Self::Exclusion => (kind::SECTION, ""),
            Self::Field { kind, field, .. } => (of_head(kind), field.as_str()),
        };
        let entity = self.entities(doc).next().map(|entity| entity.id.clone());
        let register = match field_named(kind, field) {
            Some(field) if field.bilingual => format!("{}.zh", field.name),
            _ => field.to_owned(),
        };
        FactPlace {
            kind: kind.to_owned(),
            entity,
            field: register,
        }
    }

    /// The entities that the path speaks of, whether or not they have the field.
    pub fn entities<'a>(&'a self, doc: &'a StudyDoc) -> impl Iterator<Item = &'a Entity> {
        let (wanted, filters): (&str, &[_]) = match self {
            Self::Field { kind, filters, .. } => (kind, filters),
            Self::Inclusion | Self::Exclusion => ("", &[]),
        };
        of_kind(doc, wanted).filter(move |entity| {
            filters.iter().all(|(name, values)| {
                let text = match entity.value(name) {
                    Value::Bool(value) => value.to_string(),
                    _ => entity.text(name).to_owned(),
                };
                values.contains(&text)
            })
        })
    }

    /// Whether kind, field, filters and their codes exist.
    pub fn is_known(&self) -> bool {
        let Self::Field {
            kind,
            filters,
            field,
        } = self
        else {
            return true;
        };
        let kind = of_head(kind);
        let fits = |(name, values): &(String, Vec<String>)| {
            field_named(kind, name).is_some_and(|field| {
                let is_code = |code: &String| crate::code::find(field.codes, code).is_some();
                field.codes.is_empty() || values.iter().all(is_code)
            })
        };
        kind::ALL.contains(&kind)
            && (field.is_empty() || field_named(kind, field).is_some())
            && filters.iter().all(fits)
    }
}

/// The head of paths that speak of investigational products.
const PRODUCT: &str = "product";

/// The kind that the head of a path speaks of.
pub(crate) fn of_head(head: &str) -> &str {
    match head {
        PRODUCT => kind::INTERVENTION,
        kind => kind,
    }
}

/// The entities that the head of a path speaks of.
pub(crate) fn of_kind<'a>(doc: &'a StudyDoc, head: &'a str) -> impl Iterator<Item = &'a Entity> {
    let all = doc.of_kind(of_head(head));
    all.filter(move |entity| head != PRODUCT || product::is_product(doc, entity))
}

/// A field by its name without a language.
pub fn field_named(kind: &str, name: &str) -> Option<&'static Field> {
    let mut fields = field::FIELDS.iter();
    fields.find(|field| field.kind == kind && field.name == name)
}

/// The register of a field that has a value, Chinese before English.
fn filled(entity: &Entity, field: &str) -> Option<String> {
    let registers = match field_named(&entity.kind, field) {
        Some(known) if known.bilingual => vec![format!("{field}.zh"), format!("{field}.en")],
        _ => vec![field.to_owned()],
    };
    registers
        .into_iter()
        .find(|register| !is_blank(entity.value(register)))
}

/// Whether a value says nothing.
pub(crate) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Object(map) => match map.get("list").and_then(Value::as_array) {
            Some(list) => list.is_empty(),
            None => map.get("text").is_some_and(|text| text == ""),
        },
        _ => false,
    }
}

/// Whether a register of a place is in conflict.
pub(crate) fn is_in_conflict(doc: &StudyDoc, place: &FactPlace) -> bool {
    let entity = place.entity.as_ref().and_then(|id| doc.entity(id));
    entity.is_some_and(|entity| {
        let base = place
            .field
            .rsplit_once('.')
            .filter(|(_, lang)| matches!(*lang, "zh" | "en"))
            .map_or(place.field.as_str(), |(base, _)| base);
        ["", ".zh", ".en"].iter().any(|lang| {
            let held = entity.fields.get(&format!("{base}{lang}"));
            held.is_some_and(|register: &Register| register.conflict)
        })
    })
}

fn place(entity: &Entity, field: String) -> FactPlace {
    FactPlace {
        kind: entity.kind.clone(),
        entity: Some(entity.id.clone()),
        field,
    }
}

fn blocks(blocks: &[&Entity]) -> Vec<FactPlace> {
    blocks
        .iter()
        .map(|block| place(block, filled(block, "text").unwrap_or_default()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    fn found(path: &str) -> usize {
        let doc = testing::sample(&crate::sample::studies()[0]);
        let path = FactPath::parse(path).expect("a path");
        assert!(path.is_known());
        path.found(&doc).len()
    }

    #[test]
    fn paths_point_at_values() {
        assert_eq!(found("study/title"), 1);
        assert_eq!(found("study/registry.nct"), 0);
        assert_eq!(found("outcome/measure"), 5);
        assert_eq!(found("outcome[type=SECONDARY|OTHER]/measure"), 4);
        assert_eq!(found("milestone[key=fpi]/actual"), 1);
        assert_eq!(found("site[role=LEAD]"), 1);
        assert_eq!(found("criteria:inclusion"), 5);
        assert_eq!(found("criteria:exclusion"), 4);
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", "study/", "[a=b]/c", "outcome[type]/measure"] {
            assert_eq!(FactPath::parse(text), None, "{text}");
        }
        for text in ["study/colour", "outcome[type=BLUE]/measure", "planet/name"] {
            let path = FactPath::parse(text).expect("it can be read");
            assert!(!path.is_known(), "{text}");
        }
    }

    #[test]
    fn what_is_missing_has_a_place_to_write() {
        let doc = testing::empty();
        let title = FactPath::parse("study/title").expect("a path").wanted(&doc);
        assert_eq!(
            (title.entity, title.field.as_str()),
            (Some(doc.id.root()), "title.zh")
        );
        let site = FactPath::parse("site/facility")
            .expect("a path")
            .wanted(&doc);
        assert_eq!((site.entity, site.kind.as_str()), (None, "site"));
    }
}

//! From a study to a record: the whole `{"protocolSection": …}`, and what could not be said in it.

use super::node::Node;
use super::shape::{Shape, registry_code};
use super::table::{self, Parts, Rule};
use super::text::{self, Written};
use model::doc::StudyDoc;
use model::incoming::IncomingStudy;
use model::milestone::{Precision, When};
use model::reference::CENTER;
use model::{EntityId, Kind, Lang, field, kind, label};
use serde_json::{Map, Value, json};

/// A record made from a study.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// `{"protocolSection": …}`.
    pub json: Value,
    /// What was left out, or is to be looked at.
    pub gaps: Vec<Gap>,
}

/// Something of a study that a record does not say as the study does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// The entity; `None` when the export was made of an incoming study.
    pub entity: Option<EntityId>,
    /// Its kind.
    pub kind: Kind,
    /// The register of the study.
    pub field: String,
    /// Why, by label key (`export.gap.…`).
    pub code: &'static str,
}

impl Gap {
    /// The gap as a sentence: what it is about, and why.
    pub fn sentence(&self, lang: Lang) -> String {
        let field = field::of_register(&self.kind, &self.field);
        let name = field.map_or(self.field.as_str(), |field| match lang {
            Lang::Zh => field.zh,
            Lang::En => field.en,
        });
        label::get(self.code).map_or_else(
            || name.to_owned(),
            |words| words.fill(lang, &[("field", name)]),
        )
    }
}

/// Writes a stored study as a record: displayed values, English texts, shown parts.
pub fn write(doc: &StudyDoc) -> Export {
    Node::of_doc(doc).map_or_else(
        || Export {
            json: json!({"protocolSection": {}}),
            gaps: Vec::new(),
        },
        |node| write_node(&node),
    )
}

/// Writes what an import would store.
pub fn write_incoming(study: &IncomingStudy) -> Export {
    write_node(&Node::of_incoming(study))
}

fn write_node(node: &Node<'_>) -> Export {
    let mut writer = Writer::default();
    writer.note_parts_nowhere(node);
    let protocol = writer.owner(node).unwrap_or_else(|| json!({}));
    Export {
        json: json!({"protocolSection": protocol}),
        gaps: writer.gaps,
    }
}

#[derive(Default)]
struct Writer {
    gaps: Vec<Gap>,
}

impl Writer {
    fn gap(&mut self, node: &Node<'_>, field: &str, code: &'static str) {
        self.gaps.push(Gap {
            entity: node.id.cloned(),
            kind: node.kind.to_owned(),
            field: field.to_owned(),
            code,
        });
    }

    /// An owner's whole object with its residue; `None` when it has nothing to say.
    fn owner(&mut self, node: &Node<'_>) -> Option<Value> {
        let mut object = table::of_kind(node.kind).and_then(|rule| self.place(rule, node));
        self.add_residue(node, &mut object);
        object
    }

    fn add_residue(&mut self, node: &Node<'_>, object: &mut Option<Value>) {
        let text = node.text("residue");
        if text.is_empty() {
            return;
        }
        match serde_json::from_str::<Value>(text) {
            Ok(residue) => merge(object.get_or_insert_with(|| json!({})), residue),
            Err(_) => self.gap(node, "residue", "export.gap.notExportable"),
        }
    }

    fn place(&mut self, rule: &Rule, node: &Node<'_>) -> Option<Value> {
        match rule {
            Rule::Object(entries) => {
                let mut map = Map::new();
                for (name, below) in entries {
                    if let Some(value) = self.place(below, node) {
                        map.insert((*name).to_owned(), value);
                    }
                }
                (!map.is_empty()).then_some(Value::Object(map))
            }
            Rule::Value(shape, register) => self.value(*shape, register, node),
            Rule::Parts(parts) => self.parts(*parts, node),
            Rule::Milestone(key) => self.milestone(key, node),
            Rule::Section(key) => self.section(key, node),
        }
    }

    fn value(&mut self, shape: Shape, register: &str, node: &Node<'_>) -> Option<Value> {
        if node.is_in_conflict(register) {
            self.gap(node, register, "export.gap.inConflict");
        }
        if let Some(given) = shape.give(node.value(register)) {
            return Some(given);
        }
        if node.is_redacted(register) {
            self.gap(node, register, "export.gap.redacted");
            return None;
        }
        if let Some(name) = hospital_name(register, node) {
            return Some(Value::from(name));
        }
        if let Some(field) = register.strip_suffix(".en")
            && !node.text(&format!("{field}.zh")).is_empty()
        {
            self.gap(node, register, "export.gap.englishMissing");
        } else if !says_nothing(node.value(register)) {
            let is_code = matches!(shape, Shape::Code(_)) && node.value(register).is_string();
            let code = if is_code {
                "export.gap.codeLocal"
            } else {
                "export.gap.notExportable"
            };
            self.gap(node, register, code);
        }
        None
    }

    fn parts(&mut self, parts: Parts, node: &Node<'_>) -> Option<Value> {
        let items: Vec<Value> = node
            .children_of(parts.kind)
            .filter(|child| belongs(parts, child, node))
            .filter_map(|child| self.owner(child))
            .collect();
        (!items.is_empty()).then_some(Value::Array(items))
    }

    /// Names the parts that no array takes: contacts of roles that the registry does not know,
    /// outcomes without a type.
    fn note_parts_nowhere(&mut self, node: &Node<'_>) {
        for contact in node.children_of(kind::CONTACT) {
            if scope_of(contact, node).is_none() {
                self.gap(contact, "role", "export.gap.contactLeftOut");
            }
        }
        for outcome in node.children_of(kind::OUTCOME) {
            if !matches!(outcome.text("type"), "PRIMARY" | "SECONDARY" | "OTHER") {
                self.gap(outcome, "type", "export.gap.codeLocal");
            }
        }
        for site in node.children_of(kind::SITE) {
            self.note_parts_nowhere(site);
        }
    }

    /// A date with its type: the actual one, else the planned one, else the untyped one.
    ///
    /// The registry takes a day or a month. A quarter is neither: no month is made up for it, and
    /// what has been is not said to be planned, so the date is left out.
    fn milestone(&mut self, key: &str, node: &Node<'_>) -> Option<Value> {
        let milestone = node
            .children_of(kind::MILESTONE)
            .find(|child| child.text("key") == key)?;
        let dates = [
            ("actual", Some("ACTUAL")),
            ("planned", Some("ESTIMATED")),
            ("untyped", None),
        ];
        let mut object = None;
        for (register, date_type) in dates {
            let when = When::parse(milestone.text(register));
            if when.is_some_and(|when| when.precision == Precision::Quarter) {
                self.gap(milestone, register, "export.gap.quarter");
                break;
            }
            let Some(date) = self.value(Shape::Date, register, milestone) else {
                continue;
            };
            object = Some(match date_type {
                Some(date_type) => json!({"date": date, "type": date_type}),
                None => json!({"date": date}),
            });
            break;
        }
        self.add_residue(milestone, &mut object);
        object
    }

    fn section(&mut self, key: &str, node: &Node<'_>) -> Option<Value> {
        let mut blocks = Vec::new();
        for section in node
            .children_of(kind::SECTION)
            .filter(|child| child.text("key") == key)
        {
            for block in section.children_of(kind::BLOCK) {
                if block.is_in_conflict("text.en") {
                    self.gap(block, "text.en", "export.gap.inConflict");
                }
                if block.text("text.en").is_empty() {
                    if block.is_redacted("text.en") {
                        self.gap(block, "text.en", "export.gap.redacted");
                    } else if !block.text("text.zh").is_empty() {
                        self.gap(block, "text.en", "export.gap.englishMissing");
                    }
                    continue;
                }
                blocks.push(Written {
                    kind: Some(block.text("type"))
                        .filter(|t| !t.is_empty())
                        .unwrap_or("paragraph"),
                    level: block.value("level").as_i64().unwrap_or(0),
                    text: block.text("text.en"),
                    source: block.text("source"),
                });
            }
        }
        let text = text::join(&blocks);
        (!text.is_empty()).then(|| Value::from(text))
    }
}

/// A site of a partner hospital needs no typed English name.
fn hospital_name(register: &str, node: &Node<'_>) -> Option<String> {
    let code = node.text("hospital");
    if node.kind != kind::SITE || register != "facility.en" || code.is_empty() {
        return None;
    }
    CENTER
        .hospitals
        .iter()
        .find(|hospital| hospital.code == code)
        .map(|h| h.name.en.clone())
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Object(map) => map
            .get("list")
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty),
        _ => false,
    }
}

fn belongs(parts: Parts, child: &Node<'_>, parent: &Node<'_>) -> bool {
    match parts.constant {
        None => true,
        Some((_, scope)) if parts.kind == kind::CONTACT => scope_of(child, parent) == Some(scope),
        Some((register, value)) => child.text(register) == value,
    }
}

/// Which of the registry's lists a contact stands in: its own scope, else what its role says;
/// contacts of roles that the registry does not know are nobody's business outside.
fn scope_of<'a>(contact: &Node<'a>, parent: &Node<'_>) -> Option<&'a str> {
    let role = contact.text("role");
    let known = registry_code("contactRole", role)?;
    let scope = contact.text("scope");
    match (parent.kind, scope) {
        (kind::SITE, _) if !scope.is_empty() || !known.is_empty() => Some("SITE"),
        (kind::SITE, _) => None,
        (_, "CENTRAL" | "OFFICIAL") => Some(scope),
        (_, _) => match known {
            "PRINCIPAL_INVESTIGATOR" | "STUDY_CHAIR" | "STUDY_DIRECTOR" => Some("OFFICIAL"),
            "CONTACT" => Some("CENTRAL"),
            _ => None,
        },
    }
}

/// Adds what the residue has and the record lacks; what the study says wins.
fn merge(into: &mut Value, residue: Value) {
    if let (Value::Object(into), Value::Object(residue)) = (into, residue) {
        for (name, value) in residue {
            match into.get_mut(&name) {
                Some(there) => merge(there, value),
                None => {
                    into.insert(name, value);
                }
            }
        }
    }
}

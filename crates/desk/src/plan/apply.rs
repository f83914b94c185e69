//! Adding milestones: from a list, from another study or site, or as a deadline that began.

use super::read::find_list;
use crate::desk::{Changed, Desk};
use crate::edit::{checked, find, save};
use crate::error::DeskError;
use crate::project::places;
use crate::store::write::Change;
use crate::store::{heads, names};
use crate::{ord, time};
use ledger::Hash;
use model::calendar::deadline::Start;
use model::calendar::{Period, Unit};
use model::check::Complaint;
use model::milestone::list::{self, ListItem};
use model::reference::TemplateMilestone;
use model::{EntityId, StudyId, kind};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A milestone of a list that a person chose, with the date that she chose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// Its key.
    pub key: String,
    /// The planned date; empty leaves it to the rule.
    pub planned: String,
}

/// A deadline that an event begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeadlineStart {
    /// Key of the rule.
    pub key: String,
    /// The site; `None` for the study itself.
    pub site: Option<EntityId>,
    /// The day, or the moment for hours: `2026-02-14T22:30` in Shanghai.
    pub trigger: String,
    /// How long instead of the rule's own; empty takes the rule's.
    pub period: String,
    /// The day, where a letter sets it.
    pub date: String,
    /// A remark.
    pub note: String,
}

/// Registers that a list gives, or that are taken along when milestones are copied; never dates.
const OF_LIST: [&str; 8] = [
    "key",
    "name.zh",
    "name.en",
    "rule",
    "needs",
    "awaitsReply",
    "repeat",
    "origin",
];

impl Desk {
    /// Adds chosen milestones of a list to the study itself, or to each of some sites: one step back.
    ///
    /// What is there already keeps its dates; it gets the rule where it has none. Lists that change
    /// later change nothing here: every milestone keeps the rule that it was made with.
    ///
    /// # Errors
    /// [`DeskError::UnknownName`], [`DeskError::NotFound`], [`DeskError::Invalid`].
    pub fn milestone_apply(
        &mut self,
        study: &StudyId,
        sites: &[EntityId],
        list: &str,
        chosen: &[Chosen],
    ) -> Result<Changed, DeskError> {
        let list = find_list(list, sites.first())?;
        let find_item = |one: &Chosen| {
            let item = list.items.iter().find(|item| item.key == one.key);
            item.ok_or_else(|| DeskError::UnknownName {
                what: "milestone",
                name: one.key.clone(),
            })
        };
        let mut places: Vec<EntityId> = Vec::new();
        for site in sites {
            if !places.contains(site) {
                places.push(site.clone());
            }
        }
        if places.is_empty() {
            places.push(study.root());
        }
        let saved = self.transact(|conn, author| {
            let mut changes = Vec::new();
            for place in &places {
                let mut row = Row::open(conn, study, place)?;
                for one in chosen {
                    let mut fields = of_item(find_item(one)?, &list.origin());
                    fields.push(("planned", one.planned.as_str().into()));
                    row.put(conn, author.env, fields)?;
                }
                changes.append(&mut row.changes);
            }
            save(conn, author, study, changes, None)
        })?;
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }

    /// Copies milestones from one place to another: names and rules, never dates.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn milestone_clone(
        &mut self,
        (from, from_site): (&StudyId, Option<&EntityId>),
        (to, to_site): (&StudyId, Option<&EntityId>),
    ) -> Result<Changed, DeskError> {
        let doc = self.plan_doc(from)?;
        let source = from_site.cloned().unwrap_or_else(|| from.root());
        if doc.entity(&source).is_none() {
            return Err(DeskError::no_entity(source.as_str()));
        }
        let parent = to_site.cloned().unwrap_or_else(|| to.root());
        let saved = self.transact(|conn, author| {
            let mut row = Row::open(conn, to, &parent)?;
            for milestone in doc.children(&source, kind::MILESTONE) {
                // A deadline belongs to the event that began it.
                if !milestone.text("trigger").is_empty() {
                    continue;
                }
                let fields = OF_LIST.map(|field| (field, milestone.value(field).clone()));
                row.put(conn, author.env, fields.to_vec())?;
            }
            save(conn, author, to, row.changes, None)
        })?;
        self.remember(to, &saved)?;
        Ok(Changed::study(to.as_str()))
    }

    /// Begins a deadline by a rule.
    ///
    /// # Errors
    /// [`DeskError::UnknownName`], [`DeskError::NotFound`]; [`DeskError::Invalid`] when the day is
    /// missing, or the moment where hours are counted.
    pub fn deadline_start(
        &mut self,
        study: &StudyId,
        start: &DeadlineStart,
    ) -> Result<(EntityId, Changed), DeskError> {
        let rule = list::deadline(&start.key).ok_or_else(|| DeskError::UnknownName {
            what: "deadline",
            name: start.key.clone(),
        })?;
        let invalid =
            |field: &str, complaint| DeskError::invalid(kind::MILESTONE, field, complaint);
        let mut fields: Vec<(&str, Value)> = vec![
            ("key", rule.key.as_str().into()),
            ("name.zh", rule.name.zh.as_str().into()),
            ("name.en", rule.name.en.as_str().into()),
            ("origin", rule.origin().into()),
            ("note", start.note.as_str().into()),
        ];
        if rule.dated {
            if start.date.trim().is_empty() {
                return Err(invalid("planned", Complaint::Missing));
            }
            fields.push(("planned", start.date.as_str().into()));
        } else {
            let period = match start.period.trim() {
                "" => rule.period(),
                own => Period::parse(own),
            };
            let period = period.ok_or_else(|| invalid("rule", Complaint::NotARule))?;
            let trigger = Start::parse(start.trigger.trim())
                .ok_or_else(|| invalid("trigger", Complaint::NotAMoment))?;
            if period.unit == Unit::Hours && matches!(trigger, Start::Day(_)) {
                return Err(invalid("trigger", Complaint::HourWanted));
            }
            let sign = if period.n < 0 { "" } else { "+" };
            fields.push(("trigger", start.trigger.trim().into()));
            fields.push(("rule", format!("trigger{sign}{period}").into()));
            if rule.repeats {
                fields.push(("repeat", period.to_string().into()));
            }
        }
        let parent = start.site.clone().unwrap_or_else(|| study.root());
        // The same event may begin a deadline more than once.
        let id = EntityId::from_uuid(time::new_id(&self.env));
        let saved = self.transact(|conn, author| {
            let mut row = Row::open(conn, study, &parent)?;
            row.add(&id, fields)?;
            save(conn, author, study, row.changes, None)
        })?;
        self.remember(study, &saved)?;
        Ok((id, Changed::study(study.as_str())))
    }
}

/// What a milestone of a study template is made of: the list's rule where a list has it.
pub(crate) fn of_template(milestone: &TemplateMilestone) -> Vec<(&'static str, Value)> {
    let of_list = list::LISTS.iter().find_map(|list| {
        let item = list.items.iter().find(|item| item.key == milestone.key)?;
        Some(of_item(item, &list.origin()))
    });
    of_list.unwrap_or_default()
}

fn of_item(item: &ListItem, origin: &str) -> Vec<(&'static str, Value)> {
    let text = |text: &str| Value::from(text);
    let mut fields = vec![
        ("key", text(&item.key)),
        ("name.zh", text(&item.name.zh)),
        ("name.en", text(&item.name.en)),
        ("rule", text(&item.rule)),
        ("origin", text(origin)),
    ];
    if !item.needs.is_empty() {
        fields.push(("needs", json!({"list": item.needs})));
    }
    if item.awaits_reply {
        fields.push(("awaitsReply", true.into()));
    }
    fields
}

/// The milestones of a place, with changes on their way.
struct Row {
    stream: i64,
    parent: EntityId,
    /// Keys that are here, with the entity's name and number.
    here: Vec<(String, String, i64)>,
    taken: BTreeSet<String>,
    last: Option<String>,
    changes: Vec<Change>,
}

impl Row {
    fn open(conn: &Connection, study: &StudyId, parent: &EntityId) -> Result<Self, DeskError> {
        let target = find(conn, study, parent)?;
        if ![kind::STUDY, kind::SITE].contains(&target.kind.as_str()) {
            return Err(DeskError::no_entity(parent.as_str()));
        }
        let mut here = Vec::new();
        let mut last = None;
        for place in places::children(conn, target.entity)? {
            if place.kind != kind::MILESTONE {
                continue;
            }
            last = Some(place.ord);
            if place.mark != model::EntityMark::Archived {
                let key = heads::shown_text(conn, place.entity, "key")?;
                let name = names::entity_name(conn, place.entity)?;
                here.push((key, name, place.entity));
            }
        }
        Ok(Self {
            stream: target.stream,
            parent: parent.clone(),
            here,
            taken: BTreeSet::new(),
            last,
            changes: Vec::new(),
        })
    }

    /// Adds a milestone, or gives one that is here what it never had.
    fn put(
        &mut self,
        conn: &Connection,
        env: &crate::env::Env,
        fields: Vec<(&str, Value)>,
    ) -> Result<(), DeskError> {
        let key = fields.iter().find(|(field, _)| *field == "key");
        let key = key.and_then(|(_, key)| key.as_str()).unwrap_or_default();
        if !key.is_empty() && !self.taken.insert(key.to_owned()) {
            return Ok(());
        }
        let known = self
            .here
            .iter()
            .find(|(known, ..)| !key.is_empty() && known == key);
        let Some((_, name, entity)) = known.cloned() else {
            let id = self.id_of(conn, env, key)?;
            self.add(&id, fields)?;
            return Ok(());
        };
        for (field, value) in fields {
            // What somebody wrote or cleared once is hers.
            if heads::of_field(conn, entity, field)?.is_empty() {
                self.change(&name, field, value)?;
            }
        }
        Ok(())
    }

    /// The id of a milestone of a list: the same on every laptop, so that a list that two people
    /// apply apart is there once, and two dates of one step are a conflict that shows.
    fn id_of(
        &self,
        conn: &Connection,
        env: &crate::env::Env,
        key: &str,
    ) -> Result<EntityId, DeskError> {
        let text = format!("pi-desk milestone {} {key}", self.parent);
        let hash = Hash::of(text.as_bytes());
        let digits = hash.as_str().rsplit(':').next().unwrap_or_default();
        let number = digits
            .get(..32)
            .and_then(|hex| u128::from_str_radix(hex, 16).ok());
        let id = number.map(|n| EntityId::from_uuid(Uuid::new_v8(n.to_be_bytes())));
        // One that was put aside stays so: what is added after is another one.
        let is_free = |id: &EntityId| -> Result<bool, DeskError> {
            Ok(names::entity(conn, self.stream, id.as_str())?.is_none())
        };
        match id {
            Some(id) if !key.is_empty() && is_free(&id)? => Ok(id),
            _ => Ok(EntityId::from_uuid(time::new_id(env))),
        }
    }

    fn add(&mut self, id: &EntityId, fields: Vec<(&str, Value)>) -> Result<(), DeskError> {
        let ord = ord::between(self.last.as_deref(), None);
        let placed = [
            ("parent", json!({"$ref": self.parent.as_str()})),
            ("ord", ord.as_str().into()),
        ];
        for (field, value) in placed {
            let change = Change::first(id.as_str(), kind::MILESTONE, field, value);
            self.changes.push(change);
        }
        for (field, value) in fields {
            self.change(id.as_str(), field, value)?;
        }
        self.last = Some(ord);
        Ok(())
    }

    fn change(&mut self, entity: &str, field: &str, value: Value) -> Result<(), DeskError> {
        let value = checked(kind::MILESTONE, field, value)?;
        if !value.is_null() {
            self.changes
                .push(Change::first(entity, kind::MILESTONE, field, value));
        }
        Ok(())
    }
}

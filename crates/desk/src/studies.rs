//! The studies of a vault: making, listing, reading, putting aside.

use crate::desk::{Changed, Desk};
use crate::directory::find_hospital;
use crate::edit::{checked, find, head_ids, save};
use crate::error::DeskError;
use crate::plan::apply::of_template;
use crate::project::{numbers, study_rows};
use crate::store::write::{self, Change};
use crate::store::{doc, names};
use crate::{ord, time};
use model::reference::{Hospital, TEMPLATES, Template, TemplateMilestone};
use model::row::StudyRow;
use model::{EntityId, StudyDoc, StudyId, kind};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What a study is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewStudy {
    /// Registers of the study, for example `title.zh`.
    pub fields: BTreeMap<String, Value>,
    /// Key of a template.
    pub template: Option<String>,
    /// Codes of partner hospitals; each becomes a site.
    pub hospitals: Vec<String>,
}

impl Desk {
    /// The list of studies, joined ones left out, by newest change first.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn studies(&self) -> Result<Vec<StudyRow>, DeskError> {
        let conn = &self.opened.conn;
        let waiting: BTreeSet<i64> = match self.center()? {
            Some(_) => conn
                .prepare_cached(
                    "SELECT DISTINCT stream FROM commits WHERE sseq IS NULL AND status <> 3",
                )?
                .query_map([], |row| row.get(0))?
                .collect::<Result<_, _>>()?,
            None => BTreeSet::new(),
        };
        let rows: Vec<(i64, String)> = conn
            .prepare_cached("SELECT stream, row FROM study_rows")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut studies = Vec::new();
        for (stream, text) in rows {
            let mut row: StudyRow =
                serde_json::from_str(&text).map_err(|_| DeskError::Damaged("a study's line"))?;
            row.waiting = waiting.contains(&stream);
            if row.joined.is_none() {
                studies.push(row);
            }
        }
        studies.sort_by(|a, b| (&b.changed_at, &b.id).cmp(&(&a.changed_at, &a.id)));
        Ok(studies)
    }

    /// A study with all its parts; `None` when it is not here.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn study(&self, id: &StudyId) -> Result<Option<StudyDoc>, DeskError> {
        doc::study(&self.opened.conn, id)
    }

    /// Finds a study by id or by any of its numbers; `None` when none or several fit.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn find_study(&self, text: &str) -> Result<Option<StudyId>, DeskError> {
        let conn = &self.opened.conn;
        let text = text.trim();
        if let Some(id) = StudyId::parse(text)
            && let Some(stream) = names::stream(conn, text)?
            && study_rows::of(conn, stream)?.is_some()
        {
            return Ok(Some(id));
        }
        let mut found = Vec::new();
        for stream in numbers::find(conn, text, None)? {
            found.extend(study_rows::of(conn, stream)?.filter(|row| row.joined.is_none()));
        }
        let one = if found.len() == 1 { found.pop() } else { None };
        Ok(one.map(|row| row.id))
    }

    /// Makes a study: from nothing, from a template, with a site for each hospital.
    ///
    /// # Errors
    /// [`DeskError::UnknownName`], [`DeskError::Invalid`].
    pub fn create_study(&mut self, new: &NewStudy) -> Result<(StudyId, Changed), DeskError> {
        let template = new.template.as_deref().map(find_template).transpose()?;
        let hospitals = new
            .hospitals
            .iter()
            .map(|code| find_hospital(code))
            .collect::<Result<Vec<_>, _>>()?;
        let id = StudyId::from_uuid(time::new_id(&self.env));
        let saved = self.transact(|conn, author| {
            let mut plan = Plan {
                desk: author.env,
                id: &id,
                changes: Vec::new(),
            };
            plan.study(&new.fields, template)?;
            if let Some(template) = template {
                plan.sections(template);
                plan.milestones(&id.root(), &template.milestones);
            }
            for (n, hospital) in hospitals.iter().enumerate() {
                plan.site(n, hospital, template);
            }
            save(conn, author, &id, plan.changes, None)
        })?;
        self.remember(&id, &saved)?;
        Ok((id.clone(), Changed::study(id.as_str())))
    }

    /// Puts a study aside.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn archive_study(&mut self, study: &StudyId) -> Result<Changed, DeskError> {
        self.set_archived(study, true)
    }

    /// Takes a study back.
    ///
    /// # Errors
    /// [`DeskError::NotFound`].
    pub fn restore_study(&mut self, study: &StudyId) -> Result<Changed, DeskError> {
        self.set_archived(study, false)
    }

    fn set_archived(&mut self, study: &StudyId, is_archived: bool) -> Result<Changed, DeskError> {
        let root = study.root();
        let saved = self.transact(|conn, author| {
            let target = find(conn, study, &root)?;
            let row = study_rows::of(conn, target.stream)?;
            if row.is_some_and(|row| row.archived == is_archived) {
                return Ok(write::Saved::nothing());
            }
            let mut change =
                Change::first(root.as_str(), kind::STUDY, "archived", is_archived.into());
            change.p = head_ids(conn, target.entity, "archived")?;
            save(conn, author, study, vec![change], None)
        })?;
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }
}

/// The changes that make a study.
struct Plan<'a> {
    desk: &'a crate::env::Env,
    id: &'a StudyId,
    changes: Vec<Change>,
}

impl Plan<'_> {
    fn study(
        &mut self,
        fields: &BTreeMap<String, Value>,
        template: Option<&Template>,
    ) -> Result<(), DeskError> {
        let mut values: BTreeMap<String, Value> = BTreeMap::new();
        values.insert("status".into(), "DRAFT".into());
        for (field, text) in template.into_iter().flat_map(|template| &template.fields) {
            values.insert(field.clone(), text.as_str().into());
        }
        values.extend(fields.clone());
        for (field, value) in values {
            let value = checked(kind::STUDY, &field, value)?;
            if !value.is_null() {
                self.changes
                    .push(Change::first(self.id.as_str(), kind::STUDY, &field, value));
            }
        }
        Ok(())
    }

    fn part(
        &mut self,
        kind: &str,
        parent: &EntityId,
        n: usize,
        fields: &[(&str, &str)],
    ) -> EntityId {
        let id = EntityId::from_uuid(time::new_id(self.desk));
        let mut put = |field: &str, value| {
            self.changes
                .push(Change::first(id.as_str(), kind, field, value))
        };
        put("parent", json!({"$ref": parent.as_str()}));
        put("ord", ord::nth(n).into());
        for (field, text) in fields.iter().filter(|(_, text)| !text.is_empty()) {
            put(field, Value::from(*text));
        }
        id
    }

    fn sections(&mut self, template: &Template) {
        for (n, section) in template.sections.iter().enumerate() {
            let fields = [
                ("key", section.key.as_str()),
                ("title.zh", &section.title.zh),
                ("title.en", &section.title.en),
            ];
            self.part(kind::SECTION, &self.id.root(), n, &fields);
        }
    }

    fn milestones(&mut self, parent: &EntityId, milestones: &[TemplateMilestone]) {
        for (n, milestone) in milestones.iter().enumerate() {
            let id = self.part(kind::MILESTONE, parent, n, &[]);
            for (field, value) in of_template(milestone) {
                if value.as_str() != Some("") {
                    let change = Change::first(id.as_str(), kind::MILESTONE, field, value);
                    self.changes.push(change);
                }
            }
        }
    }

    fn site(&mut self, n: usize, hospital: &Hospital, template: Option<&Template>) {
        let fields = [
            ("facility.zh", hospital.name.zh.as_str()),
            ("facility.en", &hospital.name.en),
            ("hospital", &hospital.code),
            ("role", if n == 0 { "LEAD" } else { "PARTICIPATING" }),
            ("committee.zh", &hospital.committee.zh),
            ("committee.en", &hospital.committee.en),
            ("city", &hospital.city.en),
            ("country", "China"),
        ];
        let site = self.part(kind::SITE, &self.id.root(), n, &fields);
        if let Some(template) = template {
            self.milestones(&site, &template.site_milestones);
        }
    }
}

fn find_template(key: &str) -> Result<&'static Template, DeskError> {
    TEMPLATES
        .iter()
        .find(|template| template.key == key)
        .ok_or_else(|| DeskError::UnknownName {
            what: "template",
            name: key.to_owned(),
        })
}

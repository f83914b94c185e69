//! Asking for plans.

use super::{rows, today, years};
use crate::desk::Desk;
use crate::error::DeskError;
use crate::store::doc;
use model::agenda::{self, AgendaEntry, Writes};
use model::milestone::list::MilestoneList;
use model::milestone::plan::{StudyPlan, What};
use model::milestone::today::{KeptRow, PlanPoint, SiteSpan, StudySpan};
use model::milestone::{self, PreviewRow, Readiness, when};
use model::{EntityId, Lang, StudyDoc, StudyId};
use rusqlite::{Connection, params};
use std::collections::{BTreeMap, BTreeSet};

impl Desk {
    /// A study's plan as it stands now.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn plan(&self, study: &StudyId) -> Result<StudyPlan, DeskError> {
        let doc = self.plan_doc(study)?;
        let calendar = years::calendar(&self.opened.conn)?;
        Ok(milestone::plan(&doc, &calendar, Some(self.env.clock.now())))
    }

    /// A study's days as calendars take them: the same whenever they are asked for, until
    /// somebody writes.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn agenda(&self, study: &StudyId, lang: Lang) -> Result<Vec<AgendaEntry>, DeskError> {
        let doc = self.plan_doc(study)?;
        let calendar = years::calendar(&self.opened.conn)?;
        let plan = milestone::plan(&doc, &calendar, None);
        let writes = writes(&self.opened.conn, study)?;
        Ok(agenda::of_study(&doc, &plan, &writes, lang))
    }

    /// How ready a site is, and what blocks its next step.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn readiness(&self, study: &StudyId, site: &EntityId) -> Result<Readiness, DeskError> {
        let plan = self.plan(study)?;
        milestone::readiness(&plan, site).ok_or_else(|| DeskError::no_entity(site.as_str()))
    }

    /// What a list of milestones would give, before anything is written.
    ///
    /// # Errors
    /// [`DeskError::UnknownName`], [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn milestone_preview(
        &self,
        study: &StudyId,
        site: Option<&EntityId>,
        list: &str,
        dates: &BTreeMap<String, String>,
    ) -> Result<Vec<PreviewRow>, DeskError> {
        let list = find_list(list, site)?;
        let doc = self.plan_doc(study)?;
        if let Some(site) = site
            && !doc
                .children_of_study(model::kind::SITE)
                .any(|s| s.id == *site)
        {
            return Err(DeskError::no_entity(site.as_str()));
        }
        let calendar = years::calendar(&self.opened.conn)?;
        Ok(milestone::preview(&doc, site, list, dates, &calendar))
    }

    /// All studies that are in use with their milestones and sites, by first day.
    ///
    /// # Errors
    /// [`DeskError::Storage`], [`DeskError::Damaged`].
    pub fn plans(&self) -> Result<Vec<StudySpan>, DeskError> {
        let conn = &self.opened.conn;
        let today = self.day().to_string();
        let studies = today::studies(conn)?;
        let mut spans: BTreeMap<i64, StudySpan> = studies
            .iter()
            .filter(|(_, study)| !study.archived && study.joined.is_none())
            .map(|(stream, study)| {
                let span = StudySpan {
                    study: study.id.clone(),
                    title: today::title(study),
                    number: study.number.clone(),
                    status: study.status.clone(),
                    points: Vec::new(),
                    sites: Vec::new(),
                    from: String::new(),
                    to: String::new(),
                    n_overdue: 0,
                };
                (*stream, span)
            })
            .collect();
        let kept: Vec<(i64, bool, String)> = conn
            .prepare_cached(
                "SELECT r.stream, r.open, r.row FROM plan_rows r
                 LEFT JOIN places p ON p.entity = r.entity
                 ORDER BY r.stream, p.ord, r.entity, r.what",
            )?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        let mut rows: Vec<(i64, bool, KeptRow)> = Vec::with_capacity(kept.len());
        let mut late: BTreeSet<i64> = BTreeSet::new();
        for (stream, is_open, text) in kept {
            let row: KeptRow =
                serde_json::from_str(&text).map_err(|_| DeskError::Damaged("a line of a plan"))?;
            if is_open && row.what == What::Milestone && is_past(&row.due, &today) {
                late.insert(stream);
            }
            rows.push((stream, is_open, row));
        }
        // What is late pushes what follows it, day by day: its study is worked out as of today.
        for (stream, span) in &mut spans {
            if !late.contains(stream) {
                continue;
            }
            let plan = self.plan(&span.study)?;
            for lane in &plan.lanes {
                for row in &lane.rows {
                    take(span, rows::to_kept(lane, row), row.is_open(), &today);
                }
            }
        }
        for (stream, is_open, row) in rows {
            if let Some(span) = spans.get_mut(&stream).filter(|_| !late.contains(&stream)) {
                take(span, row, is_open, &today);
            }
        }
        let mut spans: Vec<StudySpan> = spans.into_values().collect();
        // Studies without a day come last.
        spans.sort_by(|a, b| {
            let key = |s: &StudySpan| (s.from.is_empty(), s.from.clone(), s.study.clone());
            key(a).cmp(&key(b))
        });
        Ok(spans)
    }

    /// What the plan of a study is worked out from.
    pub(super) fn plan_doc(&self, study: &StudyId) -> Result<StudyDoc, DeskError> {
        doc::part(&self.opened.conn, study, &rows::KINDS)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))
    }
}

/// How many operations of what a plan is made of are known here. One that was issued again under
/// another identity of the laptop counts once.
fn writes(conn: &Connection, study: &StudyId) -> Result<Writes, DeskError> {
    let mut writes = Writes::default();
    let (n, at) = years::changes(conn)?;
    writes.note_calendar(n, at);
    let ways = format!("'{}'", Writes::WAYS.join("', '"));
    let mut counted = conn.prepare_cached(&format!(
        "SELECT e.name, o.field, count(*), CASE WHEN o.field IN ({ways}) THEN o.value END AS way
         FROM streams s
         JOIN places p ON p.stream = s.id
         JOIN entities e ON e.id = p.entity
         JOIN ops o ON o.entity = p.entity
         JOIN commits c ON c.id = o.commit_id AND c.status <> 3
         WHERE s.name = ?1 AND p.kind = ?2
         GROUP BY e.id, o.field, way",
    ))?;
    for kind in rows::KINDS {
        let found = counted.query_map(params![study.as_str(), kind], |row| {
            let way: Option<String> = row.get(3)?;
            Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?, way))
        })?;
        for one in found {
            let (name, field, n, way) = one?;
            let way = way.and_then(|text| serde_json::from_str(&text).ok());
            if let Some(entity) = EntityId::parse(&name) {
                writes.note(entity, field, n, way.unwrap_or_default());
            }
        }
    }
    Ok(writes)
}

/// A list by key, for the study itself or for a site.
pub(super) fn find_list(
    key: &str,
    site: Option<&EntityId>,
) -> Result<&'static MilestoneList, DeskError> {
    let level = if site.is_some() { "site" } else { "study" };
    milestone::list::list(key)
        .filter(|list| list.level == level)
        .ok_or_else(|| DeskError::UnknownName {
            what: "list",
            name: key.to_owned(),
        })
}

fn take(span: &mut StudySpan, row: KeptRow, is_open: bool, today: &str) {
    if row.what != What::Milestone {
        return;
    }
    // What was done and comes back is open: its next day counts.
    let is_done = !is_open && !row.actual.is_empty();
    let is_late = is_open && is_past(&row.due, today);
    let date = if is_done {
        row.actual.clone()
    } else {
        when::as_known(&row.forecast, row.forecast_precision)
    };
    // A span ends with the last day that its dates can mean.
    let last = milestone::When::parse(&date)
        .map(|when| when.last.to_string())
        .unwrap_or_default();
    widen(&mut span.from, &mut span.to, &last);
    span.n_overdue += u32::from(is_late);
    let Some(site) = row.site else {
        if !date.is_empty() {
            span.points.push(PlanPoint {
                id: row.id,
                key: row.key,
                name: row.name,
                date,
                baseline: row.baseline,
                done: is_done,
                overdue: is_late,
                provisional: !is_done && row.forecast_provisional,
            });
        }
        return;
    };
    let place = span.sites.iter().position(|known| known.site == site);
    if place.is_none() {
        span.sites.push(SiteSpan {
            site: site.clone(),
            name: row.site_name,
            from: String::new(),
            to: String::new(),
            n_done: 0,
            n: 0,
            n_overdue: 0,
        });
    }
    let place = place.unwrap_or(span.sites.len() - 1);
    if let Some(known) = span.sites.get_mut(place) {
        widen(&mut known.from, &mut known.to, &last);
        known.n += u32::from(is_open || is_done);
        known.n_done += u32::from(is_done);
        known.n_overdue += u32::from(is_late);
    }
}

fn is_past(due: &str, today: &str) -> bool {
    !due.is_empty() && due < today
}

fn widen(from: &mut String, to: &mut String, date: &str) {
    if date.is_empty() {
        return;
    }
    if from.is_empty() || date < from.as_str() {
        date.clone_into(from);
    }
    if date > to.as_str() {
        date.clone_into(to);
    }
}

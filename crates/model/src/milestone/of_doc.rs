//! Makes the plan of a study out of what stands in it.

use super::approval;
use super::enrolment::Curve;
use super::list::{self, LISTS};
use super::missing;
use super::network::{Due, Expected, Network, Node};
use super::plan::{Bar, Lane, PlanRow, SOON_DAYS, Status, StudyPlan, What};
use super::rule::Rule;
use super::submitted;
use super::when::{Precision, When};
use crate::calendar::deadline::{Start, in_shanghai};
use crate::calendar::{Calendar, Period};
use crate::reference::Bilingual;
use crate::{Entity, EntityId, Lang, StudyDoc, kind};
use chrono::{DateTime, Months, NaiveDate, Utc};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The plan of a study at a moment; without one nothing is late and no forecast waits for today.
pub fn plan(doc: &StudyDoc, calendar: &Calendar, now: Option<DateTime<Utc>>) -> StudyPlan {
    let today = now.map(|now| in_shanghai(&now).date_naive());
    let Scene {
        sites,
        curves,
        whole,
        entities,
        nodes,
    } = scene(doc);
    let curve = |lane: usize| match lane.checked_sub(1) {
        None => Some(&whole),
        Some(n) => curves.get(n).map(|(_, curve)| curve),
    };
    let reaches = |lane: usize, percent: u8| curve(lane)?.reaches(percent);
    let network = Network::new(calendar, nodes, today, &reaches);
    let view = View {
        counted_from: network.counted_from(),
        network: &network,
        entities: &entities,
        now,
        today,
    };
    let mut lanes: Vec<Lane> = std::iter::once(None)
        .chain(sites.iter().copied().map(Some))
        .enumerate()
        .map(|(n, site)| {
            let is_disputed = curve(n).is_some_and(Curve::is_disputed);
            let rows: Vec<PlanRow> = (0..entities.len())
                .filter(|place| entities.get(*place).is_some_and(|(lane, _)| *lane == n))
                .filter_map(|place| view.row(place))
                .map(|row| PlanRow {
                    disputed: is_disputed && is_counted(&row),
                    ..row
                })
                .collect();
            let mut lane = to_lane(doc, site, rows);
            lane.enrolment = curve(n).map(Curve::standing).unwrap_or_default();
            lane
        })
        .collect();
    for lane in &mut lanes {
        approval::add(doc, calendar, today, lane);
    }
    missing::note(&mut lanes);
    StudyPlan {
        study: doc.id.clone(),
        today: today.map(|day| day.to_string()).unwrap_or_default(),
        missing_years: missing_years(calendar, &lanes),
        lanes,
    }
}

/// What dates are worked out from: sites in order, their counts, milestones with their lanes.
pub(super) struct Scene<'a> {
    pub(super) sites: Vec<&'a Entity>,
    pub(super) curves: Vec<(EntityId, Curve)>,
    pub(super) whole: Curve,
    pub(super) entities: Vec<(usize, &'a Entity)>,
    /// One for each of the entities.
    pub(super) nodes: Vec<Node>,
}

/// Reads a study.
pub(super) fn scene(doc: &StudyDoc) -> Scene<'_> {
    let sites: Vec<&Entity> = doc.children_of_study(kind::SITE).collect();
    let curves: Vec<(EntityId, Curve)> = sites
        .iter()
        .map(|site| (site.id.clone(), Curve::of_site(doc, site)))
        .collect();
    let lanes: HashMap<&EntityId, usize> = sites.iter().map(|site| &site.id).zip(1..).collect();
    let root = doc.id.root();
    let lane_of = |entity: &Entity| {
        let parent = entity.parent.as_ref()?;
        if *parent == root {
            return Some(0);
        }
        lanes.get(parent).copied()
    };
    // A milestone of something that is not shown has no lane.
    let entities: Vec<(usize, &Entity)> = doc
        .of_kind(kind::MILESTONE)
        .filter_map(|entity| Some((lane_of(entity)?, entity)))
        .collect();
    Scene {
        whole: Curve::of_study(doc, &curves),
        nodes: entities
            .iter()
            .map(|(lane, entity)| to_node(doc, *lane, entity))
            .collect(),
        sites,
        curves,
        entities,
    }
}

/// A milestone of a list that is not here yet.
pub(super) fn of_item(lane: usize, item: &list::ListItem) -> Node {
    Node {
        lane,
        key: item.key.clone(),
        rule: item.rule(),
        needs: item.needs.clone(),
        ..Node::default()
    }
}

fn to_node(doc: &StudyDoc, lane: usize, entity: &Entity) -> Node {
    let list = entity.value("needs").get("list");
    let needs = list.and_then(|list| list.as_array());
    Node {
        lane,
        key: entity.text("key").to_owned(),
        planned: When::parse(entity.text("planned")),
        actual: match (entity.text("actual"), entity.text("notApplicable")) {
            ("", "") => submitted::day(doc, entity),
            (actual, _) => When::parse(actual),
        },
        trigger: Start::parse(entity.text("trigger")),
        rule: Rule::parse(entity.text("rule")),
        needs: needs
            .into_iter()
            .flatten()
            .filter_map(|key| key.as_str().map(str::to_owned))
            .collect(),
        repeat: Period::parse(entity.text("repeat")).filter(|period| period.n > 0),
        not_applicable: !entity.text("notApplicable").is_empty(),
        is_expiry: entity.text("origin").contains('/')
            && list::deadline(entity.text("key")).is_some_and(|rule| rule.expiry),
    }
}

fn to_lane(doc: &StudyDoc, site: Option<&Entity>, rows: Vec<PlanRow>) -> Lane {
    let name = match site {
        Some(site) => both(site, "facility"),
        None => doc
            .root()
            .map(|root| both(root, "title"))
            .unwrap_or_default(),
    };
    let origins: BTreeSet<&String> = rows.iter().map(|row| &row.origin).collect();
    let origins = origins
        .into_iter()
        .filter(|origin| !origin.is_empty() && !origin.contains('/'))
        .cloned()
        .collect();
    let level = if site.is_some() { "site" } else { "study" };
    let phases = LISTS
        .iter()
        .filter(|list| list.level == level)
        .flat_map(|list| &list.phases);
    let bars = phases.filter_map(|phase| bar(&rows, phase)).collect();
    Lane {
        site: site.map(|site| site.id.clone()),
        name,
        origins,
        bars,
        rows,
        enrolment: Default::default(),
    }
}

fn bar(rows: &[PlanRow], phase: &list::Phase) -> Option<Bar> {
    let find = |key: &str| rows.iter().find(|row| row.key == key);
    let (from, to) = (find(&phase.from)?, find(&phase.to)?);
    let first = |text: &str| When::parse(text).map(|when| when.first.to_string());
    let last = |text: &str| When::parse(text).map(|when| when.last.to_string());
    let stands = |row: &PlanRow| {
        let is_expected = !row.done_on().is_empty() || !row.forecast.is_empty();
        is_expected
            .then(|| When::parse(&row.expected().0))
            .flatten()
    };
    let (begins, ends) = (stands(from)?, stands(to)?);
    // What began after its end is no bar.
    (begins.first <= ends.last).then(|| Bar {
        key: phase.key.clone(),
        name: phase.name.clone(),
        from: begins.to_string(),
        to: ends.to_string(),
        baseline_from: first(&from.baseline).unwrap_or_default(),
        baseline_to: last(&to.baseline).unwrap_or_default(),
        done: to.status == Status::Achieved,
    })
}

/// A bilingual field; a language that is missing shows the other one.
pub(super) fn both(entity: &Entity, field: &str) -> Bilingual {
    Bilingual {
        zh: entity.text_in(field, Lang::Zh).to_owned(),
        en: entity.text_in(field, Lang::En).to_owned(),
    }
}

/// What a milestone is called: by its own name, else by the one that its key stands for.
fn name(entity: &Entity) -> Bilingual {
    let own = both(entity, "name");
    if !own.zh.is_empty() {
        return own;
    }
    let key = entity.text("key");
    if let Some(item) = list::item(key) {
        return item.name.clone();
    }
    match crate::label::get(&format!("import.milestone.{key}")) {
        Some(label) => Bilingual {
            zh: label.zh.to_owned(),
            en: label.en.to_owned(),
        },
        None => Bilingual {
            zh: key.to_owned(),
            en: key.to_owned(),
        },
    }
}

struct View<'a> {
    counted_from: HashSet<usize>,
    network: &'a Network<'a>,
    entities: &'a [(usize, &'a Entity)],
    now: Option<DateTime<Utc>>,
    today: Option<NaiveDate>,
}

impl View<'_> {
    fn row(&self, n: usize) -> Option<PlanRow> {
        let (_, entity) = self.entities.get(n)?;
        let text = |field: &str| entity.text(field).to_owned();
        let done = self.network.done(n);
        let scheduled = self.network.scheduled(n);
        let expected = self.network.expected(n);
        let blocked_by = self.network.open_needs(n);
        let baseline = When::parse(entity.text("baseline"));
        // The last day of the law is that of a day: what is known by the month has none.
        let is_counted = scheduled.is_some_and(|due| {
            due.precision == Precision::Day && (due.legal != due.safe || due.at.is_some())
        });
        let derived = entity.text("actual").is_empty() && done.is_some();
        let origin = text("origin");
        let status = self.status(entity, done, scheduled, &blocked_by);
        let is_open = !matches!(status, Status::Achieved | Status::NotApplicable);
        Some(PlanRow {
            what: if origin.contains('/') {
                What::Deadline
            } else {
                What::Milestone
            },
            id: entity.id.clone(),
            kind: kind::MILESTONE.to_owned(),
            field: "actual".to_owned(),
            key: text("key"),
            name: name(entity),
            baseline: text("baseline"),
            planned: text("planned"),
            actual: match done {
                Some(when) if derived => when.to_string(),
                _ => text("actual"),
            },
            derived,
            rival_actuals: rivals(entity, "actual"),
            rival_planned: rivals(entity, "planned"),
            conflicts: conflicts(entity),
            due: scheduled
                .map(|due| due.safe.to_string())
                .unwrap_or_default(),
            legal: scheduled
                .filter(|_| is_counted)
                .map(|due| due.legal.to_string())
                .unwrap_or_default(),
            due_at: scheduled
                .and_then(|due| due.at)
                .map(|at| at.to_rfc3339())
                .unwrap_or_default(),
            precision: scheduled.map_or(Precision::Day, |due| due.precision),
            provisional: scheduled.is_some_and(|due| due.provisional),
            forecast: expected
                .as_ref()
                .map(|e| e.date.to_string())
                .unwrap_or_default(),
            forecast_precision: expected.as_ref().map_or(Precision::Day, |e| e.precision),
            forecast_provisional: expected.as_ref().is_some_and(|e| e.provisional),
            disputed: false,
            pushed_by: self.ids(expected.as_ref().map_or(&[], |e| &e.pushed_by)),
            slip: slip(baseline, expected.as_ref()),
            status,
            days_left: match (scheduled, self.today) {
                (Some(due), Some(today)) if is_open => Some((due.safe - today).num_days()),
                _ => None,
            },
            rule: text("rule"),
            trigger: text("trigger"),
            repeat: text("repeat"),
            origin,
            needs: self.ids(&self.network.needs(n)),
            blocked_by: self.ids(if is_open { &blocked_by } else { &[] }),
            missing: Vec::new(),
            twins: Vec::new(),
            waiting: is_open && self.is_awaited(n, entity),
            not_applicable: text("notApplicable"),
            otherwise_due: match status {
                Status::NotApplicable => self.otherwise(n),
                _ => String::new(),
            },
            note: text("note"),
            evidence: entity.reference("evidence"),
            unproven: status == Status::Achieved
                && !derived
                && entity.reference("evidence").is_none()
                && entity.text("note").is_empty(),
            counted_from: self.counted_from.contains(&n),
            seen: tokens(entity),
        })
    }

    fn status(
        &self,
        entity: &Entity,
        done: Option<When>,
        due: Option<Due>,
        blocked_by: &[usize],
    ) -> Status {
        if done.is_some() {
            return Status::Achieved;
        }
        if !entity.text("notApplicable").is_empty() {
            return Status::NotApplicable;
        }
        let is_late = due.is_some_and(|due| match (due.at, self.now) {
            (Some(at), Some(now)) => at < now,
            _ => self.today.is_some_and(|today| due.safe < today),
        });
        let is_soon = |due: Due| {
            self.today
                .is_some_and(|today| (due.safe - today).num_days() <= SOON_DAYS)
        };
        match due {
            Some(_) if is_late => Status::Overdue,
            _ if !blocked_by.is_empty() => Status::Blocked,
            None => Status::Undated,
            Some(due) if is_soon(due) => Status::DueSoon,
            Some(_) => Status::Upcoming,
        }
    }

    fn otherwise(&self, n: usize) -> String {
        let due = self.network.otherwise(n);
        due.map(|due| due.safe.to_string()).unwrap_or_default()
    }

    /// Whether the ball is with somebody else: an answer is awaited, and what it answers is done.
    fn is_awaited(&self, n: usize, entity: &Entity) -> bool {
        if entity.value("awaitsReply").as_bool() != Some(true) {
            return false;
        }
        let rule = Rule::parse(entity.text("rule"));
        let lane = self.entities.get(n).map_or(0, |(lane, _)| *lane);
        let anchor = match &rule {
            Some(Rule::Offset { before: false, .. }) => rule.as_ref().and_then(Rule::anchor),
            // Counted back from a visit: what it answers is the submission.
            _ => Some("site_ec_submitted"),
        };
        let asked = anchor.and_then(|key| self.network.find(lane, key));
        asked.is_some_and(|asked| self.network.done(asked).is_some())
    }

    fn ids(&self, places: &[usize]) -> Vec<EntityId> {
        let found = places.iter().filter_map(|n| self.entities.get(*n));
        found.map(|(_, entity)| entity.id.clone()).collect()
    }
}

/// Whether its day follows from how many participants there are.
fn is_counted(row: &PlanRow) -> bool {
    matches!(Rule::parse(&row.rule), Some(Rule::Enrolled(_)))
}

/// What was approved by the month or quarter is kept as long as the forecast's own month is.
fn slip(baseline: Option<When>, expected: Option<&Expected>) -> Option<i64> {
    let (baseline, expected) = (baseline?, expected?);
    let stands = match baseline.precision {
        Precision::Day => expected.date,
        _ => When::around(expected.date, expected.precision)?.last,
    };
    Some((stands - baseline.last).num_days())
}

fn rivals(entity: &Entity, field: &str) -> Vec<String> {
    let register = entity.fields.get(field).filter(|held| held.conflict);
    let values: BTreeSet<&str> = register
        .into_iter()
        .flat_map(|register| &register.heads)
        .filter_map(|head| head.value.as_str())
        .collect();
    values.into_iter().map(str::to_owned).collect()
}

fn conflicts(entity: &Entity) -> Vec<String> {
    let fields = entity.fields.iter().filter(|(_, held)| held.conflict);
    fields.map(|(field, _)| field.clone()).collect()
}

fn tokens(entity: &Entity) -> BTreeMap<String, Vec<String>> {
    let shown = ["planned", "baseline", "actual", "notApplicable"];
    let held = shown
        .iter()
        .filter_map(|field| Some((*field, entity.fields.get(*field)?)));
    held.map(|(field, register)| (field.to_owned(), register.seen()))
        .collect()
}

fn missing_years(calendar: &Calendar, lanes: &[Lane]) -> Vec<i32> {
    let rows = lanes.iter().flat_map(|lane| &lane.rows);
    let days: Vec<NaiveDate> = rows
        .filter(|row| row.is_open())
        .flat_map(|row| {
            let due = [&row.due, &row.legal]
                .into_iter()
                .filter(|_| row.provisional);
            due.chain(row.forecast_provisional.then_some(&row.forecast))
        })
        .filter_map(|day| day.parse().ok())
        .collect();
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else {
        return Vec::new();
    };
    let years = calendar.missing_years(*first, *last);
    match last.checked_add_months(Months::new(12)) {
        // What is counted back from a year without a table may end in one that has it.
        Some(later) if years.is_empty() => calendar.missing_years(*last, later),
        _ => years,
    }
}

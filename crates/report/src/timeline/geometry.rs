//! Where everything of a timeline stands, in plain numbers: nothing here draws.

use chrono::{Datelike, Days, Months, NaiveDate};
use model::milestone::When;
use model::milestone::plan::{Lane, PlanRow, Status, StudyPlan, What};
use model::reference::Bilingual;
use serde::Serialize;

/// How far past the first and the last day the axis goes. Units: days.
const AROUND: u64 = 10;

/// A timeline on an axis of a given width.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Geometry {
    /// The marks of the axis, from left to right.
    pub(crate) ticks: Vec<Tick>,
    /// Where today is; `None` when it is beside the axis.
    pub(crate) today: Option<f64>,
    /// The rows, lane by lane.
    pub(crate) lanes: Vec<LaneRows>,
}

/// A mark of the axis.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Tick {
    /// Units: those of the width.
    pub(crate) x: f64,
    /// The year, where one begins or the axis does; else the month.
    pub(crate) label: String,
    /// Whether a year begins.
    pub(crate) major: bool,
}

/// The rows of the study itself, or of a site.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LaneRows {
    pub(crate) name: Bilingual,
    pub(crate) rows: Vec<Bar>,
}

/// A row with what is drawn in it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    pub(crate) name: Bilingual,
    /// As it was approved; first and last place.
    pub(crate) baseline: Option<(f64, f64)>,
    /// As it was, or is to be expected; first and last place.
    pub(crate) now: Option<(f64, f64)>,
    /// Other actual days that were noted for the same; first and last place of each.
    pub(crate) rivals: Vec<(f64, f64)>,
    /// The actual days that stand beside each other, as they are printed; empty without a conflict.
    pub(crate) rival_dates: Vec<String>,
    /// The dates, as exactly as they are known.
    pub(crate) dates: [String; 2],
    /// Whether the second one rests on working days that are not announced yet.
    pub(crate) provisional: bool,
    /// Whether it is a day, not a stretch of time.
    pub(crate) point: bool,
    pub(crate) manner: Manner,
}

impl Bar {
    /// Whether its day is known to the month or less exactly.
    pub(crate) fn is_part(&self) -> bool {
        let second = When::parse(&self.dates[1]);
        self.point && second.is_some_and(|when| when.first != when.last)
    }
}

/// How a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Manner {
    Done,
    Open,
    Late,
}

/// Lays a plan out; `None` when it has no day.
pub(crate) fn lay_out(plan: &StudyPlan, width: f64) -> Option<Geometry> {
    let spans = plan.lanes.iter().flat_map(spans_of);
    let (first, last) = spans.fold(None, |all: Option<(NaiveDate, NaiveDate)>, (from, to)| {
        Some(match all {
            Some((first, last)) => (first.min(from), last.max(to)),
            None => (from, to),
        })
    })?;
    let axis = Axis {
        first: first.checked_sub_days(Days::new(AROUND))?,
        last: last.checked_add_days(Days::new(AROUND))?,
        width,
    };
    let today: Option<NaiveDate> = plan.today.parse().ok();
    let lanes = plan.lanes.iter().map(|lane| LaneRows {
        name: lane.name.clone(),
        rows: rows_of(lane, &axis),
    });
    Some(Geometry {
        ticks: axis.ticks(),
        today: today
            .filter(|day| (axis.first..=axis.last).contains(day))
            .map(|day| axis.x(day)),
        lanes: lanes.filter(|lane| !lane.rows.is_empty()).collect(),
    })
}

struct Axis {
    first: NaiveDate,
    last: NaiveDate,
    width: f64,
}

impl Axis {
    fn x(&self, day: NaiveDate) -> f64 {
        let days = |from: NaiveDate, to: NaiveDate| (to - from).num_days() as f64;
        let share = days(self.first, day) / days(self.first, self.last).max(1.0);
        let x = share.clamp(0.0, 1.0) * self.width;
        (x * 100.0).round() / 100.0
    }

    /// Marks that are far enough apart to be read: months, quarters, half-years or years.
    fn ticks(&self) -> Vec<Tick> {
        let months = (self.last - self.first).num_days() / 30;
        let step = match months {
            ..=16 => 1,
            17..=48 => 3,
            49..=96 => 6,
            _ => 12,
        };
        let mut found = Vec::new();
        let january = NaiveDate::from_ymd_opt(self.first.year(), 1, 1);
        let mut at = january;
        while let Some(day) = at.filter(|day| *day <= self.last) {
            if day >= self.first {
                let major = day.month() == 1;
                let label = if major || found.is_empty() {
                    day.format("%Y-%m").to_string()
                } else {
                    day.format("%m").to_string()
                };
                let label = if step == 12 {
                    day.year().to_string()
                } else {
                    label
                };
                found.push(Tick {
                    x: self.x(day),
                    label,
                    major,
                });
            }
            at = day.checked_add_months(Months::new(step));
        }
        found
    }
}

/// First and last day of a date as written; of two, the first of one and the last of the other.
fn span(from: &str, to: &str) -> Option<(NaiveDate, NaiveDate)> {
    let (from, to) = (When::parse(from)?, When::parse(to)?);
    Some((from.first, to.last.max(from.first)))
}

fn spans_of(lane: &Lane) -> Vec<(NaiveDate, NaiveDate)> {
    let bars = lane.bars.iter().flat_map(|bar| {
        [
            span(&bar.from, &bar.to),
            span(&bar.baseline_from, &bar.baseline_to),
        ]
    });
    let rows = lane.rows.iter().filter(|row| is_drawn(row));
    let rows = rows.flat_map(|row| {
        let own = [span(&row.baseline, &row.baseline), span_now(row)];
        own.into_iter().chain(rivals(row).map(Some))
    });
    bars.chain(rows).flatten().collect()
}

fn is_drawn(row: &PlanRow) -> bool {
    matches!(row.what, What::Milestone | What::Deadline) && row.not_applicable.is_empty()
}

fn span_now(row: &PlanRow) -> Option<(NaiveDate, NaiveDate)> {
    let (date, _) = row.stands();
    span(&date, &date)
}

/// The actual days that another one stands beside.
fn rivals(row: &PlanRow) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let others = row.rival_actuals.iter().filter(|date| **date != row.actual);
    others.filter_map(|date| span(date, date))
}

fn rows_of(lane: &Lane, axis: &Axis) -> Vec<Bar> {
    let place = |(from, to): (NaiveDate, NaiveDate)| (axis.x(from), axis.x(to));
    let mut found: Vec<Bar> = lane
        .bars
        .iter()
        .map(|bar| Bar {
            name: bar.name.clone(),
            baseline: span(&bar.baseline_from, &bar.baseline_to).map(place),
            now: span(&bar.from, &bar.to).map(place),
            dates: [bar.from.clone(), bar.to.clone()],
            rivals: Vec::new(),
            rival_dates: Vec::new(),
            provisional: false,
            point: false,
            manner: if bar.done { Manner::Done } else { Manner::Open },
        })
        .collect();
    found.extend(lane.rows.iter().filter(|row| is_drawn(row)).map(|row| {
        let (now, provisional) = row.stands();
        Bar {
            name: row.name.clone(),
            baseline: span(&row.baseline, &row.baseline).map(place),
            now: span_now(row).map(place),
            rivals: rivals(row).map(place).collect(),
            rival_dates: row.rival_actuals.clone(),
            dates: [row.baseline.clone(), now],
            provisional,
            point: true,
            manner: match row.status {
                Status::Achieved => Manner::Done,
                Status::Overdue => Manner::Late,
                _ => Manner::Open,
            },
        }
    }));
    found.retain(|bar| bar.now.is_some() || bar.baseline.is_some());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn plan() -> StudyPlan {
        let row = |key: &str, baseline: &str, planned: &str, actual: &str| {
            let mut row = json!({
                "what": "milestone", "id": "0190a6c4-0000-7000-8000-000000000002",
                "kind": "milestone", "field": "actual", "key": key,
                "name": {"zh": key, "en": key}, "baseline": baseline, "planned": planned,
                "actual": actual, "derived": false, "rivalActuals": [], "conflicts": [],
                "due": planned, "legal": "", "dueAt": "", "precision": "day",
                "provisional": false, "forecast": planned, "forecastPrecision": "day", "forecastProvisional": false,
                "pushedBy": [], "slip": null, "status": "upcoming", "daysLeft": null,
                "rule": "", "trigger": "", "repeat": "", "origin": "", "needs": [],
                "blockedBy": [], "waiting": false, "notApplicable": "", "note": "",
                "evidence": null, "unproven": false, "countedFrom": false, "missing": [], "twins": [], "rivalPlanned": [], "seen": {},
            });
            // Apart: the macro reads no longer object.
            row["disputed"] = false.into();
            row["otherwiseDue"] = "".into();
            row
        };
        let lane = |rows: serde_json::Value| {
            json!({
                "site": null, "name": {"zh": "研究", "en": "Study"}, "origins": [], "bars": [],
                "rows": rows, "enrolment": {"target": 0, "rivalTargets": [], "rivalCounts": false, "screened": 0, "enrolled": 0,
                "asOf": "", "pace": null, "reachedOn": "", "counts": []},
            })
        };
        serde_json::from_value(json!({
            "study": "0190a6c4-0000-7000-8000-000000000001", "today": "2026-06-11",
            "missingYears": [], "lanes": [
                lane(json!([
                    row("siv", "2026-01-11", "2026-03-01", ""),
                    row("fpi", "", "2026-04", ""),
                    row("none", "", "", ""),
                ])),
                lane(json!([row("lock", "", "2026-12-01", "2026-11-21")])),
                lane(json!([])),
            ],
        }))
        .expect("a plan")
    }

    #[test]
    fn everything_is_on_the_axis_and_in_the_order_of_time() {
        let laid = lay_out(&plan(), 200.0).expect("days");
        // 2026-01-01 to 2026-12-11 or the last day of its reach: 334 days and what is around.
        assert_eq!(laid.lanes.len(), 2, "a lane without a day is no lane");
        let rows: Vec<&Bar> = laid.lanes.iter().flat_map(|lane| &lane.rows).collect();
        assert_eq!(rows.len(), 3, "a milestone without a day is no row");
        let (siv, fpi, lock) = (rows[0], rows[1], rows[2]);
        let (baseline, now) = (siv.baseline.expect("one"), siv.now.expect("one"));
        assert!(baseline.0 < now.0 && now.0 < fpi.now.expect("one").0);
        let fpi = fpi.now.expect("one");
        assert!(fpi.1 - fpi.0 > 15.0, "a month is all its days: {fpi:?}");
        assert_eq!(
            lock.dates[1], "2026-11-21",
            "what was done is where it was done"
        );
        let today = laid.today.expect("today");
        assert!(today > fpi.1 && today < lock.now.expect("one").0);
        for bar in rows {
            for (from, to) in [bar.baseline, bar.now].into_iter().flatten() {
                assert!((0.0..=200.0).contains(&from) && from <= to && to <= 200.0);
            }
        }
    }

    #[test]
    fn what_comes_back_stands_on_its_next_day() {
        let mut again = plan();
        let row = &mut again.lanes[1].rows[0];
        (row.repeat, row.forecast) = ("6m".into(), "2027-05-21".into());
        let laid = lay_out(&again, 200.0).expect("days");
        let bar = &laid.lanes[1].rows[0];
        assert_eq!(bar.dates[1], "2027-05-21");
        assert_eq!(bar.manner, Manner::Open);
    }

    #[test]
    fn marks_of_the_axis_are_far_enough_apart() {
        for (last, n_most) in [
            ("2026-12-01", 14),
            ("2028-12-01", 14),
            ("2033-12-01", 18),
            ("2060", 36),
        ] {
            let mut long = plan();
            let row = &mut long.lanes[1].rows[0];
            row.actual = last.to_owned();
            let ticks = lay_out(&long, 200.0).expect("days").ticks;
            assert!(
                !ticks.is_empty() && ticks.len() <= n_most,
                "{last}: {}",
                ticks.len()
            );
            assert!(ticks.windows(2).all(|two| two[1].x > two[0].x));
            assert!(ticks.iter().any(|tick| tick.major));
        }
    }

    #[test]
    fn a_plan_without_days_has_no_picture() {
        let mut empty = plan();
        empty.lanes.truncate(1);
        empty.lanes[0].rows.truncate(0);
        assert_eq!(lay_out(&empty, 200.0), None);
    }
}

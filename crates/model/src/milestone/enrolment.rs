//! How many participants there are and will be: numbers alone, never people.

use crate::{Entity, EntityId, StudyDoc, kind};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// How far back the present pace is measured. Units: days before the last count.
const PACE_DAYS: u64 = 90;
/// Farthest that a forecast reaches. Units: days.
const AHEAD_DAYS_MAX: f64 = 36_500.0;

/// One count at a site, as it stood at the end of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// The day.
    pub date: NaiveDate,
    /// How many were screened so far.
    pub screened: u32,
    /// How many were enrolled so far.
    pub enrolled: u32,
}

/// A count as somebody writes it: what was not counted is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    date: NaiveDate,
    screened: Option<u64>,
    enrolled: Option<u64>,
}

/// Why a count cannot be right; the words are under `desk.error.<code>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountFault {
    /// Its day has not come yet.
    Future,
    /// More were enrolled than screened.
    MoreThanScreened,
    /// Fewer than on an earlier day.
    Fewer {
        /// That day.
        on: NaiveDate,
        /// How many there were.
        n: u64,
    },
    /// More than on a later day.
    More {
        /// That day.
        on: NaiveDate,
        /// How many there were.
        n: u64,
    },
}

impl CountFault {
    /// The stable word.
    pub fn code(self) -> &'static str {
        match self {
            Self::Future => "countFuture",
            Self::MoreThanScreened => "countScreened",
            Self::Fewer { .. } => "countFewer",
            Self::More { .. } => "countMore",
        }
    }
}

impl Tally {
    /// Reads a count; `None` without a day.
    pub fn read(date: &str, screened: &Value, enrolled: &Value) -> Option<Self> {
        Some(Self {
            date: date.parse().ok()?,
            screened: screened.as_u64(),
            enrolled: enrolled.as_u64(),
        })
    }

    /// Why it cannot be right beside others of its site; numbers so far never fall.
    ///
    /// Time: `today` is `YYYY-MM-DD`.
    pub fn fault(&self, others: &[Self], today: &str) -> Option<CountFault> {
        if self.date.to_string().as_str() > today {
            return Some(CountFault::Future);
        }
        if matches!((self.screened, self.enrolled), (Some(s), Some(e)) if e > s) {
            return Some(CountFault::MoreThanScreened);
        }
        let asked: [fn(&Self) -> Option<u64>; 2] = [|one| one.enrolled, |one| one.screened];
        asked.into_iter().find_map(|of| {
            let own = of(self)?;
            let known = || others.iter().filter_map(|one| Some((one.date, of(one)?)));
            let before = known().filter(|(date, n)| *date < self.date && *n > own);
            let after = known().filter(|(date, n)| *date > self.date && *n < own);
            let fewer = before.max().map(|(on, n)| CountFault::Fewer { on, n });
            fewer.or_else(|| after.min().map(|(on, n)| CountFault::More { on, n }))
        })
    }
}

/// Counts over time, of a site or of all of them, with what is aimed at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// The counts, by day.
    pub counts: Vec<Count>,
    /// How many are planned; 0 when nobody said.
    pub target: u32,
    /// The planned numbers that stand beside each other after an exchange; empty without a conflict.
    pub rival_targets: Vec<u32>,
    /// Whether a count is in conflict.
    pub rival_counts: bool,
}

/// Where enrolment stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Enrolment {
    /// How many are planned; 0 when nobody said.
    pub target: u32,
    /// The planned numbers that stand beside each other after an exchange; empty without a conflict.
    pub rival_targets: Vec<u32>,
    /// Whether a count is in conflict.
    pub rival_counts: bool,
    /// How many were screened.
    pub screened: u32,
    /// How many were enrolled.
    pub enrolled: u32,
    /// The day of the last count; empty when there is none.
    pub as_of: String,
    /// The present pace. Units: participants in 30 days; `None` when it cannot be said.
    pub pace: Option<f64>,
    /// The day on which the plan is reached at this pace; empty when it cannot be said.
    pub reached_on: String,
    /// The counts, by day: day, screened, enrolled.
    pub counts: Vec<(String, u32, u32)>,
}

impl Curve {
    /// The counts at a site; later counts of a day replace earlier ones.
    pub fn of_site(doc: &StudyDoc, site: &Entity) -> Self {
        let mut by_day = BTreeMap::new();
        // One that only says how many are planned counts nobody.
        let counted = doc.children(&site.id, kind::ENROLMENT);
        for count in counted.filter(|count| !count.value("enrolled").is_null()) {
            if let Ok(date) = count.text("date").parse::<NaiveDate>() {
                let (screened, enrolled) = (number(count, "screened"), number(count, "enrolled"));
                by_day.insert(
                    date,
                    Count {
                        date,
                        screened,
                        enrolled,
                    },
                );
            }
        }
        let planned = doc
            .children(&site.id, kind::ENROLMENT)
            .filter(|count| count.value("planned").as_u64().is_some())
            .max_by_key(|count| count.text("date"));
        let (holder, field) = match planned {
            Some(count) => (count, "planned"),
            None => (site, "plannedEnrollment"),
        };
        let is_torn = |count: &Entity| {
            let torn = |field: &str| count.fields.get(field).is_some_and(|held| held.conflict);
            ["date", "screened", "enrolled"].into_iter().any(torn)
        };
        Self {
            counts: by_day.into_values().collect(),
            target: number(holder, field),
            rival_targets: rivals(holder, field),
            rival_counts: doc.children(&site.id, kind::ENROLMENT).any(is_torn),
        }
    }

    /// All sites together: on each day on which somebody counted, what was last known everywhere.
    pub fn of_study(doc: &StudyDoc, sites: &[(EntityId, Self)]) -> Self {
        let mut days: Vec<NaiveDate> = Vec::new();
        for (_, curve) in sites {
            days.extend(curve.counts.iter().map(|count| count.date));
        }
        days.sort_unstable();
        days.dedup();
        let at = |date: NaiveDate| {
            let known = sites.iter().filter_map(|(_, curve)| curve.last_until(date));
            known.fold((0_u32, 0_u32), |(screened, enrolled), count| {
                (
                    screened.saturating_add(count.screened),
                    enrolled.saturating_add(count.enrolled),
                )
            })
        };
        let to_count = |date| {
            let (screened, enrolled) = at(date);
            Count {
                date,
                screened,
                enrolled,
            }
        };
        let root = doc.root().filter(|root| number(root, "enrollment") > 0);
        let (target, rival_targets) = match root {
            Some(root) => (number(root, "enrollment"), rivals(root, "enrollment")),
            None => sum(sites),
        };
        Self {
            counts: days.into_iter().map(to_count).collect(),
            target,
            rival_targets,
            rival_counts: sites.iter().any(|(_, curve)| curve.rival_counts),
        }
    }

    /// The day with a share of the planned participants: counted, or at the present pace.
    ///
    /// Says too whether it has been.
    pub fn reaches(&self, percent: u8) -> Option<(NaiveDate, bool)> {
        if self.target == 0 {
            return None;
        }
        let wanted = f64::from(self.target) * f64::from(percent) / 100.0;
        let reached = |count: &&Count| f64::from(count.enrolled) >= wanted;
        if let Some(count) = self.counts.iter().find(reached) {
            return Some((count.date, true));
        }
        let last = self.counts.last()?;
        let per_day = self.per_day()?;
        let days = ((wanted - f64::from(last.enrolled)) / per_day).ceil();
        if !(0.0..=AHEAD_DAYS_MAX).contains(&days) {
            return None;
        }
        let ahead = Days::new(days as u64);
        Some((last.date.checked_add_days(ahead)?, false))
    }

    /// Whether what is worked out rests on a number that nobody has decided yet.
    pub fn is_disputed(&self) -> bool {
        self.rival_counts || !self.rival_targets.is_empty()
    }

    /// The present pace: what the last three months or, in a younger study, all counts gave.
    fn per_day(&self) -> Option<f64> {
        let last = self.counts.last()?;
        let from = last.date.checked_sub_days(Days::new(PACE_DAYS))?;
        let before = self.last_until(from);
        let first = before.or_else(|| self.counts.first())?;
        let days = (last.date - first.date).num_days();
        let n = last.enrolled.checked_sub(first.enrolled)?;
        // One count, or nobody new: no pace that would lead anywhere.
        (days > 0 && n > 0).then(|| f64::from(n) / days as f64)
    }

    fn last_until(&self, date: NaiveDate) -> Option<&Count> {
        self.counts.iter().rev().find(|count| count.date <= date)
    }

    /// Where it stands.
    pub fn standing(&self) -> Enrolment {
        let last = self.counts.last();
        let tenths = |x: f64| (x * 10.0).round() / 10.0;
        Enrolment {
            target: self.target,
            rival_targets: self.rival_targets.clone(),
            rival_counts: self.rival_counts,
            screened: last.map_or(0, |count| count.screened),
            enrolled: last.map_or(0, |count| count.enrolled),
            as_of: last.map(|count| count.date.to_string()).unwrap_or_default(),
            pace: self.per_day().map(|n| tenths(n * 30.0)),
            reached_on: self
                .reaches(100)
                .map(|(date, _)| date.to_string())
                .unwrap_or_default(),
            counts: self
                .counts
                .iter()
                .map(|count| (count.date.to_string(), count.screened, count.enrolled))
                .collect(),
        }
    }
}

fn number(entity: &Entity, field: &str) -> u32 {
    to_number(entity.value(field))
}

fn to_number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap_or(0)).unwrap_or(u32::MAX)
}

/// The numbers that stand beside each other, the smallest first; empty without a conflict.
fn rivals(entity: &Entity, field: &str) -> Vec<u32> {
    let held = entity.fields.get(field).filter(|held| held.conflict);
    let heads = held.into_iter().flat_map(|held| &held.heads);
    let numbers: BTreeSet<u32> = heads.map(|head| to_number(&head.value)).collect();
    numbers.into_iter().collect()
}

/// What the sites plan together; with one of them in conflict, the least and the most that it is.
fn sum(sites: &[(EntityId, Curve)]) -> (u32, Vec<u32>) {
    let add = |of: &dyn Fn(&Curve) -> u32| {
        let numbers = sites.iter().map(|(_, curve)| of(curve));
        numbers.fold(0_u32, u32::saturating_add)
    };
    let least = add(&|one| one.rival_targets.first().copied().unwrap_or(one.target));
    let most = add(&|one| one.rival_targets.last().copied().unwrap_or(one.target));
    let rivals = if least == most {
        Vec::new()
    } else {
        vec![least, most]
    };
    (add(&|one| one.target), rivals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use serde_json::json;

    fn curve(target: u32, counts: &[(&str, u32)]) -> Curve {
        let to_count = |(date, enrolled): &(&str, u32)| Count {
            date: date.parse().unwrap(),
            screened: enrolled * 2,
            enrolled: *enrolled,
        };
        Curve {
            counts: counts.iter().map(to_count).collect(),
            target,
            ..Curve::default()
        }
    }

    fn reaches(curve: &Curve, percent: u8) -> Option<(String, bool)> {
        let (date, is_past) = curve.reaches(percent)?;
        Some((date.to_string(), is_past))
    }

    #[test]
    fn numbers_so_far_never_fall() {
        let tally = |date: &str, screened: Value, enrolled: Value| {
            Tally::read(date, &screened, &enrolled).unwrap()
        };
        let none = Value::Null;
        let others = [
            tally("2026-09-01", json!(10), json!(5)),
            tally("2026-10-01", json!(20), json!(12)),
            // A planned number alone counts nobody.
            tally("2026-10-15", none.clone(), none.clone()),
        ];
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let fewer = |on: &str, n| Some(CountFault::Fewer { on: day(on), n });
        let more = |on: &str, n| Some(CountFault::More { on: day(on), n });
        for (date, screened, enrolled, wanted) in [
            ("2026-11-01", json!(25), json!(12), None),
            (
                "2026-11-01",
                none.clone(),
                json!(11),
                fewer("2026-10-01", 12),
            ),
            ("2026-11-01", json!(19), json!(12), fewer("2026-10-01", 20)),
            ("2026-08-01", none.clone(), json!(6), more("2026-09-01", 5)),
            ("2026-09-15", json!(15), json!(8), None),
            // The count of the day itself is replaced.
            ("2026-10-01", none.clone(), json!(9), None),
            (
                "2026-11-01",
                json!(12),
                json!(13),
                Some(CountFault::MoreThanScreened),
            ),
            ("2026-11-27", json!(40), json!(13), Some(CountFault::Future)),
        ] {
            let found = tally(date, screened, enrolled).fault(&others, "2026-11-26");
            assert_eq!(found, wanted, "{date}");
        }
        assert_eq!(Tally::read("2026-11", &none, &json!(1)), None);
    }

    #[test]
    fn the_present_pace_leads_to_the_end() {
        let curve = curve(100, &[("2026-01-01", 0), ("2026-01-31", 30)]);
        assert_eq!(reaches(&curve, 25), Some(("2026-01-31".into(), true)));
        // One a day: twenty are missing to half.
        assert_eq!(reaches(&curve, 50), Some(("2026-02-20".into(), false)));
        assert_eq!(reaches(&curve, 100), Some(("2026-04-11".into(), false)));
        assert_eq!(curve.standing().pace, Some(30.0));
    }

    #[test]
    fn an_old_burst_does_not_count_for_the_pace() {
        let counts = [("2026-01-01", 0), ("2026-02-01", 60), ("2026-05-02", 69)];
        // Nine in the last ninety days.
        assert_eq!(curve(100, &counts).standing().pace, Some(3.0));
    }

    #[test]
    fn nothing_is_foretold_from_nothing() {
        for counts in [
            &[][..],
            &[("2026-01-01", 5)],
            &[("2026-01-01", 5), ("2026-02-01", 5)],
            &[("2026-01-01", 5), ("2026-02-01", 4)],
        ] {
            assert_eq!(curve(100, counts).reaches(100), None, "{counts:?}");
        }
        assert_eq!(
            curve(0, &[("2026-01-01", 0), ("2026-02-01", 9)]).reaches(50),
            None
        );
    }

    #[test]
    fn sites_are_added_up_day_by_day() {
        let mut doc = testing::empty();
        testing::set(&mut doc, "enrollment", 40);
        for (dates, planned) in [
            (["2026-01-01", "2026-01-11"], 30),
            (["2026-01-06", "2026-01-11"], 10),
        ] {
            let site = testing::add(
                &mut doc,
                kind::SITE,
                None,
                json!({"plannedEnrollment": planned}),
            );
            for (n, date) in dates.iter().enumerate() {
                let count = json!({"date": date, "screened": n * 9, "enrolled": n * 5});
                testing::add(&mut doc, kind::ENROLMENT, Some(&site), count);
            }
        }
        let sites: Vec<_> = doc
            .of_kind(kind::SITE)
            .map(|site| (site.id.clone(), Curve::of_site(&doc, site)))
            .collect();
        let study = Curve::of_study(&doc, &sites);
        let days: Vec<_> = study
            .counts
            .iter()
            .map(|c| (c.date.to_string(), c.enrolled))
            .collect();
        let expected = [("2026-01-01", 0), ("2026-01-06", 0), ("2026-01-11", 10)];
        assert_eq!(days, expected.map(|(day, n)| (day.to_owned(), n)));
        assert_eq!((study.target, study.standing().screened), (40, 18));
        assert_eq!(reaches(&study, 100), Some(("2026-02-10".into(), false)));
    }

    #[test]
    fn a_number_in_conflict_is_said_wherever_it_counts() {
        let mut doc = testing::empty();
        let site = testing::add(&mut doc, kind::SITE, None, json!({"plannedEnrollment": 10}));
        let other = testing::add(&mut doc, kind::SITE, None, json!({"plannedEnrollment": 5}));
        let count = json!({"date": "2026-01-01", "screened": 3, "enrolled": 1});
        let count = testing::add(&mut doc, kind::ENROLMENT, Some(&site), count);
        let tear = |doc: &mut StudyDoc, id: &EntityId, field: &str, values: [u32; 2]| {
            let entity = doc.entities.iter_mut().find(|one| one.id == *id).unwrap();
            let register = testing::register(&values.map(Value::from), 2);
            entity.fields.insert(field.into(), register);
        };
        let standing = |doc: &StudyDoc| {
            let sites: Vec<_> = [&site, &other]
                .map(|id| (id.clone(), Curve::of_site(doc, doc.entity(id).unwrap())))
                .into();
            let whole = Curve::of_study(doc, &sites);
            (sites[0].1.standing(), whole.standing(), whole.is_disputed())
        };
        assert!(!standing(&doc).2);
        tear(&mut doc, &site, "plannedEnrollment", [10, 30]);
        let (at_site, whole, disputed) = standing(&doc);
        assert_eq!(at_site.rival_targets, [10, 30]);
        assert_eq!(whole.rival_targets, [15, 35]);
        assert!(disputed && !whole.rival_counts);
        // The study's own number counts as soon as there is one, and its conflict is the study's.
        let root = doc.id.root();
        tear(&mut doc, &root, "enrollment", [40, 60]);
        assert_eq!(standing(&doc).1.rival_targets, [40, 60]);
        tear(&mut doc, &count, "enrolled", [1, 2]);
        let (at_site, whole, _) = standing(&doc);
        assert!(at_site.rival_counts && whole.rival_counts);
    }
}

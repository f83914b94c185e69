//! Dates that follow from other dates: what is due when, and when it will probably be done.
//!
//! Two questions are kept apart. *Scheduled* is what was promised: the actual day, else the planned
//! one, else what the rule gives from the anchor's own schedule; it never moves by itself.
//! *Forecast* is what is to be expected: not before today, not before what it needs, not earlier
//! after a late anchor than the rule allows.

use super::rule::{Rule, TRIGGER};
use super::when::{Precision, When};
use crate::calendar::Calendar;
use crate::calendar::deadline::{self, Start};
use crate::calendar::{Period, Unit};
use chrono::{DateTime, FixedOffset, NaiveDate};
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

/// Something with a date, in a lane: lane 0 is the study, every other one a site.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) lane: usize,
    pub(super) key: String,
    pub(super) planned: Option<When>,
    pub(super) actual: Option<When>,
    pub(super) trigger: Option<Start>,
    pub(super) rule: Option<Rule>,
    pub(super) needs: Vec<String>,
    pub(super) repeat: Option<Period>,
    pub(super) not_applicable: bool,
    /// Whether its rule counts the end of a validity, which a day off does not put off.
    pub(super) is_expiry: bool,
}

/// A day that follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Due {
    /// The first day that it can mean: what lies before it is counted from here.
    pub(super) first: NaiveDate,
    /// The day that is shown and reminded for: surely in time.
    pub(super) safe: NaiveDate,
    /// The last day that the law allows; the same where nothing is counted.
    pub(super) legal: NaiveDate,
    /// The moment, for hours.
    pub(super) at: Option<DateTime<FixedOffset>>,
    /// How exactly it is known.
    pub(super) precision: Precision,
    /// Whether a year on the way has no official table yet.
    pub(super) provisional: bool,
}

/// What is to be expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Expected {
    pub(super) date: NaiveDate,
    pub(super) precision: Precision,
    pub(super) provisional: bool,
    /// The nodes that hold it up.
    pub(super) pushed_by: Vec<usize>,
}

impl Due {
    fn of(when: When) -> Self {
        Self {
            first: when.first,
            safe: when.last,
            legal: when.last,
            at: None,
            precision: when.precision,
            provisional: false,
        }
    }

    /// What is counted from a day is known no better than that day.
    fn from(self, precision: Precision, provisional: bool) -> Self {
        Self {
            precision,
            provisional: self.provisional || provisional,
            ..self
        }
    }
}

type Memo<T> = RefCell<Vec<Option<Option<T>>>>;

/// All dates of a study.
pub(super) struct Network<'a> {
    calendar: &'a Calendar,
    nodes: Vec<Node>,
    places: HashMap<(usize, String), usize>,
    today: Option<NaiveDate>,
    /// Per lane: the day with a share of the participants, and whether it has been.
    reaches: &'a dyn Fn(usize, u8) -> Option<(NaiveDate, bool)>,
    scheduled: Memo<Due>,
    expected: Memo<Expected>,
}

impl<'a> Network<'a> {
    pub(super) fn new(
        calendar: &'a Calendar,
        nodes: Vec<Node>,
        today: Option<NaiveDate>,
        reaches: &'a dyn Fn(usize, u8) -> Option<(NaiveDate, bool)>,
    ) -> Self {
        let mut places = HashMap::new();
        for (n, node) in nodes.iter().enumerate() {
            // Two laptops may have added one milestone each: the one that is known first counts.
            let place = (node.lane, node.key.clone());
            if !node.key.is_empty() {
                places.entry(place).or_insert(n);
            }
        }
        let n = nodes.len();
        Self {
            calendar,
            nodes,
            places,
            today,
            reaches,
            scheduled: RefCell::new(vec![None; n]),
            expected: RefCell::new(vec![None; n]),
        }
    }

    /// The milestone that a key means in a lane: there, or else the study's.
    pub(super) fn find(&self, lane: usize, key: &str) -> Option<usize> {
        let here = self.places.get(&(lane, key.to_owned()));
        here.or_else(|| self.places.get(&(0, key.to_owned())))
            .copied()
    }

    /// Those from which the day of another one is counted.
    pub(super) fn counted_from(&self) -> HashSet<usize> {
        let anchor = |node: &Node| match &node.rule {
            Some(Rule::Offset {
                anchor,
                before: false,
                ..
            }) => self.find(node.lane, anchor),
            _ => None,
        };
        self.nodes.iter().filter_map(anchor).collect()
    }

    /// When it was done: noted, or known from the sites.
    pub(super) fn done(&self, n: usize) -> Option<When> {
        let node = self.nodes.get(n)?;
        if node.actual.is_some() {
            return node.actual.filter(|_| node.repeat.is_none());
        }
        let rule = node.rule.as_ref()?;
        // Only the study asks its sites; a site that asks sites would ask itself.
        if node.lane > 0 && !matches!(rule, Rule::Enrolled(_)) {
            return None;
        }
        let (days, are_all) = match rule {
            Rule::First(key) => (self.of_sites(key, |n| self.done(n)), true),
            Rule::Last(key) => {
                let days = self.of_sites(key, |n| self.done(n));
                let n_open = self.sites_with(key).count();
                let are_all = n_open == days.len();
                (days, are_all)
            }
            Rule::Enrolled(percent) => {
                let (date, has_been) = (self.reaches)(node.lane, *percent)?;
                return has_been.then(|| When::day(date));
            }
            Rule::Offset { .. } => return None,
        };
        let by_last = |when: &When| when.last;
        match node.rule {
            Some(Rule::First(_)) => days.into_iter().min_by_key(by_last),
            _ => days.into_iter().max_by_key(by_last).filter(|_| are_all),
        }
    }

    /// What of what it needs is not done yet.
    pub(super) fn open_needs(&self, n: usize) -> Vec<usize> {
        let needs = self.needs(n).into_iter();
        needs.filter(|need| self.is_open(*need)).collect()
    }

    /// What it needs, of what is here.
    pub(super) fn needs(&self, n: usize) -> Vec<usize> {
        let Some(node) = self.nodes.get(n) else {
            return Vec::new();
        };
        let needs = node
            .needs
            .iter()
            .filter_map(|key| self.find(node.lane, key));
        needs.filter(|need| *need != n).collect()
    }

    fn is_open(&self, n: usize) -> bool {
        let is_asked = self.nodes.get(n).is_some_and(|node| !node.not_applicable);
        is_asked && self.done(n).is_none()
    }

    fn sites_with<'k>(&'k self, key: &'k str) -> impl Iterator<Item = usize> + 'k {
        let asked = move |(n, node): (usize, &Node)| {
            (node.lane > 0 && node.key == key && !node.not_applicable).then_some(n)
        };
        self.nodes.iter().enumerate().filter_map(asked)
    }

    fn of_sites<T>(&self, key: &str, ask: impl Fn(usize) -> Option<T>) -> Vec<T> {
        self.sites_with(key).filter_map(ask).collect()
    }

    /// What was promised.
    pub(super) fn scheduled(&self, n: usize) -> Option<Due> {
        remember(&self.scheduled, n, || {
            let node = self.nodes.get(n)?;
            if let Some(done) = self.done(n) {
                return Some(Due::of(done));
            }
            if node.not_applicable {
                return None;
            }
            let planned = node.planned.map(Due::of);
            match (node.actual, node.repeat) {
                // Done once, and due anew.
                (Some(actual), Some(repeat)) => {
                    let again = self.count(Start::Day(actual.last), repeat);
                    let again = again.map(|due| due.from(actual.precision, false));
                    let is_later = |planned: &Due| planned.safe > actual.last;
                    planned.filter(is_later).or(again)
                }
                _ => planned.or_else(|| self.by_rule(node)),
            }
        })
    }

    /// The day that something would have, whether it applies or not.
    pub(super) fn otherwise(&self, n: usize) -> Option<Due> {
        let node = self.nodes.get(n)?;
        let planned = node.planned.map(Due::of);
        planned.or_else(|| self.by_rule(node))
    }

    fn by_rule(&self, node: &Node) -> Option<Due> {
        let by_safe = |due: &Due| due.safe;
        match node.rule.as_ref()? {
            Rule::Offset {
                anchor,
                before,
                period,
            } => {
                let period = if *before { period.back() } else { *period };
                if anchor == TRIGGER {
                    let due = self.count(node.trigger?, period)?;
                    let end = deadline::end(self.calendar, node.trigger?, period)?;
                    let legal = if node.is_expiry {
                        end.days.counted
                    } else {
                        due.legal
                    };
                    return Some(Due { legal, ..due });
                }
                let from = self.scheduled(self.find(node.lane, anchor)?)?;
                let start = if *before { from.first } else { from.safe };
                let due = self.count(Start::Day(start), period)?;
                Some(due.from(from.precision, from.provisional))
            }
            Rule::First(key) => {
                let dues = self.of_sites(key, |n| self.scheduled(n));
                dues.into_iter().min_by_key(by_safe)
            }
            Rule::Last(key) => {
                let dues = self.of_sites(key, |n| self.scheduled(n));
                dues.into_iter().max_by_key(by_safe)
            }
            Rule::Enrolled(percent) => {
                let (date, _) = (self.reaches)(node.lane, *percent)?;
                Some(Due::of(When::day(date)))
            }
        }
    }

    fn count(&self, start: Start, period: Period) -> Option<Due> {
        let end = deadline::end(self.calendar, start, period)?;
        // On the day itself nothing was counted: it is not moved off a day off.
        let is_same_day = period.n == 0 && period.unit != Unit::Hours;
        let safe = if is_same_day {
            start.day()
        } else {
            end.days.safe
        };
        Some(Due {
            first: safe,
            safe,
            legal: if is_same_day {
                start.day()
            } else {
                end.days.legal
            },
            at: end.at,
            precision: Precision::Day,
            provisional: end.days.provisional && !is_same_day,
        })
    }

    /// What is to be expected.
    pub(super) fn expected(&self, n: usize) -> Option<Expected> {
        remember(&self.expected, n, || {
            let plain = |due: Due| Expected {
                date: due.safe,
                precision: due.precision,
                provisional: due.provisional,
                pushed_by: Vec::new(),
            };
            let node = self.nodes.get(n)?;
            if self.done(n).is_some() {
                return self.scheduled(n).map(plain);
            }
            let mut found = self.told_by_sites(node).or_else(|| {
                let scheduled = self.scheduled(n).map(plain);
                scheduled.or_else(|| self.after_anchor(node).map(|(_, due)| plain(due)))
            })?;
            let mut push = |by: Option<usize>, day: Expected| {
                if day.date > found.date {
                    found = Expected {
                        pushed_by: Vec::new(),
                        ..day
                    };
                } else if day.date < found.date {
                    return;
                }
                found.pushed_by.extend(by);
            };
            if let Some((anchor, due)) = self.after_anchor(node) {
                push(Some(anchor), plain(due));
            }
            for need in self.open_needs(n) {
                // What is only asked to be done before it can be done in time, until it is late: then
                // the days that must lie between begin with it.
                if let Some(period) = self.follows_back(need, n) {
                    let in_time = self.scheduled(need).map(|due| due.safe);
                    let late = self.expected(need).filter(|e| Some(e.date) > in_time);
                    let due = late.and_then(|e| {
                        let due = self.count(Start::Day(e.date), period)?;
                        Some(due.from(e.precision, e.provisional))
                    });
                    if let Some(due) = due {
                        push(Some(need), plain(due));
                    }
                    continue;
                }
                if let Some(expected) = self.expected(need) {
                    push(Some(need), expected);
                }
            }
            if let Some(today) = self.today {
                push(None, plain(Due::of(When::day(today))));
            }
            // What it follows on the very day that was promised does not hold it up.
            let promised = self.scheduled(n).map(|due| due.safe);
            if promised == Some(found.date) {
                found.pushed_by.clear();
            }
            Some(found)
        })
    }

    /// How long before another a node must be done, when it has no day of its own but that one.
    fn follows_back(&self, n: usize, anchor: usize) -> Option<Period> {
        let node = self.nodes.get(n).filter(|node| node.planned.is_none())?;
        match &node.rule {
            Some(Rule::Offset {
                anchor: key,
                before: true,
                period,
            }) if self.find(node.lane, key) == Some(anchor) => Some(*period),
            _ => None,
        }
    }

    /// The anchor with the day that the rule gives after its forecast.
    fn after_anchor(&self, node: &Node) -> Option<(usize, Due)> {
        let Some(Rule::Offset {
            anchor,
            before: false,
            period,
        }) = &node.rule
        else {
            return None;
        };
        let anchor = self.find(node.lane, anchor)?;
        let from = self.expected(anchor)?;
        let due = self.count(Start::Day(from.date), *period)?;
        Some((anchor, due.from(from.precision, from.provisional)))
    }

    /// The forecast that the sites give, whatever was planned for the study.
    fn told_by_sites(&self, node: &Node) -> Option<Expected> {
        let by_date = |expected: &Expected| expected.date;
        let found = match node.rule.as_ref()? {
            Rule::First(key) => {
                let all = self.of_sites(key, |n| self.expected(n));
                all.into_iter().min_by_key(by_date)
            }
            Rule::Last(key) => {
                let all = self.of_sites(key, |n| self.expected(n));
                all.into_iter().max_by_key(by_date)
            }
            Rule::Enrolled(percent) => {
                let (date, _) = (self.reaches)(node.lane, *percent)?;
                return Some(Expected {
                    date,
                    precision: Precision::Day,
                    provisional: false,
                    pushed_by: Vec::new(),
                });
            }
            Rule::Offset { .. } => None,
        };
        found.map(|found| Expected {
            pushed_by: Vec::new(),
            ..found
        })
    }
}

/// Asks once; what asks for itself in a circle gets no answer.
fn remember<T: Clone>(memo: &Memo<T>, n: usize, ask: impl FnOnce() -> Option<T>) -> Option<T> {
    if let Some(Some(known)) = memo.borrow().get(n) {
        return known.clone();
    }
    if let Some(slot) = memo.borrow_mut().get_mut(n) {
        *slot = Some(None);
    }
    let answer = ask();
    if let Some(slot) = memo.borrow_mut().get_mut(n) {
        *slot = Some(answer.clone());
    }
    answer
}

//! What an entry rests on: the registers that its number counts.

use super::Writes;
use crate::milestone::Rule;
use crate::{Entity, EntityId, StudyDoc, kind};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Registers of an entity that are counted together; no register of a kind is in two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Group {
    /// What of a milestone days rest on, its own and those counted from it.
    Days,
    /// By what something is where it is, and is shown.
    Place,
    /// What a title is made of.
    Names,
    /// What sites and letters say of an approval.
    Letter,
    /// Numbers of participants, and what they aim at.
    Counts,
    /// By what of a submission or decision a milestone may be reached.
    Answer,
}

const GROUPS: [(Group, &[&str]); 6] = [
    (
        Group::Days,
        &[
            "actual",
            "key",
            "needs",
            "notApplicable",
            "origin",
            "planned",
            "repeat",
            "rule",
            "trigger",
            "untyped",
        ],
    ),
    (Group::Place, &["_del", "archived", "ord", "parent"]),
    (
        Group::Names,
        &[
            "acronym",
            "facility.en",
            "facility.zh",
            "name.en",
            "name.zh",
            "title.en",
            "title.zh",
        ],
    ),
    (
        Group::Letter,
        &[
            "approvalDate",
            "approvalValidUntil",
            "decidedOn",
            "intervalMonths",
            "site",
            "status",
            "validUntil",
        ],
    ),
    (
        Group::Counts,
        &[
            "date",
            "enrolled",
            "enrollment",
            "planned",
            "plannedEnrollment",
            "screened",
        ],
    ),
    (
        Group::Answer,
        &[
            "date",
            "previous",
            "receivedOn",
            "result",
            "sentOn",
            "type",
            "withdrawnOn",
        ],
    ),
];

/// The milestones that are reached by what is noted at submissions.
const SUBMITTED: [&str; 2] = ["site_ec_submitted", "site_ec_approval_filed"];
/// The milestones of a site that end or take over what its letters ask for.
const ENDING: [&str; 2] = ["continuing_review", "site_closed"];

/// Finds what entries rest on.
pub(super) struct Rests<'a> {
    writes: &'a Writes,
    root: EntityId,
    entities: Vec<&'a Entity>,
    by_id: HashMap<&'a EntityId, &'a Entity>,
    /// Where everything is and ever was.
    places: HashMap<&'a EntityId, BTreeSet<EntityId>>,
    /// Whatever was ever in a place.
    inside: HashMap<EntityId, Vec<&'a Entity>>,
    /// Milestones by every key that they ever had.
    keyed: HashMap<&'a str, Vec<&'a Entity>>,
    /// How many operations a group has, and when the last of what stands was written.
    counted: HashMap<(&'a EntityId, Group), (u32, (u32, &'a str))>,
}

/// What one entry rests on.
#[derive(Default)]
pub(super) struct Rest<'a> {
    groups: BTreeSet<(&'a EntityId, Group)>,
    /// Whether days are counted, so that the calendar matters.
    counts_days: bool,
}

impl<'a> Rest<'a> {
    fn take(&mut self, entity: &'a Entity, groups: &[Group]) {
        self.groups
            .extend(groups.iter().map(|group| (&entity.id, *group)));
    }
}

impl<'a> Rests<'a> {
    pub(super) fn new(doc: &'a StudyDoc, writes: &'a Writes) -> Self {
        let mut found = Self {
            writes,
            root: doc.id.root(),
            entities: doc.entities.iter().collect(),
            by_id: doc.entities.iter().map(|one| (&one.id, one)).collect(),
            places: HashMap::new(),
            inside: HashMap::new(),
            keyed: HashMap::new(),
            counted: HashMap::new(),
        };
        for one in &doc.entities {
            let mut places = references(writes, &one.id, "parent");
            places.extend(one.parent.clone());
            for place in &places {
                let inside = found.inside.entry(place.clone()).or_default();
                inside.push(one);
            }
            found.places.insert(&one.id, places);
            if one.kind == kind::MILESTONE {
                for key in texts(writes, &one.id, "key") {
                    found.keyed.entry(key).or_default().push(one);
                }
            }
            for (group, fields) in GROUPS {
                let n = fields.iter().map(|field| writes.of(&one.id, field)).sum();
                let registers = fields.iter().filter_map(|field| one.fields.get(*field));
                let heads = registers.flat_map(|register| &register.heads);
                let last = heads.map(|head| (head.lam, head.at.as_str())).max();
                let counted = (n, last.unwrap_or_default());
                found.counted.insert((&one.id, group), counted);
            }
        }
        found
    }

    /// What the entry of a milestone rests on.
    pub(super) fn of_milestone(&self, milestone: &'a Entity) -> Rest<'a> {
        let mut rest = Rest::default();
        rest.take(milestone, &[Group::Names]);
        for place in self.known(self.places_of(milestone)) {
            rest.take(place, &[Group::Names]);
        }
        self.name(&mut rest);
        self.milestones(vec![milestone], &mut rest);
        rest
    }

    /// What the entries of a letter rest on, or of one that was noted with its site: which letter
    /// counts follows from all of the site.
    pub(super) fn of_letter(&self, letter: &'a Entity) -> Rest<'a> {
        let mut rest = Rest {
            counts_days: true,
            ..Rest::default()
        };
        self.name(&mut rest);
        let sites = match letter.kind.as_str() {
            kind::SITE => BTreeSet::from([letter.id.clone()]),
            _ => references(self.writes, &letter.id, "site"),
        };
        for site in self.known(&sites) {
            rest.take(site, &[Group::Names, Group::Place, Group::Letter]);
        }
        let is_there = |one: &&&Entity| {
            one.kind == kind::APPROVAL
                && !references(self.writes, &one.id, "site").is_disjoint(&sites)
        };
        for one in self.entities.iter().filter(is_there) {
            rest.take(one, &[Group::Letter, Group::Place]);
            for version in self.known(self.places_of(one)) {
                rest.take(version, &[Group::Place]);
            }
        }
        let ending = ENDING.iter().flat_map(|key| self.near(key, &sites));
        self.milestones(ending.collect(), &mut rest);
        rest
    }

    /// How many operations that is, and when the last of what stands was written.
    pub(super) fn count(&self, rest: &Rest<'a>) -> (u32, String) {
        let known = || {
            rest.groups
                .iter()
                .filter_map(|group| self.counted.get(group))
        };
        let n: u32 = known().map(|(n, _)| n).sum();
        let (_, at) = known().map(|(_, last)| *last).max().unwrap_or_default();
        if !rest.counts_days {
            return (n, at.to_owned());
        }
        let (changes, changed_at) = self.writes.calendar();
        (n + changes, at.max(changed_at).to_owned())
    }

    /// What the title of every entry ends with.
    fn name(&self, rest: &mut Rest<'a>) {
        if let Some(root) = self.by_id.get(&self.root) {
            rest.take(root, &[Group::Names]);
        }
    }

    /// Takes what the days of milestones follow from, as far back as it goes.
    fn milestones(&self, first: Vec<&'a Entity>, rest: &mut Rest<'a>) {
        let mut open = first;
        let mut seen = HashSet::new();
        while let Some(one) = open.pop() {
            if !seen.insert(&one.id) {
                continue;
            }
            rest.take(one, &[Group::Days, Group::Place]);
            rest.counts_days |= self.writes.ever(&one.id, "repeat");
            let places = self.places_of(one);
            for place in self.known(places) {
                rest.take(place, &[Group::Place]);
            }
            for rule in texts(self.writes, &one.id, "rule").filter_map(Rule::parse) {
                match rule {
                    Rule::Offset { anchor, .. } => {
                        rest.counts_days = true;
                        open.extend(self.near(&anchor, places));
                    }
                    Rule::First(key) | Rule::Last(key) => {
                        open.extend(self.keyed.get(key.as_str()).into_iter().flatten());
                    }
                    Rule::Enrolled(_) => self.participants(places, rest),
                }
            }
            let needs = self.writes.values(&one.id, "needs").iter();
            let needs = needs.filter_map(|needs| needs.get("list")?.as_array());
            for key in needs.flatten().filter_map(Value::as_str) {
                open.extend(self.near(key, places));
            }
            let mut keys = texts(self.writes, &one.id, "key");
            if keys.any(|key| SUBMITTED.contains(&key)) {
                self.submissions(places, rest);
            }
        }
    }

    /// Milestones that one in these places may mean by a key: there, or of the study.
    fn near(&self, key: &str, in_places: &BTreeSet<EntityId>) -> Vec<&'a Entity> {
        let is_near = |one: &&&Entity| {
            let there = self.places_of(one);
            there.contains(&self.root) || !there.is_disjoint(in_places)
        };
        let found = self.keyed.get(key).into_iter().flatten();
        found.filter(is_near).copied().collect()
    }

    /// Takes the numbers of participants of sites; for the study those of all.
    fn participants(&self, places: &BTreeSet<EntityId>, rest: &mut Rest<'a>) {
        let is_whole = places.contains(&self.root);
        for one in &self.entities {
            let is_asked = match one.kind.as_str() {
                kind::STUDY => is_whole,
                kind::SITE => is_whole || places.contains(&one.id),
                kind::ENROLMENT => is_whole || !self.places_of(one).is_disjoint(places),
                _ => false,
            };
            if is_asked {
                rest.take(one, &[Group::Counts, Group::Place]);
            }
        }
    }

    /// Takes what was sent from sites, and what was decided about it.
    fn submissions(&self, places: &BTreeSet<EntityId>, rest: &mut Rest<'a>) {
        let inside = |id: &EntityId, wanted: &'static str| {
            let found = self.inside.get(id).into_iter().flatten();
            found.filter(move |one| one.kind == wanted).copied()
        };
        for submission in places.iter().flat_map(|id| inside(id, kind::SUBMISSION)) {
            let decisions = inside(&submission.id, kind::DECISION);
            for one in decisions.chain([submission]) {
                rest.take(one, &[Group::Answer, Group::Place]);
            }
        }
    }

    fn places_of(&self, one: &Entity) -> &BTreeSet<EntityId> {
        static NOWHERE: BTreeSet<EntityId> = BTreeSet::new();
        self.places.get(&one.id).unwrap_or(&NOWHERE)
    }

    fn known(&self, ids: &BTreeSet<EntityId>) -> impl Iterator<Item = &'a Entity> {
        ids.iter().filter_map(|id| self.by_id.get(id).copied())
    }
}

/// What a register of an entity refers to and ever did.
fn references(writes: &Writes, entity: &EntityId, field: &str) -> BTreeSet<EntityId> {
    let values = writes.values(entity, field).iter();
    let ids = values.filter_map(|value| value.get("$ref")?.as_str());
    ids.filter_map(EntityId::parse).collect()
}

fn texts<'a>(
    writes: &'a Writes,
    entity: &EntityId,
    field: &str,
) -> impl Iterator<Item = &'a str> + use<'a> {
    let values = writes.values(entity, field).iter();
    values.filter_map(Value::as_str)
}

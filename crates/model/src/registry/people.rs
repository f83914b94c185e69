//! Sites, people and committees as registries ask for them.

use super::value::{Ctx, Pair, field, path};
use crate::{Entity, StudyDoc, kind, label};

/// Roles that are no part of the study's team.
const OTHER_ROLES: [&str; 4] = [
    "EC_SECRETARY",
    "OFFICE_SECRETARY",
    "CONTRACTS",
    "SPONSOR_CONTACT",
];

/// A site's country; the one name that our own center writes is given in Chinese too.
pub(super) fn country(site: &Entity) -> Pair {
    let mut pair = field(site, "country");
    if pair.zh == "China" {
        label!("registry.china").zh.clone_into(&mut pair.zh);
    }
    pair
}

/// Sites that take part or will; one that withdrew is not given to a registry.
pub(super) fn sites(doc: &StudyDoc) -> impl Iterator<Item = &Entity> {
    doc.of_kind(kind::SITE).filter(|site| takes_part(site))
}

/// Whether an entity is something else than a site that withdrew.
pub(super) fn takes_part(entity: &Entity) -> bool {
    entity.kind != kind::SITE || entity.text("status") != "WITHDRAWN"
}

pub(super) fn settings(ctx: &Ctx<'_>) -> Pair {
    Pair::lines(sites(ctx.doc).map(place))
}

fn place(site: &Entity) -> Pair {
    let town = [field(site, "city"), field(site, "state"), country(site)];
    Pair::led_by(field(site, "facility"), town)
}

pub(super) fn lead_site(ctx: &Ctx<'_>) -> Pair {
    lead(ctx.doc).map_or_else(Pair::default, place)
}

fn lead(doc: &StudyDoc) -> Option<&Entity> {
    doc.of_kind(kind::SITE)
        .find(|site| site.text("role") == "LEAD")
}

/// Whether there are several sites, and whether in several countries.
pub(super) fn multicentre(ctx: &Ctx<'_>) -> Pair {
    let sites: Vec<&Entity> = sites(ctx.doc).collect();
    let mut countries: Vec<&str> = sites.iter().map(|site| site.text("country")).collect();
    countries.sort_unstable();
    countries.dedup();
    let label = match (sites.len(), countries.len()) {
        (0, _) => return Pair::default(),
        (1, _) => label!("registry.singleCentre"),
        (_, 0 | 1) => label!("registry.nationalMulticentre"),
        _ => label!("registry.internationalMulticentre"),
    };
    let mut pair = Pair::words(label.zh, label.en);
    pair.places = sites
        .iter()
        .flat_map(|site| field(site, "facility").places)
        .collect();
    pair
}

pub(super) fn site_address(ctx: &Ctx<'_>) -> Pair {
    ctx.entity.map_or_else(Pair::default, |site| {
        Pair::line([
            country(site),
            field(site, "state"),
            field(site, "city"),
            field(site, "zip"),
        ])
    })
}

/// The person in charge at the site of a row.
fn site_pi<'a>(ctx: &Ctx<'a>) -> Option<&'a Entity> {
    let site = ctx.entity?;
    let mut people = ctx.doc.children(&site.id, kind::CONTACT);
    people.find(|person| matches!(person.text("role"), "SITE_PI" | "PRINCIPAL_INVESTIGATOR"))
}

pub(super) fn site_leader(ctx: &Ctx<'_>) -> Pair {
    site_pi(ctx).map_or_else(Pair::default, |person| field(person, "name"))
}

pub(super) fn site_phone(ctx: &Ctx<'_>) -> Pair {
    site_pi(ctx).map_or_else(Pair::default, |person| {
        Pair::line([field(person, "phone"), field(person, "email")])
    })
}

/// Name and how to reach somebody, in one line.
fn reached(person: &Entity) -> Pair {
    let rest = ["title", "affiliation", "phone", "email", "address"];
    Pair::led_by(field(person, "name"), rest.map(|name| field(person, name)))
}

pub(super) fn public_contact(ctx: &Ctx<'_>) -> Pair {
    let people = ctx.doc.of_kind(kind::CONTACT);
    Pair::lines(
        people
            .filter(|person| person.text("scope") == "CENTRAL")
            .map(reached),
    )
}

pub(super) fn scientific_contact(ctx: &Ctx<'_>) -> Pair {
    if let Some(leader) = leader(ctx.doc) {
        let rest = [field(leader, "title"), field(leader, "affiliation")];
        let ways = [
            leader_phone(ctx),
            leader_email(ctx),
            field(leader, "address"),
        ];
        return Pair::led_by(field(leader, "name"), rest.into_iter().chain(ways));
    }
    let name = path(ctx.doc, "study/responsible.name");
    let rest = ["study/responsible.title", "study/responsible.affiliation"];
    Pair::led_by(name, rest.map(|at| path(ctx.doc, at)))
}

/// The study's principal investigator, or else another official.
fn leader(doc: &StudyDoc) -> Option<&Entity> {
    let is_leader = |person: &&Entity| person.text("role") == "PRINCIPAL_INVESTIGATOR";
    let of_study = doc.children_of_study(kind::CONTACT);
    let official = doc.children_of_study(kind::CONTACT);
    of_study
        .filter(is_leader)
        .chain(official.filter(|person| person.text("scope") == "OFFICIAL"))
        .next()
}

/// A way to reach the leader: noted with the study, or at the site where the same person works.
fn leader_way(ctx: &Ctx<'_>, way: &str) -> Pair {
    let Some(leader) = leader(ctx.doc) else {
        return Pair::default();
    };
    let is_same = |person: &&Entity| {
        ["name.zh", "name.en"]
            .iter()
            .any(|name| !leader.text(name).is_empty() && leader.text(name) == person.text(name))
    };
    let same = ctx.doc.of_kind(kind::CONTACT).filter(is_same);
    let ways = [leader]
        .into_iter()
        .chain(same)
        .map(|person| field(person, way));
    ways.into_iter()
        .find(|pair| !pair.is_empty())
        .unwrap_or_default()
}

pub(super) fn leader_phone(ctx: &Ctx<'_>) -> Pair {
    leader_way(ctx, "phone")
}

pub(super) fn leader_email(ctx: &Ctx<'_>) -> Pair {
    leader_way(ctx, "email")
}

/// Everybody with a part in the study, each once.
pub(super) fn team(ctx: &Ctx<'_>) -> Pair {
    let mut seen: Vec<Pair> = Vec::new();
    let mut lines = Vec::new();
    let takes_part = |person: &&Entity| {
        let place = person.parent.as_ref().and_then(|id| ctx.doc.entity(id));
        place.is_none_or(takes_part) && !OTHER_ROLES.contains(&person.text("role"))
    };
    for person in ctx.doc.of_kind(kind::CONTACT).filter(takes_part) {
        let mut name = field(person, "name");
        let places = std::mem::take(&mut name.places);
        if name.is_empty() || seen.contains(&name) {
            continue;
        }
        seen.push(name.clone());
        name.places = places;
        let role = field(person, "role");
        lines.push(Pair::led_by(
            name.in_brackets(&role),
            [field(person, "task")],
        ));
    }
    Pair::lines(lines)
}

/// What a committee approved: as noted with a version, or else with its site.
struct Approved<'a> {
    site: Option<&'a Entity>,
    date: Pair,
    number: Pair,
}

/// Approvals, the lead site's first; of each site the newest one.
fn approvals(doc: &StudyDoc) -> Vec<Approved<'_>> {
    let mut sites: Vec<&Entity> = sites(doc).collect();
    sites.sort_by_key(|site| site.text("role") != "LEAD");
    let of_site = |site: &Entity| {
        let noted = doc.of_kind(kind::APPROVAL).filter(|approval| {
            approval.text("status") == "approved"
                && approval.reference("site").as_ref() == Some(&site.id)
        });
        noted.max_by_key(|approval| approval.text("decidedOn"))
    };
    let mut out = Vec::new();
    for site in sites {
        let (date, number) = match of_site(site) {
            Some(approval) => (field(approval, "decidedOn"), field(approval, "letter")),
            None => (field(site, "approvalDate"), field(site, "approvalNumber")),
        };
        if !date.is_empty() || !number.is_empty() {
            let site = Some(site);
            out.push(Approved { site, date, number });
        }
    }
    out
}

fn committee(approved: &Approved<'_>) -> Pair {
    approved
        .site
        .map_or_else(Pair::default, |site| field(site, "committee"))
}

pub(super) fn ethics(ctx: &Ctx<'_>) -> Pair {
    Pair::lines(approvals(ctx.doc).into_iter().map(|approved| {
        let state = Pair::code("approvalStatus", "approved");
        Pair::led_by(
            committee(&approved),
            [state, approved.date, approved.number],
        )
    }))
}

/// Yes when an approval is noted; without one nothing is said.
pub(super) fn ethics_approved(ctx: &Ctx<'_>) -> Pair {
    let Some(first) = approvals(ctx.doc).into_iter().next() else {
        return Pair::default();
    };
    let mut pair = Pair::code("yesNo", "YES");
    pair.places = first
        .date
        .places
        .into_iter()
        .chain(first.number.places)
        .collect();
    pair
}

pub(super) fn ethics_number(ctx: &Ctx<'_>) -> Pair {
    approvals(ctx.doc)
        .into_iter()
        .next()
        .map(|first| first.number)
        .unwrap_or_default()
}

pub(super) fn ethics_date(ctx: &Ctx<'_>) -> Pair {
    approvals(ctx.doc)
        .into_iter()
        .next()
        .map(|first| first.date)
        .unwrap_or_default()
}

pub(super) fn ethics_committee(ctx: &Ctx<'_>) -> Pair {
    approvals(ctx.doc)
        .first()
        .map(committee)
        .unwrap_or_default()
}

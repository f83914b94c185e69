//! The same hospital under many spellings: what could be joined, and joining.

use crate::desk::{Changed, Desk};
use crate::directory::book::{Book, Card};
use crate::edit::{find, head_ids, save};
use crate::error::DeskError;
use crate::findings;
use crate::project::{places, study_rows};
use crate::store::write::{Change, Reason};
use crate::store::{heads, names};
use model::card::name_key;
use model::people::row::{Doubled, SpelledSite, SpellingGroup, SpellingSheet};
use model::reference::{CENTER, Hospital};
use model::spelling::{self, Facility, Why};
use model::{EntityId, Link, StudyId, kind};
use rusqlite::Connection;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The register of a site that names its hospital in the directory.
const ORGANISATION: &str = "directory.organisation";
/// The register with the hospitals, and other sites, that a person said it is not.
const APART: &str = "directory.apart";
/// The same of a record of the directory.
const RECORD_APART: &str = "apart";

/// A site that names no hospital of the directory.
struct Open {
    site: SpelledSite,
    facility: Facility,
    apart: Vec<String>,
}

impl Desk {
    /// What could be joined: sites with hospitals, and records that are there twice. Nothing is
    /// joined by this.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn spellings(&self) -> Result<SpellingSheet, DeskError> {
        let book = self.book()?;
        let hospitals: Vec<(&Card, Facility)> = book
            .of_kind(kind::ORGANISATION)
            .filter(|card| !card.archived)
            .map(|card| (card, facility_of(&book, card)))
            .collect();
        let mut sheet = SpellingSheet::default();
        let (mut by_hospital, mut rest) = (BTreeMap::new(), Vec::new());
        for open in open_sites(&self.opened.conn)? {
            if !open.facility.is_named() {
                sheet.n_nameless += 1;
                continue;
            }
            match best(&hospitals, &open) {
                Some((place, why)) => {
                    let found: &mut (Why, Vec<SpelledSite>) =
                        by_hospital.entry(place).or_insert((why, Vec::new()));
                    found.0 = found.0.max(why);
                    found.1.push(open.site);
                }
                None => rest.push(open),
            }
        }
        for (place, (why, sites)) in by_hospital {
            let Some((card, _)) = hospitals.get(place) else {
                continue;
            };
            sheet.groups.push(SpellingGroup {
                organisation: Some(card.link()),
                partner: String::new(),
                name_zh: card.text("name.zh").to_owned(),
                name_en: card.text("name.en").to_owned(),
                city: card.text("city").to_owned(),
                why,
                sites,
            });
        }
        sheet
            .groups
            .extend(new_hospitals(rest, &self.partners_missing()?));
        sheet.doubled = doubled(&book, &hospitals);
        Ok(sheet)
    }

    /// Says that sites belong to a hospital of the directory: one commit for each study, and one
    /// step back for all.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; nothing is stored then.
    pub fn join_spellings(
        &mut self,
        organisation: &EntityId,
        sites: &[(StudyId, EntityId)],
    ) -> Result<Changed, DeskError> {
        let book = self.book()?;
        let card = book
            .card(organisation)
            .filter(|card| card.kind == kind::ORGANISATION);
        let card = card.ok_or_else(|| DeskError::no_entity(organisation.as_str()))?;
        let pointer = card.link().to_value();
        let mut by_study: BTreeMap<&StudyId, Vec<&EntityId>> = BTreeMap::new();
        for (study, site) in sites {
            by_study.entry(study).or_default().push(site);
        }
        let saved = self.transact(|conn, author| {
            let mut saved = Vec::new();
            for (study, sites) in by_study {
                let changes = sites
                    .into_iter()
                    .map(|site| to_change(conn, study, site, &pointer))
                    .collect::<Result<Vec<_>, _>>()?;
                let why = Some(Reason {
                    code: Some("joined".into()),
                    text: None,
                });
                saved.push((study.clone(), save(conn, author, study, changes, why)?));
            }
            Ok(saved)
        })?;
        let mut changed = Changed::default();
        self.remember_together(&saved)?;
        for (study, _) in saved {
            changed.add(Changed::study(study.as_str()));
        }
        Ok(changed)
    }
}

fn to_change(
    conn: &Connection,
    study: &StudyId,
    site: &EntityId,
    pointer: &Value,
) -> Result<Change, DeskError> {
    let target = find(conn, study, site)?;
    if target.kind != kind::SITE {
        return Err(DeskError::no_entity(site.as_str()));
    }
    let mut change = Change::first(site.as_str(), kind::SITE, ORGANISATION, pointer.clone());
    change.p = head_ids(conn, target.entity, ORGANISATION)?;
    Ok(change)
}

/// The names and the city of an organisation, of all records that are joined.
pub(super) fn facility_of(book: &Book, card: &Card) -> Facility {
    let mut names = Vec::new();
    for record in book.records(&card.id) {
        for field in ["name.zh", "name.en", "registryName"] {
            names.push(record.text(field));
        }
        names.extend(record.list("spellings"));
    }
    spelling::read(names, book.text(&card.id, "city"))
}

/// Sites of studies in use that name no hospital of the directory.
fn open_sites(conn: &Connection) -> Result<Vec<Open>, DeskError> {
    let mut found = Vec::new();
    for (stream, name) in names::streams(conn)? {
        let row = study_rows::of(conn, stream)?;
        let in_use = row.filter(|row| row.joined.is_none() && !row.archived);
        let (Some(study), Some(row)) = (StudyId::parse(&name), in_use) else {
            continue;
        };
        for place in places::of_kind(conn, stream, kind::SITE)? {
            let is_joined = !heads::shown(conn, place.entity, ORGANISATION)?.is_null();
            let id = EntityId::parse(&names::entity_name(conn, place.entity)?);
            let is_away = place.mark == model::EntityMark::Archived;
            let Some(site) = id.filter(|_| !is_joined && !is_away) else {
                continue;
            };
            let text = |field: &str| heads::shown_text(conn, place.entity, field);
            let site = SpelledSite {
                study: study.clone(),
                title: findings::title(&row).to_owned(),
                site,
                name_zh: text("facility.zh")?,
                name_en: text("facility.en")?,
                city: text("city")?,
            };
            let apart = heads::shown(conn, place.entity, APART)?;
            let apart = apart
                .get("list")
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            let apart = apart.filter_map(Value::as_str).map(str::to_owned).collect();
            let names = [site.name_zh.as_str(), site.name_en.as_str()];
            found.push(Open {
                facility: spelling::read(names, &site.city),
                site,
                apart,
            });
        }
    }
    Ok(found)
}

/// The hospital that a site is most surely one with.
fn best(hospitals: &[(&Card, Facility)], open: &Open) -> Option<(usize, Why)> {
    hospitals
        .iter()
        .enumerate()
        .filter(|(_, (card, _))| {
            let said = [card.id.as_str(), card.text("hospital")];
            !open.apart.iter().any(|id| said.contains(&id.as_str()))
        })
        .filter_map(|(place, (_, facility))| {
            Some((place, spelling::compare(facility, &open.facility)?))
        })
        .min_by_key(|(_, why)| *why)
}

/// Sites that are like each other and like no hospital of the directory, and single ones that
/// spell a partner hospital in their own way.
fn new_hospitals(open: Vec<Open>, missing: &[String]) -> Vec<SpellingGroup> {
    let facilities: Vec<Facility> = open.iter().map(|open| open.facility.clone()).collect();
    let mut found = Vec::new();
    let mut grouped = BTreeSet::new();
    for group in spelling::groups(&facilities) {
        let sites = group.members.iter().filter_map(|place| open.get(*place));
        let sites = not_apart(sites.collect(), |one: &Open, other| {
            one.apart.iter().any(|id| id == other.site.site.as_str())
        });
        if sites.len() < 2 {
            continue;
        }
        grouped.extend(sites.iter().map(|open| open.site.site.clone()));
        found.push(new_hospital(&sites, missing, group.why));
    }
    for one in open.iter().filter(|one| !grouped.contains(&one.site.site)) {
        let is_own_spelling = partner_of(&[one], missing).is_some_and(|partner| {
            let names = [&partner.name.zh, &partner.name.en].map(|name| name_key(name));
            let said = [&one.site.name_zh, &one.site.name_en].map(|name| name_key(name));
            !said.iter().any(|name| names.contains(name)) && !one.apart.contains(&partner.code)
        });
        if is_own_spelling {
            found.push(new_hospital(&[one], missing, Why::Known));
        }
    }
    found
}

/// A hospital that the directory does not have: the partner that all of the sites name, else by
/// the name that stands most often, of those the one that says most.
fn new_hospital(open: &[&Open], missing: &[String], why: Why) -> SpellingGroup {
    let partner = partner_of(open, missing);
    let sites: Vec<SpelledSite> = open.iter().map(|open| open.site.clone()).collect();
    let best = |name: fn(&SpelledSite) -> &str| {
        let n = |text: &str| sites.iter().filter(|site| name(site) == text).count();
        let names = sites.iter().map(name).filter(|name| !name.is_empty());
        let best = names.max_by_key(|name| (n(name), name.chars().count()));
        best.unwrap_or("").to_owned()
    };
    let (name_zh, name_en, city) = match partner {
        Some(one) => (&one.name.zh, &one.name.en, &one.city.zh),
        None => (
            &best(|site| &site.name_zh),
            &best(|site| &site.name_en),
            &best(|site| &site.city),
        ),
    };
    SpellingGroup {
        organisation: None,
        partner: partner.map_or(String::new(), |partner| partner.code.clone()),
        name_zh: name_zh.clone(),
        name_en: name_en.clone(),
        city: city.clone(),
        why,
        sites,
    }
}

/// The one partner hospital that all of some sites name, of those that the directory lacks.
fn partner_of(open: &[&Open], missing: &[String]) -> Option<&'static Hospital> {
    let names = |one: &Open, code: &str| one.facility.known().contains(&code);
    let mut partners = CENTER
        .hospitals
        .iter()
        .filter(|partner| missing.contains(&partner.code))
        .filter(|partner| open.iter().all(|one| names(one, &partner.code)));
    partners.next().filter(|_| partners.next().is_none())
}

/// Records that may mean one: hospitals by their names, people by name and a detail that only one
/// person has.
fn doubled(book: &Book, hospitals: &[(&Card, Facility)]) -> Vec<Doubled> {
    let facilities: Vec<Facility> = hospitals
        .iter()
        .map(|(_, facility)| facility.clone())
        .collect();
    let mut found: Vec<Doubled> = Vec::new();
    for group in spelling::groups(&facilities) {
        let cards = group
            .members
            .iter()
            .filter_map(|place| hospitals.get(*place));
        let cards = cards.map(|(card, _)| *card).collect();
        found.extend(to_doubled(book, kind::ORGANISATION, cards));
    }
    let mut alike: BTreeMap<(String, String), Vec<&Card>> = BTreeMap::new();
    for card in book.of_kind(kind::INDIVIDUAL).filter(|card| !card.archived) {
        let name = card.either("name").to_lowercase();
        for field in ["mobile", "email", "wechat", "phone"] {
            let detail = plain(card.text(field));
            if !name.is_empty() && !detail.is_empty() {
                alike.entry((name.clone(), detail)).or_default().push(card);
            }
        }
    }
    for cards in alike.into_values() {
        let Some(one) = to_doubled(book, kind::INDIVIDUAL, cards) else {
            continue;
        };
        if !found.iter().any(|known| known.records == one.records) {
            found.push(one);
        }
    }
    found
}

/// A number or address as it is compared.
fn plain(text: &str) -> String {
    let text = text.to_lowercase();
    if text.contains('@') || text.chars().any(char::is_alphabetic) {
        return text.trim().to_owned();
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits
        .strip_prefix("86")
        .filter(|rest| rest.len() == 11)
        .unwrap_or(&digits)
        .to_owned()
}

/// Without those that a person said to be none of the others; `None` when fewer than two are left.
fn to_doubled(book: &Book, kind: &str, mut cards: Vec<&Card>) -> Option<Doubled> {
    cards.sort_by(|a, b| a.id.cmp(&b.id));
    cards.dedup_by(|a, b| a.id == b.id);
    let cards = not_apart(cards, |one: &Card, other| {
        let records = book.records(&one.id).into_iter();
        let mut apart = records.flat_map(|record| record.list(RECORD_APART));
        apart.any(|id| {
            let said = EntityId::parse(id).map(|id| book.kept(&id));
            said.as_ref() == Some(&other.id)
        })
    });
    if cards.len() < 2 {
        return None;
    }
    let links: Vec<Link> = cards.iter().map(|card| card.link()).collect();
    Some(Doubled {
        kind: kind.to_owned(),
        records: links,
        names: cards
            .iter()
            .map(|card| card.either("name").to_owned())
            .collect(),
    })
}

/// Leaves out what is said, by either side, to be none of the others.
fn not_apart<'a, T>(members: Vec<&'a T>, says: impl Fn(&T, &T) -> bool) -> Vec<&'a T> {
    let is_like_another = |one: &&T| {
        let mut others = members.iter().filter(|other| !std::ptr::eq(**other, *one));
        others.any(|other| !says(one, other) && !says(other, one))
    };
    members.iter().copied().filter(is_like_another).collect()
}

//! The lists of people and organisations.

use crate::desk::Desk;
use crate::directory::book::{Book, Card};
use crate::error::DeskError;
use crate::findings::conflict_row;
use crate::project::conflicts;
use chrono::NaiveDate;
use model::people::credential::{self, Standing};
use model::people::row::{OrganisationRow, PersonRow, Use};
use model::people::{day, role};
use model::row::ConflictRow;
use model::{EntityId, kind};
use std::collections::{BTreeSet, HashMap};

/// Which people are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleFilter {
    /// Words, all of which stand in name, title, hospital, department or a detail; empty for all.
    pub query: String,
    /// Whether those put aside are shown too.
    pub archived: bool,
    /// How many are left out at the beginning.
    pub skip: usize,
    /// Most that are given.
    pub limit: usize,
}

/// People that were asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeoplePage {
    /// The rows.
    pub rows: Vec<PersonRow>,
    /// How many fit the filter.
    pub n: usize,
}

impl Desk {
    /// People of the directory, by name.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn people(&self, filter: &PeopleFilter) -> Result<PeoplePage, DeskError> {
        let (book, today) = (self.book()?, self.day());
        let wanted = filter.query.to_lowercase();
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let mut rows: Vec<PersonRow> = book
            .of_kind(kind::INDIVIDUAL)
            .filter(|card| filter.archived || !card.archived)
            .map(|card| person_row(&book, card, today))
            .filter(|row| fits(row, &words))
            .collect();
        rows.sort_by_cached_key(|row| (row.archived, sort_name(row), row.id.clone()));
        let n = rows.len();
        let rows = rows
            .into_iter()
            .skip(filter.skip)
            .take(filter.limit)
            .collect();
        Ok(PeoplePage { rows, n })
    }

    /// Organisations of the directory, by name.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn organisations(&self) -> Result<Vec<OrganisationRow>, DeskError> {
        let book = self.book()?;
        let members = members(&book);
        let mut rows: Vec<OrganisationRow> = book
            .of_kind(kind::ORGANISATION)
            .map(|card| organisation_row(&book, card, members.get(&card.id).map_or(0, Vec::len)))
            .collect();
        rows.sort_by_cached_key(|row| (row.archived, row.name_zh.clone(), row.name_en.clone()));
        Ok(rows)
    }

    /// Fields of directories in conflict, by path.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn directory_conflicts(&self) -> Result<Vec<ConflictRow>, DeskError> {
        let conn = &self.opened.conn;
        let mut found = Vec::new();
        for (stream, directory) in super::book::directories(conn)? {
            for (entity, field) in conflicts::of_stream(conn, stream)? {
                found.extend(conflict_row(conn, stream, (&directory, ""), entity, field)?);
            }
        }
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }
}

/// Latin names and Chinese ones in one order: by the Latin spelling where there is one.
fn sort_name(row: &PersonRow) -> String {
    let name = if row.name_en.is_empty() {
        &row.name_zh
    } else {
        &row.name_en
    };
    name.to_lowercase()
}

fn fits(row: &PersonRow, words: &[&str]) -> bool {
    let cells = [
        &row.name_zh,
        &row.name_en,
        &row.title.zh,
        &row.title.en,
        &row.organisation_name.zh,
        &row.organisation_name.en,
        &row.department.zh,
        &row.department.en,
        &row.phone,
        &row.mobile,
        &row.email,
        &row.wechat,
    ];
    let is_in = |word: &&str| cells.iter().any(|cell| cell.to_lowercase().contains(*word));
    words.iter().all(is_in)
}

/// Who belongs to which organisation.
pub(super) fn members(book: &Book) -> HashMap<EntityId, Vec<&Card>> {
    let mut found: HashMap<EntityId, Vec<&Card>> = HashMap::new();
    for card in book.of_kind(kind::INDIVIDUAL).filter(|card| !card.archived) {
        if let Some(organisation) = organisation_of(book, card) {
            found.entry(organisation).or_default().push(card);
        }
    }
    found
}

fn organisation_of(book: &Book, card: &Card) -> Option<EntityId> {
    let records = book.records(&card.id).into_iter();
    let mut named = records.filter_map(|record| record.reference("organisation"));
    named.next().map(|id| book.kept(&id))
}

/// Where studies point at a person, with what is over by today.
pub(super) fn uses_on(book: &Book, id: &EntityId, today: NaiveDate) -> Vec<Use> {
    let is_open = |place: &Use| day::last(&place.until).is_none_or(|until| until >= today);
    let uses = book.uses(id).iter().cloned();
    uses.map(|place| Use {
        open: is_open(&place),
        ..place
    })
    .collect()
}

fn n_studies<'a>(uses: impl IntoIterator<Item = &'a Use>) -> u32 {
    let studies: BTreeSet<_> = uses.into_iter().map(|place| &place.study).collect();
    u32::try_from(studies.len()).unwrap_or(u32::MAX)
}

/// How a person stands with what her roles ask for and with what else she holds.
pub(super) fn standings(
    book: &Book,
    id: &EntityId,
    roles: &[String],
    today: NaiveDate,
) -> Vec<Standing> {
    let held = book.credentials(id);
    let mut kinds = role::credentials(roles.iter().map(String::as_str));
    // What is good for one study alone is asked for there.
    let others = held.iter().filter(|one| one.study.is_none());
    for kind in others.filter_map(|one| model::code::find("credentialKind", &one.kind)) {
        if !kinds.contains(&kind.code) {
            kinds.push(kind.code);
        }
    }
    let kinds = kinds.into_iter();
    kinds
        .map(|kind| credential::standing(&held, kind, None, today))
        .collect()
}

/// The roles of assignments that are not over, each once.
pub(super) fn open_roles(uses: &[Use]) -> Vec<String> {
    let mut roles = Vec::new();
    for place in uses
        .iter()
        .filter(|place| place.open && place.kind == kind::ASSIGNMENT)
    {
        if !place.role.is_empty() && !roles.contains(&place.role) {
            roles.push(place.role.clone());
        }
    }
    roles
}

/// A person's line.
pub(super) fn person_row(book: &Book, card: &Card, today: NaiveDate) -> PersonRow {
    let text = |field: &str| book.text(&card.id, field).to_owned();
    let named = |card: Option<&Card>| {
        card.map(|card| book.pair(&card.id, "name"))
            .unwrap_or_default()
    };
    let uses = uses_on(book, &card.id, today);
    let roles = open_roles(&uses);
    let standings = standings(book, &card.id, &roles, today);
    let is_ending = |one: &&Standing| one.state.is_ending();
    let ends = standings
        .iter()
        .filter(is_ending)
        .map(|one| one.until.clone());
    let organisation = organisation_of(book, card);
    let of_org = organisation.as_ref().and_then(|id| book.card(id));
    let department = card.reference("department").and_then(|id| book.card(&id));
    let below = book.below(&card.id).into_iter();
    let records = book.records(&card.id).into_iter();
    PersonRow {
        id: card.id.clone(),
        directory: card.directory.clone(),
        name_zh: text("name.zh"),
        name_en: text("name.en"),
        title: book.pair(&card.id, "title"),
        organisation_name: named(of_org),
        organisation,
        department: named(department),
        phone: text("phone"),
        mobile: text("mobile"),
        email: text("email"),
        wechat: text("wechat"),
        roles,
        state: (!standings.is_empty()).then(|| credential::worst(&standings)),
        until: ends.min().unwrap_or_default(),
        n_studies: n_studies(&uses),
        n_conflicts: below.chain(records).map(|card| card.n_conflicts).sum(),
        archived: card.archived,
    }
}

/// An organisation's line.
pub(super) fn organisation_row(book: &Book, card: &Card, n_people: usize) -> OrganisationRow {
    let text = |field: &str| book.text(&card.id, field).to_owned();
    let uses = organisation_uses(book, &card.id);
    let sites: BTreeSet<_> = uses
        .iter()
        .map(|place| (&place.study, &place.entity))
        .collect();
    let below = book.below(&card.id).into_iter();
    let records = book.records(&card.id).into_iter();
    OrganisationRow {
        id: card.id.clone(),
        directory: card.directory.clone(),
        kind: text("kind"),
        name_zh: text("name.zh"),
        name_en: text("name.en"),
        short: card.either("short").to_owned(),
        city: text("city"),
        level: text("level"),
        n_people: u32::try_from(n_people).unwrap_or(u32::MAX),
        n_sites: u32::try_from(sites.len()).unwrap_or(u32::MAX),
        n_studies: n_studies(&uses),
        n_conflicts: below.chain(records).map(|card| card.n_conflicts).sum(),
        archived: card.archived,
    }
}

/// Where studies point at an organisation or at a part of it.
pub(super) fn organisation_uses(book: &Book, id: &EntityId) -> Vec<Use> {
    let mut uses = book.uses(id).to_vec();
    for part in book.below(id) {
        uses.extend(book.uses(&part.id).iter().cloned());
    }
    uses
}

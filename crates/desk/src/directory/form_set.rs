//! Form sets of one's own: every version is an entry of a directory, written once and whole.
//!
//! A changed set is a new version beside the old one. Two laptops that gave one version to two
//! contents are seen as such until somebody saves a further one or puts one of them aside.

use crate::desk::{Changed, Desk};
use crate::directory::begin;
use crate::directory::book::Book;
use crate::edit::{Target, save};
use crate::error::DeskError;
use crate::store::write::Change;
use crate::{ord, time};
use model::formset::{self, FormSet, OwnSets};
use model::{EntityId, StudyDoc, StudyId, kind};
use rusqlite::{Connection, params};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A version of a form set that is known here.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownSet {
    /// The set.
    pub set: FormSet,
    /// Its entry; `None` for one that comes with the program.
    pub entry: Option<(StudyId, EntityId)>,
    /// `KEY VERSION` of the one that it was made from; empty when it was read from a file.
    pub from: String,
    /// Why it was made.
    pub reason: String,
    /// Whether another entry gives its version to another content.
    pub rival: bool,
    /// How many submissions were made with it.
    pub n_submissions: u32,
    /// Whether it is the newest version of its key.
    pub newest: bool,
    /// Hospitals that start from it: organisation and name.
    pub hospitals: Vec<(EntityId, String)>,
}

impl Desk {
    /// Every version of every form set: those of the directories and those that come along.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn form_sets(&self) -> Result<Vec<KnownSet>, DeskError> {
        let book = self.book()?;
        let counts = counts(&self.opened.conn)?;
        let entries = entries(&book);
        let own: Vec<FormSet> = entries.iter().map(|one| one.set.clone()).collect();
        let hospitals = hospitals(&book, &own);
        let shipped = formset::shipped().iter().map(|set| Entry {
            set: set.clone(),
            entry: None,
            from: String::new(),
            reason: String::new(),
        });
        let all: Vec<Entry> = shipped.chain(entries).collect();
        let name = |set: &FormSet| (set.key.clone(), set.version.clone());
        let known = all.iter().map(|one| {
            let set = &one.set;
            let rivals = all.iter().filter(|other| name(&other.set) == name(set));
            let newest = formset::newest(&own, &set.key);
            let is_newest = newest.is_some_and(|newest| newest.version == set.version);
            KnownSet {
                rival: rivals.clone().any(|other| other.set != *set),
                n_submissions: counts.get(&name(set)).copied().unwrap_or(0),
                newest: is_newest,
                hospitals: match hospitals.get(&set.key) {
                    Some(here) if is_newest => here.clone(),
                    _ => Vec::new(),
                },
                set: set.clone(),
                entry: one.entry.clone(),
                from: one.from.clone(),
                reason: one.reason.clone(),
            }
        });
        Ok(known.collect())
    }

    /// The sets that the submissions of a study are read by, besides those that come along.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn own_sets(&self, doc: &StudyDoc) -> Result<OwnSets, DeskError> {
        Ok(OwnSets::of(doc, self.book_sets()?))
    }

    /// The sets of the directories; of two under one version the one that was there first.
    pub(crate) fn book_sets(&self) -> Result<Vec<FormSet>, DeskError> {
        let book = self.book()?;
        let mut seen = BTreeSet::new();
        let all = entries(&book).into_iter().map(|one| one.set);
        Ok(all
            .filter(|set| seen.insert((set.key.clone(), set.version.clone())))
            .collect())
    }

    /// Keeps a version of a set in the own directory. The same content twice is one entry.
    ///
    /// # Errors
    /// [`DeskError::FormSet`] with what is wrong in it; [`DeskError::ShippedSet`] under the key of
    /// one that comes with the program; [`DeskError::SameVersion`] when the version has another
    /// content; [`DeskError::WhyMissing`] when a version is there and no reason is given.
    pub fn form_set_save(
        &mut self,
        set: &FormSet,
        from: &str,
        why: &str,
    ) -> Result<(EntityId, Changed), DeskError> {
        let text = serde_json::to_string(set).map_err(|_| DeskError::Damaged("form set"))?;
        formset::read(&text).map_err(DeskError::FormSet)?;
        if formset::shipped().iter().any(|one| one.key == set.key) {
            return Err(DeskError::ShippedSet {
                key: set.key.clone(),
            });
        }
        let entries = entries(&*self.book()?);
        let mut versions = entries.iter().filter(|one| one.set.key == set.key);
        if let Some(same) = (versions.clone()).find(|one| one.set.version == set.version) {
            return match &same.entry {
                Some((_, id)) if same.set == *set => Ok((id.clone(), Changed::default())),
                _ => Err(DeskError::SameVersion {
                    number: set.version.clone(),
                }),
            };
        }
        if versions.next().is_some() && why.trim().is_empty() {
            return Err(DeskError::WhyMissing);
        }
        let directory = self.directory();
        let id = EntityId::from_uuid(time::new_id(&self.env));
        let fields: [(&str, Value); 7] = [
            ("parent", json!({"$ref": directory.as_str()})),
            ("ord", ord::nth(0).into()),
            ("key", set.key.as_str().into()),
            ("version", set.version.as_str().into()),
            ("set", text.into()),
            ("from", from.into()),
            ("reason", why.trim().into()),
        ];
        let said = fields.into_iter().filter(|(_, value)| *value != json!(""));
        let mut changes: Vec<Change> = said
            .map(|(field, value)| Change::first(id.as_str(), kind::FORM_SET, field, value))
            .collect();
        let blanks = self.blanks_to_name(&directory, set)?;
        changes.extend(self.naming(&directory.root(), &blanks));
        let saved = self.transact(|conn, author| {
            begin(conn, author, &directory)?;
            save(conn, author, &directory, changes, None)
        })?;
        self.remember(&directory, &saved)?;
        self.blanks_stored(set);
        Ok((id, Changed::study(directory.as_str())))
    }

    /// A version for a set that is saved today.
    ///
    /// # Errors
    /// [`DeskError::Storage`].
    pub fn form_set_version(&self, key: &str) -> Result<String, DeskError> {
        let own = self.book_sets()?;
        let versions = own.iter().filter(|set| set.key == key);
        let versions = versions.map(|set| set.version.as_str());
        let month = self.shanghai_day().format("%Y-%m").to_string();
        Ok(formset::next_version(versions, &month))
    }
}

struct Entry {
    set: FormSet,
    entry: Option<(StudyId, EntityId)>,
    from: String,
    reason: String,
}

/// The sets of the directories, by key, version and entry. What cannot be read is left out.
fn entries(book: &Book) -> Vec<Entry> {
    let cards = book.of_kind(kind::FORM_SET).filter(|card| !card.archived);
    let mut found: Vec<Entry> = cards
        .filter_map(|card| {
            let set = serde_json::from_str::<FormSet>(card.text("set")).ok()?;
            Some(Entry {
                set,
                entry: Some((card.directory.clone(), card.id.clone())),
                from: card.text("from").to_owned(),
                reason: card.text("reason").to_owned(),
            })
        })
        .collect();
    let id = |one: &Entry| one.entry.as_ref().map(|(_, id)| id.clone());
    found.sort_by(|a, b| {
        let by_version = || formset::in_order(&a.set.version, &b.set.version);
        let by_key = a.set.key.cmp(&b.set.key);
        by_key.then_with(by_version).then_with(|| id(a).cmp(&id(b)))
    });
    found
}

/// Organisations by the key of the set that they start from.
fn hospitals(book: &Book, own: &[FormSet]) -> BTreeMap<String, Vec<(EntityId, String)>> {
    let mut found: BTreeMap<String, Vec<(EntityId, String)>> = BTreeMap::new();
    let all = book
        .of_kind(kind::ORGANISATION)
        .filter(|card| !card.archived);
    for card in all {
        let named = named(book, &card.id, None, own);
        let key = match named.as_str() {
            "" => match book.text(&card.id, "hospital") {
                "" => continue,
                hospital => formset::key_of_hospital(hospital).to_owned(),
            },
            _ => named,
        };
        let name = card.either("name").to_owned();
        found.entry(key).or_default().push((card.id.clone(), name));
    }
    found
}

/// The set that a committee names, else its hospital; empty when neither does. What a committee
/// calls its forms may be the office's own name of them.
pub(crate) fn named(
    book: &Book,
    organisation: &EntityId,
    committee: Option<&EntityId>,
    own: &[FormSet],
) -> String {
    let by_committee = committee.map_or("", |id| book.text(id, "forms"));
    let by_hospital = book.text(organisation, "formSet");
    let is_key = |word: &&str| !word.is_empty() && formset::newest(own, word).is_some();
    let found = [by_committee, by_hospital].into_iter().find(is_key);
    found.unwrap_or_default().to_owned()
}

/// Refuses to put aside a version that a submission was made with.
pub(crate) fn refuse_deletion(conn: &Connection, target: &Target) -> Result<(), DeskError> {
    if target.kind != kind::FORM_SET {
        return Ok(());
    }
    let is_used: bool = conn.query_row(
        "SELECT EXISTS (SELECT 1 FROM places p
           JOIN heads k ON k.entity = p.entity AND k.field = 'forms'
           JOIN heads v ON v.entity = p.entity AND v.field = 'formsVersion'
           JOIN heads sk ON sk.entity = ?1 AND sk.field = 'key' AND sk.cmp = k.cmp
           JOIN heads sv ON sv.entity = ?1 AND sv.field = 'version' AND sv.cmp = v.cmp
         WHERE p.kind = ?2)",
        params![target.entity, kind::SUBMISSION],
        |row| row.get(0),
    )?;
    if is_used {
        return Err(DeskError::SetInUse);
    }
    Ok(())
}

/// How many submissions were made with each version.
fn counts(conn: &Connection) -> Result<BTreeMap<(String, String), u32>, DeskError> {
    let mut statement = conn.prepare_cached(
        "SELECT k.cmp, v.cmp, count(DISTINCT p.entity) FROM places p
           JOIN heads k ON k.entity = p.entity AND k.field = 'forms'
           JOIN heads v ON v.entity = p.entity AND v.field = 'formsVersion'
         WHERE p.kind = ?1 GROUP BY k.cmp, v.cmp",
    )?;
    let mut rows = statement.query([kind::SUBMISSION])?;
    let mut found = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let word = |n| -> Result<String, DeskError> {
            let value = crate::store::heads::value_of(row.get_ref(n)?.as_str().unwrap_or(""));
            Ok(value.as_str().unwrap_or_default().to_owned())
        };
        found.insert((word(0)?, word(1)?), row.get(2)?);
    }
    Ok(found)
}

//! The committee's list, answered: which documents meet which item, and how far each is.

use super::case::Case;
use super::rounds;
use crate::file::BlobRef;
use crate::formset::{self, FormSet, NameParts, SetItem, file_name};
use crate::{Entity, EntityId, Lang, kind};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod sent;

/// Code of `documentKind` of what is none of the others.
const OTHER: &str = "other";

/// How an item stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "ListStatus")]
pub enum Status {
    /// Documents are there, each with its file.
    Have,
    /// Documents are noted, and not all of them hold a file.
    Recorded,
    /// Our own package makes it.
    Made,
    /// It is wanted and nothing is there.
    Lack,
    /// It does not apply, for a reason or by its condition.
    NotApplicable,
    /// A person must say whether it applies.
    Open,
}

impl Status {
    /// Its stable word; the words for people are under `ui.ethics.status.`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Have => "have",
            Self::Recorded => "recorded",
            Self::Made => "made",
            Self::Lack => "lack",
            Self::NotApplicable => "notApplicable",
            Self::Open => "open",
        }
    }

    /// The code of `documentStatus` that stands in the hash of what is submitted: never changed, so
    /// that what was sent earlier still fits its hash.
    pub fn code(self) -> &'static str {
        match self {
            Self::Have | Self::Recorded | Self::Made => "have",
            Self::Lack | Self::Open => "lack",
            Self::NotApplicable => "na",
        }
    }
}

/// How a document stands by itself: whether it is there, with its file or only noted.
pub fn of_document(document: &Entity) -> Status {
    match document.text("status") {
        "lack" => Status::Lack,
        "na" => Status::NotApplicable,
        _ if document.value("file").is_null() => Status::Recorded,
        _ => Status::Have,
    }
}

/// One item of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<'a> {
    /// Place in the list, from 1.
    pub no: usize,
    /// The item.
    pub item: &'a SetItem,
    /// How it stands.
    pub status: Status,
    /// Whether it is wanted: by its condition, or because somebody said that it applies.
    pub wanted: bool,
    /// The documents that answer it, in order.
    pub documents: Vec<&'a Entity>,
    /// What somebody said about it in this submission.
    pub enclosures: Vec<&'a Entity>,
    /// Whether somebody said that it does not apply.
    pub declined: bool,
    /// Why it is missing or does not apply; empty when nobody said.
    pub reason: &'a str,
}

/// The list of a submission; empty without a form set.
pub fn rows<'a>(case: &Case<'a>) -> Vec<Row<'a>> {
    let Some(list) = case.list() else {
        return Vec::new();
    };
    let items = list.items.iter().enumerate();
    items.map(|(at, item)| row(case, at + 1, item)).collect()
}

fn row<'a>(case: &Case<'a>, no: usize, item: &'a SetItem) -> Row<'a> {
    let said = case.doc.children(&case.submission.id, kind::ENCLOSURE);
    let enclosures: Vec<&Entity> = said.filter(|one| one.text("item") == item.key).collect();
    if let Some(sent) = sent::of(case, item) {
        return sent.row(case, no, enclosures);
    }
    let named = |one: &&'a Entity| case.doc.entity(&one.reference("document")?);
    let mut documents: Vec<&Entity> = enclosures.iter().filter_map(named).collect();
    let chosen = !documents.is_empty();
    let mut status = first_text(&enclosures, "status");
    let mut reason = first_text(&enclosures, "reason");
    // Who says that it applies goes before its condition.
    let applies = ["have", "lack"].contains(&status);
    let wanted = applies || formset::holds(&item.when, case.doc, case.site);
    if !chosen && wanted && status != "na" {
        let known = candidates(case, item);
        let is = |one: &&&Entity, status: &str| one.text("status") == status;
        let answers = |one: &&&Entity| is(one, "have") && (!item.revised || is_new(case, one));
        documents = known.iter().filter(answers).copied().collect();
        // What a list of documents says goes for the item, while nobody says more.
        if documents.is_empty()
            && status.is_empty()
            && let Some(one) = known.iter().find(|one| is(one, "na"))
        {
            (status, reason) = ("na", one.text("note"));
        }
        if documents.is_empty() && status.is_empty() && known.iter().any(|one| is(&one, "lack")) {
            status = "lack";
        }
    }
    let without_file = documents.iter().filter(|one| one.value("file").is_null());
    let n_without = without_file.count();
    Row {
        no,
        item,
        status: status_of(case, item, status, wanted, (documents.len(), n_without)),
        wanted,
        documents,
        enclosures,
        declined: status == "na",
        reason,
    }
}

/// What the first of some entities says that says anything; empty when none does.
fn first_text<'a>(entities: &[&'a Entity], field: &str) -> &'a str {
    let mut texts = entities.iter().map(|one| one.text(field));
    texts.find(|text| !text.is_empty()).unwrap_or("")
}

/// How an item stands by what somebody said of it, and by its documents: how many, how many of
/// them without a file.
fn status_of(
    case: &Case<'_>,
    item: &SetItem,
    said: &str,
    wanted: bool,
    (n, n_without): (usize, usize),
) -> Status {
    let applies = ["have", "lack"].contains(&said);
    let is_made = formset::MADE.contains(&item.made.as_str()) && wanted && (!item.ask || applies);
    // Pages that wait for answers answer nothing.
    let waits = item.made == "reply" && !rounds::is_replied(case.doc, case.submission);
    let is_made = is_made && !waits;
    match said {
        "na" => Status::NotApplicable,
        _ if n > n_without && n_without == 0 => Status::Have,
        // Our own pages stand for what is only noted.
        _ if n == n_without && is_made => Status::Made,
        _ if n > 0 => Status::Recorded,
        _ if !wanted => Status::NotApplicable,
        "" if item.ask => Status::Open,
        _ => Status::Lack,
    }
}

/// The documents of an item's kinds: the site's own, else the study's; of each only the newest.
fn candidates<'a>(case: &Case<'a>, item: &SetItem) -> Vec<&'a Entity> {
    let said = case.doc.children(&case.submission.id, kind::ENCLOSURE);
    let named: Vec<EntityId> = said.filter_map(|one| one.reference("document")).collect();
    // What is called “other” answers nothing by itself that a person is asked about: what went
    // with one submission is no part of the next.
    let is_asked = |one: &&Entity| item.ask && one.text("kind") == OTHER;
    // One document answers one item, unless somebody says otherwise.
    let fits = |one: &&Entity| {
        !is_asked(one)
            && item.kinds.iter().any(|kind| kind == one.text("kind"))
            && !named.contains(&one.id)
            && owner(case, one).is_some_and(|owner| owner.key == item.key)
    };
    let here: Vec<_> = case
        .doc
        .children(&case.site.id, kind::DOCUMENT)
        .filter(fits)
        .collect();
    let all = case.doc.children_of_study(kind::DOCUMENT).filter(fits);
    // A site's own consent form stands instead of the study's, its scan of a letter beside it.
    let kinds_here: Vec<&str> = here.iter().map(|one| one.text("kind")).collect();
    let mut found: Vec<&Entity> = all
        .filter(|one| !kinds_here.contains(&one.text("kind")))
        .collect();
    found.extend(here);
    let copy = found.clone();
    found.retain(|one| !copy.iter().any(|other| is_newer(other, one)));
    found
}

/// The item that a document answers by itself: the first one that names its kind first, else the
/// first one that names it.
fn owner<'a>(case: &Case<'a>, document: &Entity) -> Option<&'a SetItem> {
    let kind = document.text("kind");
    // Certificates of persons, from before they had a kind of their own.
    let titles = [Lang::Zh, Lang::En].map(|lang| document.text_in("title", lang));
    let is_gcp = kind == "qualification" && titles.iter().any(|title| title.contains("GCP"));
    let read = if is_gcp { "gcp" } else { kind };
    let items = || {
        let all = case.list().into_iter().flat_map(|list| &list.items);
        all.filter(|item| formset::holds(&item.when, case.doc, case.site))
    };
    let names = |item: &&SetItem, wanted: &str| item.kinds.iter().any(|kind| kind == wanted);
    let first = |item: &&SetItem| item.kinds.first().is_some_and(|kind| kind == read);
    items()
        .find(first)
        .or_else(|| items().find(|item| names(item, read)))
        .or_else(|| items().find(|item| names(item, kind)))
}

/// Whether the committee has not had a document: it went along with nothing that was sent there,
/// and is not as old as the approval that counts.
fn is_new(case: &Case<'_>, document: &Entity) -> bool {
    let went = |sent: &Entity| {
        let file = BlobRef::read(document.value("file")).map(|file| file.hash);
        let mut files = sent.value("manifest")["files"]
            .as_array()
            .into_iter()
            .flatten();
        files.any(|one| {
            one[1].as_str() == Some(document.id.as_str()) && one[2].as_str() == file.as_deref()
        })
    };
    let mut others = case.doc.children(&case.site.id, kind::SUBMISSION);
    if others.any(|one| one.text("withdrawnOn").is_empty() && went(one)) {
        return false;
    }
    let Some(counts) = case.standing.site(&case.site.id) else {
        return true;
    };
    // A continuing review approves the same text once more: the first letter counts.
    let row = counts
        .current
        .as_ref()
        .and_then(|id| case.standing.version(id));
    let letters = row.map_or(&[][..], |row| row.approvals.as_slice());
    let days = letters.iter().filter(|one| one.site == case.site.id);
    let days = days.filter_map(|one| one.approved_on.as_deref());
    let day = days.filter(|day| !day.is_empty()).min();
    let date = document.text("versionDate");
    date.is_empty() || date > day.unwrap_or(&counts.approved_on)
}

/// Whether a document replaces another: same kind, title, language and person, a later date.
pub(super) fn is_newer(new: &Entity, old: &Entity) -> bool {
    let same = |field: &str| new.text(field) == old.text(field);
    let title = |one: &Entity| one.text_in("title", Lang::Zh).trim().to_lowercase();
    new.id != old.id
        && same("kind")
        && same("language")
        && title(new) == title(old)
        && new.reference("person") == old.reference("person")
        && new.parent == old.parent
        && new.text("status") == "have"
        && new.text("versionDate") > old.text("versionDate")
        && !old.text("versionDate").is_empty()
}

/// A document that goes into a package.
#[derive(Clone, Debug, PartialEq)]
pub struct Enclosed<'a> {
    /// The item that it answers.
    pub item: &'a SetItem,
    /// Place of the item in the list, from 1.
    pub no: usize,
    /// The document.
    pub document: &'a Entity,
    /// Its file; `None` when it has none.
    pub file: Option<BlobRef>,
}

/// The documents of a package in order, each once.
pub fn enclosed<'a>(rows: &[Row<'a>]) -> Vec<Enclosed<'a>> {
    let mut seen: Vec<&EntityId> = Vec::new();
    let mut out = Vec::new();
    for row in rows {
        for document in &row.documents {
            if seen.contains(&&document.id) {
                continue;
            }
            seen.push(&document.id);
            out.push(Enclosed {
                item: row.item,
                no: row.no,
                document,
                file: BlobRef::read(document.value("file")),
            });
        }
    }
    out
}

/// The name of an enclosed file by the rule of a set; several files of one item bear their titles.
pub fn file_name_of(
    case: &Case<'_>,
    set: &FormSet,
    one: &Enclosed<'_>,
    all: &[Enclosed<'_>],
) -> String {
    let lang = if set.language == "en" {
        Lang::En
    } else {
        Lang::Zh
    };
    let file = one.file.as_ref().map_or("", |file| file.name.as_str());
    let title = one.document.text_in("title", lang);
    let is_alone = all.iter().filter(|other| other.no == one.no).count() == 1;
    let has_title = set.naming.pattern.contains("{title}") || title.is_empty();
    let item = if is_alone || has_title {
        one.item.name.text(lang)
    } else {
        title
    };
    let study = case
        .doc
        .root()
        .map_or("", |root| match root.text("acronym") {
            "" => root.text("number.org"),
            acronym => acronym,
        });
    let parts = NameParts {
        study,
        no: one.no,
        item,
        title,
        version: one.document.text("version"),
        date: one.document.text("versionDate"),
        lang: match one.document.text("language") {
            "zh" => Some(Lang::Zh),
            "en" => Some(Lang::En),
            _ => None,
        },
        end: file.rsplit_once('.').map_or("", |(_, end)| end),
    };
    file_name(&set.naming.pattern, &parts)
}

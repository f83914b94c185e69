//! What goes into the fields of a form: facts of the study, or what a person answered.
//!
//! A source is `HEAD/FIELD`, with `FIELD|FIELD` for the first that is filled. Heads: `here` (the
//! site), `here:ROLE|ROLE` (its contact of a role, else the study's), `pi`, `team` (everybody else
//! at the site), `approved` (what counts at the site), `lead`, `others`, `count` (the newest
//! count), `version` (the one submitted), `criteria:…`, or a path of [`crate::fact`].

use super::wording::worded;
use super::{FieldKind, SetForm, SetFormField};
use crate::fact::{self, FactPath, FactPlace};
use crate::reference::Bilingual;
use crate::registry::value::{self, Pair};
use crate::submission::Case;
use crate::{Entity, criteria, kind, label};

/// A field of a form with what goes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled<'a> {
    /// Key of its part.
    pub part: &'a str,
    /// The field.
    pub field: &'a SetFormField,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
    /// Whether a person wrote it for this submission.
    pub answered: bool,
    /// Whether a value that it rests on is in conflict.
    pub unresolved: bool,
    /// Where it stands.
    pub places: Vec<FactPlace>,
    /// Where to write it.
    pub wanted: FactPlace,
}

impl Filled<'_> {
    /// Whether nothing stands in it that should.
    pub fn is_missing(&self) -> bool {
        let is_by_hand = matches!(self.field.kind, FieldKind::Sign | FieldKind::SignDate);
        self.field.required && !is_by_hand && self.zh.is_empty() && self.en.is_empty()
    }

    /// Both languages.
    pub fn text(&self) -> Bilingual {
        Bilingual {
            zh: self.zh.clone(),
            en: self.en.clone(),
        }
    }
}

/// The fields of a form, in order.
pub fn fill<'a>(case: &Case<'_>, form: &'a SetForm) -> Vec<Filled<'a>> {
    form.fields()
        .map(|(part, field)| {
            let name = format!("{}.{}", part.key, field.key);
            let answer = answer(case, &form.key, &name);
            let written = answer.map(|answer| value::field(answer, "text"));
            let answered = written.as_ref().is_some_and(|pair| !pair.is_empty());
            let pair = match written.filter(|_| answered) {
                Some(pair) => pair,
                None if field.kind == FieldKind::Table => table(case, &field.fill),
                None => {
                    let parts = field.fill.iter().map(|from| source(case, from));
                    worded(&field.fill, parts.collect())
                }
            };
            let wanted = field.fill.first().and_then(|from| place(case, from));
            Filled {
                part: &part.key,
                field,
                zh: pair.zh,
                en: pair.en,
                answered,
                unresolved: pair.unresolved,
                places: pair.places,
                wanted: wanted.unwrap_or_else(|| FactPlace {
                    kind: kind::ANSWER.to_owned(),
                    entity: Some(answer.unwrap_or(case.submission).id.clone()),
                    field: format!("{}/{name}", form.key),
                }),
            }
        })
        .collect()
}

/// One fact of a field alone, from 0; what a person wrote into the field as a whole is not in it.
pub(super) fn fact(case: &Case<'_>, field: &SetFormField, n: usize) -> Pair {
    let from = field.fill.get(n).map(std::slice::from_ref);
    from.map_or_else(Pair::default, |from| {
        worded(from, from.iter().map(|one| source(case, one)).collect())
    })
}

/// What several sources say of the same people: one line for each of them.
fn table(case: &Case<'_>, sources: &[String]) -> Pair {
    let of_team = |source: &String| source.strip_prefix("team/").map(str::to_owned);
    let Some(fields) = sources.iter().map(of_team).collect::<Option<Vec<_>>>() else {
        return Pair::lines(sources.iter().map(|from| source(case, from)));
    };
    let line = |person| Pair::line(fields.iter().map(|field| first(person, field)));
    Pair::lines(case.team().map(line))
}

/// What a person wrote into a field.
fn answer<'a>(case: &Case<'a>, form: &str, name: &str) -> Option<&'a Entity> {
    let mut answers = case.doc.children(&case.submission.id, kind::ANSWER);
    answers.find(|answer| answer.text("form") == form && answer.text("field") == name)
}

/// Whether a source can be read and speaks of fields that exist.
pub fn is_source(text: &str) -> bool {
    if text.starts_with("criteria:") {
        return FactPath::parse(text).is_some();
    }
    let Some((head, fields)) = text.split_once('/') else {
        return false;
    };
    let of = |kind: &str| {
        fields
            .split('|')
            .all(|field| fact::field_named(kind, field).is_some())
    };
    match head {
        "here" => of(kind::SITE),
        "pi" | "team" => of(kind::CONTACT),
        "count" => of(kind::ENROLMENT),
        "version" => of(kind::VERSION),
        "approved" => ["letter", "validUntil", "number", "approvedOn"].contains(&fields),
        "lead" => ["facility", "approval"].contains(&fields),
        "others" => fields == "approval",
        _ => match head.strip_prefix("here:") {
            Some(roles) => {
                let is_role = |role| crate::code::find("contactRole", role).is_some();
                roles.split('|').all(is_role) && of(kind::CONTACT)
            }
            None => paths(text).iter().all(|path| {
                FactPath::parse(path)
                    .is_some_and(|path| path.is_known() && path != FactPath::Inclusion)
            }),
        },
    }
}

/// `HEAD/A|B` as `HEAD/A` and `HEAD/B`.
fn paths(text: &str) -> Vec<String> {
    match text.rsplit_once('/') {
        Some((head, fields)) => fields
            .split('|')
            .map(|field| format!("{head}/{field}"))
            .collect(),
        None => vec![text.to_owned()],
    }
}

fn source(case: &Case<'_>, text: &str) -> Pair {
    if let Some(pair) = from_text(case, text) {
        return pair;
    }
    let Some((head, fields)) = text.split_once('/') else {
        return Pair::default();
    };
    let of = |entity: Option<&Entity>| entity.map_or_else(Pair::default, |e| first(e, fields));
    match head {
        "here" => of(Some(case.site)),
        "pi" => match case.investigator() {
            Some(person) => of(Some(person)),
            None => value::path(case.doc, &format!("study/responsible.{fields}")),
        },
        "team" => Pair::lines(case.team().map(|person| first(person, fields))),
        "count" => of(case.count()),
        "version" => of(case.version()),
        "approved" => case
            .standing
            .site(&case.site.id)
            .map_or_else(Pair::default, |site| {
                let word = match fields {
                    "letter" => &site.letter,
                    "validUntil" => &site.valid_until,
                    "approvedOn" => &site.approved_on,
                    _ => &site.number,
                };
                Pair::words(word, word)
            }),
        "lead" => match (case.lead_site(), fields) {
            (Some(lead), "facility") => value::field(lead, "facility"),
            // The hospital is named by the source before.
            (Some(lead), _) => letter(case, lead),
            (None, "facility") => leads_itself(case),
            (None, _) => Pair::default(),
        },
        "others" => others(case),
        _ => match head.strip_prefix("here:") {
            Some(roles) => of(case.contact(roles)),
            None => {
                let mut pairs = paths(text)
                    .into_iter()
                    .map(|path| value::path(case.doc, &path));
                pairs.find(|pair| !pair.is_empty()).unwrap_or_default()
            }
        },
    }
}

/// Criteria: the text itself.
fn from_text(case: &Case<'_>, text: &str) -> Option<Pair> {
    let found = criteria::of(case.doc);
    let blocks = match FactPath::parse(text)? {
        FactPath::Inclusion => found.inclusion,
        FactPath::Exclusion => found.exclusion,
        FactPath::Field { .. } => return None,
    };
    Some(Pair::lines(
        blocks.into_iter().map(|block| value::field(block, "text")),
    ))
}

/// The first field of an entity that is filled.
fn first(entity: &Entity, fields: &str) -> Pair {
    let mut pairs = fields.split('|').map(|field| value::field(entity, field));
    pairs.find(|pair| !pair.is_empty()).unwrap_or_default()
}

/// Whether the site leads others, or is the only one.
fn leads_itself(case: &Case<'_>) -> Pair {
    let n = case.doc.of_kind(kind::SITE).count();
    let label = match (case.site.text("role"), n) {
        (_, 0 | 1) => label!("form.oneSite"),
        ("LEAD", _) => label!("form.leads"),
        _ => return Pair::default(),
    };
    Pair::words(label.zh, label.en)
}

/// What the committees of the other hospitals approved, each hospital and letter once.
fn others(case: &Case<'_>) -> Pair {
    let mut seen: Vec<Pair> = Vec::new();
    for site in case.doc.of_kind(kind::SITE) {
        let said = letter(case, site);
        if site.id == case.site.id || said.is_empty() {
            continue;
        }
        let line = Pair::line([value::field(site, "facility"), said]);
        // Two departments of one hospital have one committee.
        let is_known = seen
            .iter()
            .any(|one| one.zh == line.zh && one.en == line.en);
        if !is_known {
            seen.push(line);
        }
    }
    Pair::lines(seen)
}

/// What a site's committee approved: letter, day.
fn letter(case: &Case<'_>, site: &Entity) -> Pair {
    let Some(row) = case.standing.site(&site.id) else {
        return Pair::default();
    };
    let word = |text: &str| Pair::words(text, text);
    Pair::line([word(&row.letter), word(&row.approved_on)])
}

/// Where what a source names is written while it is missing.
fn place(case: &Case<'_>, text: &str) -> Option<FactPlace> {
    let (head, fields) = text.split_once('/')?;
    let field = fields.split('|').next_back()?;
    let at = |entity: &Entity| {
        let is_bilingual =
            fact::field_named(&entity.kind, field).is_some_and(|field| field.bilingual);
        FactPlace {
            kind: entity.kind.clone(),
            entity: Some(entity.id.clone()),
            field: if is_bilingual {
                format!("{field}.zh")
            } else {
                field.to_owned()
            },
        }
    };
    let nobody = || FactPlace {
        kind: kind::CONTACT.to_owned(),
        entity: None,
        field: String::new(),
    };
    match head {
        "here" | "approved" => Some(at(case.site)),
        "pi" => Some(case.investigator().map_or_else(nobody, at)),
        "team" => Some(nobody()),
        "version" => Some(case.version().map_or_else(|| at(case.submission), at)),
        "count" => Some(FactPlace {
            kind: kind::ENROLMENT.to_owned(),
            entity: case.count().map(|count| count.id.clone()),
            field: field.to_owned(),
        }),
        "lead" | "others" => None,
        _ => match head.strip_prefix("here:") {
            Some(roles) => Some(case.contact(roles).map_or_else(nobody, at)),
            None => {
                let path = paths(text).pop()?;
                FactPath::parse(&path).map(|path| path.wanted(case.doc))
            }
        },
    }
}

//! The delegation log: who does what at a site, and what is wrong with an entry.
//!
//! Rules: who authorises led the site on that day; nobody authorises himself; what the role asks
//! for was valid on the first day; an entry is ended, never deleted.
//! Source: the checks of ctms-core (secondary); the log itself is an essential record (GCP 2020).

use crate::people::credential::{self, Credential, State};
use crate::people::{day, role};
use crate::{Entity, EntityId, EntityMark, Lang, StudyDoc, code, kind, label};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// One entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// The assignment's entity.
    pub id: EntityId,
    /// The site; `None` for the study as a whole.
    pub site: Option<EntityId>,
    /// Who; `None` while nobody is named.
    pub person: Option<EntityId>,
    /// Code of `contactRole`.
    pub role: String,
    /// Codes of `task`.
    pub tasks: Vec<String>,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day; `None` while it runs.
    pub until: Option<NaiveDate>,
    /// Who authorised it.
    pub authorised_by: Option<EntityId>,
    /// When.
    pub authorised_on: Option<NaiveDate>,
    /// Whether somebody deleted the entry itself.
    pub is_removed: bool,
}

/// What is wrong with an entry; the words are under `people.finding.<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(
    tag = "code",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[ts(rename = "DutyFinding")]
pub enum Finding {
    /// The entry was deleted instead of ended.
    Removed,
    /// Nobody is named.
    NoPerson,
    /// No role is named.
    NoRole,
    /// It has no first day.
    NoStart,
    /// No task is named.
    NoTasks,
    /// The last day is before the first.
    EndsBeforeStart,
    /// The same person has the same role here already.
    Doubled {
        /// The first day of the other entry. Time: `YYYY-MM-DD`.
        on: String,
    },
    /// Nobody authorised it.
    NotAuthorised,
    /// Who authorised it is who was authorised.
    AuthorisedBySelf,
    /// Who authorised it did not lead the site on that day.
    NotInCharge {
        /// The day. Time: `YYYY-MM-DD`.
        on: String,
    },
    /// It was authorised after its first day.
    AuthorisedLate {
        /// The day of the authorisation. Time: `YYYY-MM-DD`.
        on: String,
    },
    /// What the role asks for was not valid on the first day.
    CredentialAtStart {
        /// Code of `credentialKind`.
        kind: String,
        /// How it stood.
        state: State,
        /// The first day. Time: `YYYY-MM-DD`.
        on: String,
    },
    /// What the role asks for is not valid now, or not for long.
    CredentialNow {
        /// Code of `credentialKind`.
        kind: String,
        /// How it stands.
        state: State,
        /// Its last day; empty without one. Time: `YYYY-MM-DD`.
        until: String,
    },
    /// The role asks for credentials, and the person's record is in another directory.
    CredentialsElsewhere,
}

impl Finding {
    /// What is wrong, in words.
    pub fn text(&self, lang: Lang) -> String {
        let Some(label) = label::get(&format!("people.finding.{}", self.code())) else {
            return String::new();
        };
        let words = |list, code| code::text(list, code, lang);
        let text = match self {
            Self::NotInCharge { on } | Self::AuthorisedLate { on } | Self::Doubled { on } => {
                label.fill(lang, &[("on", on)])
            }
            Self::CredentialAtStart { kind, state, on } => {
                let kind = words("credentialKind", kind);
                let state = words("credentialState", state.code());
                label.fill(lang, &[("kind", kind), ("state", state), ("on", on)])
            }
            Self::CredentialNow { kind, state, until } => {
                let kind = words("credentialKind", kind);
                let state = words("credentialState", state.code());
                label.fill(lang, &[("kind", kind), ("state", state), ("until", until)])
            }
            _ => label.text(lang).to_owned(),
        };
        text.trim().to_owned()
    }

    /// The stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::NoPerson => "noPerson",
            Self::NoRole => "noRole",
            Self::NoStart => "noStart",
            Self::NoTasks => "noTasks",
            Self::EndsBeforeStart => "endsBeforeStart",
            Self::Doubled { .. } => "doubled",
            Self::NotAuthorised => "notAuthorised",
            Self::AuthorisedBySelf => "authorisedBySelf",
            Self::NotInCharge { .. } => "notInCharge",
            Self::AuthorisedLate { .. } => "authorisedLate",
            Self::CredentialAtStart { .. } => "credentialAtStart",
            Self::CredentialNow { .. } => "credentialNow",
            Self::CredentialsElsewhere => "credentialsElsewhere",
        }
    }

    /// That a certificate is not valid now, or not for long.
    pub fn now(standing: &credential::Standing) -> Self {
        Self::CredentialNow {
            kind: standing.kind.clone(),
            state: standing.state,
            until: standing.until.clone(),
        }
    }

    /// Whether who authorised it, or when, breaks a rule.
    pub fn is_about_authorisation(&self) -> bool {
        matches!(
            self,
            Self::AuthorisedBySelf | Self::NotInCharge { .. } | Self::AuthorisedLate { .. }
        )
    }

    /// Whether a rule is broken, and not only something left to fill in or to watch.
    pub fn is_breach(&self) -> bool {
        match self {
            Self::Removed
            | Self::EndsBeforeStart
            | Self::AuthorisedBySelf
            | Self::NotInCharge { .. }
            | Self::AuthorisedLate { .. }
            | Self::CredentialAtStart { .. } => true,
            Self::CredentialNow { state, .. } => !state.holds(),
            Self::NoPerson
            | Self::NoRole
            | Self::NoStart
            | Self::NoTasks
            | Self::Doubled { .. }
            | Self::NotAuthorised
            | Self::CredentialsElsewhere => false,
        }
    }
}

impl Duty {
    /// Reads an entity of the kind `assignment`.
    ///
    /// `who` says who stands behind a reference (persons that were joined are one).
    pub fn read(doc: &StudyDoc, entity: &Entity, who: &dyn Fn(&EntityId) -> EntityId) -> Self {
        let root = doc.id.root();
        let site = entity.parent.clone().filter(|parent| *parent != root);
        let place = site.as_ref().and_then(|site| doc.entity(site));
        let is_place_away = place.is_some_and(|place| place.mark == EntityMark::Archived);
        let person = |field: &str| entity.reference(field).map(|id| who(&id));
        let tasks = entity.text("tasks").split('|').filter(|t| !t.is_empty());
        Self {
            id: entity.id.clone(),
            person: person("person"),
            role: entity.text("role").to_owned(),
            tasks: tasks.map(str::to_owned).collect(),
            from: day::first(entity.text("from")),
            until: day::last(entity.text("until")),
            authorised_by: person("authorisedBy"),
            authorised_on: day::first(entity.text("authorisedOn")),
            // Whoever puts a whole site aside has not deleted its entries.
            is_removed: entity.mark == EntityMark::Archived && !is_place_away,
            site,
        }
    }

    /// Whether it runs on a day; one without a first day runs on none.
    pub fn covers(&self, day: NaiveDate) -> bool {
        !self.is_removed
            && self.from.is_some_and(|from| from <= day)
            && self.until.is_none_or(|until| day <= until)
    }

    /// Whether it counts on a day for who works there: it runs, or has no first day yet.
    pub fn is_open(&self, day: NaiveDate) -> bool {
        !self.is_removed && self.until.is_none_or(|until| day <= until)
    }
}

/// Every entry of a study, removed ones too, in the order of the study.
pub fn log(doc: &StudyDoc, who: &dyn Fn(&EntityId) -> EntityId) -> Vec<Duty> {
    doc.entities
        .iter()
        .filter(|entity| entity.kind == kind::ASSIGNMENT)
        .map(|entity| Duty::read(doc, entity, who))
        .collect()
}

/// What is wrong with an entry.
///
/// `log` holds every entry of the study, `held` what each person can show.
pub fn findings(
    duty: &Duty,
    log: &[Duty],
    held: &BTreeMap<EntityId, Vec<Credential>>,
    study: &EntityId,
    today: NaiveDate,
) -> Vec<Finding> {
    if duty.is_removed {
        return vec![Finding::Removed];
    }
    let asked = role::find(&duty.role);
    let is_logged = asked.is_some_and(|role| role.logged);
    let mut found = Vec::new();
    let mut find = |is_so: bool, finding: Finding| {
        if is_so {
            found.push(finding);
        }
    };
    find(duty.person.is_none(), Finding::NoPerson);
    find(duty.role.is_empty(), Finding::NoRole);
    find(duty.from.is_none(), Finding::NoStart);
    find(is_logged && duty.tasks.is_empty(), Finding::NoTasks);
    let is_backwards = matches!((duty.from, duty.until), (Some(from), Some(until)) if until < from);
    find(is_backwards, Finding::EndsBeforeStart);
    found.extend(doubled(duty, log));
    found.extend(authorisation(duty, log, is_logged));
    let none = Vec::new();
    let held = duty.person.as_ref().map(|id| held.get(id).unwrap_or(&none));
    for kind in asked.map_or(&[][..], |role| &role.credentials) {
        if let Some(held) = held {
            found.extend(shown(duty, held, kind, study, today));
        }
    }
    found
}

/// Of two entries that say the same of one day the later one is the doubled one.
fn doubled(duty: &Duty, log: &[Duty]) -> Option<Finding> {
    let from = duty.from?;
    let place = |id: &EntityId| log.iter().position(|other| other.id == *id);
    let mut same = log.iter().filter(|other| {
        duty.person.is_some()
            && !duty.role.is_empty()
            && (&other.person, &other.role, &other.site) == (&duty.person, &duty.role, &duty.site)
            && other.covers(from)
            && (other.from < duty.from || place(&other.id) < place(&duty.id))
    });
    let since = same.next()?.from?;
    Some(Finding::Doubled {
        on: since.to_string(),
    })
}

fn authorisation(duty: &Duty, log: &[Duty], is_logged: bool) -> Vec<Finding> {
    let Some(by) = &duty.authorised_by else {
        // Who leads the site is named by the sponsor, not by an entry of this log.
        let is_wanted = is_logged && !role::leads(&duty.role);
        return Vec::from_iter(is_wanted.then_some(Finding::NotAuthorised));
    };
    if duty.person.as_ref() == Some(by) {
        return vec![Finding::AuthorisedBySelf];
    }
    let mut found = Vec::new();
    if let Some(on) = duty.authorised_on.or(duty.from) {
        let leads = |other: &Duty| {
            let is_here = other.site.is_none() || other.site == duty.site;
            is_here
                && other.person.as_ref() == Some(by)
                && role::leads(&other.role)
                && other.covers(on)
        };
        if !log.iter().any(leads) {
            found.push(Finding::NotInCharge { on: on.to_string() });
        }
    }
    if let (Some(on), Some(from)) = (duty.authorised_on, duty.from)
        && on > from
    {
        found.push(Finding::AuthorisedLate { on: on.to_string() });
    }
    found
}

fn shown(
    duty: &Duty,
    held: &[Credential],
    kind: &str,
    study: &EntityId,
    today: NaiveDate,
) -> Option<Finding> {
    if let Some(from) = duty.from.filter(|from| *from <= today) {
        let then = credential::standing(held, kind, Some(study), from);
        if !then.state.holds() {
            return Some(Finding::CredentialAtStart {
                kind: kind.to_owned(),
                state: then.state,
                on: from.to_string(),
            });
        }
    }
    if !duty.is_open(today) {
        return None;
    }
    let day = duty.from.map_or(today, |from| from.max(today));
    let now = credential::standing(held, kind, Some(study), day);
    let is_fine = matches!(now.state, State::Valid | State::Waived);
    (!is_fine).then(|| Finding::now(&now))
}

#[cfg(test)]
mod tests;

//! What screens show of a directory and of a delegation log.

use crate::people::credential::{Standing, State};
use crate::people::delegation::Finding;
use crate::reference::Bilingual;
use crate::spelling::Why;
use crate::{Entity, EntityId, Link, StudyId};
use serde::Serialize;
use std::collections::BTreeMap;
use ts_rs::TS;

/// One line of the list of people.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PersonRow {
    /// The person.
    pub id: EntityId,
    /// The directory that she stands in.
    pub directory: StudyId,
    /// Name, Chinese; empty when there is none.
    pub name_zh: String,
    /// Name in Latin letters; empty when there is none.
    pub name_en: String,
    /// Title.
    pub title: Bilingual,
    /// The organisation, where one of the directory is named.
    pub organisation: Option<EntityId>,
    /// Its name.
    pub organisation_name: Bilingual,
    /// The department's name.
    pub department: Bilingual,
    /// Phone.
    pub phone: String,
    /// Mobile.
    pub mobile: String,
    /// E-mail.
    pub email: String,
    /// WeChat.
    pub wechat: String,
    /// Roles that run now, codes of `contactRole`.
    pub roles: Vec<String>,
    /// The worst of what she holds and of what her roles ask for; `None` when that is nothing.
    pub state: Option<State>,
    /// The soonest end of what is expiring or expired; empty otherwise. Time: `YYYY-MM-DD`.
    pub until: String,
    /// How many studies point at her: a change of hers touches so many.
    pub n_studies: u32,
    /// Fields in conflict, those of her credentials counted.
    pub n_conflicts: u32,
    /// Whether she was put aside.
    pub archived: bool,
}

/// One line of the list of organisations.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationRow {
    /// The organisation.
    pub id: EntityId,
    /// The directory that it stands in.
    pub directory: StudyId,
    /// Code of `organisationKind`; empty when unknown.
    pub kind: String,
    /// Name, Chinese; empty when there is none.
    pub name_zh: String,
    /// Name, English; empty when there is none.
    pub name_en: String,
    /// Short name, Chinese or else English.
    pub short: String,
    /// City.
    pub city: String,
    /// Code of `hospitalLevel`; empty when unknown.
    pub level: String,
    /// People who belong to it.
    pub n_people: u32,
    /// Sites of studies that point at it.
    pub n_sites: u32,
    /// How many studies point at it or at a part of it: a change touches so many.
    pub n_studies: u32,
    /// Fields in conflict, those of its parts counted.
    pub n_conflicts: u32,
    /// Whether it was put aside.
    pub archived: bool,
}

/// Where a study points at somebody or something of a directory.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "DirectoryUse")]
pub struct Use {
    /// The study.
    pub study: StudyId,
    /// Its title, Chinese or else English.
    pub title: String,
    /// The entity that points: a site, a contact, an assignment.
    pub entity: EntityId,
    /// Its kind.
    pub kind: String,
    /// The register.
    pub field: String,
    /// The site; `None` for the study as a whole.
    pub site: Option<EntityId>,
    /// The site's hospital as the study spells it, Chinese or else English.
    pub site_name: String,
    /// Code of `contactRole`; empty for a site.
    pub role: String,
    /// First day, as written.
    pub from: String,
    /// Last day, as written.
    pub until: String,
    /// Whether an assignment is not over; true for anything else.
    pub open: bool,
}

/// Somebody with all that is known of her.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PersonSheet {
    /// Her line in the list.
    pub row: PersonRow,
    /// Her fields, with their rivals.
    pub entity: Entity,
    /// The same person's entities that were joined into this one.
    pub also: Vec<Entity>,
    /// Her credentials, the ones put aside left out.
    pub credentials: Vec<Entity>,
    /// How she stands with what she holds and what her roles ask for.
    pub standings: Vec<Standing>,
    /// Where studies point at her, by study.
    pub uses: Vec<Use>,
    /// The directory of each entity here that stands in another one than hers.
    pub homes: BTreeMap<EntityId, StudyId>,
}

/// An office with what it can show.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OfficeStanding {
    /// The office.
    pub office: EntityId,
    /// How it stands with what it holds.
    pub standings: Vec<Standing>,
}

/// An organisation with all that is known of it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct OrganisationSheet {
    /// Its line in the list.
    pub row: OrganisationRow,
    /// Its fields, with their rivals.
    pub entity: Entity,
    /// Entities of the same organisation that were joined into this one.
    pub also: Vec<Entity>,
    /// Its departments, committees and offices.
    pub parts: Vec<Entity>,
    /// Credentials of its offices.
    pub credentials: Vec<Entity>,
    /// How its offices stand with them.
    pub standings: Vec<OfficeStanding>,
    /// Who belongs to it.
    pub people: Vec<PersonRow>,
    /// Where studies point at it or at a part of it, by study.
    pub uses: Vec<Use>,
    /// The directory of each entity here that stands in another one than its own.
    pub homes: BTreeMap<EntityId, StudyId>,
}

/// One entry of a delegation log.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DutyRow {
    /// The assignment.
    pub id: EntityId,
    /// The site; `None` for the study as a whole.
    pub site: Option<EntityId>,
    /// The site's hospital, Chinese or else English.
    pub site_name: String,
    /// The person in the directory, joined persons as one; `None` while nobody is named.
    pub person: Option<Link>,
    /// Her name, Chinese: as the directory has it, or else as it was written here.
    pub name_zh: String,
    /// Her name in Latin letters, likewise.
    pub name_en: String,
    /// Code of `contactRole`.
    pub role: String,
    /// Codes of `task`.
    pub tasks: Vec<String>,
    /// First day, as written.
    pub from: String,
    /// Last day, as written; empty while it runs.
    pub until: String,
    /// Who authorised it: the name, each language empty where there is none.
    pub authorised_by: Bilingual,
    /// When, as written.
    pub authorised_on: String,
    /// Initials.
    pub initials: String,
    /// Whether it is not over.
    pub open: bool,
    /// Whether it is shown by deletion alone.
    pub removed: bool,
    /// How she stands today with what her role asks for; empty while her directory is not here.
    pub standings: Vec<Standing>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
    /// Whether one of the findings breaks a rule.
    pub breach: bool,
}

/// How a contact of a study stands with one of her certificates.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ContactStanding {
    /// The contact.
    pub contact: EntityId,
    /// The site; `None` for the study as a whole.
    pub site: Option<EntityId>,
    /// How she stands today.
    pub standing: Standing,
    /// Whether it is named where a site's readiness is looked at: it ends soon or is
    /// over, and the delegation log does not say so already.
    pub ending: bool,
}

/// A site whose hospital is not named in the directory, or a record there that may be doubled.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpelledSite {
    /// The study.
    pub study: StudyId,
    /// The study's title, Chinese or else English.
    pub title: String,
    /// The site.
    pub site: EntityId,
    /// The hospital as the study spells it, Chinese.
    pub name_zh: String,
    /// The hospital as the study spells it, English.
    pub name_en: String,
    /// City as written.
    pub city: String,
}

/// Spellings that may mean one hospital.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpellingGroup {
    /// The hospital of the directory; `None` when it has none of them yet.
    pub organisation: Option<Link>,
    /// The code of the partner hospital that is meant and that the directory does not have; else
    /// empty.
    pub partner: String,
    /// Its name, or else the spelling that stands most often.
    pub name_zh: String,
    /// The same in English.
    pub name_en: String,
    /// City.
    pub city: String,
    /// The least sure of the reasons.
    pub why: Why,
    /// The sites to be joined.
    pub sites: Vec<SpelledSite>,
}

/// Records of a directory that may mean one person or organisation.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Doubled {
    /// `individual` or `organisation`.
    pub kind: String,
    /// The records, oldest first.
    pub records: Vec<Link>,
    /// Their names, in the same order.
    pub names: Vec<String>,
}

/// What could be joined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SpellingSheet {
    /// Sites, by hospital.
    pub groups: Vec<SpellingGroup>,
    /// Records that are there twice.
    pub doubled: Vec<Doubled>,
    /// Sites that name no hospital (`Research Site`) and are never suggested.
    pub n_nameless: u32,
}

/// Contacts that were given out.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DisclosureRow {
    /// The entry of the log.
    pub id: EntityId,
    /// When. Time: device time, UTC, RFC 3339.
    pub at: String,
    /// Who gave them out.
    pub by_name: String,
    /// The study whose contacts they were; `None` for people of the directory.
    pub study: Option<StudyId>,
    /// Its title, Chinese or else English; empty without a study or when it is not here.
    pub title: String,
    /// `vcf`, `zip`, `csv` or `xlsx`.
    pub format: String,
    /// How many.
    pub n: u32,
    /// To whom.
    pub to: String,
    /// Why.
    pub purpose: String,
}

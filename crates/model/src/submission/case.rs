//! One submission with everything that it rests on.

use super::rounds;
use crate::formset::{FormSet, OwnSets, SetList};
use crate::version::Standing;
use crate::{Entity, EntityId, EntityMark, Head, PersonId, Register, StudyDoc, kind};
use serde_json::{Value, json};

/// One submission as its rules read it.
#[derive(Clone, Copy, Debug)]
pub struct Case<'a> {
    /// The study.
    pub doc: &'a StudyDoc,
    /// The submission.
    pub submission: &'a Entity,
    /// Its site.
    pub site: &'a Entity,
    /// Where the protocol stands.
    pub standing: &'a Standing,
    /// The form set that it was begun with; `None` when that is not here.
    pub set: Option<&'a FormSet>,
}

/// Roles of those who are responsible at a site, the nearest first.
const INVESTIGATORS: [&str; 2] = ["SITE_PI", "PRINCIPAL_INVESTIGATOR"];

/// Roles of those whom a committee calls, the first choice first.
const CALLED: [&str; 3] = ["CONTACT", "CRC", "SUB_INVESTIGATOR"];

/// Whom a site's committee calls, in letter and forms alike: the site's contact, else its
/// investigator, else the study's contact.
pub fn called<'a>(doc: &'a StudyDoc, site: &'a Entity) -> Option<&'a Entity> {
    let here: Vec<_> = doc.children(&site.id, kind::CONTACT).collect();
    let all: Vec<_> = doc.children_of_study(kind::CONTACT).collect();
    first_of(&here, CALLED.into_iter().chain(INVESTIGATORS))
        .or_else(|| first_of(&all, CALLED.into_iter()))
        .or_else(|| all.into_iter().find(|one| one.text("scope") == "CENTRAL"))
}

fn first_of<'a, 'r>(
    people: &[&'a Entity],
    mut roles: impl Iterator<Item = &'r str>,
) -> Option<&'a Entity> {
    roles.find_map(|role| people.iter().copied().find(|one| one.text("role") == role))
}

/// Roles that do research at a site; secretaries and monitors are called, not listed.
pub const RESEARCHERS: [&str; 10] = [
    "PRINCIPAL_INVESTIGATOR",
    "SITE_PI",
    "SUB_INVESTIGATOR",
    "RESEARCH_NURSE",
    "CRC",
    "PHARMACIST",
    "LAB",
    "IMAGING",
    "DATA_MANAGER",
    "STATISTICIAN",
];

/// Types that put no protocol before the committee: they speak of the version that it approved last.
pub const REPORTS: [&str; 7] = [
    "continuing",
    "sae",
    "susar",
    "deviation",
    "suspension",
    "termination",
    "completion",
];

/// A submission that is not there, to look at what a set would ask for.
pub fn imagined(site: &Entity, kind: &str, version: Option<&EntityId>) -> Entity {
    let register = |value: Value| Register {
        heads: vec![Head {
            op: String::new(),
            lam: 0,
            value,
            redacted: false,
            by: PersonId::from_uuid(uuid::Uuid::nil()),
            by_name: String::new(),
            device: String::new(),
            at: String::new(),
            tz_minutes: 0,
        }],
        conflict: false,
    };
    let said = [("type", json!(kind)), ("round", json!(1))];
    let version = version.map(|id| ("version", json!({"$ref": id.as_str()})));
    let fields = said.into_iter().chain(version);
    Entity {
        id: EntityId::from_uuid(uuid::Uuid::nil()),
        kind: kind::SUBMISSION.to_owned(),
        parent: Some(site.id.clone()),
        ord: String::new(),
        mark: EntityMark::Live,
        fields: fields
            .map(|(field, value)| (field.to_owned(), register(value)))
            .collect(),
    }
}

impl<'a> Case<'a> {
    /// Reads a submission; `None` when it is none, or its site is gone.
    pub fn of(
        doc: &'a StudyDoc,
        submission: &EntityId,
        standing: &'a Standing,
        own: &'a OwnSets,
    ) -> Option<Self> {
        let submission = doc.entity(submission)?;
        let site = doc.entity(submission.parent.as_ref()?)?;
        let set = own.of_submission(submission);
        (submission.kind == kind::SUBMISSION && site.kind == kind::SITE).then_some(Self {
            doc,
            submission,
            site,
            standing,
            set,
        })
    }

    /// Code of `submissionType`; empty when none is set.
    pub fn kind(&self) -> &'a str {
        self.submission.text("type")
    }

    /// What the committee wants.
    pub fn list(&self) -> Option<&'a SetList> {
        let set: &'a FormSet = self.set?;
        set.list(self.doc, self.site, self.kind())
    }

    /// The protocol version that is submitted.
    pub fn version(&self) -> Option<&'a Entity> {
        let version = self.doc.entity(&self.submission.reference("version")?)?;
        (version.kind == kind::VERSION && version.is_shown()).then_some(version)
    }

    /// Whether it reports on a study that the committee approved.
    pub fn is_report(&self) -> bool {
        REPORTS.contains(&self.kind())
    }

    /// Number and date of the version that it speaks of, as it was frozen; of a report without one,
    /// the number that is noted of the site's approval, without a date.
    pub fn named_version(&self) -> Option<(&'a str, &'a str)> {
        if let Some(version) = self.version() {
            return Some(match self.standing.version(&version.id) {
                Some(row) => (&row.number, &row.date),
                None => (version.text("number"), version.text("date")),
            });
        }
        let noted = self
            .standing
            .site(&self.site.id)
            .filter(|_| self.is_report());
        noted
            .map(|row| (row.number.as_str(), ""))
            .filter(|(number, _)| !number.is_empty())
    }

    /// Who is responsible at the site; of the study when the site names nobody and leads.
    pub fn investigator(&self) -> Option<&'a Entity> {
        self.investigators().next().or_else(|| {
            let is_lead = self.site.text("role") == "LEAD";
            let mut people = self.doc.children_of_study(kind::CONTACT);
            people.find(|person| is_lead && person.text("role") == INVESTIGATORS[1])
        })
    }

    /// Everybody at the site who is called responsible, the nearest role first.
    pub fn investigators(&self) -> impl Iterator<Item = &'a Entity> {
        let (doc, site) = (self.doc, self.site);
        INVESTIGATORS.into_iter().flat_map(move |role| {
            let people = doc.children(&site.id, kind::CONTACT);
            people.filter(move |person| person.text("role") == role)
        })
    }

    /// Who takes part at the site, the responsible one and the committee's own people left out.
    pub fn team(&self) -> impl Iterator<Item = &'a Entity> {
        const OTHERS: [&str; 5] = [
            "EC_SECRETARY",
            "OFFICE_SECRETARY",
            "OFFICE_QA",
            "CONTRACTS",
            "SPONSOR_CONTACT",
        ];
        let responsible = self.investigator().map(|person| &person.id);
        let people = self.doc.children(&self.site.id, kind::CONTACT);
        people.filter(move |person| {
            Some(&person.id) != responsible && !OTHERS.contains(&person.text("role"))
        })
    }

    /// The first contact of one of some roles (`A|B`): at the site, else of the study. Where one to
    /// be called is asked for, as [`called`].
    pub fn contact(&self, roles: &str) -> Option<&'a Entity> {
        if roles.split('|').any(|role| role == CALLED[0]) {
            return called(self.doc, self.site);
        }
        let find = |people: &[&'a Entity]| first_of(people, roles.split('|'));
        find(
            &self
                .doc
                .children(&self.site.id, kind::CONTACT)
                .collect::<Vec<_>>(),
        )
        .or_else(|| {
            find(
                &self
                    .doc
                    .children_of_study(kind::CONTACT)
                    .collect::<Vec<_>>(),
            )
        })
    }

    /// The newest count of participants at the site.
    pub fn count(&self) -> Option<&'a Entity> {
        let counts = self.doc.children(&self.site.id, kind::ENROLMENT);
        counts.max_by(|a, b| a.text("date").cmp(b.text("date")))
    }

    /// The site that leads, when it is another one.
    pub fn lead_site(&self) -> Option<&'a Entity> {
        let mut sites = self.doc.of_kind(kind::SITE);
        sites.find(|site| site.text("role") == "LEAD" && site.id != self.site.id)
    }

    /// The submission to the lead site's committee that this one rests on.
    pub fn lead_submission(&self) -> Option<&'a Entity> {
        self.doc.entity(&self.submission.reference("lead")?)
    }

    /// The committee's name: of the site, Chinese or else English.
    pub fn committee(&self) -> &'a str {
        self.site.text_in("committee", crate::Lang::Zh)
    }

    /// The decision that counts: the one of the latest day.
    pub fn decision(&self) -> Option<&'a Entity> {
        decision_of(self.doc, self.submission)
    }

    /// The rounds of questions, in order.
    pub fn replies(&self) -> Vec<&'a Entity> {
        rounds::below(self.doc, self.submission)
    }
}

/// The decision about a submission that counts: the one of the latest day.
pub fn decision_of<'a>(doc: &'a StudyDoc, submission: &Entity) -> Option<&'a Entity> {
    let decisions = doc.of_kind(kind::DECISION);
    decisions
        .filter(|one| one.parent.as_ref() == Some(&submission.id) && !one.text("result").is_empty())
        .max_by(|a, b| a.text("date").cmp(b.text("date")))
}

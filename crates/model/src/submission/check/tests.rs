//! Submissions in which everything fits, made of the sample; `faults` breaks them.

use super::*;
use crate::formset::{self, FormSet, fill};
use crate::submission::list::Status;
use crate::testing::{self, register};
use crate::version::{ApprovalRow, SiteStanding, Standing, VersionRow};
use crate::{Entity, StudyDoc, code, kind};
use serde_json::{Value, json};

/// A submission with everything that its check reads.
pub(super) struct World {
    pub(super) doc: StudyDoc,
    pub(super) standing: Standing,
    pub(super) own: OwnSets,
    pub(super) today: NaiveDate,
    pub(super) credentials: BTreeMap<EntityId, Vec<Credential>>,
    pub(super) here: Option<BTreeSet<String>>,
    pub(super) looked: BTreeMap<String, Looked>,
    pub(super) id: EntityId,
}

/// A file with a content of its own.
pub(super) fn a_file(n: usize) -> Value {
    let hash = format!("sha256:{n:064x}");
    json!({"$blob": hash, "size": 2048, "mime": "application/pdf", "name": format!("{n}.pdf")})
}

fn a_version(doc: &mut StudyDoc, number: &str, date: &str, base: Option<&EntityId>) -> VersionRow {
    let fields = json!({"number": number, "date": date});
    let id = testing::add(doc, kind::VERSION, None, fields);
    VersionRow {
        id,
        number: number.into(),
        date: date.into(),
        base: base.cloned(),
        reason: "regulatoryRequest".into(),
        summary_zh: "补充随访安排".into(),
        summary_en: String::new(),
        hash: format!("sha256:{number}"),
        content: format!("sha256:{number}"),
        frozen_at: "2026-03-05T00:00:00Z".into(),
        frozen_by: String::new(),
        left_out: Vec::new(),
        missing: Vec::new(),
        doubts: Vec::new(),
        confirmed: true,
        intact: true,
        duplicate: false,
        state: "frozen".into(),
        approvals: Vec::new(),
        approved_at: Vec::new(),
    }
}

fn approved(doc: &StudyDoc, site: &EntityId, row: Option<&VersionRow>, on: &str) -> SiteStanding {
    SiteStanding {
        site: site.clone(),
        site_name: doc.entity(site).unwrap().text("facility.zh").into(),
        site_name_en: "Huashan Hospital".to_owned(),
        current: row.map(|row| row.id.clone()),
        number: row.map(|row| row.number.clone()).unwrap_or_default(),
        approved_on: on.into(),
        letter: if on.is_empty() {
            String::new()
        } else {
            "2026-伦审-011".into()
        },
        valid_until: if on.is_empty() {
            String::new()
        } else {
            "2027-04-30".into()
        },
        pending: None,
    }
}

impl World {
    /// A submission of a type at the lead site or at a participating one, in one of the sets.
    pub(super) fn new(kind: &str, number: &str, set: &str) -> Self {
        let mut doc = testing::sample(&crate::sample::studies()[0]);
        let sites: Vec<EntityId> = doc
            .of_kind(kind::SITE)
            .map(|site| site.id.clone())
            .collect();
        let at = |doc: &StudyDoc, number: &str| {
            let mut sites = doc.of_kind(kind::SITE);
            sites
                .find(|site| site.text("number") == number)
                .unwrap()
                .id
                .clone()
        };
        let site = at(&doc, number);
        let old = a_version(&mut doc, "V1.1", "2026-03-05", None);
        let new = a_version(&mut doc, "V2.0", "2026-11-02", Some(&old.id));
        let is_first = ["initial", "exemption", "consentWaiver", "resubmission"].contains(&kind);
        let (row, today) = match (is_first, number) {
            (true, "01") => (&old, "2026-03-10"),
            // The lead site's committee has approved by then.
            (true, _) => (&old, "2026-04-10"),
            (false, _) => (&new, "2026-11-26"),
        };
        let newest = set_of(set);
        let mut fields = json!({
            "type": kind, "round": 1, "language": "zh", "forms": newest.key,
            "formsVersion": newest.version, "version": {"$ref": row.id},
        });
        if kind == "amendment" {
            fields["base"] = json!({"$ref": old.id});
        }
        let id = testing::add(&mut doc, kind::SUBMISSION, Some(&site), fields);
        let counts = |doc: &StudyDoc, one: &EntityId| {
            // An amendment goes to the lead site's committee first.
            let is_ahead = kind != "amendment" || (*one == at(doc, "01") && number != "01");
            let row = if is_ahead { &new } else { &old };
            match (is_first, number) {
                (true, "02") if *one == at(doc, "01") => {
                    approved(doc, one, Some(&old), "2026-03-30")
                }
                (true, _) => approved(doc, one, None, ""),
                (false, _) if is_ahead => approved(doc, one, Some(row), "2026-11-10"),
                (false, _) => approved(doc, one, Some(row), "2026-04-10"),
            }
        };
        let standings = sites.iter().map(|one| counts(&doc, one)).collect();
        let versions = if is_first {
            vec![old.clone()]
        } else {
            vec![new.clone(), old.clone()]
        };
        let mut world = Self {
            doc,
            standing: Standing {
                versions,
                sites: standings,
                ..Standing::default()
            },
            own: OwnSets::default(),
            today: crate::people::day::first(today).unwrap(),
            credentials: BTreeMap::new(),
            here: None,
            looked: BTreeMap::new(),
            id,
        };
        world.fit(kind, row);
        world.complete();
        world
    }

    /// Makes the sample's documents say what the study says.
    fn fit(&mut self, kind: &str, row: &VersionRow) {
        let root = self.doc.root().unwrap().clone();
        let site = self.site().clone();
        let is_of_children = self.case().set.unwrap().key == "cn-children";
        let n_sites = self.doc.of_kind(kind::SITE).count();
        let contacts = self.doc.of_kind(kind::CONTACT);
        let certified = contacts.filter(|one| !one.text("gcpUntil").is_empty());
        let people: Vec<EntityId> = (self.doc.of_kind(kind::CONTACT))
            .filter(|one| one.text_in("task", crate::Lang::Zh).is_empty())
            .map(|one| one.id.clone())
            .collect();
        for id in certified.map(|one| one.id.clone()).collect::<Vec<_>>() {
            self.put(&id, "gcpUntil", json!("2028-04-30"));
        }
        for id in people {
            self.put(&id, "task.zh", json!("随访"));
        }
        let pi = self
            .case()
            .investigator()
            .unwrap()
            .text("name.zh")
            .to_owned();
        let documents: Vec<Entity> = self.doc.of_kind(kind::DOCUMENT).cloned().collect();
        for (n, document) in documents.iter().enumerate() {
            let id = &document.id;
            match document.text("kind") {
                // Our own package fills this one.
                "application" => self.put(id, "status", json!("lack")),
                "protocol" => {
                    self.put(id, "version", json!(row.number));
                    self.put(id, "versionDate", json!(row.date));
                }
                "consent" => {
                    for (field, value) in [
                        ("version", json!(row.number)),
                        ("versionDate", json!(row.date)),
                        ("says.title", root.value("officialTitle.zh").clone()),
                        ("says.number", root.value("number.org").clone()),
                        (
                            "says.protocolVersion",
                            json!(row.number.trim_start_matches('V')),
                        ),
                        ("says.protocolDate", json!(row.date)),
                        ("says.enrollment", root.value("enrollment").clone()),
                        (
                            "says.siteEnrollment",
                            site.value("plannedEnrollment").clone(),
                        ),
                        ("says.sites", json!(n_sites)),
                        ("says.investigator", json!(pi)),
                        ("says.committeeContact", json!(true)),
                    ] {
                        self.put(id, field, value);
                    }
                }
                "insurance" => {
                    self.put(id, "status", json!("have"));
                    self.put(id, "versionDate", json!("2026-03-01"));
                    self.put(id, "validUntil", json!("2028-12-31"));
                }
                "integrity" | "coi" => self.put(id, "signature", json!("signed")),
                "sampleSource" if kind == "exemption" => self.put(id, "status", json!("have")),
                "brochure" if is_of_children => {
                    self.put(id, "status", json!("have"));
                    self.put(id, "version", json!("1.0"));
                    self.put(id, "versionDate", json!("2026-02-01"));
                }
                "sampleSource" => self.put(id, "note", json!("不留存样本")),
                _ => {}
            }
            if document.text("kind") != "application" {
                self.put(id, "file", a_file(n));
            }
        }
        if is_of_children && kind == "amendment" {
            // Its list does not ask for the lead site's letter.
            let lead = self.case().lead_site().map(|lead| lead.id.clone());
            let fields = json!({"type": "amendment", "round": 1});
            let lead =
                lead.map(|lead| testing::add(&mut self.doc, kind::SUBMISSION, Some(&lead), fields));
            let id = self.id.clone();
            self.put(&id, "lead", json!(lead.map(|lead| json!({"$ref": lead}))));
        }
        if kind == "resubmission" {
            let site = site.id.clone();
            let before = testing::add(
                &mut self.doc,
                kind::SUBMISSION,
                Some(&site),
                json!({"type": "initial"}),
            );
            let reply = testing::add(
                &mut self.doc,
                kind::REPLY,
                Some(&before),
                json!({"round": 1}),
            );
            let fields = json!({"number": "1", "text": "请说明随访", "answer.zh": "已补充"});
            testing::add(&mut self.doc, kind::POINT, Some(&reply), fields);
            let id = self.id.clone();
            self.put(&id, "previous", json!({"$ref": before}));
            let base = row.id.clone();
            self.put(&id, "base", json!({"$ref": base}));
        }
    }

    /// Adds what the list still wants and answers what the forms ask.
    fn complete(&mut self) {
        let case = self.case();
        let rows: Vec<_> = list::rows(&case)
            .iter()
            .map(|row| (row.status, row.item.clone()))
            .collect();
        let id = self.id.clone();
        for (n, (status, item)) in rows.into_iter().enumerate() {
            match status {
                Status::Open => {
                    let fields = json!({"item": item.key, "status": "na", "reason": "本研究没有"});
                    testing::add(&mut self.doc, kind::ENCLOSURE, Some(&id), fields);
                }
                Status::Lack => {
                    let title = &item.name.zh;
                    let code = item.kinds.first().map_or("other", String::as_str);
                    let date = if item.revised {
                        "2026-11-12"
                    } else {
                        "2026-03-01"
                    };
                    let fields = json!({
                        "kind": code, "status": "have", "title.zh": title, "version": "1.0",
                        "versionDate": date, "language": "zh", "file": a_file(500 + n),
                    });
                    let made = testing::add(&mut self.doc, kind::DOCUMENT, None, fields);
                    if item.kinds.is_empty() {
                        let fields = json!({"item": item.key, "document": {"$ref": made}});
                        testing::add(&mut self.doc, kind::ENCLOSURE, Some(&id), fields);
                    }
                }
                _ => {}
            }
        }
        let forms: Vec<_> = {
            let case = self.case();
            let set = case.set.unwrap();
            let rows = list::rows(&case);
            let made = rows
                .iter()
                .filter(|row| row.item.made == "form" && row.wanted);
            made.filter_map(|row| set.form(&row.item.form).cloned())
                .collect()
        };
        for form in &forms {
            let missing: Vec<(String, Value)> = fill(&self.case(), form)
                .iter()
                .filter(|filled| filled.is_missing())
                .map(|filled| {
                    (
                        format!("{}.{}", filled.part, filled.field.key),
                        json!("示例"),
                    )
                })
                .collect();
            for (name, text) in missing {
                let fields = json!({"form": form.key, "field": name, "text.zh": text});
                testing::add(&mut self.doc, kind::ANSWER, Some(&id), fields);
            }
        }
    }

    pub(super) fn case(&self) -> Case<'_> {
        Case::of(&self.doc, &self.id, &self.standing, &self.own).expect("a submission")
    }

    pub(super) fn site(&self) -> &Entity {
        self.case().site
    }

    /// Sets a register of an entity.
    pub(super) fn put(&mut self, id: &EntityId, field: &str, value: Value) {
        let mut entities = self.doc.entities.iter_mut();
        let entity = entities
            .find(|entity| entity.id == *id)
            .expect("the entity");
        entity.fields.insert(field.into(), register(&[value], 2));
    }

    /// Puts a register into conflict.
    pub(super) fn part(&mut self, id: &EntityId, field: &str, values: [Value; 2]) {
        let mut entities = self.doc.entities.iter_mut();
        let entity = entities
            .find(|entity| entity.id == *id)
            .expect("the entity");
        entity.fields.insert(field.into(), register(&values, 2));
    }

    /// The first shown entity that fits.
    pub(super) fn find(&self, kind: &str, is: impl Fn(&Entity) -> bool) -> EntityId {
        self.doc
            .of_kind(kind)
            .find(|one| is(one))
            .expect("one that fits")
            .id
            .clone()
    }

    /// The first document of a kind.
    pub(super) fn document(&self, code: &str) -> EntityId {
        self.find(kind::DOCUMENT, |one| one.text("kind") == code)
    }

    /// Who is responsible at the site.
    pub(super) fn investigator(&self) -> EntityId {
        self.case().investigator().unwrap().id.clone()
    }

    pub(super) fn remove(&mut self, id: &EntityId) {
        self.doc.entities.retain(|entity| entity.id != *id);
    }

    pub(super) fn findings(&self) -> Vec<Finding> {
        check(&Check {
            case: self.case(),
            own_sets: &self.own,
            today: self.today,
            credentials: &self.credentials,
            here: self.here.as_ref(),
            looked: &self.looked,
        })
    }
}

/// A shipped set.
pub(super) fn set_of(key: &str) -> &'static FormSet {
    formset::newest(&[], key).expect("a shipped set")
}

/// An approval as `desk` derives it.
pub(super) fn an_approval(site: &EntityId, status: &str) -> ApprovalRow {
    ApprovalRow {
        id: site.clone(),
        site: site.clone(),
        site_name: String::new(),
        status: status.into(),
        submitted_on: String::new(),
        decided_on: "2026-03-30".into(),
        letter: "2026-伦审-001".into(),
        valid_until: String::new(),
        interval_months: None,
        conditions: String::new(),
        conflict: false,
        counts: true,
        approved_on: Some("2026-03-30".into()),
    }
}

#[test]
fn nothing_is_found_where_everything_fits() {
    let mut found = Vec::new();
    for set in formset::shipped() {
        for kind in code::CODES
            .iter()
            .filter(|code| code.list == "submissionType")
        {
            for number in ["01", "02"] {
                let world = World::new(kind.code, number, &set.key);
                let what = format!("{} at {number} by {}", kind.code, set.key);
                let findings = world.findings();
                found.extend(
                    findings
                        .iter()
                        .map(|one| format!("{what}: {}", one.text(Lang::En))),
                );
            }
        }
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_title_is_compared_as_readers_see_it() {
    let titles = [
        "立体定向放疗 — 随机研究（Ⅱ期）",
        "Stereotactic radiotherapy: a study",
    ];
    for same in [
        "立体定向放疗—随机研究(Ⅱ期)",
        "STEREOTACTIC Radiotherapy – a study",
        "立体定向放疗 — 随机研究（Ⅱ期） Stereotactic radiotherapy: a study",
    ] {
        assert!(is_one_of(same, titles), "{same}");
    }
    assert!(!is_one_of("立体定向放疗—开放研究(Ⅱ期)", titles));
    assert!(
        is_one_of("anything", ["", ""]),
        "there is nothing to compare with"
    );
}

#[test]
fn what_a_site_says_by_number_alone_is_approved_there() {
    let mut world = World::new("initial", "02", "cn-generic");
    let case = world.case();
    let lead = case.lead_site().unwrap().id.clone();
    let version = case.version().unwrap().id.clone();
    let row = world.standing.versions.iter_mut();
    let row = row.into_iter().find(|row| row.id == version).unwrap();
    row.approved_at.clear();
    let number = row.number.clone();
    for (said, is_approved) in [(number.as_str(), true), ("V0.1", false), ("", false)] {
        let sites = world.standing.sites.iter_mut();
        let site = sites.into_iter().find(|site| site.site == lead).unwrap();
        said.clone_into(&mut site.number);
        assert_eq!(
            world.standing.is_approved_by(&version, &lead),
            is_approved,
            "{said}"
        );
    }
}

#[test]
fn what_another_committee_approved_lets_the_study_begin_there() {
    let mut world = World::new("initial", "02", "cn-generic");
    let id = world.find(kind::MILESTONE, |one| one.text("key") == "study_start");
    world.put(&id, "actual", json!("2026-04-02"));
    let codes: Vec<String> = world.findings().into_iter().map(|one| one.code).collect();
    assert!(
        !codes.contains(&"startBeforeApproval".to_owned()),
        "{codes:?}"
    );
}

//! Organisations and people: one directory for all studies, two laptops, the delegation log, the
//! same hospital under many spellings.

use crate::referee::Referee;
use crate::world::{Laptop, doc, fields, new_study};
use desk::{Desk, DeskError, Edit, HistoryScope, PeopleFilter};
use model::milestone::today::Reminder;
use model::people::credential::State;
use model::people::delegation::{Duty, Finding};
use model::spelling::Why;
use model::{EntityId, Link, StudyId, kind};
use serde_json::{Value, json};

fn add(
    desk: &mut Desk,
    kind: &str,
    parent: Option<&EntityId>,
    pairs: &[(&str, Value)],
) -> EntityId {
    let directory = desk.directory();
    let made = desk.add(&directory, kind, parent.cloned(), fields(pairs), None);
    made.unwrap().0
}

fn person(desk: &mut Desk, zh: &str, en: &str) -> EntityId {
    let names = [("name.zh", json!(zh)), ("name.en", json!(en))];
    add(desk, kind::INDIVIDUAL, None, &names)
}

fn credential(desk: &mut Desk, person: &EntityId, kind: &str, issued: &str, until: &str) {
    let pairs = [
        ("kind", json!(kind)),
        ("issued", json!(issued)),
        ("validUntil", json!(until)),
    ];
    add(desk, kind::CREDENTIAL, Some(person), &pairs);
}

fn link(desk: &Desk, id: &EntityId) -> Value {
    let link = Link {
        entity: id.clone(),
        directory: desk.directory(),
    };
    link.to_value()
}

fn site(desk: &mut Desk, study: &StudyId, name: &str) -> EntityId {
    let pairs = fields(&[("facility.en", json!(name)), ("city", json!("Shanghai"))]);
    desk.add(study, kind::SITE, None, pairs, None).unwrap().0
}

fn people(desk: &Desk) -> Vec<model::people::row::PersonRow> {
    let filter = PeopleFilter {
        limit: 100,
        ..PeopleFilter::default()
    };
    desk.people(&filter).unwrap().rows
}

fn put(desk: &mut Desk, id: &EntityId, field: &str, value: Value) {
    let sheet = desk.person_sheet(id).unwrap();
    let register = sheet.entity.fields.get(field);
    let edit = Edit {
        entity: id.clone(),
        field: field.to_owned(),
        value,
        seen: register.map(model::Register::seen).unwrap_or_default(),
    };
    desk.set(&sheet.row.directory, edit, None).unwrap();
}

#[test]
fn one_person_once_and_a_change_says_how_many_studies_it_touches() {
    let mut li = Laptop::new(700, "李明");
    let desk = &mut li.desk;
    let hospital = [
        ("name.zh", json!("复旦大学附属中山医院")),
        ("kind", json!("HOSPITAL")),
    ];
    let hospital = add(desk, kind::ORGANISATION, None, &hospital);
    let wang = person(desk, "王芳", "Wang Fang");
    let pointer = json!({"$ref": hospital.as_str()});
    put(desk, &wang, "organisation", pointer);
    credential(desk, &wang, "GCP", "2024-01-01", "2026-12-31");
    let mut entry = None;
    for n in 0..3 {
        let study = new_study(desk, &format!("研究{n}"));
        let place = site(desk, &study, "Zhongshan Hospital");
        let who = link(desk, &wang);
        let pairs = fields(&[
            ("person", who),
            ("role", json!("CRC")),
            ("from", json!("2026-01-01")),
        ]);
        let made = desk
            .add(&study, kind::ASSIGNMENT, Some(place), pairs, None)
            .unwrap();
        entry = Some((study, made.0));
    }
    let row = people(desk).remove(0);
    assert_eq!((row.n_studies, row.roles), (3, vec!["CRC".to_owned()]));
    assert_eq!(row.organisation_name.zh, "复旦大学附属中山医院");
    // The clock of the bench stands in November 2026: 60 days before the end have begun.
    assert_eq!(
        (row.state, row.until.as_str()),
        (Some(State::Expiring), "2026-12-31")
    );
    assert_eq!(desk.person_sheet(&wang).unwrap().uses.len(), 3);

    // The name went along, for whoever has the study without the directory.
    let (study, entry) = entry.unwrap();
    assert_eq!(
        doc(desk, &study).entity(&entry).unwrap().text("name.zh"),
        "王芳"
    );
    // One change, and every study reads it.
    put(desk, &wang, "name.zh", json!("王小芳"));
    assert_eq!(desk.delegation(&study, None).unwrap()[0].name_zh, "王小芳");
    // A study put aside is touched no more; an assignment that is over still points.
    desk.archive_study(&study).unwrap();
    assert_eq!(people(desk)[0].n_studies, 2);
    assert!(matches!(
        desk.archive(&study, &entry, &[]),
        Err(DeskError::EndedNotDeleted)
    ));
    let sheet = desk.organisation_sheet(&hospital).unwrap();
    assert_eq!((sheet.row.n_people, sheet.people.len()), (1, 1));
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn contacts_of_a_study_are_given_out_with_those_who_work_in_it() {
    let mut li = Laptop::new(702, "李明");
    let desk = &mut li.desk;
    let (wang, zhao) = (person(desk, "王芳", ""), person(desk, "赵静", ""));
    let study = new_study(desk, "甲");
    let place = site(desk, &study, "Zhongshan Hospital");
    let duties = [
        (&wang, "CRC", None),
        (&wang, "SITE_PI", None),
        (&zhao, "CRC", Some("2026-02-01")),
    ];
    for (who, role, until) in duties {
        let mut pairs = fields(&[
            ("person", link(desk, who)),
            ("role", json!(role)),
            ("from", json!("2026-01-01")),
        ]);
        pairs.extend(until.map(|day| ("until".to_owned(), json!(day))));
        let at = Some(place.clone());
        desk.add(&study, kind::ASSIGNMENT, at, pairs, None).unwrap();
    }
    let cards = desk.cards(Some(&study), &[], model::Lang::Zh).unwrap();
    let said: Vec<_> = cards
        .iter()
        .map(|card| (card.name.as_str(), card.role.contains("中心负责人")))
        .collect();
    assert_eq!(said, [("王芳", true)], "who left is given out no more");
}

#[test]
fn whoever_works_here_is_added_once() {
    let mut li = Laptop::new(703, "李明");
    let desk = &mut li.desk;
    assert_eq!(desk.own_name_missing().unwrap().unwrap().zh, "李明");
    let (own, _) = desk.own_person().unwrap();
    assert_eq!(desk.own_name_missing().unwrap(), None);
    assert_eq!(desk.own_person().unwrap().0, own);
    let names: Vec<_> = people(desk).into_iter().map(|row| row.name_zh).collect();
    assert_eq!(names, ["李明"]);
}

#[test]
fn a_directory_is_no_study_and_takes_back_its_entries_alone() {
    let mut li = Laptop::new(701, "李明");
    let desk = &mut li.desk;
    let study = new_study(desk, "甲");
    let first = person(desk, "王芳", "");
    let directory = desk.directory();
    assert_eq!(desk.studies().unwrap().len(), 1);
    assert!(desk.find_study(directory.as_str()).unwrap().is_none());
    assert!(desk.search("王芳", 10).unwrap().is_empty());
    for (stream, kind) in [(&study, kind::INDIVIDUAL), (&directory, kind::SITE)] {
        let refused = desk.add(stream, kind, None, fields(&[]), None);
        assert!(
            matches!(refused, Err(DeskError::UnknownName { .. })),
            "{kind}"
        );
    }
    let scope = HistoryScope::Entity(directory.clone(), first);
    assert_eq!(desk.history(&scope, 10, 0).unwrap().len(), 1);
    let undone = desk.undo().unwrap().unwrap();
    assert_eq!(undone.kind.as_deref(), Some(kind::INDIVIDUAL));
    assert_eq!(people(desk).len(), 0);
    desk.redo().unwrap().unwrap();
    assert_eq!(people(desk).len(), 1);
    person(desk, "赵云", "");
    assert_eq!(people(desk).len(), 2);
    let before = desk.digest().unwrap();
    let mut li = li.reopen();
    assert_eq!(
        (people(&li.desk).len(), li.desk.digest().unwrap()),
        (2, before)
    );
    assert!(li.desk.verify().unwrap().problems.is_empty());
    assert_eq!(li.desk.directory(), directory);
    li.desk.idle().unwrap();
}

#[test]
fn two_laptops_that_began_apart_read_one_directory_and_join_what_is_doubled() {
    let mut center = Referee::default();
    let (mut li, mut wang) = (Laptop::new(702, "李明"), Laptop::new(703, "王芳"));
    let mobile = |desk: &mut Desk, number: &str| {
        let id = person(desk, "赵云", "");
        put(desk, &id, "mobile", json!(number));
        id
    };
    let here = mobile(&mut li.desk, "138 0000 0000");
    let there = mobile(&mut wang.desk, "+86 13800000000");
    put(&mut wang.desk, &there, "email", json!("zhao@example.org"));
    credential(&mut wang.desk, &there, "GCP", "2025-01-01", "2029-01-01");
    assert_ne!(li.desk.directory(), wang.desk.directory());
    for _ in 0..2 {
        center.sync(&mut li.desk);
        center.sync(&mut wang.desk);
    }
    for desk in [&li.desk, &wang.desk] {
        assert_eq!(people(desk).len(), 2);
        let doubled = desk.spellings().unwrap().doubled;
        assert_eq!((doubled.len(), doubled[0].records.len()), (1, 2));
    }
    // Nothing is merged: the joined record is read through the kept one.
    li.desk.join_records(&here, &there).unwrap();
    let rows = people(&li.desk);
    assert_eq!(
        (rows.len(), rows[0].email.as_str()),
        (1, "zhao@example.org")
    );
    let sheet = li.desk.person_sheet(&there).unwrap();
    assert_eq!((&sheet.entity.id, sheet.also.len()), (&here, 1));
    assert_eq!(sheet.credentials.len(), 1);
    // What stands in the other's directory is edited there.
    let certificate = sheet.credentials[0].id.clone();
    let there_too = wang.desk.directory();
    assert_eq!(sheet.homes.len(), 2);
    assert_eq!(sheet.homes[&certificate], there_too);
    let holder = li.desk.person_sheet(&certificate).unwrap();
    assert_eq!(holder.entity.id, here);
    let again = li.desk.join_records(&there, &here);
    assert!(matches!(again, Err(DeskError::NotJoinable)));
    // Parting is one step, and so is taking that back.
    li.desk.part_records(&there).unwrap();
    assert_eq!(people(&li.desk).len(), 2);
    assert!(matches!(
        li.desk.part_records(&there),
        Err(DeskError::NotJoinable)
    ));
    li.desk.undo().unwrap().unwrap();
    assert_eq!(people(&li.desk).len(), 1);
    // The other laptop joined them the other way round meanwhile: both agree on one.
    wang.desk.join_records(&there, &here).unwrap();
    for _ in 0..2 {
        center.sync(&mut li.desk);
        center.sync(&mut wang.desk);
    }
    let kept = |desk: &Desk| {
        people(desk)
            .into_iter()
            .map(|row| row.id)
            .collect::<Vec<_>>()
    };
    let least = here.clone().min(there.clone());
    assert_eq!(
        (kept(&li.desk), kept(&wang.desk)),
        (vec![least.clone()], vec![least])
    );
    assert_eq!(li.desk.digest().unwrap(), wang.desk.digest().unwrap());
    for desk in [&li.desk, &wang.desk] {
        assert!(desk.verify().unwrap().problems.is_empty());
        assert!(desk.spellings().unwrap().doubled.is_empty());
    }
    // Taking the join back parts them again on both.
    li.desk.undo().unwrap().unwrap();
    assert_eq!(people(&li.desk).len(), 1, "the other's join still stands");
}

#[test]
fn values_of_two_laptops_stand_side_by_side_in_the_directory() {
    let mut center = Referee::default();
    let (mut li, mut wang) = (Laptop::new(704, "李明"), Laptop::new(705, "王芳"));
    let zhao = person(&mut li.desk, "赵云", "");
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    put(&mut li.desk, &zhao, "phone", json!("1"));
    put(&mut wang.desk, &zhao, "phone", json!("2"));
    center.sync(&mut li.desk);
    center.sync(&mut wang.desk);
    assert_eq!(people(&wang.desk)[0].n_conflicts, 1);
    let conflicts = wang.desk.directory_conflicts().unwrap();
    assert_eq!((conflicts.len(), conflicts[0].heads.len()), (1, 2));
    assert_eq!(conflicts[0].entity_name.zh, "赵云");
    // They stand on the list of all conflicts, and are counted.
    assert_eq!(wang.desk.conflicts().unwrap(), conflicts);
    assert_eq!(wang.desk.n_conflicts().unwrap(), 1);
    put(&mut wang.desk, &zhao, "phone", json!("3"));
    assert!(wang.desk.directory_conflicts().unwrap().is_empty());
}

#[test]
fn the_log_says_what_is_wrong_and_what_cannot_be_known() {
    let mut li = Laptop::new(706, "李明");
    let desk = &mut li.desk;
    let study = new_study(desk, "甲");
    let place = site(desk, &study, "Zhongshan Hospital");
    let (pi, nurse) = (person(desk, "李明", ""), person(desk, "王芳", ""));
    for who in [&pi, &nurse] {
        credential(desk, who, "LICENCE", "2015-01-01", "");
        credential(desk, who, "GCP", "2025-01-01", "2028-01-01");
    }
    let log = |desk: &mut Desk, pairs: &[(&str, Value)]| {
        let made = desk.add(
            &study,
            kind::ASSIGNMENT,
            Some(place.clone()),
            fields(pairs),
            None,
        );
        made.unwrap().0
    };
    let (pi_link, nurse_link) = (link(desk, &pi), link(desk, &nurse));
    let lead = [
        ("person", pi_link.clone()),
        ("role", json!("SITE_PI")),
        ("tasks", json!("CONSENT")),
        ("from", json!("2026-03-01")),
    ];
    log(desk, &lead);
    let early = [
        ("person", nurse_link.clone()),
        ("role", json!("RESEARCH_NURSE")),
        ("tasks", json!("SAMPLING|CONSENT")),
        ("from", json!("2026-02-01")),
        ("authorisedBy", pi_link.clone()),
        ("authorisedOn", json!("2026-02-01")),
    ];
    log(desk, &early);
    let rows = desk.delegation(&study, None).unwrap();
    assert_eq!((rows.len(), rows[0].name_zh.as_str()), (2, "王芳"));
    assert_eq!(rows[0].authorised_by.zh, "李明");
    assert_eq!(rows[0].tasks, ["CONSENT", "SAMPLING"]);
    let on = "2026-02-01".to_owned();
    assert_eq!(rows[0].findings, [Finding::NotInCharge { on }]);
    assert!(rows[0].breach);
    assert_eq!(rows[1].findings, []);
    let held: Vec<_> = rows[1].standings.iter().map(|one| one.state).collect();
    assert_eq!(held, [State::Valid, State::Valid]);
    let other = site(desk, &study, "Huashan Hospital");
    assert!(desk.delegation(&study, Some(&other)).unwrap().is_empty());

    // What is not written yet is judged by the same rules, and writes nothing.
    let unwritten = |from: &str, role: &str, by: &EntityId| Duty {
        id: study.root(),
        site: Some(place.clone()),
        person: Some(nurse.clone()),
        role: role.into(),
        tasks: vec!["CONSENT".into()],
        from: from.parse().ok(),
        until: None,
        authorised_by: Some(by.clone()),
        authorised_on: from.parse().ok(),
        is_removed: false,
    };
    for (from, by, wanted) in [
        ("2026-03-02", &pi, vec!["doubled"]),
        ("2026-02-01", &pi, vec!["doubled", "notInCharge"]),
        ("2026-03-02", &nurse, vec!["doubled", "authorisedBySelf"]),
        ("2024-12-31", &pi, vec!["notInCharge", "credentialAtStart"]),
    ] {
        let duty = unwritten(from, "RESEARCH_NURSE", by);
        let found = desk.duty_findings(&study, duty).unwrap();
        let codes: Vec<_> = found.iter().map(Finding::code).collect();
        assert_eq!(codes, wanted, "{from}");
    }
    assert_eq!(desk.delegation(&study, None).unwrap().len(), 2);

    // Somebody who has the study without the directory reads the names, and is told that she cannot
    // see how the credentials stand: that nothing is said would read as all being well.
    let mut center = Referee::default();
    let mut wang = Laptop::new(707, "王芳");
    center.push_one(desk, study.as_str());
    center.sync(&mut wang.desk);
    let rows = wang.desk.delegation(&study, None).unwrap();
    assert_eq!(rows[0].name_zh, "王芳");
    assert_eq!(rows[0].authorised_by.zh, "李明");
    assert_eq!(rows[1].findings, [Finding::CredentialsElsewhere]);
    assert!(rows[1].standings.is_empty() && !rows[1].breach);
}

#[test]
fn sites_are_joined_with_a_hospital_only_when_somebody_says_so() {
    let mut li = Laptop::new(708, "李明");
    let desk = &mut li.desk;
    let names = [
        "Zhongshan Hospital, Fudan University",
        "Zhongshan hospital",
        "Research Site",
        "Ruijin Hospital, Shanghai Jiaotong University School of Medicine",
        "Rui Jin Hospital Shanghai Jiao Tong University School of Medicine",
        "Huashan Hospital",
    ];
    let mut sites = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let study = new_study(desk, &format!("研究{n}"));
        sites.push((study.clone(), site(desk, &study, name)));
    }
    let hospital = [
        ("name.zh", json!("复旦大学附属中山医院")),
        ("city", json!("上海")),
    ];
    let hospital = add(desk, kind::ORGANISATION, None, &hospital);
    let sheet = desk.spellings().unwrap();
    assert_eq!((sheet.groups.len(), sheet.n_nameless), (3, 1));
    let zhongshan = &sheet.groups[0];
    assert_eq!(zhongshan.organisation.as_ref().unwrap().entity, hospital);
    assert_eq!((zhongshan.why, zhongshan.sites.len()), (Why::Known, 2));
    let ruijin = &sheet.groups[1];
    assert_eq!((&ruijin.organisation, ruijin.sites.len()), (&None, 2));
    // A partner that the directory lacks goes by its own name, not by somebody's spelling of it.
    assert_eq!(ruijin.partner, "ruijin");
    assert_eq!(ruijin.name_zh, "上海交通大学医学院附属瑞金医院");
    let huashan = &sheet.groups[2];
    assert_eq!(
        (huashan.partner.as_str(), huashan.sites.len()),
        ("huashan", 1)
    );
    assert_eq!(
        desk.organisations().unwrap()[0].n_studies,
        0,
        "nothing was joined by asking"
    );

    let seen = doc(desk, &sites[1].0);
    desk.join_spellings(&hospital, &sites[..1]).unwrap();
    let joined = doc(desk, &sites[0].0);
    let pointer = joined
        .entity(&sites[0].1)
        .unwrap()
        .link("directory.organisation");
    assert_eq!(pointer.unwrap().entity, hospital);
    assert_eq!(desk.organisations().unwrap()[0].n_studies, 1);
    assert_eq!(desk.spellings().unwrap().groups[0].sites.len(), 1);
    assert_eq!(doc(desk, &sites[1].0), seen, "the other study is as it was");
    desk.undo().unwrap().unwrap();
    assert_eq!(desk.spellings().unwrap().groups[0].sites.len(), 2);

    // Several studies are one step back and forth.
    desk.join_spellings(&hospital, &sites[..2]).unwrap();
    let n_joined = |desk: &Desk, id: &EntityId| {
        let all = desk.organisations().unwrap();
        let row = all.iter().find(|row| row.id == *id && !row.archived);
        row.map(|row| row.n_studies)
    };
    assert_eq!(n_joined(desk, &hospital), Some(2));
    desk.undo().unwrap().unwrap();
    assert_eq!(n_joined(desk, &hospital), Some(0));
    desk.redo().unwrap().unwrap();
    assert_eq!(n_joined(desk, &hospital), Some(2));
    desk.undo().unwrap().unwrap();
    assert_eq!(desk.spellings().unwrap().groups[0].sites.len(), 2);

    // "Not the same": said once, not suggested again.
    let apart = Edit {
        entity: sites[1].1.clone(),
        field: "directory.apart".into(),
        value: json!({"list": [hospital.as_str()]}),
        seen: Vec::new(),
    };
    desk.set(&sites[1].0, apart, None).unwrap();
    assert_eq!(desk.spellings().unwrap().groups[0].sites.len(), 1);
    // Nor are two sites that name no hospital yet.
    let apart = Edit {
        entity: sites[4].1.clone(),
        field: "directory.apart".into(),
        value: json!({"list": [sites[3].1.as_str()]}),
        seen: Vec::new(),
    };
    desk.set(&sites[4].0, apart, None).unwrap();
    let groups = desk.spellings().unwrap().groups;
    assert!(
        groups.iter().all(|group| group.sites.len() == 1),
        "{groups:?}"
    );
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn records_that_are_said_to_be_two_are_not_suggested_again() {
    let mut li = Laptop::new(710, "李明");
    let desk = &mut li.desk;
    let mut twins = Vec::new();
    for _ in 0..3 {
        let id = person(desk, "赵云", "");
        put(desk, &id, "phone", json!("021-0000 1234"));
        twins.push(id);
    }
    let doubled = |desk: &Desk| {
        let found = desk.spellings().unwrap().doubled;
        found.first().map_or(0, |one| one.records.len())
    };
    assert_eq!(doubled(desk), 3);
    let others = json!({"list": [twins[1].as_str(), twins[2].as_str()]});
    put(desk, &twins[0], "apart", others);
    assert_eq!(doubled(desk), 2);
    put(
        desk,
        &twins[1],
        "apart",
        json!({"list": [twins[2].as_str()]}),
    );
    assert_eq!(doubled(desk), 0);
    desk.undo().unwrap().unwrap();
    assert_eq!(doubled(desk), 2);
}

/// Figures: `cargo test -p desk --test it ten_thousand -- --nocapture`.
#[test]
fn ten_thousand_contacts_are_read_and_filtered() {
    const N: usize = 10_000;
    let mut li = Laptop::new(709, "李明");
    let desk = &mut li.desk;
    let began = std::time::Instant::now();
    let said = |what: &str, since: std::time::Instant| println!("{what}: {:?}", since.elapsed());
    let entry = |n: usize| {
        fields(&[
            ("name.zh", json!(format!("联系人{n:05}"))),
            ("name.en", json!(format!("Contact {n:05}"))),
            ("title.zh", json!("主治医师")),
            ("mobile", json!(format!("139{n:08}"))),
            ("email", json!(format!("c{n:05}@example.org"))),
        ])
    };
    let (ids, _) = desk
        .add_entries(kind::INDIVIDUAL, (0..N).map(entry).collect())
        .unwrap();
    assert_eq!(ids.len(), N);
    said("stored", began);
    let list = |desk: &Desk, query: &str| {
        let filter = PeopleFilter {
            query: query.to_owned(),
            limit: N,
            ..PeopleFilter::default()
        };
        desk.people(&filter).unwrap()
    };
    for what in ["all, first", "all, again"] {
        let since = std::time::Instant::now();
        assert_eq!(list(desk, "").rows.len(), N);
        said(what, since);
    }
    let since = std::time::Instant::now();
    assert_eq!(list(desk, "c00042@").n, 1);
    said("one of them", since);
    let since = std::time::Instant::now();
    desk.undo().unwrap().unwrap();
    said("taken back", since);
    assert_eq!(list(desk, "").n, 0);
}

#[test]
fn credentials_that_end_are_those_of_people_whom_a_study_needs() {
    let mut laptop = Laptop::new(86, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "研究");
    let place = site(desk, &study, "Huashan");
    let [wang, zhao, sun] = ["王示例", "赵示例", "孙示例"].map(|name| person(desk, name, ""));
    credential(desk, &wang, "GCP", "2024-01-01", "2026-12-20");
    credential(desk, &wang, "LICENCE", "2020-01-01", "2030-01-01");
    credential(desk, &zhao, "GCP", "2023-01-01", "2026-10-01");
    credential(desk, &sun, "GCP", "2023-01-01", "2026-10-01");
    let mut entries = Vec::new();
    for (who, until) in [
        (&wang, "2030-12-31"),
        (&zhao, "2030-12-31"),
        (&sun, "2026-06-30"),
    ] {
        let pairs = fields(&[
            ("person", link(desk, who)),
            ("role", json!("CRC")),
            ("from", json!("2026-01-01")),
            ("until", json!(until)),
        ]);
        let made = desk.add(&study, kind::ASSIGNMENT, Some(place.clone()), pairs, None);
        entries.push(made.unwrap().0);
    }
    let ending = desk.credentials_ending().unwrap();
    let found: Vec<_> = ending
        .iter()
        .map(|one| (one.name.zh.as_str(), one.kind.as_str(), one.until.as_str()))
        .collect();
    // Sun was needed until June; Wang's licence holds for years.
    assert_eq!(
        found,
        [
            ("赵示例", "GCP", "2026-10-01"),
            ("王示例", "GCP", "2026-12-20")
        ]
    );
    assert_eq!((&ending[0].study, &ending[0].entity), (&study, &entries[1]));
    assert_eq!(ending[0].site_name, "Huashan");
    // Each is reminded of once, and again when nobody was shown it.
    let given = |desk: &mut Desk| {
        let due = desk.reminders_due().unwrap();
        let said = |one: &Reminder| (one.line.name.zh.clone(), one.line.key.clone(), one.days);
        (due.iter().map(said).collect::<Vec<_>>(), due)
    };
    let first = [
        ("赵示例".to_owned(), "GCP".to_owned(), -1),
        ("王示例".to_owned(), "GCP".to_owned(), 30),
    ];
    let (said, due) = given(desk);
    assert_eq!(said, first);
    assert_eq!(due[0].line.entity.as_ref(), Some(&zhao));
    assert_eq!(given(desk).0, []);
    desk.reminders_untold(&due).unwrap();
    assert_eq!(given(desk).0, first);
    // A newer certificate settles it; what was changed elsewhere reminds nobody again.
    credential(desk, &zhao, "GCP", "2026-11-01", "2029-10-31");
    assert_eq!(desk.credentials_ending().unwrap().len(), 1);
    assert_eq!(given(desk).0, []);
    // One that ends soon is told of while the program runs.
    credential(desk, &zhao, "LICENCE", "2020-01-01", "2026-12-08");
    assert_eq!(
        given(desk).0,
        [("赵示例".to_owned(), "LICENCE".to_owned(), 7)]
    );
}

#[test]
fn a_partner_hospital_is_chosen_once_and_its_sites_are_offered_for_joining() {
    let mut li = Laptop::new(730, "李明");
    let desk = &mut li.desk;
    // One is there already, by hand.
    let ruijin = [
        ("name.zh", json!("上海交通大学医学院附属瑞金医院")),
        ("kind", json!("HOSPITAL")),
    ];
    let ruijin = add(desk, kind::ORGANISATION, None, &ruijin);
    assert_eq!(desk.partners_missing().unwrap().len(), 5);
    assert_eq!(desk.partner("ruijin").unwrap().0, ruijin);
    let new = desk::NewStudy {
        fields: fields(&[("title.zh", json!("甲"))]),
        template: None,
        hospitals: vec!["ruijin".into(), "huashan".into()],
    };
    let (study, _) = desk.create_study(&new).unwrap();
    // A study alone writes nothing into an address book.
    assert_eq!(desk.organisations().unwrap().len(), 1);
    let (huashan, _) = desk.partner("huashan").unwrap();
    assert_eq!(desk.partner("huashan").unwrap().0, huashan);
    let missing = ["zhongshan", "chfudan", "ninth", "huadong"];
    assert_eq!(desk.partners_missing().unwrap(), missing);
    let rows = desk.organisations().unwrap();
    let row = rows.iter().find(|row| row.id == huashan).unwrap();
    assert_eq!(
        (row.kind.as_str(), row.short.as_str(), row.city.as_str()),
        ("HOSPITAL", "华山", "上海")
    );
    let groups = desk.spellings().unwrap().groups;
    assert_eq!(groups.len(), 2);
    let group = groups.iter().find(|one| {
        one.organisation
            .as_ref()
            .is_some_and(|link| link.entity == huashan)
    });
    let sites = &group.unwrap().sites;
    desk.join_spellings(&huashan, &[(study, sites[0].site.clone())])
        .unwrap();
    assert!(matches!(
        desk.partner("none"),
        Err(DeskError::UnknownName {
            what: "hospital",
            ..
        })
    ));
    // One step back takes back the join, the next one the hospital.
    desk.undo().unwrap();
    desk.undo().unwrap();
    assert_eq!(desk.partners_missing().unwrap().len(), 5);
}

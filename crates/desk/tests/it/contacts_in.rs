//! Contacts of a file in a study and in the directory: one person once, and her certificates count.

use crate::world::{Laptop, doc, fields, new_study};
use desk::{ChosenCard, Desk, IncomingCard, PeopleFilter};
use model::card::ContactCard;
use model::people::credential::State;
use model::people::incoming::AlikeWhy;
use model::{EntityId, StudyId, kind};
use serde_json::json;

fn site(desk: &mut Desk, study: &StudyId, name: &str) -> EntityId {
    let pairs = fields(&[("facility.zh", json!(name))]);
    desk.add(study, kind::SITE, None, pairs, None).unwrap().0
}

fn card(name: &str, organisation: &str, until: &str) -> ContactCard {
    ContactCard {
        name: name.into(),
        organisation: organisation.into(),
        gcp_until: until.into(),
        ..ContactCard::default()
    }
}

fn take(desk: &mut Desk, study: Option<&StudyId>, site: Option<&EntityId>, card: &ContactCard) {
    let incoming = IncomingCard {
        card: card.clone(),
        site: String::new(),
    };
    let found = desk.cards_alike(study, &[incoming]).unwrap().remove(0);
    let sure = found.alike.filter(|alike| alike.why.is_sure());
    let chosen = ChosenCard {
        card: card.clone(),
        site: site.cloned(),
        into: sure.map(|alike| alike.id),
        person: None,
    };
    desk.take_cards(study, vec![chosen]).unwrap();
}

fn n_people(desk: &Desk) -> usize {
    let filter = PeopleFilter {
        limit: 100,
        ..PeopleFilter::default()
    };
    desk.people(&filter).unwrap().n
}

#[test]
fn the_same_name_at_the_same_hospital_is_one_unless_something_speaks_against_it() {
    let mut laptop = Laptop::new(931, "李明");
    let desk = &mut laptop.desk;
    let wang = card("王示例", "华山医院", "");
    for _ in 0..2 {
        take(desk, None, None, &wang);
    }
    assert_eq!(n_people(desk), 1);
    let why = |desk: &Desk, card: &ContactCard| {
        let incoming = IncomingCard {
            card: card.clone(),
            site: String::new(),
        };
        let found = desk.cards_alike(None, &[incoming]).unwrap().remove(0);
        found.alike.map(|alike| alike.why)
    };
    assert_eq!(why(desk, &wang), Some(AlikeWhy::NameAndOrganisation));
    let elsewhere = card("王示例", "中山医院", "");
    assert_eq!(why(desk, &elsewhere), Some(AlikeWhy::Name));
    assert_eq!(why(desk, &card("王示例", "", "")), Some(AlikeWhy::Name));
    let reached = |email: &str| ContactCard {
        emails: vec![email.into()],
        ..wang.clone()
    };
    take(desk, None, None, &reached("a@example.org"));
    assert_eq!(n_people(desk), 1);
    // Another address speaks against it; and of two of that name nobody knows which.
    assert_eq!(why(desk, &reached("b@example.org")), Some(AlikeWhy::Name));
    take(desk, None, None, &reached("b@example.org"));
    assert_eq!(n_people(desk), 2);
    assert_eq!(why(desk, &wang), Some(AlikeWhy::Name));
}

#[test]
fn a_certificate_of_a_contact_counts_and_goes_to_her_record_where_she_has_one() {
    let mut laptop = Laptop::new(932, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "研究");
    let place = site(desk, &study, "华山医院");
    take(desk, None, None, &card("王示例", "华山医院", ""));
    // Of one the directory knows, of the other nothing; each worked on the site's page.
    take(
        desk,
        Some(&study),
        Some(&place),
        &card("王示例", "", "2026-10-01"),
    );
    take(
        desk,
        Some(&study),
        Some(&place),
        &card("赵示例", "", "2026-12-20"),
    );
    take(
        desk,
        Some(&study),
        Some(&place),
        &card("孙示例", "", "2030-12-20"),
    );

    let found = doc(desk, &study);
    let of = |name: &str| {
        let mut contacts = found.of_kind(kind::CONTACT);
        contacts.find(|one| one.text("name.zh") == name).unwrap()
    };
    let link = of("王示例").link("directory.person").unwrap();
    assert!(of("赵示例").link("directory.person").is_none());
    let sheet = desk.person_sheet(&link.entity).unwrap();
    assert_eq!(sheet.credentials[0].text("validUntil"), "2026-10-01");

    let ending = desk.credentials_ending().unwrap();
    let told: Vec<_> = ending
        .iter()
        .map(|one| (one.name.zh.as_str(), one.until.as_str(), &one.person))
        .collect();
    let zhao = &of("赵示例").id;
    assert_eq!(
        told,
        [
            ("王示例", "2026-10-01", &link.entity),
            ("赵示例", "2026-12-20", zhao)
        ]
    );
    assert_eq!(ending[1].site_name, "华山医院");
    let told = |desk: &mut Desk| desk.reminders_due().unwrap().len();
    assert_eq!((told(desk), told(desk)), (2, 0));

    let states = |desk: &Desk| -> Vec<State> {
        let all = desk.contact_standings(&study, Some(&place)).unwrap();
        all.iter().map(|one| one.standing.state).collect()
    };
    assert_eq!(
        states(desk),
        [State::Expired, State::Expiring, State::Valid]
    );
    // What the delegation log says already is not said once more beside it.
    let named = |desk: &Desk| -> Vec<bool> {
        let all = desk.contact_standings(&study, Some(&place)).unwrap();
        all.iter().map(|one| one.ending).collect()
    };
    assert_eq!(named(desk), [true, true, false]);
    let duty = fields(&[
        ("person", of("王示例").value("directory.person").clone()),
        ("role", json!("RESEARCH_NURSE")),
        ("tasks", json!("CONSENT")),
        ("from", json!("2026-03-01")),
    ]);
    desk.add(&study, kind::ASSIGNMENT, Some(place.clone()), duty, None)
        .unwrap();
    assert_eq!(named(desk), [false, true, false]);
    // What her record says is more than what stands with the contact.
    let newer = fields(&[("kind", json!("GCP")), ("validUntil", json!("2030-01-01"))]);
    let home = desk.directory();
    desk.add(
        &home,
        kind::CREDENTIAL,
        Some(link.entity.clone()),
        newer,
        None,
    )
    .unwrap();
    assert_eq!(states(desk)[0], State::Valid);
    assert_eq!(desk.credentials_ending().unwrap().len(), 1);
    // A second time changes nothing.
    let n = doc(desk, &study).of_kind(kind::CONTACT).count();
    let again = card("王示例", "华山医院", "2026-10-01");
    take(desk, Some(&study), Some(&place), &again);
    assert_eq!(doc(desk, &study).of_kind(kind::CONTACT).count(), n);
}

#[test]
fn who_of_the_directory_a_contact_may_be_is_proposed_and_never_taken_for_granted() {
    let mut laptop = Laptop::new(936, "李明");
    let desk = &mut laptop.desk;
    take(desk, None, None, &card("王示例", "华山医院", "2026-10-01"));
    let study = new_study(desk, "甲");
    let place = site(desk, &study, "中山医院");
    let elsewhere = card("王示例", "", "");
    let incoming = |site: &str| IncomingCard {
        card: elsewhere.clone(),
        site: site.into(),
    };
    let found = desk
        .cards_alike(Some(&study), &[incoming("中山医院")])
        .unwrap();
    let person = found[0].person.clone().expect("who it may be");
    assert_eq!(
        (person.why, person.name.as_str()),
        (AlikeWhy::Name, "王示例")
    );
    // Of people of the directory themselves nobody else is asked about.
    let alone = desk.cards_alike(None, &[incoming("")]).unwrap();
    assert_eq!(alone[0].person, None);
    let link = |desk: &mut Desk, person: Option<EntityId>| {
        let chosen = ChosenCard {
            card: elsewhere.clone(),
            site: Some(place.clone()),
            into: None,
            person,
        };
        desk.take_cards(Some(&study), vec![chosen])?;
        let doc = doc(desk, &study);
        let last = doc.of_kind(kind::CONTACT).last().unwrap().clone();
        Ok::<_, desk::DeskError>(last.link("directory.person").map(|link| link.entity))
    };
    assert_eq!(link(desk, None).unwrap(), None);
    assert_eq!(
        link(desk, Some(person.id.clone())).unwrap(),
        Some(person.id)
    );
    // Whoever she surely is, nobody is asked.
    let surely = desk.cards_alike(
        Some(&study),
        &[IncomingCard {
            card: card("王示例", "华山医院", ""),
            site: String::new(),
        }],
    );
    assert_eq!(surely.unwrap()[0].person, None);
    assert!(link(desk, Some(place.clone())).is_err());
}

#[test]
fn the_number_of_a_licence_is_a_certificate_once() {
    let mut laptop = Laptop::new(933, "李明");
    let desk = &mut laptop.desk;
    let wang = ContactCard {
        licence: "1103 1000".into(),
        role: "主要研究者".into(),
        ..card("王示例", "华山医院", "")
    };
    for _ in 0..2 {
        take(desk, None, None, &wang);
    }
    let filter = PeopleFilter {
        limit: 9,
        ..PeopleFilter::default()
    };
    let row = desk.people(&filter).unwrap().rows.remove(0);
    let sheet = desk.person_sheet(&row.id).unwrap();
    assert_eq!(sheet.entity.text("position.zh"), "主要研究者");
    let held: Vec<_> = sheet
        .credentials
        .iter()
        .map(|one| (one.text("kind"), one.text("number")))
        .collect();
    assert_eq!(held, [("LICENCE", "1103 1000")]);
}

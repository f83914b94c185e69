//! Forms, typing and files that were open while this laptop took a new device identity: the id of
//! what they had on screen is somebody else's now, and they still mean what they showed.

use crate::referee::Referee;
use crate::world::{Laptop, doc, edit, fields, new_study, open, set, values};
use desk::{Desk, DeskError, Edit};
use model::{EntityId, EntityMark, StudyId, kind};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// A vault of which two states lived on, at one center. What is written in both as their first
/// change bears one id.
struct Parted {
    center: Referee,
    li: Laptop,
    study: StudyId,
    site: EntityId,
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

impl Parted {
    /// The other state, whose change comes to the center first.
    fn new(seed: u64, twin: impl FnOnce(&mut Desk, &StudyId, &EntityId)) -> Self {
        let (mut center, mut li) = (Referee::default(), Laptop::new(seed, "李明"));
        let study = new_study(&mut li.desk, "甲");
        let city = fields(&[("city", json!("上海"))]);
        let (site, _) = li.desk.add(&study, kind::SITE, None, city, None).unwrap();
        set(&mut li.desk, &study, "acronym", json!("OLD"));
        center.sync(&mut li.desk);
        let Laptop { bench, dir, desk } = li;
        drop(desk);
        let installation = bench.env.installation.clone();
        let (vault_then, installation_then) = (bench.path("then"), bench.path("installed then"));
        copy(&dir, &vault_then);
        copy(&installation, &installation_then);
        let mut desk = open(&dir, &bench);
        let device = desk.device();
        twin(&mut desk, &study, &site);
        center.push_all(&mut desk);
        drop(desk);
        for (then, now) in [(vault_then, &dir), (installation_then, &installation)] {
            fs::remove_dir_all(now).unwrap();
            fs::rename(then, now).unwrap();
        }
        let desk = open(&dir, &bench);
        assert_eq!(
            desk.device(),
            device,
            "nobody can tell that it was put back"
        );
        let li = Laptop { bench, dir, desk };
        Self {
            center,
            li,
            study,
            site,
        }
    }

    /// A form as it is open on the study itself.
    fn form(&self, field: &str, value: &str) -> Edit {
        edit(
            &self.li.desk,
            &self.study,
            &self.study.root(),
            field,
            json!(value),
        )
    }

    fn meet(&mut self) {
        let device = self.li.desk.device();
        self.center.sync(&mut self.li.desk);
        assert_ne!(self.li.desk.device(), device);
    }

    fn shown(&self, field: &str) -> Vec<Value> {
        let mut shown = values(&self.li.desk, &self.study, &self.study.root(), field);
        shown.sort_by_key(Value::to_string);
        shown
    }

    /// Everything is sound, here and on another laptop that hears of it.
    fn end(mut self, seed: u64) {
        self.center.sync(&mut self.li.desk);
        let mut wang = Laptop::new(seed, "王芳");
        self.center.sync(&mut wang.desk);
        assert_eq!(self.li.desk.verify().unwrap().problems, []);
        let said = |desk: &Desk| {
            let doc = doc(desk, &self.study);
            let entities = doc.entities.iter();
            let all = entities.map(|one| {
                let held = one.fields.iter().map(|(field, held)| {
                    let values = held.heads.iter().map(|head| head.value.clone());
                    (field.clone(), values.collect::<Vec<_>>(), held.conflict)
                });
                (one.id.clone(), one.mark, held.collect::<Vec<_>>())
            });
            all.collect::<Vec<_>>()
        };
        assert_eq!(said(&wang.desk), said(&self.li.desk));
    }
}

fn twin_sets(field: &'static str) -> impl FnOnce(&mut Desk, &StudyId, &EntityId) {
    move |desk, study, _| set(desk, study, field, json!("TWIN"))
}

#[test]
fn f31_a_form_kept_open_over_a_new_identity_replaces_what_it_showed_and_nothing_else() {
    let mut two = Parted::new(2300, twin_sets("acronym"));
    set(&mut two.li.desk, &two.study, "acronym", json!("OWN"));
    let form = two.form("acronym", "TYPED");
    two.meet();
    assert_eq!(two.shown("acronym"), ["OWN", "TWIN"]);
    let fresh = two.form("acronym", "DECIDED");
    assert!(
        fresh.seen.iter().any(|token| form
            .seen
            .contains(&token.split('~').next().unwrap().to_owned())),
        "one id means two changes"
    );

    two.li.desk.set(&two.study, form.clone(), None).unwrap();
    assert_eq!(two.shown("acronym"), ["TWIN", "TYPED"]);
    // Saved again, it stands beside what came meanwhile.
    two.li
        .desk
        .set(
            &two.study,
            Edit {
                value: json!("AGAIN"),
                ..form
            },
            None,
        )
        .unwrap();
    assert_eq!(two.shown("acronym"), ["AGAIN", "TWIN", "TYPED"]);
    // A form that was opened afterwards means the twin's.
    two.li.desk.set(&two.study, fresh, None).unwrap();
    assert_eq!(two.shown("acronym"), ["AGAIN", "DECIDED", "TYPED"]);
    let all = two.form("acronym", "END");
    two.li.desk.set(&two.study, all, None).unwrap();
    assert_eq!(two.shown("acronym"), ["END"]);
    two.end(2301);
}

#[test]
fn f31_a_form_is_not_refused_for_ever_because_its_id_is_another_fields_now() {
    let mut two = Parted::new(2302, twin_sets("version"));
    set(&mut two.li.desk, &two.study, "acronym", json!("OWN"));
    let form = two.form("acronym", "TYPED");
    two.meet();
    two.li.desk.set(&two.study, form.clone(), None).unwrap();
    assert_eq!(two.shown("acronym"), ["TYPED"]);
    assert_eq!(two.shown("version"), ["TWIN"]);
    // What the field never had is refused as before.
    let other = two.form("version", "TYPED");
    let wrong = Edit {
        seen: other.seen,
        ..form
    };
    let answer = two.li.desk.set(&two.study, wrong, None);
    assert!(matches!(answer, Err(DeskError::StaleForm)), "{answer:?}");
    two.end(2303);
}

#[test]
fn f31_what_two_new_identities_issued_again_is_found_at_its_end() {
    let mut two = Parted::new(2304, twin_sets("acronym"));
    set(&mut two.li.desk, &two.study, "acronym", json!("OWN"));
    let form = two.form("acronym", "TYPED");
    two.li.desk.fork(two.study.as_str()).unwrap();
    two.li.desk.fork(two.study.as_str()).unwrap();
    two.center.sync(&mut two.li.desk);
    two.li.desk.set(&two.study, form, None).unwrap();
    assert_eq!(two.shown("acronym"), ["TWIN", "TYPED"]);
    two.end(2305);
}

#[test]
fn f31_typing_kept_over_a_new_identity_is_saved_as_what_it_was() {
    let mut two = Parted::new(2306, twin_sets("acronym"));
    set(&mut two.li.desk, &two.study, "acronym", json!("OWN"));
    let form = two.form("acronym", "TYPED");
    let root = two.study.root();
    two.li
        .desk
        .draft_put(&two.study, &root, "acronym", &form.value, &form.seen)
        .unwrap();
    two.meet();
    let mut two = Parted {
        li: two.li.reopen(),
        ..two
    };
    assert_eq!(two.li.desk.drafts(&two.study).unwrap()[0].seen, form.seen);
    let saved = two.li.desk.save_typing(two.study.as_str()).unwrap();
    assert_eq!((saved.n_saved, saved.n_as_text), (1, 0));
    assert_eq!(two.shown("acronym"), ["TWIN", "TYPED"]);
    two.end(2307);
}

#[test]
fn f31_putting_aside_over_a_new_identity_takes_along_what_was_seen_alone() {
    let mut two = Parted::new(2308, |desk, study, site| {
        let change = edit(desk, study, site, "city", json!("杭州"));
        desk.set(study, change, None).unwrap();
    });
    let own = edit(&two.li.desk, &two.study, &two.site, "city", json!("苏州"));
    two.li.desk.set(&two.study, own, None).unwrap();
    let seen = doc(&two.li.desk, &two.study).seen_with_children(&two.site);
    two.meet();
    two.li.desk.archive(&two.study, &two.site, &seen).unwrap();
    let after = doc(&two.li.desk, &two.study);
    assert_eq!(
        after.entity(&two.site).unwrap().mark,
        EntityMark::EditedUnseen
    );
    two.end(2309);
}

#[test]
fn f31_a_file_given_over_a_new_identity_replaces_the_one_on_screen() {
    let mut two = Parted::new(2310, twin_sets("version"));
    let desk = &mut two.li.desk;
    let title = fields(&[("title.zh", json!("知情同意书"))]);
    let (id, _) = desk
        .add(&two.study, kind::DOCUMENT, None, title, None)
        .unwrap();
    desk.document_attach(&two.study, &id, "一.pdf", &mut &b"one"[..], &[])
        .unwrap();
    let seen = edit(desk, &two.study, &id, "file", Value::Null).seen;
    two.meet();
    let desk = &mut two.li.desk;
    desk.document_attach(&two.study, &id, "二.pdf", &mut &b"two"[..], &seen)
        .unwrap();
    let files = values(desk, &two.study, &id, "file");
    assert_eq!((files.len(), &files[0]["name"]), (1, &json!("二.pdf")));
    two.end(2311);
}

#[test]
fn f31_nothing_is_taken_back_that_another_state_wrote() {
    let mut two = Parted::new(2312, twin_sets("acronym"));
    set(&mut two.li.desk, &two.study, "acronym", json!("OWN"));
    two.meet();
    assert_eq!(two.li.desk.undo().unwrap(), None);
    assert_eq!(two.li.desk.redo().unwrap(), None);
    assert_eq!(two.shown("acronym"), ["OWN", "TWIN"]);
    two.end(2313);
}

#[test]
fn f31_a_text_that_was_found_right_is_named_by_its_new_id() {
    let mut two = Parted::new(2314, twin_sets("acronym"));
    let study = two.study.clone();
    let title = fields(&[("title.en", json!("Aim"))]);
    let (id, _) = two
        .li
        .desk
        .add(&study, kind::SECTION, None, title, None)
        .unwrap();
    let op = |desk: &Desk| {
        let doc = doc(desk, &study);
        doc.entity(&id).unwrap().fields["title.en"].heads[0]
            .op
            .clone()
    };
    let before = op(&two.li.desk);
    let change = edit(&two.li.desk, &study, &id, "checked", json!(before));
    two.li.desk.set(&study, change, None).unwrap();
    two.meet();
    let after = op(&two.li.desk);
    assert_ne!(after, before);
    assert_eq!(values(&two.li.desk, &study, &id, "checked"), [json!(after)]);
    two.end(2315);
}

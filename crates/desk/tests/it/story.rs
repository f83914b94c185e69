//! One person at one laptop: making, editing, archiving, taking back, searching.

use crate::world::{Laptop, doc, edit, fields, new_study, set, values};
use desk::{DeskError, Edit, NewStudy, Reason};
use model::{EntityMark, kind};
use serde_json::json;

#[test]
fn what_is_saved_is_there_after_opening_again() {
    let mut laptop = Laptop::new(1, "李明");
    let study = new_study(&mut laptop.desk, "脓毒症早期识别研究");
    set(
        &mut laptop.desk,
        &study,
        "title.en",
        json!("Early recognition of sepsis"),
    );
    set(
        &mut laptop.desk,
        &study,
        "registry.chictr",
        json!("ChiCTR2600100001"),
    );
    let site = fields(&[
        ("facility.zh", json!("上海交通大学医学院附属瑞金医院")),
        ("city", json!("Shanghai")),
    ]);
    let (site, _) = laptop
        .desk
        .add(&study, kind::SITE, None, site, None)
        .unwrap();
    let contact = fields(&[("name.zh", json!("王芳")), ("phone", json!("021-0000"))]);
    laptop
        .desk
        .add(&study, kind::CONTACT, Some(site.clone()), contact, None)
        .unwrap();
    let (before, digest) = (doc(&laptop.desk, &study), laptop.desk.digest().unwrap());

    let laptop = laptop.reopen();
    assert_eq!(doc(&laptop.desk, &study), before);
    assert_eq!(laptop.desk.digest().unwrap(), digest);
    assert_eq!(
        laptop.desk.find_study("chictr2600100001").unwrap(),
        Some(study.clone())
    );
    assert_eq!(laptop.desk.find_study("NCT00000000").unwrap(), None);
    let rows = laptop.desk.studies().unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].title_zh, "脓毒症早期识别研究");
    assert_eq!(
        (rows[0].n_sites, rows[0].hospitals.clone()),
        (1, vec!["ruijin".to_owned()])
    );
    assert_eq!(
        (rows[0].changed_by.as_str(), rows[0].status.as_str()),
        ("李明", "DRAFT")
    );
    let heads = &before.root().unwrap().fields["title.en"].heads;
    assert_eq!(
        (heads.len(), heads[0].by_name.as_str(), heads[0].tz_minutes),
        (1, "李明", 480)
    );
}

#[test]
fn a_form_saves_what_it_showed_and_nothing_else() {
    let mut laptop = Laptop::new(2, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let root = study.root();
    let old_form = edit(desk, &study, &root, "title.zh", json!("丙"));
    set(desk, &study, "title.zh", json!("乙"));
    // The old form saves: both values stand.
    desk.set(&study, old_form, None).unwrap();
    assert_eq!(
        values(desk, &study, &root, "title.zh"),
        [json!("丙"), json!("乙")]
    );
    assert!(doc(desk, &study).root().unwrap().fields["title.zh"].conflict);
    let conflicts = desk.conflicts().unwrap();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(
        (conflicts[0].path.as_str(), conflicts[0].heads.len()),
        ("title.zh", 2)
    );
    assert_eq!(desk.studies().unwrap()[0].n_conflicts, 1);

    let resolving = edit(desk, &study, &root, "title.zh", json!("乙"));
    assert!(matches!(
        desk.resolve(&study, resolving.clone(), " "),
        Err(DeskError::WhyMissing)
    ));
    let saved = desk.resolve(&study, resolving, "与伦理批件一致").unwrap();
    assert!(!saved.register.unwrap().conflict);
    assert!(desk.conflicts().unwrap().is_empty());

    // What is there already is no change.
    let same = edit(desk, &study, &root, "title.zh", json!("乙"));
    assert!(
        desk.set(&study, same, None)
            .unwrap()
            .changed
            .topics
            .is_empty()
    );
}

#[test]
fn a_form_token_that_the_field_never_had_is_refused() {
    let mut laptop = Laptop::new(3, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let title = doc(desk, &study).root().unwrap().fields["title.zh"].seen();
    let wrong_field = Edit {
        entity: study.root(),
        field: "acronym".into(),
        value: json!("A"),
        seen: title.clone(),
    };
    assert!(matches!(
        desk.set(&study, wrong_field, None),
        Err(DeskError::StaleForm)
    ));
    let unknown = Edit {
        entity: study.root(),
        field: "title.zh".into(),
        value: json!("A"),
        seen: vec![title[0].replace(":1:", ":99:")],
    };
    assert!(matches!(
        desk.set(&study, unknown, None),
        Err(DeskError::StaleForm)
    ));
    let wrong_value = edit(desk, &study, &study.root(), "phase", json!("PHASE9"));
    assert!(matches!(
        desk.set(&study, wrong_value, None),
        Err(DeskError::Invalid { .. })
    ));
    let structure = edit(desk, &study, &study.root(), "ord", json!("A"));
    assert!(matches!(
        desk.set(&study, structure, None),
        Err(DeskError::ReadOnlyField { .. })
    ));
    assert_eq!(desk.verify().unwrap().commits, 1);
}

#[test]
fn archiving_hides_what_was_seen_and_only_that() {
    let mut laptop = Laptop::new(4, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let site = fields(&[("facility.zh", json!("瑞金医院"))]);
    let (site, _) = desk.add(&study, kind::SITE, None, site, None).unwrap();
    let contact = fields(&[("name.zh", json!("王芳"))]);
    let (contact, _) = desk
        .add(&study, kind::CONTACT, Some(site.clone()), contact, None)
        .unwrap();
    let before = doc(desk, &study);
    let late = edit(desk, &study, &contact, "phone", json!("021-1111"));
    desk.archive(&study, &site, &before.seen_with_children(&site))
        .unwrap();
    let archived = doc(desk, &study);
    assert_eq!(archived.entity(&site).unwrap().mark, EntityMark::Archived);
    assert_eq!(archived.of_kind(kind::CONTACT).count(), 0);
    assert_eq!(desk.studies().unwrap()[0].n_sites, 0);
    assert!(desk.search("王芳", 10).unwrap().is_empty());

    // A change that the person had not seen brings it back, and says so.
    desk.set(&study, late, None).unwrap();
    let shown = doc(desk, &study);
    assert_eq!(shown.entity(&site).unwrap().mark, EntityMark::EditedUnseen);
    assert_eq!(desk.search("王芳", 10).unwrap().len(), 1);
    desk.restore(&study, &site).unwrap();
    assert_eq!(
        doc(desk, &study).entity(&site).unwrap().mark,
        EntityMark::Live
    );

    desk.archive_study(&study).unwrap();
    assert!(desk.studies().unwrap()[0].archived);
    desk.restore_study(&study).unwrap();
    assert!(!desk.studies().unwrap()[0].archived);
}

#[test]
fn order_is_kept_and_changed() {
    let mut laptop = Laptop::new(5, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let mut ids = Vec::new();
    for name in ["甲", "乙", "丙", "丁"] {
        let arm = fields(&[("label.zh", json!(name))]);
        ids.push(desk.add(&study, kind::ARM, None, arm, None).unwrap().0);
    }
    let names = |desk: &desk::Desk| -> String {
        doc(desk, &study)
            .of_kind(kind::ARM)
            .map(|arm| arm.text("label.zh").to_owned())
            .collect()
    };
    assert_eq!(names(desk), "甲乙丙丁");
    desk.move_to(&study, &ids[3], None).unwrap();
    assert_eq!(names(desk), "丁甲乙丙");
    desk.move_to(&study, &ids[3], Some(ids[0].clone())).unwrap();
    assert_eq!(names(desk), "甲丁乙丙");
    let arm = fields(&[("label.zh", json!("戊"))]);
    desk.add(&study, kind::ARM, None, arm, Some(ids[1].clone()))
        .unwrap();
    assert_eq!(names(desk), "甲丁乙戊丙");
    desk.undo().unwrap().unwrap();
    desk.undo().unwrap().unwrap();
    assert_eq!(names(desk), "丁甲乙丙");
}

#[test]
fn taking_back_and_doing_again() {
    let mut laptop = Laptop::new(6, "李明");
    let desk = &mut laptop.desk;
    let study = new_study(desk, "甲");
    let root = study.root();
    let shown = |desk: &desk::Desk| {
        doc(desk, &study)
            .root()
            .unwrap()
            .text("title.zh")
            .to_owned()
    };
    set(desk, &study, "title.zh", json!("乙"));
    set(desk, &study, "title.zh", json!("丙"));
    let undone = desk.undo().unwrap().unwrap();
    assert_eq!(
        (undone.what.as_str(), undone.study.clone()),
        ("title.zh", study.clone())
    );
    assert_eq!(shown(desk), "乙");
    desk.undo().unwrap().unwrap();
    assert_eq!(shown(desk), "甲");
    desk.redo().unwrap().unwrap();
    desk.redo().unwrap().unwrap();
    assert_eq!(shown(desk), "丙");
    assert!(desk.redo().unwrap().is_none());
    assert_eq!(values(desk, &study, &root, "title.zh").len(), 1);
    desk.undo().unwrap().unwrap();
    desk.undo().unwrap().unwrap();
    assert_eq!(shown(desk), "甲");
    assert!(desk.conflicts().unwrap().is_empty());
    // Making the study is the first thing that was done.
    assert_eq!(desk.undo().unwrap().unwrap().what, "newStudy");
    assert!(desk.studies().unwrap()[0].archived);
    assert!(desk.undo().unwrap().is_none());
    desk.redo().unwrap().unwrap();
    assert!(!desk.studies().unwrap()[0].archived);

    // A conflict that was ended comes back with both values.
    let old_form = edit(desk, &study, &root, "acronym", json!("B"));
    set(desk, &study, "acronym", json!("A"));
    desk.set(&study, old_form, None).unwrap();
    let resolving = edit(desk, &study, &root, "acronym", json!("C"));
    desk.resolve(&study, resolving, "对齐").unwrap();
    desk.undo().unwrap().unwrap();
    let mut both = values(desk, &study, &root, "acronym");
    both.sort_by_key(ToString::to_string);
    assert_eq!(both, [json!("A"), json!("B")]);
    desk.redo().unwrap().unwrap();
    assert_eq!(values(desk, &study, &root, "acronym"), [json!("C")]);
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn f24_typing_survives_and_stays_out_of_the_ledger() {
    let mut laptop = Laptop::new(7, "李明");
    let study = new_study(&mut laptop.desk, "甲");
    let digest = laptop.desk.digest().unwrap();
    let form = edit(&laptop.desk, &study, &study.root(), "title.zh", json!("乙"));
    let put = |desk: &mut desk::Desk, text: &str| {
        desk.draft_put(&study, &study.root(), "title.zh", &json!(text), &form.seen)
            .unwrap();
    };
    put(&mut laptop.desk, "乙未");
    put(&mut laptop.desk, "乙未完");
    let mut laptop = laptop.reopen();
    assert_eq!(laptop.desk.digest().unwrap(), digest);
    let drafts = laptop.desk.drafts(&study).unwrap();
    assert_eq!((drafts.len(), &drafts[0].value), (1, &json!("乙未完")));
    let edit = Edit {
        entity: drafts[0].entity.clone(),
        field: drafts[0].field.clone(),
        value: drafts[0].value.clone(),
        seen: drafts[0].seen.clone(),
    };
    laptop
        .desk
        .set(&study, edit, Some(Reason::text("补录")))
        .unwrap();
    assert!(laptop.desk.drafts(&study).unwrap().is_empty());
}

#[test]
fn a_study_can_be_made_from_a_template_with_hospitals() {
    let mut laptop = Laptop::new(8, "李明");
    let Some(template) = model::reference::TEMPLATES.first() else {
        panic!("there is no template");
    };
    let new = NewStudy {
        fields: fields(&[("title.zh", json!("甲"))]),
        template: Some(template.key.clone()),
        hospitals: vec!["zhongshan".into(), "huashan".into()],
    };
    let (study, _) = laptop.desk.create_study(&new).unwrap();
    let doc = doc(&laptop.desk, &study);
    assert_eq!(doc.of_kind(kind::SITE).count(), 2);
    assert_eq!(doc.of_kind(kind::SECTION).count(), template.sections.len());
    let n = template.milestones.len() + 2 * template.site_milestones.len();
    assert_eq!(doc.of_kind(kind::MILESTONE).count(), n);
    let row = &laptop.desk.studies().unwrap()[0];
    assert_eq!(row.lead_site, "复旦大学附属中山医院");
    let unknown = NewStudy {
        template: Some("none".into()),
        ..NewStudy::default()
    };
    assert!(matches!(
        laptop.desk.create_study(&unknown),
        Err(DeskError::UnknownName {
            what: "template",
            ..
        })
    ));
}

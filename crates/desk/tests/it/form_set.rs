//! Form sets of one's own: a version is written once; two laptops see where they differ; what a
//! submission was made with it keeps.

use crate::referee::Referee;
use crate::world::{Laptop, doc, edit, fields, new_study};
use desk::{Desk, DeskError, NewSubmission};
use model::formset::{self, FormSet};
use model::{EntityId, StudyId, kind};
use serde_json::json;

fn own(version: &str, zh: &str) -> FormSet {
    let mut set = formset::newest(&[], formset::GENERIC).unwrap().clone();
    (set.key, set.version) = ("huashan-ec".into(), version.into());
    set.name.zh = zh.into();
    set
}

fn site(desk: &mut Desk, study: &StudyId) -> EntityId {
    let fields = fields(&[("hospital", json!("huashan")), ("role", json!("LEAD"))]);
    desk.add(study, kind::SITE, None, fields, None).unwrap().0
}

fn begin(desk: &mut Desk, study: &StudyId, site: &EntityId, forms: &str) -> EntityId {
    let new = NewSubmission {
        kind: "initial".into(),
        forms: forms.into(),
        ..NewSubmission::default()
    };
    desk.submission_new(study, site, new).unwrap().0
}

fn set_of(desk: &Desk, study: &StudyId, id: &EntityId) -> FormSet {
    let doc = doc(desk, study);
    let own = desk.own_sets(&doc).unwrap();
    own.of_submission(doc.entity(id).unwrap()).unwrap().clone()
}

#[test]
fn a_version_is_written_once_and_stays_while_a_submission_rests_on_it() {
    let mut laptop = Laptop::new(801, "李示例");
    let desk = &mut laptop.desk;
    let first = own("2026-11.1", "华山");
    let (entry, _) = desk
        .form_set_save(&first, "cn-generic 2026-11.1", "")
        .unwrap();
    assert_eq!(desk.form_set_save(&first, "", "").unwrap().0, entry);
    let other = own("2026-11.1", "另一个");
    let refused = desk.form_set_save(&other, "", "改名");
    assert!(matches!(refused, Err(DeskError::SameVersion { .. })));
    let second = own("2026-11.2", "华山新");
    let refused = desk.form_set_save(&second, "", " ");
    assert!(matches!(refused, Err(DeskError::WhyMissing)));
    let shipped = formset::shipped()[0].clone();
    let refused = desk.form_set_save(&shipped, "", "改");
    assert!(matches!(refused, Err(DeskError::ShippedSet { .. })));
    let mut wrong = own("2026-11.2", "");
    wrong.naming.pattern = "{planet}".into();
    let refused = desk.form_set_save(&wrong, "", "改");
    assert!(matches!(refused, Err(DeskError::FormSet(faults)) if faults.len() == 2));
    assert_eq!(desk.form_sets().unwrap().len(), 3);

    // Written by nobody's hand, and by no other way in.
    let directory = desk.directory();
    for field in ["set", "version", "key"] {
        let change = edit(desk, &directory, &entry, field, json!("2"));
        let refused = desk.set(&directory, change, None);
        assert!(
            matches!(refused, Err(DeskError::ReadOnlyField { .. })),
            "{field}"
        );
    }
    let refused = desk.add(&directory, kind::FORM_SET, None, fields(&[]), None);
    assert!(matches!(refused, Err(DeskError::UnknownName { .. })));

    let study = new_study(desk, "甲");
    let at = site(desk, &study);
    let id = begin(desk, &study, &at, "huashan-ec");
    let known = desk.form_sets().unwrap();
    let one = known.iter().find(|one| one.set == first).unwrap();
    assert_eq!((one.n_submissions, one.newest, one.rival), (1, true, false));
    let refused = desk.archive(&directory, &entry, &[]);
    assert!(matches!(refused, Err(DeskError::SetInUse)), "{refused:?}");

    // A further version is another; the submission goes over only when it is told to.
    let (newer, _) = desk
        .form_set_save(&second, "huashan-ec 2026-11.1", "新表")
        .unwrap();
    assert_eq!(set_of(desk, &study, &id), first);
    desk.submission_forms(&study, &id, "huashan-ec").unwrap();
    assert_eq!(set_of(desk, &study, &id), second);
    desk.undo().unwrap().unwrap();
    assert_eq!(set_of(desk, &study, &id), first);
    desk.archive(&directory, &newer, &[]).unwrap();
    assert_eq!(
        desk.form_set_version("huashan-ec")
            .unwrap()
            .rsplit_once('.')
            .unwrap()
            .1
            .len(),
        1
    );
    // Back to a set that comes with the program: nothing is carried along.
    desk.submission_forms(&study, &id, formset::GENERIC)
        .unwrap();
    let kept = doc(desk, &study)
        .entity(&id)
        .unwrap()
        .text("formsKept")
        .to_owned();
    assert_eq!(kept, "");
    assert!(desk.verify().unwrap().problems.is_empty());
}

#[test]
fn the_hospital_says_which_set_a_submission_starts_from() {
    let mut laptop = Laptop::new(802, "李示例");
    let desk = &mut laptop.desk;
    desk.form_set_save(&own("2026-11.1", "华山"), "", "")
        .unwrap();
    let (hospital, _) = desk.partner("huashan").unwrap();
    let directory = desk.directory();
    let study = new_study(desk, "甲");
    let at = site(desk, &study);
    let forms = |desk: &mut Desk| {
        let id = begin(desk, &study, &at, "");
        set_of(desk, &study, &id).key
    };
    assert_eq!(forms(desk), formset::GENERIC);
    // A word that is no set is the office's own name of its forms.
    for (word, key) in [("蓝皮书", formset::GENERIC), ("huashan-ec", "huashan-ec")] {
        let change = edit(desk, &directory, &hospital, "formSet", json!(word));
        desk.set(&directory, change, None).unwrap();
        assert_eq!(forms(desk), key, "{word}");
    }
    let known = desk.form_sets().unwrap();
    let one = known
        .iter()
        .find(|one| one.set.key == "huashan-ec")
        .unwrap();
    assert_eq!(one.hospitals.len(), 1);
    assert_eq!(one.hospitals[0].0, hospital);
    // Where nobody names one any more, it goes on as the submission before it.
    let change = edit(desk, &directory, &hospital, "formSet", json!(null));
    desk.set(&directory, change, None).unwrap();
    let again = begin(desk, &study, &at, "");
    assert_eq!(set_of(desk, &study, &again).key, "huashan-ec");
}

#[test]
fn two_laptops_see_two_contents_of_one_version_and_old_submissions_keep_theirs() {
    let mut center = Referee::default();
    let (mut li, mut wang) = (Laptop::new(803, "李明"), Laptop::new(804, "王芳"));
    let (mine, other) = (own("2026-11.1", "甲稿"), own("2026-11.1", "乙稿"));
    li.desk.form_set_save(&mine, "", "").unwrap();
    wang.desk.form_set_save(&other, "", "").unwrap();
    let study = new_study(&mut li.desk, "甲");
    let at = site(&mut li.desk, &study);
    let id = begin(&mut li.desk, &study, &at, "huashan-ec");
    for _ in 0..2 {
        center.sync(&mut li.desk);
        center.sync(&mut wang.desk);
    }
    for desk in [&li.desk, &wang.desk] {
        let known = desk.form_sets().unwrap();
        let rivals: Vec<_> = known.iter().filter(|one| one.rival).collect();
        assert_eq!(rivals.len(), 2);
        assert_eq!(set_of(desk, &study, &id), mine);
    }
    // Both take the same one for a new submission, and a further version settles it.
    let newest = |desk: &Desk| {
        let own = desk.own_sets(&doc(desk, &study)).unwrap();
        own.newest("huashan-ec").unwrap().clone()
    };
    assert_eq!(newest(&li.desk), newest(&wang.desk));
    let settled = own("2026-11.2", "定稿");
    wang.desk
        .form_set_save(&settled, "huashan-ec 2026-11.1", "合并两稿")
        .unwrap();
    center.sync(&mut wang.desk);
    center.sync(&mut li.desk);
    assert_eq!(newest(&li.desk), settled);
    assert_eq!(set_of(&li.desk, &study, &id), mine);
    assert_eq!(li.desk.digest().unwrap(), wang.desk.digest().unwrap());
}

#[test]
fn versions_are_told_in_the_order_of_their_numbers() {
    let Laptop {
        bench: _bench,
        mut desk,
        ..
    } = Laptop::new(1, "林示例");
    for version in ["2026-11.10", "2026-11.9", "2026-11.1"] {
        desk.form_set_save(&own(version, version), "", "次序")
            .unwrap();
    }
    let known = desk.form_sets().unwrap();
    let own = known.iter().filter(|one| one.entry.is_some());
    let versions: Vec<&str> = own.map(|one| one.set.version.as_str()).collect();
    assert_eq!(versions, ["2026-11.1", "2026-11.9", "2026-11.10"]);
}

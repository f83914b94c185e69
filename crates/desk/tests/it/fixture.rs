//! A vault that version 0.1.0 made: every later version opens, verifies and reads it.
//!
//! The folder `fixtures/vault-v1` is never made again. A new format gets a new fixture: run this
//! test with `DESK_MAKE_FIXTURE` set to a folder.

use crate::records::{record, site};
use crate::world::{PASSPHRASE, doc, edit, fields, new_study, person, set, values};
use desk::vault::{Kdf, Key, NoKeychain};
use desk::{Desk, HistoryScope};
use model::{EntityMark, kind};
use serde_json::json;
use std::path::{Path, PathBuf};

const DIGEST: &str = include_str!("fixtures/vault-v1/digest.txt");
const FILES: [&str; 3] = ["vault.db", "vault.json", "vault.json.bak"];

fn make(dir: &Path, bench: &testkit::Bench) -> String {
    let (mut desk, _) = Desk::create(
        dir,
        PASSPHRASE,
        Kdf::quick_for_tests(),
        bench.env.clone(),
        person("李明"),
        false,
    )
    .unwrap();
    let study = new_study(&mut desk, "脓毒症早期识别研究");
    let old_form = edit(
        &desk,
        &study,
        &study.root(),
        "title.zh",
        json!("脓毒症早期预警研究"),
    );
    set(&mut desk, &study, "title.zh", json!("脓毒症早期筛查研究"));
    desk.set(&study, old_form, Some(desk::Reason::text("伦理意见")))
        .unwrap();
    set(&mut desk, &study, "enrollment", json!(120));
    let contact = fields(&[("name.zh", json!("王芳")), ("phone", json!("021-0000"))]);
    let (contact, _) = desk
        .add(&study, kind::CONTACT, None, contact, None)
        .unwrap();
    let seen = doc(&desk, &study).seen_with_children(&contact);
    desk.archive(&study, &contact, &seen).unwrap();
    let sites = [site("Ruijin#0", "Shanghai 200025", 0, "RECRUITING")];
    desk.import(&record("2026-01-01", "A trial", &sites))
        .unwrap();
    desk.import(&record("2026-02-01", "A larger trial", &sites))
        .unwrap();
    desk.idle().unwrap();
    desk.digest().unwrap()
}

/// Puts the vault of version 0.1.0 into a folder.
pub(crate) fn lay(dir: &Path) {
    let fixture: PathBuf = [
        env!("CARGO_MANIFEST_DIR"),
        "tests",
        "it",
        "fixtures",
        "vault-v1",
    ]
    .iter()
    .collect();
    std::fs::create_dir(dir).unwrap();
    for file in FILES {
        std::fs::copy(fixture.join(file), dir.join(file)).unwrap();
    }
}

#[test]
fn f70_the_vault_of_the_first_version_is_read_as_it_was_written() {
    let bench = testkit::Bench::new(60);
    if let Ok(folder) = std::env::var("DESK_MAKE_FIXTURE") {
        let made = bench.path("made");
        let digest = make(&made, &bench);
        for file in FILES {
            std::fs::copy(made.join(file), Path::new(&folder).join(file)).unwrap();
        }
        std::fs::write(Path::new(&folder).join("digest.txt"), digest).unwrap();
        return;
    }
    let dir = bench.path("vault");
    lay(&dir);
    let env = bench.env.clone();
    let desk = Desk::open(&dir, Key::Passphrase(PASSPHRASE), &NoKeychain, env).unwrap();
    assert_eq!(desk.digest().unwrap(), DIGEST.trim());
    let report = desk.verify().unwrap();
    assert_eq!(
        (report.problems.as_slice(), report.commits),
        ([].as_slice(), 8)
    );
    let hit = &desk.search("预警", 5).unwrap()[0];
    let study = hit.study.clone();
    let title = values(&desk, &study, &study.root(), "title.zh");
    assert_eq!(
        title,
        [json!("脓毒症早期预警研究"), json!("脓毒症早期筛查研究")]
    );
    let contact = doc(&desk, &study);
    let contact = contact
        .entities
        .iter()
        .find(|entity| entity.kind == kind::CONTACT)
        .unwrap();
    assert_eq!(
        (contact.mark, contact.text("phone")),
        (EntityMark::Archived, "021-0000")
    );
    let entries = desk.history(&HistoryScope::Study(study), 50, 0).unwrap();
    assert!(
        entries
            .iter()
            .any(|entry| entry.why_text.as_deref() == Some("伦理意见"))
    );
    let imported = desk.find_study("NCT01234567").unwrap().unwrap();
    assert_eq!(
        doc(&desk, &imported).root().unwrap().text("title.en"),
        "A larger trial"
    );
}

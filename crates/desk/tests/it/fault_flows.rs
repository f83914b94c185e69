//! What people do in a vault, in steps that can be cut off anywhere and gone on with.
//!
//! A flow works in one folder: the vault, the installation, and what the flow was given. A step is
//! acknowledged when it returned; [`Flow::look`] then says in words what is there, and refuses
//! anything half. What a step does again after it was cut off changes nothing.

use crate::protocol;
use crate::records::{record, site};
use crate::referee::{Referee, connect};
use crate::world::{PASSPHRASE, doc, edit, fields, is_held, new_study, once_free, person, set};
use data_encoding::HEXLOWER;
use desk::vault::{self, Kdf, Key, NoKeychain, VaultError};
use desk::{Chosen, Desk, DeskError, NewStudy, Pulled, backup};
use ledger::Frame;
use model::file::BlobRef;
use model::{EntityId, EntityMark, StudyId, kind};
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};

const NEW_PASSPHRASE: &str = "copper lantern meadow 4";
/// Commits of a pulled page.
const PAGE: usize = 4;

/// Why a step was not done: the key of the words for it.
pub(crate) type Refused = String;

/// One flow.
pub(crate) struct Flow {
    pub(crate) name: &'static str,
    /// Makes the folder's content; the vault is closed at its end.
    prepare: fn(&Place),
    /// The steps, each of which may be done again.
    pub(crate) n_steps: usize,
    step: fn(&mut Work, usize) -> Result<(), Refused>,
    /// Where the vault lies in the end.
    vault: &'static str,
}

/// The folder that a flow works in.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) root: PathBuf,
    /// Another seed is another process: no random number comes twice.
    pub(crate) seed: u64,
}

impl Place {
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    fn env(&self) -> desk::Env {
        testkit::env(self.seed, &self.path("installation"))
    }

    pub(crate) fn open(&self, vault: &str) -> Result<Desk, DeskError> {
        let dir = self.path(vault);
        let open =
            |passphrase| Desk::open(&dir, Key::Passphrase(passphrase), &NoKeychain, self.env());
        let with = |passphrase| once_free(|| open(passphrase), is_held);
        match with(PASSPHRASE) {
            Err(DeskError::Vault(VaultError::WrongKey { .. })) => with(NEW_PASSPHRASE),
            other => other,
        }
    }
}

/// A flow that is being done.
pub(crate) struct Work {
    pub(crate) place: Place,
    pub(crate) desk: Option<Desk>,
}

impl Work {
    fn open(&mut self, vault: &str) -> Result<&mut Desk, Refused> {
        if self.desk.is_none() {
            let opened = self.place.open(vault).map_err(words);
            if opened.is_err() {
                // What an opening drew before it failed is not drawn again.
                self.place.seed += 1_000;
            }
            self.desk = Some(opened?);
        }
        Ok(self.desk.as_mut().expect("opened just now"))
    }

    fn desk(&mut self) -> Result<&mut Desk, Refused> {
        self.open("vault")
    }
}

/// The words of a failure, which must be there.
pub(crate) fn words(error: DeskError) -> Refused {
    let key = match &error {
        DeskError::Vault(vault) => vault.code().to_owned(),
        other => format!("desk.error.{}", other.code()),
    };
    spoken(&key)
}

fn spoken(key: &str) -> Refused {
    assert!(model::label::get(key).is_some(), "no words for {key}");
    key.to_owned()
}

fn first_study(desk: &Desk) -> Result<StudyId, Refused> {
    Ok(desk.studies().map_err(words)?[0].id.clone())
}

/// Sets a field of the first study unless it has the value.
fn put(desk: &mut Desk, field: &str, value: Value) -> Result<(), Refused> {
    let study = first_study(desk)?;
    let is_there = {
        let doc = desk.study(&study).map_err(words)?.expect("a study");
        doc.root().is_some_and(|root| *root.value(field) == value)
    };
    if is_there {
        return Ok(());
    }
    let edit = edit(desk, &study, &study.root(), field, value);
    desk.set(&study, edit, None).map(drop).map_err(words)
}

fn only(desk: &Desk, kind: &str) -> Result<EntityId, Refused> {
    let study = first_study(desk)?;
    let doc = desk.study(&study).map_err(words)?.expect("a study");
    let found = doc.entities.iter().find(|entity| entity.kind == kind);
    Ok(found.expect("one of this kind").id.clone())
}

pub(crate) const FLOWS: &[Flow] = &[
    Flow {
        name: "edit",
        prepare: one_study,
        n_steps: 4,
        vault: "vault",
        step: |work, n| put(work.desk()?, "acronym", json!(format!("E{n}"))),
    },
    Flow {
        name: "pull",
        prepare: two_pages,
        n_steps: 2,
        vault: "vault",
        step: pull,
    },
    Flow {
        name: "import",
        prepare: one_study,
        n_steps: 2,
        vault: "vault",
        step: |work, n| {
            let sites = [
                site("Ruijin#0", "Shanghai 200025", 0, "RECRUITING"),
                site("Huashan#0", "Shanghai 200040", 1, "RECRUITING"),
            ];
            let record = record(&format!("2026-0{}-01", n + 1), "A trial", &sites[..=n]);
            work.desk()?.import(&record).map(drop).map_err(words)
        },
    },
    Flow {
        name: "freeze",
        prepare: |place| {
            let mut desk = make(place);
            crate::version::protocol(&mut desk);
        },
        n_steps: 3,
        vault: "vault",
        step: |work, n| {
            let desk = work.desk()?;
            let number = if n == 0 { "1.0" } else { "2.0" };
            let study = first_study(desk)?;
            let standing = desk.standing(&study).map_err(words)?;
            if n == 1 {
                return put(desk, "acronym", json!("F"));
            }
            if standing.versions.iter().any(|it| it.number == number) {
                return Ok(());
            }
            let freeze = crate::version::number(number, "2026-11-25");
            desk.version_freeze(&study, freeze).map(drop).map_err(words)
        },
    },
    Flow {
        name: "attach",
        prepare: |place| {
            let mut desk = make(place);
            let study = new_study(&mut desk, "甲");
            crate::blob::document(&mut desk, &study);
        },
        n_steps: 2,
        vault: "vault",
        step: attach,
    },
    Flow {
        name: "backup",
        prepare: one_study,
        n_steps: 3,
        vault: "vault",
        step: |work, n| {
            let to = work.place.path("copy.pideskbackup");
            let env = work.place.env();
            let desk = work.desk()?;
            match n {
                1 => put(desk, "acronym", json!("LATER")),
                _ => backup::write(desk.vault(), &to, &env)
                    .map(drop)
                    .map_err(|error| spoken(error.code())),
            }
        },
    },
    Flow {
        name: "passphrase",
        prepare: one_study,
        n_steps: 1,
        vault: "vault",
        step: |work, _| {
            let env = work.place.env();
            let vault = work.desk()?.vault();
            let quick = Kdf::quick_for_tests();
            let done = vault.set_passphrase(NEW_PASSPHRASE, quick, &env);
            done.map_err(|error| spoken(error.code()))
        },
    },
    Flow {
        name: "migrate",
        prepare: |place| crate::fixture::lay(&place.path("vault")),
        n_steps: 2,
        vault: "vault",
        step: |work, n| match n {
            0 => work.desk().map(drop),
            _ => {
                let desk = work.desk()?;
                let studies = desk.studies().map_err(words)?;
                let of = studies.iter().find(|row| !row.acronym.is_empty());
                match of {
                    Some(_) => Ok(()),
                    None => put(desk, "acronym", json!("NEW")),
                }
            }
        },
    },
    Flow {
        name: "send",
        prepare: |place| {
            let mut desk = make(place);
            let study = new_study(&mut desk, "甲");
            let at = crate::submission::site(&mut desk, &study, "LEAD");
            crate::version::freeze(&mut desk, &study, "1.0", "2026-01-05");
            crate::submission::begin(&mut desk, &study, &at, "initial");
        },
        n_steps: 1,
        vault: "vault",
        step: |work, _| {
            let desk = work.desk()?;
            let study = first_study(desk)?;
            let id = only(desk, kind::SUBMISSION)?;
            if desk.submission_sent(&study, &id).map_err(words)?.is_some() {
                return Ok(());
            }
            let sending = crate::submission::anyway(desk, &study, &id, "2026-01-10");
            let sent = crate::submission::send(desk, &study, &id, sending);
            sent.map(drop).map_err(words)
        },
    },
    Flow {
        name: "restore",
        prepare: |place| {
            let mut desk = make(place);
            let study = new_study(&mut desk, "甲");
            let document = crate::blob::document(&mut desk, &study);
            crate::blob::attach(&mut desk, &study, &document, &[7; 70_000]);
            let to = place.path("copy.pideskbackup");
            backup::write(desk.vault(), &to, &place.env()).unwrap();
        },
        n_steps: 2,
        vault: "restored",
        step: |work, n| {
            let (from, to) = (
                work.place.path("copy.pideskbackup"),
                work.place.path("restored"),
            );
            if n == 1 {
                return put(work.open("restored")?, "acronym", json!("R"));
            }
            if vault::describe(&to).is_ok() {
                return Ok(());
            }
            let made = backup::restore(&from, &to);
            made.map(drop).map_err(|error| spoken(error.code()))
        },
    },
    Flow {
        name: "undo",
        prepare: one_study,
        n_steps: 3,
        vault: "vault",
        step: |work, n| {
            let desk = work.desk()?;
            let study = first_study(desk)?;
            let now = doc(desk, &study)
                .root()
                .unwrap()
                .text("title.zh")
                .to_owned();
            match (n, now.as_str()) {
                (0, "甲") => put(desk, "title.zh", json!("乙")),
                // Only the sitting that made an edit takes it back.
                (1, "乙") if desk.undo().map_err(words)?.is_none() => {
                    put(desk, "title.zh", json!("甲"))
                }
                (2, "甲") => put(desk, "title.zh", json!("丙")),
                _ => Ok(()),
            }
        },
    },
    Flow {
        name: "checkpoint",
        prepare: one_study,
        n_steps: 4,
        vault: "vault",
        step: |work, n| {
            let desk = work.desk()?;
            put(desk, "acronym", json!(format!("C{n}")))?;
            desk.idle().map_err(words)
        },
    },
    Flow {
        name: "create",
        prepare: |_| {},
        n_steps: 2,
        vault: "created",
        step: |work, n| {
            let dir = work.place.path("created");
            if n == 1 {
                let desk = work.open("created")?;
                return match desk.studies().map_err(words)?.len() {
                    0 => {
                        let fields = fields(&[("title.zh", json!("甲"))]);
                        let new = NewStudy {
                            fields,
                            ..NewStudy::default()
                        };
                        desk.create_study(&new).map(drop).map_err(words)
                    }
                    _ => Ok(()),
                };
            }
            if vault::describe(&dir).is_ok() {
                return work.open("created").map(drop);
            }
            let quick = Kdf::quick_for_tests();
            let made = Desk::create(
                &dir,
                PASSPHRASE,
                quick,
                work.place.env(),
                person("李明"),
                false,
            );
            work.desk = Some(made.map_err(words)?.0);
            Ok(())
        },
    },
    Flow {
        name: "archive",
        prepare: |place| {
            let mut desk = make(place);
            let study = new_study(&mut desk, "甲");
            crate::version::add_site(&mut desk, &study, "瑞金医院");
        },
        n_steps: 1,
        vault: "vault",
        step: |work, _| {
            let desk = work.desk()?;
            let study = first_study(desk)?;
            let site = only(desk, kind::SITE)?;
            let held = doc(desk, &study);
            if held
                .entity(&site)
                .is_some_and(|it| it.mark == EntityMark::Archived)
            {
                return Ok(());
            }
            let seen = held.seen_with_children(&site);
            desk.archive(&study, &site, &seen).map(drop).map_err(words)
        },
    },
    Flow {
        name: "protocol",
        prepare: one_study,
        n_steps: 2,
        vault: "vault",
        step: |work, n| {
            let desk = work.desk()?;
            let study = first_study(desk)?;
            let (of_section, of_block) = (n as u32 + 1, n as u32 + 11);
            if doc(desk, &study).entity(&protocol::id(of_block)).is_some() {
                return Ok(());
            }
            let changes = vec![
                protocol::section(of_section, None, "目的"),
                protocol::block(of_block, of_section, None, "口服 5 mg"),
                protocol::block(of_block + 50, of_section, Some(of_block), "每日一次"),
            ];
            desk.protocol_save(&study, changes, None)
                .map(drop)
                .map_err(words)
        },
    },
    Flow {
        name: "milestones",
        prepare: |place| {
            let mut desk = make(place);
            let study = new_study(&mut desk, "甲");
            crate::version::add_site(&mut desk, &study, "瑞金医院");
        },
        n_steps: 1,
        vault: "vault",
        step: |work, _| {
            let desk = work.desk()?;
            let study = first_study(desk)?;
            let site = only(desk, kind::SITE)?;
            if doc(desk, &study).of_kind(kind::MILESTONE).next().is_some() {
                return Ok(());
            }
            let day = Chosen {
                key: "siv".into(),
                planned: "2027-03-19".into(),
            };
            desk.milestone_apply(&study, &[site], "cn-iit-site", &[day])
                .map(drop)
                .map_err(words)
        },
    },
    Flow {
        name: "identity",
        prepare: one_study,
        n_steps: 2,
        vault: "vault",
        step: |work, n| {
            let env = work.place.env();
            let desk = work.desk()?;
            let study = first_study(desk)?;
            if n == 0 {
                return desk.fork(study.as_str()).map(drop).map_err(words);
            }
            let code = desk.vault().new_recovery_code(&env);
            code.map(drop).map_err(|error| spoken(error.code()))
        },
    },
];

pub(crate) fn flow(name: &str) -> &'static Flow {
    let found = FLOWS.iter().find(|flow| flow.name == name);
    found.unwrap_or_else(|| panic!("no flow {name}"))
}

impl Flow {
    pub(crate) fn prepare(&self, root: &Path) {
        fs::create_dir_all(root.join("installation")).unwrap();
        (self.prepare)(&Place {
            root: root.to_owned(),
            seed: 1,
        });
    }

    pub(crate) fn step(&self, work: &mut Work, n: usize) -> Result<(), Refused> {
        (self.step)(work, n)
    }

    /// What is there, in words that are equal for equal content; panics at anything half.
    pub(crate) fn look(&self, place: &Place) -> String {
        let mut said = match self.vault {
            "vault" => content(place, "vault"),
            other => match vault::describe(&place.path(other)) {
                // Cut off before its first tables were made, it gets them when it is opened.
                Ok(_) => content(place, other).replacen("schema 0", "schema 5", 1),
                Err(_) => "no vault\n".to_owned(),
            },
        };
        let copy = place.path("copy.pideskbackup");
        if self.name == "backup" && copy.exists() {
            let to = place.path("looked");
            backup::restore(&copy, &to).expect("a copy under its name is whole");
            said += "copy:\n";
            said += &content(place, "looked");
            fs::remove_dir_all(to).unwrap();
        }
        said
    }
}

/// Everything in a vault, without ids and times.
pub(crate) fn content(place: &Place, vault: &str) -> String {
    let with = |passphrase| {
        let key = Key::Passphrase(passphrase);
        let open = || vault::open(&place.path(vault), key, &NoKeychain, &place.env());
        once_free(open, |error| matches!(error, VaultError::InUse { .. }))
    };
    let (name, opened) = match with(PASSPHRASE) {
        Err(VaultError::WrongKey { .. }) => ("new", with(NEW_PASSPHRASE)),
        other => ("old", other),
    };
    let opened = opened.unwrap_or_else(|error| panic!("{vault} does not open: {error:?}"));
    let schema: i64 = opened
        .conn
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .unwrap();
    let mut said = format!("passphrase {name}, schema {schema}\n");
    let desk = Desk::from_opened(opened, place.env()).unwrap();
    sound(&desk);
    let mut lines = Vec::new();
    for row in desk.studies().unwrap() {
        for entity in &doc(&desk, &row.id).entities {
            for (field, register) in &entity.fields {
                let values: Vec<_> = register.heads.iter().map(|head| &head.value).collect();
                let line = format!("{} {field} {}", entity.kind, json!(values));
                // A manifest names ids and hashes: that it is there is what counts.
                let names_ids = field == "manifest" || line.contains("$ref");
                let n_letters = if names_ids { 30 } else { usize::MAX };
                lines.push(line.chars().take(n_letters).collect::<String>());
                if let Some(file) = BlobRef::read(&register.heads[0].value) {
                    let bytes = desk
                        .blob_read(&file.hash)
                        .expect("a file that a study names");
                    assert_eq!(bytes.len() as u64, file.size);
                }
            }
        }
    }
    lines.sort();
    for line in lines {
        said += &line;
        said.push('\n');
    }
    said
}

/// The database is whole, every signature is right, and what is derived follows from the log.
pub(crate) fn sound(desk: &Desk) {
    let conn = desk.connection();
    for (check, good) in [
        ("PRAGMA cipher_integrity_check", None),
        ("PRAGMA integrity_check", Some("ok")),
        ("PRAGMA foreign_key_check", None),
    ] {
        let mut statement = conn.prepare(check).unwrap();
        let rows = statement.query_map([], |row| row.get::<_, String>(0));
        let said: Vec<String> = rows.unwrap().map(Result::unwrap).collect();
        assert_eq!(
            said,
            good.map(str::to_owned).into_iter().collect::<Vec<_>>()
        );
    }
    assert_eq!(desk.verify().unwrap().problems, []);
}

pub(crate) fn make(place: &Place) -> Desk {
    let made = Desk::create(
        &place.path("vault"),
        PASSPHRASE,
        Kdf::quick_for_tests(),
        place.env(),
        person("李明"),
        false,
    );
    made.unwrap().0
}

fn one_study(place: &Place) {
    let mut desk = make(place);
    new_study(&mut desk, "甲");
}

/// A vault, and two pages of somebody else's edits that it has not taken in.
fn two_pages(place: &Place) {
    pages(place, 2 * PAGE);
}

/// A vault, and a stream of somebody else's commits in a file beside it.
pub(crate) fn pages(place: &Place, n_commits: usize) {
    let mut center = Referee::default();
    let mut other = crate::world::Laptop::new(2, "王芳");
    let study = new_study(&mut other.desk, "乙");
    for n in 1..n_commits {
        set(&mut other.desk, &study, "acronym", json!(format!("P{n}")));
    }
    center.push_all(&mut other.desk);
    let all = center.page(study.as_str(), 0, n_commits);
    let lines: Vec<Value> = all
        .iter()
        .map(|one| {
            json!({"at": one.received_at, "receipt": one.receipt,
                "frame": HEXLOWER.encode(&one.frame.encode())})
        })
        .collect();
    let file = json!({"stream": study.as_str(), "commits": lines});
    fs::write(place.path("pages.json"), file.to_string()).unwrap();
    let mut desk = make(place);
    connect(&mut desk);
}

/// A stream of somebody else's commits.
pub(crate) struct Pages {
    pub(crate) stream: String,
    pub(crate) all: Vec<Pulled>,
}

impl Pages {
    pub(crate) fn read(place: &Place) -> Self {
        let file = fs::read(place.path("pages.json")).unwrap();
        let file: Value = serde_json::from_slice(&file).unwrap();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let commits = file["commits"].as_array().unwrap().iter().zip(1..);
        let pulled = commits.map(|(one, sseq)| {
            let bytes = HEXLOWER.decode(text(&one["frame"]).as_bytes()).unwrap();
            Pulled {
                sseq,
                received_at: text(&one["at"]),
                receipt: text(&one["receipt"]),
                quarantined: false,
                frame: Frame::decode(&bytes).unwrap().0,
            }
        });
        Self {
            stream: text(&file["stream"]),
            all: pulled.collect(),
        }
    }

    /// Takes in the page after what is there, up to a number.
    pub(crate) fn take(&self, desk: &mut Desk, to: usize) -> Result<(), Refused> {
        let states = desk.streams().map_err(words)?;
        let have = states.iter().find(|it| it.stream == self.stream);
        let from = have.map_or(0, |it| it.cursor);
        if from as usize >= to {
            return Ok(());
        }
        let page = self.all[from as usize..to].to_vec();
        let taken = desk.accept(&self.stream, from, to as u64, page);
        let taken = taken.map_err(words)?;
        assert_eq!(taken.problems, []);
        Ok(())
    }
}

fn pull(work: &mut Work, n: usize) -> Result<(), Refused> {
    let pages = Pages::read(&work.place);
    pages.take(work.desk()?, (n + 1) * PAGE)
}

fn attach(work: &mut Work, n: usize) -> Result<(), Refused> {
    let desk = work.desk()?;
    let bytes = vec![n as u8; 100_000 + n];
    let study = first_study(desk)?;
    let document = only(desk, kind::DOCUMENT)?;
    let held = doc(desk, &study);
    let register = held.entity(&document).unwrap().fields.get("file");
    let file = register.and_then(|it| BlobRef::read(&it.heads[0].value));
    if file.is_some_and(|file| file.size >= bytes.len() as u64) {
        return Ok(());
    }
    let seen = register.map(model::Register::seen).unwrap_or_default();
    let mut from = bytes.as_slice();
    desk.document_attach(&study, &document, "甲.pdf", &mut from, &seen)
        .map(drop)
        .map_err(words)
}

//! A laptop as it is sold: an encrypted vault of the real desk on a disk in memory.

use super::machine::{GONE, Held, Machine, Place, Shown};
use desk::env::{Clock, Entropy, Env};
use desk::vault::{Kdf, Key, NoKeychain};
use desk::{Desk, DeskError, Edit, NewStudy, Profile};
use ledger::Frame;
use model::{EntityId, EntityMark, StudyId, kind};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use sync::{Accepted, Confirmed, Page, Replica, Rights, Status, StreamState};
use testkit::{FixedClock, SeededEntropy, TempDir, memory_folder};

const PASSPHRASE: &str = "granite harbour violet 7";
/// The standing of a commit that the center put aside, in the vault's own table.
const ASIDE: i64 = 2;

struct Wrist(Arc<FixedClock>);

impl Clock for Wrist {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.0.now()
    }

    fn offset_minutes(&self) -> i32 {
        self.0.offset_minutes()
    }
}

struct Dice(SeededEntropy);

impl Entropy for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes);
    }
}

pub(crate) struct Vault {
    // Closed before its folder goes.
    desk: Option<Desk>,
    folder: TempDir,
    clock: Arc<FixedClock>,
    env: Env,
}

/// A copy of the disk of a [`Vault`].
pub(crate) struct VaultCopy {
    folder: TempDir,
    clock: Arc<FixedClock>,
}

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.file_type().expect("a type").is_dir() {
            copy_tree(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a copy");
        }
    }
}

fn env(seed: u64, clock: &Arc<FixedClock>, installation: PathBuf) -> Env {
    Env {
        clock: Arc::new(Wrist(Arc::clone(clock))),
        entropy: Arc::new(Dice(SeededEntropy::new(seed))),
        app: "0.0.0-test".to_owned(),
        installation,
    }
}

impl Vault {
    pub(crate) fn new(seed: u64) -> Self {
        let folder = memory_folder();
        let installation = folder.path().join("installation");
        fs::create_dir(&installation).expect("a folder");
        let clock = Arc::new(FixedClock::default());
        let env = env(seed, &clock, installation);
        let profile = Profile {
            name_zh: format!("person {seed}"),
            name_en: String::new(),
            hospital: "ruijin".to_owned(),
            role: "pi".to_owned(),
        };
        let (dir, kdf) = (folder.path().join("vault"), Kdf::quick_for_tests());
        let made = Desk::create(&dir, PASSPHRASE, kdf, env.clone(), profile, false);
        let (desk, _) = made.expect("a vault");
        Self {
            folder,
            desk: Some(desk),
            clock,
            env,
        }
    }

    /// A disk that is put back or copied whole lies at the same place as before; here it lies at
    /// another, and the installation's file bears the place in its name.
    fn settle(folder: &Path) {
        let card = fs::read(folder.join("vault/vault.json")).expect("the ways in");
        let card: Value = serde_json::from_slice(&card).expect("JSON");
        let id = card["id"].as_str().expect("the id of the vault");
        let place = folder.join("vault").canonicalize().expect("a place");
        let place = place.as_os_str().as_encoded_bytes();
        let hash = ledger::Hash::of_parts(&[id.as_bytes(), &[0], place]);
        let digits = &hash.as_str()["sha256:".len()..][..24];
        let installation = folder.join("installation");
        let mut files = fs::read_dir(&installation).expect("a folder");
        let file = files.next().expect("the installation's file");
        let file = file.expect("the installation's file").path();
        let name = installation.join(format!("vault-{digits}.json"));
        fs::rename(file, name).expect("another name");
    }

    fn open(folder: TempDir, clock: Arc<FixedClock>, seed: u64) -> Self {
        let env = env(seed, &clock, folder.path().join("installation"));
        let mut vault = Self {
            folder,
            desk: None,
            clock,
            env,
        };
        vault.reopen();
        vault
    }

    fn reopen(&mut self) {
        let dir = self.folder.path().join("vault");
        let key = Key::Passphrase(PASSPHRASE);
        let desk = Desk::open(&dir, key, &NoKeychain, self.env.clone());
        self.desk = Some(desk.expect("the vault opens"));
    }

    fn desk(&self) -> &Desk {
        self.desk.as_ref().expect("the vault is open")
    }

    fn desk_mut(&mut self) -> &mut Desk {
        self.desk.as_mut().expect("the vault is open")
    }

    /// The disk as it lies there while the program runs: what a crash would leave.
    fn image(&self) -> TempDir {
        let folder = memory_folder();
        copy_tree(self.folder.path(), folder.path());
        folder
    }
}

fn study(stream: &str) -> StudyId {
    StudyId::parse(stream).expect("a study")
}

fn entity(id: &str) -> EntityId {
    EntityId::parse(id).expect("an entity")
}

impl Machine for Vault {
    type Copy = VaultCopy;

    const FIELDS: &'static [&'static str] = &["department.zh", "city", "note"];

    const KEEPS_FORMS: bool = true;

    fn device(&self) -> String {
        self.desk().device()
    }

    fn public(&self) -> String {
        self.desk().device_key().public().to_text()
    }

    fn person(&self) -> String {
        self.desk().person().as_str().to_owned()
    }

    fn begin(&mut self, n_entities: usize) -> (String, Vec<String>) {
        let desk = self.desk_mut();
        let (study, _) = desk.create_study(&NewStudy::default()).expect("a study");
        let mut sites = Vec::new();
        for _ in 0..n_entities {
            let fields = BTreeMap::from([("city".to_owned(), Value::from("begun"))]);
            let (site, _) = desk
                .add(&study, kind::SITE, None, fields, None)
                .expect("a site");
            sites.push(site.as_str().to_owned());
        }
        (study.as_str().to_owned(), sites)
    }

    fn shown(&self, place: &Place) -> Vec<Shown> {
        if place.field == GONE {
            return Vec::new();
        }
        let (study, entity) = (study(&place.stream), entity(&place.entity));
        let register = match self.desk().register(&study, &entity, &place.field) {
            Ok(register) => register,
            Err(DeskError::NotFound { .. }) => None,
            Err(error) => panic!("{error}"),
        };
        let heads = register.into_iter().flat_map(|register| register.heads);
        let shown = heads.map(|head| Shown {
            id: head.op,
            value: head.value.as_str().unwrap_or_default().to_owned(),
        });
        shown.collect()
    }

    fn set(&mut self, place: &Place, value: &str, seen: &[String]) {
        let edit = Edit {
            entity: entity(&place.entity),
            field: place.field.clone(),
            value: Value::from(value),
            seen: seen.to_vec(),
        };
        let saved = self.desk_mut().set(&study(&place.stream), edit, None);
        saved.expect("an edit is saved");
    }

    fn archive(&mut self, stream: &str, id: &str) {
        let (study, entity) = (study(stream), entity(id));
        let doc = self.desk().study(&study).expect("it is here");
        let seen = doc.expect("it is here").seen_with_children(&entity);
        let archived = self.desk_mut().archive(&study, &entity, &seen);
        archived.expect("it is archived");
    }

    fn is_gone(&self, stream: &str, id: &str) -> bool {
        let doc = self.desk().study(&study(stream)).expect("the vault works");
        let doc = doc.expect("it is here");
        doc.entity(&entity(id))
            .is_some_and(|entity| entity.mark == EntityMark::Archived)
    }

    fn held(&self, stream: &str) -> Vec<Held> {
        let sql = "SELECT c.hash, c.sseq, c.status FROM commits c JOIN streams s ON s.id = c.stream
                   WHERE s.name = ?1 AND c.status <> 3 ORDER BY c.id";
        let mut statement = self
            .desk()
            .connection()
            .prepare_cached(sql)
            .expect("a table");
        let rows = statement.query_map([stream], |row| {
            let (sseq, status): (Option<i64>, i64) = (row.get(1)?, row.get(2)?);
            Ok(Held {
                id: row.get(0)?,
                sseq: sseq.and_then(|sseq| u64::try_from(sseq).ok()),
                status: match status {
                    ASIDE => Status::Quarantined,
                    _ => Status::Accepted,
                },
            })
        });
        rows.expect("rows").map(|row| row.expect("a row")).collect()
    }

    fn waiting_at(&self, stream: &str, (dev, seq): (&str, u64)) -> Option<String> {
        let sql = "SELECT c.hash FROM commits c JOIN streams s ON s.id = c.stream
                       JOIN devices d ON d.id = c.device
                   WHERE s.name = ?1 AND d.name = ?2 AND c.seq = ?3 AND c.sseq IS NULL
                       AND c.status <> 3";
        let conn = self.desk().connection();
        let mut statement = conn.prepare_cached(sql).expect("a table");
        let seq = i64::try_from(seq).expect("a number");
        statement
            .query_row((stream, dev, seq), |row| row.get(0))
            .ok()
    }

    fn waiting(&self, stream: &str) -> Vec<Frame> {
        let all = self.desk().outbox(stream, usize::MAX, usize::MAX);
        all.expect("the store works")
    }

    fn digest(&self) -> String {
        self.desk().digest().expect("a digest")
    }

    fn verify(&self) -> Result<(), String> {
        let report = self.desk().verify().map_err(|error| error.to_string())?;
        match report.problems.as_slice() {
            [] => Ok(()),
            problems => Err(format!("{problems:?}")),
        }
    }

    fn restart(&mut self) {
        let image = self.image();
        self.desk = None;
        Self::settle(image.path());
        self.folder = image;
        self.env.installation = self.folder.path().join("installation");
        self.reopen();
    }

    fn copy(&mut self) -> VaultCopy {
        VaultCopy {
            folder: self.image(),
            clock: Arc::clone(&self.clock),
        }
    }

    fn from_copy(copy: &VaultCopy, n: u64) -> Self {
        let folder = memory_folder();
        copy_tree(copy.folder.path(), folder.path());
        Self::settle(folder.path());
        Self::open(folder, Arc::clone(&copy.clock), n)
    }

    fn bundle_out(&mut self, stream: &str) -> Vec<u8> {
        let bundle = self
            .desk()
            .bundle_out(&[study(stream)], PASSPHRASE, Kdf::quick_for_tests());
        bundle.expect("a bundle")
    }

    fn bundle_in(&mut self, bundle: &[u8]) {
        let taken = self.desk_mut().bundle_in(bundle, PASSPHRASE);
        taken.expect("a bundle is taken");
    }

    fn turn_clock(&mut self, by_ms: i64) {
        if let Some(by) = chrono::TimeDelta::try_milliseconds(by_ms) {
            self.clock.advance(by);
        }
    }
}

impl Replica for Vault {
    type Error = DeskError;

    fn streams(&mut self) -> Result<Vec<StreamState>, DeskError> {
        let states = self.desk().streams()?.into_iter().map(|state| StreamState {
            stream: state.stream,
            cursor: state.cursor,
            confirmed: state.confirmed,
            waiting: state.waiting,
            digest: state.digest,
        });
        Ok(states.collect())
    }

    fn outbox(&mut self, s: &str, n: usize, n_bytes: usize) -> Result<Vec<Frame>, DeskError> {
        self.desk().outbox(s, n, n_bytes)
    }

    fn confirm(&mut self, stream: &str, confirmed: &[Confirmed]) -> Result<(), DeskError> {
        let confirmed = confirmed.iter().map(|one| desk::Confirmed {
            dev: one.dev.clone(),
            seq: one.seq,
            sseq: one.sseq,
            received_at: one.received_at.clone(),
            // The center of the simulation does not sign; a vault keeps that it had a word.
            receipt: "-".to_owned(),
            quarantined: one.status == Status::Quarantined,
        });
        let confirmed: Vec<_> = confirmed.collect();
        self.desk_mut().confirm(stream, &confirmed).map(|_| ())
    }

    fn accept(&mut self, stream: &str, page: Page) -> Result<Accepted, DeskError> {
        let pulled = page.pulled.into_iter().map(|one| desk::Pulled {
            sseq: one.sseq,
            received_at: one.received_at,
            receipt: "-".to_owned(),
            quarantined: one.status == Status::Quarantined,
            frame: one.frame,
        });
        let pulled: Vec<_> = pulled.collect();
        let taken = self.desk_mut().accept(stream, page.from, page.to, pulled)?;
        Ok(Accepted {
            n: taken.n as u64,
            n_problems: taken.problems.len() as u64,
            is_fork: taken.problems.iter().any(|one| one.code == "fork"),
        })
    }

    fn fork(&mut self, stream: &str) -> Result<(), DeskError> {
        self.desk_mut().fork(stream).map(|_| ())
    }

    fn subscribe(&mut self, stream: &str) -> Result<(), DeskError> {
        self.desk_mut().subscribe(stream)
    }

    fn note_rights(&mut self, rights: &Rights) -> Result<(), DeskError> {
        let roles = rights.roles.iter().cloned().collect();
        self.desk_mut().set_roles(&roles)
    }

    fn rewind(&mut self, stream: &str) -> Result<bool, DeskError> {
        self.desk_mut().rewind(stream).map(|()| true)
    }
}

//! Every way into a vault, lost, locked, wrong or swapped: the others open, nothing is written over.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;

use desk::env::Env;
use desk::vault::{
    self, Kdf, Key, Keychain, KeychainError, NoKeychain, Note, Opened, Part, RecoveryCode,
    VaultError, Way,
};
use serde_json::Value;
use testkit::Bench;

const PASSPHRASE: &str = "青瓷窗外雨打芭蕉";

/// A keychain in memory that can be locked.
#[derive(Default)]
struct Chain {
    entries: Mutex<BTreeMap<String, Vec<u8>>>,
    is_locked: Mutex<bool>,
}

impl Chain {
    fn lock(&self, is_locked: bool) {
        *self.is_locked.lock().unwrap() = is_locked;
    }

    fn all(&self) -> BTreeMap<String, Vec<u8>> {
        self.entries.lock().unwrap().clone()
    }

    fn check(&self) -> Result<(), KeychainError> {
        if *self.is_locked.lock().unwrap() {
            Err(KeychainError::Locked(None))
        } else {
            Ok(())
        }
    }
}

impl Keychain for Chain {
    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        self.check()?;
        Ok(self.entries.lock().unwrap().get(entry).cloned())
    }

    fn put(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError> {
        self.check()?;
        let old = self
            .entries
            .lock()
            .unwrap()
            .insert(entry.to_owned(), secret.to_vec());
        assert!(old.is_none(), "an entry was written over");
        Ok(())
    }

    fn remove(&self, entry: &str) -> Result<(), KeychainError> {
        self.check()?;
        self.entries.lock().unwrap().remove(entry);
        Ok(())
    }
}

/// A vault with all three ways in, and a row that must never be lost.
struct Stand {
    bench: Bench,
    chain: Chain,
    code: RecoveryCode,
}

const WORDS: &str = "canary 金丝雀";

impl Stand {
    fn new(seed: u64) -> Self {
        let bench = Bench::new(seed);
        let chain = Chain::default();
        let quick = Kdf::quick_for_tests();
        let (mut opened, code) =
            vault::create(&bench.path("vault"), PASSPHRASE, quick, &bench.env, false).unwrap();
        opened.add_keychain(&chain, &bench.env).unwrap();
        opened
            .conn
            .execute_batch("CREATE TABLE kept (words TEXT NOT NULL) STRICT")
            .unwrap();
        opened
            .conn
            .execute("INSERT INTO kept VALUES (?1)", [WORDS])
            .unwrap();
        Self { bench, chain, code }
    }

    fn env(&self) -> &Env {
        &self.bench.env
    }

    fn dir(&self) -> std::path::PathBuf {
        self.bench.path("vault")
    }

    fn open(&self, way: Way) -> Result<Opened, VaultError> {
        let key = match way {
            Way::Passphrase => Key::Passphrase(PASSPHRASE),
            Way::Recovery => Key::Recovery(self.code.as_str()),
            Way::Keychain => Key::Keychain,
        };
        vault::open(&self.dir(), key, &self.chain, self.env())
    }

    fn change_ways(&self, change: impl Fn(&mut Value)) {
        for name in [vault::WAYS_FILE, vault::WAYS_BACKUP_FILE] {
            let path = self.dir().join(name);
            let mut ways: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            change(&mut ways);
            fs::write(&path, serde_json::to_vec(&ways).unwrap()).unwrap();
        }
    }
}

const WAYS: [Way; 3] = [Way::Passphrase, Way::Recovery, Way::Keychain];

fn key_of(way: Way) -> &'static str {
    match way {
        Way::Passphrase => "passphrase",
        Way::Recovery => "recovery",
        Way::Keychain => "keychain",
    }
}

#[track_caller]
fn assert_kept(opened: &Opened) {
    let words: String = opened
        .conn
        .query_row("SELECT words FROM kept", [], |row| row.get(0))
        .unwrap();
    assert_eq!(words, WORDS);
    assert!(!opened.cloned);
}

#[test]
fn each_of_the_three_ways_opens() {
    let stand = Stand::new(1);
    for way in WAYS {
        let opened = stand.open(way).unwrap();
        assert_kept(&opened);
        assert!(opened.notes.is_empty(), "{:?}", opened.notes);
        assert_eq!(opened.card().ways_in, WAYS);
    }
    assert_eq!(vault::describe(&stand.dir()).unwrap().ways_in, WAYS);
}

/// How a wrap is harmed on the disk.
const HARMS: [&str; 5] = [
    "removed",
    "bit flipped",
    "not hexadecimal",
    "of another vault",
    "empty",
];

fn harm(wrap: &mut Value, how: &str, other: &Value) {
    match how {
        "removed" => *wrap = Value::Null,
        "bit flipped" => {
            let text = wrap["sealed"].as_str().unwrap();
            let flipped = if text.starts_with('0') { "1" } else { "0" };
            wrap["sealed"] = Value::from(format!("{flipped}{}", &text[1..]));
        }
        "not hexadecimal" => wrap["sealed"] = Value::from("zz"),
        "of another vault" => *wrap = other.clone(),
        _ => {
            for part in ["sealed", "salt", "nonce"] {
                wrap[part] = Value::from("");
            }
        }
    }
}

#[test]
fn f74_a_harmed_way_is_put_back_when_another_one_opens() {
    let other = Stand::new(2);
    let bytes = fs::read(other.dir().join(vault::WAYS_FILE)).unwrap();
    let other_ways: Value = serde_json::from_slice(&bytes).unwrap();
    let mut n = 0;
    for harmed in WAYS {
        for how in HARMS {
            for opener in WAYS.into_iter().filter(|way| *way != harmed) {
                let stand = Stand::new(3);
                let entries = stand.chain.all();
                let key = key_of(harmed);
                stand.change_ways(|ways| harm(&mut ways[key], how, &other_ways[key]));
                let refused = stand.open(harmed).unwrap_err();
                assert!(
                    matches!(refused, VaultError::WrongKey { way } | VaultError::NoSuchWay { way }
                        if way == harmed),
                    "{harmed} {how}: {refused:?}"
                );
                let opened = stand.open(opener).unwrap();
                assert_kept(&opened);
                let key = opened.key.clone();
                drop(opened);
                // The harmed way opens again, with the same old key.
                let again = stand.open(harmed).unwrap();
                assert_kept(&again);
                assert_eq!(again.key.bytes(), key.bytes());
                assert_eq!(stand.chain.all(), entries, "{harmed} {how}");
                n += 1;
            }
        }
    }
    assert_eq!(n, 30);
}

#[test]
fn a_wrong_key_changes_nothing_on_the_disk() {
    let stand = Stand::new(4);
    let other = Stand::new(5);
    let before = snapshot(&stand.dir());
    for _ in 0..3 {
        let wrong = vault::open(
            &stand.dir(),
            Key::Passphrase("错"),
            &NoKeychain,
            stand.env(),
        );
        assert!(matches!(
            wrong,
            Err(VaultError::WrongKey {
                way: Way::Passphrase
            })
        ));
        let wrong = vault::open(
            &stand.dir(),
            Key::Recovery(other.code.as_str()),
            &NoKeychain,
            stand.env(),
        );
        assert!(matches!(
            wrong,
            Err(VaultError::WrongKey { way: Way::Recovery })
        ));
        let none = vault::open(&stand.dir(), Key::Keychain, &Chain::default(), stand.env());
        assert!(matches!(
            none,
            Err(VaultError::NoSuchWay { way: Way::Keychain })
        ));
        let absent = vault::open(&stand.dir(), Key::Keychain, &NoKeychain, stand.env());
        assert!(matches!(
            absent,
            Err(VaultError::Keychain(KeychainError::Absent(_)))
        ));
    }
    assert_eq!(snapshot(&stand.dir()), before);
}

#[test]
fn f74_a_locked_keychain_is_left_alone_and_a_lost_entry_is_made_anew_beside() {
    let stand = Stand::new(6);
    let entries = stand.chain.all();
    stand.chain.lock(true);
    let refused = stand.open(Way::Keychain).unwrap_err();
    assert!(matches!(
        refused,
        VaultError::Keychain(KeychainError::Locked(_))
    ));
    let opened = stand.open(Way::Passphrase).unwrap();
    assert!(
        matches!(opened.notes[..], [Note::KeychainSilent(_)]),
        "{:?}",
        opened.notes
    );
    drop(opened);
    stand.chain.lock(false);
    assert_eq!(stand.chain.all(), entries);
    assert_kept(&stand.open(Way::Keychain).unwrap());

    // Somebody wrote other bytes into the entry: it stays as it is, ours is a new one.
    let entry = entries.keys().next().unwrap().clone();
    stand
        .chain
        .entries
        .lock()
        .unwrap()
        .insert(entry.clone(), vec![9; 32]);
    assert!(matches!(
        stand.open(Way::Keychain),
        Err(VaultError::WrongKey { .. })
    ));
    let opened = stand.open(Way::Recovery).unwrap();
    assert!(
        matches!(opened.notes[..], [Note::KeychainRenewed]),
        "{:?}",
        opened.notes
    );
    drop(opened);
    assert_eq!(stand.chain.all()[&entry], vec![9; 32]);
    assert_kept(&stand.open(Way::Keychain).unwrap());

    // The whole keychain is gone.
    stand.chain.entries.lock().unwrap().clear();
    drop(stand.open(Way::Passphrase).unwrap());
    assert_kept(&stand.open(Way::Keychain).unwrap());
}

#[test]
fn f74_one_copy_of_the_ways_is_enough_and_both_gone_make_no_new_key() {
    for name in [vault::WAYS_FILE, vault::WAYS_BACKUP_FILE] {
        for content in [None, Some(""), Some("{\"format\":1,"), Some("not a vault")] {
            let stand = Stand::new(7);
            let path = stand.dir().join(name);
            match content {
                Some(text) => fs::write(&path, text).unwrap(),
                None => fs::remove_file(&path).unwrap(),
            }
            assert_kept(&stand.open(Way::Recovery).unwrap());
            let read = |name| fs::read(stand.dir().join(name)).unwrap();
            assert_eq!(read(vault::WAYS_FILE), read(vault::WAYS_BACKUP_FILE));
        }
    }
    let stand = Stand::new(7);
    for name in [vault::WAYS_FILE, vault::WAYS_BACKUP_FILE] {
        fs::remove_file(stand.dir().join(name)).unwrap();
    }
    let before = snapshot(&stand.dir());
    assert!(matches!(
        stand.open(Way::Passphrase),
        Err(VaultError::Damaged {
            part: Part::Ways,
            ..
        })
    ));
    let quick = Kdf::quick_for_tests();
    let again = vault::create(&stand.dir(), "another", quick, stand.env(), false);
    assert!(matches!(again, Err(VaultError::AlreadyAVault { .. })));
    assert_eq!(snapshot(&stand.dir()), before);
}

#[test]
fn an_old_copy_of_the_ways_does_not_lock_its_owner_out() {
    let stand = Stand::new(8);
    let old = fs::read(stand.dir().join(vault::WAYS_FILE)).unwrap();
    let mut opened = stand.open(Way::Passphrase).unwrap();
    opened
        .set_passphrase("new one", Kdf::quick_for_tests(), stand.env())
        .unwrap();
    drop(opened);
    assert!(matches!(
        stand.open(Way::Passphrase),
        Err(VaultError::WrongKey { .. })
    ));
    fs::write(stand.dir().join(vault::WAYS_FILE), old).unwrap();
    for _ in 0..2 {
        assert_kept(&stand.open(Way::Passphrase).unwrap());
    }
}

#[test]
fn another_vaults_database_is_refused() {
    let (stand, other) = (Stand::new(9), Stand::new(10));
    let theirs = other.dir().join(vault::DB_FILE);
    fs::copy(&theirs, stand.dir().join(vault::DB_FILE)).unwrap();
    for way in WAYS {
        let refused = stand.open(way).unwrap_err();
        assert!(
            matches!(
                refused,
                VaultError::Damaged {
                    part: Part::Database,
                    ..
                }
            ),
            "{refused:?}"
        );
    }
}

#[test]
fn f11_a_lost_or_emptied_database_is_told_and_not_made_anew() {
    for harm in ["empty", "removed", "cut", "noise"] {
        let stand = Stand::new(11);
        let path = stand.dir().join(vault::DB_FILE);
        let bytes = fs::read(&path).unwrap();
        match harm {
            "empty" => fs::write(&path, b"").unwrap(),
            "removed" => fs::remove_file(&path).unwrap(),
            "cut" => fs::write(&path, &bytes[..1000]).unwrap(),
            _ => fs::write(&path, vec![7; bytes.len()]).unwrap(),
        }
        let before = snapshot(&stand.dir());
        let refused = stand.open(Way::Passphrase).unwrap_err();
        assert!(
            matches!(
                refused,
                VaultError::Damaged {
                    part: Part::Database,
                    ..
                }
            ),
            "{harm}: {refused:?}"
        );
        assert_eq!(snapshot(&stand.dir()), before, "{harm}");
    }
}

#[test]
fn f69_a_newer_vault_is_refused_kindly() {
    let stand = Stand::new(12);
    stand.change_ways(|ways| ways["format"] = Value::from(2));
    let refused = stand.open(Way::Passphrase).unwrap_err();
    assert!(
        matches!(refused, VaultError::Newer { found: 2, known: 1 }),
        "{refused:?}"
    );
    let stand = Stand::new(12);
    let opened = stand.open(Way::Passphrase).unwrap();
    opened.conn.pragma_update(None, "user_version", 9).unwrap();
    let refused = vault::refuse_newer_schema(&opened.conn, 8).unwrap_err();
    assert!(matches!(refused, VaultError::Newer { found: 9, known: 8 }));
    assert_eq!(vault::refuse_newer_schema(&opened.conn, 9).unwrap(), 9);
}

#[test]
fn creating_never_touches_what_is_there() {
    let stand = Stand::new(13);
    let before = snapshot(&stand.dir());
    let quick = Kdf::quick_for_tests();
    let again = vault::create(&stand.dir(), "another", quick, stand.env(), false);
    assert!(matches!(again, Err(VaultError::AlreadyAVault { .. })));
    assert_eq!(snapshot(&stand.dir()), before);

    let papers = stand.bench.path("papers");
    fs::create_dir(&papers).unwrap();
    fs::write(papers.join("thesis.docx"), "x").unwrap();
    let refused = vault::create(&papers, "another", quick, stand.env(), false);
    assert!(matches!(refused, Err(VaultError::FolderNotEmpty { .. })));
    assert_eq!(snapshot(&papers).len(), 1);

    let empty = vault::create(&stand.bench.path("new"), "", quick, stand.env(), false);
    assert!(matches!(empty, Err(VaultError::EmptyPassphrase)));
    assert!(!stand.bench.path("new").exists());
    let none = vault::open(&papers, Key::Keychain, &NoKeychain, stand.env());
    assert!(matches!(none, Err(VaultError::NotAVault { .. })));
    assert_eq!(snapshot(&papers).len(), 1);
}

#[test]
fn f13_a_folder_that_a_cloud_copies_is_refused() {
    let bench = Bench::new(14);
    let dir = bench.path("OneDrive - 瑞金医院").join("vault");
    let refused = vault::create(&dir, "p", Kdf::quick_for_tests(), &bench.env, false).unwrap_err();
    assert_eq!(refused.code(), "vault.folder_cloud");
    assert!(!dir.exists());
}

#[test]
fn f05_f17_the_switches_are_set() {
    let stand = Stand::new(15);
    let opened = stand.open(Way::Passphrase).unwrap();
    let text = |sql: &str| -> String {
        opened
            .conn
            .query_row(sql, [], |row| {
                let value: rusqlite::types::Value = row.get(0)?;
                Ok(match value {
                    rusqlite::types::Value::Integer(n) => n.to_string(),
                    rusqlite::types::Value::Text(text) => text,
                    other => format!("{other:?}"),
                })
            })
            .unwrap()
    };
    for (pragma, expected) in [
        ("journal_mode", "wal"),
        ("synchronous", "2"),
        ("fullfsync", "1"),
        ("foreign_keys", "1"),
        ("wal_autocheckpoint", "0"),
        ("temp_store", "2"),
        ("busy_timeout", "5000"),
    ] {
        assert_eq!(text(&format!("PRAGMA {pragma}")), expected, "{pragma}");
    }
    assert_eq!(
        text("PRAGMA application_id"),
        vault::APPLICATION_ID.to_string()
    );
    assert!(rusqlite::version_number() >= vault::SQLITE_FLOOR);
    assert!(!text("PRAGMA cipher_version").is_empty());
}

#[test]
fn nothing_can_be_read_on_the_disk_without_a_key() {
    let stand = Stand::new(16);
    let opened = stand.open(Way::Passphrase).unwrap();
    for n in 0..1000 {
        let words = format!("CANARY-{n:04} 受试者须知");
        opened
            .conn
            .execute("INSERT INTO kept VALUES (?1)", [&words])
            .unwrap();
    }
    let key = *opened.key.bytes();
    let mut secrets: Vec<Vec<u8>> = vec![
        b"CANARY-".to_vec(),
        "受试者须知".into(),
        "canary".into(),
        PASSPHRASE.into(),
        key.to_vec(),
        b"SQLite format 3".to_vec(),
        b"CREATE TABLE".to_vec(),
    ];
    let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
    secrets.extend([hex.to_uppercase().into_bytes(), hex.into_bytes()]);
    secrets.extend(
        stand
            .code
            .as_str()
            .split('-')
            .map(|group| group.as_bytes().to_vec()),
    );
    let search = |moment: &str| {
        let files = [snapshot(&stand.dir()), snapshot(&stand.env().installation)].concat();
        for (name, bytes) in files {
            for secret in &secrets {
                let is_in = bytes
                    .windows(secret.len())
                    .any(|part| part == secret.as_slice());
                assert!(
                    !is_in,
                    "{moment}: {name} has {}",
                    String::from_utf8_lossy(secret)
                );
            }
        }
    };
    search("open");
    assert!(!format!("{opened:?} {:?} {:?}", opened.key, stand.code).contains(&hex_of(&key)));
    drop(opened);
    search("closed");
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_copied_folder_is_noticed_and_the_original_is_not_disturbed() {
    let stand = Stand::new(17);
    let copy = stand.bench.path("copy");
    copy_folder(&stand.dir(), &copy);
    let key = Key::Passphrase(PASSPHRASE);
    for _ in 0..2 {
        let opened = vault::open(&copy, key, &stand.chain, stand.env()).unwrap();
        assert!(opened.cloned, "until it has an identity of its own");
    }
    let mut opened = vault::open(&copy, key, &stand.chain, stand.env()).unwrap();
    opened.mark_installed(stand.env()).unwrap();
    assert!(!opened.cloned);
    drop(opened);
    assert!(
        !vault::open(&copy, key, &stand.chain, stand.env())
            .unwrap()
            .cloned
    );
    assert_kept(&stand.open(Way::Passphrase).unwrap());

    // The same folder on another laptop.
    let other = Bench::new(18);
    assert!(
        vault::open(&stand.dir(), key, &stand.chain, &other.env)
            .unwrap()
            .cloned
    );
}

#[test]
fn f32_yesterdays_folder_put_back_is_noticed() {
    let stand = Stand::new(19);
    let yesterday = stand.bench.path("yesterday");
    copy_folder(&stand.dir(), &yesterday);
    assert_kept(&stand.open(Way::Passphrase).unwrap());
    fs::remove_dir_all(stand.dir()).unwrap();
    copy_folder(&yesterday, &stand.dir());
    let opened = stand.open(Way::Passphrase).unwrap();
    assert!(opened.cloned);
    assert!(
        matches!(opened.notes[..], [Note::RolledBack]),
        "{:?}",
        opened.notes
    );
}

/// Names the folder to the child process of the tests below.
const CHILD_DIR: &str = "PIDESK_TEST_CHILD_DIR";

/// Not a test of its own: the process that holds a vault, when a test starts it.
#[test]
fn child_holds_a_vault() {
    let Some(dir) = std::env::var_os(CHILD_DIR) else {
        return;
    };
    let bench = Bench::new(20);
    let opened = vault::open(
        Path::new(&dir),
        Key::Passphrase(PASSPHRASE),
        &NoKeychain,
        &bench.env,
    )
    .unwrap();
    opened
        .conn
        .execute("INSERT INTO kept VALUES ('from the child')", [])
        .unwrap();
    // The parent waits for this line and then ends this process without a word.
    println!("child holds the vault");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    panic!("the parent ends this process");
}

/// Runs a child that holds the vault while `during` runs, and is then killed.
fn with_holder(stand: &Stand, during: impl FnOnce(u32)) {
    use std::io::BufRead;
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "vault::child_holds_a_vault", "--nocapture"])
        .env(CHILD_DIR, stand.dir())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(child.stdout.take().unwrap()).lines();
    let is_holding = lines.any(|line| line.unwrap().contains("child holds the vault"));
    assert!(is_holding, "the child opened the vault");
    during(child.id());
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn f16_a_vault_open_in_another_process_is_refused_and_free_when_that_one_dies() {
    let stand = Stand::new(21);
    with_holder(&stand, |pid| {
        let refused = stand.open(Way::Passphrase).unwrap_err();
        assert!(
            matches!(refused, VaultError::InUse { pid: Some(found) } if found == pid),
            "{refused:?}"
        );
        // The card can be read all the same.
        assert_eq!(vault::describe(&stand.dir()).unwrap().ways_in, WAYS);
    });
    let opened = stand.open(Way::Passphrase).unwrap();
    assert!(
        opened
            .notes
            .iter()
            .any(|note| matches!(note, Note::NotClosed)),
        "{:?}",
        opened.notes
    );
    let n: i64 = opened
        .conn
        .query_row("SELECT count(*) FROM kept", [], |row| row.get(0))
        .unwrap();
    assert_eq!(n, 2, "what the killed process had acknowledged is there");
    // In one process too.
    assert!(matches!(
        stand.open(Way::Passphrase),
        Err(VaultError::InUse { .. })
    ));
    drop(opened);
    assert!(stand.open(Way::Passphrase).unwrap().notes.is_empty());
}

#[test]
fn f11_a_log_removed_after_a_crash_is_told() {
    let stand = Stand::new(22);
    with_holder(&stand, |_| {});
    fs::remove_file(stand.dir().join("vault.db-wal")).unwrap();
    let opened = stand.open(Way::Passphrase).unwrap();
    assert!(
        opened
            .notes
            .iter()
            .any(|note| matches!(note, Note::LogMissing)),
        "{:?}",
        opened.notes
    );
}

#[test]
fn f11_a_log_of_another_day_is_refused_or_harmless() {
    let stand = Stand::new(23);
    // A log of the first day, kept by somebody.
    with_holder(&stand, |_| {});
    let old_log = fs::read(stand.dir().join("vault.db-wal")).unwrap();
    // Days later: the database is larger and was closed well.
    let opened = stand.open(Way::Passphrase).unwrap();
    for n in 0..2000 {
        opened
            .conn
            .execute("INSERT INTO kept VALUES (?1)", [format!("{n} {WORDS}")])
            .unwrap();
    }
    drop(opened);
    fs::write(stand.dir().join("vault.db-wal"), old_log).unwrap();
    let database = fs::read(stand.dir().join(vault::DB_FILE)).unwrap();
    match stand.open(Way::Passphrase) {
        Err(error) => {
            assert!(
                matches!(
                    error,
                    VaultError::Damaged {
                        part: Part::Database,
                        ..
                    }
                ),
                "{error:?}"
            );
            // The log was not written into the database: taken away, everything is there.
            let now = fs::read(stand.dir().join(vault::DB_FILE)).unwrap();
            assert!(now == database, "the log was written into the database");
            fs::remove_file(stand.dir().join("vault.db-wal")).unwrap();
            let opened = stand.open(Way::Passphrase).unwrap();
            let sql = "SELECT count(*) FROM kept";
            let n: i64 = opened.conn.query_row(sql, [], |row| row.get(0)).unwrap();
            assert_eq!(n, 2002);
        }
        Ok(opened) => {
            let is_told = opened
                .notes
                .iter()
                .any(|note| matches!(note, Note::RolledBack));
            assert!(is_told && opened.cloned, "{:?}", opened.notes);
        }
    }
}

#[test]
fn the_name_for_people_is_kept_and_read_without_a_key() {
    let stand = Stand::new(24);
    let mut opened = stand.open(Way::Passphrase).unwrap();
    opened.set_name(Some("心内科")).unwrap();
    drop(opened);
    assert_eq!(
        vault::describe(&stand.dir()).unwrap().name.as_deref(),
        Some("心内科")
    );
    assert_kept(&stand.open(Way::Keychain).unwrap());
}

#[test]
fn a_new_recovery_code_and_a_removed_keychain_close_the_old_ways() {
    let stand = Stand::new(25);
    let mut opened = stand.open(Way::Passphrase).unwrap();
    let code = opened.new_recovery_code(stand.env()).unwrap();
    opened.remove_keychain(&stand.chain).unwrap();
    drop(opened);
    assert!(stand.chain.all().is_empty());
    assert!(matches!(
        stand.open(Way::Recovery),
        Err(VaultError::WrongKey { .. })
    ));
    assert!(matches!(
        stand.open(Way::Keychain),
        Err(VaultError::NoSuchWay { .. })
    ));
    let key = Key::Recovery(code.as_str());
    assert_kept(&vault::open(&stand.dir(), key, &NoKeychain, stand.env()).unwrap());
}

/// Every file of a folder with its bytes, except the lock, which opening may touch.
fn snapshot(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_file() && entry.file_name() != "lock")
        .map(|entry| {
            let name = entry.file_name().into_string().unwrap();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect();
    files.sort();
    files
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &to.join(entry.file_name()));
        } else {
            fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
        }
    }
}

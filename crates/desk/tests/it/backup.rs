//! A backup gives back the same content, or is refused before anything is written.

use std::fs;
use std::path::{Path, PathBuf};

use desk::backup::{self, BackupError};
use desk::vault::{self, Kdf, Key, NoKeychain, Opened, RecoveryCode, VaultError};
use testkit::Bench;

const PASSPHRASE: &str = "老黄牛吃了三筐萝卜";

fn stand(bench: &Bench) -> (Opened, RecoveryCode) {
    let quick = Kdf::quick_for_tests();
    let (opened, code) =
        vault::create(&bench.path("vault"), PASSPHRASE, quick, &bench.env, false).unwrap();
    opened
        .conn
        .execute_batch("CREATE TABLE kept (n INTEGER, words TEXT, b BLOB) STRICT")
        .unwrap();
    for n in 0..500 {
        let row = (
            n,
            format!("CANARY {n} 受试者须知"),
            vec![u8::try_from(n % 251).unwrap(); 40],
        );
        opened
            .conn
            .execute("INSERT INTO kept VALUES (?1, ?2, ?3)", row)
            .unwrap();
    }
    fs::write(opened.dir.join(vault::BLOB_FOLDER).join("ab12"), [1, 2, 3]).unwrap();
    fs::write(opened.dir.join(vault::BLOB_FOLDER).join("cd34"), []).unwrap();
    (opened, code)
}

type Row = (i64, String, Vec<u8>);

fn content(opened: &Opened) -> Vec<Row> {
    let mut query = opened
        .conn
        .prepare("SELECT n, words, b FROM kept ORDER BY n")
        .unwrap();
    let rows = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap();
    rows.map(Result::unwrap).collect()
}

fn open(dir: &Path, key: Key<'_>, bench: &Bench) -> Result<Opened, VaultError> {
    vault::open(dir, key, &NoKeychain, &bench.env)
}

#[test]
fn f12_a_restored_vault_has_the_same_content_ways_and_attachments() {
    let bench = Bench::new(1);
    let (opened, code) = stand(&bench);
    let file = bench.path("copy.pideskbackup");
    // An edit that is only in the log so far, and one after the backup.
    opened
        .conn
        .execute("INSERT INTO kept VALUES (900, 'in the log', x'00')", [])
        .unwrap();
    let header = backup::write(&opened, &file, &bench.env).unwrap();
    assert_eq!(header.about.vault, opened.id);
    let expected = content(&opened);
    opened
        .conn
        .execute("INSERT INTO kept VALUES (901, 'too late', x'00')", [])
        .unwrap();
    let id = opened.id.clone();
    drop(opened);

    for (name, key) in [
        ("one", Key::Passphrase(PASSPHRASE)),
        ("two", Key::Recovery(code.as_str())),
    ] {
        let dir = bench.path(name);
        let card = backup::restore(&file, &dir).unwrap();
        assert_eq!(card.id, id);
        let mut restored = open(&dir, key, &bench).unwrap();
        assert_eq!(content(&restored), expected);
        assert_eq!(fs::read(dir.join("blobs/ab12")).unwrap(), [1, 2, 3]);
        assert!(fs::read(dir.join("blobs/cd34")).unwrap().is_empty());
        assert!(restored.cloned);
        restored.mark_installed(&bench.env).unwrap();
        drop(restored);
        assert!(!open(&dir, key, &bench).unwrap().cloned);
    }
    // The original is not disturbed.
    assert!(
        !open(&bench.path("vault"), Key::Passphrase(PASSPHRASE), &bench)
            .unwrap()
            .cloned
    );
}

#[test]
fn restored_over_the_lost_original_it_still_takes_a_new_identity() {
    let bench = Bench::new(2);
    let (opened, _) = stand(&bench);
    let file = bench.path("copy.pideskbackup");
    backup::write(&opened, &file, &bench.env).unwrap();
    let dir = opened.dir.clone();
    drop(opened);
    fs::remove_dir_all(&dir).unwrap();
    backup::restore(&file, &dir).unwrap();
    assert!(
        open(&dir, Key::Passphrase(PASSPHRASE), &bench)
            .unwrap()
            .cloned
    );
    assert!(
        open(&dir, Key::Passphrase(PASSPHRASE), &bench)
            .unwrap()
            .cloned,
        "still"
    );
}

#[test]
fn nothing_in_a_backup_can_be_read_without_a_key() {
    let bench = Bench::new(3);
    let (opened, code) = stand(&bench);
    let file = bench.path("copy.pideskbackup");
    backup::write(&opened, &file, &bench.env).unwrap();
    let bytes = fs::read(&file).unwrap();
    for secret in [
        "CANARY",
        "受试者",
        "SQLite format 3",
        "CREATE TABLE",
        &code.as_str()[..6],
    ] {
        let is_in = bytes
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(!is_in, "{secret}");
    }
    assert!(!bytes.windows(32).any(|part| part == opened.key.bytes()));
    assert_eq!(
        names(&bench.path("")),
        ["copy.pideskbackup", "installation", "vault"]
    );
}

#[test]
fn every_cut_is_refused_and_leaves_no_trace() {
    let bench = Bench::new(4);
    let (opened, _) = stand(&bench);
    let file = bench.path("copy.pideskbackup");
    backup::write(&opened, &file, &bench.env).unwrap();
    let whole = fs::read(&file).unwrap();
    let dir = bench.path("restored");
    let lengths = (0..64)
        .chain((64..whole.len()).step_by(997))
        .chain([whole.len() - 1]);
    for length in lengths {
        fs::write(&file, &whole[..length]).unwrap();
        let refused = backup::restore(&file, &dir).unwrap_err();
        let is_told = match length {
            0 => matches!(refused, BackupError::NotABackup { .. }),
            _ => matches!(refused, BackupError::CutOff { .. }),
        };
        assert!(is_told, "{length}: {refused:?}");
        assert!(!dir.exists(), "{length}");
    }
    let mut longer = whole.clone();
    longer.push(0);
    fs::write(&file, &longer).unwrap();
    assert!(matches!(
        backup::restore(&file, &dir),
        Err(BackupError::Damaged { .. })
    ));
    fs::write(&file, &whole).unwrap();
    backup::restore(&file, &dir).unwrap();
}

#[test]
fn f10_every_flipped_bit_is_found() {
    let bench = Bench::new(5);
    let (opened, _) = stand(&bench);
    let file = bench.path("copy.pideskbackup");
    backup::write(&opened, &file, &bench.env).unwrap();
    let mut bytes = fs::read(&file).unwrap();
    let dir = bench.path("restored");
    let places = (0..1500)
        .chain((1500..bytes.len()).step_by(1499))
        .chain(bytes.len() - 32..bytes.len());
    let mut n = 0;
    for at in places {
        let bit = 1 << (at % 8);
        bytes[at] ^= bit;
        fs::write(&file, &bytes).unwrap();
        assert!(backup::restore(&file, &dir).is_err(), "byte {at}");
        assert!(!dir.exists(), "byte {at}");
        bytes[at] ^= bit;
        n += 1;
    }
    assert!(n > 1500);
}

#[test]
fn other_files_newer_ones_and_used_folders_are_told_apart() {
    let bench = Bench::new(6);
    let (opened, _) = stand(&bench);
    let file = bench.path("copy.pideskbackup");
    backup::write(&opened, &file, &bench.env).unwrap();
    let dir = bench.path("restored");

    let other = bench.path("letter.docx");
    fs::write(
        &other,
        "PK\u{3}\u{4} a letter that is long enough to be something",
    )
    .unwrap();
    assert!(matches!(
        backup::restore(&other, &dir),
        Err(BackupError::NotABackup { .. })
    ));
    let none = backup::restore(&bench.path("none"), &dir);
    assert!(matches!(
        none,
        Err(BackupError::Vault(VaultError::Io { .. }))
    ));

    let mut newer = fs::read(&file).unwrap();
    newer[16] = 2;
    fs::write(&other, newer).unwrap();
    assert!(matches!(
        backup::restore(&other, &dir),
        Err(BackupError::Newer { found: 2, .. })
    ));
    assert!(!dir.exists());

    let used = backup::restore(&file, &opened.dir);
    assert!(matches!(
        used,
        Err(BackupError::Vault(VaultError::AlreadyAVault { .. }))
    ));
    fs::create_dir(&dir).unwrap();
    fs::write(dir.join("thesis.docx"), "x").unwrap();
    let used = backup::restore(&file, &dir);
    assert!(matches!(
        used,
        Err(BackupError::Vault(VaultError::FolderNotEmpty { .. }))
    ));
    assert_eq!(names(&dir), ["thesis.docx"]);
    // The vault that was to be written over is as it was.
    assert_eq!(content(&opened).len(), 500);
}

#[test]
fn a_restoring_that_was_cut_off_can_be_done_again() {
    let bench = Bench::new(7);
    let (opened, _) = stand(&bench);
    let file = bench.path("copy.pideskbackup");
    backup::write(&opened, &file, &bench.env).unwrap();
    let dir = bench.path("restored");
    fs::create_dir_all(dir.join("blobs")).unwrap();
    for left in ["vault.db.new", "vault.json.bak", "blobs/ab12", "lock"] {
        fs::write(dir.join(left), "half").unwrap();
    }
    assert!(matches!(
        open(&dir, Key::Passphrase(PASSPHRASE), &bench),
        Err(VaultError::NotAVault { .. })
    ));
    backup::restore(&file, &dir).unwrap();
    assert_eq!(
        content(&open(&dir, Key::Passphrase(PASSPHRASE), &bench).unwrap()).len(),
        500
    );
}

#[test]
fn a_backup_does_not_go_into_the_vault_and_replaces_only_when_whole() {
    let bench = Bench::new(8);
    let (opened, _) = stand(&bench);
    let inside = backup::write(&opened, &opened.dir.join("x.pideskbackup"), &bench.env);
    assert!(matches!(inside, Err(BackupError::InsideVault { .. })));
    let file = bench.path("copy.pideskbackup");
    backup::write(&opened, &file, &bench.env).unwrap();
    let first = fs::read(&file).unwrap();
    // In a transaction the database cannot be copied: the older backup stays.
    opened.conn.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(backup::write(&opened, &file, &bench.env).is_err());
    opened.conn.execute_batch("ROLLBACK").unwrap();
    assert_eq!(fs::read(&file).unwrap(), first);
    assert_eq!(
        names(&bench.path("")),
        ["copy.pideskbackup", "installation", "vault"]
    );
}

#[test]
fn f10_a_damaged_page_stops_the_backup_instead_of_spoiling_it() {
    let bench = Bench::new(9);
    let (opened, _) = stand(&bench);
    let path = opened.dir.join(vault::DB_FILE);
    drop(opened);
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs::write(&path, bytes).unwrap();
    let opened = open(&bench.path("vault"), Key::Passphrase(PASSPHRASE), &bench).unwrap();
    let file = bench.path("copy.pideskbackup");
    assert!(backup::write(&opened, &file, &bench.env).is_err());
    assert!(!file.exists());
}

#[test]
fn daily_copies_keep_seven_and_touch_nothing_else() {
    let bench = Bench::new(10);
    let (opened, _) = stand(&bench);
    let folder = bench.path("copies");
    let gone = backup::daily(&opened, &folder, backup::DAILY_KEPT, &bench.env);
    assert!(gone.is_err(), "a folder that is not there is not made");
    fs::create_dir(&folder).unwrap();
    assert_eq!(backup::last_daily(&folder, &opened.id).unwrap(), None);
    let id = &opened.id[..12];
    let own = |date: &str| format!("pidesk-{id}-{date}.pideskbackup");
    let strangers = [
        "letter.docx".to_owned(),
        "pidesk-000000000000-2020-01-01.pideskbackup".to_owned(),
        own("2020-01-01x"),
        // Named like ours, but not a backup of ours: not ours to remove.
        own("2020-01-01"),
    ];
    for name in &strangers {
        fs::write(folder.join(name), "not ours").unwrap();
    }
    let mut env = bench.env.clone();
    for day in 1..=10 {
        let at = format!("2026-12-{day:02}T17:30:00Z");
        env.clock = std::sync::Arc::new(testkit::FixedClock::at(&at));
        for _ in 0..2 {
            let copy = backup::daily(&opened, &folder, backup::DAILY_KEPT, &env).unwrap();
            // 01:30 of the next day in Shanghai.
            assert_eq!(copy.date.to_string(), format!("2026-12-{:02}", day + 1));
        }
    }
    let last = backup::last_daily(&folder, &opened.id).unwrap().unwrap();
    assert_eq!(last.date.to_string(), "2026-12-11");
    let kept = names(&folder);
    for name in &strangers {
        assert!(kept.contains(name), "{name}");
    }
    let ours: Vec<&String> = kept
        .iter()
        .filter(|name| !strangers.contains(name))
        .collect();
    assert_eq!(ours.len(), 7, "{ours:?}");
    assert_eq!(*ours[0], own("2026-12-05"));
    backup::restore(&last.path, &bench.path("restored")).unwrap();
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_tells_what_it_is() {
    let bench = Bench::new(11);
    let (opened, _) = stand(&bench);
    let file: PathBuf = bench.path("copy.pideskbackup");
    backup::write(&opened, &file, &bench.env).unwrap();
    let (header, card) = backup::describe(&file).unwrap();
    assert_eq!(
        (header.about.vault, header.about.sample),
        (card.id, card.sample)
    );
    assert_eq!(header.about.made_at, "2026-12-01T01:00:00Z");
}

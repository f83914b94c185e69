//! What this program does not know: kinds, fields and moves of others, and another hand on the
//! files.

use crate::protocol::{block, id, meet, put, save, section, text};
use crate::referee::{Referee, accept};
use crate::world::{Laptop, doc, new_study, set, values};
use desk::Pulled;
use desk::vault::{self, DB_FILE, Key, NoKeychain, VaultError};
use ledger::{Commit, DeviceKey, Frame, OpValue};
use serde_json::json;
use std::fs;

/// A commit as a newer program writes it: a field and a kind that nobody here knows.
fn of_a_newer_program(of: &Frame, key: &DeviceKey) -> Frame {
    let old = of.parse_commit().unwrap();
    let mut op = old.ops[0].clone();
    op.p.clear();
    op.saw.clear();
    op.f = "x.hologram".into();
    op.v = OpValue::Inline(json!({"depth": 3}));
    let mut other = op.clone();
    other.e = "0195a3b0-0000-7000-8000-00000000ff01".into();
    other.k = "hologram".into();
    let mut commit = Commit {
        dev: key.id(),
        key: Some(key.public().to_text()),
        seq: 1,
        prev: None,
        why: None,
        ops: vec![op, other],
        ..old.clone()
    };
    commit.deps.clear();
    commit.deps.insert(old.dev.clone(), old.seq);
    commit.lam = old.lam + 1;
    commit.extra.insert("x-later".into(), json!([1, 2]));
    Frame::seal(&commit, Vec::new(), key).unwrap()
}

#[test]
fn f55_what_a_newer_program_wrote_is_kept_and_passed_on() {
    let mut center = Referee::default();
    let mut li = Laptop::new(820, "李明");
    let study = new_study(&mut li.desk, "甲");
    center.push_all(&mut li.desk);
    let stream = study.as_str();
    let last = center.page(stream, 0, 100).pop().unwrap().frame;
    let newer = of_a_newer_program(&last, &DeviceKey::from_secret(&[77; 32]));
    center.push(stream, std::slice::from_ref(&newer)).unwrap();
    center.sync(&mut li.desk);
    let report = li.desk.verify().unwrap();
    assert_eq!(report.problems, []);
    // The register is there for whoever knows it, and everyday work goes on around it.
    let kept = values(&li.desk, &study, &study.root(), "x.hologram");
    assert_eq!(kept, [json!({"depth": 3})]);
    set(&mut li.desk, &study, "acronym", json!("A"));
    center.sync(&mut li.desk);
    // A center that lost everything gets the same bytes from this laptop.
    let mut empty = Referee::default();
    li.desk.rewind(stream).unwrap();
    empty.sync(&mut li.desk);
    let all = empty.page(stream, 0, 100);
    assert!(all.iter().any(|one: &Pulled| one.frame == newer));
    let mut other = Laptop::new(821, "王芳");
    let page = empty.page(stream, 0, 100);
    assert_eq!(accept(&mut other.desk, stream, 0, page).problems, []);
    assert_eq!(other.desk.digest().unwrap(), li.desk.digest().unwrap());
}

#[test]
fn f51_moves_of_two_laptops_at_once_make_no_circle_and_lose_nothing() {
    let (mut center, mut a, mut b) = (
        Referee::default(),
        Laptop::new(822, "李明"),
        Laptop::new(823, "王芳"),
    );
    let study = new_study(&mut a.desk, "甲");
    let changes = vec![
        section(1, None, "目的"),
        section(2, Some(1), "设计"),
        section(3, Some(2), "终点"),
        block(11, 1, None, "一"),
        block(21, 2, None, "二"),
    ];
    save(&mut a.desk, &study, changes);
    meet(&mut center, &mut a, &mut b);
    // Each puts the other's place behind or into what the other moves.
    save(
        &mut a.desk,
        &study,
        vec![put(1, None, Some(2)), put(11, Some(2), Some(21))],
    );
    save(
        &mut b.desk,
        &study,
        vec![put(2, None, Some(3)), put(21, Some(1), Some(11))],
    );
    meet(&mut center, &mut a, &mut b);
    let mut lines = text(&a.desk, &study);
    assert_eq!(lines, text(&b.desk, &study));
    lines.sort();
    assert_eq!(lines, ["# 目的", "# 终点", "# 设计", "一", "二"]);
    // A block that both moved to different sections stands in one of them, and says so.
    save(&mut a.desk, &study, vec![put(11, Some(1), None)]);
    save(&mut b.desk, &study, vec![put(11, Some(3), None)]);
    meet(&mut center, &mut a, &mut b);
    let lines = text(&a.desk, &study);
    assert_eq!(lines, text(&b.desk, &study));
    assert_eq!(lines.iter().filter(|line| *line == "一").count(), 1);
    assert!(doc(&a.desk, &study).entity(&id(11)).is_some());
    assert_eq!(a.desk.verify().unwrap().problems, []);
}

#[test]
fn f05_two_connections_that_write_and_check_in_at_once_spoil_nothing() {
    const N: i64 = 300;
    let bench = testkit::Bench::new(824);
    let quick = vault::Kdf::quick_for_tests();
    let dir = bench.path("vault");
    let (opened, _) = vault::create(&dir, "p q r s 77", quick, &bench.env, false).unwrap();
    let rows = "CREATE TABLE kept (who INTEGER, n INTEGER, words TEXT) STRICT";
    opened.conn.execute_batch(rows).unwrap();
    // The vault itself lets nobody else in; another program that had the key would do this.
    let key: String = opened
        .key
        .bytes()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let other = rusqlite::Connection::open(dir.join(DB_FILE)).unwrap();
    other
        .execute_batch(&format!(
            "PRAGMA key = \"x'{key}'\"; PRAGMA busy_timeout = 20000; PRAGMA synchronous = FULL"
        ))
        .unwrap();
    let work = |conn: &rusqlite::Connection, who: i64| {
        for n in 0..N {
            let words = "字".repeat(1 + n as usize % 90);
            conn.execute("INSERT INTO kept VALUES (?1, ?2, ?3)", (who, n, words))
                .unwrap();
            if n % 3 == who {
                let how = if n % 2 == 0 { "TRUNCATE" } else { "RESTART" };
                let check_in = format!("PRAGMA wal_checkpoint({how})");
                // One of two at once may be told that it is busy, which is no failure.
                let _ = conn.query_row(&check_in, [], |_| Ok(()));
            }
        }
    };
    std::thread::scope(|scope| {
        let theirs = scope.spawn(move || {
            work(&other, 1);
            drop(other);
        });
        work(&opened.conn, 0);
        theirs.join().unwrap();
    });
    let check: String = opened
        .conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(check, "ok");
    let sql = "SELECT count(DISTINCT who * 1000 + n) FROM kept";
    let n: i64 = opened.conn.query_row(sql, [], |row| row.get(0)).unwrap();
    assert_eq!(n, 2 * N);
}

#[test]
fn f12_a_copy_of_the_open_database_is_recognised_and_our_own_restores() {
    let mut laptop = Laptop::new(825, "李明");
    let study = new_study(&mut laptop.desk, "甲");
    // Another program copies file by file while the person goes on writing.
    let copy = laptop.bench.path("copied");
    fs::create_dir_all(&copy).unwrap();
    for (n, name) in ["vault.db", "vault.json", "vault.json.bak", "vault.db-wal"]
        .iter()
        .enumerate()
    {
        fs::copy(laptop.dir.join(name), copy.join(name)).unwrap();
        for turn in 0..20 {
            set(
                &mut laptop.desk,
                &study,
                "acronym",
                json!(format!("{n} {turn}")),
            );
        }
        laptop.desk.idle().unwrap();
    }
    let own = laptop.bench.path("own.pideskbackup");
    desk::backup::write(laptop.desk.vault(), &own, &laptop.bench.env).unwrap();
    let key = Key::Passphrase(crate::world::PASSPHRASE);
    match vault::open(&copy, key, &NoKeychain, &laptop.bench.env) {
        // It never takes the identity of the vault that it is a copy of.
        Ok(opened) => assert!(opened.cloned),
        Err(error) => assert!(matches!(error, VaultError::Damaged { .. }), "{error:?}"),
    }
    let restored = laptop.bench.path("restored");
    desk::backup::restore(&own, &restored).unwrap();
    let restored = crate::world::open(&restored, &laptop.bench);
    let shown = values(&restored, &study, &study.root(), "acronym");
    assert_eq!(shown, [json!("3 19")]);
    assert_eq!(restored.verify().unwrap().problems, []);
}

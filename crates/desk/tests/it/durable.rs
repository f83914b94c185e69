//! What was acknowledged is stored: one fsync per edit, and no edit lost to a killed process.
//!
//! The other process is this test program again, told by a variable what to do.

use crate::world::{PASSPHRASE, new_study, open_freed, person, set};
use desk::vault::Kdf;
use desk::{Desk, Env};
use model::StudyId;
use serde_json::json;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

const FOLDER: &str = "DESK_TEST_FOLDER";
const EDITS: &str = "DESK_TEST_EDITS";
/// How the other process is asked for by name.
const OTHER: &str = "durable::the_other_process_writes_what_it_says";
const N_KILLS: u32 = 200;

fn env(folder: &Path) -> Env {
    testkit::env(40, &folder.join("installation"))
}

fn make(folder: &Path) -> StudyId {
    std::fs::create_dir(folder.join("installation")).unwrap();
    let (mut desk, _) = Desk::create(
        &folder.join("vault"),
        PASSPHRASE,
        Kdf::quick_for_tests(),
        env(folder),
        person("李明"),
        false,
    )
    .unwrap();
    let study = new_study(&mut desk, "甲");
    set(&mut desk, &study, "acronym", json!("0"));
    study
}

fn open(folder: &Path) -> Desk {
    open_freed(&folder.join("vault"), &env(folder)).unwrap()
}

fn count(desk: &Desk) -> u64 {
    let rows = desk.studies().unwrap();
    rows[0].acronym.parse().unwrap()
}

/// Counts on: each number is printed once it is stored.
fn write_on(folder: &Path, n_edits: u64) {
    let mut desk = open(folder);
    let study = desk.studies().unwrap()[0].id.clone();
    let first = count(&desk);
    say(first);
    for n in first + 1..=first + n_edits {
        set(&mut desk, &study, "acronym", json!(n.to_string()));
        say(n);
    }
}

fn say(n: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "stored {n}").unwrap();
    out.flush().unwrap();
}

#[test]
fn the_other_process_writes_what_it_says() {
    if let (Ok(folder), Ok(n)) = (std::env::var(FOLDER), std::env::var(EDITS)) {
        write_on(Path::new(&folder), n.parse().unwrap());
        return;
    }
    let folder = testkit::folder();
    make(folder.path());
    write_on(folder.path(), 3);
    assert_eq!(count(&open(folder.path())), 3);
}

fn other(command: &mut Command, folder: &Path, n_edits: u64) -> Child {
    command
        .args(["--exact", OTHER, "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env(EDITS, n_edits.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn stored(line: &str) -> Option<u64> {
    line.split("stored ").nth(1)?.trim().parse().ok()
}

#[test]
fn f21_no_acknowledged_edit_is_lost_to_a_killed_process() {
    let folder = testkit::folder();
    make(folder.path());
    let mut acknowledged = 0;
    let mut n_edits = 0;
    // A small generator: the moments differ, the run repeats.
    let mut seed = 0x9e37_79b9_u32;
    for round in 0..N_KILLS {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let n_lines = 1 + (seed >> 24) % 6;
        let program = std::env::current_exe().unwrap();
        let mut child = other(&mut Command::new(program), folder.path(), 1_000_000);
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let numbers = lines.map_while(Result::ok).filter_map(|line| stored(&line));
        for (place, n) in numbers.take(n_lines as usize).enumerate() {
            if place == 0 {
                // What the process found on opening.
                assert!(
                    n >= acknowledged,
                    "round {round}: {acknowledged} was stored, found {n}"
                );
                assert!(
                    n <= acknowledged + 1,
                    "round {round}: {n} was never written"
                );
            } else {
                n_edits += 1;
            }
            acknowledged = n;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // What was printed after the last line that was read is not known here.
        acknowledged = count_after(folder.path(), acknowledged, round);
    }
    assert!(n_edits > u64::from(N_KILLS));
    let desk = open(folder.path());
    let report = desk.verify().unwrap();
    assert_eq!(report.problems, []);
    assert_eq!(report.commits as u64, count(&desk) + 2);
}

/// Looks into the vault now and then, so that the next round starts from what is known.
fn count_after(folder: &Path, acknowledged: u64, round: u32) -> u64 {
    let desk = open(folder);
    let found = count(&desk);
    assert!(
        found >= acknowledged,
        "round {round}: {acknowledged} was stored, found {found}"
    );
    if round.is_multiple_of(50) {
        assert_eq!(desk.verify().unwrap().problems, []);
    }
    found
}

#[test]
fn an_edit_costs_exactly_one_fsync() {
    let Ok(output) = Command::new("strace").arg("-V").output() else {
        eprintln!("skipped: strace is not installed, so fsyncs were not counted");
        return;
    };
    assert!(output.status.success());
    let folder = testkit::folder();
    make(folder.path());
    let count = |n_edits: u64| -> Option<usize> {
        let trace = folder.path().join(format!("trace-{n_edits}"));
        let mut command = Command::new("strace");
        command
            .args(["-f", "-qq", "-e", "trace=fsync,fdatasync", "-o"])
            .arg(&trace);
        command.arg(std::env::current_exe().unwrap());
        let mut child = other(&mut command, folder.path(), n_edits);
        let lines = BufReader::new(child.stdout.take().unwrap())
            .lines()
            .map_while(Result::ok);
        let n_said = lines.filter_map(|line| stored(&line)).count();
        if !child.wait().unwrap().success() {
            return None;
        }
        assert_eq!(n_said as u64, n_edits + 1);
        let text = std::fs::read_to_string(trace).unwrap();
        Some(
            text.lines()
                .filter(|l| l.contains("fsync(") || l.contains("fdatasync("))
                .count(),
        )
    };
    // The first edit also writes the head of the log; opening and closing are the same in both.
    let (Some(one), Some(many)) = (count(1), count(51)) else {
        eprintln!("skipped: strace may not trace here, so fsyncs were not counted");
        return;
    };
    assert_eq!(many - one, 50, "{one} fsyncs for one edit, {many} for 51");
}

//! What edits and taking in cost in things that can be counted: statements, steps of SQLite's
//! machine, bytes of the log. Seconds depend on the machine; these do not.

use crate::figures::{Two, pages, study, take_in};
use crate::world::Laptop;
use desk::Desk;
use rusqlite::StatementStatus;
use rusqlite::trace::{TraceEvent, TraceEventCodes};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// How often the database was asked, and how much it did about it.
#[derive(Clone, Copy, Debug, Default)]
struct Work {
    n_statements: u64,
    n_steps: u64,
}

#[derive(Default)]
struct Tally {
    work: Work,
    /// A statement that is used again counts on.
    before: HashMap<String, i32>,
}

impl Tally {
    /// Counts what a desk does from now on.
    fn of(desk: &mut Desk) -> Arc<Mutex<Self>> {
        let tally = Arc::new(Mutex::new(Self::default()));
        let counted = Arc::clone(&tally);
        let count = move |event: TraceEvent<'_>| {
            if let TraceEvent::Profile(statement, _) = event {
                let mut tally = counted.lock().unwrap();
                let n = statement.get_status(StatementStatus::VmStep);
                let before = tally.before.insert(statement.sql().into_owned(), n);
                tally.work.n_statements += 1;
                // One that was prepared anew begins at nothing.
                let n_new = before
                    .filter(|before| *before < n)
                    .map_or(n, |before| n - before);
                tally.work.n_steps += u64::try_from(n_new).unwrap();
            }
        };
        let conn = &mut desk.vault().conn;
        conn.trace_v2(TraceEventCodes::SQLITE_TRACE_PROFILE, Some(count))
            .unwrap();
        tally
    }
}

/// What twenty edits and a commit of others cost after so many commits: the writer's work, and the
/// bytes of her log.
fn after(seed: u64, n_commits: usize) -> (Work, u64) {
    let mut two = Two::new(seed, n_commits, 5);
    // The first contact works out the chain over all that is here.
    two.go_on();
    two.li.desk.idle().unwrap();
    let tally = Tally::of(&mut two.li.desk);
    two.go_on();
    tally.lock().unwrap().work = Work::default();
    two.li.desk.idle().unwrap();
    two.go_on();
    let work = tally.lock().unwrap().work;
    let log = two.li.dir.join("vault.db-wal");
    (work, std::fs::metadata(log).unwrap().len())
}

#[test]
fn edits_and_taking_in_cost_the_same_however_long_the_history() {
    // Every field was written once before, and ten times.
    let (short, short_log) = after(1, 200);
    let (long, long_log) = after(3, 2_000);
    println!("{short:?}, {short_log} bytes\n{long:?}, {long_log} bytes");
    // Which other days a day moves depends on the days.
    let off = |n: u64| n + n / 20;
    assert!(long.n_statements <= off(short.n_statements));
    assert!(long.n_steps <= off(short.n_steps));
    assert!(long_log <= short_log + short_log / 4);
}

#[test]
fn a_page_takes_few_statements_for_each_operation() {
    let mut li = Laptop::new(1, "李示例");
    let (study, _, frames) = study(&mut li, 60, 100);
    let pages = pages(study.as_str(), 0, &frames);
    let mut wang = Laptop::new(2, "王示例");
    let tally = Tally::of(&mut wang.desk);
    take_in(&mut wang.desk, study.as_str(), &pages);
    let work = tally.lock().unwrap().work;
    println!("{work:?} for 6,000 operations in {} pages", pages.len());
    // One for each, and what the page as a whole takes.
    assert!(work.n_statements <= 13_000, "{work:?}");
}

//! Taking in many operations, beside one bare transaction that inserts the same rows into the same
//! tables: `cargo xtask soak figures`. What came of it is in docs/figures.md.

use crate::world::{Laptop, new_study};
use desk::{Desk, Edit, Pulled};
use ledger::{DeviceKey, Frame, Receipt};
use model::StudyId;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};
use std::path::Path;
use testkit::{Pairs, Took, Writing};

/// How much longer than the bare transaction it is to take. Source: faults-and-bars P3.
const GOAL: f64 = 3.0;
/// What one page of the exchange holds. Source: sync-protocol.md, section 2.
const COMMITS_MAX: usize = 500;
const PAGE_BYTES: usize = 1024 * 1024;

const RECEIVED_AT: &str = "2026-11-23T08:00:00.000Z";
const STEPS: [&str; 5] = [
    include_str!("../../migrations/0001_create_ledger.sql"),
    include_str!("../../migrations/0002_keep_receipts.sql"),
    include_str!("../../migrations/0003_create_plans.sql"),
    include_str!("../../migrations/0004_find_put_aside.sql"),
    include_str!("../../migrations/0005_index_numbers.sql"),
];

/// A page as it came over the network: the frames' bytes, and what the center says of each.
pub(crate) struct Wire {
    from: u64,
    to: u64,
    frames: Vec<u8>,
    receipts: Vec<String>,
}

/// The pages that begin after a number.
pub(crate) fn pages(stream: &str, after: u64, frames: &[Frame]) -> Vec<Wire> {
    let center = DeviceKey::from_secret(&[9; 32]);
    let mut pages: Vec<Wire> = Vec::new();
    for (frame, sseq) in frames.iter().zip(after + 1..) {
        let bytes = frame.encode();
        let is_full = pages.last().is_none_or(|page| {
            page.receipts.len() == COMMITS_MAX || page.frames.len() + bytes.len() > PAGE_BYTES
        });
        if is_full {
            pages.push(Wire {
                from: sseq - 1,
                to: sseq - 1,
                frames: Vec::new(),
                receipts: Vec::new(),
            });
        }
        let page = pages.last_mut().unwrap();
        let receipt = Receipt {
            stream,
            commit: &frame.id(),
            sseq,
            received_at: RECEIVED_AT,
        };
        page.to = sseq;
        page.frames.extend(bytes);
        page.receipts.push(receipt.sign(&center));
    }
    pages
}

/// Takes pages in as the exchange does.
pub(crate) fn take_in(desk: &mut Desk, stream: &str, pages: &[Wire]) {
    for page in pages {
        let frames = Frame::decode_all(&page.frames).unwrap();
        let pulled = frames.into_iter().zip(&page.receipts).zip(page.from + 1..);
        let pulled = pulled.map(|((frame, receipt), sseq)| Pulled {
            sseq,
            received_at: RECEIVED_AT.to_owned(),
            receipt: receipt.clone(),
            quarantined: false,
            frame,
        });
        let taken = desk.accept(stream, page.from, page.to, pulled.collect());
        assert_eq!(taken.unwrap().problems, []);
    }
}

fn cursor(desk: &Desk) -> u64 {
    desk.streams().unwrap()[0].cursor
}

/// The rows of every table that was written to, the index of words apart.
type Rows = Vec<(String, Vec<Vec<Value>>)>;

fn rows(conn: &Connection) -> Rows {
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table'
               AND name NOT LIKE 'search_index%' AND name NOT LIKE 'vault_meta'";
    let mut names = conn.prepare(sql).unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let read = |name: String| {
        let mut statement = conn.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let n = statement.column_count();
        let list = statement
            .query_map([], |row| (0..n).map(|place| row.get(place)).collect())
            .unwrap();
        (name, list.map(Result::unwrap).collect())
    };
    names.map(Result::unwrap).map(read).collect()
}

/// One transaction on a new encrypted database with the vault's switches.
fn bare(path: &Path, rows: &Rows) -> Took {
    let mut conn = Connection::open(path).unwrap();
    conn.execute_batch(&format!("PRAGMA key = \"x'{}'\"", "2a".repeat(32)))
        .unwrap();
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))
        .unwrap();
    conn.execute_batch(
        "PRAGMA temp_store = MEMORY; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 0;
         PRAGMA foreign_keys = ON; PRAGMA cache_size = -32768",
    )
    .unwrap();
    conn.execute_batch(&STEPS.concat()).unwrap();
    let insert = || {
        let tx = conn.transaction().unwrap();
        // Each table's rows name only those of tables that were made before it.
        for (name, rows) in rows {
            let Some(first) = rows.first() else { continue };
            let places = vec!["?"; first.len()].join(", ");
            let sql = format!("INSERT INTO {name} VALUES({places})");
            let mut statement = tx.prepare(&sql).unwrap();
            for row in rows {
                statement.execute(params_from_iter(row)).unwrap();
            }
        }
        tx.commit().unwrap();
    };
    Took::by(insert).1
}

/// Pairs by the clock and by processor time.
#[derive(Default)]
struct Both {
    wall: Pairs,
    cpu: Pairs,
}

impl Both {
    fn add(&mut self, ours: Took, bare: Took) {
        self.wall.add(ours.wall, bare.wall);
        self.cpu.add(ours.cpu, bare.cpu);
    }

    fn hold_against(&self, what: &str, goal: f64) {
        let cpu = format!("{what}: processor time");
        self.cpu.tell(&cpu).hold_against(&cpu, goal);
        self.wall.tell(what).hold_against(what, goal);
    }
}

/// A study of a laptop, and all its commits: its own, and those of another that go on writing.
pub(crate) fn study(
    li: &mut Laptop,
    n_commits: usize,
    n_ops: usize,
) -> (StudyId, Writing, Vec<Frame>) {
    let study = new_study(&mut li.desk, "甲");
    let stream = study.as_str();
    let mut frames = li.desk.outbox(stream, usize::MAX, usize::MAX).unwrap();
    let mut writing = Writing::new(7, stream, "p-2", n_ops);
    let newest = frames.last().unwrap().parse_commit().unwrap();
    writing.after(newest.dev, newest.seq, newest.lam);
    frames.push(writing.begin());
    frames.extend(writing.write(n_commits));
    (study, writing, frames)
}

fn measure(n_commits: usize, n_ops: usize) {
    let mut li = Laptop::new(1, "李示例");
    let (study, _, frames) = study(&mut li, n_commits, n_ops);
    let stream = study.as_str();
    let pages = pages(stream, 0, &frames);
    let mut kept: Option<Rows> = None;
    let mut pairs = Both::default();
    for pair in 0..=Pairs::wanted() {
        let mut wang = Laptop::new(2 + pair as u64, "王示例");
        let mut ours = || Took::by(|| take_in(&mut wang.desk, stream, &pages)).1;
        let (ours, bare) = match &kept {
            // The first warms up and says which rows there are.
            None => {
                ours();
                assert_eq!(cursor(&wang.desk), frames.len() as u64);
                assert!(wang.desk.verify().unwrap().problems.is_empty());
                kept = Some(rows(wang.desk.connection()));
                continue;
            }
            Some(rows) if Pairs::ours_first(pair) => {
                let ours = ours();
                (ours, bare(&li.bench.path(&format!("{pair}.db")), rows))
            }
            Some(rows) => {
                let bare = bare(&li.bench.path(&format!("{pair}.db")), rows);
                (ours(), bare)
            }
        };
        pairs.add(ours, bare);
    }
    let what = format!("take in {n_commits} × {n_ops}, {} pages", pages.len());
    pairs.hold_against(&what, GOAL);
}

#[test]
#[ignore = "takes minutes: cargo xtask soak figures"]
fn a_thousand_commits_of_a_hundred_operations_are_taken_in_beside_a_bare_transaction() {
    measure(1_000, 100);
}

#[test]
#[ignore = "takes minutes: cargo xtask soak figures"]
fn a_hundred_thousand_commits_of_one_operation_are_taken_in_beside_a_bare_transaction() {
    measure(100_000, 1);
}

/// How much longer it is to take after a hundred times the history. Source: faults-and-bars P6.
const FLAT_GOAL: f64 = 1.2;
const N_OPS: usize = 100;
/// How many of the operations are edits of their own, each durable.
const N_EDITS: i64 = 20;

/// Two laptops with the same history, and a third whose commits reach both.
pub(crate) struct Two {
    pub(crate) li: Laptop,
    wang: Laptop,
    study: StudyId,
    writing: Writing,
    seen: Vec<String>,
    n_edits: i64,
}

impl Two {
    pub(crate) fn new(seed: u64, n_commits: usize, n_ops: usize) -> Self {
        let mut li = Laptop::new(seed, "李示例");
        let mut wang = Laptop::new(seed + 1, "王示例");
        let (study, writing, frames) = study(&mut li, n_commits, n_ops);
        for desk in [&mut li.desk, &mut wang.desk] {
            take_in(desk, study.as_str(), &pages(study.as_str(), 0, &frames));
        }
        Self {
            li,
            wang,
            study,
            writing,
            seen: Vec::new(),
            n_edits: 0,
        }
    }

    /// Edits, hands in, and takes in on both; what was done at a center is not counted.
    pub(crate) fn go_on(&mut self) -> Took {
        let ((mut frames, after), mut took) = Took::by(|| {
            for _ in 0..N_EDITS {
                self.edit();
            }
            let outbox = self
                .li
                .desk
                .outbox(self.study.as_str(), COMMITS_MAX, PAGE_BYTES);
            (outbox.unwrap(), cursor(&self.li.desk))
        });
        frames.extend(self.writing.write(1));
        let stream = self.study.as_str();
        let pages = pages(stream, after, &frames);
        let ((), more) = Took::by(|| {
            for desk in [&mut self.li.desk, &mut self.wang.desk] {
                take_in(desk, stream, &pages);
            }
        });
        took += more;
        took
    }

    fn edit(&mut self) {
        self.n_edits += 1;
        let edit = Edit {
            entity: self.study.root(),
            field: "enrollment".into(),
            value: self.n_edits.into(),
            seen: std::mem::take(&mut self.seen),
        };
        let saved = self.li.desk.set(&self.study, edit, None).unwrap();
        self.seen = saved.register.unwrap().seen();
    }
}

#[test]
#[ignore = "takes minutes: cargo xtask soak figures"]
fn operations_after_a_million_cost_what_they_cost_after_ten_thousand() {
    let mut short = Two::new(1, 10_000 / N_OPS, N_OPS);
    let mut long = Two::new(3, 1_000_000 / N_OPS, N_OPS);
    for two in [&mut short, &mut long] {
        two.go_on();
    }
    let mut pairs = Both::default();
    for pair in 0..Pairs::wanted() {
        if Pairs::ours_first(pair) {
            let long = long.go_on();
            pairs.add(long, short.go_on());
        } else {
            let short = short.go_on();
            pairs.add(long.go_on(), short);
        }
    }
    for two in [&short, &long] {
        let digest = two.li.desk.digest().unwrap();
        assert_eq!(two.wang.desk.digest().unwrap(), digest);
    }
    let what = "20 edits and 100 operations taken in twice: after 1,000,000 and 10,000";
    pairs.hold_against(what, FLAT_GOAL);
}

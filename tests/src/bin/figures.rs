//! Measures what docs/figures.md tells: `figures RECORDS-FOLDER CENTER-URL CODE`, a Markdown
//! table on stdout.
//!
//! Everything runs in one process on one vault in a temporary folder; the programs' own start is
//! measured by the window stories.

use chrono::{DateTime, Utc};
use desk::vault::{Kdf, Key, NoKeychain};
use desk::{Desk, Edit, Env, NewStudy, Profile};
use rpc::request::{PdfKind, PdfLang};
use rpc::work::{import, pdf};
use serde_json::json;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

struct SystemClock;

impl desk::env::Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn offset_minutes(&self) -> i32 {
        480
    }
}

const N_EDITS: u32 = 10_000;
const QUERIES: [&str; 10] = [
    "lung cancer",
    "肺",
    "肺癌",
    "random",
    "NCT0",
    "hospital shanghai",
    "pembro",
    "复旦",
    "placebo",
    "2026",
];

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).expect("the folder of records"));
    let place = tempfile::tempdir().expect("a folder");
    let dir = place.path().join("vault");
    let env = Env {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(desk::env::OsEntropy),
        app: env!("CARGO_PKG_VERSION").to_owned(),
        installation: place.path().join("installation"),
    };
    let kdf = Kdf::quick_for_tests();
    let (mut desk, _) = Desk::create(&dir, "figures", kdf, env.clone(), Profile::default(), false)
        .expect("a vault");

    let files = import::list_files(&[folder]);
    let start = Instant::now();
    let records: Vec<_> = files
        .iter()
        .flat_map(|file| import::read_file(file))
        .collect();
    row("read the records", records.len() as u64, start.elapsed());
    let start = Instant::now();
    for record in &records {
        import::import(&mut desk, record);
    }
    row(
        "import the records (one transaction each)",
        records.len() as u64,
        start.elapsed(),
    );

    let mut times: Vec<Duration> = Vec::new();
    for query in QUERIES.iter().cycle().take(500) {
        let start = Instant::now();
        desk.search(query, 100).expect("hits");
        times.push(start.elapsed());
    }
    times.sort();
    println!(
        "| search, median | 500 | {:.2} ms |",
        times[250].as_secs_f64() * 1e3
    );
    println!(
        "| search, p95 | 500 | {:.2} ms |",
        times[475].as_secs_f64() * 1e3
    );

    let start = Instant::now();
    desk.studies().expect("rows");
    row("list of studies", 1, start.elapsed());
    drop(desk);
    let start = Instant::now();
    let opened = Desk::open(&dir, Key::Passphrase("figures"), &NoKeychain, env.clone());
    let mut desk = opened.expect("a vault");
    row("open the vault (light key derivation)", 1, start.elapsed());

    let largest = desk
        .find_study("NCT04693234")
        .expect("a vault")
        .expect("the record");
    let start = Instant::now();
    let doc = desk.study(&largest).expect("a vault").expect("the record");
    row("read a study of 60 sites", 1, start.elapsed());
    let job = pdf::Job {
        derived: pdf::Derived::default(),
        doc,
        kind: PdfKind::Dossier,
        site: None,
        lang: PdfLang::Both,
        prepared_by: Profile::default(),
        standing: model::version::Standing::default(),
        version: None,
        today: env.today(),
        fonts: rpc::places::fonts(),
    };
    for name in ["first dossier", "second dossier"] {
        let start = Instant::now();
        let made = pdf::make(&job).expect("a PDF");
        row(
            &format!(
                "{name}: {} pages, {} kB",
                made.pages,
                made.bytes.len() / 1024
            ),
            1,
            start.elapsed(),
        );
    }

    edits_and_sync_page(&mut desk);
    let start = Instant::now();
    let report = desk.verify().expect("a vault");
    row(
        "verify every commit and rebuild the lists",
        report.commits as u64,
        start.elapsed(),
    );
    println!(
        "| vault on disk | | {} MB |",
        folder_bytes(&dir) / 1_000_000
    );

    let (url, code) = (std::env::args().nth(2), std::env::args().nth(3));
    if let (Some(url), Some(code)) = (url, code) {
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        runtime
            .block_on(rpc::work::sync::connect(&mut desk, &env, &url, &code))
            .expect("connected");
        let start = Instant::now();
        let round = runtime
            .block_on(rpc::work::sync::one_round(desk, &env))
            .expect("a contact");
        row(
            "send every commit to the center",
            round.sent,
            start.elapsed(),
        );
    }
}

/// Ten thousand edits of one study, each durable, and what they are on the wire.
fn edits_and_sync_page(desk: &mut Desk) {
    let new = NewStudy {
        fields: [("enrollment".to_owned(), json!(1))].into(),
        ..NewStudy::default()
    };
    let (study, _) = desk.create_study(&new).expect("a study");
    let mut seen = desk
        .study(&study)
        .ok()
        .flatten()
        .and_then(|doc| Some(doc.root()?.fields.get("enrollment")?.seen()))
        .expect("the field");
    let start = Instant::now();
    for n in 0..N_EDITS {
        let edit = Edit {
            entity: study.root(),
            field: "enrollment".into(),
            value: json!(n + 2),
            seen,
        };
        let saved = desk.set(&study, edit, None).expect("saved");
        seen = saved.register.expect("written").seen();
    }
    row("edits, one fsync each", u64::from(N_EDITS), start.elapsed());
    let start = Instant::now();
    let frames = desk
        .outbox(study.as_str(), usize::MAX, usize::MAX)
        .expect("frames");
    let bytes: usize = frames.iter().map(|frame| frame.encode().len()).sum();
    row(
        &format!("read the outbox: {} kB", bytes / 1024),
        frames.len() as u64,
        start.elapsed(),
    );
}

fn row(what: &str, n: u64, time: Duration) {
    let ms = time.as_secs_f64() * 1e3;
    println!("| {what} | {n} | {ms:.0} ms |");
}

fn folder_bytes(folder: &std::path::Path) -> u64 {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.metadata().ok())
        .map(|data| data.len())
        .sum()
}

//! Laptops and a center that get no processor time, or are stopped in the middle of a request as by
//! a lid that is closed. Real programs; what a process is not given is taken by stopping it.

use crate::center::Center;
use crate::laptop::{Laptop, PASSPHRASE, program};
use desk::Edit;
use model::StudyId;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

fn signal(name: &str, pids: &[u32]) {
    let pids = pids.iter().map(u32::to_string);
    // Whoever has ended meanwhile is no fault.
    let _ = Command::new("kill")
        .arg(name)
        .args(pids)
        .stderr(Stdio::null())
        .status();
}

/// Processes that run a tenth of the time.
struct Starved {
    is_over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Starved {
    fn begin(pids: Vec<u32>) -> Self {
        let is_over = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&is_over);
        let thread = std::thread::spawn(move || {
            while !seen.load(Ordering::Relaxed) {
                signal("-STOP", &pids);
                std::thread::sleep(Duration::from_millis(90));
                signal("-CONT", &pids);
                std::thread::sleep(Duration::from_millis(10));
            }
        });
        Self {
            is_over,
            thread: Some(thread),
        }
    }
}

impl Drop for Starved {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn connect(laptop: &Laptop, center: &Center, user: &str) {
    let code = center.invite(user);
    laptop.ok(&["connect", "--center", &center.url, "--code", &code]);
}

/// Writes edits of one field after the other, each a commit.
fn write(laptop: &Laptop, study: &str, words: &str, n: usize) {
    let study = StudyId::parse(study).expect("an id");
    let mut desk = laptop.desk();
    for i in 0..n {
        let field = ["acronym", "title.en", "officialTitle.en"][i % 3];
        let register = desk.register(&study, &study.root(), field).expect("read");
        let edit = Edit {
            entity: study.root(),
            field: field.to_owned(),
            value: json!(format!("{words} {i}")),
            seen: register.map(|register| register.seen()).unwrap_or_default(),
        };
        desk.set(&study, edit, None).expect("saved");
    }
}

fn n_commits(laptop: &Laptop) -> u64 {
    let answer = laptop.json(&["verify"]);
    assert_eq!(answer["problems"], json!([]));
    answer["commits"].as_u64().expect("a number")
}

#[test]
fn f26_without_processor_time_nothing_is_lost_and_nothing_doubled() {
    const N: usize = 60;
    let center = Center::start();
    let (li, wang) = (Laptop::of("李示例"), Laptop::of("王示例"));
    let new = li.json(&["study", "new", "title.zh=心衰早期干预"]);
    let study = new["study"].as_str().expect("an id").to_owned();
    connect(&li, &center, "li");
    connect(&wang, &center, "wang");
    li.ok(&["sync"]);
    center.grant(&study, "wang", "co-investigator");
    wang.ok(&["sync"]);
    let n_before = n_commits(&li);
    for round in 0..2 {
        write(&li, &study, &format!("li {round}"), N);
        write(&wang, &study, &format!("wang {round}"), N);
        let mut running: Vec<Child> = [&li, &wang]
            .into_iter()
            .map(|laptop| {
                let mut sync = laptop.command(&["sync"]);
                sync.stdout(Stdio::null()).stderr(Stdio::null());
                sync.spawn().expect("pidesk starts")
            })
            .collect();
        let mut pids: Vec<u32> = running.iter().map(Child::id).collect();
        pids.push(center.pid());
        let starved = Starved::begin(pids);
        for sync in &mut running {
            // It ends, whatever came of it.
            sync.wait().expect("it ends");
        }
        drop(starved);
    }
    for laptop in [&li, &wang, &li, &wang] {
        let met = laptop.json(&["sync"]);
        assert_eq!(met["waiting"], 0, "{met}");
    }
    assert_eq!(li.digest(), wang.digest());
    // Who wang is was said with her first commit.
    let n = n_commits(&li);
    assert_eq!(n, n_commits(&wang));
    assert_eq!(n, n_before + 4 * N as u64);
}

/// The program of the window without its window: the exchange runs by itself.
struct Host {
    _folder: tempfile::TempDir,
    serve: Child,
    at: String,
}

impl Host {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut serve = Command::new(program("browser-host"))
            .arg("0")
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("browser-host starts");
        let mut line = String::new();
        let out = serve.stdout.take().expect("piped");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("its address");
        Self {
            _folder: folder,
            serve,
            at: line.trim().trim_start_matches("http://").to_owned(),
        }
    }

    fn call(&self, command: &str, payload: Value) -> Value {
        let body = json!({ "command": command, "payload": payload }).to_string();
        let mut stream = TcpStream::connect(&self.at).expect("it listens");
        write!(
            stream,
            "POST /rpc HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n{body}",
            self.at,
            body.len()
        )
        .expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
        let answer: Value = serde_json::from_str(body).expect("JSON");
        assert_eq!(answer["err"], Value::Null, "{command}");
        answer["ok"].clone()
    }

    fn acronym(&self, study: &str) -> String {
        let shown = self.call("study.get", json!({ "study": study }));
        shown["row"]["acronym"].to_string()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.serve.kill();
        let _ = self.serve.wait();
    }
}

/// How long a laptop may need after it wakes (faults-and-bars, F25).
const AWAKE: Duration = Duration::from_secs(10);

fn within(limit: Duration, what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < limit, "{what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn f25_a_program_stopped_in_the_middle_of_a_request_goes_on_when_it_wakes() {
    let mut center = Center::start();
    let (host, wang) = (Host::start(), Laptop::of("王示例"));
    let profile = json!({ "nameZh": "李示例", "nameEn": "", "hospital": "", "role": "PI" });
    let vault = json!({ "path": null, "passphrase": PASSPHRASE, "profile": profile });
    host.call("vault.create", vault);
    let new = json!({ "fields": { "title.zh": "题目", "acronym": "A0" }, "hospitals": [] });
    let study = host.call("study.create", new)["study"].clone();
    let study = study.as_str().expect("an id");
    let code = center.invite("li");
    host.call("sync.connect", json!({ "url": center.url, "code": code }));
    let in_step = || {
        let status = host.call("sync.status", json!({}));
        status["state"] == "inStep" && status["waiting"] == 0
    };
    within(Duration::from_secs(20), "the first exchange", in_step);
    connect(&wang, &center, "wang");
    center.grant(study, "wang", "co-investigator");
    wang.ok(&["sync"]);

    // It always waits in a request for news. Meanwhile the center's side of that is gone, as it is
    // after a night, and somebody writes.
    for n in 1..=2 {
        signal("-STOP", &[host.serve.id()]);
        center.restart();
        let word = format!("A{n}");
        wang.ok(&["edit", study, "acronym", &word]);
        wang.ok(&["sync"]);
        std::thread::sleep(Duration::from_secs(3));
        signal("-CONT", &[host.serve.id()]);
        let has_it = || host.acronym(study).contains(&word);
        within(AWAKE, "what was written while it slept", has_it);
    }
    // And what is written after waking goes out by itself.
    let seen = host.call("study.get", json!({ "study": study }));
    let entities = seen["doc"]["entities"].as_array().expect("entities");
    let root = entities
        .iter()
        .find(|one| one["id"] == study)
        .expect("the study");
    let values = root["fields"]["acronym"]["heads"]
        .as_array()
        .expect("values");
    let seen: Vec<_> = values.iter().map(|value| value["op"].clone()).collect();
    let set = json!({
        "study": study, "entity": study, "field": "acronym", "value": "AWAKE",
        "seen": seen, "why": null
    });
    host.call("field.set", set);
    within(AWAKE, "what was written after it slept", in_step);
    wang.ok(&["sync"]);
    let shown = wang.json(&["study", "show", study]);
    assert_eq!(shown["fields"]["acronym"], "AWAKE");
}

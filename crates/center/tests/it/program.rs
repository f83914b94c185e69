//! The program itself: its orders, its output, its end.

use crate::bench::{Around, enrol_over};
use crate::laptop::Laptop;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use sync::{Address, Code, Http, Note};

fn center() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pidesk-center"));
    command.env_remove("RUST_LOG");
    command
}

fn run(args: &[&str], data: &Path) -> Output {
    run_with(args, data, None)
}

/// Carries out an order, on a PostgreSQL database where one is named.
pub(crate) fn run_with(args: &[&str], data: &Path, database: Option<&str>) -> Output {
    center()
        .args(args)
        .arg("--data")
        .arg(data)
        .env("PIDESK_DATABASE", database.unwrap_or_default())
        .output()
        .unwrap()
}

pub(crate) fn last_line(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().last().unwrap().to_owned()
}

/// A server that is ended with the test.
pub(crate) struct Serving(Child, pub(crate) String);

impl Serving {
    /// The number of its process.
    pub(crate) fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(data: &Path, listen: &str) -> Serving {
    serve_with(data, listen, None)
}

pub(crate) fn serve_with(data: &Path, listen: &str, database: Option<&str>) -> Serving {
    let mut child = center()
        .env("PIDESK_DATABASE", database.unwrap_or_default())
        .args(["serve", "--listen", listen, "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    Serving(child, line.trim().to_owned())
}

/// Serves with files at an address and these keys in the environment, saying everything; its line
/// and what it says until it has looked at the place of files or ended.
pub(crate) fn serve_saying(data: &Path, files: &str, keys: [&str; 2]) -> (String, String) {
    let mut child = center()
        .env("PIDESK_DATABASE", "")
        .env("RUST_LOG", "trace")
        .envs(center::s3::KEY_VARIABLES.into_iter().zip(keys))
        .args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--files",
            files,
            "--data",
        ])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let mut said = String::new();
    for more in BufReader::new(child.stderr.take().unwrap()).lines() {
        let more = more.unwrap();
        let has_looked = more.contains("the store of files: ");
        said.push_str(&more);
        if has_looked {
            break;
        }
    }
    drop(Serving(child, String::new()));
    (line.trim().to_owned(), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn orders_work_while_it_serves_and_after_a_kill() {
    let dir = tempfile::TempDir::new().unwrap();
    let data = dir.path().join("new folder");
    let serving = serve(&data, "127.0.0.1:0");
    assert!(serving.1.starts_with("http://127.0.0.1:"), "{}", serving.1);
    let invited = run(&["invite", "--user", "Li Ming"], &data);
    let code = Code::parse(&last_line(&invited)).unwrap();
    let around = Around::new(5);
    around
        .now_ms
        .store(now_ms(), std::sync::atomic::Ordering::Relaxed);
    let mut laptop = Laptop::new(1, "p-1");
    let http = Http::new(Address::parse(&serving.1).unwrap(), code.pin());
    let link = enrol_over(&http, &serving.1, &laptop, &code, &around)
        .await
        .unwrap();
    laptop.set("s1", "registry.nct", "NCT00000001");
    let outcome = sync::round(&http, &link, &mut laptop, &around)
        .await
        .unwrap();
    assert_eq!((outcome.note, outcome.sent), (Note::Done, 1));
    // A grant for somebody who was invited later, by registry number.
    last_line(&run(
        &["invite", "--user", "Wang Fang", "--role", "reader"],
        &data,
    ));
    let args = [
        "grant",
        "--study",
        "NCT00000001",
        "--user",
        "Wang Fang",
        "--role",
        "coordinator",
    ];
    assert_eq!(
        last_line(&run(&args, &data)),
        "Wang Fang is now coordinator of s1"
    );
    let members = run(&["members", "--study", "NCT00000001"], &data);
    let members = String::from_utf8(members.stdout).unwrap();
    assert!(
        members.contains("Wang Fang  coordinator  since "),
        "{members}"
    );
    let people = run(&["people"], &data);
    let people = String::from_utf8(people.stdout).unwrap();
    assert!(people.contains("Wang Fang  reader  u_"), "{people}");
    assert!(people.contains(&laptop.id()), "{people}");
    drop(serving);
    // It was killed; what it confirmed is there.
    let serving = serve(&data, "127.0.0.1:0");
    let http = Http::new(
        Address::parse(&serving.1).unwrap(),
        link.recognised_by().unwrap(),
    );
    let mut fresh = Laptop::new(1, "p-1");
    let outcome = sync::round(&http, &link, &mut fresh, &around)
        .await
        .unwrap();
    assert_eq!((outcome.note, outcome.received), (Note::Done, 1));
    assert_eq!(fresh.digest(), laptop.digest());
}

pub(crate) fn now_ms() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    since.as_millis() as i64
}

#[tokio::test(flavor = "multi_thread")]
async fn other_addresses_are_encrypted() {
    let dir = tempfile::TempDir::new().unwrap();
    let serving = serve(dir.path(), "0.0.0.0:0");
    let url = serving.1.replace("0.0.0.0", "127.0.0.1");
    assert!(url.starts_with("https://"), "{url}");
    let code = Code::parse(&last_line(&run(&["invite", "--user", "Li"], dir.path()))).unwrap();
    let around = Around::new(5);
    let http = Http::new(Address::parse(&url).unwrap(), code.pin());
    enrol_over(&http, &url, &Laptop::new(1, "p-1"), &code, &around)
        .await
        .unwrap();
}

#[cfg(unix)]
#[test]
fn it_ends_in_order_when_asked() {
    let dir = tempfile::TempDir::new().unwrap();
    let mut serving = serve(dir.path(), "127.0.0.1:0");
    let pid = serving.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &pid])
            .status()
            .unwrap()
            .success()
    );
    assert!(serving.0.wait().unwrap().success());
    assert!(
        !dir.path().join("center.db-wal").exists(),
        "the log is folded in"
    );
}

#[test]
fn wrong_use_is_said_and_ends_with_two() {
    let dir = tempfile::TempDir::new().unwrap();
    for args in [
        &[][..],
        &["dance"],
        &["invite"],
        &["grant", "--study", "x"],
        &["serve", "--listen", "x"],
        &["invite", "--user", "a", "--role", "king"],
        &["year"],
        &["year", "--file", "2027.json", "--take-back", "2027"],
    ] {
        let output = run(args, dir.path());
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(
            output.stdout.is_empty() && !output.stderr.is_empty(),
            "{args:?}"
        );
    }
    let output = run(
        &["grant", "--study", "x", "--user", "y", "--role", "pi"],
        dir.path(),
    );
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&output.stderr).lines().count(), 1);
}

#[test]
fn an_order_makes_no_center_where_none_was_served() {
    let dir = tempfile::TempDir::new().unwrap();
    let said = |database: Option<&str>| {
        let output = run_with(&["console", "--user", "Zhao Min"], dir.path(), database);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty(), "no code that opens nothing");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(said(None).contains("there is no center.key in"));
    assert!(said(Some("host=/nowhere dbname=x")).contains("there is no center.key in"));
    // The folder of a replica: it holds the key, the data is elsewhere.
    std::fs::write(dir.path().join("center.key"), "").unwrap();
    let said = said(None);
    assert!(
        said.contains("a center on PostgreSQL wants --database"),
        "{said}"
    );
    assert_eq!(run(&["new-key"], dir.path()).status.code(), Some(1));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 1);
}

#[test]
fn no_center_begins_with_another_key_than_laptops_know() {
    let dir = tempfile::TempDir::new().unwrap();
    let key = dir.path().join("center.key");
    let code = |args: &[&str]| run(args, dir.path()).status.code();
    let refused = |why: &str| {
        let output = run(&["serve", "--listen", "127.0.0.1:0"], dir.path());
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(why), "{said}");
    };
    drop(serve(dir.path(), "127.0.0.1:0"));
    let first = std::fs::read(&key).unwrap();
    // A replica whose folder was forgotten.
    std::fs::remove_file(&key).unwrap();
    refused("copy it there from another replica");
    assert!(
        !key.exists(),
        "nothing was made that would have to be undone"
    );
    // A replica with the key of another center.
    std::fs::write(&key, format!("ed25519-secret:{}\n", "Q".repeat(43))).unwrap();
    refused("a center with another key");
    assert_eq!(code(&["invite", "--user", "Li Ming"]), Some(1));
    // It was stolen: another one, and the old one stays beside it.
    std::fs::write(&key, &first).unwrap();
    assert_eq!(code(&["new-key"]), Some(0));
    drop(serve(dir.path(), "127.0.0.1:0"));
    assert_ne!(std::fs::read(&key).unwrap(), first);
    let old = dir.path().join("center.key.old");
    assert_eq!(std::fs::read(old).unwrap(), first);
    // A backup from before a key was replaced knows the key of then.
    std::fs::write(&key, &first).unwrap();
    refused("say restored");
    assert_eq!(code(&["restored"]), Some(0));
    drop(serve(dir.path(), "127.0.0.1:0"));
}

/// What a plain request gets: status and body.
pub(crate) async fn ask(url: &str, path: &str) -> (u16, String) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let host = url.trim_start_matches("http://");
    let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    let body = answer.split("\r\n\r\n").nth(1).unwrap().to_owned();
    (status, body)
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_watches_learns_whether_it_is_well() {
    let dir = tempfile::TempDir::new().unwrap();
    let serving = serve(dir.path(), "127.0.0.1:0");
    let (status, body) = ask(&serving.1, "/health").await;
    assert_eq!(status, 200);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (&body["store"], &body["ending"]),
        (&"ok".into(), &false.into())
    );
    // Nothing else is said without a token.
    assert_ne!(ask(&serving.1, "/v1/me").await.0, 200);
}

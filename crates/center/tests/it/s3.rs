//! Files in an S3-compatible store: the same story as in a folder, and what happens without it.
//!
//! The server is `moto_server` of the search path, or the one that `PIDESK_S3_SERVER` names; or
//! `PIDESK_S3` is the address of a bucket somewhere, its keys beside it as the program takes them.
//! Where there is none, tests say so and end.

use crate::bench::{Bench, Files};
use crate::console::signed_in;
use crate::files::{
    Folder, STUDY, Scissors, carry, cut_downloads, cut_uploads, member, noise, study_with,
    up_once_down_whole,
};
use crate::laptop::Laptop;
use crate::program::{ask, serve_saying};
use center::s3::KEY_VARIABLES;
use center::{BlobLimits, BlobStore, S3Error, SqliteStore};
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use sync::{FilesOutcome, Note, Settled};

/// How long a state may take until it is said.
const SAID_WITHIN: Duration = Duration::from_secs(60);

/// A server of the test's own.
struct Server {
    child: Child,
    host: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    /// Starts one; where it is said, keys are asked for after so many requests.
    fn start(n_open: Option<u32>) -> Option<Self> {
        let program = std::env::var("PIDESK_S3_SERVER").unwrap_or("moto_server".to_owned());
        let mut command = Command::new(&program);
        command.args(["-H", "127.0.0.1", "-p", "0"]);
        if let Some(n) = n_open {
            command.env("INITIAL_NO_AUTH_ACTION_COUNT", n.to_string());
        }
        let spawned = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let Ok(mut child) = spawned else {
            println!("skipped: no S3 server is installed ({program}, pip install 'moto[server]')");
            return None;
        };
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let at = said.find_map(|line| {
            let line = line.ok()?;
            Some(line.split_once("Running on http://")?.1.trim().to_owned())
        });
        std::thread::spawn(move || said.for_each(drop));
        Some(Self {
            child,
            host: at.expect("it says where it is"),
        })
    }

    /// A plain request; its answer's body.
    fn ask(&self, line: &str, service: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let scope = format!("Credential=x/20260101/us-east-1/{service}/aws4_request");
        let request = format!(
            "{line} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\ncontent-length: {}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\
             authorization: AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0\r\n\r\n{body}",
            self.host,
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer.split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Makes an account that may do everything in every bucket; its keys.
    fn account(&self) -> [String; 2] {
        let iam = |rest: &str| self.ask("POST /", "iam", &format!("Version=2010-05-08&{rest}"));
        iam("Action=CreateUser&UserName=pidesk");
        iam(
            "Action=PutUserPolicy&UserName=pidesk&PolicyName=p&PolicyDocument=\
             %7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow\
             %22%2C%22Action%22%3A%22s3%3A%2A%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D",
        );
        let made = iam("Action=CreateAccessKey&UserName=pidesk");
        let find = |name: &str| {
            let rest = made.split_once(&format!("<{name}>")).expect(&made).1;
            rest.split_once('<').unwrap().0.to_owned()
        };
        [find("AccessKeyId"), find("SecretAccessKey")]
    }

    fn address(&self, bucket: &str) -> String {
        format!("s3://{bucket}/desk?endpoint=http://{}", self.host)
    }
}

/// A bucket for one test: its address, its keys, and the server if it is the test's own.
fn bucket() -> Option<(String, [String; 2], Option<Server>)> {
    if let Ok(address) = std::env::var("PIDESK_S3") {
        let keys = KEY_VARIABLES.map(|name| std::env::var(name).expect("its keys"));
        let (place, rest) = address.split_once('?').expect("an address");
        let folder = format!("{place}/{}?{rest}", std::process::id());
        return Some((folder, keys, None));
    }
    // Without a check of keys: moto checks the signatures of lists over what is no longer encoded,
    // and so refuses those of every client.
    let server = Server::start(None)?;
    server.ask("PUT /files", "s3", "");
    let keys = ["id".to_owned(), "secret".to_owned()];
    Some((server.address("files"), keys, Some(server)))
}

fn files(address: &str, keys: &[String; 2]) -> Files {
    let (address, keys) = (address.to_owned(), keys.clone());
    Arc::new(move |_| open(&address, &keys).expect("a bucket"))
}

fn open(address: &str, keys: &[String; 2]) -> Result<BlobStore, S3Error> {
    BlobStore::in_bucket(address, Some(keys.clone()), BlobLimits::default())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_in_a_bucket_live_as_in_a_folder() {
    let Some((address, keys, _server)) = bucket() else {
        return;
    };
    let (bench, li) = study_with(files(&address, &keys)).await;
    up_once_down_whole(&bench, &li).await;
    cut_uploads(&bench, &li).await;
    cut_downloads(&bench, &li).await;

    // More than one part of an upload of that store, begun at one replica and ended at another.
    let all = noise(90, 12_000_000);
    let mut folder = Folder::default();
    let hash = folder.add(STUDY, &all);
    let (mut settled, mut n) = (Settled::default(), 0);
    let mut some = |_: &FilesOutcome| {
        n += 1;
        n <= 7
    };
    let around = &*bench.around;
    let http = bench.http(&li);
    let begun = sync::files(&http, &li, &mut folder, around, &mut settled, &mut some).await;
    let begun = begun.unwrap();
    assert_eq!((begun.sent, begun.note), (0, None));
    let other = bench.replica(crate::bench::sqlite).await;
    let other = Scissors::to(&other).http();
    let mut on = |_: &FilesOutcome| true;
    let rest = sync::files(&other, &li, &mut folder, around, &mut settled, &mut on).await;
    let rest = rest.unwrap();
    assert_eq!((rest.sent, rest.note), (1, None));
    assert_eq!(begun.bytes_sent + rest.bytes_sent, 12_000_000);
    let wang = member(&bench, 3, "Zhang Min").await;
    let mut fresh = Folder::default();
    fresh.name(STUDY, &all);
    assert_eq!(carry(&bench, &wang, &mut fresh).await.received, 1);
    assert_eq!(fresh.whole.get(&hash), Some(&all));

    // Two laptops at once, and a content that is not what its name says.
    let all = noise(91, 3_000_000);
    let (mut a, mut b) = (Folder::default(), Folder::default());
    let hash = a.add(STUDY, &all);
    b.add(STUDY, &all);
    let mut bad = a.clone();
    bad.whole.get_mut(&hash).unwrap()[1] ^= 1;
    let refused = carry(&bench, &li, &mut bad).await;
    assert_eq!((refused.sent, refused.note), (0, Some(Note::FileDamaged)));
    let (one, two) = tokio::join!(carry(&bench, &li, &mut a), carry(&bench, &wang, &mut b));
    assert_eq!((one.to_send, two.to_send), (0, 0));
    carry(&bench, &li, &mut a).await;
    carry(&bench, &wang, &mut b).await;

    // Nothing begun is left; what is begun and left is cleared by age.
    let objects = open(&address, &keys).unwrap();
    assert_eq!(objects.clear_begun_before(i64::MAX).await.unwrap(), 0);
    let mut folder = Folder::default();
    folder.add(STUDY, &noise(92, 2_000_000));
    let (mut settled, mut n) = (Settled::default(), 0);
    let mut some = |_: &FilesOutcome| {
        n += 1;
        n <= 2
    };
    let begun = sync::files(&http, &li, &mut folder, around, &mut settled, &mut some).await;
    assert!(begun.unwrap().bytes_sent > 0);
    assert_eq!(objects.clear_begun_before(0).await.unwrap(), 0);
    assert_eq!(objects.clear_begun_before(i64::MAX).await.unwrap(), 1);
}

/// Asks for the health until it says this of the files.
async fn until_said(bench: &Bench<SqliteStore>, state: &str) {
    let begun = Instant::now();
    loop {
        let (status, body) = ask(&bench.url, "/health").await;
        // Commits go on: no proxy may take the replica away for it.
        assert_eq!(status, 200);
        let body: serde_json::Value = serde_json::from_str(&body).unwrap();
        if body["files"] == state {
            return;
        }
        assert!(begun.elapsed() < SAID_WITHIN, "{body} instead of {state}");
        tokio::task::yield_now().await;
    }
}

/// With such a place of files commits go on, files wait, and everybody is told why.
async fn goes_on_without(address: &str, keys: &[String; 2], (state, words): (&str, &str)) {
    let (bench, li) = study_with(files(address, keys)).await;
    until_said(&bench, state).await;
    let mut laptop = Laptop::new(1, "p-1");
    bench.round(&mut laptop, &li).await;
    laptop.set(STUDY, "phase", "PHASE3");
    assert_eq!(bench.sync(&mut laptop, &li).await.0, 1);
    let mut folder = Folder::default();
    folder.add(STUDY, b"waits");
    let outcome = carry(&bench, &li, &mut folder).await;
    assert_eq!((outcome.sent, outcome.note), (0, Some(Note::ServerError)));
    let mut browser = signed_in(&bench).await.saying("accept-language: en");
    let page = browser.get("/console").await;
    assert!(page.body.contains(words), "{}", page.body);
    assert!(!page.body.contains(&keys[1]));
}

/// A port that nobody listens at.
fn nowhere() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let at = listener.local_addr().unwrap();
    format!("s3://files?endpoint=http://{at}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_is_away_holds_up_no_commit_and_is_said() {
    let keys = ["id".to_owned(), "secret".to_owned()];
    goes_on_without(&nowhere(), &keys, ("unreachable", "It gives no answer.")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_refuses_the_key_or_has_no_such_bucket_is_said_in_these_words() {
    let Some(server) = Server::start(Some(4)) else {
        return;
    };
    server.ask("PUT /files", "s3", "");
    let [id, secret] = server.account();
    let refused = ("refuses the key", "It refuses this program’s key.");
    for keys in [
        [id.clone(), "another secret".to_owned()],
        ["nobody".to_owned(), secret.clone()],
    ] {
        goes_on_without(&server.address("files"), &keys, refused).await;
    }
    let missing = ("no such bucket", "It has no such bucket.");
    goes_on_without(&server.address("other"), &[id, secret], missing).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_never_answers_holds_up_no_commit() {
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!(
        "s3://files?endpoint=http://{}",
        silent.local_addr().unwrap()
    );
    let taking = tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok(one) = silent.accept().await {
            held.push(one);
        }
    });
    let keys = ["id".to_owned(), "secret".to_owned()];
    let (bench, li) = study_with(files(&address, &keys)).await;
    // More pieces than there are places for large bodies, all waiting for the store.
    let bench = Arc::new(bench);
    let pieces: Vec<_> = (0..20)
        .map(|n| {
            let (bench, li) = (Arc::clone(&bench), li.clone());
            tokio::spawn(async move {
                let piece = noise(n, 1_000);
                let hash = ledger::Hash::of(&piece);
                let hex = hash.as_str().trim_start_matches("sha256:").to_owned();
                let path = format!("/v1/blobs/{STUDY}/{hex}?offset=0&size=1000");
                let call = sync::exchange::Call::post_bytes(path, &li.token, piece);
                let pin = li.recognised_by().unwrap();
                let http = bench.http(&li);
                let answer = sync::exchange::ask(&http, &pin, call, &*bench.around).await;
                drop(answer);
            })
        })
        .collect();
    let mut laptop = Laptop::new(1, "p-1");
    bench.round(&mut laptop, &li).await;
    for n in 0..20 {
        laptop.set(STUDY, "phase", &format!("PHASE{n}"));
        assert_eq!(bench.sync(&mut laptop, &li).await.0, 1);
    }
    assert!(pieces.iter().all(|piece| !piece.is_finished()));
    // None is waited for: the store is given ten seconds each time.
    pieces.iter().for_each(tokio::task::JoinHandle::abort);
    taking.abort();
}

#[test]
fn the_program_takes_its_keys_from_where_nobody_reads_them_and_never_tells_them() {
    let dir = tempfile::TempDir::new().unwrap();
    let secret = "a-secret-that-is-told-nobody";
    let refused = |address: &str, keys: [&str; 2]| {
        let (line, said) = serve_saying(dir.path(), address, keys);
        assert!(!said.contains(secret), "{said}");
        assert_eq!(line, "", "it does not start");
        said
    };
    let at = nowhere();
    assert!(refused(&at, ["", ""]).contains("keys of the store of files are missing"));
    let keyed = format!("s3://id:{secret}@files?endpoint=http://127.0.0.1:1");
    assert!(refused(&keyed, ["", ""]).contains("not in the address of files"));
    let closed = at.replace("http:", "https:");
    assert!(refused(&closed, ["id", secret]).contains("ca=FILE must name"));
    // It starts without its store, and says so; no level of the log holds the secret.
    let (line, said) = serve_saying(dir.path(), &at, ["id", secret]);
    assert!(line.starts_with("http://"), "{said}");
    assert!(said.contains("the store of files: unreachable"), "{said}");
    assert!(!said.contains(secret), "{said}");
    let file = dir.path().join("keys");
    let lines = format!("{}=id\n{}={secret}\n", KEY_VARIABLES[0], KEY_VARIABLES[1]);
    std::fs::write(&file, lines).unwrap();
    let named = format!("{at}&keys={}", file.display());
    let (line, said) = serve_saying(dir.path(), &named, ["", ""]);
    assert!(
        line.starts_with("http://") && !said.contains(secret),
        "{said}"
    );
}

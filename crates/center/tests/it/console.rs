//! The console as a browser meets it: who gets in, what the pages show, and what they never show.

use crate::bench::{Bench, bench, sqlite, start};
#[cfg(unix)]
use crate::cluster::cluster;
use crate::laptop::Laptop;
#[cfg(unix)]
use center::PostgresStore;
use center::{AdminError, Role, Store, admin};
use std::collections::BTreeMap;
use std::path::Path;
use sync::{Code, Note};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const STUDY: &str = "01935a00-0000-7000-8000-000000000001";
const TITLE: &str = "A title that nobody at the center reads 不给中心看的题目";
const STAFF: &str = "Zhao Min";
const MINUTE_MS: i64 = 60_000;
const PAGES: [&str; 4] = [
    "/console",
    "/console/accounts",
    "/console/studies",
    "/console/invite",
];

pub(crate) struct Got {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        let prefix = format!("{name}: ");
        let line = self
            .head
            .lines()
            .find_map(|line| line.strip_prefix(&prefix));
        line.unwrap_or_default()
    }

    /// The value of the first hidden input of a name.
    fn hidden(&self, name: &str) -> String {
        let before = format!("name=\"{name}\" value=\"");
        let rest = self.body.split_once(&before).expect("an input").1;
        rest.split_once('"').expect("its end").0.to_owned()
    }
}

/// A browser with its cookies.
#[derive(Clone, Default)]
pub(crate) struct Browser {
    host: String,
    cookies: BTreeMap<String, String>,
    headers: Vec<String>,
}

impl Browser {
    fn at<S: Store>(bench: &Bench<S>) -> Self {
        Self {
            host: bench.url.trim_start_matches("http://").to_owned(),
            ..Self::default()
        }
    }

    pub(crate) fn saying(mut self, header: &str) -> Self {
        self.headers.push(header.to_owned());
        self
    }

    async fn ask(&mut self, method: &str, path: &str, form: &[(&str, &str)]) -> Got {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        let encode = |text: &str| {
            let byte = |b: u8| match b.is_ascii_alphanumeric() {
                true => char::from(b).to_string(),
                false => format!("%{b:02X}"),
            };
            text.bytes().map(byte).collect::<String>()
        };
        let pairs: Vec<String> = form
            .iter()
            .map(|(k, v)| format!("{}={}", encode(k), encode(v)))
            .collect();
        let body = pairs.join("&");
        let mut lines = vec![
            format!("{method} {path} HTTP/1.1"),
            format!("host: {}", self.host),
            format!("cookie: {}", cookies.join("; ")),
            "connection: close".to_owned(),
        ];
        if method == "POST" {
            lines.push("content-type: application/x-www-form-urlencoded".to_owned());
            lines.push(format!("content-length: {}", body.len()));
        }
        lines.extend(self.headers.iter().cloned());
        let request = format!("{}\r\n\r\n{body}", lines.join("\r\n"));
        let mut stream = TcpStream::connect(&self.host).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        for line in head.lines() {
            let Some(cookie) = line.strip_prefix("set-cookie: ") else {
                continue;
            };
            let (pair, rest) = cookie.split_once(';').unwrap();
            assert!(rest.contains("HttpOnly") && rest.contains("SameSite=Strict"));
            let (name, value) = pair.split_once('=').unwrap();
            match rest.contains("Max-Age=0") {
                true => self.cookies.remove(name),
                false => self.cookies.insert(name.to_owned(), value.to_owned()),
            };
        }
        Got {
            status: head.split(' ').nth(1).unwrap().parse().unwrap(),
            head: head.to_owned(),
            body: body.to_owned(),
        }
    }

    pub(crate) async fn get(&mut self, path: &str) -> Got {
        self.ask("GET", path, &[]).await
    }

    async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Got {
        self.ask("POST", path, form).await
    }

    async fn enter(&mut self, code: &str) -> Got {
        self.post("/console/sign-in", &[("code", code)]).await
    }

    /// Whether it is let in now.
    async fn is_in(&mut self) -> bool {
        let got = self.get("/console").await;
        assert!(
            got.status == 200 || got.header("location") == "/console/sign-in",
            "{}",
            got.head
        );
        got.status == 200
    }
}

fn code<S: Store>(bench: &Bench<S>) -> String {
    admin::console_code(&*bench.store(), STAFF, &*bench.around).unwrap()
}

pub(crate) async fn signed_in<S: Store>(bench: &Bench<S>) -> Browser {
    let mut browser = Browser::at(bench);
    let got = browser.enter(&code(bench)).await;
    assert_eq!((got.status, got.header("location")), (303, "/console"));
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn without_signing_in_every_page_leads_to_the_door() {
    let bench = bench().await;
    let laptop = Laptop::new(1, "p-li");
    bench.enrol(&laptop, "Li Ming").await;
    let mut browser = Browser::at(&bench);
    browser
        .cookies
        .insert("pidesk-console".to_owned(), "guessed".to_owned());
    let dev = laptop.id();
    for path in PAGES {
        let got = browser.get(path).await;
        assert_eq!(
            (got.status, got.header("location")),
            (303, "/console/sign-in")
        );
        assert!(got.body.is_empty(), "{path}");
    }
    for (path, form) in [
        (
            "/console/withdraw",
            vec![("dev", dev.as_str()), ("key", "")],
        ),
        (
            "/console/invite",
            vec![("name", "X"), ("role", "pi"), ("key", "")],
        ),
        ("/console/sign-out", vec![("key", "")]),
    ] {
        let got = browser.post(path, &form).await;
        assert_eq!(
            (got.status, got.header("location")),
            (303, "/console/sign-in")
        );
    }
    let people = admin::list_people(&*bench.store()).unwrap().join("\n");
    assert!(
        !people.contains("withdrawn") && !people.contains('X'),
        "{people}"
    );
    for path in ["/console/", "/console/no-such-page"] {
        assert_eq!(browser.get(path).await.header("location"), "/console");
    }
    let door = browser.get("/console/sign-in").await;
    assert!(door.status == 200 && !door.body.contains("Li Ming"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_opens_once_and_for_ten_minutes_however_it_is_typed() {
    let bench = bench().await;
    let first = code(&bench);
    let mut browser = Browser::at(&bench);
    let typed = first.to_lowercase().replace('-', " ");
    assert_eq!(browser.enter(&typed).await.status, 303);
    assert!(browser.is_in().await);
    // Used.
    let mut other = Browser::at(&bench).saying("accept-language: en");
    let got = other.enter(&first).await;
    assert_eq!(got.status, 403);
    assert!(got.body.contains("wrong or was used"), "{}", got.body);
    assert!(!other.is_in().await);
    // Expired, and used up by that.
    let second = code(&bench);
    bench.around.pass(10 * MINUTE_MS);
    assert!(other.enter(&second).await.body.contains("has expired"));
    assert!(
        other
            .enter(&second)
            .await
            .body
            .contains("wrong or was used")
    );
    // Whose account is a member's gets none.
    bench.invite("Li Ming", None);
    let refused = admin::console_code(&*bench.store(), "Li Ming", &*bench.around);
    assert!(matches!(refused, Err(AdminError::NotStaff(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_is_slowed_down() {
    let bench = bench().await;
    let mut browser = Browser::at(&bench);
    for _ in 0..5 {
        assert_eq!(browser.enter("AAAA-AAAA-AAAA").await.status, 403);
    }
    // Even the right one, from this address, for a while.
    assert_eq!(browser.enter(&code(&bench)).await.status, 429);
    assert!(!browser.is_in().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_itself_by_signing_out_and_with_the_right() {
    let bench = bench().await;
    let mut browser = signed_in(&bench).await;
    // Used every twenty minutes it lasts eight hours.
    for _ in 0..23 {
        bench.around.pass(20 * MINUTE_MS);
        assert!(browser.is_in().await);
    }
    bench.around.pass(20 * MINUTE_MS);
    assert!(!browser.is_in().await);
    // Left alone it lasts half an hour.
    let mut browser = signed_in(&bench).await;
    bench.around.pass(30 * MINUTE_MS);
    assert!(!browser.is_in().await);
    // Signing out ends it at the center, not in this browser alone.
    let mut browser = signed_in(&bench).await;
    let copy = browser.clone();
    let page = browser.get("/console").await;
    let key = page.hidden("key");
    assert_eq!(
        browser
            .post("/console/sign-out", &[("key", "x")])
            .await
            .status,
        403
    );
    assert!(browser.is_in().await);
    browser.post("/console/sign-out", &[("key", &key)]).await;
    assert!(browser.cookies.is_empty() && !copy.clone().is_in().await);
    // Whoever is no longer staff, or was withdrawn, is out.
    let mut browser = signed_in(&bench).await;
    let what = center::store::Withdrawal::Devices;
    admin::revoke(&*bench.store(), STAFF, what, &*bench.around).unwrap();
    assert!(!browser.is_in().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn whose_role_is_another_now_is_out() {
    let bench = bench().await;
    let mut browser = signed_in(&bench).await;
    bench.invite(STAFF, Some(Role::Reader));
    assert!(!browser.is_in().await);
}

async fn every_page<S: Store>(bench: Bench<S>) {
    let (mut li, wang) = (Laptop::new(1, "p-li"), Laptop::new(2, "p-wang"));
    let li_link = bench.enrol(&li, "Li Ming").await;
    let wang_link = bench.enrol(&wang, "<script>alert(1)</script>").await;
    li.set(STUDY, "title.en", TITLE);
    li.set(STUDY, "registry.nct", "NCT01234567");
    bench.sync(&mut li, &li_link).await;
    bench.grant(STUDY, "<script>alert(1)</script>", Role::Reader);
    let mut wang = wang;
    bench.round(&mut wang, &wang_link).await;
    wang.set(STUDY, "phase", "PHASE9");
    let outcome = bench.round(&mut wang, &wang_link).await;
    assert_eq!(outcome.note, Note::Quarantined(1));

    let mut browser = signed_in(&bench).await;
    let withdraw = format!("/console/withdraw?dev={}", li.id());
    for lang in ["zh", "en"] {
        let back = "/console/language?back=%2Fconsole%2Faccounts&to=";
        let got = browser.get(&format!("{back}{lang}")).await;
        assert_eq!(got.header("location"), "/console/accounts");
        let mut all = String::new();
        for path in PAGES
            .into_iter()
            .chain([withdraw.as_str(), "/console/style.css"])
        {
            let got = browser.get(path).await;
            assert_eq!(got.status, 200, "{path}");
            let policy = got.header("content-security-policy");
            assert!(policy.starts_with("default-src 'none'; style-src 'self'"));
            assert_eq!(got.header("cache-control"), "no-store");
            assert_eq!(got.header("x-content-type-options"), "nosniff");
            let is_page = !path.ends_with(".css");
            assert!(
                !is_page || !got.body.contains('{'),
                "a place was not filled: {path}"
            );
            let tag = if lang == "zh" {
                "<html lang=\"zh-CN\">"
            } else {
                "<html lang=\"en\">"
            };
            assert!(!is_page || got.body.contains(tag), "{path}");
            all.push_str(&got.body);
        }
        for secret in [
            TITLE,
            "NCT01234567",
            "PHASE9",
            "<script",
            "token",
            "http://",
        ] {
            assert!(!all.contains(secret), "{secret} in {lang}");
        }
        let version = env!("CARGO_PKG_VERSION");
        for shown in ["Li Ming", "&lt;script&gt;", STUDY, version, &li.id()] {
            assert!(all.contains(shown), "{shown} in {lang}");
        }
    }
    let overview = browser.get("/console").await.body;
    let n = |label: &str, n: &str| {
        let cell = overview.split_once(label).unwrap().1;
        assert!(
            cell.starts_with(&format!("</dt><dd>{n}")),
            "{label}: {cell}"
        );
    };
    n("<dt>Accounts", "3");
    n("<dt>Studies", "1");
    n("<dt>Numbered commits", "3");
    n("<dt>Kept for review", "<strong>1<");
    n("<dt>Laptops with access", "2");
    assert!(
        overview.contains("this one") && overview.contains(">running<"),
        "{overview}"
    );
    // Decided about, it is counted no more.
    let held = wang.streams[STUDY].rows.last().unwrap().frame.id();
    bench.sync(&mut li, &li_link).await;
    li.review(STUDY, held.as_str(), false);
    bench.sync(&mut li, &li_link).await;
    let overview = browser.get("/console").await.body;
    assert!(
        overview.contains(">Kept for review</dt><dd>0<"),
        "{overview}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_shows_numbers_and_no_study_on_sqlite() {
    every_page(start(sqlite, TempDir::new().unwrap(), false).await).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn every_page_shows_numbers_and_no_study_on_postgres() {
    let Some(cluster) = cluster() else { return };
    let address = cluster.database().await;
    let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
    every_page(start(open, TempDir::new().unwrap(), false).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn studies_come_in_pages() {
    let bench = bench().await;
    let mut li = Laptop::new(1, "p-li");
    let link = bench.enrol(&li, "Li Ming").await;
    for n in 0..120 {
        li.set(&format!("study-{n:03}"), "phase", "PHASE1");
    }
    bench.sync(&mut li, &link).await;
    let mut browser = signed_in(&bench).await;
    let (mut path, mut n) = ("/console/studies".to_owned(), 0);
    loop {
        let body = browser.get(&path).await.body;
        n += body.matches("<th scope=\"row\"").count();
        let Some((_, rest)) = body.split_once("<p><a href=\"/console/studies?") else {
            break;
        };
        path = format!("/console/studies?{}", rest.split_once('"').unwrap().0);
    }
    assert_eq!(n, 120);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_laptop_is_withdrawn_after_a_question_and_by_the_consoles_own_form_alone() {
    let bench = bench().await;
    let mut li = Laptop::new(1, "p-li");
    let link = bench.enrol(&li, "Li Ming").await;
    let mut browser = signed_in(&bench).await;
    let dev = li.id();
    let ask = format!("/console/withdraw?dev={dev}");
    let page = browser.get(&ask).await;
    assert!(page.body.contains("Li Ming"));
    let key = page.hidden("key");
    let form = [("dev", dev.as_str()), ("key", key.as_str())];
    for header in ["origin: https://evil.example", "sec-fetch-site: cross-site"] {
        let mut foreign = browser.clone().saying(header);
        assert_eq!(foreign.post("/console/withdraw", &form).await.status, 403);
    }
    let keyless = [("dev", dev.as_str()), ("key", "")];
    assert_eq!(
        browser.post("/console/withdraw", &keyless).await.status,
        403
    );
    bench.sync(&mut li, &link).await;

    let got = browser.post("/console/withdraw", &form).await;
    assert_eq!(got.header("location"), "/console/accounts?done=withdrawn");
    let page = browser.get("/console/accounts?done=withdrawn").await;
    assert!(page.body.contains("role=\"status\"") && !page.body.contains(&ask));
    assert_eq!(bench.round(&mut li, &link).await.note, Note::Revoked);
    // There is nothing left to withdraw.
    assert_eq!(browser.get(&ask).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_admits_a_new_person_and_nobody_elses_laptop() {
    let bench = bench().await;
    let mut li = Laptop::new(1, "p-li");
    let li_link = bench.enrol(&li, "Li Ming").await;
    let mut browser = signed_in(&bench).await;
    let key = browser.get("/console/invite").await.hidden("key");
    let form = |name, role| [("name", name), ("role", role), ("key", key.as_str())];
    for (name, role) in [
        ("Li Ming", "pi"),
        (" Li Ming ", "reader"),
        (STAFF, "reader"),
        ("Qian", "staff"),
        ("Qian", "king"),
        ("  ", "pi"),
    ] {
        let got = browser.post("/console/invite", &form(name, role)).await;
        assert!(got.body.contains("role=\"alert\""), "{name} {role}");
        assert!(!got.body.contains("class=\"code\""), "{name} {role}");
    }
    let foreign = [("name", "Qian"), ("role", "pi"), ("key", "")];
    assert_eq!(browser.post("/console/invite", &foreign).await.status, 403);
    let got = browser
        .post("/console/invite", &form("Qian <b>", "coordinator"))
        .await;
    assert!(got.body.contains("Qian &lt;b&gt;"), "{}", got.body);
    let shown = got.body.split_once("<p class=\"code\"><code>").unwrap().1;
    let code = Code::parse(shown.split_once('<').unwrap().0).unwrap();
    let qian = Laptop::new(2, "p-qian");
    bench.try_enrol(&qian, &code).await.unwrap();
    let people = admin::list_people(&*bench.store()).unwrap().join("\n");
    assert!(people.contains("Qian <b>  coordinator  u_"), "{people}");
    // Whose code ran out is invited again, for as long as nothing hangs on the account.
    for _ in 0..2 {
        let got = browser
            .post("/console/invite", &form("Sun", "reader"))
            .await;
        assert!(got.body.contains("class=\"code\""), "{}", got.body);
    }
    li.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut li, &li_link).await;
    bench.grant(STUDY, "Sun", Role::Reader);
    let got = browser
        .post("/console/invite", &form("Sun", "reader"))
        .await;
    assert!(got.body.contains("role=\"alert\"") && got.body.contains("value=\"reader\" selected"));
}

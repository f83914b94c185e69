//! Drives the real window: WebKit's driver, the built program, a fresh folder each.

use crate::laptop::{PASSPHRASE, fonts, program};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Longest wait for anything on the screen.
const PATIENCE: Duration = Duration::from_secs(60);

/// The keys as WebDriver names them.
pub(crate) const TAB: &str = "\u{e004}";
pub(crate) const ENTER: &str = "\u{e007}";
pub(crate) const ESCAPE: &str = "\u{e00c}";
pub(crate) const F1: &str = "\u{e031}";
pub(crate) const RIGHT: &str = "\u{e014}";

/// One window at a time: two would take each other's focus, and both cores.
static SCREEN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// The program in a window, with the folder it works in.
pub(crate) struct Window {
    /// The session.
    pub(crate) client: Client,
    driver: Child,
    folder: tempfile::TempDir,
    screen: tokio::sync::MutexGuard<'static, ()>,
}

/// Why the window stories cannot run here, if they cannot.
pub(crate) fn missing() -> Option<&'static str> {
    if std::env::var_os("DISPLAY").is_none() {
        return Some("there is no display (run under xvfb-run)");
    }
    let found = |name: &str| {
        std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|folder| folder.join(name).exists())
    };
    if !found("WebKitWebDriver") {
        return Some("WebKitWebDriver is not installed");
    }
    None
}

impl Window {
    /// Starts the program in a fresh folder.
    pub(crate) async fn open() -> Self {
        Self::open_in(tempfile::tempdir().expect("a folder")).await
    }

    /// Starts the program on a laptop that knows a vault.
    pub(crate) async fn open_on(vault: &Path) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let data = folder.path().join("data");
        std::fs::create_dir_all(&data).expect("a folder");
        let known = json!({ "lang": "zh", "vaults": [vault] }).to_string();
        std::fs::write(data.join("app.json"), known).expect("a file");
        Self::open_in(folder).await
    }

    async fn open_in(folder: tempfile::TempDir) -> Self {
        let screen = SCREEN.lock().await;
        let (driver, client) = start(folder.path()).await;
        Self {
            client,
            driver,
            folder,
            screen,
        }
    }

    /// Kills the program, as a power cut would, and starts it again on the same folder.
    pub(crate) async fn crash_and_reopen(mut self) -> Self {
        let pid = holder(&self.path("data/vaults/vault"));
        let killed = Command::new("kill").args(["-9", &pid]).status();
        assert!(killed.expect("kill runs").success(), "process {pid}");
        ended(&pid).await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let (driver, client) = start(self.folder.path()).await;
        self.driver = driver;
        self.client = client;
        self
    }

    /// A path in the window's folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The next file dialog answers with these paths.
    pub(crate) fn will_pick(&self, paths: &[&Path]) {
        let lines: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        std::fs::write(self.path("pick.txt"), lines.join("\n")).expect("a file");
    }

    /// Waits for an element by its test name.
    pub(crate) async fn find(&self, name: &str) -> fantoccini::elements::Element {
        let css = format!("[data-testid='{name}']");
        match self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(&css))
            .await
        {
            Ok(element) => element,
            Err(error) => {
                self.picture("failed").await;
                let log = std::fs::read_to_string(self.path("data/logs/pidesk.log"));
                eprintln!("{}", log.unwrap_or_default());
                panic!("{name} is not on the screen (see target/pictures/failed.png): {error}")
            }
        }
    }

    /// How many elements have a test name.
    pub(crate) async fn count(&self, name: &str) -> u64 {
        let script = "return document.querySelectorAll(`[data-testid='${arguments[0]}']`).length";
        let answer = self.client.execute(script, vec![json!(name)]).await;
        answer.expect("a script").as_u64().expect("a number")
    }

    /// Waits until an element with a test name is not there any more.
    pub(crate) async fn gone(&self, name: &str) {
        let script = "return document.querySelector(`[data-testid='${arguments[0]}']`) === null";
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.client.execute(script, vec![json!(name)]).await.ok() != Some(Value::Bool(true)) {
            if tokio::time::Instant::now() >= deadline {
                self.picture("failed").await;
                panic!("{name} stays (see target/pictures/failed.png)");
            }
            self.painted().await;
        }
    }

    /// Clicks an element by its test name.
    pub(crate) async fn click(&self, name: &str) {
        self.find(name)
            .await
            .click()
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Clicks the first button with these words inside an element with a test name.
    pub(crate) async fn press(&self, inside: &str, words: &str) {
        self.find(inside).await;
        let path = format!(
            "//*[@data-testid='{inside}']//*[self::button or @role='button'][contains(., '{words}')]"
        );
        let button = self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::XPath(&path))
            .await;
        let button = button.unwrap_or_else(|error| panic!("{words} in {inside}: {error}"));
        button
            .click()
            .await
            .unwrap_or_else(|error| panic!("{words}: {error}"));
    }

    /// Chooses an entry of the open menu by its words.
    pub(crate) async fn item(&self, words: &str) {
        let path = format!("//*[starts-with(@role, 'menuitem')][contains(., '{words}')]");
        self.click_at(&path, words).await;
    }

    /// Ticks every box inside an element.
    pub(crate) async fn press_box(&self, inside: &str) {
        self.find(inside).await;
        let path = format!("//*[@data-testid='{inside}']//input[@type='checkbox']");
        self.click_at(&path, inside).await;
    }

    async fn click_at(&self, path: &str, words: &str) {
        let wait = self.client.wait().at_most(PATIENCE);
        match wait.for_element(Locator::XPath(path)).await {
            Ok(element) => element
                .click()
                .await
                .unwrap_or_else(|error| panic!("{words}: {error}")),
            Err(error) => {
                self.picture("failed").await;
                panic!("{words} is not on the screen (see target/pictures/failed.png): {error}")
            }
        }
    }

    /// Puts the caret at the end of the first paragraph of the text that holds these words.
    pub(crate) async fn caret_behind(&self, words: &str) {
        let script = "const [words] = arguments;
            const block = [...document.querySelectorAll('.ProseMirror [data-testid=block]')]
                .find((one) => one.textContent.includes(words));
            if (!block) return false;
            block.scrollIntoView({ block: 'center' });
            const editor = block.closest('.ProseMirror');
            editor.focus();
            const range = document.createRange();
            const texts = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
            let last = null;
            for (let at = texts.nextNode(); at; at = texts.nextNode()) {
                if (at.textContent.trim() && at.parentElement.isContentEditable) last = at;
            }
            if (!last) return false;
            range.setStart(last, last.length);
            range.collapse(true);
            getSelection().removeAllRanges();
            getSelection().addRange(range);
            return true";
        let found = self.client.execute(script, vec![json!(words)]).await;
        assert_eq!(found.expect("a script"), json!(true), "{words}");
        self.painted().await;
    }

    /// Goes on with Tab until the focus is in an element with a test name.
    pub(crate) async fn tab_to(&self, name: &str) {
        self.find(name).await;
        let script =
            "return document.activeElement.closest(`[data-testid='${arguments[0]}']`) !== null";
        for _ in 0..200 {
            let there = self.client.execute(script, vec![json!(name)]).await;
            if there.expect("a script") == Value::Bool(true) {
                return;
            }
            self.type_in(TAB).await;
        }
        self.picture("failed").await;
        panic!("Tab does not reach {name} (see target/pictures/failed.png)");
    }

    /// Types into what has the focus.
    pub(crate) async fn type_in(&self, text: &str) {
        // What had the focus may be drawn anew before the keys arrive: then none of them did.
        for _ in 0..5 {
            let focused = self
                .client
                .active_element()
                .await
                .expect("something has the focus");
            match focused.send_keys(text).await {
                Err(error) if error.is_stale_element_reference() => {}
                typed => return typed.expect("typing"),
            }
        }
        panic!("the focus does not rest");
    }

    /// Opens the vault with its passphrase, by the keyboard.
    pub(crate) async fn unlock(&self) {
        self.tab_to("unlock-secret").await;
        self.type_in(PASSPHRASE).await;
        self.type_in(ENTER).await;
    }

    /// Alt and the left arrow: the place before this one.
    pub(crate) async fn go_back(&self) {
        // The keys that a word ends with are let go by the empty one.
        self.type_in("\u{e00a}\u{e012}\u{e000}").await;
    }

    /// Types into an element by its test name, replacing what is there.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let element = self.find(name).await;
        element
            .clear()
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        element
            .send_keys(text)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Waits until the page's text holds a piece.
    pub(crate) async fn sees(&self, piece: &str) {
        let script = "return document.body.innerText.includes(arguments[0])";
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let seen = self
                .client
                .execute(script, vec![json!(piece)])
                .await
                .expect("a script");
            if seen == Value::Bool(true) {
                return;
            }
            if tokio::time::Instant::now() >= deadline {
                self.picture("failed").await;
                panic!("{piece:?} did not appear (see target/pictures/failed.png)");
            }
            self.painted().await;
        }
    }

    /// Waits for two frames, so that a picture is not one frame old.
    pub(crate) async fn painted(&self) {
        let script = "const done = arguments[arguments.length - 1];
            requestAnimationFrame(() => requestAnimationFrame(() => done(true)))";
        self.client
            .execute_async(script, vec![])
            .await
            .expect("two frames");
    }

    /// Takes a picture into `target/pictures`.
    pub(crate) async fn picture(&self, name: &str) {
        self.painted().await;
        let png = self.client.screenshot().await.expect("a picture");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/pictures");
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join(format!("{name}.png")), png).expect("a file");
    }

    /// Nothing that axe finds is wrong on the screen.
    pub(crate) async fn axe_finds_nothing(&self, place: &str) {
        let path =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/axe-core/axe.min.js");
        let source =
            std::fs::read_to_string(path).expect("axe-core is installed with the interface");
        self.client.execute(&source, vec![]).await.expect("axe");
        // A colour on its way to another one is neither.
        let script = "const done = arguments[arguments.length - 1];
            const ends = (one) => one.effect.getComputedTiming().iterations !== Infinity;
            const moving = document.getAnimations().filter(ends);
            const still = Promise.all(moving.map((one) => one.finished.catch(() => null)));
            still.then(() => axe.run(document, { resultTypes: ['violations'] })).then((answer) =>
                done(answer.violations.map((v) =>
                    v.id + ': ' + v.nodes.slice(0, 5).map((n) => n.target.join(' ')).join(' | '))))";
        let found = self
            .client
            .execute_async(script, vec![])
            .await
            .expect("axe runs");
        assert_eq!(found, json!([]), "{place}");
    }

    /// Ends the session and the program; every vault is free after it.
    pub(crate) async fn close(mut self) {
        let programs = programs_in(self.folder.path());
        let _ = self.client.clone().close().await;
        // The driver ends the program behind its answer, or not at all when it is ended itself.
        for pid in programs {
            let _ = Command::new("kill").args(["-9", &pid]).status();
            ended(&pid).await;
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        drop(self.screen);
    }
}

/// The process that has a vault open.
fn holder(vault: &Path) -> String {
    let holder = std::fs::read_to_string(vault.join("lock.pid"));
    let holder = holder.expect("an open vault names its program");
    holder.chars().filter(char::is_ascii_digit).collect()
}

/// The programs that were started in a folder, as their environment says.
fn programs_in(folder: &Path) -> Vec<String> {
    let wanted = format!("PIDESK_DATA_DIR={}", folder.join("data").display());
    let app = program("pi-desk");
    let is_ours = |process: &Path| {
        let environment = std::fs::read(process.join("environ")).unwrap_or_default();
        std::fs::read_link(process.join("exe")).is_ok_and(|exe| exe == app)
            && environment
                .split(|byte| *byte == 0)
                .any(|one| one == wanted.as_bytes())
    };
    let processes = std::fs::read_dir("/proc").expect("processes").flatten();
    processes
        .filter(|process| is_ours(&process.path()))
        .map(|process| process.file_name().to_string_lossy().into_owned())
        .collect()
}

/// The lock is released when the process is gone with all its threads; it may stay as a zombie of the
/// driver.
async fn ended(pid: &str) {
    let is_gone = || {
        let threads = std::fs::read_dir(format!("/proc/{pid}/task"));
        threads.into_iter().flatten().flatten().all(|thread| {
            let state = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            state.is_empty() || state.contains(") Z ")
        })
    };
    let deadline = tokio::time::Instant::now() + PATIENCE;
    while !is_gone() {
        assert!(
            tokio::time::Instant::now() < deadline,
            "process {pid} stays"
        );
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn start(folder: &Path) -> (Child, Client) {
    let app = program("pi-desk");
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port();
    let driver = Command::new("WebKitWebDriver")
        .arg(format!("--port={port}"))
        .arg("--host=127.0.0.1")
        .env("TAURI_WEBVIEW_AUTOMATION", "true")
        .env("PIDESK_DATA_DIR", folder.join("data"))
        .env("PIDESK_PICK", folder.join("pick.txt"))
        .env("PIDESK_FONTS", fonts())
        .env("XDG_CONFIG_HOME", folder.join("config"))
        .env("XDG_DATA_HOME", folder.join("share"))
        .env("XDG_CACHE_HOME", folder.join("cache"))
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("WebKitWebDriver starts");
    let capabilities: Capabilities =
        json!({ "webkitgtk:browserOptions": { "binary": app, "args": [] } })
            .as_object()
            .expect("an object")
            .clone();
    let address = format!("http://127.0.0.1:{port}");
    let deadline = tokio::time::Instant::now() + PATIENCE;
    loop {
        let connector = hyper_util::client::legacy::connect::HttpConnector::new();
        let mut builder = ClientBuilder::new(connector);
        builder.capabilities(capabilities.clone());
        match tokio::time::timeout(PATIENCE, builder.connect(&address)).await {
            Ok(Ok(client)) => {
                ready(&client).await;
                return (driver, client);
            }
            // The driver needs a moment before it listens.
            Ok(Err(_)) if tokio::time::Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Ok(Err(error)) => panic!("no session: {error}"),
            Err(_) => panic!("no session within {PATIENCE:?}"),
        }
    }
}

async fn ready(client: &Client) {
    client
        .wait()
        .at_most(PATIENCE)
        .for_element(Locator::Css("main[data-ready='true']"))
        .await
        .expect("the window says that it is ready");
}

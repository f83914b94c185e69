//! A laptop with the sample in it, and a face that remembers what it was told.

use desk::env::Entropy;
use desk::vault::{Keychain, KeychainError};
use model::Lang;
use rpc::app::{App, Start};
use rpc::failure::FailureKind;
use rpc::places::{Places, fonts};
use rpc::request::PickPurpose;
use rpc::{Event, Failure, Host};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use testkit::{Bench, FixedClock};

/// What a face does when it is told something.
type Listener = Box<dyn Fn(&Event) + Send + Sync>;

/// A face without a window.
#[derive(Clone, Default)]
pub(crate) struct Face {
    events: Arc<Mutex<Vec<Event>>>,
    listener: Arc<Mutex<Option<Listener>>>,
    notes: Arc<Mutex<Vec<(String, String)>>>,
    /// Whether the system shows no notification.
    pub(crate) is_mute: Arc<Mutex<bool>>,
}

impl Face {
    /// What was told so far.
    pub(crate) fn told(&self) -> Vec<Event> {
        self.events.lock().unwrap().clone()
    }

    /// The notifications since this was asked last: title and text.
    pub(crate) fn notes(&self) -> Vec<(String, String)> {
        std::mem::take(&mut *self.notes.lock().unwrap())
    }

    /// Calls back at once, while the host still works.
    pub(crate) fn on_event(&self, listener: impl Fn(&Event) + Send + Sync + 'static) {
        *self.listener.lock().unwrap() = Some(Box::new(listener));
    }
}

impl Host for Face {
    async fn pick(&self, _: PickPurpose, _: &str, _: Lang) -> Vec<String> {
        Vec::new()
    }
    fn reveal(&self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
    fn open(&self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
    fn print(&self, _: &str) -> Result<(), Failure> {
        Ok(())
    }
    fn notify(&self, title: &str, text: &str) -> Result<(), Failure> {
        if *self.is_mute.lock().unwrap() {
            return Err(Failure::new(FailureKind::Unavailable, "failure.notify"));
        }
        let note = (title.to_owned(), text.to_owned());
        self.notes.lock().unwrap().push(note);
        Ok(())
    }
    fn emit(&self, event: Event) {
        if let Some(listener) = &*self.listener.lock().unwrap() {
            listener(&event);
        }
        self.events.lock().unwrap().push(event);
    }
    fn set_lang(&self, _: Lang) {}
}

/// The passphrase of a vault with a keychain.
pub(crate) const PASSPHRASE: &str = "八月的石榴 树下 喝茶";

/// A keychain in memory.
#[derive(Default)]
struct Chain(Mutex<BTreeMap<String, Vec<u8>>>);

impl Keychain for Chain {
    fn get(&self, entry: &str) -> Result<Option<Vec<u8>>, KeychainError> {
        Ok(self.0.lock().unwrap().get(entry).cloned())
    }

    fn put(&self, entry: &str, secret: &[u8]) -> Result<(), KeychainError> {
        let mut entries = self.0.lock().unwrap();
        entries.insert(entry.to_owned(), secret.to_vec());
        Ok(())
    }

    fn remove(&self, entry: &str) -> Result<(), KeychainError> {
        self.0.lock().unwrap().remove(entry);
        Ok(())
    }
}

/// A laptop on which the sample is open.
pub(crate) struct Laptop {
    bench: Bench,
    pub(crate) app: App<Face>,
    pub(crate) face: Face,
    pub(crate) clock: Arc<FixedClock>,
}

impl Laptop {
    pub(crate) async fn with_sample() -> Self {
        let laptop = Self::new();
        laptop.call("vault.sample", json!({})).await;
        laptop
    }

    /// A laptop on which a new vault is open.
    pub(crate) async fn with_vault() -> Self {
        let laptop = Self::new();
        let profile = json!({ "nameZh": "李明", "nameEn": "", "hospital": "", "role": "PI" });
        let vault =
            json!({ "path": null, "passphrase": "八月的石榴 树下 喝茶", "profile": profile });
        laptop.call("vault.create", vault).await;
        laptop
    }

    /// A laptop with a keychain, on which a new vault is open that the keychain opens as well.
    pub(crate) async fn with_keychain() -> Self {
        let laptop = Self::start(Some(Arc::new(Chain::default())));
        let profile = json!({ "nameZh": "李明", "nameEn": "", "hospital": "", "role": "PI" });
        let vault = json!({ "path": null, "passphrase": PASSPHRASE, "profile": profile });
        laptop.call("vault.create", vault).await;
        laptop
            .call("vault.setKeychain", json!({ "on": true }))
            .await;
        laptop
    }

    /// What a desk on this laptop takes from outside.
    pub(crate) fn env(&self) -> desk::Env {
        self.bench.env.clone()
    }

    fn new() -> Self {
        Self::start(None)
    }

    /// A laptop on which a new vault is open, with randomness of its own.
    pub(crate) async fn with_entropy(entropy: Arc<dyn Entropy>) -> Self {
        let mut bench = Bench::new(7);
        bench.env.entropy = entropy;
        let laptop = Self::start_on(bench, None);
        let profile = json!({ "nameZh": "李明", "nameEn": "", "hospital": "", "role": "PI" });
        let vault = json!({ "path": null, "passphrase": PASSPHRASE, "profile": profile });
        laptop.call("vault.create", vault).await;
        laptop
    }

    fn start(keychain: Option<Arc<dyn Keychain>>) -> Self {
        Self::start_on(Bench::new(7), keychain)
    }

    fn start_on(mut bench: Bench, keychain: Option<Arc<dyn Keychain>>) -> Self {
        let clock = Arc::new(FixedClock::default());
        bench.env.clock = clock.clone();
        let face = Face::default();
        let app = App::new(Start {
            host: face.clone(),
            env: bench.env.clone(),
            places: Places {
                root: bench.path("data"),
                fonts: fonts(),
            },
            keychain,
            kdf: desk::vault::Kdf::quick_for_tests(),
        });
        Self {
            bench,
            app,
            face,
            clock,
        }
    }

    /// A path on this laptop.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.bench.path(name)
    }

    /// The answer of a command that must succeed.
    pub(crate) async fn call(&self, command: &str, payload: Value) -> Value {
        match self.app.call(command, payload).await {
            Ok(answer) => answer,
            Err(failure) => panic!("{command}: {failure:?}"),
        }
    }

    /// The code of a command that must fail.
    pub(crate) async fn refused(&self, command: &str, payload: Value) -> String {
        match self.app.call(command, payload).await {
            Ok(answer) => panic!("{command} answered {answer}"),
            Err(failure) => failure.code,
        }
    }

    /// The first study of the sample.
    pub(crate) async fn study(&self) -> String {
        let list = self.call("study.list", json!({})).await;
        list["rows"][0]["id"].as_str().unwrap().to_owned()
    }
}

//! The same router as the window's, over HTTP on loopback: for looking at the interface in a
//! plain browser. It is a tool of development and is never shipped.

use axum::extract::State;
use axum::response::sse::{Event as SseEvent, Sse};
use axum::routing::{get, post};
use axum::{Json, Router};
use model::Lang;
use rpc::app::App;
use rpc::failure::FailureKind;
use rpc::request::PickPurpose;
use rpc::{Event, Failure, Host};
use serde_json::{Value, json};
use std::convert::Infallible;
use std::path::PathBuf;
use tokio::sync::broadcast;
use tokio_stream::{Stream, StreamExt as _, wrappers::BroadcastStream};
use tower_http::services::ServeDir;

/// A host without dialogs: files go to and come from one folder.
pub struct BrowserHost {
    /// Where events go.
    pub events: broadcast::Sender<String>,
    /// The folder that stands for the person's choice.
    pub folder: PathBuf,
}

impl Host for BrowserHost {
    async fn pick(&self, purpose: PickPurpose, name: &str, _: Lang) -> Vec<String> {
        let path = match purpose {
            PickPurpose::ImportFiles | PickPurpose::ImportFolder => self.folder.join("import"),
            PickPurpose::BackupFolder | PickPurpose::VaultFolder => self.folder.join("copies"),
            PickPurpose::PackageFolder => self.folder.join("package"),
            _ if name.is_empty() => self.folder.join("file"),
            _ => self.folder.join(name),
        };
        vec![path.display().to_string()]
    }

    fn reveal(&self, path: &str) -> Result<(), Failure> {
        Err(Failure::new(FailureKind::Unavailable, "failure.reveal").with("path", path))
    }

    fn open(&self, path: &str) -> Result<(), Failure> {
        Err(Failure::new(FailureKind::Unavailable, "failure.open").with("path", path))
    }

    fn print(&self, path: &str) -> Result<(), Failure> {
        Err(Failure::new(FailureKind::Unavailable, "failure.print").with("path", path))
    }

    fn notify(&self, title: &str, text: &str) -> Result<(), Failure> {
        println!("notification: {title}: {text}");
        Ok(())
    }

    fn emit(&self, event: Event) {
        // Nobody listening is no fault.
        let _ = self
            .events
            .send(serde_json::to_string(&event).expect("plain values"));
    }

    fn set_lang(&self, _: Lang) {}
}

/// The routes: the interface's files, one call, one stream of events.
pub fn routes(app: App<BrowserHost>, events: broadcast::Sender<String>, ui: PathBuf) -> Router {
    let calls = Router::new().route("/rpc", post(call)).with_state(app);
    let told = Router::new()
        .route("/events", get(listen))
        .with_state(events);
    calls.merge(told).fallback_service(ServeDir::new(ui))
}

async fn call(State(app): State<App<BrowserHost>>, Json(body): Json<Value>) -> Json<Value> {
    let command = body
        .get("command")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    let payload = body.get("payload").cloned().unwrap_or_default();
    Json(match app.call(&command, payload).await {
        Ok(answer) => json!({ "ok": answer }),
        Err(failure) => json!({ "err": failure }),
    })
}

async fn listen(
    State(events): State<broadcast::Sender<String>>,
) -> Sse<impl Stream<Item = Result<SseEvent, Infallible>>> {
    let stream = BroadcastStream::new(events.subscribe())
        .filter_map(|event| event.ok())
        .map(|event| Ok(SseEvent::default().data(event)));
    Sse::new(stream)
}

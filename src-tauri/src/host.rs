//! What only a window can do: dialogs, showing files, events, the title.

use crate::{dialog, printer};
use model::Lang;
use rpc::failure::FailureKind;
use rpc::request::PickPurpose;
use rpc::{Event, Failure, Host};
use tauri::{AppHandle, Emitter, Manager};
use tauri_plugin_opener::OpenerExt;

/// The event that the interface listens to.
const EVENT: &str = "pidesk";
/// What the system calls the sender of a notification.
const APP_NAME: &str = "PI Desk";
/// The program's icon by its name in the system.
const ICON: &str = "pi-desk";

/// The main window.
pub(crate) struct WindowHost(AppHandle);

impl WindowHost {
    /// Takes the handle of the running program.
    pub(crate) fn new(handle: AppHandle) -> Self {
        Self(handle)
    }
}

impl Host for WindowHost {
    async fn pick(&self, purpose: PickPurpose, name: &str, lang: Lang) -> Vec<String> {
        dialog::pick(&self.0, purpose, name, lang).await
    }

    fn reveal(&self, path: &str) -> Result<(), Failure> {
        self.0.opener().reveal_item_in_dir(path).map_err(|error| {
            log::warn!("reveal: {error}");
            Failure::new(FailureKind::Unavailable, "failure.reveal").with("path", path)
        })
    }

    fn open(&self, path: &str) -> Result<(), Failure> {
        self.0
            .opener()
            .open_path(path, None::<&str>)
            .map_err(|error| {
                log::warn!("open: {error}");
                Failure::new(FailureKind::Unavailable, "failure.open").with("path", path)
            })
    }

    fn print(&self, path: &str) -> Result<(), Failure> {
        printer::print(path)
    }

    fn notify(&self, title: &str, text: &str) -> Result<(), Failure> {
        let mut note = notify_rust::Notification::new();
        note.appname(APP_NAME)
            .icon(ICON)
            .summary(title)
            .body(&as_body(text));
        // Windows knows a sender by the name under which it was installed.
        #[cfg(all(windows, not(debug_assertions)))]
        note.app_id(&self.0.config().identifier);
        note.show().map(drop).map_err(|error| {
            log::warn!("a notification was not shown: {error}");
            Failure::new(FailureKind::Unavailable, "failure.notify")
        })
    }

    fn emit(&self, event: Event) {
        if let Err(error) = self.0.emit(EVENT, event) {
            log::warn!("an event was not delivered: {error}");
        }
    }

    fn set_lang(&self, lang: Lang) {
        if let Some(window) = self.0.get_webview_window("main") {
            let _ = window.set_title(model::label!("app.name").text(lang));
        }
    }
}

/// A text as the system's notifications take it: some read marks such as `<b>` in it.
#[cfg(all(unix, not(target_os = "macos")))]
fn as_body(text: &str) -> std::borrow::Cow<'_, str> {
    let reads_marks =
        notify_rust::get_capabilities().is_ok_and(|all| all.iter().any(|one| one == "body-markup"));
    if !reads_marks {
        return text.into();
    }
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .into()
}

#[cfg(any(not(unix), target_os = "macos"))]
fn as_body(text: &str) -> std::borrow::Cow<'_, str> {
    text.into()
}

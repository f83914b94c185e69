//! The system's file dialogs.

use model::{Label, Lang, label};
use rfd::AsyncFileDialog;
use rpc::request::PickPurpose;
use tauri::{AppHandle, Manager};

/// How one purpose asks.
struct Ask {
    title: &'static Label,
    /// Name of the filter and its endings; `None` for folders and files of any kind.
    filter: Option<(&'static str, &'static [&'static str])>,
    way: Way,
}

#[derive(Clone, Copy)]
enum Way {
    Open,
    OpenMany,
    Folder,
    Save,
}

fn ask(purpose: PickPurpose) -> Ask {
    use PickPurpose as P;
    let (title, filter, way): (_, Option<(_, &'static [&'static str])>, _) = match purpose {
        P::ImportFiles => (
            label!("dialog.importFiles"),
            Some(("JSON", &["json"])),
            Way::OpenMany,
        ),
        P::ImportFolder => (label!("dialog.importFolder"), None, Way::Folder),
        P::SavePdf => (label!("dialog.savePdf"), Some(("PDF", &["pdf"])), Way::Save),
        P::SaveCtgov => (
            label!("dialog.saveCtgov"),
            Some(("JSON", &["json"])),
            Way::Save,
        ),
        P::SaveBackup => (
            label!("dialog.saveBackup"),
            Some(("PI Desk", &["pideskbackup"])),
            Way::Save,
        ),
        P::OpenBackup => (
            label!("dialog.openBackup"),
            Some(("PI Desk", &["pideskbackup"])),
            Way::Open,
        ),
        P::BackupFolder => (label!("dialog.backupFolder"), None, Way::Folder),
        P::PackageFolder => (label!("dialog.packageFolder"), None, Way::Folder),
        P::OpenDocument => (label!("dialog.openDocument"), None, Way::Open),
        P::SaveDocument => (label!("dialog.saveDocument"), None, Way::Save),
        P::VaultFolder => (label!("dialog.vaultFolder"), None, Way::Folder),
        P::OpenWord => (
            label!("dialog.openWord"),
            Some(("Word", &["docx", "docm"])),
            Way::Open,
        ),
        P::SaveWord => (
            label!("dialog.saveWord"),
            Some(("Word", &["docx"])),
            Way::Save,
        ),
        P::SaveJson => (
            label!("dialog.saveJson"),
            Some(("JSON", &["json"])),
            Way::Save,
        ),
        P::OpenContacts => (
            label!("dialog.openContacts"),
            Some(("vCard, CSV, Excel", &["vcf", "csv", "xlsx", "zip"])),
            Way::Open,
        ),
        P::SaveContacts => (
            label!("dialog.saveContacts"),
            Some(("vCard, CSV, Excel", &["vcf", "zip", "csv", "xlsx"])),
            Way::Save,
        ),
        P::SaveCalendar => (
            label!("dialog.saveCalendar"),
            Some(("iCalendar", &["ics"])),
            Way::Save,
        ),
        P::OpenTable => (
            label!("dialog.openTable"),
            Some(("Excel, CSV", &["xlsx", "csv"])),
            Way::Open,
        ),
        P::SaveTable => (
            label!("dialog.saveTable"),
            Some(("Excel, CSV", &["xlsx", "csv"])),
            Way::Save,
        ),
        P::OpenBlank => (
            label!("dialog.openBlank"),
            Some(("Word, Excel, PDF", &["docx", "xlsx", "pdf"])),
            Way::Open,
        ),
        P::OpenYear => (
            label!("dialog.openYear"),
            Some(("JSON", &["json"])),
            Way::Open,
        ),
        P::SaveBundle => (
            label!("dialog.saveBundle"),
            Some(("PI Desk", &["sync"])),
            Way::Save,
        ),
        P::OpenBundle => (
            label!("dialog.openBundle"),
            Some(("PI Desk", &["sync"])),
            Way::Open,
        ),
        P::OpenFormSet => (
            label!("dialog.openFormSet"),
            Some(("JSON", &["json"])),
            Way::Open,
        ),
        P::SaveFormSet => (
            label!("dialog.saveFormSet"),
            Some(("JSON", &["json"])),
            Way::Save,
        ),
        P::SaveRecovery => (
            label!("dialog.saveRecovery"),
            Some(("Text", &["txt"])),
            Way::Save,
        ),
    };
    Ask { title, filter, way }
}

/// Asks for files, a folder or a name; empty when the person changed her mind.
pub(crate) async fn pick(
    app: &AppHandle,
    purpose: PickPurpose,
    name: &str,
    lang: Lang,
) -> Vec<String> {
    if let Some(scripted) = scripted() {
        return scripted;
    }
    let (tx, rx) = tokio::sync::oneshot::channel();
    let Some(parent) = app.get_webview_window("main") else {
        return Vec::new();
    };
    let name = name.to_owned();
    // Some systems insist on the main thread for opening a dialog.
    let asked = app.run_on_main_thread(move || {
        let ask = ask(purpose);
        let mut dialog = AsyncFileDialog::new()
            .set_parent(&parent)
            .set_title(ask.title.text(lang));
        if let Some((label, endings)) = ask.filter {
            dialog = dialog.add_filter(label, endings);
        }
        if !name.is_empty() {
            dialog = dialog.set_file_name(name);
        }
        tauri::async_runtime::spawn(async move {
            let files = match ask.way {
                Way::Open => dialog.pick_file().await.into_iter().collect(),
                Way::OpenMany => dialog.pick_files().await.unwrap_or_default(),
                Way::Folder => dialog.pick_folder().await.into_iter().collect(),
                Way::Save => dialog.save_file().await.into_iter().collect(),
            };
            let paths = files
                .iter()
                .map(|file: &rfd::FileHandle| file.path().display().to_string());
            let _ = tx.send(paths.collect());
        });
    });
    if let Err(error) = asked {
        log::error!("a dialog could not be shown: {error}");
        return Vec::new();
    }
    rx.await.unwrap_or_default()
}

/// Answers given beforehand, one path a line: native dialogs are out of a test driver's reach.
/// Only in development builds.
fn scripted() -> Option<Vec<String>> {
    if !cfg!(debug_assertions) {
        return None;
    }
    let file = std::env::var_os("PIDESK_PICK")?;
    let text = std::fs::read_to_string(file).ok()?;
    Some(text.lines().map(str::to_owned).collect())
}

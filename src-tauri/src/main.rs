//! The window: starts the app, carries calls and events, shows the system's dialogs.

#![cfg_attr(all(not(debug_assertions), windows), windows_subsystem = "windows")]

mod clock;
mod dialog;
mod host;
mod keychain;
mod printer;

use host::WindowHost;
use rpc::app::{App, Start};
use rpc::places::{Places, data_root, fonts};
use rpc::{Event, Failure};
use serde_json::Value;
use std::sync::Arc;
use tauri::{DragDropEvent, Manager, State, WindowEvent};

const LOG_BYTES_MAX: u128 = 1_000_000;
const LOG_FILES: usize = 14;

/// The one command of the window.
#[tauri::command]
async fn rpc(
    app: State<'_, App<WindowHost>>,
    command: String,
    payload: Value,
) -> Result<Value, Failure> {
    app.call(&command, payload).await
}

fn main() {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == rpc::work::package::HELPER)
    {
        // A foreign file is read in a process of its own, which has no window.
        std::process::exit(i32::from(rpc::work::package::serve_helper().is_err()));
    }
    let places = Places {
        root: data_root(),
        fonts: fonts(),
    };
    let logs = tauri_plugin_log::Builder::new()
        .clear_targets()
        .target(tauri_plugin_log::Target::new(
            tauri_plugin_log::TargetKind::Folder {
                path: places.root.join("logs"),
                file_name: Some("pidesk".into()),
            },
        ))
        .max_file_size(LOG_BYTES_MAX)
        .rotation_strategy(tauri_plugin_log::RotationStrategy::KeepSome(LOG_FILES))
        .level(log::LevelFilter::Info)
        .build();
    tauri::Builder::default()
        .plugin(tauri_plugin_single_instance::init(|app, _, _| {
            if let Some(window) = app.get_webview_window("main") {
                let _ = window.unminimize();
                let _ = window.set_focus();
            }
        }))
        .plugin(logs)
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_window_state::Builder::new().build())
        .invoke_handler(tauri::generate_handler![rpc])
        .setup(move |tauri| {
            log::info!("started, version {}", env!("CARGO_PKG_VERSION"));
            let env = desk::Env {
                clock: Arc::new(clock::SystemClock),
                entropy: Arc::new(desk::env::OsEntropy),
                app: env!("CARGO_PKG_VERSION").to_owned(),
                installation: places.installation(),
            };
            let app = App::new(Start {
                host: WindowHost::new(tauri.handle().clone()),
                env,
                places,
                keychain: keychain::system(),
                kdf: desk::vault::Kdf::standard(),
            });
            tauri::async_runtime::spawn(rpc::work::sync::background(app.clone()));
            tauri::async_runtime::spawn(rpc::work::copies::background(app.clone()));
            tauri::async_runtime::spawn(rpc::work::reminder::background(app.clone()));
            tauri.manage(app);
            Ok(())
        })
        .on_window_event(|window, event| match event {
            WindowEvent::DragDrop(DragDropEvent::Drop { paths, position }) => {
                let scale = window.scale_factor().unwrap_or(1.0);
                let place = position.to_logical::<f64>(scale);
                let paths = paths
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                window.state::<App<WindowHost>>().emit(Event::Dropped {
                    paths,
                    x: place.x,
                    y: place.y,
                });
            }
            // Closes the vault properly: the last checkpoint and the lock are released.
            WindowEvent::Destroyed => window.state::<App<WindowHost>>().close(),
            _ => {}
        })
        .run(tauri::generate_context!())
        .expect("the window system starts");
}

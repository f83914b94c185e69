//! The real window under a virtual display, and a picture of it.

use crate::run::program;
use crate::{Failure, shell};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// How long the window may take to show something. Units: seconds.
const PATIENCE_S: u64 = 60;
/// A window that shows text has more shades than this; an empty one has one or two.
const SHADES_OF_A_WINDOW: u32 = 24;
/// The virtual screen: a 13-inch hospital laptop.
const SCREEN: &str = "-screen 0 1280x800x24";

/// Whether a window can be opened here.
pub(crate) fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

/// A command that runs under a virtual display of its own.
pub(crate) fn under_display(folder: &Path, program: &str, arguments: &[&str]) -> Command {
    let mut words = vec!["-a", "-s", SCREEN, program];
    words.extend(arguments);
    shell::command(folder, "xvfb-run", words)
}

/// Opens the app under a virtual display, waits until it shows something, and closes it.
pub(crate) fn picture(root: &Path) -> Result<PathBuf, Failure> {
    // Not `current_exe`: building the programs has put a new file in this one's place.
    let own = program(root, "xtask");
    shell::run(under_display(
        root,
        &own.display().to_string(),
        &["picture"],
    ))?;
    Ok(picture_path(root))
}

/// The part of [`picture`] inside the virtual display.
pub(crate) fn picture_here(root: &Path) -> Result<(), Failure> {
    let app = program(root, "pi-desk");
    let mut child = Command::new(&app)
        .current_dir(root)
        .spawn()
        .map_err(|source| Failure::NotStarted {
            program: app.display().to_string(),
            source,
        })?;
    let seen = wait_until_shown(root, &mut child);
    // Asked to end, not killed: the vault may be open.
    let asked = shell::works("kill", &["-TERM", &child.id().to_string()]);
    let ended = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        matches!(child.try_wait(), Ok(Some(_)))
    });
    if !(asked && ended) {
        let _ = child.kill();
        let _ = child.wait();
    }
    seen
}

fn wait_until_shown(root: &Path, app: &mut Child) -> Result<(), Failure> {
    let picture = picture_path(root);
    let path = picture.display().to_string();
    let start = Instant::now();
    let mut last = String::new();
    while start.elapsed() < Duration::from_secs(PATIENCE_S) {
        if let Ok(Some(status)) = app.try_wait() {
            let command = "pi-desk".to_owned();
            return Err(Failure::Stopped {
                command,
                code: status.code(),
            });
        }
        std::thread::sleep(Duration::from_millis(500));
        shell::run(shell::command(root, "import", ["-window", "root", &path]))?;
        let look = shell::command(root, "identify", ["-format", "%k %#", &path]);
        let look = shell::output(look)?;
        let shades = look
            .split(' ')
            .next()
            .and_then(|word| word.parse::<u32>().ok());
        let shades = shades.ok_or(Failure::Answer {
            program: "identify",
        })?;
        // Twice the same: it has stopped drawing.
        if shades > SHADES_OF_A_WINDOW && look == last {
            return Ok(());
        }
        last = look;
    }
    Err(Failure::NoWindow {
        seconds: PATIENCE_S,
    })
}

fn picture_path(root: &Path) -> PathBuf {
    root.join("target").join("pi-desk-window.png")
}

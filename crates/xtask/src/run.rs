//! `cargo xtask run` and `cargo xtask center`: the programs as a person starts them.

use crate::setup::{self, For};
use crate::{Failure, shell, tree, window};
use std::path::{Path, PathBuf};

/// Sets up, builds, and opens the app; without a display it leaves a picture of the window.
pub(crate) fn app(root: &Path) -> Result<(), Failure> {
    let with_display = window::has_display();
    setup::everything(
        root,
        if with_display {
            For::Build
        } else {
            For::Picture
        },
    )?;
    interface(root)?;
    programs(root)?;
    if with_display {
        shell::say("opening PI Desk");
        let no_arguments: [&str; 0] = [];
        let app = program(root, "pi-desk").display().to_string();
        return shell::run(shell::command(root, &app, no_arguments));
    }
    println!("There is no display here: the window opens under a virtual one.");
    let picture = window::picture(root)?;
    println!("The window came up. Its picture: {}", picture.display());
    Ok(())
}

/// Sets up, builds, and serves a center on this machine; further arguments go to the server.
pub(crate) fn center(root: &Path, rest: &[String]) -> Result<(), Failure> {
    setup::everything(root, For::Build)?;
    shell::say("building the center");
    shell::run(shell::cargo(root, &["build", "--package", "center"]))?;
    let data = data_folder();
    let program = program(root, "pidesk-center").display().to_string();
    shell::say(&format!(
        "serving a center; its data lies in {}",
        data.display()
    ));
    println!(
        "In another terminal, for a code that connects a laptop:\n  {program} invite --data {} \
         --user NAME\n",
        data.display()
    );
    let mut serve = shell::command(root, &program, ["serve", "--data"]);
    serve.arg(data).args(rest);
    shell::run(serve)
}

/// Builds the window's files when their sources changed.
pub(crate) fn interface(root: &Path) -> Result<(), Failure> {
    let inputs = [
        "ui/src",
        "ui/public",
        "ui/index.html",
        "ui/vite.config.ts",
        "ui/svelte.config.js",
        "ui/tsconfig.json",
        "ui/package-lock.json",
    ];
    tree::once(root, "interface", &inputs, "ui/dist/index.html", || {
        shell::say("building the interface");
        shell::run(shell::command(
            &root.join("ui"),
            "npm",
            ["run", "--silent", "build"],
        ))
    })
}

/// Builds every program.
///
/// `--test steps` makes cargo choose the features that the tests need, so that `make run` and
/// `make test` share everything (ADR-0004).
pub(crate) fn programs(root: &Path) -> Result<(), Failure> {
    shell::say("building the programs (the first time takes several minutes)");
    shell::run(shell::cargo(
        root,
        &["build", "--workspace", "--bins", "--test", "steps"],
    ))
}

/// The path of a built program.
pub(crate) fn program(root: &Path, name: &str) -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    target
        .join("debug")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

fn data_folder() -> PathBuf {
    let base = std::env::var_os("XDG_DATA_HOME")
        .map(PathBuf::from)
        .unwrap_or_else(|| {
            let home = std::env::var_os("HOME").or_else(|| std::env::var_os("USERPROFILE"));
            PathBuf::from(home.unwrap_or_default()).join(".local/share")
        });
    base.join("pidesk-center")
}

//! `cargo xtask test`: everything that must hold, cheap checks first. CI runs exactly this.

use crate::run::{interface, program, programs};
use crate::setup::{self, For};
use crate::{Failure, faults, generate, shell, tidy, window};
use std::path::Path;
use std::time::Instant;

/// Sets up and checks everything.
pub(crate) fn everything(root: &Path) -> Result<(), Failure> {
    let start = Instant::now();
    setup::everything(root, For::Test)?;
    format(root)?;
    tidy::step(root)?;
    faults::step(root)?;
    generate::words(root, true)?;
    interface_checks(root)?;
    // The window's files are part of the app: they come first.
    interface(root)?;
    programs(root)?;
    generate::contract(root, true)?;
    tests(root)?;
    symbols(root)?;
    let minutes = start.elapsed().as_secs().div_ceil(60);
    println!("\nEverything passes ({minutes} min).");
    Ok(())
}

fn format(root: &Path) -> Result<(), Failure> {
    if !shell::works("cargo", &["fmt", "--version"]) {
        println!("skipped: rustfmt is not installed, the format is not checked");
        return Ok(());
    }
    shell::say("format");
    shell::run(shell::cargo(root, &["fmt", "--all", "--check"]))
}

fn interface_checks(root: &Path) -> Result<(), Failure> {
    for script in ["check", "lint", "test"] {
        shell::say(&format!("interface: {script}"));
        shell::run(shell::command(
            &root.join("ui"),
            "npm",
            ["run", "--silent", script],
        ))?;
    }
    Ok(())
}

/// All Rust tests in one call; those through the real window need a display.
fn tests(root: &Path) -> Result<(), Failure> {
    shell::say("tests");
    let words = shell::cargo(root, &["test", "--workspace"]);
    let words: Vec<_> = words
        .get_args()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let command = if cfg!(target_os = "linux") {
        window::under_display(root, "cargo", &words)
    } else {
        shell::command(root, "cargo", &words)
    };
    shell::run(command)
}

/// Longer runs that the tests leave out; what they print goes into `docs/figures.md`.
pub(crate) fn soak(root: &Path, what: &[String]) -> Result<(), Failure> {
    let mut run = shell::cargo(root, &["test", "-p", "desk", "--test", "it"]);
    run.args(["--", "--nocapture"]);
    match what.first().map(String::as_str) {
        Some("traces") => run.args(["traces::whole_recordings", "--ignored"]),
        // The same tests as every day, at every write and with more cuts of the power.
        Some("faults") => run
            .args(["fault_points::", "power_cut::"])
            .env("PIDESK_FAULTS", "all"),
        _ => return Err(Failure::Usage("soak without one of: traces, faults".into())),
    };
    shell::run(run)
}

/// WebKit uses the system's SQLite: the app's own copy must not be visible to it (ADR-0004).
fn symbols(root: &Path) -> Result<(), Failure> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    shell::say("exported symbols");
    let app = program(root, "pi-desk").display().to_string();
    let list = shell::output(shell::command(root, "nm", ["-D", "--defined-only", &app]))?;
    match list
        .lines()
        .filter(|line| line.contains("sqlite3_"))
        .count()
    {
        0 => Ok(()),
        n => Err(Failure::Symbols(n)),
    }
}

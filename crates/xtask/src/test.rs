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
    if what.first().is_some_and(|name| name == "sim") {
        return simulation(root, what.get(1).map_or("20000", String::as_str));
    }
    if what.first().is_some_and(|name| name == "faults") {
        return faults(root);
    }
    let what = what.first().map(String::as_str).unwrap_or_default();
    let Some((_, runs)) = SOAKS.iter().find(|(name, _)| *name == what) else {
        let names: Vec<&str> = SOAKS.iter().map(|(name, _)| *name).collect();
        return Err(Failure::Usage(format!(
            "soak without one of: {}",
            names.join(", ")
        )));
    };
    for run in *runs {
        shell::run(soaking(root, run))?;
    }
    Ok(())
}

/// One run of a soak: tests of a crate, by the start of their names.
struct Soak {
    package: &'static str,
    tests: &'static str,
    /// Built as what is given out, and one after the other: for times.
    is_release: bool,
    /// Left out of the everyday tests; otherwise they run longer here.
    is_ignored: bool,
}

/// How long tests that also run every day go on in a soak. Units: seconds.
const SOAK_SECONDS: &str = "60";

const SOAKS: [(&str, &[Soak]); 3] = [
    (
        "traces",
        &[Soak {
            package: "desk",
            tests: "traces::whole_recordings",
            is_release: false,
            is_ignored: true,
        }],
    ),
    (
        "cluster",
        &[Soak {
            package: "center",
            tests: "replicas::f58_f59",
            is_release: false,
            is_ignored: false,
        }],
    ),
    (
        "figures",
        &[
            Soak {
                package: "center",
                tests: "figures::",
                is_release: true,
                is_ignored: true,
            },
            Soak {
                package: "desk",
                tests: "figures::",
                is_release: true,
                is_ignored: true,
            },
        ],
    ),
];

fn soaking(root: &Path, soak: &Soak) -> std::process::Command {
    let mut words = vec!["test", "-p", soak.package, "--test", "it", soak.tests];
    if soak.is_release {
        words.push("--release");
    }
    words.extend(["--", "--nocapture", "--test-threads=1"]);
    if soak.is_ignored {
        words.push("--ignored");
    }
    let mut run = shell::cargo(root, &[]);
    run.args(words);
    run.env("PIDESK_SOAK", SOAK_SECONDS);
    run
}

/// The same tests of faults as every day, at every write and with more cuts of the power.
fn faults(root: &Path) -> Result<(), Failure> {
    let mut run = shell::cargo(root, &["test", "-p", "desk", "--test", "it"]);
    run.args(["fault_points::", "power_cut::", "--", "--nocapture"]);
    run.env("PIDESK_FAULTS", "all");
    shell::run(run)
}

/// The simulated laptops and center, with so many seeds.
fn simulation(root: &Path, seeds: &str) -> Result<(), Failure> {
    let mut run = shell::cargo(root, &["test", "-p", "testkit", "--test", "it"]);
    run.args([
        "sim::",
        "--",
        "--nocapture",
        "--test-threads=1",
        "--include-ignored",
    ]);
    run.env("PIDESK_SOAK", seeds);
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

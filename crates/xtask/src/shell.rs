//! Runs other programs: each under a line that says what is being done.

use crate::Failure;
use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

/// Says what comes next.
pub(crate) fn say(what: &str) {
    println!("== {what}");
}

/// A program with arguments, to be run in a folder.
pub(crate) fn command<I: AsRef<OsStr>>(
    folder: &Path,
    program: &str,
    arguments: impl IntoIterator<Item = I>,
) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder);
    command
}

/// Cargo in the project, with the lock file held fast where CI runs.
pub(crate) fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = command(root, "cargo", arguments);
    if std::env::var_os("CI").is_some() && arguments.first() != Some(&"fmt") {
        command.env("CARGO_TERM_COLOR", "never").arg("--locked");
    }
    command
}

/// Runs to the end; an unsuccessful end is a failure.
pub(crate) fn run(mut command: Command) -> Result<(), Failure> {
    let status = command
        .status()
        .map_err(|source| not_started(&command, source))?;
    if status.success() {
        Ok(())
    } else {
        Err(stopped(&command, status.code()))
    }
}

/// Runs to the end and gives what it printed.
pub(crate) fn output(mut command: Command) -> Result<String, Failure> {
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| not_started(&command, source))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(stopped(&command, output.status.code()))
    }
}

/// Whether a program exists and ends well with these arguments; prints nothing.
pub(crate) fn works(program: &str, arguments: &[&str]) -> bool {
    Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

fn not_started(command: &Command, source: std::io::Error) -> Failure {
    Failure::NotStarted {
        program: name(command),
        source,
    }
}

fn stopped(command: &Command, code: Option<i32>) -> Failure {
    let mut words = name(command);
    for argument in command.get_args() {
        words.push(' ');
        words.push_str(&argument.to_string_lossy());
    }
    Failure::Stopped {
        command: words,
        code,
    }
}

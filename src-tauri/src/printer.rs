//! Sends a file to the system's printer.

use rpc::Failure;
use rpc::failure::FailureKind;
use std::process::{Command, Stdio};

/// Prints with the system's own program and waits until the job is handed over.
pub(crate) fn print(path: &str) -> Result<(), Failure> {
    let mut command = if cfg!(windows) {
        let mut command = Command::new("powershell");
        // The path is an argument of the block, never part of the script.
        command.args([
            "-NoProfile",
            "-Command",
            "& { Start-Process -FilePath $args[0] -Verb Print }",
        ]);
        command
    } else {
        Command::new("lp")
    };
    let handed_over = command
        .arg(path)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    if handed_over {
        return Ok(());
    }
    Err(Failure::new(FailureKind::Unavailable, "failure.print").with("path", path))
}

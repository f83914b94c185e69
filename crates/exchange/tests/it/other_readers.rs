//! What other programs see in the calendars and cards that we write.

use serde_json::Value;
use std::io::Write as _;
use std::process::{Command, Stdio};

const SCRIPT: &str = include_str!("other_readers.py");

/// What the readers of Debian's python3-icalendar and python3-vobject see; `None`, said aloud,
/// where they are not installed.
pub(crate) fn see(what: &str, text: &str) -> Option<Value> {
    // Another Python may stand in front of the system's.
    let python = ["/usr/bin/python3", "python3"].into_iter().find(|python| {
        let run = Command::new(python)
            .args(["-c", "import icalendar, vobject"])
            .stderr(Stdio::null())
            .status();
        run.is_ok_and(|status| status.success())
    });
    let Some(python) = python else {
        eprintln!("skipped: python3-icalendar and python3-vobject are not installed");
        return None;
    };
    let mut child = Command::new(python)
        .args(["-W", "ignore", "-c", SCRIPT, what])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python runs");
    let mut stdin = child.stdin.take().expect("its input");
    stdin.write_all(text.as_bytes()).expect("its input is read");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "the readers refuse the file");
    Some(serde_json::from_slice(&output.stdout).expect("JSON"))
}

//! The process that opens a file is ended when it takes too much.
#![cfg(unix)]

use package::Refusal;
use package::sandbox::Sandbox;
use std::time::Duration;

fn with(program: &str, args: &[&str]) -> Sandbox {
    Sandbox::new(program.into(), args.iter().map(Into::into).collect())
}

#[test]
fn what_takes_too_long_is_ended() {
    let mut slow = with("sleep", &["60"]);
    slow.time_max = Duration::from_millis(200);
    assert_eq!(slow.clean(b"%PDF-1.4", None), Err(Refusal::TooSlow));
}

#[test]
#[cfg(target_os = "linux")]
fn f23_what_takes_too_much_memory_is_ended() {
    // It keeps everything that it reads while it waits for the end of a line.
    let mut greedy = with("tail", &["/dev/zero"]);
    greedy.memory_bytes_max = 64 << 20;
    assert_eq!(greedy.clean(b"%PDF-1.4", None), Err(Refusal::TooLarge));
}

#[test]
fn what_ends_by_itself_or_babbles_is_no_answer() {
    for (program, args) in [
        ("false", [].as_slice()),
        ("echo", &["hello"]),
        ("no-such-program", &[]),
    ] {
        assert_eq!(
            with(program, args).clean(b"%PDF-1.4", None),
            Err(Refusal::Crashed),
            "{program}"
        );
    }
}

#[test]
fn what_is_too_large_is_not_even_tried() {
    let mut small = with("no-such-program", &[]);
    small.file_bytes_max = 3;
    assert_eq!(small.clean(b"%PDF", None), Err(Refusal::TooLarge));
}

//! The program as a person calls it.
//!
//! Building this test beside the programs has a second use: cargo then chooses the same features
//! for `make run` as for `make test`, and nothing is compiled twice (ADR-0004).

use std::process::{Command, Output};

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .output()
        .expect("xtask starts")
}

#[test]
fn without_a_step_the_steps_are_listed() {
    let output = xtask(&[]);
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    for step in [
        "setup", "run", "test", "center", "gen", "tidy", "faults", "fonts",
    ] {
        assert!(text.contains(&format!("\n  {step} ")), "{step}: {text}");
    }
}

#[test]
fn an_unknown_step_fails_with_a_sentence() {
    let output = xtask(&["dance"]);
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("there is no step “dance”"), "{text}");
}

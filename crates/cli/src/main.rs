//! `pidesk`: the same desk without a window, for IT staff, scripts and tests.
//!
//! Answers go to stdout (one JSON value with `--json`), failures to stderr as one plain sentence.
//! Exit code 1: it did not work; 2: the command was not understood.

mod args;
mod command;
mod machine;
mod output;
mod path;
mod value;

use args::{Args, UsageError};
use output::Outcome;
use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == rpc::work::package::HELPER)
    {
        return match rpc::work::package::serve_helper() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    // `pidesk … | head` closes the pipe: the reader has enough, nothing is wrong.
    let say = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let words = info.payload_as_str().unwrap_or_default();
        if words.starts_with("failed printing to stdout") {
            std::process::exit(0);
        }
        say(info);
    }));
    env_logger::Builder::from_env(env_logger::Env::default().filter_or("PIDESK_LOG", "off")).init();
    let args = match Args::parse() {
        Ok(Some(args)) => args,
        Ok(None) => {
            println!("{}", args::USAGE);
            return ExitCode::SUCCESS;
        }
        Err(error) => return usage(&error),
    };
    match command::run(&args) {
        Ok(Outcome::Good) => ExitCode::SUCCESS,
        Ok(Outcome::Partly) => ExitCode::from(1),
        Err(output::CommandError::Usage(error)) => usage(&error),
        Err(output::CommandError::Misread(words)) => {
            eprintln!("{words}");
            ExitCode::from(2)
        }
        Err(output::CommandError::Failure(failure)) => {
            eprintln!("{}", output::sentence(&failure, machine::lang()));
            ExitCode::from(1)
        }
    }
}

fn usage(error: &UsageError) -> ExitCode {
    eprintln!("{error}");
    eprintln!("pidesk --help");
    ExitCode::from(2)
}

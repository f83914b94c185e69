//! All automation of the project: `cargo xtask STEP`. The Makefile only calls this.
//!
//! Knows no other crate of the workspace: it runs them. Start with [`test`], which is all of CI in
//! order; [`tidy`] is the house rules as a program.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

mod failure;
mod faults;
mod fonts;
mod generate;
mod labels;
mod run;
mod setup;
mod shell;
mod test;
mod tidy;
mod tree;
mod window;

use failure::Failure;

const USAGE: &str = "\
cargo xtask STEP

  setup         install what is missing: system packages, npm packages, fonts
  run           set up, build and open the app (without a display: a picture of it)
  test          set up and check everything; what CI runs
  soak WHAT     longer runs, apart from the tests: traces, faults, cluster, figures, sim [SEEDS]
  center        set up, build and serve a center on this machine
  gen           write the generated TypeScript; --check: fail when it is stale
  tidy          check the house rules
  faults        check that every listed fault has its test
  fonts         put the faces for documents into fonts/
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let step = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    match take(&step, &rest, &root()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("\nxtask {step}: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn take(step: &str, rest: &[String], root: &Path) -> Result<(), Failure> {
    match step {
        "setup" => setup::everything(root, setup::For::Test),
        "run" => run::app(root),
        "test" => test::everything(root),
        "soak" => test::soak(root, rest),
        "center" => run::center(root, rest),
        "gen" => generate::step(root, rest.iter().any(|word| word == "--check")),
        "tidy" => tidy::step(root),
        "faults" => faults::step(root),
        "fonts" => setup::fonts(),
        // Called by `run` itself, inside the virtual display.
        "picture" => window::picture_here(root),
        _ => {
            print!("{USAGE}");
            if step.is_empty() {
                Ok(())
            } else {
                Err(Failure::Usage(step.to_owned()))
            }
        }
    }
}

/// The top folder of the project.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_path_buf()
}

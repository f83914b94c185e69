//! Why a step stopped, in a sentence that says what to do.

use std::path::PathBuf;
use std::{fmt, io};

/// A stopped step.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There is no such step.
    Usage(String),
    /// A program could not be started.
    NotStarted { program: String, source: io::Error },
    /// A program ended with an error.
    Stopped { command: String, code: Option<i32> },
    /// A file or folder could not be read or written.
    File { path: PathBuf, source: io::Error },
    /// System packages are missing on a system that this program does not install on.
    Packages(Vec<String>),
    /// The fonts could not be put in place.
    Fonts(String),
    /// A generated file differs from what would be generated.
    Stale(Vec<PathBuf>),
    /// House rules are broken; they are listed above.
    Untidy(usize),
    /// The list of faults and the tests do not fit; what is wrong is listed above.
    Faults(usize),
    /// The program exports symbols of its own SQLite, which would replace the system's in WebKit.
    Symbols(usize),
    /// The window did not come up in time.
    NoWindow { seconds: u64 },
    /// What a program printed was not what was expected.
    Answer { program: &'static str },
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(step) => write!(f, "there is no step “{step}”"),
            Self::NotStarted { program, source } => {
                write!(f, "{program} could not be started: {source}")
            }
            Self::Stopped {
                command,
                code: Some(code),
            } => {
                write!(f, "“{command}” ended with code {code}")
            }
            Self::Stopped {
                command,
                code: None,
            } => write!(f, "“{command}” was stopped"),
            Self::File { path, source } => write!(f, "{}: {source}", path.display()),
            Self::Packages(names) => write!(
                f,
                "please install these first (names as in Debian): {}",
                names.join(" ")
            ),
            Self::Fonts(why) => write!(f, "fonts: {why}"),
            Self::Stale(paths) => {
                write!(f, "not up to date, run `cargo xtask gen`:")?;
                paths
                    .iter()
                    .try_for_each(|path| write!(f, " {}", path.display()))
            }
            Self::Untidy(n) => write!(f, "{n} house rules broken, see above"),
            Self::Faults(n) => write!(
                f,
                "the list of faults and the tests differ in {n} places, see above"
            ),
            Self::Symbols(n) => write!(f, "the app exports {n} sqlite3_ symbols; none is allowed"),
            Self::NoWindow { seconds } => {
                write!(f, "the window showed nothing within {seconds} seconds")
            }
            Self::Answer { program } => write!(f, "{program} printed something unexpected"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::NotStarted { source, .. } | Self::File { source, .. } => Some(source),
            _ => None,
        }
    }
}

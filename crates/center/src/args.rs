//! The command line.

use center::Role;
use lexopt::prelude::{Long, Short, Value, ValueExt};
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// How the program is used.
pub(crate) const USAGE: &str = "\
Usage:
  pidesk-center serve    --data DIR [--listen ADDRESS:PORT] [--tls]
  pidesk-center invite   --data DIR --user NAME [--role ROLE]
  pidesk-center grant    --data DIR --study STUDY --user NAME --role ROLE
  pidesk-center revoke   --data DIR --user NAME [--study STUDY | --device DEVICE]
  pidesk-center restored --data DIR

serve prints its address; other addresses than this machine's own are always encrypted.
invite prints a code on its last line; for a known name it admits a further laptop of that person.
STUDY is a study's id or registry number. ROLE is pi, co-investigator, coordinator or reader.
restored is said once after a backup was put back, while serve does not run.";

/// Port for which no other is named.
const PORT: u16 = 8742;

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Help,
    Serve {
        data: PathBuf,
        listen: SocketAddr,
        tls: bool,
    },
    Invite {
        data: PathBuf,
        user: String,
        role: Option<Role>,
    },
    Grant {
        data: PathBuf,
        study: String,
        user: String,
        role: Role,
    },
    Revoke {
        data: PathBuf,
        user: String,
        study: Option<String>,
        device: Option<String>,
    },
    Restored {
        data: PathBuf,
    },
}

/// Why the command line makes no sense.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Wrong {
    #[error(transparent)]
    Form(#[from] lexopt::Error),
    #[error("say what to do")]
    NoOrder,
    #[error("there is no order {0}")]
    Order(String),
    #[error("--{0} is missing")]
    Missing(&'static str),
    #[error("there is no role {0}")]
    Role(String),
    #[error("{0} is not an address; it looks like 127.0.0.1:8742")]
    Address(String),
}

#[derive(Default)]
struct Words {
    data: Option<PathBuf>,
    listen: Option<String>,
    user: Option<String>,
    role: Option<String>,
    study: Option<String>,
    device: Option<String>,
    tls: bool,
}

impl Words {
    fn role(&self) -> Result<Option<Role>, Wrong> {
        let read = |text: &String| Role::parse(text).ok_or_else(|| Wrong::Role(text.clone()));
        self.role.as_ref().map(read).transpose()
    }
}

fn need<T>(word: Option<T>, name: &'static str) -> Result<T, Wrong> {
    word.ok_or(Wrong::Missing(name))
}

/// Reads the command line.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Order, Wrong> {
    let mut parser = lexopt::Parser::from_iter(args);
    let mut order: Option<String> = None;
    let mut words = Words::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Order::Help),
            Long("data") => words.data = Some(parser.value()?.into()),
            Long("listen") => words.listen = Some(parser.value()?.string()?),
            Long("user") => words.user = Some(parser.value()?.string()?),
            Long("role") => words.role = Some(parser.value()?.string()?),
            Long("study") => words.study = Some(parser.value()?.string()?),
            Long("device") => words.device = Some(parser.value()?.string()?),
            Long("tls") => words.tls = true,
            Value(word) if order.is_none() => order = Some(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let order = order.ok_or(Wrong::NoOrder)?;
    let role = words.role()?;
    let data = |words: &mut Words| need(words.data.take(), "data");
    match order.as_str() {
        "help" => Ok(Order::Help),
        "serve" => {
            let own = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
            let read = |text: &String| text.parse().map_err(|_| Wrong::Address(text.clone()));
            let listen = words.listen.as_ref().map(read).transpose()?.unwrap_or(own);
            Ok(Order::Serve {
                data: data(&mut words)?,
                listen,
                tls: words.tls,
            })
        }
        "invite" => Ok(Order::Invite {
            data: data(&mut words)?,
            user: need(words.user, "user")?,
            role,
        }),
        "grant" => Ok(Order::Grant {
            data: data(&mut words)?,
            study: need(words.study, "study")?,
            user: need(words.user, "user")?,
            role: need(role, "role")?,
        }),
        "revoke" => Ok(Order::Revoke {
            data: data(&mut words)?,
            user: need(words.user, "user")?,
            study: words.study,
            device: words.device,
        }),
        "restored" => Ok(Order::Restored {
            data: data(&mut words)?,
        }),
        other => Err(Wrong::Order(other.to_owned())),
    }
}

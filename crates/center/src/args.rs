//! The command line.

use center::Role;
use lexopt::prelude::{Long, Short, Value, ValueExt};
use std::ffi::OsString;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// How the program is used.
pub(crate) const USAGE: &str = "\
Usage:
  pidesk-center serve    PLACE [--listen ADDRESS:PORT] [--tls] [--files WHERE] [--study-gb N]
                         [--cert FILE --cert-key FILE]
  pidesk-center invite   PLACE --user NAME [--role ROLE]
  pidesk-center grant    PLACE --study STUDY --user NAME --role ROLE
  pidesk-center revoke   PLACE --user NAME [--study STUDY | --device DEVICE]
  pidesk-center people   PLACE
  pidesk-center members  PLACE --study STUDY
  pidesk-center console  PLACE --user NAME
  pidesk-center restored PLACE
  pidesk-center new-key  PLACE
  pidesk-center year     PLACE --file FILE | --take-back YEAR
  pidesk-center move     --data DIR --to postgres://USER:PASSWORD@HOST/NAME

PLACE is --data DIR, which holds the center's key and its database. With --database
postgres://..., or that address in the environment as PIDESK_DATABASE, the data is there and DIR
holds the key alone: several replicas with copies of one key serve one database.

Files of documents are kept in the folder `files` of DIR, or where --files says: a folder that all
replicas see, or a bucket, s3://BUCKET/FOLDER?endpoint=https://HOST&ca=FILE, with its keys in the
environment as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or in a file, keys=FILE. A study's files
may take 20 GB, or as many as --study-gb says.
serve prints its address; other addresses than this machine's own are always encrypted.
invite prints a code on its last line; for a known name it admits a further laptop of that person.
people prints every account with its laptops, members who may and might do what in a study.
STUDY is a study's id or registry number. ROLE is pi, co-investigator, coordinator or reader; an
account that is invited as staff sees accounts, laptops and members, and no study.
--cert and --cert-key name a certificate chain and its key (PEM) for browsers that open /console; without
them browsers are shown one of the center's own, console.pem in DIR. Laptops look at neither.
console prints a one-time code, open for 10 minutes, with which NAME signs in at /console in a browser;
NAME is an account of the role staff, made when there is none of that name.
restored is said once after a backup was put back.
new-key makes another center.key, where it was stolen or lost; every laptop is then connected anew.
year hands out a year's table of working days (a JSON file as laptops load it): each laptop takes it at its
next contact and counts anew what rests on it. With --take-back it is handed out no more.
move copies a folder's data into an empty PostgreSQL database, under the same ids and numbers, and
closes the folder's own database.";

/// Port for which no other is named.
const PORT: u16 = 8742;

/// Where the address of the database may stand, so that its password is in no list of processes.
pub(crate) const DATABASE_VARIABLE: &str = "PIDESK_DATABASE";

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Help,
    Move { data: PathBuf, to: String },
    Do { place: Place, task: Task },
}

/// Where the key and the data are.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) data: PathBuf,
    pub(crate) database: Option<String>,
}

/// What to do with the data.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Serve {
        listen: SocketAddr,
        tls: bool,
        files: Option<PathBuf>,
        study_gb: Option<u64>,
        cert: Option<(PathBuf, PathBuf)>,
    },
    Invite {
        user: String,
        role: Option<Role>,
    },
    Grant {
        study: String,
        user: String,
        role: Role,
    },
    Revoke {
        user: String,
        study: Option<String>,
        device: Option<String>,
    },
    People,
    Members {
        study: String,
    },
    Console {
        user: String,
    },
    Restored,
    NewKey,
    GiveYear {
        file: PathBuf,
    },
    TakeYearBack {
        year: i32,
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
    database: Option<String>,
    to: Option<String>,
    listen: Option<String>,
    user: Option<String>,
    role: Option<String>,
    study: Option<String>,
    device: Option<String>,
    tls: bool,
    files: Option<PathBuf>,
    file: Option<PathBuf>,
    take_back: Option<i32>,
    study_gb: Option<u64>,
    cert: Option<PathBuf>,
    cert_key: Option<PathBuf>,
}

impl Words {
    fn role(&self) -> Result<Option<Role>, Wrong> {
        let read = |text: &String| Role::parse(text).ok_or_else(|| Wrong::Role(text.clone()));
        self.role.as_ref().map(read).transpose()
    }

    fn listen(&self) -> Result<SocketAddr, Wrong> {
        let own = SocketAddr::from((Ipv4Addr::LOCALHOST, PORT));
        let read = |text: &String| text.parse().map_err(|_| Wrong::Address(text.clone()));
        Ok(self.listen.as_ref().map(read).transpose()?.unwrap_or(own))
    }
}

fn need<T>(word: Option<T>, name: &'static str) -> Result<T, Wrong> {
    word.ok_or(Wrong::Missing(name))
}

/// Reads the command line; `database` is what the environment says.
pub(crate) fn parse(
    args: impl IntoIterator<Item = OsString>,
    database: Option<String>,
) -> Result<Order, Wrong> {
    let mut parser = lexopt::Parser::from_iter(args);
    let mut order: Option<String> = None;
    let mut words = Words::default();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("help") | Short('h') => return Ok(Order::Help),
            Long("data") => words.data = Some(parser.value()?.into()),
            Long("database") => words.database = Some(parser.value()?.string()?),
            Long("to") => words.to = Some(parser.value()?.string()?),
            Long("listen") => words.listen = Some(parser.value()?.string()?),
            Long("user") => words.user = Some(parser.value()?.string()?),
            Long("role") => words.role = Some(parser.value()?.string()?),
            Long("study") => words.study = Some(parser.value()?.string()?),
            Long("device") => words.device = Some(parser.value()?.string()?),
            Long("tls") => words.tls = true,
            Long("files") => words.files = Some(parser.value()?.into()),
            Long("cert") => words.cert = Some(parser.value()?.into()),
            Long("cert-key") => words.cert_key = Some(parser.value()?.into()),
            Long("file") => words.file = Some(parser.value()?.into()),
            Long("take-back") => words.take_back = Some(parser.value()?.parse()?),
            Long("study-gb") => words.study_gb = Some(parser.value()?.parse()?),
            Value(word) if order.is_none() => order = Some(word.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    let order = order.ok_or(Wrong::NoOrder)?;
    if order == "help" {
        return Ok(Order::Help);
    }
    let (role, listen) = (words.role()?, words.listen()?);
    let task = match order.as_str() {
        "move" => {
            let data = need(words.data, "data")?;
            let to = need(words.to, "to")?;
            return Ok(Order::Move { data, to });
        }
        "serve" => Task::Serve {
            listen,
            tls: words.tls,
            files: words.files,
            study_gb: words.study_gb,
            cert: match (words.cert, words.cert_key) {
                (None, None) => None,
                (chain, key) => Some((need(chain, "cert")?, need(key, "cert-key")?)),
            },
        },
        "invite" => Task::Invite {
            user: need(words.user, "user")?,
            role,
        },
        "grant" => Task::Grant {
            study: need(words.study, "study")?,
            user: need(words.user, "user")?,
            role: need(role, "role")?,
        },
        "revoke" => Task::Revoke {
            user: need(words.user, "user")?,
            study: words.study,
            device: words.device,
        },
        "people" => Task::People,
        "members" => Task::Members {
            study: need(words.study, "study")?,
        },
        "console" => Task::Console {
            user: need(words.user, "user")?,
        },
        "restored" => Task::Restored,
        "new-key" => Task::NewKey,
        "year" => match (words.file, words.take_back) {
            (Some(_), Some(_)) => return Err(Wrong::Order("year --file --take-back".to_owned())),
            (None, Some(year)) => Task::TakeYearBack { year },
            (file, None) => Task::GiveYear {
                file: need(file, "file")?,
            },
        },
        other => return Err(Wrong::Order(other.to_owned())),
    };
    let place = Place {
        data: need(words.data, "data")?,
        database: words
            .database
            .or(database)
            .filter(|address| !address.is_empty()),
    };
    Ok(Order::Do { place, task })
}

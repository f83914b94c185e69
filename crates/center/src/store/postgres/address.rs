//! The address of the database, and how the way there is kept closed.
//!
//! `sslmode` and `sslrootcert` are read here: the library below knows neither authorities nor names.

use super::tls::{Check, Tls};
use crate::store::StoreError;
use std::path::PathBuf;
use std::time::Duration;
use tokio_postgres::Config;
use tokio_postgres::config::{Host, SslMode};

/// How long a connection may take to be made. Units: milliseconds.
const CONNECT_MS: u64 = 10_000;

/// Where the database is.
#[derive(Clone)]
pub(super) struct Address {
    pub(super) config: Config,
    pub(super) tls: Tls,
}

/// An address without what the library below does not know.
#[derive(Debug, Default, PartialEq, Eq)]
struct Split {
    rest: String,
    mode: Option<String>,
    authorities: Option<PathBuf>,
}

impl Address {
    /// Reads an address in either form that PostgreSQL's programs know.
    pub(super) fn read(text: &str) -> Result<Self, StoreError> {
        let split = split(text);
        let mut config: Config = split.rest.parse().map_err(|_| StoreError::Address)?;
        let check = match split.mode.as_deref() {
            None | Some("prefer" | "allow" | "disable") => None,
            Some("require" | "verify-ca") => Some(Check::Authority),
            Some("verify-full") => Some(Check::AuthorityAndName),
            Some(_) => return Err(StoreError::Address),
        };
        let is_said_open = split.mode.as_deref() == Some("disable");
        if check.is_none() && !is_said_open && !is_near(&config) {
            return Err(StoreError::Open);
        }
        let tls = match check.filter(|_| !is_a_socket(&config)) {
            Some(check) => {
                let file = split.authorities.ok_or(StoreError::NoAuthorities)?;
                Tls::checked(check, &file)?
            }
            None => Tls::none(),
        };
        config.ssl_mode(match tls.is_on() {
            true => SslMode::Require,
            false => SslMode::Disable,
        });
        config.application_name("pidesk-center");
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_millis(CONNECT_MS));
        }
        config.keepalives_idle(Duration::from_secs(30));
        config.tcp_user_timeout(Duration::from_secs(60));
        Ok(Self { config, tls })
    }
}

/// Whether nothing leaves this machine.
fn is_near(config: &Config) -> bool {
    let is_near = |host: &Host| match host {
        Host::Tcp(name) => {
            let ip = name.parse::<std::net::IpAddr>();
            name == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    };
    config.get_hosts().iter().all(is_near)
        && config
            .get_hostaddrs()
            .iter()
            .all(std::net::IpAddr::is_loopback)
}

/// Whether there is no network to close: PostgreSQL has no TLS on a socket of the file system.
fn is_a_socket(config: &Config) -> bool {
    let is_tcp = |host: &Host| matches!(host, Host::Tcp(_));
    config.get_hostaddrs().is_empty() && !config.get_hosts().iter().any(is_tcp)
}

impl Split {
    /// Keeps what is ours; `false` for what is the library's.
    fn took(&mut self, key: &str, value: &str) -> bool {
        match key {
            "sslmode" => self.mode = Some(value.to_owned()),
            "sslrootcert" => self.authorities = Some(value.into()),
            _ => return false,
        }
        true
    }
}

fn split(text: &str) -> Split {
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || c == '+';
    match text.split_once("://") {
        Some((scheme, _)) if scheme.chars().all(is_scheme) => split_url(text),
        _ => split_words(text),
    }
}

/// `postgres://user:password@host:port/name?sslmode=…`
fn split_url(text: &str) -> Split {
    let mut split = Split::default();
    let (before, query) = text.split_once('?').unwrap_or((text, ""));
    let is_others = |pair: &&str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        !pair.is_empty() && !split.took(key, &decoded(value))
    };
    let others: Vec<&str> = query.split('&').filter(is_others).collect();
    split.rest = match others.is_empty() {
        true => before.to_owned(),
        false => format!("{before}?{}", others.join("&")),
    };
    split
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('%') {
        let (before, behind) = rest.split_at(place);
        bytes.extend_from_slice(before.as_bytes());
        let code = behind.get(1..3);
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &behind[3..];
            }
            None => {
                bytes.push(b'%');
                rest = &behind[1..];
            }
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `host=… user=… dbname=… sslmode=…`; a value with blanks stands in single quotes.
fn split_words(text: &str) -> Split {
    let mut split = Split::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let Some((key, behind)) = rest.split_once('=') else {
            split.rest.push_str(rest);
            break;
        };
        let behind = behind.trim_start();
        let (value, n) = value_at(behind);
        if !split.took(key.trim(), &value) {
            let raw = behind.get(..n).unwrap_or_default();
            split.rest.push_str(&format!("{}={raw} ", key.trim()));
        }
        rest = behind.get(n..).unwrap_or_default().trim_start();
    }
    split
}

/// The value that a text begins with, and how many bytes it takes.
fn value_at(text: &str) -> (String, usize) {
    let is_quoted = text.starts_with('\'');
    let (mut value, mut is_escaped) = (String::new(), false);
    for (place, c) in text.char_indices().skip(usize::from(is_quoted)) {
        match c {
            _ if is_escaped => {
                value.push(c);
                is_escaped = false;
            }
            '\\' => is_escaped = true,
            '\'' if is_quoted => return (value, place + 1),
            c if c.is_whitespace() && !is_quoted => return (value, place),
            c => value.push(c),
        }
    }
    (value, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_crosses_a_network_in_the_open_unless_it_is_said() {
        let open = |address: &str| Address::read(address).map(|read| read.tls.is_on());
        assert!(matches!(open("postgres://u@localhost/center"), Ok(false)));
        assert!(matches!(
            open("postgres://u@127.0.0.1:5433/center"),
            Ok(false)
        ));
        assert!(matches!(
            open("host=/run/postgresql dbname=center"),
            Ok(false)
        ));
        // A socket of the file system has no TLS and needs none.
        let socket = "host=/run/postgresql dbname=center sslmode=verify-full";
        assert!(matches!(open(socket), Ok(false)));
        assert!(matches!(
            open("postgres://u@10.1.2.3/center?sslmode=disable"),
            Ok(false)
        ));
        for far in [
            "postgres://u@10.1.2.3/center",
            "host=db.example sslmode=prefer",
        ] {
            assert!(matches!(open(far), Err(StoreError::Open)), "{far}");
        }
        for unknown in [
            "postgres://u@db.example/c?sslmode=require",
            "postgres://u@localhost/c?sslmode=verify-full",
        ] {
            assert!(
                matches!(open(unknown), Err(StoreError::NoAuthorities)),
                "{unknown}"
            );
        }
        for wrong in ["mysql://x", "host=localhost sslmode=yes"] {
            assert!(matches!(open(wrong), Err(StoreError::Address)), "{wrong}");
        }
        let file = "host=db.example sslmode=verify-full sslrootcert=/nowhere/ca.pem";
        assert!(matches!(open(file), Err(StoreError::Authorities)));
    }

    #[test]
    fn both_forms_of_an_address_say_the_same() {
        let url = "postgres://u:p%40@db/c?sslmode=verify-full&sslrootcert=%2Fa%20b%2Fca.pem\
                   &target_session_attrs=read-write";
        let words = r"user = u password='it\'s' sslrootcert='/a b/ca.pem' host=db sslmode=verify-full dbname=c";
        for (text, rest) in [
            (
                url,
                "postgres://u:p%40@db/c?target_session_attrs=read-write",
            ),
            (words, r"user=u password='it\'s' host=db dbname=c "),
        ] {
            let split = split(text);
            let expected = Split {
                rest: rest.to_owned(),
                mode: Some("verify-full".to_owned()),
                authorities: Some("/a b/ca.pem".into()),
            };
            assert_eq!(split, expected);
            assert!(split.rest.parse::<Config>().is_ok(), "{rest}");
        }
    }
}

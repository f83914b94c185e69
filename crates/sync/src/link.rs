//! Where a laptop's center is and how it is recognised.

use crate::pin::Pin;
use hyper::http::Uri;
use ledger::PublicKey;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// A laptop's standing connection to a center; kept in the vault.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CenterLink {
    /// The address.
    pub url: String,
    /// The center's public key, `ed25519:…`; the center's id is its hash.
    pub pin: String,
    /// What requests carry; a secret.
    pub token: String,
    /// The account's id.
    pub user: String,
    /// The life of the center's data that the cursors belong to.
    pub epoch: String,
}

/// Shows no token.
impl std::fmt::Debug for CenterLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("CenterLink");
        out.field("url", &self.url)
            .field("pin", &self.pin)
            .field("user", &self.user);
        out.finish_non_exhaustive()
    }
}

impl CenterLink {
    /// The center's key; `None` when the stored text is none.
    pub fn key(&self) -> Option<PublicKey> {
        PublicKey::parse(&self.pin).ok()
    }

    /// How the center is recognised.
    pub fn recognised_by(&self) -> Option<Pin> {
        self.key().map(Pin::Key)
    }
}

/// Why an address was refused.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum AddressError {
    /// It is not `https://host[:port]`.
    #[error("the address is not one of a center")]
    Form,
    /// It is plain `http` to another machine.
    #[error("the address is not encrypted; only https is allowed to other machines")]
    Plain,
}

/// A center's address, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Whether the connection is encrypted.
    pub is_tls: bool,
    /// The host's name or number.
    pub host: String,
    /// The port.
    pub port: u16,
    /// What precedes every path; empty or with a leading slash and none at its end.
    pub base: String,
}

impl Address {
    /// Reads `https://host[:port][/base]`; plain `http` for this machine alone.
    ///
    /// # Errors
    /// [`AddressError`].
    pub fn parse(url: &str) -> Result<Self, AddressError> {
        let uri: Uri = url.trim().parse().map_err(|_| AddressError::Form)?;
        let is_tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(AddressError::Form),
        };
        let authority = uri.authority().ok_or(AddressError::Form)?;
        if authority.as_str().contains('@') || uri.query().is_some() {
            return Err(AddressError::Form);
        }
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        if host.is_empty() {
            return Err(AddressError::Form);
        }
        let is_loopback =
            host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if !is_tls && !is_loopback {
            return Err(AddressError::Plain);
        }
        let port = authority
            .port_u16()
            .unwrap_or(if is_tls { 443 } else { 80 });
        let base = uri.path().trim_end_matches('/').to_owned();
        Ok(Self {
            is_tls,
            host,
            port,
            base,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart() {
        let of = |url| Address::parse(url).map(|a| (a.is_tls, a.host, a.port, a.base));
        let own =
            |tls, host: &str, port, base: &str| Ok((tls, host.to_owned(), port, base.to_owned()));
        assert_eq!(
            of("https://center.example"),
            own(true, "center.example", 443, "")
        );
        assert_eq!(
            of(" https://10.0.0.7:8443/desk/ "),
            own(true, "10.0.0.7", 8443, "/desk")
        );
        assert_eq!(
            of("http://127.0.0.1:4711"),
            own(false, "127.0.0.1", 4711, "")
        );
        assert_eq!(of("http://localhost:1/"), own(false, "localhost", 1, ""));
        assert_eq!(of("http://[::1]:9"), own(false, "::1", 9, ""));
    }

    #[test]
    fn plain_http_to_others_is_refused() {
        assert_eq!(Address::parse("http://10.0.0.7"), Err(AddressError::Plain));
        assert_eq!(
            Address::parse("http://127.0.0.1.evil.example"),
            Err(AddressError::Plain)
        );
        for bad in [
            "",
            "center",
            "ftp://x",
            "https://",
            "https://a:b@c",
            "https://a/?q",
        ] {
            assert_eq!(Address::parse(bad), Err(AddressError::Form), "{bad}");
        }
    }
}

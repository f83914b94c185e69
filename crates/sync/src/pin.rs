//! Which key a laptop takes for its center's, whatever certificate authorities or proxies say.

use crate::code::{PIN_CHARS, base32};
use data_encoding::HEXLOWER;
use ledger::PublicKey;

/// What is known of the center's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pin {
    /// The beginning of its hash, from an enrolment code: 100 bits in Crockford's base 32.
    Prefix(String),
    /// The key itself.
    Key(PublicKey),
}

/// The DER form of an Ed25519 public key up to the key's own 32 bytes. Source: RFC 8410, section 4.
const SPKI_PREFIX: [u8; 12] = [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0];

impl Pin {
    /// Tells whether a key is the one that is meant.
    pub fn fits(&self, key: &PublicKey) -> bool {
        match self {
            Self::Prefix(prefix) => *prefix == Self::Key(key.clone()).prefix(),
            Self::Key(known) => known == key,
        }
    }

    /// The first 100 bits of the hash of the tagged key, in 20 characters.
    pub fn prefix(&self) -> String {
        match self {
            Self::Prefix(prefix) => prefix.clone(),
            Self::Key(key) => {
                let id = key.device_id();
                let digits = id.strip_prefix("sha256:").unwrap_or_default();
                base32(
                    &HEXLOWER.decode(digits.as_bytes()).unwrap_or_default(),
                    PIN_CHARS,
                )
            }
        }
    }
}

/// Reads the Ed25519 key of a certificate; `None` for any other kind of key.
pub fn key_of_spki(spki: &[u8]) -> Option<PublicKey> {
    let raw = spki.strip_prefix(&SPKI_PREFIX)?;
    PublicKey::parse(&format!(
        "ed25519:{}",
        data_encoding::BASE64URL_NOPAD.encode(raw)
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::DeviceKey;

    #[test]
    fn a_pin_fits_its_key_alone() {
        let key = |n| DeviceKey::from_secret(&[n; 32]).public();
        let pin = Pin::Key(key(1));
        let prefix = Pin::Prefix(pin.prefix());
        assert_eq!(pin.prefix().len(), PIN_CHARS);
        assert!(pin.fits(&key(1)) && prefix.fits(&key(1)));
        assert!(!pin.fits(&key(2)) && !prefix.fits(&key(2)));
        assert!(!Pin::Prefix(String::new()).fits(&key(1)));
    }
}

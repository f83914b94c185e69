//! Turning a passphrase into a key: slow on purpose.

use std::time::Instant;

use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

use super::error::VaultError;
use super::secret::Secret;

/// The cost of one guess at the passphrase (Argon2id).
///
/// Source: RFC 9106.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kdf {
    /// Memory. Units: KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

/// Four times the memory of a well-known password store's default.
const STANDARD_MEMORY_KIB: u32 = 256 * 1024;
/// On a laptop with little memory.
const SMALL_MEMORY_KIB: u32 = 64 * 1024;
/// What opening may cost a person.
const TARGET_MS: u128 = 700;
const MIN_PASSES: u128 = 2;
const MAX_STANDARD_PASSES: u128 = 12;
/// More than any honest vault asks for: a damaged file must not exhaust the laptop.
const MAX_MEMORY_KIB: u32 = 4 * 1024 * 1024;
const MAX_PASSES: u32 = 64;
const MAX_LANES: u32 = 16;

impl Kdf {
    /// The cost for a new vault, measured on this laptop to take 0.5 to 1 s.
    ///
    /// One lane: lanes are computed one after the other here and would help only a guesser.
    pub fn standard() -> Self {
        let memory_kib = match total_memory_kib() {
            Some(total) if total < 3 * 1024 * 1024 => SMALL_MEMORY_KIB,
            _ => STANDARD_MEMORY_KIB,
        };
        let probe = Self {
            memory_kib: SMALL_MEMORY_KIB,
            passes: 1,
            lanes: 1,
        };
        let start = Instant::now();
        let measured = probe.derive("probe", &[0; 16]);
        let one_pass_ms = start.elapsed().as_millis() * u128::from(memory_kib / SMALL_MEMORY_KIB);
        let passes = match measured {
            Ok(_) => (TARGET_MS / one_pass_ms.max(1)).clamp(MIN_PASSES, MAX_STANDARD_PASSES),
            Err(_) => MIN_PASSES,
        };
        Self {
            memory_kib,
            passes: u32::try_from(passes).unwrap_or(MAX_PASSES),
            lanes: 1,
        }
    }

    /// A cost for tests, where guessing is not the question.
    pub fn quick_for_tests() -> Self {
        Self {
            memory_kib: 16,
            passes: 1,
            lanes: 1,
        }
    }

    /// The key that a passphrase gives; equal for every way of typing the same characters.
    ///
    /// # Errors
    /// [`VaultError::Derivation`] when the cost is beyond reason or the memory is not there.
    pub(crate) fn derive(&self, passphrase: &str, salt: &[u8]) -> Result<Secret, VaultError> {
        let refused = || VaultError::Derivation {
            memory_kib: self.memory_kib,
        };
        if self.memory_kib > MAX_MEMORY_KIB || self.passes > MAX_PASSES || self.lanes > MAX_LANES {
            return Err(refused());
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| refused())?;
        // Input methods give full-width and composed forms of one character; NFKC makes them one.
        let text: Zeroizing<String> = Zeroizing::new(passphrase.nfkc().collect());
        let mut out = Zeroizing::new([0_u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(text.as_bytes(), salt, &mut out[..])
            .map_err(|_| refused())?;
        Secret::from_slice(&out[..]).ok_or_else(refused)
    }
}

/// Memory of this machine, where it is easy to know. Units: KiB.
fn total_memory_kib() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("MemTotal:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_characters_typed_otherwise_give_the_same_key() {
        let kdf = Kdf::quick_for_tests();
        let key = |text: &str| *kdf.derive(text, &[7; 16]).unwrap().bytes();
        assert_eq!(key("abc１２３"), key("abc123"));
        assert_eq!(key("e\u{301}t\u{e9}"), key("\u{e9}te\u{301}"));
        assert_ne!(key("abc123"), key("abc124"));
        assert_ne!(
            key("abc123"),
            *kdf.derive("abc123", &[8; 16]).unwrap().bytes()
        );
    }

    #[test]
    fn a_cost_beyond_reason_is_refused() {
        let kdf = Kdf {
            memory_kib: u32::MAX,
            passes: 1,
            lanes: 1,
        };
        assert!(matches!(
            kdf.derive("x", &[0; 16]),
            Err(VaultError::Derivation { .. })
        ));
        let kdf = Kdf {
            memory_kib: 16,
            passes: 0,
            lanes: 1,
        };
        assert!(matches!(
            kdf.derive("x", &[0; 16]),
            Err(VaultError::Derivation { .. })
        ));
    }

    #[test]
    fn the_standard_cost_is_at_least_64_mib_and_two_passes() {
        let kdf = Kdf::standard();
        assert!(
            kdf.memory_kib >= SMALL_MEMORY_KIB && kdf.passes >= 2,
            "{kdf:?}"
        );
    }
}

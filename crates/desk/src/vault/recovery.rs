//! The recovery code: six printable groups that open a vault when the passphrase is forgotten.
//!
//! Thirty characters carry 150 random bits (Crockford's base 32); each group of five has a sixth
//! character that checks it, so that a typo is found and named by its group before anything else
//! is tried.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::{Zeroize, Zeroizing};

use super::error::VaultError;
use super::secret::{self, Secret};
use crate::env::Env;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUPS: usize = 6;
const PAYLOAD: usize = 5;
const GROUP: usize = PAYLOAD + 1;

/// A recovery code, as it is printed: `ABCDE1-…`, six groups.
///
/// Invariant: shown once to the person, never kept in the clear, wiped when dropped.
#[derive(Clone)]
pub struct RecoveryCode(String);

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

impl Drop for RecoveryCode {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl RecoveryCode {
    /// A fresh code.
    pub(crate) fn random(env: &Env) -> Self {
        let mut bytes = Zeroizing::new([0_u8; GROUPS * PAYLOAD]);
        env.entropy.fill(&mut bytes[..]);
        let mut text = String::with_capacity(GROUPS * (GROUP + 1));
        for (group, chunk) in bytes.chunks(PAYLOAD).enumerate() {
            if group > 0 {
                text.push('-');
            }
            // The low five bits of each random byte: uniform over the alphabet.
            let symbols = Zeroizing::new([0, 1, 2, 3, 4].map(|at: usize| chunk[at] & 31));
            for symbol in symbols.iter().chain([&check(group, &symbols[..])]) {
                text.push(char::from(ALPHABET[usize::from(*symbol)]));
            }
        }
        Self(text)
    }

    /// Reads what a person typed: any case, any separators, O for 0, I and L for 1.
    ///
    /// # Errors
    /// [`VaultError::RecoveryTypo`] names the group; [`VaultError::RecoveryLength`] when
    /// characters are missing or too many.
    pub fn parse(text: &str) -> Result<Self, VaultError> {
        let typed: Zeroizing<String> = Zeroizing::new(text.nfkc().collect());
        let parts: Vec<&str> = typed
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .collect();
        let n_typed: usize = parts.iter().map(|part| part.chars().count()).sum();
        if n_typed != GROUPS * GROUP {
            // Typed in groups: the one of the wrong length can be named.
            let odd = parts.iter().position(|part| part.chars().count() != GROUP);
            return match odd {
                Some(at) if parts.len() == GROUPS => {
                    Err(VaultError::RecoveryTypo { group: at + 1 })
                }
                _ => Err(VaultError::RecoveryLength {
                    found: n_typed,
                    wanted: GROUPS * GROUP,
                }),
            };
        }
        let letters: Zeroizing<String> = Zeroizing::new(parts.concat());
        let mut symbols = Zeroizing::new(Vec::with_capacity(GROUPS * GROUP));
        for (at, letter) in letters.chars().enumerate() {
            let symbol = symbol(letter).ok_or(VaultError::RecoveryTypo {
                group: at / GROUP + 1,
            })?;
            symbols.push(symbol);
        }
        let mut canonical = String::with_capacity(GROUPS * (GROUP + 1));
        for (group, six) in symbols.chunks(GROUP).enumerate() {
            let (payload, given) = six.split_at(PAYLOAD);
            if given != [check(group, payload)] {
                return Err(VaultError::RecoveryTypo { group: group + 1 });
            }
            if group > 0 {
                canonical.push('-');
            }
            canonical.extend(
                six.iter()
                    .map(|symbol| char::from(ALPHABET[usize::from(*symbol)])),
            );
        }
        Ok(Self(canonical))
    }

    /// The code for printing.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The wrapping key. The code is random enough to need no slow derivation.
    pub(crate) fn wrapping_key(&self, salt: &[u8]) -> Secret {
        secret::derive(self.0.as_bytes(), salt, b"pidesk-recovery-v1")
    }
}

fn symbol(letter: char) -> Option<u8> {
    let letter = match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = ALPHABET
        .iter()
        .position(|known| char::from(*known) == letter)?;
    u8::try_from(at).ok()
}

/// The check character of a group: finds every single wrong character, every exchange of two
/// characters and every exchange of two groups.
///
/// A weighted sum over the field with 32 elements; the weights are different powers of a
/// generator, and the group's number is added.
fn check(group: usize, payload: &[u8]) -> u8 {
    let start = u8::try_from(group + 1).unwrap_or(0);
    let mut weight = 2;
    let mut sum = start;
    for symbol in payload {
        sum ^= multiply(*symbol, weight);
        weight = multiply(weight, 2);
    }
    sum
}

/// Product in GF(32), polynomial x^5 + x^2 + 1.
fn multiply(a: u8, b: u8) -> u8 {
    let mut product = 0;
    let mut a = a;
    for bit in 0..5 {
        if b >> bit & 1 == 1 {
            product ^= a;
        }
        a <<= 1;
        if a & 32 != 0 {
            a ^= 0b10_0101;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::tests::fake_env;

    fn code() -> RecoveryCode {
        RecoveryCode::random(&fake_env(3))
    }

    #[test]
    fn reads_what_it_printed_in_every_way_of_typing() {
        let code = code();
        let printed = code.as_str().to_owned();
        assert_eq!(printed.len(), GROUPS * (GROUP + 1) - 1);
        let ways = [
            printed.clone(),
            printed.to_lowercase(),
            printed.replace('-', " "),
            printed.replace('-', ""),
            format!("  {}\n", printed.replace('-', " – ")),
            printed.replace('0', "O").replace('1', "l"),
            printed
                .chars()
                .map(|c| char::from_u32(c as u32 + 0xfee0).unwrap())
                .collect(),
        ];
        for way in ways {
            assert_eq!(
                RecoveryCode::parse(&way).unwrap().as_str(),
                printed,
                "{way}"
            );
        }
    }

    #[test]
    fn every_single_typo_is_named_by_its_group() {
        let printed: Vec<char> = code().as_str().chars().collect();
        let mut n = 0;
        for at in 0..printed.len() {
            if printed[at] == '-' {
                continue;
            }
            for wrong in ALPHABET
                .iter()
                .map(|b| char::from(*b))
                .filter(|c| *c != printed[at])
            {
                let mut typed = printed.clone();
                typed[at] = wrong;
                let typed: String = typed.into_iter().collect();
                let group = at / (GROUP + 1) + 1;
                let result = RecoveryCode::parse(&typed);
                assert!(
                    matches!(result, Err(VaultError::RecoveryTypo { group: g }) if g == group),
                    "{typed}"
                );
                n += 1;
            }
        }
        assert_eq!(n, GROUPS * GROUP * 31);
    }

    #[test]
    fn exchanged_characters_and_exchanged_groups_are_found() {
        let printed = code().as_str().to_owned();
        let groups: Vec<&str> = printed.split('-').collect();
        for a in 0..GROUPS {
            for b in a + 1..GROUPS {
                let mut swapped = groups.clone();
                swapped.swap(a, b);
                assert!(RecoveryCode::parse(&swapped.join("-")).is_err());
            }
            let mut letters: Vec<char> = groups[a].chars().collect();
            for at in 0..PAYLOAD {
                if letters[at] == letters[at + 1] {
                    continue;
                }
                letters.swap(at, at + 1);
                let mut typed = groups.clone();
                let word: String = letters.iter().collect();
                typed[a] = &word;
                assert!(RecoveryCode::parse(&typed.join("-")).is_err());
                letters.swap(at, at + 1);
            }
        }
    }

    #[test]
    fn a_short_group_is_named_and_a_short_code_is_counted() {
        let printed = code().as_str().to_owned();
        let mut groups: Vec<String> = printed.split('-').map(str::to_owned).collect();
        groups[2].pop();
        let short = RecoveryCode::parse(&groups.join("-"));
        assert!(matches!(short, Err(VaultError::RecoveryTypo { group: 3 })));
        let cut = RecoveryCode::parse(&printed[..20]);
        assert!(matches!(
            cut,
            Err(VaultError::RecoveryLength {
                found: 18,
                wanted: 36
            })
        ));
        assert!(matches!(
            RecoveryCode::parse("恢复码"),
            Err(VaultError::RecoveryLength { found: 3, .. })
        ));
    }

    #[test]
    fn is_not_shown_by_debug() {
        let code = code();
        assert!(!format!("{code:?}").contains(&code.as_str()[..6]));
    }
}

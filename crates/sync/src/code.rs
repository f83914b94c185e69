//! The enrolment code: 30 characters that admit one laptop and name the center's key.
//!
//! 50 bits of secret (two characters to find the invitation, eight to prove it) and 100 bits of
//! the hash of the center's public key. Characters: Crockford's base 32.

use crate::pin::Pin;

/// Characters of the part that finds the invitation.
pub const HANDLE_CHARS: usize = 2;
/// Characters of the part that proves it.
pub const SECRET_CHARS: usize = 8;
/// Characters of the part that names the center's key.
pub const PIN_CHARS: usize = 20;
/// Characters of the whole.
pub const CODE_CHARS: usize = HANDLE_CHARS + SECRET_CHARS + PIN_CHARS;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUP_CHARS: usize = 5;

/// Why a text is not a code.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
pub enum CodeError {
    /// It does not have 30 characters.
    #[error("the code has {0} characters, not 30")]
    Length(usize),
    /// It has a character that no code has.
    #[error("the code has a character that no code has")]
    Character,
}

/// An enrolment code.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

/// Shows nothing: a code admits whoever has it.
impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Code(…)")
    }
}

impl Code {
    /// Makes a code from seven random bytes and the center's pin.
    pub fn new(random: &[u8; 7], pin: &Pin) -> Self {
        Self(base32(random, HANDLE_CHARS + SECRET_CHARS) + &pin.prefix())
    }

    /// Reads a code as people type it: any case, with blanks and dashes, O for 0, I and L for 1.
    ///
    /// # Errors
    /// [`CodeError`].
    pub fn parse(text: &str) -> Result<Self, CodeError> {
        let code = typed(text)?;
        if code.len() == CODE_CHARS {
            Ok(Self(code))
        } else {
            Err(CodeError::Length(code.len()))
        }
    }

    /// What finds the invitation.
    pub fn handle(&self) -> &str {
        self.0.get(..HANDLE_CHARS).unwrap_or_default()
    }

    /// What proves the invitation.
    pub fn secret(&self) -> &str {
        self.0
            .get(HANDLE_CHARS..HANDLE_CHARS + SECRET_CHARS)
            .unwrap_or_default()
    }

    /// The beginning of the hash of the center's key.
    pub fn pin(&self) -> Pin {
        Pin::Prefix(
            self.0
                .get(HANDLE_CHARS + SECRET_CHARS..)
                .unwrap_or_default()
                .to_owned(),
        )
    }

    /// The code in groups of five, for reading aloud and copying.
    pub fn to_text(&self) -> String {
        let chars: Vec<char> = self.0.chars().collect();
        let groups = chars
            .chunks(GROUP_CHARS)
            .map(|group| group.iter().collect::<String>());
        groups.collect::<Vec<_>>().join("-")
    }
}

/// Reads characters of a code as people type them: any case, with blanks and dashes, O for 0, I and
/// L for 1.
///
/// # Errors
/// [`CodeError::Character`].
pub fn typed(text: &str) -> Result<String, CodeError> {
    let mut code = String::with_capacity(CODE_CHARS);
    for c in text.chars().filter(|c| !c.is_whitespace() && !is_dash(*c)) {
        let c = match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            c => c,
        };
        if !u8::try_from(c).is_ok_and(|b| ALPHABET.contains(&b)) {
            return Err(CodeError::Character);
        }
        code.push(c);
    }
    Ok(code)
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '_' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{ff0d}'
    )
}

/// The first characters of bytes in Crockford's base 32, most significant bits first.
pub fn base32(bytes: &[u8], n_chars: usize) -> String {
    let bit = |n: usize| bytes.get(n / 8).map_or(0, |byte| (byte >> (7 - n % 8)) & 1);
    let digit = |i: usize| (0..5).fold(0, |digit, b| digit << 1 | bit(i * 5 + b));
    (0..n_chars)
        .map(|i| char::from(ALPHABET[usize::from(digit(i))]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ledger::DeviceKey;

    fn code() -> (Code, Pin) {
        let pin = Pin::Key(DeviceKey::from_secret(&[3; 32]).public());
        (
            Code::new(&[0xff, 0x01, 0x83, 0x40, 0x21, 0x9c, 0x80], &pin),
            pin,
        )
    }

    #[test]
    fn a_code_has_30_characters_in_groups() {
        let (code, pin) = code();
        let text = code.to_text();
        assert_eq!(text.len(), 35);
        assert_eq!(text.split('-').map(str::len).collect::<Vec<_>>(), [5; 6]);
        assert_eq!(Code::parse(&text), Ok(code.clone()));
        assert_eq!(code.pin(), Pin::Prefix(pin.prefix()));
        assert_eq!((code.handle(), code.secret().len()), ("ZW", 8));
    }

    #[test]
    fn typing_is_forgiven() {
        let (code, _) = code();
        let text = code.to_text();
        let typed = text
            .to_lowercase()
            .replace('0', "o")
            .replace('1', "l")
            .replace('-', " \u{2013}");
        assert_eq!(Code::parse(&format!("  {typed}\n")), Ok(code));
    }

    #[test]
    fn what_is_no_code_is_named() {
        assert_eq!(Code::parse(""), Err(CodeError::Length(0)));
        assert_eq!(Code::parse(&"A".repeat(31)), Err(CodeError::Length(31)));
        assert_eq!(Code::parse(&"U".repeat(30)), Err(CodeError::Character));
        assert_eq!(Code::parse(&"码".repeat(30)), Err(CodeError::Character));
    }

    #[test]
    fn base32_is_crockfords() {
        assert_eq!(base32(&[0x00, 0x44, 0x32, 0x14, 0xc7], 8), "01234567");
        assert_eq!(base32(&[0b0000_0000, 0b0100_0100], 3), "012");
        assert_eq!(base32(&[0xff], 1), "Z");
    }
}

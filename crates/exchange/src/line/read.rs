//! Lines as they are found: unfolded, decoded, taken apart. Nothing that is found stops it.

use crate::charset::{self, Charset};

/// A line taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// Where it begins in the file, from 1.
    pub(crate) number: usize,
    /// What stands before a dot in front of the name; empty when there is none.
    pub(crate) group: String,
    /// In capitals; empty when the line is none of the format.
    pub(crate) name: String,
    /// Names in capitals; a bare one (vCard 2.1) is a `TYPE`.
    params: Vec<(String, String)>,
    /// With its escapes.
    pub(crate) value: String,
}

impl Line {
    /// The values of a parameter, those in one list apart.
    pub(crate) fn params<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.params
            .iter()
            .filter(move |(found, _)| found == name)
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
    }

    /// Whether its `TYPE` says a word.
    pub(crate) fn is_type(&self, word: &str) -> bool {
        self.params("TYPE")
            .any(|found| found.eq_ignore_ascii_case(word))
    }
}

/// A folded line put together.
struct Whole {
    number: usize,
    bytes: Vec<u8>,
}

/// The lines of a file, and what its bytes were read as. `wanted` goes before what is guessed.
pub(crate) fn read(bytes: &[u8], wanted: Option<Charset>) -> (Vec<Line>, Charset) {
    let (bytes, marked) = charset::unmarked(bytes);
    let wholes = unfold(&bytes);
    let charset = match (marked, wanted) {
        // Already UTF-8 by now.
        (Some(_), _) => Charset::UTF_8,
        (None, Some(wanted)) => wanted,
        (None, None) => guess(&wholes),
    };
    let mut lines = Vec::with_capacity(wholes.len());
    for card in cards(&wholes) {
        let charset = of_card(card, charset);
        lines.extend(card.iter().map(|whole| take_apart(whole, charset)));
    }
    (lines, marked.unwrap_or(charset))
}

/// The cards of a file, each from its beginning on: an archive may hold some of either kind.
fn cards<'a>(wholes: &'a [Whole]) -> impl Iterator<Item = &'a [Whole]> {
    let mut rest = wholes;
    std::iter::from_fn(move || {
        let begins = |whole: &Whole| {
            let line = whole.bytes.trim_ascii();
            line.eq_ignore_ascii_case(b"BEGIN:VCARD")
        };
        let next = rest.iter().skip(1).position(begins);
        let (card, after) = rest.split_at(next.map_or(rest.len(), |place| place + 1));
        rest = after;
        (!card.is_empty()).then_some(card)
    })
}

/// What a card is read as, in a file that was guessed: version 4 is always UTF-8 (RFC 6350, 3.1),
/// and so is one whose undeclared lines all are.
fn of_card(card: &[Whole], guessed: Charset) -> Charset {
    let is_new = card.iter().any(|whole| {
        let line = whole.bytes.trim_ascii();
        line.eq_ignore_ascii_case(b"VERSION:4.0")
    });
    let is_utf_8 = undeclared(card).next().is_none();
    if is_utf_8 && (is_new || guessed.guessed) {
        Charset::UTF_8
    } else {
        guessed
    }
}

/// The lines that do not declare what they are and are not UTF-8.
fn undeclared(wholes: &[Whole]) -> impl Iterator<Item = &Whole> {
    wholes.iter().filter(|whole| {
        !find(head(&whole.bytes), b"CHARSET=") && std::str::from_utf8(&whole.bytes).is_err()
    })
}

/// Guessed from the lines that do not declare theirs; one odd line says nothing of the others.
fn guess(wholes: &[Whole]) -> Charset {
    let sample: Vec<u8> = undeclared(wholes)
        .flat_map(|whole| value(&whole.bytes).iter().copied().chain([b'\n']))
        .take(1 << 20)
        .collect();
    Charset::guess(&sample)
}

fn unfold(bytes: &[u8]) -> Vec<Whole> {
    let mut wholes: Vec<Whole> = Vec::new();
    let mut is_soft = false;
    for (place, line) in physical(bytes).enumerate() {
        let folded = line.strip_prefix(b" ").or(line.strip_prefix(b"\t"));
        match (wholes.last_mut(), folded) {
            (Some(last), _) if is_soft => last.bytes.extend_from_slice(line),
            (Some(last), Some(rest)) => last.bytes.extend_from_slice(rest),
            _ if line.is_empty() => {}
            _ => wholes.push(Whole {
                number: place + 1,
                bytes: line.to_vec(),
            }),
        }
        // Quoted-printable goes on in the next line after `=`, which is not indented.
        is_soft = line.last() == Some(&b'=')
            && wholes
                .last()
                .is_some_and(|last| find(head(&last.bytes), b"QUOTED-PRINTABLE"));
        if is_soft && let Some(last) = wholes.last_mut() {
            last.bytes.pop();
        }
    }
    wholes
}

/// Lines as they stand: ended by CR LF, LF or CR.
fn physical(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
            rest = None;
            return Some(bytes);
        };
        let (line, after) = bytes.split_at(end);
        rest = after.strip_prefix(b"\r\n").or(after.get(1..));
        Some(line)
    })
}

/// The place of the colon between head and value: the first that is not in quotes.
fn colon(bytes: &[u8]) -> Option<usize> {
    let mut is_quoted = false;
    let found = bytes.iter().position(|byte| {
        is_quoted ^= *byte == b'"';
        *byte == b':' && !is_quoted
    });
    found.or_else(|| bytes.iter().position(|byte| *byte == b':'))
}

fn head(bytes: &[u8]) -> &[u8] {
    bytes.get(..colon(bytes).unwrap_or(0)).unwrap_or_default()
}

fn value(bytes: &[u8]) -> &[u8] {
    let from = colon(bytes).map_or(0, |place| place + 1);
    bytes.get(from..).unwrap_or_default()
}

fn find(bytes: &[u8], word: &[u8]) -> bool {
    bytes
        .windows(word.len())
        .any(|part| part.eq_ignore_ascii_case(word))
}

fn take_apart(whole: &Whole, charset: Charset) -> Line {
    let mut line = Line {
        number: whole.number,
        ..Line::default()
    };
    let head = charset.text(head(&whole.bytes));
    let mut parts = split_unquoted(&head, ';').into_iter();
    let full = parts.next().unwrap_or_default();
    let (group, name) = full.rsplit_once('.').unwrap_or(("", full));
    let is_name = |text: &str| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !text.is_empty() && text.bytes().all(fits)
    };
    if !is_name(name.trim()) {
        return line;
    }
    line.group = group.trim().to_ascii_lowercase();
    line.name = name.trim().to_ascii_uppercase();
    line.params = parts
        .filter(|part| !part.trim().is_empty())
        .map(|part| match part.split_once('=') {
            Some((name, value)) => (
                name.trim().to_ascii_uppercase(),
                value.trim().replace('"', ""),
            ),
            None => (bare(part.trim()).to_owned(), part.trim().to_owned()),
        })
        .collect();
    let declared = line.params("CHARSET").next().and_then(Charset::named);
    let raw = value(&whole.bytes);
    let is_quoted = line
        .params("ENCODING")
        .any(|found| found.eq_ignore_ascii_case("QUOTED-PRINTABLE"));
    let unquoted = if is_quoted { unquote(raw) } else { Vec::new() };
    let raw = if is_quoted { &unquoted } else { raw };
    line.value = match declared {
        Some(declared) => declared.text(raw),
        // What was encoded byte by byte may be of another set than the file around it.
        None if is_quoted && !charset.guessed => Charset::guess(raw).text(raw),
        // Three bytes that make one character of UTF-8 are hardly ever anything else.
        None if charset.guessed && is_wide_utf_8(raw) => Charset::UTF_8.text(raw),
        None => charset.text(raw),
    };
    line
}

fn is_wide_utf_8(bytes: &[u8]) -> bool {
    let text = std::str::from_utf8(bytes);
    text.is_ok_and(|text| text.chars().any(|letter| letter >= '\u{800}'))
}

/// The parameter that a bare value belongs to.
fn bare(value: &str) -> &'static str {
    let is = |word: &str| value.eq_ignore_ascii_case(word);
    if is("QUOTED-PRINTABLE") || is("BASE64") || is("8BIT") || is("7BIT") {
        "ENCODING"
    } else {
        "TYPE"
    }
}

fn unquote(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        let digit = |place: usize| Some(char::from(*after.get(place)?).to_digit(16)? as u8);
        if *first == b'='
            && let (Some(high), Some(low)) = (digit(0), digit(1))
        {
            out.push(high * 16 + low);
            rest = after.get(2..).unwrap_or_default();
        } else {
            out.push(*first);
            rest = after;
        }
    }
    out
}

fn split_unquoted(text: &str, at: char) -> Vec<&str> {
    let mut is_quoted = false;
    text.split(|letter| {
        is_quoted ^= letter == '"';
        letter == at && !is_quoted
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<Line> {
        read(text.as_bytes(), None).0
    }

    #[test]
    fn a_line_is_unfolded_and_taken_apart() {
        let found = lines("item1.TEL;type=\"work,voice\";X-A=\"b:c;d\":+86\r\n  21\r\n");
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].group, "item1");
        assert_eq!(found[0].name, "TEL");
        assert!(found[0].is_type("Voice"));
        assert_eq!(found[0].params("X-A").next(), Some("b:c;d"));
        assert_eq!(found[0].value, "+86 21");
    }

    #[test]
    fn quoted_printable_goes_on_after_a_soft_break() {
        let text = "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E4=B8=81=E5=\n=B0=8F\nN;QUOTED-PRINTABLE;CHARSET=GB2312:=B6=A1";
        let found = lines(text);
        assert_eq!(found[0].value, "丁小");
        assert_eq!(found[1].value, "丁");
        assert_eq!(found[1].number, 3);
    }

    #[test]
    fn a_fold_inside_a_character_is_put_together() {
        let bytes = b"FN:\xe4\xb8\r\n \x81\r\n";
        assert_eq!(read(bytes, None).0[0].value, "丁");
    }

    #[test]
    fn each_card_of_a_file_is_read_as_what_it_is() {
        let of = |version: &str, name: &[u8]| {
            let head = format!("BEGIN:VCARD\r\nVERSION:{version}\r\nFN:");
            [head.as_bytes(), name, b"\r\nEND:VCARD\r\n"].concat()
        };
        let gbk = b"\xc0\xee\xca\xbe\xc0\xfd";
        let file = [
            of("2.1", gbk),
            of("3.0", "陈示例".as_bytes()),
            of("4.0", "José".as_bytes()),
            of("3.0", gbk),
        ]
        .concat();
        let (lines, charset) = read(&file, None);
        let names = lines.iter().filter(|line| line.name == "FN");
        let names: Vec<&str> = names.map(|line| line.value.as_str()).collect();
        assert_eq!(names, ["李示例", "陈示例", "José", "李示例"]);
        // The file still says that a part of it was guessed.
        assert!(charset.guessed);
        // What a person chose is what an old card is; a new one is always UTF-8.
        let (lines, _) = read(&of("4.0", "陈示例".as_bytes()), Charset::named("gbk"));
        assert_eq!(lines[2].value, "陈示例");
    }

    #[test]
    fn what_is_no_line_has_no_name() {
        let found = lines("no colon\n : x\nA B:c\n=20\n");
        // The second begins with a space and belongs to the first.
        assert!(found.iter().all(|line| line.name.is_empty()), "{found:?}");
    }
}

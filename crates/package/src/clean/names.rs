//! Names that no other reader takes, written anew: with a null in them, or with a stray `#`
//! (ISO 32000-1, 7.3.5).

use lopdf::Dictionary;

/// Stands for a null in a name.
const MARK: u8 = b'_';

/// The names by which a page's content finds what it uses, written like those in the content.
pub(super) fn in_keys(used: &mut Dictionary) {
    let odd = used
        .iter()
        .map(|(key, _)| key)
        .filter(|key| key.contains(&0));
    let odd: Vec<Vec<u8>> = odd.cloned().collect();
    for key in odd {
        let sound = key.iter().map(|byte| if *byte == 0 { MARK } else { *byte });
        if let Some(value) = used.remove(&key) {
            used.set(sound.collect::<Vec<u8>>(), value);
        }
    }
}

/// Content with its names written anew where one of them must be; all else stays byte by byte.
pub(super) fn in_content(content: Vec<u8>) -> Vec<u8> {
    if !content.contains(&b'#') {
        return content;
    }
    let mut out = Vec::with_capacity(content.len());
    let mut at = 0;
    while let Some(&byte) = content.get(at) {
        let end = match byte {
            b'/' => {
                let end = end_of_word(&content, at + 1);
                rename(&content[at..end], &mut out);
                at = end;
                continue;
            }
            b'(' => end_of_text(&content, at),
            b'%' => end_of_line(&content, at),
            _ if is_regular(byte) => {
                let end = end_of_word(&content, at);
                match &content[at..end] {
                    b"ID" => end_of_picture(&content, end),
                    _ => end,
                }
            }
            _ => at + 1,
        };
        out.extend_from_slice(&content[at..end]);
        at = end;
    }
    out
}

/// Writes one name, its mark in front.
fn rename(name: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while let Some(&byte) = name.get(at) {
        let digits = name.get(at + 1..at + 3);
        match (byte, digits) {
            (b'#', Some(b"00")) => {
                out.push(MARK);
                at += 3;
            }
            (b'#', Some(digits)) if digits.iter().all(u8::is_ascii_hexdigit) => {
                out.extend_from_slice(&name[at..at + 3]);
                at += 3;
            }
            (b'#', _) => {
                out.extend_from_slice(b"#23");
                at += 1;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !b"()<>[]{}/%".contains(&byte)
}

fn end_of_word(content: &[u8], at: usize) -> usize {
    let rest = content.get(at..).unwrap_or_default();
    let length = rest.iter().position(|byte| !is_regular(*byte));
    at + length.unwrap_or(rest.len())
}

fn end_of_line(content: &[u8], at: usize) -> usize {
    let rest = &content[at..];
    let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
    at + length.unwrap_or(rest.len())
}

/// Behind a text in brackets, which may hold brackets and escaped ones.
fn end_of_text(content: &[u8], at: usize) -> usize {
    let (mut depth, mut end) = (0_usize, at);
    while let Some(byte) = content.get(end) {
        end += 1;
        match byte {
            b'\\' => end += 1,
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    end.min(content.len())
}

/// Behind the bytes of a picture within the content: where `EI` stands by itself.
fn end_of_picture(content: &[u8], at: usize) -> usize {
    let rest = &content[at..];
    let found = rest.windows(4).position(|four| match four {
        [before, b'E', b'I', after] => is_space(*before) && !is_regular(*after),
        _ => false,
    });
    found.map_or(content.len(), |found| at + found + 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::dictionary;

    #[test]
    fn only_names_are_written_anew() {
        for (content, wanted) in [
            ("/Z#00Z gs", "/Z_Z gs"),
            ("/A#20B Do /C#Z Do /D# Do", "/A#20B Do /C#23Z Do /D#23 Do"),
            ("(/Z#00Z \\) /Z#00) Tj /Z#00(", "(/Z#00Z \\) /Z#00) Tj /Z_("),
            ("% /Z#00\n[/Z#00]", "% /Z#00\n[/Z_]"),
            ("BI /W 1 ID /Z#00 EI /Z#00", "BI /W 1 ID /Z#00 EI /Z_"),
            ("BI ID /Z#00 never ends", "BI ID /Z#00 never ends"),
            ("<</Z#00 1>>", "<</Z_ 1>>"),
            ("(never ends /Z#00", "(never ends /Z#00"),
            ("/plain names", "/plain names"),
        ] {
            let found = in_content(content.as_bytes().to_vec());
            assert_eq!(String::from_utf8(found).unwrap(), wanted);
        }
        let mut used = dictionary! { "Plain" => 1 };
        used.set(b"Z\0Z".to_vec(), 2);
        in_keys(&mut used);
        assert!(used.has(b"Z_Z") && used.has(b"Plain") && used.len() == 2);
    }
}

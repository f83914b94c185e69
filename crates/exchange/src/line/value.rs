//! Values with their escapes undone.

/// How a version of the format escapes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Escapes {
    /// vCard 2.1: `\;` and its like; a backslash before anything else is one.
    Old,
    /// 3.0 and 4.0: `\n` is a line end too.
    New,
}

/// The parts of a value between separators that are not escaped, each with its escapes undone.
pub(crate) fn split(value: &str, at: char, escapes: Escapes) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut letters = value.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied();
        let undone = match (letter, next) {
            ('\\', Some('n' | 'N')) if escapes == Escapes::New => Some('\n'),
            ('\\', Some(next @ ('\\' | ',' | ';' | ':' | '"'))) => Some(next),
            _ => None,
        };
        match (undone, parts.last_mut()) {
            (Some(undone), Some(part)) => {
                letters.next();
                part.push(undone);
            }
            (None, _) if letter == at => parts.push(String::new()),
            (None, Some(part)) => part.push(letter),
            (_, None) => {}
        }
    }
    parts
}

/// A value of one text.
pub(crate) fn text(value: &str, escapes: Escapes) -> String {
    // No text has this letter, so nothing is split.
    let whole = split(value, '\0', escapes).concat();
    let lines = whole.replace("\r\n", "\n").replace('\r', "\n");
    lines.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_undone_by_version() {
        assert_eq!(text("a\\, b\\nc\\\\n\\;", Escapes::New), "a, b\nc\\n;");
        assert_eq!(text("C:\\new\\;x", Escapes::Old), "C:\\new;x");
        assert_eq!(text("http\\://x\\", Escapes::New), "http://x\\");
        assert_eq!(split("a\\;b;c;", ';', Escapes::New), ["a;b", "c", ""]);
    }
}

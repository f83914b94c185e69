//! One line of the registry's Markdown: plain readable text out of it, and back into it.
//!
//! Only what the registry's texts use: bullets by `*`, `-` or `•`, indents of two to four, escapes.
//! Numbers of numbered lists stay in the text, because criteria are cited by them.

/// A line as a reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// `paragraph`, `heading` or `item`.
    pub(super) kind: &'static str,
    /// How deep it is indented, from 0.
    pub(super) level: i64,
    /// Its text, without bullet and escapes.
    pub(super) text: String,
}

/// Longest line that is taken for a heading. Units: characters.
const HEADING_CHARS_MAX: usize = 80;
/// Deepest level that is told apart.
const LEVEL_MAX: usize = 6;
/// Characters that the registry escapes within a line.
const ESCAPED: &str = "\\<>[]*^~`";

/// Reads a line of Markdown.
pub(super) fn read_line(raw: &str) -> Line {
    let body = raw.trim();
    let indent = raw.chars().take_while(|c| c.is_whitespace()).count();
    let level = i64::try_from((indent / 2).min(LEVEL_MAX)).unwrap_or(0);
    let bulleted = ["* ", "- ", "• "]
        .iter()
        .find_map(|bullet| body.strip_prefix(bullet));
    if let Some(item) = bulleted {
        return Line {
            kind: "item",
            level,
            text: unescape(item.trim_start()),
        };
    }
    let unhashed = body.trim_start_matches('#');
    if unhashed.len() < body.len() && unhashed.starts_with(' ') {
        return Line {
            kind: "heading",
            level: 0,
            text: unescape(unhashed.trim_start()),
        };
    }
    let kind = if level == 0 && is_heading(body) {
        "heading"
    } else {
        "paragraph"
    };
    Line {
        kind,
        level,
        text: unescape(body),
    }
}

fn is_heading(body: &str) -> bool {
    let numbered = body.starts_with(|c: char| c.is_ascii_digit() || c == '(');
    body.chars().count() <= HEADING_CHARS_MAX && !numbered && body.ends_with([':', '：'])
}

/// Writes a line of Markdown; text of several lines keeps its line ends.
pub(super) fn write_line(kind: &str, level: i64, text: &str) -> String {
    let depth = usize::try_from(level).unwrap_or(0).min(LEVEL_MAX);
    let text = escape(text);
    match kind {
        "item" => format!("{}* {text}", "  ".repeat(depth)),
        "heading" => text,
        _ => format!("{}{text}", "  ".repeat(depth)),
    }
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(next) if c == '\\' && next.is_ascii_punctuation() => {
                plain.extend(chars.next());
            }
            _ => plain.push(c),
        }
    }
    plain
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    if text.starts_with(['-', '#', '•']) {
        // At the start these would make an item or a heading; `•` has no escape and takes none.
        escaped.push_str(if text.starts_with('•') { "" } else { "\\" });
    }
    for c in text.chars() {
        if ESCAPED.contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(raw: &str, kind: &'static str, level: i64, text: &str) {
        assert_eq!(
            read_line(raw),
            Line {
                kind,
                level,
                text: text.to_owned()
            },
            "{raw}"
        );
    }

    #[test]
    fn lines_of_the_registry_read_as_people_read_them() {
        check("Inclusion Criteria:", "heading", 0, "Inclusion Criteria:");
        check("* Age \\>= 18 years", "item", 0, "Age >= 18 years");
        check("   * nested \\[a\\]", "item", 1, "nested [a]");
        check("    - deeper", "item", 2, "deeper");
        check("1. ECOG 0\\~1;", "paragraph", 0, "1. ECOG 0~1;");
        check("  2\\. not a list", "paragraph", 1, "2. not a list");
        check("# Background", "heading", 0, "Background");
        check("1. The following:", "paragraph", 0, "1. The following:");
        check("C:\\temp", "paragraph", 0, "C:\\temp");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_as_the_same_text(
            text in "[a-z0-9<>\\[\\]*^~#\\\\.:&_ 入选-]{1,30}", item: bool, level in 0_i64..4
        ) {
            let text = text.trim();
            prop_assume!(!text.is_empty());
            let kind = if item { "item" } else { "paragraph" };
            let read = read_line(&write_line(kind, level, text));
            prop_assert_eq!(read.text.as_str(), text);
            prop_assert_eq!(read.kind == "item", item);
            prop_assert_eq!(read.level, if read.kind == "heading" { 0 } else { level });
        }
    }
}

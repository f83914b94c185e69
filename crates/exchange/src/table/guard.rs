//! Cells that a spreadsheet would run as formulas, made harmless and back.
//!
//! Source: OWASP, CSV Injection: a cell that begins with `=`, `+`, `-`, `@`, tab or a line end; the
//! wide forms are taken for the narrow ones by some spreadsheets.

const RUN: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a text would be run, or would be taken for one that was made harmless.
fn is_run(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(RUN)
}

/// The text with an apostrophe in front where it would be run.
pub(super) fn harmless(text: &str) -> String {
    if is_run(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The text as it was.
pub(super) fn as_it_was(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_run(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_is_run_and_everything_comes_back(text in "['=+@a\t\r\n＝-]{0,6}") {
            let written = harmless(&text);
            prop_assert!(!written.starts_with(RUN));
            prop_assert_eq!(as_it_was(&written), text);
        }
    }
}

//! Lines as they are written: folded, with the ends that the formats want.

use super::OCTETS_MAX;

/// A text of content lines.
#[derive(Default)]
pub(crate) struct Lines {
    text: String,
}

impl Lines {
    /// Adds `NAME:value`, folded at 75 octets and never inside a character.
    ///
    /// Line ends in the value would end the line early; they become spaces.
    pub(crate) fn put(&mut self, name: &str, value: &str) {
        let line = format!("{name}:{value}");
        let mut octets = 0;
        for letter in line.chars() {
            let letter = if letter.is_control() && letter != '\t' {
                ' '
            } else {
                letter
            };
            if octets + letter.len_utf8() > OCTETS_MAX {
                self.text.push_str("\r\n ");
                octets = 1;
            }
            self.text.push(letter);
            octets += letter.len_utf8();
        }
        self.text.push_str("\r\n");
    }

    /// Adds `NAME:value` with the value escaped as text; nothing when it is empty.
    pub(crate) fn put_text(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.put(name, &escape(value));
        }
    }

    /// The text.
    pub(crate) fn into_text(self) -> String {
        self.text
    }
}

/// A text as a value: `\`, `,`, `;` and line ends escaped.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' | ',' | ';' => out.extend(['\\', letter]),
            '\r' => {
                if letters.peek() != Some(&'\n') {
                    out.push_str("\\n");
                }
            }
            '\n' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{b}' | '\u{c}' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_line_is_too_long_and_no_character_is_cut(text in "\\PC{0,200}") {
            let mut lines = Lines::default();
            lines.put_text("SUMMARY", &text);
            let written = lines.into_text();
            for line in written.split("\r\n") {
                prop_assert!(line.len() <= OCTETS_MAX);
            }
            let unfolded = written.replace("\r\n ", "");
            let expected = if text.is_empty() {
                String::new()
            } else {
                format!("SUMMARY:{}\r\n", escape(&text))
            };
            prop_assert_eq!(unfolded, expected);
        }
    }

    #[test]
    fn what_would_end_a_value_is_escaped() {
        assert_eq!(escape("a,b;c\\d\r\ne\rf"), "a\\,b\\;c\\\\d\\ne\\nf");
    }
}

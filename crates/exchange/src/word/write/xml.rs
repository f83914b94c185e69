//! Text of XML, written from front to back.

/// A piece of XML that grows.
#[derive(Debug, Default)]
pub(in crate::word) struct Xml {
    text: String,
    /// Whether a character was left out that XML 1.0 does not allow.
    pub(in crate::word) lost: bool,
}

impl Xml {
    /// Markup as it stands.
    pub(in crate::word) fn raw(&mut self, markup: &str) -> &mut Self {
        self.text.push_str(markup);
        self
    }

    /// Text between tags, or a value between double quotes.
    pub(in crate::word) fn text(&mut self, text: &str) -> &mut Self {
        let mut from = 0;
        for (at, ch) in text.char_indices() {
            let instead = match ch {
                '&' => "&amp;",
                '<' => "&lt;",
                '>' => "&gt;",
                '"' => "&quot;",
                // A raw line end in a value would be read as a space.
                '\n' => "&#10;",
                '\t' => "&#9;",
                // The other half of a line end, where one came from a file.
                '\r' => "",
                ch if !is_allowed(ch) => {
                    self.lost = true;
                    ""
                }
                _ => continue,
            };
            self.text.push_str(&text[from..at]);
            self.text.push_str(instead);
            from = at + ch.len_utf8();
        }
        self.text.push_str(&text[from..]);
        self
    }

    /// A tag without content.
    pub(in crate::word) fn empty(&mut self, name: &str, values: &[(&str, &str)]) -> &mut Self {
        self.tag(name, values).raw("/>")
    }

    /// A tag that is closed by [`Self::close`].
    pub(in crate::word) fn open(&mut self, name: &str, values: &[(&str, &str)]) -> &mut Self {
        self.tag(name, values).raw(">")
    }

    /// The end of what [`Self::open`] began.
    pub(in crate::word) fn close(&mut self, name: &str) -> &mut Self {
        self.raw("</").raw(name).raw(">")
    }

    fn tag(&mut self, name: &str, values: &[(&str, &str)]) -> &mut Self {
        self.raw("<").raw(name);
        for (key, value) in values {
            self.raw(" ").raw(key).raw("=\"").text(value).raw("\"");
        }
        self
    }

    /// What has been written.
    pub(in crate::word) fn as_str(&self) -> &str {
        &self.text
    }

    /// What has been written, to keep.
    pub(in crate::word) fn into_string(self) -> String {
        self.text
    }
}

/// Whether a character may stand in a file. Source: W3C XML 1.0 (2008), production 2.
pub(in crate::word) fn is_allowed(ch: char) -> bool {
    matches!(ch, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str, lost: bool) {
        let mut xml = Xml::default();
        xml.text(text);
        assert_eq!((xml.as_str(), xml.lost), (expected, lost));
    }

    #[test]
    fn text_is_escaped_and_what_is_forbidden_left_out() {
        check("a < b & \"c\"", "a &lt; b &amp; &quot;c&quot;", false);
        check("甲\u{b}乙\u{ffff}", "甲乙", true);
        check("a\r\nb", "a&#10;b", false);
        check("😀", "😀", false);
    }
}

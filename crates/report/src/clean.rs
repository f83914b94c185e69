//! Text made fit for the typesetter: no control characters, a mark for what no face has, places
//! to break long words. Never markup: values stay values.

/// Stands for a character that no face has; the printers' mark for a missing sort.
pub(crate) const MISSING: char = '〓';

/// Words from this length on may be broken after marks such as `/` and `@`.
const LONG_WORD: usize = 16;
/// And from this length on after every so many characters.
const PIECE: usize = 20;

/// Whether a character at the begin or end of a text is left out.
pub(crate) fn is_outside(ch: char) -> bool {
    ch.is_whitespace() || ch == '\u{feff}'
}

/// Text without what cannot be set, and the characters that no face has. White space at its ends
/// stays: in a piece of a text it parts it from the next one.
pub(crate) fn clean(text: &str, mut covers: impl FnMut(char) -> bool) -> (String, Vec<char>) {
    let mut out = String::with_capacity(text.len());
    let mut missing = Vec::new();
    let text = text.replace("\r\n", "\n");
    for ch in text.chars() {
        match ch {
            '\n' => out.push('\n'),
            '\r' | '\u{2028}' | '\u{2029}' | '\u{b}' | '\u{c}' | '\u{85}' => out.push('\n'),
            '\t' => out.push(' '),
            _ if ch.is_control() || is_invisible(ch) => {}
            _ if covers(ch) => out.push(ch),
            _ if ch.is_whitespace() => out.push(' '),
            _ => {
                out.push(MISSING);
                missing.push(ch);
            }
        }
    }
    (out, missing)
}

/// Marks without a glyph of their own: joiners, direction marks, variation selectors.
fn is_invisible(ch: char) -> bool {
    matches!(ch,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a text is set as Chinese: Han characters carry it, not a name in an English sentence.
pub(crate) fn is_chinese(text: &str) -> bool {
    let (mut han, mut latin) = (0_usize, 0_usize);
    for ch in text.chars() {
        if is_han(ch) {
            han += 1;
        } else if ch.is_alphabetic() {
            latin += 1;
        }
    }
    han * 4 > latin
}

/// Whether a character is set in a Chinese square.
pub(crate) fn is_han(ch: char) -> bool {
    matches!(ch,
        '\u{2e80}'..='\u{303f}' | '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ffef}'
        | '\u{20000}'..='\u{3ffff}')
}

/// The text with U+200B where a long word (an address, a number) may be broken.
pub(crate) fn breakable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for ch in text.chars() {
        if ch.is_whitespace() || is_han(ch) {
            flush(&mut word, &mut out);
            out.push(ch);
        } else {
            word.push(ch);
        }
    }
    flush(&mut word, &mut out);
    out
}

fn flush(word: &mut String, out: &mut String) {
    let length = word.chars().count();
    if length < LONG_WORD && !word.contains('@') && !word.contains("://") {
        out.push_str(word);
    } else {
        let mut since = 0;
        for (i, ch) in word.chars().enumerate() {
            out.push(ch);
            since += 1;
            let mark = matches!(
                ch,
                '/' | '@' | '.' | '_' | '-' | '?' | '&' | '=' | ',' | ';' | ':'
            );
            if i + 1 < length && (mark || since >= PIECE) {
                out.push('\u{200b}');
                since = 0;
            }
        }
    }
    word.clear();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_go_and_missing_ones_are_named() {
        let (text, missing) = clean("甲\u{7}\t乙\r\n丙𠮷\u{200d}", |c| c != '𠮷');
        assert_eq!(text, "甲 乙\n丙〓");
        assert_eq!(missing, ['𠮷']);
    }

    #[test]
    fn long_words_get_places_to_break_and_short_ones_do_not() {
        assert_eq!(breakable("short word"), "short word");
        let digits = "1".repeat(50);
        let broken = breakable(&digits);
        assert_eq!(broken.replace('\u{200b}', ""), digits);
        assert!(
            broken
                .split('\u{200b}')
                .all(|piece| piece.chars().count() <= PIECE)
        );
        assert!(breakable("someone.long@hospital.example.cn").contains("@\u{200b}"));
    }

    #[test]
    fn a_name_in_an_english_sentence_does_not_make_it_chinese() {
        assert!(is_chinese("随机对照试验 RCT"));
        assert!(!is_chinese(
            "The investigator 王海燕 signs the consent form herself"
        ));
        assert!(!is_chinese(""));
    }
}

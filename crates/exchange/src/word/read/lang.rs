//! The language of a file.

use model::Lang;
use model::word::IncomingProtocol;

/// The language that most letters are in; `None` without letters. A Chinese character stands for
/// about two Latin letters of a word's worth of text, and Chinese protocols quote much English.
pub(super) fn of(protocol: &IncomingProtocol) -> Option<Lang> {
    let (mut n_han, mut n_other) = (0_u64, 0_u64);
    for section in &protocol.sections {
        let blocks = section.blocks.iter().map(|block| &block.text);
        for text in std::iter::once(&section.title).chain(blocks) {
            for letter in text.text.chars() {
                if is_han(letter) {
                    n_han += 1;
                } else if letter.is_alphabetic() {
                    n_other += 1;
                }
            }
        }
    }
    match (n_han, n_other) {
        (0, 0) => None,
        _ if n_han * 2 > n_other => Some(Lang::Zh),
        _ => Some(Lang::En),
    }
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

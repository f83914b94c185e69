//! The words that belong to an empty place of a table: to its left, above it.

use std::collections::BTreeMap;

/// A table's words by row and column, from 1.
#[derive(Default)]
pub(super) struct Words {
    words: BTreeMap<(u32, u32), String>,
}

impl Words {
    /// Notes what a cell says; empty ones say nothing.
    pub(super) fn note(&mut self, row: u32, column: u32, words: &str) {
        let words = plain(words);
        if !words.is_empty() {
            self.words.insert((row, column), words);
        }
    }

    /// The label of a place: the nearest words to its left; where another empty place lies between,
    /// or none are there, what stands above it as well.
    pub(super) fn beside(&self, row: u32, column: u32) -> String {
        let left = self.words.range((row, 0)..(row, column)).next_back();
        let above = (1..row)
            .rev()
            .find_map(|above| self.words.get(&(above, column)));
        match (left, above) {
            (Some(((_, at), left)), _) if at + 1 == column => left.clone(),
            (Some((_, left)), Some(above)) => format!("{left} / {above}"),
            (Some((_, left)), None) => left.clone(),
            (None, Some(above)) => above.clone(),
            (None, None) => String::new(),
        }
    }
}

/// Words on one line, without what ends a label.
pub(super) fn plain(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    let words = words.join(" ");
    words
        .trim_matches([' ', '：', ':', '_', '＿', '\u{3000}'])
        .to_owned()
}

/// Whether words end as a label does that wants its value behind it.
pub(super) fn asks(words: &str) -> bool {
    words
        .trim_end_matches(|ch: char| ch.is_whitespace())
        .ends_with(['：', ':'])
}

/// The words behind a box up to the next one, and those before the first one.
pub(super) fn options(words: &str, is_box: impl Fn(char) -> bool) -> (String, Vec<String>) {
    let mut pieces = words.split(|ch: char| is_box(ch));
    let before = plain(pieces.next().unwrap_or_default());
    let option = |piece: &str| plain(piece.trim_end_matches(['、', '，', '；', ';', ',', '/']));
    (before, pieces.map(option).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_takes_the_words_to_its_left_and_the_head_of_its_column() {
        let mut words = Words::default();
        words.note(1, 1, "文件");
        words.note(1, 2, "有");
        words.note(1, 3, "无");
        words.note(2, 1, " 研究方案： ");
        words.note(2, 4, "");
        assert_eq!(words.beside(2, 2), "研究方案");
        assert_eq!(words.beside(2, 3), "研究方案 / 无");
        assert_eq!(words.beside(3, 2), "有");
        assert_eq!(words.beside(1, 1), "");
    }

    #[test]
    fn boxes_are_told_apart_by_the_words_behind_them() {
        let (before, options) = options("类型：□药物 □ 器械、□其他___", |ch| {
            ch == '□'
        });
        assert_eq!(before, "类型");
        assert_eq!(options, ["药物", "器械", "其他"]);
    }
}

//! Text in the form that is compared: NFKC, lower case, Chinese in pairs of characters.

use unicode_normalization::UnicodeNormalization;

/// A run of characters that is looked for as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Han characters or kana, without blanks.
    Cjk(String),
    /// Anything else without blanks.
    Word(String),
}

/// Tells whether a character is written without blanks between words.
///
/// Source: Unicode 17.0 blocks: CJK ideographs with extensions, kana.
pub fn is_cjk(c: char) -> bool {
    matches!(
        c,
        '\u{3005}'..='\u{3007}'
            | '\u{3041}'..='\u{3096}'
            | '\u{30a1}'..='\u{30fa}'
            | '\u{30fc}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}'
    )
}

/// The form that is compared.
pub fn fold(text: &str) -> String {
    text.nfkc().flat_map(char::to_lowercase).collect()
}

/// Cuts folded text into runs.
pub fn parts(folded: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let mut run = String::new();
    let mut is_run_cjk = false;
    let mut close = |run: &mut String, is_cjk: bool| {
        if !run.is_empty() {
            let run = std::mem::take(run);
            found.push(if is_cjk {
                Part::Cjk(run)
            } else {
                Part::Word(run)
            });
        }
    };
    for c in folded.chars() {
        if c.is_whitespace() {
            close(&mut run, is_run_cjk);
            continue;
        }
        if is_cjk(c) != is_run_cjk {
            close(&mut run, is_run_cjk);
            is_run_cjk = is_cjk(c);
        }
        run.push(c);
    }
    close(&mut run, is_run_cjk);
    found
}

/// The overlapping pairs of a run; a single character stands alone.
pub fn pairs(run: &str) -> Vec<String> {
    let chars: Vec<char> = run.chars().collect();
    if chars.len() == 1 {
        return vec![run.to_owned()];
    }
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// What the index is given for a text.
///
/// The last character of a Chinese run stands alone too: it lets one character be found as the
/// beginning of a pair, and keeps pairs from following each other across punctuation.
pub fn for_index(text: &str) -> String {
    let mut out = String::new();
    let mut put = |word: &str| {
        out.push_str(word);
        out.push(' ');
    };
    for part in parts(&fold(text)) {
        match part {
            Part::Word(word) => put(&word),
            Part::Cjk(run) => {
                let pairs = pairs(&run);
                pairs.iter().for_each(|pair| put(pair));
                if let (true, Some(last)) = (run.chars().count() > 1, run.chars().last()) {
                    put(last.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_as_the_index_wants_it() {
        for (text, wanted) in [
            ("伦理审批", "伦理 理审 审批 批 "),
            ("SAE报告，24小时", "sae 报告 告 ,24 小时 时 "),
            ("ＥＣＯＧ评分", "ecog 评分 分 "),
            ("心", "心 "),
            ("Sepsis-3  criteria", "sepsis-3 criteria "),
            ("", ""),
        ] {
            assert_eq!(for_index(text), wanted, "{text}");
        }
    }
}

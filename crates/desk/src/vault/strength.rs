//! How hard a passphrase is to guess, told while it is typed.

use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// An estimate of a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Strength {
    /// From 0 (guessed at once) to 4 (hard even for somebody who has the file).
    pub score: u8,
    /// The key of the word for it.
    pub label: &'static str,
    /// The key of what would help, below 3.
    pub advice: Option<&'static str>,
}

/// What a Chinese character adds over the ten that the estimator counts for any unknown sign.
///
/// Own estimate: guessed word by word, two characters to a word of some 50 000, a character is
/// worth 10^2.35 tries.
const HAN_BONUS_LOG10: f64 = 1.35;

/// Phrases that a guesser tries first; their characters add nothing.
const COMMON_PHRASES: &[&str] = &[
    "我爱你",
    "你好",
    "密码",
    "口令",
    "管理员",
    "医院",
    "主任",
    "教授",
    "研究",
    "临床",
    "一二三四",
    "五六七八",
    "中国",
    "北京",
    "上海",
    "天天向上",
    "好好学习",
    "恭喜发财",
    "万事如意",
    "新年快乐",
];

/// From how many tries (powers of ten) on a passphrase has the next score.
///
/// Source: zxcvbn (Wheeler, USENIX Security 2016).
const STEPS_LOG10: [f64; 4] = [3.0, 6.0, 8.0, 10.0];

/// Estimates a passphrase; Chinese counts by characters, not by their bytes.
pub fn passphrase_strength(passphrase: &str) -> Strength {
    let text: Zeroizing<String> = Zeroizing::new(passphrase.nfkc().collect());
    let tries_log10 = if text.is_empty() {
        0.0
    } else {
        zxcvbn::zxcvbn(&text, &[]).guesses_log10() + han_bonus_log10(&text)
    };
    let reached = STEPS_LOG10
        .iter()
        .filter(|step| tries_log10 >= **step)
        .count();
    let score = u8::try_from(reached).unwrap_or(4);
    let label = [
        "vault.strength_0",
        "vault.strength_1",
        "vault.strength_2",
        "vault.strength_3",
        "vault.strength_4",
    ][reached];
    let n_chars = text.chars().count();
    let advice = match (score, n_chars) {
        (3.., _) => None,
        (_, 0..8) => Some("vault.advice_longer"),
        _ => Some("vault.advice_rarer"),
    };
    Strength {
        score,
        label,
        advice,
    }
}

fn han_bonus_log10(text: &str) -> f64 {
    let mut rest: Zeroizing<String> = Zeroizing::new(text.to_owned());
    for phrase in COMMON_PHRASES {
        rest = Zeroizing::new(rest.replace(phrase, " "));
    }
    let mut seen: Vec<char> = rest.chars().filter(|c| is_han(*c)).collect();
    seen.sort_unstable();
    seen.dedup();
    let n = u32::try_from(seen.len()).unwrap_or(u32::MAX);
    seen.fill(' ');
    f64::from(n) * HAN_BONUS_LOG10
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(passphrase: &str, scores: std::ops::RangeInclusive<u8>) {
        let strength = passphrase_strength(passphrase);
        assert!(
            scores.contains(&strength.score),
            "{passphrase}: {strength:?}"
        );
        assert_eq!(
            strength.advice.is_none(),
            strength.score >= 3,
            "{passphrase}"
        );
    }

    #[test]
    fn what_everybody_tries_is_weak() {
        for weak in [
            "",
            "123456",
            "password",
            "qwerty123",
            "20261123",
            "aaaaaaaaaaaa",
            "我爱你",
        ] {
            check(weak, 0..=1);
        }
        check("密码密码密码", 0..=2);
        check("Passw0rd!", 0..=2);
    }

    #[test]
    fn several_words_are_strong_in_both_languages() {
        for strong in [
            "correct horse battery staple",
            "vK9#tq2Lw-Zp",
            "青瓷窗外雨打芭蕉",
            "老黄牛吃了三筐萝卜",
            "柿子树 tractor 二十七",
        ] {
            check(strong, 4..=4);
        }
    }

    #[test]
    fn chinese_counts_more_than_as_many_digits() {
        assert!(passphrase_strength("芭蕉青瓷萝卜").score > passphrase_strength("835207").score);
    }

    #[test]
    fn every_answer_has_words() {
        for text in [
            "",
            "123456",
            "Tr0ub4dour",
            "zebra-lamp",
            "老黄牛吃了三筐萝卜",
        ] {
            let strength = passphrase_strength(text);
            assert!(
                model::label::get(strength.label).is_some(),
                "{}",
                strength.label
            );
            if let Some(advice) = strength.advice {
                assert!(model::label::get(advice).is_some(), "{advice}");
            }
        }
    }
}

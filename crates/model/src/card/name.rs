//! A name taken apart into what address books keep of it, and put together.

use super::is_han;
use std::sync::LazyLock;

/// The parts of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts {
    /// Family name; empty when it is not told apart.
    pub family: String,
    /// Given name, with further ones.
    pub given: String,
    /// What stands before it (`Dr.`).
    pub prefix: String,
    /// What stands behind it (`Sr.`).
    pub suffix: String,
}

/// Chinese family names of two characters that are in use.
///
/// Source: 百家姓 (the 复姓 at its end), those that the public security bureau's yearly name
/// reports still count.
const LONG_FAMILIES: [&str; 24] = [
    "欧阳", "上官", "司马", "司徒", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙",
    "宇文", "夏侯", "轩辕", "端木", "南宫", "呼延", "万俟", "闻人", "钟离", "澹台", "公冶", "淳于",
];

/// Words behind a name that are none, as [`word_key`] has them.
const SUFFIXES: [&str; 10] = [
    "jr", "sr", "ii", "iii", "iv", "md", "phd", "mph", "mbbs", "rn",
];
/// Words before a name that are none.
const PREFIXES: [&str; 6] = ["dr", "prof", "professor", "mr", "mrs", "ms"];

/// Family names with their reading (`data/surnames.tsv`).
static READINGS: LazyLock<Vec<(&'static str, &'static str)>> = LazyLock::new(|| {
    let rows = crate::tsv::rows(include_str!("../../data/surnames.tsv"));
    rows.map(|row| match row.as_slice() {
        [reading, families] => (*reading, *families),
        _ => panic!("surnames.tsv: two cells wanted: {row:?}"),
    })
    .collect()
});

/// The parts of a name as it is shown; a name of one word has no family name.
///
/// `chinese` is the same person's Chinese name, empty when unknown: by the reading of its family
/// name it is told which word of a Latin name is that.
pub fn name_parts(name: &str, chinese: &str) -> NameParts {
    let name = name.trim();
    if name.chars().any(is_han) {
        let (family, given) = split_chinese(name);
        return NameParts {
            family,
            given,
            ..NameParts::default()
        };
    }
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let mut ends = Vec::new();
    while let [_, .., last] = words.as_slice()
        && SUFFIXES.contains(&word_key(last).as_str())
    {
        ends.extend(words.pop());
    }
    ends.reverse();
    let n_before = words.iter().take(words.len().saturating_sub(1));
    let n_before = n_before.take_while(|word| PREFIXES.contains(&word_key(word).as_str()));
    let own = words.split_off(n_before.count());
    let (family, given) = split_latin(&own, chinese);
    NameParts {
        family,
        given,
        prefix: words.join(" "),
        suffix: ends.join(" "),
    }
}

/// Family and given name of a name as it is shown; a name of one word has no family name.
pub fn split_name(name: &str) -> (String, String) {
    let parts = name_parts(name, "");
    (parts.family, parts.given)
}

fn word_key(word: &str) -> String {
    let letters = word.chars().filter(|letter| letter.is_alphabetic());
    letters.flat_map(char::to_lowercase).collect()
}

fn split_latin(words: &[&str], chinese: &str) -> (String, String) {
    let whole = words.join(" ");
    let whole = whole.trim_end_matches(',');
    if let Some((family, given)) = whole.split_once(',') {
        return (family.trim().to_owned(), given.trim().to_owned());
    }
    let families = split_chinese(chinese).0;
    // WANG Jianguo: a family name in capitals is one wherever it stands.
    let is_capital = |word: &str| {
        let mut letters = word.chars().filter(|letter| letter.is_alphabetic());
        letters.clone().count() > 1 && letters.all(char::is_uppercase)
    };
    if let [first, rest @ ..] = words
        && !rest.is_empty()
    {
        let has_reading = is_reading(&word_key(first), &families);
        let is_only_capital = is_capital(first) && rest.iter().all(|word| !is_capital(word));
        if has_reading || is_only_capital {
            return (
                (*first).to_owned(),
                rest.join(" ").trim_end_matches(',').to_owned(),
            );
        }
    }
    match whole.rsplit_once(' ') {
        Some((given, family)) => (family.to_owned(), given.to_owned()),
        None => (String::new(), whole.to_owned()),
    }
}

/// Whether a word is how a Chinese family name is read.
fn is_reading(word: &str, family: &str) -> bool {
    let is_one = |families: &str| match family.chars().count() {
        0 => false,
        1 => !LONG_FAMILIES.contains(&families),
        _ => families == family,
    };
    READINGS.iter().any(|(reading, families)| {
        *reading == word && is_one(families) && families.contains(family)
    })
}

fn split_chinese(name: &str) -> (String, String) {
    // Names of minorities are written with a dot and have no family name before it.
    if name.contains(['·', '•', ' ']) {
        return (String::new(), name.to_owned());
    }
    let length = if name.chars().count() > 2 && LONG_FAMILIES.iter().any(|f| name.starts_with(f)) {
        2
    } else {
        1
    };
    let cut = name.char_indices().nth(length).map_or(0, |(at, _)| at);
    let (family, given) = name.split_at(cut);
    (family.to_owned(), given.to_owned())
}

/// The name that belongs to a family and a given name.
pub fn join_name(family: &str, given: &str) -> String {
    let is_chinese = family.chars().chain(given.chars()).any(is_han);
    let between = if is_chinese || family.is_empty() || given.is_empty() {
        ""
    } else {
        " "
    };
    if is_chinese {
        format!("{family}{between}{given}")
    } else {
        format!("{given}{between}{family}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        for (name, family, given) in [
            ("丁小丽", "丁", "小丽"),
            ("欧阳小丽", "欧阳", "小丽"),
            ("东方", "东", "方"),
            ("阿依古丽·买买提", "", "阿依古丽·买买提"),
            ("Xiaoli Ding", "Ding", "Xiaoli"),
            ("DING Xiaoli", "DING", "Xiaoli"),
            ("Ding, Xiaoli", "Ding", "Xiaoli"),
            ("Madonna", "", "Madonna"),
            ("", "", ""),
        ] {
            let parts = split_name(name);
            assert_eq!(
                (parts.0.as_str(), parts.1.as_str()),
                (family, given),
                "{name}"
            );
        }
        assert_eq!(join_name("丁", "小丽"), "丁小丽");
        assert_eq!(join_name("Doe", "John"), "John Doe");
        assert_eq!(join_name("", "John"), "John");
    }

    #[test]
    fn the_chinese_name_tells_which_word_is_the_family_name() {
        for (name, chinese, family, given) in [
            ("Wang Jianguo", "王建国", "Wang", "Jianguo"),
            ("Jianguo Wang", "王建国", "Wang", "Jianguo"),
            ("Chen Xia", "陈霞", "Chen", "Xia"),
            ("Ouyang Xiaoli", "欧阳小丽", "Ouyang", "Xiaoli"),
            ("Xiaoli Ouyang", "欧阳小丽", "Ouyang", "Xiaoli"),
            ("Lü Na", "吕娜", "Lü", "Na"),
            // Without the Chinese name the last word is the family name.
            ("Wang Jianguo", "", "Jianguo", "Wang"),
        ] {
            let parts = name_parts(name, chinese);
            let found = (parts.family.as_str(), parts.given.as_str());
            assert_eq!(found, (family, given), "{name} {chinese}");
        }
    }

    #[test]
    fn titles_and_suffixes_are_no_names() {
        let parts = name_parts("Dr. John Q. Doe Sr.", "");
        let expected = NameParts {
            family: "Doe".to_owned(),
            given: "John Q.".to_owned(),
            prefix: "Dr.".to_owned(),
            suffix: "Sr.".to_owned(),
        };
        assert_eq!(parts, expected);
        assert_eq!(name_parts("John Doe, MD PhD", "").family, "Doe");
        assert_eq!(name_parts("Sr", "").given, "Sr");
    }
}

//! The words that names of hospitals are made of (`data/spelling.tsv`).

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

/// Most letters that two spellings of a word may differ in. Units: edits; by length of the word.
fn edits_allowed(n_chars: usize) -> usize {
    match n_chars {
        0..6 => 0,
        6..9 => 1,
        _ => 2,
    }
}

/// The classes of words.
pub(super) struct Words {
    pub(super) stop: BTreeSet<&'static str>,
    pub(super) breaks: BTreeSet<&'static str>,
    pub(super) generic: BTreeSet<&'static str>,
    pub(super) campus: BTreeSet<&'static str>,
    pub(super) district: BTreeSet<&'static str>,
    pub(super) university: &'static str,
    pub(super) empty: Vec<&'static str>,
    /// Latin and Chinese names.
    pub(super) cities: Vec<(&'static str, &'static str)>,
    same: HashMap<&'static str, &'static str>,
}

pub(super) static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut words = Words {
        stop: BTreeSet::new(),
        breaks: BTreeSet::new(),
        generic: BTreeSet::new(),
        campus: BTreeSet::new(),
        district: BTreeSet::new(),
        university: "",
        empty: Vec::new(),
        cities: Vec::new(),
        same: HashMap::new(),
    };
    for row in crate::tsv::rows(include_str!("../../data/spelling.tsv")) {
        let [class, cell] = row.as_slice() else {
            panic!("spelling.tsv: two cells wanted: {row:?}")
        };
        let all = cell.split('|');
        match *class {
            "stop" => words.stop.extend(all),
            "break" => words.breaks.extend(all),
            "generic" => words.generic.extend(all),
            "campus" => words.campus.extend(all),
            "district" => words.district.extend(all),
            "university" => words.university = cell,
            "empty" => words.empty.extend(all),
            "city" => words.cities.extend(cell.split_once('|')),
            "same" => {
                let first = cell.split('|').next().unwrap_or_default();
                words.same.extend(all.map(|word| (word, first)));
            }
            other => panic!("spelling.tsv: unknown class {other}"),
        }
    }
    words
});

impl Words {
    /// A word as it is compared: its usual spelling, slips of the keyboard put right.
    pub(super) fn usual(&self, word: &str) -> String {
        if let Some(first) = self.same.get(word) {
            return (*first).to_owned();
        }
        if word.chars().count() < 8 || self.is_known(word) {
            return word.to_owned();
        }
        let known = self.stop.iter().chain([&self.university]);
        let meant = known
            .filter(|known| known.len() >= 8)
            .find(|known| distance(word, known) <= edits_allowed(known.len()));
        meant.map_or_else(|| word.to_owned(), |known| (*known).to_owned())
    }

    fn is_known(&self, word: &str) -> bool {
        self.stop.contains(word) || self.generic.contains(word) || word == self.university
    }

    /// Two words written as one (`medicinejiading`); `None` for a word.
    pub(super) fn glued<'a>(&self, word: &'a str) -> Option<(&'a str, &'a str)> {
        if self.is_known(word) || self.same.contains_key(word) {
            return None;
        }
        let known = self.stop.iter().filter(|known| known.len() >= 8);
        known
            .filter_map(|known| {
                let rest = word.strip_prefix(known)?;
                (rest.len() >= 3).then(|| word.split_at(known.len()))
            })
            .next()
    }

    /// The Latin name of a city in either script, with or without 市.
    pub(super) fn city(&self, text: &str) -> Option<&'static str> {
        let text = text.trim().to_lowercase();
        let text = text.strip_suffix('市').unwrap_or(&text);
        let is_it = |(latin, han): &&(&str, &str)| text == *latin || text == *han;
        self.cities.iter().find(is_it).map(|(latin, _)| *latin)
    }
}

/// Tells whether two words or names differ by slips alone.
pub(super) fn is_slip(a: &str, b: &str) -> bool {
    if a.len().abs_diff(b.len()) > 3 {
        return false;
    }
    let n = a.chars().count().min(b.chars().count());
    a != b && edits_allowed(n) > 0 && distance(a, b) <= edits_allowed(n).min(1)
}

/// Letters put in, left out, changed or swapped with their neighbour.
///
/// Source: optimal string alignment distance.
pub(super) fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let at =
                |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
            let mut least = at(&last, j) + usize::from(ca != cb);
            least = least.min(at(&last, j + 1) + 1).min(at(&row, j) + 1);
            let is_swapped = i > 0 && j > 0 && a.get(i - 1) == Some(cb) && b.get(j - 1) == Some(ca);
            if is_swapped {
                least = least.min(at(&before, j - 1) + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, n) in [
            ("", "", 0),
            ("fudan", "fundan", 1),
            ("university", "unvierstiy", 2),
            ("abcd", "", 4),
            ("ab", "ba", 1),
            ("华山", "华东", 1),
        ] {
            assert_eq!((distance(a, b), distance(b, a)), (n, n), "{a} {b}");
        }
    }

    #[test]
    fn slips_are_put_right_and_other_words_stay() {
        let usual = |word: &str| WORDS.usual(word);
        assert_eq!(usual("unvierstiy"), "university");
        assert_eq!(usual("hospitla"), "hospital");
        assert_eq!(usual("peoples"), "people");
        assert_eq!(usual("zhongshan"), "zhongshan");
        assert_eq!(
            WORDS.glued("medicinejiading"),
            Some(("medicine", "jiading"))
        );
        assert_eq!(WORDS.glued("hospital"), None);
        assert_eq!(WORDS.city("上海市"), Some("shanghai"));
    }

    #[test]
    fn names_of_one_hospital_differ_by_few_letters() {
        assert!(is_slip("zhongshan", "zongshan") && is_slip("longhua", "longuha"));
        assert!(!is_slip("renji", "renjj") && !is_slip("huashan", "huadong"));
        assert!(!is_slip("ruijin", "ruijin"));
    }
}

//! A number with its sign, range and unit, as one word: a dose never changes by half a number.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Units in Han characters; those behind 个 stand without it.
const HAN_UNITS: &str = include_str!("../data/units-han.txt");

/// Units in letters, which may stand apart from their number.
const UNITS: &str = include_str!("../data/units.txt");

const DASHES: [char; 6] = ['-', '–', '—', '−', '~', '～'];

/// How long the number at the start of a text is; `None` when there is none. Units: bytes.
pub(crate) fn at(text: &str, before: Option<char>) -> Option<usize> {
    let mut scan = Scan { text, at: 0 };
    scan.sign(before);
    if !scan.peek(0).is_some_and(is_digit) {
        return None;
    }
    scan.digits();
    loop {
        scan.power();
        scan.unit();
        if !scan.goes_on() {
            return Some(scan.at);
        }
        scan.digits();
    }
}

/// How long the unit in Han characters at the start of a text is; 0 when there is none. Units: bytes.
pub(crate) fn han_unit(text: &str) -> usize {
    let bare = text.strip_prefix('个').unwrap_or(text);
    let skipped = text.len() - bare.len();
    let first = bare.chars().next();
    let units = first.and_then(|first| units_by_first().get(&first));
    let fits = units
        .into_iter()
        .flatten()
        .filter(|unit| bare.starts_with(**unit));
    skipped + fits.map(|unit| unit.len()).max().unwrap_or(0)
}

fn is_unit(word: &str) -> bool {
    static SET: OnceLock<HashSet<&str>> = OnceLock::new();
    SET.get_or_init(|| UNITS.split_whitespace().collect())
        .contains(word)
}

/// Units in Han characters by their first one.
fn units_by_first() -> &'static HashMap<char, Vec<&'static str>> {
    static UNITS: OnceLock<HashMap<char, Vec<&'static str>>> = OnceLock::new();
    UNITS.get_or_init(|| {
        let mut units: HashMap<char, Vec<&str>> = HashMap::new();
        for unit in HAN_UNITS.split_whitespace() {
            units
                .entry(unit.chars().next().unwrap_or_default())
                .or_default()
                .push(unit);
        }
        units
    })
}

pub(crate) fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// How long the number in Han characters with its unit at the start of a text is (`十二个月`); 0 when
/// there is none. Units: bytes.
pub(crate) fn han_number(text: &str) -> usize {
    let is_numeral = |c: char| "〇零一二两三四五六七八九十百千万亿半几数".contains(c);
    let digits = text.find(|c| !is_numeral(c)).unwrap_or(text.len());
    let unit = han_unit(text.get(digits..).unwrap_or_default());
    if digits > 0 && unit > 0 {
        digits + unit
    } else {
        0
    }
}

fn is_raised(c: char) -> bool {
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺".contains(c)
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}')
}

/// Letters that are written on to a number: units, `3rd`, `2x`; not Han characters.
fn is_letter(c: char) -> bool {
    (c.is_alphabetic() && !super::segment::is_han(c))
        || matches!(c, '°' | '℃' | '℉' | '%' | '％' | '‰')
}

struct Scan<'t> {
    text: &'t str,
    at: usize,
}

impl Scan<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The n-th character from here.
    fn peek(&self, n: usize) -> Option<char> {
        self.rest().chars().nth(n)
    }

    fn skip(&mut self, n: usize) {
        self.at += self
            .rest()
            .chars()
            .take(n)
            .map(char::len_utf8)
            .sum::<usize>();
    }

    fn skip_while(&mut self, fits: impl Fn(char) -> bool) {
        let n = self.rest().chars().take_while(|c| fits(*c)).count();
        self.skip(n);
    }

    /// A sign, comparison, currency or 第 in front of a number.
    fn sign(&mut self, before: Option<char>) {
        let start = self.at;
        self.skip_while(|c| "≥≤＞＜><±≈≧≦⩾⩽".contains(c));
        if self.at > start && self.peek(0) == Some('=') {
            self.skip(1);
        }
        if self.at == start && self.peek(0).is_some_and(|c| "第×$¥￥€£".contains(c)) {
            self.skip(1);
        }
        if self.at > start && self.peek(0).is_some_and(is_space) {
            self.skip(1);
        }
        let is_free = before.is_none_or(|c| c.is_whitespace() || "([{（【，,:：;；、".contains(c));
        let may_sign = self.at > start || is_free;
        if may_sign && self.peek(0).is_some_and(|c| "+-−＋－".contains(c)) {
            self.skip(1);
        }
    }

    /// Digits with what stands between them: `1,000`, `2026-03-05`, `1.5`, `120/80`, `1:1`.
    fn digits(&mut self) {
        self.skip_while(is_digit);
        loop {
            let (Some(mark), Some(next)) = (self.peek(0), self.peek(1)) else {
                return;
            };
            let joins = match mark {
                '.' | '．' | '/' | ':' | '：' | '∶' | '*' => is_digit(next),
                // Thousands; "1,2" is a list.
                ',' => {
                    self.rest()
                        .chars()
                        .skip(1)
                        .take_while(|c| is_digit(*c))
                        .count()
                        == 3
                }
                _ => DASHES.contains(&mark) && is_digit(next),
            };
            if !joins {
                return;
            }
            self.skip(1);
            self.skip_while(is_digit);
        }
    }

    /// A power: `^9`, `⁹`.
    fn power(&mut self) {
        self.skip_while(is_raised);
        if self.peek(0) == Some('^') {
            let sign = usize::from(self.peek(1).is_some_and(|c| "+-−".contains(c)));
            if self.peek(1 + sign).is_some_and(is_digit) {
                self.skip(1 + sign);
                self.skip_while(is_digit);
            }
        }
    }

    /// A unit with what it is divided by: `mg/kg/day`, `/L`, `个月`, `次/日`, `mL/min/1.73 m²`.
    fn unit(&mut self) {
        self.one_unit();
        while self
            .peek(0)
            .is_some_and(|c| matches!(c, '/' | '·' | '•' | '⋅'))
        {
            let slash = self.at;
            self.skip(1);
            let start = self.at;
            if self.peek(0).is_some_and(is_digit) {
                self.digits();
            }
            self.one_unit();
            if self.at == start {
                self.at = slash;
                return;
            }
        }
    }

    fn one_unit(&mut self) {
        // Whatever letters touch the number belong to it.
        let start = self.at;
        self.skip_while(|c| is_letter(c) || is_digit(c));
        // `5-fluorouracil`, `28-day`.
        while self.peek(0).is_some_and(|c| matches!(c, '-' | '‐' | '‑'))
            && self.peek(1).is_some_and(is_letter)
        {
            self.skip(1);
            self.skip_while(|c| is_letter(c) || is_digit(c));
        }
        if self.at == start {
            self.at += han_unit(self.rest());
        }
        if self.at == start {
            self.unit_apart();
        }
        self.power();
    }

    fn unit_apart(&mut self) {
        if !self.peek(0).is_some_and(is_space) {
            return;
        }
        let space = self.at;
        self.skip(1);
        let start = self.at;
        let n: usize = self
            .rest()
            .chars()
            .take_while(|c| is_letter(*c) || is_digit(*c) || is_raised(*c))
            .map(char::len_utf8)
            .sum();
        let word = self.rest().get(..n).unwrap_or_default();
        let bare = word.trim_end_matches(is_raised);
        if is_unit(word) || is_unit(bare) {
            self.at = start + n;
        } else {
            self.at = start + han_unit(self.rest());
        }
        if self.at == start {
            self.at = space;
        }
    }

    /// Whether another number belongs to this one: `5 mg-10 mg`, `1.5 × 10^9`, `5.2 ± 0.3`,
    /// `3月5日`; goes there.
    fn goes_on(&mut self) -> bool {
        let start = self.at;
        let ended = self
            .text
            .get(..start)
            .and_then(|done| done.chars().next_back());
        if ended.is_some_and(|c| "年月日时点分".contains(c)) && self.peek(0).is_some_and(is_digit)
        {
            return true;
        }
        if self.peek(0).is_some_and(is_space) && self.peek(1).is_some_and(|c| "×±–~～".contains(c))
        {
            self.skip(1);
        }
        if self
            .peek(0)
            .is_some_and(|c| "×±:：.".contains(c) || DASHES.contains(&c))
        {
            let is_tight = self.peek(0).is_some_and(|c| c == '.' || c == '-');
            self.skip(1);
            if !is_tight && self.peek(0).is_some_and(is_space) {
                self.skip(1);
            }
            if self.peek(0).is_some_and(is_digit) {
                return true;
            }
        }
        self.at = start;
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_unit_are_one() {
        for whole in [
            "5 mg",
            "28天",
            "12 个月",
            "12个月",
            "≥18岁",
            "≥ 18 years",
            "0.5 mg/kg",
            "10^9/L",
            "1,000",
            "2026-03-05",
            "±3天",
            "1.5×10^9/L",
            "1.5 × 10⁹/L",
            "5–10 mg",
            "5 mg-10 mg",
            "1:1",
            "120/80 mmHg",
            "2026年3月5日",
            "<0.05",
            "60 mL/min/1.73 m²",
            "3次/日",
            "第28天",
            "95%",
            "95 %",
            "5mg/kg/d",
            "3rd",
            "28-day",
            "5-fluorouracil",
            "08:30",
            "100 mg/m²",
            "-20 ℃",
            "37.5℃",
            "０.５毫克",
            "18~75岁",
            "2个周期",
            "24小时",
            "+5",
            "4.2.1",
            "5.2 ± 0.3",
            "1,234,567",
            "100 kg·m⁻²",
            "2 mg/次",
        ] {
            assert_eq!(at(whole, None), Some(whole.len()), "{whole}");
        }
    }

    #[test]
    fn what_follows_a_number_is_not_its_unit() {
        for (text, number) in [
            ("5 mg, twice", "5 mg"),
            ("5 magic", "5"),
            ("28. The", "28"),
            ("1,2,3", "1"),
            ("12 and 13", "12"),
            ("3例患者", "3例"),
            ("5 mg口服", "5 mg"),
            ("5, 10", "5"),
            ("18至75岁", "18"),
            ("5 - 10", "5"),
        ] {
            assert_eq!(at(text, None), Some(number.len()), "{text}");
        }
        for none in ["mg", "-", "≥", "- 5", "第一"] {
            assert_eq!(at(none, None), None, "{none}");
        }
        assert_eq!(at("-5", Some('x')), None);
    }
}

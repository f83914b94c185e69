//! Two changes of one text, put together by words where they do not touch.

use crate::decisive;
use crate::hunk::{self, Content, Hunk};
use crate::piece;
use crate::segment::Class;
use crate::token::{self, Token};
use model::rich::RichText;
use std::ops::Range;

/// What two changes of one text make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merge {
    /// A text with both changes.
    Clean(RichText),
    /// Both changed the same words, or words next to each other: a person decides.
    Overlap,
}

/// Puts two changes of one text together.
///
/// Equal changes count once. Changes that overlap or touch are refused. So is every change of a
/// sentence in which the other side changes what decides it (numbers, how often, how it is given,
/// what denies, permits or compares), and a result with a number that neither text has: 5 mg → 10 mg
/// against 15 mg never becomes one text, nor does 10 mg against twice a day, in one sentence or in
/// the next. Where one side wrote most of the text anew, what the other added was meant for a text
/// that is gone: refused.
pub fn merge(base: &RichText, mine: &RichText, theirs: &RichText) -> Merge {
    if mine == theirs || theirs == base {
        return Merge::Clean(mine.clone());
    }
    if mine == base {
        return Merge::Clean(theirs.clone());
    }
    let (base, mine, theirs) = (token::cut(base), token::cut(mine), token::cut(theirs));
    let (a, b) = (edits(&base, &mine), edits(&base, &theirs));
    let is_against = |a: &Edit, b: &Edit| (a.touches(b) || a.decides_with(b)) && !a.equals(b);
    if a.iter().any(|a| b.iter().any(|b| is_against(a, b))) {
        return Merge::Overlap;
    }
    let n_words = Content::of(&base).words.len();
    let is_anew = |edits: &[Edit]| {
        let gone: usize = edits.iter().map(|edit| edit.n_gone).sum();
        gone * 2 > n_words
    };
    let is_more = |more: &[Edit], than: &[Edit]| {
        let is_known = |edit: &Edit| than.iter().any(|other| other.equals(edit));
        !more.iter().all(is_known)
    };
    if (is_anew(&a) && is_more(&b, &a)) || (is_anew(&b) && is_more(&a, &b)) {
        return Merge::Overlap;
    }
    let mut edits: Vec<&Edit> = a
        .iter()
        .chain(b.iter().filter(|b| !a.iter().any(|a| a.equals(b))))
        .collect();
    edits.sort_by_key(|edit| (edit.old.start, edit.old.end));
    let (mut tokens, mut at): (Vec<&Token>, usize) = (Vec::new(), 0);
    for edit in edits {
        tokens.extend(base.get(at..edit.old.start).unwrap_or_default());
        tokens.extend(edit.new);
        at = edit.old.end;
    }
    tokens.extend(base.get(at..).unwrap_or_default());
    let text = piece::rich(tokens.iter().flat_map(|token| token.pieces()));
    let numbers = |tokens: &mut dyn Iterator<Item = &Token>| -> Vec<String> {
        tokens
            .filter(|token| token.class == Class::Number)
            .map(Token::text)
            .collect()
    };
    // Words that stand together for the first time may read as a number that nobody wrote.
    if numbers(&mut token::cut(&text).iter()) == numbers(&mut tokens.into_iter()) {
        Merge::Clean(text)
    } else {
        Merge::Overlap
    }
}

/// A change of the base.
struct Edit<'a, 't> {
    /// The tokens taken out.
    old: Range<usize>,
    /// The tokens put in.
    new: &'a [Token<'t>],
    /// The words that it may concern: also those where it could stand with the same effect.
    words: Range<usize>,
    /// The words of the sentences that it stands in.
    sentence: Range<usize>,
    /// Whether it changes what decides their meaning.
    is_decisive: bool,
    /// How many words it takes out.
    n_gone: usize,
}

impl Edit<'_, '_> {
    fn touches(&self, other: &Self) -> bool {
        self.words.start <= other.words.end && other.words.start <= self.words.end
    }

    /// Whether one of two changes decides what the other one's sentence means: in one sentence a
    /// decisive change goes with no other, and two decisive ones do not stand side by side.
    fn decides_with(&self, other: &Self) -> bool {
        let (own, others) = (&self.sentence, &other.sentence);
        let is_one = own.start < others.end && others.start < own.end;
        let is_next = own.start <= others.end && others.start <= own.end;
        (is_one && (self.is_decisive || other.is_decisive))
            || (is_next && self.is_decisive && other.is_decisive)
    }

    fn equals(&self, other: &Self) -> bool {
        self.old == other.old && self.new == other.new
    }
}

fn edits<'a, 't>(base: &[Token], text: &'a [Token<'t>]) -> Vec<Edit<'a, 't>> {
    let (was, is) = (Content::of(base), Content::of(text));
    let words = hunk::hunks(&was, &is);
    let all = hunk::with_spaces(&words, (base, &was), (text, &is));
    let word_at = |place: usize| was.places.partition_point(|at| *at < place);
    let edit = |hunk: Hunk| {
        let covered = word_at(hunk.old.start)..word_at(hunk.old.end);
        let near = |word: &&Hunk| word.old.start <= covered.end && covered.start <= word.old.end;
        let concerned = words
            .iter()
            .filter(near)
            .map(|word| concerned(word, &was, &is))
            .fold(covered.clone(), |a, b| {
                a.start.min(b.start)..a.end.max(b.end)
            });
        Edit {
            is_decisive: changes(&hunk, (base, text), decisive::is_decisive),
            sentence: decisive::sentence_of(&concerned, &was.words),
            n_gone: covered.len(),
            new: text.get(hunk.new).unwrap_or_default(),
            old: hunk.old,
            words: concerned,
        }
    };
    all.into_iter().map(edit).collect()
}

/// Whether a change takes such a word out or puts one in.
fn changes(hunk: &Hunk, (base, text): (&[Token], &[Token]), is: impl Fn(&Token) -> bool) -> bool {
    let has = |tokens: Option<&[Token]>| tokens.unwrap_or_default().iter().any(&is);
    has(base.get(hunk.old.clone())) || has(text.get(hunk.new.clone()))
}

/// The words of the base that a change covers wherever it could stand.
fn concerned(hunk: &Hunk, was: &Content, is: &Content) -> Range<usize> {
    if hunk.new.is_empty() {
        let places = hunk::reach(&was.words, &hunk.old, 0, was.words.len());
        return places.start..places.end + hunk.old.len();
    }
    if !hunk.old.is_empty() {
        return hunk.old.clone();
    }
    let places = hunk::reach(&is.words, &hunk.new, 0, is.words.len());
    let (down, up) = (hunk.new.start - places.start, places.end - hunk.new.start);
    hunk.old.start.saturating_sub(down)..hunk.old.end + up
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, mine: &str, theirs: &str, expected: Option<&str>) {
        let expected = expected.map_or(Merge::Overlap, |text| Merge::Clean(text.into()));
        assert_eq!(merge(&base.into(), &mine.into(), &theirs.into()), expected);
        assert_eq!(merge(&base.into(), &theirs.into(), &mine.into()), expected);
    }

    #[test]
    fn changes_apart_are_put_together() {
        let base = "口服 5 mg，每日一次。记录不良事件。共服28天。";
        let mine = "口服 10 mg，每日一次。记录不良事件。共服28天。";
        let theirs = "口服 5 mg，每日一次。记录不良事件。共服21天。";
        check(
            base,
            mine,
            theirs,
            Some("口服 10 mg，每日一次。记录不良事件。共服21天。"),
        );
        check(
            "记录不良事件，并报告伦理委员会。",
            "登记不良事件，并报告伦理委员会。",
            "记录不良事件，并报告审查委员会。",
            Some("登记不良事件，并报告审查委员会。"),
        );
        check("a b c d e", "x b c d e", "a b c d y", Some("x b c d y"));
        check("a b c d e", "x b c d y", "a b c d y", Some("x b c d y"));
    }

    #[test]
    fn two_doses_never_become_one() {
        check("口服 5 mg 每日", "口服 10 mg 每日", "口服 15 mg 每日", None);
        check(
            "take 5 mg daily",
            "take 10 mg daily",
            "take 5 mg twice daily",
            None,
        );
        check(
            "take 5 mg daily",
            "take 10 mg daily",
            "take 5 mg weekly",
            None,
        );
        check("a b c", "a x b c", "a y b c", None);
        // Which of the two was taken out nobody can tell.
        check("5 mg 5 mg end", "5 mg end", "5 mg 10 mg end", None);
    }

    #[test]
    fn two_ends_of_a_range_are_one_statement() {
        for (base, mine, theirs) in [
            (
                "年龄 18 岁至 75 岁，男女不限",
                "年龄 20 岁至 75 岁，男女不限",
                "年龄 18 岁至 65 岁，男女不限",
            ),
            ("年龄18至75岁", "年龄20至75岁", "年龄18至65岁"),
            (
                "aged 18 to 75 years",
                "aged 20 to 75 years",
                "aged 18 to 65 years",
            ),
            (
                "between 5 mg and 10 mg daily",
                "between 6 mg and 10 mg daily",
                "between 5 mg and 8 mg daily",
            ),
            ("5 mg ~ 10 mg", "6 mg ~ 10 mg", "5 mg ~ 8 mg"),
            ("年龄≥18岁且≤65岁", "年龄≥20岁且≤65岁", "年龄≥18岁且≤75岁"),
            (
                "18岁以上、65岁以下",
                "20岁以上、65岁以下",
                "18岁以上、75岁以下",
            ),
            ("18 ≤ age ≤ 65", "20 ≤ age ≤ 65", "18 ≤ age ≤ 75"),
            ("5 mg up to 10 mg", "6 mg up to 10 mg", "5 mg up to 8 mg"),
            (
                "on 5 March 2026 it ends",
                "on 15 March 2026 it ends",
                "on 5 March 2027 it ends",
            ),
        ] {
            check(base, mine, theirs, None);
        }
        // A word that stands between other words ties nothing.
        check(
            "a and b and c d",
            "x and b and c d",
            "a and b and c y",
            Some("x and b and c y"),
        );
    }

    #[test]
    fn what_decides_one_sentence_is_one_statement() {
        for (base, mine, theirs) in [
            (
                "口服5mg，每日2次。",
                "口服10mg，每日2次。",
                "口服5mg，每日1次。",
            ),
            ("口服5mg，每日。", "口服10mg，每日。", "口服5mg，隔日。"),
            (
                "95%置信区间1.2，3.4",
                "95%置信区间1.5，3.4",
                "95%置信区间1.2，2.9",
            ),
            ("(1.2, 3.4)", "(1.5, 3.4)", "(1.2, 2.9)"),
            (
                "口服五至十毫克，晨起",
                "口服六至十毫克，晨起",
                "口服五至八毫克，晨起",
            ),
            (
                "a dose of not less than 5 mg is given",
                "a dose of less than 5 mg is given",
                "a dose of not less than 10 mg is given",
            ),
            (
                "The drug must not be given to patients above 65 years.",
                "The drug must be given to patients above 65 years.",
                "The drug must not be given to patients above 75 years.",
            ),
            (
                "剂量不低于每次5mg者",
                "剂量低于每次5mg者",
                "剂量不低于每次10mg者",
            ),
            (
                "排除肌酐 ≥ 2 倍者，除非经会诊",
                "排除肌酐 ≥ 3 倍者，除非经会诊",
                "排除肌酐 ≥ 2 倍者",
            ),
            (
                "The drug, e.g. 5 mg, is taken weekly by all.",
                "The drug, e.g. 10 mg, is taken weekly by all.",
                "The drug, e.g. 5 mg, is taken daily by all.",
            ),
            (
                "two tablets are swallowed with water at night, for five days",
                "three tablets are swallowed with water at night, for five days",
                "two tablets are swallowed with water at night, for seven days",
            ),
            (
                "受试者不能服用阿司匹林，可以服用华法林。",
                "受试者能服用阿司匹林，可以服用华法林。",
                "受试者不能服用阿司匹林和氯吡格雷，可以服用华法林。",
            ),
            (
                "禁止合并使用强效抑制剂。",
                "允许合并使用强效抑制剂。",
                "禁止合并使用强效抑制剂和诱导剂。",
            ),
            (
                "血红蛋白低于90 g/L者暂停用药直到恢复。",
                "血红蛋白低于80 g/L者暂停用药直到恢复。",
                "血红蛋白低于90 g/L者继续用药直到恢复。",
            ),
            (
                "甲药溶于葡萄糖注射液，缓慢滴注。",
                "甲药溶于氯化钠注射液，缓慢滴注。",
                "甲药溶于葡萄糖注射液，快速推注。",
            ),
            (
                "左眼注射甲药，右眼对照。",
                "右眼注射甲药，右眼对照。",
                "左眼注射甲药，左眼对照。",
            ),
            (
                "Take 5 mg of the drug in the morning.",
                "Take 10 mg of the drug in the morning.",
                "Take 5 mg of the drug in the evening.",
            ),
            (
                "Withhold treatment when QTc is above 500 ms.",
                "Resume treatment when QTc is above 500 ms.",
                "Withhold treatment when QTc is below 500 ms.",
            ),
            (
                "The dose may be raised if tolerated.",
                "The dose may be lowered if tolerated.",
                "The dose may be raised if not tolerated.",
            ),
            // A dose here, how often there.
            (
                "The dose is 5 mg. It is given daily.",
                "The dose is 10 mg. It is given daily.",
                "The dose is 5 mg. It is given twice daily.",
            ),
            (
                "给予口服甲药10 mg；每日一次。",
                "给予口服甲药20 mg；每日一次。",
                "给予口服甲药10 mg；每日三次。",
            ),
            (
                "每周期第1天给药。每周期21天。",
                "每周期第1、8天给药。每周期21天。",
                "每周期第1天给药。每周期7天。",
            ),
            (
                "Dose: 5 mg q12h, vs. Placebo q12h.",
                "Dose: 10 mg q12h, vs. Placebo q12h.",
                "Dose: 5 mg q12h, vs. Placebo q6h.",
            ),
        ] {
            check(base, mine, theirs, None);
        }
        // Another sentence, another item, another cell.
        for (base, mine, theirs, both) in [
            (
                "1) 年龄≥18岁；2) 签署同意书",
                "1) 年龄≥20岁；2) 签署同意书",
                "1) 年龄≥18岁；2) 签署知情同意书",
                "1) 年龄≥20岁；2) 签署知情同意书",
            ),
            (
                "5 mg\tdrug A\t28 days",
                "10 mg\tdrug A\t28 days",
                "5 mg\tdrug A\t21 days",
                "10 mg\tdrug A\t21 days",
            ),
        ] {
            check(base, mine, theirs, Some(both));
        }
    }

    #[test]
    fn nothing_is_added_to_what_was_written_anew() {
        let base = "Sites keep a log. It is reviewed monthly by the monitor.";
        let anew = "Every hospital records deviations centrally. A committee looks at them.";
        let more = "Sites keep a log. It is reviewed monthly by the monitor. Copies are filed.";
        check(base, anew, more, None);
        // The same words put in by both are no addition.
        let both = "Every hospital records deviations centrally. A committee looks at them.";
        check(base, anew, both, Some(anew));
    }

    #[test]
    fn equal_changes_count_once() {
        check("a b c d e", "a x c d e", "a x c d e", Some("a x c d e"));
        check("a b c d e", "a x c d y", "a x c d e", Some("a x c d y"));
    }
}

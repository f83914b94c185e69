//! What changed from one text to another, by words.

use crate::hunk::{self, Content};
use crate::line::{Span, SpanOp};
use crate::piece::{self, Piece};
use crate::token::{self, Token};
use model::rich::RichText;

/// What changed from one text to another.
///
/// By words: Chinese is cut by a dictionary, a number is one word with its unit. Words whose marks
/// alone changed are taken out and put in again, so that either text can be made from the spans.
pub fn diff(old: &RichText, new: &RichText) -> Vec<Span> {
    if old == new {
        return all(new, SpanOp::Same);
    }
    spans(&token::cut(old), &token::cut(new))
}

/// A whole text as one change.
pub(crate) fn all(text: &RichText, op: SpanOp) -> Vec<Span> {
    let mut spans = Spans::default();
    for piece in piece::pieces(text) {
        spans.add(piece.span(op));
    }
    spans.0
}

/// What changed between two lists of words.
pub(crate) fn spans(old: &[Token], new: &[Token]) -> Vec<Span> {
    let (was, is) = (Content::of(old), Content::of(new));
    let hunks = hunk::with_spaces(&hunk::hunks(&was, &is), (old, &was), (new, &is));
    let mut spans = Spans::default();
    let mut at = 0;
    for hunk in hunks {
        spans.tokens(new.get(at..hunk.new.start), SpanOp::Same);
        let was = old.get(hunk.old.clone()).unwrap_or_default();
        let is = new.get(hunk.new.clone()).unwrap_or_default();
        if !spans.longer(was, is, SpanOp::Insert) && !spans.longer(is, was, SpanOp::Delete) {
            spans.tokens(Some(was), SpanOp::Delete);
            spans.tokens(Some(is), SpanOp::Insert);
        }
        at = hunk.new.end;
    }
    spans.tokens(new.get(at..), SpanOp::Same);
    spans.0
}

/// Spans as they grow; equal neighbours are one.
#[derive(Default)]
struct Spans(Vec<Span>);

impl Spans {
    fn tokens(&mut self, tokens: Option<&[Token]>, op: SpanOp) {
        for piece in tokens.unwrap_or_default().iter().flat_map(Token::pieces) {
            self.add(piece.span(op));
        }
    }

    /// Adds a change that only makes Han words longer or shorter (给药 and 给药方案): the dictionary
    /// may cut the same characters in two ways. Whether it is one.
    fn longer(&mut self, short: &[Token], long: &[Token], op: SpanOp) -> bool {
        let Some(look) = short.first().and_then(Token::look) else {
            return false;
        };
        let are_alike =
            |tokens: &[Token]| tokens.iter().all(|t| t.is_han() && t.look() == Some(look));
        if !are_alike(short) || !are_alike(long) {
            return false;
        }
        let text = |tokens: &[Token]| tokens.iter().map(Token::text).collect::<String>();
        let (kept, whole) = (text(short), text(long));
        let mut add = |text: &str, op| self.add(Piece { text, look }.span(op));
        if let Some(rest) = whole.strip_prefix(&kept) {
            add(&kept, SpanOp::Same);
            add(rest, op);
            true
        } else if let Some(rest) = whole.strip_suffix(&kept) {
            add(rest, op);
            add(&kept, SpanOp::Same);
            true
        } else {
            false
        }
    }

    fn add(&mut self, span: Span) {
        match self.0.last_mut() {
            Some(last)
                if ![last.text.as_str(), span.text.as_str()]
                    .iter()
                    .any(|text| matches!(*text, "" | "\u{2029}"))
                    && (last.op, &last.marks, &last.href) == (span.op, &span.marks, &span.href) =>
            {
                last.text.push_str(&span.text);
            }
            _ => self.0.push(span),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// `[-old-]{+new+}`
    fn show(spans: &[Span]) -> String {
        let one = |span: &Span| match span.op {
            SpanOp::Same => span.text.clone(),
            SpanOp::Delete => format!("[-{}-]", span.text),
            SpanOp::Insert => format!("{{+{}+}}", span.text),
        };
        spans.iter().map(one).collect()
    }

    fn check(old: &str, new: &str, expected: &str) {
        assert_eq!(show(&diff(&old.into(), &new.into())), expected);
    }

    #[test]
    fn a_dose_changes_as_a_whole() {
        check(
            "口服 5 mg，每日两次",
            "口服 10 mg，每日两次",
            "口服 [-5 mg-]{+10 mg+}，每日两次",
        );
        check(
            "连续服用28天，随访期为12个月。",
            "连续服用21天，随访期为24个月。",
            "连续服用[-28天-]{+21天+}，随访期为[-12个月-]{+24个月+}。",
        );
        check(
            "ANC ≥1.5 × 10^9/L",
            "ANC ≥1.0 × 10^9/L",
            "ANC [-≥1.5 × 10^9/L-]{+≥1.0 × 10^9/L+}",
        );
        check(
            "on 2026-03-05 or",
            "on 2026-03-15 or",
            "on [-2026-03-05-]{+2026-03-15+} or",
        );
    }

    #[test]
    fn a_han_word_may_grow() {
        check("给药", "给药方案", "给药{+方案+}");
        check("给药方案", "给药", "给药[-方案-]");
        check("第组", "第28天组", "[-第-]{+第28天+}组");
    }

    #[test]
    fn white_space_follows_the_words() {
        check(
            "a subject must sign",
            "a subject shall sign",
            "a subject [-must-]{+shall+} sign",
        );
        check("a b", "a c b", "a {+c +}b");
        check("a c b", "a b", "a [-c -]b");
        check("a", "a b", "a{+ b+}");
        check("a  b", "a b", "a[-  -]{+ +}b");
        check("", "a", "{+a+}");
    }

    #[test]
    fn a_new_sentence_is_shown_as_a_sentence() {
        check(
            "甲组。乙组。",
            "甲组。丙组。乙组。",
            "甲组。{+丙组。+}乙组。",
        );
        check(
            "One is. Two is.",
            "One is. Six is. Two is.",
            "One is. {+Six is. +}Two is.",
        );
    }

    #[test]
    fn a_rewritten_sentence_does_not_fall_into_shreds() {
        check(
            "Blood samples shall be taken before breakfast of every visit",
            "Urine collected over night will be stored at minus temperature",
            "[-Blood samples shall be taken before breakfast of every visit-]{+Urine collected over night will be stored at minus temperature+}",
        );
    }

    #[test]
    fn cells_stay_apart() {
        check("V1\tx y\tz", "V1\ta b\tz", "V1\t[-x y-]{+a b+}\tz");
        check("a\tb\tc", "b\tb\tb", "[-a-]{+b+}\tb\t[-c-]{+b+}");
        check("a\tb", "a\tb\tc", "a\tb{+\tc+}");
    }

    #[test]
    fn a_change_of_marks_is_a_change() {
        let old: RichText = "take 5 mg daily".into();
        let new =
            RichText::read(&json!({"text": "take 5 mg daily", "marks": [[5, 9, "b"]]})).unwrap();
        let spans = diff(&old, &new);
        assert_eq!(show(&spans), "take [-5 mg-]{+5 mg+} daily");
        assert_eq!(spans[2].marks, [model::rich::MarkKind::Bold]);
    }
}

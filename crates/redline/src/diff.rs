//! What changed from one text to another, by words.

use crate::hunk::{self, Content};
use crate::line::{Span, SpanOp};
use crate::piece;
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
        spans.tokens(old.get(hunk.old.clone()), SpanOp::Delete);
        spans.tokens(new.get(hunk.new.clone()), SpanOp::Insert);
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

//! What holds for every redline.

use crate::random::{deeds, done, protocol, text};
use proptest::prelude::*;
use redline::{Counts, Span, SpanOp, State, Text, accept, diff, redline, reject};

fn sorted(mut text: Text) -> Text {
    // Facts have no place in the text; what is gone may stand elsewhere among them.
    text.facts
        .sort_by(|a, b| (&a.entity, &a.name).cmp(&(&b.entity, &b.name)));
    text
}

fn is_between_digits(before: &str, behind: &str) -> bool {
    before.ends_with(|c: char| c.is_ascii_digit())
        && behind.starts_with(|c: char| c.is_ascii_digit())
}

/// No change begins or ends within a number.
fn check_numbers(spans: &[Span]) {
    for with in [SpanOp::Delete, SpanOp::Insert] {
        let side: Vec<&Span> = spans
            .iter()
            .filter(|span| span.op == SpanOp::Same || span.op == with)
            .collect();
        for pair in side.windows(2) {
            if pair[0].op != pair[1].op && !pair[0].text.is_empty() && !pair[1].text.is_empty() {
                assert!(!is_between_digits(&pair[0].text, &pair[1].text), "{pair:?}");
            }
        }
    }
}

/// Numbers with words around them that no number runs into.
fn numbers() -> impl Strategy<Value = Vec<&'static str>> {
    let number = prop::sample::select(vec![
        "5 mg",
        "10 mg",
        "28天",
        "21天",
        "12 个月",
        "≥18岁",
        "0.5 mg/kg",
        "1.5×10^9/L",
        "1,000",
        "2026-03-05",
        "±3天",
        "十二个月",
        "60 mL/min/1.73 m²",
        "5–10 mg",
        "3次/日",
        "<0.05",
        "95%",
        "2026年3月5日",
    ]);
    let word = prop::sample::select(vec!["，", "。", "；", "（", "口服"]);
    prop::collection::vec((word, number), 0..12).prop_map(|pairs| {
        pairs
            .into_iter()
            .flat_map(|(word, number)| [word, number])
            .collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn either_text_comes_back(old in protocol(), deeds in deeds()) {
        let new = done(&old, &deeds);
        let lines = redline(&old, &new);
        prop_assert_eq!(sorted(accept(&lines)), sorted(Text::from(&new)));
        prop_assert_eq!(sorted(reject(&lines)), sorted(Text::from(&old)));
        prop_assert_eq!(&redline(&old, &new), &lines);
        for line in &lines.lines {
            check_numbers(&line.zh);
            check_numbers(&line.en);
        }
    }

    #[test]
    fn two_protocols_that_know_nothing_of_each_other(old in protocol(), new in protocol()) {
        let lines = redline(&old, &new);
        prop_assert_eq!(sorted(accept(&lines)), sorted(Text::from(&new)));
        prop_assert_eq!(sorted(reject(&lines)), sorted(Text::from(&old)));
    }

    #[test]
    fn nothing_changed_is_nothing(old in protocol()) {
        let lines = redline(&old, &old);
        prop_assert_eq!(lines.counts, Counts::default());
        prop_assert!(lines.lines.iter().all(|line| line.state == State::Same));
    }

    #[test]
    fn a_number_with_its_unit_is_never_cut(old in numbers(), new in numbers()) {
        for (items, with) in [(&old, SpanOp::Delete), (&new, SpanOp::Insert)] {
            let spans = diff(&old.concat().into(), &new.concat().into());
            let mut edges = vec![0];
            for item in items {
                edges.push(edges[edges.len() - 1] + item.len());
            }
            let mut at = 0;
            for span in spans.iter().filter(|span| span.op == SpanOp::Same || span.op == with) {
                prop_assert!(edges.contains(&at), "{spans:?}");
                at += span.text.len();
            }
        }
    }

    #[test]
    fn a_text_changes_by_whole_words(old in text(40), new in text(40)) {
        let spans = diff(&old, &new);
        check_numbers(&spans);
        let side = |with| -> String {
            spans.iter().filter(|span| span.op == SpanOp::Same || span.op == with).map(|span| span.text.as_str()).collect()
        };
        prop_assert_eq!(side(SpanOp::Delete), old.text);
        prop_assert_eq!(side(SpanOp::Insert), new.text);
    }
}

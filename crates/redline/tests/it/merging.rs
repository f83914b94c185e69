//! What holds for two changes of one text.

use crate::random::text;
use model::rich::RichText;
use proptest::prelude::*;
use redline::{Merge, Span, SpanOp, diff, merge};

fn numbers(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A base and a text that changes one place of it.
fn changed(base: &RichText, at: u16, words: &RichText) -> RichText {
    let cut = u32::from(at) % (base.len() + 1);
    let mut changed = base.slice(0, cut);
    changed.push(words);
    changed.push(&base.slice((cut + 2).min(base.len()), base.len()));
    changed
}

fn inserted(base: &RichText, text: &RichText) -> Vec<Span> {
    diff(base, text)
        .into_iter()
        .filter(|span| span.op == SpanOp::Insert)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn one_change_is_taken(base in text(30), other in text(30)) {
        prop_assert_eq!(merge(&base, &other, &base), Merge::Clean(other.clone()));
        prop_assert_eq!(merge(&base, &base, &other), Merge::Clean(other.clone()));
        prop_assert_eq!(merge(&base, &other, &other), Merge::Clean(other));
    }

    #[test]
    fn two_changes_are_both_there_or_refused(
        base in text(60), at in any::<u16>(), to in any::<u16>(), one in text(3), two in text(3),
    ) {
        let (mine, theirs) = (changed(&base, at, &one), changed(&base, to, &two));
        let merged = merge(&base, &mine, &theirs);
        prop_assert_eq!(&merge(&base, &theirs, &mine), &merged);
        if let Merge::Clean(text) = merged {
            for span in inserted(&base, &mine).iter().chain(&inserted(&base, &theirs)) {
                prop_assert!(text.text.contains(&span.text), "{:?} is not in {:?}", span.text, text.text);
            }
            let known = [numbers(&base.text), numbers(&mine.text), numbers(&theirs.text)].concat();
            for number in numbers(&text.text) {
                prop_assert!(known.contains(&number), "{number} in {:?}", text.text);
            }
        }
    }
}

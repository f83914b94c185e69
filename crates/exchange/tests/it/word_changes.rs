//! Random tracked changes: taking all of them and refusing all of them give the two texts.

use crate::word_made::{del, ins, made, p_end, r};
use exchange::word::read;
use proptest::prelude::*;

/// What a tracked change says of a run or of a paragraph's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    None,
    Put,
    Taken,
}

#[derive(Clone, Debug)]
struct Line {
    runs: Vec<(String, Change)>,
    end: Change,
}

fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        3 => Just(Change::None),
        1 => Just(Change::Put),
        1 => Just(Change::Taken),
    ]
}

fn line() -> impl Strategy<Value = Line> {
    let word = prop_oneof![
        "[a-z]{1,4} ?",
        Just("口服".to_owned()),
        Just(" ".to_owned())
    ];
    (prop::collection::vec((word, change()), 0..4), change())
        .prop_map(|(runs, end)| Line { runs, end })
}

fn xml(line: &Line) -> String {
    let runs: String = line
        .runs
        .iter()
        .map(|(text, change)| match change {
            Change::None => r(text),
            Change::Put => ins(text),
            Change::Taken => del(text),
        })
        .collect();
    match line.end {
        Change::None => format!("<w:p>{runs}</w:p>"),
        Change::Put => p_end("ins", &runs),
        Change::Taken => p_end("del", &runs),
    }
}

/// The paragraphs that are left when changes of one kind are not there.
fn oracle(lines: &[Line], gone: Change) -> Vec<String> {
    let mut paragraphs = vec![String::new()];
    for line in lines {
        for (text, change) in &line.runs {
            if *change != gone {
                paragraphs.last_mut().expect("a paragraph").push_str(text);
            }
        }
        if line.end != gone {
            paragraphs.push(String::new());
        }
    }
    paragraphs
        .iter()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn all_taken_and_all_refused_give_the_two_texts(lines in prop::collection::vec(line(), 0..7), in_cell in any::<bool>()) {
        let body: String = lines.iter().map(xml).collect();
        let body = if in_cell { format!("<w:tbl><w:tr><w:tc>{body}</w:tc></w:tr></w:tbl>") } else { body };
        let protocol = read(&made(&body).bytes()).expect("a Word file");
        let (mut before, mut after) = (Vec::new(), Vec::new());
        for block in protocol.sections.iter().flat_map(|section| &section.blocks) {
            let changes: Vec<_> = block.suggestions.iter().collect();
            prop_assert!(changes.len() <= 1);
            before.push(block.text.text.clone());
            after.push(match changes.first() {
                None => block.text.text.clone(),
                Some(change) => change.to.text.clone(),
            });
        }
        let lines_of = |texts: Vec<String>| -> Vec<String> {
            let lines = texts.iter().flat_map(|text| text.split('\n')).map(str::trim);
            lines.filter(|line| !line.is_empty()).map(str::to_owned).collect()
        };
        prop_assert_eq!(lines_of(before), oracle(&lines, Change::Put));
        prop_assert_eq!(lines_of(after), oracle(&lines, Change::Taken));
    }
}

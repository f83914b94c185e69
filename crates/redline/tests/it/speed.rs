//! A figure, not a check of every run: `cargo test -p redline speed -- --ignored --nocapture`.

use crate::stories::{block, protocol, section};
use redline::{change_table, redline};
use std::time::Instant;

const SENTENCE: &str =
    "受试者口服甲药 5 mg，每日一次，连续服用28天，第 4 周随访时记录不良事件与合并用药；";

#[test]
#[ignore = "a figure: cargo test -p redline speed -- --ignored --nocapture"]
fn a_quarter_of_a_long_protocol() {
    let text = |n: usize, is_new: bool| {
        let text = format!("{n}. {}", SENTENCE.repeat(3));
        if is_new && n.is_multiple_of(4) {
            text.replacen("5 mg", "10 mg", 1)
                .replacen("28天", "21天", 2)
        } else {
            text
        }
    };
    let make = |is_new: bool| {
        let sections = (0..26).map(|s| {
            let blocks = (0..37).map(|b| block(100 + s * 37 + b, &text(s * 37 + b, is_new)));
            section(s + 1, &format!("第 {s} 章"), blocks.collect())
        });
        protocol(sections.collect())
    };
    let (old, new) = (make(false), make(true));
    let n_bytes: usize = new
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .map(|block| block.zh.text.len())
        .sum();
    for _ in 0..5 {
        let begun = Instant::now();
        let lines = redline(&old, &new);
        let took = begun.elapsed();
        let rows = change_table(&lines);
        println!(
            "{n_bytes} bytes, {:?}, {} rows, {took:?}",
            lines.counts,
            rows.len()
        );
        assert_eq!(lines.counts.changed, 241);
    }
}

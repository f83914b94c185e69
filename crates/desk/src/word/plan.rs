//! What of a file is what of a study, as a person is shown it.

use model::protocol::{self, Block, Protocol, Section};
use model::rich::RichText;
use model::word::{
    FoundBlock, FoundSection, IncomingBlock, IncomingProtocol, IncomingSuggestion, WordCounts,
    WordGone, WordPlan, WordSection, WordUnsure,
};
use model::{Entity, EntityId, Lang, StudyDoc};
use redline::matching::{self, BlockMatch, MatchedBy};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Plans the import of a file.
pub(crate) fn make(doc: StudyDoc, incoming: &IncomingProtocol, lang: Lang) -> WordPlan {
    let known = protocol::of(&doc);
    let matching = matching::match_protocol(&known, incoming, lang);
    let mut blocks: HashMap<&EntityId, (&Section, &Block)> = HashMap::new();
    for section in &known.sections {
        blocks.extend(
            section
                .blocks
                .iter()
                .map(|block| (&block.id, (section, block))),
        );
    }
    let mut plan = WordPlan {
        lang,
        sections: Vec::new(),
        unsure: Vec::new(),
        gone: Vec::new(),
        counts: WordCounts::default(),
        found: Vec::new(),
        doc: None,
    };
    let mut at = 0;
    for (section, found) in incoming.sections.iter().zip(&matching.sections) {
        plan.sections.push(WordSection {
            at: number(plan.sections.len()),
            number: section.number.clone(),
            title: section.title.text.clone(),
            level: section.level,
            by: section.by,
            blocks: number(section.blocks.len()),
            section: found.known.clone(),
            score: score(found.by),
        });
        plan.found.push(FoundSection {
            known: found.known.clone(),
            blocks: found.blocks.iter().map(to_found).collect(),
        });
        count_suggestions(&mut plan.counts, &section.suggestions);
        for (block, found) in section.blocks.iter().zip(&found.blocks) {
            count_suggestions(&mut plan.counts, &block.suggestions);
            let known = found.known.as_ref().and_then(|id| blocks.get(id));
            let known = known.map(|(_, block)| *block);
            let counted = match known {
                None => &mut plan.counts.new,
                Some(known) if is_same(block, known, lang) => &mut plan.counts.same,
                Some(_) => &mut plan.counts.changed,
            };
            *counted += 1;
            plan.counts.moved += u32::from(found.moved);
            if let Some(known) = known.filter(|_| found.unsure) {
                plan.counts.unsure += 1;
                plan.unsure.push(WordUnsure {
                    at,
                    block: known.id.clone(),
                    was: known.text(lang).text.clone(),
                    now: block.text.text.clone(),
                    score: score(found.by),
                });
            }
            at += 1;
        }
    }
    let gone = matching.gone.iter().filter_map(|id| blocks.get(id));
    plan.gone = gone
        .map(|(section, block)| WordGone {
            block: block.id.clone(),
            section: Some(section.id.clone()),
            text: block.text(lang).text.clone(),
        })
        .collect();
    plan.gone
        .extend(gone_headings(&known, &doc, &plan.found, lang));
    plan.counts.gone = number(plan.gone.len());
    plan.doc = Some(doc);
    plan
}

/// Headings of one's own that the file no longer has, nor anything that stands below them here.
fn gone_headings(
    known: &Protocol,
    doc: &StudyDoc,
    found: &[FoundSection],
    lang: Lang,
) -> Vec<WordGone> {
    let sections: HashSet<&EntityId> = found.iter().filter_map(|one| one.known.as_ref()).collect();
    let blocks: HashSet<&EntityId> = found
        .iter()
        .flat_map(|section| &section.blocks)
        .flat_map(|block| block.known.iter().chain(&block.merged))
        .collect();
    let says = |block: &Block| !block.text(lang).is_blank() || !block.image.is_empty();
    let stays = |block: &Block| !blocks.contains(&block.id) && !says(block);
    let is_gone = |section: &&Section| {
        doc.entity(&section.id)
            .is_some_and(|entity| is_own(entity, lang))
            && !sections.contains(&section.id)
            && !section.blocks.iter().any(stays)
    };
    let gone = known.sections.iter().filter(is_gone);
    gone.map(|section| WordGone {
        block: section.id.clone(),
        section: Some(section.id.clone()),
        text: section.title(lang).text.clone(),
    })
    .collect()
}

/// Whether a section is no template's and has no title in the language that a file leaves alone.
pub(crate) fn is_own(section: &Entity, lang: Lang) -> bool {
    let other = super::register("title", super::other(lang));
    section.text("key").is_empty() && section.text(&other).trim().is_empty()
}

fn number(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn to_found(found: &BlockMatch) -> FoundBlock {
    FoundBlock {
        known: found.known.clone(),
        split_from: found.split_from.clone(),
        merged: found.merged.clone(),
    }
}

fn score(by: MatchedBy) -> f32 {
    match by {
        MatchedBy::Mark | MatchedBy::Equal => 1.0,
        MatchedBy::Similar { percent } => f32::from(percent) / 100.0,
        MatchedBy::New => 0.0,
    }
}

fn count_suggestions(counts: &mut WordCounts, suggestions: &[IncomingSuggestion]) {
    for one in suggestions {
        if one.kind == "comment" {
            counts.comments += 1;
        } else {
            counts.suggestions += 1;
        }
    }
}

/// Whether a block says, and looks like, what the known one does.
fn is_same(block: &IncomingBlock, known: &Block, lang: Lang) -> bool {
    let kind = if block.kind.is_empty() {
        "paragraph"
    } else {
        &block.kind
    };
    kind == known.kind
        && (kind != "item" || block.level == known.level)
        && is_same_list(&block.list, &known.list)
        && (block.text == *known.text(lang) || is_borrowed(&block.text, known, lang))
        && is_same_layout(&block.layout, &known.layout)
        && is_same_image(&block.image, &known.image)
}

/// Whether a text of a file is the other language's, which an export shows where there is none.
fn is_borrowed(text: &RichText, known: &Block, lang: Lang) -> bool {
    known.text(lang).is_blank() && !text.is_blank() && *text == *known.text(super::other(lang))
}

/// Whether two blocks are listed in the same way: a file always says how, a study need not.
pub(crate) fn is_same_list(file: &str, known: &str) -> bool {
    file == known || (file == "bullet" && known.is_empty())
}

/// Whether two layouts of a row say the same. Word sets widths anew by a little.
pub(crate) fn is_same_layout(file: &str, known: &str) -> bool {
    /// Units: thousandths of the table's width.
    const WIDTH_MAX: u64 = 60;
    let read = |text: &str| -> Option<(Value, Vec<u64>)> {
        let mut value: Value = serde_json::from_str(text).ok()?;
        let widths = value.as_object_mut()?.shift_remove("w");
        let widths = widths.as_ref().and_then(Value::as_array);
        let widths: Vec<u64> = widths
            .into_iter()
            .flatten()
            .filter_map(Value::as_u64)
            .collect();
        let sum = widths.iter().sum::<u64>().max(1);
        let of_all = widths.iter().map(|width| width * 1_000 / sum).collect();
        Some((value, of_all))
    };
    if file == known {
        return true;
    }
    let (Some((file, new)), Some((known, old))) = (read(file), read(known)) else {
        return false;
    };
    file == known
        && new.len() == old.len()
        && new
            .iter()
            .zip(&old)
            .all(|(new, old)| new.abs_diff(*old) <= WIDTH_MAX)
}

/// Whether two pictures have the same bytes; a file without the picture keeps the known one.
pub(crate) fn is_same_image(file: &str, known: &str) -> bool {
    let data = |text: &str| {
        let value: Value = serde_json::from_str(text).ok()?;
        Some(value.get("data")?.as_str()?.to_owned())
    };
    file.is_empty() || file == known || data(file).is_some_and(|bytes| Some(bytes) == data(known))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_width_that_word_set_anew_is_no_change() {
        for (file, known, is_same) in [
            ("", "", true),
            (r#"{"w":[161,613,226]}"#, r#"{"w":[183,578,239]}"#, true),
            (r#"{"w":[1,1]}"#, r#"{"w":[500,500]}"#, true),
            (r#"{"w":[100,900]}"#, r#"{"w":[500,500]}"#, false),
            (r#"{"w":[1,1,1]}"#, r#"{"w":[1,1]}"#, false),
            (r#"{"head":true}"#, r#"{"head": true, "w": []}"#, true),
            (r#"{"head":true}"#, "", false),
            (r#"{"span":[2]}"#, r#"{"span":[1,1]}"#, false),
        ] {
            assert_eq!(is_same_layout(file, known), is_same, "{file} {known}");
        }
        let image = r#"{"mime":"image/png","data":"AA","w":3}"#;
        assert!(is_same_image("", image) && is_same_image(r#"{"data":"AA"}"#, image));
        assert!(!is_same_image(r#"{"data":"BB"}"#, image));
    }
}

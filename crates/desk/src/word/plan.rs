//! What of a file is what of a study, as a person is shown it.

use crate::word::ground::Ground;
use model::protocol::{self, Block, Protocol, Section};
use model::rich::RichText;
use model::word::{
    FoundBlock, FoundSection, IncomingBlock, IncomingProtocol, IncomingSuggestion, WordCounts,
    WordGone, WordPlan, WordSection, WordUnsure,
};
use model::{Entity, EntityId, Lang, StudyDoc, StudyId, kind};
use redline::matching::{self, BlockMatch, MatchedBy, Matching};
use serde_json::Value;
use std::collections::{HashMap, HashSet};

/// Plans the import of a file.
pub(crate) fn make(ground: Ground, incoming: &IncomingProtocol, lang: Lang) -> WordPlan {
    let Ground { doc, later, .. } = ground;
    let known = protocol::of(&doc);
    let mut matching = matching::match_protocol(&known, incoming, lang);
    let blocks_of_file = matching.sections.iter_mut().flat_map(|one| &mut one.blocks);
    for found in blocks_of_file {
        // What the file cannot know it cannot have changed: it is like something new of the file.
        let is_alike = matches!(found.by, MatchedBy::Similar { .. });
        if is_alike && found.known.as_ref().is_some_and(|id| later.contains(id)) {
            found.known = None;
            found.by = MatchedBy::New;
            found.unsure = false;
            found.moved = false;
            found.merged.clear();
        }
        found.merged.retain(|id| !later.contains(id));
    }
    let recalled = recall(&mut matching, &doc, incoming, lang);
    let mut since = ground.since;
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
        since: None,
        found: Vec::new(),
        doc: None,
        untouchable: HashSet::new(),
        warning: ground.warning.map(str::to_owned),
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
        let is_again = |id: &EntityId| recalled.contains(id) && later.contains(id);
        plan.found.push(FoundSection {
            known: found.known.clone(),
            again: found.known.as_ref().is_some_and(is_again),
            blocks: found
                .blocks
                .iter()
                .map(|one| to_found(one, is_again))
                .collect(),
        });
        count_suggestions(&mut plan.counts, &section.suggestions);
        for (block, found) in section.blocks.iter().zip(&found.blocks) {
            count_suggestions(&mut plan.counts, &block.suggestions);
            let is_again = found.known.as_ref().is_some_and(is_again);
            let known = found.known.as_ref().and_then(|id| blocks.get(id));
            let known = known.map(|(_, block)| *block);
            let counted = match known {
                None => &mut plan.counts.new,
                Some(_) if is_again => &mut plan.counts.same,
                Some(known) if is_same(block, known, lang) => &mut plan.counts.same,
                Some(_) => &mut plan.counts.changed,
            };
            *counted += 1;
            if let (Some(known), Some(since)) = (known, &mut since)
                && ground.changed.contains(&known.id)
                && !is_same(block, known, lang)
            {
                since.both += 1;
            }
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
    plan.untouchable = later.union(&ground.aside).cloned().collect();
    let gone = matching
        .gone
        .iter()
        .filter(|id| !plan.untouchable.contains(*id));
    let gone = gone.filter_map(|id| blocks.get(id));
    plan.gone = gone
        .map(|(section, block)| WordGone {
            block: block.id.clone(),
            section: Some(section.id.clone()),
            text: block.text(lang).text.clone(),
        })
        .collect();
    let headings = gone_headings(&known, &doc, &plan.found, lang);
    let may_go = |one: &WordGone| !plan.untouchable.contains(&one.block);
    plan.gone.extend(headings.into_iter().filter(may_go));
    if let Some(since) = &mut since {
        let both = plan
            .gone
            .iter()
            .filter(|one| ground.changed.contains(&one.block));
        since.both += number(both.count());
    }
    let of_lang = |lang: Lang| {
        let mut blocks = known.sections.iter().flat_map(|section| &section.blocks);
        blocks.any(|block| !block.text(lang).is_blank())
    };
    let is_twin = !incoming.is_marked && !of_lang(lang) && of_lang(super::other(lang));
    if is_twin && plan.counts.new > 0 {
        plan.warning.get_or_insert("word.base.twin".to_owned());
    }
    plan.since = since.filter(|since| since.changed > 0);
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

/// The id that something new of a file gets: the same wherever the file is read in.
pub(crate) fn id_in_file(
    study: &StudyId,
    incoming: &IncomingProtocol,
    lang: Lang,
    kind: &str,
    at: usize,
) -> EntityId {
    let lang = super::lang_code(lang);
    EntityId::of_import(
        study,
        kind,
        &format!("{} {lang} {at}", incoming.source_hash),
    )
}

/// Finds again what this very file brought when it was read in before, here or on another laptop.
fn recall(
    matching: &mut Matching,
    doc: &StudyDoc,
    incoming: &IncomingProtocol,
    lang: Lang,
) -> HashSet<EntityId> {
    let mut found = HashSet::new();
    let mut here = |kind: &str, at: usize| {
        let id = id_in_file(&doc.id, incoming, lang, kind, at);
        let is_shown = doc.entity(&id).is_some_and(Entity::is_shown);
        is_shown.then(|| {
            found.insert(id.clone());
            id
        })
    };
    let mut n_blocks = 0;
    for (at, section) in matching.sections.iter_mut().enumerate() {
        if section.known.is_none() {
            section.known = here(kind::SECTION, at);
        }
        for block in &mut section.blocks {
            if block.known.is_none() {
                block.known = here(kind::BLOCK, n_blocks);
            }
            n_blocks += 1;
        }
    }
    matching.gone.retain(|id| !found.contains(id));
    found
}

fn to_found(found: &BlockMatch, is_again: impl Fn(&EntityId) -> bool) -> FoundBlock {
    FoundBlock {
        known: found.known.clone(),
        again: found.known.as_ref().is_some_and(is_again),
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

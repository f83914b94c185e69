//! The text around a hit, with the places of the hit.

use crate::search::words::{self, Part};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters shown before the first hit.
const BEFORE: usize = 24;
/// Characters shown in all.
const WIDTH: usize = 120;

/// Text in the form that is compared, with the way back.
struct Folded {
    /// The characters that are compared, without accents.
    chars: Vec<char>,
    /// For each, the place in the original of the character that it came from. Units: characters.
    origins: Vec<usize>,
}

/// Cuts out the text around the first hit.
///
/// Units: marks are UTF-16 code units in the excerpt, start and end.
pub(crate) fn around(text: &str, query: &str) -> (String, Vec<(u32, u32)>) {
    let original: Vec<char> = text.chars().collect();
    let folded = fold(&original);
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for part in words::parts(&words::fold(query)) {
        let (needle, starts_word) = match part {
            Part::Cjk(run) => (run, false),
            Part::Word(word) => (word, true),
        };
        let needle: Vec<char> = without_accents(&needle).collect();
        ranges.extend(find(&folded, &needle, starts_word));
    }
    ranges.sort_unstable();
    let first = ranges.first().map_or(0, |(start, _)| *start);
    let start = first.saturating_sub(BEFORE);
    let end = (start + WIDTH).min(original.len());
    let shown = original.get(start..end).unwrap_or_default();
    let mut excerpt = String::new();
    let mut places = vec![0_u32];
    if start > 0 {
        excerpt.push('…');
    }
    let mut n_units = u32::from(start > 0);
    places[0] = n_units;
    for c in shown {
        excerpt.push(if c.is_whitespace() { ' ' } else { *c });
        n_units += if c.is_whitespace() {
            1
        } else {
            c.len_utf16() as u32
        };
        places.push(n_units);
    }
    if end < original.len() {
        excerpt.push('…');
    }
    let to_units = |place: usize| places.get(place - start).copied().unwrap_or(n_units);
    let mut marks: Vec<(u32, u32)> = Vec::new();
    for (from, to) in ranges.into_iter().filter(|(from, _)| *from < end) {
        let (from, to) = (to_units(from), to_units(to.min(end)));
        match marks.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => marks.push((from, to)),
        }
    }
    (excerpt, marks)
}

fn without_accents(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfd().filter(|c| !is_combining_mark(*c))
}

/// Folds character by character, a base with its marks together, so that the way back is known.
fn fold(original: &[char]) -> Folded {
    let mut folded = Folded {
        chars: Vec::new(),
        origins: Vec::new(),
    };
    for (place, c) in original.iter().enumerate() {
        let lower: String = words::fold(c.encode_utf8(&mut [0; 4]));
        for c in without_accents(&lower) {
            folded.chars.push(c);
            folded.origins.push(place);
        }
    }
    folded
}

/// Where a needle stands, as ranges of the original.
fn find(folded: &Folded, needle: &[char], starts_word: bool) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    if needle.is_empty() || folded.chars.len() < needle.len() {
        return found;
    }
    for (start, window) in folded.chars.windows(needle.len()).enumerate() {
        let before = start
            .checked_sub(1)
            .and_then(|place| folded.chars.get(place));
        let is_inside =
            starts_word && before.is_some_and(|c| c.is_alphanumeric() && !words::is_cjk(*c));
        if window == needle && !is_inside {
            let last = start + needle.len() - 1;
            if let (Some(from), Some(to)) = (folded.origins.get(start), folded.origins.get(last)) {
                found.push((*from, *to + 1));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, query: &str, marked: &[&str]) {
        let (excerpt, marks) = around(text, query);
        let units: Vec<u16> = excerpt.encode_utf16().collect();
        let texts: Vec<String> = marks
            .iter()
            .map(|(from, to)| String::from_utf16(&units[*from as usize..*to as usize]).unwrap())
            .collect();
        assert_eq!(texts, marked, "{text} / {query}");
    }

    #[test]
    fn the_hit_is_marked_as_it_stands_in_the_text() {
        check("伦理委员会审批", "委员", &["委员"]);
        check("严重不良事件（ＳＡＥ）报告", "sae报告", &["ＳＡＥ", "报告"]);
        check("Café and cafeteria", "cafe", &["Café", "cafe"]);
        check("unblinded, blinded", "blind", &["blind"]);
        check("😀 phase 2", "phase", &["phase"]);
        check("心力衰竭，心功能", "心", &["心", "心"]);
        check("nothing here", "absent", &[]);
        check(&format!("{}终点", "前言".repeat(200)), "终点", &["终点"]);
        check("", "x", &[]);
    }
}

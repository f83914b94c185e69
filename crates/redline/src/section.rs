//! Which section was which: by id, key, title, content.

use crate::align::{ALIKE, How};
use crate::bag::Bag;
use model::EntityId;

/// What a section is known by.
#[derive(Default)]
pub(crate) struct Head<'a> {
    pub(crate) id: Option<&'a EntityId>,
    /// Names by rank, the surest first: key of a template, titles. An empty one says nothing.
    pub(crate) names: Vec<String>,
    /// Its titles.
    pub(crate) title: String,
    /// The text of its blocks.
    pub(crate) content: String,
}

/// For each of the new sections, the old one and how it was found.
pub(crate) fn pair(old: &[Head], new: &[Head]) -> Vec<Option<(usize, How)>> {
    let mut pairs: Vec<Option<(usize, How)>> = vec![None; new.len()];
    let mut is_used = vec![false; old.len()];
    let mut take =
        |pairs: &mut Vec<Option<(usize, How)>>, how: How, fits: &dyn Fn(&Head, &Head) -> bool| {
            for (pair, head) in pairs.iter_mut().zip(new) {
                let is_open = pair.is_none();
                let mut open = old.iter().enumerate().filter(|(at, _)| !is_used[*at]);
                if let Some((at, _)) = open.find(|(_, known)| is_open && fits(known, head)) {
                    *pair = Some((at, how));
                    is_used[at] = true;
                }
            }
        };
    take(&mut pairs, How::Id, &|a, b| a.id.is_some() && a.id == b.id);
    let ranks = new.iter().map(|head| head.names.len()).max().unwrap_or(0);
    for rank in 0..ranks {
        take(&mut pairs, How::Equal, &|a, b| {
            let name = a.names.get(rank).filter(|name| !name.is_empty());
            name.is_some() && name == b.names.get(rank)
        });
    }
    // Only what is not found by its names is looked at closely.
    let bags = |head: &Head| (Bag::of(&head.title), Bag::of(&head.content));
    let open_old: Vec<_> = old
        .iter()
        .enumerate()
        .filter(|(a, _)| !is_used[*a])
        .map(|(a, head)| (a, bags(head)))
        .collect();
    let open_new: Vec<_> = new
        .iter()
        .enumerate()
        .filter(|(b, _)| pairs[*b].is_none())
        .map(|(b, head)| (b, bags(head)))
        .collect();
    let mut alike = Vec::new();
    for (b, (title, content)) in &open_new {
        for (a, known) in &open_old {
            let score = known.0.alike(title).max(known.1.alike(content));
            if score >= ALIKE {
                alike.push((score, *a, *b));
            }
        }
    }
    alike.sort_by(|x, y| y.0.total_cmp(&x.0).then((x.1, x.2).cmp(&(y.1, y.2))));
    for (score, a, b) in alike {
        if pairs[b].is_none() && !is_used[a] {
            pairs[b] = Some((a, How::Similar(score)));
            is_used[a] = true;
        }
    }
    pairs
}

/// A title as it is compared: small letters and digits only.
pub(crate) fn folded(title: &str) -> String {
    let signs = title.chars().filter(|c| c.is_alphanumeric());
    signs.flat_map(char::to_lowercase).collect()
}

/// A title cut into its number and the rest: `4.2 Rationale` is `4.2` and `Rationale`.
pub(crate) fn numbered(title: &str) -> (&str, &str) {
    let title = title.trim();
    let end = title
        .find(|c: char| !c.is_ascii_digit() && c != '.')
        .unwrap_or(title.len());
    let (number, rest) = title.split_at(end);
    if number.starts_with(|c: char| c.is_ascii_digit()) && rest.starts_with(char::is_whitespace) {
        (number.trim_end_matches('.'), rest.trim_start())
    } else {
        ("", title)
    }
}

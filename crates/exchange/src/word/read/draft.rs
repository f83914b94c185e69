//! From paragraphs with tracked changes to the blocks of the text before them.
//!
//! A tracked change may split or join paragraphs. Paragraphs that hang together so are looked at
//! as one chain, which reads as some blocks before the changes and as some after them; a block of
//! either side that shares words with one of the other is that block, changed.

use super::flow::{Flow, NoteRef, Paragraph, Picture, Piece, Revision, Shape, View, When};
use super::pen::{Pen, groups};
use model::EntityId;
use model::rich::RichText;
use std::ops::Range;

/// What becomes a paragraph, heading, item or figure.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub(super) shape: Shape,
    /// The text before the tracked changes; empty for one that they put in.
    pub(super) before: RichText,
    /// The text after them; empty for one that they take out.
    pub(super) after: RichText,
    /// Whether a tracked change puts all of it in or takes all of it out.
    pub(super) when: When,
    pub(super) revisions: Vec<Revision>,
    pub(super) comments: Vec<String>,
    pub(super) notes: Vec<(NoteRef, When)>,
    pub(super) pictures: Vec<(Picture, When)>,
    pub(super) boxes: Vec<Vec<Flow>>,
    pub(super) mark: Option<EntityId>,
    /// All of it is bold, by whatever says so.
    pub(super) is_strong: bool,
    /// Size of its letters. Units: half points.
    pub(super) size: u32,
}

/// The drafts of paragraphs that follow each other.
pub(super) fn drafts(paragraphs: &[&Paragraph], links: &[String]) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut from = 0;
    for (at, paragraph) in paragraphs.iter().enumerate() {
        if paragraph.end == When::Always || at + 1 == paragraphs.len() {
            if let Some(chain) = paragraphs.get(from..=at) {
                drafts.extend(of_chain(chain, links));
            }
            from = at + 1;
        }
    }
    drafts
}

/// One view of a chain.
struct Side {
    groups: Vec<Range<usize>>,
    texts: Vec<RichText>,
    is_there: Vec<bool>,
    /// The first paragraph of each that shows anything.
    starts: Vec<usize>,
    /// The group of each paragraph.
    of: Vec<usize>,
}

fn side(chain: &[&Paragraph], view: View, links: &[String]) -> Side {
    let groups = groups(chain, view);
    let mut side = Side {
        of: Vec::with_capacity(chain.len()),
        groups: groups.clone(),
        texts: Vec::new(),
        is_there: Vec::new(),
        starts: Vec::new(),
    };
    for (at, group) in groups.into_iter().enumerate() {
        let first = group.start;
        side.of.extend(std::iter::repeat_n(at, group.len()));
        let members = chain.get(group).unwrap_or_default();
        let mut pen = Pen::default();
        for paragraph in members {
            pen.paragraph(paragraph, view, links);
        }
        let shows = members.iter().position(|paragraph| holds(paragraph, view));
        side.is_there.push(shows.is_some());
        side.starts.push(first + shows.unwrap_or(0));
        side.texts.push(pen.finish());
    }
    side
}

/// Whether a paragraph has anything to see in a view.
fn holds(paragraph: &Paragraph, view: View) -> bool {
    paragraph.pieces.iter().any(|piece| match piece {
        Piece::Text { text, when, .. } => when.is_in(view) && !text.trim().is_empty(),
        Piece::Note { when, .. } | Piece::Picture { when, .. } | Piece::TextBox { when, .. } => {
            when.is_in(view)
        }
        Piece::Comment(_) => false,
    })
}

fn of_chain(chain: &[&Paragraph], links: &[String]) -> Vec<Draft> {
    if let [paragraph] = chain
        && paragraph.pieces.iter().all(is_untouched)
    {
        return untouched(paragraph, links).into_iter().collect();
    }
    let before = side(chain, View::Before, links);
    let after = side(chain, View::After, links);
    let revisions = revisions_of(chain.iter());
    let group_of = |side: &Side, at: usize| side.of.get(at).copied();
    // Which block before is which one after: by paragraphs that have words on both sides.
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (at, paragraph) in chain.iter().enumerate() {
        let is_in_both = holds(paragraph, View::Before) && holds(paragraph, View::After);
        if let (true, Some(b), Some(a)) = (is_in_both, group_of(&before, at), group_of(&after, at))
            && pairs
                .last()
                .is_none_or(|(last_b, last_a, _)| *last_b < b && *last_a < a)
        {
            pairs.push((b, a, at));
        }
    }
    let mut out = Vec::new();
    let (mut b, mut a) = (0, 0);
    let ends = (before.groups.len(), after.groups.len());
    for pair in pairs.iter().map(Some).chain(std::iter::once(None)) {
        let (to_b, to_a) = pair.map_or(ends, |(b, a, _)| (*b, *a));
        // What is only before, and what is only after, in the order of the file.
        while b < to_b || a < to_a {
            let start = |side: &Side, at: usize| side.starts.get(at).copied().unwrap_or(0);
            if b < to_b && (a >= to_a || start(&before, b) <= start(&after, a)) {
                out.push(one(
                    chain,
                    (&before, Some(b)),
                    (&after, None),
                    (None, &revisions),
                ));
                b += 1;
            } else {
                out.push(one(
                    chain,
                    (&before, None),
                    (&after, Some(a)),
                    (None, &revisions),
                ));
                a += 1;
            }
        }
        if let Some((pair_b, pair_a, at)) = pair {
            let sides = ((&before, Some(*pair_b)), (&after, Some(*pair_a)));
            out.push(one(chain, sides.0, sides.1, (Some(*at), &revisions)));
            (b, a) = (pair_b + 1, pair_a + 1);
        }
    }
    let mut drafts: Vec<(Draft, Range<usize>)> = out.into_iter().flatten().collect();
    attach(chain, &mut drafts);
    drafts.into_iter().map(|(draft, _)| draft).collect()
}

fn is_untouched(piece: &Piece) -> bool {
    match piece {
        Piece::Text { when, .. }
        | Piece::Note { when, .. }
        | Piece::Picture { when, .. }
        | Piece::TextBox { when, .. } => *when == When::Always,
        Piece::Comment(_) => true,
    }
}

/// The draft of a paragraph without tracked changes: both texts are one.
fn untouched(paragraph: &Paragraph, links: &[String]) -> Option<Draft> {
    if !holds(paragraph, View::Before) {
        return None;
    }
    let mut pen = Pen::default();
    pen.paragraph(paragraph, View::Before, links);
    let text = pen.finish();
    let (is_strong, size) = strength(paragraph, View::Before);
    let draft = Draft {
        shape: paragraph.shape.clone(),
        after: text.clone(),
        before: text,
        is_strong,
        size,
        ..Draft::default()
    };
    let mut drafts = [(draft, 0..1)];
    attach(&[paragraph], &mut drafts);
    let [(draft, _)] = drafts;
    Some(draft)
}

/// A block of one side or of both, and the paragraphs that it comes from.
fn one(
    chain: &[&Paragraph],
    (before, b): (&Side, Option<usize>),
    (after, a): (&Side, Option<usize>),
    (at, of_chain): (Option<usize>, &[Revision]),
) -> Option<(Draft, Range<usize>)> {
    let is_there = |side: &Side, at: Option<usize>| {
        at.and_then(|at| side.is_there.get(at))
            .copied()
            .unwrap_or(false)
    };
    let when = match (is_there(before, b), is_there(after, a)) {
        (true, true) => When::Always,
        (true, false) => When::Taken,
        (false, true) => When::Put,
        (false, false) => return None,
    };
    let group_of = |side: &Side, at: Option<usize>| at.and_then(|at| side.groups.get(at).cloned());
    let group = group_of(before, b).or_else(|| group_of(after, a))?;
    let view = if when == When::Put {
        View::After
    } else {
        View::Before
    };
    let members = chain.get(group.clone())?;
    let first = members.iter().find(|paragraph| holds(paragraph, view));
    let main = at.and_then(|at| chain.get(at)).or(first)?;
    let text = |side: &Side, at: Option<usize>| {
        at.and_then(|at| side.texts.get(at))
            .cloned()
            .unwrap_or_default()
    };
    let (is_strong, size) = strength(main, view);
    let revisions = match (group_of(before, b), group_of(after, a)) {
        (Some(b), Some(a)) => revisions_of(
            chain
                .get(b.start.min(a.start)..b.end.max(a.end))
                .into_iter()
                .flatten(),
        ),
        _ => revisions_of(members.iter().filter(|paragraph| holds(paragraph, view))),
    };
    let draft = Draft {
        // What was split off or joined says nothing itself; the others of the chain do.
        revisions: if revisions.is_empty() {
            of_chain.to_vec()
        } else {
            revisions
        },
        shape: main.shape.clone(),
        before: text(before, b),
        after: text(after, a),
        when,
        is_strong,
        size,
        ..Draft::default()
    };
    Some((draft, group))
}

/// The tracked changes of some paragraphs, each once.
fn revisions_of<'a>(paragraphs: impl Iterator<Item = &'a &'a Paragraph>) -> Vec<Revision> {
    let mut revisions: Vec<Revision> = Vec::new();
    for revision in paragraphs.flat_map(|paragraph| &paragraph.revisions) {
        revision.add_to(&mut revisions);
    }
    revisions
}

/// Gives each paragraph's notes, pictures, comments and mark to one of the drafts.
fn attach(chain: &[&Paragraph], drafts: &mut [(Draft, Range<usize>)]) {
    // A draft of the text before goes before one that is only put in.
    let mut owners: Vec<Option<usize>> = vec![None; chain.len()];
    for is_put in [true, false] {
        for (place, (draft, group)) in drafts.iter().enumerate() {
            if (draft.when == When::Put) == is_put {
                let places = owners.get_mut(group.clone()).into_iter().flatten();
                places.for_each(|owner| *owner = Some(place));
            }
        }
    }
    for (at, paragraph) in chain.iter().enumerate() {
        let last = drafts.len().checked_sub(1);
        let place = owners.get(at).copied().flatten().or(last);
        let Some((draft, _)) = place.and_then(|place| drafts.get_mut(place)) else {
            continue;
        };
        if draft.mark.is_none() {
            draft.mark.clone_from(&paragraph.mark);
        }
        for piece in &paragraph.pieces {
            match piece {
                Piece::Comment(id) => draft.comments.push(id.clone()),
                Piece::Note {
                    when: When::Never, ..
                }
                | Piece::Picture {
                    when: When::Never, ..
                } => {}
                Piece::Note { note, when } => draft.notes.push((note.clone(), *when)),
                Piece::Picture { picture, when } => draft.pictures.push((picture.clone(), *when)),
                Piece::TextBox { flow, .. } => draft.boxes.push(flow.clone()),
                Piece::Text { .. } => {}
            }
        }
    }
}

/// Whether all of a paragraph's words are bold, and how large the first ones are.
fn strength(paragraph: &Paragraph, view: View) -> (bool, u32) {
    let mut words = paragraph.pieces.iter().filter_map(|piece| match piece {
        Piece::Text { text, look, when } if when.is_in(view) && !text.trim().is_empty() => {
            Some(look)
        }
        _ => None,
    });
    let Some(first) = words.next() else {
        return (false, 0);
    };
    (
        first.is_strong && words.all(|look| look.is_strong),
        first.size,
    )
}

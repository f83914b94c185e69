//! The walk through a part: paragraphs and tables in order.

use super::field::Fields;
use super::flow::{Flow, Paragraph, Piece, Revision, Shape, When};
use super::notices::{self, Notices};
use super::numbering::Numbering;
use super::package::Relations;
use super::styles::{Place, RunLook, Style, Styles};
use super::xml::{Node, Ns, attr, child, elements, is_w, name, val};
use model::word::WordBase;
use model::{EntityId, Lang};
use std::collections::BTreeSet;
use std::ops::Range;

/// The bookmark of an export in both languages.
const BOTH_LANGUAGES: &str = "_pdLangBoth";
/// The bookmark of a redline.
const REDLINE: &str = "_pdRedline";

/// Where the walk stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ctx {
    pub(super) when: When,
    pub(super) link: Option<usize>,
    pub(super) is_boxed: bool,
}

impl Ctx {
    /// Inside a tracked change.
    pub(super) fn within(self, when: When) -> Self {
        Self {
            when: self.when.within(when),
            ..self
        }
    }
}

/// Walks through parts; keeps what goes on from one paragraph to the next.
#[derive(Debug, Default)]
pub(super) struct Reader<'s> {
    pub(super) styles: Option<&'s Styles>,
    pub(super) numbering: Numbering,
    pub(super) relations: Relations,
    pub(super) fields: Fields,
    pub(super) notices: Notices,
    /// Addresses of links.
    pub(super) links: Vec<String>,
    pub(super) n_link_bytes: usize,
    /// Comments whose begin was passed.
    pub(super) comments: BTreeSet<String>,
    /// How runs of the current paragraph look that say nothing, by its style.
    pub(super) paragraph_run: RunLook,
    pub(super) marks: BTreeSet<EntityId>,
    /// Found between paragraphs; they belong to the next one.
    pub(super) next_mark: Option<EntityId>,
    pub(super) next_comments: Vec<String>,
    /// Where in the file an export put a cover and contents in front. Units: bytes.
    pub(super) front: Vec<Range<usize>>,
}

impl Reader<'_> {
    /// A style of letters; an empty one when there is none of that id.
    pub(super) fn style(&self, id: Option<&str>) -> Style {
        self.styles.map(|styles| styles.get(id)).unwrap_or_default()
    }

    /// The paragraphs and tables in an element.
    pub(super) fn flow(&mut self, node: Node<'_>, ctx: Ctx) -> Vec<Flow> {
        let mut out = Vec::new();
        self.blocks(node, ctx, &mut out);
        out
    }

    fn blocks(&mut self, node: Node<'_>, ctx: Ctx, out: &mut Vec<Flow>) {
        for child in elements(node) {
            self.block(child, ctx, out);
        }
    }

    pub(super) fn block(&mut self, node: Node<'_>, ctx: Ctx, out: &mut Vec<Flow>) {
        if self.is_front(node) {
            return self.notices.leave(notices::COVER);
        }
        match name(node) {
            (Ns::W, "p") => {
                let paragraph = self.paragraph(node, ctx);
                out.push(Flow::Paragraph(Box::new(paragraph)));
            }
            (Ns::W, "tbl") => {
                let table = self.table(node, ctx);
                if self.fields.is_shown() {
                    out.push(Flow::Table(table));
                }
            }
            (Ns::W, "sdt") if is_contents(node) => self.notices.leave(notices::CONTENTS),
            (Ns::W, "sdt") if is_own_cover(node) => self.notices.leave(notices::COVER),
            (Ns::W, "sdt" | "sdtContent" | "customXml" | "smartTag") => {
                self.blocks(node, ctx, out);
            }
            (Ns::W, "ins" | "moveTo") => self.blocks(node, ctx.within(When::Put), out),
            (Ns::W, "del" | "moveFrom") => self.blocks(node, ctx.within(When::Taken), out),
            (Ns::W, "bookmarkStart") => {
                if let Some(mark) = self.bookmark(node) {
                    self.next_mark.get_or_insert(mark);
                }
            }
            (Ns::W, "commentRangeStart") => {
                if let Some(id) = attr(node, "id") {
                    self.comments.insert(id.to_owned());
                    self.next_comments.push(id.to_owned());
                }
            }
            (Ns::W, "altChunk" | "subDoc") => self.notices.leave(notices::INSERTED_FILE),
            (Ns::Mc, "AlternateContent") => {
                if let Some(branch) = alternative(node) {
                    self.blocks(branch, ctx, out);
                }
            }
            _ => {}
        }
    }

    fn is_front(&self, node: Node<'_>) -> bool {
        let at = node.range();
        let is_in = |front: &Range<usize>| front.start <= at.start && at.end <= front.end;
        self.front.iter().any(is_in)
    }

    fn paragraph(&mut self, node: Node<'_>, ctx: Ctx) -> Paragraph {
        let properties = child(node, "pPr");
        let style_id = properties.and_then(|properties| val(properties, "pStyle"));
        let style = self
            .styles
            .map(|styles| styles.of_paragraph(style_id))
            .unwrap_or_default();
        let own = properties.map(Place::read).unwrap_or_default();
        let outline = properties
            .and_then(|properties| val(properties, "outlineLvl"))
            .and_then(|level| level.parse().ok())
            .or(style.outline);
        let mut paragraph = Paragraph {
            shape: Shape {
                style: style.name.clone(),
                outline: outline
                    .filter(|level| *level < 9)
                    .map(|level: u8| level + 1),
                number: None,
                is_boxed: ctx.is_boxed,
            },
            mark: self.next_mark.take(),
            ..Paragraph::default()
        };
        let comments = std::mem::take(&mut self.next_comments);
        paragraph
            .pieces
            .extend(comments.into_iter().map(Piece::Comment));
        if let Some(end) = properties.and_then(|properties| child(properties, "rPr")) {
            paragraph.end = self.end_of(end, &mut paragraph.revisions);
        }
        let base = style.run.clone();
        let outer = std::mem::replace(&mut self.paragraph_run, base);
        self.inlines(node, ctx, &mut paragraph);
        self.paragraph_run = outer;
        if style.name.starts_with("toc ") && style.name != "toc heading" {
            self.notices.leave(notices::CONTENTS);
            paragraph
                .pieces
                .retain(|piece| matches!(piece, Piece::Comment(_)));
        }
        if let Some(styles) = self.styles {
            // A paragraph that is only put in does not count yet.
            let is_put = paragraph.end == When::Put && is_only_put(&paragraph);
            let place = (style_id, &style);
            paragraph.shape.number = if is_put {
                self.numbering.uncounted(&own, place, styles)
            } else {
                self.numbering.next(&own, place, styles)
            };
        }
        paragraph
    }

    /// What tracked changes say of a paragraph's end.
    fn end_of(&self, node: Node<'_>, revisions: &mut Vec<Revision>) -> When {
        let mut when = When::Always;
        for change in elements(node) {
            let said = match name(change) {
                (Ns::W, "ins" | "moveTo") => When::Put,
                (Ns::W, "del" | "moveFrom") => When::Taken,
                _ => continue,
            };
            when = when.within(said);
            revise(change, revisions);
        }
        when
    }

    /// The section or block that a bookmark names: `_pd` and the id without dashes.
    pub(super) fn bookmark(&mut self, node: Node<'_>) -> Option<EntityId> {
        let id = EntityId::from_hex(attr(node, "name")?.strip_prefix("_pd")?)?;
        // A copy of a paragraph is a new one.
        self.marks.insert(id.clone()).then_some(id)
    }
}

/// Notes who made a tracked change.
pub(super) fn revise(node: Node<'_>, revisions: &mut Vec<Revision>) {
    let revision = Revision {
        author: attr(node, "author").unwrap_or_default().trim().to_owned(),
        at: moment(attr(node, "date").unwrap_or_default()),
    };
    revision.add_to(revisions);
}

/// A time as RFC 3339; empty when it is none. Word writes the local time and calls it UTC.
pub(super) fn moment(text: &str) -> String {
    let text = text.trim();
    let zoned = |text: &str| {
        chrono::DateTime::parse_from_rfc3339(text)
            .ok()
            .map(|_| text.to_owned())
    };
    zoned(text)
        .or_else(|| zoned(&format!("{text}Z")))
        .unwrap_or_default()
}

/// The branch of alternative content that is read: the newer one where it holds anything.
pub(super) fn alternative<'a>(node: Node<'a>) -> Option<Node<'a>> {
    let holds = |branch: &Node<'a>| {
        branch.descendants().any(|node| {
            matches!(
                name(node),
                (Ns::W, "t" | "txbxContent" | "p" | "delText") | (Ns::M, "t") | (Ns::Draw, "blip")
            ) || node.tag_name().name() == "chart"
        })
    };
    let choice = elements(node).find(|child| name(*child) == (Ns::Mc, "Choice") && holds(child));
    choice.or_else(|| elements(node).find(|child| name(*child) == (Ns::Mc, "Fallback")))
}

/// What lies between the bookmarks of an export's front matter, in whole paragraphs and tables.
/// Units: bytes of the part.
pub(super) fn front_of(body: Node<'_>) -> Vec<Range<usize>> {
    let marks: Vec<(&str, Node<'_>)> = body
        .descendants()
        .filter(|node| is_w(*node, "bookmarkStart"))
        .filter_map(|node| Some((attr(node, "name")?.strip_prefix("_pdFront")?, node)))
        .collect();
    // A paragraph without text before the mark lies behind it.
    let place = |node: Node<'_>| {
        let Some(around) = node.ancestors().find(|node| is_w(*node, "p")) else {
            return node.range().start;
        };
        let has_text = around
            .descendants()
            .any(|text| is_w(text, "t") && text.range().end <= node.range().start);
        let range = around.range();
        if has_text { range.end } else { range.start }
    };
    let ranges = marks.iter().filter_map(|(name, start)| {
        let end = format!("{name}End");
        let (_, end) = marks.iter().find(|(name, _)| **name == end)?;
        Some(place(*start)..place(*end))
    });
    ranges.collect()
}

/// Whether it is an export that has each Chinese paragraph with the English one behind it.
pub(super) fn is_in_both_languages(body: Node<'_>) -> bool {
    has_mark(body, BOTH_LANGUAGES)
}

/// The language that an export of ours says it is in.
pub(super) fn language_of(body: Node<'_>) -> Option<Lang> {
    let marks = [("_pdLangZh", Lang::Zh), ("_pdLangEn", Lang::En)];
    let mut said = marks.into_iter().filter(|(mark, _)| has_mark(body, mark));
    said.next().map(|(_, lang)| lang)
}

/// The state of a study that an export of ours says it showed.
pub(super) fn base_of(body: Node<'_>) -> Option<WordBase> {
    let marks = body
        .descendants()
        .filter(|node| is_w(*node, "bookmarkStart"));
    WordBase::of_marks(marks.filter_map(|node| attr(node, "name")))
}

/// Whether it is a redline that was exported, and some of its tracked changes are still open.
pub(super) fn is_open_redline(body: Node<'_>) -> bool {
    let is_change = |node: Node<'_>| {
        ["ins", "del", "moveFrom", "moveTo"]
            .iter()
            .any(|name| is_w(node, name))
    };
    has_mark(body, REDLINE) && body.descendants().any(is_change)
}

fn has_mark(body: Node<'_>, name: &str) -> bool {
    body.descendants()
        .any(|node| is_w(node, "bookmarkStart") && attr(node, "name") == Some(name))
}

fn is_contents(node: Node<'_>) -> bool {
    let gallery = child(node, "sdtPr")
        .and_then(|properties| elements(properties).find(|child| is_w(*child, "docPartObj")))
        .and_then(|part| val(part, "docPartGallery"));
    gallery == Some("Table of Contents")
}

/// Whether it is the cover that an export put in front: facts of the study, not text of it.
fn is_own_cover(node: Node<'_>) -> bool {
    child(node, "sdtPr").and_then(|properties| val(properties, "tag")) == Some("pdCover")
}

fn is_only_put(paragraph: &Paragraph) -> bool {
    paragraph.pieces.iter().all(|piece| match piece {
        Piece::Text { text, when, .. } => {
            matches!(when, When::Put | When::Never) || text.trim().is_empty()
        }
        Piece::Note { when, .. } | Piece::Picture { when, .. } | Piece::TextBox { when, .. } => {
            matches!(when, When::Put | When::Never)
        }
        Piece::Comment(_) => true,
    })
}

//! The protocol text: sections and their blocks, and who may take part.

use super::block::blocks;
use super::{chapter, facts, heading};
use crate::node::{Manner, Node, Run};
use crate::pen::Pen;
use model::protocol::level_of;
use model::reference::{Bilingual, TEMPLATES};
use model::{Entity, Label, kind, label};

/// The key of the section that belongs into the chapter on eligibility.
const ELIGIBILITY: &str = "eligibility";

/// What stands above the sections of a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Above {
    /// A chapter: sections begin at the second level, and eligibility has a chapter of its own.
    Chapter,
    /// Nothing: the protocol is the document.
    Nothing,
}

/// The protocol text without the eligibility criteria.
pub(crate) fn sections(pen: &mut Pen<'_>) -> Vec<Node> {
    let mut out = text(pen, Above::Chapter);
    if !out.is_empty() {
        out.insert(0, chapter(pen, label!("pdf.part.protocol")));
    }
    out
}

/// The sections with their blocks. One without content is left out, unless a deeper one below it
/// has some, or the template wants its heading kept.
pub(crate) fn text(pen: &mut Pen<'_>, above: Above) -> Vec<Node> {
    let doc = pen.doc;
    let of_chapter =
        |section: &&Entity| above == Above::Nothing || section.text("key") != ELIGIBILITY;
    let found: Vec<(&Entity, u8, Vec<Node>)> = doc
        .of_kind(kind::SECTION)
        .filter(of_chapter)
        .map(|section| (section, level_of(section), content(pen, section)))
        .collect();
    // A writer who numbers titles numbers all of them.
    let own = found
        .iter()
        .any(|(section, _, _)| has_number(section.text_in("title", pen.main_lang())));
    let top = if above == Above::Chapter { 1 } else { 0 };
    let mut out = Vec::new();
    let mut last = top;
    for (i, (section, level, nodes)) in found.iter().enumerate() {
        let below = found[i + 1..]
            .iter()
            .take_while(|(_, deeper, _)| deeper > level);
        let carries = below.clone().any(|(_, _, nodes)| !nodes.is_empty());
        let wanted = above == Above::Nothing && model::protocol::keeps_heading(section, *level);
        if nodes.is_empty() && !carries && !wanted {
            continue;
        }
        // Bookmarks and readers with a screen reader go down one step at a time.
        let depth = (level + top).min(last + 1);
        last = depth;
        let numbered = !own && depth < if above == Above::Chapter { 3 } else { 5 };
        let head = Node::Heading {
            level: depth,
            run: title(pen, section),
            fresh: false,
            numbered,
        };
        let mut nodes = nodes.clone();
        if nodes.is_empty() && !carries {
            nodes.push(Node::Para { runs: pen.todo() });
        }
        // A heading goes with the turned page that follows it.
        match nodes.first_mut() {
            Some(Node::Wide { nodes: turned }) => turned.insert(0, head),
            _ => out.push(head),
        }
        out.extend(nodes);
    }
    out
}

/// Why a section does not apply, and its blocks.
fn content(pen: &mut Pen<'_>, section: &Entity) -> Vec<Node> {
    let mut out = Vec::new();
    for run in pen.value(section, "notApplicable") {
        let runs = if run.k == Manner::Plain {
            pen.sentence(label!("pdf.notApplicable"), &[("reason", &run.s)])
        } else {
            vec![run]
        };
        out.push(Node::Para { runs });
    }
    out.extend(blocks(pen, section));
    out
}

/// Who may take part: facts, then criteria.
pub(crate) fn eligibility(pen: &mut Pen<'_>, root: &Entity) -> Vec<Node> {
    let mut out = Vec::new();
    let rows = facts::group_rows(pen, root, "eligibility");
    if !rows.is_empty() {
        out.push(Node::Facts { rows });
    }
    let mut found = Vec::new();
    for section in pen.doc.of_kind(kind::SECTION) {
        if section.text("key") == ELIGIBILITY {
            found.extend(blocks(pen, section));
        }
    }
    if !found.is_empty() {
        out.push(heading(2, pen.label(label!("pdf.section.criteria"))));
        out.extend(found);
    }
    super::flowing(pen, label!("pdf.part.eligibility"), out)
}

/// The title of a section: its own, else the one that its key stands for.
fn title(pen: &mut Pen<'_>, section: &Entity) -> Run {
    let own = pen.value(section, "title");
    if let [zh, en] = own.as_slice()
        && own.iter().all(|run| run.k == Manner::Plain)
    {
        // “4.2 试验设计的理由 Rationale for Trial Design”: the number once.
        let number = number_of(&zh.s);
        let rest = en.s.strip_prefix(number).filter(|_| !number.is_empty());
        let words = format!("{} {}", zh.s, rest.unwrap_or(&en.s).trim_start());
        return pen.text(&words.replace('\u{200b}', ""), None);
    }
    let own = Pen::join(&own, " ");
    if !own.is_empty() {
        return pen.text(&own, None);
    }
    let key = section.text("key");
    match known_title(key) {
        Some(label) => pen.label(label),
        None => match template_title(key) {
            Some(title) => {
                let words = pen.pair(&title.zh, &title.en);
                pen.text(&words, None)
            }
            None => pen.label(label!("pdf.untitled")),
        },
    }
}

/// The number that a title brings along: “4.2”, “第三章”.
pub(crate) fn number_of(title: &str) -> &str {
    let end = |c: char| !(c.is_ascii_digit() || c == '.');
    let digits = title.split(end).next().unwrap_or("");
    let next = title[digits.len()..].chars().next();
    // “65 岁” is a number too, but no title begins so; “65岁” may.
    if !digits.is_empty() && next.is_none_or(|c| c.is_whitespace() || c == '、') {
        return digits;
    }
    match title.strip_prefix('第') {
        Some(rest) => {
            let end = rest.find(['章', '节', '部']).filter(|at| *at <= 12);
            end.map_or("", |at| &title[.."第".len() + at + "章".len()])
        }
        None => "",
    }
}

fn has_number(title: &str) -> bool {
    !number_of(title.trim_start()).is_empty()
}

fn template_title(key: &str) -> Option<&'static Bilingual> {
    let mut sections = TEMPLATES.iter().flat_map(|template| &template.sections);
    sections
        .find(|section| section.key == key)
        .map(|section| &section.title)
}

fn known_title(key: &str) -> Option<&'static Label> {
    match key {
        "summary" => Some(label!("pdf.section.summary")),
        "description" => Some(label!("pdf.section.description")),
        _ => None,
    }
}

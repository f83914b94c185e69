//! The protocol text: sections and their blocks, and who may take part.

use super::{chapter, facts, heading};
use crate::clean;
use crate::node::{Manner, Node, Run};
use crate::pen::Pen;
use model::reference::{Bilingual, TEMPLATES};
use model::{Entity, Label, kind, label};

/// The key of the section that belongs into the chapter on eligibility.
const ELIGIBILITY: &str = "eligibility";

/// The protocol text without the eligibility criteria.
pub(crate) fn sections(pen: &mut Pen<'_>) -> Vec<Node> {
    let mut out = Vec::new();
    for section in pen.doc.of_kind(kind::SECTION) {
        if section.text("key") == ELIGIBILITY {
            continue;
        }
        let nodes = blocks(pen, section);
        if nodes.is_empty() {
            continue;
        }
        // Keys such as `m11.4.2` say how deep a section stands.
        let level = if section.text("key").matches('.').count() > 1 {
            3
        } else {
            2
        };
        out.push(heading(level, title(pen, section)));
        out.extend(nodes);
    }
    if out.is_empty() {
        return out;
    }
    out.insert(0, chapter(pen, label!("pdf.part.protocol")));
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
    let own = pen.line(section, "title");
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

/// The blocks of a section.
pub(crate) fn blocks(pen: &mut Pen<'_>, section: &Entity) -> Vec<Node> {
    let mut out = Vec::new();
    for block in pen.doc.children(&section.id, kind::BLOCK) {
        let runs = pen.value(block, "text");
        if runs.is_empty() {
            continue;
        }
        let level = block.value("level").as_u64().unwrap_or(0).min(4);
        let level = u8::try_from(level).unwrap_or(0);
        let rivals = runs.iter().any(|run| run.k == Manner::Rival);
        out.push(match block.text("type") {
            "heading" if !rivals => Node::Lead {
                run: one_line(&runs),
            },
            "item" => Node::Item {
                runs,
                level,
                mark: "•".to_owned(),
            },
            _ if level > 0 => Node::Item {
                runs,
                level,
                mark: String::new(),
            },
            _ => Node::Para { runs },
        });
    }
    out
}

fn one_line(runs: &[Run]) -> Run {
    let text = runs
        .iter()
        .map(|run| run.s.replace('\n', " "))
        .collect::<Vec<_>>()
        .join(" ");
    Run {
        zh: clean::is_chinese(&text),
        s: text,
        ..Run::default()
    }
}

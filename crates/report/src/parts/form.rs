//! A form of a set, filled: what the study and the person said, places to sign.

use super::heading;
use crate::node::{Cell, Fact, Node, Run, SignLine};
use crate::pen::Pen;
use model::formset::{self, FieldKind, SetForm};
use model::label;
use model::submission::Case;

/// The form, on a page of its own.
pub(crate) fn form(pen: &mut Pen<'_>, case: &Case<'_>, form: &SetForm) -> Vec<Node> {
    let title = pen.pair(&form.name.zh, &form.name.en);
    let run = pen.text(&title, None);
    let mut out = vec![Node::Heading {
        level: 1,
        run,
        fresh: true,
        numbered: true,
    }];
    let filled = formset::fill(case, form);
    for part in &form.parts {
        let name = pen.pair(&part.name.zh, &part.name.en);
        let run = pen.text(&name, None);
        out.push(heading(2, Run { ..run }));
        let mut rows = Vec::new();
        let mut sign = None;
        for one in filled.iter().filter(|one| one.part == part.key) {
            let words = pen.pair(&one.field.label.zh, &one.field.label.en);
            let label = pen.text(&words, None);
            match one.field.kind {
                FieldKind::Sign => sign = Some(label),
                FieldKind::SignDate => {}
                FieldKind::Text | FieldKind::Table => {
                    let value = value(pen, &one.zh, &one.en, one.field.required);
                    rows.push(Fact {
                        label,
                        value,
                        long: true,
                    });
                }
            }
        }
        if !rows.is_empty() {
            out.push(Node::Facts { rows });
        }
        if let Some(text) = &part.text {
            let runs = pen.langs().iter().map(|lang| text.text(*lang).to_owned());
            let runs: Vec<String> = runs.collect();
            let runs = runs.iter().map(|words| pen.text(words, None)).collect();
            out.push(Node::Para { runs });
        }
        if let Some(label) = sign {
            let date = pen.label(label!("pdf.sign.day"));
            out.push(Node::Sign {
                lines: vec![SignLine { label, date }],
            });
        }
    }
    out
}

fn value(pen: &mut Pen<'_>, zh: &str, en: &str, required: bool) -> Cell {
    let mut cell = Cell::new();
    for lang in pen.langs() {
        let (first, second) = match lang {
            model::Lang::Zh => (zh, en),
            model::Lang::En => (en, zh),
        };
        let text = if first.is_empty() { second } else { first };
        if !text.is_empty() {
            let run = pen.text(text, None);
            if !cell.contains(&run) {
                cell.push(run);
            }
        }
    }
    if cell.is_empty() && required {
        pen.todo()
    } else {
        cell
    }
}

//! The committee's questions with our answers, point by point.

use super::{chapter, heading, number, statements};
use crate::node::{Column, Fact, Node, Table};
use crate::pen::Pen;
use model::{Entity, kind, label};

/// The rounds of questions, on pages of their own.
pub(crate) fn reply(pen: &mut Pen<'_>, rounds: &[&Entity]) -> Vec<Node> {
    let mut out = vec![chapter(pen, label!("pdf.reply"))];
    if rounds.is_empty() {
        out.push(Node::Para { runs: pen.todo() });
    }
    for round in rounds {
        if rounds.len() > 1 {
            let name = label!("pdf.reply.round");
            let n = Pen::join(&pen.value(round, "round"), " ");
            let langs = pen.langs().iter();
            let words = langs.map(|lang| name.fill(*lang, &[("n", &n)]));
            let words = words.collect::<Vec<_>>().join(" ");
            let run = pen.text(&words, None);
            out.push(heading(2, run));
        }
        let days = ["receivedOn", "sentOn"].into_iter().filter_map(|field| {
            let value = pen.value(round, field);
            let label = pen.name_of(kind::REPLY, field);
            (!value.is_empty()).then(|| Fact::new(label, value))
        });
        out.push(Node::Facts {
            rows: days.collect(),
        });
        out.push(Node::Gap { mm: 3.0 });
        out.extend(points(pen, round));
    }
    out.push(Node::Sign {
        lines: vec![statements::line(pen, label!("pdf.sign.leader"))],
    });
    out
}

fn points(pen: &mut Pen<'_>, round: &Entity) -> Option<Node> {
    let mut table = Table::new(vec![
        Column::fixed(pen.name_of(kind::POINT, "number"), 14.0).centered(),
        Column::share(pen.name_of(kind::POINT, "text"), 1.0),
        Column::share(pen.name_of(kind::POINT, "answer"), 1.2).kept(),
        Column::share(pen.name_of(kind::POINT, "document"), 0.5),
    ]);
    let doc = pen.doc;
    for (n, point) in doc.children(&round.id, kind::POINT).enumerate() {
        let no = match pen.value(point, "number") {
            none if none.is_empty() => number(n + 1),
            given => given,
        };
        let cells = vec![
            no,
            pen.value(point, "text"),
            pen.value_or_todo(point, "answer"),
            pen.value(point, "document"),
        ];
        table.push(cells);
    }
    table.closed()
}

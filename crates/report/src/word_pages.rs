//! Our own pages of a package as plain blocks, for Word: the same nodes as the PDF's.

use crate::node::{Cell, LetterPart, Manner, Node, Run, Table};
use model::word_page::{LineManner, WordBlock};

/// What nodes say, as blocks; what a Word file makes itself (contents, new pages) is left out.
pub(crate) fn blocks(nodes: &[Node]) -> Vec<WordBlock> {
    let mut out = Vec::new();
    for node in nodes {
        match node {
            Node::Heading { level, run, .. } => out.push(WordBlock::Heading(*level, words(run))),
            Node::Lead { run } => out.push(WordBlock::Heading(3, words(run))),
            Node::Para { runs } => lines(runs, LineManner::Plain, &mut out),
            Node::Note { mark, runs } => {
                let text = format!("{mark} {}", cell(runs));
                out.push(WordBlock::Line(LineManner::Mute, text.trim().to_owned()));
            }
            Node::Item { runs, mark, .. } => {
                let text = format!("{mark} {}", cell(runs));
                out.push(WordBlock::Line(LineManner::Plain, text));
            }
            Node::Facts { rows } => out.push(WordBlock::Facts(
                rows.iter()
                    .map(|fact| (words(&fact.label), cell(&fact.value)))
                    .collect(),
            )),
            Node::Table(found) => out.push(table(found)),
            Node::Sign { lines } => out.push(WordBlock::Sign(
                lines
                    .iter()
                    .map(|line| (words(&line.label), words(&line.date)))
                    .collect(),
            )),
            Node::Letter { runs, manner } => {
                let manner = match manner {
                    LetterPart::Title => LineManner::Title,
                    LetterPart::To | LetterPart::Subject => LineManner::Strong,
                    LetterPart::Closing => LineManner::Closing,
                };
                lines(runs, manner, &mut out);
            }
            Node::Wide { nodes } | Node::Bar { nodes, .. } => out.extend(blocks(nodes)),
            Node::Grid(grid) => {
                for row in &grid.rows {
                    let cells: Vec<String> = row.cells.iter().map(|one| cell(&one.runs)).collect();
                    out.push(WordBlock::Line(LineManner::Plain, cells.join("\t")));
                }
            }
            Node::Figure(_)
            | Node::Pairs(_)
            | Node::Timeline(_)
            | Node::Page
            | Node::Part
            | Node::Divider { .. }
            | Node::Gap { .. }
            | Node::Contents { .. } => {}
        }
    }
    out
}

fn lines(runs: &Cell, manner: LineManner, out: &mut Vec<WordBlock>) {
    for run in runs {
        let manner = match run.k {
            Manner::Mute => LineManner::Mute,
            _ => manner,
        };
        out.push(WordBlock::Line(manner, words(run)));
    }
}

fn cell(runs: &Cell) -> String {
    let lines: Vec<String> = runs.iter().map(words).collect();
    lines.join("\n").trim().to_owned()
}

/// A run's words, without the places where a long word may break.
fn words(run: &Run) -> String {
    let note = match run.note.as_str() {
        "" => String::new(),
        note => format!(" ({note})"),
    };
    format!("{}{note}", run.s).replace('\u{200b}', "")
}

fn table(from: &Table) -> WordBlock {
    /// Width that the fixed columns are measured against. Units: millimetres.
    const WIDTH_MM: f64 = 160.0;
    let fixed: f64 = from.columns.iter().map(|column| column.mm).sum();
    let parts: f64 = from.columns.iter().map(|column| column.fr).sum();
    let left = (WIDTH_MM - fixed).max(WIDTH_MM / 4.0);
    let wide = |column: &crate::node::Column| {
        if column.mm > 0.0 {
            column.mm
        } else {
            left * column.fr / parts.max(0.001)
        }
    };
    let whole: f64 = from.columns.iter().map(wide).sum();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of 1000"
    )]
    let shares = from
        .columns
        .iter()
        .map(|column| (wide(column) / whole.max(0.001) * 1000.0) as u32);
    WordBlock::Table {
        heads: from
            .columns
            .iter()
            .map(|column| words(&column.head))
            .collect(),
        shares: shares.collect(),
        rows: from
            .rows
            .iter()
            .map(|row| row.cells.iter().map(cell).collect())
            .collect(),
    }
}

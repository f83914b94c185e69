//! The changes as a table: what, where, was and now. Fills the amendment table of M11 and the table
//! that Chinese ethics committees ask for.

use crate::line::{Line, Redline, Span, SpanOp, State, What};
use model::EntityId;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use ts_rs::TS;

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRow {
    /// The section; `None` for facts.
    pub section: Option<EntityId>,
    /// The section's key in its template; empty when it has none.
    pub key: String,
    /// The section's title, Chinese.
    pub title_zh: String,
    /// The section's title, English.
    pub title_en: String,
    /// What happened.
    pub change: Change,
    /// What it happened to: one entity, or several that stand together.
    pub entities: Vec<EntityId>,
    /// What that is, as in the lines of the redline.
    pub what: What,
    /// Its type or kind, as in the lines of the redline.
    pub kind: String,
    /// Of a fact, its register without the language.
    pub name: String,
    /// Of something moved, the section that it came from.
    pub from: Option<EntityId>,
    /// How it was, Chinese: kept and taken out.
    pub was_zh: Vec<Span>,
    /// How it is now, Chinese: kept and put in.
    pub now_zh: Vec<Span>,
    /// How it was, English.
    pub was_en: Vec<Span>,
    /// How it is now, English.
    pub now_en: Vec<Span>,
    /// Why, Chinese; empty while nobody said it. See [`crate::explain`].
    pub why_zh: String,
    /// Why, English.
    pub why_en: String,
}

/// What happened to the lines of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum Change {
    /// Their text, type or level changed.
    Changed,
    /// They are new.
    Added,
    /// They are gone.
    Removed,
    /// They stand elsewhere; the text may have changed too.
    Moved,
    /// They were one.
    Split,
    /// It was several.
    Merged,
}

/// The rows of a redline in its order; neighbours that are new, gone or parts of one are one row.
pub fn change_table(redline: &Redline) -> Vec<ChangeRow> {
    let titles: HashMap<&EntityId, (&str, String, String)> =
        redline.lines.iter().filter_map(title).collect();
    let mut rows: Vec<ChangeRow> = Vec::new();
    let mut before: Option<&Line> = None;
    for line in &redline.lines {
        let Some(change) = change(&line.state) else {
            // What moved away is told where it went.
            if line.state == State::Same {
                before = None;
            }
            continue;
        };
        let fits = before.is_some_and(|before| is_one(before, line));
        match rows.last_mut().filter(|_| fits) {
            Some(row) => row.add(line),
            None => {
                let mut row = ChangeRow::of(line, change);
                if let Some((key, zh, en)) = line.section.as_ref().and_then(|id| titles.get(id)) {
                    (row.key, row.title_zh, row.title_en) =
                        ((*key).to_owned(), zh.clone(), en.clone());
                }
                rows.push(row);
            }
        }
        before = Some(line);
    }
    rows
}

fn title(line: &Line) -> Option<(&EntityId, (&str, String, String))> {
    if line.what != What::Title || matches!(line.state, State::MovedAway { .. }) {
        return None;
    }
    let with = if line.state == State::Removed {
        SpanOp::Delete
    } else {
        SpanOp::Insert
    };
    let text = |spans: &[Span]| side(spans, with).map(|span| span.text.as_str()).collect();
    Some((&line.entity, (&line.name, text(&line.zh), text(&line.en))))
}

fn change(state: &State) -> Option<Change> {
    match state {
        State::Same | State::MovedAway { .. } => None,
        State::Changed => Some(Change::Changed),
        State::Added => Some(Change::Added),
        State::Removed => Some(Change::Removed),
        State::Moved { .. } => Some(Change::Moved),
        State::Split { .. } => Some(Change::Split),
        State::Merged { .. } => Some(Change::Merged),
    }
}

/// Whether two neighbours make one row.
fn is_one(before: &Line, line: &Line) -> bool {
    let whole = matches!(
        line.state,
        State::Added | State::Removed | State::Split { .. }
    );
    let is_text = line.what != What::Fact && before.what != What::Fact;
    whole && is_text && before.section == line.section && before.state == line.state
}

fn side(spans: &[Span], with: SpanOp) -> impl Iterator<Item = &Span> {
    spans
        .iter()
        .filter(move |span| span.op == SpanOp::Same || span.op == with)
}

impl ChangeRow {
    fn of(line: &Line, change: Change) -> Self {
        let mut row = Self {
            section: line.section.clone(),
            key: String::new(),
            title_zh: String::new(),
            title_en: String::new(),
            change,
            entities: Vec::new(),
            what: line.what,
            kind: line.kind.clone(),
            name: if line.what == What::Fact {
                line.name.clone()
            } else {
                String::new()
            },
            from: match &line.state {
                State::Moved { from } => Some(from.clone()),
                _ => None,
            },
            was_zh: Vec::new(),
            now_zh: Vec::new(),
            was_en: Vec::new(),
            now_en: Vec::new(),
            why_zh: String::new(),
            why_en: String::new(),
        };
        row.add(line);
        row
    }

    fn add(&mut self, line: &Line) {
        self.entities.push(line.entity.clone());
        for (spans, with, all) in [
            (&mut self.was_zh, SpanOp::Delete, &line.zh),
            (&mut self.now_zh, SpanOp::Insert, &line.zh),
            (&mut self.was_en, SpanOp::Delete, &line.en),
            (&mut self.now_en, SpanOp::Insert, &line.en),
        ] {
            let mut more = side(all, with).cloned().peekable();
            if more.peek().is_some() && !spans.is_empty() {
                // Parts of a whole that was one text need no line between them.
                let op = if with == SpanOp::Delete && self.change == Change::Split {
                    None
                } else {
                    Some(with)
                };
                spans.extend(op.map(|op| Span {
                    op,
                    text: "\n".to_owned(),
                    marks: Vec::new(),
                    href: String::new(),
                }));
            }
            spans.extend(more);
        }
    }
}

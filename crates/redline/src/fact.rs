//! Facts as lines: each with the text of its value.

use crate::align;
use crate::diff;
use crate::line::{Line, Shape, SpanOp, State, What};
use model::protocol::{Fact, Protocol};
use model::rich::RichText;
use model::{EntityId, Lang, field};
use serde_json::Value;

/// A field of an entity in both languages.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Pair<'a> {
    pub(crate) entity: &'a EntityId,
    pub(crate) kind: &'a str,
    pub(crate) name: &'a str,
    pub(crate) zh: RichText,
    pub(crate) en: RichText,
}

/// The facts of a protocol; a value that is in no language stands in both.
pub(crate) fn pairs(protocol: &Protocol) -> Vec<Pair<'_>> {
    let mut pairs: Vec<Pair> = Vec::with_capacity(protocol.facts.len());
    for fact in &protocol.facts {
        let (name, lang) = named(fact);
        let text = text_of(&fact.value);
        let same = |pair: &Pair| pair.entity == &fact.entity && pair.name == name;
        let at = pairs.iter().rposition(same).unwrap_or(pairs.len());
        if at == pairs.len() {
            let (zh, en) = Default::default();
            pairs.push(Pair {
                entity: &fact.entity,
                kind: &fact.kind,
                name,
                zh,
                en,
            });
        }
        let pair = &mut pairs[at];
        match lang {
            Some(Lang::Zh) => pair.zh = text,
            Some(Lang::En) => pair.en = text,
            None => (pair.zh, pair.en) = (text.clone(), text),
        }
    }
    pairs
}

fn named(fact: &Fact) -> (&str, Option<Lang>) {
    let lang = field::language(&fact.register);
    match lang.and(fact.register.rsplit_once('.')) {
        Some((name, _)) => (name, lang),
        None => (&fact.register, None),
    }
}

/// The text of a value: lists one entry a line, codes as their code.
fn text_of(value: &Value) -> RichText {
    if let Some(text) = RichText::read(value) {
        return text;
    }
    let items = |list: &Vec<Value>| {
        let lines: Vec<String> = list.iter().map(|item| text_of(item).text).collect();
        lines.join("\n").into()
    };
    match value {
        Value::Null => RichText::default(),
        Value::Array(list) => items(list),
        Value::Object(map) => match (map.get("list"), map.get("$ref")) {
            (Some(Value::Array(list)), _) => items(list),
            (_, Some(Value::String(id))) => id.as_str().into(),
            _ => value.to_string().into(),
        },
        _ => value.to_string().into(),
    }
}

/// What changed in the facts: by entity and register, then by equal text.
pub(crate) fn lines(old: &Protocol, new: &Protocol) -> Vec<Line> {
    let (old, new) = (pairs(old), pairs(new));
    let mut partner: Vec<Option<usize>> = vec![None; new.len()];
    let mut is_used = vec![false; old.len()];
    let rules: [fn(&Pair, &Pair) -> bool; 3] = [
        |a, b| a.entity == b.entity,
        |a, b| (&a.zh, &a.en) == (&b.zh, &b.en),
        |a, _| a.kind == model::kind::STUDY,
    ];
    for rule in rules {
        for (at, is) in new.iter().enumerate() {
            let fits = |(at, was): &(usize, &Pair)| {
                !is_used[*at] && (was.kind, was.name) == (is.kind, is.name) && rule(was, is)
            };
            if partner[at].is_none() {
                partner[at] = old.iter().enumerate().find(fits).map(|(at, _)| at);
                if let Some(old) = partner[at] {
                    is_used[old] = true;
                }
            }
        }
    }
    let mut lines = Vec::with_capacity(new.len());
    let places: Vec<usize> = partner.iter().flatten().copied().collect();
    let mut stays = align::in_order(&places).into_iter();
    let mut gone = old
        .iter()
        .enumerate()
        .filter(|(at, _)| !is_used[*at])
        .peekable();
    for (is, place) in new.iter().zip(&partner) {
        let was = place.and_then(|at| old.get(at));
        if let Some(place) = place.filter(|_| stays.next() == Some(true)) {
            while let Some((_, was)) = gone.next_if(|(at, _)| *at < place) {
                lines.push(line(Some(was), None));
            }
        }
        lines.push(line(was, Some(is)));
    }
    lines.extend(gone.map(|(_, was)| line(Some(was), None)));
    lines.into_iter().flatten().collect()
}

fn line(was: Option<&Pair>, is: Option<&Pair>) -> Option<Line> {
    let shown = is.or(was)?;
    let (state, zh, en) = match (was, is) {
        (Some(was), Some(is)) => {
            let same = (&was.zh, &was.en) == (&is.zh, &is.en);
            let state = if same { State::Same } else { State::Changed };
            (
                state,
                diff::diff(&was.zh, &is.zh),
                diff::diff(&was.en, &is.en),
            )
        }
        (None, _) => (
            State::Added,
            diff::all(&shown.zh, SpanOp::Insert),
            diff::all(&shown.en, SpanOp::Insert),
        ),
        (_, None) => (
            State::Removed,
            diff::all(&shown.zh, SpanOp::Delete),
            diff::all(&shown.en, SpanOp::Delete),
        ),
    };
    let was = was.filter(|was| was.entity != shown.entity);
    Some(Line {
        was: was.map(|was| was.entity.clone()),
        name: shown.name.to_owned(),
        zh,
        en,
        ..Line::new(
            What::Fact,
            shown.entity,
            Shape {
                kind: shown.kind.to_owned(),
                ..Shape::default()
            },
            state,
        )
    })
}

//! Which path of a record is which register (`data/ctgov.tsv`), as a tree for each owner.

use super::shape::Shape;
use model::{field, kind};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What stands at a place of a record.
#[derive(Debug)]
pub(super) enum Rule {
    /// An object whose keys have rules of their own, in the order of export.
    Object(Vec<(&'static str, Rule)>),
    /// A register.
    Value(Shape, &'static str),
    /// An array of parts.
    Parts(Parts),
    /// A date with its type: the milestone with this key.
    Milestone(&'static str),
    /// Markdown: the section with this key.
    Section(&'static str),
}

/// The parts that an array holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    /// Their kind.
    pub(super) kind: &'static str,
    /// A register that the array itself stands for, for example `type` = `PRIMARY`.
    pub(super) constant: Option<(&'static str, &'static str)>,
}

static RULES: LazyLock<BTreeMap<&'static str, Rule>> = LazyLock::new(|| {
    let mut owners = BTreeMap::new();
    let rows = include_str!("../../data/ctgov.tsv")
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .skip(1);
    for row in rows {
        let cells: Vec<&'static str> = row.split('\t').collect();
        let [owner, path, shape, target] = cells.as_slice() else {
            panic!("ctgov.tsv: four cells wanted: {row}")
        };
        let root = owners
            .entry(*owner)
            .or_insert_with(|| Rule::Object(Vec::new()));
        let segments: Vec<&'static str> = path.split('.').collect();
        insert(root, &segments, rule(owner, shape, target));
    }
    owners
});

fn rule(owner: &str, shape: &str, target: &'static str) -> Rule {
    match shape {
        "parts" => Rule::Parts(parts(target)),
        "milestone" => Rule::Milestone(target),
        "section" => Rule::Section(target),
        other => Rule::Value(
            Shape::parse(other, field::of_register(owner, target))
                .unwrap_or_else(|| panic!("ctgov.tsv: {owner} {target}: unknown shape {other}")),
            target,
        ),
    }
}

fn parts(target: &'static str) -> Parts {
    match target.split_once(':') {
        None => Parts {
            kind: target,
            constant: None,
        },
        Some((kind, constant)) => Parts {
            kind,
            constant: constant.split_once('='),
        },
    }
}

fn insert(at: &mut Rule, path: &[&'static str], rule: Rule) {
    let Rule::Object(entries) = at else {
        panic!("ctgov.tsv: a path goes through a value")
    };
    let Some((first, rest)) = path.split_first() else {
        panic!("ctgov.tsv: an empty path")
    };
    if rest.is_empty() {
        entries.push((first, rule));
        return;
    }
    let place = entries
        .iter()
        .position(|(name, _)| name == first)
        .unwrap_or_else(|| {
            entries.push((first, Rule::Object(Vec::new())));
            entries.len() - 1
        });
    if let Some((_, below)) = entries.get_mut(place) {
        insert(below, rest, rule);
    }
}

/// The rule of a kind's object.
pub(super) fn of_kind(kind: &str) -> Option<&'static Rule> {
    RULES.get(kind)
}

/// The path of a register of a kind within the owner's object.
pub(super) fn path_of(kind: &str, register: &str) -> Option<Vec<&'static str>> {
    find(
        of_kind(kind)?,
        &|rule| matches!(rule, Rule::Value(_, name) if *name == register),
    )
}

/// The path in `protocolSection` of the array or text that holds a part of the study.
pub(super) fn path_of_part<'a>(
    kind: &str,
    text: &impl Fn(&str) -> &'a str,
) -> Option<Vec<&'static str>> {
    let fits = |rule: &Rule| match rule {
        Rule::Parts(parts) => {
            parts.kind == kind
                && parts
                    .constant
                    .is_none_or(|(name, value)| text(name) == value)
        }
        Rule::Milestone(key) => kind == kind::MILESTONE && text("key") == *key,
        Rule::Section(key) => kind == kind::SECTION && text("key") == *key,
        _ => false,
    };
    find(of_kind(kind::STUDY)?, &fits)
}

fn find(rule: &'static Rule, fits: &dyn Fn(&Rule) -> bool) -> Option<Vec<&'static str>> {
    if fits(rule) {
        return Some(Vec::new());
    }
    let Rule::Object(entries) = rule else {
        return None;
    };
    entries.iter().find_map(|(name, below)| {
        let mut path = find(below, fits)?;
        path.insert(0, name);
        Some(path)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(kind: &str, rule: &Rule, seen: &mut Vec<(String, String)>) {
        match rule {
            Rule::Object(entries) => entries
                .iter()
                .for_each(|(_, below)| visit(kind, below, seen)),
            Rule::Value(shape, register) => {
                let field = field::of_register(kind, register)
                    .unwrap_or_else(|| panic!("{kind}.{register} is no field"));
                assert!(
                    shape.fits(field.input),
                    "{kind}.{register}: {shape:?} {:?}",
                    field.input
                );
                seen.push((kind.to_owned(), (*register).to_owned()));
            }
            Rule::Parts(parts) => {
                assert!(of_kind(parts.kind).is_some(), "{}", parts.kind);
                if let Some((register, _)) = parts.constant {
                    assert!(field::of_register(parts.kind, register).is_some());
                }
            }
            Rule::Milestone(key) => assert!(key.len() > 2),
            Rule::Section(key) => assert!(key.len() > 2),
        }
    }

    #[test]
    fn every_row_names_a_declared_field_of_a_fitting_input_once() {
        let mut seen = Vec::new();
        for (kind, rule) in RULES.iter() {
            assert!(model::kind::ALL.contains(kind), "{kind}");
            visit(kind, rule, &mut seen);
            assert!(
                field::of_register(kind, "residue").is_some(),
                "{kind} has no residue"
            );
        }
        let n_rows = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), n_rows, "a register stands in two rows");
        assert!(n_rows > 100);
    }

    #[test]
    fn paths_are_found_from_registers_and_parts() {
        assert_eq!(
            path_of("study", "design.masking"),
            Some(vec!["designModule", "designInfo", "maskingInfo", "masking"])
        );
        assert_eq!(path_of("study", "version"), None);
        let outcome = path_of_part("outcome", &|name| if name == "type" { "OTHER" } else { "" });
        assert_eq!(outcome, Some(vec!["outcomesModule", "otherOutcomes"]));
    }
}

//! Every seeded fault is found, at its place, in words, and brings few others.

use super::faults::SEEDS;
use crate::Lang;
use crate::submission::rule;
use std::collections::BTreeSet;

#[test]
fn every_seeded_fault_is_found_at_its_place() {
    for (n, (make, (code, kind, field), seed)) in SEEDS.iter().enumerate() {
        let mut world = make();
        seed(&mut world);
        let found = world.findings();
        let hit = found
            .iter()
            .find(|one| one.code == *code && one.place.kind == *kind && one.place.field == *field);
        let hit = hit.unwrap_or_else(|| {
            let seen: Vec<_> = found.iter().map(|one| (&one.code, &one.place)).collect();
            panic!("{n} {code} at {kind}/{field}: {seen:?}")
        });
        for lang in [Lang::Zh, Lang::En] {
            let text = hit.text(lang);
            assert!(
                !text.contains(['{', '}']) && text.chars().count() > 4,
                "{code}: {text}"
            );
        }
        assert!(!hit.rule.source.is_empty());
    }
}

#[test]
fn a_seeded_fault_brings_few_others() {
    for (make, (code, ..), seed) in SEEDS {
        let mut world = make();
        seed(&mut world);
        let others = world
            .findings()
            .iter()
            .filter(|one| one.code != *code)
            .count();
        // A missing title, person or set is missed in more than one place.
        assert!(others <= 4, "{code}: {others} others");
    }
}

#[test]
fn every_code_of_the_rules_is_seeded() {
    let seeded: BTreeSet<&str> = SEEDS.iter().map(|(_, (code, ..), _)| *code).collect();
    let known: BTreeSet<&str> = rule::codes().collect();
    assert_eq!(seeded, known);
    assert!(known.len() >= 60);
}

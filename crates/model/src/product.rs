//! Which interventions are what a study tries: its investigational products.

use crate::{Entity, Lang, StudyDoc, code, kind};

/// Codes of `interventionType` that are products.
const TYPES: [&str; 4] = ["DRUG", "DEVICE", "BIOLOGICAL", "COMBINATION_PRODUCT"];

/// Codes of `armType` against which something is tried.
const COMPARED: [&str; 4] = [
    "ACTIVE_COMPARATOR",
    "PLACEBO_COMPARATOR",
    "SHAM_COMPARATOR",
    "NO_INTERVENTION",
];

/// The investigational products of a study.
pub fn products(doc: &StudyDoc) -> impl Iterator<Item = &Entity> {
    doc.of_kind(kind::INTERVENTION)
        .filter(move |one| is_product(doc, one))
}

/// Whether an intervention is an investigational product: a drug, device or biological of no arm,
/// or of one that is tried. What only those compared with get is the comparator; what they get as
/// well, beside something that is tried, is the treatment that all get.
pub fn is_product(doc: &StudyDoc, intervention: &Entity) -> bool {
    let is_alone = |arm: &Entity| {
        let mut all = doc.of_kind(kind::INTERVENTION);
        !all.any(|other| other.id != intervention.id && has(arm, other) && !is_compared(doc, other))
    };
    TYPES.contains(&intervention.text("type"))
        && (!is_compared(doc, intervention)
            || doc
                .of_kind(kind::ARM)
                .any(|arm| has(arm, intervention) && !is_comparator(arm) && is_alone(arm)))
}

/// Whether those with whom something is compared get it.
fn is_compared(doc: &StudyDoc, intervention: &Entity) -> bool {
    let mut arms = doc.of_kind(kind::ARM);
    arms.any(|arm| is_comparator(arm) && has(arm, intervention))
}

fn is_comparator(arm: &Entity) -> bool {
    COMPARED.contains(&arm.text("type"))
}

/// Whether an arm gets an intervention: either of them names the other.
fn has(arm: &Entity, intervention: &Entity) -> bool {
    let of = |entity: &Entity, name: &str| {
        let texts =
            ["zh", "en"].map(|lang| entity.text(&format!("{name}.{lang}")).trim().to_owned());
        texts.into_iter().filter(|text| !text.is_empty())
    };
    let names = |entity: &Entity, list: &str, wanted: &str| {
        let list = entity
            .value(list)
            .get("list")
            .and_then(|list| list.as_array());
        let mut list = list.into_iter().flatten().filter_map(|one| one.as_str());
        // ClinicalTrials.gov puts the type in front of an intervention's name.
        list.any(|one| one.trim() == wanted || one.trim().ends_with(&format!(": {wanted}")))
    };
    of(arm, "label").any(|label| names(intervention, "arms", &label))
        || of(intervention, "name").any(|name| names(arm, "interventions", &name))
}

/// An entry of a list of arms or interventions in a language: registries write them in English, the
/// type in front. Nothing where the entry names neither.
pub fn entry_in(doc: &StudyDoc, field: &str, entry: &str, lang: Lang) -> Option<String> {
    let named = |kind: &'static str, name: &str, wanted: &str| {
        let is = |one: &&Entity| {
            ["zh", "en"]
                .iter()
                .any(|l| one.text(&format!("{name}.{l}")).trim() == wanted)
        };
        let found = doc.of_kind(kind).find(is)?;
        let text = found.text_in(name, lang);
        Some(if text.is_empty() {
            wanted.to_owned()
        } else {
            text.to_owned()
        })
    };
    let entry = entry.trim();
    match field {
        "arms" => named(kind::ARM, "label", entry),
        "interventions" => {
            let typed = entry.split_once(": ").and_then(|(typed, name)| {
                let code = typed.to_uppercase().replace(' ', "_");
                code::find("interventionType", &code)?;
                let name =
                    named(kind::INTERVENTION, "name", name).unwrap_or_else(|| name.to_owned());
                let typed = code::text("interventionType", &code, lang);
                let between = if lang == Lang::Zh { "：" } else { ": " };
                Some(format!("{typed}{between}{name}"))
            });
            typed.or_else(|| named(kind::INTERVENTION, "name", entry))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fact::FactPath;
    use crate::testing;
    use serde_json::json;

    #[test]
    fn a_comparator_is_no_product_and_neither_is_what_all_get() {
        let mut doc = testing::empty();
        for (label, kind) in [("A", "EXPERIMENTAL"), ("B", "ACTIVE_COMPARATOR")] {
            let fields = json!({"label.zh": label, "type": kind});
            testing::add(&mut doc, kind::ARM, None, fields);
        }
        let tried = |doc: &StudyDoc| {
            let found = products(doc).map(|one| one.text("name.zh").to_owned());
            found.collect::<Vec<_>>()
        };
        let mut add = |name: &str, kind: &str, arms: &[&str]| {
            let fields = json!({"name.zh": name, "type": kind, "arms": {"list": arms}});
            testing::add(&mut doc, kind::INTERVENTION, None, fields);
            tried(&doc)
        };
        // A dose of the same drug in both arms is what is tried, while nothing else is.
        assert_eq!(add("底药", "DRUG", &["A", "B"]), ["底药"]);
        assert_eq!(add("放疗", "RADIATION", &["A"]), [""; 0]);
        assert_eq!(add("对照药", "DRUG", &["B"]), [""; 0]);
        assert_eq!(add("试验药", "DRUG", &["A"]), ["试验药"]);
        assert_eq!(add("器械", "DEVICE", &[]), ["试验药", "器械"]);
        let path = FactPath::parse("product[type=DRUG|BIOLOGICAL]/name").unwrap();
        assert!(path.is_known());
        assert_eq!(path.found(&doc).len(), 1);
    }

    #[test]
    fn the_sample_tries_radiotherapy_and_no_drug() {
        let doc = testing::sample(&crate::sample::studies()[0]);
        assert_eq!(products(&doc).count(), 0);
        let said = |field, entry, lang| entry_in(&doc, field, entry, lang);
        let radiation = "Radiation: Stereotactic body radiotherapy";
        let zh = said("interventions", radiation, Lang::Zh);
        assert_eq!(zh.as_deref(), Some("放疗：立体定向体部放疗"));
        assert_eq!(
            said("interventions", radiation, Lang::En).as_deref(),
            Some(radiation)
        );
        let arm = said("arms", "Systemic treatment alone", Lang::Zh);
        assert_eq!(arm.as_deref(), Some("单纯系统治疗"));
        assert_eq!(said("interventions", "Note: as usual", Lang::Zh), None);
    }
}

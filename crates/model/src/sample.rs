//! The built-in sample: two invented studies at the partner hospitals (`data/sample/*.json`).
//!
//! Everything in it is invented: people, numbers, results and references.

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// One study of the sample, as values without ids.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SampleStudy {
    /// Registers of the study itself.
    pub fields: BTreeMap<String, Value>,
    /// Everything below it, parents before children, siblings in order.
    pub parts: Vec<SamplePart>,
}

/// One entity of a sample study.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SamplePart {
    /// Its kind.
    pub kind: String,
    /// Its key, unique among parts of its kind in the study.
    pub key: String,
    /// The parent as `kind/key`; `None` when it belongs to the study.
    pub parent: Option<String>,
    /// Its registers.
    pub fields: BTreeMap<String, Value>,
}

static STUDIES: LazyLock<Vec<SampleStudy>> = LazyLock::new(|| {
    [
        include_str!("../data/sample/oncology.json"),
        include_str!("../data/sample/neurology.json"),
    ]
    .iter()
    .map(|text| serde_json::from_str(text).expect("the sample is checked"))
    .collect()
});

/// The studies of the sample.
pub fn studies() -> &'static [SampleStudy] {
    &STUDIES
}

impl SamplePart {
    /// What children name as their parent.
    pub fn path(&self) -> String {
        format!("{}/{}", self.kind, self.key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kind;
    use std::collections::BTreeSet;

    fn fields() -> impl Iterator<Item = (String, &'static str, &'static String, &'static Value)> {
        let of_study = studies().iter().flat_map(|study| {
            study
                .fields
                .iter()
                .map(|(name, value)| ("study".to_owned(), kind::STUDY, name, value))
        });
        let of_parts = studies()
            .iter()
            .flat_map(|study| &study.parts)
            .flat_map(|part| {
                part.fields
                    .iter()
                    .map(|(name, value)| (part.path(), part.kind.as_str(), name, value))
            });
        of_study.chain(of_parts)
    }

    #[test]
    fn every_value_fits_its_field() {
        let mut n_values = 0;
        for (place, kind, register, value) in fields() {
            let kept = crate::check::check(kind, register, value.clone());
            assert_eq!(kept.as_ref(), Ok(value), "{place}.{register}");
            n_values += 1;
        }
        assert!(n_values > 1_000, "{n_values}");
    }

    #[test]
    fn bilingual_fields_are_in_both_languages() {
        for study in studies() {
            let parts = study.parts.iter().map(|part| (part.path(), &part.fields));
            for (place, fields) in parts.chain([("study".to_owned(), &study.fields)]) {
                for register in fields.keys() {
                    let other = match register.rsplit_once('.') {
                        Some((name, "zh")) => format!("{name}.en"),
                        Some((name, "en")) => format!("{name}.zh"),
                        _ => continue,
                    };
                    assert!(fields.contains_key(&other), "{place}: {other}");
                }
            }
        }
    }

    #[test]
    fn parents_come_before_their_children() {
        for study in studies() {
            let mut seen = BTreeSet::new();
            for part in &study.parts {
                if let Some(parent) = &part.parent {
                    assert!(seen.contains(parent), "{}: {parent}", part.path());
                }
                assert!(seen.insert(part.path()), "{} is there twice", part.path());
            }
        }
    }

    #[test]
    fn every_screen_has_something_to_show() {
        let wanted = [
            kind::SECTION,
            kind::BLOCK,
            kind::ARM,
            kind::INTERVENTION,
            kind::OUTCOME,
            kind::SITE,
            kind::CONTACT,
            kind::MILESTONE,
            kind::REFERENCE,
            kind::LINK,
            kind::DOCUMENT,
            kind::IDENTIFIER,
        ];
        for study in studies() {
            for kind in wanted {
                assert!(study.parts.iter().any(|part| part.kind == kind), "{kind}");
            }
        }
        let types = studies()
            .iter()
            .filter_map(|study| study.fields["studyType"].as_str());
        assert_eq!(
            types.collect::<Vec<_>>(),
            ["INTERVENTIONAL", "OBSERVATIONAL"]
        );
    }

    #[test]
    fn people_cannot_be_reached() {
        for (place, kind, register, value) in fields().filter(|row| row.1 == kind::CONTACT) {
            let text = value.as_str().unwrap_or_default();
            match register.as_str() {
                "phone" => assert!(text.starts_with("021-0000 "), "{place}: {text}"),
                "email" => assert!(text.ends_with("@example.org"), "{place}: {text}"),
                _ => assert_eq!(kind, kind::CONTACT),
            }
        }
    }
}

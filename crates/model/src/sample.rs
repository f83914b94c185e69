//! The built-in sample: two invented studies at the partner hospitals, and the people who work on
//! them (`data/sample/*.json`).
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

/// Organisations and people of the sample, and what they do in its studies.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SampleDirectory {
    /// Organisations with their parts.
    pub organisations: Vec<SampleOrganisation>,
    /// People with what they can show.
    pub people: Vec<SamplePerson>,
    /// Which hospital a site is.
    pub sites: Vec<SampleSite>,
    /// Entries of the delegation logs.
    pub duties: Vec<SampleDuty>,
}

/// One organisation.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SampleOrganisation {
    /// Its key.
    pub key: String,
    /// Its registers.
    pub fields: BTreeMap<String, Value>,
    /// Its departments, committee and offices.
    pub parts: Vec<SampleOffice>,
}

/// A department, committee or office.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SampleOffice {
    /// Its kind.
    pub kind: String,
    /// Its key, unique in the organisation.
    pub key: String,
    /// Its registers.
    pub fields: BTreeMap<String, Value>,
    /// Registers that name a person, by the person's key.
    pub people: BTreeMap<String, String>,
    /// What it can show.
    #[serde(default)]
    pub credentials: Vec<BTreeMap<String, Value>>,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SamplePerson {
    /// Her key.
    pub key: String,
    /// The key of her organisation.
    pub organisation: String,
    /// The key of her department; empty for none.
    pub department: String,
    /// Her registers.
    pub fields: BTreeMap<String, Value>,
    /// What she can show.
    pub credentials: Vec<BTreeMap<String, Value>>,
}

/// Which hospital a site is, by keys; the study by its number, the site by its own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct SampleSite {
    /// The study's number.
    pub study: String,
    /// The site's number.
    pub site: String,
    /// The organisation.
    pub organisation: String,
    /// The department.
    pub department: String,
    /// The committee.
    pub committee: String,
    /// The office.
    pub office: String,
}

/// One entry of a delegation log.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SampleDuty {
    /// The study's number.
    pub study: String,
    /// The site's number.
    pub site: String,
    /// Who, by key.
    pub person: String,
    /// Who authorised it, by key.
    pub authorised_by: Option<String>,
    /// Its registers.
    pub fields: BTreeMap<String, Value>,
}

static DIRECTORY: LazyLock<SampleDirectory> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/sample/directory.json"))
        .expect("the sample is checked")
});

/// The organisations and people of the sample.
pub fn directory() -> &'static SampleDirectory {
    &DIRECTORY
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

    /// Every register of the directory and of the logs, with its kind.
    fn entries() -> Vec<(&'static str, &'static BTreeMap<String, Value>)> {
        let found = directory();
        let mut all = Vec::new();
        for organisation in &found.organisations {
            all.push((kind::ORGANISATION, &organisation.fields));
            for part in &organisation.parts {
                all.push((part.kind.as_str(), &part.fields));
                all.extend(part.credentials.iter().map(|one| (kind::CREDENTIAL, one)));
            }
        }
        for person in &found.people {
            all.push((kind::INDIVIDUAL, &person.fields));
            all.extend(person.credentials.iter().map(|one| (kind::CREDENTIAL, one)));
        }
        all.extend(
            found
                .duties
                .iter()
                .map(|one| (kind::ASSIGNMENT, &one.fields)),
        );
        all
    }

    #[test]
    fn the_directory_fits_its_fields_and_nobody_in_it_can_be_reached() {
        for (kind, fields) in entries() {
            for (register, value) in fields {
                let kept = crate::check::check(kind, register, value.clone());
                assert_eq!(kept.as_ref(), Ok(value), "{kind}.{register}");
                let text = value.as_str().unwrap_or_default();
                match register.as_str() {
                    "phone" => assert!(text.starts_with("021-0000 "), "{text}"),
                    "mobile" => assert!(text.starts_with("000-0000-"), "{text}"),
                    "email" => assert!(text.ends_with("@example.org"), "{text}"),
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn the_directory_names_only_what_is_there() {
        let found = directory();
        let people: BTreeSet<_> = found.people.iter().map(|one| one.key.as_str()).collect();
        let parts: BTreeSet<_> = found
            .organisations
            .iter()
            .flat_map(|one| {
                let parts = one.parts.iter().map(|part| part.key.as_str());
                let parts = parts.map(|part| (one.key.as_str(), part));
                parts.chain([(one.key.as_str(), "")])
            })
            .collect();
        for person in &found.people {
            let place = (person.organisation.as_str(), person.department.as_str());
            assert!(parts.contains(&place), "{}", person.key);
        }
        for site in &found.sites {
            for part in [&site.department, &site.committee, &site.office] {
                assert!(
                    parts.contains(&(site.organisation.as_str(), part)),
                    "{part}"
                );
            }
        }
        let named = found.organisations.iter().flat_map(|one| &one.parts);
        let named = named.flat_map(|part| part.people.values());
        let duties = found.duties.iter();
        let doing = duties.flat_map(|one| [Some(&one.person), one.authorised_by.as_ref()]);
        for key in named.chain(doing.flatten()) {
            assert!(people.contains(key.as_str()), "{key}");
        }
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

//! Hospitals that go by several names (`data/hospitals.tsv` and the center's partners).

use super::name::{self, Name};
use super::{City, Facility, compare_names};
use crate::reference::CENTER;
use std::sync::LazyLock;

struct Known {
    key: &'static str,
    city: City,
    names: Vec<Name>,
    /// Others that count word for word and in its city alone: every city has a 第九人民医院.
    spellings: Vec<Name>,
}

static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let mut all: Vec<Known> = crate::tsv::rows(include_str!("../../data/hospitals.tsv"))
        .map(|row| match row.as_slice() {
            [key, city, _, names] => Known {
                key,
                city: City::read(city),
                names: names.split('|').filter_map(name::read).collect(),
                spellings: Vec::new(),
            },
            _ => panic!("hospitals.tsv: four cells wanted: {row:?}"),
        })
        .collect();
    all.extend(CENTER.hospitals.iter().map(|hospital| {
        let read = |texts: &mut dyn Iterator<Item = &'static String>| -> Vec<Name> {
            texts.filter_map(|text| name::read(text)).collect()
        };
        let others = hospital.spellings.iter().chain(&hospital.city_spellings);
        // What stands in brackets would be lost, and what is left says too little.
        let mut others = others.filter(|text| !text.contains(['(', '（']));
        Known {
            key: &hospital.code,
            city: City::read(&hospital.city.en),
            names: read(&mut [&hospital.name.zh, &hospital.name.en].into_iter()),
            spellings: read(&mut others),
        }
    }));
    all
});

/// The hospitals that names are known for.
pub(super) fn keys(facility: &Facility) -> Vec<&'static str> {
    let is_it = |known: &&Known| {
        facility.names.iter().any(|name| {
            let cities = (&facility.city, &known.city);
            let like = |other| compare_names(name, other, cities).is_some();
            let is_same = |other: &Name| {
                facility.city == known.city
                    && (&name.flat, &name.campus) == (&other.flat, &other.campus)
            };
            known.names.iter().any(like) || known.spellings.iter().any(is_same)
        })
    };
    KNOWN.iter().filter(is_it).map(|known| known.key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_known_name_says_which_hospital_and_only_one() {
        let rows = crate::tsv::rows(include_str!("../../data/hospitals.tsv"));
        let mut seen = BTreeSet::new();
        for row in rows {
            let [key, city, mark, names] = row.as_slice() else {
                panic!("{row:?}")
            };
            assert!(seen.insert(*key), "{key} is there twice");
            assert!(["verified", "secondary", "unverified"].contains(mark));
            for text in names.split('|') {
                let facility = super::super::read([text], city);
                assert_eq!(facility.known, [*key], "{text}");
            }
        }
        for hospital in &CENTER.hospitals {
            let others = hospital.spellings.iter().chain(&hospital.city_spellings);
            let others = others.filter(|text| text.ends_with("医院"));
            for text in [&hospital.name.zh, &hospital.name.en]
                .into_iter()
                .chain(others)
            {
                let facility = super::super::read([text.as_str()], "Shanghai");
                assert_eq!(facility.known, [hospital.code.as_str()], "{text}");
            }
        }
    }
}

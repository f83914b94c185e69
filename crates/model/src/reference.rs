//! What belongs to one center and can be replaced by another: its name, its partner hospitals,
//! its disease areas (`data/center.json`), and the templates (`data/templates.json`).

use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use ts_rs::TS;

/// A text in both languages, owned by data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Bilingual {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Bilingual {
    /// The text in one language.
    pub fn text(&self, lang: crate::Lang) -> &str {
        match lang {
            crate::Lang::Zh => &self.zh,
            crate::Lang::En => &self.en,
        }
    }
}

/// A clinical research center with its partners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Center {
    /// Its name.
    pub name: Bilingual,
    /// Partner hospitals, in the order of display.
    pub hospitals: Vec<Hospital>,
    /// Disease areas, in the order of display.
    pub disease_areas: Vec<DiseaseArea>,
}

/// A partner hospital.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Hospital {
    /// The code that site records carry.
    pub code: String,
    /// Full name.
    pub name: Bilingual,
    /// Short name for lists.
    pub short: Bilingual,
    /// The ethics committee's name.
    pub committee: Bilingual,
    /// City.
    pub city: Bilingual,
    /// Spellings in registries that speak of this hospital alone; compared in lower case as parts
    /// of a facility name.
    pub spellings: Vec<String>,
    /// Spellings that other cities have too; they count in this hospital's city only.
    pub city_spellings: Vec<String>,
}

/// A disease area of the center.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiseaseArea {
    /// The code that studies carry.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// Words in conditions that point to it, in lower case: Latin ones as the start of a word,
    /// those after `*` and Chinese ones anywhere.
    pub words: Vec<String>,
}

/// A template of a study or of its milestones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// Its key, for example `cn-iit-interventional`.
    pub key: String,
    /// Its version.
    pub version: String,
    /// Its name.
    pub name: Bilingual,
    /// Where it comes from.
    pub source: Bilingual,
    /// The part of the source; empty when it has none.
    #[serde(default)]
    pub article: Bilingual,
    /// Since when the source holds. Time: `YYYY-MM-DD`; empty for own words.
    #[serde(default)]
    pub valid_from: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// The same for the translation of fixed titles; empty when the titles are own words.
    #[serde(default)]
    pub translation: String,
    /// Registers of the study that it sets (`studyType`, …).
    pub fields: std::collections::BTreeMap<String, String>,
    /// Sections of the protocol text.
    pub sections: Vec<TemplateSection>,
    /// Milestones of the study, in the data by key; names only, never dates.
    #[serde(deserialize_with = "crate::milestone::list::by_keys")]
    pub milestones: Vec<TemplateMilestone>,
    /// Milestones of each site, in the data by key.
    #[serde(deserialize_with = "crate::milestone::list::by_keys")]
    pub site_milestones: Vec<TemplateMilestone>,
}

/// A section of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TemplateSection {
    /// Its key.
    pub key: String,
    /// The heading's NCI code; empty when its template gives none.
    #[serde(default)]
    pub code: String,
    /// How deep it stands, from 1.
    #[serde(default = "first_level")]
    pub level: u8,
    /// Whether its template lets it be left out.
    #[serde(default)]
    pub optional: bool,
    /// Its title.
    pub title: Bilingual,
    /// What belongs here, shown while it is empty.
    pub guidance: Bilingual,
}

fn first_level() -> u8 {
    1
}

/// A milestone of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TemplateMilestone {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
    /// Whether its place in the path of a study is `verified`, `secondary` or `unverified`.
    pub verification: String,
}

/// The center that this copy is made for.
pub static CENTER: LazyLock<Center> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/center.json")).expect("center.json is checked")
});

/// Study templates.
pub static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/templates.json")).expect("templates.json is checked")
});

/// A template by key.
pub fn template(key: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.key == key)
}

impl Center {
    /// The partner hospital that a facility name alone speaks of.
    pub fn hospital_of(&self, facility: &str) -> Option<&Hospital> {
        self.hospital_at(facility, "")
    }

    /// The partner hospital that a facility name speaks of, in a city when the city is known.
    ///
    /// Other cities have a Zhongshan Hospital too: a short name counts in the right city only,
    /// and a name in another city never counts.
    pub fn hospital_at(&self, facility: &str, city: &str) -> Option<&Hospital> {
        let facility = straight(facility);
        let city = straight(city);
        let speaks = |spellings: &[String]| spellings.iter().any(|s| facility.contains(s.as_str()));
        self.hospitals.iter().find(|hospital| {
            let is_here = [&hospital.city.zh, &hospital.city.en]
                .iter()
                .any(|name| city.contains(name.to_lowercase().as_str()));
            let is_elsewhere = !city.is_empty() && !is_here;
            !is_elsewhere
                && (speaks(&hospital.spellings) || (is_here && speaks(&hospital.city_spellings)))
        })
    }

    /// A partner hospital's short name, by its name; other names as they are.
    pub fn short_name_of<'a>(&'a self, facility: &'a str, lang: crate::Lang) -> &'a str {
        let mut hospitals = self.hospitals.iter();
        let found = hospitals.find(|one| one.name.zh == facility || one.name.en == facility);
        found.map_or(facility, |one| one.short.text(lang))
    }

    /// The disease areas that conditions and keywords point to, in the order of display.
    pub fn disease_areas_of<'a>(&'a self, conditions: &[&str]) -> Vec<&'a DiseaseArea> {
        let conditions: Vec<String> = conditions.iter().map(|c| straight(c)).collect();
        let speaks = |word: &String| conditions.iter().any(|c| points(c, word));
        self.disease_areas
            .iter()
            .filter(|area| area.words.iter().any(speaks))
            .collect()
    }
}

/// Lower case, with straight apostrophes and single spaces.
fn straight(text: &str) -> String {
    let text = text.to_lowercase().replace(['’', '‘', '`'], "'");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a condition holds a word of an area.
fn points(condition: &str, word: &str) -> bool {
    match word.strip_prefix('*') {
        Some(anywhere) => condition.contains(anywhere),
        None if word.is_ascii() => {
            let starts_here = |(at, _): (usize, &str)| {
                let before = condition
                    .get(..at)
                    .and_then(|text| text.chars().next_back());
                !before.is_some_and(|c| c.is_ascii_alphanumeric())
            };
            condition.match_indices(word).any(starts_here)
        }
        None => condition.contains(word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn hospital(facility: &str, city: &str) -> &'static str {
        CENTER
            .hospital_at(facility, city)
            .map_or("", |hospital| hospital.code.as_str())
    }

    fn areas(condition: &str) -> Vec<&'static str> {
        CENTER
            .disease_areas_of(&[condition])
            .iter()
            .map(|area| area.code.as_str())
            .collect()
    }

    #[test]
    fn spellings_of_registries_are_known() {
        for (facility, city, code) in [
            (
                "Fudan University Affiliated Zhongshan Hospital",
                "Shanghai",
                "zhongshan",
            ),
            (
                "Zhongshan Hospital Fudan Unvierstiy",
                "Shanghai",
                "zhongshan",
            ),
            ("Zhongshan hospital, Fudan University", "", "zhongshan"),
            ("Zhongshan hospital", "Shanghai", "zhongshan"),
            (
                "Huashan Hospital Affiliated to Fudan University",
                "Shanghai",
                "huashan",
            ),
            ("Huashan Hospital", "Shanghai", "huashan"),
            (
                "Children’s Hospital of Fudan University",
                "Shanghai",
                "chfudan",
            ),
            (
                "Rui Jin Hospital Shanghai Jiaotong University School of Medical",
                "",
                "ruijin",
            ),
            (
                "Rui Jin Hospital Shanghai Jiao Tong University School of Medicinejiading Branch",
                "Shanghai",
                "ruijin",
            ),
            ("上海交通大学医学院附属瑞金医院", "上海", "ruijin"),
            ("Shanghai Ninth People's Hospital", "", "ninth"),
            ("复旦大学附属华东医院", "上海市", "huadong"),
        ] {
            assert_eq!(hospital(facility, city), code, "{facility}, {city}");
        }
    }

    #[test]
    fn hospitals_of_the_same_name_elsewhere_are_not_taken() {
        for (facility, city) in [
            ("Zhongshan Hospital Xiamen University", "Xiamen"),
            ("Zhongshan City People's Hospital", "Zhongshan"),
            ("Zhongshan Hospital", "Dalian"),
            ("Zhongshan Hospital", ""),
            ("Zhengzhou Ninth People's Hospital", "Zhengzhou"),
            ("Fudan University Shanghai Cancer Center", "Shanghai"),
            ("Eye&Ent Hospital of fudan University", "Shanghai"),
            (
                "Obstetrics and Gynecology Hospital of Fudan University",
                "Shanghai",
            ),
            (
                "Renji Hospital, Shanghai Jiaotong University School of Medicine",
                "Shanghai",
            ),
            ("Research Site", "Shanghai"),
        ] {
            assert_eq!(hospital(facility, city), "", "{facility}, {city}");
        }
    }

    #[test]
    fn conditions_point_to_areas() {
        for (condition, expected) in [
            (
                "Carcinoma, Non-Small-Cell Lung",
                vec!["neoplastic", "respiratory"],
            ),
            ("Glioblastoma (GBM)", vec!["neoplastic", "nervous"]),
            ("Parkinson Disease", vec!["nervous"]),
            ("Acute Ischemic Stroke", vec!["nervous", "panvascular"]),
            ("冠状动脉粥样硬化性心脏病", vec!["panvascular"]),
            ("Behcet’s Syndrome, Intestinal Type", vec!["rheumatic"]),
            ("膝骨关节炎", vec!["rheumatic"]),
            ("Allergic Rhinoconjunctivitis", vec!["sensory"]),
            ("年龄相关性黄斑变性", vec!["sensory"]),
            ("Asthma", vec!["respiratory"]),
        ] {
            assert_eq!(areas(condition), expected, "{condition}");
        }
    }

    #[test]
    fn parts_of_other_words_do_not_point_anywhere() {
        for condition in [
            "Standards of Care",
            "Revision Surgery",
            "Peanut Allergy",
            "Healthy",
        ] {
            assert!(
                areas(condition).is_empty(),
                "{condition}: {:?}",
                areas(condition)
            );
        }
    }

    #[test]
    fn templates_hold_together() {
        let keys: BTreeSet<&str> = TEMPLATES
            .iter()
            .map(|template| template.key.as_str())
            .collect();
        assert_eq!(keys.len(), TEMPLATES.len());
        for template in TEMPLATES.iter() {
            let key = &template.key;
            for (register, value) in &template.fields {
                let checked =
                    crate::check::check(crate::kind::STUDY, register, value.as_str().into());
                assert!(checked.is_ok(), "{key}: {register} = {value}: {checked:?}");
            }
            let marks = template.milestones.iter().chain(&template.site_milestones);
            for mark in marks
                .map(|m| &m.verification)
                .chain([&template.verification])
            {
                assert!(
                    ["verified", "secondary", "unverified"].contains(&mark.as_str()),
                    "{mark}"
                );
            }
            let sections: Vec<_> = template
                .sections
                .iter()
                .map(|s| (&s.key, &s.title))
                .collect();
            let study: Vec<_> = template
                .milestones
                .iter()
                .map(|m| (&m.key, &m.name))
                .collect();
            let site: Vec<_> = template
                .site_milestones
                .iter()
                .map(|m| (&m.key, &m.name))
                .collect();
            for list in [sections, study, site] {
                let keys: BTreeSet<&String> = list.iter().map(|(key, _)| *key).collect();
                assert_eq!(keys.len(), list.len(), "{key}: a key is there twice");
                let is_blank = |text: &Bilingual| text.zh.is_empty() || text.en.is_empty();
                assert!(
                    !list.iter().any(|(_, name)| is_blank(name)),
                    "{key}: words are missing"
                );
            }
        }
    }

    #[test]
    fn the_structure_of_m11_is_whole() {
        // Source: ICH M11 template, Step 4: 158 headings, codes C218514 to C218671 in their order.
        let m11 = template("m11-2025").expect("the template");
        let of_level = |level| m11.sections.iter().filter(|s| s.level == level).count();
        assert_eq!([1, 2, 3, 4].map(of_level), [14, 70, 62, 12]);
        assert_eq!(m11.sections.len(), 158);
        let mut last: Vec<u32> = Vec::new();
        for (n, section) in m11.sections.iter().enumerate() {
            assert_eq!(section.code, format!("C{}", 218_514 + n), "{}", section.key);
            let number = section.key.strip_prefix("m11.").expect("a key of M11");
            assert_eq!(section.key.matches('.').count(), usize::from(section.level));
            assert!(
                section.title.zh.starts_with(&format!("{number} ")),
                "{number}"
            );
            assert!(
                section.title.en.starts_with(&format!("{number} ")),
                "{number}"
            );
            assert!(!section.optional || section.level > 2, "{number}");
            let parts: Vec<u32> = number.split('.').flat_map(str::parse).collect();
            assert!(last < parts, "{number} is out of order");
            last = parts;
        }
    }

    #[test]
    fn what_a_hospital_asks_for_has_its_section() {
        // Source: outline of the protocol in the public forms IEC-C of a hospital, V3.0, 2026-01.
        let wanted = [
            "project",
            "background",
            "objectives",
            "innovation",
            "design",
            "route",
            "statistics",
            "dataManagement",
            "eligibility",
            "recruitment",
            "risks",
            "vulnerable",
            "organisation",
            "consent",
            "timeline",
            "targets",
            "groundwork",
            "investigators",
            "commitment",
        ];
        for key in ["cn-iit-interventional", "cn-iit-observational"] {
            let sections = &template(key).expect("the template").sections;
            for section in wanted {
                assert!(
                    sections.iter().any(|s| s.key == section),
                    "{key}: {section}"
                );
            }
        }
    }
}

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
    /// Spellings in registries, compared in lower case as parts of a facility name.
    pub spellings: Vec<String>,
}

/// A disease area of the center.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DiseaseArea {
    /// The code that studies carry.
    pub code: String,
    /// Its name.
    pub name: Bilingual,
    /// Words in conditions that point to it, in lower case.
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
    pub source: String,
    /// `verified`, `secondary` or `unverified`.
    pub verification: String,
    /// Registers of the study that it sets (`studyType`, …).
    pub fields: std::collections::BTreeMap<String, String>,
    /// Sections of the protocol text.
    pub sections: Vec<TemplateSection>,
    /// Milestones of the study; names only, never dates.
    pub milestones: Vec<TemplateMilestone>,
    /// Milestones of each site.
    pub site_milestones: Vec<TemplateMilestone>,
}

/// A section of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TemplateSection {
    /// Its key.
    pub key: String,
    /// Its title.
    pub title: Bilingual,
    /// What belongs here, shown while it is empty.
    pub guidance: Bilingual,
}

/// A milestone of a template.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TemplateMilestone {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: Bilingual,
}

/// The center that this copy is made for.
pub static CENTER: LazyLock<Center> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/center.json")).expect("center.json is checked")
});

/// Study templates.
pub static TEMPLATES: LazyLock<Vec<Template>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/templates.json")).expect("templates.json is checked")
});

impl Center {
    /// The partner hospital that a facility name speaks of.
    pub fn hospital_of(&self, facility: &str) -> Option<&Hospital> {
        let facility = facility.to_lowercase();
        self.hospitals
            .iter()
            .find(|h| h.spellings.iter().any(|spelling| facility.contains(spelling.as_str())))
    }

    /// The disease areas that conditions and keywords point to, in the order of display.
    pub fn disease_areas_of<'a>(&'a self, conditions: &[&str]) -> Vec<&'a DiseaseArea> {
        let conditions: Vec<String> = conditions.iter().map(|c| c.to_lowercase()).collect();
        let speaks = |word: &String| conditions.iter().any(|c| c.contains(word.as_str()));
        self.disease_areas.iter().filter(|area| area.words.iter().any(speaks)).collect()
    }
}

//! What a reader of the finished file should know.

use model::{EntityId, Lang, label};
use serde::Serialize;
use ts_rs::TS;

/// Something that came out otherwise than it stands in the study.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Warning {
    /// What it is about.
    pub code: WarningCode,
    /// Where it stands.
    pub place: Option<Place>,
    /// The character with its code point, or the typesetter's own words.
    pub detail: String,
}

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum WarningCode {
    /// No face has the character; a mark stands in its place.
    MissingGlyph,
    /// The value is in conflict; every standing value is printed.
    Unresolved,
    /// A picture is missing, broken or of a kind that cannot be printed; a box says so.
    NoPicture,
    /// The file does not keep PDF/A-2a and PDF/UA-1.
    NotConforming,
}

/// A register of an entity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The kind of entity.
    pub kind: String,
    /// The entity.
    pub entity: EntityId,
    /// The register.
    pub register: String,
}

impl Warning {
    /// The sentence for a reader.
    pub fn text(&self, lang: Lang) -> String {
        let field = self
            .place
            .as_ref()
            .map_or_else(String::new, |place| place.words(lang));
        let params = [("field", field.as_str()), ("detail", self.detail.as_str())];
        let sentence = match self.code {
            WarningCode::MissingGlyph => label!("pdf.warning.missingGlyph"),
            WarningCode::Unresolved => label!("pdf.warning.unresolved"),
            WarningCode::NoPicture => label!("pdf.warning.noPicture"),
            WarningCode::NotConforming => label!("pdf.warning.notConforming"),
        };
        sentence.fill(lang, &params)
    }
}

impl Place {
    fn words(&self, lang: Lang) -> String {
        match model::field::of_register(&self.kind, &self.register) {
            Some(field) => match lang {
                Lang::Zh => field.zh.to_owned(),
                Lang::En => field.en.to_owned(),
            },
            None => self.register.clone(),
        }
    }
}

//! Something that is missing or does not fit.

use super::rule::{self, Rule};
use crate::fact::FactPlace;
use crate::reference::Bilingual;
use crate::{Entity, Label, Lang, field, label};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// How much it weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "FindingLevel")]
pub enum Level {
    /// The package would come back.
    Must,
    /// Somebody should look.
    Should,
    /// Good to know.
    Note,
}

impl Level {
    /// The code of the list `findingLevel`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Must => "must",
            Self::Should => "should",
            Self::Note => "note",
        }
    }
}

/// Something that is missing or does not fit; the words are `submission.finding.<code>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "SubmissionFinding")]
pub struct Finding {
    /// Its code, a line of `data/submission-rules.tsv`.
    pub code: String,
    /// Its code and its place, by which it is left out: `fileMissing@document/ID/file`.
    pub key: String,
    /// How much it weighs.
    pub level: Level,
    /// Where to look.
    pub place: FactPlace,
    /// What its words name.
    pub params: BTreeMap<String, Bilingual>,
    /// The rule that it rests on.
    pub rule: Rule,
}

impl Finding {
    /// A finding by its rule.
    pub(super) fn new(code: &str, place: FactPlace) -> Self {
        let (level, rule) = rule::find(code);
        let id = place.entity.as_ref().map_or("", |id| id.as_str());
        let steps = [place.kind.as_str(), id, place.field.as_str()];
        let steps = steps.into_iter().filter(|step| !step.is_empty());
        let path = steps.collect::<Vec<_>>().join("/");
        Self {
            code: code.to_owned(),
            key: format!("{code}@{path}"),
            level,
            place,
            params: BTreeMap::new(),
            rule,
        }
    }

    /// Names something in its words that is the same in both languages.
    pub(super) fn with(self, name: &str, value: impl ToString) -> Self {
        let text = value.to_string();
        self.with_words(
            name,
            Bilingual {
                zh: text.clone(),
                en: text,
            },
        )
    }

    /// Names something in its words.
    pub(super) fn with_words(mut self, name: &str, words: Bilingual) -> Self {
        self.params.insert(name.to_owned(), words);
        self
    }

    /// Names a document in its words.
    pub(super) fn with_document(self, document: &Entity) -> Self {
        let kind = crate::code::find("documentKind", document.text("kind"));
        let in_lang = |lang| match (document.text_in("title", lang), kind) {
            ("", Some(code)) => if lang == Lang::Zh { code.zh } else { code.en }.to_owned(),
            (title, _) => title.to_owned(),
        };
        let words = Bilingual {
            zh: in_lang(Lang::Zh),
            en: in_lang(Lang::En),
        };
        self.with_words("document", words)
    }

    /// Names a field of a kind in its words.
    pub(super) fn with_field(self, name: &str, kind: &str, register: &str) -> Self {
        let words = match field::of_register(kind, register) {
            Some(field) => Bilingual {
                zh: field.zh.into(),
                en: field.en.into(),
            },
            None => Bilingual {
                zh: register.into(),
                en: register.into(),
            },
        };
        self.with_words(name, words)
    }

    /// Weighs it otherwise.
    pub(super) fn at(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Rests it on the list of a set instead of what its code says.
    pub(super) fn by(mut self, source: &str, article: &str, verification: &str) -> Self {
        self.rule = Rule::named(source, article, verification);
        self
    }

    /// Its words, with places for what they name.
    pub fn label(&self) -> &'static Label {
        let key = format!("submission.finding.{}", self.code);
        label::get(&key).unwrap_or(label!("submission.finding"))
    }

    /// What it says.
    pub fn text(&self, lang: Lang) -> String {
        let params: Vec<(&str, &str)> = (self.params.iter())
            .map(|(name, words)| (name.as_str(), words.text(lang)))
            .collect();
        self.label().fill(lang, &params)
    }
}

/// A register of an entity.
pub(super) fn at(entity: &Entity, field: &str) -> FactPlace {
    FactPlace {
        kind: entity.kind.clone(),
        entity: Some(entity.id.clone()),
        field: field.to_owned(),
    }
}

/// An entity as a whole.
pub(super) fn whole(entity: &Entity) -> FactPlace {
    at(entity, "")
}

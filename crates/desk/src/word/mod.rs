//! A Word file into a study: what of it is what is planned first, shown, and stored after.
//!
//! Invariants: known blocks keep their ids; a text replaces what was on screen when the plan was
//! made, so that a change that came in meanwhile stays beside it; the other language is never
//! touched; all of a file or nothing.

mod arrange;
mod ground;
mod import;
mod order;
mod plan;
mod register;
mod resolve;
mod suggestions;

use crate::desk::{Changed, Desk};
use crate::error::DeskError;
use crate::store::write::{self, Reason, Save};
use import::Import;
use ledger::{Hash, Source};
use model::word::{IncomingProtocol, WordChoices, WordPlan, WordReport};
use model::{Lang, StudyDoc, StudyId};

/// How commits name a Word file as their source.
pub(crate) const SOURCE: &str = "docx";

impl Desk {
    /// Says what of a file is what of a study, and what importing it would change.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn word_plan(
        &self,
        study: &StudyId,
        incoming: &IncomingProtocol,
    ) -> Result<WordPlan, DeskError> {
        let lang = incoming.lang.unwrap_or(Lang::Zh);
        Ok(plan::make(
            self.word_ground(study, incoming, lang)?,
            incoming,
            lang,
        ))
    }

    /// Imports a file as planned and as a person decided: whole, one step back, or not at all.
    ///
    /// # Errors
    /// [`DeskError::StaleForm`] when the plan was made for another file, [`DeskError::NotFound`]
    /// when a choice names what the study does not have, [`DeskError::Invalid`] for a text that is
    /// too long, [`DeskError::Commit`] when a value is none that the ledger can hold.
    pub fn word_import(
        &mut self,
        study: &StudyId,
        incoming: &IncomingProtocol,
        plan: &WordPlan,
        choices: &WordChoices,
        file_name: &str,
    ) -> Result<(WordReport, Changed), DeskError> {
        let lang = choices.lang;
        let made_anew;
        let (plan, doc) = match &plan.doc {
            Some(doc) if lang == plan.lang => (plan, doc.clone()),
            _ => {
                let ground = self.word_ground(study, incoming, lang)?;
                let doc = ground.doc.clone();
                made_anew = plan::make(ground, incoming, lang);
                (&made_anew, doc)
            }
        };
        let hash = Hash::parse(&incoming.source_hash)
            .ok_or(DeskError::Damaged("the hash of what was imported"))?;
        let src = Source {
            kind: SOURCE.to_owned(),
            id: String::new(),
            version: lang_code(lang).to_owned(),
            hash,
        };
        // A file's name may hold somebody's name: it goes where it can be redacted.
        let why = Reason {
            code: Some("word".into()),
            text: Some(file_name.to_owned()),
        };
        let (report, saved) = self.transact(|conn, author| {
            let resolved = resolve::resolve(&doc, incoming, plan, choices, author.env)?;
            let mut import = Import::new(
                conn,
                (study, &doc),
                plan,
                lang,
                (file_name, &incoming.source_hash),
                author.env,
            )?;
            import.run(&resolved)?;
            let (changes, report) = import.finish(incoming)?;
            let save = Save {
                stream: study.as_str().to_owned(),
                changes,
                why: Some(why),
                src: Some(src),
            };
            Ok((report, write::write(conn, author, save)?))
        })?;
        if saved.commits.is_empty() {
            return Ok((report, Changed::default()));
        }
        self.remember(study, &saved)?;
        self.rest_when_long()?;
        Ok((report, Changed::study(study.as_str())))
    }

    fn on_screen(&self, study: &StudyId) -> Result<StudyDoc, DeskError> {
        self.study(study)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))
    }
}

fn lang_code(lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => "zh",
        Lang::En => "en",
    }
}

fn other(lang: Lang) -> Lang {
    match lang {
        Lang::Zh => Lang::En,
        Lang::En => Lang::Zh,
    }
}

/// The register of a bilingual field.
fn register(field: &str, lang: Lang) -> String {
    format!("{field}.{}", lang_code(lang))
}

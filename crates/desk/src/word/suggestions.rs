//! Tracked changes and remarks of a file, kept below the block that they are about.

use crate::error::DeskError;
use crate::ord;
use crate::store::write::Change;
use crate::word::import::Import;
use crate::word::lang_code;
use model::rich::RichText;
use model::word::IncomingSuggestion;
use model::{Entity, EntityId, Lang, kind};

impl Import<'_> {
    /// Keeps suggestions; one that is open here already is not kept twice.
    pub(crate) fn suggestions(
        &mut self,
        known: Option<&Entity>,
        (parent, parent_kind): (&EntityId, &str),
        (from, lang): (&RichText, Lang),
        incoming: &[IncomingSuggestion],
    ) -> Result<(), DeskError> {
        debug_assert!([kind::BLOCK, kind::SECTION].contains(&parent_kind));
        let here: Vec<&Entity> = match known {
            Some(known) => self.doc.children(&known.id, kind::SUGGESTION).collect(),
            None => Vec::new(),
        };
        let mut last = here.last().map(|entity| entity.ord.clone());
        for (n, one) in incoming.iter().enumerate() {
            // One that this file brought before, and that somebody has settled since, stays settled.
            let counts = |entity: &Entity| is_open(entity) || self.untouchable.contains(&entity.id);
            let mut same = here.iter().filter(|entity| is_same(entity, one));
            if same.any(|entity| counts(entity)) {
                continue;
            }
            // The same id wherever this file is read in.
            let key = format!("{} {} {parent} {n}", self.source_hash, lang_code(self.lang));
            let id = EntityId::of_import(&self.doc.id, kind::SUGGESTION, &key);
            let id = match self.doc.entity(&id) {
                Some(entity) if entity.is_shown() => continue,
                Some(_) => self.new_id(),
                None => id,
            };
            self.report.suggestions += 1;
            let counted = if one.kind == "comment" {
                &mut self.report.counts.comments
            } else {
                &mut self.report.counts.suggestions
            };
            *counted += 1;
            self.place(&id, kind::SUGGESTION, parent);
            let place = ord::between(last.as_deref(), None);
            self.structure(&id, "ord", place.clone());
            last = Some(place);
            let from = match one.kind.as_str() {
                "change" | "remove" => from.to_value(),
                _ => serde_json::Value::Null,
            };
            for (field, value) in [
                ("kind", one.kind.as_str().into()),
                ("lang", lang_code(lang).into()),
                ("from", from),
                ("to", one.to.to_value()),
                ("quote", one.quote.as_str().into()),
                ("note", one.note.as_str().into()),
                ("author", one_line(&one.author).into()),
                ("at", one_line(&one.at).into()),
                ("status", "open".into()),
                ("source", one_line(self.file_name).into()),
            ] {
                self.first(&id, kind::SUGGESTION, field, value)?;
            }
        }
        Ok(())
    }

    /// A proposed block that a newer file has as its text was accepted there.
    pub(crate) fn accept_additions(&mut self, block: &Entity) -> Result<(), DeskError> {
        let doc = self.doc;
        for entity in doc.children(&block.id, kind::SUGGESTION) {
            if entity.text("kind") == "add" && is_open(entity) {
                self.set(entity, "status", "accepted".into())?;
            }
        }
        Ok(())
    }

    /// What a file proposed earlier and this one has as its text was accepted there.
    pub(crate) fn carried_out(
        &mut self,
        kind: &str,
        block: &Entity,
        now: &RichText,
    ) -> Result<(), DeskError> {
        let doc = self.doc;
        for entity in doc.children(&block.id, kind::SUGGESTION) {
            let is_it = entity.text("kind") == kind
                && entity.text("lang") == lang_code(self.lang)
                && entity.rich("to") == *now
                && entity.rich("from") != *now;
            if is_it && is_open(entity) {
                self.set(entity, "status", "accepted".into())?;
            }
        }
        Ok(())
    }

    fn structure(&mut self, id: &EntityId, field: &str, text: String) {
        self.push(Change::first(
            id.as_str(),
            kind::SUGGESTION,
            field,
            text.into(),
        ));
    }
}

fn is_open(suggestion: &Entity) -> bool {
    matches!(suggestion.text("status"), "" | "open")
}

fn is_same(known: &Entity, one: &IncomingSuggestion) -> bool {
    known.text("kind") == one.kind
        && known.rich("to") == one.to
        && known.text("note").trim() == one.note.trim()
        && known.text("quote").trim() == one.quote.trim()
        && known.text("author") == one_line(&one.author)
}

/// What a line may hold.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

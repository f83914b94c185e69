//! The changes that importing a file makes.

use crate::deletion::{see_own, to_deletion};
use crate::edit::{checked, find};
use crate::env::Env;
use crate::error::DeskError;
use crate::store::write::Change;
use crate::word::plan::{is_own, is_same_image, is_same_layout, is_same_list};
use crate::word::resolve::{Resolved, ToBlock, ToSection};
use crate::word::{other, register};
use crate::{desk, time};
use model::protocol::{is_pending, level_of};
use model::rich::RichText;
use model::word::{IncomingProtocol, IncomingSuggestion, WordPlan, WordReport};
use model::{Entity, EntityId, Lang, StudyDoc, StudyId, kind};
use rusqlite::Connection;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// An import as it grows.
pub(crate) struct Import<'a> {
    pub(crate) conn: &'a Connection,
    study: &'a StudyId,
    pub(crate) stream: i64,
    /// The study as it was on screen.
    pub(crate) doc: &'a StudyDoc,
    pub(crate) lang: Lang,
    pub(crate) file_name: &'a str,
    /// The hash of the file.
    pub(crate) source_hash: &'a str,
    env: &'a Env,
    pub(crate) changes: Vec<Change>,
    pub(crate) report: WordReport,
    pub(crate) archived: HashSet<EntityId>,
    /// What the file did not know, or is put aside here.
    pub(crate) untouchable: &'a HashSet<EntityId>,
}

impl<'a> Import<'a> {
    /// Nothing yet.
    pub(crate) fn new(
        conn: &'a Connection,
        (study, doc): (&'a StudyId, &'a StudyDoc),
        plan: &'a WordPlan,
        lang: Lang,
        (file_name, source_hash): (&'a str, &'a str),
        env: &'a Env,
    ) -> Result<Self, DeskError> {
        Ok(Self {
            conn,
            study,
            stream: desk::stream_of(conn, study)?,
            doc,
            lang,
            file_name,
            source_hash,
            env,
            changes: Vec::new(),
            report: WordReport::default(),
            archived: HashSet::new(),
            untouchable: &plan.untouchable,
        })
    }

    /// Takes in what was resolved.
    pub(crate) fn run(&mut self, resolved: &Resolved<'a>) -> Result<(), DeskError> {
        for id in &resolved.gone {
            self.put_aside(id)?;
            self.report.counts.gone += 1;
        }
        let tables = tables(resolved);
        let mut seen: HashSet<&EntityId> = HashSet::new();
        for section in &resolved.sections {
            self.report.sections += 1;
            // Of two sections of the file that become one, the first gives the title.
            if seen.insert(&section.id) {
                self.section(section)?;
            }
            for block in &section.blocks {
                let table = block.block.table.and_then(|table| tables.get(&table));
                self.block(section, block, table.map(String::as_str))?;
            }
        }
        self.gone_sections(resolved)?;
        self.order_sections(resolved)?;
        self.order_blocks(resolved)
    }

    /// What is to be written, and what a person is told of it.
    pub(crate) fn finish(
        self,
        incoming: &IncomingProtocol,
    ) -> Result<(Vec<Change>, WordReport), DeskError> {
        let report = WordReport {
            archived: u32::try_from(self.archived.len()).unwrap_or(u32::MAX),
            not_carried: incoming.not_carried.clone(),
            warnings: incoming.warnings.clone(),
            ..self.report
        };
        Ok((see_own(self.conn, self.stream, self.changes)?, report))
    }

    /// A new id.
    pub(crate) fn new_id(&self) -> EntityId {
        EntityId::from_uuid(time::new_id(self.env))
    }

    /// The first value of a register of a new entity; blank ones are not written.
    pub(crate) fn first(
        &mut self,
        id: &EntityId,
        kind: &str,
        field: &str,
        value: Value,
    ) -> Result<(), DeskError> {
        let value = checked(kind, field, value)?;
        if !value.is_null() {
            self.changes
                .push(Change::first(id.as_str(), kind, field, value));
        }
        Ok(())
    }

    /// One more change.
    pub(crate) fn push(&mut self, change: Change) {
        self.changes.push(change);
    }

    /// Places a new entity.
    pub(crate) fn place(&mut self, id: &EntityId, kind: &str, parent: &EntityId) {
        let value = json!({"$ref": parent.as_str()});
        self.changes
            .push(Change::first(id.as_str(), kind, "parent", value));
    }

    fn section(&mut self, to: &ToSection<'a>) -> Result<(), DeskError> {
        if to.again {
            return Ok(());
        }
        let title = title(to);
        let field = register("title", self.lang);
        match to.known {
            Some(entity) => {
                // A template's heading is the template's; else the file's words count.
                let is_free = entity.text("key").is_empty();
                let now = entity.text(&field);
                let is_other = !is_same_title(now, &to.section.title.text, &title);
                // An export shows the other language's title where this one has none.
                let borrowed = entity.text(&register("title", other(self.lang)));
                let is_borrowed = now.trim().is_empty()
                    && is_same_title(borrowed, &to.section.title.text, &title)
                    && !borrowed.trim().is_empty();
                if !is_borrowed && (now.trim().is_empty() || (is_free && is_other)) {
                    self.set(entity, &field, title.as_str().into())?;
                }
                if is_free && level_of(entity) != to.section.level.clamp(1, 6) {
                    self.set(entity, "level", to.section.level.clamp(1, 6).into())?;
                }
            }
            None => {
                self.place(&to.id, kind::SECTION, &self.study.root());
                self.first(&to.id, kind::SECTION, &field, title.as_str().into())?;
                let level = to.section.level.clamp(1, 6);
                self.first(&to.id, kind::SECTION, "level", level.into())?;
            }
        }
        if !to.section.not_applicable.is_empty() {
            let why = Value::from(to.section.not_applicable.as_str());
            match to.known {
                Some(entity) => self.set(entity, "notApplicable", why).map(drop)?,
                None => self.first(&to.id, kind::SECTION, "notApplicable", why)?,
            }
        }
        // A title is kept with its number, which the file's headings do not spell out.
        let bare = to.section.title.text.trim();
        let kept = match to.known {
            Some(entity) if !entity.text("key").is_empty() => entity.text(&field).to_owned(),
            _ => title.clone(),
        };
        let number = kept.strip_suffix(bare).unwrap_or_default();
        let numbered = |one: &IncomingSuggestion| {
            let mut one = one.clone();
            if one.kind == "change" {
                let mut to = RichText::from(number.to_owned());
                to.push(&one.to);
                one.to = to;
            }
            one
        };
        let suggestions: Vec<IncomingSuggestion> =
            to.section.suggestions.iter().map(numbered).collect();
        let from = RichText::from(format!("{number}{bare}"));
        self.suggestions(
            to.known,
            (&to.id, kind::SECTION),
            (&from, self.lang),
            &suggestions,
        )
    }

    fn block(
        &mut self,
        section: &ToSection<'a>,
        to: &ToBlock<'a>,
        table: Option<&str>,
    ) -> Result<(), DeskError> {
        self.report.blocks += 1;
        if to.again {
            self.report.counts.same += 1;
            return Ok(());
        }
        let kind = match to.block.kind.as_str() {
            "" => "paragraph",
            kind => kind,
        };
        let level = match to.block.level {
            0 => Value::Null,
            level => level.min(8).into(),
        };
        let values = [
            ("type", Value::from(kind)),
            ("level", level),
            ("list", to.block.list.as_str().into()),
            ("table", table.unwrap_or_default().into()),
            ("layout", to.block.layout.as_str().into()),
            ("image", to.block.image.as_str().into()),
        ];
        let field = register("text", self.lang);
        let text = to.text().to_value();
        // An export shows the other language where this one is empty: that is no translation.
        let is_borrowed = to
            .known
            .is_some_and(|entity| self.borrows(entity, to.text()));
        if let Some(entity) = to.known {
            let mut is_changed = false;
            for (field, value) in values {
                let now = entity.text(field);
                let is_same = match (field, value.as_str()) {
                    ("type", Some(kind)) => kind == now || (kind == "paragraph" && now.is_empty()),
                    // Only an item's depth is in a file.
                    ("level", _) => kind != "item",
                    ("list", Some(list)) => is_same_list(list, now),
                    ("layout", Some(layout)) => is_same_layout(layout, now),
                    ("image", Some(image)) => is_same_image(image, now),
                    _ => false,
                };
                is_changed |= !is_same && self.set(entity, field, value)?;
            }
            is_changed |= !is_borrowed && self.set(entity, &field, text)?;
            self.carried_out("change", entity, to.text())?;
            if is_pending(entity) && !to.is_proposed() {
                self.set(entity, "pending", Value::Null)?;
                self.accept_additions(entity)?;
            }
            let is_elsewhere = entity.parent.as_ref() != Some(&section.id);
            if is_elsewhere && self.parent(&entity.id)? != section.id.as_str() {
                let p = self.heads(&entity.id, "parent")?;
                let value = json!({"$ref": section.id.as_str()});
                let change = Change::first(entity.id.as_str(), kind::BLOCK, "parent", value);
                self.changes.push(Change { p, ..change });
                self.report.counts.moved += 1;
            }
            self.merge(entity, &to.merged)?;
            let counted = if is_changed {
                &mut self.report.counts.changed
            } else {
                &mut self.report.counts.same
            };
            *counted += 1;
        } else {
            self.report.counts.new += 1;
            self.place(&to.id, kind::BLOCK, &section.id);
            for (field, value) in values {
                self.first(&to.id, kind::BLOCK, field, value)?;
            }
            self.first(&to.id, kind::BLOCK, &field, text)?;
            if let Some(from) = &to.split_from {
                let value = json!({"$ref": from.as_str()});
                self.first(&to.id, kind::BLOCK, "origin", value)?;
            }
            if to.is_proposed() {
                self.first(&to.id, kind::BLOCK, "pending", true.into())?;
            }
        }
        let borrows = |entity| self.borrows(entity, &to.block.text);
        let lang = match to.known {
            Some(entity) if borrows(entity) => other(self.lang),
            _ => self.lang,
        };
        self.suggestions(
            to.known,
            (&to.id, kind::BLOCK),
            (&to.block.text, lang),
            &to.block.suggestions,
        )
    }

    /// Whether a text of the file is the one that stands in for a language that has none.
    fn borrows(&self, entity: &Entity, text: &RichText) -> bool {
        entity.rich(&register("text", self.lang)).is_blank()
            && !text.is_blank()
            && entity.rich(&register("text", other(self.lang))) == *text
    }

    /// Notes which blocks went into one, and puts them aside.
    fn merge(&mut self, entity: &Entity, merged: &[EntityId]) -> Result<(), DeskError> {
        if merged.is_empty() {
            return Ok(());
        }
        let mut all: Vec<String> = Vec::new();
        if let Some(known) = entity.value("merged").get("list").and_then(Value::as_array) {
            all.extend(known.iter().filter_map(Value::as_str).map(str::to_owned));
        }
        for id in merged {
            if !all.iter().any(|known| known == id.as_str()) {
                all.push(id.as_str().to_owned());
            }
        }
        self.set(entity, "merged", json!({"list": all}))?;
        for id in merged {
            self.put_aside(id)?;
        }
        Ok(())
    }

    /// Puts a block aside; one with text in the other language only loses this one's.
    fn put_aside(&mut self, id: &EntityId) -> Result<(), DeskError> {
        let entity = self
            .doc
            .entity(id)
            .ok_or_else(|| DeskError::no_entity(id.as_str()))?;
        if !entity.rich(&register("text", other(self.lang))).is_blank() {
            self.set(entity, &register("text", self.lang), Value::Null)?;
            return self.carried_out("remove", entity, &RichText::default());
        }
        self.archive(id)
    }

    fn archive(&mut self, id: &EntityId) -> Result<(), DeskError> {
        if self.untouchable.contains(id) {
            return Ok(());
        }
        let target = find(self.conn, self.study, id)?;
        let seen = self.doc.seen_with_children(id);
        let change = to_deletion(self.conn, &target, id, &seen)?;
        self.changes.push(change);
        self.archived.insert(id.clone());
        Ok(())
    }

    /// Sections of one's own that the file no longer has and that hold nothing any more.
    fn gone_sections(&mut self, resolved: &Resolved<'a>) -> Result<(), DeskError> {
        let Some(kept) = resolved.kept else {
            return Ok(());
        };
        let in_file: HashSet<&EntityId> = resolved.sections.iter().map(|to| &to.id).collect();
        let moved: HashSet<&EntityId> = resolved
            .sections
            .iter()
            .flat_map(|section| section.blocks.iter().map(|block| &block.id))
            .collect();
        for section in self.doc.of_kind(kind::SECTION) {
            let blocks: Vec<&Entity> = self.doc.children(&section.id, kind::BLOCK).collect();
            let is_left =
                |block: &&&Entity| !self.archived.contains(&block.id) && !moved.contains(&block.id);
            let is_empty = blocks.iter().filter(is_left).count() == 0;
            let is_listed = resolved.gone_sections.contains(&section.id);
            let may_go = is_listed || (!blocks.is_empty() && is_own(section, self.lang));
            let stays = in_file.contains(&section.id) || kept.contains(&section.id);
            if may_go && is_empty && !stays {
                self.archive(&section.id)?;
                self.report.counts.gone += u32::from(is_listed);
            }
        }
        Ok(())
    }
}

/// The title as it is kept: one line, with its number.
fn title(to: &ToSection<'_>) -> String {
    let text = to
        .section
        .title
        .text
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    match to.section.number.trim() {
        "" => text,
        number => format!("{number} {text}").trim().to_owned(),
    }
}

/// Whether a known title is the file's, with or without its number.
fn is_same_title(known: &str, bare: &str, numbered: &str) -> bool {
    let folded = |text: &str| {
        let text = text.to_lowercase();
        text.chars()
            .filter(|c| c.is_alphanumeric())
            .collect::<String>()
    };
    [bare, numbered]
        .iter()
        .any(|title| folded(title) == folded(known))
}

/// The word that the rows of each table have: that of the first known row, else one of its own.
fn tables(resolved: &Resolved<'_>) -> HashMap<u32, String> {
    let mut words: HashMap<u32, String> = HashMap::new();
    let blocks = || resolved.sections.iter().flat_map(|section| &section.blocks);
    for block in blocks() {
        let word = block
            .known
            .map(|entity| entity.text("table"))
            .unwrap_or_default();
        if let (Some(table), false) = (block.block.table, word.is_empty()) {
            words.entry(table).or_insert_with(|| word.to_owned());
        }
    }
    for block in blocks() {
        if let Some(table) = block.block.table {
            words
                .entry(table)
                .or_insert_with(|| block.id.as_str().to_owned());
        }
    }
    words
}

//! Settling a suggestion of a Word file.

use crate::deletion::{see_own, to_deletion};
use crate::desk::{Changed, Desk};
use crate::edit::{Target, checked, find, head_ids, save};
use crate::error::DeskError;
use crate::project::{conflicts, places};
use crate::store::write::{self, Change};
use crate::store::{heads, names, places_of_ops};
use model::rich::RichText;
use model::{EntityId, StudyId, kind};
use redline::Merge;
use rusqlite::Connection;
use serde_json::Value;

impl Desk {
    /// Takes or dismisses a suggestion, with what follows for its block, in one commit.
    ///
    /// Taking a change sets the block's text where it still is the one that the change was made
    /// for; else the two changes are put together when they touch different words. Settling what
    /// is settled does nothing.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::TextChanged`] when the block's text is in conflict, or
    /// was changed in the same place; nothing is stored then.
    pub fn suggestion_settle(
        &mut self,
        study: &StudyId,
        suggestion: &EntityId,
        accept: bool,
    ) -> Result<Changed, DeskError> {
        let saved = self.transact(|conn, author| {
            let target = find(conn, study, suggestion)?;
            if target.kind != kind::SUGGESTION {
                return Err(DeskError::no_entity(suggestion.as_str()));
            }
            let text = |field: &str| heads::shown_text(conn, target.entity, field);
            if !matches!(text("status")?.as_str(), "" | "open") {
                return Ok(write::Saved::nothing());
            }
            let block = block_of(conn, study, &target)?;
            let mut changes = match (text("kind")?.as_str(), accept) {
                ("change", true) => block.take_text(&target)?,
                ("add", true) => block.take_in(&target)?,
                ("remove", true) | ("add", false) => vec![block.put_aside()?],
                _ => Vec::new(),
            };
            let status = if accept { "accepted" } else { "dismissed" };
            let change = Change::first(
                suggestion.as_str(),
                kind::SUGGESTION,
                "status",
                status.into(),
            );
            let p = head_ids(conn, target.entity, "status")?;
            changes.push(Change { p, ..change });
            let changes = see_own(conn, target.stream, changes)?;
            save(conn, author, study, changes, None)
        })?;
        if saved.commits.is_empty() {
            return Ok(Changed::default());
        }
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }
}

/// The block, or the section, that a suggestion belongs to.
struct Block<'a> {
    conn: &'a Connection,
    id: EntityId,
    target: Target,
}

fn block_of<'a>(
    conn: &'a Connection,
    study: &StudyId,
    suggestion: &Target,
) -> Result<Block<'a>, DeskError> {
    let place = places::of(conn, suggestion.entity)?;
    let parent = place
        .and_then(|place| place.parent)
        .ok_or(DeskError::Damaged("a suggestion without a block"))?;
    let id = EntityId::parse(&names::entity_name(conn, parent)?)
        .ok_or(DeskError::Damaged("a suggestion without a block"))?;
    let target = find(conn, study, &id)?;
    Ok(Block { conn, id, target })
}

impl Block<'_> {
    fn change(&self, field: &str, value: Value) -> Result<Change, DeskError> {
        let change = Change::first(self.id.as_str(), &self.target.kind, field, value);
        let p = head_ids(self.conn, self.target.entity, field)?;
        Ok(Change { p, ..change })
    }

    fn rich(&self, entity: i64, field: &str) -> Result<RichText, DeskError> {
        Ok(RichText::read(&heads::shown(self.conn, entity, field)?).unwrap_or_default())
    }

    /// The register of the text that a suggestion is about.
    fn field_of(&self, suggestion: &Target) -> Result<&'static str, DeskError> {
        let lang = heads::shown_text(self.conn, suggestion.entity, "lang")?;
        Ok(match (self.target.kind == kind::SECTION, lang == "en") {
            (true, true) => "title.en",
            (true, false) => "title.zh",
            (false, true) => "text.en",
            (false, false) => "text.zh",
        })
    }

    fn take_text(&self, suggestion: &Target) -> Result<Vec<Change>, DeskError> {
        let field = self.field_of(suggestion)?;
        let standing = heads::of_field(self.conn, self.target.entity, field)?;
        if conflicts::differ(standing.iter().map(|head| head.cmp.as_str())) {
            return Err(DeskError::TextChanged);
        }
        let now = self.rich(self.target.entity, field)?;
        let from = self.rich(suggestion.entity, "from")?;
        let to = self.rich(suggestion.entity, "to")?;
        // Where the block still has the text that the change was made for, that gives the change.
        let Merge::Clean(new) = redline::merge(&from, &now, &to) else {
            return Err(DeskError::TextChanged);
        };
        if new == now {
            return Ok(Vec::new());
        }
        let value = checked(&self.target.kind, field, self.to_value(&new))?;
        Ok(vec![self.change(field, value)?])
    }

    /// A title is a line of plain text.
    fn to_value(&self, text: &RichText) -> Value {
        if self.target.kind == kind::SECTION {
            text.text.as_str().into()
        } else {
            text.to_value()
        }
    }

    fn take_in(&self, suggestion: &Target) -> Result<Vec<Change>, DeskError> {
        let field = self.field_of(suggestion)?;
        let mut changes = vec![self.change("pending", Value::Null)?];
        let to = self.rich(suggestion.entity, "to")?;
        if self.rich(self.target.entity, field)?.is_empty() && !to.is_empty() {
            changes.push(self.change(field, to.to_value())?);
        }
        Ok(changes)
    }

    /// The block goes, and what belongs to it; all of it was on screen.
    fn put_aside(&self) -> Result<Change, DeskError> {
        let mut seen = Vec::new();
        for part in places::tree(self.conn, self.target.entity)? {
            for (_, place) in heads::of_entity(self.conn, part)? {
                seen.push(places_of_ops::id_of(self.conn, place)?.to_string());
            }
        }
        to_deletion(self.conn, &self.target, &self.id, &seen)
    }
}

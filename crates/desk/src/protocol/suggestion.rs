//! Settling a suggestion of a Word file.

use crate::deletion::{see_own, to_deletion};
use crate::desk::{Changed, Desk};
use crate::edit::{Target, checked, find, head_ids, save};
use crate::error::DeskError;
use crate::project::{conflicts, places};
use crate::protocol::save::Batch;
use crate::store::write::{self, Change};
use crate::store::{heads, names};
use crate::token;
use model::protocol::ProtocolChange;
use model::rich::RichText;
use model::{EntityId, StudyId, kind};
use redline::Merge;
use rusqlite::Connection;
use serde_json::Value;

impl Desk {
    /// Takes or dismisses a suggestion, with what follows for its block, in one commit.
    ///
    /// Taking a change sets the block's text where it still is the one that the change was made
    /// for; else the two changes are put together when they touch different words. Taking out a
    /// text takes that alone which the reviewer saw: the other language stays, and below a heading
    /// the blocks go to the section before. Settling what is settled does nothing.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::TextChanged`] when the block's text is in conflict, or
    /// was changed in the same place, or at all where it is to go; [`DeskError::NoSectionBefore`]
    /// when a heading is to go and there is none that its text could stand under;
    /// [`DeskError::OtherLanguageHeading`] when it also has a title in the other language. Nothing
    /// is stored then.
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
                ("remove", true) if block.is_section() => block.join_to_the_one_before(&target)?,
                ("remove", true) => vec![block.take_out(&target)?],
                // One that was accepted elsewhere since is text like any other.
                ("add", false) if block.is_pending()? => vec![block.put_aside()?],
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
    study: &'a StudyId,
    id: EntityId,
    target: Target,
}

fn block_of<'a>(
    conn: &'a Connection,
    study: &'a StudyId,
    suggestion: &Target,
) -> Result<Block<'a>, DeskError> {
    let place = places::of(conn, suggestion.entity)?;
    let parent = place
        .and_then(|place| place.parent)
        .ok_or(DeskError::Damaged("a suggestion without a block"))?;
    let id = EntityId::parse(&names::entity_name(conn, parent)?)
        .ok_or(DeskError::Damaged("a suggestion without a block"))?;
    let target = find(conn, study, &id)?;
    Ok(Block {
        conn,
        study,
        id,
        target,
    })
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
        Ok(match (self.is_section(), lang == "en") {
            (true, true) => "title.en",
            (true, false) => "title.zh",
            (false, true) => "text.en",
            (false, false) => "text.zh",
        })
    }

    fn is_section(&self) -> bool {
        self.target.kind == kind::SECTION
    }

    /// Whether only a suggestion puts the block in.
    fn is_pending(&self) -> Result<bool, DeskError> {
        let value = heads::shown(self.conn, self.target.entity, "pending")?;
        Ok(value == Value::Bool(true))
    }

    /// The text goes; the block too, unless it says something in the other language.
    fn take_out(&self, suggestion: &Target) -> Result<Change, DeskError> {
        let field = self.field_of(suggestion)?;
        let from = self.rich(suggestion.entity, "from")?;
        if self.is_disputed(field)? || self.rich(self.target.entity, field)? != from {
            return Err(DeskError::TextChanged);
        }
        let other = match field {
            "text.en" => "text.zh",
            _ => "text.en",
        };
        if self.rich(self.target.entity, other)?.is_blank() {
            self.put_aside()
        } else {
            self.change(field, Value::Null)
        }
    }

    /// The heading goes; what stands below it follows the text of the section before.
    fn join_to_the_one_before(&self, suggestion: &Target) -> Result<Vec<Change>, DeskError> {
        let field = self.field_of(suggestion)?;
        let title = heads::shown_text(self.conn, self.target.entity, field)?;
        let from = self.rich(suggestion.entity, "from")?;
        // A title is kept with its number; that of a template is the template's.
        let is_keyed = !heads::shown_text(self.conn, self.target.entity, "key")?.is_empty();
        if self.is_disputed(field)? || !(is_keyed || title.ends_with(from.text.trim())) {
            return Err(DeskError::TextChanged);
        }
        let other = match field {
            "title.en" => "title.zh",
            _ => "title.en",
        };
        let other = heads::shown_text(self.conn, self.target.entity, other)?;
        if !other.trim().is_empty() && !is_keyed {
            return Err(DeskError::OtherLanguageHeading { title: other });
        }
        let mut before = None;
        for place in places::of_kind(self.conn, self.target.stream, kind::SECTION)? {
            if place.entity == self.target.entity {
                break;
            }
            if places::is_shown(self.conn, place.entity)? {
                before = Some(place.entity);
            }
        }
        let before = before.ok_or(DeskError::NoSectionBefore)?;
        if !heads::shown(self.conn, before, "notApplicable")?.is_null() {
            return Err(DeskError::NoSectionBefore);
        }
        let name = |entity: i64| -> Result<EntityId, DeskError> {
            EntityId::parse(&names::entity_name(self.conn, entity)?)
                .ok_or(DeskError::Damaged("a block without an id"))
        };
        let blocks = |section: i64| -> Result<Vec<EntityId>, DeskError> {
            let below = places::children(self.conn, section)?;
            let blocks = below.iter().filter(|place| place.kind == kind::BLOCK);
            blocks.map(|place| name(place.entity)).collect()
        };
        let to = name(before)?;
        let mut after = blocks(before)?.pop();
        let mut batch = Batch::new(self.conn, self.study)?;
        for block in blocks(self.target.entity)? {
            batch.take(ProtocolChange::Move {
                entity: block.clone(),
                parent: Some(to.clone()),
                after: after.replace(block),
            })?;
        }
        let mut changes = batch.finish()?;
        changes.push(self.put_aside()?);
        Ok(changes)
    }

    /// Whether a text has rivals.
    fn is_disputed(&self, field: &str) -> Result<bool, DeskError> {
        let standing = heads::of_field(self.conn, self.target.entity, field)?;
        Ok(conflicts::differ(
            standing.iter().map(|head| head.cmp.as_str()),
        ))
    }

    fn take_text(&self, suggestion: &Target) -> Result<Vec<Change>, DeskError> {
        let field = self.field_of(suggestion)?;
        if self.is_disputed(field)? {
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
        if self.is_section() {
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
                seen.push(token::of(self.conn, place)?);
            }
        }
        to_deletion(self.conn, &self.target, &self.id, &seen)
    }
}

//! How the heads of fields move while commits come in.
//!
//! What a page writes again and again is written to the table once: the moves are gathered, and
//! [`settle`] brings the table in step before anything reads it.

use crate::store::append::Touched;
use crate::store::places_of_ops::OpPlace;
use rusqlite::{Connection, Result, params};

/// What became of one field.
#[derive(Clone, Default)]
pub(crate) struct Field {
    /// The smallest kind that it was written under.
    pub(crate) kind: String,
    /// Heads in the table that were replaced.
    gone: Vec<OpPlace>,
    /// Heads that are not in the table yet, with their comparison values.
    new: Vec<(OpPlace, String)>,
}

impl Field {
    /// A field that was written under a kind.
    pub(crate) fn of(kind: String) -> Self {
        Self {
            kind,
            ..Self::default()
        }
    }

    /// One operation replaces others and becomes a head.
    pub(crate) fn write(&mut self, kind: &str, preds: Vec<OpPlace>, head: (OpPlace, String)) {
        if self.kind.is_empty() || kind < self.kind.as_str() {
            kind.clone_into(&mut self.kind);
        }
        for pred in preds {
            match self.new.iter().position(|(place, _)| *place == pred) {
                Some(place) => drop(self.new.remove(place)),
                None => self.gone.push(pred),
            }
        }
        self.new.push(head);
    }

    /// Forgets how the heads move: the table was made anew.
    pub(crate) fn forget(&mut self) {
        self.gone.clear();
        self.new.clear();
    }
}

/// Brings the heads' table in step with what was gathered.
pub(crate) fn settle(conn: &Connection, touched: &mut Touched) -> Result<()> {
    for ((entity, field), moved) in &mut touched.fields {
        let mut gone = moved.gone.drain(..);
        for (place, cmp) in moved.new.drain(..) {
            let n = match gone.next() {
                None => 0,
                Some(old) => conn
                    .prepare_cached(
                        "UPDATE heads SET commit_id = ?5, idx = ?6, cmp = ?7
                         WHERE entity = ?1 AND field = ?2 AND commit_id = ?3 AND idx = ?4",
                    )?
                    .execute(params![
                        entity,
                        field,
                        old.commit,
                        old.idx,
                        place.commit,
                        place.idx,
                        cmp
                    ])?,
            };
            if n == 0 {
                conn.prepare_cached("INSERT INTO heads VALUES(?1, ?2, ?3, ?4, ?5)")?
                    .execute(params![entity, field, place.commit, place.idx, cmp])?;
            }
        }
        for old in gone {
            conn.prepare_cached(
                "DELETE FROM heads WHERE entity = ?1 AND field = ?2 AND commit_id = ?3 AND idx = ?4",
            )?
            .execute(params![entity, field, old.commit, old.idx])?;
        }
    }
    Ok(())
}

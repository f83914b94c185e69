//! What stands against freezing a version now.

use crate::desk::Desk;
use crate::draft::Draft;
use crate::error::DeskError;
use crate::findings;
use crate::versions::scope;
use ledger::DELETED;
use model::protocol::{KINDS, is_in_scope, is_pending};
use model::version::Hindrance;
use model::{Entity, EntityId, EntityMark, StudyDoc, StudyId, kind};
use rusqlite::{Connection, params_from_iter};

impl Desk {
    /// What stands against freezing a version of the protocol now.
    ///
    /// Registers in conflict and typing that is not saved, in the order of the study, one each;
    /// then what is counted: open suggestions, own changes that the center does not have, changes
    /// of members that are set aside.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn hindrances(&self, study: &StudyId) -> Result<Vec<Hindrance>, DeskError> {
        let doc = self
            .study(study)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))?;
        self.hindrances_of(&doc)
    }

    pub(crate) fn hindrances_of(&self, doc: &StudyDoc) -> Result<Vec<Hindrance>, DeskError> {
        let conn = &self.opened.conn;
        let stream = self.stream(&doc.id)?;
        let mut found = conflicts(doc);
        found.extend(doubled(doc));
        found.extend(self.drafts(&doc.id)?.iter().filter_map(|d| draft(doc, d)));
        let n_open = doc.of_kind(kind::SUGGESTION).filter(|s| is_open(doc, s));
        found.extend(counted("suggestion", "suggestions", n_open.count()));
        if self.center()?.is_some() {
            let waiting = "sseq IS NULL AND status <> 3";
            found.extend(counted(
                "unsent",
                "unsent",
                n_commits(conn, stream, waiting)?,
            ));
        }
        let aside = n_commits(conn, stream, "status = 2")?;
        found.extend(counted("setAside", "setAside", aside));
        Ok(found)
    }
}

fn conflicts(doc: &StudyDoc) -> Vec<Hindrance> {
    let mut found = Vec::new();
    for entity in scope::entities(doc) {
        // Put aside by somebody who had not seen a change: in or out is not decided.
        if entity.mark == EntityMark::EditedUnseen {
            found.push(named("conflict", &entity.kind, &entity.id, DELETED));
        }
        for (field, register) in &entity.fields {
            if register.conflict && is_in_scope(&entity.kind, field) {
                found.push(named("conflict", &entity.kind, &entity.id, field));
            }
        }
    }
    found
}

/// Parts of a split block that say what the block still says: it was split on one laptop and
/// written on as a whole on another, and the whole was chosen.
fn doubled(doc: &StudyDoc) -> Vec<Hindrance> {
    let is_block = |entity: &&Entity| entity.is_shown() && entity.kind == kind::BLOCK;
    let parts = doc.of_kind(kind::BLOCK).filter(is_block);
    let is_doubled = |part: &&Entity| {
        let whole = part.reference("origin").and_then(|id| doc.entity(&id));
        whole.filter(is_block).is_some_and(|whole| {
            ["text.zh", "text.en"].iter().any(|field| {
                let whole = whole.rich(field).text;
                let part = part.rich(field).text;
                sentences(&part).any(|sentence| whole.contains(sentence))
            })
        })
    };
    let found = parts.filter(is_doubled).map(|part| Hindrance {
        what: "doubled".to_owned(),
        path: format!("doubled/{}", part.id),
        entity: Some(part.id.clone()),
        field: String::new(),
        n: 1,
    });
    found.collect()
}

/// The sentences of a text that are long enough to be no accident.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    /// Units: bytes; a Chinese character has three.
    const TELLING: usize = 18;
    let ends = ['。', '！', '？', '；', '.', '!', '?', ';', '\n'];
    let parts = text.split(ends).map(str::trim);
    parts.filter(|part| part.len() >= TELLING)
}

/// Typing that differs from what is saved.
fn draft(doc: &StudyDoc, draft: &Draft) -> Option<Hindrance> {
    let kind = match doc.entity(&draft.entity) {
        Some(entity) if !entity.is_shown() => return None,
        Some(entity) if entity.kind == kind::BLOCK && is_pending(entity) => return None,
        Some(entity) if *entity.value(&draft.field) == draft.value => return None,
        Some(entity) => entity.kind.as_str(),
        // Typing in a block that the editor has not saved yet.
        None => kind::BLOCK,
    };
    is_in_scope(kind, &draft.field).then(|| named("draft", kind, &draft.entity, &draft.field))
}

/// Whether nobody has settled a suggestion for a block that is shown.
fn is_open(doc: &StudyDoc, suggestion: &Entity) -> bool {
    let block = suggestion.parent.as_ref().and_then(|id| doc.entity(id));
    matches!(suggestion.text("status"), "" | "open") && block.is_some_and(Entity::is_shown)
}

fn named(what: &str, kind: &str, entity: &EntityId, field: &str) -> Hindrance {
    Hindrance {
        what: what.to_owned(),
        path: findings::path(kind, entity, field),
        entity: Some(entity.clone()),
        field: field.to_owned(),
        n: 1,
    }
}

fn counted(what: &str, word: &str, n: usize) -> Option<Hindrance> {
    (n > 0).then(|| Hindrance {
        what: what.to_owned(),
        path: word.to_owned(),
        entity: None,
        field: String::new(),
        n: u32::try_from(n).unwrap_or(u32::MAX),
    })
}

/// Commits of a stream that touch the protocol.
fn n_commits(conn: &Connection, stream: i64, which: &str) -> Result<usize, DeskError> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT o.commit_id, o.kind, o.field FROM commits c JOIN ops o ON o.commit_id = c.id
         WHERE c.stream = ?1 AND {which} ORDER BY o.commit_id"
    ))?;
    let mut rows = statement.query(params_from_iter([stream]))?;
    let (mut n, mut last) = (0, -1);
    while let Some(row) = rows.next()? {
        let (commit, kind, field): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let is_structure = !crate::project::is_content(&field) && KINDS.contains(&kind.as_str());
        if commit != last && (is_structure || is_in_scope(&kind, &field)) {
            n += 1;
            last = commit;
        }
    }
    Ok(n)
}

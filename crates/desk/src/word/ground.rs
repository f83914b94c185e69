//! What a file is held against: the study as the file knew it, with what was added since.
//!
//! Invariant: what the file has as it was then is no change of the file, whatever became of it
//! here since; so a protocol that was weeks with a colleague takes back nobody's work.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::store::past;
use crate::word::{SOURCE, register};
use model::protocol::is_in_scope;
use model::word::{IncomingProtocol, WordBase, WordSince};
use model::{Entity, EntityId, Lang, StudyDoc, StudyId, kind};
use rusqlite::{OptionalExtension, params};
use std::collections::{HashMap, HashSet};

/// A study for a file to be matched with.
pub(crate) struct Ground {
    /// As the file knew it, with what was added since.
    pub(crate) doc: StudyDoc,
    /// What was added since.
    pub(crate) later: HashSet<EntityId>,
    /// Sections and blocks that are other than the file knew them, or not shown any more.
    pub(crate) changed: HashSet<EntityId>,
    /// Those that are put aside.
    pub(crate) aside: HashSet<EntityId>,
    /// What is said of it; `None` when it is the study of today.
    pub(crate) since: Option<WordSince>,
    /// A remark by label key.
    pub(crate) warning: Option<&'static str>,
}

impl Desk {
    /// What a text that is exported now is the state of.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn word_base(
        &self,
        study: &StudyId,
        version: Option<&EntityId>,
    ) -> Result<WordBase, DeskError> {
        if let Some(version) = version {
            return Ok(WordBase::Version(version.clone()));
        }
        let known = past::now(&self.opened.conn, self.stream(study)?)?;
        let short = |name: String| {
            let digits = name.strip_prefix("sha256:").unwrap_or(&name);
            digits.chars().take(WordBase::DEVICE_DIGITS).collect()
        };
        let known = known.into_iter().map(|(name, n)| (short(name), n));
        Ok(WordBase::Working(known.collect()))
    }

    /// What a file is held against.
    ///
    /// A file that says nothing of where it comes from is held against what the last Word file
    /// left, when it has more texts of that than of today.
    pub(crate) fn word_ground(
        &self,
        study: &StudyId,
        incoming: &IncomingProtocol,
        lang: Lang,
    ) -> Result<Ground, DeskError> {
        let now = self.on_screen(study)?;
        let conn = &self.opened.conn;
        let stream = self.stream(study)?;
        // The state, the number of its version, and when it was saved last.
        let then: Option<(StudyDoc, String, String)> = match &incoming.base {
            Some(WordBase::Version(version)) => match now.entity(version) {
                Some(entity) if entity.kind == kind::VERSION => {
                    let number = entity.text("number").to_owned();
                    let then = self.version_shown(study, version)?;
                    Some((then, number, String::new()))
                }
                _ => None,
            },
            Some(WordBase::Working(known)) => {
                let known: Vec<(String, u64)> = known
                    .iter()
                    .map(|(device, n)| (format!("sha256:{device}"), *n))
                    .collect();
                match past::of_names(conn, stream, &known)? {
                    Some(seen) => {
                        let at = past::at(conn, stream, &seen)?;
                        past::study(conn, study, &seen)?.map(|then| (then, String::new(), at))
                    }
                    None => None,
                }
            }
            None => {
                let last = self.after_last_file(study, stream)?;
                let is_closer = |(then, _): &(StudyDoc, String)| {
                    n_equal(then, incoming, lang) > n_equal(&now, incoming, lang)
                };
                last.filter(is_closer)
                    .map(|(then, at)| (then, String::new(), at))
            }
        };
        let Some((then, version, at)) = then else {
            let warning = match &incoming.base {
                Some(_) => Some("word.base.notHere"),
                None => incoming.is_marked.then_some("word.base.unsaid"),
            };
            return Ok(Ground {
                doc: now,
                later: HashSet::new(),
                changed: HashSet::new(),
                aside: HashSet::new(),
                since: None,
                warning,
            });
        };
        Ok(compare(now, then, version, at))
    }

    /// The study as the newest Word file left it, and when; `None` without any.
    fn after_last_file(
        &self,
        study: &StudyId,
        stream: i64,
    ) -> Result<Option<(StudyDoc, String)>, DeskError> {
        let conn = &self.opened.conn;
        let last: Option<(i64, String)> = conn
            .prepare_cached(
                "SELECT id, at FROM commits
                 WHERE stream = ?1 AND status = 1 AND source LIKE ?2 || ' %'
                 ORDER BY lam DESC LIMIT 1",
            )?
            .query_row(params![stream, SOURCE], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((commit, at)) = last else {
            return Ok(None);
        };
        let seen = past::of_commit(conn, commit)?;
        Ok(past::study(conn, study, &seen)?.map(|doc| (doc, at)))
    }
}

/// How many blocks of a file a study has word for word.
fn n_equal(doc: &StudyDoc, incoming: &IncomingProtocol, lang: Lang) -> usize {
    let field = register("text", lang);
    let here: HashSet<String> = doc
        .of_kind(kind::BLOCK)
        .map(|block| block.rich(&field).text)
        .collect();
    let blocks = incoming.sections.iter().flat_map(|section| &section.blocks);
    blocks
        .filter(|block| !block.text.is_blank() && here.contains(&block.text.text))
        .count()
}

fn compare(now: StudyDoc, then: StudyDoc, version: String, at: String) -> Ground {
    let known: HashMap<EntityId, Entity> = then
        .entities
        .into_iter()
        .map(|entity| (entity.id.clone(), entity))
        .collect();
    let mut ground = Ground {
        doc: StudyDoc {
            id: now.id.clone(),
            entities: Vec::with_capacity(now.entities.len()),
        },
        later: HashSet::new(),
        changed: HashSet::new(),
        aside: HashSet::new(),
        since: None,
        warning: None,
    };
    let is_text = |entity: &Entity| [kind::SECTION, kind::BLOCK].contains(&entity.kind.as_str());
    let mut n_later = 0;
    for entity in now.entities {
        let then = known.get(&entity.id);
        if then.is_none() {
            n_later += usize::from(is_text(&entity) && entity.is_shown());
            ground.later.insert(entity.id.clone());
        }
        let Some(then) = then.filter(|_| is_text(&entity)) else {
            ground.doc.entities.push(entity);
            continue;
        };
        if then.is_shown() {
            if !entity.is_shown() {
                ground.aside.insert(entity.id.clone());
            }
            if !entity.is_shown() || differ(then, &entity) {
                ground.changed.insert(entity.id.clone());
            }
        }
        ground.doc.entities.push(as_it_was(then, entity));
    }
    let root = ground.doc.id.root();
    crate::store::doc::sort(&root, &mut ground.doc.entities);
    let changed = ground.changed.len() + n_later;
    ground.since = Some(WordSince {
        version,
        at,
        changed: u32::try_from(changed).unwrap_or(u32::MAX),
        both: 0,
    });
    ground
}

/// A section or block as it was; what is none of the protocol's text is as it is now.
fn as_it_was(then: &Entity, now: Entity) -> Entity {
    let mut entity = then.clone();
    let rest = now.fields.into_iter();
    let rest = rest.filter(|(field, _)| !is_in_scope(&then.kind, field));
    entity.fields.extend(rest);
    entity
}

/// Whether two states of a section or block say other things.
fn differ(then: &Entity, now: &Entity) -> bool {
    let fields: HashSet<&String> = then.fields.keys().chain(now.fields.keys()).collect();
    fields
        .into_iter()
        .any(|field| is_in_scope(&then.kind, field) && then.value(field) != now.value(field))
}

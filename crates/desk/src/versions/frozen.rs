//! What was frozen, read from the operations that a manifest names.

use crate::desk::Desk;
use crate::edit::find;
use crate::error::DeskError;
use crate::project::places;
use crate::store::doc::{self, Commits};
use crate::store::{heads, names, people};
use crate::verify::Problem;
use crate::versions::manifest::{self, Manifest, Part};
use crate::versions::scope::{self, Content};
use crate::versions::standing;
use crate::versions::{self, OpPlace};
use ledger::{Commit, Frame, Hash, OpId, OpValue, Payload};
use model::version::fill_left_out;
use model::{Entity, EntityId, EntityMark, Head, Register, StudyDoc, StudyId, kind};
use rusqlite::{Connection, OptionalExtension, params};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A manifest that was read and compared with what it names.
pub(crate) struct Checked {
    /// What the version holds.
    pub(crate) manifest: Manifest,
    /// The hash of the manifest.
    pub(crate) hash: String,
    /// Whether everything fits together.
    pub(crate) intact: bool,
    /// What its registers say, as comparison values; cleared ones are left out.
    pub(crate) said: BTreeMap<(EntityId, String), String>,
    /// Time: frozen at, UTC.
    pub(crate) at: String,
    /// Who froze it: id and stream, for the name.
    pub(crate) by: String,
}

/// One operation that a manifest names, as it is stored.
struct Stored {
    place: OpPlace,
    entity: String,
    field: String,
    cmp: String,
    /// Whether value and salted hash fit; a redacted value fits.
    fits: bool,
}

impl Desk {
    /// What was frozen: exactly the entities and registers of the version, whatever was changed,
    /// archived or joined since. A redacted value shows as redacted.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when it is no frozen version of the study.
    pub fn version_doc(&self, study: &StudyId, version: &EntityId) -> Result<StudyDoc, DeskError> {
        let conn = &self.opened.conn;
        let target = find(conn, study, version)?;
        let checked = self
            .checked(target.stream, target.entity)?
            .ok_or_else(|| DeskError::no_entity(version.as_str()))?;
        let manifest = &checked.manifest;
        let id = StudyId::parse(&manifest.stream).unwrap_or_else(|| study.clone());
        let mut reader = Reader::new(conn, &manifest.stream)?;
        let mut entities = Vec::with_capacity(manifest.parts.len());
        for part in &manifest.parts {
            entities.push(reader.entity(part)?);
        }
        doc::sort(&id.root(), &mut entities);
        Ok(StudyDoc { id, entities })
    }

    /// What was frozen, for reading: a text that was left out because it was in conflict is said to
    /// be ([`fill_left_out`]).
    ///
    /// # Errors
    /// As [`Desk::version_doc`].
    pub fn version_shown(
        &self,
        study: &StudyId,
        version: &EntityId,
    ) -> Result<StudyDoc, DeskError> {
        let mut doc = self.version_doc(study, version)?;
        let target = find(&self.opened.conn, study, version)?;
        if let Some(checked) = self.checked(target.stream, target.entity)? {
            fill_left_out(&mut doc, &standing::missing(&checked.manifest));
        }
        Ok(doc)
    }

    /// A version's manifest with what it names, read once; `None` when it has none.
    pub(crate) fn checked(
        &self,
        stream: i64,
        version: i64,
    ) -> Result<Option<Arc<Checked>>, DeskError> {
        let conn = &self.opened.conn;
        let Some((place, id)) = versions::manifest_op(conn, version)? else {
            return Ok(None);
        };
        let key = (stream, id);
        if let Some(known) = self.versions.borrow().get(&key) {
            return Ok(Some(Arc::clone(known)));
        }
        let Some(checked) = check(conn, version, place)? else {
            return Ok(None);
        };
        let checked = Arc::new(checked);
        let known = Arc::clone(&checked);
        self.versions.borrow_mut().insert(key, known);
        Ok(Some(checked))
    }
}

/// The versions of a stream that do not fit their manifests.
pub(crate) fn problems(
    conn: &Connection,
    stream: i64,
    name: &str,
) -> Result<Vec<Problem>, DeskError> {
    let mut found = Vec::new();
    for row in places::of_kind(conn, stream, kind::VERSION)? {
        let Some((place, _)) = versions::manifest_op(conn, row.entity)? else {
            continue;
        };
        if !check(conn, row.entity, place)?.is_some_and(|checked| checked.intact) {
            found.push(Problem {
                code: "version",
                place: format!("{name} {}", names::entity_name(conn, row.entity)?),
            });
        }
    }
    Ok(found)
}

/// Reads a manifest from the signed bytes of its commit and compares it with what it names;
/// `None` when it cannot be read.
fn check(conn: &Connection, version: i64, place: OpPlace) -> Result<Option<Checked>, DeskError> {
    let (bytes, sig, hash, at, by): (Vec<u8>, String, String, String, String) = conn.query_row(
        "SELECT bytes, sig, hash, at, person FROM commits WHERE id = ?1",
        [place.commit],
        |row| {
            Ok((
                row.get(0)?,
                row.get(1)?,
                row.get(2)?,
                row.get(3)?,
                row.get(4)?,
            ))
        },
    )?;
    let Ok(commit) = Commit::parse(&bytes) else {
        return Ok(None);
    };
    let own_name = names::entity_name(conn, version)?;
    let op = usize::try_from(place.idx)
        .ok()
        .and_then(|idx| commit.ops.get(idx))
        .filter(|op| op.e == own_name && op.f == "manifest");
    let Some(OpValue::Inline(value)) = op.map(|op| &op.v) else {
        return Ok(None);
    };
    let Some(manifest) = Manifest::read(value) else {
        return Ok(None);
    };
    let mut intact = Commit::id_of(&bytes).as_str() == hash;
    let frame = Frame {
        commit: bytes,
        sig,
        payloads: Vec::new(),
    };
    let key = names::device_key(conn, &commit.dev)?;
    intact &= key.is_some_and(|key| frame.verify(&commit, &key).is_ok());
    // Whatever was written over it later froze nothing, and says that something is wrong.
    intact &= n_manifests(conn, version)? == 1;

    let mut reader = Reader::new(conn, &manifest.stream)?;
    let mut content = Content::new();
    let mut said = BTreeMap::new();
    let mut has_redacted = false;
    for part in &manifest.parts {
        let mut values = Vec::with_capacity(part.fields.len());
        for (field, id) in &part.fields {
            let Some(stored) = reader.stored(id)? else {
                intact = false;
                continue;
            };
            intact &= stored.entity == part.id.as_str() && stored.field == *field && stored.fits;
            has_redacted |= heads::is_redacted(&stored.cmp);
            let value = heads::value_of(&stored.cmp);
            if scope::is_said(field, &value) {
                said.insert((part.id.clone(), field.clone()), stored.cmp);
            }
            values.push((field.as_str(), value));
        }
        let values = values.iter().map(|(field, value)| (*field, value));
        content.add(&part.id, &part.kind, part.parent.as_ref(), values);
    }
    // Of a redacted value only its salted hash is left, which was compared above.
    intact &= has_redacted || content.hash() == manifest.content;
    Ok(Some(Checked {
        hash: manifest::hash(value),
        manifest,
        intact,
        said,
        at,
        by,
    }))
}

fn n_manifests(conn: &Connection, version: i64) -> Result<i64, DeskError> {
    Ok(conn
        .prepare_cached(
            "SELECT count(*) FROM ops o JOIN commits c ON c.id = o.commit_id
             WHERE o.entity = ?1 AND o.field = 'manifest' AND c.status = 1",
        )?
        .query_row([version], |row| row.get(0))?)
}

/// Reads operations of one stream by their ids.
struct Reader<'a> {
    conn: &'a Connection,
    stream: i64,
    devices: HashMap<String, i64>,
    commits: HashMap<(i64, u64), Option<i64>>,
    heads: Commits,
}

impl<'a> Reader<'a> {
    fn new(conn: &'a Connection, stream: &str) -> Result<Self, DeskError> {
        // A stream that is not here has no operations.
        let stream = names::stream(conn, stream)?.unwrap_or(-1);
        Ok(Self {
            conn,
            stream,
            devices: HashMap::new(),
            commits: HashMap::new(),
            heads: Commits::new(stream),
        })
    }

    fn place(&mut self, id: &OpId) -> Result<Option<OpPlace>, DeskError> {
        let device = match self.devices.get(&id.dev) {
            Some(device) => *device,
            None => {
                let device = names::device(self.conn, &id.dev)?.unwrap_or(-1);
                self.devices.insert(id.dev.clone(), device);
                device
            }
        };
        let key = (device, id.seq);
        let commit = match self.commits.get(&key) {
            Some(commit) => *commit,
            None => {
                let seq = i64::try_from(id.seq).unwrap_or(i64::MAX);
                let commit = self
                    .conn
                    .prepare_cached(
                        "SELECT id FROM commits
                         WHERE stream = ?1 AND device = ?2 AND seq = ?3 AND status <> 3",
                    )?
                    .query_row(params![self.stream, device, seq], |row| row.get(0))
                    .optional()?;
                self.commits.insert(key, commit);
                commit
            }
        };
        Ok(commit.map(|commit| OpPlace {
            commit,
            idx: i64::from(id.idx),
        }))
    }

    fn stored(&mut self, id: &OpId) -> Result<Option<Stored>, DeskError> {
        let Some(place) = self.place(id)? else {
            return Ok(None);
        };
        type Row = (
            String,
            String,
            Option<String>,
            Option<String>,
            Option<String>,
            Option<String>,
        );
        let row: Option<Row> = self
            .conn
            .prepare_cached(
                "SELECT e.name, o.field, o.value, o.hidden, p.salt, p.value
                 FROM ops o JOIN entities e ON e.id = o.entity
                 LEFT JOIN payloads p ON p.commit_id = o.commit_id AND p.idx = o.idx
                 WHERE o.commit_id = ?1 AND o.idx = ?2",
            )?
            .query_row(params![place.commit, place.idx], |row| {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                ))
            })
            .optional()?;
        Ok(row.map(|(entity, field, value, hidden, salt, payload)| {
            let (cmp, fits) = match (value, hidden, salt, payload) {
                (Some(value), None, _, _) => (value, true),
                (_, Some(hash), Some(salt), Some(text)) => {
                    let value: Value = serde_json::from_str(&text).unwrap_or_default();
                    let fits = Payload::hash(&salt, &value).is_some_and(|h| h.as_str() == hash);
                    (text, fits)
                }
                (_, Some(hash), _, _) => {
                    let fits = Hash::parse(&hash).is_some();
                    (hash, fits)
                }
                _ => ("null".to_owned(), false),
            };
            Stored {
                place,
                entity,
                field,
                cmp,
                fits,
            }
        }))
    }

    fn entity(&mut self, part: &Part) -> Result<Entity, DeskError> {
        let mut fields = BTreeMap::new();
        for (field, id) in &part.fields {
            let Some(stored) = self.stored(id)? else {
                continue;
            };
            let place = stored.place;
            let (_, _, head): (_, _, Head) =
                self.heads
                    .head(self.conn, place.commit, place.idx, stored.cmp)?;
            let register = Register {
                heads: vec![head],
                conflict: false,
            };
            fields.insert(field.clone(), register);
        }
        Ok(Entity {
            id: part.id.clone(),
            kind: part.kind.clone(),
            parent: part.parent.clone(),
            ord: part.ord.clone(),
            mark: EntityMark::Live,
            fields,
        })
    }
}

/// The name of who froze a version.
pub(crate) fn by_name(
    conn: &Connection,
    stream: i64,
    checked: &Checked,
) -> Result<String, DeskError> {
    Ok(people::Names::default().of(conn, stream, &checked.by)?)
}

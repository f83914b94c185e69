//! A study assembled from the heads of its stream.

use crate::error::DeskError;
use crate::project::conflicts;
use crate::project::places::{self, PlaceRow};
use crate::store::places_of_ops::OpPlace;
use crate::store::{heads, names, people};
use crate::token;
use model::{Entity, EntityId, EntityMark, Head, Register, StudyDoc, StudyId};
use rusqlite::{Connection, Params, Result, params};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::rc::Rc;

/// Who saved a commit, where and when.
struct CommitRow {
    device: String,
    seq: i64,
    /// What follows an operation's id in a form token.
    mark: String,
    lam: i64,
    person: String,
    person_name: String,
    at: String,
    tz_minutes: i32,
}

/// One head on its way into a register: what orders it, and what is shown.
pub(crate) type Ranked = ((i64, String, i64, i64), String, Head);

/// Assembles a study; `None` when it is not here.
pub(crate) fn study(conn: &Connection, id: &StudyId) -> Result<Option<StudyDoc>, DeskError> {
    let Some(stream) = names::stream(conn, id.as_str())? else {
        return Ok(None);
    };
    let rows = places::of_stream(conn, stream)?;
    let ids = entity_ids(conn, stream)?;
    let mut held = Held::new(stream, &rows);
    held.take(
        conn,
        "SELECT h.entity, h.field, h.commit_id, h.idx, h.cmp
         FROM entities e CROSS JOIN heads h ON h.entity = e.id WHERE e.stream = ?1",
        params![stream],
    )?;
    Ok(assemble(id, rows, &ids, held))
}

/// Puts entities and their values together; `None` without the study itself.
pub(crate) fn assemble(
    id: &StudyId,
    rows: Vec<PlaceRow>,
    ids: &HashMap<i64, EntityId>,
    held: Held,
) -> Option<StudyDoc> {
    let mut fields = held.registers(&rows);
    let marks = effective_marks(&rows);
    let mut entities: Vec<Entity> = rows
        .into_iter()
        .filter_map(|row| {
            Some(Entity {
                id: ids.get(&row.entity)?.clone(),
                parent: row.parent.and_then(|parent| ids.get(&parent).cloned()),
                fields: fields.remove(&row.entity).unwrap_or_default(),
                mark: marks.get(&row.entity).copied().unwrap_or(EntityMark::Live),
                kind: row.kind,
                ord: row.ord,
            })
        })
        .collect();
    let root = id.root();
    if !entities.iter().any(|entity| entity.id == root) {
        return None;
    }
    sort(&root, &mut entities);
    Some(StudyDoc {
        id: id.clone(),
        entities,
    })
}

/// Assembles those entities of a study that are of some kinds; a parent of another kind is left out.
pub(crate) fn part(
    conn: &Connection,
    id: &StudyId,
    kinds: &[&str],
) -> Result<Option<StudyDoc>, DeskError> {
    let Some(stream) = names::stream(conn, id.as_str())? else {
        return Ok(None);
    };
    let mut rows = Vec::new();
    let mut ids = HashMap::new();
    for kind in kinds {
        rows.extend(places::of_kind(conn, stream, kind)?);
        let names: Vec<(i64, String)> = conn
            .prepare_cached(
                "SELECT e.id, e.name FROM places p CROSS JOIN entities e ON e.id = p.entity
                 WHERE p.stream = ?1 AND p.kind = ?2",
            )?
            .query_map(params![stream, kind], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_>>()?;
        let parsed = names.into_iter();
        ids.extend(parsed.filter_map(|(id, name)| Some((id, EntityId::parse(&name)?))));
    }
    let mut held = Held::new(stream, &rows);
    for kind in kinds {
        held.take(
            conn,
            "SELECT h.entity, h.field, h.commit_id, h.idx, h.cmp
             FROM places p CROSS JOIN heads h ON h.entity = p.entity
             WHERE p.stream = ?1 AND p.kind = ?2",
            params![stream, kind],
        )?;
    }
    Ok(assemble(id, rows, &ids, held))
}

/// The order of a study: itself, then by kind, parent and place.
pub(crate) fn sort(root: &EntityId, entities: &mut [Entity]) {
    let kind_place = |kind: &str| {
        model::kind::ALL
            .iter()
            .position(|known| *known == kind)
            .unwrap_or(usize::MAX)
    };
    entities.sort_by(|a, b| {
        let key = |e: &Entity| (e.id != *root, kind_place(&e.kind), e.kind.clone());
        (key(a), &a.parent, &a.ord, &a.id).cmp(&(key(b), &b.parent, &b.ord, &b.id))
    });
}

/// One register as screens show it; `None` when it was never written.
pub(crate) fn register(
    conn: &Connection,
    stream: i64,
    entity: i64,
    field: &str,
) -> Result<Option<Register>, DeskError> {
    let kind = places::kind(conn, entity)?;
    let mut commits = Commits::new(stream);
    let mut ranked = Vec::new();
    for head in heads::of_field(conn, entity, field)? {
        ranked.push(commits.head(conn, head.place.commit, head.place.idx, head.cmp)?);
    }
    Ok((!ranked.is_empty()).then(|| to_register(&kind, field, ranked)))
}

/// The entities of a stream by their numbers here.
pub(crate) fn entity_ids(conn: &Connection, stream: i64) -> Result<HashMap<i64, EntityId>> {
    let rows: Vec<(i64, String)> = conn
        .prepare_cached("SELECT id, name FROM entities WHERE stream = ?1")?
        .query_map([stream], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_>>()?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, name)| Some((id, EntityId::parse(&name)?)))
        .collect())
}

/// The heads of entities on their way into registers.
pub(crate) struct Held {
    commits: Commits,
    versions: HashSet<i64>,
    found: HashMap<i64, BTreeMap<String, Vec<Ranked>>>,
}

impl Held {
    /// Nothing yet; `rows` are the places of the entities.
    pub(crate) fn new(stream: i64, rows: &[PlaceRow]) -> Self {
        Self {
            commits: Commits::new(stream),
            versions: rows
                .iter()
                .filter(|row| row.kind == model::kind::VERSION)
                .map(|row| row.entity)
                .collect(),
            found: HashMap::new(),
        }
    }

    /// Takes the heads that a query gives: entity, field, commit, place in it, comparison value.
    fn take(&mut self, conn: &Connection, sql: &str, of: impl Params) -> Result<()> {
        let mut statement = conn.prepare_cached(sql)?;
        let mut cells = statement.query(of)?;
        while let Some(row) = cells.next()? {
            let place = OpPlace {
                commit: row.get(2)?,
                idx: row.get(3)?,
            };
            let field: String = row.get(1)?;
            self.add(conn, row.get(0)?, &field, (place, row.get(4)?))?;
        }
        Ok(())
    }

    /// Takes one head: its place and comparison value.
    pub(crate) fn add(
        &mut self,
        conn: &Connection,
        entity: i64,
        field: &str,
        (place, cmp): (OpPlace, String),
    ) -> Result<()> {
        // A manifest is as long as a protocol and read by nobody; `versions` shows what it says.
        let is_manifest = field == "manifest" && self.versions.contains(&entity);
        if crate::project::is_content(field) && !is_manifest {
            let head = self.commits.head(conn, place.commit, place.idx, cmp)?;
            let fields = self.found.entry(entity).or_default();
            fields.entry(field.to_owned()).or_default().push(head);
        }
        Ok(())
    }

    fn registers(self, rows: &[PlaceRow]) -> HashMap<i64, BTreeMap<String, Register>> {
        let kinds: HashMap<i64, &str> = rows
            .iter()
            .map(|row| (row.entity, row.kind.as_str()))
            .collect();
        let to_registers = |(entity, fields): (i64, BTreeMap<String, Vec<Ranked>>)| {
            let kind = kinds.get(&entity).copied().unwrap_or_default();
            let made = fields.into_iter().map(|(field, ranked)| {
                let register = to_register(kind, &field, ranked);
                (field, register)
            });
            (entity, made.collect())
        };
        self.found.into_iter().map(to_registers).collect()
    }
}

fn to_register(kind: &str, field: &str, mut ranked: Vec<Ranked>) -> Register {
    let conflict = !conflicts::is_latest(kind, field)
        && conflicts::differ(ranked.iter().map(|(_, cmp, _)| cmp.as_str()));
    ranked.sort_by(|a, b| b.0.cmp(&a.0));
    Register {
        heads: ranked.into_iter().map(|(_, _, head)| head).collect(),
        conflict,
    }
}

/// Whoever belongs to something archived is archived with it.
fn effective_marks(rows: &[PlaceRow]) -> HashMap<i64, EntityMark> {
    let own: HashMap<i64, (Option<i64>, EntityMark)> = rows
        .iter()
        .map(|row| (row.entity, (row.parent, row.mark)))
        .collect();
    let is_above_archived = |entity: i64| {
        let mut open = own.get(&entity).and_then(|(parent, _)| *parent);
        for _ in 0..own.len() {
            match open.and_then(|entity| own.get(&entity)) {
                Some((_, EntityMark::Archived)) => return true,
                Some((parent, _)) => open = *parent,
                None => return false,
            }
        }
        false
    };
    rows.iter()
        .map(|row| {
            let is_hidden = is_above_archived(row.entity);
            (
                row.entity,
                if is_hidden {
                    EntityMark::Archived
                } else {
                    row.mark
                },
            )
        })
        .collect()
}

/// The commits that heads come from, read once each.
pub(crate) struct Commits {
    stream: i64,
    rows: HashMap<i64, Rc<CommitRow>>,
    names: people::Names,
}

impl Commits {
    /// Nothing read yet.
    pub(crate) fn new(stream: i64) -> Self {
        Self {
            stream,
            rows: HashMap::new(),
            names: people::Names::default(),
        }
    }

    /// An operation as a head, with what orders it.
    pub(crate) fn head(
        &mut self,
        conn: &Connection,
        commit: i64,
        idx: i64,
        cmp: String,
    ) -> Result<Ranked> {
        let row = self.row(conn, commit)?;
        let head = Head {
            op: format!("{}:{}:{idx}{}", row.device, row.seq, row.mark),
            lam: u32::try_from(row.lam).unwrap_or(u32::MAX),
            value: heads::value_of(&cmp),
            redacted: heads::is_redacted(&cmp),
            by: people::person_id(&row.person),
            by_name: row.person_name.clone(),
            device: people::short_device(&row.device),
            at: row.at.clone(),
            tz_minutes: row.tz_minutes,
        };
        Ok(((row.lam, row.device.clone(), row.seq, idx), cmp, head))
    }

    fn row(&mut self, conn: &Connection, commit: i64) -> Result<Rc<CommitRow>> {
        if let Some(row) = self.rows.get(&commit) {
            return Ok(Rc::clone(row));
        }
        let sql = format!(
            "SELECT d.name, c.seq, c.lam, c.person, c.at, c.tz_minutes, {}
             FROM commits c JOIN devices d ON d.id = c.device WHERE c.id = ?1",
            token::MARK
        );
        let mut row = conn.prepare_cached(&sql)?.query_row([commit], |row| {
            Ok(CommitRow {
                device: row.get(0)?,
                seq: row.get(1)?,
                lam: row.get(2)?,
                person: row.get(3)?,
                person_name: String::new(),
                at: row.get(4)?,
                tz_minutes: row.get(5)?,
                mark: row.get(6)?,
            })
        })?;
        row.person_name = self.names.of(conn, self.stream, &row.person)?;
        let row = Rc::new(row);
        self.rows.insert(commit, Rc::clone(&row));
        Ok(row)
    }
}

//! One line of the list of studies per study.

use crate::project::{conflicts, numbers, places};
use crate::store::{heads, names, people};
use model::reference::CENTER;
use model::row::StudyRow;
use model::{EntityMark, StudyId, kind};
use rusqlite::{Connection, OptionalExtension, Result, params};
use serde_json::Value;

/// Brings a study's line in step with the heads.
pub(crate) fn update(conn: &Connection, stream: i64, are_sites_touched: bool) -> Result<()> {
    let name = names::stream_name(conn, stream)?;
    let (Some(id), Some(root)) = (StudyId::parse(&name), names::entity(conn, stream, &name)?)
    else {
        return Ok(());
    };
    // A directory is a stream too, and no study.
    let is_directory = places::kind(conn, root)? == kind::DIRECTORY;
    if is_directory || heads::of_entity(conn, root)?.is_empty() {
        return Ok(());
    }
    let before = if are_sites_touched {
        None
    } else {
        of(conn, stream)?
    };
    let mut row = facts(conn, stream, root, id)?;
    match before {
        Some(before) => {
            row.hospitals = before.hospitals;
            row.lead_site = before.lead_site;
            row.n_sites = before.n_sites;
        }
        None => add_sites(conn, stream, &mut row)?,
    }
    let text = serde_json::to_string(&row).unwrap_or_default();
    conn.prepare_cached("INSERT OR REPLACE INTO study_rows VALUES(?1, ?2)")?
        .execute(params![stream, text])?;
    Ok(())
}

/// A study's line.
pub(crate) fn of(conn: &Connection, stream: i64) -> Result<Option<StudyRow>> {
    let text: Option<String> = conn
        .prepare_cached("SELECT row FROM study_rows WHERE stream = ?1")?
        .query_row([stream], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

fn facts(conn: &Connection, stream: i64, root: i64, id: StudyId) -> Result<StudyRow> {
    let text = |field: &str| heads::shown_text(conn, root, field);
    let mut number = String::new();
    for field in numbers::REGISTERS {
        if number.is_empty() {
            number = text(field)?;
        }
    }
    let joined = heads::shown(conn, root, "joined")?;
    let (changed_at, changed_by) = newest(conn, stream)?;
    Ok(StudyRow {
        id,
        title_zh: text("title.zh")?,
        title_en: text("title.en")?,
        acronym: text("acronym")?,
        number,
        status: text("status")?,
        phase: text("phase")?,
        study_type: text("studyType")?,
        disease_areas: disease_areas(conn, root)?,
        hospitals: Vec::new(),
        lead_site: String::new(),
        n_sites: 0,
        n_conflicts: u32::try_from(conflicts::of_stream(conn, stream)?.len()).unwrap_or(u32::MAX),
        version: text("version")?,
        archived: heads::shown(conn, root, "archived")? == Value::Bool(true),
        joined: joined
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(StudyId::parse),
        changed_at,
        changed_by,
        waiting: false,
    })
}

/// As entered, or else as the conditions and keywords point to.
fn disease_areas(conn: &Connection, root: i64) -> Result<Vec<String>> {
    let entered = heads::shown_text(conn, root, "diseaseArea")?;
    if !entered.is_empty() {
        return Ok(entered.split('|').map(str::to_owned).collect());
    }
    let mut words = Vec::new();
    for field in ["conditions", "keywords"] {
        let value = heads::shown(conn, root, field)?;
        let items = value
            .get("list")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        words.extend(items.iter().filter_map(Value::as_str).map(str::to_owned));
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    Ok(CENTER
        .disease_areas_of(&words)
        .into_iter()
        .map(|area| area.code.clone())
        .collect())
}

/// Device time and writer of the newest commit: the greatest Lamport number, not the latest clock.
fn newest(conn: &Connection, stream: i64) -> Result<(String, String)> {
    let (at, person): (String, String) = conn
        .prepare_cached(
            "SELECT c.at, c.person FROM tips t JOIN commits c
                 ON c.stream = t.stream AND c.device = t.device AND c.seq = t.seq
                 AND c.status <> 3
             JOIN devices d ON d.id = t.device
             WHERE t.stream = ?1 ORDER BY t.lam DESC, d.name DESC LIMIT 1",
        )?
        .query_row([stream], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let name = people::Names::default().of(conn, stream, &person)?;
    Ok((at, name))
}

fn add_sites(conn: &Connection, stream: i64, row: &mut StudyRow) -> Result<()> {
    let mut codes = Vec::new();
    let mut lead = None;
    for site in places::of_kind(conn, stream, kind::SITE)? {
        if site.mark == EntityMark::Archived {
            continue;
        }
        row.n_sites += 1;
        let zh = heads::shown_text(conn, site.entity, "facility.zh")?;
        let en = heads::shown_text(conn, site.entity, "facility.en")?;
        let code = heads::shown_text(conn, site.entity, "hospital")?;
        let named = [&zh, &en]
            .into_iter()
            .find_map(|name| CENTER.hospital_of(name));
        codes.push(if code.is_empty() {
            named.map(|h| h.code.clone())
        } else {
            Some(code)
        });
        let is_lead = heads::shown_text(conn, site.entity, "role")? == "LEAD";
        if lead.is_none() || (is_lead && lead.as_ref().is_some_and(|(_, was)| !was)) {
            lead = Some((if zh.is_empty() { en } else { zh }, is_lead));
        }
    }
    row.lead_site = lead.map(|(name, _)| name).unwrap_or_default();
    let is_used = |code: &String| codes.iter().flatten().any(|used| used == code);
    row.hospitals = CENTER
        .hospitals
        .iter()
        .map(|h| h.code.clone())
        .filter(is_used)
        .collect();
    Ok(())
}

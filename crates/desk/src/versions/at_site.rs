//! What a site's committee said of the versions, and which of them counts there.

use crate::error::DeskError;
use crate::store::{heads, names};
use model::reference::CENTER;
use model::version::{
    ApprovalRow, STOPS, SiteStanding, VersionDoubt, VersionRow, bare_number, last_day,
    last_decision,
};
use model::{Entity, EntityId, Lang};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::BTreeMap;

fn site_name_en(site: &Entity) -> String {
    let (zh, en) = (site.text("facility.zh"), site.text("facility.en"));
    let code = site.text("hospital");
    let mut hospitals = CENTER.hospitals.iter();
    let partner = match code {
        "" => CENTER.hospital_of(zh),
        code => hospitals.find(|hospital| hospital.code == code),
    };
    match partner {
        _ if !en.is_empty() => en.to_owned(),
        Some(hospital) => hospital.name.en.clone(),
        None => zh.to_owned(),
    }
}

pub(super) fn site_name(site: &Entity) -> String {
    site.text_in("facility", Lang::Zh).to_owned()
}

/// When a record of a committee's word was its approval; `None` when it never was.
///
/// A stop that was written over an approval leaves it in the history, with its day.
pub(super) fn approved_on(
    conn: &Connection,
    stream: i64,
    row: &ApprovalRow,
) -> Result<Option<String>, DeskError> {
    if row.status == "approved" {
        return Ok(Some(row.decided_on.clone()));
    }
    if !STOPS.contains(&row.status.as_str()) {
        return Ok(None);
    }
    let Some(entity) = names::entity(conn, stream, row.id.as_str())? else {
        return Ok(None);
    };
    // The newest value of a register before the stop that is wanted of it.
    let before = |field: &str, wanted: Option<&str>| -> Result<Option<String>, DeskError> {
        let text: Option<String> = conn
            .prepare_cached(
                "SELECT coalesce(o.value, p.value) FROM ops o JOIN commits c ON c.id = o.commit_id
                 LEFT JOIN payloads p ON p.commit_id = o.commit_id AND p.idx = o.idx
                 WHERE o.entity = ?1 AND o.field = ?2 AND c.status = 1
                 AND (?3 IS NULL OR coalesce(o.value, p.value) = ?3)
                 AND c.lam < (SELECT max(s.lam) FROM heads h JOIN commits s ON s.id = h.commit_id
                     WHERE h.entity = ?1 AND h.field = 'status')
                 ORDER BY c.lam DESC LIMIT 1",
            )?
            .query_row(params![entity, field, wanted], |row| row.get(0))
            .optional()?
            .flatten();
        Ok(text)
    };
    if before("status", Some("\"approved\""))?.is_none() {
        return Ok(None);
    }
    let day = before("decidedOn", None)?.map(|text| heads::value_of(&text));
    Ok(Some(
        day.and_then(|day| Some(day.as_str()?.to_owned()))
            .unwrap_or_default(),
    ))
}

/// What counts at a site: the version that was approved there last; without one, what was noted by
/// hand at the site.
pub(super) fn at_site(site: &Entity, versions: &[VersionRow], today: &str) -> SiteStanding {
    let mut approved: Option<(String, &VersionRow)> = None;
    // Newest version first, so that the later one of two decisions of one day is found first.
    for version in versions {
        let Some(day) = first_approved(version, &site.id, today) else {
            continue;
        };
        if approved.as_ref().is_none_or(|(newest, _)| day > *newest) {
            approved = Some((day, version));
        }
    }
    let mut submitted: Option<(&VersionRow, &ApprovalRow)> = None;
    for version in versions {
        for row in version.approvals.iter().filter(|row| row.site == site.id) {
            let is_newer = |(_, newest): (_, &ApprovalRow)| row.submitted_on > newest.submitted_on;
            if row.status == "submitted" && submitted.is_none_or(is_newer) {
                submitted = Some((version, row));
            }
        }
    }
    let mut standing = SiteStanding {
        site: site.id.clone(),
        site_name: site_name(site),
        site_name_en: site_name_en(site),
        current: None,
        number: String::new(),
        approved_on: String::new(),
        letter: String::new(),
        valid_until: String::new(),
        pending: submitted.map(|(version, _)| version.id.clone()),
    };
    if let Some((_, version)) = approved {
        let rows = version.approvals.iter().filter(|row| row.site == site.id);
        let rows = rows.filter(|row| row.counts && row.approved_on.is_some());
        standing.current = Some(version.id.clone());
        standing.number.clone_from(&version.number);
        if let Some(letter) = rows.max_by_key(|row| &row.approved_on) {
            standing.approved_on = letter.approved_on.clone().unwrap_or_default();
            standing.letter.clone_from(&letter.letter);
            standing.valid_until.clone_from(&letter.valid_until);
        }
    } else {
        by_hand(site, versions, today, &mut standing);
    }
    standing
}

/// The day on which a site's committee approved a version first; `None` when it did not, or took
/// that back. Where nobody wrote the day down, it was not before the version's own date.
///
/// A study that is stopped was approved before: the text of that letter stays the base. A letter of
/// a continuing review approves the same text once more.
fn first_approved(version: &VersionRow, site: &EntityId, today: &str) -> Option<String> {
    let last = last_decision(&version.approvals, &version.date, site)?;
    if matches!(last.status.as_str(), "withdrawn" | "rejected" | "resubmit") {
        return None;
    }
    let rows = version
        .approvals
        .iter()
        .filter(|row| row.site == *site && row.counts);
    let days = rows.filter_map(|row| match row.approved_on.as_deref()? {
        "" => Some(version.date.clone()),
        day => (day <= today && last_day(day) >= version.date).then(|| last_day(day)),
    });
    days.min()
}

/// Points out a version that a committee approved before an older one: the older would be the base.
pub(super) fn doubt_order(versions: &mut [VersionRow]) {
    let mut found: Vec<(EntityId, String)> = Vec::new();
    for (at, newer) in versions.iter().enumerate() {
        for older in versions.iter().skip(at + 1) {
            let sites: BTreeMap<&EntityId, &str> = older
                .approvals
                .iter()
                .map(|row| (&row.site, row.site_name.as_str()))
                .collect();
            for (site, name) in sites {
                let day = |version: &VersionRow| first_approved(version, site, "9999-12-31");
                let is_turned = matches!((day(older), day(newer)), (Some(a), Some(b)) if a > b);
                if is_turned && older.date < newer.date {
                    found.push((older.id.clone(), name.to_owned()));
                }
            }
        }
    }
    for (id, site_name) in found {
        if let Some(version) = versions.iter_mut().find(|version| version.id == id) {
            version.doubts.push(VersionDoubt {
                site_name,
                code: "version.doubt.olderLater".to_owned(),
            });
        }
    }
}

/// What was noted by hand counts unless an approval of this site says something about that version.
fn by_hand(site: &Entity, versions: &[VersionRow], today: &str, standing: &mut SiteStanding) {
    let number = site.text("approvedVersion").trim();
    let day = site.text("approvalDate");
    // No committee approved a version that is younger than its letter, whatever its number is.
    let is_it = |version: &&VersionRow| {
        let is_older = day.is_empty() || version.date <= last_day(day);
        let is_same = !number.is_empty() && bare_number(&version.number) == bare_number(number);
        is_same && is_older && day <= today
    };
    let version = versions.iter().find(is_it);
    let is_decided_otherwise =
        version.is_some_and(|version| version.approvals.iter().any(|a| a.site == site.id));
    if is_decided_otherwise {
        return;
    }
    standing.current = version.map(|version| version.id.clone());
    number.clone_into(&mut standing.number);
    day.clone_into(&mut standing.approved_on);
    standing.letter = site.text("approvalNumber").to_owned();
    standing.valid_until = site.text("approvalValidUntil").to_owned();
}

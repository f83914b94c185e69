//! Where the protocol of a study stands: its versions, and what counts at each site.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::import::order;
use crate::store::{heads, names};
use crate::versions::frozen::{self, Checked};
use crate::versions::manifest::Manifest;
use crate::versions::manifest_op;
use crate::versions::scope::{self, Content};
use ledger::{Hash, PublicKey, Receipt, canonical};
use model::protocol::is_in_scope;
use model::reference::CENTER;
use model::version::{
    ApprovalRow, SiteStanding, Standing, VersionDoubt, VersionRow, approved_at, bare_number,
    last_day, last_decision,
};
use model::{Entity, EntityId, Lang, StudyDoc, StudyId, kind};
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A frozen version with what orders it.
struct Frozen {
    row: VersionRow,
    checked: Arc<Checked>,
    /// Lamport number of its freezing.
    lam: i64,
}

impl Desk {
    /// Where the protocol of a study stands.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn standing(&self, study: &StudyId) -> Result<Standing, DeskError> {
        let doc = self
            .study(study)?
            .ok_or_else(|| DeskError::no_study(study.as_str()))?;
        let frozen = self.frozen(&doc)?;
        let (working_equals, changed_since) = compare(&doc, &frozen);
        let today = self.env.latest_today();
        let mut versions: Vec<VersionRow> = frozen.into_iter().map(|one| one.row).collect();
        let conn = &self.opened.conn;
        let stream = self.stream(study)?;
        for version in &mut versions {
            for row in &mut version.approvals {
                row.approved_on = approved_on(conn, stream, row)?;
                row.counts = row.is_decided(&version.date, &today);
            }
            version.approved_at = approved_at(&version.approvals, &version.date);
        }
        let sites: Vec<SiteStanding> = doc
            .of_kind(kind::SITE)
            .map(|site| at_site(site, &versions, &today))
            .collect();
        let dates: HashMap<EntityId, String> = versions
            .iter()
            .map(|version| (version.id.clone(), version.date.clone()))
            .collect();
        for version in &mut versions {
            version.state = state(version, &sites).to_owned();
            let base = version.base.as_ref().and_then(|base| dates.get(base));
            version.doubts = version.doubts_on(&today, base.map_or("", String::as_str));
        }
        doubt_order(&mut versions);
        Ok(Standing {
            versions,
            sites,
            working_equals,
            changed_since,
        })
    }

    /// The versions that are shown, newest first.
    fn frozen(&self, doc: &StudyDoc) -> Result<Vec<Frozen>, DeskError> {
        let conn = &self.opened.conn;
        let stream = self.stream(&doc.id)?;
        let center = self.center()?;
        let center = center.and_then(|link| PublicKey::parse(&link.pin).ok());
        let mut found = Vec::new();
        for entity in doc.of_kind(kind::VERSION) {
            let Some(number) = names::entity(conn, stream, entity.id.as_str())? else {
                continue;
            };
            let (Some(checked), Some((place, _))) =
                (self.checked(stream, number)?, manifest_op(conn, number)?)
            else {
                continue;
            };
            let (lam, receipt) = commit(conn, place.commit)?;
            let confirmed = center.as_ref().is_some_and(|center| {
                receipt.is_some_and(|receipt| receipt.fits(doc.id.as_str(), center))
            });
            let frozen_by = frozen::by_name(conn, stream, &checked)?;
            found.push(Frozen {
                row: to_row(doc, entity, &checked, frozen_by, confirmed),
                checked,
                lam,
            });
        }
        found.sort_by(|a, b| {
            let key = |one: &Frozen| (one.row.date.clone(), one.lam, one.row.id.clone());
            key(b).cmp(&key(a))
        });
        let mut n_of_number: HashMap<String, usize> = HashMap::new();
        for one in &found {
            *n_of_number.entry(bare_number(&one.row.number)).or_default() += 1;
        }
        for one in &mut found {
            let n = n_of_number.get(&bare_number(&one.row.number));
            one.row.duplicate = n.is_some_and(|n| *n > 1);
        }
        Ok(found)
    }
}

/// What the center said about a commit.
struct Said {
    hash: String,
    sseq: i64,
    received_at: String,
    receipt: String,
}

impl Said {
    /// Whether the center signed it.
    fn fits(&self, stream: &str, center: &PublicKey) -> bool {
        let (Some(commit), Ok(sseq)) = (Hash::parse(&self.hash), u64::try_from(self.sseq)) else {
            return false;
        };
        let receipt = Receipt {
            stream,
            commit: &commit,
            sseq,
            received_at: &self.received_at,
        };
        receipt.verify(center, &self.receipt).is_ok()
    }
}

/// Lamport number of a commit, and what the center said about it.
fn commit(conn: &Connection, id: i64) -> Result<(i64, Option<Said>), DeskError> {
    let sql = "SELECT lam, hash, sseq, received_at, receipt FROM commits WHERE id = ?1";
    let read = |row: &rusqlite::Row<'_>| {
        let sseq: Option<i64> = row.get(2)?;
        let receipt: Option<String> = row.get(4)?;
        let said = match (sseq, receipt) {
            (Some(sseq), Some(receipt)) => Some(Said {
                hash: row.get(1)?,
                sseq,
                received_at: row.get(3)?,
                receipt,
            }),
            _ => None,
        };
        Ok((row.get(0)?, said))
    };
    Ok(conn.prepare_cached(sql)?.query_row([id], read)?)
}

fn to_row(
    doc: &StudyDoc,
    entity: &Entity,
    checked: &Checked,
    frozen_by: String,
    confirmed: bool,
) -> VersionRow {
    let manifest = &checked.manifest;
    VersionRow {
        id: entity.id.clone(),
        number: manifest.number.clone(),
        date: manifest.date.clone(),
        base: entity.reference("base"),
        reason: entity.text("reason").to_owned(),
        summary_zh: entity.text("summary.zh").to_owned(),
        summary_en: entity.text("summary.en").to_owned(),
        hash: checked.hash.clone(),
        content: manifest.content.clone(),
        frozen_at: checked.at.clone(),
        frozen_by,
        left_out: manifest.left_out.clone(),
        missing: missing(manifest),
        confirmed,
        intact: checked.intact,
        duplicate: false,
        state: String::new(),
        approvals: doc
            .children(&entity.id, kind::APPROVAL)
            .filter_map(|approval| to_approval(doc, approval))
            .collect(),
        approved_at: Vec::new(),
        doubts: Vec::new(),
    }
}

/// Registers that were left out by name and that the manifest therefore lacks; typing that was left
/// out is none of them, since what was saved is there.
pub(super) fn missing(manifest: &Manifest) -> Vec<String> {
    let lacks = |path: &&String| {
        let words: Vec<&str> = path.split('/').collect();
        let (kind, id, field) = match words.as_slice() {
            [field] => (kind::STUDY, manifest.stream.as_str(), *field),
            [kind, id, field] => (*kind, *id, *field),
            _ => return false,
        };
        let mut parts = manifest.parts.iter();
        let part = parts.find(|part| part.kind == kind && part.id.as_str() == id);
        model::field::of_register(kind, field).is_some()
            && part.is_some_and(|part| part.fields.iter().all(|(name, _)| name != field))
    };
    manifest.left_out.iter().filter(lacks).cloned().collect()
}

fn to_approval(doc: &StudyDoc, approval: &Entity) -> Option<ApprovalRow> {
    let site = approval.reference("site")?;
    let text = |field: &str| approval.text(field).to_owned();
    Some(ApprovalRow {
        id: approval.id.clone(),
        site_name: doc.entity(&site).map(site_name).unwrap_or_default(),
        site,
        status: text("status"),
        submitted_on: text("submittedOn"),
        decided_on: text("decidedOn"),
        letter: text("letter"),
        valid_until: text("validUntil"),
        interval_months: approval
            .value("intervalMonths")
            .as_u64()
            .and_then(|n| u32::try_from(n).ok()),
        conditions: text("conditions"),
        conflict: approval.fields.values().any(|register| register.conflict),
        counts: false,
        approved_on: None,
    })
}

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

fn site_name(site: &Entity) -> String {
    site.text_in("facility", Lang::Zh).to_owned()
}

/// When a record of a committee's word was its approval; `None` when it never was.
///
/// A stop that was written over an approval leaves it in the history, with its day.
fn approved_on(
    conn: &Connection,
    stream: i64,
    row: &ApprovalRow,
) -> Result<Option<String>, DeskError> {
    if row.status == "approved" {
        return Ok(Some(row.decided_on.clone()));
    }
    if !STOPPED.contains(&row.status.as_str()) {
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
fn at_site(site: &Entity, versions: &[VersionRow], today: &str) -> SiteStanding {
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

/// Statuses that may have been written over an approval.
const STOPPED: [&str; 3] = ["suspended", "terminated", "withdrawn"];

/// Points out a version that a committee approved before an older one: the older would be the base.
fn doubt_order(versions: &mut [VersionRow]) {
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

fn state(version: &VersionRow, sites: &[SiteStanding]) -> &'static str {
    let approved = &version.approved_at;
    if approved.is_empty() {
        let mut rows = version.approvals.iter();
        let is_submitted = rows.any(|approval| approval.status == "submitted");
        return if is_submitted { "submitted" } else { "frozen" };
    }
    let has_later = |site: &EntityId| {
        sites
            .iter()
            .find(|standing| standing.site == *site)
            .and_then(|standing| standing.current.as_ref())
            .is_some_and(|current| *current != version.id)
    };
    if approved.iter().all(has_later) {
        "superseded"
    } else {
        "approved"
    }
}

/// The version that says what the working text says, and how many registers differ from the newest.
fn compare(doc: &StudyDoc, frozen: &[Frozen]) -> (Option<EntityId>, u32) {
    let Some(newest) = frozen.first() else {
        return (None, 0);
    };
    let mut content = Content::new();
    let mut said: BTreeMap<(EntityId, String), String> = BTreeMap::new();
    for entity in scope::entities(doc) {
        let values = scope::registers(entity).map(|(field, head)| (field, &head.value));
        content.add(&entity.id, &entity.kind, entity.parent.as_ref(), values);
        for (field, head) in scope::registers(entity) {
            if scope::is_said(field, &head.value) {
                let cmp = canonical::to_text(&head.value).unwrap_or_default();
                said.insert((entity.id.clone(), field.to_owned()), cmp);
            }
        }
    }
    let content = content.hash();
    // A text that two people left in conflict is nobody's version, whatever is displayed first.
    let is_disputed = scope::entities(doc).any(|entity| {
        let mut fields = entity.fields.iter();
        fields.any(|(field, register)| register.conflict && is_in_scope(&entity.kind, field))
    });
    let equal = frozen
        .iter()
        .find(|one| !is_disputed && one.checked.manifest.content == content)
        .map(|one| one.row.id.clone());
    let then = &newest.checked.said;
    let is_other = |(key, cmp): &(&(EntityId, String), &String)| then.get(*key) != Some(*cmp);
    let n_now = said.iter().filter(is_other).count();
    let n_gone = then.keys().filter(|key| !said.contains_key(*key)).count();
    let n = n_now + n_gone + n_moved(doc, &newest.checked);
    (equal, u32::try_from(n).unwrap_or(u32::MAX))
}

/// How many entities stand elsewhere than in a version: under another parent, or in another order.
fn n_moved(doc: &StudyDoc, checked: &Checked) -> usize {
    let then: HashMap<&EntityId, (usize, Option<&EntityId>)> = checked
        .manifest
        .parts
        .iter()
        .enumerate()
        .map(|(place, part)| (&part.id, (place, part.parent.as_ref())))
        .collect();
    let mut n = 0;
    let mut families: BTreeMap<(&str, Option<&EntityId>), Vec<Option<String>>> = BTreeMap::new();
    for entity in scope::entities(doc) {
        match then.get(&entity.id) {
            Some((_, parent)) if *parent != entity.parent.as_ref() => n += 1,
            Some((place, parent)) => families
                .entry((entity.kind.as_str(), *parent))
                .or_default()
                .push(Some(format!("{place:08}"))),
            None => {}
        }
    }
    for row in families.into_values() {
        n += order::n_moved(&row);
    }
    n
}

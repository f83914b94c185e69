//! Where the protocol of a study stands: its versions, and what counts at each site.

use crate::desk::Desk;
use crate::error::DeskError;
use crate::import::order;
use crate::store::names;
use crate::versions::at_site::{approved_on, at_site, doubt_order, site_name};
use crate::versions::frozen::{self, Checked};
use crate::versions::manifest::Manifest;
use crate::versions::manifest_op;
use crate::versions::scope::{self, Content};
use ledger::{Hash, PublicKey, Receipt, canonical};
use model::protocol::is_in_scope;
use model::version::{ApprovalRow, SiteStanding, Standing, VersionRow, approved_at, bare_number};
use model::{Entity, EntityId, StudyDoc, StudyId, kind};
use rusqlite::Connection;
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

//! Versions of a protocol and what each site's ethics committee says about them.

use crate::{EntityId, Head, Lang, PersonId, Register, StudyDoc, kind, label};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A frozen version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VersionRow {
    /// The version's entity.
    pub id: EntityId,
    /// Its number, as printed: `2.0`.
    pub number: String,
    /// Its date. Time: `YYYY-MM-DD`, the day in Shanghai.
    pub date: String,
    /// The version that it amends.
    pub base: Option<EntityId>,
    /// Primary reason, a code of `amendmentReason`; empty when there is none.
    pub reason: String,
    /// Summary, Chinese.
    pub summary_zh: String,
    /// Summary, English.
    pub summary_en: String,
    /// Hash of the manifest: the version's own name anywhere.
    pub hash: String,
    /// Hash of what it says: equal for equal content.
    pub content: String,
    /// Time: frozen at, UTC.
    pub frozen_at: String,
    /// Who froze it.
    pub frozen_by: String,
    /// What was left out by name: paths of registers in conflict, `suggestions`, `unsent`.
    pub left_out: Vec<String>,
    /// What it therefore does not say at all: paths of texts in conflict.
    #[serde(default)]
    pub missing: Vec<String>,
    /// Whether the center has the manifest; without a center, false.
    pub confirmed: bool,
    /// Whether manifest, hash and values fit together as they are stored here; a redacted value
    /// fits as long as its salted hash is there.
    pub intact: bool,
    /// Whether another version has the same number: frozen on two laptops apart from each other.
    pub duplicate: bool,
    /// Derived: `frozen`, `submitted`, `approved`, `superseded`.
    pub state: String,
    /// What committees said, by site.
    pub approvals: Vec<ApprovalRow>,
    /// Derived: sites whose committee approved it and did not take that back.
    #[serde(default)]
    pub approved_at: Vec<EntityId>,
    /// Dates that can hardly be right.
    #[serde(default)]
    pub doubts: Vec<VersionDoubt>,
}

/// A date of a version, or of what a committee said, that can hardly be right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct VersionDoubt {
    /// The site's hospital; empty for the version itself.
    pub site_name: String,
    /// The label key of the sentence: `version.doubt.…`.
    pub code: String,
}

/// What one site's ethics committee says about a version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ApprovalRow {
    /// The approval's entity.
    pub id: EntityId,
    /// The site.
    pub site: EntityId,
    /// The site's hospital, Chinese or else English.
    pub site_name: String,
    /// Code of `approvalStatus`.
    pub status: String,
    /// Day of submission; empty when unknown.
    pub submitted_on: String,
    /// Day of the decision; empty when there is none yet.
    pub decided_on: String,
    /// Number of the letter.
    pub letter: String,
    /// Last day of validity; empty when none is set.
    pub valid_until: String,
    /// Interval of continuing review. Units: months; `None` when the letter names none.
    pub interval_months: Option<u32>,
    /// Conditions of the committee.
    pub conditions: String,
    /// Whether a register of it is in conflict.
    pub conflict: bool,
    /// Derived: whether it is a decision whose day can be true, neither before the version nor in
    /// the future.
    pub counts: bool,
    /// Derived: the day of its approval, also when that was stopped later in the same record;
    /// empty when nobody wrote it down, `None` when it never was one.
    pub approved_on: Option<String>,
}

/// What counts at one site.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SiteStanding {
    /// The site.
    pub site: EntityId,
    /// The site's hospital, Chinese or else English.
    pub site_name: String,
    /// The site's hospital, English or else Chinese; a partner hospital has both.
    pub site_name_en: String,
    /// The version approved there last: the base of the next redline for this committee.
    pub current: Option<EntityId>,
    /// Its number; for an approval noted by hand without a frozen version, the number noted.
    pub number: String,
    /// Day of its approval.
    pub approved_on: String,
    /// Number of its letter.
    pub letter: String,
    /// Last day of validity.
    pub valid_until: String,
    /// A version that was submitted there and is not decided.
    pub pending: Option<EntityId>,
}

/// Where the protocol of a study stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    /// Frozen versions, newest first.
    pub versions: Vec<VersionRow>,
    /// Shown sites, in order.
    pub sites: Vec<SiteStanding>,
    /// The frozen version that says what the working text says now.
    pub working_equals: Option<EntityId>,
    /// Registers in which the working text differs from the newest version.
    pub changed_since: u32,
}

impl VersionRow {
    /// Dates that can hardly be right. Time: `today` as `YYYY-MM-DD`, the day in Shanghai;
    /// `base_date` is the date of the version that it amends, or empty.
    pub fn doubts_on(&self, today: &str, base_date: &str) -> Vec<VersionDoubt> {
        /// No study of a center that keeps this is older. Time: `YYYY-MM-DD`.
        const OLDEST: &str = "1990-01-01";
        let mut found = Vec::new();
        let mut doubt = |site_name: &str, is: bool, code: &str| {
            if is {
                found.push(VersionDoubt {
                    site_name: site_name.to_owned(),
                    code: format!("version.doubt.{code}"),
                });
            }
        };
        let is_later = |date: &str| !date.is_empty() && date > today;
        doubt("", is_later(&self.date), "dateInFuture");
        doubt(
            "",
            !self.date.is_empty() && self.date.as_str() < OLDEST,
            "dateLongAgo",
        );
        doubt(
            "",
            !self.date.is_empty() && self.date.as_str() < base_date,
            "beforeBase",
        );
        for row in &self.approvals {
            let site = row.site_name.as_str();
            let (decided, submitted) = (row.decided_on.as_str(), row.submitted_on.as_str());
            doubt(site, is_later(decided), "decidedInFuture");
            doubt(site, !row.is_possible(&self.date), "beforeVersion");
            let is_before = |end: &str, start: &str| {
                !end.is_empty() && !start.is_empty() && last_day(end).as_str() < start
            };
            doubt(site, is_before(decided, submitted), "decidedFirst");
            doubt(site, is_before(&row.valid_until, decided), "validityFirst");
            let is_first = |other: &&ApprovalRow| other.id < row.id;
            let mut others = self.approvals.iter().filter(is_first);
            doubt(
                site,
                others.any(|other| other.contradicts(row)),
                "twoDecisions",
            );
        }
        found
    }
}

impl ApprovalRow {
    /// Whether its day can be true: no committee approves a version that is younger than its letter.
    pub fn is_possible(&self, version_date: &str) -> bool {
        self.decided_on.is_empty() || last_day(&self.decided_on).as_str() >= version_date
    }

    /// Whether two records of one site cannot both be right: one letter with two days or results,
    /// or approved and refused.
    fn contradicts(&self, other: &Self) -> bool {
        let refused = |row: &Self| matches!(row.status.as_str(), "rejected" | "resubmit");
        let is_same_letter = self.letter.trim() == other.letter.trim();
        let differs = self.status != other.status || self.decided_on != other.decided_on;
        let is_one_result = self.approved_on.is_some() && other.approved_on.is_some();
        let is_torn = (self.approved_on.is_some() && refused(other))
            || (other.approved_on.is_some() && refused(self));
        self.site == other.site
            && ((is_same_letter && differs && is_one_result)
                || (is_torn && self.counts && other.counts))
    }

    /// Whether it is a decision by today, of a version with this date.
    pub fn is_decided(&self, version_date: &str, today: &str) -> bool {
        !matches!(self.status.as_str(), "" | "submitted")
            && self.is_possible(version_date)
            && self.decided_on.as_str() <= today
    }
}

/// Statuses that end an approval, some of them written over it.
pub const STOPS: [&str; 3] = ["suspended", "terminated", "withdrawn"];

/// What a site's committee said last about a version with some date; of one day, the word that
/// stops it.
pub fn last_decision<'a>(
    rows: &'a [ApprovalRow],
    version_date: &str,
    site: &EntityId,
) -> Option<&'a ApprovalRow> {
    let here = rows.iter().filter(|row| row.site == *site && row.counts);
    here.max_by_key(|row| {
        let is_stop = STOPS.contains(&row.status.as_str());
        let day = match (row.decided_on.as_str(), is_stop) {
            ("", true) => "9999-12-31".to_owned(),
            ("", false) => version_date.to_owned(),
            (day, _) => last_day(day),
        };
        (day, is_stop, row.status == "approved")
    })
}

/// The sites whose committee approved a version and did not take that back, in order of the rows.
pub fn approved_at(rows: &[ApprovalRow], version_date: &str) -> Vec<EntityId> {
    let mut sites: Vec<EntityId> = Vec::new();
    for row in rows {
        let last = last_decision(rows, version_date, &row.site);
        let is_approved = last.is_some_and(|last| last.status == "approved");
        if is_approved && !sites.contains(&row.site) {
            sites.push(row.site.clone());
        }
    }
    sites
}

/// Puts a sentence where a version says nothing because its text was in conflict when frozen: paths
/// `KIND/ID/REGISTER` of texts that are in a language.
///
/// Whoever prints, writes or compares the version shows it, so that nothing looks taken out.
pub fn fill_left_out(doc: &mut StudyDoc, missing: &[String]) {
    let sentence = label!("pdf.leftOutHere");
    for path in missing {
        let words: Vec<&str> = path.split('/').collect();
        let [kind::BLOCK, id, field] = words.as_slice() else {
            continue;
        };
        let text = match *field {
            "text.zh" => sentence.text(Lang::Zh),
            "text.en" => sentence.text(Lang::En),
            _ => continue,
        };
        let block = doc.entities.iter_mut().find(|one| one.id.as_str() == *id);
        let Some(block) = block.filter(|block| !block.fields.contains_key(*field)) else {
            continue;
        };
        let head = Head {
            op: String::new(),
            lam: 0,
            value: text.into(),
            redacted: false,
            by: PersonId::from_uuid(uuid::Uuid::nil()),
            by_name: String::new(),
            device: String::new(),
            at: String::new(),
            tz_minutes: 0,
        };
        let register = Register {
            heads: vec![head],
            conflict: false,
        };
        block.fields.insert((*field).to_owned(), register);
    }
}

/// The last day that a partial date can mean, for comparing as text: a month is over on its 31st.
pub fn last_day(date: &str) -> String {
    match date.len() {
        4 => format!("{date}-12-31"),
        7 => format!("{date}-31"),
        _ => date.to_owned(),
    }
}

/// A version's number without what people write in front of it: `2.0` of `V2.0`.
pub fn plain_number(number: &str) -> String {
    let narrow = |letter: char| match letter {
        // As Chinese input methods write them.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(letter) - 0xfee0).unwrap_or(letter),
        '。' => '.',
        '\u{3000}' => ' ',
        _ => letter,
    };
    let text: String = number.chars().map(narrow).collect();
    let text = text.trim().to_lowercase();
    text.trim_start_matches(['v', '版', '本', '第', '.', ' '])
        .to_owned()
}

/// A version's number as it is said, with one V in front however it was typed; a word is left as it is.
pub fn said_number(number: &str) -> String {
    let text = number.trim();
    let rest = text.trim_start_matches(['v', 'V', '版', '本', '第', '.', ' ']);
    if rest.starts_with(|letter: char| letter.is_ascii_digit()) {
        format!("V{rest}")
    } else {
        text.to_owned()
    }
}

/// A version's number for comparing: `V2.0`, `２.00`, `02` and `2` are one, `2.1` and `2.10` are two.
pub fn bare_number(number: &str) -> String {
    let text = plain_number(number);
    let mut parts: Vec<&str> = text.split('.').collect();
    let is_nothing = |part: &&str| part.bytes().all(|byte| byte == b'0');
    while parts.len() > 1 && parts.last().is_some_and(is_nothing) {
        parts.pop();
    }
    if let Some(first) = parts.first_mut() {
        let bare = first.trim_start_matches('0');
        *first = if bare.is_empty() { "0" } else { bare };
    }
    parts.join(".")
}

impl Standing {
    /// A version by its entity.
    pub fn version(&self, id: &EntityId) -> Option<&VersionRow> {
        self.versions.iter().find(|version| version.id == *id)
    }

    /// What counts at a site.
    pub fn site(&self, id: &EntityId) -> Option<&SiteStanding> {
        self.sites.iter().find(|site| site.site == *id)
    }

    /// Whether a version is what counts as approved at a site: by a record of its own, or by its
    /// number in what the site says.
    pub fn is_approved_by(&self, version: &EntityId, site: &EntityId) -> bool {
        let said = self.site(site).map_or("", |row| row.number.as_str());
        let number = self.version(version).map_or("", |row| row.number.as_str());
        let is_same = !said.is_empty() && bare_number(said) == bare_number(number);
        is_same || self.is_approved(version, Some(site))
    }

    /// Whether a version is approved by some committee, or by the one of the site asked for.
    ///
    /// An approval that was later withdrawn, suspended or terminated does not count.
    pub fn is_approved(&self, version: &EntityId, site: Option<&EntityId>) -> bool {
        self.version(version).is_some_and(|version| match site {
            Some(site) => version.approved_at.contains(site),
            None => !version.approved_at.is_empty(),
        })
    }
}

/// Something that stands against freezing a version now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Hindrance {
    /// `conflict`, `draft` (typing that is not saved), `suggestion` (open ones of a Word file),
    /// `unsent` (changes that the center does not have), `setAside` (a member's commits kept apart).
    pub what: String,
    /// The word that leaves it out: a path (`FIELD` of the study, `KIND/ID/FIELD`), or [`Self::what`].
    pub path: String,
    /// The entity, of a conflict or a draft.
    pub entity: Option<EntityId>,
    /// The register, of a conflict or a draft.
    pub field: String,
    /// How many, of what is counted.
    pub n: u32,
}

#[cfg(test)]
mod tests {
    use super::said_number;

    #[test]
    fn a_number_is_said_with_one_v_and_a_word_as_it_is() {
        for (typed, said) in [
            ("1.1", "V1.1"),
            (" v2.0-Draft", "V2.0-Draft"),
            ("版本 3", "V3"),
            ("", ""),
            ("Final", "Final"),
        ] {
            assert_eq!(said_number(typed), said, "{typed}");
        }
    }
}

//! Which version a document prints, and whether it is a draft.

use crate::pen::Pen;
use model::version::{ApprovalRow, Standing, VersionRow};
use model::{Entity, EntityId, StudyDoc, kind, label};

/// The version that a document says it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct VersionLabel {
    /// The frozen version; `None` for the working text.
    pub id: Option<EntityId>,
    /// Its number, as printed: `2.0`.
    pub number: String,
    /// Its date. Time: `YYYY-MM-DD`.
    pub date: String,
    /// `frozen`, `submitted`, `approved`, `superseded`; empty for the working text.
    pub state: String,
    /// The first characters of its hash; empty for the working text.
    pub hash: String,
    /// What committees said, by site.
    pub approvals: Vec<ApprovalRow>,
}

impl VersionLabel {
    /// The label of a frozen version.
    pub fn of(standing: &Standing, version: &EntityId) -> Option<Self> {
        standing.version(version).map(Self::from)
    }

    /// The label of the working text: that of the version which says the same, where there is one.
    ///
    /// Else the number and date that are noted for the study, unless they are already those of a
    /// frozen version with another text.
    pub fn working(doc: &StudyDoc, standing: &Standing) -> Self {
        let same = standing.working_equals.as_ref();
        if let Some(label) = same.and_then(|version| Self::of(standing, version)) {
            return label;
        }
        let noted = |register: &str| {
            let text = doc.root().map_or("", |root| root.text(register));
            text.trim().to_owned()
        };
        let number = noted("version");
        if standing.versions.iter().any(|row| row.number == number) {
            return Self::default();
        }
        Self {
            number,
            date: noted("versionDate"),
            ..Self::default()
        }
    }

    /// Whether it is a frozen version.
    pub fn is_frozen(&self) -> bool {
        self.id.is_some()
    }

    /// Whether some committee has approved it and has not taken that back.
    pub fn is_approved(&self) -> bool {
        let counts = |row: &ApprovalRow| row.status == "approved" && row.is_possible(&self.date);
        self.approvals.iter().any(counts)
    }

    /// What the committee of a site said about it, the last word first.
    pub(crate) fn approval(&self, site: &EntityId) -> Option<&ApprovalRow> {
        let here = self.approvals.iter().filter(|row| row.site == *site);
        here.max_by_key(|row| (row.status == "approved", &row.decided_on))
    }
}

impl From<&VersionRow> for VersionLabel {
    fn from(row: &VersionRow) -> Self {
        /// Enough to tell versions apart on paper. Units: characters.
        const SHORT: usize = 12;
        /// Enough to tell two apart. Units: characters.
        const TELLING: usize = 6;
        let hash = row.hash.rsplit(':').next().unwrap_or("");
        Self {
            id: Some(row.id.clone()),
            // Two laptops froze one number each: the hash tells them apart wherever it stands.
            number: if row.duplicate {
                let short: String = hash.chars().take(TELLING).collect();
                format!("{} #{short}", row.number)
            } else {
                row.number.clone()
            },
            date: row.date.clone(),
            state: row.state.clone(),
            hash: hash.chars().take(SHORT).collect(),
            approvals: row.approvals.clone(),
        }
    }
}

/// Whether a document with the text of this version is a draft.
///
/// Only an approved version prints without the mark. Where nothing was ever frozen, approvals
/// that were noted by hand with the sites count.
pub(crate) fn is_draft(doc: &StudyDoc, standing: &Standing, label: &VersionLabel) -> bool {
    let noted = |site: &Entity| {
        ["approvedVersion", "approvalNumber", "approvalDate"]
            .iter()
            .any(|field| !site.text(field).trim().is_empty())
    };
    if standing.versions.is_empty() {
        !doc.of_kind(kind::SITE).any(noted)
    } else {
        !label.is_approved()
    }
}

impl Pen<'_> {
    /// “Version 2.0 · 2026-03-05”; what is missing is left out.
    pub(crate) fn version_line(&mut self, label: &VersionLabel) -> String {
        let (number, date) = (
            self.clean(&label.number, None),
            self.clean(&label.date, None),
        );
        let version = if number.is_empty() && !self.opts.standing.versions.is_empty() {
            label!("pdf.working").text(self.main_lang()).to_owned()
        } else if number.is_empty() {
            number
        } else {
            label!("pdf.version").fill(self.main_lang(), &[("version", &number)])
        };
        [version, date]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · ")
    }

    /// The word for the state of a version.
    pub(crate) fn state_word(&self, label: &VersionLabel) -> String {
        self.word(match label.state.as_str() {
            "frozen" => label!("pdf.state.frozen"),
            "submitted" => label!("pdf.state.submitted"),
            "approved" => label!("pdf.state.approved"),
            "superseded" => label!("pdf.state.superseded"),
            _ => label!("pdf.working"),
        })
    }
}

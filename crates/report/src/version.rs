//! Which version a document prints, and whether it is a draft.

use crate::node::Cell;
use crate::pen::Pen;
use model::version::{ApprovalRow, Standing, VersionRow, approved_at};
use model::{Entity, EntityId, Lang, StudyDoc, kind, label};

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
    /// Texts in conflict that it does not say: paths `KIND/ID/REGISTER`.
    pub missing: Vec<String>,
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

    /// The label as one hospital's committee sees it: what others said of it does not count there.
    #[must_use]
    pub fn at(mut self, standing: &Standing, site: &EntityId) -> Self {
        self.state = self.state_at(standing, site).to_owned();
        self.approvals.retain(|row| row.site == *site);
        self
    }

    /// Where it stands at one site.
    fn state_at(&self, standing: &Standing, site: &EntityId) -> &'static str {
        let at = standing.site(site);
        let is_current = at.is_some_and(|at| self.is_frozen() && at.current == self.id);
        let status = self.approval(site).map_or("", |row| row.status.as_str());
        match (self.is_frozen(), is_current, status) {
            (false, _, _) => "",
            (_, true, _) => "approved",
            (_, _, "submitted") => "submitted",
            (_, _, "approved") => "superseded",
            _ => "frozen",
        }
    }

    /// Whether it is a frozen version.
    pub fn is_frozen(&self) -> bool {
        self.id.is_some()
    }

    /// Whether some committee has approved it and has not taken that back.
    pub fn is_approved(&self) -> bool {
        !approved_at(&self.approvals, &self.date).is_empty()
    }

    /// What it does not say because it was in conflict when frozen, as a sentence; `None` when it
    /// says everything.
    pub fn missing_sentence(&self, doc: &StudyDoc, lang: Lang) -> Option<String> {
        /// More are only counted.
        const NAMED: usize = 6;
        if self.missing.is_empty() {
            return None;
        }
        let mut places: Vec<String> = Vec::new();
        for path in &self.missing {
            let place = place_of(doc, path, lang);
            if !places.contains(&place) {
                places.push(place);
            }
        }
        let is_more = places.len() > NAMED;
        places.truncate(NAMED);
        if is_more {
            places.push("…".to_owned());
        }
        let n = self.missing.len().to_string();
        let between = if lang == Lang::Zh { "、" } else { ", " };
        let params = [
            ("number", self.number.as_str()),
            ("n", &n),
            ("places", &places.join(between)),
        ];
        Some(label!("pdf.leftOut").fill(lang, &params))
    }

    /// What the committee of a site said about it: its letter of approval, else its last word.
    pub(crate) fn approval(&self, site: &EntityId) -> Option<&ApprovalRow> {
        let here = self.approvals.iter().filter(|row| row.site == *site);
        here.max_by_key(|row| (row.counts && row.status == "approved", &row.decided_on))
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
            missing: row.missing.clone(),
        }
    }
}

/// Where a register is, for a reader: the section of a block, else what the field is called.
fn place_of(doc: &StudyDoc, path: &str, lang: Lang) -> String {
    let words: Vec<&str> = path.split('/').collect();
    let (kind, id, field) = match words.as_slice() {
        [kind, id, field] => (*kind, EntityId::parse(id), *field),
        _ => (kind::STUDY, None, path),
    };
    let entity = id.and_then(|id| doc.entity(&id));
    let section = match kind {
        kind::BLOCK => entity.and_then(|block| doc.entity(block.parent.as_ref()?)),
        _ => entity,
    };
    let title = section.map_or("", |section| section.text_in("title", lang).trim());
    let name = model::field::of_register(kind, field)
        .map(|field| if lang == Lang::Zh { field.zh } else { field.en });
    match (title.is_empty(), name) {
        (false, _) if matches!(kind, kind::BLOCK | kind::SECTION) => title.to_owned(),
        (_, Some(name)) => name.to_owned(),
        _ => field.to_owned(),
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

    /// What a version does not say, for its first page.
    pub(crate) fn missing_note(&mut self, label: &VersionLabel) -> Cell {
        let sentences = self.langs().iter();
        let sentences = sentences.filter_map(|lang| label.missing_sentence(self.doc, *lang));
        let sentences: Vec<String> = sentences.collect();
        sentences.iter().map(|text| self.text(text, None)).collect()
    }

    /// The word for where a version stands at one site.
    pub(crate) fn state_at(&self, label: &VersionLabel, site: &EntityId) -> String {
        self.state_word(&VersionLabel {
            state: label.state_at(self.opts.standing, site).to_owned(),
            ..VersionLabel::default()
        })
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

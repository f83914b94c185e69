//! Beginning a submission.

use crate::desk::{Changed, Desk};
use crate::directory;
use crate::edit::{find, head_ids, save};
use crate::error::DeskError;
use crate::store::write::Change;
use crate::submission::lock;
use model::formset::{self, FormSet};
use model::submission::case::REPORTS;
use model::submission::matrix::round;
use model::submission::rounds;
use model::{Entity, EntityId, StudyDoc, StudyId, kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a person says about a submission that she begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewSubmission {
    /// Code of `submissionType`.
    pub kind: String,
    /// Key of a form set; empty for the one that the site starts from.
    pub forms: String,
    /// The protocol version; `None` for the newest frozen one where the type puts one before the
    /// committee, and for the one that it approved last where the type reports on it.
    pub version: Option<EntityId>,
    /// Further registers of the submission.
    pub fields: BTreeMap<String, Value>,
}

/// Types that a committee may send back.
const SENT_BACK: [&str; 6] = [
    "initial",
    "resubmission",
    "amendment",
    "exemption",
    "consentWaiver",
    "deviation",
];

/// Types of which a study has one matter at a site.
const ONCE: [&str; 3] = ["initial", "exemption", "consentWaiver"];

/// The submission that a re-review goes on from: the last one that the committee sent back and that
/// has no re-review yet, else the last one that it may send back.
fn goes_on_from<'a>(doc: &'a StudyDoc, site: &'a EntityId) -> Option<&'a Entity> {
    let live = || {
        let all = doc.children(site, kind::SUBMISSION);
        all.filter(|one| one.text("withdrawnOn").is_empty())
    };
    let waits = |one: &&Entity| {
        rounds::is_sent_back(doc, one) && rounds::following(doc, one).next().is_none()
    };
    let newest = |a: &&Entity, b: &&Entity| a.id.as_str().cmp(b.id.as_str());
    let known = || live().filter(|one| SENT_BACK.contains(&one.text("type")));
    known()
        .filter(waits)
        .max_by(newest)
        .or_else(|| known().max_by(newest))
}

impl Desk {
    /// Begins a submission to the committee of a site: round, version, base of its comparison,
    /// form set and the lead site's submission follow from what is there.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when the site is none; [`DeskError::UnknownName`] for a type or a
    /// form set that is not known; [`DeskError::Invalid`].
    pub fn submission_new(
        &mut self,
        study: &StudyId,
        site: &EntityId,
        new: NewSubmission,
    ) -> Result<(EntityId, Changed), DeskError> {
        if model::code::find("submissionType", &new.kind).is_none() {
            return Err(unknown("submissionType", &new.kind));
        }
        let ground = self.ground(study)?;
        let at = ground.doc.entity(site);
        let at = at
            .filter(|at| at.kind == kind::SITE && at.is_shown())
            .ok_or_else(|| DeskError::no_entity(site.as_str()))?;
        let named = match new.forms.as_str() {
            "" => match self.forms_of_site(at, &ground.own.book)? {
                // Nobody names one: it goes on as the submission before it.
                named if named.is_empty() => {
                    let before = ground.doc.children(site, kind::SUBMISSION);
                    let before = before.max_by(|a, b| a.id.as_str().cmp(b.id.as_str()));
                    let key = before.map_or("", |one| one.text("forms"));
                    ground.own.newest(key).map_or(named, |_| key.to_owned())
                }
                named => named,
            },
            forms => forms.to_owned(),
        };
        let key = formset::key_for(at, &named);
        let set = (ground.own.newest(key)).ok_or_else(|| unknown("formSet", key))?;

        let of = |site: &EntityId, is: &dyn Fn(&Entity) -> bool| {
            let all = ground.doc.children(site, kind::SUBMISSION);
            all.filter(|one| is(one) && one.text("withdrawnOn").is_empty())
                .max_by(|a, b| (round(a), a.id.as_str()).cmp(&(round(b), b.id.as_str())))
                .cloned()
        };
        let is_resubmission = new.kind == "resubmission";
        let previous = is_resubmission
            .then(|| goes_on_from(&ground.doc, site))
            .flatten();
        let same = of(site, &|one| one.text("type") == new.kind);
        // A round is one of its matter: each amendment and each report is a matter of its own.
        let before = match is_resubmission {
            true => previous,
            false => same.as_ref().filter(|_| ONCE.contains(&new.kind.as_str())),
        };
        let round = before.map_or(1, |one| self::round(one) + 1);
        let newest = ground.standing.versions.first().map(|row| row.id.clone());
        let current = ground
            .standing
            .site(site)
            .and_then(|row| row.current.clone());
        let counts = match REPORTS.contains(&new.kind.as_str()) {
            true => current.clone(),
            false => newest,
        };
        let version = new.version.or(counts);
        let base = match (new.kind.as_str(), previous) {
            ("amendment", _) => current,
            ("resubmission", Some(before)) => before.reference("version"),
            _ => None,
        };
        let lead = ground
            .doc
            .of_kind(kind::SITE)
            .find(|one| one.text("role") == "LEAD");
        let lead = lead.filter(|lead| lead.id != *site);
        let lead = lead.and_then(|lead| of(&lead.id, &|one| one.text("type") == new.kind));

        let link = |id: &EntityId| json!({"$ref": id.as_str()});
        let mut fields = BTreeMap::from([
            ("type".to_owned(), json!(new.kind)),
            ("round".to_owned(), json!(round)),
            ("language".to_owned(), json!(set.language)),
        ]);
        let linked = [
            ("version", version.as_ref()),
            ("base", base.as_ref()),
            ("previous", previous.map(|one| &one.id)),
            ("lead", lead.as_ref().map(|one| &one.id)),
        ];
        for (field, id) in linked {
            fields.extend(id.map(|id| (field.to_owned(), link(id))));
        }
        fields.extend(new.fields);
        let said = of_set(set)?.map(|(field, value)| (field.to_owned(), value));
        fields.extend(said);
        let blanks = self.blanks_to_name(study, set)?;
        let parent = Some(site.clone());
        self.add_with(study, kind::SUBMISSION, parent, fields, None, &blanks)
    }

    /// Goes over to the newest version of a form set, while nothing was sent.
    ///
    /// # Errors
    /// [`DeskError::Sent`]; [`DeskError::UnknownName`] for a set that is not here.
    pub fn submission_forms(
        &mut self,
        study: &StudyId,
        submission: &EntityId,
        key: &str,
    ) -> Result<Changed, DeskError> {
        let own = self.book_sets()?;
        let set = formset::newest(&own, key).ok_or_else(|| unknown("formSet", key))?;
        let fields = of_set(set)?;
        // Nothing is stored for what was sent or is not there.
        lock::refuse_change(
            &self.opened.conn,
            &find(&self.opened.conn, study, submission)?,
            "forms",
        )?;
        let blanks = self.blanks_to_name(study, set)?;
        let naming = self.naming(submission, &blanks);
        let saved = self.transact(|conn, author| {
            let target = find(conn, study, submission)?;
            if target.kind != kind::SUBMISSION {
                return Err(DeskError::no_entity(submission.as_str()));
            }
            lock::refuse_change(conn, &target, "forms")?;
            let mut changes = Vec::new();
            for (field, value) in fields {
                let change = Change::first(submission.as_str(), kind::SUBMISSION, field, value);
                let p = head_ids(conn, target.entity, field)?;
                // An empty register that stays empty needs no word.
                if !(change.value.is_null() && p.is_empty()) {
                    changes.push(Change { p, ..change });
                }
            }
            changes.extend(naming);
            save(conn, author, study, changes, None)
        })?;
        self.remember(study, &saved)?;
        Ok(Changed::study(study.as_str()))
    }

    /// The form set that the site's committee or hospital names in the directory; empty when none
    /// does.
    fn forms_of_site(&self, site: &Entity, own: &[FormSet]) -> Result<String, DeskError> {
        let book = self.book()?;
        let link = |field| site.link(field).map(|link| link.entity);
        let committee = link("directory.committee");
        let of_committee = committee
            .as_ref()
            .and_then(|id| book.card(id)?.parent.clone());
        let organisation = link("directory.organisation").or(of_committee);
        let by_code = || self.partner_here(site.text("hospital"));
        let organisation = match organisation {
            Some(id) => Some(id),
            None => by_code()?,
        };
        let nobody = EntityId::from_uuid(uuid::Uuid::nil());
        let organisation = organisation.unwrap_or(nobody);
        Ok(directory::named_set(
            &book,
            &organisation,
            committee.as_ref(),
            own,
        ))
    }
}

fn unknown(what: &'static str, name: &str) -> DeskError {
    DeskError::UnknownName {
        what,
        name: name.to_owned(),
    }
}

/// What a submission says of its set; one that does not come with the program goes along whole.
fn of_set(set: &FormSet) -> Result<[(&'static str, Value); 3], DeskError> {
    let text = serde_json::to_string(set).map_err(|_| DeskError::Damaged("form set"))?;
    let kept = formset::is_kept(set).then_some(text);
    Ok([
        ("forms", json!(set.key)),
        ("formsVersion", json!(set.version)),
        ("formsKept", json!(kept)),
    ])
}

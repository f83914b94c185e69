//! Beginning a submission.

use crate::desk::{Changed, Desk};
use crate::error::DeskError;
use model::formset;
use model::submission::matrix::round;
use model::{Entity, EntityId, StudyId, kind};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What a person says about a submission that she begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewSubmission {
    /// Code of `submissionType`.
    pub kind: String,
    /// Key of a form set; empty for the one that the site starts from.
    pub forms: String,
    /// The protocol version; `None` for the newest frozen one, where the type has one.
    pub version: Option<EntityId>,
    /// Further registers of the submission.
    pub fields: BTreeMap<String, Value>,
}

/// Types that put a protocol version before the committee.
const WITH_VERSION: [&str; 6] = [
    "initial",
    "resubmission",
    "amendment",
    "exemption",
    "consentWaiver",
    "deviation",
];

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
        let unknown = |what, name: &str| DeskError::UnknownName {
            what,
            name: name.to_owned(),
        };
        if model::code::find("submissionType", &new.kind).is_none() {
            return Err(unknown("submissionType", &new.kind));
        }
        let ground = self.ground(study)?;
        let at = ground.doc.entity(site);
        let at = at
            .filter(|at| at.kind == kind::SITE && at.is_shown())
            .ok_or_else(|| DeskError::no_entity(site.as_str()))?;
        let named = match new.forms.as_str() {
            "" => self.forms_of_committee(at)?,
            forms => forms.to_owned(),
        };
        let key = formset::key_for(at, &named);
        let set = formset::newest(&ground.own, key).ok_or_else(|| unknown("formSet", key))?;

        let of = |site: &EntityId, is: &dyn Fn(&Entity) -> bool| {
            let all = ground.doc.children(site, kind::SUBMISSION);
            all.filter(|one| is(one))
                .max_by_key(|one| round(one))
                .cloned()
        };
        let is_resubmission = new.kind == "resubmission";
        // The round before is of any type that a committee may send back.
        let previous = is_resubmission
            .then(|| of(site, &|one| WITH_VERSION.contains(&one.text("type"))))
            .flatten();
        let same = of(site, &|one| one.text("type") == new.kind);
        let round = if is_resubmission {
            previous.as_ref().map_or(1, |one| self::round(one) + 1)
        } else {
            same.as_ref().map_or(1, |one| self::round(one) + 1)
        };
        let newest = ground.standing.versions.first().map(|row| row.id.clone());
        let version = new
            .version
            .or(newest)
            .filter(|_| WITH_VERSION.contains(&new.kind.as_str()));
        let current = ground
            .standing
            .site(site)
            .and_then(|row| row.current.clone());
        let base = match (new.kind.as_str(), &previous) {
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
            ("forms".to_owned(), json!(set.key)),
            ("formsVersion".to_owned(), json!(set.version)),
            ("language".to_owned(), json!(set.language)),
        ]);
        let linked = [
            ("version", version.as_ref()),
            ("base", base.as_ref()),
            ("previous", previous.as_ref().map(|one| &one.id)),
            ("lead", lead.as_ref().map(|one| &one.id)),
        ];
        for (field, id) in linked {
            fields.extend(id.map(|id| (field.to_owned(), link(id))));
        }
        fields.extend(new.fields);
        self.add(study, kind::SUBMISSION, Some(site.clone()), fields, None)
    }

    /// The form set that the site's committee names in the directory; empty when it names none.
    fn forms_of_committee(&self, site: &Entity) -> Result<String, DeskError> {
        let Some(link) = site.link("directory.committee") else {
            return Ok(String::new());
        };
        let book = self.book()?;
        let named = book.text(&link.entity, "forms");
        // What stands there may be the office's own name of its forms.
        let is_key = formset::shipped().iter().any(|set| set.key == named);
        Ok(if is_key {
            named.to_owned()
        } else {
            String::new()
        })
    }
}

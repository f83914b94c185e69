//! Values of a registry that are put together from several of the study, each by a named function.

use super::value::{Ctx, Pair};
use super::{design, people, record};

/// A function that puts a value together.
pub(super) type Derived = fn(&Ctx<'_>) -> Pair;

/// Every function by its name in the data, with the path that it rests on most.
const NAMED: [(&str, &str, Derived); 42] = [
    ("platforms", "study/registry.chictr", record::platforms),
    (
        "registryNumbers",
        "study/registry.chictr",
        record::registry_numbers,
    ),
    ("otherNumbers", "identifier/id", record::other_numbers),
    (
        "secondaryNumbers",
        "study/number.org",
        record::secondary_numbers,
    ),
    ("grants", "identifier[type=OTHER_GRANT]/id", record::grants),
    ("countries", "site/country", record::countries),
    ("interventions", "intervention/name", design::interventions),
    ("arms", "arm/label", design::arms),
    (
        "armInterventions",
        "arm/interventions",
        design::arm_interventions,
    ),
    ("armTypes", "intervention/type", design::arm_types),
    (
        "keyCriteria",
        "section:eligibility|m11.5.2",
        design::key_criteria,
    ),
    (
        "inclusion",
        "section:eligibility|m11.5.2",
        design::inclusion,
    ),
    (
        "exclusion",
        "section:eligibility|m11.5.3",
        design::exclusion,
    ),
    (
        "criterion",
        "section:eligibility|m11.5.2",
        design::criterion,
    ),
    ("design", "study/studyType", design::design),
    ("model", "study/design.interventionModel", design::model),
    ("randomised", "study/design.allocation", design::randomised),
    ("blinding", "study/design.masking", design::blinding),
    ("age", "study/eligibility.minimumAge", design::age),
    ("sampleSize", "study/enrollment", design::sample_size),
    (
        "samples",
        "study/design.bioSpecDescription",
        design::samples,
    ),
    ("sharing", "study/ipd.sharing", record::sharing),
    (
        "primaryOutcomes",
        "outcome[type=PRIMARY]/measure",
        design::primary_outcomes,
    ),
    (
        "secondaryOutcomes",
        "outcome[type=SECONDARY]/measure",
        design::secondary_outcomes,
    ),
    ("outcomes", "outcome/measure", design::outcomes),
    (
        "firstEnrolment",
        "milestone[key=fpi]/planned",
        record::first_enrolment,
    ),
    (
        "firstConsent",
        "milestone[key=fpi]/planned",
        record::first_consent,
    ),
    (
        "completion",
        "milestone[key=completion]/planned",
        record::completion,
    ),
    (
        "studyPeriod",
        "milestone[key=study_start]/planned",
        record::study_period,
    ),
    (
        "recruitmentPeriod",
        "milestone[key=fpi]/planned",
        record::recruitment_period,
    ),
    ("settings", "site/facility", people::settings),
    ("leadSite", "site[role=LEAD]/facility", people::lead_site),
    ("multicentre", "site/facility", people::multicentre),
    ("siteAddress", "site/city", people::site_address),
    (
        "siteLeader",
        "contact[role=SITE_PI]/name",
        people::site_leader,
    ),
    (
        "sitePhone",
        "contact[role=SITE_PI]/phone",
        people::site_phone,
    ),
    (
        "publicContact",
        "contact[scope=CENTRAL]/name",
        people::public_contact,
    ),
    (
        "scientificContact",
        "contact[role=PRINCIPAL_INVESTIGATOR]/name",
        people::scientific_contact,
    ),
    (
        "leaderPhone",
        "contact[role=PRINCIPAL_INVESTIGATOR]/phone",
        people::leader_phone,
    ),
    (
        "leaderEmail",
        "contact[role=PRINCIPAL_INVESTIGATOR]/email",
        people::leader_email,
    ),
    ("team", "contact/name", people::team),
    ("ethics", "site/approvalNumber", people::ethics),
];

/// Functions on the approval of the committee and on files.
const NAMED_MORE: [(&str, &str, Derived); 6] = [
    (
        "ethicsApproved",
        "site/approvalNumber",
        people::ethics_approved,
    ),
    ("ethicsNumber", "site/approvalNumber", people::ethics_number),
    (
        "ethicsCommittee",
        "site/committee",
        people::ethics_committee,
    ),
    ("ethicsDate", "site/approvalDate", people::ethics_date),
    (
        "protocolFile",
        "document[kind=protocol]/title",
        record::protocol_file,
    ),
    (
        "consentFile",
        "document[kind=consent]/title",
        record::consent_file,
    ),
];

fn all() -> impl Iterator<Item = &'static (&'static str, &'static str, Derived)> {
    NAMED.iter().chain(&NAMED_MORE)
}

/// The function of a name.
pub(super) fn named(name: &str) -> Option<Derived> {
    all().find(|(known, ..)| *known == name).map(|(.., f)| *f)
}

/// The path that a source `fn:NAME` rests on most: where to write what is missing.
pub(super) fn rests_on(source: &str) -> &'static str {
    let name = source.trim_start_matches("fn:");
    all()
        .find(|(known, ..)| *known == name)
        .map_or("", |(_, path, _)| path)
}

#[cfg(test)]
pub(super) fn names() -> Vec<(&'static str, &'static str)> {
    all().map(|(name, path, _)| (*name, *path)).collect()
}

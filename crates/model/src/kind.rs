//! The kinds of entity.

/// Kinds are plain words in the ledger, so that an older program keeps what a newer one wrote.
pub type Kind = String;

/// The study itself; its entity id is the study's id.
pub const STUDY: &str = "study";
/// Somebody who writes into the study's stream.
pub const PERSON: &str = "person";
/// A further number of the study.
pub const IDENTIFIER: &str = "identifier";
/// A collaborating organisation.
pub const COLLABORATOR: &str = "collaborator";
/// A part of the protocol text.
pub const SECTION: &str = "section";
/// A paragraph, heading, list item or table row of a section.
pub const BLOCK: &str = "block";
/// An arm or group.
pub const ARM: &str = "arm";
/// An intervention.
pub const INTERVENTION: &str = "intervention";
/// An outcome measure.
pub const OUTCOME: &str = "outcome";
/// A site: study × hospital × department.
pub const SITE: &str = "site";
/// A contact or official of the study or of a site.
pub const CONTACT: &str = "contact";
/// A milestone of the study or of a site.
pub const MILESTONE: &str = "milestone";
/// A literature reference.
pub const REFERENCE: &str = "reference";
/// A link.
pub const LINK: &str = "link";
/// A document's facts: kind, version, date, status, where it lies.
pub const DOCUMENT: &str = "document";

/// A frozen version of the protocol: its label, its reasons, its manifest.
pub const VERSION: &str = "version";
/// What one site's ethics committee says about a version.
pub const APPROVAL: &str = "approval";
/// A proposed change of a block, or a remark on it, that nobody has settled yet.
pub const SUGGESTION: &str = "suggestion";
/// The facts as they were given to a registry at one moment.
pub const UPLOAD: &str = "upload";
/// Why something was changed since a version.
pub const RATIONALE: &str = "rationale";
/// How many participants a site had on a day: numbers alone.
pub const ENROLMENT: &str = "enrolment";

/// Who does what at a site or in the study, from when to when.
pub const ASSIGNMENT: &str = "assignment";

/// What goes to a site's ethics committee at once, and what came of it.
pub const SUBMISSION: &str = "submission";
/// How one item of the committee's list is met in a submission.
pub const ENCLOSURE: &str = "enclosure";
/// What is written into one field of a form of a submission.
pub const ANSWER: &str = "answer";
/// What the committee decided about a submission.
pub const DECISION: &str = "decision";
/// A round of questions of the committee and our reply.
pub const REPLY: &str = "reply";
/// One question of a round, with its answer.
pub const POINT: &str = "point";

/// A directory itself; its entity id is the directory's id.
pub const DIRECTORY: &str = "directory";
/// A hospital, university, company or funder; belongs to a directory.
pub const ORGANISATION: &str = "organisation";
/// A department of an organisation.
pub const DEPARTMENT: &str = "department";
/// An ethics committee of an organisation.
pub const COMMITTEE: &str = "committee";
/// An institution office, pharmacy, laboratory, imaging unit or biobank of an organisation.
pub const OFFICE: &str = "office";
/// Somebody in a directory; [`PERSON`] is who writes.
pub const INDIVIDUAL: &str = "individual";
/// What a person or an office may show: licence, certificate, training.
pub const CREDENTIAL: &str = "credential";
/// A list of contacts that was given out: what, to whom, why.
pub const DISCLOSURE: &str = "disclosure";

/// A file that forms are filled into; a directory has it for its sets, a submission keeps it.
pub const BLANK: &str = "blank";
/// A version of a form set of one's own ([`crate::formset`]), whole; it is written once.
pub const FORM_SET: &str = "formSet";

/// What a PI decided about a change that was kept for review. It is read from the log alone, so
/// it is in no list of kinds.
pub const REVIEW: &str = "review";

/// Kinds that stand in a directory and nowhere else.
pub const OF_DIRECTORY: [&str; 8] = [
    ORGANISATION,
    DEPARTMENT,
    COMMITTEE,
    OFFICE,
    INDIVIDUAL,
    CREDENTIAL,
    DISCLOSURE,
    FORM_SET,
];

/// Every kind that this version knows, in the order of display.
pub const ALL: [&str; 38] = [
    STUDY,
    PERSON,
    IDENTIFIER,
    COLLABORATOR,
    SECTION,
    BLOCK,
    ARM,
    INTERVENTION,
    OUTCOME,
    SITE,
    CONTACT,
    MILESTONE,
    REFERENCE,
    LINK,
    DOCUMENT,
    VERSION,
    APPROVAL,
    SUGGESTION,
    UPLOAD,
    RATIONALE,
    ENROLMENT,
    ASSIGNMENT,
    SUBMISSION,
    ENCLOSURE,
    ANSWER,
    DECISION,
    REPLY,
    POINT,
    BLANK,
    DIRECTORY,
    ORGANISATION,
    DEPARTMENT,
    COMMITTEE,
    OFFICE,
    INDIVIDUAL,
    CREDENTIAL,
    DISCLOSURE,
    FORM_SET,
];

/// What an entity of a kind belongs to; `None` where any parent will do.
pub fn parents(kind: &str) -> Option<&'static [&'static str]> {
    match kind {
        ORGANISATION | INDIVIDUAL | DISCLOSURE | FORM_SET => Some(&[DIRECTORY]),
        DEPARTMENT | COMMITTEE | OFFICE => Some(&[ORGANISATION]),
        CREDENTIAL => Some(&[INDIVIDUAL, OFFICE]),
        ASSIGNMENT => Some(&[STUDY, SITE]),
        SUBMISSION => Some(&[SITE]),
        ENCLOSURE | ANSWER | DECISION | REPLY => Some(&[SUBMISSION]),
        POINT => Some(&[REPLY]),
        BLANK => Some(&[DIRECTORY, SUBMISSION]),
        _ => None,
    }
}

/// Whether a person may add an entity of a kind below one of another.
///
/// Directories and studies have kinds of their own; studies, directories, writers, versions and
/// the log of what was given out, and form sets are made in other ways.
pub fn may_be_below(kind: &str, parent: &str) -> bool {
    let is_made_elsewhere = [
        STUDY, DIRECTORY, PERSON, VERSION, DISCLOSURE, FORM_SET, BLANK,
    ]
    .contains(&kind);
    let is_in_directory = parent == DIRECTORY || OF_DIRECTORY.contains(&parent);
    ALL.contains(&kind)
        && !is_made_elsewhere
        && is_in_directory == OF_DIRECTORY.contains(&kind)
        && parents(kind).is_none_or(|known| known.contains(&parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn studies_and_directories_have_kinds_of_their_own() {
        for (kind, parent, may) in [
            (ORGANISATION, DIRECTORY, true),
            (CREDENTIAL, OFFICE, true),
            (CREDENTIAL, ORGANISATION, false),
            (INDIVIDUAL, STUDY, false),
            (SITE, DIRECTORY, false),
            (SITE, STUDY, true),
            (ASSIGNMENT, SITE, true),
            (ASSIGNMENT, CONTACT, false),
            (SUBMISSION, SITE, true),
            (SUBMISSION, STUDY, false),
            (DECISION, SUBMISSION, true),
            (POINT, REPLY, true),
            (POINT, SUBMISSION, false),
            (DIRECTORY, DIRECTORY, false),
            (VERSION, STUDY, false),
            (FORM_SET, DIRECTORY, false),
            (BLANK, SUBMISSION, false),
            ("unheard", STUDY, false),
        ] {
            assert_eq!(may_be_below(kind, parent), may, "{kind} below {parent}");
        }
    }
}

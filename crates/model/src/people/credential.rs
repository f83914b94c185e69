//! What a person or an office can show on a day: valid, waived, expiring, missing or expired.

use crate::people::{day, role};
use crate::{Entity, EntityId};
use chrono::NaiveDate;
use serde::Serialize;
use ts_rs::TS;

/// The kind that a contact of a study can have written beside her.
pub const GCP: &str = "GCP";
/// From how many days before its end a credential is said to expire. Units: days.
///
/// Source: the same ladder as ctms-core (secondary).
pub const EXPIRING_DAYS: i64 = 60;
/// When to remind of an end. Units: days before it.
pub const REMINDERS: [i64; 3] = [90, 60, 30];

/// How it stands with one kind of credential, the better the smaller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CredentialState")]
pub enum State {
    /// Valid for longer than [`EXPIRING_DAYS`], or without an end.
    Valid,
    /// Not wanted, for a reason that somebody wrote down.
    Waived,
    /// Valid, and ends within [`EXPIRING_DAYS`].
    Expiring,
    /// There is none.
    Missing,
    /// Its last day is over.
    Expired,
}

impl State {
    /// The code of the list `credentialState`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Waived => "waived",
            Self::Expiring => "expiring",
            Self::Missing => "missing",
            Self::Expired => "expired",
        }
    }

    /// Whether its end wants attention: it is near, or over.
    pub fn is_ending(self) -> bool {
        matches!(self, Self::Expiring | Self::Expired)
    }

    /// Whether it stands in nobody's way on the day.
    pub fn holds(self) -> bool {
        !matches!(self, Self::Missing | Self::Expired)
    }
}

/// One credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Its entity.
    pub id: EntityId,
    /// Code of `credentialKind`.
    pub kind: String,
    /// The study that it is good for; `None` for every one.
    pub study: Option<EntityId>,
    /// First day.
    pub issued: Option<NaiveDate>,
    /// Last day; `None` without an end.
    pub until: Option<NaiveDate>,
    /// Why none is wanted; empty for a credential.
    pub waived: String,
    /// Whether something is written that shows that there is one.
    pub is_shown: bool,
}

impl Credential {
    /// Reads an entity of the kind `credential`.
    pub fn read(entity: &Entity) -> Self {
        let study = entity.reference("study");
        Self::of(entity.id.clone(), study, |field| entity.text(field))
    }

    /// Reads the texts of a credential's registers.
    pub fn of<'a>(
        id: EntityId,
        study: Option<EntityId>,
        text: impl Fn(&'static str) -> &'a str,
    ) -> Self {
        let shows = ["number", "issued", "validUntil", "version", "location"];
        Self {
            id,
            kind: text("kind").to_owned(),
            study,
            issued: day::first(text("issued")),
            until: day::last(text("validUntil")),
            waived: text("waived").trim().to_owned(),
            is_shown: shows.into_iter().any(|field| !text(field).is_empty()),
        }
    }

    /// How it stands with this one alone; `None` while it is not valid yet, or says nothing.
    fn state(&self, day: NaiveDate) -> Option<State> {
        if !self.waived.is_empty() {
            return Some(State::Waived);
        }
        if !self.is_shown || self.issued.is_some_and(|issued| issued > day) {
            return None;
        }
        Some(match self.until {
            Some(until) if until < day => State::Expired,
            Some(until) if (until - day).num_days() <= EXPIRING_DAYS => State::Expiring,
            _ => State::Valid,
        })
    }
}

/// How it stands with one kind of credential on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(rename = "CredentialStanding")]
pub struct Standing {
    /// Code of `credentialKind`.
    pub kind: String,
    /// The rung of the ladder.
    pub state: State,
    /// The credential that decides; `None` when there is none.
    pub credential: Option<EntityId>,
    /// Its last day; empty without one. Time: `YYYY-MM-DD`.
    pub until: String,
    /// Days to its last day, negative when it is over; `None` without one. Units: days.
    pub days: Option<i32>,
    /// Why none is wanted; empty unless waived.
    pub reason: String,
}

/// How it stands with one kind on a day: the best of the credentials decides, of equal ones the
/// one that ends last.
///
/// `study`: what is good for one study counts there only.
pub fn standing(
    credentials: &[Credential],
    kind: &str,
    study: Option<&EntityId>,
    day: NaiveDate,
) -> Standing {
    let fits = |one: &&Credential| {
        one.kind == kind && (one.study.is_none() || one.study.as_ref() == study)
    };
    let lasts = |one: &Credential| one.until.unwrap_or(NaiveDate::MAX);
    let best = credentials
        .iter()
        .filter(fits)
        .filter_map(|one| Some((one.state(day)?, one)))
        .min_by_key(|(state, one)| (*state, std::cmp::Reverse(lasts(one))));
    let (state, one) = best.map_or((State::Missing, None), |(state, one)| (state, Some(one)));
    let until = one.and_then(|one| one.until);
    Standing {
        kind: kind.to_owned(),
        state,
        credential: one.map(|one| one.id.clone()),
        until: until.map(|until| until.to_string()).unwrap_or_default(),
        days: until.and_then(|until| i32::try_from((until - day).num_days()).ok()),
        reason: one.map(|one| one.waived.clone()).unwrap_or_default(),
    }
}

/// How a contact of a study stands with the GCP certificate on a day: what the directory knows of
/// hers decides, else what is written at the contact.
///
/// `until` is what the contact says, empty when it says nothing; `known` what the person that she
/// is in the directory holds.
pub fn of_contact(
    contact: &EntityId,
    until: &str,
    known: &[Credential],
    study: &EntityId,
    today: NaiveDate,
) -> Standing {
    if known.iter().any(|one| one.kind == GCP) {
        return standing(known, GCP, Some(study), today);
    }
    let own = Credential {
        id: contact.clone(),
        kind: GCP.to_owned(),
        study: None,
        issued: None,
        until: day::last(until),
        waived: String::new(),
        is_shown: !until.is_empty(),
    };
    standing(&[own], GCP, Some(study), today)
}

/// How a contact of a study stands with every certificate that something is known of: GCP, and what
/// else her role asks for and the directory has of hers.
///
/// The parameters are those of [`of_contact`]; `role` is a code of `contactRole`.
pub fn all_of_contact(
    contact: &EntityId,
    (until, role): (&str, &str),
    known: &[Credential],
    study: &EntityId,
    today: NaiveDate,
) -> Vec<Standing> {
    let asked = role::find(role).map_or(&[][..], |role| &role.credentials);
    let others = asked.iter().filter(|kind| **kind != GCP);
    let others = others.map(|kind| standing(known, kind, Some(study), today));
    std::iter::once(of_contact(contact, until, known, study, today))
        .chain(others)
        .filter(|standing| standing.credential.is_some())
        .collect()
}

/// The worst of some states; valid when there is none.
pub fn worst<'a>(standings: impl IntoIterator<Item = &'a Standing>) -> State {
    let states = standings.into_iter().map(|standing| standing.state);
    states.max().unwrap_or(State::Valid)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::id;

    fn day(text: &str) -> NaiveDate {
        day::first(text).unwrap()
    }

    fn one(n: usize, kind: &str, issued: &str, until: &str) -> Credential {
        Credential {
            id: id(n),
            kind: kind.into(),
            study: None,
            issued: day::first(issued),
            until: day::last(until),
            waived: String::new(),
            is_shown: true,
        }
    }

    #[test]
    fn the_ladder_at_its_edges() {
        let held = [one(1, "GCP", "2024-05-01", "2027-03-31")];
        for (on, state, days) in [
            ("2024-04-30", State::Missing, None),
            ("2024-05-01", State::Valid, Some(1064)),
            ("2027-01-29", State::Valid, Some(61)),
            ("2027-01-30", State::Expiring, Some(60)),
            ("2027-03-31", State::Expiring, Some(0)),
            ("2027-04-01", State::Expired, Some(-1)),
        ] {
            let found = standing(&held, "GCP", None, day(on));
            assert_eq!((found.state, found.days), (state, days), "{on}");
        }
        let other = standing(&held, "LICENCE", None, day("2026-01-01"));
        assert_eq!((other.state, other.credential), (State::Missing, None));
    }

    #[test]
    fn the_best_credential_decides_and_the_later_end_of_two() {
        let held = [
            one(1, "GCP", "2020-01-01", "2023-01-01"),
            one(2, "GCP", "2023-02-01", "2027-02"),
            one(3, "GCP", "2023-02-01", "2028-02-01"),
        ];
        let found = standing(&held, "GCP", None, day("2026-06-01"));
        assert_eq!((found.state, found.credential), (State::Valid, Some(id(3))));
        let gap = standing(&held, "GCP", None, day("2023-01-15"));
        assert_eq!((gap.state, gap.credential), (State::Expired, Some(id(1))));
    }

    #[test]
    fn a_reason_waives_and_a_blank_record_shows_nothing() {
        let mut waived = one(1, "LICENCE", "", "");
        waived.waived = "not a physician".into();
        let mut blank = one(2, "GCP", "", "");
        blank.is_shown = false;
        let held = [waived, blank];
        let found = standing(&held, "LICENCE", None, day("2026-06-01"));
        assert_eq!(
            (found.state, found.reason.as_str()),
            (State::Waived, "not a physician")
        );
        assert!(found.state.holds());
        let gcp = standing(&held, "GCP", None, day("2026-06-01"));
        assert_eq!(gcp.state, State::Missing);
        assert_eq!(worst([&found, &gcp]), State::Missing);
        assert_eq!(worst([]), State::Valid);
    }

    #[test]
    fn what_is_good_for_one_study_counts_there_only() {
        let mut training = one(1, "STUDY_TRAINING", "2026-01-01", "");
        training.study = Some(id(7));
        let on = |study: usize| {
            standing(
                &[training.clone()],
                "STUDY_TRAINING",
                Some(&id(study)),
                day("2026-06-01"),
            )
        };
        assert_eq!((on(7).state, on(8).state), (State::Valid, State::Missing));
    }

    #[test]
    fn a_contact_stands_as_written_unless_the_directory_knows_more() {
        let on = |until: &str, known: &[Credential]| {
            let found = of_contact(&id(9), until, known, &id(7), day("2026-06-01"));
            (found.state, found.until)
        };
        let said = (State::Expired, "2026-05-31".to_owned());
        assert_eq!(on("2026-05", &[]), said);
        assert_eq!(on("2026-05", &[one(2, "LICENCE", "", "2030-01-01")]), said);
        let known = [one(1, "GCP", "", "2029-01-01")];
        let more = (State::Valid, "2029-01-01".to_owned());
        assert_eq!(on("2026-05", &known), more);
        assert_eq!(on("", &[]).0, State::Missing);
    }

    #[test]
    fn a_contact_has_the_certificates_that_are_known_and_asked_for() {
        let known = [
            one(1, "GCP", "", "2026-06-30"),
            one(2, "LICENCE", "", "2026-05-31"),
            one(3, "TITLE", "", "2026-05-31"),
        ];
        let of = |role: &str, known: &[Credential]| -> Vec<(String, bool)> {
            let all = all_of_contact(&id(9), ("", role), known, &id(7), day("2026-06-01"));
            let told = |one: Standing| (one.kind, one.state.is_ending());
            all.into_iter().map(told).collect()
        };
        let told = |kind: &str| (kind.to_owned(), true);
        assert_eq!(
            of("PRINCIPAL_INVESTIGATOR", &known),
            [told("GCP"), told("LICENCE")]
        );
        assert_eq!(of("", &known), [told("GCP")]);
        // What nobody knows anything of is not said to be missing.
        assert_eq!(of("PRINCIPAL_INVESTIGATOR", &known[2..]), []);
    }

    #[test]
    fn every_state_has_words() {
        for state in [
            State::Valid,
            State::Waived,
            State::Expiring,
            State::Missing,
            State::Expired,
        ] {
            let text = serde_json::to_value(state).unwrap();
            assert_eq!(text, state.code());
            assert!(crate::code::find("credentialState", state.code()).is_some());
        }
    }
}

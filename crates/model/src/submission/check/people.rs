//! Who is responsible, how to reach them, and what they can show.

use super::{Ctx, name_of};
use crate::people::credential::{self, State};
use crate::submission::case::RESEARCHERS;
use crate::submission::finding::{Finding, Level, at, whole};
use crate::submission::list::Row;
use crate::{Entity, Lang, fact, kind};

/// Roles that deal with participants or their data.
const TRAINED: [&str; 3] = ["SUB_INVESTIGATOR", "RESEARCH_NURSE", "CRC"];

pub(super) fn findings(ctx: &Ctx<'_>) -> Vec<Finding> {
    let case = ctx.case;
    let mut found = Vec::new();
    if case.committee().trim().is_empty() {
        found.push(Finding::new(
            "committeeMissing",
            at(case.site, "committee.zh"),
        ));
    }
    let n = case.investigators().count();
    if n > 1 {
        let second = case.investigators().nth(1).unwrap_or(case.site);
        found.push(Finding::new("investigatorTwice", whole(second)).with("n", n));
    }
    match case.investigator() {
        None => found.push(Finding::new(
            "investigatorMissing",
            at(case.site, "contact"),
        )),
        Some(person) => {
            let is_reached = ["phone", "email"]
                .iter()
                .any(|field| !fact::is_blank(person.value(field)));
            if !is_reached {
                let finding = Finding::new("contactMissing", at(person, "phone"));
                found.push(finding.with_words("name", name_of(person)));
            }
            certificate(ctx, person, true, &mut found);
        }
    }
    for person in case
        .team()
        .filter(|person| TRAINED.contains(&person.text("role")))
    {
        certificate(ctx, person, false, &mut found);
    }
    // The list of researchers names the task of each.
    let is_listed = |row: &Row<'_>| row.item.made == "team" && row.wanted;
    let people = case.doc.children(&case.site.id, kind::CONTACT);
    let people = people.filter(|one| RESEARCHERS.contains(&one.text("role")));
    if ctx.rows.iter().any(is_listed) {
        let idle = people.filter(|one| {
            [Lang::Zh, Lang::En]
                .iter()
                .all(|lang| one.text_in("task", *lang).trim().is_empty())
        });
        found.extend(idle.map(|one| {
            Finding::new("taskMissing", at(one, "task.zh")).with_words("name", name_of(one))
        }));
    }
    found
}

fn certificate(ctx: &Ctx<'_>, person: &Entity, is_responsible: bool, found: &mut Vec<Finding>) {
    let until = person.text("gcpUntil");
    let known = ctx.check.credentials.get(&person.id);
    let known = known.map_or(&[][..], Vec::as_slice);
    let study = ctx.case.doc.id.root();
    let standing = credential::of_contact(&person.id, until, known, &study, ctx.check.today);
    let code = match standing.state {
        State::Valid | State::Waived => return,
        State::Missing => "gcpMissing",
        State::Expired => "gcpExpired",
        State::Expiring => "gcpExpiring",
    };
    let finding = Finding::new(code, at(person, "gcpUntil"))
        .with_words("name", name_of(person))
        .with("until", &standing.until);
    // Whoever is responsible must show one; of the others the lists only say "training".
    let is_lighter = standing.state == State::Missing && !is_responsible;
    found.push(if is_lighter {
        finding.at(Level::Should)
    } else {
        finding
    });
}

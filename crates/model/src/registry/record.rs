//! Numbers, funding, days, sharing and files as registries ask for them.

use super::people;
use super::value::{Ctx, Pair, field, path};
use crate::{StudyDoc, kind, label};

pub(super) fn registry_numbers(ctx: &Ctx<'_>) -> Pair {
    let national = label!("registry.nationalRegistry");
    Pair::lines([
        path(ctx.doc, "study/registry.chictr"),
        path(ctx.doc, "study/registry.nct"),
        path(ctx.doc, "study/registry.nmr").named(national.zh, national.en),
    ])
}

/// Numbers elsewhere than at ChiCTR.
pub(super) fn other_numbers(ctx: &Ctx<'_>) -> Pair {
    let national = path(ctx.doc, "study/registry.nmr");
    Pair::lines([
        path(ctx.doc, "study/registry.nct"),
        national,
        foreign_numbers(ctx),
    ])
}

/// Numbers elsewhere than at the national registry.
pub(super) fn platforms(ctx: &Ctx<'_>) -> Pair {
    let chinese = path(ctx.doc, "study/registry.chictr");
    Pair::lines([
        chinese,
        path(ctx.doc, "study/registry.nct"),
        foreign_numbers(ctx),
    ])
}

fn foreign_numbers(ctx: &Ctx<'_>) -> Pair {
    path(ctx.doc, "identifier[type=REGISTRY|EUDRACT_NUMBER|CTIS]/id")
}

pub(super) fn secondary_numbers(ctx: &Ctx<'_>) -> Pair {
    let others = ctx.doc.of_kind(kind::IDENTIFIER);
    let others = others.map(|entity| field(entity, "id").in_brackets(&field(entity, "domain")));
    Pair::lines(
        [path(ctx.doc, "study/number.org")]
            .into_iter()
            .chain(others),
    )
}

pub(super) fn grants(ctx: &Ctx<'_>) -> Pair {
    let grants = ctx.doc.of_kind(kind::IDENTIFIER);
    let grants = grants.filter(|entity| entity.text("type") == "OTHER_GRANT");
    Pair::lines(grants.map(|entity| {
        Pair::line([
            field(entity, "domain"),
            field(entity, "grant.name"),
            field(entity, "id"),
        ])
    }))
}

pub(super) fn countries(ctx: &Ctx<'_>) -> Pair {
    let mut seen: Vec<&str> = Vec::new();
    let mut out = Pair::default();
    for site in people::sites(ctx.doc) {
        let country = site.text("country").trim();
        if !country.is_empty() && !seen.contains(&country) {
            seen.push(country);
            out.push(people::country(site), "；", "; ");
        }
    }
    out
}

pub(super) fn sharing(ctx: &Ctx<'_>) -> Pair {
    Pair::lines([
        path(ctx.doc, "study/ipd.sharing"),
        path(ctx.doc, "study/ipd.description"),
        path(ctx.doc, "study/ipd.timeFrame"),
        path(ctx.doc, "study/ipd.accessCriteria"),
        path(ctx.doc, "study/ipd.url"),
    ])
}

/// The day of a milestone: as it happened, else as planned, else as noted without saying which.
fn day(doc: &StudyDoc, keys: &[&str]) -> (Pair, &'static str) {
    for key in keys {
        let mut all = doc.children_of_study(kind::MILESTONE);
        let Some(milestone) = all.find(|milestone| milestone.text("key") == *key) else {
            continue;
        };
        let kinds = [
            ("actual", "ACTUAL"),
            ("planned", "ESTIMATED"),
            ("untyped", ""),
        ];
        for (register, kind) in kinds {
            let day = field(milestone, register);
            if !day.is_empty() {
                return (day, kind);
            }
        }
    }
    (Pair::default(), "")
}

pub(super) fn first_enrolment(ctx: &Ctx<'_>) -> Pair {
    let (day, kind) = day(ctx.doc, &["fpi", "study_start"]);
    day.in_brackets(&Pair::code("dateType", kind))
}

pub(super) fn first_consent(ctx: &Ctx<'_>) -> Pair {
    day(ctx.doc, &["fpi"]).0
}

pub(super) fn completion(ctx: &Ctx<'_>) -> Pair {
    let (day, kind) = day(ctx.doc, &["completion", "lpo", "primary_completion"]);
    day.in_brackets(&Pair::code("dateType", kind))
}

pub(super) fn study_period(ctx: &Ctx<'_>) -> Pair {
    let end = day(ctx.doc, &["completion", "lpo", "primary_completion"]).0;
    period(day(ctx.doc, &["study_start", "fpi"]).0, end)
}

pub(super) fn recruitment_period(ctx: &Ctx<'_>) -> Pair {
    let end = day(ctx.doc, &["lpi"]).0;
    period(day(ctx.doc, &["fpi", "study_start"]).0, end)
}

/// A period is nothing while one of its ends is unknown.
fn period(mut from: Pair, to: Pair) -> Pair {
    if from.is_empty() || to.is_empty() {
        return Pair::default();
    }
    from.push(to, " – ", " – ");
    from
}

fn files(doc: &StudyDoc, kind: &str) -> Pair {
    let all = doc.of_kind(kind::DOCUMENT);
    Pair::lines(
        all.filter(|document| document.text("kind") == kind)
            .map(|document| {
                let rest = [field(document, "version"), field(document, "versionDate")];
                let place = field(document, "location");
                Pair::led_by(field(document, "title"), rest.into_iter().chain([place]))
            }),
    )
}

pub(super) fn protocol_file(ctx: &Ctx<'_>) -> Pair {
    files(ctx.doc, "protocol")
}

pub(super) fn consent_file(ctx: &Ctx<'_>) -> Pair {
    files(ctx.doc, "consent")
}

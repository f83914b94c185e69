//! Design, groups, criteria and outcomes as registries ask for them.

use super::value::{Ctx, Pair, block, field, path};
use crate::{Entity, StudyDoc, criteria, kind, label};

pub(super) fn interventions(ctx: &Ctx<'_>) -> Pair {
    Pair::lines(ctx.doc.of_kind(kind::INTERVENTION).map(|entity| {
        let name = field(entity, "name").in_brackets(&field(entity, "type"));
        Pair::led_by(name, [field(entity, "description")])
    }))
}

pub(super) fn arms(ctx: &Ctx<'_>) -> Pair {
    Pair::lines(ctx.doc.of_kind(kind::ARM).map(|arm| {
        let name = field(arm, "label").in_brackets(&field(arm, "type"));
        Pair::led_by(
            name,
            [field(arm, "description"), of_arm(ctx.doc, arm, "name")],
        )
    }))
}

/// A field of the interventions that name an arm.
fn of_arm(doc: &StudyDoc, arm: &Entity, name: &str) -> Pair {
    let labels = ["label.zh", "label.en"].map(|register| arm.text(register).trim());
    let names_it = |intervention: &&Entity| {
        let arms = intervention
            .value("arms")
            .get("list")
            .and_then(|list| list.as_array());
        let mut arms = arms.into_iter().flatten().filter_map(|arm| arm.as_str());
        arms.any(|arm| labels.contains(&arm.trim()))
    };
    let mut out = Pair::default();
    for intervention in doc.of_kind(kind::INTERVENTION).filter(names_it) {
        out.push(field(intervention, name), " + ", " + ");
    }
    out
}

pub(super) fn arm_interventions(ctx: &Ctx<'_>) -> Pair {
    ctx.entity
        .map_or_else(Pair::default, |arm| of_arm(ctx.doc, arm, "name"))
}

pub(super) fn arm_types(ctx: &Ctx<'_>) -> Pair {
    ctx.entity
        .map_or_else(Pair::default, |arm| of_arm(ctx.doc, arm, "type"))
}

pub(super) fn key_criteria(ctx: &Ctx<'_>) -> Pair {
    let found = criteria::of(ctx.doc);
    let mut parts: Vec<Pair> = found.unsorted.iter().map(|b| block(b)).collect();
    for (label, blocks) in [
        (label!("registry.inclusion"), &found.inclusion),
        (label!("registry.exclusion"), &found.exclusion),
    ] {
        if !blocks.is_empty() {
            parts.push(Pair::words(label.zh, label.en));
            parts.extend(blocks.iter().map(|b| block(b)));
        }
    }
    Pair::lines(parts)
}

/// Criteria, numbered as forms show them; text that no heading tells apart is left out.
fn numbered(blocks: &[&Entity]) -> Pair {
    Pair::lines((1..).zip(blocks).map(|(n, entity)| {
        let mut pair = block(entity);
        for text in [&mut pair.zh, &mut pair.en] {
            if !text.is_empty() && blocks.len() > 1 {
                *text = format!("{n}. {text}");
            }
        }
        pair
    }))
}

pub(super) fn inclusion(ctx: &Ctx<'_>) -> Pair {
    numbered(&criteria::of(ctx.doc).inclusion)
}

pub(super) fn exclusion(ctx: &Ctx<'_>) -> Pair {
    numbered(&criteria::of(ctx.doc).exclusion)
}

pub(super) fn criterion(ctx: &Ctx<'_>) -> Pair {
    ctx.entity.map_or_else(Pair::default, block)
}

pub(super) fn design(ctx: &Ctx<'_>) -> Pair {
    Pair::line([
        path(ctx.doc, "study/studyType"),
        model(ctx),
        path(ctx.doc, "study/design.primaryPurpose"),
        path(ctx.doc, "study/design.masking"),
        path(ctx.doc, "study/phase"),
    ])
}

pub(super) fn model(ctx: &Ctx<'_>) -> Pair {
    Pair::line([
        path(ctx.doc, "study/design.allocation"),
        path(ctx.doc, "study/design.interventionModel"),
        path(ctx.doc, "study/design.observationalModel"),
        path(ctx.doc, "study/design.timePerspective"),
    ])
}

pub(super) fn randomised(ctx: &Ctx<'_>) -> Pair {
    let allocation = path(ctx.doc, "study/design.allocation");
    let root = ctx
        .doc
        .root()
        .map_or("", |root| root.text("design.allocation"));
    match (allocation.unresolved, root) {
        (false, "RANDOMIZED") => with_places(Pair::code("yesNo", "YES"), allocation),
        (false, "NON_RANDOMIZED" | "NA") => with_places(Pair::code("yesNo", "NO"), allocation),
        _ => allocation,
    }
}

fn with_places(mut pair: Pair, of: Pair) -> Pair {
    pair.places = of.places;
    pair
}

pub(super) fn blinding(ctx: &Ctx<'_>) -> Pair {
    let masked = path(ctx.doc, "study/design.whoMasked");
    let masking = path(ctx.doc, "study/design.masking").in_brackets(&masked);
    Pair::led_by(masking, [path(ctx.doc, "study/design.maskingDescription")])
}

pub(super) fn age(ctx: &Ctx<'_>) -> Pair {
    let [from, to] = ["minimumAge", "maximumAge"].map(|name| {
        let mut age = path(ctx.doc, &format!("study/eligibility.{name}"));
        age.zh = age_in_chinese(&age.zh);
        age
    });
    let mut out = Pair::default();
    let is_whole = !from.is_empty() && !to.is_empty();
    if is_whole {
        out.push(from, "", "");
        out.push(to, " – ", " – ");
        return out;
    }
    let least = label!("registry.atLeast");
    let most = label!("registry.atMost");
    out.push(from.named(least.zh, least.en), "", "");
    out.push(to.named(most.zh, most.en), "", "");
    out
}

/// `18 Years` as a Chinese form says it; other texts stay as they are.
fn age_in_chinese(text: &str) -> String {
    let units = [
        ("Year", "岁"),
        ("Month", "个月"),
        ("Week", "周"),
        ("Day", "天"),
        ("Hour", "小时"),
    ];
    let known = text.split_once(' ').and_then(|(n, unit)| {
        let unit = unit.trim_end_matches('s');
        let (_, zh) = units.iter().find(|(en, _)| *en == unit)?;
        n.parse::<u32>().ok().map(|n| format!("{n} {zh}"))
    });
    known.unwrap_or_else(|| text.to_owned())
}

pub(super) fn sample_size(ctx: &Ctx<'_>) -> Pair {
    let kind = path(ctx.doc, "study/enrollmentType");
    path(ctx.doc, "study/enrollment").in_brackets(&kind)
}

pub(super) fn samples(ctx: &Ctx<'_>) -> Pair {
    let kept = path(ctx.doc, "study/design.bioSpecRetention");
    Pair::line([kept, path(ctx.doc, "study/design.bioSpecDescription")])
}

fn of_type(doc: &StudyDoc, kinds: &[&str]) -> Pair {
    let all = doc.of_kind(kind::OUTCOME);
    let wanted = all.filter(|outcome| kinds.contains(&outcome.text("type")));
    Pair::lines(wanted.map(|outcome| {
        let rest = [field(outcome, "timeFrame"), field(outcome, "description")];
        Pair::led_by(field(outcome, "measure"), rest)
    }))
}

pub(super) fn primary_outcomes(ctx: &Ctx<'_>) -> Pair {
    of_type(ctx.doc, &["PRIMARY"])
}

pub(super) fn secondary_outcomes(ctx: &Ctx<'_>) -> Pair {
    of_type(ctx.doc, &["SECONDARY"])
}

pub(super) fn outcomes(ctx: &Ctx<'_>) -> Pair {
    let of = |kind: &str| {
        let words = Pair::code("outcomeType", kind);
        of_type(ctx.doc, &[kind]).named(&words.zh, &words.en)
    };
    Pair::lines([of("PRIMARY"), of("SECONDARY"), of("OTHER")])
}

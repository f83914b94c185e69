//! The protocol version that is submitted, and what its changes are shown against.

use super::{Ctx, WITH_PROTOCOL};
use crate::reference::{Bilingual, TEMPLATES};
use crate::submission::finding::{Finding, at, whole};
use crate::submission::list::{Row, Status};
use crate::submission::rounds;
use crate::version::{VersionRow, said_number};
use crate::{Entity, EntityId, Lang, fact, protocol};

/// What a version may be frozen without, which is no conflict.
const NO_CONFLICT: [&str; 3] = ["suggestions", "unsent", "setAside"];

pub(super) fn findings(ctx: &Ctx<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if ctx.is(&WITH_PROTOCOL) {
        match ctx.case.version() {
            None => found.push(Finding::new(
                "versionMissing",
                at(ctx.case.submission, "version"),
            )),
            Some(version) => {
                if let Some(row) = ctx.case.standing.version(&version.id) {
                    version_itself(ctx, row, &mut found);
                    found.extend(unfilled(ctx, row));
                }
            }
        }
    }
    let spoken_of = ctx.case.version().filter(|_| ctx.case.is_report());
    if spoken_of.is_some_and(|version| !is_approved_here(ctx, &version.id)) {
        let (number, _) = ctx.case.named_version().unwrap_or_default();
        let place = at(ctx.case.submission, "version");
        let finding = Finding::new("versionNotApproved", place);
        found.push(finding.with("version", said_number(number)));
    }
    if ctx.is(&["amendment", "resubmission"]) {
        base(ctx, &mut found);
    }
    if ctx.case.is_report() || ctx.is(&["amendment"]) {
        approval(ctx, &mut found);
    }
    lead(ctx, &mut found);
    found
}

fn version_itself(ctx: &Ctx<'_>, row: &VersionRow, found: &mut Vec<Finding>) {
    let case = ctx.case;
    let finding = |code: &str| {
        Finding::new(code, at(case.submission, "version")).with("version", said_number(&row.number))
    };
    if !row.intact {
        found.push(finding("versionBroken"));
    }
    if row.duplicate {
        found.push(finding("versionTwice"));
    }
    if row
        .left_out
        .iter()
        .any(|path| !NO_CONFLICT.contains(&path.as_str()) && !path.starts_with("doubled/"))
    {
        found.push(finding("versionConflict"));
    }
    let is_newest = case
        .standing
        .versions
        .first()
        .is_some_and(|newest| newest.id == row.id);
    if is_newest && case.standing.changed_since > 0 {
        found.push(finding("workingDiffers"));
    }
    let approved = current(ctx);
    if approved.as_ref() == Some(&row.id) && case.decision().is_none() {
        found.push(finding("versionNotNew"));
    }
    let before = rounds::previous(case.doc, case.submission);
    let reviewed = before.and_then(|one| one.reference("version"));
    if ctx.is(&["resubmission"]) && reviewed.as_ref() == Some(&row.id) && approved != reviewed {
        found.push(finding("versionAsReviewed"));
    }
    if ctx.is(&["amendment"]) {
        let is_said = !row.summary_zh.trim().is_empty() || !row.summary_en.trim().is_empty();
        if row.reason.is_empty() || !is_said {
            let field = if row.reason.is_empty() {
                "reason"
            } else {
                "summary.zh"
            };
            if let Some(version) = case.version() {
                let finding = Finding::new("reasonMissing", at(version, field));
                found.push(finding.with("version", said_number(&row.number)));
            }
        }
    }
}

/// What our own print of the protocol would leave to be completed.
fn unfilled(ctx: &Ctx<'_>, row: &VersionRow) -> Option<Finding> {
    /// How many sections are named.
    const NAMED: usize = 6;
    let is_ours = |one: &Row<'_>| one.item.made == "protocol" && one.status == Status::Made;
    if !ctx.rows.iter().any(is_ours) {
        return None;
    }
    let empty = protocol::unfilled(ctx.case.doc);
    let first = empty.first()?;
    let names = |lang, apart: &str| {
        let names = empty.iter().take(NAMED);
        let names: Vec<&str> = names.map(|one| title_of(one, lang)).collect();
        let more = if empty.len() > NAMED { "…" } else { "" };
        format!("{}{more}", names.join(apart))
    };
    let sections = Bilingual {
        zh: names(Lang::Zh, "、"),
        en: names(Lang::En, ", "),
    };
    let finding = Finding::new("versionUnfilled", whole(first)).with("n", empty.len());
    let finding = finding.with("version", said_number(&row.number));
    Some(finding.with_words("sections", sections))
}

/// The title of a section: its own, else the one that its key stands for.
fn title_of(section: &Entity, lang: Lang) -> &str {
    let key = section.text("key");
    let of_key = || {
        let mut all = TEMPLATES.iter().flat_map(|template| &template.sections);
        all.find(|one| one.key == key)
            .map_or(key, |one| one.title.text(lang))
    };
    match section.text_in("title", lang) {
        "" => of_key(),
        own => own,
    }
}

/// The version that the committee approved last.
fn current(ctx: &Ctx<'_>) -> Option<EntityId> {
    ctx.case.standing.site(&ctx.case.site.id)?.current.clone()
}

/// Whether the committee approved a version, as it counts there or by its own letter.
fn is_approved_here(ctx: &Ctx<'_>, version: &EntityId) -> bool {
    let site = &ctx.case.site.id;
    current(ctx).as_ref() == Some(version) || ctx.case.standing.is_approved_by(version, site)
}

fn base(ctx: &Ctx<'_>, found: &mut Vec<Finding>) {
    let case = ctx.case;
    let place = || at(case.submission, "base");
    let Some(base) = case.submission.reference("base") else {
        found.push(Finding::new("baseMissing", place()));
        return;
    };
    // Once it is decided, what counts may be the submitted version itself.
    let approved = current(ctx).filter(|_| case.decision().is_none());
    if let Some(approved) = approved.filter(|approved| *approved != base && ctx.is(&["amendment"]))
    {
        let number = |id: &EntityId| {
            let row = case.standing.version(id);
            row.map_or_else(|| "?".to_owned(), |row| said_number(&row.number))
        };
        found.push(
            Finding::new("baseNotLastApproved", place())
                .with("base", number(&base))
                .with("approved", number(&approved)),
        );
    }
}

/// The approval that a later submission rests on.
fn approval(ctx: &Ctx<'_>, found: &mut Vec<Finding>) {
    let case = ctx.case;
    let row = case.standing.site(&case.site.id);
    let is_approved = row.is_some_and(|row| {
        row.current.is_some() || !row.number.is_empty() || !row.approved_on.is_empty()
    });
    if !is_approved {
        found.push(Finding::new(
            "approvalMissing",
            at(case.site, "approvalNumber"),
        ));
        return;
    }
    let until = row.and_then(|row| crate::people::day::last(&row.valid_until));
    let is_wanted = ctx.is(&["amendment", "continuing"]) && case.decision().is_none();
    if let Some(until) = until.filter(|until| is_wanted && *until < ctx.check.today) {
        let place = at(case.site, "approvalValidUntil");
        found.push(Finding::new("approvalExpired", place).with("until", until));
    }
}

/// The lead site's opinion that a participating site's submission rests on.
fn lead(ctx: &Ctx<'_>, found: &mut Vec<Finding>) {
    let case = ctx.case;
    if case.site.text("role") != "PARTICIPATING" || !ctx.is(&["initial", "amendment"]) {
        return;
    }
    let has_letter = ctx.rows.iter().any(|row| {
        let mut kinds = row.documents.iter().map(|one| one.text("kind"));
        kinds.any(|kind| kind == "leadApproval")
    });
    let names_lead = !fact::is_blank(case.submission.value("lead"));
    if !has_letter && !names_lead {
        found.push(Finding::new("leadMissing", at(case.submission, "lead")));
    }
    let Some(lead) = case.lead_site() else {
        return;
    };
    let row = case.standing.site(&lead.id);
    let Some(row) = row.filter(|row| row.current.is_some() || !row.number.is_empty()) else {
        found.push(Finding::new("leadNotApproved", at(case.submission, "lead")));
        return;
    };
    let Some(version) = case.version() else {
        return;
    };
    let is_approved = case.standing.is_approved(&version.id, Some(&lead.id));
    let bare = crate::version::bare_number;
    let wanted = version.text("number");
    if !is_approved && bare(&row.number) != bare(wanted) {
        found.push(
            Finding::new("leadVersionDiffers", at(case.submission, "version"))
                .with("has", said_number(&row.number))
                .with("wanted", said_number(wanted)),
        );
    }
}

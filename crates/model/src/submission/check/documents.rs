//! Each document that goes along: file, version, dates, signature, language, what it says.

use super::{Ctx, Looked, folded, is_one_of, words};
use crate::fact::FactPlace;
use crate::file::BlobRef;
use crate::formset::limits::sizes;
use crate::people::credential::EXPIRING_DAYS;
use crate::people::day;
use crate::submission::finding::{Finding, at, whole};
use crate::submission::list::{Enclosed, enclosed, file_name_of, is_newer};
use crate::version::{bare_number, said_number};
use crate::{Entity, Lang, kind};
use std::collections::BTreeMap;

pub(super) fn findings(ctx: &Ctx<'_>) -> Vec<Finding> {
    let enclosed = enclosed(&ctx.rows);
    let mut found = Vec::new();
    for one in &enclosed {
        let before = found.len();
        file(ctx, one, &mut found);
        versions(ctx, one, &mut found);
        dates(ctx, one, &mut found);
        says(ctx, one, &mut found);
        found.extend(words::findings(ctx, one));
        let document = one.document;
        if document.fields.values().any(|register| register.conflict) {
            found.push(Finding::new("documentConflict", whole(document)));
        }
        for finding in &mut found[before..] {
            *finding = finding.clone().with_document(document);
        }
    }
    names(ctx, &enclosed, &mut found);
    found
}

fn file(ctx: &Ctx<'_>, one: &Enclosed<'_>, found: &mut Vec<Finding>) {
    let place = || at(one.document, "file");
    let Some(file) = &one.file else {
        // Our own package makes what has no file.
        if one.item.made.is_empty() {
            found.push(Finding::new("fileMissing", place()));
        }
        return;
    };
    if ctx
        .check
        .here
        .is_some_and(|here| !here.contains(&file.hash))
    {
        found.push(Finding::new("fileElsewhere", place()));
    }
    if let Some(looked) = ctx.check.looked.get(&file.hash) {
        found.extend(inside(looked, &place));
    }
    let Some(limits) = ctx.case.set.map(|set| &set.limits) else {
        return;
    };
    if let Some(max) = limits.exceeded(file.size) {
        let [size, max] = sizes(file.size, max);
        found.push(
            Finding::new("fileTooLarge", place())
                .with("size", size)
                .with("max", max),
        );
    }
    if !limits.takes(&file.name) {
        found.push(Finding::new("fileType", place()).with("types", limits.types.join(", ")));
    }
}

/// What was found in a file.
fn inside(looked: &Looked, place: &dyn Fn() -> FactPlace) -> Vec<Finding> {
    let refused = match looked.refused.as_str() {
        "" => None,
        "password" | "wrongPassword" | "unknownLock" => Some("fileLocked"),
        "notPdf" => Some("fileNotPdf"),
        "noPages" => Some("fileNoPages"),
        _ => Some("fileDamaged"),
    };
    let mut found: Vec<Finding> = Vec::new();
    found.extend(refused.map(|code| Finding::new(code, place())));
    if !looked.broken.is_empty() {
        let pages = looked.broken.iter().map(ToString::to_string);
        let pages = pages.collect::<Vec<_>>().join(", ");
        found.push(Finding::new("fileBroken", place()).with("pages", pages));
    }
    if !looked.fonts.is_empty() {
        let fonts = looked.fonts.join(", ");
        found.push(Finding::new("fileFonts", place()).with("fonts", fonts));
    }
    let marks = looked.read.as_ref().map(|read| &read.marks);
    let marks = marks.filter(|marks| !marks.is_empty());
    if marks.is_some() && looked.is_other_kind() {
        found.push(Finding::new("fileMarksInside", place()));
    } else if let Some(marks) = marks {
        let pages: Vec<String> = marks.iter().map(ToString::to_string).collect();
        found.push(Finding::new("fileMarks", place()).with("pages", pages.join(", ")));
    }
    found
}

fn versions(ctx: &Ctx<'_>, one: &Enclosed<'_>, found: &mut Vec<Finding>) {
    let document = one.document;
    let (version, date) = (document.text("version"), document.text("versionDate"));
    if one.item.dated && version.is_empty() {
        found.push(Finding::new(
            "documentVersionMissing",
            at(document, "version"),
        ));
    }
    if date.is_empty() && (one.item.dated || !version.is_empty()) {
        found.push(Finding::new(
            "documentDateMissing",
            at(document, "versionDate"),
        ));
    }
    let all = || ctx.case.doc.of_kind(kind::DOCUMENT);
    if let Some(newer) = all().find(|other| is_newer(other, document)) {
        let named = |one: &Entity| {
            let number = said_number(one.text("version"));
            format!("{number} {}", one.text("versionDate"))
        };
        found.push(
            Finding::new("documentSuperseded", at(document, "version"))
                .with("version", named(document).trim())
                .with("newer", named(newer).trim()),
        );
    }
    let is_twin = |other: &&Entity| {
        let same = |field: &str| other.text(field) == document.text(field);
        let title = |one: &Entity| folded(one.text_in("title", Lang::Zh));
        let differ = hash(other).zip(hash(document)).is_some_and(|(a, b)| a != b);
        let is_same_thing = ["kind", "language"].into_iter().all(same)
            && bare_number(other.text("version")) == bare_number(version)
            && title(other) == title(document)
            && other.reference("person") == document.reference("person");
        // A signed scan is another file of the same thing.
        other.id != document.id && same("signature") && is_same_thing && differ
    };
    if !version.is_empty() && all().any(|other| is_twin(&other)) {
        let finding = Finding::new("documentTwice", at(document, "file"));
        found.push(finding.with("version", said_number(version)));
    }
    let is_renamed = |other: &&Entity| {
        let numbers = [version, other.text("version")].map(bare_number);
        let is_numbered = !version.is_empty() && !other.text("version").is_empty();
        let is_same_file = hash(other).is_some_and(|file| hash(document) == Some(file));
        let is_other = other.id != document.id && other.text("kind") == document.text("kind");
        is_other && is_same_file && is_numbered && numbers[0] != numbers[1]
    };
    if let Some(other) = all().find(is_renamed) {
        found.push(
            Finding::new("fileUnchanged", at(document, "file"))
                .with("version", said_number(version))
                .with("other", said_number(other.text("version"))),
        );
    }
}

/// The hash of a document's file.
fn hash(document: &Entity) -> Option<String> {
    BlobRef::read(document.value("file")).map(|file| file.hash)
}

fn dates(ctx: &Ctx<'_>, one: &Enclosed<'_>, found: &mut Vec<Finding>) {
    let (document, today) = (one.document, ctx.check.today);
    let first = |field: &str| day::first(document.text(field));
    if let Some(date) = first("versionDate").filter(|date| *date > today) {
        found.push(
            Finding::new("documentDateInFuture", at(document, "versionDate")).with("date", date),
        );
    }
    if let Some(until) = day::last(document.text("validUntil")) {
        let place = at(document, "validUntil");
        if until < today {
            found.push(Finding::new("documentExpired", place).with("until", until));
        } else if (until - today).num_days() <= EXPIRING_DAYS {
            found.push(Finding::new("documentExpiring", place).with("until", until));
        }
    }
    let is_signed = ["signed", "signedStamped"].contains(&document.text("signature"));
    if one.item.signed && !is_signed && one.file.is_some() {
        found.push(Finding::new("documentUnsigned", at(document, "signature")));
    }
    if let (Some(signed), Some(date)) = (first("signedOn"), first("versionDate"))
        && signed < date
    {
        found.push(
            Finding::new("signedBeforeDate", at(document, "signedOn"))
                .with("signed", signed)
                .with("date", date),
        );
    }
    let chosen = ctx.case.submission.text("language");
    let of_set = ctx.case.set.map_or("", |set| set.language.as_str());
    let wanted = if chosen.is_empty() { of_set } else { chosen };
    let has = document.text("language");
    if matches!((wanted, has), ("zh", "en") | ("en", "zh")) {
        found.push(Finding::new("documentLanguage", at(document, "language")));
    }
}

/// What the document says of the study, against the study.
fn says(ctx: &Ctx<'_>, one: &Enclosed<'_>, found: &mut Vec<Finding>) {
    let (case, document) = (ctx.case, one.document);
    let Some(root) = case.doc.root() else {
        return;
    };
    let is_report = case.is_report();
    let (number, date) = match case.named_version() {
        Some(named) => named,
        None if is_report => ("", ""),
        None => (root.text("version"), root.text("versionDate")),
    };
    let mut differ = |code: &str, field: &str, has: &str, wanted: &str, fits: bool| {
        if !has.is_empty() && !wanted.is_empty() && !fits {
            let finding = Finding::new(code, at(document, field));
            found.push(finding.with("has", has).with("wanted", wanted));
        }
    };
    let same = |a: &str, b: &str| bare_number(a) == bare_number(b);
    // Without a file the package brings our own protocol, of the version that is submitted.
    let is_ours = one.file.is_none() && one.item.made == "protocol";
    if document.text("kind") == "protocol"
        && (is_report || ctx.is(&super::WITH_PROTOCOL))
        && !is_ours
    {
        let has = document.text("version");
        differ(
            "protocolVersionDiffers",
            "version",
            &said_number(has),
            &said_number(number),
            same(has, number),
        );
        let has = document.text("versionDate");
        differ("protocolDateDiffers", "versionDate", has, date, has == date);
    }
    let has = document.text("says.protocolVersion");
    differ(
        "namedVersionDiffers",
        "says.protocolVersion",
        &said_number(has),
        &said_number(number),
        same(has, number),
    );
    let has = document.text("says.protocolDate");
    differ(
        "namedDateDiffers",
        "says.protocolDate",
        has,
        date,
        has == date,
    );
    let (has, wanted) = (
        document.text("says.title"),
        root.text_in("officialTitle", Lang::Zh),
    );
    let titles = [root.text("officialTitle.zh"), root.text("officialTitle.en")];
    differ(
        "titleDiffers",
        "says.title",
        has,
        wanted,
        is_one_of(has, titles),
    );
    let (has, wanted) = (document.text("says.number"), root.text("number.org"));
    differ(
        "numberDiffers",
        "says.number",
        has,
        wanted,
        folded(has) == folded(wanted),
    );
    if let Some(person) = case.investigator() {
        let (has, wanted) = (
            document.text("says.investigator"),
            person.text_in("name", Lang::Zh),
        );
        let names = [person.text("name.zh"), person.text("name.en")];
        let fits = is_one_of(has, names);
        differ(
            "investigatorDiffers",
            "says.investigator",
            has,
            wanted,
            fits,
        );
    }
    let n_sites = case.doc.of_kind(kind::SITE).count() as u64;
    for (code, field, wanted) in [
        (
            "sampleSizeDiffers",
            "says.enrollment",
            root.value("enrollment").as_u64(),
        ),
        (
            "siteNumberDiffers",
            "says.siteEnrollment",
            case.site.value("plannedEnrollment").as_u64(),
        ),
        ("sitesDiffer", "says.sites", Some(n_sites)),
    ] {
        if let Some((has, wanted)) = document.value(field).as_u64().zip(wanted) {
            differ(
                code,
                field,
                &has.to_string(),
                &wanted.to_string(),
                has == wanted,
            );
        }
    }
    if document.value("says.committeeContact").as_bool() == Some(false) {
        let place = at(document, "says.committeeContact");
        found.push(Finding::new("committeeContactMissing", place));
    }
}

/// Files that would have one name.
fn names(ctx: &Ctx<'_>, enclosed: &[Enclosed<'_>], found: &mut Vec<Finding>) {
    let Some(set) = ctx.case.set else {
        return;
    };
    let mut by_name: BTreeMap<String, Vec<&Entity>> = BTreeMap::new();
    for one in enclosed.iter().filter(|one| one.file.is_some()) {
        let name = file_name_of(&ctx.case, set, one, enclosed);
        by_name
            .entry(name.to_lowercase())
            .or_default()
            .push(one.document);
    }
    for (name, documents) in by_name.into_iter().filter(|(_, all)| all.len() > 1) {
        let finding = Finding::new("fileNamesEqual", at(documents[1], "title.zh"));
        found.push(finding.with("name", name).with("n", documents.len()));
    }
}

//! Sites, and everybody whom one can call.

use super::{flowing, heading, number};
use crate::node::{Cell, Column, Node, Run, Table};
use crate::pen::Pen;
use model::reference::CENTER;
use model::{Entity, Lang, kind, label};

/// Sites and contacts of the whole study.
pub(crate) fn sites_and_contacts(pen: &mut Pen<'_>) -> Vec<Node> {
    let mut out = Vec::new();
    if let Some(table) = sites(pen) {
        out.push(heading(2, pen.label(label!("pdf.sites"))));
        out.push(table);
    }
    if let Some(table) = officials(pen) {
        out.push(heading(2, pen.label(label!("pdf.studyContacts"))));
        out.push(table);
    }
    if let Some(table) = site_contacts(pen) {
        out.push(heading(2, pen.label(label!("pdf.siteContacts"))));
        out.push(table);
    }
    flowing(pen, label!("pdf.part.sites"), out)
}

/// One row for each site.
pub(crate) fn sites(pen: &mut Pen<'_>) -> Option<Node> {
    let mut table = Table::new(vec![
        Column::fixed(pen.label(label!("pdf.no")), 11.0).centered(),
        Column::share(pen.name_of(kind::SITE, "facility"), 2.0),
        Column::share(pen.name_of(kind::SITE, "department"), 0.9),
        Column::share(pen.label(label!("pdf.city")), 1.0),
        Column::fixed(pen.name_of(kind::SITE, "role"), 18.0).worded(pen.both()),
        Column::fixed(pen.name_of(kind::SITE, "status"), 20.0).worded(pen.both()),
        Column::fixed(pen.name_of(kind::SITE, "plannedEnrollment"), 15.0).centered(),
        Column::fixed(pen.label(label!("pdf.approval")), 33.0),
    ]);
    for (n, site) in pen.doc.of_kind(kind::SITE).enumerate() {
        let mut no = pen.value(site, "number");
        if no.is_empty() {
            no = number(n + 1);
        }
        let cells = vec![
            no,
            facility(pen, site),
            pen.value(site, "department"),
            city(pen, site),
            pen.value(site, "role"),
            pen.value(site, "status"),
            pen.value(site, "plannedEnrollment"),
            approval(pen, site),
        ];
        table.push(cells);
    }
    table.closed()
}

/// The name of a site's hospital: as written, else the partner hospital's.
pub(crate) fn facility(pen: &mut Pen<'_>, site: &Entity) -> Cell {
    let (lang, other) = match pen.main_lang() {
        Lang::Zh => (Lang::Zh, "facility.en"),
        Lang::En => (Lang::En, "facility.zh"),
    };
    let said = match lang {
        Lang::Zh => site.text("facility.zh"),
        Lang::En => site.text("facility.en"),
    };
    if said.is_empty() && !site.text("hospital").is_empty() {
        return pen.value(site, "hospital");
    }
    // A partner hospital has its name in both languages.
    match CENTER.hospital_of(site.text(other)) {
        Some(hospital) if said.is_empty() => vec![pen.text(hospital.name.text(lang), None)],
        _ => pen.value(site, "facility"),
    }
}

/// The name of a site's hospital on one line.
pub(crate) fn facility_line(pen: &mut Pen<'_>, site: &Entity) -> String {
    let cell = facility(pen, site);
    Pen::join(&cell, " ")
}

fn city(pen: &mut Pen<'_>, site: &Entity) -> Cell {
    let mut parts: Vec<String> = Vec::new();
    for name in ["city", "state", "country"] {
        let part = pen.line(site, name);
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    let conflict = ["city", "state", "country"]
        .iter()
        .any(|name| site.fields.get(*name).is_some_and(|held| held.conflict));
    if conflict {
        return ["city", "state", "country"]
            .iter()
            .flat_map(|name| pen.value(site, name))
            .collect();
    }
    if parts.is_empty() {
        Cell::new()
    } else {
        vec![pen.text(&parts.join(", "), None)]
    }
}

/// What is approved: version, letter, day, validity; from approvals of frozen versions, else as it
/// is noted with the site.
fn approval(pen: &mut Pen<'_>, site: &Entity) -> Cell {
    let standing = pen.opts.standing.site(&site.id);
    let approved = standing.filter(|row| row.current.is_some());
    let (mut out, until) = match approved {
        Some(row) => {
            let version = label!("pdf.version");
            let number = version.fill(pen.main_lang(), &[("version", &row.number)]);
            let lines = [&number, &row.letter, &row.approved_on];
            let lines = lines.map(|line| pen.text(line, None));
            let known = |run: &Run| !run.s.is_empty();
            let until = pen.text(&row.valid_until, None);
            let until = Some(until).filter(known).into_iter().collect();
            (lines.into_iter().filter(known).collect(), until)
        }
        None => {
            let mut out = pen.value(site, "approvedVersion");
            out.extend(pen.value(site, "approvalNumber"));
            out.extend(pen.value(site, "approvalDate"));
            (out, pen.value(site, "approvalValidUntil"))
        }
    };
    for run in until {
        let until = label!("pdf.validUntil");
        let text = until.fill(pen.main_lang(), &[("date", &run.s)]);
        out.push(Run {
            zh: crate::clean::is_chinese(&text),
            s: text,
            ..run
        });
    }
    out
}

/// The study's own contacts and officials.
fn officials(pen: &mut Pen<'_>) -> Option<Node> {
    let root = pen.doc.id.root();
    let mut table = Table::new(vec![
        Column::share(pen.name_of(kind::CONTACT, "name"), 1.0),
        Column::share(pen.name_of(kind::CONTACT, "role"), 0.8),
        Column::share(pen.name_of(kind::CONTACT, "affiliation"), 1.4),
        Column::fixed(pen.name_of(kind::CONTACT, "phone"), 31.0),
        Column::share(pen.name_of(kind::CONTACT, "email"), 1.2),
    ]);
    for contact in pen.doc.children(&root, kind::CONTACT) {
        let cells = vec![
            name_and_title(pen, contact),
            role(pen, contact),
            affiliation(pen, contact),
            phone(pen, contact),
            mail(pen, contact),
        ];
        table.push(cells);
    }
    table.closed()
}

/// The contacts of every site, site by site.
fn site_contacts(pen: &mut Pen<'_>) -> Option<Node> {
    let mut table = Table::new(vec![
        Column::share(pen.name_of(kind::SITE, "facility"), 1.4),
        Column::share(pen.name_of(kind::CONTACT, "name"), 1.0),
        Column::share(pen.name_of(kind::CONTACT, "role"), 0.8),
        Column::fixed(pen.name_of(kind::CONTACT, "phone"), 31.0),
        Column::share(pen.name_of(kind::CONTACT, "email"), 1.2),
    ]);
    for site in pen.doc.of_kind(kind::SITE) {
        // The name stands in every row: a row at the top of a page must not need the page before.
        let hospital = facility(pen, site);
        for contact in pen.doc.children(&site.id, kind::CONTACT) {
            let cells = vec![
                hospital.clone(),
                name_and_title(pen, contact),
                role(pen, contact),
                phone(pen, contact),
                mail(pen, contact),
            ];
            table.push(cells);
        }
    }
    table.closed()
}

/// Name, and title below it.
pub(crate) fn name_and_title(pen: &mut Pen<'_>, contact: &Entity) -> Cell {
    let mut cell = pen.value(contact, "name");
    cell.extend(pen.value(contact, "title"));
    cell
}

/// Role as a code, else the scope.
fn role(pen: &mut Pen<'_>, contact: &Entity) -> Cell {
    let role = pen.value(contact, "role");
    if role.is_empty() {
        pen.value(contact, "scope")
    } else {
        role
    }
}

fn affiliation(pen: &mut Pen<'_>, contact: &Entity) -> Cell {
    let mut cell = pen.value(contact, "affiliation");
    cell.extend(pen.value(contact, "department"));
    cell
}

/// Phone with extension.
pub(crate) fn phone(pen: &mut Pen<'_>, contact: &Entity) -> Cell {
    let mut cell = pen.value(contact, "phone");
    for run in pen.value(contact, "phoneExt") {
        let text = label!("pdf.extension").fill(pen.main_lang(), &[("number", &run.s)]);
        cell.push(Run { s: text, ..run });
    }
    cell
}

/// E-mail and other ways to write.
pub(crate) fn mail(pen: &mut Pen<'_>, contact: &Entity) -> Cell {
    let mut cell = pen.value(contact, "email");
    for run in pen.value(contact, "wechat") {
        let text = label!("pdf.wechat").fill(pen.main_lang(), &[("name", &run.s)]);
        cell.push(Run {
            zh: crate::clean::is_chinese(&text),
            s: text,
            ..run
        });
    }
    cell
}

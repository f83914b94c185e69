//! What application forms ask for, as far as the study knows it; the rest is left to be completed.

use super::{chapter, letter, milestones, sites, team};
use crate::dossier;
use crate::node::{Cell, Fact, Node, Run};
use crate::pen::Pen;
use model::{Entity, Label, kind, label};

/// Parts A to E of the application.
pub(crate) fn application(pen: &mut Pen<'_>, root: &Entity, site: &Entity) -> Vec<Node> {
    let mut out = vec![chapter(pen, label!("pdf.part.application"))];
    let parts = [
        (label!("pdf.form.a"), basics(pen, root, site)),
        (label!("pdf.form.b"), investigators(pen, root, site)),
        (label!("pdf.form.c"), sponsor(pen, root)),
        (label!("pdf.form.d"), participants(pen, root, site)),
        (label!("pdf.form.e"), description(pen, root)),
    ];
    for (label, rows) in parts {
        // The parts bear the letters of the forms.
        let run = pen.label(label);
        out.push(Node::Heading {
            level: 2,
            run,
            fresh: false,
            numbered: false,
        });
        out.push(Node::Facts { rows });
    }
    out
}

fn fact(pen: &Pen<'_>, label: &Label, value: Cell) -> Fact {
    let value = if value.is_empty() { pen.todo() } else { value };
    Fact::new(pen.label(label), value)
}

fn field(pen: &mut Pen<'_>, entity: &Entity, name: &str) -> Fact {
    let value = pen.value_or_todo(entity, name);
    Fact::new(pen.name_of(&entity.kind, name), value)
}

/// A field that is left out when nothing is written.
fn known(pen: &mut Pen<'_>, entity: &Entity, name: &str) -> Option<Fact> {
    let value = pen.value(entity, name);
    (!value.is_empty()).then(|| Fact::new(pen.name_of(&entity.kind, name), value))
}

fn basics(pen: &mut Pen<'_>, root: &Entity, site: &Entity) -> Vec<Fact> {
    let official = pen.value(root, "officialTitle");
    let title = if official.is_empty() {
        pen.value(root, "title")
    } else {
        official
    };
    let hospital = sites::facility(pen, site);
    let committee = letter::committee(pen, site);
    let mut out = vec![
        fact(pen, label!("pdf.form.title"), title),
        field(pen, root, "number.org"),
    ];
    out.extend(
        ["registry.nmr", "registry.chictr", "registry.nct"]
            .iter()
            .filter_map(|n| known(pen, root, n)),
    );
    for mut row in dossier::version_facts(pen, root) {
        if row.value.is_empty() {
            row.value = pen.todo();
        }
        out.push(row);
    }
    out.push(fact(pen, label!("pdf.form.institution"), hospital));
    out.push(field(pen, site, "department"));
    out.push(fact(pen, label!("pdf.form.committee"), committee));
    out.push(field(pen, root, "studyType"));
    out.extend(known(pen, root, "phase"));
    for name in [
        "design.allocation",
        "design.interventionModel",
        "design.masking",
        "design.observationalModel",
        "design.timePerspective",
        "design.primaryPurpose",
    ] {
        out.extend(known(pen, root, name));
    }
    let multicentre = multicentre(pen);
    out.push(fact(pen, label!("pdf.form.multicentre"), multicentre));
    out.extend(known(pen, site, "role"));
    out.push(fact(pen, label!("pdf.form.rejected"), Cell::new()));
    let stopped = pen.value(root, "whyStopped");
    out.push(fact(pen, label!("pdf.form.stopped"), stopped));
    let period = period(pen, root);
    out.push(fact(pen, label!("pdf.form.period"), period));
    out.extend(products(pen));
    out
}

fn multicentre(pen: &mut Pen<'_>) -> Cell {
    let sites: Vec<&Entity> = pen.doc.of_kind(kind::SITE).collect();
    if sites.len() < 2 {
        return pen.label_cell(label!("pdf.negative"));
    }
    let n = sites.len().to_string();
    let mut cell = pen.sentence(label!("pdf.form.siteCount"), &[("n", &n)]);
    for lead in sites.into_iter().filter(|site| site.text("role") == "LEAD") {
        let name = sites::facility_line(pen, lead);
        let label = label!("pdf.form.lead");
        let text = label.fill(pen.main_lang(), &[("name", &name)]);
        cell.push(pen.text(&text, None));
    }
    cell
}

/// From the study's start to its completion, as planned or as it was.
fn period(pen: &mut Pen<'_>, root: &Entity) -> Cell {
    let doc = pen.doc;
    let mut out = Cell::new();
    for milestone in doc.children(&root.id, kind::MILESTONE) {
        if !matches!(
            milestone.text("key"),
            "study_start" | "completion" | "fpi" | "lpo"
        ) {
            continue;
        }
        let name = milestones::name(pen, milestone);
        let name = Pen::join(&name, " ");
        for field in ["actual", "planned", "untyped"] {
            let day = pen.line(milestone, field);
            if !day.is_empty() {
                let kind = Pen::join(&vec![pen.name_of(kind::MILESTONE, field)], " ");
                out.push(pen.text(&format!("{name} {day} ({kind})"), None));
                break;
            }
        }
    }
    out
}

/// Interventions; products also need what only their papers know.
fn products(pen: &mut Pen<'_>) -> Vec<Fact> {
    let doc = pen.doc;
    let mut names = Cell::new();
    for intervention in doc.of_kind(kind::INTERVENTION) {
        names.extend(pen.value(intervention, "name"));
    }
    let mut out = Vec::new();
    if !names.is_empty() {
        out.push(fact(pen, label!("pdf.form.interventions"), names));
    }
    if model::product::products(doc).next().is_some() {
        out.push(fact(pen, label!("pdf.form.product"), Cell::new()));
    }
    out
}

fn investigators(pen: &mut Pen<'_>, root: &Entity, site: &Entity) -> Vec<Fact> {
    let mut out = Vec::new();
    match team::leader_of(pen, site) {
        Some(leader) => {
            let name = sites::name_and_title(pen, leader);
            out.push(fact(pen, label!("pdf.form.leader"), name));
            let phone = sites::phone(pen, leader);
            out.push(fact(pen, label!("pdf.form.leaderPhone"), phone));
            let mail = sites::mail(pen, leader);
            out.push(fact(pen, label!("pdf.form.leaderMail"), mail));
        }
        None => {
            let name = if site.text("role") == "LEAD" {
                let mut name = pen.value(root, "responsible.name");
                name.extend(pen.value(root, "responsible.title"));
                name
            } else {
                Cell::new()
            };
            out.push(fact(pen, label!("pdf.form.leader"), name));
            out.push(fact(pen, label!("pdf.form.leaderPhone"), Cell::new()));
            out.push(fact(pen, label!("pdf.form.leaderMail"), Cell::new()));
        }
    }
    let (name, phone, mail) = team::contact(pen, site);
    let lines = [name, phone, mail].map(|line| pen.text(&line, None));
    let mut contact = Cell::new();
    for line in lines {
        if !contact.contains(&line) {
            contact.push(line);
        }
    }
    out.push(fact(pen, label!("pdf.form.contact"), contact));
    let others = pen.sentence(label!("pdf.form.seeTeam"), &[]);
    out.push(fact(pen, label!("pdf.form.others"), others));
    out
}

fn sponsor(pen: &mut Pen<'_>, root: &Entity) -> Vec<Fact> {
    vec![
        field(pen, root, "sponsor"),
        field(pen, root, "funding"),
        fact(pen, label!("pdf.form.budget"), Cell::new()),
        fact(pen, label!("pdf.form.injury"), Cell::new()),
    ]
}

fn participants(pen: &mut Pen<'_>, root: &Entity, site: &Entity) -> Vec<Fact> {
    let here = pen.value(site, "plannedEnrollment");
    let total = pen.value(root, "enrollment");
    let mut out = vec![
        fact(pen, label!("pdf.form.here"), here),
        fact(pen, label!("pdf.form.total"), total),
    ];
    for name in [
        "eligibility.healthyVolunteers",
        "eligibility.sex",
        "eligibility.minimumAge",
    ] {
        out.push(field(pen, root, name));
    }
    out.extend(known(pen, root, "eligibility.maximumAge"));
    out.push(fact(pen, label!("pdf.form.vulnerable"), Cell::new()));
    let criteria = if section(pen, &["eligibility"]).is_empty() {
        Cell::new()
    } else {
        pen.sentence(label!("pdf.form.seeEligibility"), &[])
    };
    out.push(fact(pen, label!("pdf.form.criteria"), criteria));
    out.push(fact(pen, label!("pdf.form.conditions"), Cell::new()));
    let sources = section(pen, &["dataSources"]);
    out.push(fact(pen, label!("pdf.form.dataSources"), sources));
    out.extend(known(pen, root, "design.bioSpecRetention"));
    let duration = pen.value(root, "design.targetDuration");
    out.push(fact(pen, label!("pdf.form.duration"), duration));
    out.push(fact(pen, label!("pdf.form.payment"), Cell::new()));
    out.push(fact(pen, label!("pdf.form.waiver"), Cell::new()));
    out.push(fact(pen, label!("pdf.form.consentTime"), Cell::new()));
    let doc = pen.doc;
    let mut recruitment = Cell::new();
    for document in doc.of_kind(kind::DOCUMENT) {
        if document.text("kind") == "recruitment" {
            recruitment.extend(pen.value(document, "title"));
        }
    }
    out.push(fact(pen, label!("pdf.form.recruitment"), recruitment));
    out
}

fn description(pen: &mut Pen<'_>, root: &Entity) -> Vec<Fact> {
    let mut out = Vec::new();
    for (label, keys) in [
        (label!("pdf.form.abstract"), &["summary", "background"][..]),
        (
            label!("pdf.form.procedure"),
            &["assessments", "interventions", "description", "design"],
        ),
        (label!("pdf.form.expected"), &["objectives"]),
        (label!("pdf.form.risks"), &["risks", "safety"]),
        (label!("pdf.form.consent"), &["consent"]),
        (label!("pdf.form.privacy"), &["dataManagement"]),
    ] {
        let value = keys
            .iter()
            .map(|key| section(pen, &[key]))
            .find(|cell| !cell.is_empty());
        out.push(fact(pen, label, value.unwrap_or_default()));
    }
    let plan = pen.value(root, "publicationPlan");
    let plan = if plan.is_empty() {
        section(pen, &["dissemination"])
    } else {
        plan
    };
    out.push(fact(pen, label!("pdf.form.use"), plan));
    out.push(fact(pen, label!("pdf.form.alternatives"), Cell::new()));
    out
}

/// The text of sections as one cell; a long text is in the protocol behind, and said so.
fn section(pen: &mut Pen<'_>, keys: &[&str]) -> Cell {
    /// A form has room for this much. Units: characters.
    const ROOM: usize = 1200;
    let doc = pen.doc;
    let mut out: Vec<Run> = Vec::new();
    for section in doc.of_kind(kind::SECTION) {
        if keys.contains(&section.text("key")) {
            for block in doc.children(&section.id, kind::BLOCK) {
                out.extend(pen.value(block, "text"));
            }
        }
    }
    let length: usize = out.iter().map(|run| run.s.chars().count()).sum();
    if length > ROOM {
        pen.sentence(label!("pdf.form.seeProtocol"), &[])
    } else {
        out
    }
}

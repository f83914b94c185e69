//! Milestones of the study and of its sites.

use super::{flowing, heading, sites};
use crate::node::{Cell, Column, Manner, Node, Run, Table};
use crate::pen::Pen;
use model::calendar::Calendar;
use model::milestone::{self, when};
use model::reference::TEMPLATES;
use model::{Entity, EntityId, kind, label};
use std::collections::HashMap;

/// The days on which the sites, the committees or enrolment tell that milestones were reached that
/// have no actual day of their own.
type Told = HashMap<EntityId, String>;

fn told(pen: &Pen<'_>) -> Told {
    // No calendar changes what has happened.
    let plan = milestone::plan(pen.doc, Calendar::builtin(), None);
    let rows = plan.lanes.into_iter().flat_map(|lane| lane.rows);
    let derived = rows.filter(|row| row.derived);
    derived.map(|row| (row.id, row.actual)).collect()
}

/// Milestones of the study, then of each site that has any.
pub(crate) fn milestones(pen: &mut Pen<'_>) -> Vec<Node> {
    let mut out = Vec::new();
    let root = pen.doc.id.root();
    let told = told(pen);
    if let Some(table) = of_parent(pen, &root, &told) {
        out.push(heading(2, pen.label(label!("pdf.studyMilestones"))));
        out.push(table);
    }
    let mut first = true;
    for site in pen.doc.of_kind(kind::SITE) {
        let Some(table) = of_parent(pen, &site.id, &told) else {
            continue;
        };
        if first {
            out.push(heading(2, pen.label(label!("pdf.siteMilestones"))));
            first = false;
        }
        let name = sites::facility_line(pen, site);
        out.push(heading(3, pen.text(&name, None)));
        out.push(table);
    }
    flowing(pen, label!("pdf.part.milestones"), out)
}

/// Milestones of the study alone.
pub(crate) fn of_study(pen: &mut Pen<'_>) -> Vec<Node> {
    let root = pen.doc.id.root();
    let told = told(pen);
    let table = of_parent(pen, &root, &told).into_iter().collect();
    flowing(pen, label!("pdf.part.milestones"), table)
}

fn of_parent(pen: &mut Pen<'_>, parent: &EntityId, told: &Told) -> Option<Node> {
    let mut table = Table::new(vec![
        Column::share(pen.name_of(kind::MILESTONE, "name"), 1.6),
        Column::fixed(pen.name_of(kind::MILESTONE, "planned"), 24.0),
        Column::fixed(pen.name_of(kind::MILESTONE, "actual"), 24.0),
        Column::fixed(pen.name_of(kind::MILESTONE, "untyped"), 26.0),
        Column::fixed(pen.name_of(kind::MILESTONE, "baseline"), 24.0),
        Column::share(pen.name_of(kind::MILESTONE, "note"), 1.0),
    ]);
    for milestone in pen.doc.children(parent, kind::MILESTONE) {
        let mut note = pen.value(milestone, "note");
        let label = label!("pdf.notApplicable");
        for run in pen.value(milestone, "notApplicable") {
            let text = label.fill(pen.main_lang(), &[("reason", &run.s)]);
            note.push(Run {
                zh: crate::clean::is_chinese(&text),
                s: text,
                k: Manner::Mute,
                ..run
            });
        }
        let mut cells = vec![name(pen, milestone)];
        cells.extend(["planned", "actual", "untyped", "baseline"].map(|name| {
            match told.get(&milestone.id) {
                Some(day) if name == "actual" => {
                    let day = when::shown(day, pen.main_lang());
                    vec![pen.text(&day, None)]
                }
                _ => pen.value(milestone, name),
            }
        }));
        cells.push(note);
        table.push(cells);
    }
    table.closed()
}

/// The name of a milestone: its own, else the one that its key stands for.
pub(crate) fn name(pen: &mut Pen<'_>, milestone: &Entity) -> Cell {
    let own = pen.value(milestone, "name");
    if !own.is_empty() {
        return own;
    }
    match milestone.text("key") {
        "study_start" => pen.label_cell(label!("pdf.milestone.study_start")),
        "primary_completion" => pen.label_cell(label!("pdf.milestone.primary_completion")),
        "completion" => pen.label_cell(label!("pdf.milestone.completion")),
        key => {
            let mut all = TEMPLATES
                .iter()
                .flat_map(|t| t.milestones.iter().chain(&t.site_milestones));
            match all
                .find(|milestone| milestone.key == key)
                .map(|milestone| &milestone.name)
            {
                Some(name) => {
                    let words = pen.pair(&name.zh, &name.en);
                    vec![pen.text(&words, None)]
                }
                None => pen.label_cell(label!("pdf.untitled")),
            }
        }
    }
}

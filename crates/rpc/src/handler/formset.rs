//! Commands about form sets.

use crate::app::{App, blocking};
use crate::failure::{Failure, FailureKind};
use crate::request::{
    FileRef, FormSetExport, FormSetPreview, FormSetSave, Nothing, SubmissionForms,
};
use crate::response::{
    Done, FileWritten, FormSetChoices, FormSetRead, FormSetRow, FormSetSaved, FormSetSheet,
    FormSets,
};
use crate::work::formset as work;
use crate::{Host, places};
use model::formset;
use model::milestone::list;
use model::reference::Bilingual;
use std::path::PathBuf;

pub(crate) async fn formset_list<H: Host>(app: &App<H>, _: Nothing) -> Result<FormSets, Failure> {
    let known = app.with_desk(|desk| desk.form_sets()).await?;
    let rows = known.into_iter().map(|one| {
        let (directory, entry) = one.entry.unzip();
        FormSetRow {
            set: one.set,
            directory,
            entry,
            from: one.from,
            reason: one.reason,
            rival: one.rival,
            n_submissions: one.n_submissions,
            newest: one.newest,
            hospitals: one.hospitals.into_iter().map(|(_, name)| name).collect(),
        }
    });
    Ok(FormSets {
        rows: rows.collect(),
    })
}

pub(crate) async fn formset_choices<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<FormSetChoices, Failure> {
    let known = app.with_desk(|desk| desk.form_sets()).await?;
    let own = known.into_iter().filter(|one| one.entry.is_some());
    let own: Vec<formset::FormSet> = own.map(|one| one.set).collect();
    let used = formset::shipped().iter().chain(&own);
    let mut deadlines: Vec<&str> = used
        .flat_map(|set| set.deadlines.iter().map(String::as_str))
        .collect();
    deadlines.sort_unstable();
    deadlines.dedup();
    let deadlines = deadlines.into_iter().filter_map(list::deadline);
    Ok(FormSetChoices {
        sources: formset::sources(&own),
        conditions: formset::conditions(&own),
        made: formset::MADE.map(str::to_owned).to_vec(),
        deadlines: deadlines
            .map(|rule| formset::Choice {
                path: rule.key.clone(),
                group: Bilingual::default(),
                name: rule.name.clone(),
            })
            .collect(),
    })
}

pub(crate) async fn formset_preview<H: Host>(
    app: &App<H>,
    req: FormSetPreview,
) -> Result<FormSetSheet, Failure> {
    let lang = app.lang();
    app.with_desk(move |desk| work::sheet(desk, &req, lang))
        .await
}

pub(crate) async fn formset_save<H: Host>(
    app: &App<H>,
    req: FormSetSave,
) -> Result<FormSetSaved, Failure> {
    let mut set = req.set;
    app.change(move |desk| {
        if set.version.is_empty() {
            set.version = desk.form_set_version(&set.key)?;
        }
        let (entry, changed) = desk.form_set_save(&set, &req.from, &req.why)?;
        let version = set.version;
        Ok((FormSetSaved { entry, version }, changed))
    })
    .await
}

pub(crate) async fn formset_read<H: Host>(
    app: &App<H>,
    req: FileRef,
) -> Result<FormSetRead, Failure> {
    let path = PathBuf::from(req.path);
    app.with_desk(move |desk| Ok(work::read(desk, &path)))
        .await?
}

pub(crate) async fn formset_export<H: Host>(
    app: &App<H>,
    req: FormSetExport,
) -> Result<FileWritten, Failure> {
    let known = app.with_desk(|desk| desk.form_sets()).await?;
    let found = work::find(&known, &req.key, &req.version);
    let missing =
        || Failure::new(FailureKind::NotFound, "failure.noFormSetHere").with("key", &req.key);
    let bytes = work::to_file(&found.ok_or_else(missing)?.set);
    let path = PathBuf::from(&req.path);
    blocking(move || places::write_file(&path, &bytes)).await?;
    Ok(FileWritten {
        path: req.path,
        pages: None,
        warnings: Vec::new(),
    })
}

pub(crate) async fn submission_forms<H: Host>(
    app: &App<H>,
    req: SubmissionForms,
) -> Result<Done, Failure> {
    app.change(move |desk| {
        let changed = desk.submission_forms(&req.study, &req.submission, &req.key)?;
        Ok(((), changed))
    })
    .await?;
    Ok(Done {})
}

//! Commands about form sets.

use crate::app::{App, blocking};
use crate::failure::{Failure, FailureKind};
use crate::request::{
    BlankOf, BlankTake, FileRef, FormSetExport, FormSetPreview, FormSetSave, Nothing,
    SubmissionForms,
};
use crate::response::{
    BlankLook, BlankTaken, Done, FileWritten, FormSetChoices, FormSetRead, FormSetRow,
    FormSetSaved, FormSetSheet, FormSets,
};
use crate::work::formset as work;
use crate::work::{blank, blank_edit, package};
use crate::{Host, places};
use desk::DeskError;
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

pub(crate) async fn formset_blank_take<H: Host>(
    app: &App<H>,
    req: BlankTake,
) -> Result<BlankTaken, Failure> {
    let before = req.form.blank.as_ref().map(|blank| blank.sha256.clone());
    let before = app
        .with_desk(move |desk| Ok(before.and_then(|hash| desk.blank_read(&hash).ok())))
        .await?;
    let helper = package::helper()?;
    let (taken, bytes) = blocking(move || {
        let (name, kind, bytes) = blank_edit::read(&PathBuf::from(req.path))?;
        let file = (name.as_str(), kind, bytes.as_slice());
        let taken = blank_edit::take(file, &req.form, before.as_deref(), &helper)?;
        Ok((taken, bytes))
    })
    .await?;
    let name = taken.blank.name.clone();
    app.with_desk(move |desk| desk.blank_offer(&name, bytes))
        .await?;
    Ok(taken)
}

pub(crate) async fn formset_blank_look<H: Host>(
    app: &App<H>,
    req: BlankOf,
) -> Result<BlankLook, Failure> {
    let none = || Failure::new(FailureKind::NotFound, "blank.none");
    let own = req.form.blank.clone().ok_or_else(none)?;
    let hash = own.sha256.clone();
    let bytes = app
        .with_desk(move |desk| match desk.blank_read(&hash) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(DeskError::FileElsewhere) => Ok(None),
            Err(error) => Err(error),
        })
        .await?;
    let elsewhere =
        || Failure::new(FailureKind::NotFound, "blank.elsewhere").with("file", &own.name);
    let bytes = bytes.ok_or_else(elsewhere)?;
    let helper = package::helper()?;
    blocking(move || blank::look(own.kind, &bytes, Some(&req.form), &helper)).await
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

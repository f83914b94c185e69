//! Commands about studies as a whole.

use crate::Host;
use crate::app::App;
use crate::failure::{Failure, FailureKind};
use crate::request::{History, Nothing, Search, StudyCreate, StudyJoin, StudyRef};
use crate::response::{
    ConflictList, Done, HistoryAnswer, SearchAnswer, StudyAnswer, StudyCreated, StudyList,
};
use desk::{HistoryScope, NewStudy};

const HITS_MAX: usize = 500;
const HISTORY_MAX: usize = 500;

pub(crate) async fn study_list<H: Host>(app: &App<H>, _: Nothing) -> Result<StudyList, Failure> {
    app.with_desk(|desk| {
        Ok(StudyList {
            rows: desk.studies()?,
            findings: desk.findings()?,
        })
    })
    .await
}

pub(crate) async fn study_get<H: Host>(
    app: &App<H>,
    req: StudyRef,
) -> Result<StudyAnswer, Failure> {
    let found = app
        .with_desk(move |desk| {
            let Some(doc) = desk.study(&req.study)? else {
                return Ok(None);
            };
            let row = desk.studies()?.into_iter().find(|row| row.id == req.study);
            let drafts = desk.drafts(&req.study)?;
            Ok(row.map(|row| (doc, row, drafts)))
        })
        .await?;
    let (doc, row, drafts) = found.ok_or_else(no_study)?;
    let drafts = drafts.into_iter().map(super::edit::draft).collect();
    Ok(StudyAnswer { doc, row, drafts })
}

fn no_study() -> Failure {
    Failure::new(FailureKind::NotFound, "failure.noStudy")
}

pub(crate) async fn study_create<H: Host>(
    app: &App<H>,
    req: StudyCreate,
) -> Result<StudyCreated, Failure> {
    let new = NewStudy {
        fields: req.fields,
        template: req.template,
        hospitals: req.hospitals,
    };
    let study = app.change(move |desk| desk.create_study(&new)).await?;
    Ok(StudyCreated { study })
}

pub(crate) async fn study_archive<H: Host>(app: &App<H>, req: StudyRef) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.archive_study(&req.study)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn study_restore<H: Host>(app: &App<H>, req: StudyRef) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.restore_study(&req.study)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn study_join<H: Host>(app: &App<H>, req: StudyJoin) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.join(&req.keep, &req.other)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn search_run<H: Host>(
    app: &App<H>,
    req: Search,
) -> Result<SearchAnswer, Failure> {
    let limit = (req.limit as usize).min(HITS_MAX);
    let hits = app
        .with_desk(move |desk| desk.search(&req.query, limit))
        .await?;
    Ok(SearchAnswer { hits })
}

pub(crate) async fn history_list<H: Host>(
    app: &App<H>,
    req: History,
) -> Result<HistoryAnswer, Failure> {
    let limit = (req.limit as usize).clamp(1, HISTORY_MAX);
    let skip = req.skip as usize;
    let scope = match (req.study, req.entity, req.field) {
        (None, ..) => HistoryScope::All,
        (Some(study), None, _) => HistoryScope::Study(study),
        (Some(study), Some(entity), None) => HistoryScope::Entity(study, entity),
        (Some(study), Some(entity), Some(field)) => HistoryScope::Field(study, entity, field),
    };
    // One more than asked tells whether there is more.
    let mut entries = app
        .with_desk(move |desk| desk.history(&scope, limit + 1, skip))
        .await?;
    let more = entries.len() > limit;
    entries.truncate(limit);
    Ok(HistoryAnswer { entries, more })
}

pub(crate) async fn conflict_list<H: Host>(
    app: &App<H>,
    _: Nothing,
) -> Result<ConflictList, Failure> {
    Ok(ConflictList {
        rows: app.with_desk(|desk| desk.conflicts()).await?,
    })
}

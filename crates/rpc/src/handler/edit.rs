//! Commands that change one thing: a value, a part, its place; undo.

use crate::app::App;
use crate::request::{DraftPut, EntityAdd, EntityMove, EntityRef, FieldSet, Nothing, StudyRef};
use crate::response::{Done, Draft, DraftList, EntityAdded, FieldSaved, Undone};
use crate::{Failure, Host};
use desk::{Edit, Reason};

pub(crate) async fn entity_add<H: Host>(
    app: &App<H>,
    req: EntityAdd,
) -> Result<EntityAdded, Failure> {
    let entity = app
        .change(move |desk| desk.add(&req.study, &req.kind, req.parent, req.fields, req.after))
        .await?;
    Ok(EntityAdded { entity })
}

pub(crate) async fn entity_archive<H: Host>(app: &App<H>, req: EntityRef) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.archive(&req.study, &req.entity, &req.seen)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn entity_restore<H: Host>(app: &App<H>, req: EntityRef) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.restore(&req.study, &req.entity)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn entity_move<H: Host>(app: &App<H>, req: EntityMove) -> Result<Done, Failure> {
    app.change(move |desk| Ok(((), desk.move_to(&req.study, &req.entity, req.after)?)))
        .await?;
    Ok(Done {})
}

pub(crate) async fn field_set<H: Host>(app: &App<H>, req: FieldSet) -> Result<FieldSaved, Failure> {
    let why = req
        .why
        .filter(|why| !why.trim().is_empty())
        .map(Reason::text);
    let edit = Edit {
        entity: req.entity,
        field: req.field,
        value: req.value,
        seen: req.seen,
    };
    let register = app
        .change(move |desk| {
            let saved = desk.set(&req.study, edit, why)?;
            Ok((saved.register, saved.changed))
        })
        .await?;
    Ok(FieldSaved { register })
}

pub(crate) async fn field_draft<H: Host>(app: &App<H>, req: DraftPut) -> Result<Done, Failure> {
    app.with_desk(move |desk| match req.value {
        Some(value) => desk.draft_put(&req.study, &req.entity, &req.field, &value, &req.seen),
        None => desk.draft_drop(&req.study, &req.entity, &req.field),
    })
    .await?;
    Ok(Done {})
}

pub(crate) async fn field_drafts<H: Host>(
    app: &App<H>,
    req: StudyRef,
) -> Result<DraftList, Failure> {
    let drafts = app.with_desk(move |desk| desk.drafts(&req.study)).await?;
    Ok(DraftList {
        drafts: drafts.into_iter().map(draft).collect(),
    })
}

/// A draft as screens get it.
pub(super) fn draft(draft: desk::Draft) -> Draft {
    Draft {
        entity: draft.entity,
        field: draft.field,
        value: draft.value,
        seen: draft.seen,
    }
}

pub(crate) async fn edit_undo<H: Host>(app: &App<H>, _: Nothing) -> Result<Undone, Failure> {
    app.change(|desk| Ok(told(desk.undo()?))).await
}

pub(crate) async fn edit_redo<H: Host>(app: &App<H>, _: Nothing) -> Result<Undone, Failure> {
    app.change(|desk| Ok(told(desk.redo()?))).await
}

fn told(undone: Option<desk::Undone>) -> (Undone, desk::Changed) {
    match undone {
        None => {
            let nothing = Undone {
                done: false,
                study: None,
                entity: None,
                kind: None,
                field: None,
            };
            (nothing, desk::Changed::default())
        }
        Some(undone) => {
            let answer = Undone {
                done: true,
                study: Some(undone.study),
                entity: undone.entity,
                kind: undone.kind,
                field: undone.field,
            };
            (answer, undone.changed)
        }
    }
}

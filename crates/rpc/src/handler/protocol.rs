//! Commands about the text of a protocol, its conflicts and its suggestions.

use crate::app::App;
use crate::request::{ConflictRef, ProtocolSave, SuggestionSettle};
use crate::response::{BlockConflict, Done, ProtocolSaved, RivalText, SavedRegister};
use crate::work::conflict;
use crate::{Failure, Host};
use desk::Reason;
use model::protocol::ProtocolChange;

pub(crate) async fn protocol_save<H: Host>(
    app: &App<H>,
    req: ProtocolSave,
) -> Result<ProtocolSaved, Failure> {
    let why = req
        .why
        .filter(|why| !why.trim().is_empty())
        .map(Reason::text);
    let touched: Vec<_> = req.changes.iter().flat_map(registers_of).collect();
    let registers = app
        .change(move |desk| {
            let changed = desk.protocol_save(&req.study, req.changes, why)?;
            let mut registers = Vec::with_capacity(touched.len());
            for (entity, field) in touched {
                let register = desk.register(&req.study, &entity, &field)?;
                registers.push(SavedRegister {
                    entity,
                    field,
                    register,
                });
            }
            Ok((registers, changed))
        })
        .await?;
    Ok(ProtocolSaved { registers })
}

/// The registers that a change sets.
fn registers_of(change: &ProtocolChange) -> Vec<(model::EntityId, String)> {
    match change {
        ProtocolChange::Set { entity, field, .. } => vec![(entity.clone(), field.clone())],
        ProtocolChange::Add { id, fields, .. } => fields
            .keys()
            .map(|field| (id.clone(), field.clone()))
            .collect(),
        _ => Vec::new(),
    }
}

pub(crate) async fn block_conflict<H: Host>(
    app: &App<H>,
    req: ConflictRef,
) -> Result<BlockConflict, Failure> {
    let (base, register) = app
        .with_desk(move |desk| {
            let base = desk.conflict_base(&req.study, &req.entity, &req.field)?;
            let register = desk.register(&req.study, &req.entity, &req.field)?;
            Ok((base, register))
        })
        .await?;
    let found = conflict::of(base.as_ref(), register.as_ref());
    Ok(BlockConflict {
        base: base.unwrap_or_default(),
        suggestion: found.suggestion,
        rivals: found
            .rivals
            .into_iter()
            .map(|(op, spans)| RivalText { op, spans })
            .collect(),
    })
}

pub(crate) async fn suggestion_settle<H: Host>(
    app: &App<H>,
    req: SuggestionSettle,
) -> Result<Done, Failure> {
    app.change(move |desk| {
        let changed = desk.suggestion_settle(&req.study, &req.suggestion, req.accept)?;
        Ok(((), changed))
    })
    .await?;
    Ok(Done {})
}

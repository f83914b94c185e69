//! Commands about the text of a protocol.

use crate::app::App;
use crate::request::ProtocolSave;
use crate::response::{ProtocolSaved, SavedRegister};
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

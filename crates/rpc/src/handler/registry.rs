//! Commands that hold a protocol against a list, and fill the sheets of registries.

use crate::app::App;
use crate::failure::FailureKind;
use crate::request::{ProtocolCheck, RegistryNote, RegistryRef};
use crate::response::{CheckSheet, Done, RegistrySheet};
use crate::work::registry;
use crate::{Failure, Host};
use model::{StudyDoc, StudyId};

pub(crate) async fn protocol_check<H: Host>(
    app: &App<H>,
    req: ProtocolCheck,
) -> Result<CheckSheet, Failure> {
    let doc = study(app, req.study).await?;
    registry::check(&doc, &req.template)
}

pub(crate) async fn registry_sheet<H: Host>(
    app: &App<H>,
    req: RegistryRef,
) -> Result<RegistrySheet, Failure> {
    let doc = study(app, req.study).await?;
    registry::sheet(&doc, &req.registry)
}

pub(crate) async fn registry_note<H: Host>(
    app: &App<H>,
    req: RegistryNote,
) -> Result<Done, Failure> {
    let doc = study(app, req.study.clone()).await?;
    let values = registry::values(&doc, &req.registry)?;
    app.change(move |desk| {
        let (registry, date, note) = (&req.registry, &req.date, &req.note);
        let changed = desk.upload_note(&req.study, registry, date, &values, note)?;
        Ok(((), changed))
    })
    .await?;
    Ok(Done {})
}

async fn study<H: Host>(app: &App<H>, id: StudyId) -> Result<StudyDoc, Failure> {
    let doc = app.with_desk(move |desk| desk.study(&id)).await?;
    doc.ok_or_else(|| Failure::new(FailureKind::NotFound, "failure.noStudy"))
}

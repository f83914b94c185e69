//! Commands that write documents for others.

use crate::app::{App, blocking};
use crate::failure::{Failure, FailureKind};
use crate::request::{ExportCtgov, PdfExport};
use crate::response::FileWritten;
use crate::work::{export, pdf};
use crate::{Host, places};
use std::path::PathBuf;

pub(crate) async fn export_ctgov<H: Host>(
    app: &App<H>,
    req: ExportCtgov,
) -> Result<FileWritten, Failure> {
    let doc = study(app, req.study).await?;
    let path = PathBuf::from(&req.path);
    let lang = app.lang();
    let warnings = blocking(move || {
        let (bytes, gaps) = export::ctgov(&doc, lang);
        places::write_file(&path, &bytes)?;
        Ok(gaps)
    })
    .await?;
    Ok(FileWritten {
        path: req.path,
        pages: None,
        warnings,
    })
}

pub(crate) async fn export_pdf<H: Host>(
    app: &App<H>,
    req: PdfExport,
) -> Result<FileWritten, Failure> {
    let doc = study(app, req.study.clone()).await?;
    let prepared_by = app.with_desk(|desk| Ok(desk.profile().clone())).await?;
    let job = pdf::Job {
        doc,
        kind: req.kind,
        site: req.site,
        lang: req.lang,
        prepared_by,
        now: app.env.clock.now(),
        offset_minutes: app.env.clock.offset_minutes(),
        fonts: app.places.fonts.clone(),
    };
    let path = PathBuf::from(&req.path);
    let lang = app.lang();
    let (pages, warnings) = blocking(move || {
        let pdf = pdf::make(&job)?;
        places::write_file(&path, &pdf.bytes)?;
        let warnings = pdf
            .warnings
            .iter()
            .map(|warning| warning.text(lang))
            .collect();
        Ok((pdf.pages, warnings))
    })
    .await?;
    Ok(FileWritten {
        path: req.path,
        pages: u32::try_from(pages).ok(),
        warnings,
    })
}

async fn study<H: Host>(app: &App<H>, id: model::StudyId) -> Result<model::StudyDoc, Failure> {
    let doc = app.with_desk(move |desk| desk.study(&id)).await?;
    doc.ok_or_else(|| Failure::new(FailureKind::NotFound, "failure.noStudy"))
}

//! Commands that write documents for others.

use crate::app::{App, blocking};
use crate::failure::{Failure, FailureKind};
use crate::request::{ExportCtgov, PdfExport, WordExport};
use crate::response::FileWritten;
use crate::work::{export, pdf, word};
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
    let version = req.version.clone();
    let (kind, site) = (req.kind, req.site.clone());
    let (doc, standing, prepared_by, derived) = app
        .with_desk(move |desk| {
            let (doc, standing) = pdf::read(desk, &req.study, version.as_ref())?;
            let derived = pdf::derive(desk, &req.study, kind, site.as_ref())?;
            Ok((doc, standing, desk.profile().clone(), derived))
        })
        .await?;
    let job = pdf::Job {
        doc,
        standing,
        kind: req.kind,
        site: req.site,
        version: req.version,
        lang: req.lang,
        prepared_by,
        today: app.today(),
        fonts: app.places.fonts.clone(),
        derived,
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

pub(crate) async fn export_word<H: Host>(
    app: &App<H>,
    req: WordExport,
) -> Result<FileWritten, Failure> {
    let path = PathBuf::from(&req.path);
    let lang = app.lang();
    let file = app
        .with_desk(move |desk| word::write(desk, &req.study, req.version.as_ref(), req.lang))
        .await?;
    let warnings = word::remarks(&file, lang);
    blocking(move || places::write_file(&path, &file.bytes)).await?;
    Ok(FileWritten {
        path: req.path,
        pages: None,
        warnings,
    })
}

async fn study<H: Host>(app: &App<H>, id: model::StudyId) -> Result<model::StudyDoc, Failure> {
    let doc = app.with_desk(move |desk| desk.study(&id)).await?;
    doc.ok_or_else(|| Failure::new(FailureKind::NotFound, "failure.noStudy"))
}

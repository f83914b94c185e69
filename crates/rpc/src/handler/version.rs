//! Commands about versions and what changed between them.

use crate::app::{App, blocking};
use crate::request::{RedlineExport, RedlineGet, StudyRef, VersionFreeze};
use crate::response::{FileWritten, HindranceList, RedlineAnswer, RedlinePictures, VersionFrozen};
use crate::work::redline as work;
use crate::{Failure, Host, places};
use desk::Freeze;
use model::version::Standing;
use std::path::PathBuf;

pub(crate) async fn version_standing<H: Host>(
    app: &App<H>,
    req: StudyRef,
) -> Result<Standing, Failure> {
    app.with_desk(move |desk| desk.standing(&req.study)).await
}

pub(crate) async fn version_hindrances<H: Host>(
    app: &App<H>,
    req: StudyRef,
) -> Result<HindranceList, Failure> {
    let rows = app
        .with_desk(move |desk| desk.hindrances(&req.study))
        .await?;
    Ok(HindranceList { rows })
}

pub(crate) async fn version_freeze<H: Host>(
    app: &App<H>,
    req: VersionFreeze,
) -> Result<VersionFrozen, Failure> {
    let freeze = Freeze {
        number: req.number,
        date: req.date,
        base: req.base,
        fields: req.fields,
        leave_out: req.leave_out,
    };
    let version = app
        .change(move |desk| desk.version_freeze(&req.study, freeze))
        .await?;
    Ok(VersionFrozen { version })
}

pub(crate) async fn redline_get<H: Host>(
    app: &App<H>,
    req: RedlineGet,
) -> Result<RedlineAnswer, Failure> {
    let lang = app.lang();
    let sides = app
        .with_desk(move |desk| work::sides(desk, &req.study, req.from.as_ref(), req.to.as_ref()))
        .await?;
    blocking(move || {
        let (from_label, to_label) = sides.names(lang);
        let redline = sides.compare();
        Ok(RedlineAnswer {
            table: sides.table(&redline),
            redline,
            from_label,
            to_label,
        })
    })
    .await
}

pub(crate) async fn redline_pictures<H: Host>(
    app: &App<H>,
    req: RedlineGet,
) -> Result<RedlinePictures, Failure> {
    app.with_desk(move |desk| {
        let sides = work::sides(desk, &req.study, req.from.as_ref(), req.to.as_ref())?;
        let (old, new) = sides.pictures();
        Ok(RedlinePictures { old, new })
    })
    .await
}

pub(crate) async fn redline_export<H: Host>(
    app: &App<H>,
    req: RedlineExport,
) -> Result<FileWritten, Failure> {
    let path = PathBuf::from(&req.path);
    let fonts = app.places.fonts.clone();
    let (lang, today) = (app.lang(), app.today());
    let (sides, author) = app
        .with_desk(move |desk| {
            let sides = work::sides(desk, &req.study, req.from.as_ref(), req.to.as_ref())?;
            Ok((sides, desk.profile().clone()))
        })
        .await?;
    let wanted = work::Wanted {
        site: req.site,
        lang: req.lang,
        style: req.style,
        format: req.format,
        only_changed: req.only_changed,
        author,
        today,
        fonts,
    };
    blocking(move || {
        let made = work::write(&sides, &wanted)?;
        places::write_file(&path, &made.bytes)?;
        Ok(FileWritten {
            path: req.path,
            pages: made.pages,
            warnings: made.words(lang),
        })
    })
    .await
}

//! Commands about files that carry studies without a network.

use crate::app::{App, blocking};
use crate::request::{BundleRead, BundleWrite};
use crate::response::{BundleProblem, BundleTaken, FileWritten};
use crate::work::bundle;
use crate::{Failure, Host};
use std::path::PathBuf;

pub(crate) async fn bundle_write<H: Host>(
    app: &App<H>,
    req: BundleWrite,
) -> Result<FileWritten, Failure> {
    let (kdf, path) = (app.kdf, PathBuf::from(&req.path));
    app.with_desk(move |desk| {
        Ok(bundle::write(
            desk,
            &req.studies,
            &req.passphrase,
            kdf,
            &path,
        ))
    })
    .await??;
    Ok(FileWritten {
        path: req.path,
        pages: None,
        warnings: Vec::new(),
    })
}

pub(crate) async fn bundle_read<H: Host>(
    app: &App<H>,
    req: BundleRead,
) -> Result<BundleTaken, Failure> {
    let path = PathBuf::from(req.path);
    let bytes = blocking(move || bundle::read(&path)).await?;
    let taken = app
        .with_desk(move |desk| desk.bundle_in(&bytes, &req.passphrase))
        .await?;
    app.announce(taken.changed);
    let problem = |problem: desk::Problem| BundleProblem {
        code: format!("desk.problem.{}", problem.code),
        place: problem.place,
    };
    Ok(BundleTaken {
        studies: taken.studies,
        n_new: taken.n_new,
        n_known: taken.n_known,
        problems: taken.problems.into_iter().map(problem).collect(),
    })
}

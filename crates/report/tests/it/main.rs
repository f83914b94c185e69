//! Documents as they come out: text, structure, marks, warnings.

mod conflict;
mod document;
mod package;
mod pdf;
mod real;
mod records;
mod redlined;
mod sheets;
mod speed;
mod study;
mod typesetting;
mod versions;
mod written;

use report::{Fonts, Options, Pdf, PdfLang};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The folder that `cargo xtask fonts` fills.
fn font_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fonts")
}

/// The faces, parsed once for all tests; a plain line when they have not been fetched yet.
fn fonts() -> Option<&'static Fonts> {
    static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| match Fonts::load(&font_folder()) {
        Ok(fonts) => Some(fonts),
        Err(error) => {
            eprintln!("skipped: {error}");
            None
        }
    });
    FONTS.as_ref()
}

/// Of a study without versions.
static NOTHING_FROZEN: LazyLock<model::version::Standing> = LazyLock::new(Default::default);

fn options(lang: PdfLang) -> Options<'static> {
    Options {
        lang,
        today: "2026-03-09".to_owned(),
        prepared_by: "周岚".to_owned(),
        center: &model::reference::CENTER,
        standing: &NOTHING_FROZEN,
    }
}

/// Leaves a file to look at in the folder named by `REPORT_LOOK`, when there is one.
fn leave(name: &str, pdf: &Pdf) {
    if let Ok(folder) = std::env::var("REPORT_LOOK") {
        std::fs::write(Path::new(&folder).join(format!("{name}.pdf")), &pdf.bytes).expect("write");
    }
}

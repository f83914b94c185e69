//! Blanks that LibreOffice writes: found, filled, untouched elsewhere, and opened again by it.

use crate::blank_same::assert_other_parts_equal;
use exchange::blank::{fill, places};
use model::formset::{BlankKind, CellHow, CellValue};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

const PAGE: &str = r#"<html><head><meta charset="utf-8"></head><body><p>项目编号：</p>
<table border="1"><tr><td>研究项目名称</td><td colspan="2"></td></tr>
<tr><td rowspan="2">主要研究者</td><td>姓名</td><td></td></tr><tr><td>电话</td><td></td></tr>
<tr><td>研究类型</td><td colspan="2">□药物 □器械</td></tr></table></body></html>"#;

/// Has LibreOffice write a file as another kind; `None`, said aloud, where it is not installed.
pub(crate) fn convert(folder: &Path, file: &str, filter: &str, end: &str) -> Option<Vec<u8>> {
    let home = format!("-env:UserInstallation=file://{}/home", folder.display());
    let run = Command::new("soffice")
        .args([&home, "--headless", "--convert-to", filter, "--outdir"])
        .arg(folder)
        .arg(folder.join(file))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if !run.is_ok_and(|status| status.success()) {
        eprintln!("skipped: LibreOffice is not installed");
        return None;
    }
    fs::read(folder.join(file).with_extension(end)).ok()
}

#[test]
fn a_blank_of_libre_office_is_filled_and_opens_again() {
    let folder = testkit::folder();
    let folder = folder.path();
    for (kind, source, filter, main) in [
        (
            BlankKind::Docx,
            PAGE,
            "docx:MS Word 2007 XML",
            "word/document.xml",
        ),
        (
            BlankKind::Xlsx,
            "研究项目名称,\n主要研究者,\n",
            "xlsx",
            "xl/worksheets/sheet1.xml",
        ),
    ] {
        let name = match kind {
            BlankKind::Docx => "form.html",
            _ => "form.csv",
        };
        fs::write(folder.join(name), source).expect("writes");
        let Some(blank) = convert(folder, name, filter, kind.end()) else {
            return;
        };
        let found = places(kind, &blank).expect("a blank");
        let at = match kind {
            BlankKind::Docx => {
                let of = |label: &str| found.iter().find(|one| one.label == label);
                assert!(of("姓名").is_some() && of("电话").is_some(), "{found:#?}");
                assert!(found.iter().any(|one| one.says == "器械"), "{found:#?}");
                of("研究项目名称").expect("the title").at.clone()
            }
            _ => "form!B1".to_owned(),
        };
        let value = CellValue {
            at,
            how: CellHow::Text,
            text: "一项 <随机> & 对照研究".into(),
            ticked: false,
        };
        let filled = fill(kind, &blank, &[value]).expect("fills");
        assert_eq!(filled.lost, [""; 0]);
        assert_other_parts_equal(&blank, &filled.bytes, &[main]);
        let file = format!("filled.{}", kind.end());
        fs::write(folder.join(&file), &filled.bytes).expect("writes");
        let (filter, end) = match kind {
            BlankKind::Docx => ("txt:Text (encoded):UTF8", "txt"),
            _ => ("csv:Text - txt - csv (StarCalc):44,34,76", "csv"),
        };
        let text = convert(folder, &file, filter, end).expect("opens again");
        let text = String::from_utf8_lossy(&text).into_owned();
        assert!(text.contains("一项 <随机> & 对照研究"), "{text}");
        assert!(text.contains("主要研究者"), "{text}");
    }
}

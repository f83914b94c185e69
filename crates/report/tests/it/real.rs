//! Registry records as documents.

use crate::pdf::{pages, squeezed};
use crate::{fonts, leave, options, records};
use report::PdfLang;

/// The record with the most sites (171).
const MOST_SITES: &str = "NCT05904886";

#[test]
fn real_records_come_out_whole() {
    let Some(fonts) = fonts() else { return };
    for (i, path) in records::all().into_iter().enumerate() {
        let name = path
            .file_stem()
            .expect("name")
            .to_string_lossy()
            .into_owned();
        // Every record takes more than a minute; `REPORT_ALL` asks for it.
        let most = name == MOST_SITES;
        if i % 30 != 0 && !most && std::env::var_os("REPORT_ALL").is_none() {
            continue;
        }
        let doc = records::study(&path);
        let lang = [PdfLang::Zh, PdfLang::En, PdfLang::Both][i % 3];
        let pdf = report::dossier(&doc, &options(lang), fonts).expect("pdf");
        assert_eq!(pdf.warnings, [], "{name}");
        leave(&name, &pdf);
        if let Some(site) = doc.of_kind("site").next() {
            let made = report::submission(&doc, &site.id, &options(lang), fonts).expect("pdf");
            leave(&format!("{name}-submission"), &made);
        }
        let Some(text) = pages(&pdf) else { continue };
        let all = squeezed(&text.concat());
        assert!(all.contains(&name), "{name} names itself");
        for site in doc.of_kind("site").filter(|_| most) {
            // Later words may be hyphenated or stand on the next line, beside another column.
            let first = site
                .text("facility.en")
                .split_whitespace()
                .next()
                .unwrap_or("");
            assert!(all.contains(first), "{first}");
        }
    }
}

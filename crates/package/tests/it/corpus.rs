//! Every file of `shared/data/pdf` has the outcome that its list of facts predicts.

use crate::paper::{Paper, stamps, words};
use package::{Attachment, Clean, Refusal, clean, hash, merge};
use std::path::Path;
use std::process::Command;

/// One line of the list.
struct Fact {
    file: String,
    class: String,
    pages: Option<usize>,
    sizes: Vec<(f32, f32)>,
    turned: Vec<u16>,
    tags: String,
    password: Option<String>,
}

fn facts(folder: &Path) -> Vec<Fact> {
    let text = std::fs::read_to_string(folder.join("facts.tsv")).unwrap();
    let lines = text.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let count = |at: usize| cells[at].parse::<usize>().ok();
        let size = |text: &str| {
            let (wide, high) = text.split_once('x')?;
            Some((wide.parse().ok()?, high.parse().ok()?))
        };
        Fact {
            file: cells[0].into(),
            class: cells[1].into(),
            pages: count(2).or(count(3)),
            sizes: cells[4].split(';').filter_map(size).collect(),
            turned: cells[5]
                .split('|')
                .filter_map(|turned| turned.parse().ok())
                .collect(),
            tags: cells[7].to_owned(),
            password: Some(cells[8].to_owned()).filter(|password| !password.is_empty()),
        }
    });
    lines.collect()
}

/// Reads a file as the helper does: with room for deep nesting.
fn read(bytes: Vec<u8>, password: Option<String>) -> Result<Clean, Refusal> {
    let work = move || clean(&bytes, password.as_deref());
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(work);
    thread.unwrap().join().unwrap_or(Err(Refusal::Crashed))
}

fn is_locked(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::Password | Refusal::UnknownLock)
}

/// What is wrong with an outcome; `None` when it is the predicted one.
fn fault(fact: &Fact, outcome: &Result<Clean, Refusal>) -> Option<String> {
    let what = match outcome {
        Ok(clean) => format!("{} pages", clean.sheet.pages.len()),
        Err(refusal) => format!("{refusal:?}"),
    };
    let fits = match (fact.class.as_str(), outcome) {
        ("needs-password", Err(refusal)) => fact.password.is_none() && is_locked(*refusal),
        // Only what is enclosed in them is locked: a reader without a password has the pages.
        ("unreadable", outcome) => outcome.is_err(),
        (_, Ok(clean)) => Some(clean.sheet.pages.len()) == fact.pages,
        (_, Err(_)) => false,
    };
    (!fits).then(|| {
        format!(
            "{} ({}, {:?} pages): {what}",
            fact.file, fact.class, fact.pages
        )
    })
}

/// Files in which something does not unpack to its end.
const BROKEN: [&str; 4] = [
    "pdfjs/issue11651.pdf",
    "qpdf/qpdf__bad-data.pdf",
    "qpdf/qpdf__shared-images-errors.pdf",
    "qpdf/qpdf__split-exp-1.pdf",
];

/// One of its pages has paper without an area; such a page is given A4.
const WITHOUT_AREA: &str = "pdfjs/boundingBox_invalid.pdf";

#[test]
fn every_file_has_the_predicted_outcome_and_all_readable_ones_are_joined() {
    let Some(folder) = testkit::shared_or_skip("data/pdf") else {
        return;
    };
    let facts = facts(&folder);
    assert_eq!(facts.len(), 133);
    let mut faults = Vec::new();
    let mut taken = Vec::new();
    for fact in &facts {
        let bytes = std::fs::read(folder.join(&fact.file)).unwrap();
        let outcome = read(bytes, fact.password.clone());
        faults.extend(fault(fact, &outcome));
        if let Ok(clean) = outcome {
            let sizes: Vec<_> = clean.sheet.pages.iter().map(|page| page.visible).collect();
            // The list has the paper; a page of ours shows what is cut out of it.
            let is_whole =
                |page: &&package::Geometry| page.visible[0] == 0.0 && page.visible[1] == 0.0;
            let are_whole = clean.sheet.pages.iter().all(|page| is_whole(&page));
            for (wide, high) in fact
                .sizes
                .iter()
                .filter(|_| are_whole && fact.file != WITHOUT_AREA)
            {
                let has = sizes.iter().any(|[left, bottom, right, top]| {
                    (right - left - wide).abs() < 1.0 && (top - bottom - high).abs() < 1.0
                });
                if !has {
                    faults.push(format!(
                        "{}: no page of {wide} x {high}: {sizes:?}",
                        fact.file
                    ));
                }
            }
            let turned: Vec<u16> = clean.sheet.pages.iter().map(|page| page.turned).collect();
            if !fact.turned.iter().all(|wanted| turned.contains(wanted)) {
                faults.push(format!(
                    "{}: turned {turned:?}, not {:?}",
                    fact.file, fact.turned
                ));
            }
            // Nothing that a reader would stumble over is left in a file of its own either.
            let is_told = BROKEN.contains(&fact.file.as_str());
            if clean.sheet.broken.is_empty() == is_told {
                faults.push(format!("{}: broken {:?}", fact.file, clean.sheet.broken));
            }
            let is_loose = fact.tags.contains("fonts-not-embedded");
            if is_loose && clean.sheet.fonts.is_empty() {
                faults.push(format!("{}: no font is named", fact.file));
            }
            let fonts = clean.sheet.fonts.iter().map(|font| font.name.as_str());
            for name in fonts.filter(|name| name.contains('\u{fffd}')) {
                faults.push(format!("{}: a font is called {name}", fact.file));
            }
            taken.push((fact, clean));
        }
    }
    assert_eq!(faults, [""; 0]);
    join(&taken);
}

fn join(taken: &[(&Fact, Clean)]) {
    let mut front = Paper::new();
    front.page((595.0, 842.0), &words("front"));
    let front = front.bytes(lopdf::Dictionary::new());
    let attachments: Vec<Attachment<'_>> = taken
        .iter()
        .map(|(fact, clean)| Attachment {
            title: fact.file.clone(),
            file: &clean.bytes,
            behind: 1,
            // Every page whose foot is taken makes room.
            room: clean
                .sheet
                .feet
                .iter()
                .map(|free| if *free < 23.0 { 23.0 } else { 0.0 })
                .collect(),
        })
        .collect();
    let pages = taken.iter().flat_map(|(_, clean)| &clean.sheet.pages);
    let sizes: Vec<(f32, f32)> = pages.map(|page| page.size()).collect();
    let stamps = stamps(&sizes);
    let merged = merge(&front, &attachments, Some(&stamps)).unwrap();
    let again = merge(&front, &attachments, Some(&stamps)).unwrap();
    assert_eq!(
        hash(&merged.bytes),
        hash(&again.bytes),
        "the same bytes for the same input"
    );
    assert_eq!(merged.pages, 1 + sizes.len());
    let mut next = 2;
    for ((fact, clean), range) in taken.iter().zip(&merged.ranges) {
        assert_eq!(range.first, next, "{}", fact.file);
        next = range.last + 1;
        assert_eq!(next - range.first, clean.sheet.pages.len());
    }
    let file = lopdf::Document::load_mem(&merged.bytes).unwrap();
    assert_eq!(file.page_iter().count(), merged.pages);
    eprintln!(
        "{} files, {} pages, {} bytes",
        taken.len(),
        merged.pages,
        merged.bytes.len()
    );
    checked_by_qpdf(&merged.bytes, merged.pages);
}

/// A second opinion, where it is installed.
fn checked_by_qpdf(bytes: &[u8], pages: usize) {
    let folder = std::env::temp_dir().join(format!("package-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("merged.pdf");
    std::fs::write(&path, bytes).unwrap();
    let run = |args: &[&str]| Command::new("qpdf").args(args).arg(&path).output();
    let (Ok(check), Ok(count)) = (run(&["--check"]), run(&["--show-npages"])) else {
        eprintln!("skipped: qpdf is not on this machine");
        return;
    };
    let said = String::from_utf8_lossy(&check.stdout).into_owned()
        + &String::from_utf8_lossy(&check.stderr);
    if std::env::var_os("PIDESK_KEEP").is_none() {
        std::fs::remove_dir_all(&folder).unwrap();
    }
    assert_eq!(
        String::from_utf8_lossy(&count.stdout).trim(),
        pages.to_string()
    );
    assert!(
        !said.contains("WARNING") && !said.contains("ERROR") && check.status.success(),
        "{said}"
    );
}

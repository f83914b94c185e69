//! What other programs read out of a file: poppler for text, lopdf for structure.

use lopdf::{Document, Object, ObjectId};
use report::Pdf;
use std::collections::BTreeMap;
use std::process::Command;

/// Runs a program on the file; `None` and a plain line when it is not installed.
pub(crate) fn run(program: &str, before: &[&str], pdf: &Pdf, after: &[&str]) -> Option<String> {
    let folder = testkit::folder();
    let path = folder.path().join("file.pdf");
    std::fs::write(&path, &pdf.bytes).expect("file");
    let output = match Command::new(program)
        .args(before)
        .arg(&path)
        .args(after)
        .output()
    {
        Ok(output) => output,
        Err(error) => {
            eprintln!("skipped: {program} cannot be started ({error})");
            return None;
        }
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let faults = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {faults}{text}");
    Some(text)
}

/// The text of every page.
pub(crate) fn pages(pdf: &Pdf) -> Option<Vec<String>> {
    let text = run("pdftotext", &["-q", "-layout"], pdf, &["-"])?;
    Some(
        text.trim_end_matches('\u{c}')
            .split('\u{c}')
            .map(str::to_owned)
            .collect(),
    )
}

/// The text without white space and joiners, so that line ends do not matter.
pub(crate) fn squeezed(text: &str) -> String {
    text.chars()
        .filter(|ch| !ch.is_whitespace() && *ch != '\u{2060}')
        .collect()
}

/// A bookmark: how deep, what, and on which page from 1.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bookmark {
    pub(crate) depth: usize,
    pub(crate) title: String,
    pub(crate) page: usize,
}

/// Every bookmark, in order.
pub(crate) fn bookmarks(pdf: &Pdf) -> Vec<Bookmark> {
    let file = Document::load_mem(&pdf.bytes).expect("pdf");
    let pages: BTreeMap<ObjectId, usize> = file
        .page_iter()
        .enumerate()
        .map(|(i, id)| (id, i + 1))
        .collect();
    let catalog = file.catalog().expect("catalog");
    let outlines = follow(&file, catalog.get(b"Outlines").expect("outlines"));
    let mut out = Vec::new();
    walk(
        &file,
        &pages,
        outlines.as_dict().expect("outlines").get(b"First").ok(),
        0,
        &mut out,
    );
    out
}

fn walk(
    file: &Document,
    pages: &BTreeMap<ObjectId, usize>,
    first: Option<&Object>,
    depth: usize,
    out: &mut Vec<Bookmark>,
) {
    let mut next = first.cloned();
    while let Some(at) = next {
        let entry = follow(file, &at).as_dict().expect("entry");
        let title = follow(file, entry.get(b"Title").expect("title"));
        let title = lopdf::decode_text_string(title).expect("title");
        let page = target(
            file,
            entry
                .get(b"Dest")
                .or_else(|_| entry.get(b"A"))
                .expect("target"),
        );
        out.push(Bookmark {
            depth,
            title,
            page: pages[&page],
        });
        walk(file, pages, entry.get(b"First").ok(), depth + 1, out);
        next = entry.get(b"Next").ok().cloned();
    }
}

fn target(file: &Document, value: &Object) -> ObjectId {
    match follow(file, value) {
        Object::Array(items) => items[0].as_reference().expect("page"),
        Object::Dictionary(entries) => target(file, entries.get(b"D").expect("target")),
        other => panic!("a target of another kind: {other:?}"),
    }
}

/// A side of a box in poppler's list of boxes. Units: points.
pub(crate) fn side(line: &str, name: &str) -> f64 {
    let from = line.split_once(&format!("{name}=\"")).expect("side").1;
    from.split_once('"')
        .expect("number")
        .0
        .parse()
        .expect("number")
}

pub(crate) fn follow<'a>(file: &'a Document, value: &'a Object) -> &'a Object {
    match value {
        Object::Reference(id) => file.get_object(*id).expect("object"),
        other => other,
    }
}

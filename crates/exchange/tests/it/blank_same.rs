//! Two packages held against each other, part for part and node for node.

use roxmltree::{Document, Node};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Every part by its name, in order.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
    let n = archive.len();
    let read = |place| {
        let mut file = archive.by_index(place).expect("a part");
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).expect("unpacks");
        (file.name().to_owned(), bytes)
    };
    (0..n).map(read).collect()
}

/// A part as text.
pub(crate) fn part(bytes: &[u8], name: &str) -> String {
    let found: BTreeMap<String, Vec<u8>> = parts(bytes).into_iter().collect();
    String::from_utf8(found[name].clone()).expect("text")
}

/// Whether all parts but some have the same names, order and bytes.
pub(crate) fn assert_other_parts_equal(before: &[u8], after: &[u8], but: &[&str]) {
    let (before, after) = (parts(before), parts(after));
    let names = |parts: &[(String, Vec<u8>)]| -> Vec<String> {
        parts.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&before), names(&after));
    for ((name, old), (_, new)) in before.iter().zip(&after) {
        assert!(but.contains(&name.as_str()) || old == new, "{name}");
    }
}

/// Whether two parts have the same nodes, apart from those that may differ; how many were held
/// against each other.
pub(crate) fn same_but(
    before: &str,
    after: &str,
    may_differ: &dyn Fn(Node<'_, '_>) -> bool,
) -> usize {
    let (before, after) = (
        Document::parse(before).expect("a tree"),
        Document::parse(after).expect("a tree"),
    );
    let mut n = 0;
    compare(before.root(), after.root(), may_differ, &mut n);
    n
}

fn compare(
    before: Node<'_, '_>,
    after: Node<'_, '_>,
    may_differ: &dyn Fn(Node<'_, '_>) -> bool,
    n: &mut usize,
) {
    *n += 1;
    assert_eq!(before.tag_name(), after.tag_name());
    let said = |node: Node<'_, '_>| -> Vec<(String, String)> {
        let all = node.attributes();
        all.map(|one| (one.name().to_owned(), one.value().to_owned()))
            .collect()
    };
    if before.is_element() && may_differ(before) {
        return;
    }
    assert_eq!(said(before), said(after));
    if before.is_text() {
        assert_eq!(before.text(), after.text());
    }
    let (old, new): (Vec<_>, Vec<_>) = (before.children().collect(), after.children().collect());
    assert_eq!(
        old.len(),
        new.len(),
        "{:?} {:?}",
        before.tag_name(),
        said(before)
    );
    for (old, new) in old.into_iter().zip(new) {
        compare(old, new, may_differ, n);
    }
}

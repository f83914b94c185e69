//! The words of pages, as far as their fonts tell them.

use crate::paper::Paper;
use lopdf::Dictionary;
use package::Refusal;

#[test]
fn words_are_told_page_by_page() {
    let mut paper = Paper::new();
    for words in ["MRN 00123456", "nothing"] {
        let content = format!("BT /F1 12 Tf 72 720 Td ({words}) Tj ET");
        paper.page((595.0, 842.0), &content);
    }
    let pages = package::text(&paper.bytes(Dictionary::new())).expect("words");
    let pages: Vec<&str> = pages.iter().map(|page| page.trim()).collect();
    assert_eq!(pages, ["MRN 00123456", "nothing"]);
    assert_eq!(package::text(b"no document"), Err(Refusal::Damaged));
}

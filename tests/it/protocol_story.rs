//! The protocol in the real window: written, frozen, compared with what a committee approved, out
//! to Word and back; a picture of each view in both languages, and nothing for axe to find.

use crate::window::{Window, missing};

async fn look(window: &Window, view: &str, mark: &str, lang: &str) {
    window.click(&format!("protocol-view-{view}")).await;
    window.find(mark).await;
    window.picture(&format!("protocol-{view}-{lang}")).await;
    window
        .axe_finds_nothing(&format!("the protocol, {view}, {lang}"))
        .await;
}

#[tokio::test]
async fn a_protocol_is_written_frozen_compared_and_goes_to_word_and_back() {
    if let Some(reason) = missing() {
        eprintln!("skipped: {reason}");
        return;
    }
    let window = Window::open().await;
    window.click("lang-zh").await;
    window.click("sample").await;
    window.click("rail-studies").await;
    window.click("study-row").await;
    window.click("tab-protocol").await;

    // What Zhongshan's committee approved is frozen as it was: what stands against it is named.
    look(&window, "versions", "versions", "zh").await;
    window.click("freeze-open").await;
    window.find("hindrances").await;
    window.picture("freeze-zh").await;
    window.axe_finds_nothing("freezing").await;
    window.press_box("hindrances").await;
    window.fill("freeze-date", "2026-03-05").await;
    window.click("freeze").await;
    window.sees("已冻结").await;
    window.picture("frozen-zh").await;

    // Written: what is typed is saved by itself, as one step that can be taken back.
    window.click("protocol-view-text").await;
    let words = "比较总生存期。";
    window.sees(words).await;
    window.picture("protocol-text-zh").await;
    window.caret_behind(words).await;
    window.type_in("并记录每 3 个月的生活质量。").await;
    window.sees("并记录每 3 个月的生活质量。").await;
    window.click("rail-studies").await;
    window.click("study-row").await;
    window.click("tab-protocol").await;
    window
        .sees("比较总生存期。并记录每 3 个月的生活质量。")
        .await;

    // Compared: a committee's own base, by its site.
    look(&window, "compare", "compare-counts", "zh").await;
    window.sees("并记录每 3 个月的生活质量。").await;
    window.click("compare-part-table").await;
    window.find("change-table").await;
    window.click("write-why").await;
    window.find("field-rationale-text.zh").await;
    window.type_in("伦理委员会建议").await;
    window.click("compare-part-table").await;
    window.sees("伦理委员会建议").await;
    window.picture("change-table-zh").await;
    window.axe_finds_nothing("the table of changes").await;
    let table = window.path("table.docx");
    window.will_pick(&[&table]);
    window.click("compare-export").await;
    window.item("Word").await;
    window.sees("文件已写好").await;
    assert!(std::fs::read(&table).expect("the table").starts_with(b"PK"));

    // Held against a template, and as a registry asks for it.
    look(&window, "check", "check", "zh").await;
    look(&window, "registration", "registration", "zh").await;

    // Out to Word and back: nothing changed, and it says so.
    let file = window.path("protocol.docx");
    window.will_pick(&[&file]);
    window.click("word-menu").await;
    window.item("导出").await;
    window.find("export-dialog").await;
    window.picture("word-export-zh").await;
    window.axe_finds_nothing("the export").await;
    window.click("export-write").await;
    window.gone("export-dialog").await;
    window.will_pick(&[&file]);
    window.click("word-menu").await;
    window.item("导入").await;
    window.find("word-counts").await;
    window.sees("改动 0 段").await;
    window.picture("word-import-zh").await;
    window.axe_finds_nothing("a Word file").await;
    // In the other language it would be another matter, and that is shown before.
    window.click("word-lang-en").await;
    window.sees("改动 49 段").await;
    window.click("word-lang-zh").await;
    window.sees("改动 0 段").await;
    window.click("word-run").await;
    window.find("word-done").await;
    window.picture("word-done-zh").await;
    window.click("word-finish").await;
    window
        .sees("比较总生存期。并记录每 3 个月的生活质量。")
        .await;

    // The same views in English.
    window.click("rail-settings").await;
    window.click("set-lang-en").await;
    window.click("rail-studies").await;
    window.click("study-row").await;
    window.click("tab-protocol").await;
    for (view, mark) in [
        ("text", "protocol-view-text"),
        ("versions", "versions"),
        ("compare", "compare"),
        ("check", "check"),
        ("registration", "registration"),
    ] {
        look(&window, view, mark, "en").await;
    }
    window.close().await;
}

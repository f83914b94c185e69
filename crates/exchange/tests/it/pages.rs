//! Letter and forms as Word files: they open elsewhere and say what they were made of.

use crate::blank_office::convert;
use exchange::word::write_pages;
use model::Lang;
use model::word_page::{LineManner, WordBlock, WordPages};

#[test]
fn pages_open_in_libre_office_with_every_word() {
    let pages = WordPages {
        no: 3,
        title: "申请表".into(),
        blocks: vec![
            WordBlock::Line(LineManner::Title, "递交信 <1> & \"2\"".into()),
            WordBlock::Heading(1, "基本信息".into()),
            WordBlock::Facts(vec![("研究项目名称".into(), "一项\n两行的研究".into())]),
            WordBlock::Table {
                heads: vec!["序号".into(), "材料".into()],
                shares: vec![200, 800],
                rows: vec![vec!["1".into(), "研究方案𬭸".into()]],
            },
            WordBlock::Sign(vec![("主要研究者签字".into(), "日期".into())]),
        ],
    };
    let bytes = write_pages(&pages, Lang::Zh);
    assert_eq!(write_pages(&pages, Lang::Zh), bytes);
    // Our own reader takes it as well.
    let read = exchange::word::read(&bytes).expect("a Word file");
    assert!(!read.sections.is_empty());
    let folder = testkit::folder();
    std::fs::write(folder.path().join("form.docx"), &bytes).expect("writes");
    let Some(text) = convert(folder.path(), "form.docx", "txt:Text (encoded):UTF8", "txt") else {
        return;
    };
    let text = String::from_utf8_lossy(&text).into_owned();
    for words in [
        "递交信 <1> & \"2\"",
        "基本信息",
        "研究项目名称",
        "两行的研究",
        "研究方案𬭸",
        "主要研究者签字：____",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
}

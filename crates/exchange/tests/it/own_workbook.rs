//! The workbook that a coordinator keeps in words of her own: read as it stands, or as a person says.

use exchange::table::{self, Cell, Rows, Sheet, Workbook};
use model::columns::RowKind;

fn book(rows: &[&str]) -> Workbook {
    let cell = |text: &str| match text {
        "" => Cell::Empty,
        text => Cell::Text(text.to_owned()),
    };
    let cells = |row: &&str| row.split(',').map(cell).collect();
    Workbook {
        sheets: vec![Sheet {
            name: "中心进度".to_owned(),
            rows: (1..).zip(rows.iter().map(cells)).collect(),
        }],
        charset: None,
    }
}

/// Site, key and date of every milestone.
fn told(rows: &Rows) -> Vec<String> {
    let told = rows.milestones.iter().map(|row| {
        let text = |name: &str| row.fields.get(name).and_then(|value| value.as_str());
        let dates = ["day", "planned", "actual"]
            .into_iter()
            .filter_map(|name| text(name).map(|date| format!("{name} {date}")));
        let dates: Vec<String> = dates.collect();
        format!(
            "{} {} {}",
            row.site,
            text("key").unwrap_or("-"),
            dates.join(", ")
        )
    });
    told.collect()
}

const HEADS: &str = "序号,医院名称,PI,伦理递交时间,伦理批件时间,合同,启动会,首例入组,备注";
const ROW: &str = "1,中山医院,张示例,2026.12.15,2027/1/20,已签,2027-03-18,,x";

#[test]
fn a_row_for_each_site_is_read_with_a_title_above_and_without() {
    for lines in [&[HEADS, ROW][..], &["ECHO-1 进度表", HEADS, ROW]] {
        let book = book(lines);
        let mapping = table::guess(&book, None);
        assert_eq!(mapping.sheets[0].rows, RowKind::Sites);
        let rows = table::rows(&book, &mapping);
        assert_eq!(
            told(&rows),
            [
                "中山医院 site_ec_approval_filed day 2027-01-20",
                "中山医院 site_ec_submitted day 2026-12-15",
                "中山医院 siv day 2027-03-18",
            ]
        );
        // What is no date is named, and leaves the other dates of its row.
        let faults: Vec<_> = rows.faults.iter().map(|one| one.value.as_str()).collect();
        assert_eq!(faults, ["已签"]);
        assert_eq!(
            table::settle(&book, &mapping),
            mapping,
            "settled is settled"
        );
    }
}

#[test]
fn heads_say_which_date_in_front_behind_and_in_our_own_words() {
    let heads = "研究中心,计划启动会日期,启动会实际时间,批件时间,启动会（中心启动） · 计划日期";
    let mapping = table::guess(&book(&[heads]), None);
    let fields: Vec<_> = mapping.sheets[0]
        .columns
        .iter()
        .map(|one| one.field.as_str())
        .collect();
    assert_eq!(
        fields[..4],
        [
            "site",
            "milestone:siv.planned",
            "milestone:siv.actual",
            "milestone:site_ec_approval_filed"
        ]
    );
    for choice in table::known_fields(RowKind::Sites) {
        for head in [&choice.zh, &choice.en] {
            let line = format!("医院,启动会,{}", head.replace(',', " "));
            let mapping = table::guess(&book(&[&line]), None);
            let field = &mapping.sheets[0].columns[2].field;
            assert!(!field.is_empty(), "{head}");
        }
    }
}

#[test]
fn one_milestone_a_row_is_known_by_somebodys_word_for_it() {
    let book = book(&[
        "医院,里程碑,计划日期",
        "九院,启动会,2027-04-20",
        ",启动会,2027-04-21",
    ]);
    let rows = table::rows(&book, &table::guess(&book, None));
    assert_eq!(
        told(&rows),
        ["九院 siv planned 2027-04-20", " - planned 2027-04-21"]
    );
}

#[test]
fn a_sheet_in_unknown_words_is_offered_and_assigned_by_hand() {
    let book = book(&["甲,乙", "哪家,何时开始", "中山医院,2027-03-18"]);
    let mut mapping = table::guess(&book, None);
    let sheet = &mapping.sheets[0];
    assert_eq!(
        (sheet.rows, sheet.head_row, sheet.columns.len()),
        (RowKind::Skip, 1, 2)
    );
    // A person says what the rows are and where the heads stand …
    let sheet = &mut mapping.sheets[0];
    (sheet.rows, sheet.head_row) = (RowKind::Sites, 2);
    sheet.columns.clear();
    mapping = table::settle(&book, &mapping);
    let heads: Vec<_> = mapping.sheets[0]
        .columns
        .iter()
        .map(|one| one.head.as_str())
        .collect();
    assert_eq!(heads, ["哪家", "何时开始"]);
    // … and what each column is; the next time it is known.
    mapping.sheets[0].columns[0].field = "site".to_owned();
    mapping.sheets[0].columns[1].field = "milestone:siv.planned".to_owned();
    let again = table::guess(&book, Some(&mapping));
    assert_eq!(again, mapping);
    assert_eq!(
        told(&table::rows(&book, &again)),
        ["中山医院 siv planned 2027-03-18"]
    );
}

//! Tables of contacts and milestones, and the workbook that a coordinator keeps.

use crate::stored;
use exchange::table::{self, Cell, Rows, Sheet, Table, TableRefusal, Workbook};
use model::card::ContactCard;
use model::columns::{Mapping, RowKind};
use model::{EntityId, Lang, StudyDoc, kind};
use proptest::prelude::*;
use std::time::Instant;

fn text(text: &str) -> Cell {
    if text.is_empty() {
        Cell::Empty
    } else {
        Cell::Text(text.to_owned())
    }
}

fn sheet(name: &str, rows: &[&[&str]]) -> Sheet {
    let cells = |row: &&[&str]| row.iter().map(|cell| text(cell)).collect();
    Sheet {
        name: name.to_owned(),
        rows: (1..).zip(rows.iter().map(cells)).collect(),
    }
}

fn book(sheets: Vec<Sheet>) -> Workbook {
    Workbook {
        sheets,
        charset: None,
    }
}

/// What a coordinator keeps: a title over everything, remarks in heads, dates in every form.
fn workbook() -> Workbook {
    book(vec![
        sheet("封面", &[&["ECHO-1 项目总表"], &["更新：2026年3月"]]),
        sheet(
            "通讯录",
            &[
                &["ECHO-1 研究团队通讯录"],
                &[
                    "序号",
                    "姓名*",
                    "单位",
                    "科室",
                    "角色",
                    "手机",
                    "办公电话",
                    "邮箱（必填）",
                    "微信号",
                    "生日",
                ],
                &[
                    "1",
                    "丁小丽",
                    "中山医院",
                    "肿瘤内科",
                    "研究护士",
                    "13800138000",
                    "021-64041990",
                    "d@x.cn",
                    "dxl",
                    "1/1",
                ],
                &["2", "John Doe", "IBM", "", "总协调", "", "", "", "", ""],
                &["3", "", "华山医院", "", "", "", "", "", "", ""],
                &["", "", "", "", "", "", "", "", "", "none of our columns"],
            ],
        ),
        sheet(
            "进度",
            &[
                &["中心", "里程碑", "计划日期", "实际完成日期", "备注"],
                &["中山医院", "启动会", "2026/3/5", "2026年3月6日", ""],
                &["中山医院", "首例入组", "2026-05", "", "等合同"],
                &["华山医院", "启动会", "3/5/2026", "", ""],
            ],
        ),
        sheet(
            "中心总表",
            &[
                &[
                    "中心名称",
                    "选题登记",
                    "方案定稿 V1.0（计划）",
                    "方案定稿 V1.0（实际）",
                ],
                &["中山医院", "2026年1月", "2026-02-01", "2026-02-03"],
                &["", "2026-01-01", "", ""],
            ],
        ),
    ])
}

fn fields(rows: &Rows, place: usize) -> String {
    serde_json::to_string(&rows.contacts[place].fields).expect("JSON")
}

#[test]
fn the_one_workbook_is_understood_sheet_by_sheet() {
    let book = workbook();
    let mapping = table::guess(&book, None);
    let kinds: Vec<(RowKind, u32)> = mapping
        .sheets
        .iter()
        .map(|sheet| (sheet.rows, sheet.head_row))
        .collect();
    use RowKind::{Contacts, Milestones, Sites, Skip};
    assert_eq!(
        kinds,
        [(Skip, 1), (Contacts, 2), (Milestones, 1), (Sites, 1)]
    );
    let rows = table::rows(&book, &mapping);
    assert_eq!(
        fields(&rows, 0),
        r#"{"affiliation.zh":"中山医院","department.zh":"肿瘤内科","email":"d@x.cn","mobile":"13800138000","name.zh":"丁小丽","phone":"021-64041990","role":"RESEARCH_NURSE","wechat":"dxl"}"#
    );
    assert_eq!(
        fields(&rows, 1),
        r#"{"affiliation.en":"IBM","name.en":"John Doe","position":"总协调"}"#
    );
    assert_eq!(rows.contacts.len(), 2);
    let milestones: Vec<String> = rows
        .milestones
        .iter()
        .map(|row| {
            let of = |name: &str| row.fields.get(name).and_then(|v| v.as_str()).unwrap_or("-");
            format!(
                "{} {} {} {} {}",
                row.site,
                of("name.zh"),
                of("planned"),
                of("actual"),
                of("day")
            )
        })
        .collect();
    assert_eq!(
        milestones,
        [
            "中山医院 启动会 2026-03-05 2026-03-06 -",
            "中山医院 首例入组 2026-05 - -",
            "中山医院 选题登记 - - 2026-01",
            "中山医院 方案定稿 V1.0 2026-02-01 2026-02-03 -",
        ]
        .map(str::to_owned)
    );
    let faults: Vec<(u32, &str, &str)> = rows
        .faults
        .iter()
        .map(|fault| (fault.row, fault.value.as_str(), fault.code))
        .collect();
    assert_eq!(
        faults,
        [
            (5, "", "table.row.noName"),
            (4, "3/5/2026", "table.row.notADate"),
            (3, "", "table.row.noSite"),
        ]
    );
    for fault in &rows.faults {
        assert!(model::label::get(fault.code).is_some(), "{}", fault.code);
    }
}

#[test]
fn a_directory_of_six_hospitals_is_understood() {
    let heads = ["姓名", "拼音", "单位名称", "职称"];
    let book = book(vec![sheet(
        "",
        &[
            &heads,
            &["王建国", "Wang Jianguo", "复旦大学附属华山医院", "主任医师"],
        ],
    )]);
    let mapping = table::guess(&book, None);
    let columns = mapping.sheets[0].columns.iter();
    let fields: Vec<&str> = columns.map(|column| column.field.as_str()).collect();
    assert_eq!(fields, ["name", "name.en", "affiliation", "title"]);
    let rows = table::rows(&book, &mapping);
    let card = ContactCard::of_row("", &rows.contacts[0].fields);
    assert_eq!(card.title, "主任医师");
    assert_eq!(card.organisation, "复旦大学附属华山医院");
}

#[test]
fn both_names_of_a_person_stand_in_the_table_in_either_language() {
    let card = ContactCard {
        name: "Chen Xia".to_owned(),
        han_name: "陈霞".to_owned(),
        ..ContactCard::default()
    };
    let written = table::people(&[card], Lang::En);
    let names = [text("陈霞"), text("Chen Xia")];
    assert_eq!(written.rows[1][..2], names);
}

#[test]
fn one_cell_that_is_not_understood_costs_no_person() {
    let heads = ["姓名", "职务/角色", "GCP证书到期", "执业证号"];
    let long = "长".repeat(40_000);
    let book = book(vec![sheet(
        "",
        &[
            &heads,
            &["赵一", "PI", "长期", "110310000001234"],
            &["钱二", "Sub-I", "2027-03-31", ""],
            &[&long, "CRC", "2027-03-31", ""],
        ],
    )]);
    let mapping = table::guess(&book, None);
    let fields: Vec<&str> = mapping.sheets[0]
        .columns
        .iter()
        .map(|column| column.field.as_str())
        .collect();
    assert_eq!(fields, ["name", "role", "gcpUntil", "licence"]);
    let rows = table::rows(&book, &mapping);
    let of = |place: usize| ContactCard::of_row("", &rows.contacts[place].fields);
    let zhao = (of(0).name, of(0).role, of(0).gcp_until, of(0).licence);
    let expected = ["赵一", "主要研究者", "", "110310000001234"].map(str::to_owned);
    assert_eq!([zhao.0, zhao.1, zhao.2, zhao.3], expected);
    assert_eq!(of(1).gcp_until, "2027-03-31");
    // Without the name there is nobody.
    assert_eq!(rows.contacts.len(), 2);
    let left: Vec<_> = rows.faults.iter().map(|one| (one.row, one.code)).collect();
    assert_eq!(left[0], (2, "table.row.notADate"));
    assert!(left[1..].iter().all(|(row, _)| *row == 4) && left.len() > 1);
}

#[test]
fn people_come_back_from_their_table() {
    let cards = [0, 1].map(|place| {
        let rows = table::rows(&workbook(), &table::guess(&workbook(), None));
        ContactCard::of_row("", &rows.contacts[place].fields)
    });
    assert_eq!(cards[1].role, "总协调");
    for lang in [Lang::Zh, Lang::En] {
        let written = table::people(&cards, lang);
        for file in [written.csv(), written.xlsx().expect("a workbook")] {
            let book = table::read(&file, None).expect("our own file");
            let mapping = table::guess(&book, None);
            assert!(
                mapping.sheets[0]
                    .columns
                    .iter()
                    .all(|column| !column.field.is_empty())
            );
            let rows = table::rows(&book, &mapping);
            assert_eq!(rows.faults, []);
            let back: Vec<ContactCard> = rows
                .contacts
                .iter()
                .map(|row| ContactCard::of_row(&row.id, &row.fields))
                .collect();
            assert_eq!(back, cards);
        }
    }
}

#[test]
fn every_choice_for_a_column_has_words_and_is_understood() {
    for rows in [RowKind::Contacts, RowKind::Milestones, RowKind::Sites] {
        let choices = table::known_fields(rows);
        let fields: std::collections::BTreeSet<_> =
            choices.iter().map(|choice| &choice.field).collect();
        assert_eq!(fields.len(), choices.len(), "each once");
        for choice in &choices {
            assert!(!choice.zh.is_empty() && !choice.en.is_empty(), "{choice:?}");
        }
    }
    let sites = table::known_fields(RowKind::Sites);
    let siv = sites
        .iter()
        .find(|choice| choice.field == "milestone:siv.planned");
    assert!(
        siv.is_some_and(|choice| choice.en.ends_with(" · Planned")),
        "{sites:?}"
    );
}

#[test]
fn what_a_person_chose_is_kept_for_the_same_heads() {
    let mut chosen = table::guess(&workbook(), None);
    let people = &mut chosen.sheets[1];
    let birthday = people.columns.last_mut().expect("columns");
    assert_eq!(
        (birthday.head.as_str(), birthday.field.as_str()),
        ("生日", "")
    );
    birthday.field = "note".to_owned();
    let kept = serde_json::to_string(&chosen).expect("JSON");
    let kept: Mapping = serde_json::from_str(&kept).expect("a mapping");
    let later = book(vec![sheet(
        "通讯录 2027",
        &[
            &[],
            &[
                "序号",
                "姓名*",
                "生日",
                "单位",
                "科室",
                "角色",
                "手机",
                "办公电话",
                "邮箱（必填）",
                "微信号",
            ],
            &["1", "丁小丽", "1/1", "", "", "", "", "", "", ""],
        ],
    )]);
    let again = table::guess(&later, Some(&kept));
    let rows = table::rows(&later, &again);
    assert_eq!(fields(&rows, 0), r#"{"name.zh":"丁小丽","note":"1/1"}"#);
    assert_eq!(table::guess(&workbook(), Some(&kept)), kept);
}

/// The sample's first study, as a vault would hold it.
fn study() -> StudyDoc {
    let sample = &model::sample::studies()[0];
    let study = stored::study_id();
    let id = |path: &str| EntityId::of_import(&study, "sample", path);
    let mut entities = vec![stored::entity(
        study.root(),
        kind::STUDY,
        None,
        0,
        &sample.fields,
    )];
    entities.extend(sample.parts.iter().enumerate().map(|(ordinal, part)| {
        let parent = part.parent.as_deref().map_or(study.root(), id);
        stored::entity(
            id(&part.path()),
            &part.kind,
            Some(parent),
            ordinal,
            &part.fields,
        )
    }));
    StudyDoc {
        id: study,
        entities,
    }
}

fn plan_of(doc: &StudyDoc) -> model::milestone::plan::StudyPlan {
    model::milestone::plan(doc, model::calendar::Calendar::builtin(), None)
}

#[test]
fn what_we_write_comes_back() {
    let doc = study();
    for lang in [Lang::Zh, Lang::En] {
        for written in [
            table::contacts(&doc, lang),
            table::milestones(&doc, &plan_of(&doc), lang),
        ] {
            assert!(written.rows.len() > 3, "{}", written.name);
            let files = [written.csv(), written.xlsx().expect("a workbook")];
            for file in files {
                comes_back(&doc, &file, &written);
            }
        }
    }
}

#[test]
fn a_day_that_the_sites_tell_stands_in_the_table() {
    let mut doc = study();
    let root = doc.id.root();
    let site = doc.of_kind(kind::SITE).next().expect("a site").id.clone();
    let mut add = |parent: &EntityId, path: &str, fields: &[(&str, &str)]| {
        let id = EntityId::of_import(&doc.id, "test", path);
        let fields = fields
            .iter()
            .map(|(name, text)| ((*name).to_owned(), (*text).into()));
        let fields = fields.collect();
        let made = stored::entity(id, kind::MILESTONE, Some(parent.clone()), 99, &fields);
        doc.entities.push(made);
    };
    add(
        &root,
        "whole",
        &[
            ("key", "told"),
            ("rule", "first(site_told)"),
            ("planned", "2027-04-26"),
        ],
    );
    add(
        &site,
        "site",
        &[("key", "site_told"), ("actual", "2026-11-28")],
    );
    let written = table::milestones(&doc, &plan_of(&doc), Lang::Zh);
    let place = |head: &str| written.rows[0].iter().position(|cell| cell.text() == head);
    let (planned, actual) = (
        place("计划日期").expect("a head"),
        place("实际日期").expect("a head"),
    );
    let row = written
        .rows
        .iter()
        .find(|row| row[1].text() == "told")
        .expect("the row");
    assert_eq!(row[planned], Cell::Day("2027-04-26".to_owned()));
    assert_eq!(row[actual], Cell::Day("2026-11-28".to_owned()));
}

fn comes_back(doc: &StudyDoc, file: &[u8], written: &Table) {
    let book = table::read(file, None).expect("our own file");
    let rows = table::rows(&book, &table::guess(&book, None));
    assert_eq!(rows.faults, []);
    let all: Vec<_> = rows.contacts.iter().chain(&rows.milestones).collect();
    assert_eq!(all.len(), written.rows.len() - 1);
    for row in all {
        let id = model::EntityId::parse(&row.id).expect("an id");
        let entity = doc.entity(&id).expect("the entity");
        for (register, value) in &row.fields {
            assert_eq!(entity.value(register), value, "{register}");
        }
        let n_texts = entity
            .fields
            .iter()
            .filter(|(register, field)| {
                *register != "residue"
                    && field.value().as_str().is_some_and(|text| !text.is_empty())
            })
            .count();
        assert_eq!(row.fields.len(), n_texts, "{:?}", entity.fields.keys());
    }
}

#[test]
fn nothing_in_a_table_is_run() {
    let evil = [
        "=1+1",
        "+86 138",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\r=1",
        "'=1",
        "''@",
        "'a",
        "＝1",
        "a=b",
        "\"=1\"",
        "x,\"y\"\n;z",
    ];
    let written = Table {
        name: "t".to_owned(),
        rows: evil
            .iter()
            .map(|cell| vec![text("head"), text(cell)])
            .collect(),
    };
    let csv = written.csv();
    assert!(csv.starts_with(b"\xef\xbb\xbf"));
    for line in String::from_utf8_lossy(&csv)
        .split("\r\n")
        .filter(|line| !line.is_empty())
    {
        let cell = line
            .trim_start_matches('\u{feff}')
            .trim_start_matches("\"head\",\"");
        assert!(
            !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝']),
            "{line:?}"
        );
    }
    for file in [csv, written.xlsx().expect("a workbook")] {
        let read = table::read(&file, None).expect("our own file");
        let cells: Vec<Cell> = read.sheets[0]
            .rows
            .iter()
            .map(|(_, cells)| cells[1].clone())
            .collect();
        assert_eq!(cells, evil.map(text));
    }
    let again = written.xlsx().expect("a workbook");
    assert_eq!(
        again,
        written.xlsx().expect("a workbook"),
        "same values, same bytes"
    );
}

#[test]
fn tables_of_every_program_are_read() {
    let of = |bytes: &[u8]| {
        let book = table::read(bytes, None).expect("a table");
        let rows = &book.sheets[0].rows;
        rows.iter()
            .map(|(_, cells)| cells.iter().map(Cell::text).collect::<Vec<_>>().join("|"))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        of("\u{feff}姓名;电话\r\n丁小丽;\"1;2\"\r\n".as_bytes()),
        ["姓名|电话", "丁小丽|1;2"]
    );
    assert_eq!(of(b"sep=|\na|b,c\n"), ["a|b,c"]);
    assert_eq!(of(b"a\tb\rc\td"), ["a|b", "c|d"]);
    assert_eq!(
        of(b"a,\"b \"\"c\"\"\nd\",e\n\n,,\nf"),
        ["a|b \"c\"\nd|e", "f"]
    );
    let (gbk, ..) = encoding_rs::GBK.encode("姓名,单位\n丁小丽,复旦大学附属中山医院\n");
    assert_eq!(of(&gbk)[1], "丁小丽|复旦大学附属中山医院");
    let mut utf_16 = vec![0xff, 0xfe];
    utf_16.extend("姓名\t电话\n".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(of(&utf_16), ["姓名|电话"]);
}

#[test]
fn what_is_no_table_is_refused_in_time_with_its_reason() {
    let refused = |bytes: &[u8]| {
        let begun = Instant::now();
        let refusal = table::read(bytes, None).expect_err("refused");
        assert!(
            begun.elapsed() < crate::HANGS,
            "{refusal}: {:?}",
            begun.elapsed()
        );
        assert!(model::label::get(refusal.code()).is_some());
        refusal
    };
    assert_eq!(refused(b"  \n"), TableRefusal::Empty);
    assert_eq!(
        refused(b"\xd0\xcf\x11\xe0\xa1\xb1"),
        TableRefusal::OldOrEncrypted
    );
    assert_eq!(refused(b"%PDF-1.7"), TableRefusal::NotATable);
    assert_eq!(refused(b"\x7fELF\0\0"), TableRefusal::NotATable);
    assert_eq!(refused(b"PK\x03\x04 cut"), TableRefusal::Damaged);
    assert_eq!(
        refused(&b"a\n".repeat(table::ROWS_MAX + 1)),
        TableRefusal::TooMany
    );
    assert_eq!(
        refused(&[&b"a,".repeat(20)[..], b"\n"].concat().repeat(40_000)),
        TableRefusal::TooMany
    );
    let other = exchange::card::write_zip(&[model::card::ContactCard::default()]).expect("zip");
    assert_eq!(refused(&other), TableRefusal::NotATable);
    let mut far = rust_workbook(|sheet| {
        sheet
            .write_string(1_048_575, 16_383, "far")
            .expect("a cell");
    });
    let book = table::read(&far, None).expect("a cell far out takes no room");
    assert_eq!(book.sheets[0].rows, []);
    far.truncate(far.len() / 2);
    assert_eq!(refused(&far), TableRefusal::Damaged);
    let many = rust_workbook(|sheet| {
        for row in 0..60_000 {
            sheet.write_number(row, 0, 1.0).expect("a cell");
        }
    });
    assert_eq!(refused(&many), TableRefusal::TooMany);
    let bomb = zip_of(&[("xl/workbook.xml", &vec![b' '; 110_000_000])]);
    assert_eq!(refused(&bomb), TableRefusal::TooLarge);
}

#[test]
fn a_cell_over_several_rows_counts_for_each() {
    let file = rust_workbook(|sheet| {
        let format = rust_xlsxwriter::Format::new();
        for (column, head) in ["中心", "里程碑", "计划"].iter().enumerate() {
            sheet.write_string(0, column as u16, *head).expect("a cell");
        }
        sheet
            .merge_range(1, 0, 2, 0, "中山医院", &format)
            .expect("merged");
        let day = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d");
        for row in 1..3 {
            sheet.write_string(row, 1, "启动会").expect("a cell");
            sheet
                .write_number_with_format(row, 2, 46086, &day)
                .expect("a cell");
        }
    });
    let book = table::read(&file, None).expect("a workbook");
    let rows = table::rows(&book, &table::guess(&book, None));
    let seen: Vec<(&str, &serde_json::Value)> = rows
        .milestones
        .iter()
        .map(|row| (row.site.as_str(), &row.fields["planned"]))
        .collect();
    let day = serde_json::json!("2026-03-05");
    assert_eq!(seen, [("中山医院", &day), ("中山医院", &day)]);
}

fn rust_workbook(fill: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().expect("a workbook")
}

fn zip_of(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, data) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("a part");
        zip.write_all(data).expect("its bytes");
    }
    zip.finish().expect("an archive").into_inner()
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(book) = table::read(&bytes, None) {
            let _ = table::rows(&book, &table::guess(&book, None));
        }
    }

    #[test]
    fn any_damage_to_a_workbook_is_survived(
        at in any::<prop::sample::Index>(), with in any::<u8>(), cut in any::<prop::sample::Index>(),
    ) {
        let mut file = table::milestones(&study(), &plan_of(&study()), Lang::Zh).xlsx().expect("a workbook");
        let place = at.index(file.len());
        file[place] = with;
        let _ = table::read(&file, None);
        file.truncate(cut.index(file.len()));
        let _ = table::read(&file, None);
    }
}

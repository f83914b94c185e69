//! Which column is which field, by the words in its head.

use super::cell::{Sheet, Workbook};
use super::export::columns;
use super::rows::{LICENCE, MOBILE};
use model::columns::{
    ColumnChoice, ColumnMapping, DAY, MILESTONE, Mapping, RowKind, SITE, SheetMapping,
};
use model::field::{Field, of_register};
use model::milestone::list::LISTS;
use model::reference::{Bilingual, TEMPLATES};
use model::{Lang, code, kind, label};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// How far down the row of heads is looked for.
const HEAD_ROWS: usize = 30;

/// Heads that are known, in the form of [`plain`], and the field that each means.
type Words = BTreeMap<String, String>;

static WORDS: LazyLock<[(RowKind, Words); 3]> = LazyLock::new(|| {
    [RowKind::Contacts, RowKind::Milestones, RowKind::Sites].map(|rows| (rows, words(rows)))
});

fn words(rows: RowKind) -> Words {
    let (name, kind) = match rows {
        RowKind::Contacts => ("contacts", Some(kind::CONTACT)),
        RowKind::Milestones => ("milestones", Some(kind::MILESTONE)),
        RowKind::Sites | RowKind::Skip => ("sites", None),
    };
    let mut words = Words::new();
    // The program's own heads first: what it wrote, it reads.
    for column in kind.into_iter().flat_map(columns) {
        for lang in [Lang::Zh, Lang::En] {
            words.insert(plain(&column.head(lang)), column.register.clone());
        }
    }
    for line in include_str!("../../data/columns.tsv").lines() {
        let mut cells = line.split('\t');
        if let (Some(rows), Some(field), Some(known)) = (cells.next(), cells.next(), cells.next())
            && rows == name
        {
            for word in known.split('|') {
                words.entry(plain(word)).or_insert_with(|| field.to_owned());
            }
        }
    }
    if rows == RowKind::Sites {
        for (key, name) in known_milestones() {
            for name in [&name.zh, &name.en] {
                let field = format!("{MILESTONE}{key}");
                words.entry(plain(name)).or_insert(field);
            }
        }
        // What a person chooses from is also understood when it stands in a head.
        for choice in known_fields(rows) {
            for head in [&choice.zh, &choice.en] {
                words
                    .entry(plain(head))
                    .or_insert_with(|| choice.field.clone());
            }
        }
    }
    words
}

/// Milestones of all lists by key and name; a key may come twice with another name.
pub(super) fn known_milestones() -> impl Iterator<Item = (&'static str, &'static Bilingual)> {
    let listed = LISTS.iter().flat_map(|list| &list.items);
    let listed = listed.map(|item| (item.key.as_str(), &item.name));
    let templates = TEMPLATES.iter().flat_map(|template| &template.milestones);
    listed.chain(templates.map(|milestone| (milestone.key.as_str(), &milestone.name)))
}

/// A head without what does not matter: case, blanks, marks, width.
fn plain(head: &str) -> String {
    head.chars()
        .filter_map(|letter| match letter {
            '（' => Some('('),
            '）' => Some(')'),
            '*' | '＊' | ':' | '：' | ',' | '，' | '_' | '\'' | '’' => None,
            letter if letter.is_whitespace() || letter.is_control() => None,
            letter => Some(letter),
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The field of a head, by known words; a remark in brackets may follow them.
fn field_of(rows: RowKind, head: &str) -> Option<String> {
    let (_, words) = WORDS.iter().find(|(kind, _)| *kind == rows)?;
    let whole = plain(head);
    let (short, remark) = match whole.split_once('(') {
        Some((short, remark)) => (short, remark.trim_end_matches(')')),
        None => (whole.as_str(), ""),
    };
    if let Some(field) = words.get(&whole).or_else(|| words.get(short)) {
        let is_open = field.starts_with(MILESTONE) && !field.contains('.');
        let register = if is_open { which_date(remark) } else { "" };
        return Some(format!("{field}{register}"));
    }
    // A date is often called one: 启动会时间, 计划启动会日期.
    let named = undated(short);
    let field = words
        .get(named)
        .filter(|field| field.starts_with(MILESTONE) && !field.contains('.'))?;
    let said = short.replacen(named, "", 1);
    let register = match which_date(remark) {
        "" => which_date(&said),
        register => register,
    };
    Some(format!("{field}{register}"))
}

/// The milestone's key that somebody's words for it mean at a site.
pub(super) fn key_of(name: &str) -> Option<String> {
    let field = field_of(RowKind::Sites, name)?;
    let key = field.strip_prefix(MILESTONE)?;
    (!key.contains('.')).then(|| key.to_owned())
}

/// Which of a milestone's dates some words mean; empty when they do not say.
fn which_date(words: &str) -> &'static str {
    let says = |known: &[&str]| known.iter().any(|word| words.contains(word));
    if says(&["计划", "预计", "plan", "due"]) {
        ".planned"
    } else if says(&["实际", "完成", "actual", "done"]) {
        ".actual"
    } else {
        ""
    }
}

/// A head without the words that say only that it is a date, and which.
fn undated(head: &str) -> &str {
    const BEFORE: [&str; 5] = ["计划", "预计", "实际", "planned", "actual"];
    const AFTER: [&str; 9] = [
        "日期", "时间", "计划", "预计", "实际", "完成", "date", "planned", "actual",
    ];
    let mut rest = head;
    while let Some(less) = AFTER.iter().find_map(|word| rest.strip_suffix(word)) {
        rest = less;
    }
    while let Some(less) = BEFORE.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = less;
    }
    rest
}

/// The fields that a column of such rows can be, for a person to choose from, with their words.
pub fn known_fields(rows: RowKind) -> Vec<ColumnChoice> {
    let (kind, own) = match rows {
        RowKind::Contacts => (kind::CONTACT, &["name", "affiliation", "department"][..]),
        RowKind::Milestones => (kind::MILESTONE, &["name"][..]),
        RowKind::Sites => ("", &[][..]),
        RowKind::Skip => return Vec::new(),
    };
    let choice = |field: &str, head: &dyn Fn(Lang) -> String| ColumnChoice {
        rows,
        field: field.to_owned(),
        zh: head(Lang::Zh),
        en: head(Lang::En),
    };
    let mut found = Vec::new();
    // A text whose language the text itself tells.
    for name in own {
        if let Some(field) = of_register(kind, &format!("{name}.zh")) {
            found.push(choice(name, &|lang| words_of(field, lang).to_owned()));
        }
    }
    if rows == RowKind::Sites {
        found.push(choice(SITE, &|lang| {
            label!("table.site").text(lang).to_owned()
        }));
        let mut known = BTreeSet::new();
        for (key, name) in known_milestones().filter(|(key, _)| known.insert(*key)) {
            for register in [DAY, "planned", "actual"] {
                let field = match register {
                    DAY => format!("{MILESTONE}{key}"),
                    register => format!("{MILESTONE}{key}.{register}"),
                };
                let of = of_register(kind::MILESTONE, register);
                let head = |lang| {
                    let open = || label!("table.pastOrPlanned").text(lang);
                    let date = of.map_or_else(open, |field| words_of(field, lang));
                    format!("{} · {date}", name.text(lang))
                };
                found.push(choice(&field, &head));
            }
        }
        return found;
    }
    for column in columns(kind) {
        found.push(choice(&column.register, &|lang| column.head(lang)));
    }
    if rows == RowKind::Milestones {
        found.push(choice(DAY, &|lang| {
            label!("table.pastOrPlanned").text(lang).to_owned()
        }));
    }
    if let Some(mobile) = of_register(kind::INDIVIDUAL, MOBILE).filter(|_| kind == kind::CONTACT) {
        found.push(choice(MOBILE, &|lang| words_of(mobile, lang).to_owned()));
    }
    if rows == RowKind::Contacts {
        let licence = |lang| code::text("credentialKind", "LICENCE", lang).to_owned();
        found.push(choice(LICENCE, &licence));
    }
    found
}

fn words_of(field: &'static Field, lang: Lang) -> &'static str {
    match lang {
        Lang::Zh => field.zh,
        Lang::En => field.en,
    }
}

/// What is read from a workbook; what a person chose for the same heads before goes first.
pub fn guess(book: &Workbook, remembered: Option<&Mapping>) -> Mapping {
    let sheets = book.sheets.iter().map(|sheet| {
        let kept = remembered.and_then(|mapping| recall(sheet, mapping));
        kept.unwrap_or_else(|| by_words(sheet))
    });
    Mapping {
        sheets: sheets.collect(),
    }
}

/// A mapping with the columns of every sheet whose kind or row of heads a person changed (such a
/// sheet comes without columns), and with every sheet of the workbook.
pub fn settle(book: &Workbook, mapping: &Mapping) -> Mapping {
    let sheets = book.sheets.iter().enumerate().map(|(place, sheet)| {
        let named = |one: &&SheetMapping| one.sheet == sheet.name;
        // A CSV file has one sheet, whatever it was called before.
        let alone = || mapping.sheets.get(place).filter(|_| book.sheets.len() == 1);
        match mapping.sheets.iter().find(named).or_else(alone) {
            Some(mapped) if mapped.columns.is_empty() => {
                in_row(sheet, mapped.rows, mapped.head_row)
            }
            Some(mapped) => mapped.clone(),
            None => in_row(sheet, RowKind::Skip, 0),
        }
    });
    Mapping {
        sheets: sheets.collect(),
    }
}

/// A sheet whose heads stand in a given row; where none is given, in the first that could hold them.
fn in_row(sheet: &Sheet, rows: RowKind, head_row: u32) -> SheetMapping {
    let near = || sheet.rows.iter().take(HEAD_ROWS);
    let found = match head_row {
        0 => near()
            .find(|(_, cells)| heads(cells).len() > 1)
            .or_else(|| near().next()),
        wanted => sheet.rows.iter().find(|(row, _)| *row == wanted),
    };
    let columns = found.map_or_else(Vec::new, |(_, cells)| columns_of(rows, &heads(cells)));
    SheetMapping {
        sheet: sheet.name.clone(),
        rows,
        head_row: found.map_or(head_row, |(row, _)| *row),
        columns,
    }
}

fn columns_of(rows: RowKind, heads: &[(u32, String)]) -> Vec<ColumnMapping> {
    heads
        .iter()
        .map(|(column, head)| ColumnMapping {
            column: *column,
            head: head.clone(),
            field: field_of(rows, head).unwrap_or_default(),
        })
        .collect()
}

/// The heads in a row: column from 1, text.
fn heads(cells: &[super::Cell]) -> Vec<(u32, String)> {
    (1_u32..)
        .zip(cells)
        .filter(|(_, cell)| !cell.is_blank())
        .map(|(column, cell)| (column, cell.text()))
        .collect()
}

/// What was chosen before for a sheet with the same heads, wherever they stand now.
fn recall(sheet: &Sheet, mapping: &Mapping) -> Option<SheetMapping> {
    let is_left = |known: &&SheetMapping| {
        let there = |(row, _): &&(u32, Vec<super::Cell>)| *row == known.head_row;
        let there = sheet.rows.iter().find(there).map(|(_, cells)| heads(cells));
        let left = known.columns.iter();
        let left = left.map(|column| (column.column, column.head.clone()));
        known.rows == RowKind::Skip
            && known.sheet == sheet.name
            && there.is_some_and(|there| there == left.collect::<Vec<_>>())
    };
    if let Some(left) = mapping.sheets.iter().find(is_left) {
        return Some(left.clone());
    }
    let mut known: Vec<&SheetMapping> = mapping.sheets.iter().collect();
    known.sort_by_key(|known| known.sheet != sheet.name);
    known.into_iter().find_map(|known| {
        let wanted: BTreeMap<String, &str> = known
            .columns
            .iter()
            .filter(|column| !column.field.is_empty())
            .map(|column| (plain(&column.head), column.field.as_str()))
            .collect();
        if wanted.is_empty() {
            return None;
        }
        sheet.rows.iter().take(HEAD_ROWS).find_map(|(row, cells)| {
            let heads = heads(cells);
            let there: BTreeSet<String> = heads.iter().map(|(_, head)| plain(head)).collect();
            let all = wanted.keys().all(|head| there.contains(head));
            all.then(|| SheetMapping {
                sheet: sheet.name.clone(),
                rows: known.rows,
                head_row: *row,
                columns: heads
                    .into_iter()
                    .map(|(column, head)| ColumnMapping {
                        column,
                        field: wanted
                            .get(&plain(&head))
                            .copied()
                            .unwrap_or_default()
                            .to_owned(),
                        head,
                    })
                    .collect(),
            })
        })
    })
}

fn by_words(sheet: &Sheet) -> SheetMapping {
    let mut best: Option<(usize, SheetMapping)> = None;
    for (row, cells) in sheet.rows.iter().take(HEAD_ROWS) {
        let heads = heads(cells);
        for (rows, _) in WORDS.iter() {
            let columns = columns_of(*rows, &heads);
            let fields: BTreeSet<&str> = columns
                .iter()
                .map(|column| column.field.as_str())
                .filter(|field| !field.is_empty())
                .collect();
            let score = fields.len();
            if is_enough(*rows, &fields) && best.as_ref().is_none_or(|(most, _)| score > *most) {
                let found = SheetMapping {
                    sheet: sheet.name.clone(),
                    rows: *rows,
                    head_row: *row,
                    columns,
                };
                best = Some((score, found));
            }
        }
    }
    best.map_or_else(|| in_row(sheet, RowKind::Skip, 0), |(_, found)| found)
}

/// Whether some fields are enough to say that a row holds the heads of such rows.
fn is_enough(rows: RowKind, fields: &BTreeSet<&str>) -> bool {
    let has = |known: &[&str]| known.iter().any(|field| fields.contains(field));
    let has_name = has(&["name", "name.zh", "name.en"]);
    match rows {
        RowKind::Contacts => {
            let of_people = [
                "phone",
                "mobile",
                "email",
                "role",
                "title",
                "title.zh",
                "affiliation",
                "affiliation.zh",
                "department",
                "department.zh",
                "wechat",
                "address",
            ];
            has_name && has(&of_people)
        }
        RowKind::Milestones => {
            (has_name || has(&["key"])) && has(&["planned", "actual", "untyped", DAY])
        }
        RowKind::Sites => {
            let dates = fields.iter().filter(|field| field.starts_with(MILESTONE));
            has(&[SITE]) && dates.count() > 0
        }
        RowKind::Skip => false,
    }
}

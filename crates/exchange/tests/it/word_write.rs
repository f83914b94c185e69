//! Protocols as Word files: the text survives, every reference exists, a redline gives either text.

use crate::word_file::{Item, Node, Parts, Take, items};
use crate::word_random::Dice;
use crate::word_sample;
use exchange::word::write::{
    Author, Head, Langs, Sides, WordFile, write, write_change_table, write_redline,
};
use model::Lang;
use model::protocol::{Block, Protocol};
use model::rich::{MarkKind, RichText};
use proptest::prelude::*;
use std::collections::{BTreeSet, HashMap};

const ALL: [Langs; 3] = [Langs::Zh, Langs::En, Langs::Both];

fn head() -> Head {
    Head {
        number: "2.0".to_owned(),
        date: "2026-11-25".to_owned(),
        base: String::new(),
        is_draft: true,
        note: String::new(),
        state: None,
    }
}

fn author() -> Author {
    Author {
        name: "王海燕".to_owned(),
        at: "2026-11-25".to_owned(),
    }
}

fn changed(old: &Protocol, new: &Protocol, langs: Langs) -> WordFile {
    let redline = redline::redline(old, new);
    write_redline(&redline, Sides { old, new }, &head(), langs, &author())
}

/// What a file should hold behind its contents, in one language.
fn expected(protocol: &Protocol, lang: Lang) -> Vec<Item> {
    let mut out = Vec::new();
    for section in &protocol.sections {
        out.push(Item::Paragraph(section.title(lang).text.clone()));
        for (at, block) in section.blocks.iter().enumerate() {
            let behind = section.blocks.get(at + 1..).unwrap_or_default();
            match block.kind.as_str() {
                "note" if is_referred(&section.blocks, at, lang) => {}
                "row" => {
                    let table = section.blocks.get(..at).unwrap_or_default().iter().rev();
                    let rows =
                        table.take_while(|row| row.kind == "row" && row.table == block.table);
                    let before: usize = rows.map(|row| n_references(row, lang)).sum();
                    let of_table = |next: &&Block| next.kind == "row" && next.table == block.table;
                    let notes: Vec<&Block> = behind.iter().skip_while(of_table).collect();
                    let notes = notes.get(before..).unwrap_or_default();
                    let text = with_notes(block.text(lang), notes, lang);
                    let cells = text.split('\t').map(|cell| {
                        if cell.trim().is_empty() {
                            Vec::new()
                        } else {
                            vec![cell.to_owned()]
                        }
                    });
                    out.push(Item::Row(cells.collect()));
                }
                _ => {
                    let notes: Vec<&Block> = behind.iter().collect();
                    out.push(Item::Paragraph(with_notes(block.text(lang), &notes, lang)));
                }
            }
        }
    }
    out.retain(|item| !matches!(item, Item::Paragraph(text) if text.trim().is_empty()));
    out
}

fn n_references(block: &Block, lang: Lang) -> usize {
    let marks = block.text(lang).marks.iter();
    marks.filter(|mark| mark.kind == MarkKind::Note).count()
}

/// Whether a note is referred to by the block or table that it stands behind.
fn is_referred(blocks: &[Block], at: usize, lang: Lang) -> bool {
    let before = blocks.get(..at).unwrap_or_default().iter().rev();
    let n_notes = before
        .clone()
        .take_while(|block| block.kind == "note")
        .count();
    let mut owners = before.skip(n_notes);
    let Some(owner) = owners.next() else {
        return false;
    };
    let mut n = n_references(owner, lang);
    if owner.kind == "row" {
        let rows = owners.take_while(|row| row.kind == "row" && row.table == owner.table);
        n += rows.map(|row| n_references(row, lang)).sum::<usize>();
    }
    n_notes < n
}

fn with_notes(text: &RichText, behind: &[&Block], lang: Lang) -> String {
    let mut notes = behind.iter().take_while(|block| block.kind == "note");
    let mut marks = text
        .marks
        .iter()
        .filter(|mark| mark.kind == MarkKind::Note)
        .peekable();
    let mut out = String::new();
    for (at, ch) in (0..).zip(text.text.chars().map(Some).chain([None])) {
        while marks.next_if(|mark| mark.from == at).is_some() {
            if let Some(note) = notes.next() {
                out.push_str(&format!("〔{}〕", note.text(lang).text));
            }
        }
        out.extend(ch);
    }
    out
}

/// The items of one language of a file in both: by their letters.
fn in_lang(items: &[Item], lang: Lang) -> Vec<Item> {
    let is_its = |text: &str| {
        text.chars().any(|ch| match lang {
            Lang::Zh => ('\u{3400}'..'\u{a000}').contains(&ch),
            Lang::En => ch.is_ascii_alphabetic(),
        })
    };
    let own = items.iter().filter_map(|item| match item {
        Item::Paragraph(text) => is_its(text).then(|| item.clone()),
        Item::Row(cells) => {
            let cells = cells.iter().map(|cell| {
                let texts = cell.iter().filter(|text| is_its(text));
                texts.cloned().collect::<Vec<_>>()
            });
            Some(Item::Row(cells.collect()))
        }
    });
    own.collect()
}

/// Rows without the empty cells at their end: the other language may have more cells.
fn trimmed(items: Vec<Item>) -> Vec<Item> {
    let trim = |item| match item {
        Item::Row(mut cells) => {
            while cells.last().is_some_and(Vec::is_empty) {
                cells.pop();
            }
            Item::Row(cells)
        }
        item => item,
    };
    items.into_iter().map(trim).collect()
}

/// Reasons are in no language; they are compared by themselves.
fn without_reasons(items: Vec<Item>) -> (Vec<Item>, Vec<String>) {
    let mut reasons = Vec::new();
    let mut rest = Vec::new();
    for item in items {
        match item {
            Item::Paragraph(text) if text.starts_with("不适用") || text.starts_with("Not appl") =>
            {
                let reason = text.split_once(['：', ':']).expect("a colon").1;
                reasons.push(reason.trim_start().to_owned());
            }
            item => rest.push(item),
        }
    }
    (rest, reasons)
}

fn check(bytes: &[u8], langs: Langs, take: Take, protocol: &Protocol) {
    let (found, reasons) = without_reasons(items(bytes, take));
    let wanted: Vec<String> = protocol
        .sections
        .iter()
        .map(|section| section.not_applicable.clone())
        .filter(|reason| !reason.is_empty())
        .collect();
    assert_eq!(reasons, wanted);
    for lang in [Lang::Zh, Lang::En] {
        let wanted = expected(protocol, lang);
        let (found, wanted) = match (langs, lang) {
            (Langs::Both, _) => (in_lang(&found, lang), in_lang(&wanted, lang)),
            (Langs::Zh, Lang::Zh) | (Langs::En, Lang::En) => (found.clone(), wanted),
            _ => continue,
        };
        assert_eq!(
            trimmed(found),
            trimmed(wanted),
            "{langs:?} {lang:?} {take:?}"
        );
    }
}

/// Every id that is referred to exists, once.
fn check_references(file: &[u8]) {
    let parts = Parts::of(file);
    let types = parts.xml("[Content_Types].xml");
    let endings: BTreeSet<&str> = types
        .named("Default")
        .iter()
        .map(|node| node.value("Extension"))
        .collect();
    let known: BTreeSet<&str> = types
        .named("Override")
        .iter()
        .map(|node| node.value("PartName"))
        .collect();
    for name in parts.0.keys() {
        let ending = name.rsplit_once('.').expect("an ending").1;
        let is_known = known.contains(format!("/{name}").as_str());
        assert!(endings.contains(ending), "{name}");
        assert!(
            is_known || ending != "xml" || name.starts_with('['),
            "{name}"
        );
    }
    for name in known {
        assert!(parts.0.contains_key(name.trim_start_matches('/')), "{name}");
    }
    for (name, of) in [
        ("_rels/.rels", ""),
        ("word/_rels/document.xml.rels", "word/document.xml"),
        ("word/_rels/footnotes.xml.rels", "word/footnotes.xml"),
    ] {
        let relations = parts.0.contains_key(name).then(|| parts.xml(name));
        let mut ids = BTreeSet::new();
        for row in relations.iter().flat_map(|node| node.named("Relationship")) {
            assert!(ids.insert(row.value("Id").to_owned()), "{name}: twice");
            let folder = if of.is_empty() { "" } else { "word/" };
            let target = format!("{folder}{}", row.value("Target"));
            assert!(
                row.value("TargetMode") == "External" || parts.0.contains_key(&target),
                "{target}"
            );
        }
        let story = (!of.is_empty()).then(|| parts.xml(of));
        let mut nodes = Vec::new();
        if let Some(story) = &story {
            story.all(&mut nodes);
        }
        for node in nodes {
            for key in ["r:id", "r:embed"] {
                assert!(
                    node.value(key).is_empty() || ids.contains(node.value(key)),
                    "{of}: {key}"
                );
            }
        }
    }
    check_stories(&parts);
}

fn check_stories(parts: &Parts) {
    let styles = parts.xml("word/styles.xml");
    let styles: BTreeSet<&str> = styles
        .named("w:style")
        .iter()
        .map(|node| node.value("w:styleId"))
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|id| &*Box::leak(id.to_owned().into_boxed_str()))
        .collect();
    let numbering = parts.xml("word/numbering.xml");
    let lists: BTreeSet<&str> = numbering
        .named("w:num")
        .iter()
        .map(|node| node.value("w:numId"))
        .collect();
    let notes = parts.xml("word/footnotes.xml");
    let document = parts.xml("word/document.xml");
    let known: BTreeSet<&str> = notes
        .named("w:footnote")
        .iter()
        .map(|node| node.value("w:id"))
        .collect();
    let mut referred: BTreeSet<&str> = ["-1", "0"].into();
    for node in document.named("w:footnoteReference") {
        assert!(
            referred.insert(node.value("w:id")),
            "a note with two references"
        );
    }
    assert_eq!(referred, known);
    let mut changes = BTreeSet::new();
    let mut marks: HashMap<&str, &str> = HashMap::new();
    let stories = [&document, &notes];
    for part in ["word/header1.xml", "word/footer1.xml"] {
        check_styles(&parts.xml(part), &styles);
    }
    for story in stories {
        check_styles(story, &styles);
        for node in story.named("w:numId") {
            assert!(lists.contains(node.value("w:val")));
        }
        for name in [
            "w:ins",
            "w:del",
            "w:moveFrom",
            "w:moveTo",
            "w:pPrChange",
            "w:moveFromRangeStart",
            "w:moveToRangeStart",
        ] {
            for node in story.named(name) {
                assert!(changes.insert(node.value("w:id")), "a change's id twice");
                assert_eq!(node.value("w:author"), "王海燕");
                assert_eq!(node.value("w:date"), "2026-11-25T00:00:00Z");
            }
        }
        for node in story.named("w:bookmarkStart") {
            assert!(
                marks
                    .insert(node.value("w:id"), node.value("w:name"))
                    .is_none()
            );
        }
        for node in story.named("w:bookmarkEnd") {
            assert!(marks.contains_key(node.value("w:id")));
        }
        let n = |name| story.named(name).len();
        assert_eq!(n("w:bookmarkStart"), n("w:bookmarkEnd"));
        assert_eq!(n("w:moveFromRangeStart"), n("w:moveFromRangeEnd"));
        assert_eq!(n("w:moveToRangeStart"), n("w:moveToRangeEnd"));
    }
    let names: BTreeSet<&str> = marks.values().copied().collect();
    assert_eq!(names.len(), marks.len(), "a bookmark's name twice");
    let moves = |name| -> BTreeSet<&str> {
        document
            .named(name)
            .iter()
            .map(|node| node.value("w:name"))
            .collect()
    };
    assert_eq!(moves("w:moveFromRangeStart"), moves("w:moveToRangeStart"));
    for node in document.named("w:hyperlink") {
        assert!(node.value("w:anchor").is_empty() || names.contains(node.value("w:anchor")));
    }
}

fn check_styles(story: &Node, styles: &BTreeSet<&str>) {
    for name in ["w:pStyle", "w:rStyle", "w:tblStyle"] {
        for node in story.named(name) {
            assert!(
                styles.contains(node.value("w:val")),
                "no style {}",
                node.value("w:val")
            );
        }
    }
}

/// The bookmarks of a file.
fn marks(file: &[u8]) -> BTreeSet<String> {
    let parts = Parts::of(file);
    let stories = ["word/document.xml", "word/footnotes.xml"].map(|name| parts.xml(name));
    let marks = stories
        .iter()
        .flat_map(|story| story.named("w:bookmarkStart"));
    let names = marks.map(|node| node.value("w:name").to_owned());
    let is_ours = |name: &String| {
        name.starts_with("_pdFront") || name.starts_with("_pdLang") || name == "_pdRedline"
    };
    names.filter(|name| !is_ours(name)).collect()
}

fn expected_marks(protocol: &Protocol) -> BTreeSet<String> {
    let sections = protocol.sections.iter();
    let ids = sections.flat_map(|section| {
        std::iter::once(&section.id).chain(section.blocks.iter().map(|block| &block.id))
    });
    ids.map(|id| format!("_pd{}", id.as_str().replace('-', "")))
        .collect()
}

#[test]
fn the_sample_is_written_whole_with_every_reference() {
    let protocol = word_sample::protocol();
    for langs in ALL {
        let file = write(&protocol, &head(), langs);
        assert_eq!(file.warnings, Vec::<&str>::new());
        assert_eq!(
            file,
            write(&protocol, &head(), langs),
            "the same bytes again"
        );
        check_references(&file.bytes);
        assert_eq!(marks(&file.bytes), expected_marks(&protocol));
    }
}

#[test]
fn what_xml_forbids_and_broken_pictures_are_said() {
    let mut protocol = word_sample::protocol();
    protocol.sections[0].zh = "1 方案\u{b}摘要".into();
    protocol.sections[2].blocks[1].image = "{\"mime\":\"image/png\",\"data\":\"%\"}".to_owned();
    let file = write(&protocol, &head(), Langs::Zh);
    assert_eq!(
        file.warnings,
        ["word.out.charsLeftOut", "word.out.pictureLeftOut"]
    );
    assert!(items(&file.bytes, Take::All).contains(&Item::Paragraph("1 方案摘要".to_owned())));
    for warning in file.warnings {
        assert!(model::label::get(warning).is_some(), "{warning}");
    }
}

#[test]
fn a_table_of_changes_says_where_before_and_after() {
    let old = word_sample::protocol();
    let mut new = old.clone();
    new.sections[3].not_applicable = "本研究采用双盲。".to_owned();
    new.sections[2].blocks[0].zh.text = "剂量为 300 mg/m2，每 3 周 1 次；详见登记平台。".to_owned();
    new.facts[11].value = serde_json::json!("PHASE3");
    let rows = redline::change_table(&redline::redline(&old, &new));
    for langs in ALL {
        let file = write_change_table(&rows, &new, &head(), langs, "应伦理委员会要求修订。");
        check_references(&file.bytes);
        let found = items(&file.bytes, Take::All);
        let rows = found.iter().filter(|item| matches!(item, Item::Row(_)));
        assert_eq!(rows.count(), 4, "{found:?}");
    }
    let found = items(
        &write_change_table(&rows, &new, &head(), Langs::Zh, "").bytes,
        Take::All,
    );
    let cells = |cells: [&str; 4]| {
        let texts = cells.map(|text| vec![text.to_owned()]);
        Item::Row(texts.into_iter().chain([Vec::new()]).collect())
    };
    let phase = cells(["1", "研究分期\n（修改）", "II 期；III 期", "III 期"]);
    assert!(found.contains(&phase), "{found:?}");
}

#[test]
fn a_long_protocol_is_written_fast() {
    let mut protocol = word_sample::protocol();
    let text = "假设对照组中位无进展生存期为 6.0 个月，试验组为 9.2 个月。".repeat(4);
    for at in 0..1000 {
        let block = word_sample::block(5000 + at, "paragraph", &text, &text.replace('。', "."));
        protocol.sections[5].blocks.push(block);
    }
    let start = std::time::Instant::now();
    let file = write(&protocol, &head(), Langs::Both);
    let took = start.elapsed();
    eprintln!("{} bytes of Word in {took:?}", file.bytes.len());
    assert!(took.as_millis() < 1000, "{took:?}");
}

#[test]
fn pandoc_reads_either_text() {
    let mut dice = Dice::new(
        (0..3000)
            .map(|n: u16| n.wrapping_mul(40_503) >> 3)
            .collect(),
    );
    let (old, sample) = (dice.protocol(), word_sample::protocol());
    let new = dice.changed(&old);
    for (old, new) in [(&old, &new), (&sample, &sample)] {
        for (langs, lang) in [(Langs::Zh, Lang::Zh), (Langs::En, Lang::En)] {
            let file = changed(old, new, langs).bytes;
            for (take, protocol) in [("accept", new), ("reject", old)] {
                let Some(text) = pandoc(&file, take) else {
                    return;
                };
                let mut rest = text.as_str();
                for words in expected(protocol, lang).iter().flat_map(pieces) {
                    let at = rest.find(&words);
                    let at = at.unwrap_or_else(|| panic!("{take} {lang:?}: no {words} in {rest}"));
                    rest = &rest[at + words.len()..];
                }
            }
        }
    }
}

/// The letters and digits of an item between its notes, which pandoc puts at the end.
fn pieces(item: &Item) -> Vec<String> {
    let texts = match item {
        Item::Paragraph(text) => vec![text.as_str()],
        Item::Row(cells) => cells.iter().flatten().map(String::as_str).collect(),
    };
    let pieces = texts.into_iter().flat_map(|text| {
        let parts = text
            .split('〔')
            .map(|part| part.split_once('〕').map_or(part, |(_, rest)| rest));
        parts.map(letters).collect::<Vec<_>>()
    });
    pieces.filter(|piece| !piece.is_empty()).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|ch| ch.is_alphanumeric()).collect()
}

/// The letters and digits that pandoc finds in a file; `None`, said aloud, where it is not at hand.
fn pandoc(file: &[u8], take: &str) -> Option<String> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let take = format!("--track-changes={take}");
    let child = Command::new("pandoc")
        .args(["-f", "docx", "-t", "html", "--wrap=none", &take])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        eprintln!("skipped: no pandoc");
        return None;
    };
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(file)
        .expect("pandoc listens");
    let output = child.wait_with_output().expect("pandoc ends");
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let html = String::from_utf8(output.stdout).expect("UTF-8");
    let html = ["&lt;", "&gt;", "&amp;", "&quot;"]
        .iter()
        .fold(html, |html, name| html.replace(name, " "));
    let texts = html
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    Some(letters(&texts.collect::<String>()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn words_in_are_words_out(rolls in prop::collection::vec(any::<u16>(), 0..600)) {
        let protocol = Dice::new(rolls).protocol();
        for langs in ALL {
            let file = write(&protocol, &head(), langs);
            check(&file.bytes, langs, Take::All, &protocol);
            check(&file.bytes, langs, Take::None, &protocol);
            check_references(&file.bytes);
            prop_assert_eq!(marks(&file.bytes), expected_marks(&protocol));
        }
    }

    #[test]
    fn a_redline_gives_either_text(rolls in prop::collection::vec(any::<u16>(), 0..900)) {
        let mut dice = Dice::new(rolls);
        let old = dice.protocol();
        let new = dice.changed(&old);
        for langs in ALL {
            let file = changed(&old, &new, langs);
            check(&file.bytes, langs, Take::All, &new);
            check(&file.bytes, langs, Take::None, &old);
            check_references(&file.bytes);
            prop_assert_eq!(marks(&file.bytes), expected_marks(&new));
        }
    }
}

#[test]
fn a_redline_is_read_back_once_its_changes_are_settled() {
    let old = word_sample::protocol();
    let mut new = old.clone();
    new.sections[0].blocks[0].zh = "全部重写。".into();
    let head = Head {
        base: "1.0".to_owned(),
        ..head()
    };
    let write = |old: &Protocol, new: &Protocol| {
        let redline = redline::redline(old, new);
        write_redline(&redline, Sides { old, new }, &head, Langs::Zh, &author()).bytes
    };
    assert_eq!(
        exchange::word::read(&write(&old, &new)),
        Err(exchange::word::read::WordRefusal::Redline)
    );
    assert!(exchange::word::read(&write(&new, &new)).is_ok());
}

/// What a table is once changes are settled: of each row its cells, spans, merges and whether it
/// is a head.
fn shape(bytes: &[u8], take: Take) -> Vec<Vec<String>> {
    let parts = Parts::of(bytes);
    let gone = if take == Take::All { "w:del" } else { "w:ins" };
    let document = parts.xml("word/document.xml");
    let rows = document.named("w:tr").into_iter().filter(|row| {
        let properties = row.child("w:trPr");
        properties.is_none_or(|node| node.child(gone).is_none())
    });
    let cell = |cell: &Node| {
        let properties = cell.child("w:tcPr").expect("properties");
        let said = |name: &str| {
            let node = properties.child(name);
            node.map(|node| node.value("w:val").to_owned())
                .unwrap_or_default()
        };
        format!("{} {}", said("w:gridSpan"), said("w:vMerge"))
    };
    rows.map(|row| {
        let head = row
            .child("w:trPr")
            .and_then(|node| node.child("w:tblHeader"));
        let cells = row
            .inside
            .iter()
            .filter(|node| node.name == "w:tc")
            .map(cell);
        std::iter::once(format!("head {}", head.is_some()))
            .chain(cells)
            .collect()
    })
    .collect()
}

#[test]
fn a_table_whose_cells_change_gives_either_table() {
    let old = word_sample::protocol();
    let table = |protocol: &mut Protocol, change: &dyn Fn(&mut Block)| {
        let blocks = protocol.sections.iter_mut().flat_map(|one| &mut one.blocks);
        blocks
            .filter(|block| block.table == "t2")
            .take(6)
            .for_each(change);
    };
    let changes: [(&str, &dyn Fn(&mut Block)); 4] = [
        ("merged down", &|block| {
            let part = if block.zh.text.starts_with("检查 0") {
                "start"
            } else {
                "cont"
            };
            if block.zh.text.starts_with("检查 ") {
                block.layout = serde_json::json!({"vm": ["", part]}).to_string();
                if part == "cont" {
                    let text = block.zh.text.replacen("\t×", "\t", 1);
                    block.zh = text.as_str().into();
                }
            }
        }),
        ("a column more", &|block| {
            block.zh = format!("{}\t新", block.zh.text).as_str().into();
            block.en = format!("{}\tnew", block.en.text).as_str().into();
        }),
        ("no head", &|block| {
            block.layout = block.layout.replace("\"head\":true", "\"head\":false")
        }),
        ("one cell wide", &|block| {
            if block.zh.text.starts_with("检查 1") {
                block.layout = serde_json::json!({"span": [3]}).to_string();
                block.zh = "检查 1".into();
                block.en = "Assessment 1".into();
            }
        }),
    ];
    for (name, change) in changes {
        let mut new = old.clone();
        table(&mut new, change);
        for (old, new) in [(&old, &new), (&new, &old)] {
            let file = changed(old, new, Langs::Zh);
            let plain = |protocol: &Protocol| write(protocol, &head(), Langs::Zh).bytes;
            let settled = |take: Take| shape(&file.bytes, take);
            assert_eq!(settled(Take::All), shape(&plain(new), Take::All), "{name}");
            assert_eq!(settled(Take::None), shape(&plain(old), Take::All), "{name}");
        }
    }
}

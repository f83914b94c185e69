//! No word of one language stands in a text of the other.

use model::code::CODES;
use model::field::FIELDS;
use model::label::LABELS;

/// What is called so in Chinese, too: programs, formats, institutions, keys, forms to write in.
const PROPER: &str = "A-2a AHRQ Alt CDC CSV CTIS ChiCTR ClinicalTrials.gov DNA Delete EN EudraCT \
    Excel FDA GCP ICD-11 ICH IIT JSON M11 MB MIT NCT NIH Office OpenDocument PDF PubMed RTF SAE SAMHSA \
    SPIRIT UA-1 UTC UTF-8 VA WHO Word XML YYYY YYYY-MM YYYY-MM-DD YYYY-MM-DDThh YYYY-Q1 \
    csv doc docx holiday-cn https ics mm odt pdf siv-35d vCard vault.json vcf xls xlsx zip \
    center.example PI Desk invite pidesk-center";

/// Single letters: numbers of forms and phases, keys, the U of a USB stick, the V of a version.
const LETTERS: &str = "A B C D E I II III IV J K U V m";

/// Texts that name the other language, or quote what a registry or a file writes.
const QUOTED: [&str; 13] = [
    "ui.cmd.lang",
    "ui.protocol.zh",
    "ui.redline.lang.zh",
    "ui.sets.newFieldEn",
    "ui.sets.newFieldZh",
    "ui.sets.newFormEn",
    "ui.sets.newFormZh",
    "ui.sets.newItemEn",
    "ui.sets.newItemZh",
    "ui.sets.newPartEn",
    "ui.sets.newPartZh",
    "ui.people.nameless",
    "calendar.year.notAYear",
];

/// Every text with its key: labels, codes, fields.
fn texts() -> Vec<(String, &'static str, &'static str)> {
    let labels = LABELS
        .iter()
        .map(|one| (one.key.to_owned(), one.zh, one.en));
    let codes = CODES
        .iter()
        .map(|one| (format!("{}.{}", one.list, one.code), one.zh, one.en));
    let fields = FIELDS
        .iter()
        .map(|one| (format!("{}.{}", one.kind, one.name), one.zh, one.en));
    labels.chain(codes).chain(fields).collect()
}

/// A text without its places for values; of `{n:one|many}` the words stay.
fn without_places(text: &str) -> String {
    let mut rest = String::new();
    let mut is_name = false;
    for ch in text.chars() {
        match ch {
            '{' => is_name = true,
            ':' | '}' if is_name => is_name = false,
            _ if is_name => {}
            _ => rest.push(ch),
        }
    }
    rest
}

fn latin_words(text: &str) -> Vec<String> {
    let is_part = |ch: char| ch.is_ascii_alphanumeric() || ".-".contains(ch);
    without_places(text)
        .split(|ch: char| !is_part(ch))
        .map(|word| word.trim_matches(|ch: char| !ch.is_ascii_alphanumeric()))
        .filter(|word| word.starts_with(|ch: char| ch.is_ascii_alphabetic()))
        .map(str::to_owned)
        .collect()
}

#[test]
fn a_chinese_text_has_no_english_word() {
    let known: Vec<&str> = PROPER
        .split_whitespace()
        .chain(LETTERS.split_whitespace())
        .collect();
    let mut found = Vec::new();
    for (key, zh, en) in texts() {
        // Messages of the command line name its commands, which are the same in both languages.
        let is_command = |word: &str| {
            let names = key.starts_with("cli.") || key == "failure.fonts";
            names && latin_words(en).iter().any(|other| other == word)
        };
        let words = latin_words(zh).into_iter();
        let foreign =
            words.filter(|word| !known.contains(&word.as_str()) && !is_command(word.as_str()));
        if !QUOTED.contains(&key.as_str()) {
            found.extend(foreign.map(|word| format!("{key}: {word} in {zh}")));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn an_english_text_has_no_chinese_character() {
    let is_chinese = |ch: char| matches!(ch, '\u{3001}'..='\u{3011}' | '\u{3400}'..='\u{9fff}' | '\u{ff01}'..='\u{ff65}');
    let texts = texts();
    let found: Vec<_> = texts
        .iter()
        .filter(|(key, _, en)| en.chars().any(is_chinese) && !QUOTED.contains(&key.as_str()))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn every_exception_is_still_needed() {
    let texts = texts();
    let used: Vec<String> = texts
        .iter()
        .flat_map(|(_, zh, _)| latin_words(zh))
        .collect();
    for word in PROPER.split_whitespace() {
        assert!(
            used.iter().any(|other| other == word),
            "{word} stands nowhere"
        );
    }
    for key in QUOTED {
        assert!(
            texts.iter().any(|(other, ..)| other == key),
            "{key} is no text"
        );
    }
}

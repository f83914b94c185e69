//! Out to Word and back: sections and blocks are known again, with their words and marks.

use crate::word_file::Parts;
use crate::word_made::zip;
use crate::word_sample;
use exchange::word::write::{Head, Langs, write};
use exchange::word::{WordRefusal, read};
use model::Lang;
use model::protocol::Protocol;
use model::word::IncomingProtocol;

/// What both sides are compared by, a line each.
fn lines_of(protocol: &Protocol, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    for section in &protocol.sections {
        let title = section.title(lang);
        lines.push(format!(
            "{} {} {} {}",
            section.id, section.level, title.text, section.not_applicable
        ));
        for block in &section.blocks {
            let text = block.text(lang);
            lines.push(format!(
                "{} {}{}{} {} {}",
                block.id,
                block.kind,
                block.level,
                block.list,
                text.to_value(),
                block.image.len() > 10
            ));
        }
    }
    lines
}

fn lines_back(protocol: &IncomingProtocol) -> Vec<String> {
    let mut lines = Vec::new();
    for section in &protocol.sections {
        let id = |mark: &Option<model::EntityId>| mark.as_ref().map(ToString::to_string);
        let Some(mark) = id(&section.mark) else {
            continue;
        };
        let space = if section.number.is_empty() { "" } else { " " };
        lines.push(format!(
            "{mark} {} {}{space}{} {}",
            section.level, section.number, section.title.text, section.not_applicable
        ));
        for block in &section.blocks {
            lines.push(format!(
                "{} {}{}{} {} {}",
                id(&block.mark).unwrap_or_default(),
                block.kind,
                block.level,
                block.list,
                block.text.to_value(),
                block.image.len() > 10
            ));
        }
    }
    lines
}

fn check(protocol: &Protocol, lang: Lang, bytes: &[u8]) {
    let back = read(bytes).expect("a Word file");
    assert_eq!(back.lang, Some(lang));
    let n_marked = back.sections.iter().filter(|it| it.mark.is_some()).count();
    assert_eq!(n_marked, back.sections.len(), "nothing stands in front");
    let (there, back) = (lines_of(protocol, lang), lines_back(&back));
    for (there, back) in there.iter().zip(&back) {
        assert_eq!(there, back);
    }
    assert_eq!(there.len(), back.len());
}

#[test]
fn a_protocol_comes_back_from_word() {
    let protocol = word_sample::protocol();
    for (langs, lang) in [(Langs::Zh, Lang::Zh), (Langs::En, Lang::En)] {
        let file = write(&protocol, &Head::default(), langs);
        check(&protocol, lang, &file.bytes);
        // Other programs than Word drop the frames around the cover and the contents.
        let without_frames: Vec<(String, Vec<u8>)> = Parts::of(&file.bytes)
            .all()
            .map(|(name, bytes)| {
                let Ok(text) = std::str::from_utf8(bytes) else {
                    return (name.clone(), bytes.to_vec());
                };
                let mut out = String::new();
                for (n, part) in text.split("<w:sdtPr>").enumerate() {
                    out.push_str(match part.split_once("</w:sdtPr>") {
                        Some((_, rest)) if n > 0 => rest,
                        _ => part,
                    });
                }
                for tag in ["sdt", "sdtContent"] {
                    out = out.replace(&format!("<w:{tag}>"), "");
                    out = out.replace(&format!("</w:{tag}>"), "");
                }
                (name.clone(), out.into_bytes())
            })
            .collect();
        check(&protocol, lang, &zip(&without_frames));
    }
}

#[test]
fn inner_headings_and_notes_come_back_as_what_they_were() {
    let mut protocol = word_sample::protocol();
    let last = protocol.sections.last_mut().expect("a section");
    last.blocks.push(word_sample::block(
        9001,
        "heading",
        "4.1 剂量调整：见下列各条。",
        "4.1 How the dose is adjusted is said in the items that follow here.",
    ));
    last.blocks.push(word_sample::block(
        9002,
        "note",
        "没有引用的注释。",
        "A note that nothing refers to.",
    ));
    for (langs, lang) in [(Langs::Zh, Lang::Zh), (Langs::En, Lang::En)] {
        check(
            &protocol,
            lang,
            &write(&protocol, &Head::default(), langs).bytes,
        );
    }
}

#[test]
fn a_file_in_both_languages_is_not_read_back() {
    let file = write(&word_sample::protocol(), &Head::default(), Langs::Both);
    assert_eq!(read(&file.bytes), Err(WordRefusal::BothLanguages));
}

#[test]
fn an_export_says_its_language_whatever_most_of_its_letters_are() {
    let mut protocol = word_sample::protocol();
    let english = "All of this text was written in English and nobody has translated it so far. ";
    for n in 0..40 {
        let block = word_sample::block(9100 + n, "paragraph", "", &english.repeat(4));
        protocol.sections[0].blocks.push(block);
    }
    for (langs, lang) in [(Langs::Zh, Lang::Zh), (Langs::En, Lang::En)] {
        let file = write(&protocol, &Head::default(), langs);
        assert_eq!(read(&file.bytes).unwrap().lang, Some(lang));
    }
}

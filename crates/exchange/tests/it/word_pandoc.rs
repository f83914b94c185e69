//! Word files compared with what pandoc reads in them: every character once and in order.

use crate::word_made::Made;
use exchange::word::read;
use model::word::{IncomingProtocol, IncomingSuggestion};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A text apart from its notes, both without white space.
#[derive(Debug, Default)]
struct Streams {
    text: Vec<char>,
    notes: Vec<char>,
    /// Each paragraph of the text.
    paragraphs: BTreeSet<String>,
}

/// The two ways to settle tracked changes, as pandoc calls them.
const WAYS: [&str; 2] = ["reject", "accept"];

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| !letter.is_whitespace())
}

/// What pandoc reads; `None` where there is no pandoc.
fn by_pandoc(bytes: &[u8], way: &str) -> Option<Streams> {
    let child = Command::new("pandoc")
        .args(["-f", "docx+styles", "-t", "json"])
        .arg(format!("--track-changes={way}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = child else {
        println!("skipped: pandoc is not installed");
        return None;
    };
    let mut stdin = child.stdin.take().expect("stdin of pandoc");
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || stdin.write_all(&bytes));
    let out = child.wait_with_output().expect("output of pandoc");
    writer.join().expect("thread").expect("input of pandoc");
    assert!(out.status.success(), "pandoc failed");
    let value: Value = serde_json::from_slice(&out.stdout).expect("JSON of pandoc");
    let mut streams = Streams::default();
    walk(&value["blocks"], &mut streams, false);
    Some(streams)
}

fn walk(value: &Value, out: &mut Streams, in_note: bool) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, out, in_note)),
        Value::Object(map) => {
            let content = &value["c"];
            let say = |out: &mut Streams, text: &str| {
                let to = if in_note {
                    &mut out.notes
                } else {
                    &mut out.text
                };
                to.extend(letters(text));
            };
            match value["t"].as_str() {
                Some("Str") => say(out, content.as_str().unwrap_or_default()),
                Some("Code" | "Math" | "CodeBlock") => {
                    say(out, content[1].as_str().unwrap_or_default())
                }
                // The text beside a picture is its description.
                Some("Image") => {}
                Some("Note") => walk(content, out, true),
                Some("Div") if is_contents(content) => {}
                Some("Para" | "Plain" | "Header") => {
                    let from = out.text.len();
                    walk(content, out, in_note);
                    let paragraph = out.text.get(from..).unwrap_or_default();
                    out.paragraphs.insert(paragraph.iter().collect());
                }
                _ => map.values().for_each(|inner| walk(inner, out, in_note)),
            }
        }
        _ => {}
    }
}

/// A line of a list of contents.
fn is_contents(div: &Value) -> bool {
    let attributes = div[0][2].as_array();
    attributes.into_iter().flatten().any(|pair| {
        pair[0] == "custom-style"
            && pair[1].as_str().is_some_and(|name| {
                name.to_lowercase().starts_with("toc ") && name != "TOC Heading"
            })
    })
}

/// What we read.
fn by_us(protocol: &IncomingProtocol, way: &str, pandoc: &Streams) -> Streams {
    let mut out = Streams::default();
    for section in &protocol.sections {
        let title = settled(&section.title.text, &section.suggestions, way);
        let typed: String = letters(&format!("{}{}", section.number, title)).collect();
        // A number that the program counts is no text for pandoc.
        let is_typed = pandoc.paragraphs.iter().any(|paragraph| {
            let signs = |letter: &char| !".、．:：".contains(*letter);
            paragraph
                .chars()
                .filter(signs)
                .eq(typed.chars().filter(signs))
        });
        if is_typed {
            out.text.extend(letters(&section.number));
        }
        out.text.extend(letters(&title));
        for block in &section.blocks {
            let text = settled(&block.text.text, &block.suggestions, way);
            let to = if block.kind == "note" {
                &mut out.notes
            } else {
                &mut out.text
            };
            to.extend(letters(&text));
        }
    }
    out
}

fn settled(text: &str, suggestions: &[IncomingSuggestion], way: &str) -> String {
    if way == "reject" {
        return text.to_owned();
    }
    suggestions
        .iter()
        .find_map(|suggestion| match suggestion.kind.as_str() {
            "change" | "add" => Some(suggestion.to.text.clone()),
            "remove" => Some(String::new()),
            _ => None,
        })
        .unwrap_or_else(|| text.to_owned())
}

/// How many characters of `a` are missing in `b`, and how many `b` has besides.
fn differences(a: &[char], b: &[char]) -> (usize, usize) {
    const MOST: usize = 4_000;
    let n = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[n..], &b[n..]);
    let n = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (a, b) = (&a[..a.len() - n], &b[..b.len() - n]);
    // Source: E. W. Myers, An O(ND) difference algorithm, 1986.
    let offset = MOST + 1;
    let mut far = vec![0_usize; 2 * MOST + 3];
    for edits in 0..MOST {
        let reach = isize::try_from(edits).expect("few");
        for k in (-reach..=reach).step_by(2) {
            let at = |k: isize| {
                usize::try_from(isize::try_from(offset).expect("few") + k).expect("inside")
            };
            let is_down = k == -reach || (k != reach && far[at(k - 1)] < far[at(k + 1)]);
            let mut x = if is_down {
                far[at(k + 1)]
            } else {
                far[at(k - 1)] + 1
            };
            let y = isize::try_from(x).expect("few") - k;
            let Ok(mut y) = usize::try_from(y) else {
                continue;
            };
            while x < a.len() && y < b.len() && a[x] == b[y] {
                (x, y) = (x + 1, y + 1);
            }
            far[at(k)] = x;
            if x >= a.len() && y >= b.len() {
                let missing = (edits + a.len()).saturating_sub(b.len()) / 2;
                return (missing, edits - missing);
            }
        }
    }
    (a.len(), b.len())
}

/// Compares one file both ways; prints what was found.
fn compare(name: &str, bytes: &[u8]) {
    for way in WAYS {
        let Some(pandoc) = by_pandoc(bytes, way) else {
            return;
        };
        let ours = by_us(&read(bytes).expect("a Word file"), way, &pandoc);
        for (what, theirs, ours) in [
            ("text", &pandoc.text, &ours.text),
            ("notes", &pandoc.notes, &ours.notes),
        ] {
            let (n_missing, n_more) = differences(theirs, ours);
            let n = theirs.len();
            println!("{name}\t{way}\t{what}\t{n}\tmissing {n_missing}\tmore {n_more}");
            if std::env::var_os("WORD_DUMP").is_some() {
                let place = std::env::temp_dir();
                let write = |side: &str, text: &[char]| {
                    let text: String = text.iter().collect();
                    std::fs::write(
                        place.join(format!("{}-{way}-{what}-{side}", name.replace('/', "_"))),
                        text,
                    )
                    .expect("dump");
                };
                write("pandoc", theirs);
                write("ours", ours);
            }
            assert!(
                (n_missing + n_more) * 1000 <= n,
                "{name}, {way}, {what}: of {n} characters {n_missing} are missing, {n_more} more came"
            );
        }
    }
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|ext| ext == "docx") {
            out.push(path);
        }
    }
    out.sort();
}

#[test]
fn every_character_of_the_reference_files_arrives_once_and_in_order() {
    let Some(folder) = testkit::shared_or_skip("data/docx") else {
        return;
    };
    let mut paths = Vec::new();
    files(&folder, &mut paths);
    assert!(paths.len() >= 9);
    for path in paths {
        let name = path
            .strip_prefix(&folder)
            .expect("inside")
            .display()
            .to_string();
        compare(&name, &std::fs::read(&path).expect("reference file"));
    }
}

#[test]
fn files_made_by_hand_read_as_pandoc_reads_them() {
    use crate::word_made::{del, ins, p, p_end, r, tc};
    let table = format!(
        "<w:tbl><w:tblGrid><w:gridCol w:w=\"1000\"/><w:gridCol w:w=\"2000\"/></w:tblGrid><w:tr>{}{}</w:tr><w:tr>{}</w:tr></w:tbl>",
        tc("", &p("组别")),
        tc(
            "",
            &format!("<w:p>{}{}{}</w:p>", r("剂量 "), del("5"), ins("10"))
        ),
        tc(r#"<w:gridSpan w:val="2"/>"#, &p("both")),
    );
    let file = Made {
        body: [
            p("Before"),
            format!(
                "<w:p>{}{}{}{}</w:p>",
                r("take "),
                del("5 mg"),
                ins("10 mg"),
                r(" daily")
            ),
            p_end("ins", &ins("new paragraph")),
            p_end("del", &del("old paragraph")),
            table,
            p_end("ins", &r("split ")),
            p("here"),
            p_end("del", &r("joined ")),
            p("here"),
            format!(
                r#"<w:p>{}<w:r><w:footnoteReference w:id="2"/></w:r></w:p>"#,
                r("noted")
            ),
        ]
        .concat(),
        footnotes: format!(r#"<w:footnote w:id="2">{}</w:footnote>"#, p("the note")),
        ..Made::default()
    };
    compare("made", &file.bytes());
}

//! Names of files by the rule of a set.

use crate::Lang;

/// Longest name without its end. Units: characters.
const NAME_CHARS_MAX: usize = 120;
const PLACES: [&str; 7] = ["study", "no", "item", "title", "version", "date", "lang"];

/// What a name is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NameParts<'a> {
    /// Short name of the study.
    pub study: &'a str,
    /// Place in the list, from 1.
    pub no: usize,
    /// What the list calls it.
    pub item: &'a str,
    /// What the document is called.
    pub title: &'a str,
    /// Its version, as printed.
    pub version: &'a str,
    /// Its date. Time: `YYYY-MM-DD`.
    pub date: &'a str,
    /// Its language; `None` without one.
    pub lang: Option<Lang>,
    /// The end of the name, as `pdf`.
    pub end: &'a str,
}

/// The name of a file: what is empty leaves no gap, what no file system takes becomes a dash.
pub fn file_name(pattern: &str, parts: &NameParts<'_>) -> String {
    let version = match crate::version::plain_number(parts.version) {
        number if number.is_empty() => String::new(),
        number => format!("V{number}"),
    };
    let date: String = parts.date.chars().filter(char::is_ascii_digit).collect();
    let no = format!("{:02}", parts.no);
    let lang = match parts.lang {
        Some(Lang::Zh) => "zh",
        Some(Lang::En) => "en",
        None => "",
    };
    let value = |place: &str| match place {
        "study" => parts.study.to_owned(),
        "no" => no.clone(),
        "item" => without_brackets(parts.item).to_owned(),
        "title" => parts.title.to_owned(),
        "version" => version.clone(),
        "date" => date.clone(),
        _ => lang.to_owned(),
    };
    let mut pieces = Vec::new();
    for piece in pattern.split('_') {
        let mut text = piece.to_owned();
        for place in PLACES {
            text = text.replace(&format!("{{{place}}}"), &value(place));
        }
        let text = safe(&text);
        if !text.is_empty() {
            pieces.push(text);
        }
    }
    let mut name: String = pieces.join("_").chars().take(NAME_CHARS_MAX).collect();
    if name.is_empty() {
        name = no;
    }
    match parts.end {
        "" => name,
        end => format!("{name}.{end}"),
    }
}

/// Whether every place of a pattern is one.
pub(super) fn is_pattern(pattern: &str) -> bool {
    let mut rest = pattern;
    let mut n_places = 0;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((place, behind)) = after.split_once('}') else {
            return false;
        };
        if before.contains('}') || !PLACES.contains(&place) {
            return false;
        }
        n_places += 1;
        rest = behind;
    }
    n_places > 0 && !rest.contains('}')
}

/// What a list says in brackets is not part of a name.
fn without_brackets(item: &str) -> &str {
    let end = item.find(['（', '(', '，', ',']).unwrap_or(item.len());
    item[..end].trim()
}

/// Text without what Windows, macOS or Linux refuse in a name.
fn safe(text: &str) -> String {
    let mut out = String::new();
    for ch in text.trim().chars() {
        match ch {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '_' => out.push('-'),
            _ if ch.is_control() => {}
            _ if ch.is_whitespace() => out.push(' '),
            _ => out.push(ch),
        }
    }
    out.trim_matches([' ', '.', '-']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f20_names_follow_the_rule_and_every_file_system_takes_them() {
        let parts = NameParts {
            study: "PINE-1",
            no: 4,
            item: "研究方案（注明版本号和日期）",
            title: "方案 A/B: \"终\"",
            version: "v2.0",
            date: "2026-03-05",
            lang: Some(Lang::Zh),
            end: "pdf",
        };
        let name = |pattern| file_name(pattern, &parts);
        assert_eq!(
            name("{study}_{item}_{version}_{date}"),
            "PINE-1_研究方案_V2.0_20260305.pdf"
        );
        assert_eq!(name("{no}_{title}_{lang}"), "04_方案 A-B- -终_zh.pdf");
        let bare = NameParts {
            no: 7,
            item: "保险单",
            ..NameParts::default()
        };
        assert_eq!(
            file_name("{study}_{item}_{version}_{date}", &bare),
            "保险单"
        );
        assert_eq!(file_name("{study}", &bare), "07");
    }

    #[test]
    fn a_pattern_has_known_places() {
        assert!(is_pattern("{study}_{item}"));
        for bad in ["", "name", "{study", "{colour}", "study}_{item}"] {
            assert!(!is_pattern(bad), "{bad}");
        }
    }
}

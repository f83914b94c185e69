//! Who may take part: the criteria that stand in the protocol text, told apart.

use crate::{Entity, StudyDoc, kind, protocol};

/// The blocks with criteria.
#[derive(Clone, Debug, Default)]
pub struct Criteria<'a> {
    /// For taking part.
    pub inclusion: Vec<&'a Entity>,
    /// Against taking part.
    pub exclusion: Vec<&'a Entity>,
    /// In front of any heading that says which they are.
    pub unsorted: Vec<&'a Entity>,
}

/// Sections that hold both kinds, told apart by headings within.
const BOTH: &str = "eligibility";
/// The section of M11 for inclusion criteria.
const INCLUSION: &str = "m11.5.2";
/// The section of M11 for exclusion criteria.
const EXCLUSION: &str = "m11.5.3";

/// The criteria of a study, in the order of the text.
pub fn of(doc: &StudyDoc) -> Criteria<'_> {
    let mut found = Criteria::default();
    for section in doc.of_kind(kind::SECTION) {
        let key = section.text("key");
        if ![BOTH, INCLUSION, EXCLUSION].contains(&key) {
            continue;
        }
        let mut group = match key {
            INCLUSION => Some(Group::Inclusion),
            EXCLUSION => Some(Group::Exclusion),
            _ => None,
        };
        for block in doc.children(&section.id, kind::BLOCK) {
            if protocol::is_pending(block) || is_empty(block) {
                continue;
            }
            let said = (key == BOTH).then(|| group_of(block)).flatten();
            if said.is_some() {
                group = said;
            } else if block.text("type") != "heading" {
                match group {
                    Some(Group::Inclusion) => found.inclusion.push(block),
                    Some(Group::Exclusion) => found.exclusion.push(block),
                    None => found.unsorted.push(block),
                }
            }
        }
    }
    found
}

#[derive(Clone, Copy)]
enum Group {
    Inclusion,
    Exclusion,
}

fn is_empty(block: &Entity) -> bool {
    block.text("text.zh").trim().is_empty() && block.text("text.en").trim().is_empty()
}

/// What a block says about the criteria behind it; `None` when it is a criterion itself.
fn group_of(block: &Entity) -> Option<Group> {
    let is_heading = block.text("type") == "heading";
    ["text.zh", "text.en"]
        .iter()
        .find_map(|register| group_of_line(block.text(register), is_heading))
}

/// Longest heading that is taken for one. Units: characters.
const HEADING_MAX: usize = 80;

fn group_of_line(text: &str, is_heading: bool) -> Option<Group> {
    let text = text.trim().trim_start_matches(['#', '*', ' ']);
    if text.chars().count() > HEADING_MAX {
        return None;
    }
    let line = text.trim_end_matches(['*', ' ']).to_lowercase();
    let bare = line.trim_end_matches([':', '：']).trim_end();
    let names = [
        (["inclusion", "入选标准"], Group::Inclusion),
        (["inclusion criteria", "纳入标准"], Group::Inclusion),
        (["inclusion criterion", "入组标准"], Group::Inclusion),
        (["exclusion", "排除标准"], Group::Exclusion),
        (["exclusion criteria", "排除条件"], Group::Exclusion),
        (["exclusion criterion", "剔除标准"], Group::Exclusion),
    ];
    // A line that ends in a colon announces what follows; a sentence about criteria does not.
    let announces = is_heading || bare.len() < line.len();
    names
        .iter()
        .find(|(names, _)| {
            names.iter().any(|name| {
                bare == *name
                    || bare.strip_prefix("key ") == Some(name)
                    || (announces && name.len() > "inclusion".len() && bare.contains(name))
            })
        })
        .map(|(_, group)| *group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;
    use serde_json::json;

    fn split(lines: &[&str]) -> (usize, usize, usize) {
        let mut doc = testing::empty();
        let section = testing::add(&mut doc, kind::SECTION, None, json!({"key": "eligibility"}));
        for line in lines {
            let fields = json!({"type": "paragraph", "text.en": line});
            testing::add(&mut doc, kind::BLOCK, Some(&section), fields);
        }
        let found = of(&doc);
        (
            found.inclusion.len(),
            found.exclusion.len(),
            found.unsorted.len(),
        )
    }

    #[test]
    fn headings_tell_criteria_apart() {
        assert_eq!(
            split(&[
                "Inclusion Criteria:",
                "Age 18",
                "Exclusion Criteria:",
                "Flu"
            ]),
            (1, 1, 0)
        );
        assert_eq!(
            split(&[
                "Key inclusion criteria",
                "a",
                "b",
                "Key exclusion criteria",
                "c"
            ]),
            (2, 1, 0)
        );
        assert_eq!(
            split(&["入选标准：", "年龄", "排除标准", "妊娠"]),
            (1, 1, 0)
        );
        assert_eq!(
            split(&[
                "Part A Inclusion Criteria:",
                "a",
                "Part A Exclusion Criteria:",
                "b"
            ]),
            (1, 1, 0)
        );
        assert_eq!(split(&["Age 18", "Not pregnant"]), (0, 0, 2));
    }

    #[test]
    fn sentences_about_criteria_are_criteria() {
        let lines = [
            "Inclusion Criteria:",
            "Other protocol-defined inclusion criteria apply",
        ];
        assert_eq!(split(&lines), (1, 0, 0));
    }

    #[test]
    fn sections_of_m11_say_it_themselves() {
        let mut doc = testing::empty();
        testing::add_sections(&mut doc, "m11-2025");
        testing::write(&mut doc, "m11.5.2", "年满 18 岁");
        testing::write(&mut doc, "m11.5.3", "妊娠");
        testing::write(&mut doc, "m11.5.3", "哺乳");
        let found = of(&doc);
        assert_eq!((found.inclusion.len(), found.exclusion.len()), (1, 2));
    }
}

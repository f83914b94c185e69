//! Fields: what the program computed (contents, references, links) and what it computed it from.

use super::xml::{Node, attr, is_w};
use std::collections::BTreeSet;

/// Longest instruction that is kept. Units: bytes.
const INSTRUCTION_MAX: usize = 2_000;

/// A field that is open where the reader stands.
#[derive(Debug, Default)]
pub(super) struct Field {
    instruction: String,
    /// Past the instruction, in what was computed.
    is_in_result: bool,
    pub(super) link: Option<usize>,
}

/// The fields that are open, outermost first.
#[derive(Debug, Default)]
pub(super) struct Fields {
    open: Vec<Field>,
    /// Beginnings without an end; they would hide all that follows.
    void: BTreeSet<u32>,
}

impl Fields {
    /// Finds the beginnings that have no end, in the order of the part.
    pub(super) fn look_through(root: Node<'_>) -> Self {
        let mut open = Vec::new();
        for node in root.descendants().filter(|node| is_w(*node, "fldChar")) {
            match attr(node, "fldCharType") {
                Some("begin") => open.push(node.id().get()),
                Some("end") => drop(open.pop()),
                _ => {}
            }
        }
        Self {
            open: Vec::new(),
            void: open.into_iter().collect(),
        }
    }

    /// Begins a field.
    pub(super) fn begin(&mut self, node: Node<'_>) {
        if !self.void.contains(&node.id().get()) {
            self.open.push(Field::default());
        }
    }

    /// Takes in a part of the instruction.
    pub(super) fn instruct(&mut self, text: &str) {
        if let Some(field) = self.open.last_mut()
            && !field.is_in_result
            && field.instruction.len() + text.len() < INSTRUCTION_MAX
        {
            field.instruction.push_str(text);
        }
    }

    /// The instruction is complete; what follows was computed. Gives the address that it names.
    pub(super) fn separate(&mut self) -> Option<String> {
        let field = self.open.last_mut()?;
        field.is_in_result = true;
        address(&field.instruction)
    }

    /// Sets the link of the innermost field.
    pub(super) fn link(&mut self, link: usize) {
        if let Some(field) = self.open.last_mut() {
            field.link = Some(link);
        }
    }

    /// Ends a field; gives what it displays when that stands in its instruction.
    pub(super) fn end(&mut self) -> Option<String> {
        let field = self.open.pop()?;
        (!field.is_in_result && self.is_shown())
            .then(|| displayed(&field.instruction))
            .flatten()
    }

    /// Whether what stands here is displayed and carried.
    pub(super) fn is_shown(&self) -> bool {
        self.open
            .iter()
            .all(|field| field.is_in_result && !is_contents(&field.instruction))
    }

    /// Whether what stands here is a list of contents, which is made anew.
    pub(super) fn is_in_contents(&self) -> bool {
        self.open
            .iter()
            .any(|field| is_contents(&field.instruction))
    }

    /// The link of the innermost field that has one.
    pub(super) fn current_link(&self) -> Option<usize> {
        self.open.iter().rev().find_map(|field| field.link)
    }
}

/// Whether an instruction makes a list of contents, tables or figures.
pub(super) fn is_contents(instruction: &str) -> bool {
    let first = instruction.split_whitespace().next().unwrap_or_default();
    ["TOC", "TOA", "INDEX"]
        .iter()
        .any(|name| first.eq_ignore_ascii_case(name))
}

/// The address of an instruction `HYPERLINK "…"`; `None` for a place in the file.
pub(super) fn address(instruction: &str) -> Option<String> {
    let rest = instruction.trim_start();
    let word = rest.get(..9)?;
    if !word.eq_ignore_ascii_case("HYPERLINK") {
        return None;
    }
    let rest = rest.get(9..)?.trim_start();
    let address = match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next()?,
        None => rest.split_whitespace().next()?,
    };
    (!address.is_empty() && !address.starts_with('\\')).then(|| address.to_owned())
}

/// What fields display that never compute anything.
fn displayed(instruction: &str) -> Option<String> {
    let mut words = instruction.trim().splitn(3, char::is_whitespace);
    let name = words.next()?;
    if name.eq_ignore_ascii_case("MACROBUTTON") {
        words.next()?;
        return words.next().map(|text| text.trim().to_owned());
    }
    if name.eq_ignore_ascii_case("SYMBOL") {
        let code = words.next()?;
        let code = match code.strip_prefix("0x") {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => code.parse().ok()?,
        };
        let rest = words.next().unwrap_or_default().to_lowercase();
        let font = ["wingdings", "symbol", "webdings"]
            .into_iter()
            .find(|font| rest.contains(font))
            .unwrap_or_default();
        return super::symbol::letter(font, code)
            .or_else(|| char::from_u32(code).map(String::from));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_from_instructions() {
        for (instruction, found) in [
            (
                r#" HYPERLINK "https://a.org/x" \o "tip" "#,
                Some("https://a.org/x"),
            ),
            (r" HYPERLINK https://a.org ", Some("https://a.org")),
            (r#" HYPERLINK \l "_Toc1" "#, None),
            (" PAGEREF _Toc1 \\h ", None),
        ] {
            assert_eq!(address(instruction).as_deref(), found, "{instruction}");
        }
        assert!(is_contents(r#" TOC \o "1-3" "#));
        assert!(!is_contents(" REF toc "));
        assert_eq!(
            displayed(" MACROBUTTON NoMacro [click here] ").as_deref(),
            Some("[click here]")
        );
    }
}

//! Word in: from the bytes of a `.docx` to sections, blocks and suggestions.
//!
//! - `refusal`: why a file is not read. `limits`: how much is read. `notices`: what is said of it.
//! - `package`: from bytes to named parts. `xml`: from a part to a tree.
//! - `styles`, `numbering`, `numerals`, `symbol`, `math`, `field`: what the trees mean.
//! - `reader` (blocks), `inline`, `table`, `drawing`: the walk; `flow` is what it brings back,
//!   tracked changes still in it.
//! - `pen`, `draft`, `item`: the text before the changes and after them, as blocks.
//! - `typed`, `heading`, `section`: which lines are headings. `comments`, `picture`, `lang`.
//!
//! Invariant: every character that the main text displays comes once, in order, in the text before
//! the tracked changes or in the suggestions beside it; what is not carried is named. Numbers that
//! the program counts are never text. Macros are never kept, nothing outside the file is fetched.

mod comments;
mod draft;
mod drawing;
mod field;
mod flow;
mod heading;
mod inline;
mod item;
mod lang;
pub(crate) mod limits;
mod math;
mod notices;
mod numbering;
mod numerals;
pub(crate) mod package;
mod pen;
mod picture;
mod reader;
mod refusal;
mod section;
mod styles;
mod symbol;
mod table;
mod typed;
pub(crate) mod xml;

pub use limits::BYTES_MAX;
pub use refusal::WordRefusal;

use comments::Comments;
use data_encoding::HEXLOWER;
use field::Fields;
use flow::{NoteKind, NoteRef};
use item::Items;
use model::word::{IncomingProtocol, IncomingSection};
use notices::Notices;
use numbering::Numbering;
use package::{Package, Relations};
use reader::{Ctx, Reader};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use styles::Styles;
use xml::{attr, child, elements, is_w};

/// Reads a Word file.
///
/// # Errors
/// [`WordRefusal`] when the file is none, is damaged, protected, or made to cost too much.
pub fn read(bytes: &[u8]) -> Result<IncomingProtocol, WordRefusal> {
    let mut package = Package::open(bytes)?;
    let main = main_part(&mut package)?;
    let parts = Parts::read(&mut package, &main)?;
    let mut notices = Notices::default();
    if package.names().any(|name| name.ends_with("vbaproject.bin")) {
        notices.warn(notices::MACROS);
    }
    if parts.has_headers(&mut package)? {
        notices.leave(notices::HEADERS);
    }
    let tree = xml::parse(&main, &parts.main)?;
    let root = tree.root_element();
    let body = child(root, "body").filter(|_| is_w(root, "document"));
    let body = body.ok_or(WordRefusal::NoDocument)?;
    if reader::is_in_both_languages(body) {
        return Err(WordRefusal::BothLanguages);
    }
    if reader::is_open_redline(body) {
        return Err(WordRefusal::Redline);
    }
    let styles = parts.tree("styles", Styles::read)?;
    let mut reader = Reader {
        styles: Some(&styles),
        numbering: parts.tree("numbering", Numbering::read)?,
        relations: parts.relations.clone(),
        fields: Fields::look_through(root),
        front: reader::front_of(body),
        notices,
        ..Reader::default()
    };
    let flow = reader.flow(body, Ctx::default());
    reader.front.clear();
    let notes = parts.notes(&mut package, &mut reader)?;
    let mut comments = parts.tree("comments", Comments::read)?;
    comments.quote(root);
    let mut items = Vec::new();
    let mut maker = Items::new(&mut package, reader.links, notes, reader.notices);
    maker.of(&flow, &mut items);
    let mut notices = maker.notices;
    let mut protocol = IncomingProtocol {
        source_hash: format!("sha256:{}", HEXLOWER.encode(&Sha256::digest(bytes))),
        sections: section::sections(items, &mut comments, &mut notices),
        ..IncomingProtocol::default()
    };
    place_loose(comments, &mut protocol, &mut notices);
    // An export says its language: it may show much of the other one, where a text is in one only.
    protocol.lang = reader::language_of(body).or_else(|| lang::of(&protocol));
    protocol.base = reader::base_of(body);
    let is_marked = |section: &IncomingSection| {
        section.mark.is_some() || section.blocks.iter().any(|block| block.mark.is_some())
    };
    protocol.is_marked = protocol.sections.iter().any(is_marked);
    protocol.not_carried = notices.not_carried;
    protocol.warnings = notices.warnings;
    Ok(protocol)
}

/// Comments whose place was not carried stand at the beginning.
fn place_loose(comments: Comments, protocol: &mut IncomingProtocol, notices: &mut Notices) {
    let rest = comments.rest();
    if rest.is_empty() {
        return;
    }
    notices.warn(notices::LOOSE_COMMENTS);
    if let Some(first) = protocol.sections.first_mut() {
        match first.blocks.first_mut() {
            Some(block) => block.suggestions.extend(rest),
            None => first.suggestions.extend(rest),
        }
    }
}

/// The part that holds the main text.
fn main_part(package: &mut Package<'_>) -> Result<String, WordRefusal> {
    let said = package
        .relations("")?
        .into_values()
        .find(|relation| relation.kind == "officeDocument" && !relation.is_outside)
        .map(|relation| relation.target);
    let main = said.unwrap_or_else(|| "word/document.xml".to_owned());
    if main.starts_with("xl/") || main.starts_with("ppt/") || main.starts_with("visio/") {
        return Err(WordRefusal::OtherOffice);
    }
    if package.has(&main) {
        return Ok(main);
    }
    if package.has("mimetype") || package.has("meta-inf/manifest.xml") {
        return Err(WordRefusal::OpenDocument);
    }
    if package.has("[content_types].xml") {
        return Err(WordRefusal::NoDocument);
    }
    Err(WordRefusal::NotWord)
}

/// The parts around the main text, as text.
struct Parts {
    main: String,
    relations: Relations,
    texts: BTreeMap<&'static str, (String, String)>,
}

impl Parts {
    fn read(package: &mut Package<'_>, main: &str) -> Result<Self, WordRefusal> {
        let relations = package.relations(main)?;
        let mut texts = BTreeMap::new();
        for kind in ["styles", "numbering", "comments", "footnotes", "endnotes"] {
            let part = relations
                .values()
                .find(|relation| relation.kind == kind && !relation.is_outside)
                .map(|relation| relation.target.clone());
            if let Some(part) = part
                && let Some(text) = package.text(&part)?
            {
                texts.insert(kind, (part, text));
            }
        }
        let main_text = package.text(main)?.ok_or(WordRefusal::NoDocument)?;
        Ok(Self {
            main: main_text,
            relations,
            texts,
        })
    }

    /// What a part means; the default when there is none.
    fn tree<T: Default>(&self, kind: &str, read: fn(xml::Node<'_>) -> T) -> Result<T, WordRefusal> {
        let Some((part, text)) = self.texts.get(kind) else {
            return Ok(T::default());
        };
        let tree = xml::parse(part, text)?;
        Ok(read(tree.root_element()))
    }

    /// The notes, each as what it holds.
    fn notes(
        &self,
        package: &mut Package<'_>,
        reader: &mut Reader<'_>,
    ) -> Result<BTreeMap<NoteRef, Vec<flow::Flow>>, WordRefusal> {
        let mut notes = BTreeMap::new();
        for (name, kind) in [("footnotes", NoteKind::Foot), ("endnotes", NoteKind::End)] {
            let Some((part, text)) = self.texts.get(name) else {
                continue;
            };
            let tree = xml::parse(part, text)?;
            reader.relations = package.relations(part)?;
            for node in elements(tree.root_element()) {
                let is_note = is_w(node, "footnote") || is_w(node, "endnote");
                // Lines between text and notes are notes as well, of a type.
                let is_line = attr(node, "type").is_some_and(|kind| kind != "normal");
                let Some(id) = attr(node, "id").filter(|_| is_note && !is_line) else {
                    continue;
                };
                let note = NoteRef {
                    kind,
                    id: id.to_owned(),
                };
                reader.fields = Fields::look_through(node);
                notes.insert(note, reader.flow(node, Ctx::default()));
            }
        }
        Ok(notes)
    }

    /// Whether a header or footer says anything.
    fn has_headers(&self, package: &mut Package<'_>) -> Result<bool, WordRefusal> {
        for relation in self.relations.values() {
            if !matches!(relation.kind.as_str(), "header" | "footer") || relation.is_outside {
                continue;
            }
            let part = &relation.target;
            let Some(text) = package.text(part)? else {
                continue;
            };
            let tree = xml::parse(part, &text)?;
            let says = |node: xml::Node<'_>| {
                is_w(node, "t") && node.text().is_some_and(|text| !text.trim().is_empty())
            };
            if tree.descendants().any(says) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

//! The walk through a paragraph: runs, links, fields, notes, tracked changes.

use super::field;
use super::flow::{Look, NoteKind, NoteRef, Paragraph, Piece, When};
use super::limits::{HREF_MAX, HREFS_MAX};
use super::math;
use super::notices;
use super::reader::{Ctx, Reader, alternative, revise};
use super::styles::{Raise, RunLook};
use super::symbol;
use super::xml::{Node, Ns, attr, child, elements, name, relation, val};

impl Reader<'_> {
    /// Reads what stands in a paragraph or in a part of one.
    pub(super) fn inlines(&mut self, node: Node<'_>, ctx: Ctx, out: &mut Paragraph) {
        for child in elements(node) {
            self.inline(child, ctx, out);
        }
    }

    fn inline(&mut self, node: Node<'_>, ctx: Ctx, out: &mut Paragraph) {
        match name(node) {
            (Ns::W, "r") => self.run(node, ctx, out),
            (Ns::W, "ins" | "moveTo") => self.changed(node, ctx.within(When::Put), out),
            (Ns::W, "del" | "moveFrom") => self.changed(node, ctx.within(When::Taken), out),
            (Ns::W, "hyperlink") => {
                let target = relation(node, "id")
                    .and_then(|id| self.relations.get(id))
                    .filter(|relation| relation.is_outside)
                    .map(|relation| relation.target.clone());
                let link = target.and_then(|target| self.link(target)).or(ctx.link);
                self.inlines(node, Ctx { link, ..ctx }, out);
            }
            (Ns::W, "fldSimple") => self.simple_field(node, ctx, out),
            (Ns::W, "sdt" | "sdtContent" | "smartTag" | "customXml" | "dir" | "bdo") => {
                self.inlines(node, ctx, out);
            }
            (Ns::M, "oMath" | "oMathPara") => self.equation(node, ctx, out),
            (Ns::Mc, "AlternateContent") => {
                if let Some(branch) = alternative(node) {
                    self.inlines(branch, ctx, out);
                }
            }
            (Ns::W, "bookmarkStart") => {
                if let Some(mark) = self.bookmark(node) {
                    out.mark.get_or_insert(mark);
                }
            }
            (Ns::W, "commentRangeStart") => self.comment(node, out),
            _ => {}
        }
    }

    fn changed(&mut self, node: Node<'_>, ctx: Ctx, out: &mut Paragraph) {
        revise(node, &mut out.revisions);
        self.inlines(node, ctx, out);
    }

    fn comment(&mut self, node: Node<'_>, out: &mut Paragraph) {
        if let Some(id) = attr(node, "id")
            && self.comments.insert(id.to_owned())
        {
            out.pieces.push(Piece::Comment(id.to_owned()));
        }
    }

    fn simple_field(&mut self, node: Node<'_>, ctx: Ctx, out: &mut Paragraph) {
        let instruction = attr(node, "instr").unwrap_or_default();
        if field::is_contents(instruction) {
            self.notices.leave(notices::CONTENTS);
            return;
        }
        let link = field::address(instruction)
            .and_then(|address| self.link(address))
            .or(ctx.link);
        self.inlines(node, Ctx { link, ..ctx }, out);
    }

    /// The place of an address in the list of links; `None` for one that no browser opens.
    fn link(&mut self, address: String) -> Option<usize> {
        let is_safe = ["http://", "https://", "mailto:"].iter().any(|scheme| {
            address
                .get(..scheme.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        });
        self.n_link_bytes = self.n_link_bytes.saturating_add(address.len());
        if !is_safe || address.len() > HREF_MAX || self.n_link_bytes > HREFS_MAX {
            return None;
        }
        if self.links.last() != Some(&address) {
            self.links.push(address);
        }
        Some(self.links.len() - 1)
    }

    fn equation(&mut self, node: Node<'_>, ctx: Ctx, out: &mut Paragraph) {
        if !self.fields.is_shown() {
            return;
        }
        for part in math::parts(node) {
            self.notices.warn(notices::EQUATIONS);
            let look = Look {
                sub: part.is_sub,
                sup: part.is_sup,
                ..Look::default()
            };
            out.pieces.push(Piece::Text {
                text: part.text,
                look,
                when: ctx.when,
            });
        }
    }

    fn run(&mut self, node: Node<'_>, ctx: Ctx, out: &mut Paragraph) {
        let properties = child(node, "rPr");
        let (look, font) = self.look(properties, ctx);
        for child in elements(node) {
            self.in_run(child, (ctx, look, font.as_deref()), out);
        }
    }

    /// How the letters of a run look, and their font.
    fn look(&mut self, properties: Option<Node<'_>>, ctx: Ctx) -> (Look, Option<String>) {
        let own = properties.map(RunLook::read).unwrap_or_default();
        let style = self.style(properties.and_then(|properties| val(properties, "rStyle")));
        let own = own.over(&style.run);
        let by_style = &self.paragraph_run;
        let shown = own.clone().over(by_style);
        let shown = match self.styles {
            Some(styles) => shown.over(styles.run()),
            None => shown,
        };
        let is =
            |own: Option<bool>, by_style: Option<bool>| own == Some(true) && by_style != Some(true);
        let link = self.fields.current_link().or(ctx.link);
        let look = Look {
            bold: is(own.bold, by_style.bold),
            italic: is(own.italic, by_style.italic),
            underline: is(own.underline, by_style.underline)
                && link.is_none()
                && !style.name.contains("hyperlink"),
            strike: is(own.strike, by_style.strike),
            sub: own.raise == Some(Raise::Sub),
            sup: own.raise == Some(Raise::Sup),
            link,
            is_strong: shown.bold == Some(true),
            size: shown.size.unwrap_or(20),
        };
        if shown.hidden == Some(true) {
            self.notices.warn(notices::HIDDEN);
        }
        (look, shown.font)
    }

    fn in_run(
        &mut self,
        node: Node<'_>,
        (ctx, look, font): (Ctx, Look, Option<&str>),
        out: &mut Paragraph,
    ) {
        match name(node) {
            (Ns::W, "t") => self.say(&symbol::shown(font, &letters(node)), (ctx.when, look), out),
            (Ns::W, "delText") => {
                let when = ctx.when.within(When::Taken);
                self.say(&symbol::shown(font, &letters(node)), (when, look), out);
            }
            (Ns::W, "tab" | "ptab") => self.say("\t", (ctx.when, look), out),
            (Ns::W, "cr") => self.say("\n", (ctx.when, look), out),
            (Ns::W, "br") => {
                // Ends of pages and columns are the layout's.
                if matches!(attr(node, "type"), None | Some("textWrapping")) {
                    self.say("\n", (ctx.when, look), out);
                }
            }
            (Ns::W, "noBreakHyphen") => self.say("\u{2011}", (ctx.when, look), out),
            (Ns::W, "softHyphen") => self.say("\u{ad}", (ctx.when, look), out),
            (Ns::W, "sym") => self.sign(node, (ctx.when, look), out),
            (Ns::W, "instrText" | "delInstrText") => {
                self.fields.instruct(node.text().unwrap_or_default());
            }
            (Ns::W, "fldChar") => self.field(node, (ctx.when, look), out),
            (Ns::W, "footnoteReference") => self.note(node, NoteKind::Foot, ctx, out),
            (Ns::W, "endnoteReference") => self.note(node, NoteKind::End, ctx, out),
            (Ns::W, "commentReference") => self.comment(node, out),
            (Ns::W, "drawing" | "pict" | "object") => self.drawing(node, ctx, out),
            (Ns::W, "ruby") => {
                if let Some(base) = child(node, "rubyBase") {
                    self.inlines(base, ctx, out);
                }
            }
            (Ns::Mc, "AlternateContent") => {
                if let Some(branch) = alternative(node) {
                    for child in elements(branch) {
                        self.in_run(child, (ctx, look, font), out);
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds text, unless it stands in a field that is not carried.
    fn say(&mut self, text: &str, (when, look): (When, Look), out: &mut Paragraph) {
        if !self.fields.is_shown() {
            if self.fields.is_in_contents() && !text.trim().is_empty() {
                self.notices.leave(notices::CONTENTS);
            }
            return;
        }
        // Within one field's result the link may have begun after the run's look was made.
        let look = Look {
            link: self.fields.current_link().or(look.link),
            ..look
        };
        if let Some(Piece::Text {
            text: last,
            look: last_look,
            when: last_when,
        }) = out.pieces.last_mut()
            && *last_look == look
            && *last_when == when
        {
            last.push_str(text);
            return;
        }
        out.pieces.push(Piece::Text {
            text: text.to_owned(),
            look,
            when,
        });
    }

    fn sign(&mut self, node: Node<'_>, at: (When, Look), out: &mut Paragraph) {
        let font = attr(node, "font").unwrap_or_default();
        let code = attr(node, "char").and_then(|code| u32::from_str_radix(code, 16).ok());
        let Some(code) = code else { return };
        let sign = symbol::letter(font, code).or_else(|| {
            if symbol::is_known(font) || (0xE000..0xF900).contains(&code) {
                self.notices.warn(notices::SYMBOLS);
            }
            char::from_u32(code)
                .filter(|letter| !letter.is_control())
                .map(String::from)
        });
        if let Some(sign) = sign {
            self.say(&sign, at, out);
        }
    }

    fn field(&mut self, node: Node<'_>, at: (When, Look), out: &mut Paragraph) {
        match attr(node, "fldCharType") {
            Some("begin") => {
                if let Some(is_checked) = check_box(node) {
                    let sign = if is_checked { "☒" } else { "☐" };
                    self.say(sign, at, out);
                }
                self.fields.begin(node);
            }
            Some("separate") => {
                if let Some(link) = self
                    .fields
                    .separate()
                    .and_then(|address| self.link(address))
                {
                    self.fields.link(link);
                }
            }
            Some("end") => {
                if let Some(text) = self.fields.end() {
                    self.say(&text, at, out);
                }
            }
            _ => {}
        }
    }

    fn note(&mut self, node: Node<'_>, kind: NoteKind, ctx: Ctx, out: &mut Paragraph) {
        if let Some(id) = attr(node, "id")
            && self.fields.is_shown()
        {
            out.pieces.push(Piece::Note {
                note: NoteRef {
                    kind,
                    id: id.to_owned(),
                },
                when: ctx.when,
            });
        }
    }
}

/// The letters of a text element, blanks at its ends only where they are said to count.
fn letters(node: Node<'_>) -> String {
    const XML: &str = "http://www.w3.org/XML/1998/namespace";
    let text: String = node.children().filter_map(|child| child.text()).collect();
    let is_kept = node.attribute((XML, "space")) == Some("preserve");
    let text = if is_kept {
        text.as_str()
    } else {
        text.trim_matches([' ', '\t', '\r', '\n'])
    };
    text.replace(['\r', '\n', '\t'], " ")
}

/// Whether a field is a box to tick, and ticked.
fn check_box(node: Node<'_>) -> Option<bool> {
    let data = child(node, "ffData").and_then(|data| child(data, "checkBox"))?;
    let said = super::xml::toggle(data, "checked").or_else(|| super::xml::toggle(data, "default"));
    Some(said.unwrap_or(false))
}

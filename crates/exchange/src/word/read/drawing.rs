//! Pictures and text boxes in a paragraph.

use super::flow::{Paragraph, Picture, Piece};
use super::notices;
use super::reader::{Ctx, Reader, alternative};
use super::xml::{Node, Ns, attr, elements, name, relation};

/// Units: English metric units a pixel, at 96 pixels an inch.
const EMU_PER_PIXEL: u64 = 9_525;

impl Reader<'_> {
    /// Reads a drawing of the newer or the older kind, or an embedded object.
    pub(super) fn drawing(&mut self, node: Node<'_>, ctx: Ctx, out: &mut Paragraph) {
        if !self.fields.is_shown() {
            return;
        }
        if name(node) == (Ns::W, "object") {
            self.notices.leave(notices::OBJECT);
        }
        self.shapes(node, (ctx, (0, 0)), out);
    }

    fn shapes(&mut self, node: Node<'_>, (ctx, size): (Ctx, (u32, u32)), out: &mut Paragraph) {
        let mut size = size;
        for child in elements(node) {
            match name(child) {
                (Ns::Draw, "extent") => size = extent(child),
                (Ns::W, "txbxContent") => {
                    self.notices.warn(notices::TEXT_BOXES);
                    let inside = Ctx {
                        is_boxed: true,
                        ..ctx
                    };
                    let flow = self.flow(child, inside);
                    out.pieces.push(Piece::TextBox {
                        flow,
                        when: ctx.when,
                    });
                }
                (Ns::Draw, "blip") => self.picture(relation(child, "embed"), (ctx, size), out),
                (Ns::Vml, "imagedata") => self.picture(relation(child, "id"), (ctx, size), out),
                (Ns::Mc, "AlternateContent") => {
                    if let Some(branch) = alternative(child) {
                        self.shapes(branch, (ctx, size), out);
                    }
                }
                (Ns::Other, "chart" | "relIds") => self.notices.leave(notices::CHART),
                (Ns::Vml, _) => {
                    let styled = child.attribute("style").map_or((0, 0), styled);
                    let size = if styled == (0, 0) { size } else { styled };
                    self.shapes(child, (ctx, size), out);
                }
                _ => self.shapes(child, (ctx, size), out),
            }
        }
    }

    fn picture(&mut self, id: Option<&str>, (ctx, size): (Ctx, (u32, u32)), out: &mut Paragraph) {
        let part = id
            .and_then(|id| self.relations.get(id))
            .filter(|relation| !relation.is_outside)
            .map(|relation| relation.target.clone());
        let Some(part) = part else {
            self.notices.leave(notices::PICTURE);
            return;
        };
        out.pieces.push(Piece::Picture {
            picture: Picture {
                part,
                width: size.0,
                height: size.1,
            },
            when: ctx.when,
        });
    }
}

fn extent(node: Node<'_>) -> (u32, u32) {
    let side = |name: &str| {
        let emu: u64 = attr(node, name)
            .and_then(|side| side.parse().ok())
            .unwrap_or(0);
        u32::try_from(emu / EMU_PER_PIXEL).unwrap_or(0).min(20_000)
    };
    (side("cx"), side("cy"))
}

/// The size in a style such as `width:12pt;height:1in`.
fn styled(style: &str) -> (u32, u32) {
    let side = |name: &str| {
        let said = style.split(';').find_map(|rule| {
            let (key, value) = rule.split_once(':')?;
            (key.trim() == name).then(|| value.trim())
        });
        said.and_then(pixels).unwrap_or(0)
    };
    (side("width"), side("height"))
}

fn pixels(length: &str) -> Option<u32> {
    let at = length.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
    let (number, unit) = length.split_at(at);
    let whole: u32 = number.split('.').next()?.parse().ok()?;
    let pixels = match unit {
        "pt" => whole.checked_mul(4)? / 3,
        "in" => whole.checked_mul(96)?,
        "px" => whole,
        "cm" => whole.checked_mul(38)?,
        "mm" => whole.checked_mul(38)? / 10,
        _ => return None,
    };
    Some(pixels.min(20_000))
}

//! The DRAFT mark: drawn once by printpdf as outlines, laid over every page by lopdf.
//!
//! Outlines instead of text: what is copied from a page stays what is written on it. An overlaid
//! file no longer claims PDF/A or PDF/UA, because nobody has checked it again.

use crate::PdfLang;
use crate::error::ReportError;
use crate::fonts::Fonts;
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};
use printpdf::{
    BlendMode, Color, ExtendedGraphicsState, ExtendedGraphicsStateId, LinePoint, Mm, Op, PaintMode,
    PdfDocument, PdfPage, PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rgb, SeperableBlendMode,
    WindingOrder,
};
use std::collections::BTreeMap;

/// Width and height of a page. Units: points.
type Size = (f32, f32);
/// The two ways in which pages stand: A4 upright and turned.
const PAGES: [Size; 2] = [(595.28, 841.89), (841.89, 595.28)];
/// Height of the letters. Units: points.
const SIZE: f32 = 104.0;
/// How much of what lies below shines through, 0 to 1.
const ALPHA: f32 = 0.085;

/// The words of the mark.
pub(crate) fn words(lang: PdfLang) -> String {
    let label = model::label!("pdf.draftMark");
    match lang {
        PdfLang::En => label.en.to_owned(),
        PdfLang::Zh | PdfLang::Both => format!("{} {}", label.zh, label.en),
    }
}

/// Lays the words over every page.
///
/// # Errors
/// When the composed file cannot be read again, which would be a fault of this crate.
pub(crate) fn draw(bytes: &[u8], words: &str, fonts: &Fonts) -> Result<Vec<u8>, ReportError> {
    let mut file = Document::load_mem(bytes)?;
    let mut marks = Vec::with_capacity(PAGES.len());
    for size in PAGES {
        marks.push(import(&mut file, &outlines(words, size, fonts), size)?);
    }
    let pages: Vec<ObjectId> = file.page_iter().collect();
    // The page's own state is put away first, so that a page that leaves one behind does no harm.
    let before = file.add_object(Stream::new(Dictionary::new(), b"q\n".to_vec()));
    let after = file.add_object(Stream::new(
        Dictionary::new(),
        b"\nQ /Artifact BMC q /DraftMark Do Q EMC\n".to_vec(),
    ));
    for page in pages {
        let mark = marks[usize::from(is_turned(&file, page))];
        file.add_xobject(page, "DraftMark", mark)?;
        let mut contents = vec![Object::Reference(before)];
        contents.extend(
            file.get_page_contents(page)
                .into_iter()
                .map(Object::Reference),
        );
        contents.push(Object::Reference(after));
        file.get_dictionary_mut(page)?.set("Contents", contents);
    }
    package::drop_claims(&mut file)?;
    let mut out = Vec::with_capacity(bytes.len() + 8192);
    file.save_modern(&mut out)?;
    Ok(out)
}

/// Whether a page is wider than it is high.
fn is_turned(file: &Document, page: ObjectId) -> bool {
    let sides = file
        .get_dictionary(page)
        .and_then(|page| page.get(b"MediaBox"))
        .and_then(Object::as_array);
    let side = |at: usize| {
        let sides = sides.as_ref().ok()?;
        sides.get(at)?.as_float().ok()
    };
    matches!((side(2), side(3)), (Some(wide), Some(high)) if wide > high)
}

/// One page with the words across it, by printpdf.
fn outlines(words: &str, size: Size, fonts: &Fonts) -> Vec<u8> {
    let state = ExtendedGraphicsStateId("DraftState".to_owned());
    let mut overlay = PdfDocument::new("DRAFT");
    overlay.resources.extgstates.map.insert(
        state.clone(),
        ExtendedGraphicsState::default()
            .with_current_fill_alpha(ALPHA)
            .with_blend_mode(BlendMode::Seperable(SeperableBlendMode::Multiply)),
    );
    let mut ops = vec![
        Op::LoadGraphicsState { gs: state },
        Op::SetFillColor {
            col: Color::Rgb(Rgb::new(0.45, 0.10, 0.08, None)),
        },
    ];
    ops.extend(
        rings(words, size, fonts)
            .into_iter()
            .filter(|rings| !rings.is_empty())
            .map(|rings| Op::DrawPolygon {
                polygon: Polygon {
                    rings,
                    mode: PaintMode::Fill,
                    winding_order: WindingOrder::NonZero,
                },
            }),
    );
    let mm = |points: f32| Mm(points / 72.0 * 25.4);
    let page = PdfPage::new(mm(size.0), mm(size.1), ops);
    overlay
        .with_pages(vec![page])
        .save(&PdfSaveOptions::default(), &mut Vec::new())
}

/// The outlines of the words, glyph by glyph, centered and turned along the page's diagonal.
fn rings(words: &str, page: Size, fonts: &Fonts) -> Vec<Vec<PolygonRing>> {
    let font = fonts.mark();
    // The face was parsed when it was loaded; without it there is nothing to draw.
    let Ok(face) = ttf_parser::Face::parse(font.data(), font.index()) else {
        return Vec::new();
    };
    let em = f32::from(face.units_per_em());
    let advance = |ch: char| {
        let glyph = face.glyph_index(ch).unwrap_or(ttf_parser::GlyphId(0));
        (glyph, f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)))
    };
    let glyphs: Vec<_> = words.chars().map(advance).collect();
    let width: f32 = glyphs.iter().map(|(_, wide)| wide).sum();
    // Never wider than three quarters of the diagonal.
    let diagonal = page.0.hypot(page.1);
    let scale = (SIZE / em).min(diagonal * 0.75 / width.max(1.0));
    let (sin, cos) = page.1.atan2(page.0).sin_cos();
    let mut left = -width / 2.0;
    let mut out = Vec::new();
    for (glyph, wide) in glyphs {
        let put = |x: f32, y: f32| {
            // The middle of a capital letter is at about a third of the em.
            let (x, y) = ((x + left) * scale, (y - em * 0.36) * scale);
            Point {
                x: Pt(page.0 / 2.0 + x * cos - y * sin),
                y: Pt(page.1 / 2.0 + x * sin + y * cos),
            }
        };
        let mut pencil = Pencil {
            rings: Vec::new(),
            at: (0.0, 0.0),
            put: &put,
        };
        face.outline_glyph(glyph, &mut pencil);
        out.push(pencil.rings);
        left += wide;
    }
    out
}

/// Takes a glyph's outline down as rings of points.
struct Pencil<'a> {
    rings: Vec<PolygonRing>,
    at: (f32, f32),
    put: &'a dyn Fn(f32, f32) -> Point,
}

impl Pencil<'_> {
    fn point(&mut self, x: f32, y: f32, bezier: bool) {
        let p = (self.put)(x, y);
        if let Some(ring) = self.rings.last_mut() {
            ring.points.push(LinePoint { p, bezier });
        }
    }
}

impl ttf_parser::OutlineBuilder for Pencil<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.rings.push(PolygonRing { points: Vec::new() });
        self.point(x, y, false);
        self.at = (x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.point(x, y, false);
        self.at = (x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        // A quadratic curve as a cubic one: each handle two thirds of the way.
        let (x0, y0) = self.at;
        let third = |from: f32, to: f32| from + (to - from) * 2.0 / 3.0;
        self.curve_to(
            third(x0, x1),
            third(y0, y1),
            third(x, x1),
            third(y, y1),
            x,
            y,
        );
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.point(x1, y1, true);
        self.point(x2, y2, true);
        self.point(x, y, false);
        self.at = (x, y);
    }

    fn close(&mut self) {}
}

/// The overlay's page as a form that any page can draw.
fn import(file: &mut Document, overlay: &[u8], size: Size) -> Result<ObjectId, ReportError> {
    let overlay = Document::load_mem(overlay)?;
    let page = overlay
        .page_iter()
        .next()
        .ok_or(lopdf::Error::PageNumberNotFound(1))?;
    let content = overlay.get_page_content(page);
    let resources = overlay
        .get_dictionary(page)?
        .get(b"Resources")
        .cloned()
        .unwrap_or(Object::Null);
    let mut copies = BTreeMap::new();
    let resources = copy(&overlay, &resources, file, &mut copies, 0);
    let mut form = Stream::new(
        dictionary! {
            "Type" => "XObject",
            "Subtype" => "Form",
            "BBox" => vec![0.into(), 0.into(), Object::Real(size.0), Object::Real(size.1)],
            "Resources" => resources,
        },
        content,
    );
    form.compress()?;
    Ok(file.add_object(form))
}

/// A value of one file in another one, with everything that it refers to.
fn copy(
    from: &Document,
    value: &Object,
    to: &mut Document,
    copies: &mut BTreeMap<ObjectId, ObjectId>,
    depth: usize,
) -> Object {
    const DEEPEST: usize = 64;
    if depth > DEEPEST {
        return Object::Null;
    }
    match value {
        Object::Reference(id) => {
            if let Some(copied) = copies.get(id) {
                return Object::Reference(*copied);
            }
            let Ok(target) = from.get_object(*id) else {
                return Object::Null;
            };
            let place = to.new_object_id();
            copies.insert(*id, place);
            let target = copy(from, target, to, copies, depth + 1);
            to.objects.insert(place, target);
            Object::Reference(place)
        }
        Object::Array(items) => Object::Array(
            items
                .iter()
                .map(|item| copy(from, item, to, copies, depth + 1))
                .collect(),
        ),
        Object::Dictionary(entries) => {
            let mut out = Dictionary::new();
            for (key, entry) in entries.iter() {
                out.set(key.clone(), copy(from, entry, to, copies, depth + 1));
            }
            Object::Dictionary(out)
        }
        other => other.clone(),
    }
}

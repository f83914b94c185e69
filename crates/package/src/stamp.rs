//! Stamps on the pages that are put in, and the room that they stand in.
//!
//! A stamp covers nothing. Where the foot of a page is not free, the whole page is drawn a little
//! smaller, towards the middle of its upper edge, on paper of the same size and turn; its notes and
//! links go along. So are scans that fill their page: what stands in their margin is not known, and
//! nothing of them is lost. A place that a bookmark or a link leads to stays where it was, off by
//! the height of the foot at most.

use crate::geometry::{self, Geometry};
use crate::merge::MergeError;
use crate::object::{Copier, inherited};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

/// Most that the content of one page may unpack to when it is drawn as one piece. Units: bytes.
const CONTENT_MAX: usize = 64 * 1024 * 1024;
/// The least to which a page is made smaller.
const SCALE_MIN: f32 = 0.5;

/// A page that gets a stamp.
pub(crate) struct Place {
    pub(crate) page: ObjectId,
    pub(crate) geometry: Geometry,
    /// The height that is cleared at its foot. Units: points.
    pub(crate) room: f32,
}

/// Lays a stamp over each page that is put in.
pub(crate) fn stamp(to: &mut Document, stamps: &[u8], places: &[Place]) -> Result<(), MergeError> {
    let from = Document::load_mem(stamps)?;
    let sheets: Vec<ObjectId> = from.page_iter().collect();
    if places.len() != sheets.len() {
        return Err(MergeError::Stamps {
            pages: places.len(),
            stamps: sheets.len(),
        });
    }
    let mut copier = Copier::new(&from);
    let after = Stream::new(
        Dictionary::new(),
        b"\n/Artifact BMC q /PdStamp Do Q EMC\n".to_vec(),
    );
    let after = to.add_object(after);
    for (sheet, place) in sheets.into_iter().zip(places) {
        if place.room > 0.0 {
            make_room(to, place)?;
        }
        let resources = inherited(&from, sheet, b"Resources").unwrap_or(Object::Null);
        let resources = copier.value(to, &resources);
        copier.finish(to);
        let paper = geometry::media(&from, sheet);
        let matrix = place.geometry.matrix().map(Object::Real).to_vec();
        let mut form = Stream::new(
            dictionary! {
                "Type" => "XObject", "Subtype" => "Form",
                "BBox" => geometry::value(paper), "Matrix" => matrix, "Resources" => resources,
            },
            from.get_page_content(sheet),
        );
        form.compress()?;
        let form = to.add_object(form);
        let entry = to.get_dictionary_mut(place.page)?;
        let resources = entry.get_mut(b"Resources").and_then(Object::as_dict_mut)?;
        match resources.get_mut(b"XObject").and_then(Object::as_dict_mut) {
            Ok(pictures) => pictures.set("PdStamp", form),
            Err(_) => resources.set("XObject", dictionary! { "PdStamp" => form }),
        }
        let contents = entry.get_mut(b"Contents").and_then(Object::as_array_mut)?;
        contents.push(after.into());
    }
    Ok(())
}

/// Draws a page smaller, so that its foot is free.
fn make_room(to: &mut Document, place: &Place) -> Result<(), MergeError> {
    let smaller = Smaller::of(&place.geometry, place.room);
    let matrix = smaller.matrix();
    let page = to.get_dictionary(place.page)?;
    let resources = page.get(b"Resources").cloned().unwrap_or(Object::Null);
    let notes = page.get(b"Annots").cloned().ok();
    let contents = match to.get_page_content_with_limit(place.page, CONTENT_MAX) {
        // As one piece: its patterns are laid out within it and go along.
        Ok(content) => {
            let mut form = Stream::new(
                dictionary! {
                    "Type" => "XObject", "Subtype" => "Form", "Resources" => resources,
                    "BBox" => geometry::value(place.geometry.visible),
                    "Matrix" => matrix.map(Object::Real).to_vec(),
                },
                content,
            );
            form.compress()?;
            let form = to.add_object(form);
            let shown = to.add_object(plain("q /PdPage Do Q\n"));
            let page = to.get_dictionary_mut(place.page)?;
            let pictures = dictionary! { "PdPage" => form };
            page.set("Resources", dictionary! { "XObject" => pictures });
            vec![shown.into()]
        }
        // Too large to be unpacked here: the same by operators around it.
        Err(_) => {
            let [left, bottom, right, top] = place.geometry.visible;
            let numbers = matrix.map(|n| format!("{n:.6}")).join(" ");
            let (wide, high) = (right - left, top - bottom);
            let before = format!("q {numbers} cm {left} {bottom} {wide} {high} re W n\n");
            let before = to.add_object(plain(&before));
            let behind = to.add_object(plain("\nQ\n"));
            let page = to.get_dictionary(place.page)?;
            let own = page.get(b"Contents").and_then(Object::as_array)?;
            let own = own.iter().cloned();
            let all = [before.into()].into_iter().chain(own);
            all.chain([behind.into()]).collect()
        }
    };
    to.get_dictionary_mut(place.page)?.set("Contents", contents);
    if let Some(notes) = notes {
        move_notes(to, &notes, &smaller);
    }
    Ok(())
}

fn plain(content: &str) -> Stream {
    Stream::new(Dictionary::new(), content.as_bytes().to_vec())
}

/// Notes and links of a page, moved with what they lie on.
fn move_notes(to: &mut Document, notes: &Object, smaller: &Smaller) {
    const POINTS: [&[u8]; 6] = [b"Rect", b"QuadPoints", b"Vertices", b"L", b"CL", b"InkList"];
    let all = notes.as_array().cloned().unwrap_or_default();
    for id in all.iter().filter_map(|one| one.as_reference().ok()) {
        let Ok(note) = to.get_dictionary_mut(id) else {
            continue;
        };
        for key in POINTS {
            if let Ok(Object::Array(points)) = note.get_mut(key) {
                smaller.points(points);
            }
        }
    }
}

/// A change of a page's coordinates that keeps the middle of the edge that a reader sees above.
struct Smaller {
    scale: f32,
    /// What stays where it is.
    fixed: (f32, f32),
}

impl Smaller {
    fn of(geometry: &Geometry, room: f32) -> Self {
        let (wide, high) = geometry.size();
        let [a, b, c, d, e, f] = geometry.matrix();
        let (x, y) = (wide / 2.0, high);
        Self {
            scale: ((high - room) / high).clamp(SCALE_MIN, 1.0),
            fixed: (a * x + c * y + e, b * x + d * y + f),
        }
    }

    fn matrix(&self) -> [f32; 6] {
        let stays = 1.0 - self.scale;
        let (x, y) = (self.fixed.0 * stays, self.fixed.1 * stays);
        [self.scale, 0.0, 0.0, self.scale, x, y]
    }

    /// Pairs of numbers, also in lists of their own.
    fn points(&self, points: &mut [Object]) {
        let [scale, _, _, _, x, y] = self.matrix();
        for (at, point) in points.iter_mut().enumerate() {
            match point {
                Object::Array(own) => self.points(own),
                number => {
                    if let Ok(value) = number.as_float() {
                        *number = Object::Real(value * scale + if at % 2 == 0 { x } else { y });
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smaller_page_leaves_its_foot_free_whichever_way_it_is_turned() {
        for turned in [0, 90, 180, 270] {
            let geometry = Geometry {
                visible: [10.0, 20.0, 210.0, 420.0],
                turned,
            };
            let (wide, high) = geometry.size();
            let [scale, _, _, _, x, y] = Smaller::of(&geometry, 20.0).matrix();
            // From the reader's place to the page's, made smaller, and back.
            let [a, b, c, d, e, f] = geometry.matrix();
            let moved = |(u, v): (f32, f32)| {
                let (px, py) = (a * u + c * v + e, b * u + d * v + f);
                let (px, py) = (px * scale + x - e, py * scale + y - f);
                (a * px + b * py, c * px + d * py)
            };
            let near = |one: (f32, f32), other: (f32, f32)| {
                (one.0 - other.0).abs() < 0.01 && (one.1 - other.1).abs() < 0.01
            };
            let aside = wide * 20.0 / high / 2.0;
            assert!(near(moved((0.0, 0.0)), (aside, 20.0)), "{turned}");
            assert!(near(moved((wide, 0.0)), (wide - aside, 20.0)), "{turned}");
            assert!(near(moved((0.0, high)), (aside, high)), "{turned}");
        }
    }
}

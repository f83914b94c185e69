//! How much of a page is free at its foot, where the number of the whole is stamped.
//!
//! Read from the operators of the page as it was written anew: pictures, lines, fills and letters
//! with the places they take, within what they are clipped to. What cannot be told exactly counts
//! as taken: a page is then made a little smaller without need, and nothing is ever covered. White
//! fills and letters that are not drawn take no place.

mod ink;
mod state;

use super::annotation::is_hidden;
use crate::geometry::{self, Geometry, Rect};
use crate::object::{deref, get, get_dict, get_name, inherited, number};
use ink::Ink;
use lopdf::content::Content;
use lopdf::{Dictionary, Document, Object, ObjectId};
use state::{Fill, IDENTITY, Matrix, State, box_of, times};

/// Most that the contents of one page and of all pictures on it may unpack to. Units: bytes.
const CONTENT_MAX: usize = 16 * 1024 * 1024;
/// How deep pictures may lie within pictures.
const DEPTH_MAX: usize = 12;

/// The height that is free at the foot of a page, as a reader sees it; 0 where it cannot be told.
/// Units: points.
pub(super) fn free(file: &Document, page: ObjectId, geometry: &Geometry) -> f32 {
    let mut ink = Ink::new(geometry);
    let mut walk = Walk {
        file,
        ink: &mut ink,
        left: CONTENT_MAX,
    };
    let resources = inherited(file, page, b"Resources");
    let resources = resources.as_ref().map(|found| deref(file, found));
    let resources = resources.and_then(|found| found.as_dict().ok());
    let read = file.get_page_content_with_limit(page, CONTENT_MAX);
    let is_read = read.is_ok_and(|content| {
        let state = State::new(geometry.visible);
        walk.content(&content, resources, &state, 0).is_some()
    });
    if !is_read {
        return 0.0;
    }
    for shown in annotations(file, page) {
        ink.add(shown);
    }
    ink.free()
}

/// Where the notes of a page lie that show something.
fn annotations(file: &Document, page: ObjectId) -> Vec<Rect> {
    let list = file.get_dictionary(page).ok();
    let list = list.and_then(|page| get(file, page, b"Annots")?.as_array().ok());
    let shown = list.into_iter().flatten().filter_map(|one| {
        let entry = deref(file, one).as_dict().ok()?;
        let is_link = get_name(file, entry, b"Subtype") == b"Link";
        let place = geometry::rect(file, entry.get(b"Rect").ok()?)?;
        (!is_hidden(file, entry) && !is_link).then_some(place)
    });
    shown.collect()
}

struct Walk<'a> {
    file: &'a Document,
    ink: &'a mut Ink,
    /// What may still be unpacked. Units: bytes.
    left: usize,
}

impl Walk<'_> {
    /// Reads operators; `None` where they cannot be told.
    fn content(
        &mut self,
        content: &[u8],
        resources: Option<&Dictionary>,
        outer: &State,
        depth: usize,
    ) -> Option<()> {
        self.left = self.left.checked_sub(content.len())?;
        let operations = Content::decode(content).ok()?.operations;
        // A page ends in a bracket of ours: where none is read, something before it was not.
        let is_whole = operations.last().is_some_and(|last| last.operator == "Q");
        if depth == 0 && !is_whole {
            return None;
        }
        let mut state = outer.clone();
        let mut saved: Vec<State> = Vec::new();
        for operation in &operations {
            let values = operation.operands.as_slice();
            match operation.operator.as_str() {
                "q" => saved.push(state.clone()),
                "Q" => state = saved.pop().unwrap_or_else(|| outer.clone()),
                "cm" => state.matrix = times(matrix(self.file, values)?, state.matrix),
                "Do" => self.picture(values, resources, &state, depth)?,
                "BI" => self.ink.add_clipped(state.on_page(UNIT), state.clip),
                // A run of colours fills what it is clipped to.
                "sh" => self.ink.add(state.clip),
                "cs" => state.fill = Fill::space(self.space(values, resources)),
                "g" | "rg" | "k" | "sc" | "scn" => {
                    let numbers: Vec<f32> = numbers(self.file, values);
                    state.fill.set(operation.operator.as_str(), &numbers);
                }
                "w" => state.line = numbers(self.file, values).first().copied().unwrap_or(1.0),
                "Tf" => self.font(values, resources, &mut state),
                word => {
                    let numbers = numbers(self.file, values);
                    if let Some(marked) = state.text(word, &numbers, values) {
                        self.ink.add_clipped(marked, state.clip);
                    } else if let Some(marked) = state.path(word, &numbers) {
                        self.ink.add_clipped(marked, state.clip);
                    }
                }
            }
        }
        Some(())
    }

    /// A picture, or a piece of content that is drawn like one.
    fn picture(
        &mut self,
        values: &[Object],
        resources: Option<&Dictionary>,
        state: &State,
        depth: usize,
    ) -> Option<()> {
        let name = values.first().and_then(|name| name.as_name().ok())?;
        let known = resources.and_then(|all| get_dict(self.file, all, b"XObject"));
        // What is not there is not drawn.
        let Some(Object::Stream(stream)) = known.and_then(|all| get(self.file, all, name)) else {
            return Some(());
        };
        if get_name(self.file, &stream.dict, b"Subtype") != b"Form" {
            self.ink.add_clipped(state.on_page(UNIT), state.clip);
            return Some(());
        }
        if depth >= DEPTH_MAX {
            return None;
        }
        let own = get(self.file, &stream.dict, b"Matrix").and_then(|own| own.as_array().ok());
        let own = own.map_or(Some(IDENTITY), |own| matrix(self.file, own))?;
        let frame = stream.dict.get(b"BBox").ok();
        let frame = frame.and_then(|frame| geometry::rect(self.file, frame))?;
        let mut inner = state.clone();
        inner.matrix = times(own, state.matrix);
        let frame = box_of(inner.matrix, frame);
        let Some(clip) = geometry::common(frame, state.clip) else {
            return Some(());
        };
        inner.clip = clip;
        // Nothing of it reaches lower than what is known already.
        if !self.ink.is_lower(clip) {
            return Some(());
        }
        let content = stream.get_plain_content_with_limit(self.left).ok()?;
        let own = get_dict(self.file, &stream.dict, b"Resources").or(resources);
        self.content(&content, own, &inner, depth + 1)
    }

    /// How many values a colour has where the highest of each mean white; 0 where they do not.
    fn space(&self, values: &[Object], resources: Option<&Dictionary>) -> usize {
        let Some(name) = values.first().and_then(|name| name.as_name().ok()) else {
            return 0;
        };
        let known = resources.and_then(|all| get_dict(self.file, all, b"ColorSpace"));
        let space = known.and_then(|all| get(self.file, all, name));
        let parts = space.and_then(|space| space.as_array().ok());
        let kind = parts.and_then(|parts| deref(self.file, parts.first()?).as_name().ok());
        match kind.unwrap_or(name) {
            b"DeviceGray" | b"CalGray" => 1,
            b"DeviceRGB" | b"CalRGB" => 3,
            b"ICCBased" => {
                let profile = parts.and_then(|parts| parts.get(1));
                let profile = profile.and_then(|one| deref(self.file, one).as_stream().ok());
                let n = profile.and_then(|one| number(self.file, one.dict.get(b"N").ok()?));
                match n {
                    Some(1.0) => 1,
                    Some(3.0) => 3,
                    _ => 0,
                }
            }
            _ => 0,
        }
    }

    /// The size of letters, and how far a font of its own drawings reaches.
    fn font(&self, values: &[Object], resources: Option<&Dictionary>, state: &mut State) {
        let size = values.get(1).and_then(|size| number(self.file, size));
        state.letters.size = size.unwrap_or(0.0);
        state.letters.reach = state::REACH;
        let fonts = resources.and_then(|all| get_dict(self.file, all, b"Font"));
        let name = values.first().and_then(|name| name.as_name().ok());
        let font = fonts
            .zip(name)
            .and_then(|(all, name)| get_dict(self.file, all, name));
        let Some(font) = font.filter(|font| get_name(self.file, font, b"Subtype") == b"Type3")
        else {
            return;
        };
        let own = get(self.file, font, b"FontMatrix").and_then(|own| own.as_array().ok());
        let own = own.and_then(|own| matrix(self.file, own));
        let frame = font.get(b"FontBBox").ok();
        let frame = frame.and_then(|frame| geometry::rect(self.file, frame));
        if let (Some(own), Some(frame)) = (own, frame) {
            let [_, low, wide, high] = box_of(own, frame);
            if high > low {
                state.letters.reach = [low, high, wide.max(1.0)];
            }
        }
    }
}

/// A picture's own place (ISO 32000-1, 8.9.5.1).
const UNIT: Rect = [0.0, 0.0, 1.0, 1.0];

fn numbers(file: &Document, values: &[Object]) -> Vec<f32> {
    values
        .iter()
        .filter_map(|value| number(file, value))
        .collect()
}

fn matrix(file: &Document, values: &[Object]) -> Option<Matrix> {
    let found = numbers(file, values);
    let found: Matrix = found.try_into().ok()?;
    found.iter().all(|one| one.is_finite()).then_some(found)
}

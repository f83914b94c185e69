//! What is marked on a page, as far as its foot is concerned.

use crate::geometry::{Geometry, Rect, common};

/// The lowest place that is marked, as a reader sees the page.
pub(super) struct Ink {
    geometry: Geometry,
    /// How high above the foot it lies. Units: points.
    lowest: f32,
}

impl Ink {
    /// Nothing is marked.
    pub(super) fn new(geometry: &Geometry) -> Self {
        Self {
            geometry: *geometry,
            lowest: geometry.size().1,
        }
    }

    /// Marks a place of the page's own coordinates.
    pub(super) fn add(&mut self, place: Rect) {
        if let Some(place) = common(place, self.geometry.visible) {
            self.lowest = self.lowest.min(self.above(place));
        }
    }

    /// Marks what of a place is within another.
    pub(super) fn add_clipped(&mut self, place: Rect, clip: Rect) {
        if let Some(place) = common(place, clip) {
            self.add(place);
        }
    }

    /// Whether a place reaches lower than all that is marked.
    pub(super) fn is_lower(&self, place: Rect) -> bool {
        self.above(place) < self.lowest
    }

    /// The height that is free. Units: points.
    pub(super) fn free(&self) -> f32 {
        self.lowest.max(0.0)
    }

    /// How high above the foot a place lies.
    fn above(&self, [left, bottom, right, top]: Rect) -> f32 {
        let visible = self.geometry.visible;
        match self.geometry.turned {
            90 => visible[2] - right,
            180 => visible[3] - top,
            270 => left - visible[0],
            _ => bottom - visible[1],
        }
    }
}

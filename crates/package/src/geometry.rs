//! Where things are on a page: boxes, rotation, as a reader sees it.

use crate::object::{deref, inherited, number};
use lopdf::{Document, Object, ObjectId};
use serde::{Deserialize, Serialize};

/// Left, bottom, right, top. Units: points.
pub type Rect = [f32; 4];

const A4: Rect = [0.0, 0.0, 595.28, 841.89];

/// The visible part of a page and how it is turned.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Geometry {
    /// The visible part, before turning.
    pub visible: Rect,
    /// Turned clockwise by 0, 90, 180 or 270 degrees.
    pub turned: u16,
}

/// What two boxes have in common, an edge at least.
pub(crate) fn common(one: Rect, other: Rect) -> Option<Rect> {
    let both = [
        one[0].max(other[0]),
        one[1].max(other[1]),
        one[2].min(other[2]),
        one[3].min(other[3]),
    ];
    (both[0] <= both[2] && both[1] <= both[3]).then_some(both)
}

impl Geometry {
    /// Of a page of a file.
    pub(crate) fn of(file: &Document, page: ObjectId) -> Self {
        let paper = media(file, page);
        let cut = inherited(file, page, b"CropBox").and_then(|value| rect(file, &value));
        // What is cut lies within the paper; a cut that leaves nothing is none.
        let visible = cut
            .and_then(|cut| common(cut, paper))
            .filter(|cut| cut[2] - cut[0] > 1.0 && cut[3] - cut[1] > 1.0)
            .unwrap_or(paper);
        let turned = inherited(file, page, b"Rotate").and_then(|value| number(file, &value));
        let turned = (turned.unwrap_or(0.0) as i64).rem_euclid(360) / 90 * 90;
        Self {
            visible,
            turned: u16::try_from(turned).unwrap_or(0),
        }
    }

    /// Width and height as a reader sees the page. Units: points.
    pub fn size(&self) -> (f32, f32) {
        let [left, bottom, right, top] = self.visible;
        let (wide, high) = (right - left, top - bottom);
        if self.turned % 180 == 0 {
            (wide, high)
        } else {
            (high, wide)
        }
    }

    /// Takes what is drawn upright on a sheet of [`Self::size`] to the page's own coordinates.
    pub(crate) fn matrix(&self) -> [f32; 6] {
        let [left, bottom, right, top] = self.visible;
        match self.turned {
            90 => [0.0, 1.0, -1.0, 0.0, right, bottom],
            180 => [-1.0, 0.0, 0.0, -1.0, right, top],
            270 => [0.0, -1.0, 1.0, 0.0, left, top],
            _ => [1.0, 0.0, 0.0, 1.0, left, bottom],
        }
    }
}

/// The paper of a page; A4 where the file names none that has an area.
pub(crate) fn media(file: &Document, page: ObjectId) -> Rect {
    let named = inherited(file, page, b"MediaBox").and_then(|value| rect(file, &value));
    named
        .filter(|sides| sides[2] - sides[0] > 0.0 && sides[3] - sides[1] > 0.0)
        .unwrap_or(A4)
}

/// A box, its corners in order.
pub(crate) fn rect(file: &Document, value: &Object) -> Option<Rect> {
    let sides = deref(file, value).as_array().ok()?;
    let side = |at: usize| number(file, sides.get(at)?).filter(|side| side.is_finite());
    let (a, b, c, d) = (side(0)?, side(1)?, side(2)?, side(3)?);
    Some([a.min(c), b.min(d), a.max(c), b.max(d)])
}

/// A box as a value.
pub(crate) fn value(rect: Rect) -> Object {
    Object::Array(rect.iter().map(|side| Object::Real(*side)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_laid_on_a_turned_page() {
        let put = |turned, (x, y): (f32, f32)| {
            let [a, b, c, d, e, f] = Geometry {
                visible: [10.0, 20.0, 110.0, 220.0],
                turned,
            }
            .matrix();
            (a * x + c * y + e, b * x + d * y + f)
        };
        // The lower left corner of the sheet, as a reader sees it.
        assert_eq!(put(0, (0.0, 0.0)), (10.0, 20.0));
        assert_eq!(put(90, (0.0, 0.0)), (110.0, 20.0));
        assert_eq!(put(180, (0.0, 0.0)), (110.0, 220.0));
        assert_eq!(put(270, (0.0, 0.0)), (10.0, 220.0));
        // And the upper right one.
        assert_eq!(put(90, (200.0, 100.0)), (10.0, 220.0));
        let turned = Geometry {
            visible: [0.0, 0.0, 100.0, 200.0],
            turned: 270,
        };
        assert_eq!(turned.size(), (200.0, 100.0));
    }
}

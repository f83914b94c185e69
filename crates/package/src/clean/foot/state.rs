//! What operators leave behind: matrix, clip, path, letters, colour.

use crate::geometry::{Rect, common};
use lopdf::Object;

/// A change of coordinates, as in a file (ISO 32000-1, 8.3.3).
pub(super) type Matrix = [f32; 6];

pub(super) const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];
/// How far letters reach below and above their line, and how wide the widest is, for each unit of
/// their size.
pub(super) const REACH: [f32; 3] = [-0.3, 1.0, 1.0];

/// First one change, then another.
pub(super) fn times(first: Matrix, then: Matrix) -> Matrix {
    let [a, b, c, d, e, f] = first;
    let [g, h, i, j, k, l] = then;
    [
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + l,
    ]
}

/// The box around a box that is changed.
pub(super) fn box_of([a, b, c, d, e, f]: Matrix, [left, bottom, right, top]: Rect) -> Rect {
    let corners = [(left, bottom), (right, bottom), (left, top), (right, top)];
    let placed = corners.map(|(x, y)| (a * x + c * y + e, b * x + d * y + f));
    placed
        .into_iter()
        .fold(NONE, |sum, (x, y)| around(sum, x, y))
}

/// A box with nothing in it.
const NONE: Rect = [
    f32::INFINITY,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NEG_INFINITY,
];

fn around(sum: Rect, x: f32, y: f32) -> Rect {
    [sum[0].min(x), sum[1].min(y), sum[2].max(x), sum[3].max(y)]
}

/// The colour that fills, as far as white goes.
#[derive(Clone, Copy)]
pub(super) struct Fill {
    /// How many values of 1 are white in its space; 0 where none are.
    white: usize,
    is_white: bool,
}

impl Fill {
    /// The first colour of a space: never white.
    pub(super) fn space(white: usize) -> Self {
        Self {
            white,
            is_white: false,
        }
    }

    /// Another colour.
    pub(super) fn set(&mut self, word: &str, values: &[f32]) {
        let all = |wanted: f32| values.iter().all(|value| (value - wanted).abs() < 0.001);
        self.is_white = match word {
            "g" => values.len() == 1 && all(1.0),
            "rg" => values.len() == 3 && all(1.0),
            "k" => values.len() == 4 && all(0.0),
            _ => self.white > 0 && values.len() == self.white && all(1.0),
        };
    }
}

/// How letters are set.
#[derive(Clone, Copy)]
pub(super) struct Letters {
    pub(super) size: f32,
    pub(super) reach: [f32; 3],
    matrix: Matrix,
    line: Matrix,
    leading: f32,
    /// Added after each letter. Units: of text space.
    apart: f32,
    wide: f32,
    rise: f32,
    mode: i32,
}

/// Everything that `q` keeps.
#[derive(Clone)]
pub(super) struct State {
    pub(super) matrix: Matrix,
    pub(super) clip: Rect,
    pub(super) fill: Fill,
    pub(super) letters: Letters,
    /// Width of a line.
    pub(super) line: f32,
    path: Rect,
    clips: bool,
}

impl State {
    /// At the begin of a page.
    pub(super) fn new(clip: Rect) -> Self {
        Self {
            matrix: IDENTITY,
            clip,
            fill: Fill::space(0),
            letters: Letters {
                size: 0.0,
                reach: REACH,
                matrix: IDENTITY,
                line: IDENTITY,
                leading: 0.0,
                apart: 0.0,
                wide: 1.0,
                rise: 0.0,
                mode: 0,
            },
            line: 1.0,
            path: NONE,
            clips: false,
        }
    }

    /// Where something of the present coordinates stands on the page.
    pub(super) fn on_page(&self, place: Rect) -> Rect {
        box_of(self.matrix, place)
    }

    /// An operator of letters; gives the place of what it shows.
    pub(super) fn text(&mut self, word: &str, n: &[f32], values: &[Object]) -> Option<Rect> {
        let at = |place: usize| n.get(place).copied().unwrap_or(0.0);
        match word {
            "BT" => (self.letters.matrix, self.letters.line) = (IDENTITY, IDENTITY),
            "Tm" => {
                let found: Matrix = n.try_into().unwrap_or(IDENTITY);
                (self.letters.matrix, self.letters.line) = (found, found);
            }
            "Td" => self.move_line(at(0), at(1)),
            "TD" => {
                self.letters.leading = -at(1);
                self.move_line(at(0), at(1));
            }
            "T*" => self.move_line(0.0, -self.letters.leading),
            "TL" => self.letters.leading = at(0),
            // Between words more is left: counted as if each letter were followed by one.
            "Tc" | "Tw" => self.letters.apart = self.letters.apart.max(at(0)),
            "Tz" => self.letters.wide = at(0) / 100.0,
            "Ts" => self.letters.rise = at(0),
            "Tr" => self.letters.mode = at(0) as i32,
            "Tj" | "TJ" => return self.show(values),
            "'" | "\"" => {
                self.move_line(0.0, -self.letters.leading);
                return self.show(values);
            }
            _ => {}
        }
        None
    }

    fn move_line(&mut self, x: f32, y: f32) {
        self.letters.line = times([1.0, 0.0, 0.0, 1.0, x, y], self.letters.line);
        self.letters.matrix = self.letters.line;
    }

    /// Letters, each as wide as the widest: their place is never too small.
    fn show(&mut self, values: &[Object]) -> Option<Rect> {
        let mut strings: Vec<&[u8]> = Vec::new();
        // Letters are also moved apart, in thousandths of their size.
        let mut moved = 0.0;
        for value in values {
            match value {
                Object::String(text, _) => strings.push(text),
                Object::Array(items) => {
                    strings.extend(items.iter().filter_map(|item| item.as_str().ok()));
                    let by = items.iter().filter_map(|item| item.as_float().ok());
                    moved += by.map(|by| (-by).max(0.0)).sum::<f32>() / 1000.0;
                }
                _ => {}
            }
        }
        let n = strings.iter().map(|text| text.len()).sum::<usize>() as f32;
        let is_blank = strings.iter().all(|text| text.iter().all(|b| *b == b' '));
        let Letters {
            size,
            reach: [low, high, wide],
            rise,
            ..
        } = self.letters;
        let length = n * (size.abs() * wide + self.letters.apart) + moved * size.abs();
        let length = length * self.letters.wide;
        let place = [0.0, low * size + rise, length, high * size + rise];
        let place = box_of(times(self.letters.matrix, self.matrix), place);
        self.letters.matrix = times([1.0, 0.0, 0.0, 1.0, length, 0.0], self.letters.matrix);
        // Modes 3 and 7 draw nothing.
        let is_drawn = !matches!(self.letters.mode, 3 | 7) && !is_blank;
        is_drawn.then_some(place)
    }

    /// An operator of lines and areas; gives the place of what it paints.
    pub(super) fn path(&mut self, word: &str, n: &[f32]) -> Option<Rect> {
        match word {
            "m" | "l" | "c" | "v" | "y" => {
                n.chunks_exact(2).for_each(|at| self.reach(at[0], at[1]))
            }
            "re" => {
                if let [x, y, wide, high] = n {
                    self.reach(*x, *y);
                    self.reach(x + wide, y + high);
                    self.reach(x + wide, *y);
                    self.reach(*x, y + high);
                }
            }
            "W" | "W*" => self.clips = true,
            "S" | "s" | "f" | "F" | "f*" | "B" | "B*" | "b" | "b*" | "n" => {
                return self.paint(word);
            }
            _ => {}
        }
        None
    }

    fn reach(&mut self, x: f32, y: f32) {
        let [a, b, c, d, e, f] = self.matrix;
        self.path = around(self.path, a * x + c * y + e, b * x + d * y + f);
    }

    fn paint(&mut self, word: &str) -> Option<Rect> {
        let path = std::mem::replace(&mut self.path, NONE);
        let is_filled = matches!(word, "f" | "F" | "f*");
        let is_drawn = word != "n" && !(is_filled && self.fill.is_white);
        let half = if is_filled { 0.0 } else { self.half_line() };
        let clip = self.clip;
        if std::mem::take(&mut self.clips) {
            // Nothing is left where clips have nothing in common.
            self.clip = common(path, clip).unwrap_or([clip[0], clip[1], clip[0], clip[1]]);
        }
        let [left, bottom, right, top] = path;
        let marked = [left - half, bottom - half, right + half, top + half];
        // What is painted before a clip takes hold is clipped by the one before.
        is_drawn.then(|| common(marked, clip)).flatten()
    }

    /// Half the width of a line on the page.
    fn half_line(&self) -> f32 {
        let [a, b, c, d, ..] = self.matrix;
        self.line / 2.0 * (a.abs() + c.abs()).max(b.abs() + d.abs())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_go_one_after_the_other() {
        let moved = [1.0, 0.0, 0.0, 1.0, 5.0, 7.0];
        let doubled = [2.0, 0.0, 0.0, 2.0, 0.0, 0.0];
        assert_eq!(
            box_of(times(moved, doubled), [0.0, 0.0, 1.0, 1.0]),
            [10.0, 14.0, 12.0, 16.0]
        );
        assert_eq!(common([0.0, 0.0, 1.0, 1.0], [2.0, 0.0, 3.0, 1.0]), None);
    }

    #[test]
    fn white_areas_and_letters_that_are_not_drawn_take_no_place() {
        let mut state = State::new([0.0, 0.0, 100.0, 100.0]);
        let fill = |state: &mut State, word: &str, values: &[f32]| {
            state.fill.set(word, values);
            state.path("re", &[0.0, 0.0, 50.0, 50.0]);
            state.path("f", &[])
        };
        assert_eq!(fill(&mut state, "rg", &[1.0, 1.0, 1.0]), None);
        assert_eq!(fill(&mut state, "k", &[0.0; 4]), None);
        assert!(fill(&mut state, "g", &[0.9]).is_some());
        state.letters.size = 10.0;
        let text = [Object::string_literal("words")];
        assert!(state.text("Tj", &[], &text).is_some());
        state.text("Tr", &[3.0], &[]);
        assert_eq!(state.text("Tj", &[], &text), None);
    }
}

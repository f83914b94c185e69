//! How a field of a form looks: the picture that it bears, or its value typed.

use super::annotation::{FONT, up};
use crate::geometry::{Rect, rect};
use crate::object::{deref, get, get_dict, get_name, number};
use lopdf::{Dictionary, Document, Object, Stream};

/// The picture that a field bears for the state it is in.
pub(super) fn of<'a>(file: &'a Document, entry: &'a Dictionary) -> Option<&'a Stream> {
    let looks = get_dict(file, entry, b"AP")?;
    match get(file, looks, b"N")? {
        Object::Stream(stream) => Some(stream),
        Object::Dictionary(states) => {
            let state = match get_name(file, entry, b"AS") {
                b"" => up(file, entry, b"V")?.as_name().ok()?,
                state => state,
            };
            get(file, states, state)?.as_stream().ok()
        }
        _ => None,
    }
}

/// The matrix that puts a picture into its place.
///
/// `upright`: how the page is turned, for a field that does not turn with it: it stands upright at
/// its upper left corner.
///
/// Source: ISO 32000-1, 12.5.5, algorithm 8.1, and 12.5.3 (NoRotate).
pub(super) fn fitted(
    file: &Document,
    picture: &Dictionary,
    place: Rect,
    upright: u16,
) -> Option<[f32; 6]> {
    let (wide, high) = (place[2] - place[0], place[3] - place[1]);
    let (left, top) = (place[0], place[3]);
    let ([ra, rb, rc, rd], place) = match upright {
        90 => ([0.0, 1.0, -1.0, 0.0], [left, top, left + high, top + wide]),
        180 => ([-1.0, 0.0, 0.0, -1.0], [left - wide, top, left, top + high]),
        270 => ([0.0, -1.0, 1.0, 0.0], [left - high, top - wide, left, top]),
        _ => ([1.0, 0.0, 0.0, 1.0], place),
    };
    let own = picture
        .get(b"BBox")
        .ok()
        .and_then(|value| rect(file, value))?;
    let matrix = matrix(file, picture);
    let corners = [(0, 1), (0, 3), (2, 1), (2, 3)].map(|(x, y)| {
        let (x, y) = (own[x], own[y]);
        let [a, b, c, d, e, f] = matrix;
        let (x, y) = (a * x + c * y + e, b * x + d * y + f);
        (ra * x + rc * y, rb * x + rd * y)
    });
    let (mut left, mut bottom) = (f32::INFINITY, f32::INFINITY);
    let (mut right, mut top) = (f32::NEG_INFINITY, f32::NEG_INFINITY);
    for (x, y) in corners {
        (left, right) = (left.min(x), right.max(x));
        (bottom, top) = (bottom.min(y), top.max(y));
    }
    let scale = |to: f32, from: f32| if from.abs() < 1e-6 { 1.0 } else { to / from };
    let (sx, sy) = (
        scale(place[2] - place[0], right - left),
        scale(place[3] - place[1], top - bottom),
    );
    let fitted = [
        ra * sx,
        rb * sy,
        rc * sx,
        rd * sy,
        place[0] - left * sx,
        place[1] - bottom * sy,
    ];
    fitted.iter().all(|n| n.is_finite()).then_some(fitted)
}

fn matrix(file: &Document, picture: &Dictionary) -> [f32; 6] {
    let read = || {
        let numbers = get(file, picture, b"Matrix")?.as_array().ok()?;
        let mut out = [0.0; 6];
        for (at, place) in out.iter_mut().enumerate() {
            *place = number(file, numbers.get(at)?)?;
        }
        Some(out)
    };
    read().unwrap_or([1.0, 0.0, 0.0, 1.0, 0.0, 0.0])
}

/// Operators that type a field's value in plain letters; `None` for what they do not have.
pub(super) fn typed(file: &Document, entry: &Dictionary, place: Rect) -> Option<String> {
    let value = match up(file, entry, b"V")? {
        Object::String(text, _) => text.clone(),
        Object::Array(values) => deref(file, values.first()?).as_str().ok()?.to_vec(),
        _ => return None,
    };
    let text = match value.strip_prefix(&[0xfe, 0xff]) {
        Some(wide) => {
            let units = wide
                .chunks_exact(2)
                .map(|two| u16::from_be_bytes([two[0], two[1]]));
            let units: Vec<u16> = units.collect();
            String::from_utf16(&units).ok()?
        }
        None => value.iter().map(|byte| char::from(*byte)).collect(),
    };
    let lines: Vec<&str> = text
        .split(['\r', '\n'])
        .filter(|line| !line.is_empty())
        .collect();
    let is_plain = |ch: char| matches!(ch, ' '..='~' | '\u{a0}'..='\u{ff}');
    if lines.is_empty() || !lines.iter().all(|line| line.chars().all(is_plain)) {
        return None;
    }
    let high = place[3] - place[1];
    let size = (high / lines.len() as f32 * 0.7).clamp(4.0, 11.0);
    let mut out = format!(
        "q {} {} {} {} re W n BT /{FONT} {size:.2} Tf 0 g {size:.2} TL {:.2} {:.2} Td\n",
        place[0],
        place[1],
        place[2] - place[0],
        high,
        place[0] + 2.0,
        place[3] - size * 1.1 - (high - size * 1.4 * lines.len() as f32).max(0.0) / 2.0,
    );
    for line in lines {
        let codes: String = line
            .chars()
            .map(|ch| format!("{:02x}", ch as u32))
            .collect();
        out.push_str(&format!("<{codes}> Tj T*\n"));
    }
    out.push_str("ET Q\n");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::{StringFormat, dictionary};

    #[test]
    fn a_picture_is_turned_and_fitted_into_its_place() {
        let file = Document::new();
        let numbers =
            |values: &[f32]| Object::Array(values.iter().map(|n| Object::Real(*n)).collect());
        let plain = dictionary! { "BBox" => numbers(&[0.0, 0.0, 10.0, 20.0]) };
        let place = [100.0, 200.0, 120.0, 240.0];
        assert_eq!(
            fitted(&file, &plain, place, 0),
            Some([2.0, 0.0, 0.0, 2.0, 100.0, 200.0])
        );
        // A quarter turn: the box becomes 20 wide and 10 high, to the left of its origin.
        let turned = dictionary! {
            "BBox" => numbers(&[0.0, 0.0, 10.0, 20.0]),
            "Matrix" => numbers(&[0.0, 1.0, -1.0, 0.0, 0.0, 0.0]),
        };
        assert_eq!(
            fitted(&file, &turned, place, 0),
            Some([1.0, 0.0, 0.0, 4.0, 120.0, 200.0])
        );
    }

    #[test]
    fn a_picture_that_does_not_turn_with_its_page_stands_upright() {
        let file = Document::new();
        let sides = [0.0, 0.0, 10.0, 20.0].map(Object::Real).to_vec();
        let picture = dictionary! { "BBox" => sides };
        let place = [100.0, 200.0, 110.0, 220.0];
        let put = |upright, (x, y): (f32, f32)| {
            let [a, b, c, d, e, f] = fitted(&file, &picture, place, upright).unwrap();
            (a * x + c * y + e, b * x + d * y + f)
        };
        // Its upper left corner stays where the place has its own.
        for upright in [0, 90, 180, 270] {
            assert_eq!(put(upright, (0.0, 20.0)), (100.0, 220.0), "{upright}");
        }
        // On a page turned by 90 degrees its foot lies to the right, in the page's own directions.
        assert_eq!(put(90, (0.0, 0.0)), (120.0, 220.0));
        assert_eq!(put(180, (0.0, 0.0)), (100.0, 240.0));
    }

    #[test]
    fn a_value_is_typed_where_the_letters_have_it() {
        let file = Document::new();
        let field = |text: &[u8]| {
            dictionary! { "V" => Object::String(text.to_vec(), StringFormat::Literal) }
        };
        let place = [0.0, 0.0, 100.0, 20.0];
        let typed_text = typed(&file, &field(b"Zhang (1)"), place).unwrap();
        assert!(typed_text.contains("<5a68616e6720283129> Tj"));
        assert_eq!(
            typed(&file, &field(&crate::outline::words("张三")), place),
            None
        );
        assert_eq!(typed(&file, &field(b""), place), None);
    }
}

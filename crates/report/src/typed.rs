//! Values for the places of a blank that is a PDF: a page of the place's size for each.

use crate::error::ReportError;
use crate::fonts::Fonts;
use crate::picture::Pictures;
use crate::world::{self, Job};
use model::Lang;
use serde::Serialize;

/// A value with the place that it goes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Typed {
    /// What is written; lines apart.
    pub text: String,
    /// Width of the place. Units: points.
    pub width: f32,
    /// Its height. Units: points.
    pub height: f32,
    /// Whether it may take several lines.
    pub is_lines: bool,
    /// Whether it stands in the middle, as a tick.
    pub is_tick: bool,
}

/// Values as a file, and which of them do not fit.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypedSheet {
    /// The file; empty without values.
    pub bytes: Vec<u8>,
    /// Values, from 0, that do not fit in the smallest letters.
    pub tight: Vec<usize>,
    /// Values with letters that no face has.
    pub unshown: Vec<usize>,
}

/// Size of letters that have room. Units: points.
const SIZE: f32 = 10.5;

#[derive(Serialize)]
struct Data {
    lang: &'static str,
    places: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    no: usize,
    lines: Vec<String>,
    width: f32,
    height: f32,
    size: f32,
    wide: bool,
    center: bool,
}

/// Typesets values.
///
/// # Errors
/// [`ReportError`] when the template is at fault.
pub fn typed(values: &[Typed], lang: Lang, fonts: &Fonts) -> Result<TypedSheet, ReportError> {
    if values.is_empty() {
        return Ok(TypedSheet::default());
    }
    let is_shown = |ch: char| ch.is_whitespace() || fonts.covers(ch);
    let mut unshown = Vec::new();
    let places = values.iter().enumerate().map(|(no, value)| {
        if !value.text.chars().all(is_shown) {
            unshown.push(no);
        }
        let text: String = value.text.chars().filter(|ch| is_shown(*ch)).collect();
        // A place higher than two lines takes several, whatever it says of itself.
        let wide = (value.is_lines || value.height > SIZE * 3.0) && !value.is_tick;
        let lines = match wide {
            true => text.lines().map(str::to_owned).collect(),
            false => vec![text.split_whitespace().collect::<Vec<_>>().join(" ")],
        };
        let most = if value.is_tick {
            value.height * 0.9
        } else {
            SIZE
        };
        Place {
            no,
            lines,
            width: value.width.max(4.0),
            height: value.height.max(4.0),
            size: most.min(value.height * 0.8).max(5.0),
            wide,
            center: value.is_tick,
        }
    });
    let places: Vec<Place> = places.collect();
    let data = serde_json::to_vec(&Data {
        lang: if lang == Lang::Zh { "zh" } else { "en" },
        places,
    })?;
    let job = Job {
        template: include_str!("../templates/typed.typ"),
        data,
        pictures: Pictures::new(),
        ident: "typed".to_owned(),
        today: (2000, 1, 1),
        tagged: false,
    };
    let composed = world::compose(job, fonts)?;
    Ok(TypedSheet {
        bytes: composed.bytes,
        tight: composed
            .marks
            .dividers
            .iter()
            .map(|page| page - 1)
            .collect(),
        unshown,
    })
}

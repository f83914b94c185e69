//! Pictures of pages, for a person who looks at a package before it goes out.

use crate::refusal::Refusal;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{RenderCache, RenderSettings, render};

/// Widest picture. Units: pixels.
const WIDTH_MAX: u16 = 2000;
/// Highest picture: a page like a roll of paper is drawn small. Units: pixels.
const HEIGHT_MAX: f32 = 6000.0;

/// Draws a page. Shape: PNG. Units: `page` from 1, `width` in pixels.
///
/// # Errors
/// [`Refusal::NoPages`] when there is no such page, [`Refusal::Damaged`] when it cannot be drawn.
pub fn picture(bytes: Vec<u8>, page: usize, width: u16) -> Result<Vec<u8>, Refusal> {
    let pdf = Pdf::new(bytes).map_err(|_| Refusal::Damaged)?;
    let pages = pdf.pages();
    let page = page.checked_sub(1).and_then(|at| pages.get(at));
    let page = page.ok_or(Refusal::NoPages)?;
    let (across, down) = page.render_dimensions();
    if across <= 0.0 || down <= 0.0 {
        return Err(Refusal::Damaged);
    }
    let scale = (f32::from(width.min(WIDTH_MAX)) / across).min(HEIGHT_MAX / down);
    let settings = RenderSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
        ..RenderSettings::default()
    };
    let drawn = render(
        page,
        &RenderCache::new(),
        &InterpreterSettings::default(),
        &settings,
    );
    drawn.into_png().map_err(|_| Refusal::Damaged)
}

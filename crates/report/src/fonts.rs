//! The faces that documents are set in, loaded from the folder beside the program.

use crate::error::FontError;
use std::path::Path;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;

/// File names of the faces; `cargo xtask fonts` puts them in place.
const FACES: [&str; 10] = [
    "NotoSerifSC-Regular.ttf",
    "NotoSerifSC-Bold.ttf",
    "NotoSansSC-Regular.ttf",
    "NotoSansSC-Bold.ttf",
    "NotoSerif-Regular.ttf",
    "NotoSerif-Italic.ttf",
    "NotoSerif-Bold.ttf",
    "NotoSans-Regular.ttf",
    "NotoSans-Bold.ttf",
    "NotoSansSymbols2-Regular.ttf",
];

/// The face that the DRAFT mark is drawn with.
const MARK_FACE: &str = "NotoSansSC-Bold.ttf";

/// Every face, parsed once and used for any number of documents.
pub struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) fonts: Vec<Font>,
    mark: usize,
}

impl Fonts {
    /// Reads every face from a folder.
    ///
    /// # Errors
    /// When the folder or a face is missing or is not a font; the error names the file.
    pub fn load(folder: &Path) -> Result<Self, FontError> {
        if !folder.is_dir() {
            return Err(FontError::NoFolder(folder.to_owned()));
        }
        let mut fonts = Vec::new();
        let mut mark = 0;
        for name in FACES {
            let path = folder.join(name);
            let bytes = std::fs::read(&path).map_err(|source| FontError::NoFace {
                path: path.clone(),
                source,
            })?;
            let font = Font::new(Bytes::new(bytes), 0).ok_or(FontError::NotAFont(path))?;
            if name == MARK_FACE {
                mark = fonts.len();
            }
            fonts.push(font);
        }
        Ok(Self {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            mark,
        })
    }

    /// Whether a character can be shown, in text and in headings.
    pub(crate) fn covers(&self, ch: char) -> bool {
        let has = |family: &str| {
            self.fonts
                .iter()
                .filter(|font| font.info().family == family)
                .any(|font| font.info().coverage.contains(u32::from(ch)))
        };
        let serif = || has("Noto Serif") || has("Noto Serif SC");
        let sans = || has("Noto Sans") || has("Noto Sans SC");
        has("Noto Sans Symbols 2") || (serif() && sans())
    }

    /// The face of the DRAFT mark.
    pub(crate) fn mark(&self) -> &Font {
        &self.fonts[self.mark]
    }
}

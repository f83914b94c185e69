//! Pictures of figures.

use super::story::Relations;
use super::xml::Xml;
use data_encoding::{BASE64, BASE64_NOPAD};
use serde_json::Value;

/// Units: EMU in a pixel at 96 per inch. Source: ECMA-376-1, 20.1.10.16.
const EMU_PER_PIXEL: u64 = 9525;
/// The widest and the highest that fits on a page with its caption. Units: EMU.
const ROOM: (u64, u64) = (5_760_000, 7_600_000);
/// The size of a picture that does not say its own. Units: pixels.
const UNSAID: (u64, u64) = (480, 320);

/// The pictures of a document.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    /// Name in the file, content.
    pub(super) files: Vec<(String, Vec<u8>)>,
    n_drawn: u32,
}

impl Pictures {
    /// Draws a picture; `false` when it is damaged or of a kind that Word does not know.
    pub(super) fn draw(
        &mut self,
        (xml, relations): (&mut Xml, &mut Relations),
        image: &str,
        says: &str,
    ) -> bool {
        let Some(picture) = read(image) else {
            return false;
        };
        let known = self
            .files
            .iter()
            .position(|(_, data)| *data == picture.data);
        let place = known.unwrap_or_else(|| {
            let name = format!("image{}.{}", self.files.len() + 1, picture.ending);
            self.files.push((name, picture.data.clone()));
            self.files.len() - 1
        });
        let name = self.files.get(place).map_or("", |(name, _)| name.as_str());
        let relation = relations.part("image", &format!("media/{name}"));
        self.n_drawn += 1;
        drawing(xml, &picture, &relation, (self.n_drawn, says));
        true
    }
}

/// The endings of picture files and what they are.
pub(super) const KINDS: [(&str, &str); 7] = [
    ("png", "image/png"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("bmp", "image/bmp"),
    ("tiff", "image/tiff"),
    ("emf", "image/x-emf"),
    ("wmf", "image/x-wmf"),
];

struct Picture {
    data: Vec<u8>,
    ending: &'static str,
    /// Units: EMU.
    size: (u64, u64),
}

fn read(image: &str) -> Option<Picture> {
    let image: Value = serde_json::from_str(image).ok()?;
    let mime = match image.get("mime")?.as_str()? {
        "image/jpg" => "image/jpeg",
        "image/emf" => "image/x-emf",
        "image/wmf" => "image/x-wmf",
        mime => mime,
    };
    let (ending, _) = *KINDS.iter().find(|(_, kind)| *kind == mime)?;
    let text = image.get("data")?.as_str()?.as_bytes();
    let data = BASE64
        .decode(text)
        .or_else(|_| BASE64_NOPAD.decode(text))
        .ok()
        .filter(|data| !data.is_empty())?;
    let side = |key: &str| image.get(key).and_then(Value::as_f64).filter(|n| *n >= 1.0);
    let said = side("w").zip(side("h")).map(|(w, h)| (w as u64, h as u64));
    let pixels = said.or_else(|| size_in(&data)).unwrap_or(UNSAID);
    Some(Picture {
        data,
        ending,
        size: fit(pixels),
    })
}

/// The size on the page: its own, made smaller where it would not fit.
fn fit((w, h): (u64, u64)) -> (u64, u64) {
    let emu = |n: u64| n.clamp(1, 1 << 24) * EMU_PER_PIXEL;
    let (w, h) = (emu(w), emu(h));
    let (w, h) = if w > ROOM.0 {
        (ROOM.0, (h * ROOM.0 / w).max(1))
    } else {
        (w, h)
    };
    if h > ROOM.1 {
        ((w * ROOM.1 / h).max(1), ROOM.1)
    } else {
        (w, h)
    }
}

/// The size that a PNG, GIF or JPEG file says of itself. Units: pixels.
fn size_in(data: &[u8]) -> Option<(u64, u64)> {
    let big = |at: usize, n: usize| {
        let bytes = data.get(at..at + n)?;
        Some(
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
        )
    };
    let little = |at: usize| Some(u64::from(*data.get(at + 1)?) << 8 | u64::from(*data.get(at)?));
    let size = if data.starts_with(b"\x89PNG") {
        (big(16, 4)?, big(20, 4)?)
    } else if data.starts_with(b"GIF8") {
        (little(6)?, little(8)?)
    } else if data.starts_with(b"\xff\xd8") {
        let mut at = 2;
        loop {
            let marker = big(at, 2)?;
            let is_frame =
                matches!(marker, 0xffc0..=0xffcf) && !matches!(marker, 0xffc4 | 0xffc8 | 0xffcc);
            if is_frame {
                break (big(at + 7, 2)?, big(at + 5, 2)?);
            }
            at += 2 + usize::try_from(big(at + 2, 2)?).ok()?.max(2);
        }
    } else {
        return None;
    };
    (size.0 > 0 && size.1 > 0).then_some(size)
}

fn drawing(xml: &mut Xml, picture: &Picture, relation: &str, (id, says): (u32, &str)) {
    let (w, h) = (picture.size.0.to_string(), picture.size.1.to_string());
    let id = id.to_string();
    let title = format!("Picture {id}");
    xml.raw("<w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\">")
        .empty("wp:extent", &[("cx", &w), ("cy", &h)])
        .empty(
            "wp:docPr",
            &[("id", &id), ("name", &title), ("descr", says)],
        )
        .raw(
            "<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect=\"1\"/>\
             </wp:cNvGraphicFramePr><a:graphic><a:graphicData \
             uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\">\
             <pic:pic><pic:nvPicPr>",
        )
        .empty("pic:cNvPr", &[("id", &id), ("name", &title)])
        .raw("<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>")
        .empty("a:blip", &[("r:embed", relation)])
        .raw(
            "<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr>\
             <a:xfrm><a:off x=\"0\" y=\"0\"/>",
        )
        .empty("a:ext", &[("cx", &w), ("cy", &h)])
        .raw(
            "</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>\
             </a:graphicData></a:graphic></wp:inline></w:drawing>",
        );
}

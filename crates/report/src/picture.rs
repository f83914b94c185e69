//! Pictures of the protocol text: read from a block's value, looked at before they are set.

use data_encoding::{BASE64, HEXLOWER};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage};

/// Pictures by their names in the typesetter's world.
pub(crate) type Pictures = BTreeMap<String, Bytes>;

/// Larger ones would take more memory than a laptop can spare. Units: pixels.
const MOST_PIXELS: u64 = 40_000_000;
/// Points of a pixel where the file does not say: 96 to the inch.
const POINTS: f64 = 0.75;

/// A picture that can be set.
pub(crate) struct Picture {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
    /// Natural width. Units: points.
    pub(crate) width: f64,
}

/// Reads the value of a block's `image`; `None` when it is no picture that can be printed.
pub(crate) fn read(value: &str) -> Option<Picture> {
    let value: Value = serde_json::from_str(value).ok()?;
    let data: String = value.get("data")?.as_str()?.split_whitespace().collect();
    let data = BASE64.decode(data.as_bytes()).ok()?;
    // What the bytes are counts, not what somebody called them.
    let (format, ending) = match data.as_slice() {
        [0x89, b'P', b'N', b'G', ..] => (ExchangeFormat::Png, "png"),
        [0xff, 0xd8, ..] => (ExchangeFormat::Jpg, "jpg"),
        [b'G', b'I', b'F', b'8', ..] => (ExchangeFormat::Gif, "gif"),
        _ => return None,
    };
    let (w, h) = size(&data)?;
    if w == 0 || h == 0 || u64::from(w) * u64::from(h) > MOST_PIXELS {
        return None;
    }
    let digest = HEXLOWER.encode(&Sha256::digest(&data)[..12]);
    let bytes = Bytes::new(data);
    RasterImage::plain(bytes.clone(), format).ok()?;
    let wanted = value.get("w").and_then(Value::as_f64);
    let width = wanted
        .filter(|w| w.is_finite() && *w >= 1.0)
        .unwrap_or(f64::from(w));
    Some(Picture {
        name: format!("{digest}.{ending}"),
        bytes,
        width: width * POINTS,
    })
}

/// Width and height as the file's head says them. Units: pixels.
fn size(data: &[u8]) -> Option<(u32, u32)> {
    let big = |at: usize, n: usize| {
        let bytes = data.get(at..at + n)?;
        Some(
            bytes
                .iter()
                .fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)),
        )
    };
    match data.first()? {
        0x89 => Some((big(16, 4)?, big(20, 4)?)),
        b'G' => {
            let little = |at: usize| Some(u32::from(*data.get(at)?) | big(at + 1, 1)? << 8);
            Some((little(6)?, little(8)?))
        }
        _ => {
            // The segments of a JPEG, until the one that begins a frame.
            let mut at = 2;
            loop {
                let marker = big(at, 2)?;
                match marker {
                    0xffff => at += 1,
                    0xffc0..=0xffcf if !matches!(marker, 0xffc4 | 0xffc8 | 0xffcc) => {
                        return Some((big(at + 7, 2)?, big(at + 5, 2)?));
                    }
                    0xff00.. => at += 2 + big(at + 2, 2)? as usize,
                    _ => return None,
                }
            }
        }
    }
}

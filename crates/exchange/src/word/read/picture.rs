//! Pictures: from a part of the package to the value of a figure.

use super::flow::Picture;
use super::limits::{PICTURE_MAX, PICTURES_MAX};
use super::package::Package;
use data_encoding::BASE64;
use serde_json::{Map, Value};

/// Takes pictures out of a package until there are too many.
#[derive(Debug)]
pub(super) struct Pictures {
    left_bytes: usize,
}

impl Default for Pictures {
    fn default() -> Self {
        Self {
            left_bytes: PICTURES_MAX,
        }
    }
}

impl Pictures {
    /// A picture as text of JSON; `None` when it is too large, missing or of another format.
    pub(super) fn take(&mut self, package: &mut Package<'_>, picture: &Picture) -> Option<String> {
        let most = self.left_bytes.min(PICTURE_MAX) / 4 * 3;
        let bytes = package.bytes(&picture.part, most as u64).ok()??;
        let mime = mime(&bytes)?;
        let data = BASE64.encode(&bytes);
        self.left_bytes = self.left_bytes.saturating_sub(data.len());
        let mut value = Map::new();
        value.insert("mime".into(), mime.into());
        value.insert("data".into(), data.into());
        for (key, side) in [("w", picture.width), ("h", picture.height)] {
            if side > 0 {
                value.insert(key.into(), side.into());
            }
        }
        Some(Value::Object(value).to_string())
    }
}

/// The formats that windows and documents display, by how they begin.
fn mime(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xFF, 0xD8, 0xFF, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        _ => None,
    }
}

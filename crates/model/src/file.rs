//! A file as a register names it: its hash, size, type and name. The bytes lie elsewhere.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use ts_rs::TS;

/// Longest name of a file. Units: characters.
pub const NAME_CHARS_MAX: usize = 255;

/// A file, by its content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BlobRef {
    /// Hash of the bytes, with its algorithm: `sha256:…`.
    pub hash: String,
    /// Size. Units: bytes.
    pub size: u64,
    /// Its type, as `application/pdf`; empty when unknown.
    pub mime: String,
    /// The name that it came with, without a folder.
    pub name: String,
}

impl BlobRef {
    /// Reads a register's value; `None` when it is no file.
    pub fn read(value: &Value) -> Option<Self> {
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let read = Self {
            hash: text("$blob")?,
            size: value.get("size")?.as_u64()?,
            mime: text("mime")?,
            name: text("name")?,
        };
        let is_short = read.name.chars().count() <= NAME_CHARS_MAX && read.mime.len() <= 127;
        let is_plain = !read.name.contains(['/', '\\', '\0', '\n', '\r']);
        (is_hash(&read.hash) && is_short && is_plain).then_some(read)
    }

    /// The value of a register.
    pub fn to_value(&self) -> Value {
        json!({"$blob": self.hash, "size": self.size, "mime": self.mime, "name": self.name})
    }

    /// The hash without its algorithm.
    pub fn hex(&self) -> &str {
        self.hash.rsplit_once(':').map_or("", |(_, hex)| hex)
    }

    /// Whether it says that it is a PDF.
    pub fn is_pdf(&self) -> bool {
        self.mime == "application/pdf" || self.name.to_lowercase().ends_with(".pdf")
    }
}

/// Whether a text is `sha256:` and 64 lower-case hexadecimal digits.
pub fn is_hash(text: &str) -> bool {
    text.strip_prefix("sha256:").is_some_and(|hex| {
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        hex.len() == 64 && hex.bytes().all(is_digit)
    })
}

/// The type of a file by the end of its name; empty when it is none that we know.
pub fn mime_of(name: &str) -> &'static str {
    let end = name.rsplit_once('.').map_or("", |(_, end)| end);
    match end.to_lowercase().as_str() {
        "pdf" => "application/pdf",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "doc" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "tif" | "tiff" => "image/tiff",
        "txt" => "text/plain",
        "zip" => "application/zip",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let file = BlobRef {
            hash: format!("sha256:{}", "0a".repeat(32)),
            size: 3,
            mime: mime_of("方案 V2.PDF").into(),
            name: "方案 V2.PDF".into(),
        };
        assert!(file.is_pdf());
        assert_eq!(BlobRef::read(&file.to_value()), Some(file.clone()));
        assert_eq!(file.hex().len(), 64);
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let hash = format!("sha256:{}", "0a".repeat(32));
        for bad in [
            json!("a.pdf"),
            json!({"$blob": "sha256:00", "size": 3, "mime": "", "name": "a"}),
            json!({"$blob": hash.to_uppercase(), "size": 3, "mime": "", "name": "a"}),
            json!({"$blob": hash, "size": -3, "mime": "", "name": "a"}),
            json!({"$blob": hash, "size": 3, "mime": "", "name": "../a"}),
            json!({"$blob": hash, "size": 3, "mime": "", "name": "a".repeat(256)}),
            json!({"$blob": hash, "size": 3, "name": "a"}),
        ] {
            assert_eq!(BlobRef::read(&bad), None, "{bad}");
        }
    }
}

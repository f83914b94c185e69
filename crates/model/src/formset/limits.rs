//! What a portal takes: files that are too large for it, or of a type that it does not know.

use super::FileLimits;

/// Units: bytes.
const MEGABYTE: u64 = 1_048_576;

impl FileLimits {
    /// The size that a file exceeds. Units: bytes.
    pub fn exceeded(&self, bytes: u64) -> Option<u64> {
        self.file_bytes_max.filter(|max| bytes > *max)
    }

    /// Whether it takes a file by the end of its name.
    pub fn takes(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let fits = |end: &String| name.ends_with(&format!(".{}", end.to_lowercase()));
        self.types.is_empty() || self.types.iter().any(fits)
    }
}

/// A size and the largest one that is taken, as people read them; exact where rounding would hide
/// the difference.
pub fn sizes(bytes: u64, max: u64) -> [String; 2] {
    let rounded = |bytes: u64| match bytes / MEGABYTE {
        0 => format!("{} KB", bytes.div_ceil(1024)),
        whole => format!("{whole}.{} MB", bytes % MEGABYTE * 10 / MEGABYTE),
    };
    match [bytes, max].map(rounded) {
        [size, limit] if size == limit => [bytes, max].map(|bytes| format!("{bytes} B")),
        sizes => sizes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_differ_where_the_files_do() {
        assert_eq!(sizes(20_400, 20_000), ["20400 B", "20000 B"]);
        assert_eq!(sizes(30_000, 20_000), ["30 KB", "20 KB"]);
        assert_eq!(sizes(11_000_000, 10_485_760), ["10.4 MB", "10.0 MB"]);
        assert_eq!(sizes(10_485_761, 10_485_760), ["10485761 B", "10485760 B"]);
    }

    #[test]
    fn limits_are_by_size_and_by_the_end_of_a_name() {
        let limits = FileLimits {
            file_bytes_max: Some(100),
            types: vec!["pdf".into()],
            verification: String::new(),
        };
        assert_eq!(
            (limits.exceeded(101), limits.exceeded(100)),
            (Some(100), None)
        );
        assert!(limits.takes("a.PDF") && !limits.takes("a.xlsx"));
        assert!(FileLimits::default().takes("a.xlsx"));
    }
}

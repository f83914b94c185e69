//! Which letters bytes stand for, when a file says so and when it does not.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// What the bytes of a file are read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charset {
    pub(crate) encoding: &'static Encoding,
    /// Whether it was guessed from the bytes, so that a person should look at the preview.
    pub guessed: bool,
}

impl Charset {
    pub(crate) const UTF_8: Self = Self {
        encoding: UTF_8,
        guessed: false,
    };

    /// A character set by its name, as people and files write it (`GBK`, `big5`, `utf-8`).
    pub fn named(name: &str) -> Option<Self> {
        let encoding = Encoding::for_label(name.trim().as_bytes())?;
        // GBK and GB2312 are parts of GB 18030, which is read in their place.
        let encoding = if encoding == encoding_rs::GBK {
            GB18030
        } else {
            encoding
        };
        Some(Self {
            encoding,
            guessed: false,
        })
    }

    /// The character set of bytes that say nothing of it.
    ///
    /// UTF-8 where the bytes are; else GB 18030 where most pairs are everyday characters, as old
    /// telephones of the mainland write; else Windows-1252, which every byte is.
    pub fn guess(bytes: &[u8]) -> Self {
        if std::str::from_utf8(bytes).is_ok() {
            return Self::UTF_8;
        }
        let encoding = if is_everyday_chinese(bytes) {
            GB18030
        } else if is_everyday_big5(bytes) {
            BIG5
        } else {
            WINDOWS_1252
        };
        Self {
            encoding,
            guessed: true,
        }
    }

    /// Its name.
    pub fn name(&self) -> &'static str {
        self.encoding.name()
    }

    /// The text; bytes that stand for nothing become U+FFFD.
    pub(crate) fn text(&self, bytes: &[u8]) -> String {
        self.encoding
            .decode_without_bom_handling(bytes)
            .0
            .into_owned()
    }
}

/// The bytes of a file as UTF-8 or as they are: a mark at the beginning settles it.
pub(crate) fn unmarked(bytes: &[u8]) -> (std::borrow::Cow<'_, [u8]>, Option<Charset>) {
    match Encoding::for_bom(bytes) {
        Some((encoding, length)) => {
            let rest = bytes.get(length..).unwrap_or_default();
            if encoding == UTF_16LE || encoding == UTF_16BE {
                let text = encoding.decode_without_bom_handling(rest).0;
                let charset = Charset {
                    encoding,
                    guessed: false,
                };
                (text.into_owned().into_bytes().into(), Some(charset))
            } else {
                (rest.into(), None)
            }
        }
        None => (bytes.into(), None),
    }
}

fn is_everyday_chinese(bytes: &[u8]) -> bool {
    let whole = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    // Rows B0–F7 of GB 2312 hold the characters, A1–A9 the marks.
    whole.is_some()
        && share(bytes, |a, b| {
            matches!(a, 0xa1..=0xa9 | 0xb0..=0xf7) && b >= 0xa1
        })
}

fn is_everyday_big5(bytes: &[u8]) -> bool {
    let whole = BIG5.decode_without_bom_handling_and_without_replacement(bytes);
    whole.is_some() && share(bytes, |a, b| matches!(a, 0xa1..=0xc6) && b >= 0x40)
}

/// Whether most pairs that begin with a high byte are of a kind.
fn share(bytes: &[u8], is_of_kind: impl Fn(u8, u8) -> bool) -> bool {
    let (mut fit, mut all) = (0_usize, 0_usize);
    let mut rest = bytes.iter();
    while let Some(first) = rest.next() {
        if *first >= 0x80 {
            all += 1;
            if rest
                .next()
                .is_some_and(|second| is_of_kind(*first, *second))
            {
                fit += 1;
            }
        }
    }
    // A few rare names among everyday ones are usual; a few everyday pairs among Latin are chance.
    fit * 4 >= all * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guesses_what_old_telephones_write() {
        let (gbk, ..) = GB18030.encode("复旦大学附属中山医院 丁小丽 𠮷镕");
        assert_eq!(Charset::guess(&gbk).name(), "gb18030");
        let (big5, ..) = BIG5.encode("臺北榮民總醫院 丁小麗");
        assert_eq!(Charset::guess(&big5).name(), "Big5");
        let (latin, ..) = WINDOWS_1252.encode("Jürgen Müller, Café Zoë");
        assert_eq!(Charset::guess(&latin).name(), "windows-1252");
        assert_eq!(Charset::guess("丁小丽".as_bytes()), Charset::UTF_8);
        assert_eq!(
            Charset::named("GB2312").map(|set| set.name()),
            Some("gb18030")
        );
        assert_eq!(Charset::named("klingon"), None);
    }
}

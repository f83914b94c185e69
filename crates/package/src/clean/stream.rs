//! Streams whose bytes do not unpack to their end: found, and written anew with what can be had.

use crate::object::{deref, get};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

/// The packings that are looked into; pictures in formats of their own are left as they are.
const KNOWN: [&[u8]; 5] = [
    b"FlateDecode",
    b"LZWDecode",
    b"ASCII85Decode",
    b"ASCIIHexDecode",
    b"RunLengthDecode",
];
/// Most that a stream may unpack to while it is looked into; a longer one is taken as sound.
/// Units: bytes.
const UNPACKED_MAX: usize = 128 * 1024 * 1024;
const CHUNK_BYTES: usize = 64 * 1024;

/// How a stream unpacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// To its end.
    Sound,
    /// As a whole, but its end is missing or its sum is wrong: nothing is lost.
    Odd,
    /// In part, or not at all.
    Broken,
}

/// Writes the streams that are not sound anew, so that every reader takes the file; says whether
/// something of them is lost.
pub(super) fn mend(to: &mut Document, ids: &[ObjectId]) -> bool {
    let mut is_broken = false;
    for id in ids {
        let Some(Object::Stream(stream)) = to.objects.get(id) else {
            continue;
        };
        let state = state(to, stream);
        if state != State::Sound {
            let mended = readable(stream);
            to.objects.insert(*id, mended.into());
            is_broken |= state == State::Broken;
        }
    }
    is_broken
}

/// What can be had of a stream, packed anew.
fn readable(stream: &Stream) -> Stream {
    let content = stream.get_plain_content_with_limit(UNPACKED_MAX);
    let mut mended = stream.clone();
    mended.set_plain_content(content.unwrap_or_default());
    // Nothing is lost where it cannot be packed.
    let _ = mended.compress();
    mended
}

/// How a stream unpacks.
pub(super) fn state(file: &Document, stream: &Stream) -> State {
    let Ok(filters) = stream.filters() else {
        return State::Sound;
    };
    if !filters.iter().all(|filter| KNOWN.contains(filter)) {
        return State::Sound;
    }
    let mut found = State::Sound;
    let mut data = stream.content.clone();
    for (n, filter) in filters.iter().enumerate() {
        let params = params(file, stream, n);
        let step = match *filter {
            b"FlateDecode" => inflated(&data),
            b"LZWDecode" if !has_known_codes(&data, params.as_ref()) => State::Broken,
            _ => State::Sound,
        };
        if step != State::Sound {
            found = step;
        }
        let is_last = n + 1 == filters.len();
        let is_told = matches!(*filter, b"FlateDecode" | b"LZWDecode");
        if found == State::Broken || (is_last && is_told) {
            return found;
        }
        let mut step = Stream::new(
            dictionary! { "Filter" => Object::Name(filter.to_vec()) },
            data,
        );
        if let Some(params) = params {
            step.dict.set("DecodeParms", params);
        }
        match step.get_plain_content_with_limit(UNPACKED_MAX) {
            Ok(plain) => data = plain,
            Err(lopdf::Error::Decompress(lopdf::DecompressError::MemoryLimitExceeded {
                ..
            })) => return found,
            Err(_) => return State::Broken,
        }
    }
    found
}

/// The parameters of one of a stream's packings.
fn params(file: &Document, stream: &Stream, n: usize) -> Option<Dictionary> {
    let found = match get(file, &stream.dict, b"DecodeParms")? {
        Object::Array(all) => deref(file, all.get(n)?),
        one if n == 0 => one,
        _ => return None,
    };
    found.as_dict().ok().cloned()
}

/// How packed bytes come to their end.
fn inflated(data: &[u8]) -> State {
    /// What a writer leaves that has written everything and not closed the stream (RFC 1951, 3.2.4).
    const FLUSHED: [u8; 4] = [0, 0, 0xff, 0xff];
    /// The head before the packed bytes (RFC 1950, 2.2). Units: bytes.
    const HEAD_BYTES: usize = 2;
    if inflates(data, true) {
        return State::Sound;
    }
    let is_whole = data
        .get(HEAD_BYTES..)
        .is_some_and(|rest| inflates(rest, false));
    match is_whole || data.ends_with(&FLUSHED) {
        true => State::Odd,
        false => State::Broken,
    }
}

/// Whether packed bytes come to their end, with the sum that they name where they have a head.
fn inflates(data: &[u8], has_head: bool) -> bool {
    let mut inflater = flate2::Decompress::new(has_head);
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let (taken, given) = (inflater.total_in(), inflater.total_out());
        let rest = usize::try_from(taken).ok().and_then(|at| data.get(at..));
        let rest = rest.unwrap_or_default();
        match inflater.decompress(rest, &mut chunk, flate2::FlushDecompress::None) {
            Ok(flate2::Status::StreamEnd) => return true,
            Ok(_) if inflater.total_out() > UNPACKED_MAX as u64 => return true,
            Ok(_) if (inflater.total_in(), inflater.total_out()) == (taken, given) => return false,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// Whether the codes of LZW (ISO 32000-1, 7.4.4) are known where they stand.
fn has_known_codes(data: &[u8], params: Option<&Dictionary>) -> bool {
    const CLEAR: u32 = 256;
    const END: u32 = 257;
    const FULL: u32 = 4096;
    let early = params.and_then(|params| params.get(b"EarlyChange").and_then(Object::as_i64).ok());
    let early = u32::from(early != Some(0));
    let (mut bits, mut held) = (0_u32, 0_u32);
    let (mut width, mut next, mut is_first) = (9, END + 1, true);
    for byte in data {
        bits = (bits << 8) | u32::from(*byte);
        held += 8;
        if held < width {
            continue;
        }
        held -= width;
        let code = (bits >> held) & ((1 << width) - 1);
        bits &= (1 << held) - 1;
        match code {
            CLEAR => (width, next, is_first) = (9, END + 1, true),
            END => return true,
            _ if is_first => {
                if code > CLEAR {
                    return false;
                }
                is_first = false;
            }
            _ => {
                if code > next || next == FULL {
                    return false;
                }
                if [511, 1023, 2047].contains(&(next + early)) {
                    width += 1;
                }
                next += 1;
            }
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(filter: &str, content: Vec<u8>) -> Stream {
        Stream::new(dictionary! { "Filter" => filter }, content)
    }

    fn packed(words: &[u8]) -> Vec<u8> {
        let mut stream = Stream::new(Dictionary::new(), words.repeat(50));
        stream.compress().unwrap();
        stream.content
    }

    #[test]
    fn a_stream_that_is_cut_or_changed_is_found_and_mended() {
        let whole = packed(b"words of a page ");
        let file = Document::with_version("1.7");
        assert_eq!(
            state(&file, &stream("FlateDecode", whole.clone())),
            State::Sound
        );
        let cut = whole[..whole.len() - 8].to_vec();
        let mut changed = whole.clone();
        // The sum at the end alone.
        let last = changed.len() - 1;
        changed[last] ^= 0xff;
        for (bytes, expected) in [(cut, State::Broken), (changed, State::Odd)] {
            let broken = stream("FlateDecode", bytes);
            assert_eq!(state(&file, &broken), expected);
            let mended = readable(&broken);
            assert_eq!(state(&file, &mended), State::Sound);
            let plain = mended.get_plain_content().unwrap();
            assert!(plain.starts_with(b"words of a page "));
        }
    }

    #[test]
    fn codes_that_nobody_defined_are_found() {
        // The example of ISO 32000-1, 7.4.4.2.
        let known = [0x80, 0x0b, 0x60, 0x50, 0x22, 0x0c, 0x0c, 0x85, 0x01];
        let file = Document::with_version("1.7");
        let of = |bytes: &[u8]| state(&file, &stream("LZWDecode", bytes.to_vec()));
        assert_eq!(of(&known), State::Sound);
        let mut unknown = known;
        unknown[2] = 0xff;
        assert_eq!(of(&unknown), State::Broken);
    }

    #[test]
    fn pictures_in_formats_of_their_own_are_left_as_they_are() {
        let file = Document::with_version("1.7");
        let picture = stream("DCTDecode", b"no picture".to_vec());
        assert_eq!(state(&file, &picture), State::Sound);
    }
}

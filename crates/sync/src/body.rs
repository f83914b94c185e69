//! Bodies that carry frames: one tag byte, then the bytes as they are or compressed.
//!
//! The tag stands inside the body, where no proxy re-compresses or strips it.

use ledger::{FRAME_BYTES_MAX, Frame, FrameError};
use std::io::Read;

/// Most commits in one push or one page.
pub const COMMITS_MAX: usize = 500;
/// Where a push or a page ends, unless a single commit is larger. Units: bytes of frames.
pub const PAGE_BYTES: usize = 1024 * 1024;
/// Most bytes of a body, packed or unpacked: a page with one more frame of the greatest size.
pub const BODY_BYTES_MAX: usize = FRAME_BYTES_MAX + PAGE_BYTES;

const PLAIN: u8 = 0;
const ZSTD: u8 = 1;
/// zstd's own default: a good ratio at little work.
const LEVEL: i32 = 3;
/// Most memory that a compressed body may ask for while it is read: 2^23 bytes.
const WINDOW_LOG_MAX: u32 = 23;

/// Why a body was not taken.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BodyError {
    /// The tag is unknown, or the compressed bytes are damaged.
    #[error("the body is malformed")]
    Form,
    /// More than [`BODY_BYTES_MAX`] bytes or [`COMMITS_MAX`] commits.
    #[error("the body is too large")]
    TooLarge,
    /// What was packed is not frames.
    #[error("the body's frames cannot be read")]
    Frame(#[source] FrameError),
}

/// Packs bytes, compressed when that makes them smaller.
pub fn pack(bytes: &[u8]) -> Vec<u8> {
    let packed = zstd::bulk::compress(bytes, LEVEL)
        .ok()
        .filter(|z| z.len() < bytes.len());
    let (tag, content) = match &packed {
        Some(content) => (ZSTD, content.as_slice()),
        None => (PLAIN, bytes),
    };
    let mut out = Vec::with_capacity(content.len() + 1);
    out.push(tag);
    out.extend_from_slice(content);
    out
}

/// Unpacks bytes, never more than [`BODY_BYTES_MAX`].
///
/// # Errors
/// [`BodyError::Form`] and [`BodyError::TooLarge`].
pub fn unpack(body: &[u8]) -> Result<Vec<u8>, BodyError> {
    let (tag, content) = body.split_first().ok_or(BodyError::Form)?;
    let bytes = match *tag {
        PLAIN => content.to_vec(),
        ZSTD => inflate(content)?,
        _ => return Err(BodyError::Form),
    };
    if bytes.len() > BODY_BYTES_MAX {
        Err(BodyError::TooLarge)
    } else {
        Ok(bytes)
    }
}

fn inflate(content: &[u8]) -> Result<Vec<u8>, BodyError> {
    let mut reader = zstd::stream::read::Decoder::new(content).map_err(|_| BodyError::Form)?;
    reader
        .window_log_max(WINDOW_LOG_MAX)
        .map_err(|_| BodyError::Form)?;
    let mut bytes = Vec::new();
    let limit = BODY_BYTES_MAX as u64 + 1;
    reader
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|_| BodyError::Form)?;
    Ok(bytes)
}

/// Writes frames one after the other.
pub fn join_frames(frames: &[Frame]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for frame in frames {
        frame.encode_to(&mut bytes);
    }
    bytes
}

/// Packs the frames of a push.
pub fn pack_frames(frames: &[Frame]) -> Vec<u8> {
    pack(&join_frames(frames))
}

/// Reads frames until the bytes end, never more than [`COMMITS_MAX`].
///
/// # Errors
/// [`BodyError::Frame`] for a malformed frame, [`BodyError::TooLarge`] for too many.
pub fn split_frames(mut bytes: &[u8]) -> Result<Vec<Frame>, BodyError> {
    let mut frames = Vec::new();
    while !bytes.is_empty() {
        if frames.len() == COMMITS_MAX {
            return Err(BodyError::TooLarge);
        }
        let (frame, used) = Frame::decode(bytes).map_err(BodyError::Frame)?;
        bytes = bytes.get(used..).ok_or(BodyError::Form)?;
        frames.push(frame);
    }
    Ok(frames)
}

/// Unpacks the frames of a push.
///
/// # Errors
/// As [`unpack`] and [`split_frames`].
pub fn unpack_frames(body: &[u8]) -> Result<Vec<Frame>, BodyError> {
    split_frames(&unpack(body)?)
}

/// Packs a page: the head as JSON with its length before it (4 bytes, most significant first),
/// then the frames.
pub fn pack_page(head: &[u8], frames: &[u8]) -> Vec<u8> {
    let length = u32::try_from(head.len()).unwrap_or(u32::MAX);
    pack(&[&length.to_be_bytes(), head, frames].concat())
}

/// Unpacks a page into its head and its frames.
///
/// # Errors
/// As [`unpack`] and [`split_frames`].
pub fn unpack_page(body: &[u8]) -> Result<(Vec<u8>, Vec<Frame>), BodyError> {
    let bytes = unpack(body)?;
    let (length, rest) = bytes.split_first_chunk::<4>().ok_or(BodyError::Form)?;
    let length = u32::from_be_bytes(*length) as usize;
    let (head, frames) = rest.split_at_checked(length).ok_or(BodyError::Form)?;
    Ok((head.to_vec(), split_frames(frames)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back() {
        for bytes in [Vec::new(), b"abc".to_vec(), vec![7; 100_000]] {
            assert_eq!(unpack(&pack(&bytes)), Ok(bytes));
        }
        assert!(pack(&vec![7; 100_000]).len() < 1000);
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let bomb = zstd::bulk::compress(&vec![0; BODY_BYTES_MAX * 4], 19).unwrap();
        assert!(bomb.len() < 100_000);
        assert_eq!(
            unpack(&[&[ZSTD], bomb.as_slice()].concat()),
            Err(BodyError::TooLarge)
        );
    }

    #[test]
    fn damaged_bodies_are_refused() {
        assert_eq!(unpack(&[]), Err(BodyError::Form));
        assert_eq!(unpack(&[9, 1, 2]), Err(BodyError::Form));
        assert_eq!(unpack(&[ZSTD, 1, 2]), Err(BodyError::Form));
        let whole = pack(&[5; 1000]);
        assert!(unpack(whole.get(..whole.len() - 3).unwrap()).is_err());
        assert!(matches!(
            unpack_frames(&pack(b"nonsense")),
            Err(BodyError::Frame(_))
        ));
        assert_eq!(unpack_page(&pack(&[0, 0, 0, 9, 1])), Err(BodyError::Form));
    }
}

//! The work of the process that opens a file of somebody else.
//!
//! In: a length (u32, little endian), a job as JSON of that length, the file up to the end. Out: a
//! length, an answer as JSON, the file written anew. Nothing is read from or written to a disk.

use crate::clean::{Clean, Sheet, clean, is_pdf};
use crate::picture::picture;
use crate::refusal::Refusal;
use crate::text::Words;
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// Stack of the thread that reads the file: values may be nested deeply. Units: bytes.
const STACK_BYTES: usize = 64 * 1024 * 1024;
/// Longest job. Units: bytes.
const JOB_BYTES_MAX: u32 = 4 * 1024 * 1024;

/// What is to be done.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Job {
    pub(crate) password: Option<String>,
    /// A page to draw instead, from 1, and how wide. Units: pixels.
    #[serde(default)]
    pub(crate) look: Option<(usize, u16)>,
    /// The words of its pages instead.
    #[serde(default)]
    pub(crate) words: bool,
    /// A blank of a form to look through or to fill instead.
    #[serde(default)]
    pub(crate) blank: Option<crate::blank::Job>,
}

/// What came of it.
pub(crate) type Answer = Result<Sheet, Refusal>;

/// Tells the words of a file that is no PDF, a text for each of its parts; `None` where it cannot.
pub type OtherWords = fn(&[u8]) -> Option<Vec<String>>;

/// Does one job and ends; `others` reads what is no PDF.
///
/// # Errors
/// When the pipes fail.
pub fn serve(mut input: impl Read, mut output: impl Write, others: OtherWords) -> io::Result<()> {
    let job: Job = read_head(&mut input)?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let work = move || match (&job.blank, job.look) {
        (Some(blank), _) => crate::blank::serve(blank, &bytes),
        (None, Some((page, width))) => picture(bytes, page, width).map(|bytes| Clean {
            sheet: Sheet::default(),
            bytes,
        }),
        (None, None) if job.words => words(&bytes, others),
        (None, None) => clean(&bytes, job.password.as_deref()),
    };
    let thread = std::thread::Builder::new()
        .stack_size(STACK_BYTES)
        .spawn(work)?;
    // A panic says that the file could not be read, nothing else.
    let done = thread.join().unwrap_or(Err(Refusal::Crashed));
    let (answer, bytes): (Answer, Vec<u8>) = match done {
        Ok(Clean { sheet, bytes }) => (Ok(sheet), bytes),
        Err(refusal) => (Err(refusal), Vec::new()),
    };
    output.write_all(&head(&answer)?)?;
    output.write_all(&bytes)?;
    output.flush()
}

/// The words of each page as the bytes of an answer.
fn words(bytes: &[u8], others: OtherWords) -> Result<Clean, Refusal> {
    let pages = match is_pdf(bytes) {
        true => crate::text(bytes)?,
        false => {
            let parts = others(bytes).ok_or(Refusal::NotPdf)?;
            parts.into_iter().map(Words::whole).collect()
        }
    };
    Ok(Clean {
        sheet: Sheet::default(),
        bytes: serde_json::to_vec(&pages).map_err(|_| Refusal::Crashed)?,
    })
}

/// A value as JSON behind its length.
pub(crate) fn head(value: &impl Serialize) -> io::Result<Vec<u8>> {
    let json = serde_json::to_vec(value)?;
    let length = u32::try_from(json.len()).map_err(io::Error::other)?;
    let mut out = length.to_le_bytes().to_vec();
    out.extend(json);
    Ok(out)
}

fn read_head(input: &mut impl Read) -> io::Result<Job> {
    let mut length = [0; 4];
    input.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > JOB_BYTES_MAX {
        return Err(io::Error::other("the job is too long"));
    }
    let mut json = vec![0; length as usize];
    input.read_exact(&mut json)?;
    Ok(serde_json::from_slice(&json)?)
}

/// Takes an answer apart.
pub(crate) fn read_answer(bytes: &[u8]) -> Option<(Answer, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let (json, file) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    Some((serde_json::from_slice(json).ok()?, file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_job_is_answered() {
        let mut job = head(&Job::default()).unwrap();
        job.extend(b"not a document");
        let mut out = Vec::new();
        serve(job.as_slice(), &mut out, |_| None).unwrap();
        assert_eq!(read_answer(&out), Some((Err(Refusal::NotPdf), &[][..])));
        assert!(serve(&b"\xff\xff\xff\xff"[..], &mut Vec::new(), |_| None).is_err());
        assert_eq!(read_answer(b"\x09\0\0\0{}"), None);
    }

    #[test]
    fn words_of_what_is_no_pdf_are_told_by_who_can_read_it() {
        let job = Job {
            words: true,
            ..Job::default()
        };
        let told = |others: OtherWords| {
            let mut input = head(&job).unwrap();
            input.extend(b"PK");
            let mut out = Vec::new();
            serve(input.as_slice(), &mut out, others).unwrap();
            let (answer, bytes) = read_answer(&out).unwrap();
            answer.map(|_| String::from_utf8(bytes.to_vec()).unwrap())
        };
        let read = told(|bytes| (bytes == b"PK").then(|| vec!["words".to_owned()]));
        assert_eq!(read.as_deref(), Ok(r#"[{"text":"words","is_read":true}]"#));
        assert_eq!(told(|_| None), Err(Refusal::NotPdf));
    }
}

//! How the store of files is, in plain words. Nobody waits for it: a program looks now and then.

use crate::blob_store::BlobStore;
use crate::serve::Center;
use crate::store::{Store, StoreError};
use model::{Label, label};
use object_store::client::HttpError;
use object_store::path::Path;
use object_store::{Error, ObjectStoreExt as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// How often a running center looks.
const EVERY: Duration = Duration::from_secs(30);

/// What is wrong with the store of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It gives no answer.
    Unreachable,
    /// It does not let this program in.
    Refused,
    /// It knows no such bucket.
    NoBucket,
    /// It answers, and something else is wrong; the log says what.
    Failing,
}

impl Trouble {
    fn of(error: &Error) -> Self {
        let causes = std::iter::successors(Some(error as &dyn std::error::Error), |e| e.source());
        let text = error.to_string();
        match error {
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => Self::Refused,
            _ if text.contains("NoSuchBucket") => Self::NoBucket,
            // A list says it in its text alone.
            _ if text.contains("403 Forbidden") => Self::Refused,
            _ if causes.into_iter().any(|cause| cause.is::<HttpError>()) => Self::Unreachable,
            _ => Self::Failing,
        }
    }

    /// For whoever watches over the program.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Unreachable => "unreachable",
            Self::Refused => "refuses the key",
            Self::NoBucket => "no such bucket",
            Self::Failing => "failing",
        }
    }

    /// For the console.
    pub(crate) fn label(self) -> &'static Label {
        match self {
            Self::Unreachable => label!("console.filesUnreachable"),
            Self::Refused => label!("console.filesRefused"),
            Self::NoBucket => label!("console.filesNoBucket"),
            Self::Failing => label!("console.filesFailing"),
        }
    }
}

/// What was seen last, of reading and of writing.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<[Option<Trouble>; 2]>);

const READING: usize = 0;
const WRITING: usize = 1;

impl Seen {
    fn note(&self, what: usize, trouble: Option<Trouble>) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen[what] == trouble {
            return;
        }
        seen[what] = trouble;
        // One that answers again may be written to again, until a write says otherwise.
        if (what, trouble) == (READING, None) && seen[WRITING] == Some(Trouble::Unreachable) {
            seen[WRITING] = None;
        }
        match seen.iter().flatten().next() {
            Some(trouble) => log::error!("the store of files: {}", trouble.as_str()),
            None => log::info!("the store of files: ok"),
        }
    }
}

impl BlobStore {
    /// What is wrong with the store, as far as was seen.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        let seen = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        seen.iter().flatten().next().copied()
    }

    /// Takes note of how writing went.
    pub(crate) fn wrote<T>(&self, result: Result<T, Error>) -> Result<T, StoreError> {
        self.seen
            .note(WRITING, result.as_ref().err().map(Trouble::of));
        result.map_err(|error| failed(&error))
    }

    /// Looks whether the store answers.
    pub(crate) async fn look(&self) {
        let trouble = match &self.folder {
            Some(folder) => match tokio::fs::metadata(folder).await {
                Ok(meta) if meta.is_dir() => None,
                _ => Some(Trouble::Unreachable),
            },
            // That this object is not there is the answer of a store that is well.
            None => match self.objects.get(&Path::from("probe")).await {
                Ok(_) => None,
                Err(error @ Error::NotFound { .. }) => {
                    Some(Trouble::of(&error)).filter(|trouble| *trouble == Trouble::NoBucket)
                }
                Err(error) => Some(Trouble::of(&error)),
            },
        };
        self.seen.note(READING, trouble);
    }
}

/// Looks until the center stops.
pub(crate) async fn keep_looking<S: Store>(center: Arc<Center<S>>) {
    let Some(blobs) = center.blobs.get() else {
        return;
    };
    let mut every = tokio::time::interval(EVERY);
    loop {
        every.tick().await;
        blobs.look().await;
    }
}

/// What a store's failure is for whoever asked; the log says which.
pub(crate) fn failed(error: &Error) -> StoreError {
    log::error!(
        "the store of files failed: {}",
        without_body(&error.to_string())
    );
    StoreError::Files
}

/// A message without the document that an S3 store answers with: of that its code alone.
fn without_body(text: &str) -> String {
    let Some((before, body)) = text.split_once('<') else {
        return text.to_owned();
    };
    let code = body
        .split_once("<Code>")
        .and_then(|(_, rest)| rest.split_once('<'));
    format!("{before}{}", code.map_or("", |(code, _)| code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_carries_the_code_of_an_answer_and_nothing_else_of_it() {
        let text = "Error performing GET http://h/b in 3ms - Server returned non-2xx status code: \
                    403 Forbidden: <?xml version=\"1.0\"?><Error><Code>InvalidAccessKeyId</Code>\
                    <AWSAccessKeyId>AKIA1</AWSAccessKeyId></Error>";
        let said = without_body(text);
        assert!(
            said.ends_with("403 Forbidden: InvalidAccessKeyId"),
            "{said}"
        );
        assert_eq!(without_body("no space"), "no space");
    }

    #[test]
    fn what_was_seen_of_writing_stays_until_it_works_again() {
        let seen = Seen::default();
        let first = |seen: &Seen| seen.0.lock().unwrap().iter().flatten().next().copied();
        seen.note(WRITING, Some(Trouble::Refused));
        seen.note(READING, None);
        assert_eq!(first(&seen), Some(Trouble::Refused));
        seen.note(WRITING, None);
        assert_eq!(first(&seen), None);
        // A cut ends for both when the store answers.
        seen.note(READING, Some(Trouble::Unreachable));
        seen.note(WRITING, Some(Trouble::Unreachable));
        seen.note(READING, None);
        assert_eq!(first(&seen), None);
    }
}

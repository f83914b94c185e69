//! Enrolment: a one-time code turns into a standing connection.
//!
//! Two steps. The first counts a try and proves who the center is, before any secret leaves the
//! laptop; the second proves the code and the possession of the device's key.

use crate::Surroundings;
use crate::code::Code;
use crate::exchange::{self, Call, Failure};
use crate::link::CenterLink;
use crate::pin::Pin;
use crate::transport::{Offline, Transport};
use crate::wire::{Begin, Begun, Enrolled, Finish, NAME_BYTES_MAX, Problem};

/// What precedes the statement that the device signs.
pub const PREFIX: &[u8] = b"pidesk-enrol-v1\0";

/// Who wants to be enrolled.
pub struct Applicant<'a> {
    /// The device's public key, `ed25519:…`.
    pub key: &'a str,
    /// Signs prefix and bytes with the device's key, as [`ledger::DeviceKey::sign_with_prefix`].
    pub sign: &'a (dyn Fn(&[u8], &[u8]) -> String + Sync),
    /// The person id that the laptop made for itself.
    pub person: &'a str,
    /// The person's name.
    pub name: &'a str,
}

/// Why an enrolment failed.
#[derive(Clone, Debug, thiserror::Error, PartialEq, Eq)]
pub enum EnrolError {
    /// The center or the network said no; see [`EnrolError::key`].
    #[error("the enrolment failed")]
    Failed(#[source] Failure),
}

impl EnrolError {
    /// The key of the words for it.
    pub fn key(&self) -> &'static str {
        let Self::Failed(failure) = self;
        match failure {
            Failure::Refused(problem) => match problem {
                Problem::CodeWrong => "sync.code-wrong",
                Problem::CodeExpired => "sync.code-expired",
                Problem::CodeSpent => "sync.code-spent",
                Problem::CodeUsed => "sync.code-used",
                Problem::PersonTaken => "sync.person-taken",
                Problem::DeviceTaken => "sync.device-taken",
                Problem::Busy { .. } => "sync.busy",
                Problem::Protocol { .. } => "sync.upgrade",
                _ => "sync.server-error",
            },
            Failure::Pin | Failure::Offline(Offline::Pin) => "sync.code-other-center",
            Failure::Portal => "sync.portal",
            Failure::Offline(_) | Failure::Garbled => "sync.offline",
            Failure::Upgrade => "sync.upgrade",
            Failure::Nonsense => "sync.server-error",
        }
    }
}

/// The key of the words for a text that is no code.
pub const KEY_NOT_A_CODE: &str = "sync.code-malformed";
/// The key of the words for a text that is no address.
pub const KEY_NOT_AN_ADDRESS: &str = "sync.address-malformed";
/// The key of the words for an address that is not encrypted.
pub const KEY_PLAIN_ADDRESS: &str = "sync.address-plain";

/// What the device signs: that it answers this challenge of this center for this person.
pub fn statement(center_key: &str, challenge: &str, person: &str) -> Vec<u8> {
    format!("{center_key}\n{challenge}\n{person}").into_bytes()
}

/// Enrols a laptop.
///
/// # Errors
/// [`EnrolError`]; nothing has changed here, and the code may be tried again unless it is spent.
pub async fn enrol<T: Transport>(
    transport: &T,
    url: &str,
    code: &Code,
    applicant: &Applicant<'_>,
    around: &dyn Surroundings,
) -> Result<CenterLink, EnrolError> {
    let begin = Begin {
        handle: code.handle().to_owned(),
    };
    let call = Call::post("/v1/enrol/begin", &begin);
    let failed = EnrolError::Failed;
    let answer = exchange::ask(transport, &code.pin(), call, around)
        .await
        .map_err(failed)?;
    let begun: Begun = answer.message().map_err(failed)?;
    let center_key = answer.key.to_text();
    let signed = statement(&center_key, &begun.challenge, applicant.person);
    let finish = Finish {
        handle: code.handle().to_owned(),
        secret: code.secret().to_owned(),
        challenge: begun.challenge,
        key: applicant.key.to_owned(),
        sig: (applicant.sign)(PREFIX, &signed),
        person: applicant.person.to_owned(),
        name: shortened(applicant.name),
    };
    let call = Call::post("/v1/enrol/finish", &finish);
    let pin = Pin::Key(answer.key);
    let answer = exchange::ask(transport, &pin, call, around)
        .await
        .map_err(failed)?;
    let enrolled: Enrolled = answer.message().map_err(failed)?;
    Ok(CenterLink {
        url: url.trim().to_owned(),
        pin: center_key,
        token: enrolled.token,
        user: enrolled.user,
        epoch: enrolled.center.epoch,
    })
}

fn shortened(name: &str) -> String {
    let end = (0..=NAME_BYTES_MAX.min(name.len()))
        .rev()
        .find(|i| name.is_char_boundary(*i));
    name.get(..end.unwrap_or(0)).unwrap_or_default().to_owned()
}

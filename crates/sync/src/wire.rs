//! The messages: what is asked and answered, as JSON. The bytes are in `docs/sync-protocol.md`.

use serde::{Deserialize, Serialize};

mod live;
mod people;

pub use live::{BEAT_MS, Hint, TYPE_EVENTS};
pub use people::{
    AccountCard, Accounts, DeviceCard, DeviceName, DeviceRef, Devices, Held, HeldList, MemberName,
    MembersHead, MembersSet, ReviewState, RoleSet,
};

/// The version of the protocol that this program speaks.
pub const PROTOCOL: u32 = 1;
/// What this version can do beyond the protocol's first form.
pub const CAPABILITIES: [&str; 6] = ["digest", "wait", "quarantine", "files", "people", "events"];

/// Header: the protocol version, in requests and answers.
pub const HEADER_PROTOCOL: &str = "pidesk-protocol";
/// Header: random text of the request, repeated in the answer.
pub const HEADER_NONCE: &str = "pidesk-nonce";
/// Header: the center's public key, in answers.
pub const HEADER_KEY: &str = "pidesk-key";
/// Header: the center's signature of the answer.
pub const HEADER_SEAL: &str = "pidesk-seal";
/// Header: the version of the laptop's program, in requests.
pub const HEADER_APP: &str = "pidesk-app";
/// Content type of messages.
pub const TYPE_JSON: &str = "application/vnd.pidesk+json";
/// Content type of bodies with frames.
pub const TYPE_FRAMES: &str = "application/vnd.pidesk.frames";
/// Content type of pieces of files.
pub const TYPE_BYTES: &str = "application/vnd.pidesk.bytes";

/// Most bytes of a JSON request.
pub const JSON_BYTES_MAX: usize = 16 * 1024;
/// Longest name of a person. Units: bytes.
pub const NAME_BYTES_MAX: usize = 200;
/// Longest that a long poll waits. Units: seconds.
pub const WAIT_SECONDS_MAX: u64 = 25;

/// What every answer says about the center.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The protocol version of the answer.
    pub protocol: u32,
    /// Names one uninterrupted life of the center's data; changes when a backup is restored.
    pub epoch: String,
    /// What this center can do.
    pub capabilities: Vec<String>,
    /// The center's clock. Time: milliseconds since 1970-01-01 UTC.
    pub now_ms: i64,
}

/// What became of a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// In force.
    Accepted,
    /// Kept and shown for review, not in force: its author had no right to write it.
    #[serde(other)]
    Quarantined,
}

/// Answer to `GET /v1/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// About the center.
    pub center: Envelope,
    /// The account's id.
    pub user: String,
    /// The account's name.
    pub name: String,
    /// Whether this laptop's access was withdrawn: it may hand in, and gets nothing.
    pub revoked: bool,
    /// Every stream the account may read.
    pub streams: Vec<Readable>,
    /// Changes whenever anything above changes; for `GET /v1/wait`.
    pub mark: String,
    /// The tables of working days that the center hands out.
    #[serde(default)]
    pub years: Vec<YearMark>,
}

/// A year's table of working days, `GET /v1/years/{year}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearMark {
    /// The year.
    pub year: i32,
    /// The hash of the file.
    pub hash: String,
}

/// A stream that the account may read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readable {
    /// The stream.
    pub stream: String,
    /// The account's role in it.
    pub role: String,
    /// The number of its newest commit; 0 for none.
    pub head: u64,
    /// The digest at the head.
    pub digest: String,
}

/// Answer to `GET /v1/wait`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waited {
    /// About the center.
    pub center: Envelope,
    /// The newest mark.
    pub mark: String,
}

/// Answer to `POST /v1/sync/{stream}/push`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pushed {
    /// About the center.
    pub center: Envelope,
    /// The stream.
    pub stream: String,
    /// The number of its newest commit.
    pub head: u64,
    /// The digest at the head.
    pub digest: String,
    /// One entry per commit of the request, repeated ones included.
    pub taken: Vec<Taken>,
}

/// A commit that the center holds durably.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The device.
    pub dev: String,
    /// The commit's number among the device's.
    pub seq: u64,
    /// The center's number of it in the stream, from 1 without gaps.
    pub sseq: u64,
    /// Time: receipt at the center, UTC, RFC 3339.
    pub received_at: String,
    /// What became of it.
    pub status: Status,
    /// The center's signature under the above, see [`ledger::Receipt`].
    #[serde(default)]
    pub receipt: String,
}

/// Head of the answer to `GET /v1/sync/{stream}/pull`; the frames follow it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageHead {
    /// About the center.
    pub center: Envelope,
    /// The stream.
    pub stream: String,
    /// The number after which the page begins.
    pub from: u64,
    /// The number of its last commit; equal to `from` for none.
    pub to: u64,
    /// The number of the stream's newest commit.
    pub head: u64,
    /// The digest at `from`.
    pub from_digest: String,
    /// The digest at `to`.
    pub digest: String,
    /// One entry per frame, in order.
    pub items: Vec<Item>,
}

/// What the center says about one commit of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The center's number of the commit.
    pub sseq: u64,
    /// Time: receipt at the center, UTC, RFC 3339.
    pub received_at: String,
    /// What became of it.
    pub status: Status,
    /// The center's signature under the above, see [`ledger::Receipt`].
    #[serde(default)]
    pub receipt: String,
}

/// Request `POST /v1/enrol/begin`: counts a try before anything is compared.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// The first two characters of the code.
    pub handle: String,
}

/// Answer to [`Begin`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// About the center.
    pub center: Envelope,
    /// What the device signs.
    pub challenge: String,
}

/// Request `POST /v1/enrol/finish`.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finish {
    /// The first two characters of the code.
    pub handle: String,
    /// The other eight characters of the code's secret.
    pub secret: String,
    /// The challenge that was answered.
    pub challenge: String,
    /// The device's public key.
    pub key: String,
    /// The device's signature, see [`crate::enrol::statement`].
    pub sig: String,
    /// The person id that the laptop made for itself.
    pub person: String,
    /// The person's name.
    pub name: String,
}

/// Answer to [`Finish`].
#[derive(Clone, Serialize, Deserialize)]
pub struct Enrolled {
    /// About the center.
    pub center: Envelope,
    /// What later requests carry.
    pub token: String,
    /// The account's id.
    pub user: String,
}

/// A refusal with its reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// About the center.
    pub center: Envelope,
    /// The reason.
    pub error: Problem,
}

/// Why a request was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
pub enum Problem {
    /// 409: another commit stands at this number; the device's identity was used twice.
    Fork {
        /// The number.
        seq: u64,
        /// The id of the commit that stands there, where there is one.
        hash: Option<String>,
    },
    /// 409: commits of the device are missing before these.
    Gap {
        /// The newest that the center has; 0 for none.
        have: u64,
    },
    /// 409: a commit of another device that one refers to is missing.
    Dep {
        /// The other device.
        dev: String,
        /// The number of its commit.
        seq: u64,
    },
    /// 403: the account is not a member of the stream.
    NotMember,
    /// 403: the laptop's access was withdrawn.
    Revoked,
    /// 401: nobody with this token.
    UnknownDevice,
    /// 422: a commit is not to be believed; nothing of the request was taken.
    Refused {
        /// Its place in the request.
        idx: usize,
        /// The reason.
        why: Disbelief,
    },
    /// 413: the request is larger than allowed.
    TooLarge,
    /// 429 and 503: ask again later.
    Busy {
        /// Units: milliseconds.
        retry_after_ms: u64,
    },
    /// 400: the request cannot be read.
    Malformed,
    /// 400: the protocol versions do not fit; the newest that the center speaks.
    Protocol {
        /// The version.
        speaks: u32,
    },
    /// 403: no open invitation fits the code.
    CodeWrong,
    /// 403: the invitation is older than ten minutes.
    CodeExpired,
    /// 403: the invitation was tried five times.
    CodeSpent,
    /// 403: another laptop used the invitation.
    CodeUsed,
    /// 409: the person id belongs to another account.
    PersonTaken,
    /// 409: the device belongs to another account, or its access was withdrawn.
    DeviceTaken,
    /// 507: the center has no room for the file: its size, the study's share or this laptop's.
    NoRoom,
    /// 422: the bytes of a file are not those that its name promises; nothing of it is kept.
    WrongBytes,
    /// 403: the account may not do this.
    NoRight,
    /// 409: a study is never without a PI.
    LastPi,
    /// 404: there is no such account, or it is no member.
    NoAccount {
        /// The id or name.
        account: String,
    },
    /// 404.
    NotFound,
    /// 500: the center could not.
    Internal,
    /// A reason that this version does not know.
    #[serde(other)]
    Other,
}

/// Why a commit is not to be believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Disbelief {
    /// It cannot be read.
    Commit,
    /// It belongs to another stream.
    Stream,
    /// It was written by a device that is not the account's.
    Device,
    /// The signature or a payload does not fit.
    Signature,
    /// It names an author who is not the account's person.
    Author,
    /// It names an operation that its author had not seen, or its Lamport number is out of bounds.
    Chain,
    /// A reason that this version does not know.
    #[serde(other)]
    Other,
}

impl Problem {
    /// The HTTP status that carries it.
    pub fn http_status(&self) -> u16 {
        match self {
            Self::Malformed | Self::Protocol { .. } => 400,
            Self::UnknownDevice => 401,
            Self::NotMember
            | Self::NoRight
            | Self::Revoked
            | Self::CodeWrong
            | Self::CodeExpired
            | Self::CodeSpent
            | Self::CodeUsed => 403,
            Self::NotFound | Self::NoAccount { .. } => 404,
            Self::Fork { .. }
            | Self::Gap { .. }
            | Self::Dep { .. }
            | Self::LastPi
            | Self::PersonTaken
            | Self::DeviceTaken => 409,
            Self::TooLarge => 413,
            Self::Refused { .. } | Self::WrongBytes => 422,
            Self::Busy { .. } => 429,
            Self::Internal | Self::Other => 500,
            Self::NoRoom => 507,
        }
    }
}

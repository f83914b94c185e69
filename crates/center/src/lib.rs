//! The center: a referee of order for a group of laptops.
//!
//! It gives commits a gap-free number per stream, checks signature, chain and membership, keeps
//! and forwards them; what they mean is not its business. A member's signed work is never
//! rejected: what may not be applied is kept for review. Start with [`serve`], then [`api`]
//! (what can be asked), [`admit`] (what is believed) and [`store`] (what is kept).

pub mod admin;
pub mod admit;
pub mod api;
mod authorities;
mod blob;
mod blob_age;
mod blob_store;
mod blob_trouble;
pub mod browser;
mod console;
mod enrolment;
mod events;
mod guard;
mod health;
pub mod identity;
mod limits;
mod parts;
mod people;
mod replica;
pub mod s3;
mod s3_http;
mod seats;
pub mod serve;
mod storage;
pub mod store;
mod witness;

pub use admin::{AdminError, Hand, grant, invite, renew_epoch, revoke};
pub use blob_store::{BlobLimits, BlobStore};
pub use browser::{BrowserCertificate, BrowserError};
pub use identity::{Identity, IdentityError};
pub use s3::S3Error;
pub use serve::{Center, Listen, Work, launch};
pub use store::postgres::PostgresStore;
pub use store::sqlite::SqliteStore;
pub use store::{Role, Store, StoreError};

/// The text form of a moment. Time: UTC, RFC 3339, milliseconds.
pub fn instant(now_ms: i64) -> String {
    let at = chrono::DateTime::from_timestamp_millis(now_ms).unwrap_or_default();
    at.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

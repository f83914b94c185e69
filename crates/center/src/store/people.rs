//! Accounts, their laptops, who is a member of what, and what is kept for review.

use super::{Role, Session, StoreError};
use ledger::DeviceKey;
use sync::wire::{AccountCard, DeviceCard, Held, MemberName};

/// The end of the name of a stream's log of members.
pub const ACL_SUFFIX: &str = ":acl";

/// Who gives an order.
#[derive(Clone, Copy, Debug)]
pub enum Asker<'a> {
    /// Whoever has the center's folder.
    Operator,
    /// A laptop.
    Laptop(&'a Session),
}

impl Asker<'_> {
    /// The word in logs.
    pub(super) fn id(&self) -> &str {
        match self {
            Self::Operator => "operator",
            Self::Laptop(session) => &session.user,
        }
    }
}

/// One account's new standing in a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberChange {
    /// The account's id or name.
    pub account: String,
    /// Its role from now on; `None` when its membership ends.
    pub role: Option<Role>,
}

/// Changes of a stream's members, all or none.
pub struct MemberOrder<'a> {
    /// The stream.
    pub stream: &'a str,
    /// Who gives it.
    pub asker: Asker<'a>,
    /// What changes, in order.
    pub changes: &'a [MemberChange],
    /// The reason in words, and a salt for its hash.
    pub why: Option<(&'a str, &'a str)>,
    /// Time: milliseconds since 1970-01-01 UTC.
    pub now_ms: i64,
}

/// The log of a stream's members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberLog {
    /// The frames' bytes, one after the other.
    pub frames: Vec<u8>,
    /// The names of the accounts in it.
    pub names: Vec<MemberName>,
    /// Whether these are all entries, and not just those about the one who asks.
    pub is_whole: bool,
    /// Whether the one who asks may change it.
    pub may_change: bool,
}

/// What laptops and operators ask about people.
pub trait People {
    /// The laptops of an account; its own when no other is named.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `NoRight` or `NoAccount`.
    fn devices(
        &self,
        asker: Asker<'_>,
        account: Option<&str>,
    ) -> Result<Vec<DeviceCard>, StoreError>;

    /// Gives a laptop a name.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `NotFound` when there is none that the asker may name.
    fn name_device(
        &self,
        asker: Asker<'_>,
        dev: &str,
        label: &str,
        now_ms: i64,
    ) -> Result<(), StoreError>;

    /// Withdraws a laptop's access, with what it introduced.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `NotFound` when there is none that the asker may withdraw.
    fn withdraw_device(&self, asker: Asker<'_>, dev: &str, now_ms: i64) -> Result<(), StoreError>;

    /// Every account.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `NoRight`.
    fn accounts(&self, asker: Asker<'_>) -> Result<Vec<AccountCard>, StoreError>;

    /// Every account with its laptops, asked for at once.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `NoRight`.
    fn accounts_with_laptops(
        &self,
        asker: Asker<'_>,
    ) -> Result<Vec<(AccountCard, Vec<DeviceCard>)>, StoreError>;

    /// Who is and was a member of a stream.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `NotMember`.
    fn members(
        &self,
        asker: Asker<'_>,
        stream: &str,
        key: &DeviceKey,
        now_ms: i64,
    ) -> Result<MemberLog, StoreError>;

    /// Changes who is a member.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `NotMember`, `NoRight`, `NoAccount` or `LastPi`.
    fn change_members(&self, order: &MemberOrder<'_>, key: &DeviceKey) -> Result<(), StoreError>;

    /// Own commits that were kept for review, newest first; with a stream, everybody's in it.
    ///
    /// # Errors
    /// [`StoreError::Refused`] with `NotMember` or `NoRight`.
    fn held(&self, session: &Session, stream: Option<&str>) -> Result<Vec<Held>, StoreError>;

    /// Notes that a laptop was heard of, and which program it runs; empty for unknown.
    ///
    /// # Errors
    /// [`StoreError`].
    fn note_contact(&self, dev: &str, app: &str, now_ms: i64) -> Result<(), StoreError>;
}

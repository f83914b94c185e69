//! The log of a stream's members: commits by the center's key, in their own chain.

use crate::instant;
use crate::store::people::ACL_SUFFIX;
use crate::store::sql::{Sql, integer, values};
use crate::store::{Role, StoreError};
use ledger::{Commit, DeviceKey, Frame, Hash, Op, OpId, OpValue, Payload, PayloadPlace, Why};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Who stands for what the center found without anybody's order.
const CENTER: &str = "center";
/// The kind and the field of an entry; its entity is the account.
const KIND: &str = "member";
const FIELD: &str = "role";
/// What a refusal to sign one's own commit would be.
const UNSIGNED: StoreError = StoreError::Damaged("an entry about a member cannot be signed");

/// The log as it stands.
pub(super) struct Log<'a> {
    stream: &'a str,
    key: &'a DeviceKey,
    pub(super) frames: Vec<Frame>,
    tip: Option<Hash>,
    /// The newest entry about each account, and what it says.
    pub(super) newest: BTreeMap<String, (OpId, Option<String>)>,
}

/// One entry: an account, and its role from now on.
pub(super) type Entry = (String, Option<Role>);

/// By whom and why entries are made.
pub(super) struct Reason<'a> {
    pub(super) by: &'a str,
    pub(super) role: Option<Role>,
    pub(super) why: Option<(&'a str, &'a str)>,
    pub(super) now_ms: i64,
}

impl<'a> Log<'a> {
    /// Reads the log.
    pub(super) fn read(
        db: &mut dyn Sql,
        stream: &'a str,
        key: &'a DeviceKey,
    ) -> Result<Self, StoreError> {
        let sql = "SELECT frame FROM acl_commits WHERE stream = ?1 ORDER BY seq";
        let mut log = Self {
            stream,
            key,
            frames: Vec::new(),
            tip: None,
            newest: BTreeMap::new(),
        };
        for row in db.query(sql, values![stream])? {
            let damaged = StoreError::Damaged("an entry about a member cannot be read");
            let Ok((frame, _)) = Frame::decode(row.bytes(0)?) else {
                return Err(damaged);
            };
            let commit = frame.parse_commit().map_err(|_| damaged)?;
            log.take(frame, &commit);
        }
        Ok(log)
    }

    fn take(&mut self, frame: Frame, commit: &Commit) {
        self.tip = Some(frame.id());
        for (idx, op) in commit.ops.iter().enumerate() {
            let role = match &op.v {
                OpValue::Inline(value) => value.as_str().map(str::to_owned),
                OpValue::Hidden(_) => None,
            };
            self.newest.insert(op.e.clone(), (commit.op_id(idx), role));
        }
        self.frames.push(frame);
    }

    /// Adds what the rows of `members` say and the log does not: who opened the stream, and what
    /// was granted before there were logs.
    pub(super) fn catch_up(&mut self, tx: &mut dyn Sql, now_ms: i64) -> Result<(), StoreError> {
        self.sign_again(tx)?;
        let sql = "SELECT user_id, role, until_ms IS NOT NULL FROM members
                   WHERE stream = ?1 ORDER BY since_ms, user_id";
        let mut missing: Vec<Entry> = Vec::new();
        for row in tx.query(sql, values![self.stream])? {
            let (user, is_over) = (row.text(0)?, row.is(2)?);
            let role = Role::parse(&row.text(1)?).filter(|_| !is_over);
            let said = self.newest.get(&user).map(|(_, role)| role.as_deref());
            if said != Some(role.map(Role::as_str)) {
                missing.push((user, role));
            }
        }
        let reason = Reason {
            by: CENTER,
            role: None,
            why: None,
            now_ms,
        };
        self.write(tx, &missing, &reason)
    }

    /// Signs the whole log anew, each entry naming the one that it repeats, where the center had
    /// another key: laptops believe its present one alone.
    fn sign_again(&mut self, tx: &mut dyn Sql) -> Result<(), StoreError> {
        let dev = self.key.id();
        let is_own = |frame: &Frame| frame.place().is_some_and(|(by, _)| by == dev);
        if self.frames.iter().all(is_own) {
            return Ok(());
        }
        self.tip = None;
        for old in std::mem::take(&mut self.frames) {
            let mut commit = old.parse_commit().map_err(|_| UNSIGNED)?;
            commit.re = Some(old.id());
            commit.dev.clone_from(&dev);
            commit.key = (commit.seq == 1).then(|| self.key.public().to_text());
            commit.prev = self.tip.take();
            // One chain by one key: what an entry follows bears the same number as before.
            let named = commit.ops.iter_mut().flat_map(|op| &mut op.p);
            named.for_each(|id| id.dev.clone_from(&dev));
            let frame = Frame::seal(&commit, old.payloads, self.key).map_err(|_| UNSIGNED)?;
            let (seq, id, bytes) = (integer(commit.seq)?, frame.id(), frame.encode());
            let sql = "UPDATE acl_commits SET hash = ?3, frame = ?4 WHERE stream = ?1 AND seq = ?2";
            let row = values![self.stream, seq, id.as_str(), bytes.as_slice()];
            tx.execute(sql, row)?;
            self.take(frame, &commit);
        }
        log::info!("the log of members was signed with the center's new key");
        Ok(())
    }

    /// Signs entries and keeps them: each in a commit of its own, so that who left can be shown the
    /// one about himself.
    pub(super) fn write(
        &mut self,
        tx: &mut dyn Sql,
        entries: &[Entry],
        reason: &Reason<'_>,
    ) -> Result<(), StoreError> {
        for entry in entries {
            let (commit, payloads) = self.commit(entry, reason)?;
            let frame = Frame::seal(&commit, payloads, self.key).map_err(|_| UNSIGNED)?;
            let (seq, id) = (integer(commit.seq)?, frame.id());
            let bytes = frame.encode();
            let sql = "INSERT INTO acl_commits(stream, seq, hash, frame) VALUES(?1, ?2, ?3, ?4)";
            let row = values![self.stream, seq, id.as_str(), bytes.as_slice()];
            tx.execute(sql, row)?;
            self.take(frame, &commit);
        }
        Ok(())
    }

    fn commit(
        &self,
        (user, role): &Entry,
        reason: &Reason<'_>,
    ) -> Result<(Commit, Vec<Payload>), StoreError> {
        let seq = self.frames.len() as u64 + 1;
        let mut payloads = Vec::new();
        let mut why = None;
        if let Some((text, salt)) = reason.why {
            let (salt, value) = (salt.to_owned(), Value::from(text));
            why = Some(Why {
                code: None,
                text: Some(Payload::hash(&salt, &value).ok_or(UNSIGNED)?),
            });
            let place = PayloadPlace::Why;
            payloads.push(Payload { place, salt, value });
        }
        let before = self.newest.get(user).map(|(id, _)| id.clone());
        let op = Op {
            e: user.clone(),
            k: KIND.to_owned(),
            f: FIELD.to_owned(),
            p: before.into_iter().collect(),
            saw: Vec::new(),
            v: OpValue::Inline(role.map_or(Value::Null, |role| Value::from(role.as_str()))),
            extra: Map::new(),
        };
        let commit = Commit {
            stream: format!("{}{ACL_SUFFIX}", self.stream),
            dev: self.key.id(),
            key: (seq == 1).then(|| self.key.public().to_text()),
            seq,
            prev: self.tip.clone(),
            deps: BTreeMap::new(),
            lam: seq,
            at: instant(reason.now_ms),
            tz_minutes: 0,
            skew_ms: None,
            by: reason.by.to_owned(),
            role: reason.role.map(|role| role.as_str().to_owned()),
            app: env!("CARGO_PKG_VERSION").to_owned(),
            schema: 1,
            why,
            src: None,
            re: None,
            adopts: None,
            ops: vec![op],
            extra: Map::new(),
        };
        Ok((commit, payloads))
    }
}

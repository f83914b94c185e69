//! What the store does, written once for both databases.

mod access;
mod accounts;
mod line;
mod streams;

use super::sql::{Around, Engine, Sql, values};
use super::{
    Admitted, Batch, Device, Enrolment, Invitation, Role, Session, Slice, Store, StoreError,
    Withdrawal,
};
use ledger::Hash;
use sync::wire::Readable;

/// Notes what was done, by whom and about what; ids alone, no content.
pub(super) fn audit(
    tx: &mut dyn Sql,
    now_ms: i64,
    what: &str,
    who: &str,
    about: &str,
) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO audits(at_ms, what, who, about) VALUES(?1, ?2, ?3, ?4)",
        values![now_ms, what, who, about],
    )?;
    Ok(())
}

impl<E: Engine> Store for E {
    fn epoch(&self) -> Result<String, StoreError> {
        let sql = "SELECT value FROM settings WHERE key = 'epoch'";
        let row = self.run(Around::Nothing, |db| db.row(sql, values![]))?;
        row.ok_or(StoreError::Damaged("no epoch"))?.text(0)
    }

    fn set_epoch(&self, epoch: &str, now_ms: i64) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| {
            let sql = "UPDATE settings SET value = ?1 WHERE key = 'epoch'";
            tx.execute(sql, values![epoch])?;
            audit(tx, now_ms, "epoch.renewed", "operator", epoch)
        })
    }

    fn invite(&self, invitation: &Invitation<'_>) -> Result<bool, StoreError> {
        self.run(Around::Alone, |tx| accounts::invite(tx, invitation))
    }

    fn begin_enrolment(
        &self,
        handle: &str,
        challenge: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        // A counted try is kept although it is refused: the answer is carried out of the
        // transaction, not raised inside it.
        self.run(Around::Alone, |tx| {
            accounts::begin(tx, handle, challenge, now_ms)
        })?
        .map_err(StoreError::Refused)
    }

    fn finish_enrolment(&self, enrolment: &Enrolment<'_>) -> Result<Session, StoreError> {
        self.run(Around::Alone, |tx| accounts::finish(tx, enrolment))?
            .map_err(StoreError::Refused)
    }

    fn session(&self, token_hash: &Hash) -> Result<Option<Session>, StoreError> {
        self.run(Around::Nothing, |db| accounts::session(db, token_hash))
    }

    fn device(&self, dev: &str) -> Result<Option<Device>, StoreError> {
        self.run(Around::Nothing, |db| accounts::device(db, dev))
    }

    fn is_person_of(&self, person: &str, user: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM persons WHERE id = ?1 AND user_id = ?2";
        let row = self.run(Around::Nothing, |db| db.row(sql, values![person, user]))?;
        Ok(row.is_some())
    }

    fn readable(&self, user: &str) -> Result<Vec<Readable>, StoreError> {
        self.run(Around::Nothing, |db| access::readable(db, user))
    }

    fn push(&self, batch: &Batch) -> Result<Admitted, StoreError> {
        self.run(Around::Push, |tx| streams::push(tx, batch))
    }

    fn pull(&self, stream: &str, user: &str, after: u64) -> Result<Slice, StoreError> {
        // One snapshot for rights, rows and digests.
        self.run(Around::Snapshot, |tx| {
            streams::pull(tx, stream, user, after)
        })
    }

    fn find_streams(&self, study: &str) -> Result<Vec<String>, StoreError> {
        self.run(Around::Nothing, |db| access::find_streams(db, study))
    }

    fn grant(&self, stream: &str, name: &str, role: Role, now_ms: i64) -> Result<bool, StoreError> {
        self.run(Around::Alone, |tx| {
            access::grant(tx, stream, name, role, now_ms)
        })
    }

    fn withdraw(&self, name: &str, what: Withdrawal<'_>, now_ms: i64) -> Result<u64, StoreError> {
        self.run(Around::Alone, |tx| access::withdraw(tx, name, what, now_ms))
    }

    fn listen(&self, wake: Box<dyn Fn() + Send + Sync>) {
        Engine::listen(self, wake);
    }
}

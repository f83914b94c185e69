//! What the store does, written once for both databases.

mod access;
mod accounts;
mod acl;
mod console;
mod line;
mod people;
mod streams;
pub(super) mod years;

use super::console::{Console, Database, Overview, ReplicaCard, StreamCard};
use super::sql::{Around, Engine, Sql, values};
use super::{
    Admitted, Asker, Batch, Device, Enrolment, Invitation, MemberLog, MemberOrder, People, Session,
    Slice, Store, StoreError, Withdrawal,
};
use ledger::{DeviceKey, Hash};
use sync::wire::{AccountCard, DeviceCard, Held, Readable, YearMark};

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

/// The setting that names one uninterrupted life of the data.
pub(super) const EPOCH: &str = "epoch";
/// The setting that holds the public key of the center whose data this is.
pub(super) const KEY: &str = "key";

/// What stands in a setting.
pub(super) fn setting(db: &mut dyn Sql, name: &str) -> Result<Option<String>, StoreError> {
    let row = db.row("SELECT value FROM settings WHERE key = ?1", values![name])?;
    row.map(|row| row.text(0)).transpose()
}

/// Sets a setting.
pub(super) fn set_setting(tx: &mut dyn Sql, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO settings(key, value) VALUES(?1, ?2)
         ON CONFLICT(key) DO UPDATE SET value = excluded.value";
    tx.execute(sql, values![name, value])?;
    Ok(())
}

impl<E: Engine> Store for E {
    fn epoch(&self) -> Result<String, StoreError> {
        let epoch = self.run(Around::Nothing, |db| setting(db, EPOCH))?;
        epoch.ok_or(StoreError::Damaged("no epoch"))
    }

    fn set_epoch(&self, epoch: &str, now_ms: i64) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| {
            set_setting(tx, EPOCH, epoch)?;
            audit(tx, now_ms, "epoch.renewed", "operator", epoch)
        })
    }

    fn key(&self) -> Result<Option<String>, StoreError> {
        self.run(Around::Nothing, |db| setting(db, KEY))
    }

    fn own(&self, new: &str) -> Result<String, StoreError> {
        self.run(Around::Alone, |tx| {
            if let Some(known) = setting(tx, KEY)? {
                return Ok(known);
            }
            set_setting(tx, KEY, new)?;
            Ok(new.to_owned())
        })
    }

    fn set_key(&self, key: &str, now_ms: i64) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| {
            set_setting(tx, KEY, key)?;
            audit(tx, now_ms, "key.replaced", "operator", key)
        })
    }

    fn years(&self) -> Result<Vec<YearMark>, StoreError> {
        self.run(Around::Nothing, years::all)
    }

    fn year(&self, year: i32) -> Result<Option<String>, StoreError> {
        self.run(Around::Nothing, |db| years::file(db, year))
    }

    fn set_year(&self, year: i32, file: Option<&str>, now_ms: i64) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| {
            years::set(tx, year, file)?;
            audit(tx, now_ms, "year.set", "operator", &year.to_string())
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

    fn was_ever_member(&self, user: &str, stream: &str) -> Result<bool, StoreError> {
        let found = self.run(Around::Nothing, |db| access::membership(db, stream, user))?;
        Ok(found.is_some())
    }

    fn push(&self, batch: &Batch) -> Result<Admitted, StoreError> {
        self.run(Around::Push, |tx| streams::push(tx, batch))
    }

    fn pull(&self, session: &Session, stream: &str, after: u64) -> Result<Slice, StoreError> {
        // One snapshot for rights, rows and digests.
        self.run(Around::Snapshot, |tx| {
            streams::pull(tx, session, stream, after)
        })
    }

    fn find_streams(&self, study: &str) -> Result<Vec<String>, StoreError> {
        self.run(Around::Nothing, |db| access::find_streams(db, study))
    }

    fn withdraw(&self, name: &str, what: Withdrawal<'_>, now_ms: i64) -> Result<u64, StoreError> {
        self.run(Around::Alone, |tx| access::withdraw(tx, name, what, now_ms))
    }

    fn listen(&self, wake: Box<dyn Fn() + Send + Sync>) {
        Engine::listen(self, wake);
    }
}

impl<E: Engine> Console for E {
    fn console_code(
        &self,
        name: &str,
        new_user: &str,
        code: &Hash,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| {
            console::code(tx, name, new_user, (code, now_ms))
        })
    }

    fn console_enter(&self, code: &Hash, session: &Hash, now_ms: i64) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| {
            console::enter(tx, code, session, now_ms)
        })?
        .map_err(StoreError::Refused)
    }

    fn console_session(&self, session: &Hash, now_ms: i64) -> Result<Option<Session>, StoreError> {
        self.run(Around::Nothing, |db| console::session(db, session, now_ms))
    }

    fn console_leave(&self, session: &Hash, now_ms: i64) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| console::leave(tx, session, now_ms))
    }

    fn overview(&self) -> Result<Overview, StoreError> {
        self.run(Around::Snapshot, |db| console::overview(db))
    }

    fn stream_cards(&self, after: &str, n_max: u32) -> Result<Vec<StreamCard>, StoreError> {
        self.run(Around::Snapshot, |db| {
            console::stream_cards(db, after, n_max)
        })
    }

    fn report_replica(&self, replica: &ReplicaCard) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| console::report(tx, replica))
    }

    fn forget_replica(&self, id: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM replicas WHERE id = ?1";
        self.run(Around::Nothing, |db| db.execute(sql, values![id]))
            .map(|_| ())
    }

    fn replicas(&self, now_ms: i64) -> Result<Vec<ReplicaCard>, StoreError> {
        self.run(Around::Nothing, |db| console::replicas(db, now_ms))
    }

    fn database(&self) -> Result<Database, StoreError> {
        let (name, bytes) = E::ABOUT;
        self.run(Around::Nothing, |db| {
            let one = |row: Option<crate::store::sql::Row>| {
                row.ok_or(StoreError::Damaged("the database says nothing of itself"))
            };
            Ok(Database {
                name: one(db.row(name, values![])?)?.text(0)?,
                bytes: one(db.row(bytes, values![])?)?.natural(0)?,
            })
        })
    }
}

impl<E: Engine> People for E {
    fn devices(
        &self,
        asker: Asker<'_>,
        account: Option<&str>,
    ) -> Result<Vec<DeviceCard>, StoreError> {
        self.run(Around::Snapshot, |db| people::devices(db, asker, account))
    }

    fn name_device(
        &self,
        asker: Asker<'_>,
        dev: &str,
        label: &str,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| {
            people::name_device(tx, asker, (dev, label), now_ms)
        })
    }

    fn withdraw_device(&self, asker: Asker<'_>, dev: &str, now_ms: i64) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| {
            people::withdraw_device(tx, asker, dev, now_ms)
        })
    }

    fn accounts(&self, asker: Asker<'_>) -> Result<Vec<AccountCard>, StoreError> {
        self.run(Around::Snapshot, |db| people::accounts(db, asker))
    }

    fn accounts_with_laptops(
        &self,
        asker: Asker<'_>,
    ) -> Result<Vec<(AccountCard, Vec<DeviceCard>)>, StoreError> {
        self.run(Around::Snapshot, |db| {
            people::accounts_with_laptops(db, asker)
        })
    }

    fn members(
        &self,
        asker: Asker<'_>,
        stream: &str,
        key: &DeviceKey,
        now_ms: i64,
    ) -> Result<MemberLog, StoreError> {
        // What the log lacks is written before it is read.
        self.run(Around::Alone, |tx| {
            people::members(tx, asker, stream, (key, now_ms))
        })
    }

    fn change_members(&self, order: &MemberOrder<'_>, key: &DeviceKey) -> Result<(), StoreError> {
        self.run(Around::Alone, |tx| people::change_members(tx, order, key))
    }

    fn held(&self, session: &Session, stream: Option<&str>) -> Result<Vec<Held>, StoreError> {
        self.run(Around::Snapshot, |db| people::held(db, session, stream))
    }

    fn note_contact(&self, dev: &str, app: &str, now_ms: i64) -> Result<(), StoreError> {
        self.run(Around::Nothing, |db| {
            people::note_contact(db, dev, app, now_ms)
        })
    }
}

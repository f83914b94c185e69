//! Tables of working days: the operator gives a year's file, laptops fetch it.

use super::super::StoreError;
use super::super::sql::{Sql, values};
use super::{set_setting, setting};
use ledger::Hash;
use sync::wire::YearMark;

/// Beginnings of the settings that hold a file, and its hash, which is read at every contact.
const FILE: &str = "year.file.";
const HASH: &str = "year.hash.";

pub(super) fn all(db: &mut dyn Sql) -> Result<Vec<YearMark>, StoreError> {
    let sql = "SELECT key, value FROM settings WHERE key LIKE ?1 ORDER BY key";
    let like = format!("{HASH}%");
    let mut found = Vec::new();
    for row in db.query(sql, values![&like])? {
        let key = row.text(0)?;
        if let Some(year) = key.strip_prefix(HASH).and_then(|year| year.parse().ok()) {
            let hash = row.text(1)?;
            found.push(YearMark { year, hash });
        }
    }
    Ok(found)
}

pub(super) fn file(db: &mut dyn Sql, year: i32) -> Result<Option<String>, StoreError> {
    setting(db, &format!("{FILE}{year}"))
}

pub(super) fn set(tx: &mut dyn Sql, year: i32, file: Option<&str>) -> Result<(), StoreError> {
    let hash = file.map(|text| Hash::of(text.as_bytes()));
    let pairs = [(FILE, file), (HASH, hash.as_ref().map(Hash::as_str))];
    for (kind, value) in pairs {
        let key = format!("{kind}{year}");
        match value {
            Some(value) => set_setting(tx, &key, value)?,
            None => {
                tx.execute("DELETE FROM settings WHERE key = ?1", values![&key])?;
            }
        }
    }
    Ok(())
}

/// Copies all of them into another database.
pub(crate) fn copy(old: &mut dyn Sql, new: &mut dyn Sql) -> Result<(), StoreError> {
    for YearMark { year, .. } in all(old)? {
        let text = file(old, year)?;
        set(new, year, text.as_deref())?;
    }
    Ok(())
}

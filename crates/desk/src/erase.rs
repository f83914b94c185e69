//! Erasing what the center took back: one study, or the whole vault.
//!
//! Who calls has the center's signed word for it, and everything written here is at the center.

use crate::backup;
use crate::desk::{Changed, Desk};
use crate::draft;
use crate::error::DeskError;
use crate::project;
use crate::search;
use crate::store::names;
use crate::undo::Sitting;
use crate::vault::{BLOB_FOLDER, DB_FILE, VaultError, WAYS_BACKUP_FILE, WAYS_FILE};
use ledger::{Commit, OpValue};
use rusqlite::{Connection, params};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

impl Desk {
    /// Erases a study, or another stream: its commits, values, drafts and files. The pages of the
    /// database that held it are overwritten.
    ///
    /// # Errors
    /// [`DeskError::Unsent`] while something written or typed here, or a file of it, is not at the
    /// center (typing becomes an edit by [`Desk::save_typing`]),
    /// [`DeskError::NotFound`], [`DeskError::Storage`].
    pub fn erase_stream(
        &mut self,
        stream: &str,
        is_at_center: &dyn Fn(&str) -> bool,
    ) -> Result<Changed, DeskError> {
        let here = self.blobs_here()?;
        self.opened
            .conn
            .execute_batch("PRAGMA secure_delete = ON")?;
        let files = self.transact(|conn, _| {
            let number = names::stream(conn, stream)?.ok_or_else(|| DeskError::no_study(stream))?;
            let waits: bool = conn.query_row(
                "SELECT EXISTS(SELECT 1 FROM commits
                     WHERE stream = ?1 AND sseq IS NULL AND status <> 3)",
                [number],
                |row| row.get(0),
            )?;
            if waits || draft::n_typed(conn, Some(number))? > 0 {
                return Err(DeskError::Unsent);
            }
            let files = files_of(conn, number, true)?;
            if files
                .iter()
                .any(|hash| here.contains(hash) && !is_at_center(hash))
            {
                return Err(DeskError::Unsent);
            }
            let others = files_of(conn, number, false)?;
            delete(conn, number)?;
            let kept = format!("center.members.{stream}");
            conn.execute("DELETE FROM meta WHERE key = ?1", [kept])?;
            project::rebuild::rebuild(conn)?;
            Ok(files.difference(&others).cloned().collect::<Vec<_>>())
        })?;
        for hash in files {
            let name = hash.trim_start_matches("sha256:");
            let path = self.opened.dir.join(BLOB_FOLDER).join(name);
            if path.is_file() {
                fs::remove_file(&path).map_err(VaultError::io("removing", &path))?;
            }
        }
        self.sitting = Sitting::default();
        self.n_missing.set(None);
        // What the log of the database still holds goes with its next beginning.
        self.idle()?;
        let topics = ["studies", "history", "conflicts", "directory", "plan"];
        let mut changed = Changed::study(stream);
        changed.topics.extend(topics.map(str::to_owned));
        Ok(changed)
    }

    /// Whether everything written here, and every file that it names, is at the center, and nothing
    /// typed waits; `is_at_center` is asked for a file of a stream.
    ///
    /// # Errors
    /// [`DeskError::Storage`], [`DeskError::Vault`].
    pub fn is_handed_in(
        &self,
        is_at_center: &dyn Fn(&str, &str) -> bool,
    ) -> Result<bool, DeskError> {
        let conn = &self.opened.conn;
        if self.waiting()? > 0 || draft::n_typed(conn, None)? > 0 {
            return Ok(false);
        }
        let here = self.blobs_here()?;
        for (number, stream) in names::streams(conn)? {
            let mut files = files_of(conn, number, true)?.into_iter();
            if files.any(|hash| here.contains(&hash) && !is_at_center(&stream, &hash)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Erases the vault: first every way in, so that what is left opens no more, then the rest. The
    /// daily copies in `copies` go as well.
    ///
    /// # Errors
    /// [`DeskError::Unsent`] while something written here is not at the center (ask
    /// [`Desk::is_handed_in`] first), [`DeskError::Vault`] when a file cannot be removed; the vault does not open any more then.
    pub fn erase_vault(self, copies: Option<&Path>) -> Result<(), DeskError> {
        if self.waiting()? > 0 || draft::n_typed(&self.opened.conn, None)? > 0 {
            return Err(DeskError::Unsent);
        }
        let dir = self.opened.dir.clone();
        if let Some(folder) = copies
            && let Err(error) = backup::forget_daily(folder, &self.opened.id)
        {
            log::warn!("daily copies stay: {}", error.code());
        }
        for name in [WAYS_FILE, WAYS_BACKUP_FILE] {
            let path = dir.join(name);
            overwrite(&path).map_err(VaultError::io("erasing", &path))?;
        }
        // The database is closed before its files go.
        drop(self);
        for name in [DB_FILE, "vault.db-wal", "vault.db-shm"] {
            let path = dir.join(name);
            if path.exists() {
                fs::remove_file(&path).map_err(VaultError::io("erasing", &path))?;
            }
        }
        let blobs = dir.join(BLOB_FOLDER);
        if blobs.exists() {
            fs::remove_dir_all(&blobs).map_err(VaultError::io("erasing", &blobs))?;
        }
        for name in [WAYS_FILE, WAYS_BACKUP_FILE] {
            let path = dir.join(name);
            if path.exists() {
                fs::remove_file(&path).map_err(VaultError::io("erasing", &path))?;
            }
        }
        Ok(())
    }
}

fn overwrite(path: &Path) -> std::io::Result<()> {
    if !path.exists() {
        return Ok(());
    }
    let length = usize::try_from(fs::metadata(path)?.len()).unwrap_or(0);
    let mut file = fs::OpenOptions::new().write(true).open(path)?;
    file.write_all(&vec![0; length])?;
    file.sync_all()
}

/// The files that documents of this stream, or of all others, name.
fn files_of(conn: &Connection, stream: i64, is_own: bool) -> Result<BTreeSet<String>, DeskError> {
    let mut statement = conn.prepare(
        "SELECT bytes FROM commits WHERE (stream = ?1) = ?2 AND instr(bytes, CAST('$blob' AS BLOB))",
    )?;
    let mut rows = statement.query(params![stream, is_own])?;
    let mut found = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        let Ok(commit) = Commit::parse(&bytes) else {
            continue;
        };
        for op in &commit.ops {
            if let OpValue::Inline(value) = &op.v {
                found.extend(file_in(value));
            }
        }
    }
    let mut statement = conn.prepare(
        "SELECT p.value FROM payloads p JOIN commits c ON c.id = p.commit_id
         WHERE (c.stream = ?1) = ?2 AND instr(p.value, '$blob')",
    )?;
    let mut rows = statement.query(params![stream, is_own])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        let value: Option<Value> = serde_json::from_str(&text).ok();
        found.extend(value.as_ref().and_then(file_in));
    }
    Ok(found)
}

fn file_in(value: &Value) -> Option<String> {
    value
        .get("$blob")
        .and_then(Value::as_str)
        .map(str::to_owned)
}

fn delete(conn: &Connection, stream: i64) -> Result<(), DeskError> {
    search::clear_stream(conn, stream)?;
    for sql in [
        "DELETE FROM search_rows WHERE entity IN (SELECT id FROM entities WHERE stream = ?1)",
        "DELETE FROM heads WHERE entity IN (SELECT id FROM entities WHERE stream = ?1)",
        "DELETE FROM import_base WHERE entity IN (SELECT id FROM entities WHERE stream = ?1)",
        "DELETE FROM conflicts WHERE entity IN (SELECT id FROM entities WHERE stream = ?1)",
        "DELETE FROM reminders WHERE entity IN (SELECT id FROM entities WHERE stream = ?1)",
        "DELETE FROM places WHERE stream = ?1",
        "DELETE FROM plan_rows WHERE stream = ?1",
        "DELETE FROM numbers WHERE stream = ?1",
        "DELETE FROM study_rows WHERE stream = ?1",
        "DELETE FROM tips WHERE stream = ?1",
        "DELETE FROM seen WHERE stream = ?1",
        "DELETE FROM drafts WHERE stream = ?1",
        "DELETE FROM payloads WHERE commit_id IN (SELECT id FROM commits WHERE stream = ?1)",
        "DELETE FROM ops WHERE commit_id IN (SELECT id FROM commits WHERE stream = ?1)",
        "DELETE FROM commits WHERE stream = ?1",
        "DELETE FROM entities WHERE stream = ?1",
        "DELETE FROM streams WHERE id = ?1",
    ] {
        conn.execute(sql, [stream])?;
    }
    Ok(())
}

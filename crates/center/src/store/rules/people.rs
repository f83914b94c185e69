//! Who may see and change which laptop, member and held commit.

use super::access::{membership, set_member, withdraw_laptop};
use super::acl::{Entry, Log, Reason};
use super::audit;
use super::line::refuse;
use crate::instant;
use crate::store::people::{Asker, MemberLog, MemberOrder};
use crate::store::sql::{Row, Sql, values};
use crate::store::{Role, Session, StoreError};
use ledger::{DeviceKey, Frame};
use sync::wire::{AccountCard, DeviceCard, Held, MemberName, Problem, ReviewState};

/// Most held commits in one answer.
const HELD_MAX: i64 = 500;
/// How exactly it is kept when a laptop was last heard of: one hour. Units: milliseconds.
const SEEN_MS: i64 = 3_600_000;

/// Whether an account works for the center.
fn is_staff(db: &mut dyn Sql, user: &str) -> Result<bool, StoreError> {
    let row = db.row("SELECT role FROM users WHERE id = ?1", values![user])?;
    Ok(row.map(|row| row.text(0)).transpose()?.as_deref() == Some(Role::Staff.as_str()))
}

/// Whether the asker may see and change what belongs to other accounts.
pub(super) fn is_over_all(db: &mut dyn Sql, asker: Asker<'_>) -> Result<bool, StoreError> {
    match asker {
        Asker::Operator => Ok(true),
        Asker::Laptop(session) if session.is_revoked => refuse(Problem::Revoked),
        Asker::Laptop(session) => is_staff(db, &session.user),
    }
}

/// The account with an id or a name.
fn find_account(db: &mut dyn Sql, account: &str) -> Result<String, StoreError> {
    let account = account.trim();
    let sql = "SELECT id FROM users WHERE id = ?1 OR name = ?1 ORDER BY id = ?1 DESC";
    match db.row(sql, values![account])? {
        Some(row) => row.text(0),
        None => refuse(Problem::NoAccount {
            account: account.to_owned(),
        }),
    }
}

pub(super) fn devices(
    db: &mut dyn Sql,
    asker: Asker<'_>,
    account: Option<&str>,
) -> Result<Vec<DeviceCard>, StoreError> {
    let may_all = is_over_all(db, asker)?;
    let (own, this) = match asker {
        Asker::Operator => (None, None),
        Asker::Laptop(session) => (Some(session.user.clone()), Some(session.dev.as_str())),
    };
    let user = match account {
        Some(account) if may_all => find_account(db, account)?,
        Some(account) if own.as_deref() == Some(account) => account.to_owned(),
        Some(_) => return refuse(Problem::NoRight),
        None => own.ok_or(StoreError::Refused(Problem::Malformed))?,
    };
    let sql = "SELECT id, label, since_ms, seen_ms, revoked_ms, introduced_by, app FROM devices
               WHERE user_id = ?1 ORDER BY since_ms, id";
    let card = |row: &Row| device_card(row, 0, this);
    db.query(sql, values![&user])?.iter().map(card).collect()
}

/// A laptop from seven columns of a row, beginning at a place.
fn device_card(row: &Row, at: usize, this: Option<&str>) -> Result<DeviceCard, StoreError> {
    let dev = row.text(at)?;
    Ok(DeviceCard {
        is_this: this == Some(dev.as_str()),
        dev,
        label: row.text(at + 1)?,
        since: instant(row.int(at + 2)?),
        seen: row.maybe_int(at + 3)?.map(instant),
        revoked: row.maybe_int(at + 4)?.map(instant),
        introduced_by: row.maybe_text(at + 5)?,
        app: row.text(at + 6)?,
    })
}

/// The account of a laptop that the asker may change; whether there is one is told to nobody else.
fn owner(tx: &mut dyn Sql, asker: Asker<'_>, dev: &str) -> Result<String, StoreError> {
    let may_all = is_over_all(tx, asker)?;
    let row = tx.row("SELECT user_id FROM devices WHERE id = ?1", values![dev])?;
    let owner = row.map(|row| row.text(0)).transpose()?;
    match owner.filter(|owner| may_all || owner == asker.id()) {
        Some(owner) => Ok(owner),
        None => refuse(Problem::NotFound),
    }
}

pub(super) fn name_device(
    tx: &mut dyn Sql,
    asker: Asker<'_>,
    (dev, label): (&str, &str),
    now_ms: i64,
) -> Result<(), StoreError> {
    owner(tx, asker, dev)?;
    let sql = "UPDATE devices SET label = ?2 WHERE id = ?1";
    tx.execute(sql, values![dev, label])?;
    audit(tx, now_ms, "device.named", asker.id(), dev)
}

pub(super) fn withdraw_device(
    tx: &mut dyn Sql,
    asker: Asker<'_>,
    dev: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    let owner = owner(tx, asker, dev)?;
    withdraw_laptop(tx, &owner, dev, now_ms)?;
    audit(tx, now_ms, "access.withdrawn", asker.id(), dev)
}

pub(super) fn accounts(db: &mut dyn Sql, asker: Asker<'_>) -> Result<Vec<AccountCard>, StoreError> {
    if !is_over_all(db, asker)? {
        return refuse(Problem::NoRight);
    }
    let sql = "SELECT u.id, u.name, u.role, count(d.id), max(d.seen_ms)
               FROM users u LEFT JOIN devices d ON d.user_id = u.id AND d.revoked_ms IS NULL
               GROUP BY u.id, u.name, u.role ORDER BY u.name";
    let card = |row: &Row| {
        Ok(AccountCard {
            user: row.text(0)?,
            name: row.text(1)?,
            role: row.text(2)?,
            n_devices: row.natural(3)?,
            seen: row.maybe_int(4)?.map(instant),
        })
    };
    db.query(sql, values![])?.iter().map(card).collect()
}

pub(super) fn accounts_with_laptops(
    db: &mut dyn Sql,
    asker: Asker<'_>,
) -> Result<Vec<(AccountCard, Vec<DeviceCard>)>, StoreError> {
    if !is_over_all(db, asker)? {
        return refuse(Problem::NoRight);
    }
    let this = match asker {
        Asker::Operator => None,
        Asker::Laptop(session) => Some(session.dev.as_str()),
    };
    let sql = "SELECT u.id, u.name, u.role,
                 d.id, d.label, d.since_ms, d.seen_ms, d.revoked_ms, d.introduced_by, d.app
               FROM users u LEFT JOIN devices d ON d.user_id = u.id
               ORDER BY u.name, u.id, d.since_ms, d.id";
    let mut found: Vec<(AccountCard, Vec<DeviceCard>)> = Vec::new();
    for row in db.query(sql, values![])? {
        let user = row.text(0)?;
        if found.last().is_none_or(|(account, _)| account.user != user) {
            let account = AccountCard {
                user,
                name: row.text(1)?,
                role: row.text(2)?,
                n_devices: 0,
                seen: None,
            };
            found.push((account, Vec::new()));
        }
        let has_laptop = row.maybe_text(3)?.is_some();
        if let Some((account, laptops)) = found.last_mut().filter(|_| has_laptop) {
            let card = device_card(&row, 3, this)?;
            if card.revoked.is_none() {
                account.n_devices += 1;
                // The same form everywhere, so the later one is the greater text.
                account.seen = account.seen.take().max(card.seen.clone());
            }
            laptops.push(card);
        }
    }
    Ok(found)
}

/// What the asker is in a stream.
struct Standing {
    role: Option<Role>,
    was_member: bool,
    is_over_all: bool,
}

impl Standing {
    fn may_change(&self) -> bool {
        self.is_over_all || self.role == Some(Role::Pi)
    }
}

fn standing(db: &mut dyn Sql, asker: Asker<'_>, stream: &str) -> Result<Standing, StoreError> {
    let is_over_all = is_over_all(db, asker)?;
    let member = match asker {
        Asker::Operator => None,
        Asker::Laptop(session) => membership(db, stream, &session.user)?,
    };
    let sql = "SELECT 1 FROM streams WHERE id = ?1";
    let exists = db.row(sql, values![stream])?.is_some();
    if !exists || !(is_over_all || member.is_some()) {
        // Whether there is such a stream is told to members alone.
        let problem = if is_over_all {
            Problem::NotFound
        } else {
            Problem::NotMember
        };
        return refuse(problem);
    }
    Ok(Standing {
        role: member.as_ref().filter(|m| !m.is_over).map(|m| m.role),
        was_member: member.is_some(),
        is_over_all,
    })
}

pub(super) fn members(
    tx: &mut dyn Sql,
    asker: Asker<'_>,
    stream: &str,
    (key, now_ms): (&DeviceKey, i64),
) -> Result<MemberLog, StoreError> {
    let standing = standing(tx, asker, stream)?;
    let mut log = Log::read(tx, stream, key)?;
    log.catch_up(tx, now_ms)?;
    let is_whole = standing.is_over_all || standing.role.is_some();
    let own = |frame: &&Frame| {
        let commit = frame.parse_commit();
        commit.is_ok_and(|commit| commit.ops.iter().any(|op| op.e == asker.id()))
    };
    // Whoever left is told that, and nothing about others.
    let frames = log.frames.iter().filter(|frame| is_whole || own(frame));
    let frames = frames.flat_map(Frame::encode).collect();
    let users = log
        .newest
        .keys()
        .filter(|user| is_whole || *user == asker.id());
    let mut names = Vec::new();
    for user in users {
        let row = tx.row("SELECT name FROM users WHERE id = ?1", values![user])?;
        if let Some(row) = row {
            names.push(MemberName {
                user: user.clone(),
                name: row.text(0)?,
            });
        }
    }
    debug_assert!(is_whole || standing.was_member);
    Ok(MemberLog {
        frames,
        names,
        is_whole,
        may_change: standing.may_change(),
    })
}

pub(super) fn change_members(
    tx: &mut dyn Sql,
    order: &MemberOrder<'_>,
    key: &DeviceKey,
) -> Result<(), StoreError> {
    let standing = standing(tx, order.asker, order.stream)?;
    if !standing.may_change() {
        let is_gone = standing.role.is_none();
        return refuse(if is_gone {
            Problem::NotMember
        } else {
            Problem::NoRight
        });
    }
    let mut log = Log::read(tx, order.stream, key)?;
    log.catch_up(tx, order.now_ms)?;
    let mut entries: Vec<Entry> = Vec::new();
    for change in order.changes {
        let user = find_account(tx, &change.account)?;
        // Who works for the center lets others in, never herself.
        if standing.role != Some(Role::Pi) && user == order.asker.id() {
            return refuse(Problem::NoRight);
        }
        if entries.iter().any(|(named, _)| *named == user) || change.role == Some(Role::Staff) {
            return refuse(Problem::Malformed);
        }
        let now = membership(tx, order.stream, &user)?.filter(|member| !member.is_over);
        match (change.role, now) {
            (None, None) => {
                return refuse(Problem::NoAccount {
                    account: change.account.clone(),
                });
            }
            (Some(role), Some(member)) if member.role == role => continue,
            (Some(role), _) => set_member(tx, order.stream, &user, role, order.now_ms)?,
            (None, Some(_)) => {
                let sql = "UPDATE members SET until_ms = ?3 WHERE stream = ?1 AND user_id = ?2";
                tx.execute(sql, values![order.stream, &user, order.now_ms])?;
            }
        }
        entries.push((user, change.role));
    }
    let by_operator = matches!(order.asker, Asker::Operator);
    if !by_operator && !entries.is_empty() && n_pis(tx, order.stream)? == 0 {
        return refuse(Problem::LastPi);
    }
    let by = order.asker.id();
    let reason = Reason {
        by,
        role: standing.role,
        why: order.why,
        now_ms: order.now_ms,
    };
    log.write(tx, &entries, &reason)?;
    for (user, role) in &entries {
        let about = format!("{} {user} {}", order.stream, role.map_or("-", Role::as_str));
        audit(tx, order.now_ms, "member.changed", by, &about)?;
    }
    Ok(())
}

fn n_pis(db: &mut dyn Sql, stream: &str) -> Result<u64, StoreError> {
    let sql = "SELECT count(*) FROM members
               WHERE stream = ?1 AND role = 'pi' AND until_ms IS NULL";
    let row = db.row(sql, values![stream])?;
    row.ok_or(StoreError::Damaged("no count"))?.natural(0)
}

/// What is kept for review, by a column that says whose.
macro_rules! held_of {
    ($whose:literal) => {
        concat!(
            "SELECT c.stream, c.dev, c.seq, c.hash, c.received_ms, c.held_why,
               r.is_adopted, u.name
             FROM commits c JOIN persons p ON p.id = c.person
             JOIN users u ON u.id = p.user_id
             LEFT JOIN reviews r ON r.stream = c.stream AND r.hash = c.hash
             WHERE ",
            $whose,
            " = ?1 AND c.status = 2
             ORDER BY c.received_ms DESC, c.sseq DESC LIMIT ?2"
        )
    };
}

pub(super) fn held(
    db: &mut dyn Sql,
    session: &Session,
    stream: Option<&str>,
) -> Result<Vec<Held>, StoreError> {
    if session.is_revoked {
        return refuse(Problem::Revoked);
    }
    let rows = match stream {
        None => db.query(held_of!("u.id"), values![&session.user, HELD_MAX])?,
        Some(stream) => {
            let standing = standing(db, Asker::Laptop(session), stream)?;
            match standing.role {
                Some(Role::Pi) => {}
                None => return refuse(Problem::NotMember),
                Some(_) => return refuse(Problem::NoRight),
            }
            db.query(held_of!("c.stream"), values![stream, HELD_MAX])?
        }
    };
    let read = |row: &Row| {
        Ok(Held {
            stream: row.text(0)?,
            dev: row.text(1)?,
            seq: row.natural(2)?,
            hash: row.text(3)?,
            received_at: instant(row.int(4)?),
            why: row.maybe_text(5)?.unwrap_or_default(),
            state: match row.maybe_int(6)? {
                None => ReviewState::Open,
                Some(0) => ReviewState::Dismissed,
                Some(_) => ReviewState::Adopted,
            },
            author: row.text(7)?,
        })
    };
    rows.iter().map(read).collect()
}

pub(super) fn note_contact(
    db: &mut dyn Sql,
    dev: &str,
    app: &str,
    now_ms: i64,
) -> Result<(), StoreError> {
    let sql = "UPDATE devices SET seen_ms = ?2, app = ?4
               WHERE id = ?1 AND (seen_ms IS NULL OR seen_ms < ?3 OR app <> ?4)";
    db.execute(sql, values![dev, now_ms, now_ms - SEEN_MS, app])?;
    Ok(())
}

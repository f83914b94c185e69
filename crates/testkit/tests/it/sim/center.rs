//! The center of the simulation: its real rules over a real SQLite file, with two replicas that
//! crash, work at the same time and stop between any two steps of a request.

use super::bugs::Bug;
use center::admit::believe;
use center::store::{
    Asker, Batch, Believed, Enrolment, Invitation, MemberChange, MemberOrder, People, Session,
    Withdrawal,
};
use center::{Identity, Role, SqliteStore, Store, StoreError};
use ledger::{Frame, Hash, digest};
use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use sync::body;
use sync::wire::{Envelope, Me, PROTOCOL, PageHead, Problem, Pushed, Readable};
use testkit::{TempDir, memory_folder};

pub(crate) const N_REPLICAS: usize = 2;
const START_MS: i64 = 1_795_400_000_000;
/// How long a planted fault hides a commit that took its number first. Units: milliseconds.
const LATE_MS: i64 = 4_000;

/// A request as it travels.
#[derive(Clone, Debug)]
pub(crate) enum Wire {
    Me,
    Push(String, Vec<u8>),
    Pull(String, u64),
}

/// What a replica has made of a request before it takes the counter row.
pub(crate) enum Job {
    Me(Session),
    Push(Session, String, Vec<Believed>, Vec<Frame>),
    Pull(Session, String, u64),
}

/// An answer as it travels.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Message(Vec<u8>),
    Page(Vec<u8>),
    Refused(Problem),
}

pub(crate) struct Center {
    dir: TempDir,
    identity: Identity,
    stores: Vec<Option<SqliteStore>>,
    /// Units: milliseconds; replicas' clocks are not the same.
    skews: [i64; N_REPLICAS],
    backup: Option<PathBuf>,
    n_lives: u32,
    bug: Bug,
    seen: HashSet<Hash>,
    /// The laptop that was enrolled first, whose access stands.
    first: String,
    late: Vec<(String, u64, i64)>,
}

/// An empty database, made once: its tables need not be made in every run.
fn template() -> &'static Path {
    static TEMPLATE: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = TEMPLATE.get_or_init(|| {
        let dir = memory_folder();
        let path = dir.path().join("center.db");
        drop(SqliteStore::open(&path, "life-0").expect("a store"));
        (dir, path)
    });
    path
}

impl Center {
    pub(crate) fn new(bug: Bug) -> Self {
        let dir = memory_folder();
        fs::copy(template(), dir.path().join("center.db")).expect("a copy");
        let mut center = Self {
            dir,
            identity: Identity::from_secret([9; 32]),
            stores: Vec::new(),
            skews: [0, 0],
            backup: None,
            n_lives: 0,
            bug,
            seen: HashSet::new(),
            first: String::new(),
            late: Vec::new(),
        };
        center.stores = (0..N_REPLICAS).map(|_| Some(center.open())).collect();
        center
    }

    fn open(&self) -> SqliteStore {
        SqliteStore::open(&self.dir.path().join("center.db"), "life-0").expect("the store opens")
    }

    pub(crate) fn is_up(&self, replica: usize) -> bool {
        self.stores[replica].is_some()
    }

    pub(crate) fn stop(&mut self, replica: usize) {
        self.stores[replica] = None;
    }

    pub(crate) fn start(&mut self, replica: usize) {
        if self.stores[replica].is_none() {
            self.stores[replica] = Some(self.open());
        }
    }

    pub(crate) fn skew(&mut self, replica: usize, ms: i64) {
        self.skews[replica] = ms;
    }

    fn now_ms(&self, replica: usize, t: u64) -> i64 {
        START_MS + self.skews[replica] + i64::try_from(t).unwrap_or(0)
    }

    /// Copies the database; both replicas stop for it and go on as they were.
    pub(crate) fn back_up(&mut self) {
        let path = self.dir.path().join("backup.db");
        let were = self.stop_all();
        fs::copy(self.dir.path().join("center.db"), &path).expect("a copy");
        self.backup = Some(path);
        self.go_on(&were);
    }

    /// Puts the copy back; an operator who reads the manual says so, another does not.
    pub(crate) fn put_back(&mut self, says_so: bool) {
        let Some(backup) = self.backup.clone() else {
            return;
        };
        let were = self.stop_all();
        fs::copy(backup, self.dir.path().join("center.db")).expect("a copy");
        if says_so {
            self.n_lives += 1;
            let life = format!("life-{}", self.n_lives);
            self.open().set_epoch(&life, START_MS).expect("an epoch");
        }
        self.seen.clear();
        self.go_on(&were);
    }

    fn stop_all(&mut self) -> Vec<bool> {
        let were = self.stores.iter().map(Option::is_some).collect();
        self.stores.iter_mut().for_each(|store| *store = None);
        were
    }

    fn go_on(&mut self, were: &[bool]) {
        for (replica, _) in were.iter().enumerate().filter(|(_, was)| **was) {
            self.start(replica);
        }
    }

    /// Makes an account and a laptop of it.
    pub(crate) fn enrol(&mut self, name: &str, n: usize, laptop: (&str, &str, &str)) -> Hash {
        let (dev, key, person) = laptop;
        if n == 0 {
            dev.clone_into(&mut self.first);
        }
        let hash = |what: &str| Hash::of(format!("{what} {n}").as_bytes());
        let (handle, challenge) = (format!("H{n}"), format!("challenge-{n}"));
        let (secret_hash, token_hash) = (hash("secret"), hash("token"));
        let store = self.open();
        let is_kept = store.invite(&Invitation {
            by: Asker::Operator,
            name,
            role: None,
            new_user: &format!("u_{n}"),
            handle: &handle,
            secret_hash: &secret_hash,
            now_ms: START_MS,
        });
        assert!(is_kept.expect("the store works"));
        store
            .begin_enrolment(&handle, &challenge, START_MS)
            .expect("a challenge");
        let enrolment = Enrolment {
            handle: &handle,
            secret_hash: &secret_hash,
            challenge: &challenge,
            dev,
            key,
            person,
            name,
            sig: "",
            token_hash: &token_hash,
            now_ms: START_MS,
        };
        store.finish_enrolment(&enrolment).expect("enrolled");
        token_hash
    }

    pub(crate) fn grant(&self, stream: &str, name: &str) {
        let change = MemberChange {
            account: name.to_owned(),
            role: Some(Role::Coordinator),
        };
        let order = MemberOrder {
            stream,
            asker: Asker::Operator,
            changes: &[change],
            why: None,
            now_ms: START_MS,
        };
        let done = self.open().change_members(&order, self.identity.key());
        done.expect("a member");
    }

    /// Withdraws the access of every laptop of an account.
    pub(crate) fn revoke(&self, name: &str) {
        let done = self.open().withdraw(name, Withdrawal::Devices, START_MS);
        done.expect("the store works");
    }

    /// The first step of a request: who asks, and is it to be believed?
    pub(crate) fn begin(&self, replica: usize, token: &Hash, wire: Wire) -> Result<Job, Problem> {
        let store = self.stores[replica].as_ref().expect("it is up");
        let mut session = store.session(token).map_err(problem)?;
        if let (Bug::RevokedIsServed | Bug::RevokedCounts, Some(session)) = (self.bug, &mut session)
        {
            let is_push = matches!(wire, Wire::Push(..));
            session.is_revoked &= is_push != (self.bug == Bug::RevokedCounts);
            if self.bug == Bug::RevokedIsServed && !is_push {
                // The store asks again, about another.
                session.dev.clone_from(&self.first);
            }
        }
        let session = session.ok_or(Problem::UnknownDevice)?;
        Ok(match wire {
            Wire::Me => Job::Me(session),
            Wire::Pull(_, _) if session.is_revoked => return Err(Problem::Revoked),
            Wire::Pull(stream, after) => Job::Pull(session, stream, after),
            Wire::Push(stream, bytes) => {
                let frames = body::unpack_frames(&bytes).map_err(|_| Problem::Malformed)?;
                let mut list =
                    believe(store, &session, &stream, frames.clone()).map_err(problem)?;
                if self.bug == Bug::RevokedCounts {
                    list.iter_mut().for_each(|one| one.is_revoked = false);
                }
                Job::Push(session, stream, list, frames)
            }
        })
    }

    /// The second step: the transaction. What a push took is given with the answer.
    pub(crate) fn finish(
        &mut self,
        replica: usize,
        job: Job,
        t: u64,
    ) -> (Answer, Option<(Vec<Frame>, Pushed)>) {
        let now_ms = self.now_ms(replica, t);
        match self.done(replica, job, now_ms) {
            Ok((answer, taken)) => (answer, taken),
            Err(problem) => (Answer::Refused(problem), None),
        }
    }

    fn envelope(&self, store: &SqliteStore, now_ms: i64) -> Result<Envelope, Problem> {
        Ok(Envelope {
            protocol: PROTOCOL,
            epoch: store.epoch().map_err(problem)?,
            capabilities: Vec::new(),
            now_ms,
        })
    }

    fn done(
        &mut self,
        replica: usize,
        job: Job,
        now_ms: i64,
    ) -> Result<(Answer, Option<(Vec<Frame>, Pushed)>), Problem> {
        let store = self.stores[replica].as_ref().expect("it is up");
        let center = self.envelope(store, now_ms)?;
        match job {
            Job::Me(session) => {
                let streams: Vec<Readable> = match session.is_revoked {
                    true => Vec::new(),
                    false => store.readable(&session.user).map_err(problem)?,
                };
                let me = Me {
                    center,
                    user: session.user,
                    name: session.name,
                    revoked: session.is_revoked,
                    streams,
                    mark: String::new(),
                    years: Vec::new(),
                };
                Ok((Answer::Message(json(&me)), None))
            }
            Job::Push(session, stream, commits, frames) => {
                let repeated = frames
                    .iter()
                    .map(Frame::id)
                    .find(|id| self.seen.contains(id));
                if let (Bug::RepeatTakenForFork, Some(hash)) = (self.bug, repeated) {
                    let hash = Some(hash.to_string());
                    return Err(Problem::Fork { seq: 1, hash });
                }
                let name = stream.clone();
                let batch = Batch {
                    stream,
                    session,
                    commits,
                    now_ms,
                };
                let admitted = store.push(&batch).map_err(problem)?;
                let pushed = admitted.into_answer(center, name.clone());
                self.seen.extend(frames.iter().map(Frame::id));
                if self.bug == Bug::LateCommitEarlierNumber && replica == 0 {
                    let until = now_ms + LATE_MS;
                    let first = pushed.taken.first().map(|taken| taken.sseq);
                    self.late.extend(first.map(|sseq| (name, sseq, until)));
                }
                Ok((Answer::Message(json(&pushed)), Some((frames, pushed))))
            }
            Job::Pull(session, stream, after) => {
                let slice = store.pull(&session, &stream, after).map_err(problem)?;
                let from = after.min(slice.head);
                let mut head = PageHead {
                    center,
                    stream,
                    from,
                    to: from + slice.items.len() as u64,
                    head: slice.head,
                    from_digest: slice.from_digest,
                    digest: slice.digest,
                    items: slice.items,
                };
                let mut frames = body::split_frames(&slice.frames).expect("as they came");
                self.spoil(&mut head, &mut frames, now_ms);
                let frames = body::join_frames(&frames);
                let page = body::pack_page(&json(&head), &frames);
                Ok((Answer::Page(page), None))
            }
        }
    }

    /// What planted faults make of a page.
    fn spoil(&self, head: &mut PageHead, frames: &mut Vec<Frame>, now_ms: i64) {
        if self.bug == Bug::PageTurned {
            frames.reverse();
        }
        if self.bug != Bug::LateCommitEarlierNumber {
            return;
        }
        // Numbers are handed out before the commit, so what commits late is not there yet.
        let is_late = |sseq: u64| {
            let is_it = |(stream, late, until): &(String, u64, i64)| {
                *stream == head.stream && *late == sseq && now_ms < *until
            };
            self.late.iter().any(is_it)
        };
        let is_here: Vec<bool> = head.items.iter().map(|item| !is_late(item.sseq)).collect();
        if is_here.iter().all(|is| *is) || is_here.last() == Some(&false) {
            return;
        }
        let mut keep = is_here.iter();
        frames.retain(|_| *keep.next().unwrap_or(&true));
        let mut keep = is_here.iter();
        head.items.retain(|_| *keep.next().unwrap_or(&true));
        let mut chain = Hash::parse(&head.from_digest).expect("a digest");
        for (n, (item, frame)) in head.items.iter_mut().zip(frames).enumerate() {
            item.sseq = head.from + 1 + n as u64;
            chain = digest::next(&chain, &frame.id());
        }
        head.to = head.from + head.items.len() as u64;
        head.head = head.to;
        head.digest = chain.to_string();
    }
}

fn json<M: serde::Serialize>(message: &M) -> Vec<u8> {
    serde_json::to_vec(message).expect("a message")
}

fn problem(error: StoreError) -> Problem {
    match error {
        StoreError::Refused(problem) => problem,
        other => panic!("the store fails: {other}"),
    }
}

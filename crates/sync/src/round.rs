//! One contact with the center, without input or output: replies go in, the next request comes out.
//!
//! For every stream: push until nothing waits, then pull until the center has nothing more. Lost
//! answers need no memory here: what was taken without our knowing is confirmed when it is sent
//! again. The cursor moves in the replica, together with the rows.

use crate::body::{COMMITS_MAX, PAGE_BYTES};
use crate::exchange::Failure;
use crate::note::Note;
use crate::outcome::Outcome;
use crate::page::{self, n_before, n_before_fork};
use crate::replica::{Confirmed, Page, Replica, Rights, StreamState};
use crate::wire::{Me, PageHead, Problem, Pushed, Readable, Status};
use ledger::{Frame, Hash};
use std::collections::VecDeque;
use std::sync::Arc;

/// Most new identities that a laptop takes for one stream in one contact.
const FORKS_MAX: u32 = 32;
/// Most times that a stream begins anew in one contact: a center may be put back again meanwhile.
const REWINDS_MAX: u32 = 3;

/// A request to the center.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Rights and heads.
    Me,
    /// Takes commits.
    Push {
        /// The stream.
        stream: String,
        /// The commits.
        frames: Arc<[Frame]>,
    },
    /// Gives commits.
    Pull {
        /// The stream.
        stream: String,
        /// The number after which they begin.
        after: u64,
    },
}

/// What came of a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Rights and heads.
    Me(Me),
    /// The commits are held.
    Pushed(Pushed),
    /// Commits.
    Page(PageHead, Vec<Frame>),
    /// None of these.
    Failed(Failure),
}

/// What to do next.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Make this request and hand in the reply.
    Ask(Ask),
    /// The contact is over.
    Done,
}

/// One contact.
pub struct Round {
    epoch: String,
    pending: Option<Ask>,
    queue: VecDeque<Work>,
    current: Option<Work>,
    outcome: Outcome,
    is_revoked: bool,
    n_commits_max: usize,
}

/// What there is to do about one stream.
#[derive(Clone, Debug)]
struct Work {
    stream: String,
    cursor: u64,
    digest: Option<Hash>,
    wants_push: bool,
    /// The center's newest number; `None` when it may not be read.
    head: Option<u64>,
    n_forks: u32,
    n_rewinds: u32,
    /// Pages that ended where another commit stands here.
    n_other: u32,
    last_first: Option<Hash>,
}

impl Round {
    /// Begins a contact with a center whose data had this epoch.
    pub fn new(epoch: &str) -> Self {
        let outcome = Outcome {
            sent: 0,
            received: 0,
            waiting: 0,
            note: Note::Done,
            notes: Vec::new(),
            lost: Vec::new(),
            mark: None,
            years: Vec::new(),
            epoch: None,
            center_ms: None,
        };
        Self {
            epoch: epoch.to_owned(),
            pending: Some(Ask::Me),
            queue: VecDeque::new(),
            current: None,
            outcome,
            is_revoked: false,
            n_commits_max: COMMITS_MAX,
        }
    }

    /// The request that waits for its reply.
    pub fn step(&self) -> Step {
        self.pending.clone().map_or(Step::Done, Step::Ask)
    }

    /// Takes the reply to the pending request and says what is next.
    ///
    /// A reply that does not belong to the pending request ends the work on its stream; one that
    /// comes when nothing is pending changes nothing.
    ///
    /// # Errors
    /// The replica's own; the contact is over then.
    pub fn reply<R: Replica>(&mut self, replica: &mut R, reply: Reply) -> Result<Step, R::Error> {
        match (self.pending.take(), reply) {
            (None, _) => {}
            (Some(_), Reply::Failed(failure)) if !matches!(failure, Failure::Refused(_)) => {
                self.say(Note::from(failure));
                self.stop();
            }
            (Some(Ask::Me), Reply::Me(me)) => self.begin(replica, me)?,
            (Some(Ask::Me), Reply::Failed(failure)) => self.say(Note::from(failure)),
            (Some(Ask::Push { stream, frames }), Reply::Pushed(pushed))
                if pushed.stream == stream =>
            {
                self.take_confirmation(replica, &frames, pushed)?;
            }
            (Some(Ask::Push { frames, .. }), Reply::Failed(Failure::Refused(problem))) => {
                self.take_refused_push(replica, &frames, problem)?;
            }
            // A backup was put back a moment ago: what was announced is not there any more.
            (Some(Ask::Pull { stream, after }), Reply::Page(head, _))
                if head.stream == stream && head.head <= after =>
            {
                if let Some(mut work) = self.current.take().filter(|_| head.head < after)
                    && self.rewind(replica, &mut work)?
                {
                    work.head = Some(head.head);
                    self.current = Some(work);
                }
                self.next(replica)?;
            }
            (Some(Ask::Pull { stream, after }), Reply::Page(head, frames))
                if head.stream == stream && head.from == after =>
            {
                self.take_page(replica, head, frames)?;
            }
            (Some(Ask::Pull { .. }), Reply::Failed(Failure::Refused(problem))) => {
                self.say(Note::from(problem));
                self.current = None;
                self.next(replica)?;
            }
            // An answer to something else: going on with it could go on for ever.
            (Some(_), _) => {
                self.say(Note::ServerError);
                self.current = None;
                self.next(replica)?;
            }
        }
        Ok(self.step())
    }

    /// What the contact came to, once it is over.
    ///
    /// # Errors
    /// The replica's own.
    pub fn finish<R: Replica>(mut self, replica: &mut R) -> Result<Outcome, R::Error> {
        self.outcome.waiting = replica.streams()?.iter().map(|state| state.waiting).sum();
        self.outcome
            .notes
            .sort_by_key(|note| std::cmp::Reverse(note.weight()));
        self.outcome.note = self.outcome.notes.first().cloned().unwrap_or(Note::Done);
        Ok(self.outcome)
    }

    /// Adds something to say; the same twice is added up or said once.
    pub(crate) fn say(&mut self, note: Note) {
        for said in &mut self.outcome.notes {
            match (&mut *said, &note) {
                (Note::NoAccess(n), Note::NoAccess(more))
                | (Note::Unreadable(n), Note::Unreadable(more))
                | (Note::Quarantined(n), Note::Quarantined(more)) => {
                    *n += more;
                    return;
                }
                (said, note) if said == note => return,
                _ => {}
            }
        }
        self.outcome.notes.push(note);
    }

    fn stop(&mut self) {
        self.queue.clear();
        self.current = None;
        self.pending = None;
    }

    fn begin<R: Replica>(&mut self, replica: &mut R, me: Me) -> Result<(), R::Error> {
        self.is_revoked = me.revoked;
        if me.revoked {
            self.say(Note::Revoked);
        }
        let roles = me
            .streams
            .iter()
            .map(|r| (r.stream.clone(), r.role.clone()));
        replica.note_rights(&Rights {
            is_revoked: me.revoked,
            roles: roles.collect(),
        })?;
        let has_new_life = !self.epoch.is_empty() && self.epoch != me.center.epoch;
        self.outcome.epoch = Some(me.center.epoch);
        self.outcome.center_ms = Some(me.center.now_ms);
        self.outcome.mark = Some(me.mark);
        self.outcome.years = me.years;
        let known: Vec<String> = replica.streams()?.into_iter().map(|s| s.stream).collect();
        for readable in me.streams.iter().filter(|r| !known.contains(&r.stream)) {
            replica.subscribe(&readable.stream)?;
        }
        let mut works = Vec::new();
        for state in replica.streams()? {
            let readable = me.streams.iter().find(|r| r.stream == state.stream);
            works.extend(self.plan(replica, state, readable, has_new_life)?);
        }
        // What waits here goes first: it is on one disk only.
        works.sort_by_key(|work| !work.wants_push);
        self.queue = works.into();
        self.next(replica)
    }

    /// Says what there is to do about a stream; `None` for nothing.
    fn plan<R: Replica>(
        &mut self,
        replica: &mut R,
        state: StreamState,
        readable: Option<&Readable>,
        has_new_life: bool,
    ) -> Result<Option<Work>, R::Error> {
        if readable.is_none() && state.cursor > 0 && !self.is_revoked && !has_new_life {
            self.say(Note::NoAccess(1));
            self.outcome.lost.push(state.stream.clone());
        }
        let head = readable.map(|r| r.head);
        let mut work = Work {
            wants_push: state.waiting > 0,
            stream: state.stream,
            cursor: state.cursor,
            digest: state.digest,
            head: head.filter(|_| !self.is_revoked),
            n_forks: 0,
            n_rewinds: 0,
            n_other: 0,
            last_first: None,
        };
        // What it confirmed it must still have.
        let known = state.confirmed.max(work.cursor);
        let is_behind = head.is_some_and(|head| head < known);
        let differs = readable.is_some_and(|r| {
            let known = work.digest.as_ref().map(Hash::as_str);
            r.head == work.cursor && known.is_some_and(|digest| digest != r.digest)
        });
        let is_lost = is_behind || differs || (has_new_life && work.cursor > 0);
        if is_lost && !self.rewind(replica, &mut work)? {
            return Ok(None);
        }
        let wants_pull = work.head.is_some_and(|head| head > work.cursor);
        Ok((work.wants_push || wants_pull).then_some(work))
    }

    /// Starts a stream from the beginning; nothing is deleted. `false` when that cannot help.
    fn rewind<R: Replica>(&mut self, replica: &mut R, work: &mut Work) -> Result<bool, R::Error> {
        if work.n_rewinds >= REWINDS_MAX || !replica.rewind(&work.stream)? {
            self.say(Note::Diverged);
            return Ok(false);
        }
        self.say(Note::Restored);
        work.n_rewinds += 1;
        work.wants_push = true;
        work.cursor = 0;
        work.digest = None;
        work.last_first = None;
        Ok(true)
    }

    /// Goes on with the current stream or takes the next one.
    fn next<R: Replica>(&mut self, replica: &mut R) -> Result<(), R::Error> {
        loop {
            let Some(mut work) = self.current.take().or_else(|| self.queue.pop_front()) else {
                self.pending = None;
                return Ok(());
            };
            if work.wants_push {
                let frames = replica.outbox(&work.stream, self.n_commits_max, PAGE_BYTES)?;
                let first = frames.first().map(Frame::id);
                if first.is_some() && first == work.last_first {
                    // It was confirmed a moment ago: asking again would go on for ever.
                    self.say(Note::ServerError);
                    continue;
                }
                if first.is_some() {
                    work.last_first = first;
                    self.pending = Some(Ask::Push {
                        stream: work.stream.clone(),
                        frames: frames.into(),
                    });
                    self.current = Some(work);
                    return Ok(());
                }
                work.wants_push = false;
            }
            if work.head.is_some_and(|head| head > work.cursor) {
                let stream = work.stream.clone();
                self.pending = Some(Ask::Pull {
                    stream,
                    after: work.cursor,
                });
                self.current = Some(work);
                return Ok(());
            }
        }
    }

    fn take_confirmation<R: Replica>(
        &mut self,
        replica: &mut R,
        frames: &[Frame],
        pushed: Pushed,
    ) -> Result<(), R::Error> {
        let asked: Option<Vec<(String, u64)>> = frames.iter().map(Frame::place).collect();
        let taken = pushed.taken.iter().map(|t| (t.dev.clone(), t.seq));
        if asked != Some(taken.collect()) {
            self.say(Note::ServerError);
            self.current = None;
            return self.next(replica);
        }
        let n_quarantined = pushed
            .taken
            .iter()
            .filter(|t| t.status == Status::Quarantined)
            .count() as u64;
        if n_quarantined > 0 {
            self.say(Note::Quarantined(n_quarantined));
        }
        self.n_commits_max = COMMITS_MAX;
        let Some(mut work) = self.current.take() else {
            return Ok(());
        };
        self.outcome.sent += frames.len() as u64;
        // A stream that is new at the center is readable from now on.
        if !self.is_revoked && (work.head.is_some() || work.cursor == 0) {
            work.head = Some(pushed.head);
        }
        let known = work.digest.as_ref();
        let page = page::of_pushed(work.cursor, known, frames, &pushed);
        match page.filter(|_| work.head.is_some()) {
            Some(page) => self.store(replica, work, page)?,
            None => {
                let all: Vec<Confirmed> = pushed.taken.into_iter().map(Into::into).collect();
                replica.confirm(&work.stream, &all)?;
                self.current = Some(work);
            }
        }
        self.next(replica)
    }

    /// Has a page stored, and goes on with the stream unless something in it could not be taken.
    fn store<R: Replica>(
        &mut self,
        replica: &mut R,
        mut work: Work,
        page: Page,
    ) -> Result<(), R::Error> {
        work.cursor = page.to;
        work.digest = Some(page.digest.clone());
        let accepted = replica.accept(&work.stream, page)?;
        self.outcome.received += accepted.n;
        if accepted.n_problems == 0 {
            self.current = Some(work);
        } else if accepted.is_fork && work.n_other == 0 {
            // Written here meanwhile, it is refused when it is handed in, and gives way.
            let mut states = replica.streams()?.into_iter();
            let state = states.find(|state| state.stream == work.stream);
            self.current = state.map(|state| Work {
                cursor: state.cursor,
                digest: state.digest,
                wants_push: true,
                last_first: None,
                n_other: 1,
                ..work
            });
        } else if accepted.is_fork && self.rewind(replica, &mut work)? {
            // It was confirmed: the center forgot that, and took another in its place.
            self.current = Some(work);
        } else {
            // The cursor stands before it; asking for what follows would skip it.
            self.say(Note::Unreadable(accepted.n_problems));
        }
        Ok(())
    }

    fn take_refused_push<R: Replica>(
        &mut self,
        replica: &mut R,
        frames: &[Frame],
        problem: Problem,
    ) -> Result<(), R::Error> {
        let Some(mut work) = self.current.take() else {
            return Ok(());
        };
        work.last_first = None;
        match problem {
            // What stands before it, and may be held by others already, is not issued again: it is
            // handed in by itself until the refused commit is alone.
            Problem::Fork { seq, .. } if n_before_fork(frames, seq) < frames.len() => {
                self.n_commits_max = n_before_fork(frames, seq);
            }
            Problem::Fork { .. } if work.n_forks < FORKS_MAX => {
                replica.fork(&work.stream)?;
                work.n_forks += 1;
                self.say(Note::ForkHealed);
            }
            // The center held these once: its data is older than our cursor.
            Problem::Gap { .. } => {
                if !self.rewind(replica, &mut work)? {
                    work.wants_push = false;
                }
            }
            Problem::TooLarge if frames.len() > 1 => self.n_commits_max = frames.len() / 2,
            // All or nothing: what comes before the one that must wait need not wait with it.
            Problem::Dep { dev, seq } if n_before(frames, &dev, seq) > 0 => {
                self.n_commits_max = n_before(frames, &dev, seq);
            }
            Problem::UnknownDevice => {
                self.say(Note::UnknownDevice);
                self.stop();
                return Ok(());
            }
            // What others wrote may not fit beside what could not be handed in: all of it later.
            Problem::Busy { .. } => {
                self.say(Note::Busy);
                return self.next(replica);
            }
            // Pulling may bring what is missing; what waits here keeps waiting.
            other => {
                self.say(Note::from(other));
                work.wants_push = false;
            }
        }
        self.current = Some(work);
        self.next(replica)
    }

    fn take_page<R: Replica>(
        &mut self,
        replica: &mut R,
        head: PageHead,
        frames: Vec<Frame>,
    ) -> Result<(), R::Error> {
        let Some(mut work) = self.current.take() else {
            return Ok(());
        };
        let is_other_past = work
            .digest
            .as_ref()
            .is_some_and(|digest| digest.as_str() != head.from_digest);
        if is_other_past {
            if self.rewind(replica, &mut work)? {
                self.current = Some(work);
            }
            return self.next(replica);
        }
        let Some(page) = page::read(&head, frames) else {
            self.say(Note::ServerError);
            return self.next(replica);
        };
        work.head = Some(head.head);
        self.store(replica, work, page)?;
        self.next(replica)
    }
}

//! The simulated world: laptops, a network and a center in one thread, on one clock that jumps from
//! event to event. Whatever happens is drawn from the seed, so a seed is a run.

use super::bugs::Bug;
use super::center::{Answer, Center, Job, Wire};
use super::machine::{GONE, Machine, Place};
use super::oracle::{CenterLog, EditId, Oracle};
use super::watch::{Known, Watch};
use ledger::{Frame, Hash};
use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fmt::Arguments;
use std::hash::Hasher;
use sync::exchange::Failure;
use sync::wire::{PageHead, Pushed};
use sync::{Ask, Note, Offline, Outcome, Reply, Round, Status, Step, body};
use testkit::SeededEntropy;

/// How long a laptop waits for an answer. Units: milliseconds.
const TIMEOUT_MS: u64 = sync::exchange::TIMEOUT_MS;
/// Longest pause between two tries. Units: milliseconds.
const PAUSE_MAX_MS: u64 = 30_000;

/// Numbers from the seed.
pub(crate) struct Draws(SeededEntropy);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(SeededEntropy::new(seed))
    }

    pub(crate) fn below(&self, limit: usize) -> usize {
        (self.0.next() % limit.max(1) as u64) as usize
    }

    pub(crate) fn between(&self, from: u64, to: u64) -> u64 {
        from + self.0.next() % (to - from).max(1)
    }

    pub(crate) fn percent(&self, n: usize) -> bool {
        self.below(100) < n
    }
}

pub(crate) struct Laptop<M: Machine> {
    pub(crate) machine: M,
    pub(crate) known: Known,
    pub(crate) account: &'static str,
    pub(crate) token: Hash,
    pub(crate) epoch: String,
    pub(crate) is_up: bool,
    /// Counts the lives of its program; what belongs to an earlier one comes to nobody.
    pub(crate) life: u32,
    pub(crate) is_cut_up: bool,
    pub(crate) is_cut_down: bool,
    pub(crate) is_revoked: bool,
    /// Whether its disk was put back or copied, so that its identity may be used twice.
    pub(crate) is_double: bool,
    round: Option<Round>,
    request: u64,
    n_failures: u32,
    pub(crate) n_quiet: u32,
    /// A form that a person opened, with what it showed.
    form: Option<(Place, Vec<String>, std::collections::BTreeSet<EditId>)>,
    last: Option<Reply>,
}

enum Event {
    Wake(usize, u32),
    Arrive(Flight, Wire),
    Work(Flight, Job),
    Return(usize, u32, u64, Box<Reply>),
    Timeout(usize, u32, u64),
    Weather,
}

/// A request on its way: who sent it, in which life, its number, and the replica with its life.
#[derive(Clone, Copy)]
struct Flight {
    laptop: usize,
    life: u32,
    request: u64,
    replica: usize,
    replica_life: u32,
    /// Whether access was withdrawn before it arrived.
    is_late: bool,
}

pub(crate) struct World<M: Machine> {
    pub(crate) draws: Draws,
    pub(crate) t: u64,
    events: BTreeMap<(u64, u64), Event>,
    n_events: u64,
    pub(crate) laptops: Vec<Laptop<M>>,
    pub(crate) center: Center,
    pub(crate) replica_lives: Vec<u32>,
    pub(crate) oracle: Oracle,
    /// What the center held when it was backed up.
    pub(crate) center_copy: Option<CenterLog>,
    pub(crate) studies: Vec<(String, Vec<String>)>,
    pub(crate) is_calm: bool,
    pub(crate) was_put_back: bool,
    /// Percent of requests that the network spoils.
    pub(crate) n_spoilt: usize,
    pub(crate) n_faults: usize,
    pub(crate) n_contacts: usize,
    pub(crate) wrong: Option<String>,
    pub(crate) bug: Bug,
    trace: DefaultHasher,
    pub(crate) says: bool,
}

impl<M: Machine> World<M> {
    pub(crate) fn new(seed: u64, bug: Bug, says: bool) -> Self {
        let center = Center::new(bug);
        Self {
            draws: Draws::new(seed),
            t: 0,
            events: BTreeMap::new(),
            n_events: 0,
            laptops: Vec::new(),
            center,
            replica_lives: vec![0; super::center::N_REPLICAS],
            oracle: Oracle::default(),
            center_copy: None,
            studies: Vec::new(),
            is_calm: false,
            was_put_back: false,
            n_spoilt: 20,
            n_faults: 0,
            n_contacts: 0,
            wrong: None,
            bug,
            trace: DefaultHasher::new(),
            says,
        }
    }

    /// Begins the studies and shares them, while nothing goes wrong yet.
    pub(crate) fn begin(&mut self) {
        self.is_calm = true;
        for _ in 0..super::N_STUDIES {
            let study = self.laptops[0].machine.begin(super::N_ENTITIES);
            for held in self.laptops[0].machine.held(&study.0) {
                self.oracle.commits.insert(held.id, None);
            }
            self.studies.push(study);
        }
        self.contact(0);
        for (stream, _) in self.studies.clone() {
            self.center.grant(&stream, super::ACCOUNTS[2]);
            self.center.grant(&stream, super::ACCOUNTS[3]);
        }
        (1..self.laptops.len()).for_each(|n| self.contact(n));
        // The pauses of these contacts are none of the run's.
        self.events.clear();
        self.laptops
            .iter_mut()
            .for_each(|laptop| laptop.round = None);
        self.is_calm = false;
    }

    fn contact(&mut self, n: usize) {
        self.wake(n);
        while self.laptops[n].round.is_some() && self.step().is_some() {}
    }

    /// Notes what happened; the hash of all of it is the run's trace.
    pub(crate) fn note(&mut self, what: Arguments<'_>) {
        let line = format!("{} {what}", self.t);
        self.trace.write(line.as_bytes());
        if self.says {
            println!("{line}");
        }
    }

    pub(crate) fn trace(&self) -> u64 {
        self.trace.finish()
    }

    pub(crate) fn fail(&mut self, what: String) {
        self.note(format_args!("WRONG {what}"));
        self.wrong.get_or_insert(what);
    }

    fn at(&mut self, after_ms: u64, event: Event) {
        self.n_events += 1;
        self.events
            .insert((self.t + after_ms, self.n_events), event);
    }

    pub(crate) fn weather_in(&mut self, after_ms: u64) {
        self.at(after_ms, Event::Weather);
    }

    pub(crate) fn wake_in(&mut self, laptop: usize, after_ms: u64) {
        let life = self.laptops[laptop].life;
        self.at(after_ms, Event::Wake(laptop, life));
    }

    pub(crate) fn add(&mut self, machine: M, account: &'static str, token: Hash) -> usize {
        self.laptops.push(Laptop {
            machine,
            known: Known::default(),
            account,
            token,
            epoch: "life-0".to_owned(),
            is_up: true,
            life: 0,
            is_cut_up: false,
            is_cut_down: false,
            is_revoked: false,
            is_double: false,
            round: None,
            request: 0,
            n_failures: 0,
            n_quiet: 0,
            form: None,
            last: None,
        });
        self.laptops.len() - 1
    }

    /// Ends a laptop's program: what was on its way comes to nobody.
    pub(crate) fn end_program(&mut self, n: usize) {
        let laptop = &mut self.laptops[n];
        laptop.life += 1;
        laptop.is_up = false;
        (laptop.round, laptop.form, laptop.last) = (None, None, None);
    }

    /// Runs until an event says stop or nothing happens any more; `true` when the weather is due.
    pub(crate) fn step(&mut self) -> Option<bool> {
        let ((t, _), event) = self.events.pop_first()?;
        self.t = t;
        match event {
            Event::Weather => return Some(true),
            Event::Wake(n, life) => {
                if self.laptops[n].life == life && self.laptops[n].is_up {
                    self.wake(n);
                }
            }
            Event::Arrive(flight, wire) => self.arrive(flight, wire),
            Event::Work(flight, job) => self.work(flight, job),
            Event::Return(n, life, request, reply) => self.take(n, life, request, *reply),
            Event::Timeout(n, life, request) => {
                let reply = Reply::Failed(Failure::Offline(Offline::Timeout));
                self.take(n, life, request, reply);
            }
        }
        Some(false)
    }

    fn wake(&mut self, n: usize) {
        if !self.is_calm {
            for _ in 0..self.draws.below(3) {
                self.edit(n);
            }
        }
        if self.laptops[n].round.is_some() {
            return;
        }
        let epoch = match self.bug {
            Bug::EpochIgnored => String::new(),
            _ => self.laptops[n].epoch.clone(),
        };
        self.laptops[n].round = Some(Round::new(&epoch));
        self.n_contacts += 1;
        self.go_on(n);
    }

    /// Sends what the round asks for, or ends the contact.
    fn go_on(&mut self, n: usize) {
        let Some(round) = &self.laptops[n].round else {
            return;
        };
        match round.step() {
            Step::Ask(ask) => self.send(n, &ask),
            Step::Done => self.end_contact(n),
        }
    }

    fn send(&mut self, n: usize, ask: &Ask) {
        let wire = match ask {
            Ask::Me => Wire::Me,
            Ask::Push { stream, frames } => Wire::Push(stream.clone(), body::pack_frames(frames)),
            Ask::Pull { stream, after } => Wire::Pull(stream.clone(), *after),
        };
        let laptop = &mut self.laptops[n];
        laptop.request += 1;
        let (life, request) = (laptop.life, laptop.request);
        let is_cut = laptop.is_cut_up;
        match ask {
            Ask::Me => self.note(format_args!("{n} asks me")),
            Ask::Push { stream, frames } => {
                let last = frames.last().map(Frame::id);
                self.note(format_args!("{n} push {stream} {} {last:?}", frames.len()));
            }
            Ask::Pull { stream, after } => self.note(format_args!("{n} pull {stream} {after}")),
        }
        self.at(TIMEOUT_MS, Event::Timeout(n, life, request));
        let replica = self.draws.below(super::center::N_REPLICAS);
        let replica_life = self.replica_lives[replica];
        let flight = Flight {
            laptop: n,
            life,
            request,
            replica,
            replica_life,
            is_late: false,
        };
        let delay = self.delay();
        let spoilt = self.spoils();
        if is_cut || spoilt == Some(Spoilt::Lost) {
            return;
        }
        if let Some(Spoilt::Portal | Spoilt::Garbled | Spoilt::Busy | Spoilt::Old) = spoilt {
            let reply = self.foreign(n, spoilt);
            self.at(delay, Event::Return(n, life, request, Box::new(reply)));
            return;
        }
        if spoilt == Some(Spoilt::Twice) {
            let later = delay + self.draws.between(1, 40_000);
            self.at(later, Event::Arrive(flight, wire.clone()));
        }
        self.at(delay, Event::Arrive(flight, wire));
    }

    /// What comes back instead of the center's answer.
    fn foreign(&mut self, n: usize, spoilt: Option<Spoilt>) -> Reply {
        let old = self.laptops[n].last.clone();
        match (spoilt, old) {
            (Some(Spoilt::Portal), _) => Reply::Failed(Failure::Portal),
            (Some(Spoilt::Busy), _) => {
                let busy = sync::Problem::Busy { retry_after_ms: 1 };
                Reply::Failed(Failure::Refused(busy))
            }
            // Its nonce is another request's.
            (Some(Spoilt::Old), Some(old)) if self.bug == Bug::OldAnswerTaken => old,
            _ => Reply::Failed(Failure::Garbled),
        }
    }

    fn delay(&mut self) -> u64 {
        if self.is_calm || self.draws.percent(90) {
            self.draws.between(5, 400)
        } else {
            self.draws.between(400, 45_000)
        }
    }

    fn spoils(&mut self) -> Option<Spoilt> {
        if self.is_calm || !self.draws.percent(self.n_spoilt) {
            return None;
        }
        self.n_faults += 1;
        let all = [
            Spoilt::Lost,
            Spoilt::AnswerLost,
            Spoilt::Twice,
            Spoilt::Old,
            Spoilt::Garbled,
            Spoilt::Portal,
            Spoilt::Busy,
        ];
        Some(all[self.draws.below(all.len())])
    }

    fn broken(&mut self, flight: Flight) {
        let reply = Reply::Failed(Failure::Offline(Offline::Broken));
        let Flight {
            laptop,
            life,
            request,
            ..
        } = flight;
        self.at(5, Event::Return(laptop, life, request, Box::new(reply)));
    }

    fn arrive(&mut self, mut flight: Flight, wire: Wire) {
        if !self.center.is_up(flight.replica) {
            return self.broken(flight);
        }
        flight.replica_life = self.replica_lives[flight.replica];
        flight.is_late = self.laptops.iter().any(|laptop| laptop.is_revoked);
        let token = self.laptops[flight.laptop].token.clone();
        match self.center.begin(flight.replica, &token, wire) {
            Ok(job) => {
                let pause = self.draws.between(0, 300);
                self.at(pause, Event::Work(flight, job));
            }
            Err(problem) => self.answer(flight, Answer::Refused(problem)),
        }
    }

    fn work(&mut self, flight: Flight, job: Job) {
        // It crashed meanwhile, before its transaction.
        if self.replica_lives[flight.replica] != flight.replica_life {
            return self.broken(flight);
        }
        let is_page = matches!(job, Job::Pull(..));
        let (answer, taken) = self.center.finish(flight.replica, job, self.t);
        if let Some((frames, pushed)) = taken {
            self.taken(&frames, &pushed, flight.is_late);
        }
        let is_page = is_page && matches!(answer, Answer::Page(_));
        if is_page && self.laptops[flight.laptop].is_revoked {
            self.fail("a withdrawn laptop was given commits".to_owned());
        }
        self.answer(flight, answer);
    }

    /// The transaction is over: from here on the center holds it, whether anybody hears of it or not.
    fn taken(&mut self, frames: &[Frame], pushed: &Pushed, is_late: bool) {
        for (frame, taken) in frames.iter().zip(&pushed.taken) {
            let id = frame.id().to_string();
            let edit = match self.oracle.of_commit(&id, &frame.commit) {
                Ok(edit) => edit,
                Err(wrong) => return self.fail(wrong),
            };
            let list = self.oracle.center.entry(pushed.stream.clone()).or_default();
            match list.iter().position(|(known, ..)| *known == id) {
                Some(place) if place as u64 + 1 == taken.sseq => {}
                None if list.len() as u64 + 1 == taken.sseq => {
                    list.push((id, edit, taken.status));
                    let author = edit.map(|edit| self.oracle.edits[edit].account);
                    let is_held = taken.status == Status::Quarantined;
                    if is_held != (is_late && author == Some(super::REVOKED)) {
                        return self.fail(format!("a commit of {author:?} is {:?}", taken.status));
                    }
                }
                _ => return self.fail(format!("the center numbers {id} {}", taken.sseq)),
            }
        }
    }

    fn answer(&mut self, flight: Flight, answer: Answer) {
        let laptop = &self.laptops[flight.laptop];
        let is_lost = laptop.is_cut_down || self.spoils() == Some(Spoilt::AnswerLost);
        if is_lost {
            return;
        }
        let reply = match answer {
            Answer::Refused(problem) => Reply::Failed(Failure::Refused(problem)),
            Answer::Page(bytes) => read_page(&bytes),
            Answer::Message(bytes) => {
                let me = serde_json::from_slice(&bytes).map(Reply::Me);
                let pushed = || serde_json::from_slice(&bytes).map(Reply::Pushed);
                me.or_else(|_| pushed()).expect("a message")
            }
        };
        let delay = self.delay();
        let Flight {
            laptop,
            life,
            request,
            ..
        } = flight;
        self.at(delay, Event::Return(laptop, life, request, Box::new(reply)));
    }

    /// A reply reaches a laptop, unless it waits for another or is no more.
    fn take(&mut self, n: usize, life: u32, request: u64, reply: Reply) {
        let laptop = &mut self.laptops[n];
        if laptop.life != life || laptop.request != request || laptop.round.is_none() {
            return;
        }
        laptop.request += 1;
        // People work on while the exchange waits.
        if !self.is_calm && self.draws.percent(15) {
            self.edit(n);
        }
        if let Reply::Failed(Failure::Refused(problem)) = &reply {
            self.note(format_args!("{n} refused {problem:?}"));
        }
        let laptop = &mut self.laptops[n];
        if !matches!(reply, Reply::Failed(_)) {
            laptop.last = Some(reply.clone());
        }
        let Some(mut round) = laptop.round.take() else {
            return;
        };
        let mut watch = Watch {
            machine: &mut laptop.machine,
            known: &mut laptop.known,
            oracle: &mut self.oracle,
            wrong: &mut self.wrong,
        };
        let device = watch.machine.device();
        match round.reply(&mut watch, reply) {
            Ok(_) => {
                let laptop = &mut self.laptops[n];
                if !M::KEEPS_FORMS && laptop.machine.device() != device {
                    // What was open names operations that are put aside now.
                    laptop.form = None;
                }
                laptop.round = Some(round);
                self.go_on(n);
            }
            Err(error) => self.fail(format!("laptop {n} fails: {error}")),
        }
    }

    fn end_contact(&mut self, n: usize) {
        let laptop = &mut self.laptops[n];
        let Some(round) = laptop.round.take() else {
            return;
        };
        let outcome = match round.finish(&mut laptop.machine) {
            Ok(outcome) => outcome,
            Err(error) => return self.fail(format!("laptop {n} fails: {error}")),
        };
        if let Some(epoch) = &outcome.epoch {
            laptop.epoch.clone_from(epoch);
        }
        // A withdrawn laptop is told so at every contact; that is all there is to say.
        let is_trouble = outcome.note.is_trouble() && outcome.note != Note::Revoked;
        let is_quiet =
            self.is_calm && !is_trouble && outcome.sent + outcome.received + outcome.waiting == 0;
        laptop.n_quiet = if is_quiet { laptop.n_quiet + 1 } else { 0 };
        laptop.n_failures = if is_trouble { laptop.n_failures + 1 } else { 0 };
        let pause = if is_trouble {
            (1000_u64 << laptop.n_failures.min(5)).min(PAUSE_MAX_MS)
        } else if self.is_calm {
            3_000
        } else {
            25_000
        };
        let Outcome {
            sent,
            received,
            waiting,
            ..
        } = outcome;
        self.note(format_args!(
            "{n} done sent={sent} received={received} waiting={waiting} {:?}",
            outcome.notes
        ));
        self.judge(n, &outcome.notes);
        let pause = pause / 2 + self.draws.between(0, pause);
        self.wake_in(n, pause);
    }

    /// What a laptop may say: a word about a fault that did not happen is a fault itself.
    fn judge(&mut self, n: usize, notes: &[Note]) {
        let is_double = self.laptops.iter().any(|laptop| laptop.is_double);
        let is_revoked = self.laptops.iter().any(|laptop| laptop.is_revoked);
        for note in notes {
            let may = match note {
                Note::Done | Note::Offline | Note::Portal | Note::Busy | Note::Clock(_) => true,
                // Written while the twin's page was on its way: the next contact heals it.
                Note::Unreadable(_) | Note::ForkHealed => is_double,
                Note::Restored => self.was_put_back,
                Note::WaitsForOther => is_double || self.was_put_back || is_revoked,
                Note::Revoked => self.laptops[n].is_revoked,
                Note::Quarantined(_) => is_revoked,
                _ => false,
            };
            if !may {
                self.fail(format!("laptop {n} says {note:?}"));
            }
        }
    }

    /// A person edits on a laptop.
    fn edit(&mut self, n: usize) {
        let (stream, entities) = &self.studies[self.draws.below(self.studies.len())];
        let entity = &entities[self.draws.below(entities.len())];
        let field = M::FIELDS[self.draws.below(M::FIELDS.len())];
        let place = Place::new(stream, entity, field);
        let (stream, entity) = (stream.clone(), entity.clone());
        let what = self.draws.below(100);
        if !self.shows_right(n, &place) {
            return;
        }
        let laptop = &mut self.laptops[n];
        if laptop.machine.is_gone(&stream, &entity) {
            return;
        }
        let (id, account) = (self.oracle.edits.len(), laptop.account);
        if what < 6 {
            let gone = Place::new(&stream, &entity, GONE);
            let replaces = self.oracle.standing(&laptop.known.disk, &gone);
            let saw = self
                .oracle
                .standing_in(&laptop.known.disk, (&stream, &entity));
            laptop.machine.archive(&stream, &entity);
            self.oracle.edit(&gone, "gone", (replaces, saw), account);
        } else if what < 16 && laptop.form.is_none() {
            // Opened now, saved some other time.
            let seen = laptop
                .machine
                .shown(&place)
                .into_iter()
                .map(|s| s.id)
                .collect();
            let standing = self.oracle.standing(&laptop.known.disk, &place);
            laptop.form = Some((place, seen, standing));
            return;
        } else if let Some((place, seen, standing)) = laptop.form.take_if(|_| what < 30) {
            laptop.machine.set(&place, &format!("v{id}"), &seen);
            let on_screen = (standing, Default::default());
            self.oracle
                .edit(&place, &format!("v{id}"), on_screen, account);
        } else {
            let seen: Vec<String> = laptop
                .machine
                .shown(&place)
                .into_iter()
                .map(|s| s.id)
                .collect();
            let standing = self.oracle.standing(&laptop.known.disk, &place);
            laptop.machine.set(&place, &format!("v{id}"), &seen);
            let on_screen = (standing, Default::default());
            self.oracle
                .edit(&place, &format!("v{id}"), on_screen, account);
        }
        let stream = self.oracle.edits[id].place.stream.clone();
        let laptop = &mut self.laptops[n];
        laptop.known.disk.insert(id, Status::Accepted);
        let held = laptop.machine.held(&stream);
        let commit = held.last().map(|held| held.id.clone()).unwrap_or_default();
        let place = self.oracle.edits[id].place.clone();
        self.note(format_args!("{n} edit {id} {place:?} {commit}"));
        self.oracle.commits.insert(commit, Some(id));
    }

    /// Whether a laptop shows in a field what the oracle says it must.
    pub(crate) fn shows_right(&mut self, n: usize, place: &Place) -> bool {
        let laptop = &self.laptops[n];
        let must = self.oracle.standing(&laptop.known.disk, place);
        let must = self.oracle.values(&must);
        let shown = laptop.machine.shown(place);
        let mut shown: Vec<String> = shown.into_iter().map(|shown| shown.value).collect();
        shown.retain(|value| value != "begun");
        shown.sort();
        if shown != must {
            self.fail(format!(
                "laptop {n} shows {shown:?} at {place:?}, not {must:?}"
            ));
            return false;
        }
        let (stream, entity) = (&place.stream, &place.entity);
        let must = self.oracle.is_gone(&laptop.known.disk, stream, entity);
        if laptop.machine.is_gone(stream, entity) != must {
            self.fail(format!("laptop {n} shows {place:?} deleted: {}", !must));
            return false;
        }
        true
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Spoilt {
    Lost,
    AnswerLost,
    Twice,
    Old,
    Garbled,
    Portal,
    Busy,
}

fn read_page(bytes: &[u8]) -> Reply {
    let page = body::unpack_page(bytes).ok();
    let page = page.and_then(|(head, frames)| {
        let head: PageHead = serde_json::from_slice(&head).ok()?;
        Some(Reply::Page(head, frames))
    });
    page.unwrap_or(Reply::Failed(Failure::Nonsense))
}

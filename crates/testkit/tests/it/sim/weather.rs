//! What goes wrong in a run, when, and what must hold at its end.

use super::center::N_REPLICAS;
use super::machine::{Machine, Place};
use super::oracle::Disk;
use super::watch::Known;
use super::world::{Draws, World};
use std::collections::BTreeSet;

/// Simulated time between two troubles. Units: milliseconds.
const PAUSE_MS: (u64, u64) = (4_000, 20_000);
/// How long everything may take to come to rest once nothing goes wrong any more: a request may be
/// on its way, a pause may have begun. Units: milliseconds.
const REST_MS: u64 = 240_000;
const DAY_MS: i64 = 24 * 3600 * 1000;
const CLOCKS_MS: [i64; 6] = [
    3650 * DAY_MS,
    -3650 * DAY_MS,
    7_200_000,
    -7_200_000,
    300_000,
    -1,
];

/// A trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    Crash,
    TakeCopy,
    PutCopyBack,
    Clone,
    ReplicaCrashes,
    BackUpCenter,
    PutCenterBack,
    Cut,
    CutUp,
    CutDown,
    Heal,
    Clock,
    ReplicaClock,
    Revoke,
    Stick,
}

/// An older copy of a laptop's disk.
struct Older<M: Machine> {
    laptop: usize,
    copy: M::Copy,
    known: Known,
    epoch: String,
}

pub(crate) struct Weather<M: Machine> {
    plan: Vec<Trouble>,
    copies: Vec<Older<M>>,
    n_clones: u64,
}

impl<M: Machine> Weather<M> {
    /// Every trouble, in two kinds of runs, because some must not meet: a center that was put back
    /// forgot which commits it took and judges them by the rights of later, and forgot which of two
    /// branches of one identity came first; and a stick may carry the branch that came second.
    pub(crate) fn new(draws: &Draws) -> Self {
        use Trouble::*;
        let mut list = vec![Crash, Crash, TakeCopy, TakeCopy, BackUpCenter];
        list.extend([ReplicaCrashes, ReplicaCrashes, ReplicaClock, Clock, Clock]);
        list.extend([Cut, CutUp, CutDown, Heal, Heal, Heal]);
        if draws.percent(50) {
            list.extend([Revoke, PutCopyBack, Clone, PutCopyBack]);
        } else {
            list.extend([PutCenterBack, PutCenterBack, Stick, Stick, Stick]);
        }
        Self::of(draws, list)
    }

    /// These troubles, in any order.
    pub(crate) fn of(draws: &Draws, mut list: Vec<Trouble>) -> Self {
        use Trouble::*;
        for n in (1..list.len()).rev() {
            list.swap(n, draws.below(n + 1));
        }
        // Taken first of all, or there is nothing to be put back.
        list.extend([BackUpCenter, TakeCopy]);
        Self {
            plan: list,
            copies: Vec::new(),
            n_clones: 0,
        }
    }
}

impl<M: Machine> World<M> {
    /// Lets the next trouble happen; `false` when there is none left.
    pub(crate) fn trouble(&mut self, weather: &mut Weather<M>) -> bool {
        let Some(trouble) = weather.plan.pop() else {
            return false;
        };
        let n = self.draws.below(self.laptops.len());
        let replica = self.draws.below(N_REPLICAS);
        self.note(format_args!("{trouble:?} {n} {replica}"));
        self.n_faults += 1;
        match trouble {
            Trouble::Crash => self.crash(n),
            Trouble::TakeCopy => {
                let laptop = &mut self.laptops[n];
                weather.copies.push(Older {
                    laptop: n,
                    copy: laptop.machine.copy(),
                    known: laptop.known.clone(),
                    epoch: laptop.epoch.clone(),
                });
            }
            Trouble::PutCopyBack => self.put_copy_back(weather),
            Trouble::Clone => self.clone_one(weather, n),
            Trouble::ReplicaCrashes => self.replica_crashes(replica),
            Trouble::BackUpCenter => {
                self.center.back_up();
                self.keep_center();
            }
            Trouble::PutCenterBack => self.put_center_back(),
            Trouble::Cut => self.cut(n, true, true),
            Trouble::CutUp => self.cut(n, true, false),
            Trouble::CutDown => self.cut(n, false, true),
            Trouble::Heal => self.cut(n, false, false),
            Trouble::Clock => {
                let by = CLOCKS_MS[self.draws.below(CLOCKS_MS.len())];
                self.laptops[n].machine.turn_clock(by);
            }
            Trouble::ReplicaClock => self.center.skew(replica, 300_000),
            Trouble::Revoke => self.revoke(),
            Trouble::Stick => self.stick(n),
        }
        let pause = self.draws.between(PAUSE_MS.0, PAUSE_MS.1);
        self.weather_in(pause);
        true
    }

    fn crash(&mut self, n: usize) {
        self.end_program(n);
        self.laptops[n].machine.restart();
        self.up_again(n);
    }

    fn up_again(&mut self, n: usize) {
        self.laptops[n].is_up = true;
        let pause = self.draws.between(1_000, 20_000);
        self.wake_in(n, pause);
    }

    fn cut(&mut self, n: usize, up: bool, down: bool) {
        (self.laptops[n].is_cut_up, self.laptops[n].is_cut_down) = (up, down);
    }

    /// Nobody copies the laptop that is withdrawn.
    fn may_double(&self, n: usize) -> bool {
        self.laptops[n].account != super::REVOKED
    }

    fn put_copy_back(&mut self, weather: &mut Weather<M>) {
        let place = self.draws.below(weather.copies.len());
        let Some(older) = weather.copies.get(place) else {
            return;
        };
        let n = older.laptop;
        if !self.may_double(n) {
            return;
        }
        self.end_program(n);
        weather.n_clones += 1;
        let laptop = &mut self.laptops[n];
        laptop.machine = M::from_copy(&older.copy, 100 + weather.n_clones);
        laptop.known = older.known.clone();
        laptop.epoch.clone_from(&older.epoch);
        laptop.is_double = true;
        self.up_again(n);
    }

    fn clone_one(&mut self, weather: &mut Weather<M>, n: usize) {
        if !self.may_double(n) {
            return;
        }
        weather.n_clones += 1;
        let laptop = &mut self.laptops[n];
        let copy = laptop.machine.copy();
        laptop.is_double = true;
        let (known, epoch) = (laptop.known.clone(), laptop.epoch.clone());
        let (account, token) = (laptop.account, laptop.token.clone());
        let machine = M::from_copy(&copy, 100 + weather.n_clones);
        let new = self.add(machine, account, token);
        let twin = &mut self.laptops[new];
        (twin.known, twin.epoch, twin.is_double) = (known, epoch, true);
        self.up_again(new);
    }

    fn replica_crashes(&mut self, replica: usize) {
        if self.center.is_up(replica) {
            self.center.stop(replica);
        } else {
            self.center.start(replica);
        }
        self.replica_lives[replica] += 1;
    }

    fn keep_center(&mut self) {
        self.center_copy = Some(self.oracle.center.clone());
    }

    fn put_center_back(&mut self) {
        let Some(copy) = self.center_copy.clone() else {
            return;
        };
        let says_so = self.draws.percent(50);
        self.center.put_back(says_so);
        self.oracle.center = copy;
        self.was_put_back = true;
        self.replica_lives.iter_mut().for_each(|life| *life += 1);
    }

    fn revoke(&mut self) {
        self.center.revoke(super::REVOKED);
        for laptop in &mut self.laptops {
            laptop.is_revoked = laptop.account == super::REVOKED;
        }
    }

    /// Somebody carries a study from one laptop to another.
    fn stick(&mut self, to: usize) {
        let from = self.draws.below(self.laptops.len());
        if from == to || self.laptops[from].is_revoked || self.laptops[to].is_revoked {
            return;
        }
        let (stream, _) = self.studies[self.draws.below(self.studies.len())].clone();
        let bundle = self.laptops[from].machine.bundle_out(&stream);
        self.laptops[to].machine.bundle_in(&bundle);
        let edits = self.laptops[from].known.disk.iter();
        let is_of = |id: usize| self.oracle.edits[id].place.stream == stream;
        let brought: Disk = edits
            .filter(|(id, _)| is_of(**id))
            .map(|(id, status)| (*id, *status))
            .collect();
        for (edit, status) in brought {
            self.laptops[to].known.disk.entry(edit).or_insert(status);
        }
    }

    /// The end of all trouble.
    pub(crate) fn calm(&mut self) {
        self.is_calm = true;
        for replica in 0..N_REPLICAS {
            self.center.start(replica);
        }
        for n in 0..self.laptops.len() {
            self.cut(n, false, false);
        }
    }

    /// Runs until nobody has anything left to do.
    pub(crate) fn rest(&mut self) {
        let until = self.t + REST_MS;
        while self.wrong.is_none() {
            if self.laptops.iter().all(|laptop| laptop.n_quiet >= 2) {
                return;
            }
            if self.t > until || self.step().is_none() {
                let busy = self.laptops.iter().enumerate();
                let busy = busy
                    .filter(|(_, laptop)| laptop.n_quiet < 2)
                    .map(|(n, _)| n);
                let busy: Vec<usize> = busy.collect();
                self.fail(format!("laptops {busy:?} do not come to rest"));
            }
        }
    }

    /// Compares everything with everything.
    pub(crate) fn compare(&mut self) {
        let center = self.oracle.center_disk();
        let carried: Vec<_> = self.oracle.center.values().flatten().collect();
        if carried.iter().filter(|(_, edit, _)| edit.is_some()).count() != center.len() {
            return self.fail("an edit stands twice at the center".to_owned());
        }
        let laptops = self.laptops.iter().map(|laptop| &laptop.known.disk);
        let survivors: BTreeSet<usize> = laptops.flat_map(|disk| disk.keys().copied()).collect();
        if let Some(lost) = survivors.iter().find(|edit| !center.contains_key(edit)) {
            let lost = &self.oracle.edits[*lost];
            let what = format!("{:?} {} never came to the center", lost.place, lost.value);
            return self.fail(what);
        }
        let mut digest = None;
        for n in 0..self.laptops.len() {
            if let Err(wrong) = self.laptops[n].machine.verify() {
                return self.fail(format!("laptop {n} does not verify: {wrong}"));
            }
            self.compare_one(n, &center);
            if !self.laptops[n].is_revoked && self.wrong.is_none() {
                let own = self.laptops[n].machine.digest();
                self.note(format_args!("{n} {own}"));
                if *digest.get_or_insert_with(|| own.clone()) != own {
                    self.fail(format!("laptop {n} differs from the others"));
                }
            }
        }
    }

    fn compare_one(&mut self, n: usize, center: &Disk) {
        for (stream, entities) in self.studies.clone() {
            for (entity, field) in entities
                .iter()
                .flat_map(|e| M::FIELDS.iter().map(move |f| (e, *f)))
            {
                if !self.shows_right(n, &Place::new(&stream, entity, field)) {
                    return;
                }
            }
            if self.laptops[n].is_revoked {
                continue;
            }
            let list = self.oracle.center.get(&stream).cloned().unwrap_or_default();
            let mut held = self.laptops[n].machine.held(&stream);
            held.sort_by_key(|held| held.sseq);
            let must = list
                .iter()
                .enumerate()
                .map(|(n, (id, _, status))| super::machine::Held {
                    id: id.clone(),
                    sseq: Some(n as u64 + 1),
                    status: *status,
                });
            if held != must.collect::<Vec<_>>() {
                return self.fail(format!(
                    "laptop {n} does not hold {stream} as the center does"
                ));
            }
            let states = self.laptops[n].machine.streams().expect("the store works");
            let cursor = states.iter().find(|state| state.stream == stream);
            if cursor.map(|state| state.cursor) != Some(list.len() as u64) {
                return self.fail(format!("the cursor of laptop {n} is wrong"));
            }
        }
        if !self.laptops[n].is_revoked && self.laptops[n].known.disk != *center {
            self.fail(format!("laptop {n} was not given what the center has"));
        }
    }
}

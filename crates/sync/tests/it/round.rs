//! A contact with centers that make no sense: it ends, and nothing wrong is stored.

use ledger::{Commit, DeviceKey, Frame, Hash, Op, OpValue};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::convert::Infallible;
use sync::wire::{Disbelief, Envelope, Item, Me, PageHead, Pushed, Readable, Taken};
use sync::{
    Accepted, Ask, Confirmed, Failure, Note, Offline, Page, Problem, Replica, Reply, Round, Status,
    Step, StreamState, digest,
};

const STUDY: &str = "s1";

/// Frames of one device, in order.
fn frames(n: u64) -> Vec<Frame> {
    let key = DeviceKey::from_secret(&[5; 32]);
    let mut prev = None;
    let frame = |seq| {
        let v = OpValue::Inline(Value::from(seq));
        let (e, k, f) = ("e1".into(), "study".into(), "phase".into());
        let op = Op {
            e,
            k,
            f,
            p: Vec::new(),
            saw: Vec::new(),
            v,
            extra: Map::new(),
        };
        let commit = Commit {
            stream: STUDY.into(),
            dev: key.id(),
            key: (seq == 1).then(|| key.public().to_text()),
            seq,
            prev: prev.clone(),
            deps: BTreeMap::new(),
            lam: seq,
            at: "2026-11-23T06:12:33.123Z".into(),
            tz_minutes: 0,
            skew_ms: None,
            by: "p-1".into(),
            role: None,
            app: "0.1.0".into(),
            schema: 1,
            why: None,
            src: None,
            re: None,
            adopts: None,
            ops: vec![op],
            extra: Map::new(),
        };
        let frame = Frame::seal(&commit, Vec::new(), &key).unwrap();
        prev = Some(frame.id());
        frame
    };
    (1..=n).map(frame).collect()
}

/// A laptop that counts what is done to it.
#[derive(Default)]
struct Shelf {
    outbox: Vec<Frame>,
    cursor: u64,
    confirmed: u64,
    stored: Vec<Hash>,
    n_confirmed: usize,
    n_forks: usize,
    n_rewinds: usize,
    can_rewind: bool,
    /// What waits again after a rewind.
    log: Vec<Frame>,
    /// Confirmations have no effect, as if the store lied.
    forgets: bool,
    /// Nothing can be read.
    refuses: bool,
    /// Another commit stands here in place of the page's first, until it is sent again.
    clashes: bool,
}

impl Replica for Shelf {
    type Error = Infallible;

    fn streams(&mut self) -> Result<Vec<StreamState>, Infallible> {
        let (stream, cursor, waiting) = (STUDY.to_owned(), self.cursor, self.outbox.len() as u64);
        Ok(vec![StreamState {
            stream,
            cursor,
            confirmed: self.confirmed,
            waiting,
            digest: None,
        }])
    }

    fn outbox(&mut self, _: &str, n: usize, _: usize) -> Result<Vec<Frame>, Infallible> {
        Ok(self.outbox.iter().take(n).cloned().collect())
    }

    fn confirm(&mut self, _: &str, confirmed: &[Confirmed]) -> Result<(), Infallible> {
        self.n_confirmed += confirmed.len();
        if !self.forgets {
            self.outbox.drain(..confirmed.len());
        }
        Ok(())
    }

    fn accept(&mut self, _: &str, page: Page) -> Result<Accepted, Infallible> {
        assert_eq!(
            (page.from, page.to),
            (self.cursor, self.cursor + page.pulled.len() as u64)
        );
        if self.refuses || self.clashes {
            return Ok(Accepted {
                is_fork: self.clashes,
                n_problems: 1,
                ..Accepted::default()
            });
        }
        self.cursor = page.to;
        for pulled in page.pulled {
            self.outbox.retain(|frame| frame.id() != pulled.frame.id());
            self.stored.push(pulled.frame.id());
        }
        Ok(Accepted {
            n: 1,
            ..Accepted::default()
        })
    }

    fn fork(&mut self, _: &str) -> Result<(), Infallible> {
        self.n_forks += 1;
        Ok(())
    }

    fn subscribe(&mut self, _: &str) -> Result<(), Infallible> {
        Ok(())
    }

    fn rewind(&mut self, _: &str) -> Result<bool, Infallible> {
        self.n_rewinds += 1;
        if self.can_rewind {
            (self.cursor, self.confirmed, self.clashes) = (0, 0, false);
            if !self.log.is_empty() {
                self.outbox.clone_from(&self.log);
            }
        }
        Ok(self.can_rewind)
    }
}

fn center() -> Envelope {
    Envelope {
        protocol: 1,
        epoch: "e".into(),
        capabilities: Vec::new(),
        now_ms: 0,
    }
}

fn me(head: u64) -> Me {
    let digest = "?".to_owned();
    let streams = vec![Readable {
        stream: STUDY.into(),
        role: "pi".into(),
        head,
        digest,
    }];
    let (user, name, mark) = ("u".into(), "n".into(), "m".into());
    Me {
        center: center(),
        user,
        name,
        revoked: false,
        streams,
        mark,
        years: Vec::new(),
    }
}

/// A right page of the first commits.
fn page(frames: &[Frame]) -> PageHead {
    let from = digest::start(STUDY);
    let to = frames
        .iter()
        .fold(from.clone(), |d, frame| digest::next(&d, &frame.id()));
    let item = |sseq| Item {
        sseq,
        received_at: "t".into(),
        status: Status::Accepted,
        receipt: String::new(),
    };
    let n = frames.len() as u64;
    PageHead {
        center: center(),
        stream: STUDY.into(),
        from: 0,
        to: n,
        head: n,
        from_digest: from.as_str().into(),
        digest: to.as_str().into(),
        items: (1..=n).map(item).collect(),
    }
}

fn pushed(frames: &[Frame]) -> Pushed {
    let taken = frames.iter().zip(1..).map(|(frame, sseq)| {
        let commit = frame.parse_commit().unwrap();
        let (received_at, status) = ("t".into(), Status::Accepted);
        Taken {
            dev: commit.dev,
            seq: commit.seq,
            sseq,
            received_at,
            status,
            receipt: String::new(),
        }
    });
    let (stream, head, digest) = (STUDY.into(), 0, "?".into());
    Pushed {
        center: center(),
        stream,
        head,
        digest,
        taken: taken.collect(),
    }
}

/// Runs a contact with a center that always answers so; at most 100 requests are asked.
fn contact(shelf: &mut Shelf, mut answer: impl FnMut(&Ask) -> Reply) -> (Vec<Note>, usize) {
    let mut round = Round::new("e");
    for n in 0..100 {
        let Step::Ask(ask) = round.step() else {
            return (round.finish(shelf).unwrap().notes, n);
        };
        let reply = answer(&ask);
        round.reply(shelf, reply).unwrap();
    }
    panic!("the contact does not end");
}

#[test]
fn a_right_page_is_stored_and_a_wrong_one_is_not() {
    let all = frames(3);
    let right = page(&all);
    let mut wrong: Vec<(PageHead, Vec<Frame>)> = vec![
        (
            PageHead {
                stream: "s2".into(),
                ..right.clone()
            },
            all.clone(),
        ),
        (
            PageHead {
                from: 1,
                ..right.clone()
            },
            all.clone(),
        ),
        (
            PageHead {
                to: 4,
                ..right.clone()
            },
            all.clone(),
        ),
        (
            PageHead {
                to: u64::MAX,
                head: u64::MAX,
                ..right.clone()
            },
            all.clone(),
        ),
        (
            PageHead {
                head: 2,
                ..right.clone()
            },
            all.clone(),
        ),
        (
            PageHead {
                from_digest: "sha256:0".into(),
                ..right.clone()
            },
            all.clone(),
        ),
        (
            PageHead {
                digest: right.from_digest.clone(),
                ..right.clone()
            },
            all.clone(),
        ),
        (
            PageHead {
                items: Vec::new(),
                ..right.clone()
            },
            all.clone(),
        ),
        (
            PageHead {
                items: Vec::new(),
                to: 0,
                ..right.clone()
            },
            Vec::new(),
        ),
        (right.clone(), all[..2].to_vec()),
        (
            right.clone(),
            vec![all[1].clone(), all[0].clone(), all[2].clone()],
        ),
        (right.clone(), Vec::new()),
    ];
    let mut gap = right.clone();
    gap.items[1].sseq = 3;
    wrong.push((gap, all.clone()));
    for (head, frames) in wrong {
        let mut shelf = Shelf::default();
        let (notes, _) = contact(&mut shelf, |ask| match ask {
            Ask::Me => Reply::Me(me(3)),
            _ => Reply::Page(head.clone(), frames.clone()),
        });
        assert_eq!(
            (notes, shelf.cursor),
            (vec![Note::ServerError], 0),
            "{head:?}"
        );
        assert!(shelf.stored.is_empty());
    }
    let mut shelf = Shelf::default();
    let (notes, n) = contact(&mut shelf, |ask| match ask {
        Ask::Me => Reply::Me(me(3)),
        _ => Reply::Page(right.clone(), all.clone()),
    });
    assert_eq!(
        (notes, n, shelf.cursor, shelf.stored.len()),
        (vec![], 2, 3, 3)
    );
}

#[test]
fn a_confirmation_of_something_else_confirms_nothing() {
    let all = frames(3);
    let right = pushed(&all);
    let with = |change: fn(&mut Pushed)| {
        let mut other = right.clone();
        change(&mut other);
        other
    };
    let wrong = [
        with(|p| p.stream = "s2".into()),
        with(|p| p.taken.clear()),
        with(|p| p.taken.swap(0, 1)),
        with(|p| p.taken[2].seq = 9),
        with(|p| p.taken[0].dev = "sha256:0".into()),
        with(|p| p.taken.push(p.taken[0].clone())),
    ];
    for answer in wrong {
        let mut shelf = Shelf {
            outbox: all.clone(),
            ..Shelf::default()
        };
        let (notes, _) = contact(&mut shelf, |ask| match ask {
            Ask::Me => Reply::Me(me(0)),
            _ => Reply::Pushed(answer.clone()),
        });
        assert_eq!(
            (notes, shelf.n_confirmed),
            (vec![Note::ServerError], 0),
            "{answer:?}"
        );
    }
    let mut shelf = Shelf {
        outbox: all.clone(),
        forgets: true,
        ..Shelf::default()
    };
    let (notes, n) = contact(&mut shelf, |ask| match ask {
        Ask::Me => Reply::Me(me(0)),
        _ => Reply::Pushed(right.clone()),
    });
    assert_eq!(
        (notes, n, shelf.n_confirmed),
        (vec![Note::ServerError], 2, 3)
    );
}

#[test]
fn a_center_that_never_gives_in_is_left_alone() {
    let dep = |dev: &str, seq| Problem::Dep {
        dev: dev.into(),
        seq,
    };
    let own = DeviceKey::from_secret(&[5; 32]).id();
    let cases = [
        (
            Problem::Fork { seq: 1, hash: None },
            Note::ServerError,
            (32, 0),
            35,
        ),
        (Problem::Gap { have: 0 }, Note::Diverged, (0, 3), 5),
        (dep("sha256:0", 1), Note::WaitsForOther, (0, 0), 2),
        // Two of three commits do not wait, then one, then none.
        (dep(&own, 3), Note::WaitsForOther, (0, 0), 3),
        (Problem::TooLarge, Note::TooLarge, (0, 0), 3),
        (Problem::NotMember, Note::NoAccess(1), (0, 0), 2),
        (Problem::UnknownDevice, Note::UnknownDevice, (0, 0), 2),
        (
            Problem::Refused {
                idx: 0,
                why: Disbelief::Author,
            },
            Note::Refused(Disbelief::Author),
            (0, 0),
            2,
        ),
        (Problem::Busy { retry_after_ms: 9 }, Note::Busy, (0, 0), 2),
        (Problem::Other, Note::ServerError, (0, 0), 2),
    ];
    for (problem, note, done, n_asked) in cases {
        let mut shelf = Shelf {
            outbox: frames(3),
            can_rewind: true,
            ..Shelf::default()
        };
        let (notes, n) = contact(&mut shelf, |ask| match ask {
            Ask::Me => Reply::Me(me(0)),
            _ => Reply::Failed(Failure::Refused(problem.clone())),
        });
        assert_eq!(notes.first(), Some(&note), "{problem:?}");
        assert_eq!(
            ((shelf.n_forks, shelf.n_rewinds), n),
            (done, n_asked),
            "{problem:?}"
        );
        assert_eq!(
            (shelf.outbox.len(), shelf.n_confirmed),
            (3, 0),
            "{problem:?}"
        );
    }
}

#[test]
fn f31_what_stands_before_a_taken_number_is_confirmed_and_not_issued_again() {
    let mut shelf = Shelf {
        outbox: frames(4),
        ..Shelf::default()
    };
    let mut sizes = Vec::new();
    // The third place is taken, until the laptop has another identity.
    let (notes, _) = contact(&mut shelf, |ask| {
        let Ask::Push { frames, .. } = ask else {
            return Reply::Me(me(0));
        };
        sizes.push(frames.len());
        let is_it = |frame: &Frame| frame.parse_commit().unwrap().seq == 3;
        if sizes.len() < 5 && frames.iter().any(is_it) {
            return Reply::Failed(Failure::Refused(Problem::Fork { seq: 3, hash: None }));
        }
        Reply::Pushed(pushed(frames))
    });
    assert_eq!(sizes, [4, 2, 2, 1, 1, 1]);
    let done = (notes, shelf.n_forks, shelf.n_confirmed);
    assert_eq!(done, (vec![Note::ForkHealed], 1, 4));
}

#[test]
fn a_center_that_is_put_back_while_it_is_asked_is_sent_what_it_lost() {
    let all = frames(3);
    let mut shelf = Shelf {
        cursor: 2,
        can_rewind: true,
        ..Shelf::default()
    };
    let mut n_pulls = 0;
    let (notes, _) = contact(&mut shelf, |ask| match ask {
        Ask::Me => Reply::Me(me(3)),
        Ask::Push { .. } => panic!("nothing waits"),
        Ask::Pull { after, .. } => {
            n_pulls += 1;
            let head = match after {
                0 => page(&all[..1]),
                _ => PageHead {
                    from: 1,
                    to: 1,
                    ..page(&all[..1])
                },
            };
            Reply::Page(head, all[..1].to_vec())
        }
    });
    assert_eq!((notes, n_pulls), (vec![Note::Restored], 2));
    assert_eq!((shelf.n_rewinds, shelf.cursor), (1, 1));
}

#[test]
fn what_was_announced_and_is_not_there_any_more_is_no_fault() {
    let mut shelf = Shelf {
        cursor: 1,
        ..Shelf::default()
    };
    let (notes, n) = contact(&mut shelf, |ask| match ask {
        Ask::Me => Reply::Me(me(2)),
        _ => Reply::Page(
            PageHead {
                from: 1,
                items: Vec::new(),
                ..page(&frames(1))
            },
            Vec::new(),
        ),
    });
    assert_eq!((notes, n, shelf.cursor), (vec![], 2, 1));
}

#[test]
fn f61_a_center_that_lost_what_it_confirmed_above_the_cursor_is_sent_it_again() {
    let all = frames(3);
    let mut shelf = Shelf {
        cursor: 1,
        confirmed: 3,
        can_rewind: true,
        ..Shelf::default()
    };
    let (notes, _) = contact(&mut shelf, |ask| match ask {
        Ask::Me => Reply::Me(me(2)),
        Ask::Push { .. } => panic!("nothing waits"),
        Ask::Pull { after, .. } => {
            assert_eq!(*after, 0);
            Reply::Page(page(&all[..2]), all[..2].to_vec())
        }
    });
    assert_eq!((notes, shelf.n_rewinds), (vec![Note::Restored], 1));
}

/// The center was put back, and a copy of this laptop came first with other commits under the same
/// numbers: what it confirmed here is handed in again and makes room, instead of standing in the way
/// for ever.
#[test]
fn f61_another_commit_in_place_of_a_confirmed_one_begins_the_stream_anew() {
    let all = frames(2);
    let shelf = |can_rewind| Shelf {
        confirmed: 2,
        log: all.clone(),
        clashes: true,
        can_rewind,
        ..Shelf::default()
    };
    let answer = |ask: &Ask| match ask {
        Ask::Me => Reply::Me(me(2)),
        Ask::Push { frames, .. } => Reply::Pushed(pushed(frames)),
        Ask::Pull { .. } => Reply::Page(page(&all), all.clone()),
    };
    let mut anew = shelf(true);
    let (notes, n) = contact(&mut anew, answer);
    let done = (notes, anew.n_rewinds, anew.n_confirmed);
    assert_eq!(done, (vec![Note::Restored], 1, 2));
    assert!(n < 8, "{n} requests");
    let mut stuck = shelf(false);
    let (notes, n) = contact(&mut stuck, answer);
    assert!(notes.contains(&Note::Unreadable(1)) && n < 8, "{notes:?}");
}

#[test]
fn f61_a_center_that_is_put_back_again_meanwhile_is_sent_everything_again() {
    let mut shelf = Shelf {
        cursor: 3,
        confirmed: 3,
        log: frames(3),
        can_rewind: true,
        ..Shelf::default()
    };
    let mut sizes = Vec::new();
    let (notes, _) = contact(&mut shelf, |ask| {
        let Ask::Push { frames, .. } = ask else {
            return Reply::Me(me(0));
        };
        sizes.push(frames.len());
        match sizes.len() {
            1 => Reply::Failed(Failure::Refused(Problem::TooLarge)),
            // What it took a moment ago is gone.
            3 => Reply::Failed(Failure::Refused(Problem::Gap { have: 0 })),
            _ => Reply::Pushed(pushed(frames)),
        }
    });
    assert_eq!((notes, sizes), (vec![Note::Restored], vec![3, 1, 2, 3]));
    assert_eq!((shelf.n_rewinds, shelf.outbox.len()), (2, 0));
}

#[test]
fn a_contact_ends_where_the_network_ends() {
    let failures = [
        (Failure::Offline(Offline::Timeout), Note::Offline),
        (Failure::Garbled, Note::Offline),
        (Failure::Portal, Note::Portal),
        (Failure::Pin, Note::Pin),
        (Failure::Upgrade, Note::Upgrade),
        (Failure::Nonsense, Note::ServerError),
    ];
    for (failure, note) in failures {
        for place in 0..3 {
            let all = frames(2);
            let mut shelf = Shelf {
                outbox: all.clone(),
                ..Shelf::default()
            };
            let mut n = 0;
            let (notes, n_asked) = contact(&mut shelf, |ask| {
                n += 1;
                match ask {
                    _ if n > place => Reply::Failed(failure.clone()),
                    Ask::Me => Reply::Me(me(0)),
                    Ask::Push { frames, .. } => Reply::Pushed(Pushed {
                        head: 2,
                        ..pushed(frames)
                    }),
                    Ask::Pull { .. } => Reply::Page(page(&all), all.clone()),
                }
            });
            assert_eq!(
                (notes, n_asked),
                (vec![note.clone()], place + 1),
                "{failure:?} {place}"
            );
        }
    }
}

#[test]
fn a_reply_after_the_end_changes_nothing() {
    let mut shelf = Shelf::default();
    let mut round = Round::new("e");
    assert_eq!(round.step(), Step::Ask(Ask::Me));
    assert_eq!(round.reply(&mut shelf, Reply::Me(me(0))), Ok(Step::Done));
    let all = frames(2);
    assert_eq!(
        round.reply(&mut shelf, Reply::Page(page(&all), all)),
        Ok(Step::Done)
    );
    assert!(shelf.stored.is_empty());
}

#[test]
fn own_commits_that_follow_the_cursor_are_not_fetched_again() {
    let all = frames(3);
    let mut shelf = Shelf {
        outbox: all.clone(),
        ..Shelf::default()
    };
    let end = page(&all).digest;
    let (notes, n) = contact(&mut shelf, |ask| match ask {
        Ask::Me => Reply::Me(me(0)),
        _ => Reply::Pushed(Pushed {
            head: 3,
            digest: end.clone(),
            ..pushed(&all)
        }),
    });
    assert_eq!(
        (notes, n, shelf.cursor, shelf.stored.len()),
        (vec![], 2, 3, 3)
    );
    // Somebody else's commit stands between: everything after the cursor is fetched.
    let mut shelf = Shelf {
        outbox: all[1..].to_vec(),
        ..Shelf::default()
    };
    let mut later = pushed(&all);
    later.taken.remove(0);
    let (notes, n) = contact(&mut shelf, |ask| match ask {
        Ask::Me => Reply::Me(me(0)),
        Ask::Push { .. } => Reply::Pushed(Pushed {
            head: 3,
            ..later.clone()
        }),
        Ask::Pull { .. } => Reply::Page(page(&all), all.clone()),
    });
    assert_eq!(
        (notes, n, shelf.cursor, shelf.n_confirmed),
        (vec![], 3, 3, 2)
    );
}

#[test]
fn a_page_that_cannot_be_read_to_its_end_is_not_skipped() {
    let all = frames(3);
    let mut shelf = Shelf {
        refuses: true,
        ..Shelf::default()
    };
    let (notes, n) = contact(&mut shelf, |ask| match ask {
        Ask::Me => Reply::Me(me(9)),
        _ => Reply::Page(
            PageHead {
                head: 9,
                ..page(&all)
            },
            all.clone(),
        ),
    });
    assert_eq!((notes, n, shelf.cursor), (vec![Note::Unreadable(1)], 2, 0));
}

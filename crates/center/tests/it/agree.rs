//! The center's tables and the ledger's definition agree on what may follow what.

use crate::bench::{Around, sqlite};
use crate::laptop::Laptop;
use center::admit::believe;
use center::store::{
    Asker, Batch, Enrolment, Invitation, MemberChange, MemberOrder, People, Session,
};
use center::{Role, SqliteStore, Store, StoreError};
use ledger::{Arrival, Chain, ChainError, Commit, DeviceKey, Frame, Hash, Op, OpId, OpValue};
use serde_json::{Map, Value};
use sync::wire::{Disbelief, Problem};
use tempfile::TempDir;

const STUDY: &str = "s1";
const N_TRIES: usize = 1500;

fn enrol(store: &SqliteStore, laptop: &Laptop, n: usize) -> Session {
    let (handle, name) = (format!("A{n}"), format!("Person {n}"));
    let (hash, token_hash) = (Hash::of(b"secret"), Hash::of(name.as_bytes()));
    let new_user = format!("u{n}");
    let (secret_hash, now_ms) = (&hash, 1);
    let invitation = Invitation {
        by: Asker::Operator,
        name: &name,
        role: None,
        new_user: &new_user,
        handle: &handle,
        secret_hash,
        now_ms,
    };
    assert!(store.invite(&invitation).unwrap());
    store.begin_enrolment(&handle, "challenge", 1).unwrap();
    store
        .finish_enrolment(&Enrolment {
            handle: &handle,
            secret_hash,
            challenge: "challenge",
            dev: &laptop.id(),
            key: &laptop.key.public().to_text(),
            person: &laptop.person,
            name: &name,
            sig: "",
            token_hash: &token_hash,
            now_ms,
        })
        .unwrap()
}

/// A commit that is right, or wrong in one of the ways that the rules name.
fn invent(draws: &Around, chain: &Chain, author: &Laptop, others: &[Laptop]) -> Commit {
    let other = others[draws.below(others.len() as u64) as usize].id();
    let dev = author.id();
    let mut deps = chain.deps_for(&dev);
    if draws.below(3) == 0 {
        deps.retain(|_, _| draws.below(2) == 0);
    }
    let seen = if draws.below(2) == 0 {
        chain.newest(&other)
    } else {
        1 + draws.below(30)
    };
    let p = match draws.below(3) {
        0 => Vec::new(),
        _ if other == dev => Vec::new(),
        _ => vec![OpId {
            dev: other.clone(),
            seq: seen.max(1),
            idx: 0,
        }],
    };
    let v = OpValue::Inline(Value::from(draws.below(100)));
    let op = Op {
        e: "e".into(),
        k: "k".into(),
        f: "f".into(),
        p,
        saw: Vec::new(),
        v,
        extra: Map::new(),
    };
    let mut commit = author.draft(STUDY, vec![op], None);
    commit.seq = chain.newest(&dev) + 1;
    commit.prev = chain.tip(&dev).cloned();
    commit.lam = chain.next_lam();
    commit.deps = deps;
    match draws.below(12) {
        0 => commit.seq += 1 + draws.below(3),
        1 if commit.seq > 1 => commit.seq -= 1,
        2 => commit.prev = Some(Hash::of(b"else")),
        3 if other != dev => {
            commit
                .deps
                .insert(other, chain.newest(&author.id()) + draws.below(5) + 1);
        }
        4 => commit.lam += draws.below(4),
        5 => commit.lam = commit.lam.saturating_sub(1 + draws.below(6)).max(1),
        _ => {}
    }
    if commit.seq == 1 {
        commit.prev = None;
    } else if commit.prev.is_none() {
        commit.prev = Some(Hash::of(b"something"));
    }
    commit.key = (commit.seq == 1).then(|| author.key.public().to_text());
    commit
}

/// The ledger's verdict in the center's words.
fn verdict(of: Result<Arrival, ChainError>) -> Result<(), Problem> {
    match of {
        Ok(_) => Ok(()),
        Err(ChainError::Gap { have }) => Err(Problem::Gap { have }),
        Err(ChainError::Dep { dev, seq }) => Err(Problem::Dep { dev, seq }),
        Err(ChainError::Fork { seq }) => Err(Problem::Fork { seq, hash: None }),
        Err(_) => Err(Problem::Refused {
            idx: 0,
            why: Disbelief::Chain,
        }),
    }
}

fn without_hash(problem: Problem) -> Problem {
    match problem {
        Problem::Fork { seq, .. } => Problem::Fork { seq, hash: None },
        other => other,
    }
}

#[test]
fn the_center_takes_what_the_ledger_allows_and_nothing_else() {
    let dir = TempDir::new_in("/dev/shm")
        .or_else(|_| TempDir::new())
        .unwrap();
    let store = sqlite(dir.path());
    let draws = Around::new(11);
    let center_key = DeviceKey::from_secret(&[9; 32]);
    let laptops: Vec<Laptop> = (0..3)
        .map(|n| Laptop::new(n + 1, &format!("p-{n}")))
        .collect();
    let sessions: Vec<Session> = laptops
        .iter()
        .enumerate()
        .map(|(n, laptop)| enrol(&store, laptop, n))
        .collect();
    let mut chain = Chain::default();
    let (mut n_taken, mut n_refused) = (0, [0; 4]);
    for n in 0..N_TRIES {
        // Whoever writes first opens the study; then the others are let in.
        let who = if n_taken == 0 {
            0
        } else {
            draws.below(3) as usize
        };
        let commit = invent(&draws, &chain, &laptops[who], &laptops);
        let Ok(bytes) = commit.to_bytes() else {
            continue;
        };
        let id = Hash::of(&bytes);
        let frame = Frame {
            sig: laptops[who].key.sign(&id),
            commit: bytes,
            payloads: Vec::new(),
        };
        let expected = verdict(chain.check(&commit, &id));
        let session = sessions[who].clone();
        let pushed = believe(&store, &session, STUDY, vec![frame]).and_then(|commits| {
            let stream = STUDY.to_owned();
            store.push(&Batch {
                stream,
                session,
                commits,
                now_ms: 2,
            })
        });
        let got = match pushed {
            Ok(_) => Ok(()),
            Err(StoreError::Refused(problem)) => Err(without_hash(problem)),
            Err(other) => panic!("{other}"),
        };
        assert_eq!(got, expected, "try {n}: {commit:?}");
        match got {
            Ok(()) => {
                chain.admit(&commit, &id).unwrap();
                n_taken += 1;
            }
            Err(Problem::Gap { .. }) => n_refused[0] += 1,
            Err(Problem::Fork { .. }) => n_refused[1] += 1,
            Err(Problem::Dep { .. }) => n_refused[2] += 1,
            Err(_) => n_refused[3] += 1,
        }
        if n_taken == 1 {
            for name in ["Person 1", "Person 2"] {
                let order = MemberOrder {
                    stream: STUDY,
                    asker: Asker::Operator,
                    changes: &[MemberChange {
                        account: name.to_owned(),
                        role: Some(Role::Pi),
                    }],
                    why: None,
                    now_ms: 1,
                };
                store.change_members(&order, &center_key).unwrap();
            }
        }
    }
    // Every kind of refusal was really tried.
    assert!(
        n_taken > 100 && n_refused.iter().all(|n| *n > 20),
        "{n_taken} {n_refused:?}"
    );
}

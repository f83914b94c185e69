//! An enrolled laptop that means harm, and strangers: refused, and nobody else notices.

use crate::bench::{Bench, bench};
use crate::laptop::Laptop;
use center::SqliteStore;
use ledger::{Commit, DeviceKey, Frame, Hash, Op, OpId, OpValue};
use serde_json::{Map, Value, json};
use sync::exchange::{Call, Failure, ask};
use sync::wire::{Disbelief, Me, Pushed};
use sync::{CenterLink, Problem, body};

const STUDY: &str = "s1";

struct Attack {
    bench: Bench<SqliteStore>,
    honest: Laptop,
    honest_link: CenterLink,
    bad: Laptop,
    bad_link: CenterLink,
}

/// Two members of one study, one of whom means harm.
async fn attack() -> Attack {
    let bench = bench().await;
    let (mut honest, mut bad) = (Laptop::new(1, "p-li"), Laptop::new(2, "p-bad"));
    let honest_link = bench.enrol(&honest, "Li Ming").await;
    let bad_link = bench.enrol(&bad, "Bad").await;
    honest.set(STUDY, "phase", "PHASE1");
    bench.sync(&mut honest, &honest_link).await;
    bench.grant(STUDY, "Bad", center::Role::Coordinator);
    bench.sync(&mut bad, &bad_link).await;
    Attack {
        bench,
        honest,
        honest_link,
        bad,
        bad_link,
    }
}

fn op(field: &str, p: Vec<OpId>) -> Op {
    let v = OpValue::Inline(Value::from("x"));
    let (e, k, f) = ("e1".into(), "study".into(), field.into());
    Op {
        e,
        k,
        f,
        p,
        saw: Vec::new(),
        v,
        extra: Map::new(),
    }
}

/// A frame whatever the commit says, signed by a key.
fn signed(commit: &Commit, key: &DeviceKey) -> Frame {
    let commit = commit.to_bytes().unwrap();
    let sig = key.sign(&Hash::of(&commit));
    Frame {
        commit,
        sig,
        payloads: Vec::new(),
    }
}

impl Attack {
    async fn post(&self, stream: &str, body: Vec<u8>) -> Result<Pushed, Failure> {
        let http = self.bench.http(&self.bad_link);
        let path = format!("/v1/sync/{stream}/push");
        let call = Call::post_frames(path, &self.bad_link.token, body);
        ask(&http, &self.bench.pin(), call, &*self.bench.around)
            .await?
            .message()
    }

    async fn push(&self, frames: &[Frame]) -> Result<Pushed, Failure> {
        self.post(STUDY, body::pack_frames(frames)).await
    }

    async fn refuses(&self, frames: &[Frame], problem: Problem) {
        let answer = self.push(frames).await;
        assert_eq!(answer, Err(Failure::Refused(problem)));
    }

    /// Nothing was taken, and the honest laptop goes on.
    async fn unharmed(mut self) {
        let before = self.honest.digest();
        assert_eq!(
            self.bench.sync(&mut self.honest, &self.honest_link).await,
            (0, 0)
        );
        assert_eq!(self.honest.digest(), before);
        self.honest.set(STUDY, "phase", "PHASE2");
        assert_eq!(
            self.bench.sync(&mut self.honest, &self.honest_link).await,
            (1, 0)
        );
        self.bench.sync(&mut self.bad, &self.bad_link).await;
        assert_eq!(self.honest.digest(), self.bad.digest());
    }
}

fn disbelief(why: Disbelief) -> Problem {
    Problem::Refused { idx: 0, why }
}

#[tokio::test(flavor = "multi_thread")]
async fn f80_commits_that_are_not_to_be_believed_are_refused() {
    let a = attack().await;
    let draft = || a.bad.draft(STUDY, vec![op("phase", Vec::new())], None);
    // Another author.
    let forged = Commit {
        by: "p-li".into(),
        ..draft()
    };
    a.refuses(&[signed(&forged, &a.bad.key)], disbelief(Disbelief::Author))
        .await;
    // Another laptop's name, signed by this one.
    let other = a.honest.draft(STUDY, vec![op("phase", Vec::new())], None);
    a.refuses(
        &[signed(&other, &a.bad.key)],
        disbelief(Disbelief::Signature),
    )
    .await;
    // A laptop that nobody enrolled, under one's own name and under another's.
    let nobody = Laptop::new(77, "p-li");
    let stranger = nobody.draft("s1", vec![op("phase", Vec::new())], None);
    let stranger = signed(&stranger, &nobody.key);
    a.refuses(
        &[stranger],
        Problem::Dep {
            dev: nobody.id(),
            seq: 1,
        },
    )
    .await;
    // A signature of something else, and one by another key.
    let mut spoiled = signed(&draft(), &a.bad.key);
    spoiled.sig = a.bad.key.sign(&Hash::of(b"something else"));
    a.refuses(&[spoiled], disbelief(Disbelief::Signature)).await;
    a.refuses(
        &[signed(&draft(), &a.honest.key)],
        disbelief(Disbelief::Signature),
    )
    .await;
    // Another study's commit.
    let elsewhere = Commit {
        stream: "s2".into(),
        ..draft()
    };
    a.refuses(
        &[signed(&elsewhere, &a.bad.key)],
        disbelief(Disbelief::Stream),
    )
    .await;
    // Changed after signing: the same bytes but for one letter.
    let mut frame = signed(&draft(), &a.bad.key);
    let place = frame
        .commit
        .windows(3)
        .position(|three| three == b"\"x\"")
        .unwrap();
    frame.commit[place + 1] = b'y';
    a.refuses(&[frame], disbelief(Disbelief::Signature)).await;
    // Not a commit at all.
    for bytes in [
        &b"{}"[..],
        b"[]",
        b"",
        b"{\"v\":1}",
        b"\xff\xfe",
        b"{\"v\": 1}",
    ] {
        let sig = a.bad.key.sign(&Hash::of(bytes));
        let frame = Frame {
            commit: bytes.to_vec(),
            sig,
            payloads: Vec::new(),
        };
        a.refuses(&[frame], disbelief(Disbelief::Commit)).await;
    }
    a.unharmed().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f80_chains_are_kept() {
    let a = attack().await;
    let draft = || a.bad.draft(STUDY, vec![op("phase", Vec::new())], None);
    let prev = Some(Hash::of(b"nothing"));
    // A gap, a wrong predecessor, a missing dependency.
    let gap = Commit {
        seq: 5,
        prev: prev.clone(),
        key: None,
        ..draft()
    };
    a.refuses(&[signed(&gap, &a.bad.key)], Problem::Gap { have: 0 })
        .await;
    let mut missing = draft();
    missing
        .deps
        .insert(Hash::of(b"nobody").as_str().to_owned(), 3);
    let dep = Problem::Dep {
        dev: Hash::of(b"nobody").as_str().to_owned(),
        seq: 3,
    };
    a.refuses(&[signed(&missing, &a.bad.key)], dep).await;
    // A Lamport number out of nowhere would push everybody's above what can be written.
    let high = Commit {
        lam: 1 << 52,
        ..draft()
    };
    a.refuses(&[signed(&high, &a.bad.key)], disbelief(Disbelief::Chain))
        .await;
    // Replaces what its author, by its own account, has not seen.
    let honest_op = OpId {
        dev: a.honest.id(),
        seq: 1,
        idx: 0,
    };
    let unseen = Commit {
        deps: Default::default(),
        lam: 1,
        ops: vec![op("phase", vec![honest_op])],
        ..draft()
    };
    a.refuses(&[signed(&unseen, &a.bad.key)], disbelief(Disbelief::Chain))
        .await;
    // All or nothing: a good one before a bad one is not taken.
    let good = signed(&draft(), &a.bad.key);
    let skip = Commit {
        seq: 3,
        prev,
        key: None,
        ..draft()
    };
    a.refuses(
        &[good.clone(), signed(&skip, &a.bad.key)],
        Problem::Gap { have: 1 },
    )
    .await;
    // Two commits with one number: the first wins, for ever.
    let first = a.push(&[good.clone()]).await.unwrap();
    let twin = a.bad.draft(STUDY, vec![op("title.en", Vec::new())], None);
    let fork = Problem::Fork {
        seq: 1,
        hash: Some(good.id().as_str().to_owned()),
    };
    a.refuses(&[signed(&twin, &a.bad.key)], fork).await;
    // The same again is the same.
    let again = a.push(&[good]).await.unwrap();
    assert_eq!(
        (again.head, &again.digest, &again.taken),
        (first.head, &first.digest, &first.taken)
    );
    assert_eq!(again.head, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn f80_malformed_requests_are_refused() {
    let a = attack().await;
    let malformed = Err(Failure::Refused(Problem::Malformed));
    for junk in [
        &b""[..],
        b"\x09abc",
        b"\x01abc",
        b"\x00abc",
        b"\x00\x00\x00\x00\xff",
        b"\x00",
    ] {
        assert_eq!(a.post(STUDY, junk.to_vec()).await, malformed, "{junk:?}");
    }
    let cut = body::pack_frames(&[signed(
        &a.bad.draft(STUDY, vec![op("f", vec![])], None),
        &a.bad.key,
    )]);
    assert_eq!(
        a.post(STUDY, cut[..cut.len() - 9].to_vec()).await,
        malformed
    );
    // Too much: bytes, unpacked bytes, commits.
    let large = Err(Failure::Refused(Problem::TooLarge));
    assert_eq!(
        a.post(STUDY, vec![0; body::BODY_BYTES_MAX + 10]).await,
        large
    );
    assert_eq!(a.post(STUDY, b"\x00\xff\xff\xff\xff".to_vec()).await, large);
    let bomb = zstd_of(&vec![0; body::BODY_BYTES_MAX * 2]);
    assert_eq!(a.post(STUDY, bomb).await, large);
    let draft = a.bad.draft(STUDY, vec![op("f", vec![])], None);
    let many = vec![signed(&draft, &a.bad.key); body::COMMITS_MAX + 1];
    assert_eq!(a.push(&many).await, large);
    let ops = (0..ledger::OPS_MAX + 1)
        .map(|n| op(&format!("f{n}"), vec![]))
        .collect();
    let giant = Commit { ops, ..draft };
    assert!(giant.to_bytes().is_err(), "not even the laptop writes it");
    // Names of streams that are none.
    for stream in [
        "..%2f..%2fetc",
        "%00",
        "a%20b",
        "%F0%9F%92%A9",
        "a'b",
        "%ff",
    ] {
        let frames = body::pack_frames(&[]);
        let answer = a.post(stream, frames).await;
        let is_refused = matches!(
            answer,
            Err(Failure::Refused(
                Problem::Malformed | Problem::NotFound | Problem::NotMember
            ))
        );
        assert!(is_refused, "{stream}: {answer:?}");
    }
    a.unharmed().await;
}

fn zstd_of(bytes: &[u8]) -> Vec<u8> {
    let packed = body::pack(bytes);
    assert!(packed.len() < 100_000);
    packed
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_and_outsiders_get_nothing() {
    let a = attack().await;
    let http = a.bench.http(&a.bad_link);
    let get = async |path: &str, token: &str| {
        let call = Call::get(path.to_owned(), token);
        ask(&http, &a.bench.pin(), call, &*a.bench.around)
            .await
            .map(|answer| answer.body)
    };
    let outsider = Laptop::new(9, "p-9");
    let link = a.bench.enrol(&outsider, "Outsider").await;
    for token in ["", "x", "' OR 1=1 --", &"t".repeat(4000)] {
        for path in [
            "/v1/me",
            "/v1/sync/s1/pull?after=0",
            "/v1/wait?mark=x&seconds=1",
        ] {
            let answer = get(path, token).await;
            assert_eq!(
                answer,
                Err(Failure::Refused(Problem::UnknownDevice)),
                "{path}"
            );
        }
    }
    let not_member = Err(Failure::Refused(Problem::NotMember));
    assert_eq!(
        get("/v1/sync/s1/pull?after=0", &link.token).await,
        not_member
    );
    // No answer tells whether a study exists.
    assert_eq!(
        get("/v1/sync/no-such/pull?after=0", &link.token).await,
        not_member
    );
    let me: Me = serde_json::from_slice(&get("/v1/me", &link.token).await.unwrap()).unwrap();
    assert!(me.streams.is_empty());
    for path in [
        "/v1/sync/s1/pull?after=-1",
        "/v1/sync/s1/pull",
        "/v1/sync/s1/pull?after=9e9",
    ] {
        let malformed = Err(Failure::Refused(Problem::Malformed));
        assert_eq!(get(path, &a.bad_link.token).await, malformed, "{path}");
    }
    for path in ["/", "/v1", "/v1/sync/s1", "/v1/me/x", "/v2/me"] {
        let answer = get(path, &a.bad_link.token).await;
        assert_eq!(answer, Err(Failure::Refused(Problem::NotFound)), "{path}");
    }
    // A number beyond the head, or beyond what a database counts.
    for after in ["99", "9223372036854775807", "18446744073709551615"] {
        let answer = get(
            &format!("/v1/sync/s1/pull?after={after}"),
            &a.bad_link.token,
        )
        .await;
        let (head, frames) = body::unpack_page(&answer.unwrap()).unwrap();
        let head: Value = serde_json::from_slice(&head).unwrap();
        assert_eq!((&head["from"], frames.len()), (&json!(1), 0));
    }
    a.unharmed().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn malformed_enrolments_are_refused() {
    let a = attack().await;
    let http = a.bench.http(&a.bad_link);
    let post = async |path: &str, message: &Value| {
        let call = Call::post(path, message);
        ask(&http, &a.bench.pin(), call, &*a.bench.around)
            .await
            .map(|answer| answer.body)
    };
    let malformed = Err(Failure::Refused(Problem::Malformed));
    for message in [
        json!(null),
        json!({}),
        json!({"handle": 1}),
        json!({"handle": "ABC"}),
        json!({"handle": "AB", "more": 1}),
    ] {
        assert_eq!(
            post("/v1/enrol/begin", &message).await,
            malformed,
            "{message}"
        );
    }
    let finish = json!({"handle": "AB", "secret": "CDEFGHJK", "challenge": "", "key": "ed25519:x",
        "sig": "", "person": "p", "name": "n"});
    assert_eq!(post("/v1/enrol/finish", &finish).await, malformed);
    let long = json!({"handle": "A".repeat(20_000)});
    let answer = post("/v1/enrol/begin", &long).await;
    assert_eq!(answer, Err(Failure::Refused(Problem::TooLarge)));
    a.unharmed().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn f43_whoever_asks_too_often_waits_and_others_do_not() {
    let a = attack().await;
    let http = a.bench.http(&a.bad_link);
    let mut n_busy = 0;
    for _ in 0..80 {
        let call = Call::get("/v1/me".to_owned(), "no such token");
        match ask(&http, &a.bench.pin(), call, &*a.bench.around)
            .await
            .map(|answer| answer.body)
        {
            Err(Failure::Refused(Problem::Busy { .. })) => n_busy += 1,
            other => assert_eq!(other, Err(Failure::Refused(Problem::UnknownDevice))),
        }
    }
    assert!(n_busy > 20, "{n_busy}");
    a.unharmed().await;
}

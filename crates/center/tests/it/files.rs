//! Files of studies: up and down in pieces, cut anywhere, from several laptops, never wrong.

use crate::bench::{Around, Bench, Files, bench, bench_with};
use crate::laptop::Laptop;
use center::{BlobLimits, BlobStore, Role, SqliteStore};
use ledger::Hash;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::task::{Context, Poll};
use sync::files::{BlobsAsk, BlobsHeld};
use sync::http::{Dial, Stream};
use sync::{
    CenterLink, FileState, FilesOutcome, Here, Http, Note, Offline, Problem, Settled, Shelf,
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

pub(crate) const STUDY: &str = "s1";

/// The files of a laptop, in memory.
#[derive(Clone, Default)]
pub(crate) struct Folder {
    named: Vec<(String, String, u64)>,
    pub(crate) whole: BTreeMap<String, Vec<u8>>,
    parts: BTreeMap<String, Vec<u8>>,
}

#[derive(Debug, thiserror::Error)]
#[error("the folder is broken")]
pub(crate) struct Broken;

impl Folder {
    /// Names a file of a study.
    pub(crate) fn name(&mut self, stream: &str, bytes: &[u8]) -> String {
        let hash = Hash::of(bytes).as_str().to_owned();
        self.named
            .push((stream.to_owned(), hash.clone(), bytes.len() as u64));
        hash
    }

    /// Names a file and has it.
    pub(crate) fn add(&mut self, stream: &str, bytes: &[u8]) -> String {
        let hash = self.name(stream, bytes);
        self.whole.insert(hash.clone(), bytes.to_vec());
        hash
    }
}

impl Shelf for Folder {
    type Error = Broken;

    fn files(&mut self) -> Result<Vec<FileState>, Broken> {
        let state = |(stream, hash, size): &(String, String, u64)| FileState {
            stream: stream.clone(),
            hash: hash.clone(),
            size: *size,
            here: match self.whole.contains_key(hash) {
                true => Here::Whole,
                false => Here::Part(self.parts.get(hash).map_or(0, |part| part.len() as u64)),
            },
        };
        Ok(self.named.iter().map(state).collect())
    }

    fn read(&mut self, hash: &str, offset: u64, n: usize) -> Result<Option<Vec<u8>>, Broken> {
        let bytes = self.whole.get(hash).ok_or(Broken)?;
        let from = usize::try_from(offset).map_err(|_| Broken)?;
        Ok(bytes.get(from..from + n).map(<[u8]>::to_vec))
    }

    fn keep(&mut self, hash: &str, offset: u64, piece: &[u8]) -> Result<(), Broken> {
        let part = self.parts.entry(hash.to_owned()).or_default();
        if part.len() as u64 != offset {
            return Err(Broken);
        }
        part.extend_from_slice(piece);
        Ok(())
    }

    fn finish(&mut self, hash: &str) -> Result<bool, Broken> {
        let bytes = self.parts.remove(hash).unwrap_or_default();
        let is_good = Hash::of(&bytes).as_str() == hash;
        if is_good {
            self.whole.insert(hash.to_owned(), bytes);
        }
        Ok(is_good)
    }
}

/// Bytes that no compression makes small.
pub(crate) fn noise(seed: u64, n: usize) -> Vec<u8> {
    let around = Around::new(seed);
    let words = std::iter::repeat_with(|| around.draw().to_le_bytes());
    words.flatten().take(n).collect()
}

/// A person with a laptop who is a member of the study.
pub(crate) async fn member(bench: &Bench<SqliteStore>, n: u8, name: &str) -> CenterLink {
    let laptop = Laptop::new(n, &format!("p-{n}"));
    let link = bench.enrol(&laptop, name).await;
    if name != "Li Ming" {
        bench.grant(STUDY, name, Role::Coordinator);
    }
    link
}

/// A center with the study and its first member.
async fn study() -> (Bench<SqliteStore>, CenterLink) {
    begun(bench().await).await
}

/// The same with the files elsewhere.
pub(crate) async fn study_with(files: Files) -> (Bench<SqliteStore>, CenterLink) {
    begun(bench_with(files).await).await
}

async fn begun(bench: Bench<SqliteStore>) -> (Bench<SqliteStore>, CenterLink) {
    let mut laptop = Laptop::new(1, "p-1");
    let link = bench.enrol(&laptop, "Li Ming").await;
    laptop.set(STUDY, "phase", "PHASE1");
    laptop.set("s2", "phase", "PHASE2");
    bench.sync(&mut laptop, &link).await;
    (bench, link)
}

pub(crate) async fn carry(
    bench: &Bench<SqliteStore>,
    link: &CenterLink,
    folder: &mut Folder,
) -> FilesOutcome {
    let (http, mut settled) = (bench.http(link), Settled::default());
    let mut on = |_: &FilesOutcome| true;
    let carried = sync::files(&http, link, folder, &*bench.around, &mut settled, &mut on);
    carried.await.expect("the folder works")
}

/// Connections that end after so many bytes in both directions together, and count them.
#[derive(Clone)]
pub(crate) struct Scissors {
    at: String,
    left: Arc<AtomicI64>,
    sent: Arc<AtomicU64>,
}

impl Scissors {
    fn new(bench: &Bench<SqliteStore>, n_bytes: i64) -> Self {
        let all = Self::to(&bench.url);
        all.left.store(n_bytes, Ordering::Relaxed);
        all
    }

    /// Connections to another address that never end.
    pub(crate) fn to(url: &str) -> Self {
        Self {
            at: url.trim_start_matches("http://").to_owned(),
            left: Arc::new(AtomicI64::new(i64::MAX)),
            sent: Arc::new(AtomicU64::new(0)),
        }
    }

    pub(crate) fn http(&self) -> Http<Self> {
        Http::over(self.clone(), self.at.clone(), String::new())
    }
}

impl Dial for Scissors {
    async fn dial(&self) -> Result<Box<dyn Stream>, Offline> {
        if self.left.load(Ordering::Relaxed) <= 0 {
            return Err(Offline::Unreachable);
        }
        let stream = TcpStream::connect(&self.at).await;
        Ok(Box::new(Cut {
            stream: stream.map_err(|_| Offline::Unreachable)?,
            scissors: self.clone(),
        }))
    }
}

struct Cut {
    stream: TcpStream,
    scissors: Scissors,
}

impl Cut {
    fn spend(&self, n: usize) -> std::io::Result<()> {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        let left = self.scissors.left.fetch_sub(n, Ordering::Relaxed);
        if left < n {
            return Err(std::io::ErrorKind::ConnectionReset.into());
        }
        Ok(())
    }
}

impl AsyncRead for Cut {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buf) {
            Poll::Ready(Ok(())) => Poll::Ready(self.spend(buf.filled().len() - before)),
            other => other,
        }
    }
}

impl AsyncWrite for Cut {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        // Only what is left leaves this side.
        let left = usize::try_from(self.scissors.left.load(Ordering::Relaxed)).unwrap_or(0);
        if left == 0 {
            return Poll::Ready(Err(std::io::ErrorKind::ConnectionReset.into()));
        }
        let bytes = &bytes[..bytes.len().min(left)];
        match Pin::new(&mut self.stream).poll_write(cx, bytes) {
            Poll::Ready(Ok(n)) => {
                self.scissors.sent.fetch_add(n as u64, Ordering::Relaxed);
                Poll::Ready(self.spend(n).map(|()| n))
            }
            other => other,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_goes_up_once_and_comes_down_whole() {
    let (bench, li) = study().await;
    up_once_down_whole(&bench, &li).await;
}

pub(crate) async fn up_once_down_whole(bench: &Bench<SqliteStore>, li: &CenterLink) {
    let wang = member(bench, 2, "Wang Wei").await;
    let (mut a, mut b) = (Folder::default(), Folder::default());
    let files = [noise(1, 3_000_000), Vec::new(), b"short".to_vec()];
    let hashes: Vec<String> = files.iter().map(|bytes| a.add(STUDY, bytes)).collect();
    // The same content in another study of hers is that study's own.
    a.add("s2", &files[2]);
    files.iter().for_each(|bytes| drop(b.name(STUDY, bytes)));
    let early = carry(bench, &wang, &mut b).await;
    assert_eq!((early.received, early.elsewhere), (0, 3));
    let up = carry(bench, li, &mut a).await;
    assert_eq!((up.sent, up.to_send, up.note), (4, 0, None));
    assert_eq!(up.bytes_sent, 3_000_000 + 5 + 5);
    let again = carry(bench, li, &mut a).await;
    assert_eq!((again.sent, again.bytes_sent), (0, 0));
    let down = carry(bench, &wang, &mut b).await;
    assert_eq!((down.received, down.to_receive, down.elsewhere), (3, 0, 0));
    for (hash, bytes) in hashes.iter().zip(&files) {
        assert_eq!(b.whole.get(hash), Some(bytes));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_an_upload_cut_after_any_bytes_sends_only_the_rest() {
    let (bench, li) = study().await;
    cut_uploads(&bench, &li).await;
}

pub(crate) async fn cut_uploads(bench: &Bench<SqliteStore>, li: &CenterLink) {
    const SIZE: usize = 2_500_000;
    for (seed, n_bytes) in [900, 70_000, 300_000, 1_000_000, 2_000_000, 2_499_000]
        .into_iter()
        .enumerate()
    {
        let mut folder = Folder::default();
        folder.add(STUDY, &noise(10 + seed as u64, SIZE));
        let scissors = Scissors::new(bench, n_bytes);
        let (http, mut settled) = (scissors.http(), Settled::default());
        let mut on = |_: &FilesOutcome| true;
        let cut = sync::files(
            &http,
            li,
            &mut folder,
            &*bench.around,
            &mut settled,
            &mut on,
        );
        let cut = cut.await.unwrap();
        assert_eq!((cut.sent, cut.note), (0, Some(Note::Offline)), "{n_bytes}");
        let open = Scissors::new(bench, i64::MAX);
        let (http, mut settled) = (open.http(), Settled::default());
        let mut on = |_: &FilesOutcome| true;
        let rest = sync::files(
            &http,
            li,
            &mut folder,
            &*bench.around,
            &mut settled,
            &mut on,
        );
        let rest = rest.await.unwrap();
        assert_eq!((rest.sent, rest.to_send), (1, 0), "{n_bytes}");
        // What the center had said that it holds did not travel again, nor anything twice.
        assert_eq!(
            cut.bytes_sent + rest.bytes_sent,
            SIZE as u64,
            "cut at {n_bytes}"
        );
        let travelled = open.sent.load(Ordering::Relaxed);
        assert!(
            travelled < rest.bytes_sent + 20_000,
            "{travelled} bytes for {}",
            rest.bytes_sent
        );
        if n_bytes >= 1_000_000 {
            assert!(rest.bytes_sent < SIZE as u64, "cut at {n_bytes}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f36_a_download_cut_after_any_bytes_fetches_only_the_rest() {
    let (bench, li) = study().await;
    cut_downloads(&bench, &li).await;
}

pub(crate) async fn cut_downloads(bench: &Bench<SqliteStore>, li: &CenterLink) {
    let wang = member(bench, 2, "Wang Wei").await;
    let all = noise(30, 2_500_000);
    let mut a = Folder::default();
    a.add(STUDY, &all);
    carry(bench, li, &mut a).await;
    for n_bytes in [900, 300_000, 900_000, 2_000_000] {
        let mut b = Folder::default();
        let hash = b.name(STUDY, &all);
        let scissors = Scissors::new(bench, n_bytes);
        let (http, mut settled) = (scissors.http(), Settled::default());
        let mut on = |_: &FilesOutcome| true;
        let cut = sync::files(&http, &wang, &mut b, &*bench.around, &mut settled, &mut on);
        let cut = cut.await.unwrap();
        assert_eq!(
            (cut.received, cut.note),
            (0, Some(Note::Offline)),
            "{n_bytes}"
        );
        assert!(b.whole.is_empty());
        let rest = carry(bench, &wang, &mut b).await;
        assert_eq!(rest.received, 1, "{n_bytes}");
        let both = cut.bytes_received + rest.bytes_received;
        assert_eq!(both, all.len() as u64, "cut at {n_bytes}");
        assert_eq!(b.whole.get(&hash), Some(&all));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_laptops_with_one_file_do_not_disturb_each_other() {
    let (bench, li) = study().await;
    let wang = member(&bench, 2, "Wang Wei").await;
    let all = noise(40, 4_000_000);
    let (mut a, mut b) = (Folder::default(), Folder::default());
    let hash = a.add(STUDY, &all);
    b.add(STUDY, &all);
    let (one, two) = tokio::join!(carry(&bench, &li, &mut a), carry(&bench, &wang, &mut b));
    assert_eq!((one.to_send, two.to_send), (0, 0));
    assert_eq!((one.note, two.note), (None, None));
    let mut fresh = Folder::default();
    fresh.name(STUDY, &all);
    carry(&bench, &wang, &mut fresh).await;
    assert_eq!(fresh.whole.get(&hash), Some(&all));
    // Nothing begun is left behind once both were told.
    carry(&bench, &li, &mut a).await;
    carry(&bench, &wang, &mut b).await;
    let parts = bench.dir.path().join("files/part");
    let left = walk(&parts);
    assert!(left.is_empty(), "{left:?}");
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(walk(&path)),
            false => found.push(path),
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn f19_a_wrong_hash_is_refused_and_a_damaged_file_at_the_center_is_replaced() {
    let (bench, li) = study().await;
    let wang = member(&bench, 2, "Wang Wei").await;
    let all = noise(50, 700_000);
    let mut a = Folder::default();
    let hash = a.add(STUDY, &all);
    // A disk that lies: other bytes of the same length.
    let mut bad = a.clone();
    bad.whole.get_mut(&hash).unwrap()[500_000] ^= 1;
    let refused = carry(&bench, &li, &mut bad).await;
    assert_eq!(
        (refused.sent, refused.to_send, refused.note),
        (0, 1, Some(Note::FileDamaged))
    );
    let mut b = Folder::default();
    b.name(STUDY, &all);
    assert_eq!(carry(&bench, &wang, &mut b).await.elsewhere, 1);
    // The good one is taken after it.
    assert_eq!(carry(&bench, &li, &mut a).await.sent, 1);
    // Rot in the center's folder.
    let stored = walk(&bench.dir.path().join("files/blob"));
    assert_eq!(stored.len(), 1);
    let mut rotten = std::fs::read(&stored[0]).unwrap();
    rotten[600_000] ^= 1;
    std::fs::write(&stored[0], rotten).unwrap();
    let down = carry(&bench, &wang, &mut b).await;
    assert_eq!(
        (down.received, down.note),
        (0, Some(Note::FileDamaged)),
        "never taken for good"
    );
    assert!(b.whole.is_empty() && b.parts.is_empty());
    // Given up there, handed in again, fetched.
    assert_eq!(carry(&bench, &li, &mut a).await.sent, 1);
    assert_eq!(carry(&bench, &wang, &mut b).await.received, 1);
    assert_eq!(b.whole.get(&hash), Some(&all));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_members_may_ask_and_a_withdrawn_laptop_gets_nothing() {
    let (bench, li) = study().await;
    let stranger = bench.enrol(&Laptop::new(9, "p-9"), "Zhao Lei").await;
    let all = noise(60, 1_000);
    let mut a = Folder::default();
    let hash = a.add(STUDY, &all);
    carry(&bench, &li, &mut a).await;
    let mut theirs = Folder::default();
    theirs.name(STUDY, &all);
    theirs.add(STUDY, b"planted");
    let outcome = carry(&bench, &stranger, &mut theirs).await;
    assert_eq!((outcome.sent, outcome.received), (0, 0));
    let hex = hash.trim_start_matches("sha256:");
    let path = format!("/v1/blobs/{STUDY}/{hex}?offset=0&length=10");
    assert_eq!(get(&bench, &stranger, &path).await, Err(Problem::NotMember));
    assert!(get(&bench, &li, &path).await.is_ok());
    // Names that are none lead nowhere.
    for bad in ["..%2f..%2fcenter.db", "ZZ", &hex[1..], &hex.to_uppercase()] {
        let path = format!("/v1/blobs/{STUDY}/{bad}?offset=0&length=10");
        assert_eq!(
            get(&bench, &li, &path).await,
            Err(Problem::Malformed),
            "{bad}"
        );
    }
    let wang = member(&bench, 2, "Wang Wei").await;
    let withdrawn = center::store::Withdrawal::Devices;
    center::revoke(&*bench.store(), "Wang Wei", withdrawn, &*bench.around).unwrap();
    assert_eq!(get(&bench, &wang, &path).await, Err(Problem::Revoked));

    // What the last commits name is still handed in, by a withdrawn laptop and by somebody whose
    // part ended; neither gets anything, and a stranger may do neither.
    let zhang = member(&bench, 3, "Zhang Min").await;
    bench.set_role(STUDY, "Zhang Min", None).unwrap();
    assert_eq!(get(&bench, &zhang, &path).await, Err(Problem::NotMember));
    for (seed, link, n) in [(100, &wang, 1), (101, &zhang, 1), (102, &stranger, 0)] {
        let mut last = Folder::default();
        last.name(STUDY, &all);
        let late = last.add(STUDY, &noise(seed, 300_000));
        let mut settled = Settled::default();
        let (http, mut on) = (bench.http(link), |_: &FilesOutcome| true);
        let handed = sync::hand_in(
            &http,
            link,
            &mut last,
            &*bench.around,
            &mut settled,
            &mut on,
        )
        .await;
        let handed = handed.expect("the folder works");
        assert_eq!((handed.sent, handed.received, handed.to_receive), (n, 0, 0));
        assert_eq!(settled.has(STUDY, &late), n == 1);
        let mut here = Folder::default();
        here.name(STUDY, last.whole.get(&late).expect("added"));
        assert_eq!(carry(&bench, &li, &mut here).await.received, n);
    }
}

async fn get(
    bench: &Bench<SqliteStore>,
    link: &CenterLink,
    path: &str,
) -> Result<Vec<u8>, Problem> {
    let call = sync::exchange::Call::get(path.to_owned(), &link.token);
    let pin = link.recognised_by().expect("a pin");
    match sync::exchange::ask(&bench.http(link), &pin, call, &*bench.around).await {
        Ok(answer) => Ok(answer.body),
        Err(sync::Failure::Refused(problem)) => Err(problem),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn f44_a_large_file_makes_room_for_what_somebody_has_just_saved() {
    let (bench, li) = study().await;
    let mut folder = Folder::default();
    folder.add(STUDY, &noise(70, 3_000_000));
    let (http, mut settled) = (bench.http(&li), Settled::default());
    let mut n_pieces = 0;
    let mut two_pieces = |_: &FilesOutcome| {
        n_pieces += 1;
        n_pieces <= 2
    };
    let begun = sync::files(
        &http,
        &li,
        &mut folder,
        &*bench.around,
        &mut settled,
        &mut two_pieces,
    );
    let begun = begun.await.unwrap();
    assert_eq!((begun.sent, begun.to_send, begun.note), (0, 1, None));
    assert!(begun.bytes_sent > 0);
    let rest = carry(&bench, &li, &mut folder).await;
    assert_eq!(rest.sent, 1);
    assert_eq!(begun.bytes_sent + rest.bytes_sent, 3_000_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_the_center_could_not_finish_is_finished_later() {
    let (bench, li) = study().await;
    let mut folder = Folder::default();
    // A laptop's files are sealed in chunks of this size: its end is the end of one.
    let hash = folder.add(STUDY, &noise(71, 4 * 65_536));
    // Something else lies where the content goes.
    let study = Hash::of(STUDY.as_bytes());
    let study = study.as_str().trim_start_matches("sha256:");
    let place = format!("files/blob/{}/{}", &study[..32], &hash[7..]);
    let place = bench.dir.path().join(place);
    std::fs::create_dir_all(place.join("in the way")).unwrap();
    let failed = carry(&bench, &li, &mut folder).await;
    assert_eq!((failed.sent, failed.note), (0, Some(Note::ServerError)));
    std::fs::remove_dir_all(&place).unwrap();
    let rest = carry(&bench, &li, &mut folder).await;
    assert_eq!((rest.sent, rest.bytes_sent, rest.note), (1, 0, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_files_are_asked_about_in_groups() {
    let (bench, li) = study().await;
    let mut folder = Folder::default();
    for n in 0..400_u32 {
        folder.add(STUDY, &n.to_le_bytes());
    }
    let ask = BlobsAsk {
        hashes: folder
            .named
            .iter()
            .map(|(_, hash, _)| hash.clone())
            .collect(),
    };
    let pin = li.recognised_by().expect("a pin");
    let call =
        sync::exchange::Call::post(&format!("/v1/blobs/{STUDY}"), &ask).with_token(&li.token);
    let too_many = sync::exchange::ask(&bench.http(&li), &pin, call, &*bench.around).await;
    let refused = sync::Failure::Refused(Problem::Malformed);
    assert_eq!(too_many.err(), Some(refused));
    assert_eq!(carry(&bench, &li, &mut folder).await.sent, 400);
    let mut settled = Settled::default();
    let mut on = |_: &FilesOutcome| true;
    let http = bench.http(&li);
    let known = sync::files(
        &http,
        &li,
        &mut folder,
        &*bench.around,
        &mut settled,
        &mut on,
    );
    assert_eq!(known.await.unwrap().sent, 0);
    // The answer's form is the one that is written down.
    let call = sync::exchange::Call::post(
        &format!("/v1/blobs/{STUDY}"),
        &BlobsAsk {
            hashes: vec![folder.named[0].1.clone()],
        },
    );
    let call = call.with_token(&li.token);
    let answer = sync::exchange::ask(&http, &pin, call, &*bench.around).await;
    let held: BlobsHeld = answer.ok().unwrap().message().unwrap();
    assert_eq!((held.blobs[0].whole, held.blobs[0].offset), (Some(4), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_nobody_went_on_with_is_cleared_by_age_and_begins_anew() {
    let (bench, li) = study().await;
    let all = noise(80, 3_000_000);
    let mut folder = Folder::default();
    let hash = folder.add(STUDY, &all);
    let kept = folder.add(STUDY, b"a small one that is whole");
    let (http, mut settled) = (bench.http(&li), Settled::default());
    let mut n_pieces = 0;
    let mut few_pieces = |_: &FilesOutcome| {
        n_pieces += 1;
        n_pieces <= 3
    };
    let around = &*bench.around;
    sync::files(
        &http,
        &li,
        &mut folder,
        around,
        &mut settled,
        &mut few_pieces,
    )
    .await
    .unwrap();
    // What a running center does once a day, on the same objects.
    let objects = bench.dir.path().join("files");
    let blobs = BlobStore::in_folder(&objects, BlobLimits::default()).unwrap();
    assert_eq!(blobs.clear_begun_before(0).await.unwrap(), 0);
    let asked = BlobsAsk {
        hashes: vec![hash.clone(), kept.clone()],
    };
    assert!(held(&bench, &li, &asked).await[0].offset > 0);
    assert_eq!(blobs.clear_begun_before(i64::MAX).await.unwrap(), 1);
    assert_eq!(held(&bench, &li, &asked).await[0].offset, 0);
    let rest = carry(&bench, &li, &mut folder).await;
    assert_eq!(rest.note, None);
    let whole: Vec<_> = held(&bench, &li, &asked).await;
    let whole: Vec<_> = whole.iter().map(|one| one.whole).collect();
    assert_eq!(whole, [Some(3_000_000), Some(25)]);
}

async fn held(
    bench: &Bench<SqliteStore>,
    link: &CenterLink,
    ask: &BlobsAsk,
) -> Vec<sync::files::BlobHeld> {
    let pin = link.recognised_by().expect("a pin");
    let call = sync::exchange::Call::post(&format!("/v1/blobs/{STUDY}"), ask);
    let call = call.with_token(&link.token);
    let answer = sync::exchange::ask(&bench.http(link), &pin, call, &*bench.around).await;
    let held: BlobsHeld = answer.ok().unwrap().message().unwrap();
    held.blobs
}

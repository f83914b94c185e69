//! The power fails at any moment: what was acknowledged is on the disk, and nothing is half.
//!
//! Another process works on a file system of its own in an image in memory and says outside of it
//! what was stored. It is stopped, the image is copied — only what was flushed is in it — and the
//! copy is mounted and looked at, as after the next start. Needs the system's administrator and
//! loop devices; elsewhere it says that it was skipped. `cargo xtask soak faults` cuts more often.

use crate::fault_flows::{Pages, Place, content, make, pages, sound};
use crate::fault_points::{Acks, must_run, room, takes_all};
use crate::world::{PASSPHRASE, doc, edit, is_held, new_study, once_free, set};
use desk::vault::{Kdf, Key, NoKeychain};
use desk::{Desk, backup};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

const WORK: &str = "DESK_TEST_CUT";
const FOLDER: &str = "DESK_TEST_CUT_FOLDER";
const ACKS: &str = "DESK_TEST_CUT_ACKS";
/// Plants the fault that the harness must find; only the program of this test knows of it.
const PLANT: &str = "DESK_TEST_CUT_NORMAL";
const OTHER: &str = "power_cut::the_other_process_works_on";
const IMAGE_BYTES: u64 = 40 << 20;
/// Cuts of one file system, before the next one.
const N_CUTS_EACH: usize = 15;
/// Steps of a pulled page.
const PAGE: usize = 4;
const N_COMMITS: usize = 240;

/// What a process does over and over, and what must be there after its n-th step.
struct Kind {
    name: &'static str,
    prepare: fn(&Place),
    step: fn(&mut Work, usize),
    /// How many steps are there: at least those acknowledged, at most one more.
    n_found: fn(&Place, usize) -> Result<usize, String>,
}

struct Work {
    place: Place,
    desk: Option<Desk>,
    pages: Option<Pages>,
}

impl Work {
    fn desk(&mut self) -> &mut Desk {
        if self.desk.is_none() {
            let desk = self.place.open("vault").unwrap();
            if std::env::var_os(PLANT).is_some() {
                let conn = desk.connection();
                conn.pragma_update(None, "synchronous", "NORMAL").unwrap();
            }
            self.desk = Some(desk);
        }
        self.desk.as_mut().unwrap()
    }
}

const KINDS: &[Kind] = &[
    Kind {
        name: "edits",
        prepare: one_study,
        step: |work, n| edit_once(work.desk(), n),
        n_found: n_edits,
    },
    Kind {
        name: "checkpoints",
        prepare: one_study,
        step: |work, n| {
            edit_once(work.desk(), n);
            work.desk().idle().unwrap();
        },
        n_found: n_edits,
    },
    Kind {
        name: "pages",
        prepare: |place| pages(place, N_COMMITS),
        step: |work, n| {
            let pages = work.pages.take();
            let pages = pages.unwrap_or_else(|| Pages::read(&work.place));
            pages.take(work.desk(), n * PAGE).unwrap();
            work.pages = Some(pages);
        },
        n_found: |place, _| {
            let desk = open(place)?;
            let stream = Pages::read(place).stream;
            let states = desk.streams().unwrap();
            let cursor = states.iter().find(|it| it.stream == stream);
            let cursor = cursor.map_or(0, |it| it.cursor as usize);
            let shown = desk.studies().unwrap().pop().map(|row| row.acronym);
            // The first commit makes the study, each of the others names its number.
            let wanted = (cursor > 0).then(|| format!("P{}", cursor - 1));
            match (cursor % PAGE, shown == wanted) {
                (0, true) => Ok(cursor / PAGE),
                _ => Err(format!("the cursor stands at {cursor}, shown is {shown:?}")),
            }
        },
    },
    Kind {
        name: "migrations",
        prepare: |_| {},
        step: |work, n| {
            work.desk = None;
            let _ = fs::remove_dir_all(work.place.path(&format!("old{}", n.saturating_sub(2))));
            let name = format!("old{n}");
            crate::fixture::lay(&work.place.path(&name));
            drop(work.place.open(&name).unwrap());
        },
        n_found: |place, n| {
            if n == 0 {
                return Ok(0);
            }
            let said = content(place, &format!("old{n}"));
            let is_renewed = said.starts_with("passphrase old, schema 5");
            is_renewed.then_some(n).ok_or(said)
        },
    },
    Kind {
        name: "files",
        prepare: |place| {
            let mut desk = make(place);
            let study = new_study(&mut desk, "甲");
            crate::blob::document(&mut desk, &study);
        },
        step: |work, n| {
            let desk = work.desk();
            let study = desk.studies().unwrap()[0].id.clone();
            let held = doc(desk, &study);
            let document = held.of_kind(model::kind::DOCUMENT).next().unwrap();
            crate::blob::attach(
                desk,
                &study,
                &document.id.clone(),
                &vec![n as u8; 9_000 + n],
            );
        },
        n_found: |place, _| {
            let desk = open(place)?;
            let study = desk.studies().unwrap()[0].id.clone();
            let held = doc(&desk, &study);
            let document = held.of_kind(model::kind::DOCUMENT).next().unwrap();
            let Some(file) = model::file::BlobRef::read(document.value("file")) else {
                return Ok(0);
            };
            let bytes = desk
                .blob_read(&file.hash)
                .map_err(|error| error.to_string())?;
            Ok(bytes.len() - 9_000)
        },
    },
    Kind {
        name: "copies",
        prepare: |place| {
            let mut desk = make(place);
            let study = new_study(&mut desk, "甲");
            let document = crate::blob::document(&mut desk, &study);
            crate::blob::attach(&mut desk, &study, &document, &[7; 9_000]);
        },
        step: |work, n| {
            edit_once(work.desk(), n);
            let to = work.place.path("copy.pideskbackup");
            let env = testkit::env(9, &work.place.path("installation"));
            backup::write(work.desk().vault(), &to, &env).unwrap();
            let _ = fs::remove_dir_all(work.place.path(&format!("from{}", n.saturating_sub(2))));
            backup::restore(&to, &work.place.path(&format!("from{n}"))).unwrap();
        },
        n_found: |place, n| {
            let last = place.path("copy.pideskbackup");
            if n == 0 && !last.exists() {
                return Ok(0);
            }
            backup::describe(&last).map_err(|error| format!("the copy: {error}"))?;
            if n > 0 {
                let name = format!("from{n}");
                let desk = place
                    .open(&name)
                    .map_err(|error| format!("{name}: {error}"))?;
                sound(&desk);
                if desk.studies().unwrap()[0].acronym != n.to_string() {
                    return Err(format!("{name} is another"));
                }
                if desk.blobs_here().unwrap().len() != 1 {
                    return Err(format!("{name} lost its file"));
                }
            }
            n_edits(place, n)
        },
    },
    Kind {
        name: "passphrases",
        prepare: one_study,
        step: |work, n| {
            let env = testkit::env(9, &work.place.path("installation"));
            let quick = Kdf::quick_for_tests();
            let vault = work.desk().vault();
            vault.set_passphrase(&phrase(n), quick, &env).unwrap();
        },
        n_found: |place, n| {
            let dir = place.path("vault");
            for n in [n, n + 1] {
                let phrase = phrase(n);
                let open = || {
                    let env = testkit::env(place.seed, &place.path("installation"));
                    Desk::open(&dir, Key::Passphrase(&phrase), &NoKeychain, env)
                };
                if let Ok(desk) = once_free(open, is_held) {
                    sound(&desk);
                    return Ok(n);
                }
            }
            Err(format!("neither passphrase {n} nor the next opens"))
        },
    },
];

fn phrase(n: usize) -> String {
    match n {
        0 => PASSPHRASE.to_owned(),
        n => format!("{PASSPHRASE} {n}"),
    }
}

fn one_study(place: &Place) {
    let mut desk = make(place);
    let study = new_study(&mut desk, "甲");
    set(&mut desk, &study, "acronym", json!("0"));
}

/// Typing, which may be lost, and then an edit, which may not.
fn edit_once(desk: &mut Desk, n: usize) {
    let study = desk.studies().unwrap()[0].id.clone();
    let form = edit(desk, &study, &study.root(), "acronym", json!(n.to_string()));
    let typed = json!(format!("{n}…"));
    desk.draft_put(&study, &study.root(), "acronym", &typed, &form.seen)
        .unwrap();
    if std::env::var_os(PLANT).is_some() {
        // Typing put the full sync back.
        let conn = desk.connection();
        conn.pragma_update(None, "synchronous", "NORMAL").unwrap();
    }
    desk.set(&study, form, None).unwrap();
}

fn open(place: &Place) -> Result<Desk, String> {
    let desk = place
        .open("vault")
        .map_err(|error| format!("it does not open: {error:?}"))?;
    sound(&desk);
    Ok(desk)
}

fn n_edits(place: &Place, _: usize) -> Result<usize, String> {
    let desk = open(place)?;
    let shown = desk.studies().unwrap()[0].acronym.clone();
    shown.parse().map_err(|_| format!("shown is {shown:?}"))
}

#[test]
fn the_other_process_works_on() {
    let of = |name| std::env::var(name).ok();
    let (Some(name), Some(folder), Some(acks)) = (of(WORK), of(FOLDER), of(ACKS)) else {
        // By itself it takes some steps of each kind, and finds them.
        for kind in KINDS {
            let folder = testkit::folder();
            let place = prepare(kind, folder.path());
            let mut work = Work {
                place: place.clone(),
                desk: None,
                pages: None,
            };
            (1..=2).for_each(|n| (kind.step)(&mut work, n));
            drop(work);
            assert_eq!((kind.n_found)(&place, 2), Ok(2), "{}", kind.name);
        }
        return;
    };
    let kind = KINDS.iter().find(|kind| kind.name == name).unwrap();
    let place = Place {
        root: PathBuf::from(folder),
        seed: 2,
    };
    let mut work = Work {
        place,
        desk: None,
        pages: None,
    };
    let mut acks = Acks::open(Path::new(&acks));
    for n in 1..N_COMMITS / PAGE {
        (kind.step)(&mut work, n);
        acks.say(&format!("stored {n}"));
    }
    acks.say("done");
}

fn prepare(kind: &Kind, root: &Path) -> Place {
    fs::create_dir_all(root.join("installation")).unwrap();
    let place = Place {
        root: root.to_owned(),
        seed: 1,
    };
    (kind.prepare)(&place);
    place
}

fn run(program: &str, args: &[&str]) -> bool {
    let quiet = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}

/// A mounted file system in an image; unmounted when it is dropped.
struct Mounted(PathBuf);

impl Mounted {
    fn new(image: &Path, at: &Path) -> Option<Self> {
        fs::create_dir_all(at).unwrap();
        let (image, point) = (image.to_str()?, at.to_str()?);
        run("mount", &["-o", "loop", image, point]).then(|| Self(at.to_owned()))
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let at = self.0.to_str().unwrap_or_default();
        if !run("umount", &[at]) {
            run("umount", &["-l", at]);
        }
    }
}

/// A process at work on a file system of its own.
struct Machine {
    child: Child,
    _disk: Mounted,
    kind: &'static Kind,
    folder: testkit::TempDir,
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Machine {
    /// `None` where no file system can be mounted.
    fn start(kind: &'static Kind, is_planted: bool) -> Option<Self> {
        let folder = room();
        let image = folder.path().join("image");
        fs::File::create(&image)
            .unwrap()
            .set_len(IMAGE_BYTES)
            .unwrap();
        if !run("mkfs.ext4", &["-q", "-F", image.to_str()?]) {
            return None;
        }
        let disk = Mounted::new(&image, &folder.path().join("disk"))?;
        prepare(kind, &disk.0);
        run("sync", &["-f", disk.0.to_str()?]);
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", OTHER, "--nocapture", "--test-threads=1"])
            .env(WORK, kind.name)
            .env(FOLDER, &disk.0)
            .env(ACKS, folder.path().join("acks"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if is_planted {
            command.env(PLANT, "1");
        }
        Some(Self {
            child: command.spawn().unwrap(),
            _disk: disk,
            kind,
            folder,
        })
    }

    fn signal(&self, name: &str) {
        assert!(run("kill", &["-s", name, &self.child.id().to_string()]));
    }

    /// How many steps it said to be stored; whether it is at its end.
    fn said(&self) -> (usize, bool) {
        let said = fs::read_to_string(self.folder.path().join("acks")).unwrap_or_default();
        let whole = said.rfind('\n').map_or("", |end| &said[..end]);
        let last = whole
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix("stored "));
        let n = last.map_or(0, |n| n.parse().unwrap());
        (n, whole.ends_with("done"))
    }

    /// Lets it go on until some more steps are stored; `false` when it came to its end.
    fn go_on(&mut self, n_more: usize) -> bool {
        let (begun, _) = self.said();
        self.signal("CONT");
        loop {
            let (n, is_over) = self.said();
            if is_over {
                return false;
            }
            if n >= begun + n_more {
                return true;
            }
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "{}: it ended: {ended:?}", self.kind.name);
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }

    /// Stops the process, takes what is on the disk, and looks at what was taken.
    fn cut(&mut self) -> Result<(), String> {
        self.signal("STOP");
        let status = format!("/proc/{}/status", self.child.id());
        // Stopped, or at its end just before.
        let rests = |text: String| text.contains("State:\tT") || text.contains("State:\tZ");
        while !rests(fs::read_to_string(&status).unwrap()) {
            std::thread::yield_now();
        }
        let (n, _) = self.said();
        let image = self.folder.path().join("image");
        let copy = self.folder.path().join("copy");
        // The kernel may just be writing: what was read twice the same is one moment.
        let mut taken = fs::read(&image).unwrap();
        loop {
            let again = fs::read(&image).unwrap();
            if again == taken {
                break;
            }
            taken = again;
        }
        fs::write(&copy, taken).unwrap();
        let after = Mounted::new(&copy, &self.folder.path().join("after"));
        let after = after.ok_or("the file system does not mount again")?;
        let place = Place {
            root: after.0.clone(),
            seed: 3,
        };
        let found = (self.kind.n_found)(&place, n)?;
        let is_right = found == n || found == n + 1;
        let wrong = format!("{n} were acknowledged, {found} are there");
        is_right.then_some(()).ok_or(wrong)
    }
}

/// Cuts the power some times; the first wrong cut, `None` where nothing can be mounted.
fn cut(name: &str, n_cuts: usize, is_planted: bool) -> Option<Result<(), String>> {
    let kind = KINDS.iter().find(|kind| kind.name == name).unwrap();
    let mut n_done = 0;
    // A small generator: the moments differ, the run repeats.
    let mut seed = 0x9e37_79b9_u32;
    while n_done < n_cuts {
        let Some(mut machine) = Machine::start(kind, is_planted) else {
            eprintln!("skipped: no file system can be mounted here, so no power was cut");
            assert!(
                !must_run(),
                "loop devices must be there where all tests run"
            );
            return None;
        };
        for _ in 0..N_CUTS_EACH.min(n_cuts - n_done) {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if !machine.go_on(1 + (seed >> 24) as usize % 5) {
                break;
            }
            n_done += 1;
            if let Err(wrong) = machine.cut() {
                return Some(Err(format!("{name}, cut {n_done}: {wrong}")));
            }
        }
    }
    println!("{n_done} cuts of the power in {name}");
    Some(Ok(()))
}

/// Cuts in the everyday run and when all faults are taken.
fn n_cuts(every_day: usize) -> usize {
    if takes_all() {
        34 * every_day
    } else {
        every_day
    }
}

fn survives(name: &str, every_day: usize) {
    if let Some(outcome) = cut(name, n_cuts(every_day), false) {
        assert_eq!(outcome, Ok(()));
    }
}

#[test]
fn f01_a_power_cut_loses_no_acknowledged_edit() {
    survives("edits", 90);
}

#[test]
fn f02_a_power_cut_leaves_whole_pages_and_no_cursor_ahead() {
    survives("pages", 75);
}

#[test]
fn f04_a_power_cut_while_the_log_is_written_back_loses_nothing() {
    survives("checkpoints", 60);
}

#[test]
fn f19_a_power_cut_leaves_every_file_that_was_attached() {
    survives("files", 30);
}

#[test]
fn f12_a_power_cut_leaves_copies_that_restore() {
    survives("copies", 20);
}

#[test]
fn f75_a_power_cut_leaves_a_passphrase_that_opens() {
    survives("passphrases", 25);
}

#[test]
fn a_planted_weaker_sync_is_found_by_cutting_the_power() {
    if let Some(outcome) = cut("edits", 60, true) {
        let wrong = outcome.expect_err("the planted fault was not found");
        println!("found: {wrong}");
    }
}

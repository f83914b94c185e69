//! Killed, without room, or refused by the disk at any write: nothing that was acknowledged is
//! lost, nothing is half, and the work goes on.
//!
//! The other process is this test program again under `strace`, which lets the n-th call of one
//! kind fail or kills the process there. Calls are counted in a first run. The tests take some of
//! the points; `cargo xtask soak faults` takes all of them.

use crate::fault_flows::{FLOWS, Flow, Place, Work, flow};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{IoSlice, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const FLOW: &str = "DESK_TEST_FLOW";
const FOLDER: &str = "DESK_TEST_FLOW_FOLDER";
const ACKS: &str = "DESK_TEST_FLOW_ACKS";
/// How the other process is asked for by name.
const OTHER: &str = "fault_points::the_other_process_does_a_flow";
/// The calls that change a disk. One that this machine lacks is left out by `?`.
const CALLS: &str = "pwrite64,write,fsync,fdatasync,ftruncate,?rename,?renameat,?renameat2,\
    ?unlink,?unlinkat,?mkdir,?mkdirat";
/// Points of one flow and kind of fault in the everyday run.
const N_POINTS: usize = 8;
/// How often a refused step is tried again before the person gives up.
const N_TRIES: usize = 3;
/// Longer than any flow takes on a busy machine. Units: seconds.
const PATIENCE: &str = "120";

/// What happens at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Fault {
    /// The process is gone.
    Kill,
    /// The disk refuses once.
    Refuse(&'static str),
    /// The disk refuses from then on.
    RefuseOn(&'static str),
}

impl Fault {
    fn words(self, call: &str, n: usize) -> String {
        match self {
            Self::Kill => format!("inject={call}:signal=KILL:when={n}"),
            Self::Refuse(error) => format!("inject={call}:error={error}:when={n}"),
            Self::RefuseOn(error) => format!("inject={call}:error={error}:when={n}+"),
        }
    }
}

/// Tells the test what was stored; by a call that no fault is put into.
pub(crate) struct Acks(File);

impl Acks {
    pub(crate) fn open(path: &Path) -> Self {
        let file = File::options().append(true).create(true).open(path);
        Self(file.unwrap())
    }

    pub(crate) fn say(&mut self, line: &str) {
        let line = format!("{line}\n");
        let n = self.0.write_vectored(&[IoSlice::new(line.as_bytes())]);
        assert_eq!(n.unwrap(), line.len());
    }
}

#[test]
fn the_other_process_does_a_flow() {
    let of = |name| std::env::var(name).ok();
    let (Some(name), Some(folder), Some(acks)) = (of(FLOW), of(FOLDER), of(ACKS)) else {
        // By itself it does every flow, and the last step again, which changes nothing.
        for flow in FLOWS {
            let folder = room();
            let place = prepare(flow, folder.path());
            let end = finish(flow, &place, 0, 2);
            assert_eq!(finish(flow, &place, flow.n_steps - 1, 3), end);
        }
        return;
    };
    let place = Place {
        root: PathBuf::from(folder),
        seed: 2,
    };
    let mut acks = Acks::open(Path::new(&acks));
    acks.say("begun");
    live(flow(&name), place, &mut acks);
    acks.say("done");
    // Not back into the test program, whose own words on the output may be refused too.
    std::process::exit(0);
}

/// Does a flow as a person does who is refused: looks that it still reads, and tries again.
fn live(flow: &Flow, place: Place, acks: &mut Acks) {
    let mut work = Work { place, desk: None };
    for n in 0..flow.n_steps {
        let mut tries = 0..N_TRIES;
        loop {
            match flow.step(&mut work, n) {
                Ok(()) => break acks.say("stored"),
                Err(why) => acks.say(&format!("refused {why}")),
            }
            if let Some(desk) = &work.desk {
                for study in desk.studies().expect("reading goes on") {
                    desk.study(&study.id).expect("reading goes on");
                }
            }
            if tries.next().is_none() {
                return acks.say("gave up");
            }
        }
    }
}

/// A folder in memory where there is one: the disk's own behaviour is not what is tested here.
pub(crate) fn room() -> testkit::TempDir {
    testkit::TempDir::new_in("/dev/shm").unwrap_or_else(|_| testkit::folder())
}

fn prepare(flow: &Flow, root: &Path) -> Place {
    flow.prepare(&root.join("work"));
    Place {
        root: root.join("work"),
        seed: 2,
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A flow with the content that follows each of its steps.
struct Course {
    flow: &'static Flow,
    folder: testkit::TempDir,
    states: Vec<String>,
}

impl Course {
    fn new(flow: &'static Flow) -> Self {
        let folder = room();
        let root = folder.path();
        let place = prepare(flow, root);
        fs::rename(&place.root, root.join("template")).unwrap();
        let mut course = Self {
            flow,
            folder,
            states: Vec::new(),
        };
        for n in 0..=flow.n_steps {
            let place = course.begin();
            let mut work = Work {
                place: place.clone(),
                desk: None,
            };
            for step in 0..n {
                flow.step(&mut work, step).unwrap();
            }
            drop(work);
            course.states.push(flow.look(&Place { seed: 3, ..place }));
        }
        course
    }

    /// The folder as it was before the flow, always at one place: a moved vault is another.
    fn begin(&self) -> Place {
        let root = self.folder.path().join("work");
        if root.exists() {
            fs::remove_dir_all(&root).unwrap();
        }
        copy(&self.folder.path().join("template"), &root);
        Place { root, seed: 2 }
    }

    /// Runs the flow in another process, called through other programs and with a folder for
    /// temporary files; what it said, `None` when it ended before it began.
    fn run(&self, through: &[&str], temporary: &Path) -> Option<Vec<String>> {
        let place = self.begin();
        let acks = self.folder.path().join("acks");
        let _ = fs::remove_file(&acks);
        let mut command = Command::new("timeout");
        command
            .args(["-s", "KILL", PATIENCE])
            .args(through)
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", OTHER, "--nocapture", "--test-threads=1"])
            .env(FLOW, self.flow.name)
            .env(FOLDER, &place.root)
            .env(ACKS, &acks)
            .env("TMPDIR", temporary)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.status().unwrap();
        let said = fs::read_to_string(&acks).ok()?;
        Some(said.lines().map(str::to_owned).collect())
    }

    /// Runs the flow under `strace`, which writes what it sees into a file.
    fn trace(&self, to: &Path, words: &str) -> Option<Vec<String>> {
        let calls = format!("trace={CALLS},writev");
        let mut through = vec!["strace", "-f", "-qq", "-e", &calls];
        through.extend(["-o", to.to_str().unwrap()]);
        if !words.is_empty() {
            through.extend(["-e", words]);
        }
        self.run(&through, &std::env::temp_dir())
    }

    /// How many calls of each kind the busiest thread makes.
    fn count(&self) -> Option<BTreeMap<String, usize>> {
        let trace = self.folder.path().join("trace");
        let said = self.trace(&trace, "")?;
        assert_eq!(said.last().map(String::as_str), Some("done"), "{said:?}");
        let mut of_threads: BTreeMap<(String, String), usize> = BTreeMap::new();
        for line in fs::read_to_string(trace).unwrap().lines() {
            let mut words = line.splitn(2, ' ').map(str::trim);
            let (Some(thread), Some(call)) = (words.next(), words.next()) else {
                continue;
            };
            let name = call.split('(').next().unwrap_or_default();
            if call.contains('(') && CALLS.contains(name) {
                *of_threads.entry((name.into(), thread.into())).or_default() += 1;
            }
        }
        let mut calls: BTreeMap<String, usize> = BTreeMap::new();
        for ((name, _), n) in of_threads {
            let most = calls.entry(name).or_default();
            *most = n.max(*most);
        }
        Some(calls)
    }

    /// Lets one point fail and holds what is there afterwards against what was acknowledged.
    /// Whether the fault came while the flow ran.
    fn fail(&self, fault: Fault, call: &str, n: usize) -> bool {
        let at = format!("{} {fault:?} at {call} {n}", self.flow.name);
        let words = fault.words(call, n);
        let Some(said) = self.trace(Path::new("/dev/null"), &words) else {
            return false;
        };
        let n_stored = said.iter().filter(|line| *line == "stored").count();
        let is_over = said.last().is_some_and(|line| line == "done");
        if fault == Fault::Kill {
            assert!(!said.iter().any(|line| line.starts_with("refused")), "{at}");
        } else {
            assert!(is_over, "{at}: the process ended by itself: {said:?}");
        }
        if let Fault::Refuse(_) = fault {
            assert_eq!(n_stored, self.flow.n_steps, "{at}: {said:?}");
        }
        let place = Place {
            root: self.folder.path().join("work"),
            seed: 3,
        };
        let is = self.flow.look(&place);
        // What was going on when it ended may be stored or not.
        let mut may_be = n_stored..=(n_stored + 1).min(self.flow.n_steps);
        let found = may_be.find(|n| self.states[*n] == is);
        let wanted = &self.states[n_stored];
        let found = found.unwrap_or_else(|| panic!("{at}: {said:?}\nis:\n{is}\nwas:\n{wanted}"));
        let end = finish(self.flow, &place, found, 4);
        assert_eq!(end, self.states[self.flow.n_steps], "{at}: going on");
        said.len() > 1 || fault == Fault::Kill
    }
}

/// Goes on with a flow from a step; what is there in the end.
fn finish(flow: &Flow, place: &Place, from: usize, seed: u64) -> String {
    let place = Place {
        seed,
        ..place.clone()
    };
    let mut work = Work {
        place: place.clone(),
        desk: None,
    };
    for n in from..flow.n_steps {
        let done = flow.step(&mut work, n);
        done.unwrap_or_else(|why| panic!("{} refused at step {n}: {why}", flow.name));
    }
    drop(work);
    flow.look(&Place {
        seed: seed + 100,
        ..place
    })
}

/// Whether calls can be made to fail here. Without it the test says so in a line; where the tests
/// must run (in CI, as the system's administrator) it is a failure.
pub(crate) fn can_trace() -> bool {
    let works = |program: &str, args: &[&str]| {
        let out = Command::new(program).args(args).output();
        out.is_ok_and(|out| out.status.success())
    };
    let can = works("strace", &["-f", "-qq", "-o", "/dev/null", "true"]);
    if !can {
        eprintln!("skipped: strace does not trace here, so no fault was put into a call");
        assert!(!must_run(), "strace must work where all tests run");
    }
    can
}

/// Whether nothing may be skipped: in a soak, as the system's administrator. Every day a machine
/// that cannot trace or mount says so and goes on.
pub(crate) fn must_run() -> bool {
    let own = Command::new("id").arg("-u").output();
    let is_root = own.is_ok_and(|out| String::from_utf8_lossy(&out.stdout).trim() == "0");
    is_root && takes_all()
}

pub(crate) fn takes_all() -> bool {
    std::env::var_os("PIDESK_FAULTS").is_some_and(|words| words == "all")
}

/// Lets points of flows fail; `calls` chooses the kinds of call.
fn fail_at(flows: &[&'static Flow], faults: &[Fault], calls: impl Fn(&str) -> bool) {
    if !can_trace() {
        return;
    }
    let (mut n_points, mut n_all) = (0, 0);
    for flow in flows {
        let course = Course::new(flow);
        let Some(counted) = course.count() else {
            panic!("{} did not begin", flow.name);
        };
        let points: Vec<(&str, usize)> = counted
            .iter()
            .filter(|(call, _)| calls(call))
            .flat_map(|(call, n)| (1..=*n).map(|at| (call.as_str(), at)))
            .collect();
        for (turn, fault) in faults.iter().enumerate() {
            n_all += points.len();
            let step = match takes_all() {
                true => 1,
                false => points.len().div_ceil(N_POINTS).max(1),
            };
            // Another fault takes other points.
            for (call, n) in points.iter().skip(turn % step).step_by(step) {
                n_points += usize::from(course.fail(*fault, call, *n));
            }
        }
    }
    println!("{n_points} of {n_all} points with {faults:?}");
    assert!(n_points > flows.len() * faults.len(), "{n_points} points");
}

/// What people do most; opening an old vault and making a new one have tests of their own.
const COMMON: &[&str] = &[
    "edit",
    "pull",
    "import",
    "freeze",
    "attach",
    "backup",
    "passphrase",
];
/// The same, and what happens more rarely.
const MORE: &[&str] = &[
    "edit",
    "pull",
    "import",
    "freeze",
    "attach",
    "backup",
    "passphrase",
    "send",
    "restore",
    "undo",
    "checkpoint",
];

fn named(names: &[&str]) -> Vec<&'static Flow> {
    names.iter().map(|name| flow(name)).collect()
}

#[test]
fn f21_a_process_killed_at_any_write_loses_nothing_that_it_acknowledged() {
    fail_at(&named(MORE), &[Fault::Kill], |_| true);
}

#[test]
fn f07_a_full_disk_at_any_write_is_said_and_nothing_is_half() {
    let faults = [Fault::Refuse("ENOSPC"), Fault::RefuseOn("ENOSPC")];
    let takes_room = ["pwrite64", "write", "ftruncate", "mkdir", "mkdirat"];
    fail_at(&named(MORE), &faults, |call| takes_room.contains(&call));
}

#[test]
fn f06_a_sync_that_fails_is_never_said_to_be_saved() {
    let faults = [Fault::Refuse("EIO"), Fault::RefuseOn("EIO")];
    fail_at(&named(COMMON), &faults, |call| call.ends_with("sync"));
}

#[test]
fn f15_a_disk_that_takes_no_names_any_more_is_said_and_reading_goes_on() {
    let faults = [Fault::Refuse("EROFS"), Fault::RefuseOn("EACCES")];
    fail_at(&named(COMMON), &faults, |call| {
        !call.ends_with("sync") && !call.starts_with("ftr") && call != "write"
    });
}

#[test]
fn f08_a_disk_that_fills_while_a_copy_is_made_leaves_the_older_copy() {
    let faults = [Fault::RefuseOn("ENOSPC"), Fault::Refuse("ENOSPC")];
    fail_at(&named(&["backup", "restore"]), &faults, |call| {
        call == "pwrite64" || call == "write"
    });
}

#[test]
fn f03_f68_a_migration_killed_at_any_write_leaves_the_old_or_the_new_vault() {
    fail_at(&named(&["migrate"]), &[Fault::Kill], |_| true);
}

#[test]
fn f75_a_new_passphrase_killed_at_any_write_leaves_the_old_or_the_new_one() {
    fail_at(&named(&["passphrase"]), &[Fault::Kill], |_| true);
}

#[test]
fn f09_without_a_temporary_folder_work_goes_on_and_nothing_is_left_in_one() {
    for flow in FLOWS {
        let course = Course::new(flow);
        let empty = course.folder.path().join("temporary");
        fs::create_dir(&empty).unwrap();
        for temporary in [Path::new("/no/such/folder"), empty.as_path()] {
            let said = course.run(&[], temporary).unwrap();
            let wanted = std::iter::once("begun").chain(vec!["stored"; flow.n_steps]);
            assert_eq!(
                said,
                wanted.chain(["done"]).collect::<Vec<_>>(),
                "{}",
                flow.name
            );
        }
        assert_eq!(fs::read_dir(&empty).unwrap().count(), 0, "{}", flow.name);
    }
}

#[test]
fn f18_on_a_slow_disk_nothing_is_said_to_be_saved_before_it_is() {
    if !can_trace() {
        return;
    }
    for flow in named(&["edit", "pull", "undo"]) {
        let course = Course::new(flow);
        let trace = course.folder.path().join("trace");
        let slow = "inject=fsync,fdatasync:delay_enter=150000";
        let said = course.trace(&trace, slow).unwrap();
        assert_eq!(said.last().unwrap(), "done", "{}", flow.name);
        let (mut is_on_disk, mut n_stored) = (false, 0);
        for line in fs::read_to_string(trace).unwrap().lines() {
            // A call that took long is written in two lines, the second of which has its end.
            if line.contains("sync") && line.trim_end().ends_with("= 0 (DELAYED)") {
                is_on_disk = true;
            } else if line.contains("writev(") && line.contains("stored") {
                assert!(is_on_disk, "{}: step {n_stored}", flow.name);
                is_on_disk = false;
                n_stored += 1;
            }
        }
        assert_eq!(n_stored, flow.n_steps, "{}", flow.name);
    }
}

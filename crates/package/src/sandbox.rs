//! Has a file opened by another process, and ends that process when it takes too much.

use crate::blank::{Filled, Put, Spot};
use crate::clean::Clean;
use crate::helper::{Job, head, read_answer};
use crate::refusal::Refusal;
use crate::text::Words;
use std::ffi::OsString;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How often the process is looked at.
const TICK: Duration = Duration::from_millis(20);

/// The process that opens files of other people: a program of ours that ends in [`crate::serve`].
#[derive(Clone, Debug)]
pub struct Sandbox {
    /// The program.
    pub program: PathBuf,
    /// What tells it to do this work.
    pub args: Vec<OsString>,
    /// How long it may take.
    pub time_max: Duration,
    /// How much memory it may have; watched on Linux, where the system tells. Units: bytes.
    pub memory_bytes_max: u64,
    /// The largest file that it is given. Units: bytes.
    pub file_bytes_max: u64,
}

impl Sandbox {
    /// With the limits of a package: 10 s, 500 MB, files of 200 MB.
    pub fn new(program: PathBuf, args: Vec<OsString>) -> Self {
        Self {
            program,
            args,
            time_max: Duration::from_secs(10),
            memory_bytes_max: 500 * 1024 * 1024,
            file_bytes_max: 200 * 1024 * 1024,
        }
    }

    /// Has a file read and written anew.
    ///
    /// # Errors
    /// [`Refusal`]; [`Refusal::Crashed`] also when the process cannot be started.
    pub fn clean(&self, bytes: &[u8], password: Option<&str>) -> Result<Clean, Refusal> {
        if bytes.len() as u64 > self.file_bytes_max {
            return Err(Refusal::TooLarge);
        }
        self.run(
            bytes,
            &Job {
                password: password.map(str::to_owned),
                ..Job::default()
            },
        )
    }

    /// Has a page drawn. Shape: PNG. Units: `page` from 1, `width` in pixels.
    ///
    /// # Errors
    /// As [`Self::clean`].
    pub fn picture(&self, bytes: &[u8], page: usize, width: u16) -> Result<Vec<u8>, Refusal> {
        let look = Some((page, width));
        let job = Job {
            look,
            ..Job::default()
        };
        Ok(self.run(bytes, &job)?.bytes)
    }

    /// Has the words of each page told, or of each part of a file that is no PDF; see
    /// [`crate::text()`] and [`crate::OtherWords`].
    ///
    /// # Errors
    /// As [`Self::clean`].
    pub fn text(&self, bytes: &[u8]) -> Result<Vec<Words>, Refusal> {
        let job = Job {
            words: true,
            ..Job::default()
        };
        let answer = self.run(self.fit(bytes)?, &job)?;
        serde_json::from_slice(&answer.bytes).map_err(|_| Refusal::Crashed)
    }

    /// Has the places of a blank told.
    ///
    /// # Errors
    /// As [`Self::clean`].
    pub fn blank_look(&self, bytes: &[u8]) -> Result<Vec<Spot>, Refusal> {
        let job = Job {
            blank: Some(crate::blank::Job::Look),
            ..Job::default()
        };
        let answer = self.run(self.fit(bytes)?, &job)?;
        serde_json::from_slice(&answer.bytes).map_err(|_| Refusal::Crashed)
    }

    /// Has a blank filled; see [`crate::blank::put`].
    ///
    /// # Errors
    /// As [`Self::clean`].
    pub fn blank_put(&self, bytes: &[u8], values: &[Put], sheet: &[u8]) -> Result<Filled, Refusal> {
        let job = Job {
            blank: Some(crate::blank::Job::Put {
                values: values.to_vec(),
                sheet_bytes: sheet.len(),
            }),
            ..Job::default()
        };
        let answer = self.run(&[self.fit(bytes)?, sheet].concat(), &job)?;
        Ok(Filled {
            bytes: answer.bytes,
            lost: answer.sheet.lost,
        })
    }

    fn fit<'a>(&self, bytes: &'a [u8]) -> Result<&'a [u8], Refusal> {
        match bytes.len() as u64 > self.file_bytes_max {
            true => Err(Refusal::TooLarge),
            false => Ok(bytes),
        }
    }

    fn run(&self, bytes: &[u8], job: &Job) -> Result<Clean, Refusal> {
        let job = head(job);
        let job = job.map_err(|_| Refusal::Crashed)?;
        let mut child = Command::new(&self.program)
            .args(&self.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| Refusal::Crashed)?;
        let answer = self.talk(&mut child, &job, bytes);
        // It has answered, or it is to end now; both ways nothing of it stays.
        let _ = child.kill();
        let _ = child.wait();
        let answer = answer?;
        let (answer, file) = read_answer(&answer).ok_or(Refusal::Crashed)?;
        answer.map(|sheet| Clean {
            sheet,
            bytes: file.to_vec(),
        })
    }

    fn talk(&self, child: &mut Child, job: &[u8], bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
        let (Some(mut input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Refusal::Crashed);
        };
        let id = child.id();
        thread::scope(|scope| {
            scope.spawn(move || {
                // A process that ended takes no more; its answer says why.
                let _ = input.write_all(job).and_then(|()| input.write_all(bytes));
            });
            let (done, answered) = mpsc::channel();
            scope.spawn(move || {
                let mut answer = Vec::new();
                let read = output.read_to_end(&mut answer);
                let _ = done.send(read.map(|_| answer).map_err(|_| Refusal::Crashed));
            });
            let ticks = self.time_max.as_millis() / TICK.as_millis();
            for _ in 0..ticks {
                match answered.recv_timeout(TICK) {
                    Ok(answer) => return answer,
                    Err(RecvTimeoutError::Disconnected) => return Err(Refusal::Crashed),
                    Err(RecvTimeoutError::Timeout) => {}
                }
                if memory_bytes(id).is_some_and(|bytes| bytes > self.memory_bytes_max) {
                    // Ending it also ends the two threads.
                    let _ = child.kill();
                    return Err(Refusal::TooLarge);
                }
            }
            let _ = child.kill();
            Err(Refusal::TooSlow)
        })
    }
}

/// How much memory a process has; `None` where the system does not tell.
fn memory_bytes(id: u32) -> Option<u64> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024)
}

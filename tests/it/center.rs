//! A center of a story: the real `pidesk-center` on loopback.

use crate::laptop::program;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A running center; stopped when dropped.
pub(crate) struct Center {
    folder: tempfile::TempDir,
    serve: Child,
    /// Its address.
    pub(crate) url: String,
}

impl Center {
    /// Starts one on a free port.
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let (serve, url) = serve(folder.path(), "127.0.0.1:0");
        Self { folder, serve, url }
    }

    /// Ends it as a power cut does and starts it again at the same address.
    pub(crate) fn restart(&mut self) {
        let _ = self.serve.kill();
        let _ = self.serve.wait();
        let at = self.url.trim_start_matches("http://");
        self.serve = serve(self.folder.path(), at).0;
    }

    /// The number of its process.
    pub(crate) fn pid(&self) -> u32 {
        self.serve.id()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    fn manage(&self, words: &[&str]) -> String {
        let output = Command::new(program("pidesk-center"))
            .args(words)
            .arg("--data")
            .arg(self.data())
            .output()
            .expect("pidesk-center starts");
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "pidesk-center {words:?}: {out}{err}"
        );
        out
    }

    /// Hands out a year's table of working days.
    pub(crate) fn hand_out_year(&self, table: &str) {
        let file = self.folder.path().join("year.json");
        std::fs::write(&file, table).expect("a file");
        self.manage(&["year", "--file", file.to_str().expect("text")]);
    }

    /// A one-time code for a person's laptop.
    pub(crate) fn invite(&self, user: &str) -> String {
        let out = self.manage(&["invite", "--user", user]);
        out.lines().last().expect("the code").trim().to_owned()
    }

    /// Lets a person into a study.
    pub(crate) fn grant(&self, study: &str, user: &str, role: &str) {
        self.manage(&["grant", "--study", study, "--user", user, "--role", role]);
    }
}

/// A process that serves, and its address.
fn serve(folder: &Path, listen: &str) -> (Child, String) {
    let mut serve = Command::new(program("pidesk-center"))
        .args(["serve", "--listen", listen, "--data"])
        .arg(folder)
        .stdout(Stdio::piped())
        .spawn()
        .expect("pidesk-center starts");
    let stdout = serve.stdout.take().expect("piped");
    let mut url = String::new();
    BufReader::new(stdout)
        .read_line(&mut url)
        .expect("the center prints its address");
    (serve, url.trim().to_owned())
}

impl Drop for Center {
    fn drop(&mut self) {
        let _ = self.serve.kill();
        let _ = self.serve.wait();
    }
}

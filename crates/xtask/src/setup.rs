//! Installs what is missing: system packages, npm packages, fonts. Leaves alone what is there.

use crate::{Failure, fonts, shell, tree};
use std::path::Path;

/// What the machine is set up for; each includes the one before.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum For {
    /// Building and opening the app.
    Build,
    /// Opening it where there is no display.
    Picture,
    /// Everything that the tests use.
    Test,
}

/// Debian packages: from when on they are needed, the name, and how another Linux shows that it
/// has the same (a program on the path, or a library for pkg-config).
const PACKAGES: [(For, &str, Shown); 18] = [
    (For::Build, "build-essential", Shown::Program("cc")),
    (For::Build, "pkg-config", Shown::Program("pkg-config")),
    (
        For::Build,
        "libwebkit2gtk-4.1-dev",
        Shown::Library("webkit2gtk-4.1"),
    ),
    (For::Picture, "xvfb", Shown::Program("xvfb-run")),
    (For::Picture, "xauth", Shown::Program("xauth")),
    (For::Picture, "imagemagick", Shown::Program("import")),
    // Without it every Chinese character in the window is an empty box, and nothing fails.
    (For::Picture, "fonts-noto-cjk", Shown::Font),
    (
        For::Test,
        "webkit2gtk-driver",
        Shown::Program("WebKitWebDriver"),
    ),
    (For::Test, "git", Shown::Program("git")),
    (For::Test, "dbus", Shown::Program("dbus-run-session")),
    (For::Test, "poppler-utils", Shown::Program("pdftotext")),
    (For::Test, "qpdf", Shown::Program("qpdf")),
    (For::Test, "strace", Shown::Program("strace")),
    // What makes the file systems whose power is cut.
    (For::Test, "e2fsprogs", Shown::Program("mkfs.ext4")),
    // What the center's tests start as their own database server.
    (For::Test, "postgresql", Shown::Program("psql")),
    // What the reading of Word files is compared with.
    (For::Test, "pandoc", Shown::Program("pandoc")),
    // What reads the calendars and cards that we write.
    (
        For::Test,
        "python3-icalendar",
        Shown::PythonModule("icalendar"),
    ),
    (For::Test, "python3-vobject", Shown::PythonModule("vobject")),
];

/// How a package shows where dpkg is not asked.
#[derive(Clone, Copy)]
enum Shown {
    Program(&'static str),
    Library(&'static str),
    Font,
    PythonModule(&'static str),
}

/// Sets up packages of the system, of npm, and the fonts.
pub(crate) fn everything(root: &Path, purpose: For) -> Result<(), Failure> {
    packages(root, purpose)?;
    npm(root)?;
    fonts()
}

/// The faces for documents.
pub(crate) fn fonts() -> Result<(), Failure> {
    fonts::run().map_err(|failure| Failure::Fonts(failure.to_string()))
}

fn packages(root: &Path, purpose: For) -> Result<(), Failure> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let on_debian =
        shell::works("dpkg-query", &["--version"]) && shell::works("apt-get", &["--version"]);
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(from, name, shown)| {
            *from <= purpose
                && !if on_debian {
                    has_package(name)
                } else {
                    is_shown(*shown)
                }
        })
        .map(|(_, name, _)| *name)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    if !on_debian {
        return Err(Failure::Packages(
            missing.into_iter().map(str::to_owned).collect(),
        ));
    }
    shell::say(&format!("installing {}", missing.join(" ")));
    apt(root, &["update", "-q"])?;
    let mut install = vec![
        "install",
        "-yq",
        "--no-install-recommends",
        "-o",
        "DPkg::Lock::Timeout=300",
        "-o",
        "Acquire::Retries=3",
    ];
    install.extend(missing);
    apt(root, &install)
}

fn apt(root: &Path, arguments: &[&str]) -> Result<(), Failure> {
    let is_root = shell::output(shell::command(root, "id", ["-u"]))?.trim() == "0";
    let mut words = vec!["DEBIAN_FRONTEND=noninteractive", "apt-get"];
    words.extend(arguments);
    let program = if is_root { "env" } else { "sudo" };
    shell::run(shell::command(root, program, words))
}

fn has_package(name: &str) -> bool {
    let query = std::process::Command::new("dpkg-query")
        .args(["-W", "-f=${Status}", name])
        .output();
    query.is_ok_and(|out| String::from_utf8_lossy(&out.stdout) == "install ok installed")
}

fn is_shown(shown: Shown) -> bool {
    match shown {
        Shown::Program(name) => shell::works("sh", &["-c", &format!("command -v {name}")]),
        Shown::Library(name) => shell::works("pkg-config", &["--exists", name]),
        Shown::PythonModule(name) => shell::works("python3", &["-c", &format!("import {name}")]),
        Shown::Font => shell::works("sh", &["-c", "fc-list :lang=zh-cn | grep -q ."]),
    }
}

fn npm(root: &Path) -> Result<(), Failure> {
    let inputs = ["ui/package.json", "ui/package-lock.json"];
    tree::once(
        root,
        "npm",
        &inputs,
        "ui/node_modules/.package-lock.json",
        || {
            shell::say("npm ci");
            let quiet = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
            shell::run(shell::command(&root.join("ui"), "npm", quiet))
        },
    )
}

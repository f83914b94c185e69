//! `cargo xtask fonts`: fills `/fonts` with the faces that documents are set in.
//!
//! The faces come from npm packages at fixed versions, through the ordinary `npm` client; each
//! face must have the SHA-256 written here, else nothing is put in place. Faces that are there and
//! right are left alone, so a second run needs no network.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fmt, fs, io};

/// A package with the files that are wanted from it: path in the package, name here, SHA-256.
struct Package {
    name: &'static str,
    version: &'static str,
    files: &'static [(&'static str, &'static str, &'static str)],
}

/// Every package of faces; all are under the SIL Open Font License 1.1, whose text comes along.
const PACKAGES: [Package; 5] = [
    Package {
        name: "@expo-google-fonts/noto-serif-sc",
        version: "0.4.3",
        files: &[
            (
                "400Regular/NotoSerifSC_400Regular.ttf",
                "NotoSerifSC-Regular.ttf",
                "c358a69de3df5f423a8946a7b03e3126fb6ba116f1130a463455b4e39e1f0742",
            ),
            (
                "700Bold/NotoSerifSC_700Bold.ttf",
                "NotoSerifSC-Bold.ttf",
                "9c6a2ba736e4b499c84f65ce366bd3625c0401885fd3e585ace50fb738b96ff6",
            ),
            (
                "LICENSE_FONT",
                "LICENSE-NotoSerifSC.txt",
                "5e0da210fb04058a8c0087985d2d456b931c2579811a49655721d3cf0c36b6d6",
            ),
        ],
    },
    Package {
        name: "@expo-google-fonts/noto-sans-sc",
        version: "0.4.3",
        files: &[
            (
                "400Regular/NotoSansSC_400Regular.ttf",
                "NotoSansSC-Regular.ttf",
                "d45f67f0a7c0ca3f256950777ce6a61cc7ce5f9696d02900cbbaac25f8aa7d16",
            ),
            (
                "700Bold/NotoSansSC_700Bold.ttf",
                "NotoSansSC-Bold.ttf",
                "9a38ae0ab28cd5a256f9ea8e00dedc688aac17f7915fcb000572990afa956b96",
            ),
            (
                "LICENSE_FONT",
                "LICENSE-NotoSansSC.txt",
                "1c05c68c34f9708415aada51f17e1b0092d2cea709bf4a94cd38114f9e73d7d9",
            ),
        ],
    },
    Package {
        name: "@expo-google-fonts/noto-serif",
        version: "0.4.2",
        files: &[
            (
                "400Regular/NotoSerif_400Regular.ttf",
                "NotoSerif-Regular.ttf",
                "a7e8ea1ab7e7d368b001c892d6148325fffc849a46e030e55e1bdc597bbe939d",
            ),
            (
                "400Regular_Italic/NotoSerif_400Regular_Italic.ttf",
                "NotoSerif-Italic.ttf",
                "15d5f8050fc1f142545e7a26a50bd07a0434eca535d4d98aad9d5e8f03741e43",
            ),
            (
                "700Bold/NotoSerif_700Bold.ttf",
                "NotoSerif-Bold.ttf",
                "1b941681106aae26ead3a24c6f15b51f994b1b26adce8742a37ce96648f0fe0a",
            ),
            (
                "LICENSE_FONT",
                "LICENSE-NotoSerif.txt",
                "cee9892f9f0cc8fe882c9e9537ee6a89621d86ee7ceaf70b02e2b2b1c25c061a",
            ),
        ],
    },
    Package {
        name: "@expo-google-fonts/noto-sans",
        version: "0.4.2",
        files: &[
            (
                "400Regular/NotoSans_400Regular.ttf",
                "NotoSans-Regular.ttf",
                "fe8c022f48d8dd29f17b744d16f9346f4357e16f7d4f7be58b000ae7c291b614",
            ),
            (
                "700Bold/NotoSans_700Bold.ttf",
                "NotoSans-Bold.ttf",
                "13a813c49624ae3ba3c5c6e72c5ebffc4b9e1e6ea32f421c04069b037c6ad431",
            ),
            (
                "LICENSE_FONT",
                "LICENSE-NotoSans.txt",
                "cee9892f9f0cc8fe882c9e9537ee6a89621d86ee7ceaf70b02e2b2b1c25c061a",
            ),
        ],
    },
    Package {
        name: "@expo-google-fonts/noto-sans-symbols-2",
        version: "0.4.1",
        files: &[
            (
                "400Regular/NotoSansSymbols2_400Regular.ttf",
                "NotoSansSymbols2-Regular.ttf",
                "f67f40c65f929f029827ab37cfdc4897dfd9ae3c28d9e98ba46e0d52e39eb97e",
            ),
            (
                "LICENSE_FONT",
                "LICENSE-NotoSansSymbols2.txt",
                "b118dd41337806a5d4797052c77caf3bd096aed783e5eb21b4d11154351e1ac0",
            ),
        ],
    },
];

/// Why the faces could not be put in place.
#[derive(Debug)]
pub(crate) enum FontsError {
    /// npm could not be started.
    NoNpm(io::Error),
    /// npm came back with a fault; it has said why.
    Npm(&'static str),
    /// A file is not the one that is pinned here.
    OtherFile {
        /// The file.
        path: PathBuf,
        /// Its SHA-256.
        found: String,
    },
    /// A file could not be read or written.
    Io(PathBuf, io::Error),
}

impl fmt::Display for FontsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoNpm(source) => write!(f, "npm cannot be started ({source}); install Node.js"),
            Self::Npm(package) => write!(f, "npm could not fetch {package}"),
            Self::OtherFile { path, found } => write!(
                f,
                "{} is not the file that is pinned (its SHA-256 is {found}); nothing was changed",
                path.display()
            ),
            Self::Io(path, source) => write!(f, "{}: {source}", path.display()),
        }
    }
}

impl std::error::Error for FontsError {}

/// Puts every face into `/fonts` at the root of the repository.
///
/// # Errors
/// When npm or the registry cannot be reached, or a file is not the pinned one.
pub(crate) fn run() -> Result<(), FontsError> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = root.join("fonts");
    fs::create_dir_all(&folder).map_err(|e| FontsError::Io(folder.clone(), e))?;
    let mut fetched = 0;
    for package in &PACKAGES {
        if !is_complete(package, &folder) {
            fetch(package, &root.join("target").join("fonts"), &folder)?;
            fetched += 1;
        }
    }
    match fetched {
        0 => println!("fonts: all there"),
        n => println!("fonts: {n} packages put into fonts/"),
    }
    Ok(())
}

fn is_complete(package: &Package, folder: &Path) -> bool {
    package.files.iter().all(|(_, name, pinned)| {
        fs::read(folder.join(name)).is_ok_and(|bytes| sha256(&bytes) == *pinned)
    })
}

/// Fetches a package beside the build's other products and copies what is wanted.
fn fetch(package: &Package, work: &Path, folder: &Path) -> Result<(), FontsError> {
    let io_error = |path: &Path| {
        let path = path.to_owned();
        move |source| FontsError::Io(path, source)
    };
    fs::create_dir_all(work).map_err(io_error(work))?;
    // An own package.json keeps npm from looking for one in the folders above.
    let manifest = work.join("package.json");
    fs::write(&manifest, "{\"private\": true}\n").map_err(io_error(&manifest))?;
    println!("fonts: {} {}", package.name, package.version);
    let program = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let status = Command::new(program)
        .args([
            "install",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-save",
            "--silent",
        ])
        .arg(format!("{}@{}", package.name, package.version))
        .current_dir(work)
        .status()
        .map_err(FontsError::NoNpm)?;
    if !status.success() {
        return Err(FontsError::Npm(package.name));
    }
    let source = work.join("node_modules").join(package.name);
    let mut faces = Vec::new();
    for (path, name, pinned) in package.files {
        let path = source.join(path);
        let bytes = fs::read(&path).map_err(io_error(&path))?;
        let found = sha256(&bytes);
        if found != *pinned {
            return Err(FontsError::OtherFile { path, found });
        }
        faces.push((folder.join(name), bytes));
    }
    for (path, bytes) in faces {
        // Written beside and renamed: a torn face never has the right name.
        let part = path.with_extension("part");
        fs::write(&part, bytes).map_err(io_error(&part))?;
        fs::rename(&part, &path).map_err(io_error(&path))?;
    }
    // The packages carry every weight; what is not wanted goes.
    fs::remove_dir_all(&source).map_err(io_error(&source))
}

fn sha256(bytes: &[u8]) -> String {
    HEXLOWER.encode(&Sha256::digest(bytes))
}

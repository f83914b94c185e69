//! Where a vault may live: on a disk of this laptop that no other program copies about.
//!
//! A syncing service copies the database and its log at different moments, and a network share
//! does not keep the promises that write-ahead logging rests on; both lose data quietly.

use std::env;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::error::VaultError;

/// Why a folder is unsuitable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsuitable {
    /// A service copies the folder to a cloud.
    Cloud(String),
    /// The folder is on another machine.
    Network(String),
    /// Windows carries the folder from machine to machine.
    Roaming,
}

impl fmt::Display for Unsuitable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cloud(name) => write!(f, "{name} copies it"),
            Self::Network(name) => write!(f, "it is on a network ({name})"),
            Self::Roaming => f.write_str("it belongs to a roaming profile"),
        }
    }
}

impl Unsuitable {
    /// The key of the words for the person.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cloud(_) => "vault.folder_cloud",
            Self::Network(_) => "vault.folder_network",
            Self::Roaming => "vault.folder_roaming",
        }
    }

    /// The name of the service or of the kind of share.
    pub fn place(&self) -> &str {
        match self {
            Self::Cloud(name) | Self::Network(name) => name,
            Self::Roaming => "AppData/Roaming",
        }
    }
}

/// A mounted file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// Where it is mounted.
    pub at: PathBuf,
    /// Its kind, as the kernel calls it.
    pub kind: String,
}

/// What this machine knows about its folders.
#[derive(Clone, Debug, Default)]
pub struct Surroundings {
    /// Mounted file systems.
    pub mounts: Vec<Mount>,
    /// Folders that a service announced as its own, with the service's name.
    pub cloud_roots: Vec<(PathBuf, String)>,
}

impl Surroundings {
    /// Reads them from the machine.
    pub fn of_this_machine() -> Self {
        let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap_or_default();
        // Windows sets these for the signed-in person.
        let announced = ["OneDrive", "OneDriveCommercial", "OneDriveConsumer"];
        let cloud_roots = announced
            .iter()
            .filter_map(env::var_os)
            .filter(|root| !root.is_empty())
            .map(|root| (PathBuf::from(root), "OneDrive".to_owned()))
            .collect();
        Self {
            mounts: read_mounts(&mounts),
            cloud_roots,
        }
    }
}

/// Refuses a folder where a vault would come to harm; the folder need not exist yet.
///
/// # Errors
/// [`VaultError::UnsuitableFolder`].
pub fn check_place(dir: &Path, around: &Surroundings) -> Result<(), VaultError> {
    let real = resolve(dir);
    match cloud(&real, around)
        .or_else(|| network(&real, around))
        .or_else(|| roaming(&real))
    {
        Some(reason) => Err(VaultError::UnsuitableFolder {
            dir: dir.to_owned(),
            reason,
        }),
        None => Ok(()),
    }
}

/// Names that the services give to their folders: the whole name, or its beginning.
const CLOUD_NAMES: &[(&str, &str)] = &[
    ("onedrive", "OneDrive"),
    ("dropbox", "Dropbox"),
    ("nutstore", "坚果云 Nutstore"),
    ("坚果云", "坚果云 Nutstore"),
    ("我的坚果云", "坚果云 Nutstore"),
    ("icloud drive", "iCloud"),
    ("iclouddrive", "iCloud"),
    ("com~apple~clouddocs", "iCloud"),
    ("mobile documents", "iCloud"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("google 云端硬盘", "Google Drive"),
    ("我的云端硬盘", "Google Drive"),
    ("baidusyncdisk", "百度网盘"),
    ("百度网盘同步空间", "百度网盘"),
    ("wpsdrive", "WPS 云盘"),
    ("wps云盘", "WPS 云盘"),
];

/// What follows the name when it is only the beginning: "OneDrive - Hospital", "Dropbox (Work)".
const CLOUD_NAME_ENDS: &[char] = &[' ', '-', '(', '（'];

/// Folders that a service leaves at the top of what it copies.
const CLOUD_MARKS: &[(&str, &str)] = &[(".dropbox.cache", "Dropbox"), (".stfolder", "Syncthing")];

fn cloud(dir: &Path, around: &Surroundings) -> Option<Unsuitable> {
    let named = dir
        .components()
        .find_map(|part| cloud_name(part.as_os_str()));
    let announced = || {
        let root = around
            .cloud_roots
            .iter()
            .find(|(root, _)| dir.starts_with(root));
        root.map(|(_, name)| name.as_str())
    };
    let marked = || {
        dir.ancestors().find_map(|folder| {
            let mark = CLOUD_MARKS
                .iter()
                .find(|(mark, _)| folder.join(mark).is_dir())?;
            Some(mark.1)
        })
    };
    named
        .or_else(announced)
        .or_else(marked)
        .map(|name| Unsuitable::Cloud(name.to_owned()))
}

fn cloud_name(part: &OsStr) -> Option<&'static str> {
    let part = part.to_str()?.to_lowercase();
    let known = CLOUD_NAMES.iter().find(|(name, _)| {
        part.strip_prefix(name)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(CLOUD_NAME_ENDS))
    })?;
    Some(known.1)
}

/// Kinds of file system that are on another machine.
const NETWORK_KINDS: &[&str] = &[
    "nfs",
    "nfs3",
    "nfs4",
    "cifs",
    "smb",
    "smb2",
    "smb3",
    "smbfs",
    "afs",
    "ncpfs",
    "coda",
    "ceph",
    "glusterfs",
    "lustre",
    "beegfs",
    "davfs",
    "afpfs",
    "webdav",
    "fuse.sshfs",
    "fuse.davfs2",
    "fuse.rclone",
    "fuse.glusterfs",
    "fuse.ceph",
    "fuse.smbnetfs",
    "fuse.curlftpfs",
    "fuse.s3fs",
    "fuse.gvfsd-fuse",
    "fuse.google-drive-ocamlfuse",
    "fuse.onedriver",
];

fn network(dir: &Path, around: &Surroundings) -> Option<Unsuitable> {
    if is_unc(&dir.to_string_lossy()) {
        return Some(Unsuitable::Network("UNC".to_owned()));
    }
    // The mount with the longest path above the folder; of several at one place the last one.
    let above = around
        .mounts
        .iter()
        .filter(|mount| dir.starts_with(&mount.at));
    let mount = above.max_by_key(|mount| mount.at.components().count())?;
    NETWORK_KINDS
        .contains(&mount.kind.as_str())
        .then(|| Unsuitable::Network(mount.kind.clone()))
}

/// `\\server\share`, also in the long form `\\?\UNC\server`, but not the long form of a local disk.
fn is_unc(path: &str) -> bool {
    match path.strip_prefix(r"\\?\") {
        Some(long) => long.to_ascii_uppercase().starts_with(r"UNC\"),
        None => path.starts_with(r"\\") && !path.starts_with(r"\\.\"),
    }
}

fn roaming(dir: &Path) -> Option<Unsuitable> {
    let text = dir.to_string_lossy().replace('\\', "/").to_lowercase();
    format!("{text}/")
        .contains("/appdata/roaming/")
        .then_some(Unsuitable::Roaming)
}

/// The path with links followed, as far as it exists.
fn resolve(dir: &Path) -> PathBuf {
    let absolute = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    for known in absolute.ancestors() {
        if let Ok(real) = known.canonicalize()
            && let Ok(rest) = absolute.strip_prefix(known)
        {
            return if rest.as_os_str().is_empty() {
                real
            } else {
                real.join(rest)
            };
        }
    }
    absolute
}

/// Reads `/proc/self/mountinfo`.
///
/// Source: proc_pid_mountinfo(5).
fn read_mounts(text: &str) -> Vec<Mount> {
    text.lines().filter_map(read_mount).collect()
}

fn read_mount(line: &str) -> Option<Mount> {
    let (left, right) = line.split_once(" - ")?;
    let at = left.split(' ').nth(4)?;
    let kind = right.split(' ').next()?;
    // The kernel writes four characters as octal.
    let at = at
        .replace(r"\040", " ")
        .replace(r"\011", "\t")
        .replace(r"\012", "\n")
        .replace(r"\134", r"\");
    Some(Mount {
        at: PathBuf::from(at),
        kind: kind.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
1 0 0:1 / / rw - overlay overlay rw,lowerdir=/a
2 1 0:2 / /home rw - ext4 /dev/sda1 rw
3 2 0:3 / /home/li/share rw - cifs //srv/share rw
4 2 0:4 / /home/li/my\\040disk rw shared:5 - nfs4 srv:/x rw
5 3 0:5 / /home/li/share/usb rw - vfat /dev/sdb1 rw
6 1 0:6 / /mnt/ssh rw - fuse.sshfs li@srv: rw
7 1 0:7 / /data rw - 9p none rw";

    #[track_caller]
    fn check(dir: &str, expected: Option<Unsuitable>) {
        let around = Surroundings {
            mounts: read_mounts(MOUNTS),
            cloud_roots: vec![(PathBuf::from("/home/li/Firm"), "OneDrive".to_owned())],
        };
        let reason = match check_place(Path::new(dir), &around) {
            Err(VaultError::UnsuitableFolder { reason, .. }) => Some(reason),
            Err(other) => panic!("{other}"),
            Ok(()) => None,
        };
        assert_eq!(reason, expected, "{dir}");
    }

    #[test]
    fn ordinary_folders_pass() {
        for dir in [
            "/home/li/PI Desk",
            "/opt/pidesk",
            "/data/vault",
            "/home/li/share/usb/vault",
            "/home/li/Dropboxes/vault",
            "/home/li/Firmware",
            "/home/li/shared",
        ] {
            check(dir, None);
        }
    }

    #[test]
    fn f13_folders_of_cloud_services_are_refused() {
        for (dir, name) in [
            ("/home/li/OneDrive/vault", "OneDrive"),
            ("/home/li/OneDrive - Ruijin Hospital/vault", "OneDrive"),
            ("/home/li/Firm/vault", "OneDrive"),
            ("/home/li/Dropbox (Personal)/vault", "Dropbox"),
            ("/home/li/Nutstore/vault", "坚果云 Nutstore"),
            ("/home/li/我的坚果云/课题", "坚果云 Nutstore"),
            ("/home/li/iCloud Drive/vault", "iCloud"),
            (
                "/Users/li/Library/Mobile Documents/com~apple~CloudDocs/v",
                "iCloud",
            ),
            (
                "/Users/li/Library/CloudStorage/GoogleDrive-li@x.cn/v",
                "Google Drive",
            ),
            ("/home/li/BaiduSyncdisk/v", "百度网盘"),
        ] {
            check(dir, Some(Unsuitable::Cloud(name.to_owned())));
        }
    }

    #[test]
    fn f13_folders_on_a_network_are_refused() {
        for (dir, kind) in [
            ("/home/li/share/vault", "cifs"),
            ("/home/li/my disk/vault", "nfs4"),
            ("/mnt/ssh", "fuse.sshfs"),
        ] {
            check(dir, Some(Unsuitable::Network(kind.to_owned())));
        }
    }

    #[test]
    fn shares_of_windows_are_told_from_long_paths() {
        for (path, expected) in [
            (r"\\server\share\vault", true),
            (r"\\?\UNC\server\share", true),
            (r"\\?\C:\Users\li\vault", false),
            (r"\\.\C:\vault", false),
            (r"C:\Users\li\vault", false),
        ] {
            assert_eq!(is_unc(path), expected, "{path}");
        }
    }

    #[test]
    fn f13_a_roaming_profile_is_refused_and_the_local_one_is_not() {
        let roams = |text: &str| roaming(Path::new(text)).is_some();
        assert!(roams(r"C:\Users\li\AppData\Roaming\PI Desk"));
        assert!(!roams(r"C:\Users\li\AppData\Local\PI Desk"));
    }

    #[test]
    fn marks_of_a_service_and_links_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let copied = folder.path().join("papers");
        fs::create_dir_all(copied.join(".dropbox.cache")).unwrap();
        let around = Surroundings::default();
        assert!(check_place(&copied.join("deep/vault"), &around).is_err());
        assert!(check_place(&folder.path().join("other"), &around).is_ok());
        #[cfg(unix)]
        {
            let link = folder.path().join("link");
            std::os::unix::fs::symlink(&copied, &link).unwrap();
            assert!(check_place(&link.join("vault"), &around).is_err());
        }
    }

    #[test]
    fn the_temporary_folder_of_this_machine_passes() {
        let folder = tempfile::tempdir().unwrap();
        check_place(folder.path(), &Surroundings::of_this_machine()).unwrap();
    }
}

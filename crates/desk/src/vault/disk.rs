//! Writing small files so that a power cut leaves the old or the new one, never half of one.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

/// The few steps of writing a file safely; a test cuts the power between any two.
pub(crate) trait Disk: Send {
    /// Writes a whole file, new or not.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Waits until a file's bytes are on the disk.
    fn sync(&self, path: &Path) -> io::Result<()>;
    /// Gives a file another name, replacing what had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Waits until a folder's names are on the disk.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
}

/// The disk of this machine.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RealDisk;

impl Disk for RealDisk {
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        patiently(|| create_private(path)?.write_all(bytes))
    }

    fn sync(&self, path: &Path) -> io::Result<()> {
        OpenOptions::new().write(true).open(path)?.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        patiently(|| fs::rename(from, to))
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        // Windows keeps names in its own journal and gives no handle for this.
        if cfg!(unix) {
            File::open(path)?.sync_all()
        } else {
            Ok(())
        }
    }
}

/// An empty file that only its owner may read.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    owner_only(&mut options);
    options.open(path)
}

/// Writes a file beside `path` and puts it in its place: all of it or nothing.
pub(crate) fn write_whole(disk: &dyn Disk, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let staged = path.with_added_extension("new");
    disk.write(&staged, bytes)?;
    disk.sync(&staged)?;
    disk.rename(&staged, path)?;
    disk.sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// How long a virus scanner or an indexer may hold a file before it counts as a failure.
const PATIENCE_MS: u64 = 30_000;
const PAUSE_MS: u64 = 100;

/// Tries again while another program holds the file, which only Windows reports in this way.
fn patiently<T>(action: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    let tries = if cfg!(windows) {
        PATIENCE_MS / PAUSE_MS
    } else {
        1
    };
    try_again(
        tries,
        || thread::sleep(Duration::from_millis(PAUSE_MS)),
        action,
    )
}

fn try_again<T>(
    tries: u64,
    pause: impl Fn(),
    mut action: impl FnMut() -> io::Result<T>,
) -> io::Result<T> {
    let mut left = tries;
    loop {
        left = left.saturating_sub(1);
        match action() {
            Err(error) if left > 0 && is_held(&error) => pause(),
            result => return result,
        }
    }
}

fn is_held(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::PermissionDenied | io::ErrorKind::ResourceBusy
    )
}

#[cfg(unix)]
fn owner_only(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600);
}

#[cfg(not(unix))]
fn owner_only(_options: &mut OpenOptions) {}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn f14_waits_for_a_scanner_and_gives_up_in_the_end() {
        let held = || io::Error::from(io::ErrorKind::PermissionDenied);
        let (n, pauses) = (Cell::new(0), Cell::new(0));
        let third = try_again(
            5,
            || pauses.set(pauses.get() + 1),
            || {
                n.set(n.get() + 1);
                if n.get() < 3 {
                    Err(held())
                } else {
                    Ok(n.get())
                }
            },
        );
        assert_eq!((third.unwrap(), pauses.get()), (3, 2));
        n.set(0);
        let never: io::Result<()> = try_again(
            5,
            || {},
            || {
                n.set(n.get() + 1);
                Err(held())
            },
        );
        assert_eq!(
            (never.unwrap_err().kind(), n.get()),
            (io::ErrorKind::PermissionDenied, 5)
        );
    }

    #[test]
    fn another_failure_is_told_at_once() {
        let n = Cell::new(0);
        let result: io::Result<()> = try_again(
            5,
            || {},
            || {
                n.set(n.get() + 1);
                Err(io::Error::from(io::ErrorKind::StorageFull))
            },
        );
        assert_eq!(
            (result.unwrap_err().kind(), n.get()),
            (io::ErrorKind::StorageFull, 1)
        );
    }
}

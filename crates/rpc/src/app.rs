//! The running program without a face: the open vault, jobs, the background exchange.

use crate::failure::{Failure, FailureKind};
use crate::places::Places;
use crate::work::contact::ReadContacts;
use crate::work::import::ReadRecord;
use crate::work::milestones::ReadMilestones;
use crate::work::word::ReadWord;
use crate::{Event, Host};
use desk::vault::Keychain;
use desk::{Desk, DeskError, Env};
use model::Lang;
use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

/// Everything that handlers share. Cheap to clone.
pub struct App<H: Host>(Arc<Inner<H>>);

impl<H: Host> Clone for App<H> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// What an [`App`] shares; its parts are this crate's own.
pub struct Inner<H> {
    pub(crate) host: H,
    pub(crate) env: Env,
    pub(crate) places: Places,
    pub(crate) keychain: Option<Arc<dyn Keychain>>,
    pub(crate) kdf: desk::vault::Kdf,
    pub(crate) desk: Arc<Mutex<Option<Desk>>>,
    pub(crate) jobs: Mutex<HashMap<u32, Job>>,
    pub(crate) sync: crate::work::sync::Background,
    next_job: AtomicU32,
}

/// A long job: its stop sign, and what was read for a preview that waits for the person.
#[derive(Default)]
pub(crate) struct Job {
    pub(crate) stop: Arc<AtomicBool>,
    pub(crate) records: Vec<ReadRecord>,
    pub(crate) word: Option<ReadWord>,
    pub(crate) contacts: Option<ReadContacts>,
    pub(crate) milestones: Option<ReadMilestones>,
    pub(crate) package: Option<Arc<crate::work::package::Made>>,
}

/// What the program around the app gives it.
pub struct Start<H> {
    /// The face of the machine.
    pub host: H,
    /// Clock, entropy, version.
    pub env: Env,
    /// Folders of this laptop.
    pub places: Places,
    /// The system's keychain, or none.
    pub keychain: Option<Arc<dyn Keychain>>,
    /// How costly a guess at a passphrase is.
    pub kdf: desk::vault::Kdf,
}

impl Job {
    /// Whether a file of it waits for the person.
    pub(crate) fn is_waiting(&self) -> bool {
        self.word.is_some()
            || self.contacts.is_some()
            || self.milestones.is_some()
            || self.package.is_some()
    }
}

impl<H: Host> std::ops::Deref for App<H> {
    type Target = Inner<H>;
    fn deref(&self) -> &Inner<H> {
        &self.0
    }
}

impl<H: Host> App<H> {
    /// Starts without an open vault.
    pub fn new(start: Start<H>) -> Self {
        Self(Arc::new(Inner {
            host: start.host,
            env: start.env,
            places: start.places,
            keychain: start.keychain,
            kdf: start.kdf,
            desk: Arc::default(),
            jobs: Mutex::default(),
            sync: crate::work::sync::Background::default(),
            next_job: AtomicU32::new(1),
        }))
    }

    /// Runs work on the open vault away from the async threads.
    pub(crate) async fn with_desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> Result<T, DeskError> + Send + 'static,
    ) -> Result<T, Failure> {
        let desk = Arc::clone(&self.desk);
        blocking(move || {
            let mut guard = lock(&desk);
            let desk = guard.as_mut().ok_or_else(locked)?;
            work(desk).map_err(Failure::from)
        })
        .await
    }

    /// As [`App::with_desk`] for a change: tells the interface and wakes the exchange.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Desk) -> Result<(T, desk::Changed), DeskError> + Send + 'static,
    ) -> Result<T, Failure> {
        let (answer, changed) = self.with_desk(work).await?;
        self.announce(changed);
        Ok(answer)
    }

    /// Tells the interface what changed and wakes the exchange.
    pub(crate) fn announce(&self, changed: desk::Changed) {
        if !changed.topics.is_empty() {
            self.host.emit(Event::Changed {
                topics: changed.topics,
            });
            self.sync.wake();
        }
    }

    /// Tells the interface something that began in the window system.
    pub fn emit(&self, event: Event) {
        self.host.emit(event);
    }

    /// Closes the vault: the last checkpoint is written and the lock released.
    pub fn close(&self) {
        lock(&self.desk).take();
    }

    /// The system's keychain, or one that says there is none.
    pub(crate) fn keychain(&self) -> Arc<dyn Keychain> {
        self.keychain
            .clone()
            .unwrap_or_else(|| Arc::new(desk::vault::NoKeychain))
    }

    /// Registers a job.
    pub(crate) fn begin_job(&self) -> (u32, Arc<AtomicBool>) {
        let id = self.next_job.fetch_add(1, Ordering::Relaxed);
        let job = Job::default();
        let stop = Arc::clone(&job.stop);
        lock(&self.jobs).insert(id, job);
        (id, stop)
    }

    /// Today ([`desk::Env::day`]). Time: `YYYY-MM-DD`.
    pub(crate) fn today(&self) -> String {
        self.env.today()
    }

    /// The language that sentences to the person are written in.
    pub(crate) fn lang(&self) -> Lang {
        self.places.lang().unwrap_or(Lang::Zh)
    }
}

/// Runs blocking work; a panic in it becomes a failure and the program goes on.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(_) => Err(internal()),
    }
}

/// The failure of what broke in the middle.
pub(crate) fn internal() -> Failure {
    Failure::new(FailureKind::Internal, "failure.internal")
}

/// Runs work; a panic in it is caught, and the program goes on.
pub(crate) async fn caught<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    let step = |context: &mut Context<'_>| {
        // After a panic it is polled no more; what it shared is whole, see `lock`.
        match catch_unwind(AssertUnwindSafe(|| work.as_mut().poll(context))) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(answer)) => Poll::Ready(Some(answer)),
            Err(_) => {
                log::error!("something broke while it worked");
                Poll::Ready(None)
            }
        }
    };
    std::future::poll_fn(step).await
}

/// Locks; after a panic elsewhere the data is still whole, since every change is a transaction.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The failure of asking for content while no vault is open.
pub(crate) fn locked() -> Failure {
    Failure::new(FailureKind::Refused, "failure.locked")
}

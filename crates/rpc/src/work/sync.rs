//! The exchange with a center: enrolment, one contact, and contacts in the background.

use crate::app::{App, caught, lock};
use crate::failure::{Failure, FailureKind};
use crate::response::SyncStatus;
use crate::work::replica::DeskReplica;
use crate::work::said::{said, words};
use crate::work::self_check::close_gaps;
use crate::work::sync_files::{FilesReport, carry_files, exchange_files};
use crate::work::withdrawal::obey;
use crate::{Event, Host};
use desk::{Desk, Env};
use model::label;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use sync::{
    Applicant, Backoff, CenterLink, Code, FilesOutcome, Http, Listener, Note, Outcome, Settled,
    Sworn,
};
use tokio::sync::Notify;

/// How long the background waits before it looks again whether there is anything to do.
const IDLE: Duration = Duration::from_secs(30);
/// Rest after a change before a contact, so that quick edits travel together.
const GATHER: Duration = Duration::from_millis(400);

/// Clock and randomness for the exchange.
pub(crate) struct Around(pub(crate) Env);

impl sync::Surroundings for Around {
    fn random(&self, bytes: &mut [u8]) {
        self.0.entropy.fill(bytes);
    }

    fn now_ms(&self) -> i64 {
        self.0.clock.now().timestamp_millis()
    }
}

/// What one contact came to, as the command line prints it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RoundReport {
    /// Own commits that the center confirmed.
    pub sent: u64,
    /// Commits that were not here before.
    pub received: u64,
    /// Fields in conflict now.
    pub conflicts: u64,
    /// Own commits that the center has not confirmed.
    pub waiting: u64,
    /// Files of documents.
    pub files: FilesReport,
    /// The most important thing to say, by label key.
    pub note: Option<String>,
    /// The values that its words name in braces.
    pub note_params: BTreeMap<String, String>,
}

/// Enrols the vault at a center with a one-time code.
///
/// # Errors
/// When the sample is open, the address or code is malformed, or the center says no.
pub async fn connect(
    desk: &mut Desk,
    env: &Env,
    url: &str,
    code: &str,
) -> Result<CenterLink, Failure> {
    let (ready, http) = apply(desk, url, code)?;
    let link = ready.enrol(&http, env).await?;
    keep(desk, &link)?;
    Ok(link)
}

/// Everything that an enrolment needs of the vault, taken out so that the vault stays usable.
struct Ready {
    url: String,
    code: Code,
    key: ledger::DeviceKey,
    public: String,
    person: String,
    name: String,
}

fn apply(desk: &mut Desk, url: &str, code: &str) -> Result<(Ready, Http), Failure> {
    if desk.vault().sample {
        return Err(Failure::new(FailureKind::Refused, "failure.sampleCenter"));
    }
    let invalid = |key: &str| Failure::new(FailureKind::Invalid, key);
    let code = Code::parse(code).map_err(|_| invalid(sync::enrol::KEY_NOT_A_CODE))?;
    let address = sync::Address::parse(url).map_err(|error| match error {
        sync::AddressError::Form => invalid(sync::enrol::KEY_NOT_AN_ADDRESS),
        sync::AddressError::Plain => invalid(sync::enrol::KEY_PLAIN_ADDRESS),
    })?;
    let http = Http::new(address, code.pin());
    let profile = desk.profile().clone();
    let name = if profile.name_zh.is_empty() {
        profile.name_en
    } else {
        profile.name_zh
    };
    let key = desk.device_key().clone();
    let public = key.public().to_text();
    let person = desk.person().to_string();
    Ok((
        Ready {
            url: url.to_owned(),
            code,
            key,
            public,
            person,
            name,
        },
        http,
    ))
}

impl Ready {
    async fn enrol(&self, http: &Http, env: &Env) -> Result<CenterLink, Failure> {
        let sign = |prefix: &[u8], bytes: &[u8]| self.key.sign_with_prefix(prefix, bytes);
        let applicant = Applicant {
            key: &self.public,
            sign: &sign,
            person: &self.person,
            name: &self.name,
        };
        sync::enrol(
            http,
            &self.url,
            &self.code,
            &applicant,
            &Around(env.clone()),
        )
        .await
        .map_err(|error| Failure::new(FailureKind::Refused, error.key()))
    }
}

fn keep(desk: &mut Desk, link: &CenterLink) -> Result<(), Failure> {
    let CenterLink {
        url,
        pin,
        token,
        user,
        epoch,
    } = link.clone();
    desk.set_center(&desk::CenterLink {
        url,
        pin,
        token,
        user,
        epoch,
    })?;
    Ok(())
}

/// The stored connection.
pub(crate) fn link_of(desk: &mut Desk) -> Result<Option<CenterLink>, Failure> {
    Ok(desk.center()?.map(|link| {
        let desk::CenterLink {
            url,
            pin,
            token,
            user,
            epoch,
        } = link;
        CenterLink {
            url,
            pin,
            token,
            user,
            epoch,
        }
    }))
}

/// Makes one contact on a vault that nobody else uses.
///
/// # Errors
/// When the vault is not connected or cannot be written. A center that cannot be reached is no
/// error: the report says so.
pub async fn one_round(mut desk: Desk, env: &Env) -> Result<RoundReport, Failure> {
    let link = link_of(&mut desk)?
        .ok_or_else(|| Failure::new(FailureKind::Refused, "failure.notConnected"))?;
    let shared = Arc::new(Mutex::new(Some(desk)));
    let mut replica = DeskReplica::new(Arc::clone(&shared));
    let outcome = contact(&mut replica, &link, env, &mut Sworn::default()).await?;
    let mut files = FilesOutcome::default();
    if !outcome.note.is_trouble() {
        // The contact may have brought a new life of the center's data.
        let link = CenterLink {
            epoch: outcome.epoch.clone().unwrap_or(link.epoch),
            ..link
        };
        let mut settled = Settled::default();
        let mut on = |_: &FilesOutcome| true;
        files = carry_files(&mut replica, &link, env, &mut settled, &mut on).await?;
    }
    let mut guard = lock(&shared);
    let note = Some(outcome.note.clone());
    let (conflicts, note) = match guard.as_mut() {
        Some(desk) => (desk.conflicts()?.len() as u64, said(desk, note)?),
        // Erased.
        None => (0, note),
    };
    let (note, note_params) = words(note.or(files.note.clone()));
    let Outcome {
        sent,
        received,
        waiting,
        ..
    } = outcome;
    Ok(RoundReport {
        sent,
        received,
        conflicts,
        waiting,
        files: FilesReport::from(&files),
        note,
        note_params,
    })
}

async fn contact(
    replica: &mut DeskReplica,
    link: &CenterLink,
    env: &Env,
    sworn: &mut Sworn,
) -> Result<Outcome, Failure> {
    let http = Http::to(link)
        .ok_or_else(|| Failure::new(FailureKind::Refused, sync::enrol::KEY_NOT_AN_ADDRESS))?;
    let around = Around(env.clone());
    let mut outcome = sync::round(&http, link, replica, &around).await?;
    close_gaps(replica, (&http, link, env), &mut outcome).await?;
    replica.note(link, &outcome)?;
    if !outcome.note.is_trouble() {
        let n_mended = sync::compare(&http, link, replica, &around, sworn).await?;
        if n_mended > 0 && outcome.note == Note::Done {
            outcome.note = Note::Mended;
        }
    }
    for year in replica.years_wanted(&outcome)? {
        match sync::members::year(&http, link, &year, &around).await {
            Ok(file) => replica.take_year(&year, &file)?,
            // The next contact asks again.
            Err(failure) => log::info!("the table of {} did not come: {failure:?}", year.year),
        }
    }
    obey(replica, (&http, link, env), &mut outcome).await?;
    Ok(outcome)
}

/// The state of contacts in the background.
#[derive(Default)]
pub(crate) struct Background {
    changed: Notify,
    /// Something changed since the last contact began: files wait for the next one.
    pub(super) is_stale: AtomicBool,
    pub(super) now: Mutex<Now>,
}

/// What the status line says beyond what the vault knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Now {
    /// A contact is under way.
    reaching: bool,
    /// The note of the last one.
    note: Option<Note>,
    /// How the exchange of files goes.
    pub(super) files: FilesOutcome,
}

impl Background {
    /// Another vault is open, or none: what was said of the last one's center is void.
    pub(crate) fn reset(&self) {
        *lock(&self.now) = Now::default();
        self.wake();
    }

    /// Something changed here, or the person wants a contact.
    pub(crate) fn wake(&self) {
        self.is_stale.store(true, Ordering::Relaxed);
        self.changed.notify_one();
    }
}

/// The state of the connection, as the status line tells it.
pub(crate) fn status<H: Host>(app: &App<H>) -> Result<SyncStatus, Failure> {
    let mut guard = lock(&app.desk);
    let desk = guard.as_mut().ok_or_else(crate::app::locked)?;
    let link = link_of(desk)?;
    let waiting = desk.waiting()?;
    let conflicts = desk.n_conflicts()?;
    let now = lock(&app.sync.now).clone();
    let state = match (&link, now.reaching, &now.note) {
        (None, ..) => "off",
        (_, true, _) => "reaching",
        (_, _, Some(note)) if note.is_offline() => "offline",
        (_, _, Some(note)) if note.is_trouble() => "refused",
        (_, _, None) => "reaching",
        _ if waiting > 0 || now.files.is_unfinished() => "waiting",
        _ => "inStep",
    };
    let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let (note, note_params) = words(said(desk, now.note)?.or(now.files.note.clone()));
    Ok(SyncStatus {
        connected: link.is_some(),
        url: link.as_ref().map(|link| link.url.clone()),
        user: link.map(|link| link.user),
        state: state.into(),
        waiting: count(waiting),
        files_to_send: count(now.files.to_send),
        files_to_receive: count(now.files.to_receive),
        files_elsewhere: count(now.files.elsewhere),
        conflicts: count(conflicts),
        last_contact: desk.sync_status()?.last_contact,
        note,
        note_params,
    })
}

/// Makes contacts for as long as the program runs, also after one in which something broke.
pub async fn background<H: Host>(app: App<H>) {
    while caught(contacts(app.clone())).await.is_none() {
        set_now(&app, |now| now.reaching = false);
        wait_for_change(&app, IDLE).await;
    }
}

/// Makes contacts: after changes, when the center has news, and again and again while it is out of
/// reach.
async fn contacts<H: Host>(app: App<H>) {
    let mut backoff = Backoff::default();
    let mut settled = Settled::default();
    let mut sworn = Sworn::default();
    let mut ear = Ear::default();
    loop {
        let link = lock(&app.desk)
            .as_mut()
            .and_then(|desk| link_of(desk).ok().flatten());
        let Some(link) = link else {
            backoff.reset();
            // Whoever locked the vault is connected no more.
            ear = Ear::default();
            wait_for_change(&app, IDLE).await;
            continue;
        };
        app.sync.is_stale.store(false, Ordering::Relaxed);
        set_now(&app, |now| now.reaching = true);
        let mut replica = DeskReplica::new(Arc::clone(&app.desk));
        let outcome = contact(&mut replica, &link, &app.env, &mut sworn).await;
        let topics = replica.changed();
        let (note, mark, epoch) = match outcome {
            Ok(outcome) => (outcome.note, outcome.mark, outcome.epoch),
            // The vault was locked meanwhile, or its disk refuses: later.
            Err(failure) => {
                log::warn!("contact: {}", failure.code);
                (Note::Offline, None, None)
            }
        };
        if let Note::Erased(_) | Note::VaultErased = note {
            tell_erased(&app, &note);
        }
        let in_step = !note.is_trouble();
        set_now(&app, |now| {
            now.reaching = false;
            now.note = Some(note);
        });
        tell(&app, topics);
        if !in_step {
            let pause = backoff.fail(&Around(app.env.clone()));
            wait_for_change(&app, pause).await;
            continue;
        }
        backoff.reset();
        let link = CenterLink {
            epoch: epoch.unwrap_or(link.epoch),
            ..link
        };
        let is_done = exchange_files(&app, &link, &mut settled).await;
        if !app.sync.is_stale.load(Ordering::Relaxed) {
            if is_done {
                wait_for_news(&app, &link, mark, &mut ear).await;
            } else {
                wait_for_change(&app, backoff.fail(&Around(app.env.clone()))).await;
            }
        }
    }
}

/// Tells screens what to read again.
pub(super) fn tell<H: Host>(app: &App<H>, changed: desk::Changed) {
    let topics = changed.topics;
    if !topics.is_empty() {
        app.host.emit(Event::Changed { topics });
    }
}

/// Whoever finds a study or the vault gone is told why, wherever she looks just then.
fn tell_erased<H: Host>(app: &App<H>, note: &Note) {
    let lang = app.lang();
    let params = note.params();
    let params: Vec<(&str, &str)> = params.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let text = model::label::get(note.key()).map(|label| label.fill(lang, &params));
    let title = label!("sync.erasedTitle").text(lang);
    if let Err(failure) = app.host.notify(title, &text.unwrap_or_default()) {
        log::info!("not told: {}", failure.code);
    }
    if *note == Note::VaultErased {
        app.host.emit(Event::Locked);
    }
}

async fn wait_for_change<H: Host>(app: &App<H>, at_most: Duration) {
    tokio::select! {
        () = app.sync.changed.notified() => tokio::time::sleep(GATHER).await,
        () = tokio::time::sleep(at_most) => {}
    }
}

/// Listens to the center of the open vault, for as long as it is the same.
#[derive(Default)]
struct Ear(Option<(CenterLink, Listener)>);

impl Ear {
    fn of(&mut self, link: &CenterLink) -> Option<&mut Listener> {
        let is_same = |known: &CenterLink| {
            (&known.url, &known.pin, &known.token) == (&link.url, &link.pin, &link.token)
        };
        if !self.0.as_ref().is_some_and(|(known, _)| is_same(known)) {
            self.0 = Some((link.clone(), Listener::new(Http::to(link)?)));
        }
        self.0.as_mut().map(|(_, listener)| listener)
    }
}

async fn wait_for_news<H: Host>(
    app: &App<H>,
    link: &CenterLink,
    mark: Option<String>,
    ear: &mut Ear,
) {
    let (Some(mark), Some(listener)) = (mark, ear.of(link)) else {
        return wait_for_change(app, IDLE).await;
    };
    let around = Around(app.env.clone());
    tokio::select! {
        () = app.sync.changed.notified() => tokio::time::sleep(GATHER).await,
        news = listener.news(link, &mark, &around) => {
            if news.is_err() {
                // Out of reach: the next contact says so, after a breath.
                wait_for_change(app, Duration::from_secs(1)).await;
            }
        }
    }
}

pub(super) fn set_now<H: Host>(app: &App<H>, change: impl FnOnce(&mut Now)) {
    change(&mut lock(&app.sync.now));
    if let Ok(status) = status(app) {
        app.host.emit(Event::Sync { status });
    }
}

/// Connects the open vault without holding it while the network answers.
pub(crate) async fn connect_open<H: Host>(
    app: &App<H>,
    url: &str,
    code: &str,
) -> Result<(), Failure> {
    let (ready, http) = {
        let mut guard = lock(&app.desk);
        apply(guard.as_mut().ok_or_else(crate::app::locked)?, url, code)?
    };
    let link = ready.enrol(&http, &app.env).await?;
    let mut guard = lock(&app.desk);
    keep(guard.as_mut().ok_or_else(crate::app::locked)?, &link)?;
    drop(guard);
    app.sync.wake();
    Ok(())
}

//! `pidesk-center`: serve laptops, invite people, grant and withdraw access.

mod args;

use args::{DATABASE_VARIABLE, Order, Place, Task, USAGE, parse};
use center::store::Withdrawal;
use center::{
    AdminError, BlobLimits, BlobStore, BrowserCertificate, BrowserError, Center, Hand, Identity,
    S3Error, Store, Work, admin, identity::IdentityError, launch, s3,
};
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};
use sync::Surroundings;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// The operating system's clock and randomness.
struct Os;

impl Surroundings for Os {
    fn random(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has randomness");
    }

    fn now_ms(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}

/// Why the program ended without success.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Admin(#[from] AdminError),
    #[error(transparent)]
    Identity(#[from] IdentityError),
    #[error(transparent)]
    Browser(#[from] BrowserError),
    #[error(transparent)]
    Store(#[from] center::StoreError),
    #[error("cannot listen on {0}")]
    Listen(SocketAddr, #[source] io::Error),
    #[error(transparent)]
    Bucket(#[from] S3Error),
    #[error("cannot keep files in {0}")]
    Files(PathBuf, #[source] io::Error),
    #[error("cannot start")]
    Start(#[source] io::Error),
    #[error("cannot write to the output")]
    Output(#[source] io::Error),
}

fn main() -> ExitCode {
    start_log();
    let order = match parse(std::env::args_os(), std::env::var(DATABASE_VARIABLE).ok()) {
        Ok(order) => order,
        Err(wrong) => {
            eprintln!("{wrong}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match carry_out(&order) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let causes = std::iter::successors(Some(&failure as &dyn std::error::Error), |error| {
                error.source()
            });
            let mut texts: Vec<String> = causes.map(ToString::to_string).collect();
            texts.dedup();
            eprintln!("{}", texts.join(": "));
            ExitCode::FAILURE
        }
    }
}

fn carry_out(order: &Order) -> Result<(), Failure> {
    match order {
        Order::Help => say(USAGE),
        Order::Move { data, to } => {
            let n = admin::move_to_postgres(data, to, &Os)?;
            say(&format!(
                "{n} commits were moved; serve them with --database"
            ))
        }
        Order::Do { place, task } => {
            match task {
                Task::Serve { .. } => {}
                // The key may be what was lost.
                Task::NewKey => admin::check_data(&place.data, place.database.is_some())?,
                _ => admin::check_served(&place.data, place.database.is_some())?,
            }
            do_with(place, task)
        }
    }
}

fn do_with(place: &Place, task: &Task) -> Result<(), Failure> {
    match &place.database {
        None => work_on(admin::open(&place.data, &Os)?, &place.data, task),
        Some(address) => work_on(admin::open_postgres(address, &Os)?, &place.data, task),
    }
}

fn work_on<S: Store>(store: S, data: &Path, task: &Task) -> Result<(), Failure> {
    let identity = || admin::identity(&store, data, &Os);
    match task {
        Task::Serve {
            listen,
            tls,
            files,
            study_gb,
            cert,
        } => {
            let place = files.clone().unwrap_or_else(|| data.join("files"));
            let blobs = open_blobs(&place, *study_gb)?;
            let is_tls = *tls || !listen.ip().is_loopback();
            let identity = identity()?;
            let acceptor = match is_tls {
                true => Some(identity.tls(Some(browsers(data, cert.as_ref())?))?),
                false => None,
            };
            serve(store, identity, blobs, (*listen, acceptor))
        }
        Task::Invite { user, role } => {
            let code = admin::invite(&store, &identity()?, user, *role, &Os)?;
            say(&format!(
                "Code for {user}, open for 10 minutes and 5 tries:\n{}",
                code.to_text()
            ))
        }
        Task::Grant { study, user, role } => {
            let stream = admin::grant(&store, study, user, Some(*role), hand(&identity()?))?;
            say(&format!("{user} is now {} of {stream}", role.as_str()))
        }
        Task::Revoke {
            user,
            study,
            device,
        } => {
            match (study, device) {
                (Some(study), _) => {
                    admin::grant(&store, study, user, None, hand(&identity()?))?;
                }
                (None, Some(device)) => {
                    admin::revoke(&store, user, Withdrawal::Device(device), &Os)?;
                }
                (None, None) => {
                    admin::revoke(&store, user, Withdrawal::Devices, &Os)?;
                }
            }
            say(&format!("Access of {user} was withdrawn"))
        }
        Task::People => say_lines(&admin::list_people(&store)?),
        Task::Members { study } => {
            say_lines(&admin::list_members(&store, study, hand(&identity()?))?)
        }
        Task::Console { user } => {
            let code = admin::console_code(&store, user, &Os)?;
            say(&format!(
                "Code for {user} to sign in once at /console, open for 10 minutes:\n{code}"
            ))
        }
        Task::Restored => {
            admin::restored(&store, data, &Os)?;
            say("Laptops will send again what the backup lacks")
        }
        Task::GiveYear { file } => {
            let year = admin::give_year(&store, file, &Os)?;
            say(&format!(
                "Laptops take the table of {year} at their next contact"
            ))
        }
        Task::TakeYearBack { year } => {
            store.set_year(*year, None, Os.now_ms())?;
            say(&format!("The table of {year} is handed out no more"))
        }
        Task::NewKey => {
            admin::new_key(&store, data, &Os)?;
            say(
                "There is a new center.key: give every replica the same, and connect every laptop anew",
            )
        }
    }
}

fn hand(identity: &Identity) -> Hand<'_> {
    Hand {
        identity,
        around: &Os,
    }
}

fn say_lines(lines: &[String]) -> Result<(), Failure> {
    lines.iter().try_for_each(|line| say(line))
}

fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}")
        .and_then(|()| out.flush())
        .map_err(Failure::Output)
}

fn open_blobs(place: &Path, study_gb: Option<u64>) -> Result<BlobStore, Failure> {
    let mut limits = BlobLimits::default();
    if let Some(gb) = study_gb {
        limits.study_bytes_max = gb.saturating_mul(1024 * 1024 * 1024);
    }
    match place.to_str().filter(|text| text.starts_with(s3::SCHEME)) {
        Some(address) => {
            let [id, secret] = s3::KEY_VARIABLES.map(|name| std::env::var(name).ok());
            Ok(BlobStore::in_bucket(
                address,
                id.zip(secret).map(<[String; 2]>::from),
                limits,
            )?)
        }
        None => BlobStore::in_folder(place, limits)
            .map_err(|error| Failure::Files(place.to_owned(), error)),
    }
}

/// The certificate for browsers: the one that was named, or the center's own.
fn browsers(
    data: &Path,
    named: Option<&(PathBuf, PathBuf)>,
) -> Result<BrowserCertificate, Failure> {
    let certificate = match named {
        Some((chain, key)) => BrowserCertificate::read(chain, key)?,
        None => BrowserCertificate::own(data)?,
    };
    log::info!(
        "browsers see the certificate sha256={}",
        certificate.fingerprint()
    );
    Ok(certificate)
}

fn serve<S: Store>(
    store: S,
    identity: Identity,
    blobs: BlobStore,
    (listen, acceptor): (SocketAddr, Option<TlsAcceptor>),
) -> Result<(), Failure> {
    let is_tls = acceptor.is_some();
    let center = Center::new(Arc::new(store), identity, Arc::new(Os), Work::Threads)?;
    center.keep_blobs(blobs);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::Start)?;
    runtime.block_on(async move {
        let fail = |error| Failure::Listen(listen, error);
        let listener = TcpListener::bind(listen).await.map_err(fail)?;
        let at = listener.local_addr().map_err(fail)?;
        // Whoever reads the address may end the program at once.
        let end = asked_to_end();
        say(&format!("{}://{at}", if is_tls { "https" } else { "http" }))?;
        log::info!("serving at={at} tls={is_tls}");
        launch(listener, center, acceptor, end).await;
        log::info!("ended");
        Ok(())
    })
}

/// Listens from now on, and ends when the operator or the system asks for it.
fn asked_to_end() -> impl Future<Output = ()> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate()).ok()
    };
    async move {
        #[cfg(unix)]
        if let Some(terminate) = &mut terminate {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
        let _ = tokio::signal::ctrl_c().await;
    }
}

/// One line of JSON an event, to standard error.
fn start_log() {
    let env = env_logger::Env::default().default_filter_or("info");
    env_logger::Builder::from_env(env)
        .format(|out, record| {
            let event = serde_json::json!({
                "at": center::instant(Os.now_ms()),
                "level": record.level().as_str(),
                "from": record.target(),
                "event": record.args().to_string(),
            });
            writeln!(out, "{event}")
        })
        .init();
}

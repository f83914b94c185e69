//! A PostgreSQL server of the tests' own, in a folder that goes with them.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio_postgres::NoTls;

/// Keeps the server while its input is open, that is as long as the tests run.
const KEEPER: &str = r#"
"$1/initdb" -D "$2/data" -U pidesk -A trust --no-sync -E UTF8 --locale=C >"$2/log" 2>&1 || exit 1
"$1/postgres" -D "$2/data" -k "$2" -p "$3" -c listen_addresses="$4" -c max_connections=200 \
  -c shared_buffers=32MB -c log_lock_waits=on </dev/null >>"$2/log" 2>&1 &
server=$!
until "$1/pg_isready" -q -h "$2" -p "$3" -U pidesk; do kill -0 $server || exit 1; sleep 0.1; done
echo ready
read -r nothing
kill -QUIT $server
wait $server
rm -rf "$2"
"#;

/// A running server.
pub(crate) struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
    _keeper: Child,
}

/// PostgreSQL's own port; here it names the socket.
const PORT: u16 = 5432;

static CLUSTER: OnceLock<Option<Cluster>> = OnceLock::new();
static N_DATABASES: AtomicU32 = AtomicU32::new(0);

/// The server, started once; `None`, said plainly, where PostgreSQL is not installed.
pub(crate) fn cluster() -> Option<&'static Cluster> {
    CLUSTER
        .get_or_init(|| {
            let found = programs().map(|bin| start(bin, PORT, ""));
            if found.is_none() {
                println!("skipped: no PostgreSQL server is installed (package postgresql)");
            }
            found
        })
        .as_ref()
}

fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<PathBuf> = versions
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .collect();
    folders.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    folders.extend(std::env::split_paths(&path));
    let has = |folder: &PathBuf| {
        ["initdb", "postgres"]
            .iter()
            .all(|p| folder.join(p).is_file())
    };
    folders.into_iter().find(has)
}

/// PostgreSQL refuses to run as root: the account that Debian made for it, or nobody.
fn unprivileged() -> Option<(u32, u32)> {
    let own = Command::new("id").arg("-u").output().ok()?;
    if String::from_utf8_lossy(&own.stdout).trim() != "0" {
        return None;
    }
    let accounts = fs::read_to_string("/etc/passwd").ok()?;
    let ids = |name: &str| {
        let line = accounts
            .lines()
            .find(|line| line.split(':').next() == Some(name))?;
        let mut parts = line.split(':').skip(2);
        Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
    };
    ids("postgres").or_else(|| ids("nobody"))
}

fn start(bin: PathBuf, port: u16, listen: &str) -> Cluster {
    // A socket's path is at most some 100 bytes long.
    let folder = tempfile::Builder::new()
        .prefix("pg")
        .tempdir()
        .unwrap()
        .keep();
    let mut keeper = Command::new("sh");
    keeper.args(["-c", KEEPER, "keeper"]).arg(&bin).arg(&folder);
    keeper.args([&port.to_string(), listen]);
    keeper
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    if let Some((user, group)) = unprivileged() {
        std::os::unix::fs::chown(&folder, Some(user), Some(group)).unwrap();
        std::os::unix::process::CommandExt::uid(&mut keeper, user);
        std::os::unix::process::CommandExt::gid(&mut keeper, group);
    }
    let mut keeper = keeper.spawn().unwrap();
    let mut said = [0; 6];
    let read = keeper.stdout.as_mut().unwrap().read_exact(&mut said);
    if read.is_err() {
        let log = fs::read_to_string(folder.join("log")).unwrap_or_default();
        panic!("PostgreSQL does not start: {log}");
    }
    Cluster {
        bin,
        folder,
        port,
        _keeper: keeper,
    }
}

impl Cluster {
    /// A server that can also be reached by 127.0.0.1; `None`, said plainly, where PostgreSQL is
    /// not installed.
    pub(crate) fn on_a_port() -> Option<Self> {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let found = programs().map(|bin| start(bin, port, "127.0.0.1"));
        if found.is_none() {
            println!("skipped: no PostgreSQL server is installed (package postgresql)");
        }
        found
    }

    /// The server's port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Writes a file that the server alone may read; its path.
    pub(crate) fn write(&self, name: &str, content: &str) -> PathBuf {
        let path = self.folder.join(name);
        fs::write(&path, content).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&path, mode).unwrap();
        if let Some((user, group)) = unprivileged() {
            std::os::unix::fs::chown(&path, Some(user), Some(group)).unwrap();
        }
        path
    }

    /// The address of a database.
    pub(crate) fn address(&self, name: &str) -> String {
        let (folder, port) = (self.folder.display(), self.port);
        format!("host={folder} port={port} user=pidesk dbname={name}")
    }

    /// Makes an empty database; its address.
    pub(crate) async fn database(&self) -> String {
        let n = N_DATABASES.fetch_add(1, Ordering::Relaxed);
        let name = format!("t{}_{n}", std::process::id());
        self.execute(
            &self.address("postgres"),
            &format!("CREATE DATABASE {name}"),
        )
        .await;
        self.address(&name)
    }

    /// Runs statements on a database.
    pub(crate) async fn execute(&self, address: &str, sql: &str) {
        let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
        let connection = tokio::spawn(connection);
        client.batch_execute(sql).await.unwrap();
        drop(client);
        let _ = connection.await;
    }

    /// The only number that a question has for an answer.
    pub(crate) async fn number(&self, address: &str, sql: &str) -> i64 {
        let (client, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
        tokio::spawn(connection);
        client.query_one(sql, &[]).await.unwrap().get(0)
    }

    /// Kills the process behind one of the center's connections to a database: the server ends all
    /// connections and recovers from its log. Waits until it answers again.
    pub(crate) async fn crash(&self, address: &str) {
        let find = "SELECT pid::bigint FROM pg_stat_activity
                    WHERE application_name = 'pidesk-center' AND datname = current_database()
                    ORDER BY state = 'active' DESC, pid LIMIT 1";
        let pid = self.number(address, find).await.to_string();
        let (witness, connection) = tokio_postgres::connect(address, NoTls).await.unwrap();
        let ended = tokio::spawn(connection);
        let killed = Command::new("kill").args(["-9", &pid]).status();
        assert!(killed.unwrap().success());
        let limit = std::time::Duration::from_secs(60);
        let back = async {
            // Not before the server noticed.
            let _ = ended.await;
            while !self.answers(address).await {
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(limit, back)
            .await
            .expect("it recovers");
        drop(witness);
    }

    async fn answers(&self, address: &str) -> bool {
        let Ok((client, connection)) = tokio_postgres::connect(address, NoTls).await else {
            return false;
        };
        tokio::spawn(connection);
        client.simple_query("SELECT 1").await.is_ok()
    }

    /// A program of PostgreSQL's, run on a database.
    pub(crate) fn run(&self, program: &str, args: &[&str], name: &str, output: &Path) {
        let done = Command::new(self.bin.join(program))
            .args(args)
            .args([
                "-h",
                self.folder.to_str().unwrap(),
                "-p",
                &self.port.to_string(),
                "-U",
                "pidesk",
                "-d",
                name,
            ])
            .stdout(fs::File::create(output).unwrap())
            .status()
            .unwrap();
        assert!(done.success(), "{program}");
    }
}

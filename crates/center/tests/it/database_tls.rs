//! TLS between the center and PostgreSQL, with a real server and certificates made here.

use crate::cluster::Cluster;
use center::{PostgresStore, Store, StoreError};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use std::path::Path;
use std::sync::mpsc;
use std::time::{Duration, Instant};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// Certificate and key of a server of that name.
fn server_of(authority: &Authority, name: &str) -> (String, String) {
    let pair = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    let certificate = params.signed_by(&pair, authority).unwrap();
    (certificate.pem(), pair.serialize_pem())
}

/// Turns TLS of the server on or off, and waits until it is so.
async fn set_tls(cluster: &Cluster, is_on: bool) {
    let (admin, word) = (
        cluster.address("postgres"),
        if is_on { "on" } else { "off" },
    );
    cluster
        .execute(&admin, &format!("ALTER SYSTEM SET ssl = {word}"))
        .await;
    cluster.execute(&admin, "SELECT pg_reload_conf()").await;
    let begun = Instant::now();
    let sql = format!("SELECT (current_setting('ssl') = '{word}')::int::bigint");
    while cluster.number(&admin, &sql).await == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "not reloaded");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// Opens the store on a thread of its own, as the program does.
async fn open(address: String) -> Result<PostgresStore, StoreError> {
    let opening = move || PostgresStore::open(&address, "first-life");
    tokio::task::spawn_blocking(opening).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_database_is_believed_by_its_authority_and_name_and_nothing_goes_out_in_the_open() {
    let Some(cluster) = Cluster::on_a_port() else {
        return;
    };
    let (right, foreign) = (authority(), authority());
    let (certificate, key) = server_of(&right, "localhost");
    let certificate = cluster.write("server.crt", &certificate);
    let key = cluster.write("server.key", &key);
    let admin = cluster.address("postgres");
    for (name, path) in [("ssl_cert_file", certificate), ("ssl_key_file", key)] {
        let sql = format!("ALTER SYSTEM SET {name} = '{}'", path.display());
        cluster.execute(&admin, &sql).await;
    }
    set_tls(&cluster, true).await;

    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, pem: String| {
        let path = folder.path().join(name);
        std::fs::write(&path, pem).unwrap();
        path
    };
    let (right, foreign) = (
        file("right.pem", right.pem()),
        file("foreign.pem", foreign.pem()),
    );
    let address = |host: &str, mode: &str, authorities: &Path| {
        let (port, file) = (cluster.port(), authorities.display());
        format!(
            "host={host} port={port} user=pidesk dbname=postgres sslmode={mode} sslrootcert='{file}'"
        )
    };

    // The right one: encrypted, as the server itself says, also what listens for other replicas.
    let store = open(address("localhost", "verify-full", &right))
        .await
        .unwrap();
    assert_eq!(store.epoch().unwrap(), "first-life");
    let (woken, wakes) = mpsc::channel();
    store.listen(Box::new(move || {
        let _ = woken.send(());
    }));
    wakes.recv_timeout(Duration::from_secs(30)).unwrap();
    let of_the_program = "FROM pg_stat_ssl JOIN pg_stat_activity USING(pid)
        WHERE application_name = 'pidesk-center'";
    let count = |more: &str| format!("SELECT count(*) {of_the_program} {more}");
    let n = cluster.number(&admin, &count("AND ssl")).await;
    assert!(n >= 2, "{n} connections");
    assert_eq!(cluster.number(&admin, &count("AND NOT ssl")).await, 0);

    // Another name than the certificate's: enough for `require`, not for `verify-full`.
    open(address("127.0.0.1", "require", &right)).await.unwrap();
    for wrong in [
        address("127.0.0.1", "verify-full", &right),
        address("localhost", "verify-full", &foreign),
        address("localhost", "require", &foreign),
    ] {
        let refused = open(wrong.clone()).await;
        assert!(matches!(refused, Err(StoreError::Distrusted)), "{wrong}");
    }
    // A server without TLS gets nothing.
    drop(store);
    set_tls(&cluster, false).await;
    for mode in ["require", "verify-full"] {
        let refused = open(address("localhost", mode, &right)).await;
        assert!(matches!(refused, Err(StoreError::Distrusted)), "{mode}");
    }
    open(address("localhost", "disable", &right)).await.unwrap();
}

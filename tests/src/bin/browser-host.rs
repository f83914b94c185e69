//! Serves the interface to a plain browser on loopback: `browser-host PORT DATA-FOLDER`.

use chrono::{DateTime, Local, Utc};
use rpc::app::{App, Start};
use rpc::places::{Places, fonts};
use std::path::PathBuf;
use std::sync::Arc;
use stories::browser_host::{BrowserHost, routes};

struct SystemClock;

impl desk::env::Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    fn offset_minutes(&self) -> i32 {
        Local::now().offset().local_minus_utc() / 60
    }
}

#[tokio::main]
async fn main() {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == rpc::work::package::HELPER)
    {
        std::process::exit(i32::from(rpc::work::package::serve_helper().is_err()));
    }
    let mut args = std::env::args().skip(1);
    let port: u16 = args
        .next()
        .and_then(|port| port.parse().ok())
        .unwrap_or(4600);
    let root = PathBuf::from(args.next().unwrap_or_else(|| "target/browser-host".into()));
    let (events, _) = tokio::sync::broadcast::channel(256);
    let places = Places {
        root: root.clone(),
        fonts: fonts(),
    };
    let env = desk::Env {
        clock: Arc::new(SystemClock),
        entropy: Arc::new(desk::env::OsEntropy),
        app: env!("CARGO_PKG_VERSION").to_owned(),
        installation: places.installation(),
    };
    let app = App::new(Start {
        host: BrowserHost {
            events: events.clone(),
            folder: root,
        },
        env,
        places,
        keychain: None,
        kdf: desk::vault::Kdf::quick_for_tests(),
    });
    tokio::spawn(rpc::work::sync::background(app.clone()));
    let ui = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/dist"));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port))
        .await
        .expect("a free port");
    println!("http://{}", listener.local_addr().expect("bound"));
    axum::serve(listener, routes(app, events, ui))
        .await
        .expect("serving");
}

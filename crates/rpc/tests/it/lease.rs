//! Months without the center: the keychain alone opens no more, the passphrase does, work goes on.

use crate::host::{Laptop, PASSPHRASE};
use chrono::TimeDelta;
use desk::vault::{Key, NoKeychain};
use desk::{CenterLink, Desk};
use serde_json::{Value, json};

/// Connects the closed vault to a center that is never there, heard of just now.
fn connect(laptop: &Laptop, path: &str) {
    let key = Key::Passphrase(PASSPHRASE);
    let mut desk = Desk::open(path.as_ref(), key, &NoKeychain, laptop.env()).unwrap();
    let link = CenterLink {
        url: "http://127.0.0.1:1".into(),
        pin: "ed25519:iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w".into(),
        token: "t".into(),
        user: "u".into(),
        epoch: "e".into(),
    };
    desk.set_center(&link).unwrap();
    desk.sync_note(None).unwrap();
}

fn by(path: &str, way: &str, secret: &str) -> Value {
    json!({ "path": path, "way": way, "secret": secret })
}

async fn work(laptop: &Laptop, title: &str) {
    let study = json!({ "fields": { "title.zh": title }, "template": null, "hospitals": [] });
    laptop.call("study.create", study).await;
    let list = laptop.call("study.list", json!({})).await;
    let rows = list["rows"].as_array().unwrap();
    assert!(rows.iter().any(|row| row["titleZh"] == title));
}

#[tokio::test]
async fn f78_after_180_days_and_24_months_the_passphrase_is_asked_for_and_work_goes_on() {
    let laptop = Laptop::with_keychain().await;
    let state = laptop.call("app.state", json!({})).await;
    let path = state["open"]["path"].as_str().unwrap().to_owned();
    let keychain = || by(&path, "keychain", "");
    laptop.call("vault.lock", json!({})).await;
    // Without a center there is no lease.
    laptop.clock.advance(TimeDelta::days(400));
    laptop.call("vault.open", keychain()).await;
    laptop.call("vault.lock", json!({})).await;
    connect(&laptop, &path);
    laptop.clock.advance(TimeDelta::days(89));
    laptop.call("vault.open", keychain()).await;
    for (days, title) in [(180, "半年之后"), (730, "两年之后")] {
        // An open vault stays open, and is worked on.
        laptop.clock.advance(TimeDelta::days(days));
        work(&laptop, &format!("{title}，未锁定")).await;
        laptop.call("vault.lock", json!({})).await;
        let code = laptop.refused("vault.open", keychain()).await;
        assert_eq!(code, "failure.showPassphrase");
        // Refused is closed: nobody sees anything.
        let code = laptop.refused("study.list", json!({})).await;
        assert_eq!(code, "failure.locked");
        laptop
            .call("vault.open", by(&path, "passphrase", PASSPHRASE))
            .await;
        work(&laptop, title).await;
        laptop.call("vault.lock", json!({})).await;
        laptop.call("vault.open", keychain()).await;
        let status = laptop.call("sync.status", json!({})).await;
        assert_eq!(status["connected"], true);
    }
}

//! Every role, every request, every object: cell by cell, on both databases.

use crate::bench::{Bench, sqlite, start};
#[cfg(unix)]
use crate::cluster::cluster;
use crate::laptop::Laptop;
#[cfg(unix)]
use center::PostgresStore;
use center::store::Withdrawal;
use center::{Role, Store, admin};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use sync::exchange::{self, Answer, Call, Failure};
use sync::wire::{Pushed, Status};
use sync::{Address, CenterLink, Http, body};
use tempfile::TempDir;

const OWN: &str = "study-own";
const OTHER: &str = "study-other";

/// What each gets. `held`: taken and kept for review. Columns: PI, co-investigator, coordinator and
/// reader of the study; somebody who was its coordinator; the PI of another study; staff of the
/// center; a laptop of the PI whose access was withdrawn; nobody known.
const MATRIX: &str = "
request          pi         co-inv     coord      reader     former     outsider   staff      withdrawn  nobody
me               ok         ok         ok         ok         ok         ok         ok         ok         unknown-device
wait             ok         ok         ok         ok         ok         ok         ok         ok         unknown-device
pull-own         ok         ok         ok         ok         not-member not-member not-member revoked    unknown-device
pull-other       not-member not-member not-member not-member not-member ok         not-member revoked    unknown-device
pull-none        not-member not-member not-member not-member not-member not-member not-member revoked    unknown-device
pull-log         not-member not-member not-member not-member not-member not-member not-member revoked    unknown-device
push-own         ok         ok         ok         held       held       not-member not-member held       unknown-device
push-other       not-member not-member not-member not-member not-member ok         not-member not-member unknown-device
push-log         not-member not-member not-member not-member not-member not-member not-member not-member unknown-device
adopt-own        ok         held       held       held       held       not-member not-member held       unknown-device
dismiss-own      ok         held       held       held       held       not-member not-member held       unknown-device
members-own      ok         ok         ok         ok         ok         not-member ok         revoked    unknown-device
members-other    not-member not-member not-member not-member not-member ok         ok         revoked    unknown-device
members-none     not-member not-member not-member not-member not-member not-member not-found  revoked    unknown-device
share-own        ok         no-right   no-right   no-right   not-member not-member ok         revoked    unknown-device
share-other      not-member not-member not-member not-member not-member ok         ok         revoked    unknown-device
share-none       not-member not-member not-member not-member not-member not-member not-found  revoked    unknown-device
share-nobody     no-account no-right   no-right   no-right   not-member not-member no-account revoked    unknown-device
share-as-staff   malformed  no-right   no-right   no-right   not-member not-member malformed  revoked    unknown-device
let-self-in      ok         no-right   no-right   no-right   not-member not-member no-right   revoked    unknown-device
devices-own      ok         ok         ok         ok         ok         ok         ok         revoked    unknown-device
devices-other    no-right   no-right   no-right   no-right   no-right   no-right   ok         revoked    unknown-device
name-own         ok         ok         ok         ok         ok         ok         ok         revoked    unknown-device
name-other       not-found  not-found  not-found  not-found  not-found  not-found  ok         revoked    unknown-device
name-none        not-found  not-found  not-found  not-found  not-found  not-found  not-found  revoked    unknown-device
revoke-other     not-found  not-found  not-found  not-found  not-found  not-found  ok         revoked    unknown-device
revoke-none      not-found  not-found  not-found  not-found  not-found  not-found  not-found  revoked    unknown-device
accounts         no-right   no-right   no-right   no-right   no-right   no-right   ok         revoked    unknown-device
held             ok         ok         ok         ok         ok         ok         ok         revoked    unknown-device
held-own         ok         no-right   no-right   no-right   not-member not-member not-member revoked    unknown-device
held-other       not-member not-member not-member not-member not-member ok         not-member revoked    unknown-device
year-2027        ok         ok         ok         ok         ok         ok         ok         revoked    unknown-device
year-none        not-found  not-found  not-found  not-found  not-found  not-found  not-found  revoked    unknown-device
";

/// Somebody with a laptop.
struct Actor {
    laptop: Laptop,
    link: CenterLink,
}

struct Scene<S> {
    bench: Bench<S>,
    actors: BTreeMap<String, Actor>,
    /// A laptop that belongs to none of them.
    foreign: String,
    /// A commit that is kept for review.
    held: String,
}

async fn scene<S: Store>(bench: Bench<S>, open: impl Fn(&Path) -> S) -> Scene<S> {
    let mut actors = BTreeMap::new();
    let people = [
        ("pi", "Pi"),
        ("co-inv", "Co"),
        ("coord", "Coord"),
        ("reader", "Reader"),
        ("former", "Former"),
        ("outsider", "Outsider"),
        ("staff", "Staff"),
        ("withdrawn", "Pi"),
        ("nobody", "Nobody"),
    ];
    for (n, (column, name)) in people.into_iter().enumerate() {
        let laptop = Laptop::new(n as u8 + 1, &format!("p-{column}"));
        let role = (name == "Staff").then_some(Role::Staff);
        let code = bench.invite(name, role);
        let link = bench.try_enrol(&laptop, &code).await.unwrap();
        actors.insert(column.to_owned(), Actor { laptop, link });
    }
    for (column, stream) in [("pi", OWN), ("outsider", OTHER)] {
        let actor = actors.get_mut(column).unwrap();
        actor.laptop.set(stream, "phase", "PHASE1");
        bench.sync(&mut actor.laptop, &actor.link).await;
    }
    bench.grant(OWN, "Co", Role::CoInvestigator);
    bench.grant(OWN, "Coord", Role::Coordinator);
    bench.grant(OWN, "Reader", Role::Reader);
    bench.grant(OWN, "Former", Role::Coordinator);
    for column in ["co-inv", "coord", "reader", "former"] {
        let actor = actors.get_mut(column).unwrap();
        bench.round(&mut actor.laptop, &actor.link).await;
    }
    bench.set_role(OWN, "Former", None).unwrap();
    let reader = actors.get_mut("reader").unwrap();
    let held = reader.laptop.set(OWN, "phase", "PHASE9").id();
    bench.round(&mut reader.laptop, &reader.link).await;
    let gone = actors.get_mut("withdrawn").unwrap();
    bench.round(&mut gone.laptop, &gone.link).await;
    let dev = gone.laptop.id();
    let what = Withdrawal::Device(&dev);
    admin::revoke(&*bench.store(), "Pi", what, &*bench.around).unwrap();
    let foreign = Laptop::new(40, "p-foreign");
    bench.enrol(&foreign, "Somebody else").await;
    // Asks another replica: this one has had its share of addresses without a token.
    let nobody = &mut actors.get_mut("nobody").unwrap().link;
    nobody.token = "no such token".to_owned();
    nobody.url = bench.replica(open).await;
    Scene {
        bench,
        actors,
        foreign: foreign.id(),
        held: held.as_str().to_owned(),
    }
}

fn word(problem: &sync::Problem) -> String {
    let json: Value = serde_json::to_value(problem).unwrap();
    json["code"].as_str().unwrap().to_owned()
}

impl<S: Store> Scene<S> {
    async fn ask(&self, link: &CenterLink, call: Call<'_>) -> Result<Answer, String> {
        let pin = link.recognised_by().unwrap();
        let http = Http::new(Address::parse(&link.url).unwrap(), pin.clone());
        exchange::ask(&http, &pin, call, &*self.bench.around)
            .await
            .map_err(|failure| match failure {
                Failure::Refused(problem) => word(&problem),
                other => panic!("{other}"),
            })
    }

    async fn get(&self, link: &CenterLink, path: &str) -> String {
        let call = Call::get(path.to_owned(), &link.token);
        self.ask(link, call).await.err().unwrap_or("ok".to_owned())
    }

    async fn post(&self, link: &CenterLink, path: &str, message: &Value) -> String {
        let call = Call::post(path, message).with_token(&link.token);
        self.ask(link, call).await.err().unwrap_or("ok".to_owned())
    }

    async fn push(&self, actor: &Actor, stream: &str, frame: ledger::Frame) -> String {
        let path = format!("/v1/sync/{stream}/push");
        let body = body::pack_frames(&[frame]);
        let call = Call::post_frames(path, &actor.link.token, body);
        match self.ask(&actor.link, call).await {
            Err(word) => word,
            Ok(answer) => {
                let pushed: Pushed = answer.message().unwrap();
                match pushed.taken[0].status {
                    Status::Accepted => "ok".to_owned(),
                    Status::Quarantined => "held".to_owned(),
                }
            }
        }
    }

    /// A fresh commit of an actor, on what the center has of its chain; kept when it was taken.
    async fn try_push(&self, actor: &mut Actor, stream: &str, deed: &str) -> String {
        let mut laptop = actor.laptop.clone();
        let frame = match deed {
            "adopt" => laptop.review(stream, &self.held, true),
            "dismiss" => laptop.review(stream, &self.held, false),
            _ => laptop.set(stream, "acronym", deed),
        };
        let got = self.push(actor, stream, frame).await;
        if ["ok", "held"].contains(&got.as_str()) {
            actor.laptop = laptop;
        }
        got
    }

    async fn cell(&self, actor: &mut Actor, request: &str) -> String {
        let link = actor.link.clone();
        let (deed, object) = request.split_once('-').unwrap_or((request, ""));
        let stream = match object {
            "own" | "nobody" | "as-staff" | "self-in" => OWN,
            "other" => OTHER,
            "log" => "study-own:acl",
            _ => "study-none",
        };
        let members = format!("/v1/members/{stream}");
        let share = |account: &str, role: &str| json!({"changes": [{"account": account, "role": role}], "why": "Trial"});
        match (deed, object) {
            ("me", _) => self.get(&link, "/v1/me").await,
            ("wait", _) => self.get(&link, "/v1/wait?mark=x&seconds=0").await,
            ("pull", _) => {
                let path = format!("/v1/sync/{stream}/pull?after=0");
                self.get(&link, &path).await
            }
            ("push" | "adopt" | "dismiss", _) => self.try_push(actor, stream, deed).await,
            ("members", _) => self.get(&link, &members).await,
            ("share", "nobody") => {
                let message = share("Never Invited", "reader");
                self.post(&link, &members, &message).await
            }
            ("share", "as-staff") => {
                let message = share("Coord", "staff");
                self.post(&link, &members, &message).await
            }
            // Said of somebody who is that already, so that nothing changes between cells.
            ("share", "own") => self.post(&link, &members, &share("Reader", "reader")).await,
            ("share", _) => self.post(&link, &members, &share("Outsider", "pi")).await,
            ("let", _) => self.post(&link, &members, &share(&link.user, "pi")).await,
            ("devices", "own") => self.get(&link, "/v1/devices").await,
            ("devices", _) => self.get(&link, "/v1/devices?account=Somebody%20else").await,
            ("name" | "revoke", _) => {
                let dev = match object {
                    "own" => actor.laptop.id(),
                    "other" => self.foreign.clone(),
                    _ => format!("sha256:{}", "0".repeat(64)),
                };
                let message = if deed == "name" {
                    json!({"dev": dev, "label": "Ward 3"})
                } else {
                    json!({"dev": dev})
                };
                let path = format!("/v1/devices/{deed}");
                self.post(&link, &path, &message).await
            }
            ("accounts", _) => self.get(&link, "/v1/accounts").await,
            ("held", "") => self.get(&link, "/v1/held").await,
            ("held", _) => self.get(&link, &format!("/v1/held?stream={stream}")).await,
            ("year", "2027") => self.get(&link, "/v1/years/2027").await,
            ("year", _) => self.get(&link, "/v1/years/2028").await,
            other => panic!("{other:?} is no request"),
        }
    }
}

async fn every_cell<S: Store>(bench: Bench<S>, open: impl Fn(&Path) -> S) {
    let mut scene = scene(bench, open).await;
    let table = r#"{"year": 2027}"#;
    scene.bench.store().set_year(2027, Some(table), 0).unwrap();
    let mut lines = MATRIX.trim().lines();
    let columns: Vec<&str> = lines.next().unwrap().split_whitespace().skip(1).collect();
    let mut actors = std::mem::take(&mut scene.actors);
    let (mut n_cells, mut wrong) = (0, Vec::new());
    for line in lines {
        let mut words = line.split_whitespace();
        let request = words.next().unwrap();
        let expected: Vec<&str> = words.collect();
        assert_eq!(expected.len(), columns.len(), "{line}");
        for (column, expected) in columns.iter().zip(expected) {
            let actor = actors.get_mut(*column).unwrap();
            let got = scene.cell(actor, request).await;
            n_cells += 1;
            if got != expected {
                wrong.push(format!("{request} × {column}: {got}, not {expected}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(n_cells, 33 * 9);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_request_and_object_on_sqlite() {
    every_cell(start(sqlite, TempDir::new().unwrap(), false).await, sqlite).await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn every_role_request_and_object_on_postgres() {
    let Some(cluster) = cluster() else { return };
    let address = cluster.database().await;
    let open = |_: &Path| PostgresStore::open(&address, "first-life").unwrap();
    every_cell(start(open, TempDir::new().unwrap(), false).await, open).await;
}

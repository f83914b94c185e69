//! One small history of three devices, always the same: the source of the vectors and of the log
//! that later versions must read.

use crate::write::{Device, deletion, op};
use ledger::{Commit, Frame, Hash, Op, OpId, OpValue, PayloadPlace, Source, Why};
use serde_json::{Value, json};

pub(crate) const SITE: &str = "0195a3c0-0000-7000-8000-0000000000a1";
pub(crate) const CONTACT: &str = "0195a3c0-0000-7000-8000-0000000000b1";
pub(crate) const MILESTONE: &str = "0195a3c0-0000-7000-8000-0000000000c1";

/// A frame, and what it shows.
pub(crate) struct Chapter {
    pub(crate) name: &'static str,
    pub(crate) device: u8,
    pub(crate) bytes: Vec<u8>,
}

struct Story {
    devices: [Device; 3],
    chapters: Vec<Chapter>,
}

/// Tells the history; every call gives the same bytes.
pub(crate) fn tell() -> Vec<Chapter> {
    let devices = [Device::new(1), Device::new(2), Device::new(3)];
    let mut story = Story {
        devices,
        chapters: Vec::new(),
    };
    story.create();
    story.disagree();
    story.import();
    story.delete_against_edit();
    story.delete_and_reissue();
    story.chapters
}

impl Story {
    /// A device saves changes; those with `true` travel as payloads.
    fn save(
        &mut self,
        name: &'static str,
        device: u8,
        changes: Vec<(Op, bool)>,
        finish: impl FnOnce(&mut Commit),
    ) -> Hash {
        let writer = &mut self.devices[usize::from(device - 1)];
        let mut payloads = Vec::new();
        let mut ops = Vec::new();
        for (mut op, is_hidden) in changes {
            if let (true, OpValue::Inline(value)) = (is_hidden, op.v.clone()) {
                let (payload, hash) = writer.hide(PayloadPlace::Op(ops.len() as u32), value);
                payloads.push(payload);
                op.v = OpValue::Hidden(hash);
            }
            ops.push(op);
        }
        let mut commit = writer.draft(ops);
        finish(&mut commit);
        if let Some(Why { text: Some(_), .. }) = &commit.why {
            let (payload, hash) = writer.hide(PayloadPlace::Why, json!("第2次伦理意见"));
            payloads.push(payload);
            commit.why = Some(Why {
                code: Some("ethics-comment".into()),
                text: Some(hash),
            });
        }
        let bytes = writer.seal(&commit, payloads);
        let id = Frame::decode(&bytes).expect("a frame").0.id();
        self.chapters.push(Chapter {
            name,
            device,
            bytes,
        });
        id
    }

    /// A device hears of all chapters.
    fn hear(&mut self, device: u8) {
        for chapter in &self.chapters {
            self.devices[usize::from(device - 1)]
                .receive(&chapter.bytes)
                .expect("in causal order");
        }
    }

    fn heads(&self, device: u8, e: &str, f: &str) -> Vec<OpId> {
        let heads = self.devices[usize::from(device - 1)].state.heads(e, f);
        heads.iter().map(|head| head.id.clone()).collect()
    }

    fn change(&self, device: u8, (e, k, f): (&str, &str, &str), value: Value) -> Op {
        Op {
            k: k.into(),
            ..op(e, f, self.heads(device, e, f), value)
        }
    }

    fn create(&mut self) {
        let site = |f| (SITE, "site", f);
        let changes = vec![
            (self.change(1, site("name"), json!("首都示范医院")), true),
            (self.change(1, site("planned"), json!("2027-03-01")), false),
            (self.change(1, site("status"), json!("planned")), false),
        ];
        self.save(
            "first commit, with a reason in words",
            1,
            changes,
            |commit| {
                commit.why = Some(Why {
                    code: None,
                    text: Some(Hash::of(b"")),
                });
                commit.role = Some("pi".into());
            },
        );
        self.hear(2);
        let contact = |f| (CONTACT, "contact", f);
        let changes = vec![
            (self.change(2, contact("name"), json!("Vera Sample")), true),
            (
                self.change(2, contact("phone"), json!("+00 555 0100")),
                true,
            ),
            (
                self.change(2, contact("site"), json!({"$ref": SITE})),
                false,
            ),
        ];
        self.save(
            "another device, hidden values and a reference",
            2,
            changes,
            |commit| {
                commit.by = "u-2".into();
                commit.skew_ms = Some(-1200);
            },
        );
    }

    fn disagree(&mut self) {
        let planned = (SITE, "site", "planned");
        let later = self.change(1, planned, json!("2027-04-01"));
        self.save("changed on one device", 1, vec![(later, false)], |_| {});
        let cleared = self.change(2, planned, Value::Null);
        self.save(
            "cleared on the other at the same time",
            2,
            vec![(cleared, false)],
            |_| {},
        );
        self.hear(1);
        self.hear(2);
    }

    fn import(&mut self) {
        self.hear(3);
        let hash = Hash::of(b"the record");
        let blob = json!({"$blob": hash.as_str(), "size": 10, "mime": "application/json",
            "name": "record.json"});
        let mut enrolment = self.change(3, (SITE, "site", "n_enrolled"), json!(120));
        enrolment
            .extra
            .insert("x-unit".into(), json!({"of": ["later", 2]}));
        let record = self.change(3, (SITE, "site", "record"), blob);
        self.save(
            "imported, with keys of a later version",
            3,
            vec![(enrolment, false), (record, false)],
            |commit| {
                commit.src = Some(Source {
                    kind: "ctgov".into(),
                    id: "NCT00000000".into(),
                    version: "2026-11-01".into(),
                    hash,
                });
                commit.extra.insert(
                    "x-later".into(),
                    json!(["kept", {"\u{20ac}": 1, "z": null}]),
                );
            },
        );
    }

    fn delete_against_edit(&mut self) {
        self.hear(1);
        self.hear(2);
        let saw: Vec<OpId> = self.devices[0]
            .state
            .tree(CONTACT, &[])
            .map(|head| head.id.clone())
            .collect();
        let gone = Op {
            k: "contact".into(),
            ..deletion(CONTACT, Vec::new(), saw)
        };
        self.save("deletes the contact", 1, vec![(gone, false)], |_| {});
        let phone = self.change(2, (CONTACT, "contact", "phone"), json!("+00 555 0199"));
        self.save(
            "edits the contact at the same time",
            2,
            vec![(phone, true)],
            |_| {},
        );
        self.hear(1);
        self.hear(2);
        self.hear(3);
    }

    fn delete_and_reissue(&mut self) {
        let actual = self.change(3, (MILESTONE, "milestone", "actual"), json!("2027-05-02"));
        let first = self.save("a milestone", 3, vec![(actual, false)], |commit| {
            commit.at = "2024-02-29T23:59:59.999Z".into();
            commit.tz_minutes = -300;
        });
        let saw = self.heads(3, MILESTONE, "actual");
        let gone = Op {
            k: "milestone".into(),
            ..deletion(MILESTONE, Vec::new(), saw)
        };
        self.save("and its deletion", 3, vec![(gone, false)], |_| {});
        self.hear(2);
        let status = self.change(2, (SITE, "site", "status"), json!("open"));
        self.save(
            "issued again, adopting another",
            2,
            vec![(status, false)],
            |commit| {
                commit.re = Some(first.clone());
                commit.adopts = Some(first);
            },
        );
    }
}

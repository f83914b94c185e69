//! Recorded writing, key by key, through the block store of two laptops: a line is a block.
//!
//! The recordings are public editing traces. Letters are also written as Chinese characters, which
//! changes the bytes of every text and nothing else. One person writes in turn on two laptops; two
//! people write at once and meet, and a conflict is settled as the recording went on.

use crate::protocol::{section, text};
use crate::referee::{Referee, accept};
use crate::world::{Laptop, doc, fields, new_study};
use automerge::transaction::Transactable;
use automerge::{ActorId, AutoCommit, Change, ObjType, ReadDoc};
use desk::Desk;
use model::protocol::ProtocolChange;
use model::{EntityId, StudyId, kind};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashSet;
use std::io::Read;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Trace {
    end_content: String,
    txns: Vec<Txn>,
}

#[derive(Deserialize)]
struct Txn {
    #[serde(default)]
    parents: Vec<usize>,
    #[serde(default)]
    agent: usize,
    patches: Vec<(usize, usize, String)>,
}

/// Reads a recording; `None` says that it is not here.
fn trace(name: &str, is_han: bool) -> Option<Trace> {
    let path = testkit::shared_or_skip(&format!("data/text-traces/{name}.json.gz"))?;
    let file = std::fs::File::open(path).unwrap();
    let mut json = String::new();
    flate2::read::GzDecoder::new(file)
        .read_to_string(&mut json)
        .unwrap();
    let mut trace: Trace = serde_json::from_str(&json).unwrap();
    if is_han {
        let han = |text: &str| -> String {
            let as_han = |letter: char| match letter {
                'a'..='z' | 'A'..='Z' => char::from_u32(0x4e00 + 7 * letter as u32).unwrap(),
                other => other,
            };
            text.chars().map(as_han).collect()
        };
        trace.end_content = han(&trace.end_content);
        for (_, _, text) in trace.txns.iter_mut().flat_map(|txn| &mut txn.patches) {
            *text = han(text);
        }
    }
    Some(trace)
}

/// What an editor has on screen: lines with the blocks that they are.
#[derive(Default)]
struct Screen(Vec<Shown>);

#[derive(Clone, Debug, Default)]
struct Shown {
    block: Option<EntityId>,
    /// The block that it was split from.
    origin: Option<EntityId>,
    letters: Vec<char>,
}

impl Screen {
    fn of(desk: &Desk, study: &StudyId) -> Self {
        let protocol = model::protocol::of(&doc(desk, study));
        let blocks = protocol.sections.into_iter().flat_map(|it| it.blocks);
        let lines = blocks.map(|block| Shown {
            block: Some(block.id),
            origin: None,
            letters: block.zh.text.chars().collect(),
        });
        Self(lines.collect())
    }

    /// Takes letters out and puts a text in, as a key or a paste does.
    fn patch(&mut self, at: usize, n_out: usize, put: &str) {
        if self.0.is_empty() {
            self.0.push(Shown::default());
        }
        let (mut line, mut column) = (0, at);
        while column > self.0[line].letters.len() {
            column -= self.0[line].letters.len() + 1;
            line += 1;
        }
        for _ in 0..n_out {
            if column < self.0[line].letters.len() {
                self.0[line].letters.remove(column);
            } else {
                let next = self.0.remove(line + 1);
                self.0[line].letters.extend(next.letters);
            }
        }
        for letter in put.chars() {
            if letter == '\n' {
                let letters = self.0[line].letters.split_off(column);
                let origin = self.0[line].block.clone().filter(|_| !letters.is_empty());
                line += 1;
                column = 0;
                let new = Shown {
                    block: None,
                    origin,
                    letters,
                };
                self.0.insert(line, new);
            } else {
                self.0[line].letters.insert(column, letter);
                column += 1;
            }
        }
    }

    /// Makes the lines those of a text; lines that stay keep their blocks.
    fn become_text(&mut self, text: &str) {
        let wanted: Vec<Vec<char>> = text.split('\n').map(|it| it.chars().collect()).collect();
        let n = self.0.len().min(wanted.len());
        let same = |a: usize, b: usize| self.0[a].letters == wanted[b];
        let head = (0..n).take_while(|at| same(*at, *at)).count();
        let tail = (0..n - head)
            .take_while(|at| same(self.0.len() - 1 - at, wanted.len() - 1 - at))
            .count();
        let (old_end, new_end) = (self.0.len() - tail, wanted.len() - tail);
        // Between them, lines that are equal stay, and in each gap they go on in order.
        let mut lines: Vec<Shown> = self.0[..head].to_vec();
        let (mut from, mut gap): (usize, Vec<Vec<char>>) = (head, Vec::new());
        let close = |from: usize, to: usize, gap: &mut Vec<Vec<char>>, lines: &mut Vec<Shown>| {
            for (n, letters) in gap.drain(..).enumerate() {
                let old = (from + n < to).then(|| self.0[from + n].block.clone());
                lines.push(Shown {
                    block: old.flatten(),
                    origin: None,
                    letters,
                });
            }
        };
        for letters in &wanted[head..new_end] {
            let found = (from..old_end).find(|at| self.0[*at].letters == *letters);
            match found {
                Some(at) => {
                    close(from, at, &mut gap, &mut lines);
                    lines.push(self.0[at].clone());
                    from = at + 1;
                }
                None => gap.push(letters.clone()),
            }
        }
        close(from, old_end, &mut gap, &mut lines);
        lines.extend_from_slice(&self.0[old_end..]);
        self.0 = lines;
    }
}

/// A laptop on which somebody writes.
struct Writer {
    laptop: Laptop,
    screen: Screen,
    n_ids: u32,
    n_saves: u32,
    n_settled: u32,
}

impl Writer {
    fn new(seed: u64, name: &str) -> Self {
        Self {
            laptop: Laptop::new(seed, name),
            screen: Screen::default(),
            n_ids: 1_000_000 * u32::try_from(seed).unwrap(),
            n_saves: 0,
            n_settled: 0,
        }
    }

    /// Saves what is on screen, all at once, and names all that it saw.
    fn save(&mut self, study: &StudyId, section: &EntityId) {
        let doc = doc(&self.laptop.desk, study);
        let shown: HashSet<EntityId> = self
            .screen
            .0
            .iter()
            .filter_map(|it| it.block.clone())
            .collect();
        let mut changes = Vec::new();
        for block in doc.children(section, kind::BLOCK) {
            if !shown.contains(&block.id) && block.is_shown() {
                changes.push(ProtocolChange::Archive {
                    entity: block.id.clone(),
                    seen: doc.seen_with_children(&block.id),
                });
            }
        }
        let mut after: Option<EntityId> = None;
        for line in &mut self.screen.0 {
            let text = json!(line.letters.iter().collect::<String>());
            if let Some(id) = &line.block {
                let register = doc.entity(id).unwrap().fields.get("text.zh");
                let is_settled = register.is_none_or(|register| !register.conflict);
                let now = register.map_or(&serde_json::Value::Null, |register| register.value());
                self.n_settled += u32::from(!is_settled);
                if !is_settled || *now != text && !(now.is_null() && text == "") {
                    changes.push(ProtocolChange::Set {
                        entity: id.clone(),
                        field: "text.zh".into(),
                        value: text,
                        seen: register.map(model::Register::seen).unwrap_or_default(),
                    });
                }
            } else {
                self.n_ids += 1;
                let id = crate::protocol::id(self.n_ids);
                let mut values = fields(&[("type", json!("paragraph")), ("text.zh", text)]);
                if let Some(origin) = &line.origin {
                    values.insert("origin".into(), json!({"$ref": origin.as_str()}));
                }
                changes.push(ProtocolChange::Add {
                    id: id.clone(),
                    kind: kind::BLOCK.into(),
                    parent: Some(section.clone()),
                    after: after.clone(),
                    fields: values,
                });
                line.block = Some(id);
                line.origin = None;
            }
            after.clone_from(&line.block);
        }
        if !changes.is_empty() {
            self.n_saves += 1;
            let desk = &mut self.laptop.desk;
            desk.protocol_save(study, changes, None).unwrap();
        }
    }

    fn look(&mut self, study: &StudyId) {
        self.screen = Screen::of(&self.laptop.desk, study);
    }

    /// Closes the vault; gives its size. Units: bytes.
    fn close(self) -> u64 {
        drop(self.laptop.desk);
        let file = self.laptop.dir.join("vault.db");
        std::fs::metadata(file).unwrap().len()
    }

    fn check(&self, study: &StudyId, end: &str) {
        let lines = text(&self.laptop.desk, study);
        assert_eq!(lines[1..].join("\n"), end);
        assert_eq!(self.laptop.desk.verify().unwrap().problems, []);
    }
}

fn begin(seed: u64) -> ([Writer; 2], Referee, StudyId, EntityId) {
    let mut writers = [Writer::new(seed, "甲"), Writer::new(seed + 1, "乙")];
    let mut referee = Referee::default();
    let desk = &mut writers[0].laptop.desk;
    let study = new_study(desk, "写作");
    desk.protocol_save(&study, vec![section(1, None, "正文")], None)
        .unwrap();
    for writer in &mut writers {
        referee.sync(&mut writer.laptop.desk);
    }
    (writers, referee, study, crate::protocol::id(1))
}

/// One person, two laptops in turn; saved whenever `burst` keys were struck.
fn in_turn(name: &str, is_han: bool, burst: usize) {
    let Some(trace) = trace(name, is_han) else {
        return;
    };
    let (mut writers, mut referee, study, section) = begin(800);
    for (n, keys) in trace.txns.chunks(burst).enumerate() {
        let writer = &mut writers[n % 2];
        referee.pull_all(&mut writer.laptop.desk);
        writer.look(&study);
        for (at, n_out, put) in keys.iter().flat_map(|txn| &txn.patches) {
            writer.screen.patch(*at, *n_out, put);
        }
        writer.save(&study, &section);
        referee.push_all(&mut writer.laptop.desk);
    }
    for mut writer in writers {
        referee.pull_all(&mut writer.laptop.desk);
        writer.check(&study, &trace.end_content);
        assert_eq!(writer.n_settled, 0, "nobody wrote at the same time");
        let (n_keys, n_saves) = (trace.txns.len(), writer.n_saves);
        println!(
            "in turn: {n_keys} keys, {n_saves} saves, {} bytes",
            writer.close()
        );
    }
}

/// What the recording says of who had what when: a text for each meeting.
struct Oracle {
    docs: [AutoCommit; 2],
    text: automerge::ObjId,
    changes: [Vec<Change>; 2],
    /// How many changes of the other each has.
    known: [usize; 2],
}

impl Oracle {
    fn new() -> Self {
        let mut first = AutoCommit::new().with_actor(ActorId::from([1_u8; 16]));
        let text = first
            .put_object(automerge::ROOT, "text", ObjType::Text)
            .unwrap();
        first.commit();
        let second = first.fork().with_actor(ActorId::from([2_u8; 16]));
        Self {
            docs: [first, second],
            text,
            changes: [Vec::new(), Vec::new()],
            known: [0, 0],
        }
    }

    fn write(&mut self, agent: usize, patches: &[(usize, usize, String)]) {
        let doc = &mut self.docs[agent];
        for (at, n_out, put) in patches {
            let n_out = isize::try_from(*n_out).unwrap();
            doc.splice_text(&self.text, *at, n_out, put).unwrap();
        }
        let hash = doc.commit().unwrap();
        let change = doc.get_change_by_hash(&hash).unwrap();
        self.changes[agent].push(change);
    }

    fn meet(&mut self, agent: usize, n: usize) -> String {
        let more = self.changes[1 - agent][self.known[agent]..n].to_vec();
        self.docs[agent].apply_changes(more).unwrap();
        self.known[agent] = n;
        self.docs[agent].text(&self.text).unwrap()
    }
}

/// Two people write at once; each saves when the other is about to see it. The first `n_keys` of
/// the recording, or all of it.
fn at_once(is_han: bool, n_keys: Option<usize>) {
    let Some(mut trace) = trace("concurrent-friendsforever", is_han) else {
        return;
    };
    trace.txns.truncate(n_keys.unwrap_or(usize::MAX));
    let (mut writers, mut referee, study, section) = begin(810);
    let mut oracle = Oracle::new();
    // Where each key stands among those of its writer; which of them the other one comes to see.
    let mut count = [0, 0];
    let place: Vec<usize> = trace
        .txns
        .iter()
        .map(|txn| {
            count[txn.agent] += 1;
            count[txn.agent]
        })
        .collect();
    let others = |txn: &Txn| {
        let others = txn.parents.iter().copied();
        others
            .filter(|parent| trace.txns[*parent].agent != txn.agent)
            .max()
    };
    let met: HashSet<usize> = trace.txns.iter().filter_map(others).collect();
    // The number at the center of what a key was saved with.
    let mut saved_as = vec![0; trace.txns.len()];
    for (n, txn) in trace.txns.iter().enumerate() {
        let agent = txn.agent;
        if let Some(seen) = others(txn)
            && place[seen] > oracle.known[agent]
        {
            let writer = &mut writers[agent];
            writer.save(&study, &section);
            referee.push_all(&mut writer.laptop.desk);
            pull_to(
                &mut referee,
                &mut writer.laptop.desk,
                &study,
                saved_as[seen],
            );
            writer.look(&study);
            writer.screen.become_text(&oracle.meet(agent, place[seen]));
            writer.save(&study, &section);
        }
        let writer = &mut writers[agent];
        for (at, n_out, put) in &txn.patches {
            writer.screen.patch(*at, *n_out, put);
        }
        oracle.write(agent, &txn.patches);
        if met.contains(&n) {
            writer.save(&study, &section);
            referee.push_all(&mut writer.laptop.desk);
            saved_as[n] = referee.n(study.as_str());
        }
    }
    let both = oracle.meet(0, oracle.changes[1].len());
    if n_keys.is_none() {
        assert_eq!(both, trace.end_content);
    }
    for writer in &mut writers {
        writer.save(&study, &section);
        referee.push_all(&mut writer.laptop.desk);
    }
    let writer = &mut writers[0];
    referee.pull_all(&mut writer.laptop.desk);
    writer.look(&study);
    writer.screen.become_text(&both);
    writer.save(&study, &section);
    referee.push_all(&mut writer.laptop.desk);
    referee.pull_all(&mut writers[1].laptop.desk);
    let mut n_settled = 0;
    for writer in writers {
        writer.check(&study, &both);
        n_settled += writer.n_settled;
        let (n_keys, n_saves) = (trace.txns.len(), writer.n_saves);
        println!(
            "at once: {n_keys} keys, {n_saves} saves, {} bytes",
            writer.close()
        );
    }
    assert!(n_settled > 0, "two people wrote in one line");
}

/// Pulls what the center had when it had `to` commits of a study.
fn pull_to(referee: &mut Referee, desk: &mut Desk, study: &StudyId, to: usize) {
    let stream = study.as_str();
    loop {
        let states = desk.streams().unwrap();
        let cursor = states.iter().find(|it| it.stream == stream).unwrap().cursor;
        let left = to.saturating_sub(usize::try_from(cursor).unwrap());
        let page = referee.page(stream, cursor, left.min(50));
        if page.is_empty() {
            break;
        }
        assert_eq!(accept(desk, stream, cursor, page).problems.len(), 0);
    }
}

#[test]
fn a_post_written_on_two_laptops_in_turn() {
    in_turn("sequential-json-crdt-blog-post", false, 400);
    in_turn("sequential-json-crdt-blog-post", true, 400);
}

#[test]
fn two_people_write_at_once() {
    at_once(false, Some(2_500));
    at_once(true, Some(2_500));
}

#[test]
#[ignore = "takes minutes: cargo xtask soak traces"]
fn whole_recordings() {
    in_turn("sequential-automerge-paper", false, 1_000);
    in_turn("sequential-automerge-paper", true, 1_000);
    at_once(false, None);
    at_once(true, None);
}

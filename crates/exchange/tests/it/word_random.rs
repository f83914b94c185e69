//! Random protocols, and random changes of one.

use crate::word_sample::{block, id, section};
use model::protocol::{Block, Protocol};
use model::rich::{Mark, MarkKind, RichText};
use serde_json::json;

/// Choices, one after the other; zero where they end.
pub(crate) struct Dice {
    rolls: std::vec::IntoIter<u16>,
    next_id: u32,
}

const ZH: [&str; 12] = [
    "剂量",
    "受试者",
    "每 3 周 1 次",
    "5 毫克",
    "。",
    "，",
    "随机",
    "“入组”",
    "随访",
    "≥18 岁",
    "\n",
    "安全性",
];
const EN: [&str; 12] = [
    "dose ",
    "participants ",
    "every 3 weeks ",
    "5 mg ",
    ". ",
    ", ",
    "randomized ",
    "& ",
    "<follow-up> ",
    "age 18 ",
    "\n",
    "safety ",
];
const KINDS: [&str; 4] = ["paragraph", "heading", "item", "row"];

impl Dice {
    pub(crate) fn new(rolls: Vec<u16>) -> Self {
        Self {
            rolls: rolls.into_iter(),
            next_id: 1000,
        }
    }

    /// A number below `n`.
    fn roll(&mut self, n: usize) -> usize {
        usize::from(self.rolls.next().unwrap_or(0)) % n.max(1)
    }

    fn id(&mut self) -> u32 {
        self.next_id += 1;
        self.next_id
    }

    fn words(&mut self, from: &[&str], n_max: usize) -> String {
        let n = self.roll(n_max) + 1;
        let words: String = (0..n).map(|_| from[self.roll(from.len())]).collect();
        format!("{}{words}", from[0])
    }

    fn text(&mut self, from: &[&str], kind: &str) -> RichText {
        if kind == "row" {
            let n_cells = self.roll(3) + 1;
            let cells: Vec<String> = (0..n_cells).map(|_| self.words(from, 3)).collect();
            return cells.join("\t").into();
        }
        let text = self.words(from, 12);
        let n = u32::try_from(text.chars().count()).expect("short");
        let marks = match self.roll(4) {
            0 => vec![(n / 3, n / 2, MarkKind::Bold)],
            1 if kind != "heading" => vec![(n / 2, n / 2, MarkKind::Note)],
            _ => Vec::new(),
        };
        let mark = |(from, to, kind)| Mark {
            from,
            to,
            kind,
            href: String::new(),
        };
        RichText::new(text, marks.into_iter().map(mark).collect())
    }

    fn block(&mut self) -> Block {
        let kind = KINDS[self.roll(KINDS.len())];
        let mut block = block(self.id(), kind, "", "");
        block.zh = self.text(&ZH, kind);
        block.en = self.text(&EN, kind);
        match kind {
            "item" => {
                block.level = u8::try_from(self.roll(3)).expect("small");
                block.list = ["bullet", "number"][self.roll(2)].to_owned();
            }
            "row" => {
                block.table = format!("t{}", self.roll(2));
                block.layout = match self.roll(3) {
                    0 => json!({"head": true, "span": [2]}).to_string(),
                    1 => json!({"vm": ["start", "cont"]}).to_string(),
                    _ => String::new(),
                };
            }
            _ => {}
        }
        block
    }

    fn note(&mut self) -> Block {
        let mut note = block(self.id(), "note", "", "");
        note.zh = self.words(&ZH, 4).into();
        note.en = self.words(&EN, 4).into();
        note
    }

    /// A protocol.
    pub(crate) fn protocol(&mut self) -> Protocol {
        let mut protocol = Protocol::default();
        for at in 0..=self.roll(4) {
            let level = u8::try_from(self.roll(4) + 1).expect("small");
            let zh = format!("{} {}", at + 1, self.words(&ZH[..3], 3));
            let en = format!("{} {}", at + 1, self.words(&EN[..3], 3));
            let mut section = section(self.id(), level, &zh, &en);
            if self.roll(6) == 0 {
                section.not_applicable = self.words(&ZH[..4], 4);
            }
            for _ in 0..self.roll(7) {
                section.blocks.push(self.block());
                if self.roll(4) == 0 {
                    section.blocks.push(self.note());
                }
            }
            protocol.sections.push(section);
        }
        protocol
    }

    /// The same with some changes.
    pub(crate) fn changed(&mut self, protocol: &Protocol) -> Protocol {
        let mut new = protocol.clone();
        for _ in 0..=self.roll(6) {
            self.change(&mut new);
        }
        new
    }

    fn change(&mut self, protocol: &mut Protocol) {
        let n = protocol.sections.len();
        let at = self.roll(n);
        match self.roll(12) {
            0 => {
                let section = protocol.sections.remove(at);
                let to = self.roll(n);
                protocol.sections.insert(to, section);
            }
            1 if n > 1 => {
                protocol.sections.remove(at);
            }
            2 => {
                let mut section = section(self.id(), 1, "新的章节", "A new section");
                section.blocks.push(self.block());
                protocol.sections.insert(at, section);
            }
            3 => {
                let section = &mut protocol.sections[at];
                section.zh.text.push_str("（修订）");
                section.en.text.push_str(" (amended)");
                section.level = section.level % 4 + 1;
            }
            4 => {
                let reason = self.roll(2);
                protocol.sections[at].not_applicable =
                    ["", "本研究没有这一项。"][reason].to_owned();
            }
            5 => {
                let to = self.roll(n);
                self.move_block(protocol, (at, to));
            }
            other => {
                let blocks = &mut protocol.sections[at].blocks;
                self.change_block(blocks, other);
            }
        }
    }

    fn move_block(&mut self, protocol: &mut Protocol, (from, to): (usize, usize)) {
        let blocks = &mut protocol.sections[from].blocks;
        if blocks.is_empty() {
            return;
        }
        let block = blocks.remove(self.roll(blocks.len()));
        let blocks = &mut protocol.sections[to].blocks;
        blocks.insert(self.roll(blocks.len() + 1), block);
    }

    fn change_block(&mut self, blocks: &mut Vec<Block>, how: usize) {
        let at = self.roll(blocks.len() + 1);
        if at == blocks.len() || how == 6 {
            let block = self.block();
            blocks.insert(at, block);
            return;
        }
        match how {
            7 => {
                blocks.remove(at);
            }
            8 => self.split(blocks, at),
            // A note does not refer to notes.
            9 if at + 1 < blocks.len() && blocks[at].kind != "note" => {
                let gone = blocks.remove(at + 1);
                let block = &mut blocks[at];
                block.zh.push(&gone.zh);
                block.en.push(&gone.en);
                block.merged.push(gone.id);
            }
            10 => {
                blocks[at].kind = KINDS[self.roll(3)].to_owned();
                let tabs = |text: &mut RichText| text.text = text.text.replace('\t', " ");
                tabs(&mut blocks[at].zh);
                tabs(&mut blocks[at].en);
            }
            _ => {
                let more = (self.words(&ZH, 3), self.words(&EN, 3));
                let cut = u32::try_from(self.roll(8)).expect("small");
                let block = &mut blocks[at];
                for (text, more) in [(&mut block.zh, more.0), (&mut block.en, more.1)] {
                    let end = text.slice(cut.min(text.len()), text.len());
                    let mut new: RichText = more.into();
                    new.push(&end);
                    *text = new;
                }
            }
        }
    }

    fn split(&mut self, blocks: &mut Vec<Block>, at: usize) {
        // A text that is empty in one language is written in the other one.
        if blocks[at].zh.len().min(blocks[at].en.len()) < 4 {
            return;
        }
        let mut half = blocks[at].clone();
        half.id = id(self.id());
        half.origin = Some(blocks[at].id.clone());
        let block = &mut blocks[at];
        let (zh, en) = (block.zh.len() / 2, block.en.len() / 2);
        half.zh = block.zh.slice(zh, block.zh.len());
        half.en = block.en.slice(en, block.en.len());
        block.zh = block.zh.slice(0, zh);
        block.en = block.en.slice(0, en);
        blocks.insert(at + 1, half);
    }
}

//! Signs of notes in a redline, where notes stand below their text.

use crate::node::{Cell, Piece, Run};
use crate::parts::block;
use crate::rich::refer;

/// Signs of the notes of a block or table, given in order.
#[derive(Default)]
pub(super) struct Signs {
    letters: bool,
    given: usize,
    printed: usize,
}

impl Signs {
    pub(super) fn letters() -> Self {
        Self {
            letters: true,
            ..Self::default()
        }
    }

    fn sign(&self, n: usize) -> Piece {
        if self.letters {
            block::raised(n)
        } else {
            block::sign(n + 1)
        }
    }

    /// Gives the references of a text their signs; in two languages they are the same.
    pub(super) fn give(&mut self, runs: &mut Cell) {
        let most = runs.iter().map(Run::references).max().unwrap_or(0);
        let begin = self.given;
        refer(runs, |n| Some(self.sign(begin + n)));
        self.given += most;
    }

    pub(super) fn next_note(&mut self) -> String {
        self.printed += 1;
        if self.printed <= self.given {
            self.sign(self.printed - 1).n
        } else {
            String::new()
        }
    }
}

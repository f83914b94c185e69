//! Lengths of time as rules state them: `24h`, `30d`, `10b`, `12m`, `3y`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Farthest that a rule may count. Units: those of the period.
const N_MAX: i64 = 100_000;

/// What a period is counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Unit {
    /// Hours from a moment.
    Hours,
    /// Calendar days.
    Days,
    /// Working days.
    WorkingDays,
    /// Months.
    Months,
    /// Years.
    Years,
}

const LETTERS: [(Unit, char); 5] = [
    (Unit::Hours, 'h'),
    (Unit::Days, 'd'),
    (Unit::WorkingDays, 'b'),
    (Unit::Months, 'm'),
    (Unit::Years, 'y'),
];

/// A period; a negative number counts back (due before the day).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// How many.
    pub n: i64,
    /// Of what.
    pub unit: Unit,
}

impl Period {
    /// Reads a number and a letter: `h` hours, `d` days, `b` working days, `m` months, `y` years.
    pub fn parse(text: &str) -> Option<Self> {
        let letter = text.chars().next_back()?;
        let (unit, _) = LETTERS.iter().find(|(_, known)| *known == letter)?;
        let digits = text.strip_suffix(letter)?;
        let plain = digits.strip_prefix('-').unwrap_or(digits);
        if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let n: i64 = digits.parse().ok()?;
        (n.abs() <= N_MAX).then_some(Self { n, unit: *unit })
    }

    /// The same length counted the other way.
    pub fn back(self) -> Self {
        Self { n: -self.n, ..self }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = LETTERS.iter().find(|(unit, _)| *unit == self.unit);
        write!(f, "{}{}", self.n, known.map_or('d', |(_, letter)| *letter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_and_written_the_same() {
        for text in ["24h", "30d", "10b", "12m", "3y", "-1m", "0d"] {
            assert_eq!(Period::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "d", "10", "1.5d", "10w", "+3d", "--3d", "100001d"] {
            assert_eq!(Period::parse(text), None, "{text}");
        }
    }
}

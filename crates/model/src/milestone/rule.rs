//! What a milestone's date follows from, as one short text that is stored with it.
//!
//! `siv-35d` is 35 days before the milestone `siv`, `protocol_draft+10b` 10 working days after,
//! `fpi-0d` before it, `trigger+24h` 24 hours after the milestone's own trigger; `first(siv)` and
//! `last(site_lpo)` ask all sites; `enrolled(50)` is the day with half of the participants.

use crate::calendar::Period;
use std::fmt;

/// The anchor that is no milestone but the day or moment noted with the milestone itself.
pub const TRIGGER: &str = "trigger";

/// What a date follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Before or after another milestone, or the own trigger.
    Offset {
        /// Key of the milestone, or [`TRIGGER`].
        anchor: String,
        /// Whether it is counted back.
        before: bool,
        /// How far; never negative.
        period: Period,
    },
    /// The first of the sites' milestones of a key.
    First(String),
    /// The last of the sites' milestones of a key.
    Last(String),
    /// The day with this share of the planned participants. Units: percent, 1 to 100.
    Enrolled(u8),
}

impl Rule {
    /// Reads a rule.
    pub fn parse(text: &str) -> Option<Self> {
        let inside = |name: &str| {
            let rest = text.strip_prefix(name)?.strip_prefix('(')?;
            rest.strip_suffix(')')
        };
        if let Some(key) = inside("first") {
            return is_key(key).then(|| Self::First(key.to_owned()));
        }
        if let Some(key) = inside("last") {
            return is_key(key).then(|| Self::Last(key.to_owned()));
        }
        if let Some(percent) = inside("enrolled") {
            let percent: u8 = percent.parse().ok()?;
            return (1..=100)
                .contains(&percent)
                .then_some(Self::Enrolled(percent));
        }
        let at = text.rfind(['+', '-'])?;
        let (anchor, rest) = text.split_at_checked(at)?;
        let before = rest.starts_with('-');
        let period = Period::parse(rest.get(1..)?).filter(|period| period.n >= 0)?;
        is_key(anchor).then(|| Self::Offset {
            anchor: anchor.to_owned(),
            before,
            period,
        })
    }

    /// The milestone that the date is counted from, among those of one place.
    pub fn anchor(&self) -> Option<&str> {
        match self {
            Self::Offset { anchor, .. } if anchor != TRIGGER => Some(anchor),
            _ => None,
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Offset {
                anchor,
                before,
                period,
            } => write!(f, "{anchor}{}{period}", if *before { '-' } else { '+' }),
            Self::First(key) => write!(f, "first({key})"),
            Self::Last(key) => write!(f, "last({key})"),
            Self::Enrolled(percent) => write!(f, "enrolled({percent})"),
        }
    }
}

/// Whether a text can be a milestone's key in a rule.
pub fn is_key(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
    !text.is_empty() && text.bytes().all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_are_read_and_written_the_same() {
        for text in [
            "siv-35d",
            "siv-0d",
            "protocol_draft+10b",
            "trigger+24h",
            "first(siv)",
            "last(site_lpo)",
            "enrolled(25)",
        ] {
            assert_eq!(Rule::parse(text).unwrap().to_string(), text);
        }
        for text in [
            "",
            "siv",
            "siv-35",
            "-35d",
            "siv--35d",
            "siv+-3d",
            "first()",
            "first(a b)",
            "enrolled(0)",
            "enrolled(101)",
            "中心+3d",
        ] {
            assert_eq!(Rule::parse(text), None, "{text}");
        }
    }
}

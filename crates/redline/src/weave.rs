//! The reading order: the new order, with what is gone where it stood.

use std::ops::Range;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// An old one that is not among those that stay; whether it has a line its owner knows.
    Old(usize),
    /// A new one.
    New(usize),
}

/// A new one and how it stands to the old order.
pub(crate) struct Place {
    pub(crate) new: usize,
    /// The old one, if it stayed.
    pub(crate) stays: Option<usize>,
    /// Whether it belongs right behind the one before it.
    pub(crate) sticks: bool,
}

/// Weaves both orders: what is gone comes before what is new in its place.
pub(crate) fn weave(places: &[Place], old: Range<usize>) -> Vec<Step> {
    let mut next_fixed = vec![old.end; places.len() + 1];
    for (at, place) in places.iter().enumerate().rev() {
        next_fixed[at] = place.stays.unwrap_or(next_fixed[at + 1]);
    }
    let mut steps = Vec::with_capacity(places.len());
    let mut at = old.start;
    for (place, fixed) in places.iter().zip(&next_fixed) {
        if !place.sticks || place.stays.is_some() {
            steps.extend((at..*fixed).map(Step::Old));
            at = at.max(*fixed);
        }
        steps.push(Step::New(place.new));
        if place.stays.is_some() {
            at += 1;
        }
    }
    steps.extend((at..old.end).map(Step::Old));
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use Step::{New, Old};

    #[test]
    fn what_is_gone_stands_where_it_stood() {
        let place = |(new, stays): (usize, Option<usize>)| Place {
            new,
            stays,
            sticks: false,
        };
        let places = [(0, Some(0)), (1, None), (2, Some(2)), (3, None)].map(place);
        let steps = weave(&places, 0..4);
        assert_eq!(steps, [New(0), Old(1), New(1), New(2), Old(3), New(3)]);
    }
}

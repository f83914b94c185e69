//! How many laptops may listen at once.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Most streams of events of one device; a further one ends the oldest: its connection may be one
/// that broke unnoticed.
const SEATS_OF_A_DEVICE: usize = 2;
/// Most streams of events in all: half of the connections stay for everything else.
pub(crate) const SEATS_MAX: usize = 512;

#[derive(Default)]
struct Taken {
    n: usize,
    next_id: u64,
    by_device: HashMap<String, VecDeque<(u64, oneshot::Sender<()>)>>,
}

/// The places for those who listen.
#[derive(Clone, Default)]
pub(crate) struct Seats(Arc<Mutex<Taken>>);

/// A place, given back when it is dropped.
pub(crate) struct Seat {
    seats: Seats,
    dev: String,
    id: u64,
    given_up: oneshot::Receiver<()>,
}

impl Seats {
    /// Takes a place for a device; `None` when all are taken.
    pub(crate) fn take(&self, dev: &str) -> Option<Seat> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.by_device.get(dev).map_or(0, VecDeque::len);
        if taken.n >= SEATS_MAX && own == 0 {
            return None;
        }
        taken.next_id += 1;
        let id = taken.next_id;
        let (give_up, given_up) = oneshot::channel();
        let list = taken.by_device.entry(dev.to_owned()).or_default();
        list.push_back((id, give_up));
        let oldest = match list.len() > SEATS_OF_A_DEVICE || taken.n >= SEATS_MAX {
            true => taken.by_device.get_mut(dev).and_then(VecDeque::pop_front),
            false => None,
        };
        match oldest {
            // Whoever sat there learns of it; the number of places in use stays.
            Some((_, ended)) => drop(ended.send(())),
            None => taken.n += 1,
        }
        Some(Seat {
            seats: self.clone(),
            dev: dev.to_owned(),
            id,
            given_up,
        })
    }

    /// How many are taken.
    pub(crate) fn n_taken(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).n
    }
}

impl Seat {
    /// Waits until the place is needed for a newer connection of the same device.
    pub(crate) async fn given_up(&mut self) {
        let _ = (&mut self.given_up).await;
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(list) = taken.by_device.get_mut(&self.dev) else {
            return;
        };
        let before = list.len();
        list.retain(|(id, _)| *id != self.id);
        let (n_gone, is_empty) = (before - list.len(), list.is_empty());
        if is_empty {
            taken.by_device.remove(&self.dev);
        }
        taken.n -= n_gone;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_third_connection_of_a_laptop_ends_its_oldest() {
        let seats = Seats::default();
        let mut first = seats.take("a").unwrap();
        let mut second = seats.take("a").unwrap();
        assert!(second.given_up.try_recv().is_err());
        let third = seats.take("a").unwrap();
        first.given_up().await;
        assert!(second.given_up.try_recv().is_err());
        assert_eq!(seats.n_taken(), 2);
        drop(first);
        assert_eq!(seats.n_taken(), 2);
        drop((second, third));
        assert_eq!(seats.n_taken(), 0);
    }

    #[tokio::test]
    async fn when_all_places_are_taken_only_those_who_sit_may_sit_anew() {
        let seats = Seats::default();
        let mut all: Vec<Seat> = (0..SEATS_MAX)
            .map(|n| seats.take(&format!("d{n}")).unwrap())
            .collect();
        assert!(seats.take("one more").is_none());
        let again = seats.take("d7").unwrap();
        all[7].given_up().await;
        assert_eq!(seats.n_taken(), SEATS_MAX);
        all.remove(9);
        assert!(seats.take("one more").is_some());
        drop((all, again));
        assert_eq!(seats.n_taken(), 0);
    }
}

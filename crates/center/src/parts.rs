//! The same work for each of many things, on as many processors as there are.

use std::num::NonZero;
use std::thread;

/// Most threads for one piece of work; others want the processors, too.
const THREADS_MAX: usize = 4;
/// Fewer things than this are not worth a thread.
const PART_MIN: usize = 16;

/// What the work gives for each thing, in their order.
pub(crate) fn in_parts<T: Sync, R: Send>(things: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let n_threads = thread::available_parallelism().map_or(1, NonZero::get);
    let n_parts = n_threads.min(THREADS_MAX).min(things.len() / PART_MIN);
    if n_parts < 2 {
        return things.iter().map(work).collect();
    }
    let work = &work;
    thread::scope(|scope| {
        let mut parts = things.chunks(things.len().div_ceil(n_parts));
        let own = parts.next().unwrap_or_default();
        let others: Vec<_> = parts
            .map(|part| scope.spawn(move || part.iter().map(work).collect::<Vec<R>>()))
            .collect();
        let mut results: Vec<R> = own.iter().map(work).collect();
        for other in others {
            match other.join() {
                Ok(part) => results.extend(part),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        results
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_has_its_own_result_however_many_there_are() {
        for n in [0, 1, 15, 16, 31, 32, 33, 63, 100, 500] {
            let things: Vec<usize> = (0..n).collect();
            let doubled: Vec<usize> = things.iter().map(|n| n * 2).collect();
            assert_eq!(in_parts(&things, |n| n * 2), doubled);
        }
    }
}

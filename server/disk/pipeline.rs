//! Pieces of work that are done on all processors, and whose results are taken in their order while others are
//! still being worked on.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

/// So many results for each thread may be ready, or be worked on, before they are taken.
const AHEAD: usize = 3;

/// Does the pieces of work `0..count` and gives an iterator over the results to `then`. Little memory is taken
/// for results: work stops when they are not taken. Ends early when a piece of work panics.
pub fn in_order<P: Send, T>(
    count: usize,
    work: impl Fn(usize) -> P + Sync,
    then: impl FnOnce(&mut dyn Iterator<Item = P>) -> T,
) -> T {
    let threads = rayon::current_num_threads().min(count);
    if count <= 1 {
        return then(&mut (0..count).map(work));
    }
    let line = Line { state: Mutex::default(), changed: Condvar::new(), count, most: threads * AHEAD };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _end = End(&line);
                while let Some(piece) = line.take() {
                    line.put(piece, work(piece));
                }
            });
        }
        let _end = End(&line);
        then(&mut std::iter::from_fn(|| line.next()))
    })
}

/// The results that are waited for, in a line.
struct Line<P> {
    state: Mutex<State<P>>,
    changed: Condvar,
    count: usize,
    most: usize,
}

struct State<P> {
    /// How many were taken out.
    taken: usize,
    /// Those behind, as far as they are worked on.
    waiting: VecDeque<Option<P>>,
    /// Whether someone has left before all was done.
    ended: bool,
}

impl<P> Default for State<P> {
    fn default() -> Self {
        Self { taken: 0, waiting: VecDeque::new(), ended: false }
    }
}

impl<P> Line<P> {
    fn lock(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits as long as `wait` says so.
    fn wait(&self, wait: impl Fn(&State<P>) -> bool) -> MutexGuard<'_, State<P>> {
        let state = self.lock();
        self.changed.wait_while(state, |state| !state.ended && wait(state)).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next piece to work on, when there is room for what comes of it.
    fn take(&self) -> Option<usize> {
        let mut state = self.wait(|state| state.waiting.len() >= self.most);
        let piece = state.taken + state.waiting.len();
        if state.ended || piece >= self.count {
            return None;
        }
        state.waiting.push_back(None);
        Some(piece)
    }

    fn put(&self, piece: usize, result: P) {
        let mut state = self.lock();
        let at = piece - state.taken;
        state.waiting[at] = Some(result);
        drop(state);
        self.changed.notify_all();
    }

    /// The next result, in order.
    fn next(&self) -> Option<P> {
        let mut state = self.wait(|state| state.taken < self.count && !matches!(state.waiting.front(), Some(Some(_))));
        let result = state.waiting.front_mut()?.take()?;
        state.waiting.pop_front();
        state.taken += 1;
        drop(state);
        self.changed.notify_all();
        Some(result)
    }
}

/// Lets nobody wait for one who has left before all was done, as one who panics has.
struct End<'a, P>(&'a Line<P>);

impl<P> Drop for End<'_, P> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        let all_given_out = state.taken + state.waiting.len() >= self.0.count;
        state.ended |= !all_given_out || thread::panicking();
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::time::Duration;

    #[test]
    fn results_come_in_order_whoever_is_ready_first() {
        for count in [0, 1, 2, 500] {
            let work = |piece: usize| {
                thread::sleep(Duration::from_micros((piece as u64 * 7) % 50));
                piece
            };
            let all = in_order(count, work, |results| results.collect::<Vec<_>>());
            assert_eq!(all, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn who_takes_no_more_results_waits_for_no_one() {
        assert_eq!(in_order(10_000, |piece| piece, |results| results.nth(3)), Some(3));
        let panics = || in_order(10_000, |piece| piece, |results| assert_eq!(results.next(), None));
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    }

    #[test]
    fn work_that_panics_panics_there() {
        let work = |piece: usize| {
            assert_ne!(piece, 77, "this one fails");
            piece
        };
        let run = || in_order(1_000, work, |results| results.count());
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    }
}

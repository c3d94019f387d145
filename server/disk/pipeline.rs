//! Works on items with several threads, and returns the results in order while the work goes on.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

/// For each thread, at most this many items are in work or wait for the consumer.
const AHEAD: usize = 4;

/// The number of threads to use: rayon's inside its pool, else `RAYON_NUM_THREADS` or the number of processors. Outside
/// the pool rayon itself is not asked, because that would start its threads.
pub fn threads() -> usize {
    if rayon::current_thread_index().is_some() {
        return rayon::current_num_threads();
    }
    static THREADS: OnceLock<usize> = OnceLock::new();
    *THREADS.get_or_init(|| {
        let set = std::env::var("RAYON_NUM_THREADS").ok().and_then(|number| number.parse().ok());
        set.filter(|number| *number > 0).unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from))
    })
}

/// Works on the items `0..count`, and passes an iterator over the results to `consume`. Each thread has a state of its
/// own from `init`. The threads stop while too many results wait. The iterator ends early if the work panics.
pub fn in_order<S, R: Send, T>(
    count: usize,
    threads: usize,
    init: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, usize) -> R + Sync,
    consume: impl FnOnce(&mut dyn Iterator<Item = R>) -> T,
) -> T {
    let state = State { count, taken: 0, results: VecDeque::new(), stopped: false };
    let queue =
        Queue { turn: Mutex::default(), state: Mutex::new(state), changed: Condvar::new(), room: threads * AHEAD };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _guard = StopGuard(&queue);
                let mut state = init();
                while let Some(item) = queue.next_item() {
                    queue.put(item, work(&mut state, item));
                }
            });
        }
        let _guard = StopGuard(&queue);
        consume(&mut std::iter::from_fn(|| queue.next_result()))
    })
}

struct Queue<R> {
    /// Held by the one thread that waits for room. All would be woken for the room of one item.
    turn: Mutex<()>,
    state: Mutex<State<R>>,
    changed: Condvar,
    /// At most this many items are in work or wait.
    room: usize,
}

struct State<R> {
    /// The number of items.
    count: usize,
    /// The number of results that the consumer took.
    taken: usize,
    /// The results of the items after these, as far as they are begun; `None` while an item is in work.
    results: VecDeque<Option<R>>,
    /// Whether a worker panicked or the consumer left.
    stopped: bool,
}

impl<R> State<R> {
    fn begun(&self) -> usize {
        self.taken + self.results.len()
    }
}

impl<R> Queue<R> {
    fn lock(&self) -> MutexGuard<'_, State<R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait_while(&self, condition: impl Fn(&State<R>) -> bool) -> MutexGuard<'_, State<R>> {
        let wait = |state: &mut State<R>| !state.stopped && condition(state);
        self.changed.wait_while(self.lock(), wait).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next item to work on, when there is room for its result.
    fn next_item(&self) -> Option<usize> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self.wait_while(|state| state.begun() < state.count && state.results.len() >= self.room);
        let item = state.begun();
        if state.stopped || item == state.count {
            return None;
        }
        state.results.push_back(None);
        Some(item)
    }

    fn put(&self, item: usize, result: R) {
        let mut state = self.lock();
        let at = item - state.taken;
        state.results[at] = Some(result);
        // Waking the consumer is expensive, so several results must be ready, or the last ones.
        let ready = state.results.iter().take_while(|result| result.is_some()).count();
        let wakes = ready >= self.room / 2 || (ready == state.results.len() && state.begun() == state.count);
        drop(state);
        if wakes {
            self.changed.notify_all();
        }
    }

    /// The next result in order.
    fn next_result(&self) -> Option<R> {
        let mut state =
            self.wait_while(|state| !matches!(state.results.front(), Some(Some(_))) && state.taken < state.count);
        let result = state.results.front_mut()?.take()?;
        let was_full = state.results.len() >= self.room;
        state.results.pop_front();
        state.taken += 1;
        drop(state);
        if was_full {
            self.changed.notify_all();
        }
        Some(result)
    }
}

/// Wakes all threads if a worker panics or the consumer leaves early.
struct StopGuard<'a, R>(&'a Queue<R>);

impl<R> Drop for StopGuard<'_, R> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.stopped |= thread::panicking() || state.begun() < state.count;
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn results_come_in_order() {
        let few = (0..30).flat_map(|count| (1..4).map(move |threads| (count, threads)));
        for (count, threads) in few.chain([(500, 4)]) {
            let work = |(): &mut (), item: usize| {
                (0..item * 7 % 50).for_each(|_| thread::yield_now());
                item
            };
            let all = in_order(count, threads, || (), work, |results| results.collect::<Vec<_>>());
            assert_eq!(all, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn threads_stop_when_the_consumer_leaves() {
        for count in [9, usize::MAX] {
            let work = |(): &mut (), item| item;
            assert_eq!(in_order(count, 2, || (), work, |results| results.nth(3)), Some(3));
            let panics = || in_order(count, 2, || (), work, |results| assert_eq!(results.next(), None));
            assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
        }
    }

    #[test]
    fn a_panic_in_the_work_is_passed_on() {
        let work = |(): &mut (), item: usize| {
            assert_ne!(item, 77, "this one fails");
            item
        };
        let run = || in_order(1_000, 2, || (), work, |results| results.count());
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    }
}

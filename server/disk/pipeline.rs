//! Work on one item after the other, done by several threads, whose results are taken in their order while others
//! are still being worked on.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;

/// So many results for each thread may be ready, or be worked on, before they are taken.
const AHEAD: usize = 4;

/// How many threads work at once: as many as rayon has where its threads are at work, as `RAYON_NUM_THREADS` says, or
/// as there are processors. To ask rayon itself is to start its threads, whether or not there is work for them.
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

/// Works on items on so many threads, each with a state of its own that `init` makes, and gives an iterator over the
/// results to `then`. Little memory is taken for results: work stops when they are not taken. Ends early when work on
/// an item panics.
pub fn in_order<I, S, P: Send, T>(
    items: impl Iterator<Item = I> + Send,
    threads: usize,
    init: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, I) -> P + Sync,
    then: impl FnOnce(&mut dyn Iterator<Item = P>) -> T,
) -> T {
    let line =
        Line { items: Mutex::new(items), state: Mutex::default(), changed: Condvar::new(), most: threads * AHEAD };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _end = End(&line);
                let mut state = init();
                while let Some((place, item)) = line.take() {
                    line.put(place, work(&mut state, item));
                }
            });
        }
        let _end = End(&line);
        then(&mut std::iter::from_fn(|| line.next()))
    })
}

/// The results that are waited for, in a line.
struct Line<S, P> {
    items: Mutex<S>,
    state: Mutex<State<P>>,
    changed: Condvar,
    most: usize,
}

struct State<P> {
    /// How many were taken out.
    taken: usize,
    /// Those behind, as far as they are worked on.
    waiting: VecDeque<Option<P>>,
    /// Whether all items are being worked on.
    complete: bool,
    /// Whether someone has left before all was done.
    ended: bool,
}

impl<P> Default for State<P> {
    fn default() -> Self {
        Self { taken: 0, waiting: VecDeque::new(), complete: false, ended: false }
    }
}

impl<P> State<P> {
    /// Whether the next result is there, or none will come.
    fn is_next_known(&self) -> bool {
        matches!(self.waiting.front(), Some(Some(_))) || (self.complete && self.waiting.is_empty())
    }
}

impl<S, P> Line<S, P> {
    fn lock(&self) -> MutexGuard<'_, State<P>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits as long as `wait` says so.
    fn wait(&self, wait: impl Fn(&State<P>) -> bool) -> MutexGuard<'_, State<P>> {
        let state = self.lock();
        self.changed.wait_while(state, |state| !state.ended && wait(state)).unwrap_or_else(PoisonError::into_inner)
    }

    /// The next item, and its place, when there is room for what comes of it.
    fn take<I>(&self) -> Option<(usize, I)>
    where
        S: Iterator<Item = I>,
    {
        // Whoever has the items has their order.
        let mut items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        let full = self.wait(|state| state.waiting.len() >= self.most);
        if full.ended || full.complete {
            return None;
        }
        drop(full);
        let item = items.next();
        let mut state = self.lock();
        let place = state.taken + state.waiting.len();
        match &item {
            Some(_) => state.waiting.push_back(None),
            None => state.complete = true,
        }
        let complete = state.complete;
        drop(state);
        if complete {
            self.changed.notify_all();
        }
        item.map(|item| (place, item))
    }

    fn put(&self, place: usize, result: P) {
        let mut state = self.lock();
        let at = place - state.taken;
        state.waiting[at] = Some(result);
        // Waking somebody is dear: it has to be worth it, or there is no more to come.
        let ready = state.waiting.iter().take_while(|result| result.is_some()).count();
        let wakes = ready >= self.most / 2 || (state.complete && ready == state.waiting.len());
        drop(state);
        if wakes {
            self.changed.notify_all();
        }
    }

    /// The next result, in order.
    fn next(&self) -> Option<P> {
        let mut state = self.wait(|state| !state.is_next_known());
        let result = state.waiting.front_mut()?.take()?;
        let was_full = state.waiting.len() >= self.most;
        state.waiting.pop_front();
        state.taken += 1;
        drop(state);
        if was_full {
            self.changed.notify_all();
        }
        Some(result)
    }
}

/// Lets nobody wait for one who has left before all was done, as one who panics has.
struct End<'a, S, P>(&'a Line<S, P>);

impl<S, P> Drop for End<'_, S, P> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.ended |= !state.complete || thread::panicking();
        drop(state);
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn results_come_in_order_whoever_is_ready_first() {
        let few = (0..30).flat_map(|count| (1..4).map(move |threads| (count, threads)));
        for (count, threads) in few.chain([(500, 4)]) {
            let work = |(): &mut (), item: usize| {
                (0..item * 7 % 50).for_each(|_| thread::yield_now());
                item
            };
            let all = in_order(0..count, threads, || (), work, |results| results.collect::<Vec<_>>());
            assert_eq!(all, (0..count).collect::<Vec<_>>());
        }
    }

    #[test]
    fn who_takes_no_more_results_waits_for_no_one() {
        assert_eq!(in_order(0.., 2, || (), |(), item| item, |results| results.nth(3)), Some(3));
        let panics = || in_order(0.., 2, || (), |(), item| item, |results| assert_eq!(results.next(), None));
        assert!(catch_unwind(AssertUnwindSafe(panics)).is_err());
    }

    #[test]
    fn work_that_panics_panics_there() {
        let work = |(): &mut (), item: usize| {
            assert_ne!(item, 77, "this one fails");
            item
        };
        let run = || in_order(0..1_000, 2, || (), work, |results| results.count());
        assert!(catch_unwind(AssertUnwindSafe(run)).is_err());
    }
}

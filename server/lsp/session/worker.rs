//! Long work, away from the session, one piece after the other: it gets all it needs (a clone of the
//! rope costs nothing), and its result is taken by the session, which knows what has changed since.

use super::message::{Message, Task};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};

type Work<S> = Box<dyn FnOnce() -> Task<S> + Send>;

pub struct Worker<S> {
    queue: Option<Sender<Work<S>>>,
    inbox: Sender<Message<S>>,
}

impl<S: 'static> Worker<S> {
    pub fn new(inbox: Sender<Message<S>>) -> Self {
        Self { queue: None, inbox }
    }

    /// Does `work` on the worker's thread, and then `finish` with its result on the session's. Where the
    /// work panics nothing follows: what it owns is dropped, a reply included. The thread is started
    /// with the first piece.
    pub fn give<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
        finish: impl FnOnce(&mut S, T) + Send + 'static,
    ) {
        let work: Work<S> = Box::new(move || {
            let result = work();
            Box::new(move |state| finish(state, result))
        });
        let queue = self.queue.take().unwrap_or_else(|| self.start());
        if queue.send(work).is_ok() {
            self.queue = Some(queue);
        }
    }

    fn start(&self) -> Sender<Work<S>> {
        let (queue, pieces) = channel::<Work<S>>();
        let inbox = self.inbox.clone();
        let started = std::thread::Builder::new().name("worker".to_owned()).spawn(move || {
            for work in pieces {
                let Ok(finish) = catch_unwind(AssertUnwindSafe(work)) else {
                    tracing::error!("a piece of work panicked");
                    continue;
                };
                if inbox.send(Message::Run(finish)).is_err() {
                    return;
                }
            }
        });
        if let Err(error) = started {
            tracing::error!("the worker's thread cannot be started: {error}");
        }
        queue
    }
}

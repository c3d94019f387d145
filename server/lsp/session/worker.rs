//! Runs long work on another thread, one piece after another. Each piece owns its input (cloning a rope is cheap), and the
//! session takes its result, because only the session knows what has changed since.

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

    /// Runs `work` on the worker's thread, then `finish` with its result on the session's thread. If `work` panics,
    /// `finish` doesn't run, and everything that `work` owns is dropped, including a reply. The first call starts the
    /// thread.
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
        let (queue, all_work) = channel::<Work<S>>();
        let inbox = self.inbox.clone();
        let started = std::thread::Builder::new().name("worker".to_owned()).spawn(move || {
            for work in all_work {
                let Ok(finish) = catch_unwind(AssertUnwindSafe(work)) else {
                    tracing::error!("work on the worker's thread panicked");
                    continue;
                };
                if inbox.send(Message::Run(finish)).is_err() {
                    return;
                }
            }
        });
        if let Err(error) = started {
            tracing::error!("cannot start the worker's thread: {error}");
        }
        queue
    }
}

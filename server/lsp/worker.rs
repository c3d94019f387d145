//! Long work, away from the session, one piece after the other: it gets all it needs (a clone of the
//! rope costs nothing), and its result is taken by the session, which knows what has changed since.

use super::message::Message;
use super::session::Session;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Sender, channel};

/// What the session is to do with the result of a piece of work.
pub struct Finish(Box<dyn FnOnce(&mut Session) + Send>);

impl Finish {
    pub(super) fn run(self, session: &mut Session) {
        (self.0)(session);
    }
}

type Work = Box<dyn FnOnce() -> Finish + Send>;

/// The thread that does the work.
pub(super) struct Worker {
    queue: Option<Sender<Work>>,
    inbox: Sender<Message>,
}

impl Worker {
    pub fn new(inbox: Sender<Message>) -> Self {
        Self { queue: None, inbox }
    }

    /// Does `work` on the worker's thread, and then `finish` with its result on the session's. Where the
    /// work panics nothing follows: what it owns is dropped, a reply included. The thread is started
    /// with the first piece.
    pub fn give<T: Send + 'static>(
        &mut self,
        work: impl FnOnce() -> T + Send + 'static,
        finish: impl FnOnce(&mut Session, T) + Send + 'static,
    ) {
        let work: Work = Box::new(move || {
            let result = work();
            Finish(Box::new(move |session| finish(session, result)))
        });
        let queue = match self.queue.take() {
            Some(queue) => queue,
            None => self.start(),
        };
        if queue.send(work).is_ok() {
            self.queue = Some(queue);
        }
    }

    fn start(&self) -> Sender<Work> {
        let (queue, pieces) = channel::<Work>();
        let inbox = self.inbox.clone();
        let started = std::thread::Builder::new().name("worker".to_owned()).spawn(move || {
            for work in pieces {
                let Ok(finish) = catch_unwind(AssertUnwindSafe(work)) else {
                    tracing::error!("a piece of work panicked");
                    continue;
                };
                if inbox.send(Message::Worked(finish)).is_err() {
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

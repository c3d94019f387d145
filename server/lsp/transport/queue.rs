//! The bounded queue between the reader and the service, in wire order. Cancellations come first.

use super::wire;
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tower_lsp::jsonrpc::{Id, Request, Response};

/// The reader waits while the queue has this many messages or bytes.
const MAX_MESSAGES: usize = 1000;
const MAX_BYTES: usize = 16 << 20;

/// A message from the reader.
pub enum Incoming {
    /// A request or a notification.
    Request(Request),
    /// An answer from the client.
    Response(Response),
    /// A request that was canceled before it was called.
    Cancelled(Id),
}

/// The queue.
#[derive(Default)]
pub struct Queue {
    queued: Mutex<Queued>,
    room: Condvar,
    arrived: Notify,
}

#[derive(Default)]
struct Queued {
    messages: VecDeque<(Incoming, usize)>,
    bytes: usize,
    ended: bool,
    /// How often a reader found the queue full.
    #[cfg(test)]
    waits: usize,
}

impl Queued {
    /// Whether the reader has to wait.
    fn is_full(&mut self) -> bool {
        let many = self.messages.len() >= MAX_MESSAGES || self.bytes >= MAX_BYTES;
        let full = many && !self.ended;
        #[cfg(test)]
        {
            self.waits += usize::from(full);
        }
        full
    }
}

impl Queue {
    fn lock(&self) -> MutexGuard<'_, Queued> {
        self.queued.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for room, then adds a message at the end; false if the queue has ended.
    pub fn push(&self, message: Incoming, bytes: usize) -> bool {
        let mut queued = self.room.wait_while(self.lock(), Queued::is_full).unwrap_or_else(PoisonError::into_inner);
        if queued.ended {
            return false;
        }
        queued.messages.push_back((message, bytes));
        queued.bytes += bytes;
        self.arrived.notify_one();
        true
    }

    /// Handles a cancellation. If its request is in the queue, it won't be called. Otherwise it was called before, and the
    /// cancellation goes to the front.
    pub fn cancel(&self, cancellation: Request) -> bool {
        let id = cancellation.params().and_then(|params| wire::id_of(params.get("id")?));
        let mut queued = self.lock();
        let found = id.as_ref().and_then(|id| {
            queued.messages.iter().position(|(message, _)| match message {
                Incoming::Request(request) => request.id() == Some(id) && can_be_dropped(request),
                _ => false,
            })
        });
        if let Some((at, id)) = found.zip(id) {
            let bytes = queued.messages.remove(at).map_or(0, |(_, bytes)| bytes);
            queued.bytes -= bytes;
            queued.messages.push_front((Incoming::Cancelled(id), 0));
        } else {
            queued.messages.push_front((Incoming::Request(cancellation), 0));
        }
        self.arrived.notify_one();
        !queued.ended
    }

    /// The next message; `None` at the end.
    pub async fn pop(&self) -> Option<Incoming> {
        loop {
            {
                let mut queued = self.lock();
                if let Some((message, bytes)) = queued.messages.pop_front() {
                    queued.bytes -= bytes;
                    self.room.notify_one();
                    return Some(message);
                }
                if queued.ended {
                    return None;
                }
            }
            self.arrived.notified().await;
        }
    }

    /// Called when no message will follow the queued ones.
    pub fn end(&self) {
        self.lock().ended = true;
        self.arrived.notify_one();
        self.room.notify_one();
    }

    /// Called when no message will be taken anymore.
    pub fn abandon(&self) {
        self.lock().messages.clear();
        self.end();
    }
}

/// Whether dropping the request changes only its answer.
fn can_be_dropped(request: &Request) -> bool {
    !matches!(request.method(), "initialize" | "shutdown" | "exit")
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use serde_json::json;
    use std::time::{Duration, Instant};

    fn request(method: &'static str, id: i64) -> Incoming {
        Incoming::Request(Request::build(method).id(id).finish())
    }

    fn cancellation(id: i64) -> Request {
        Request::build("$/cancelRequest").params(json!({ "id": id })).finish()
    }

    fn next(queue: &Queue) -> String {
        match queue.pop().now_or_never() {
            Some(Some(Incoming::Request(request))) => request.method().to_owned(),
            Some(Some(Incoming::Cancelled(id))) => format!("cancelled {id}"),
            Some(Some(Incoming::Response(_))) => "response".to_owned(),
            Some(None) => "end".to_owned(),
            None => "empty".to_owned(),
        }
    }

    #[test]
    fn a_canceled_request_in_the_queue_is_answered_and_never_called() {
        let queue = Queue::default();
        queue.push(request("first", 1), 1);
        queue.push(request("second", 2), 1);
        queue.push(request("shutdown", 3), 1);
        queue.cancel(cancellation(2));
        queue.cancel(cancellation(3));
        queue.end();
        let order = ["$/cancelRequest", "cancelled 2", "first", "shutdown", "end", "end"];
        assert_eq!(order.map(|_| next(&queue)), order);
        assert_eq!(queue.lock().bytes, 0);
    }

    #[test]
    fn a_cancellation_never_overtakes_its_request() {
        let queue = Queue::default();
        queue.push(request("called", 1), 1);
        queue.push(request("other", 2), 1);
        assert_eq!(next(&queue), "called");
        queue.cancel(cancellation(1));
        assert_eq!(next(&queue), "$/cancelRequest");
        assert_eq!(next(&queue), "other");
        assert_eq!(next(&queue), "empty");
    }

    /// Pushes a message to a full queue, calls `then` while that waits, and returns the result of the push.
    fn push_on_full(queue: &Queue, then: impl FnOnce()) -> bool {
        queue.push(request("large", 1), MAX_BYTES);
        let (before, deadline) = (queue.lock().waits, Instant::now() + Duration::from_secs(60));
        std::thread::scope(|scope| {
            let pushed = scope.spawn(|| queue.push(request("next", 2), 1));
            while queue.lock().waits == before {
                assert!(!pushed.is_finished() && Instant::now() < deadline, "the push does not wait");
                std::thread::yield_now();
            }
            then();
            pushed.join().unwrap()
        })
    }

    #[test]
    fn a_full_queue_holds_the_reader_back_until_there_is_room_or_an_end() {
        let queue = Queue::default();
        assert!(push_on_full(&queue, || assert_eq!(next(&queue), "large")));
        assert_eq!(next(&queue), "next");
        assert!(!push_on_full(&queue, || queue.abandon()));
        assert_eq!(next(&queue), "end");
    }
}

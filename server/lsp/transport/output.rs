//! Output to the client: one thread writes, and all others send without waiting.
//!
//! Memory is bounded when the client stops reading: a message that makes an earlier one obsolete takes its place, and the
//! reader stops taking requests while too many bytes wait.

use super::queue::Queue;
use super::spelling::Spellings;
use serde::Serialize;
use std::collections::HashMap;
use std::io::{self, BufWriter, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tracing::{error, warn};

/// How long to wait until the client has read the last messages.
const GRACE: Duration = Duration::from_secs(1);

/// The reader waits while this many bytes wait for the writer.
const MAX_BYTES: usize = 32 << 20;

/// Sends messages to the client from any thread, without waiting. They are written in the order sent.
#[derive(Clone, Debug, Default)]
pub struct Output(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    waiting: Mutex<Waiting>,
    spellings: Mutex<Spellings>,
    changed: Condvar,
}

/// The messages that the writer has not taken.
#[derive(Debug, Default)]
struct Waiting {
    bodies: Vec<Vec<u8>>,
    bytes: usize,
    /// The places of the messages that have a subject.
    subjects: HashMap<String, usize>,
    /// Whether the writer is writing what it took.
    is_writing: bool,
    /// Whether nothing will be taken anymore.
    has_ended: bool,
}

#[derive(Serialize)]
struct Notification<'a, P> {
    jsonrpc: &'static str,
    method: &'a str,
    params: &'a P,
}

impl Output {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn spellings(&self) -> MutexGuard<'_, Spellings> {
        self.0.spellings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Spells the URI of a document as the client does, in all messages from now on.
    pub(super) fn spell(&self, uri: &str) {
        self.spellings().note(uri);
    }

    /// Sends a notification, which is serialized on the caller's thread.
    pub fn notify(&self, method: &str, params: &impl Serialize) {
        self.send(&Notification { jsonrpc: "2.0", method, params });
    }

    /// Sends a notification that makes earlier ones about the same subject obsolete. It takes the place of one that waits
    /// for the writer.
    pub fn replace(&self, subject: String, method: &str, params: &impl Serialize) {
        self.add(&Notification { jsonrpc: "2.0", method, params }, Some(subject));
    }

    /// Sends any message.
    pub(super) fn send(&self, message: &impl Serialize) {
        self.add(message, None);
    }

    fn add(&self, message: &impl Serialize, subject: Option<String>) {
        let body = match serde_json::to_vec(message) {
            Ok(body) => body,
            Err(error) => return error!("cannot serialize a message: {error}"),
        };
        let body = self.spellings().apply(body);
        let mut waiting = self.lock();
        if waiting.has_ended {
            return;
        }
        waiting.bytes += body.len();
        let last = waiting.bodies.len();
        let place = subject.map_or(last, |subject| *waiting.subjects.entry(subject).or_insert(last));
        if place == last {
            waiting.bodies.push(body);
        } else {
            let earlier = std::mem::replace(&mut waiting.bodies[place], body);
            waiting.bytes -= earlier.len();
        }
        drop(waiting);
        self.0.changed.notify_all();
    }

    /// Waits until the client has read most of what was sent; false if nothing will be written anymore.
    pub(super) fn wait_for_room(&self) -> bool {
        !self.wait_while(|waiting| waiting.bytes >= MAX_BYTES && !waiting.has_ended).has_ended
    }

    fn wait_while(&self, condition: impl Fn(&Waiting) -> bool) -> MutexGuard<'_, Waiting> {
        let waited = self.0.changed.wait_while(self.lock(), |waiting| condition(waiting));
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits a limited time until all messages are written, and ends the output.
    pub(super) fn finish(&self) {
        let is_busy = |waiting: &mut Waiting| !waiting.has_ended && (waiting.is_writing || !waiting.bodies.is_empty());
        let waited = self.0.changed.wait_timeout_while(self.lock(), GRACE, is_busy);
        if waited.is_ok_and(|(_, timeout)| timeout.timed_out()) {
            warn!("the client doesn't read the last messages");
        }
        self.end();
    }

    fn end(&self) {
        let mut waiting = self.lock();
        waiting.has_ended = true;
        waiting.bodies = Vec::new();
        drop(waiting);
        self.0.changed.notify_all();
    }

    /// Waits for messages and takes them all; `None` at the end. Those that were taken before are written.
    fn take(&self) -> Option<Vec<Vec<u8>>> {
        self.lock().is_writing = false;
        self.0.changed.notify_all();
        let mut waiting = self.wait_while(|waiting| waiting.bodies.is_empty() && !waiting.has_ended);
        waiting.subjects.clear();
        waiting.bytes = 0;
        waiting.is_writing = true;
        let taken = std::mem::take(&mut waiting.bodies);
        drop(waiting);
        self.0.changed.notify_all();
        (!taken.is_empty()).then_some(taken)
    }
}

/// Writes messages, and flushes when there are no more. A write error ends the session.
pub fn write_messages(output: impl Write, messages: &Output, queue: &Queue) {
    if let Err(error) = try_write_messages(output, messages) {
        warn!("cannot write the output: {error}");
        messages.end();
        queue.abandon();
    }
}

fn try_write_messages(output: impl Write, messages: &Output) -> io::Result<()> {
    let mut output = BufWriter::with_capacity(1 << 16, output);
    while let Some(bodies) = messages.take() {
        for body in bodies {
            write!(output, "Content-Length: {}\r\n\r\n", body.len())?;
            output.write_all(&body)?;
        }
        output.flush()?;
    }
    Ok(())
}

/// `Stdout` is line-buffered, so it would flush after each header.
#[cfg(unix)]
pub fn unbuffered_stdout() -> Box<dyn Write + Send> {
    use std::os::fd::AsFd;
    match io::stdout().as_fd().try_clone_to_owned() {
        Ok(file) => Box::new(std::fs::File::from(file)),
        Err(_) => Box::new(io::stdout()),
    }
}

#[cfg(not(unix))]
pub fn unbuffered_stdout() -> Box<dyn Write + Send> {
    Box::new(io::stdout())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_obsolete_before_it_is_written_is_not_written() {
        let output = Output::default();
        for version in 0..1_000 {
            output.notify("answer", &version);
            output.replace("a".to_owned(), "publish", &("a", version));
            output.replace("b".to_owned(), "publish", &("b", version));
        }
        let bodies = output.take().unwrap();
        assert_eq!(bodies.len(), 1_002);
        assert!(String::from_utf8_lossy(&bodies[1]).contains(r#"["a",999]"#));
        output.replace("a".to_owned(), "publish", &("a", 1_000));
        assert_eq!(output.take().unwrap().len(), 1, "what was taken is not replaced");
    }

    #[test]
    fn the_reader_waits_while_too_many_bytes_wait() {
        let output = Output::default();
        let large = "x".repeat(MAX_BYTES);
        (0..3).for_each(|_| output.replace("a".to_owned(), "publish", &large));
        assert!(output.lock().bytes < 2 * MAX_BYTES, "obsolete messages are counted");
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| output.wait_for_room());
            output.take();
            assert!(waiting.join().unwrap());
        });
        output.notify("answer", &large);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| output.wait_for_room());
            output.end();
            assert!(!waiting.join().unwrap());
        });
    }
}

//! Output to the client: one thread writes, and all others send without waiting.

use super::queue::Queue;
use serde::Serialize;
use std::io::{self, BufWriter, Write};
use std::sync::mpsc;
use std::time::Duration;
use tracing::{error, warn};

/// How long to wait until the client has read the last messages.
const GRACE: Duration = Duration::from_secs(1);

/// Sends messages to the client from any thread, without waiting. They are written in the order sent.
#[derive(Clone, Debug)]
pub struct Output(mpsc::Sender<Outgoing>);

/// An output, and the receiver of its messages.
pub fn channel() -> (Output, mpsc::Receiver<Outgoing>) {
    let (sender, receiver) = mpsc::channel();
    (Output(sender), receiver)
}

#[derive(Debug)]
pub enum Outgoing {
    Body(Vec<u8>),
    /// Dropped when everything before it is written.
    End(#[expect(dead_code, reason = "dropping it is the message")] mpsc::Sender<()>),
}

impl Output {
    /// Sends a notification, which is serialized on the caller's thread.
    pub fn notify(&self, method: &str, params: &impl Serialize) {
        #[derive(Serialize)]
        struct Notification<'a, P> {
            jsonrpc: &'static str,
            method: &'a str,
            params: &'a P,
        }
        self.send(&Notification { jsonrpc: "2.0", method, params });
    }

    /// Sends any message.
    pub(super) fn send(&self, message: &impl Serialize) {
        match serde_json::to_vec(message) {
            // The writer only ends with the session.
            Ok(body) => drop(self.0.send(Outgoing::Body(body))),
            Err(error) => error!("cannot serialize a message: {error}"),
        }
    }

    /// Waits a limited time until all messages are written.
    pub(super) fn finish(&self) {
        let (end, ended) = mpsc::channel();
        if self.0.send(Outgoing::End(end)).is_ok() && ended.recv_timeout(GRACE) == Err(mpsc::RecvTimeoutError::Timeout)
        {
            warn!("the client doesn't read the last messages");
        }
    }
}

/// Writes messages, and flushes when there are no more. A write error ends the session.
pub fn write_messages(output: impl Write, messages: &mpsc::Receiver<Outgoing>, queue: &Queue) {
    if let Err(error) = try_write_messages(output, messages) {
        warn!("cannot write the output: {error}");
        queue.abandon();
    }
}

fn try_write_messages(output: impl Write, messages: &mpsc::Receiver<Outgoing>) -> io::Result<()> {
    let mut output = BufWriter::with_capacity(1 << 16, output);
    while let Ok(first) = messages.recv() {
        let mut next = Some(first);
        while let Some(message) = next {
            match message {
                Outgoing::Body(body) => {
                    write!(output, "Content-Length: {}\r\n\r\n", body.len())?;
                    output.write_all(&body)?;
                }
                Outgoing::End(_) => return output.flush(),
            }
            next = messages.try_recv().ok();
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

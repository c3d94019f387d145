//! What goes to the client: one thread writes, everybody else sends without waiting.

use super::queue::Queue;
use serde::Serialize;
use std::io::{self, BufWriter, Write};
use std::sync::mpsc;
use std::time::Duration;
use tracing::{error, warn};

/// How long the client may take over our last messages.
const GRACE: Duration = Duration::from_secs(1);

/// The way to the client, from any thread and without waiting: messages go out in the order sent.
#[derive(Clone, Debug)]
pub struct Output(mpsc::Sender<Outgoing>);

/// A way to send and where it comes out.
pub fn channel() -> (Output, mpsc::Receiver<Outgoing>) {
    let (sender, receiver) = mpsc::channel();
    (Output(sender), receiver)
}

#[derive(Debug)]
pub enum Outgoing {
    Body(Vec<u8>),
    /// Everything before it is written when the other end of this is dropped.
    End(#[expect(dead_code, reason = "dropping it is the message")] mpsc::Sender<()>),
}

impl Output {
    /// Sends a notification; it is serialised here and now, on the caller's thread.
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
            // The writer is gone only when the session is at its end.
            Ok(body) => drop(self.0.send(Outgoing::Body(body))),
            Err(error) => error!("a message cannot be serialised: {error}"),
        }
    }

    /// Waits, not for ever, until all that was sent is written.
    pub(super) fn finish(&self) {
        let (end, ended) = mpsc::channel();
        if self.0.send(Outgoing::End(end)).is_ok() && ended.recv_timeout(GRACE) == Err(mpsc::RecvTimeoutError::Timeout)
        {
            warn!("the client does not take our last messages");
        }
    }
}

/// Writes what is sent, and flushes whenever there is no more; when that fails, the session ends.
pub fn write_messages(output: impl Write, messages: &mpsc::Receiver<Outgoing>, queue: &Queue) {
    if let Err(error) = try_write_messages(output, messages) {
        warn!("the output cannot be written: {error}");
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

/// `Stdout` would hand over each header by itself, since it ends in a line end.
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

//! The connection to the client: reads messages, calls the service in wire order, writes answers.
//!
//! There are three threads. The reader decodes messages and puts them into a bounded queue. The thread that called
//! [`serve`] calls the service for one message after another, each handler up to its first `await`. So handlers
//! send messages to the session in wire order. Only the writer touches the output. Nothing here waits for the client,
//! and nothing keeps memory for the largest message.
//!
//! This folder must not know documents. The only protocol methods that it knows are those of the life cycle, and the one
//! that opens a document, for the spelling of its URI.

mod client_process;
mod connection;
mod long_string;
mod output;
mod queue;
mod spelling;
mod wire;

pub use output::{Output, unbuffered_stdout};
pub use wire::request_of;

use connection::Connection;
use queue::{Incoming, Queue};
use std::io::{self, BufReader, Read, Write};
use std::sync::Arc;
use tower_lsp::jsonrpc::Request;
use tower_lsp::{ClientSocket, LanguageServer, LspService};
use tracing::warn;

/// Enlarges the buffers of standard input and output, if they are pipes.
pub fn widen_stdio() {
    widen(&io::stdin());
    widen(&io::stdout());
}

/// Serves a client. Returns whether `shutdown` was received before the end. The reader may still be waiting for input then.
///
/// Serving ends with `exit`, with the end of the input, when the output can't be written, or when the client's process is
/// gone. `repair` corrects each message before its handler gets it. `build` runs inside the runtime and gets the
/// [`Output`].
pub fn serve<S: LanguageServer>(
    (input, output): (impl Read + Send + 'static, impl Write + Send + 'static),
    repair: fn(Request) -> Request,
    build: impl FnOnce(Output) -> (LspService<S>, ClientSocket),
) -> io::Result<bool> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let queue = Arc::new(Queue::default());
    let sender = Output::default();
    let (messages, written) = (sender.clone(), queue.clone());
    thread("writer", move || output::write_messages(output, &messages, &written))?;
    let (read, answers) = (queue.clone(), sender.clone());
    thread("reader", move || read_messages(input, &read, &answers))?;
    let shut_down = {
        let _inside = runtime.enter();
        let (service, socket) = build(sender.clone());
        runtime.block_on(Connection::new(service, socket, repair, queue.clone(), sender.clone()).run())
    };
    queue.abandon();
    sender.finish();
    runtime.shutdown_background();
    Ok(shut_down)
}

/// Enlarges the buffer of a pipe, so that the client and the server need not wake each other for every 64 KiB of a large
/// message. Anything else stays as it is.
#[cfg(target_os = "linux")]
fn widen(pipe: &impl std::os::fd::AsFd) {
    /// The limit for unprivileged processes: /proc/sys/fs/pipe-max-size, pipe(7).
    const MAX_SIZE: usize = 1 << 20;
    if let Err(error) = rustix::pipe::fcntl_setpipe_size(pipe, MAX_SIZE) {
        tracing::debug!("cannot enlarge a pipe: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
fn widen<T>(_: &T) {}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run).map(drop)
}

fn read_messages(input: impl Read, queue: &Queue, output: &Output) {
    // However the reader ends, even with a panic, the queue must end too.
    struct End<'a>(&'a Queue);
    impl Drop for End<'_> {
        fn drop(&mut self) {
            self.0.end();
        }
    }
    let _end = End(queue);
    let mut input = BufReader::with_capacity(1 << 16, input);
    loop {
        let body = match wire::read_body(&mut input) {
            Ok(Some(body)) => body,
            Ok(None) => return,
            Err(error) => return warn!("cannot read the input: {error}"),
        };
        let bytes = body.len();
        if !output.wait_for_room() {
            return;
        }
        let open = match wire::decode(body) {
            wire::Message::Request(request) if request.method() == "$/cancelRequest" => queue.cancel(request),
            wire::Message::Request(request) => queue.push(Incoming::Request(request), bytes),
            wire::Message::Response(response) => queue.push(Incoming::Response(response), bytes),
            wire::Message::Broken(answer) => {
                output.send(&answer);
                true
            }
        };
        if !open {
            return;
        }
    }
}

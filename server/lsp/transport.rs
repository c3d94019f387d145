//! Standard input and output: reads messages, calls the service in wire order, writes answers.
//!
//! Three threads. The reader takes messages apart and puts them into a bounded queue. The thread that
//! called [`serve`] calls the service, one message after the other, each handler up to its first
//! `await`, so that what handlers send on before it is in wire order. The writer alone touches the
//! output. Nothing here waits for the client, and nothing keeps the size of the largest message.

use super::client_process::{ClientProcess, gone};
use super::mend::mend;
use super::output::{self, Output};
use super::queue::{Incoming, Queue};
use super::wire;
use futures::future::{BoxFuture, FutureExt};
use futures::sink::Sink;
use futures::stream::{FuturesUnordered, StreamExt};
use serde_json::json;
use std::any::Any;
use std::future::poll_fn;
use std::io::{self, BufReader, Read, Write};
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{ClientSocket, ExitedError, LanguageServer, Loopback, LspService};
use tower_service::Service;
use tracing::{error, info, warn};

/// How long answers may still take once the input has ended.
const GRACE: Duration = Duration::from_secs(1);

/// Serves a client over standard input and output; returns the code for the process to exit with.
///
/// The process must exit then: the reader may still be waiting for input.
pub fn serve_stdio<S: LanguageServer>(build: impl FnOnce(Output) -> (LspService<S>, ClientSocket)) -> i32 {
    widen(&io::stdin());
    widen(&io::stdout());
    serve(io::stdin(), output::unbuffered_stdout(), build)
}

/// Makes room for more in a pipe, so that the client and the server need not wake each other for every 64 KiB of a
/// large message. What is no pipe, or cannot be widened, stays as it is.
#[cfg(target_os = "linux")]
fn widen(pipe: &impl std::os::fd::AsFd) {
    /// The most that everybody may ask for: /proc/sys/fs/pipe-max-size, pipe(7).
    const MOST: usize = 1 << 20;
    if let Err(error) = rustix::pipe::fcntl_setpipe_size(pipe, MOST) {
        tracing::debug!("a pipe is not widened: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
fn widen<T>(_: &T) {}

/// Serves a client over `input` and `output`; returns 0 when `shutdown` came before the end, else 1.
///
/// The end is `exit`, the end of the input, output that nobody takes any more, or a client whose
/// process is gone. `build` runs inside the runtime and gets the way to the client that needs no
/// `await`.
pub fn serve<S: LanguageServer>(
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    build: impl FnOnce(Output) -> (LspService<S>, ClientSocket),
) -> i32 {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_time().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            error!("the runtime cannot be started: {error}");
            return 1;
        }
    };
    let queue = Arc::new(Queue::default());
    let (sender, outgoing) = output::channel();
    let started = thread("writer", {
        let queue = queue.clone();
        move || output::write_messages(output, &outgoing, &queue)
    })
    .and_then(|()| {
        let (queue, sender) = (queue.clone(), sender.clone());
        thread("reader", move || read_messages(input, &queue, &sender))
    });
    if let Err(error) = started {
        error!("a thread cannot be started: {error}");
        return 1;
    }
    let code = {
        let _inside = runtime.enter();
        let (service, socket) = build(sender.clone());
        let (requests, responses) = socket.split();
        let running = FuturesUnordered::new();
        let mut connection = Connection {
            service,
            requests,
            responses,
            running,
            queue: queue.clone(),
            output: sender.clone(),
            client: None,
            initializing: false,
            shut_down: false,
        };
        runtime.block_on(connection.run());
        i32::from(!connection.shut_down)
    };
    queue.abandon();
    sender.finish();
    runtime.shutdown_background();
    code
}

fn thread(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(run).map(drop)
}

fn read_messages(input: impl Read, queue: &Queue, output: &Output) {
    // However the reader ends, a panic included, the session must come to know.
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
            Err(error) => return warn!("the input cannot be read: {error}"),
        };
        let bytes = body.len();
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

/// The end of a handler.
struct Outcome {
    id: Option<Id>,
    method: String,
    result: Result<Result<Option<Response>, ExitedError>, Box<dyn Any + Send>>,
}

struct Connection<S> {
    service: LspService<S>,
    requests: <ClientSocket as Loopback>::RequestStream,
    responses: <ClientSocket as Loopback>::ResponseSink,
    /// Handlers that wait for something.
    running: FuturesUnordered<BoxFuture<'static, Outcome>>,
    queue: Arc<Queue>,
    output: Output,
    client: Option<ClientProcess>,
    /// While `initialize` is being answered nothing else is called: clients that do not wait for the
    /// answer would have what they send refused.
    initializing: bool,
    shut_down: bool,
}

impl<S: LanguageServer> Connection<S> {
    async fn run(&mut self) {
        loop {
            tokio::select! {
                message = self.queue.pop(), if !self.initializing => match message {
                    Some(message) => if self.take(message).await.is_break() { break },
                    None => {
                        info!("the input has ended");
                        let _ = tokio::time::timeout(GRACE, self.run_out()).await;
                        break;
                    }
                },
                Some(outcome) = self.running.next() => self.answer(outcome),
                Some(request) = self.requests.next() => self.output.send(&request),
                () = gone(self.client.as_ref()) => {
                    warn!("the client's process is gone");
                    break;
                }
            }
        }
        self.send_requests();
    }

    /// Answers what is still running.
    async fn run_out(&mut self) {
        while !self.running.is_empty() {
            tokio::select! {
                Some(outcome) = self.running.next() => self.answer(outcome),
                Some(request) = self.requests.next() => self.output.send(&request),
                else => break,
            }
        }
    }

    /// Sends what handlers have for the client at this moment.
    fn send_requests(&mut self) {
        while let Some(Some(request)) = self.requests.next().now_or_never() {
            self.output.send(&request);
        }
    }

    async fn take(&mut self, message: Incoming) -> ControlFlow<()> {
        match message {
            Incoming::Response(response) => {
                // An answer that nobody waits for is logged there.
                let _ = Pin::new(&mut self.responses).start_send(response);
            }
            Incoming::Cancelled(id) => {
                self.output.send(&Response::from_error(id, Error::request_cancelled()));
            }
            Incoming::Request(request) if request.method() == "exit" => {
                // The service ends its stream of requests at once, so what is in it goes first.
                self.send_requests();
                drop(self.service.call(request));
                return ControlFlow::Break(());
            }
            Incoming::Request(request) => {
                let request = mend(request);
                match request.method() {
                    "initialize" => {
                        self.initializing = true;
                        if self.client.is_none() {
                            self.client = ClientProcess::of(request.params());
                        }
                    }
                    "shutdown" => self.shut_down = true,
                    _ => {}
                }
                self.call(request).await;
            }
        }
        ControlFlow::Continue(())
    }

    /// Calls a handler and runs it up to its first `await`.
    async fn call(&mut self, request: Request) {
        let (id, method) = (request.id().cloned(), request.method().to_owned());
        let result = match poll_fn(|context| self.service.poll_ready(context)).await {
            Ok(()) => AssertUnwindSafe(self.service.call(request)).catch_unwind(),
            Err(_) => return,
        };
        let mut handler = async { Outcome { id, method, result: result.await } }.boxed();
        match poll_fn(|context| Poll::Ready(handler.poll_unpin(context))).await {
            Poll::Ready(outcome) => self.answer(outcome),
            Poll::Pending => self.running.push(handler),
        }
    }

    fn answer(&mut self, outcome: Outcome) {
        let Outcome { id, method, result } = outcome;
        if method == "initialize" {
            self.initializing = false;
        }
        let response = match result {
            Ok(Ok(Some(response))) => Some(response),
            // The service answers no `$/…` request that it does not know; the protocol says to.
            Ok(Ok(None)) => id.map(|id| Response::from_error(id, Error::method_not_found())),
            Ok(Err(_)) => id.map(|id| Response::from_error(id, Error::invalid_request())),
            Err(panic) => {
                error!("{method} panicked: {}", panic_message(panic.as_ref()));
                id.map(|id| {
                    self.forget(&id);
                    Response::from_error(id, Error::internal_error())
                })
            }
        };
        if let Some(response) = response {
            self.output.send(&response);
        }
    }

    /// Frees the id of a request that panicked: the service still thinks that it runs.
    fn forget(&mut self, id: &Id) {
        let cancel = Request::build("$/cancelRequest").params(json!({ "id": id })).finish();
        let _ = self.service.call(cancel).now_or_never();
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no message)")
}

//! Calls handlers in wire order and sends their answers.

use super::client_process::{ClientProcess, gone};
use super::output::Output;
use super::queue::{Incoming, Queue};
use futures::future::{BoxFuture, FutureExt};
use futures::sink::Sink;
use futures::stream::{FuturesUnordered, StreamExt};
use serde_json::json;
use std::any::Any;
use std::future::poll_fn;
use std::ops::ControlFlow;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;
use tokio::time::Instant;
use tower_lsp::jsonrpc::{Error, Id, Request, Response};
use tower_lsp::{ClientSocket, ExitedError, LanguageServer, Loopback, LspService};
use tower_service::Service;
use tracing::{error, info, warn};

/// How long to wait for answers after the end of the input.
const GRACE: Duration = Duration::from_secs(1);

/// How long to wait for answers after `shutdown`, or after `exit`. A handler may be waiting for the client, which will not answer anymore.
const GRACE_AT_SHUTDOWN: Duration = Duration::from_secs(30);

/// The result of a handler.
struct Outcome {
    id: Option<Id>,
    method: String,
    result: Result<Result<Option<Response>, ExitedError>, Box<dyn Any + Send>>,
}

/// A client and the service that answers it.
pub struct Connection<S> {
    service: LspService<S>,
    repair: fn(Request) -> Request,
    requests: <ClientSocket as Loopback>::RequestStream,
    responses: <ClientSocket as Loopback>::ResponseSink,
    /// Handlers that are waiting.
    running: FuturesUnordered<BoxFuture<'static, Outcome>>,
    queue: Arc<Queue>,
    output: Output,
    client: Option<ClientProcess>,
    /// While `initialize` is running, nothing else is called. Otherwise the service would reject the messages of clients
    /// that don't wait for the answer.
    initializing: bool,
    /// The request `shutdown`, until all requests before it are answered.
    shutdown: Option<(Request, Instant)>,
    shut_down: bool,
}

impl<S: LanguageServer> Connection<S> {
    /// A connection that takes the client's messages from `queue`.
    pub fn new(
        service: LspService<S>,
        socket: ClientSocket,
        repair: fn(Request) -> Request,
        queue: Arc<Queue>,
        output: Output,
    ) -> Self {
        let (requests, responses) = socket.split();
        Self {
            service,
            repair,
            requests,
            responses,
            running: FuturesUnordered::new(),
            queue,
            output,
            client: None,
            initializing: false,
            shutdown: None,
            shut_down: false,
        }
    }

    /// Serves the client until the end. Returns whether `shutdown` was received.
    pub async fn run(mut self) -> bool {
        loop {
            if self.running.is_empty()
                && let Some((shutdown, _)) = self.shutdown.take()
            {
                self.call(shutdown).await;
            }
            let deadline = self.shutdown.as_ref().map(|(_, deadline)| *deadline);
            tokio::select! {
                message = self.queue.pop(), if !self.initializing => match message {
                    Some(message) => if self.take(message).await.is_break() { break },
                    None => {
                        info!("the input has ended");
                        self.run_out(GRACE).await;
                        break;
                    }
                },
                Some(outcome) = self.running.next() => self.answer(outcome),
                Some(request) = self.requests.next() => self.output.send(&request),
                () = tokio::time::sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                    if let Some((shutdown, _)) = self.shutdown.take() {
                        self.call(shutdown).await;
                    }
                }
                () = gone(self.client.as_ref()) => {
                    warn!("the client's process is gone");
                    break;
                }
            }
        }
        self.send_requests();
        self.shut_down
    }

    /// Waits a limited time for the running handlers, then answers `shutdown`.
    async fn run_out(&mut self, limit: Duration) {
        let end = tokio::time::sleep(limit);
        tokio::pin!(end);
        while !self.running.is_empty() {
            tokio::select! {
                Some(outcome) = self.running.next() => self.answer(outcome),
                Some(request) = self.requests.next() => self.output.send(&request),
                () = gone(self.client.as_ref()) => break,
                () = &mut end => break,
            }
        }
        if let Some((shutdown, _)) = self.shutdown.take() {
            self.call(shutdown).await;
        }
    }

    /// Sends the requests to the client that are ready now.
    fn send_requests(&mut self) {
        while let Some(Some(request)) = self.requests.next().now_or_never() {
            self.output.send(&request);
        }
    }

    async fn take(&mut self, message: Incoming) -> ControlFlow<()> {
        match message {
            Incoming::Response(response) => {
                // The service logs an unexpected answer.
                let _ = Pin::new(&mut self.responses).start_send(response);
            }
            Incoming::Cancelled(id) => {
                self.output.send(&Response::from_error(id, Error::request_cancelled()));
            }
            Incoming::Request(request) if request.method() == "exit" => {
                self.run_out(GRACE_AT_SHUTDOWN).await;
                // `exit` ends the stream of requests to the client, so send them first.
                self.send_requests();
                drop(self.service.call(request));
                return ControlFlow::Break(());
            }
            Incoming::Request(request) if self.shutdown.is_some() && request.method() != "$/cancelRequest" => {
                if let Some(id) = request.id() {
                    self.output.send(&Response::from_error(id.clone(), Error::invalid_request()));
                }
            }
            Incoming::Request(request) => {
                if request.method() == "textDocument/didOpen"
                    && let Some(uri) = request.params().and_then(|params| params.pointer("/textDocument/uri")?.as_str())
                {
                    self.output.spell(uri);
                }
                let request = (self.repair)(request);
                match request.method() {
                    "initialize" => {
                        self.initializing = true;
                        if self.client.is_none() {
                            self.client = ClientProcess::of(request.params());
                        }
                    }
                    "shutdown" => {
                        self.shut_down = true;
                        self.shutdown = Some((request, Instant::now() + GRACE_AT_SHUTDOWN));
                        return ControlFlow::Continue(());
                    }
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
            // The service doesn't answer unknown `$/…` requests, but the protocol requires it.
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

    /// Frees the id of a request that panicked. The service still considers it running.
    fn forget(&mut self, id: &Id) {
        let cancel = Request::build("$/cancelRequest").params(json!({ "id": id })).finish();
        let _ = self.service.call(cancel).now_or_never();
    }
}

fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("(no message)")
}

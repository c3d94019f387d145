//! The language server: implements the protocol and gets its answers from the engine.
//!
//! This room must not know what a rule says or what a field means. It carries places, texts and answers between the client
//! and [`ide`](crate::ide). It is the only room that may use `tower_lsp`, `lsp_types`, `tokio` and async code.
//!
//! ```text
//! stdin  -> transport: wire (bytes to messages) -> queue -> connection -> session: repair -> server -> main_loop
//! stdout <- transport: output <------------- answers <----------- session: requests, client <-
//! ```

pub mod session;
mod transport;

use std::io::{self, Read, Write};

/// Serves a client over standard input and output, then exits: the thread that reads the input may still be waiting.
pub fn serve() -> ! {
    transport::widen_stdio();
    let served = serve_streams(io::stdin(), transport::unbuffered_stdout());
    let shut_down = served.unwrap_or_else(|error| {
        tracing::error!("cannot start the server: {error}");
        false
    });
    let _ = std::io::stderr().flush();
    std::process::exit(i32::from(!shut_down))
}

/// Serves a client over these streams, until the input ends or the client ends the connection. Returns whether it had
/// requested that with `shutdown`.
///
/// # Errors
/// If a thread cannot be started.
pub fn serve_streams(input: impl Read + Send + 'static, output: impl Write + Send + 'static) -> io::Result<bool> {
    transport::serve((input, output), session::repair, session::service)
}

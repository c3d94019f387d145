//! The language server: speaks the protocol with an editor and asks the engine for the answers.
//!
//! This room must not know what a rule says or what a field means; it carries places, texts and answers
//! between the client and [`ide`](crate::ide). It is THE ONLY place that may name `tower_lsp`,
//! `lsp_types` or `tokio`, and the only one that is asynchronous.
//!
//! ```text
//! stdin  -> transport: wire (bytes to messages) -> queue -> connection -> session: repair -> server -> main_loop
//! stdout <- transport: output <------------- answers <----------- session: requests, client <-
//! ```

pub mod session;
mod transport;

use std::io::Write;

/// Serves a client over standard input and output until it is done, and ends the process: the thread
/// that reads the input may still be waiting for more.
pub fn serve() -> ! {
    let served = transport::serve_stdio(session::repair, session::service);
    let shut_down = served.unwrap_or_else(|error| {
        tracing::error!("the server cannot be started: {error}");
        false
    });
    let _ = std::io::stderr().flush();
    std::process::exit(i32::from(!shut_down))
}

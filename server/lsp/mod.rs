//! The language server: speaks the protocol with an editor and asks the engine for the answers.
//!
//! This room must not know what a rule says or what a field means; it carries places, texts and answers
//! between the client and [`ide`](crate::ide). It is THE ONLY place that may name `tower_lsp`,
//! `lsp_types` or `tokio`, and the only one that is asynchronous.
//!
//! ```text
//! stdin  -> transport: wire (bytes to messages) -> queue -> mend -> service -> backend -> session
//! stdout <- output                                                <- answers, publish <-
//! ```

// Bytes to calls and back; nothing here knows what a method does.
mod client_process;
mod long_string;
mod mend;
pub mod output;
mod queue;
pub mod transport;
mod wire;

// The protocol's types and ours.
pub mod capabilities;
pub mod convert;
pub mod extensions;

// The one owner of all documents, on its own thread, and what it says.
mod answers;
mod backend;
mod datasets;
mod message;
mod pages;
mod progress;
mod publish;
pub mod session;
mod settings_files;
mod whole;
mod worker;

use backend::Backend;
use std::io::Write;
use tower_lsp::LspService;

/// Serves a client over standard input and output until it is done, and ends the process: the thread
/// that reads the input may still be waiting for more.
pub fn serve() -> ! {
    let code = transport::serve_stdio(|output| {
        extensions::with_methods(LspService::build(|client| Backend::start(output, client)))
    });
    let _ = std::io::stderr().flush();
    std::process::exit(code)
}

//! The one owner of all documents, on its own thread: what it is told, what it is asked, what it publishes.
//!
//! This folder must not know how messages come and go as bytes, what a rule says or what a field means.
//!
//! From the bottom up, each file uses only files above it in this list:
//!
//! | files | what they hold |
//! |---|---|
//! | `convert`, `capabilities`, `pages` | the protocol's types and ours |
//! | `diagnostics`, `listener`, `client` | what the client is told |
//! | `document`, `datasets`, `workspace`, `settings_files` | what is known, each part with its own fields |
//! | `message`, `worker`, `state` | all of it in one place, and work for another thread |
//! | `edits`, `listing`, `requests/` | what is done with it |
//! | `main_loop`, `repair`, `server` | the thread, and the way from the protocol to it |

mod capabilities;
mod client;
mod convert;
mod datasets;
mod diagnostics;
mod document;
mod edits;
mod listener;
mod listing;
mod main_loop;
mod message;
mod pages;
mod repair;
mod requests;
mod server;
mod settings_files;
mod state;
mod worker;
mod workspace;

pub use diagnostics::{Encoded, Publication};
pub use listener::Listener;
pub use main_loop::Session;
pub use message::Message;
pub(super) use repair::repair;
pub(super) use server::service;

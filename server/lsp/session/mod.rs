//! The session owns all documents, on its own thread. It takes notifications, answers requests and publishes diagnostics.
//!
//! This folder must not know how messages travel as bytes, what a rule says or what a field means.
//!
//! Each file uses only files above it in this list:
//!
//! | files | contents |
//! |---|---|
//! | `convert`, `capabilities`, `pages` | conversions between the protocol's types and ours |
//! | `diagnostics`, `translate`, `listener`, `client`, `message` | messages to and from the client |
//! | `document`, `datasets`, `view`, `workspace`, `settings_files`, `accepted`, `readings`, `waiting`, `work_done` | the parts of the state |
//! | `worker`, `state` | the whole state, and long work on another thread |
//! | `whole`, `edits`, `search`, `media`, `listing`, `pulls`, `requests/`, `views` | what is done with the state |
//! | `main_loop`, `repair`, `server` | the thread, and the path from the protocol to it |

mod accepted;
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
mod media;
mod message;
mod offered;
mod pages;
mod plain;
mod pulls;
mod readings;
mod repair;
mod requests;
mod search;
mod server;
mod settings_files;
mod state;
mod translate;
mod view;
mod views;
mod waiting;
mod whole;
mod work_done;
mod worker;
mod workspace;

pub use diagnostics::{Encoded, Publication};
pub use listener::{Listener, Refresh};
pub use main_loop::Session;
pub use message::Message;
pub(super) use repair::repair;
pub(super) use server::service;

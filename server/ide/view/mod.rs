//! One example as a document of its own: indented, with the line breaks in its texts as line breaks. What is edited in it
//! becomes one line again, in which everything else keeps its bytes.
//!
//! This folder must not know the protocol, nor what a field means.

mod layout;
mod line;
mod tokens;

pub use line::{Example, Line};

//! One JSON record: a tolerant parser, its tree, and printing that keeps bytes.
//!
//! This room must not know the purpose of the JSON: no tuning, files or lines.

mod balance;
mod brackets;
mod foreign_string;
pub mod guise;
mod layout;
mod layouts;
pub mod lexer;
pub mod parse;
pub mod print;
pub mod python;
mod recover;
mod regular_strings;
pub mod search;
mod strings;
pub mod tree;
pub mod values;

pub use layouts::Layouts;
pub use parse::{Fault, Parser, SyntaxError};
pub use tree::{Edit, Kind, NodeId, Record, Span, Tree};

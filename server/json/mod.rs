//! One JSON record: a tolerant parser, its tree, and printing that keeps bytes.
//!
//! This room must not know the purpose of the JSON: no tuning, files or lines.

mod balance;
mod brackets;
mod fault;
mod foreign_string;
mod full_width;
pub mod guise;
mod layout;
mod layouts;
pub mod lexer;
pub mod parse;
pub mod places;
pub mod print;
pub mod python;
mod recover;
mod regular_strings;
pub mod search;
mod strings;
mod trailing;
pub mod tree;
pub mod values;

pub use fault::{Fault, Repair, SyntaxError};
pub use layouts::Layouts;
pub use parse::Parser;
pub use tree::{Edit, Kind, NodeId, Record, Span, Tree, edited};

//! The formats that are known, each with its fields, its words, its detection and its services.
//!
//! A format is a folder and one line in [`FORMATS`]. Everything that is true of one vendor only stands in its
//! folder; the rest of the program reads it through [`Format`], [`LineKind`] and [`Service`].
//!
//! This room must not know what is wrong with a line, nor anything of files and editors.

mod foreign;
mod format;
pub mod gemini;
pub mod index;
mod json_schema;
pub mod openai;
mod registry;
pub mod service;
mod template;

pub use foreign::Foreign;
pub use format::{Format, LineKind, Target};
pub use json_schema::json_schema;
pub use registry::{FORMATS, FormatId, Mark, mark, quick_mark};
pub use service::Service;
pub use template::{Piece, RoleDoc, Template};

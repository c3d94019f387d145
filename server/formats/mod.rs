//! The known formats, each with its fields, its words, its detection and its services.
//!
//! A format is a folder and one line in [`FORMATS`]. Everything specific to one vendor is in its folder; the rest of
//! the program reads it through [`Format`], [`LineKind`] and [`Service`].
//!
//! This room must not know rules, files or editors.

pub mod draft;
mod foreign;
mod format;
pub mod gemini;
pub mod index;
mod json_schema;
mod open_models;
pub mod openai;
mod registry;
pub mod service;
mod template;

pub use foreign::{Foreign, of_bare_text};
pub use format::{Format, LineKind, Target};
pub use json_schema::json_schema;
pub use registry::{ArrayOf, FORMATS, FormatId, Mark, array_of, is_template_location, mark, quick_mark};
pub use service::Service;
pub use template::{Piece, RoleDoc, Template};

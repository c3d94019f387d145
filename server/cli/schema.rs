//! `tuning-ls schema`: the JSON Schema of a tuning line.

use crate::cli::Outcome;
use crate::schema::json_schema::json_schema;
use std::io::{self, Write};

/// Prints the JSON Schema of one line to `out`.
///
/// # Errors
/// Only of writing.
pub fn run(out: &mut impl Write) -> io::Result<Outcome> {
    serde_json::to_writer_pretty(&mut *out, &json_schema())?;
    writeln!(out)?;
    out.flush()?;
    Ok(Outcome::Clean)
}

//! `tuning-ls schema`: the JSON Schema of a tuning line.

use crate::cli::command::{Outcome, Program, Run};
use crate::formats::{FORMATS, Format, json_schema};
use clap::Args;
use std::io;

/// Print the JSON Schema of a tuning line, for other tools
#[derive(Debug, Args)]
pub struct SchemaArguments {
    /// The format of the line
    #[arg(long, value_name = "FORMAT", default_value = FORMATS[0].id, value_parser = FORMATS.map(|format| format.id))]
    format: String,
}

impl Run for SchemaArguments {
    fn run(&self, Program { out, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        serde_json::to_writer_pretty(&mut *out, &json_schema(Format::named(&self.format).unwrap_or(FORMATS[0])))?;
        writeln!(out)?;
        Ok(Outcome::Clean)
    }
}

//! `tuning-ls explain`: the page of a rule.

use crate::cli::command::{Outcome, Program, Run};
use crate::rules::{self, pages};
use clap::Args;
use std::io;

/// Prints the page of a rule: what goes wrong, and how to fix it
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The rule's code, as a finding names it in brackets
    pub code: String,
}

impl Run for ExplainArguments {
    fn run(&self, Program { out, problems, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        if let Some(page) = pages::reading(&self.code) {
            out.write_all(page.as_bytes())?;
            return Ok(Outcome::Clean);
        }
        writeln!(problems, "tuning-ls: {}", rules::no_such_rule(&self.code))?;
        Ok(Outcome::Failed)
    }
}

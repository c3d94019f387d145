//! `tuning-ls explain`: the page of a rule.

use crate::cli::command::{Outcome, Program, Run, fail};
use crate::rules::{self, pages};
use clap::Args;
use std::io;

/// Print the page of a rule: what it does, why it matters, and how to fix it
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The rule's code, as findings show it in brackets
    pub code: String,
}

impl Run for ExplainArguments {
    fn run(&self, Program { out, problems, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        let Some(page) = pages::reading(&self.code) else { return fail(*problems, rules::no_such_rule(&self.code)) };
        out.write_all(page.as_bytes())?;
        Ok(Outcome::Clean)
    }
}

//! `tuning-ls explain`: the page of a rule.

use crate::cli::command::{Outcome, Program, Run, fail, tell};
use crate::cli::rules::write_families;
use crate::cli::selection::{RuleName, Selector};
use crate::rules::{FAMILIES, pages};
use clap::Args;
use clap::builder::StringValueParser;
use std::io;

/// Print the page of a rule: what it does, why it matters, and how to fix it
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// The rule's code, as findings show it in brackets, or a family of rules to list; without it, all rules are listed
    #[arg(value_parser = RuleName(StringValueParser::new()), hide_possible_values = true)]
    pub code: Option<String>,
}

const HINT: &str =
    "\nFor the page of a rule, run `tuning-ls explain CODE`, for example `tuning-ls explain trailing-comma`.";

impl Run for ExplainArguments {
    fn run(&self, Program { out, problems, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        let Some(code) = &self.code else {
            write_families(&FAMILIES, *out)?;
            writeln!(out, "{HINT}")?;
            return Ok(Outcome::Clean);
        };
        match Selector::parse(code) {
            Ok(Selector::Rule(rule)) => out.write_all(pages::reading(rule.code).unwrap_or_default().as_bytes())?,
            Ok(Selector::Family(family)) => {
                write_families(&[family], *out)?;
                writeln!(out, "{HINT}")?;
            }
            Err(problem) => {
                let outcome = fail(*problems, problem)?;
                tell(*problems, "Run `tuning-ls rules` to list all rules.")?;
                return Ok(outcome);
            }
        }
        Ok(Outcome::Clean)
    }
}

//! `tuning-ls report`: the figures of datasets as one page for a browser.
//!
//! This folder must not know how anything is counted. The page has no script and loads nothing, and
//! whatever is from a dataset is escaped.

mod charts;
mod page;

use crate::cli::command::{Outcome, Program, Run};
use crate::cli::inputs::InputArguments;
use crate::cli::stats;
use clap::Args;
use std::io;
use std::path::PathBuf;

/// Writes a page for a browser about files, or all .jsonl and .ndjson files in folders
///
/// It shows segment lengths, tokens, labels, findings and what would be dropped, in one file that loads
/// nothing from elsewhere.
#[derive(Debug, Args)]
pub struct ReportArguments {
    /// What is read.
    #[command(flatten)]
    pub inputs: InputArguments,
    /// Where the page goes; a name that ends in .html
    #[arg(short, long, value_name = "OUT.html")]
    pub output: PathBuf,
}

impl Run for ReportArguments {
    fn run(&self, Program { out, problems, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        let to = self.output.as_path();
        // A dataset in the place of the report would be lost.
        if !to
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm"))
        {
            writeln!(problems, "tuning-ls: {}: the report's name has to end in .html", to.display())?;
            return Ok(Outcome::Failed);
        }
        let same = |path: &PathBuf| {
            std::fs::canonicalize(path).ok().is_some_and(|it| std::fs::canonicalize(to).ok() == Some(it))
        };
        if self.inputs.paths.iter().any(same) {
            writeln!(problems, "tuning-ls: {}: the report would replace a dataset", to.display())?;
            return Ok(Outcome::Failed);
        }
        let (files, outcome) = stats::read(&self.inputs, *problems)?;
        if files.is_empty() {
            writeln!(problems, "tuning-ls: there is no dataset to report on")?;
            return Ok(Outcome::Failed);
        }
        let written = page::page(&files).and_then(|page| std::fs::write(to, page));
        if let Err(error) = written {
            writeln!(problems, "tuning-ls: {}: {error}", to.display())?;
            return Ok(Outcome::Failed);
        }
        writeln!(out, "{}", to.display())?;
        Ok(outcome)
    }
}

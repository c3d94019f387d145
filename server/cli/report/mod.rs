//! `tuning-ls report`: the figures of datasets as one page for a browser.
//!
//! This folder must not know how anything is counted. The page has no script and loads nothing, and
//! whatever is from a dataset is escaped.

mod charts;
mod page;

use crate::cli::inputs::InputArguments;
use crate::cli::{Outcome, stats};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Writes the report of files and folders to `to`; what could not be read is said on `problems`.
///
/// # Errors
/// Only of writing to `out` or `problems`. That the report cannot be written is said there.
pub fn run(inputs: &InputArguments, to: &Path, out: &mut impl Write, problems: &mut impl Write) -> io::Result<Outcome> {
    // A dataset in the place of the report would be lost.
    if !to.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("html") || ending.eq_ignore_ascii_case("htm")) {
        writeln!(problems, "tuning-ls: {}: the report's name has to end in .html", to.display())?;
        return Ok(Outcome::Failed);
    }
    let same =
        |path: &PathBuf| std::fs::canonicalize(path).ok().is_some_and(|it| std::fs::canonicalize(to).ok() == Some(it));
    if inputs.paths.iter().any(same) {
        writeln!(problems, "tuning-ls: {}: the report would replace a dataset", to.display())?;
        return Ok(Outcome::Failed);
    }
    let (files, outcome) = stats::read(inputs, problems)?;
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
    out.flush()?;
    Ok(outcome)
}

//! `tuning-ls explain`: the page of a rule.

use crate::cli::Outcome;
use crate::rules::{self, pages};
use std::io::{self, Write};

/// Prints the page of the rule `code` to `out`; an unknown code is said on `problems`.
///
/// # Errors
/// Only of writing.
pub fn run(code: &str, out: &mut impl Write, problems: &mut impl Write) -> io::Result<Outcome> {
    if let Some(page) = pages::reading(code) {
        out.write_all(page.as_bytes())?;
        out.flush()?;
        return Ok(Outcome::Clean);
    }
    writeln!(problems, "tuning-ls: {}", rules::no_such_rule(code))?;
    Ok(Outcome::Failed)
}

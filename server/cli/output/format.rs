//! What an output format is.

use crate::cli::output::printer::{Printer, Styles};
use crate::cli::output::statistics::WriteCounts;
use crate::rules::Severity;

/// How findings are printed. Each format declares one in its file, and the list of all has it.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// What the option calls it.
    pub name: &'static str,
    /// What the help of the option says about it.
    pub help: &'static str,
    /// Whether it prints the fixes of each finding.
    pub shows_fixes: bool,
    /// Whether a summary is printed on stderr even when that is no terminal.
    pub summed_up: bool,
    /// What prints in it.
    pub printer: fn(&Options) -> Box<dyn Printer>,
    /// What prints counts instead of findings, when it has a way to say them.
    pub statistics: Option<WriteCounts>,
}

/// What formats are told, as far as it matters to them.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How it looks for people.
    pub styles: Styles,
    /// How many columns a line may take, where it is for people.
    pub columns: usize,
    /// Findings that are as bad as this, or worse, fail a check.
    pub fail_on: Severity,
}

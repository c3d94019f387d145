//! The description of an output format.

use crate::cli::output::printer::{Printer, Styles};
use crate::cli::output::statistics::WriteCounts;
use crate::rules::Severity;

/// An output format. Each format declares a constant in its file, which [`FORMATS`] lists.
///
/// [`FORMATS`]: crate::cli::output::FORMATS
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// The value of the option `--output-format`.
    pub name: &'static str,
    /// The description of the format in `--help`.
    pub help: &'static str,
    /// Whether the format needs the fixes of each finding.
    pub shows_fixes: bool,
    /// Whether the output is for people. The outlook of each file then follows on stderr.
    pub for_people: bool,
    /// Whether to print a summary on stderr even if stderr isn't a terminal.
    pub summed_up: bool,
    /// Creates a printer for the format.
    pub printer: fn(&Options) -> Box<dyn Printer>,
    /// Prints counts instead of findings; `None` if the format has no counts.
    pub statistics: Option<WriteCounts>,
}

/// Options for the formats. Each format uses those that it needs.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The styles of output for people.
    pub styles: Styles,
    /// The maximum width of output for people, in columns.
    pub columns: usize,
    /// The lowest severity that fails a check.
    pub fail_on: Severity,
}

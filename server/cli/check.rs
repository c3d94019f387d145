//! `tuning-ls check`: the findings of files, and what the process exits with.

use crate::cli::Outcome;
use crate::cli::arguments::{CheckArguments, ExitArguments};
use crate::cli::destination::Destination;
use crate::cli::output::statistics::Statistics;
use crate::cli::output::{CheckedFile, Format, Printer, Problem, Styles, Totals};
use crate::cli::progress::Progress;
use crate::disk::{self, FileText, Reading, files};
use crate::settings::Settings;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Checks files and folders and prints what was found, as `arguments` ask for it; what could not be read
/// and a summary for people are said on `problems`.
///
/// # Errors
/// Only of writing.
pub fn run(arguments: &CheckArguments, settings: &Settings, problems: &mut impl Write) -> io::Result<Outcome> {
    let output = &arguments.output;
    let mut settings = settings.clone();
    arguments.rules.selection().apply(&mut settings);
    let summary = !output.quiet && (output.output_format == Format::Full || io::stderr().is_terminal());

    let mut destination = Destination::open(output.output_file.as_deref(), output.color.into())?;
    let styles = Styles { colored: destination.color };
    let printer: Box<dyn Printer> = if output.statistics {
        let Some(statistics) = Statistics::new(output.output_format, styles) else {
            writeln!(problems, "tuning-ls: --statistics is printed as concise, full, json or json-lines")?;
            return Ok(Outcome::Failed);
        };
        Box::new(statistics)
    } else {
        output.output_format.printer(styles, destination.columns, arguments.exit.fail_on)
    };
    let fixes = summary || output.output_format.shows_fixes();
    let mut check = Check {
        settings: &settings,
        exit: &arguments.exit,
        fixes,
        printer,
        out: &mut destination,
        problems,
        totals: Totals::default(),
        outcome: Outcome::Clean,
    };
    check.paths(&arguments.paths, output.quiet)?;
    let (totals, outcome) = (check.totals, check.outcome);
    check.printer.finish(&totals, check.out)?;
    destination.finish()?;
    if summary {
        writeln!(problems, "{totals}")?;
    }
    Ok(outcome)
}

/// A check under way.
struct Check<'a, W> {
    settings: &'a Settings,
    exit: &'a ExitArguments,
    /// Whether it is to be known how findings can be mended.
    fixes: bool,
    printer: Box<dyn Printer>,
    out: &'a mut Destination,
    problems: &'a mut W,
    totals: Totals,
    outcome: Outcome,
}

impl<W: Write> Check<'_, W> {
    /// Checks files and folders.
    fn paths(&mut self, paths: &[PathBuf], quiet: bool) -> io::Result<()> {
        let mut found = Vec::new();
        for path in paths {
            match files::dataset_files(path) {
                Ok(files) if files.is_empty() && !quiet => {
                    writeln!(self.problems, "tuning-ls: {}: no .jsonl or .ndjson file in this folder", path.display())?;
                }
                Ok(files) => found.extend(files),
                Err(message) => self.failed(path, message)?,
            }
        }
        if let Some(lost) = found.iter().find(|path| self.out.replaces(path)) {
            let message = format!("{}: the output would replace a file that is checked", lost.display());
            return Err(io::Error::other(message));
        }
        let sizes: Vec<_> = found.iter().map(|path| path.metadata().map_or(0, |metadata| metadata.len())).collect();
        let progress = Progress::new(sizes.iter().sum(), !quiet);
        for (number, (path, size)) in (1..).zip(found.iter().zip(sizes)) {
            progress.file(path, number, found.len());
            self.file(path, &progress)?;
            progress.advance(size);
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, progress: &Progress) -> io::Result<()> {
        let failed = |check: &mut Self, error: &io::Error| {
            progress.aside(|| check.failed(path, format!("{}: {error}", path.display())))
        };
        let text = match FileText::open(path, &Reading::TO_LOOK) {
            Ok(text) => text,
            Err(error) => return failed(self, &error),
        };
        let checked = disk::check(&text, self.settings, usize::MAX);
        let file = CheckedFile::new(path, &text, checked, self.settings, self.fixes);
        if let Some(problem) = text.problem() {
            return failed(self, problem);
        }
        self.totals.add(&file);
        let fails = file.findings().any(|finding| finding.severity <= self.exit.fail_on);
        if fails && !self.exit.exit_zero {
            self.outcome = self.outcome.max(Outcome::Findings);
        }
        progress.aside(|| {
            self.printer.file(&file, self.out)?;
            // What was found in this file can be read while the next is checked.
            self.out.flush()
        })?;
        // The places of findings are looked up in the text, which may have become shorter meanwhile.
        text.problem().map_or(Ok(()), |problem| failed(self, problem))
    }

    fn failed(&mut self, path: &Path, message: String) -> io::Result<()> {
        writeln!(self.problems, "tuning-ls: {message}")?;
        self.outcome = Outcome::Failed;
        self.printer.problem(&Problem { path: path.to_path_buf(), message }, self.out)
    }
}

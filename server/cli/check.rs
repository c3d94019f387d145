//! `tuning-ls check`: the findings of files, and what the process exits with.

use crate::cli::Outcome;
use crate::cli::arguments::{CheckArguments, ExitArguments};
use crate::cli::destination::Destination;
use crate::cli::fix::{self, FixArguments};
use crate::cli::inputs::{Stop, sound};
use crate::cli::output::statistics::Statistics;
use crate::cli::output::{CheckedFile, Format, Printer, Problem, Styles, Totals};
use crate::cli::progress::Progress;
use crate::cli::project::{self, Governed};
use crate::cli::selection::Selection;
use crate::disk::config::real;
use crate::disk::files::Found;
use crate::disk::{Beside, FileText, Input, Reading};
use crate::rules::Finding;
use crate::rules::config::ConfigFinding;
use crate::settings::{Level, Settings};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Checks files and folders and prints what was found, as `arguments` ask for it; what could not be read
/// and a summary for people are said on `problems`.
///
/// # Errors
/// Only of writing.
pub fn run(arguments: &CheckArguments, problems: &mut impl Write) -> io::Result<Outcome> {
    let output = &arguments.output;
    let governed = match arguments.project.open() {
        Ok(governed) => governed,
        Err(problem) => {
            writeln!(problems, "tuning-ls: {problem}")?;
            return Ok(Outcome::Failed);
        }
    };
    let found = arguments.inputs.find();
    let fix = arguments.fix;
    // A text that is fixed goes to stdout when it has no file.
    let texts = fix.fix && !fix.diff && found.inputs.iter().any(|input| input.file().is_none());
    let apart = texts && output.output_file.is_none();
    // What is accepted is not summed up.
    let quiet = output.quiet || fix.diff || governed.writes_baseline();
    let summary = !quiet && (output.output_format == Format::Full || io::stderr().is_terminal());

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
        governed,
        stdin_is_named: arguments.inputs.stdin_filename.is_some(),
        beside: Beside::new(project::located),
        rules: arguments.rules.selection(),
        exit: &arguments.exit,
        fix,
        apart,
        fixes,
        printer,
        out: &mut destination,
        problems,
        totals: Totals::default(),
        outcome: Outcome::Clean,
    };
    check.all(&found, output.quiet)?;
    let (totals, outcome) = (check.totals, check.outcome);
    if !fix.diff {
        let out: &mut dyn Write = if apart { check.problems } else { check.out };
        check.printer.finish(&totals, out)?;
    }
    destination.finish()?;
    if summary {
        writeln!(problems, "{totals}")?;
    }
    Ok(outcome)
}

/// A check under way.
struct Check<'a, W> {
    governed: Governed<'a>,
    /// Whether stdin is called after a file.
    stdin_is_named: bool,
    /// The files of the dataset that is being checked.
    beside: Beside,
    rules: Selection<'a>,
    exit: &'a ExitArguments,
    fix: FixArguments,
    /// Whether findings go to `problems`, because a fixed text goes to stdout.
    apart: bool,
    /// Whether it is to be known how findings can be mended.
    fixes: bool,
    printer: Box<dyn Printer>,
    out: &'a mut Destination,
    problems: &'a mut W,
    totals: Totals,
    outcome: Outcome,
}

impl<W: Write> Check<'_, W> {
    /// Checks what was found.
    fn all(&mut self, found: &Found, quiet: bool) -> io::Result<()> {
        for problem in &found.problems {
            self.failed(&problem.path, problem.to_string())?;
        }
        if let Some(lost) = found.inputs.iter().filter_map(Input::file).find(|path| self.out.replaces(path)) {
            let message = format!("{}: the output would replace a file that is checked", lost.display());
            return Err(io::Error::other(message));
        }
        let files: Vec<_> = found.inputs.iter().map(|input| input.path().to_path_buf()).collect();
        // The settings may name the baseline that is still to be written.
        if !self.governed.writes_baseline() {
            self.settings_files(&files)?;
        }
        let size = |input: &Input| input.path().metadata().map_or(0, |metadata| metadata.len());
        let progress = Progress::new(found.inputs.iter().map(size).sum(), !quiet);
        for (number, input) in (1..).zip(&found.inputs) {
            progress.file(input.path(), number, found.inputs.len());
            match self.one(input, &progress) {
                Ok(()) => {}
                Err(Stop::Input(problem)) => progress.aside(|| self.failed(input.path(), problem))?,
                Err(Stop::Output(error)) => return Err(error),
            }
            progress.advance(size(input));
        }
        drop(progress);
        self.outcome = self.outcome.max(self.governed.finish(quiet, self.problems)?);
        if self.governed.writes_baseline() {
            self.settings_files(&files)?;
        }
        Ok(())
    }

    /// Prints what is wrong in the settings files of these files. A diff has no place for it.
    fn settings_files(&mut self, files: &[PathBuf]) -> io::Result<()> {
        for project in self.governed.projects_of(files) {
            let path = project::shown(&project);
            if let Some(problem) = &project.unread {
                self.failed(&path, format!("{}: {problem}", path.display()))?;
                continue;
            }
            let mut settings = Settings::default();
            self.rules.apply(&mut settings);
            let is_off = |finding: &Finding| settings.rules.get(finding.rule.code) == Some(&Level::Off);
            let findings = project.findings.iter().map(ConfigFinding::to_finding).filter(|finding| !is_off(finding));
            let text = FileText::new(project.text.clone().into_bytes());
            let file = CheckedFile::of_settings(&path, &text, findings);
            if !self.fix.diff && file.findings().next().is_some() {
                self.print(&file)?;
            }
        }
        Ok(())
    }

    /// Prints a file, and counts what was found in it.
    fn print(&mut self, file: &CheckedFile<'_>) -> io::Result<()> {
        self.totals.add(file);
        let fails = file.findings().any(|finding| finding.severity <= self.exit.fail_on);
        if fails && !self.exit.exit_zero {
            self.outcome = self.outcome.max(Outcome::Findings);
        }
        let out: &mut dyn Write = if self.apart { self.problems } else { self.out };
        self.printer.file(file, out)?;
        // What was found in this file can be read while the next is checked.
        out.flush()
    }

    fn one(&mut self, input: &Input, progress: &Progress) -> Result<(), Stop> {
        let mut text = input.read(&if self.fix.any() { Reading::TO_WRITE } else { Reading::TO_LOOK })?;
        let mut settings = self.governed.settings_of(input.path());
        self.rules.apply(&mut settings);
        self.governed.note(&text, &settings);
        if self.governed.writes_baseline() {
            return Ok(sound(input, &text)?);
        }
        if self.fix.any() {
            let changes = self.fix.changes(input, &text, &settings)?;
            if self.fix.diff {
                let outcome = progress.aside(|| fix::show(input, &text, &changes, self.out))?;
                if !self.exit.exit_zero {
                    self.outcome = self.outcome.max(outcome);
                }
                return Ok(());
            }
            let mut stdout = io::stdout().lock();
            text = fix::make(input, text, &changes, &mut stdout)?;
            stdout.flush()?;
        }
        let path = real(input.path());
        // What comes in on stdin stands for the file that it is called after.
        let named = input.file().or(self.stdin_is_named.then_some(input.path()));
        let dataset = named.and_then(|file| self.governed.dataset_of(file));
        let Self { beside, governed, rules, .. } = self;
        let settings_of = |other: &Path| {
            let mut settings = governed.settings_of(other);
            rules.apply(&mut settings);
            settings
        };
        let mut checked = beside.check(&path, &text, &settings, dataset, settings_of, usize::MAX);
        let file = CheckedFile::new(input.path(), &text, &mut checked, &settings, self.fixes);
        sound(input, &text)?;
        progress.aside(|| self.print(&file))?;
        // Places are found in the text once more.
        sound(input, &text)?;
        self.beside.keep(&path, text, checked.lines);
        Ok(())
    }

    fn failed(&mut self, path: &Path, message: String) -> io::Result<()> {
        writeln!(self.problems, "tuning-ls: {message}")?;
        self.outcome = Outcome::Failed;
        if self.fix.diff {
            return Ok(());
        }
        let out: &mut dyn Write = if self.apart { self.problems } else { self.out };
        self.printer.problem(&Problem { path: path.to_path_buf(), message }, out)
    }
}

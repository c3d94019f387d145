//! `tuning-ls check`: prints the findings of files and sets the exit code.

use crate::cli::command::{Outcome, Program, Run, fail, tell};
use crate::cli::destination::{Color, Destination};
use crate::cli::fix::{self, FixArguments, Fixed};
use crate::cli::inputs::{InputArguments, Stop, sound, was_read};
use crate::cli::output::diagnostic::CheckedFile;
use crate::cli::output::format::{Format, Options};
use crate::cli::output::printer::{Printer, Problem, Styles};
use crate::cli::output::statistics::Statistics;
use crate::cli::output::totals::Totals;
use crate::cli::output::{self, FORMATS};
use crate::cli::progress::{self, Progress};
use crate::cli::project::{self, Governed, ProjectArguments};
use crate::cli::selection::RuleArguments;
use crate::disk::files::Found;
use crate::disk::paths::real;
use crate::disk::{Checked, Checker, FileText, Input, Reading};
use crate::rules::configuration::ConfigFinding;
use crate::rules::{Finding, Outlook, Severity};
use crate::settings::{Detection, Level, Settings};
use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use std::collections::HashSet;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// Print the findings of files, or of all .jsonl and .ndjson files in folders
///
/// Each finding is one line: path:line:column: severity[code] message. Lines and columns start at 1; columns count
/// characters. The exit code is 0 if there is no error or warning, 1 if there is one in a file or in tuning-ls.toml, and 2 if
/// an argument is wrong or a file can't be read.
#[derive(Debug, Args)]
#[allow(rustdoc::broken_intra_doc_links, reason = "this is the help of the command, which has no links")]
pub struct CheckArguments {
    /// The files to check.
    #[command(flatten)]
    pub inputs: InputArguments,
    /// What to fix.
    #[command(flatten, next_help_heading = "Fixes")]
    pub fix: FixArguments,
    /// Where the settings come from.
    #[command(flatten)]
    pub project: ProjectArguments,
    /// The rules to apply.
    #[command(flatten)]
    pub rules: RuleArguments,
    /// What to print, and where.
    #[command(flatten)]
    pub output: OutputArguments,
    /// When to exit with 1.
    #[command(flatten)]
    pub exit: ExitArguments,
}

/// What to print, and where.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArguments {
    /// Print findings in this format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t = FORMATS[0])]
    pub output_format: Format,
    /// Write to this file instead of stdout; it is only replaced after everything is written
    #[arg(long, short, value_name = "FILE")]
    pub output_file: Option<PathBuf>,
    /// Print the number of findings of each rule, worst first, instead of the findings
    #[arg(long)]
    pub statistics: bool,
    /// When to use color; `auto` honors NO_COLOR and CLICOLOR_FORCE
    #[arg(long, value_name = "WHEN", value_enum, default_value_t)]
    pub color: Color,
    /// Print findings and files that can't be read, but no summary, notes or progress
    #[arg(long, short)]
    pub quiet: bool,
}

/// When to exit with 1.
#[derive(Debug, Args)]
#[command(next_help_heading = "Exit code")]
pub struct ExitArguments {
    /// Exit with 1 if any finding is at least this severe
    #[arg(long, value_name = "SEVERITY", default_value = "warning", value_parser = severity())]
    pub fail_on: Severity,
    /// Exit with 0 even if there are findings; still exit with 2 if a file can't be read
    #[arg(long)]
    pub exit_zero: bool,
}

fn severity() -> impl TypedValueParser<Value = Severity> {
    const NAMES: [&str; 4] = ["error", "warning", "information", "hint"];
    let named = |name: String| {
        let named = NAMES.into_iter().zip(Severity::ALL).find(|(known, _)| *known == name);
        named.map_or(Severity::Warning, |(_, severity)| severity)
    };
    PossibleValuesParser::new(NAMES).map(named)
}

impl Run for CheckArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        let problems = &mut *program.problems;
        let output = &self.output;
        let mut governed = match self.project.open(progress::of_media(!output.quiet)) {
            Ok(governed) => governed,
            Err(problem) => return fail(problems, problem),
        };
        let found = self.inputs.find();
        let fix = self.fix;
        let file = output.output_file.as_deref().filter(|file| *file != Path::new("-"));
        // Fixed text goes to stdout if it has no file.
        let texts = fix.fix && !fix.diff && found.inputs.iter().any(|input| input.file().is_none());
        let apart = texts && file.is_none();
        // Findings that go into a baseline aren't summarized.
        let quiet = output.quiet || fix.diff || governed.writes_baseline();
        let format = output.output_format;
        let summary = !quiet && (format.summed_up || io::stderr().is_terminal());

        if let Some(problem) = file.and_then(|file| governed.kept(&found.inputs).lost(file)) {
            return fail(problems, problem);
        }
        let mut destination = Destination::open(file, output.color)?;
        let styles = Styles { colored: destination.color };
        let printer: Box<dyn Printer> = match format.statistics {
            None if output.statistics => {
                return fail(problems, format_args!("--statistics is printed as {}", output::with_statistics()));
            }
            Some(write) if output.statistics => Box::new(Statistics::new(styles, write)),
            _ => (format.printer)(&Options { styles, columns: destination.columns, fail_on: self.exit.fail_on }),
        };
        let fixes = summary || format.shows_fixes;
        let mut check = Check {
            governed,
            stdin_is_named: self.inputs.stdin_filename.is_some(),
            checker: Checker::new(project::located),
            rules: &self.rules,
            exit: &self.exit,
            fix,
            apart,
            fixes,
            printer,
            out: &mut destination,
            problems,
            totals: Totals::default(),
            outlooks: Vec::new(),
            others: Vec::new(),
            fixed: Fixed::default(),
            counts_fixed: fix.any() && !output.quiet,
            outcome: Outcome::Clean,
        };
        check.all(&found, output.quiet)?;
        let (totals, outcome, outlooks) = (check.totals, check.outcome, std::mem::take(&mut check.outlooks));
        let others = std::mem::take(&mut check.others);
        let fixed = check.fixed;
        if !fix.diff {
            let mut stderr = io::stderr();
            let out: &mut dyn Write = if apart { &mut stderr } else { check.out };
            check.printer.finish(&totals, out)?;
        }
        destination.finish()?;
        if !quiet && format.for_people {
            if let Some(note) = note_on_others(&others) {
                tell(problems, note)?;
            }
            for (path, outlook) in outlooks {
                tell(problems, format_args!("{}: {outlook}", path.display()))?;
            }
        }
        // Output for programs may be on stderr, too.
        if fixed.read > 0 && !output.quiet && (format.for_people || !apart) {
            match fix.diff {
                true => writeln!(problems, "{}", fixed.possible())?,
                false => writeln!(problems, "{}", fixed.done(totals.findings()))?,
            }
        }
        if summary {
            writeln!(problems, "{totals}")?;
        }
        Ok(outcome)
    }
}

/// The state of a running check.
struct Check<'a> {
    governed: Governed<'a>,
    /// Whether `--stdin-filename` names stdin after a file.
    stdin_is_named: bool,
    /// Keeps the files of the dataset that is being checked.
    checker: Checker,
    rules: &'a RuleArguments,
    exit: &'a ExitArguments,
    fix: FixArguments,
    /// Whether findings go to stderr, because fixed text goes to stdout.
    apart: bool,
    /// Whether to compute fixes for the findings.
    fixes: bool,
    printer: Box<dyn Printer>,
    out: &'a mut Destination,
    problems: &'a mut dyn Write,
    totals: Totals,
    /// The checked files, each with its outlook.
    outlooks: Vec<(PathBuf, Outlook)>,
    /// The files that were only found in a folder and have no tuning example.
    others: Vec<PathBuf>,
    /// The findings that were fixed, or would be.
    fixed: Fixed,
    /// Whether to count them.
    counts_fixed: bool,
    outcome: Outcome,
}

impl Check<'_> {
    /// Checks all inputs, and prints the findings of their settings files.
    fn all(&mut self, found: &Found, quiet: bool) -> io::Result<()> {
        for problem in &found.problems {
            self.failed(&problem.path, problem.to_string())?;
        }
        let files: Vec<_> = found.inputs.iter().map(|input| input.path().to_path_buf()).collect();
        // The settings may name a baseline that isn't written yet.
        if !self.governed.writes_baseline() {
            self.settings_files(&files)?;
        }
        let size = |input: &Input| input.path().metadata().map_or(0, |metadata| metadata.len());
        let progress = Progress::new(found.inputs.iter().map(size).sum(), !quiet);
        let named: HashSet<&Path> = found.named.iter().map(Input::path).collect();
        for (number, input) in (1..).zip(&found.inputs) {
            progress.file(input.path(), number, found.inputs.len());
            match self.one(input, named.contains(input.path()), &progress) {
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

    /// Prints the findings of the settings files that apply to these files. A diff leaves them out.
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

    /// Prints and counts the findings of a file.
    fn print(&mut self, file: &CheckedFile<'_>) -> io::Result<()> {
        self.totals.add(file);
        self.outlooks.extend(file.outlook.clone().map(|outlook| (file.path.to_path_buf(), outlook)));
        let fails = file.findings().any(|finding| finding.severity <= self.exit.fail_on);
        if fails && !self.exit.exit_zero {
            self.outcome = self.outcome.max(Outcome::Findings);
        }
        let mut stderr = io::stderr();
        let out: &mut dyn Write = if self.apart { &mut stderr } else { self.out };
        self.printer.file(file, out)?;
        // Show the findings of this file while the next one is checked.
        out.flush()
    }

    fn one(&mut self, input: &Input, named: bool, progress: &Progress) -> Result<(), Stop> {
        let mut text = input.read(&if self.fix.any() { Reading::TO_WRITE } else { Reading::TO_READ })?;
        let mut settings = self.governed.settings_of(input.path());
        self.rules.apply(&mut settings);
        settings.named = named;
        self.governed.note(&text, &settings);
        if self.governed.writes_baseline() {
            return Ok(sound(input, &text)?);
        }
        let mut before = None;
        if self.fix.any() {
            let changes = self.fix.changes(input, &text, &settings)?;
            let counts = self.counts_fixed && !changes.is_empty();
            before = counts.then(|| self.checked(input, &text, &settings));
            if self.fix.diff {
                let outcome = progress.aside(|| fix::show(input, &text, &changes, self.out))?;
                self.fixed.read += 1;
                if let Some(before) = before {
                    let after = self.checked(input, &fix::changed(input, &text, &changes)?, &settings);
                    self.fixed.add(&before, &after);
                }
                if !self.exit.exit_zero {
                    self.outcome = self.outcome.max(outcome);
                }
                return Ok(());
            }
            let mut stdout = io::stdout().lock();
            text = fix::make(input, text, &changes, &mut stdout)?;
            stdout.flush()?;
            self.fixed.read += 1;
        }
        let mut checked = self.checked(input, &text, &settings);
        if let Some(before) = before {
            self.fixed.add(&before, &checked);
        }
        let is_other = !checked.verdict.tuning && !named && settings.format == Detection::ByContent;
        let file = CheckedFile::new(input.path(), &text, &mut checked, &settings, self.fixes);
        // A finding already says that a file is in another format.
        if is_other && file.findings().all(|finding| finding.rule.code != "foreign-format") {
            self.others.push(input.path().to_path_buf());
        }
        was_read(input, &text)?;
        progress.aside(|| self.print(&file))?;
        // Printing reads the text again to find the places.
        sound(input, &text)?;
        self.checker.keep(&real(input.path()), text, checked.lines);
        Ok(())
    }

    /// Checks a text of an input, together with the dataset of the input.
    fn checked(&mut self, input: &Input, text: &FileText, settings: &Settings) -> Checked {
        // Stdin replaces the file that `--stdin-filename` names.
        let named = input.file().or(self.stdin_is_named.then_some(input.path()));
        let dataset = named.and_then(|file| self.governed.dataset_of(file));
        let Self { checker, governed, rules, .. } = self;
        let settings_of = |other: &Path| {
            let mut settings = governed.settings_of(other);
            rules.apply(&mut settings);
            settings
        };
        checker.check(&real(input.path()), text, settings, dataset, settings_of, usize::MAX)
    }

    fn failed(&mut self, path: &Path, message: String) -> io::Result<()> {
        self.outcome = fail(self.problems, &message)?;
        if self.fix.diff {
            return Ok(());
        }
        let mut stderr = io::stderr();
        let out: &mut dyn Write = if self.apart { &mut stderr } else { self.out };
        self.printer.problem(&Problem { path: path.to_path_buf(), message }, out)
    }
}

/// Says that files of a folder are not tuning files; `None` if all are.
fn note_on_others(files: &[PathBuf]) -> Option<String> {
    const MAX_NAMED: usize = 5;
    let named: Vec<_> = files.iter().take(MAX_NAMED).map(|path| path.display().to_string()).collect();
    let more = match files.len().saturating_sub(MAX_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let what = match files.len() {
        0 => return None,
        1 => "1 file has no tuning example; only its JSON was checked".to_owned(),
        count => format!("{count} files have no tuning example; only their JSON was checked"),
    };
    Some(format!("{what}: {}{more}", named.join(", ")))
}

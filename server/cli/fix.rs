//! Changes to files: makes them, or shows them as a diff.

use crate::cli::command::Outcome;
use crate::cli::destination::Destination;
use crate::cli::diff;
use crate::cli::inputs::{Stop, sound};
use crate::disk::edited::{self, Replacement};
use crate::disk::input::sentence;
use crate::disk::repair::repair;
use crate::disk::{Checked, FileText, Input, Reading, write};
use crate::settings::Settings;
use clap::{ArgGroup, Args};
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};

#[derive(Args, Clone, Copy, Debug, Default)]
#[group(skip)]
#[command(group(ArgGroup::new("fixing").args(["fix", "diff"]).multiple(true)))]
pub struct FixArguments {
    /// Apply safe fixes to the files and print the remaining findings; fixed stdin goes to stdout
    #[arg(long)]
    pub fix: bool,
    /// Print what --fix would change as a diff for `patch -p0`, and neither write files nor print findings; exit with 1
    /// if there are changes, and with 0 if not, even if there are errors without a fix
    #[arg(long)]
    pub diff: bool,
    /// With --fix or --diff: also apply the first suggested fix of each finding; manual fixes are never applied
    #[arg(long, requires = "fixing")]
    pub unsafe_fixes: bool,
}

impl FixArguments {
    /// Whether to fix anything or show a diff.
    pub fn any(self) -> bool {
        self.fix || self.diff
    }

    /// The replacements that fix a text. The error is a message for the user.
    pub fn changes(self, input: &Input, text: &FileText, settings: &Settings) -> Result<Vec<Replacement>, String> {
        let changes = repair(text, settings, self.unsafe_fixes).map_err(|error| named(input, &error))?;
        sound(input, text)?;
        Ok(changes)
    }
}

fn named(input: &Input, error: &io::Error) -> String {
    format!("{}: {}", input.name(), sentence(error))
}

/// Shows the changes as a diff.
pub fn show(input: &Input, text: &FileText, changes: &[Replacement], out: &mut Destination) -> Result<Outcome, Stop> {
    let differs = diff::write(&input.name(), text, changes, out.look(), out)?;
    sound(input, text)?;
    Ok(if differs { Outcome::Findings } else { Outcome::Clean })
}

/// The text after the changes.
pub fn changed(input: &Input, text: &FileText, changes: &[Replacement]) -> Result<FileText, String> {
    edited::apply(text, changes).map_err(|error| named(input, &error))
}

/// Makes the changes in the file, or writes the changed text to `out` if it came from stdin or a pipe. Returns the changed
/// text.
pub fn make(input: &Input, text: FileText, changes: &[Replacement], out: &mut dyn Write) -> Result<FileText, Stop> {
    let Some(path) = input.file() else {
        edited::write(&text, changes, out)?;
        return Ok(changed(input, &text, changes)?);
    };
    if changes.is_empty() {
        return Ok(text);
    }
    if input.is_compressed() {
        let problem = "cannot change a compressed file; decompress it, or use `--diff`";
        return Err(format!("{}: {problem}", input.name()).into());
    }
    write::replace(path, text, |text, out| edited::write(text, changes, out))?;
    Ok(input.read(&Reading::TO_READ)?)
}

/// The number of findings that fixes remove.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fixed {
    /// Files that were read.
    pub read: usize,
    files: usize,
    findings: usize,
}

impl Fixed {
    /// Adds a changed file, with its findings before and after the changes. A finding that a fix brings to light doesn't
    /// count against the fixed findings of other rules.
    pub fn add(&mut self, before: &Checked, after: &Checked) {
        let mut left: BTreeMap<&str, usize> = BTreeMap::new();
        for listed in &after.listed {
            *left.entry(listed.finding.rule.code).or_default() += 1;
        }
        self.files += 1;
        for listed in &before.listed {
            match left.get_mut(listed.finding.rule.code).filter(|left| **left > 0) {
                Some(left) => *left -= 1,
                None => self.findings += 1,
            }
        }
    }

    /// What `--diff` would do, as a sentence.
    pub fn possible(self) -> impl fmt::Display {
        match self {
            Self { files: 0, .. } => "Nothing to fix".to_owned(),
            Self { findings: 0, files, .. } => format!("Would change {}", files_text(files)),
            Self { findings, files, .. } => format!("Would fix {} in {}", findings_text(findings), files_text(files)),
        }
    }

    /// What `--fix` did, as a sentence. `left` is the number of findings that are left.
    pub fn done(self, left: usize) -> impl fmt::Display {
        match (self, left) {
            (Self { files: 0, .. }, 0) => "Nothing to fix".to_owned(),
            (Self { files: 0, .. }, left) => format!("Nothing to fix, {} left", findings_text(left)),
            (Self { findings: 0, files, .. }, left) => {
                format!("Changed {}, {} left", files_text(files), findings_text(left))
            }
            (Self { findings, files, .. }, left) => {
                let left = if left == 0 { "none".to_owned() } else { left.to_string() };
                format!("Fixed {} in {}, {left} left", findings_text(findings), files_text(files))
            }
        }
    }
}

fn findings_text(count: usize) -> String {
    if count == 1 { "1 finding".to_owned() } else { format!("{count} findings") }
}

fn files_text(count: usize) -> String {
    if count == 1 { "1 file".to_owned() } else { format!("{count} files") }
}

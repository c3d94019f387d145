//! Changes to files: makes them, or shows them as a diff.

use crate::cli::command::Outcome;
use crate::cli::diff;
use crate::cli::inputs::{Stop, sound};
use crate::disk::edited::{self, Replacement};
use crate::disk::input::sentence;
use crate::disk::repair::repair;
use crate::disk::{FileText, Input, Reading, write};
use crate::settings::Settings;
use clap::{ArgGroup, Args};
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

pub fn show(input: &Input, text: &FileText, changes: &[Replacement], out: &mut dyn Write) -> Result<Outcome, Stop> {
    let differs = diff::write(&input.name(), text, changes, out)?;
    sound(input, text)?;
    Ok(if differs { Outcome::Findings } else { Outcome::Clean })
}

/// Makes the changes in the file, or writes the changed text to `out` if it came from stdin or a pipe. Returns the changed
/// text.
pub fn make(input: &Input, text: FileText, changes: &[Replacement], out: &mut dyn Write) -> Result<FileText, Stop> {
    let Some(path) = input.file() else {
        edited::write(&text, changes, out)?;
        return Ok(edited::apply(&text, changes).map_err(|error| named(input, &error))?);
    };
    if changes.is_empty() {
        return Ok(text);
    }
    if input.is_compressed() {
        let problem = "cannot change a compressed file; decompress it, or use `--diff`";
        return Err(format!("{}: {problem}", input.name()).into());
    }
    write::replace(path, &text, |out| edited::write(&text, changes, out))?;
    Ok(input.read(&Reading::TO_READ)?)
}

//! Changes of files: made, or shown as a diff.

use crate::cli::command::Outcome;
use crate::cli::diff;
use crate::cli::inputs::{Stop, sound};
use crate::disk::edited::{self, Replacement};
use crate::disk::input::sentence;
use crate::disk::mend::{self, Which};
use crate::disk::{FileText, Input, Reading, write};
use crate::settings::Settings;
use clap::{ArgGroup, Args};
use std::io::{self, Write};

/// The arguments that say what to fix.
#[derive(Args, Clone, Copy, Debug, Default)]
#[group(skip)]
#[command(group(ArgGroup::new("mending").args(["fix", "diff"]).multiple(true)))]
pub struct FixArguments {
    /// Make the safe fixes in the files, and print what is left; stdin is printed as it is then
    #[arg(long)]
    pub fix: bool,
    /// Print what --fix would change, as a diff for `patch -p0`, and write nothing
    #[arg(long)]
    pub diff: bool,
    /// With --fix or --diff: make suggested fixes too, the first one of each finding
    #[arg(long, requires = "mending")]
    pub unsafe_fixes: bool,
}

impl FixArguments {
    /// Whether anything is to be changed or shown.
    #[must_use]
    pub fn any(self) -> bool {
        self.fix || self.diff
    }

    /// The replacements that fix a text.
    ///
    /// # Errors
    /// A sentence for the user.
    pub fn changes(self, input: &Input, text: &FileText, settings: &Settings) -> Result<Vec<Replacement>, String> {
        let which = if self.unsafe_fixes { Which::Suggested } else { Which::Safe };
        let changes = mend::mend(text, settings, which).map_err(|error| named(input, &error))?;
        sound(input, text)?;
        Ok(changes)
    }
}

fn named(input: &Input, error: &io::Error) -> String {
    format!("{}: {}", input.name(), sentence(error))
}

/// Prints the changes as a diff.
///
/// # Errors
/// When it cannot be printed, or the text not be read again.
pub fn show(input: &Input, text: &FileText, changes: &[Replacement], out: &mut dyn Write) -> Result<Outcome, Stop> {
    let differs = diff::write(&input.name(), text, changes, out)?;
    sound(input, text)?;
    Ok(if differs { Outcome::Findings } else { Outcome::Clean })
}

/// Makes the changes: in the file, or on `out` when the text came from stdin or a pipe. Gives the text as it
/// is then.
///
/// # Errors
/// When the file cannot be written, or `out`.
pub fn make(input: &Input, text: FileText, changes: &[Replacement], out: &mut dyn Write) -> Result<FileText, Stop> {
    let Some(path) = input.file() else {
        edited::write(&text, changes, out)?;
        return Ok(mend::with(&text, changes).map_err(|error| named(input, &error))?);
    };
    if changes.is_empty() {
        return Ok(text);
    }
    if input.is_compressed() {
        let problem = "a compressed file is not written; unpack it, or take what `--diff` prints";
        return Err(format!("{}: {problem}", input.name()).into());
    }
    write::replace(path, &text, |out| edited::write(&text, changes, out))?;
    Ok(input.read(&Reading::TO_LOOK)?)
}

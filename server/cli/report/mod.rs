//! `tuning-ls report`: the statistics of datasets as one HTML page.
//!
//! This folder must not know how anything is counted. The page has no script and loads nothing, and all text from a dataset
//! is escaped.

mod charts;
mod clock;
mod page;
mod timeline;

use crate::cli::command::{Outcome, Program, Run, fail};
use crate::cli::inputs::InputArguments;
use crate::cli::kept::Kept;
use crate::cli::output::printable::{Printable, printable};
use crate::cli::progress;
use crate::cli::project::SettingsArguments;
use crate::cli::stats;
use crate::disk::write::{Draft, reason};
use clap::Args;
use std::ffi::OsStr;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Write an HTML report about files, or about all .jsonl and .ndjson files in folders
///
/// The report shows segment lengths, tokens, labels, findings and examples that would be dropped. It is one file that loads
/// nothing else.
#[derive(Debug, Args)]
pub struct ReportArguments {
    #[command(flatten)]
    pub inputs: InputArguments,
    /// The file to write; its name must end in .html or .htm
    #[arg(short, long, value_name = "OUT.html")]
    pub output: PathBuf,
    #[command(flatten)]
    pub settings: SettingsArguments,
}

impl Run for ReportArguments {
    fn run(&self, Program { out, problems, .. }: &mut Program<'_>) -> io::Result<Outcome> {
        let to = self.output.as_path();
        let name = to.display();
        let is_html = |ending: &OsStr| ["html", "htm"].iter().any(|known| ending.eq_ignore_ascii_case(known));
        if !to.extension().is_some_and(is_html) {
            return fail(*problems, format_args!("{name}: the name of the report must end in .html or .htm"));
        }
        let mut projects = match self.settings.open(progress::of_media(true)) {
            Ok(projects) => projects,
            Err(problem) => return fail(*problems, problem),
        };
        if let Some(problem) = Kept::of(&self.inputs.find().inputs, &mut projects).lost(to) {
            return fail(*problems, problem);
        }
        let (files, outcome) = stats::read(&self.inputs, &self.settings, &mut projects, *problems)?;
        if files.is_empty() {
            return fail(*problems, "no dataset to report on");
        }
        if let Err(error) = page::page(&files).and_then(|page| written(to, page.as_bytes())) {
            return fail(*problems, format_args!("{name}: {}", reason(&error)));
        }
        writeln!(out, "{}", printable(&to.display().to_string()))?;
        Ok(outcome)
    }
}

fn written(path: &Path, page: &[u8]) -> io::Result<()> {
    let mut draft = Draft::of(path)?;
    // Someone may look at the page in a terminal, or pass it on.
    Printable(&mut draft).write_all(page)?;
    draft.finish()
}

//! `tuning-ls format`: removes white space outside strings and changes nothing else.

use crate::analysis::{Lines, Source};
use crate::cli::command::{Outcome, Program, Run};
use crate::cli::rewrite::RewriteArguments;
use crate::disk::edited;
use crate::ide::format::format;
use clap::Args;
use std::io;

/// Remove white space outside strings, and change nothing else
///
/// Keys, values, their text, records and lines stay the same. Records with syntax errors are left alone.
#[derive(Args, Debug)]
pub struct FormatArguments {
    #[command(flatten)]
    pub rewrite: RewriteArguments,
}

impl Run for FormatArguments {
    fn run(&self, program: &mut Program<'_>) -> io::Result<Outcome> {
        self.rewrite.run(program, |_, text| {
            let edits = format(text, &Lines::new(text), 0..text.line_count());
            edited::replacements(text, edits)
        })
    }
}

//! Output formats for findings, one file each. All formats get the same [`Diagnostic`]s.
//!
//! This folder must not know how findings are made, where the output goes, or the exit code.
//!
//! [`Diagnostic`]: diagnostic::Diagnostic

mod concise;
pub mod diagnostic;
mod fingerprint;
pub mod format;
mod full;
mod github;
mod gitlab;
mod json;
mod json_lines;
mod junit;
mod paths;
pub mod printable;
pub mod printer;
mod sarif;
pub mod statistics;
pub mod totals;
mod window;

use clap::ValueEnum;
use clap::builder::PossibleValue;
use format::Format;

/// All formats, the default first.
pub static FORMATS: [Format; 8] = [
    concise::FORMAT,
    full::FORMAT,
    json::FORMAT,
    json_lines::FORMAT,
    sarif::FORMAT,
    github::FORMAT,
    gitlab::FORMAT,
    junit::FORMAT,
];

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &FORMATS
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name).help(self.help))
    }
}

/// The names of the formats that support `--statistics`, for use in a sentence.
#[must_use]
pub fn with_statistics() -> String {
    let able = FORMATS.iter().filter(|format| format.statistics.is_some());
    let names: Vec<_> = able.map(|format| format.name).collect();
    match names.split_last() {
        Some((last, before)) if !before.is_empty() => format!("{} or {last}", before.join(", ")),
        _ => names.concat(),
    }
}

//! Dataset: what only the whole file shows. Each rule reads the verdict, which was counted.
//!
//! This room must not know where the lines of a file are kept.

mod counts;
mod labels;
mod repeats;
mod shapes;
pub mod shared;
mod tokens;

use crate::rules::{Context, Family, Fixes, Needs, Report, Scope, Severity, row, vendor};
use Severity::Information;

/// Rules about the whole file.
pub static FAMILY: Family = Family {
    name: "dataset",
    summary: "what only the whole shows",
    rules: &[
        vendor::MIXED_RESOLUTION,
        vendor::MISSING_RESOLUTION,
        vendor::UNSUPPORTED_RESOLUTION,
        tokens::TOKEN_LIMIT,
        counts::DROP_RATE,
        repeats::DUPLICATE_EXAMPLE,
        repeats::CONFLICTING_TARGETS,
        repeats::TRAIN_VALIDATION_OVERLAP,
        counts::TOO_MANY_EXAMPLES,
        counts::TOO_FEW_EXAMPLES,
        counts::FILE_TOO_LARGE,
        labels::LABEL_BALANCE,
        shapes::MIXED_SHAPES,
        shapes::COLUMN_TYPE,
        row("findings-capped", &[Information], Fixes::None, "more findings than are shown", findings_capped)
            .scope(Scope::AnyFile)
            .needs(Needs::FIRST)
            .in_arrays(),
    ],
};

fn findings_capped(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(verdict) = report.verdict().filter(|verdict| context.input.first && !verdict.hidden.is_empty()) else {
        return;
    };
    let hidden = verdict.hidden.clone();
    let count: u32 = hidden.iter().map(|(_, count)| count).sum();
    report.show(Information, context.file_span(), |finding| {
        let kinds: Vec<_> = hidden.iter().map(|(code, count)| format!("{count} {code}")).collect();
        let kind = if kinds.len() == 1 { "kind" } else { "kinds" };
        finding.says(format!(
            "{count} more findings of {} {kind} are not shown: {}; `tuning-ls check` prints them all",
            kinds.len(),
            kinds.join(", ")
        ));
    });
}

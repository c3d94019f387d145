//! Rules about a whole file. Each reads the counts of the file.
//!
//! This folder must not know where the lines of a file are kept.

mod counts;
mod drift;
mod labels;
mod no_examples;
mod repeats;
mod shapes;
pub mod shared;
mod spelling;
mod tokens;

use crate::rules::{Context, Family, FaultKind, Fixes, Needs, Report, Scope, Severity, row, vendor};
use Severity::Information;

/// Rules about the whole file.
pub static FAMILY: Family = Family {
    name: "dataset",
    summary: "the file and the dataset as a whole: limits, copies, leaks, shared values",
    rules: &[
        vendor::MIXED_RESOLUTION,
        vendor::MISSING_RESOLUTION,
        vendor::UNSUPPORTED_RESOLUTION,
        vendor::UNSUPPORTED_PART,
        tokens::TOKEN_LIMIT,
        counts::DROP_RATE,
        repeats::DUPLICATE_EXAMPLE,
        repeats::CONFLICTING_TARGETS,
        repeats::TRAIN_VALIDATION_OVERLAP,
        counts::TOO_MANY_EXAMPLES,
        counts::TOO_FEW_EXAMPLES,
        counts::FILE_TOO_LARGE,
        labels::LABEL_BALANCE,
        spelling::LABEL_SPELLING,
        drift::INSTRUCTION_DRIFT,
        shapes::MIXED_SHAPES,
        shapes::COLUMN_TYPE,
        no_examples::NO_EXAMPLES,
        row("findings-capped", &[Information], Fixes::None, "findings that are not shown", findings_capped)
            .fault(FaultKind::Style)
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
        let more = if count == 1 { "1 more finding is".to_owned() } else { format!("{count} more findings are") };
        finding.says(format!("{more} not shown ({}); run `tuning-ls check` to see all findings", kinds.join(", ")));
    });
}

//! Dataset: what only the whole file shows. Each rule reads the verdict, which was counted.
//!
//! This room must not know where the lines of a file are kept.

mod counts;
mod repeats;
pub mod resolution;
mod tokens;

use crate::rules::{Context, Family, Fixes, Needs, Report, Rule, Scope, Severity, row};
use Severity::{Error, Hint, Information, Warning};

/// Rules about the whole file.
pub static FAMILY: Family = Family {
    name: "dataset",
    summary: "what only the whole shows",
    rules: &[
        row(
            "mixed-media-resolution",
            &[Error, Warning],
            Fixes::Suggested,
            "an example's `mediaResolution` differs from its file's, or a file's from its dataset's",
            resolution::mixed_media_resolution,
        ),
        row(
            "missing-media-resolution",
            &[Warning, Information],
            Fixes::Suggested,
            "an example with video or images sets no `mediaResolution`",
            resolution::missing_media_resolution,
        )
        .needs(Needs::NO_RESOLUTION),
        row(
            "unsupported-media-resolution",
            &[Information],
            Fixes::Suggested,
            "`HIGH` on video, which the older tuning documentation does not have",
            resolution::unsupported_media_resolution,
        )
        .needs(Needs::HIGH_RESOLUTION),
        row(
            "token-limit",
            &[Warning],
            Fixes::None,
            "an example of more tokens, by estimate, than one may have",
            tokens::token_limit,
        ),
        row(
            "drop-rate",
            &[Error, Warning],
            Fixes::None,
            "examples that would be dropped; over 10 % the job fails",
            drop_rate,
        )
        .needs(Needs::FIRST),
        row(
            "duplicate-example",
            &[Warning],
            Fixes::Suggested,
            "examples that mean the same, whatever their form",
            repeats::duplicate_example,
        )
        .needs(Needs::VERDICT),
        row(
            "conflicting-targets",
            &[Warning, Information],
            Fixes::None,
            "the same input with another target",
            repeats::conflicting_targets,
        )
        .needs(Needs::VERDICT),
        row(
            "train-validation-overlap",
            &[Warning],
            Fixes::None,
            "an example, or a piece of its video, that the training file has too",
            repeats::train_validation_overlap,
        )
        .needs(Needs::VERDICT),
        row(
            "too-many-examples",
            &[Error],
            Fixes::None,
            "more examples than the service takes",
            counts::too_many_examples,
        )
        .needs(Needs::FIRST),
        row(
            "too-few-examples",
            &[Hint],
            Fixes::None,
            "fewer than 100 examples to learn from",
            counts::too_few_examples,
        )
        .needs(Needs::FIRST),
        row("file-too-large", &[Error], Fixes::None, "a file of more than 1 GB", counts::file_too_large)
            .needs(Needs::FIRST),
        row(
            "label-balance",
            &[Information],
            Fixes::None,
            "a label that hardly any, or nearly all, of the targets are",
            counts::label_balance,
        )
        .needs(Needs::FIRST),
        Rule {
            scope: Scope::AnyFile,
            ..row("findings-capped", &[Information], Fixes::None, "more findings than are shown", findings_capped)
                .needs(Needs::FIRST)
        },
    ],
};

fn drop_rate(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(verdict) = report.verdict().filter(|verdict| context.input.first && verdict.dropped > 0) else { return };
    let (dropped, examples, lines) = (verdict.dropped, verdict.examples, verdict.dropped_lines.clone());
    let percent = verdict.dropped_percent();
    let (severity, end) = match (dropped * 10).cmp(&examples) {
        std::cmp::Ordering::Greater => (Error, "; over 10 % the job fails"),
        std::cmp::Ordering::Equal => (Warning, "; one more, and the job fails"),
        std::cmp::Ordering::Less => (Warning, " without a word, and over 10 % the job fails"),
    };
    report.show(severity, context.file_span(), |finding| {
        finding.says(format!("{percent} of the examples ({dropped} of {examples}) would be dropped{end}"));
        for line in lines {
            finding.related_line(line, "would be dropped");
        }
    });
}

fn findings_capped(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(verdict) = report.verdict().filter(|verdict| context.input.first && !verdict.hidden.is_empty()) else {
        return;
    };
    let hidden = verdict.hidden.clone();
    let count: u32 = hidden.iter().map(|(_, count)| count).sum();
    report.show(Information, context.file_span(), |finding| {
        let kinds: Vec<_> = hidden.iter().map(|(rule, count)| format!("{count} {}", rule.rule().code)).collect();
        let kind = if kinds.len() == 1 { "kind" } else { "kinds" };
        finding.says(format!(
            "{count} more findings of {} {kind} are not shown: {}; `tuning-ls check` prints them all",
            kinds.len(),
            kinds.join(", ")
        ));
    });
}

//! The tokens of an example, by estimate: summed up over the file, and held to the limit.

use crate::example::shared::SharedValue;
use crate::example::tokens::{Estimate, grouped};
use crate::rules::Severity::Warning;
use crate::rules::segment::too_long::is_dropped;
use crate::rules::{Context, Finding, Fixes, Judge, Report, Row, What, row};

/// More tokens than an example may have.
pub(super) const TOKEN_LIMIT: Row = row(
    "token-limit",
    &[Warning],
    Fixes::None,
    "an example of more tokens, by estimate, than one may have",
    token_limit,
)
.judged(judge);

fn token_limit(context: &Context<'_>, report: &mut Report<'_>) {
    // Only records that the service can parse are examples.
    if context.fault_count > 0 || context.example.turns.is_empty() {
        return;
    }
    let limits = context.limits;
    let estimate = Estimate::new(context.record, context.example, limits);
    report.amount(report.of(What::TOKENS_VIDEO), estimate.video);
    report.amount(report.of(What::TOKENS_SOUND), estimate.sound);
    report.amount(report.of(What::TOKENS_IMAGES), estimate.images);
    report.amount(report.of(What::TOKENS_TEXT), estimate.text);
    report.amount(report.of(What::FRAMES_OF_FILE), estimate.frames_of_file);
    if !estimate.unknown.is_empty() {
        report.fact(report.of(What::TOKENS_UNKNOWN));
    }
    let Some(limit) = limits.example_tokens else { return };
    let span = context.owner_span(context.example.turn_list.unwrap_or(0));
    // A segment that is too long has its own finding, and the tokens follow from it.
    if estimate.at_once() > limit && !is_dropped(context, None) {
        let value = report.verdict().and_then(|verdict| verdict.shared);
        return report.find(Warning, span, |finding| {
            say(finding, &estimate.with_file(value, limits), limit);
        });
    }
    if estimate.frames_of_file == 0 || estimate.at_once() > limit {
        return;
    }
    let over = |value: &SharedValue| {
        estimate.with_file(Some(*value), limits).at_once() > limit && !is_dropped(context, Some(*value))
    };
    let values: Vec<SharedValue> = SharedValue::ALL.into_iter().filter(over).collect();
    for &value in &values {
        report.fact_at(report.of(What::too_many_tokens_at(value)), span);
    }
    let verdict = report.verdict().filter(|verdict| verdict.has_one_of(&values));
    if let Some(value) = verdict.and_then(|verdict| verdict.shared) {
        report.show(Warning, span, |finding| say(finding, &estimate.with_file(Some(value), limits), limit));
    }
}

fn judge(judge: &mut Judge<'_>) {
    if let Some(value) = judge.verdict.shared {
        judge.on_each(judge.fact(What::too_many_tokens_at(value)), Warning);
    }
}

fn say(finding: &mut Finding, estimate: &Estimate, limit: u64) {
    let parts: Vec<_> = estimate.parts().map(|(name, tokens)| format!("{name} {}", grouped(tokens))).collect();
    let about = if estimate.unknown.is_empty() { "about" } else { "at least" };
    finding.says(format!(
        "this example has {about} {} tokens by estimate ({}); {} are the most, input and output together, and the \
         example would be dropped or cut",
        grouped(estimate.at_once()),
        parts.join(", "),
        grouped(limit)
    ));
}

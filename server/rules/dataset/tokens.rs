//! The estimated tokens of an example: added up over the file, and compared with the limit.

use crate::example::Media;
use crate::example::shared::SharedValue;
use crate::example::tokens::{Estimate, grouped};
use crate::rules::Severity::Warning;
use crate::rules::segment::too_long::is_dropped;
use crate::rules::{Context, FaultKind, Finding, Fixes, Judge, Report, Row, What, row};

/// An example with more tokens than the limit.
pub(super) const TOKEN_LIMIT: Row =
    row("token-limit", &[Warning], Fixes::None, "an example with more tokens than the limit, by estimate", token_limit)
        .fault(FaultKind::Tokens)
        .judged(judge);

fn token_limit(context: &Context<'_>, report: &mut Report<'_>) {
    // A record with syntax errors is not an example.
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
    if context.settings.media.is_some() && context.example.media.iter().any(Media::is_unknown) {
        report.fact(report.of(What::UNKNOWN_MEDIA));
    }
    let Some(limit) = limits.example_tokens else { return };
    let span = context.owner_span(context.example.turn_list.unwrap_or(0));
    // A segment that is too long has a finding of its own, and explains the tokens.
    if estimate.at_once() > limit && !is_dropped(context, None) {
        let value = report.verdict().and_then(|verdict| verdict.shared);
        return report.find(Warning, span, |finding| {
            say_too_many(context, finding, &estimate.with_file(value, limits), limit);
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
        report.show(Warning, span, |finding| {
            say_too_many(context, finding, &estimate.with_file(Some(value), limits), limit)
        });
    }
}

fn judge(judge: &mut Judge<'_>) {
    if let Some(value) = judge.verdict.shared {
        judge.on_each(judge.fact(What::too_many_tokens_at(value)), Warning);
    }
}

fn say_too_many(context: &Context<'_>, finding: &mut Finding, estimate: &Estimate, limit: u64) {
    let parts: Vec<_> = estimate.parts().map(|(name, tokens)| format!("{name} {}", grouped(tokens))).collect();
    let about = if estimate.unknown.is_empty() { "about" } else { "at least" };
    finding
        .says(format!(
            "this example has {about} {} tokens; the limit for input and output is {}. The estimate: {}",
            grouped(estimate.at_once()),
            grouped(limit),
            parts.join(", ")
        ))
        .effect(format!("{} drops the example or cuts it off", context.service.title));
}

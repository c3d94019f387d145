//! The tokens of an example, by estimate: summed up over the file, and held to the limit.

use crate::rules::Severity::Warning;
use crate::rules::segment::too_long::is_dropped;
use crate::rules::{Context, Fact, Finding, Report};
use crate::schema::media::Resolution;
use crate::schema::tokens::{Estimate, grouped};

pub(super) fn token_limit(context: &Context<'_>, report: &mut Report<'_>) {
    // Only records that the service can parse are examples.
    if context.fault_count > 0 || context.example.turns.is_empty() {
        return;
    }
    let (profile, limit) = (context.profile, context.profile.example_tokens);
    let estimate = Estimate::new(context.record, context.example, profile);
    report.amount(Fact::TOKENS_VIDEO, estimate.video);
    report.amount(Fact::TOKENS_SOUND, estimate.sound);
    report.amount(Fact::TOKENS_IMAGES, estimate.images);
    report.amount(Fact::TOKENS_TEXT, estimate.text);
    report.amount(Fact::FRAMES_OF_FILE, estimate.frames_of_file);
    if !estimate.unknown.is_empty() {
        report.fact(Fact::TOKENS_UNKNOWN);
    }
    let span = context.owner_span(context.example.contents.unwrap_or(0));
    // A segment that is too long has its own finding, and the tokens follow from it.
    if estimate.at_once() > limit && !is_dropped(context, None) {
        let resolution = report.verdict().and_then(|verdict| verdict.resolution);
        return report.find(Warning, span, |finding| {
            say(finding, &estimate.with_file(resolution, profile), limit);
        });
    }
    if estimate.frames_of_file == 0 || estimate.at_once() > limit {
        return;
    }
    let over = |resolution| {
        estimate.with_file(Some(resolution), profile).at_once() > limit && !is_dropped(context, Some(resolution))
    };
    let (at_low, above_low) = (over(Resolution::Low), over(Resolution::Medium));
    if at_low {
        report.fact_at(Fact::TOO_MANY_TOKENS_AT_LOW, span);
    }
    if above_low {
        report.fact_at(Fact::TOO_MANY_TOKENS_ABOVE_LOW, span);
    }
    let verdict = report.verdict().filter(|verdict| verdict.drops(at_low, above_low));
    if let Some(resolution) = verdict.and_then(|verdict| verdict.resolution) {
        report.show(Warning, span, |finding| say(finding, &estimate.with_file(Some(resolution), profile), limit));
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

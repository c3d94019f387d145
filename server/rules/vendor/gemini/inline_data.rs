//! Media inside the line, which the tuning documentation doesn't mention.

use crate::formats::gemini::GEMINI;
use crate::rules::Severity::Warning;
use crate::rules::report::lines_like_it;
use crate::rules::{Context, Fixes, Judge, Needs, Report, Row, row};

/// The rule's own count: media inside lines.
const MEDIA: u16 = 0;

/// The rule.
pub const INLINE_DATA: Row =
    row("inline-data", &[Warning], Fixes::None, "media inside the line instead of a `fileUri`", inline_data)
        .needs(Needs::UNUSUAL_MEDIA)
        .judged(judge);

fn inline_data(context: &Context<'_>, report: &mut Report<'_>) {
    // It is unknown what other services do with it.
    if context.format != &GEMINI || context.service != context.format.default_service() {
        return;
    }
    for media in context.example.media.iter().filter(|media| media.inline) {
        let span = context.record.key_span(media.node).unwrap_or_default();
        report.once(report.own(MEDIA), Warning, span, |finding, count| {
            finding
                .says(format!(
                    "`inlineData` isn't documented for tuning; use `fileData` instead{}",
                    lines_like_it(count)
                ))
                .effect(format!("{} may reject the line or drop the example", context.service.title));
        });
    }
}

fn judge(judge: &mut Judge<'_>) {
    judge.on_first(judge.fact(judge.own(MEDIA)), Warning);
}

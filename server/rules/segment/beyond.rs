//! Offsets after the end of the recording.
//!
//! The service answers `400 Request contains an invalid argument` at inference (langchain-google 1217 and 1502, 2025-09
//! to 2026-01).

use super::parts::{part_and_media, unnamed_cause};
use crate::example::mime::MediaKind;
use crate::rules::Severity::Error;
use crate::rules::media::uri::replacement;
use crate::rules::{Context, Fix, Fixes, Needs, Report, Row, row};
use crate::schema::scalar::Duration;

/// An offset after the end of the recording.
pub(super) const OFFSET_BEYOND_END: Row =
    row("offset-beyond-end", &[Error], Fixes::Suggested, "an offset after the end of the recording", offset_beyond_end)
        .needs(Needs::KNOWN_MEDIA);

/// An end that is later by at most this may be rounded.
const TOLERANCE: u32 = 1;

fn offset_beyond_end(context: &Context<'_>, report: &mut Report<'_>) {
    for segment in &context.example.segments {
        let Some((_, Some(media))) = part_and_media(context, segment) else { continue };
        let Some(length) = media.known.length else { continue };
        if !matches!(media.kind, None | Some(MediaKind::Video | MediaKind::Audio)) {
            continue;
        }
        let is_late = |time: Duration| time - length > Duration::from_seconds(TOLERANCE);
        let start = segment.start.zip(segment.start_time).filter(|(_, start)| *start >= length);
        let end = segment.end.zip(segment.end_time).filter(|(_, end)| is_late(*end));
        let Some((node, time)) = start.or(end) else { continue };
        report.find(Error, context.record.span(node), |finding| {
            let (key, clock) = (context.record.key(node), time.clock());
            let place = if time == length {
                "is the end of the file".to_owned()
            } else {
                format!("is after the end of the file ({})", length.clock())
            };
            finding.says(format!("`{key}` ({clock}) {place}")).effect(unnamed_cause(context));
            if start.is_none() {
                finding.fix(|| {
                    let end = length.canonical();
                    let title = format!("End where the file ends: \"{end}\"");
                    Some(Fix::suggested(title, replacement(context, node, &end)?))
                });
            }
        });
    }
}

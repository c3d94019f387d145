//! YouTube URLs, which are documented for inference only.

use crate::formats::gemini::GEMINI;
use crate::rules::Severity::Information;
use crate::rules::media::uri::{Judgement, judge, shown, uris};
use crate::rules::{Context, FaultKind, Fixes, Needs, Report, Row, row};
use crate::schema::scalar::is_object;

/// A YouTube URL in a tuning example.
pub const VIDEO_PAGE_URI: Row =
    row("video-page-uri", &[Information], Fixes::None, "a YouTube URL, documented for inference only", video_page_uri)
        .fault(FaultKind::Style)
        .needs(Needs::UNUSUAL_MEDIA);

fn video_page_uri(context: &Context<'_>, report: &mut Report<'_>) {
    if context.format != &GEMINI {
        return;
    }
    for (node, uri) in uris(context).filter(|(_, uri)| !is_object(uri)) {
        let Judgement::VideoPage = judge(&uri, context.service.reads) else { continue };
        report.find(Information, context.record.span(node), |finding| {
            let uri = shown(&uri);
            finding.says(format!(
                "`{uri}` is a YouTube page, which is documented for inference but not for tuning; use a copy in \
                 Cloud Storage"
            ));
        });
    }
}

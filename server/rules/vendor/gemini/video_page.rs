//! Video pages, which the documentation has for inference only.

use crate::formats::gemini::GEMINI;
use crate::rules::Severity::Information;
use crate::rules::media::uri::{Judgement, is_cloud_storage, judge, shown, uris};
use crate::rules::{Context, Fixes, Needs, Report, Row, row};

/// The rule.
pub const VIDEO_PAGE_URI: Row = row(
    "video-page-uri",
    &[Information],
    Fixes::None,
    "a YouTube page, which is documented for inference only",
    video_page_uri,
)
.needs(Needs::UNUSUAL_MEDIA);

fn video_page_uri(context: &Context<'_>, report: &mut Report<'_>) {
    if context.format != &GEMINI {
        return;
    }
    for (node, uri) in uris(context).filter(|(_, uri)| !is_cloud_storage(uri)) {
        let Judgement::VideoPage = judge(&uri, context.service.reads) else { continue };
        report.find(Information, context.record.span(node), |finding| {
            finding.says(format!(
                "`{}`{} is a YouTube page; it is documented for inference, and no page on tuning names it",
                shown(&uri),
                context.place(node)
            ));
        });
    }
}

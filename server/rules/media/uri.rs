//! Judges the location of a media file.

use crate::formats::is_template_location;
use crate::formats::service::Locations;
use crate::json::{Edit, NodeId, lexer};
use crate::rules::secrets::masked;
use crate::rules::{Consequence, Context, FaultKind};
use crate::schema::scalar::{self, Location, LocationFault, Oddity, Placeholder, Unreachable, WebPage};
use std::borrow::Cow;

/// The verdict on a URI: only its most basic fault.
pub(in crate::rules) enum Judgement<'a> {
    Placeholder(Placeholder<'a>),
    /// From an example: this bucket, or the whole location.
    Example(&'a str),
    /// A valid location, but in a place that the service does not read. The text is a noun phrase with its article.
    NotRead(Cow<'static, str>),
    Bad(LocationFault),
    Unreachable(Unreachable),
    WebPage(WebPage),
    VideoPage,
    Wildcard(char),
    OddName(Oddity<'a>),
    Good,
}

/// Judges a URI for a service that reads these locations. A placeholder overrides all other faults.
pub(in crate::rules) fn judge(uri: &str, reads: Locations) -> Judgement<'_> {
    if is_data(uri, reads) {
        return Judgement::Good;
    }
    if reads.paths && !uri.contains("://") {
        return Judgement::Good;
    }
    if let Some(placeholder) = Some(uri).filter(|uri| may_be_placeholder(uri)).and_then(scalar::placeholder) {
        return Judgement::Placeholder(placeholder);
    }
    if let Some(example) = example_name(uri) {
        return Judgement::Example(example);
    }
    let location = match scalar::parse_location(uri) {
        Ok(location) => location,
        Err(LocationFault::OtherScheme(scheme)) if !reads.objects => {
            return Judgement::NotRead(format!("a URL with the scheme `{scheme}:`").into());
        }
        Err(fault) if !reads.objects && is_of_object(&fault) => {
            return Judgement::NotRead(format!("an object in {}", scalar::STORE).into());
        }
        Err(fault) => return Judgement::Bad(fault),
    };
    match location {
        Location::Web(_) if !reads.web => return Judgement::NotRead("a web URL".into()),
        Location::Object { .. } if !reads.objects => {
            return Judgement::NotRead(format!("an object in {}", scalar::STORE).into());
        }
        _ => {}
    }
    if let Some(unreachable) = scalar::unreachable(&location) {
        return Judgement::Unreachable(unreachable);
    }
    match location {
        Location::Web(url) if reads.page_for_inference(&url).is_some() => Judgement::VideoPage,
        Location::Web(url) => scalar::web_page(&url).map_or(Judgement::Good, Judgement::WebPage),
        Location::Object { object, .. } => match scalar::wildcards(object).next() {
            Some((_, letter)) => Judgement::Wildcard(letter),
            None => scalar::oddity(object).map_or(Judgement::Good, Judgement::OddName),
        },
    }
}

/// The scheme of a URL that holds the file itself.
pub(super) const DATA_SCHEME: &str = "data:";

/// Whether it is a `data:` URL, for a service that reads them.
pub(super) fn is_data(uri: &str, reads: Locations) -> bool {
    reads.data && uri.get(..DATA_SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(DATA_SCHEME))
}

/// Whether only the location of an object can have this fault.
fn is_of_object(fault: &LocationFault) -> bool {
    use LocationFault as Fault;
    matches!(
        fault,
        Fault::UpperCaseScheme
            | Fault::MissingSlash
            | Fault::MissingColon
            | Fault::NoBucket
            | Fault::Bucket(_)
            | Fault::NoObject
            | Fault::Folder
            | Fault::ObjectTooLong
            | Fault::ObjectName
    )
}

/// The kind of a fault in this record: `fault`, or [`FaultKind::Shape`] if the service drops examples only for other kinds of
/// tuning. Then it rejects this line.
pub(super) fn fault_in(context: &Context<'_>, fault: FaultKind) -> FaultKind {
    let service = context.service;
    let may_drop = service.limits.iter().any(|limits| limits.drop_percent.is_some());
    let is_other = may_drop && context.limits.drop_percent.is_none();
    if is_other && service.consequence(fault) == Consequence::Dropped { FaultKind::Shape } else { fault }
}

/// What follows where the service probably, but not certainly, can't use a file.
pub(super) fn possible_effect(context: &Context<'_>, fault: FaultKind) -> String {
    let service = context.service;
    match service.consequence(fault_in(context, fault)) {
        Consequence::Dropped => format!("{} may silently drop the example", service.title),
        consequence => service.effect(consequence, false),
    }
}

/// Whether a service can read this location. It may still have a warning.
pub(in crate::rules) fn is_read(uri: &str, reads: Locations) -> bool {
    use Judgement as Is;
    matches!(judge(uri, reads), Is::Good | Is::Wildcard(_) | Is::OddName(_) | Is::VideoPage)
}

/// The part of a location that is from an example: its bucket, or all of what a template has inserted.
fn example_name(uri: &str) -> Option<&str> {
    let inserted = (is_template_location(uri) && !scalar::is_object(uri)).then_some(uri);
    inserted.or_else(|| scalar::example_bucket(uri))
}

/// Whether a location is a placeholder, or has one.
pub(in crate::rules) fn is_placeholder(uri: &str, reads: Locations) -> bool {
    matches!(judge(uri, reads), Judgement::Placeholder(_) | Judgement::Example(_))
}

/// A quick test: `false` if the URI certainly has no placeholder.
pub(in crate::rules) fn may_be_placeholder(uri: &str) -> bool {
    let bytes = uri.as_bytes();
    memchr::memchr3(b'<', b'{', b'$', bytes).is_some()
        || memchr::memchr_iter(b'Y', bytes).any(|at| bytes[at..].starts_with(b"YOUR_"))
        || memchr::memchr_iter(b'/', bytes).any(|at| bytes[..at].ends_with(b"path") && bytes[at..].starts_with(b"/to"))
}

/// The URIs of an example that may have a finding: all but [plain](Media::plain) ones.
pub(in crate::rules) fn uris<'a>(context: &'a Context<'_>) -> impl Iterator<Item = (NodeId, Cow<'a, str>)> {
    let reads_all = context.service.reads.objects;
    context.example.media.iter().filter(move |media| !media.plain || !reads_all).filter_map(|media| {
        let node = media.uri?;
        Some((node, context.record.string(node)?))
    })
}

/// A text from the file without secrets, cut to a length that fits into a message.
pub(in crate::rules) fn shown(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 40;
    // A location can be a whole file.
    const READ: usize = 4_096;
    let start = &text[..text.floor_char_boundary(READ)];
    let start = masked(start);
    match start.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &start[..end]).into(),
        None => start,
    }
}

/// Replaces a string with `text`; `None` where a syntax error makes the end of the string uncertain.
pub(in crate::rules) fn replacement(context: &Context<'_>, node: NodeId, text: &str) -> Option<Vec<Edit>> {
    let span = context.record.span(node);
    (!context.is_hidden(span)).then(|| vec![Edit::replace(span, lexer::quote(text))])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: Locations = Locations { objects: true, web: true, data: true, ..Locations::NONE };

    #[test]
    fn of_a_plain_location_there_is_nothing_to_say() {
        let names =
            ["a.mp4", "clips/2025-05/cam 1_(x).mp4", "Y.mp4", "a*.mp4", "a?", "a[1]", "a#b", "{x}", "$X", "<a>"];
        let more = ["YOUR_FILE", "to/a.mp4", "tom.mp4", ".a", "a/", "", "\u{e9}", "a//b", "a/../b"];
        let buckets = ["clips", "my-bucket", "path", "YOUR_BUCKET", "b", "-b-", "a.b", "Clips", "goog-x", "xgoogle"];
        let mut plain = 0;
        for bucket in buckets {
            for name in names.iter().chain(&more) {
                let uri = format!("gs://{bucket}/{name}");
                if scalar::is_plain_object(&uri) {
                    plain += 1;
                    assert!(matches!(judge(&uri, ALL), Judgement::Good), "{uri}");
                }
            }
        }
        assert!(plain > 5);
        for other in ["https://example.com/a.mp4", "gs:/clips/a.mp4", "s3://clips/a.mp4", "clips/a.mp4"] {
            assert!(!scalar::is_plain_object(other));
        }
    }
}

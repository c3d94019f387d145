//! Media: where the bytes are, what they are said to be, and how many files an example has.

use crate::json::{Edit, NodeId, lexer};
use crate::rules::{Context, Family, Fix, Fixes, Needs, Report, Severity, row};
use crate::schema::Format;
use crate::schema::detect::Mark;
use crate::schema::example::{Media, Place};
use crate::schema::media::{self, MediaKind};
use crate::schema::scalar::{self, Location, LocationFault, Placeholder, Unreachable};
use Severity::{Error, Information, Warning};
use std::borrow::Cow;

/// Rules about media files.
pub static FAMILY: Family = Family {
    name: "media",
    summary: "where the bytes are",
    rules: &[
        row("bad-uri", &[Error], Fixes::Safe, "neither a Cloud Storage object nor an http(s) URL", bad_uri)
            .needs(Needs::UNUSUAL_MEDIA),
        row(
            "placeholder-uri",
            &[Error, Warning],
            Fixes::None,
            "a part of the URI was never filled in",
            placeholder_uri,
        )
        .needs(Needs::UNUSUAL_MEDIA),
        row("unreachable-uri", &[Warning], Fixes::Safe, "a location that the service cannot read", unreachable_uri)
            .needs(Needs::UNUSUAL_MEDIA),
        row(
            "video-page-uri",
            &[Information],
            Fixes::None,
            "a YouTube page, which is documented for inference only",
            video_page_uri,
        )
        .needs(Needs::UNUSUAL_MEDIA),
        row("wildcard-uri", &[Warning], Fixes::None, "`*`, `?`, `[` or `#` in an object's name", wildcard_uri)
            .needs(Needs::UNUSUAL_MEDIA),
        row(
            "unknown-mime-type",
            &[Error, Warning],
            Fixes::Suggested,
            "no media type, or one that no documentation lists",
            unknown_mime_type,
        )
        .needs(Needs::UNUSUAL_MEDIA),
        row(
            "mime-type-mismatch",
            &[Warning],
            Fixes::Suggested,
            "`mimeType` and the file's extension disagree",
            mime_type_mismatch,
        )
        .needs(Needs::UNUSUAL_MEDIA),
        row(
            "too-many-media",
            &[Error, Warning],
            Fixes::None,
            "more media files than an example may have",
            too_many_media,
        )
        .needs(Needs::MEDIA),
    ],
};

/// What is to be said of a URI: one thing at most, the one that explains the others.
enum Judgement<'a> {
    Placeholder(Placeholder<'a>),
    Bad(LocationFault),
    Unreachable(Unreachable),
    VideoPage,
    Wildcard(char),
    Good,
}

/// Judges a URI. What was never filled in goes before all else.
fn judge(uri: &str) -> Judgement<'_> {
    if let Some(placeholder) = Some(uri).filter(|uri| may_be_placeholder(uri)).and_then(scalar::placeholder) {
        return Judgement::Placeholder(placeholder);
    }
    let location = match scalar::parse_location(uri) {
        Ok(location) => location,
        Err(fault) => return Judgement::Bad(fault),
    };
    if let Some(unreachable) = scalar::unreachable(&location) {
        return Judgement::Unreachable(unreachable);
    }
    match &location {
        Location::Web(url) if scalar::is_video_page(url) => Judgement::VideoPage,
        Location::Web(_) => Judgement::Good,
        Location::CloudStorage { object, .. } => {
            scalar::wildcards(object).next().map_or(Judgement::Good, |(_, letter)| Judgement::Wildcard(letter))
        }
    }
}

/// Whether a URI has what every placeholder has; a look at its letters, because most have not.
fn may_be_placeholder(uri: &str) -> bool {
    let bytes = uri.as_bytes();
    memchr::memchr3(b'<', b'{', b'$', bytes).is_some()
        || memchr::memchr_iter(b'Y', bytes).any(|at| bytes[at..].starts_with(b"YOUR_"))
        || memchr::memchr_iter(b'/', bytes).any(|at| bytes[..at].ends_with(b"path") && bytes[at..].starts_with(b"/to"))
}

/// Whether a URI is of the common kind, of which only its name can be wrong.
fn is_cloud_storage(uri: &str) -> bool {
    uri.starts_with("gs://")
}

/// The URIs of an example about which there may be something to say: all but [plain](Media::plain) ones.
fn uris<'a>(context: &'a Context<'_>) -> impl Iterator<Item = (NodeId, Cow<'a, str>)> {
    context.example.media.iter().filter(|media| !media.plain).filter_map(|media| {
        let node = media.uri?;
        Some((node, context.record.string(node)?))
    })
}

/// A text of the file as a message shows it: not longer than a line.
fn shown(text: &str) -> Cow<'_, str> {
    const LONGEST: usize = 100;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// Puts a text in the place of a string; `None` where broken grammar leaves it open where that ends.
pub(super) fn replacement(context: &Context<'_>, node: NodeId, text: &str) -> Option<Vec<Edit>> {
    let span = context.record.span(node);
    let misread = context.errors.iter().any(|error| error.fault.hides_structure() && error.span.meets(span));
    (!misread).then(|| vec![Edit::replace(span, lexer::quote(text))])
}

fn bad_uri(context: &Context<'_>, report: &mut Report<'_>) {
    for (node, uri) in uris(context) {
        let Judgement::Bad(fault) = judge(&uri) else { continue };
        report.find(Error, context.record.span(node), |finding| {
            let place = context.place(node);
            finding
                .says(format!(
                    "`{}`{place} is no location of a file: {}; the service reads `gs://bucket/object` and public \
                     http(s) URLs",
                    shown(&uri),
                    fault.message()
                ))
                .fix(|| {
                    let repaired = fault.repair(&uri)?;
                    Some(Fix::safe(format!("Change to `{repaired}`"), replacement(context, node, &repaired)?))
                });
        });
    }
}

fn placeholder_uri(context: &Context<'_>, report: &mut Report<'_>) {
    for (node, uri) in uris(context).filter(|(_, uri)| may_be_placeholder(uri)) {
        let Judgement::Placeholder(placeholder) = judge(&uri) else { continue };
        let severity = if placeholder.in_bucket || placeholder.in_angles { Error } else { Warning };
        report.find(severity, context.record.span(node), |finding| {
            finding.says(format!(
                "`{}`{} is a placeholder that was never filled in; the service finds no such file",
                shown(placeholder.text),
                context.place(node)
            ));
        });
    }
}

fn unreachable_uri(context: &Context<'_>, report: &mut Report<'_>) {
    for (node, uri) in uris(context).filter(|(_, uri)| !is_cloud_storage(uri)) {
        let Judgement::Unreachable(unreachable) = judge(&uri) else { continue };
        report.find(Warning, context.record.span(node), |finding| {
            finding
                .says(format!(
                    "the service cannot read `{}`{}: {}; give a Cloud Storage object (`gs://`) or a public URL",
                    shown(&uri),
                    context.place(node),
                    unreachable.obstacle.message()
                ))
                .fix(|| {
                    let repaired = unreachable.repair.as_deref()?;
                    Some(Fix::safe(format!("Change to `{repaired}`"), replacement(context, node, repaired)?))
                });
        });
    }
}

fn video_page_uri(context: &Context<'_>, report: &mut Report<'_>) {
    for (node, uri) in uris(context).filter(|(_, uri)| !is_cloud_storage(uri)) {
        let Judgement::VideoPage = judge(&uri) else { continue };
        report.find(Information, context.record.span(node), |finding| {
            finding.says(format!(
                "`{}`{} is a YouTube page; it is documented for inference, and no page on tuning names it",
                shown(&uri),
                context.place(node)
            ));
        });
    }
}

fn wildcard_uri(context: &Context<'_>, report: &mut Report<'_>) {
    let may_be = |uri: &str| memchr::memchr3(b'*', b'?', b'[', uri.as_bytes()).is_some() || uri.contains('#');
    for (node, uri) in uris(context).filter(|(_, uri)| is_cloud_storage(uri) && may_be(uri)) {
        let Judgement::Wildcard(letter) = judge(&uri) else { continue };
        report.find(Warning, context.record.span(node), |finding| {
            finding.says(format!(
                "the object's name in `{}`{} has a `{letter}`; the service takes it as it stands and fills in nothing: \
                 name one object, and avoid `*`, `?`, `[` and `#`, which tools read as wildcards",
                shown(&uri),
                context.place(node)
            ));
        });
    }
}

/// Whether the URI beside a MIME type was never filled in, which is said of the URI and explains all.
fn has_placeholder(context: &Context<'_>, media: &Media) -> bool {
    let uri = media.uri.filter(|_| !media.plain).and_then(|uri| context.record.string(uri));
    uri.is_some_and(|uri| matches!(judge(&uri), Judgement::Placeholder(_)))
}

/// Whether it is `type/subtype` of something definite.
fn is_well_formed(mime: &str) -> bool {
    let bare = mime.split(';').next().unwrap_or_default().trim_end();
    let is_token =
        |text: &str| !text.is_empty() && !text.contains(|letter: char| letter.is_whitespace() || letter == '/');
    !mime.contains('*') && bare.split_once('/').is_some_and(|(class, subtype)| is_token(class) && is_token(subtype))
}

/// The types of a file by the extension of its location; none where that is unknown.
fn types_by_extension(uri: &str) -> &'static [&'static str] {
    match scalar::parse_location(uri) {
        Ok(location) => scalar::extension(&location).map_or(&[], media::for_extension),
        Err(_) => &[],
    }
}

fn unknown_mime_type(context: &Context<'_>, report: &mut Report<'_>) {
    for media in context.example.media.iter().filter(|media| media.documented.is_none()) {
        let Some((node, mime)) = media.mime.and_then(|node| Some((node, context.record.string(node)?))) else {
            continue;
        };
        if has_placeholder(context, media) {
            continue;
        }
        let severity = if is_well_formed(&mime) { Warning } else { Error };
        report.find(severity, context.record.span(node), |finding| {
            let place = context.place(node);
            let near = nearest_type(context, media, &mime);
            let hint = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
            finding
                .says(match &*mime {
                    empty if empty.trim().is_empty() => {
                        format!("the MIME type{place} is empty; every media file needs one, such as `video/mp4`{hint}")
                    }
                    wildcard if wildcard.contains('*') => format!(
                        "the MIME type `{}`{place} names no type but many; it has to be that of the file{hint}",
                        shown(wildcard)
                    ),
                    formed if severity == Warning => format!(
                        "the MIME type `{}`{place} is in no list of the documentation; the service may reject the \
                         file{hint}",
                        shown(formed)
                    ),
                    other => format!(
                        "`{}`{place} is no MIME type, which is written `type/subtype`, such as `video/mp4`{hint}",
                        shown(other)
                    ),
                })
                .fix(|| {
                    let near = near?;
                    Some(Fix::suggested(format!("Change to `{near}`"), replacement(context, node, near)?))
                });
        });
    }
}

/// The documented type that was probably meant: by its name, else by the file's extension.
fn nearest_type(context: &Context<'_>, media: &Media, mime: &str) -> Option<&'static str> {
    if let Some(near) = media::nearest(mime) {
        return Some(near);
    }
    let uri = context.record.string(media.uri?)?;
    let class = mime.split_once('/').map(|(class, _)| class);
    let same = |name: &&&str| class.is_none_or(|class| class == "*" || name.split('/').next() == Some(class));
    types_by_extension(&uri).iter().find(same).copied()
}

fn mime_type_mismatch(context: &Context<'_>, report: &mut Report<'_>) {
    for media in context.example.media.iter().filter(|media| media.documented.is_some() && !media.agrees) {
        let Some((node, mime)) = media.mime.and_then(|node| Some((node, context.record.string(node)?))) else {
            continue;
        };
        let Some((uri_node, uri)) = media.uri.and_then(|node| Some((node, context.record.string(node)?))) else {
            continue;
        };
        if has_placeholder(context, media) {
            continue;
        }
        let types = types_by_extension(&uri);
        if types.is_empty() || types.contains(&&*mime) {
            continue;
        }
        report.find(Warning, context.record.span(node), |finding| {
            let class = mime.split('/').next();
            let best = types.iter().find(|name| name.split('/').next() == class).or(types.first());
            finding
                .says(format!(
                    "the MIME type `{mime}`{} does not fit the file's name, which by its extension is {}; a file that \
                     is read as what it is not cannot be decoded",
                    context.place(node),
                    best.map_or(String::new(), |best| format!("`{best}`"))
                ))
                .related(context.record.span(uri_node), "the file")
                .fix(|| {
                    let best = best?;
                    Some(Fix::suggested(format!("Change to `{best}`"), replacement(context, node, best)?))
                });
        });
    }
}

fn too_many_media(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    // A preference line takes text alone, which has a finding of its own.
    if example.media.len() < 2 || matches!(context.mark, Mark::Gemini(Format::Preference)) {
        return;
    }
    let in_contents = |media: &&Media| {
        let turn = example.parts.get(media.part).and_then(|part| example.turns.get(part.turn));
        turn.is_some_and(|turn| turn.place == Place::Contents)
    };
    for kind in [MediaKind::Video, MediaKind::Audio, MediaKind::Image, MediaKind::Document] {
        let Some(most) = context.profile.most(kind) else { continue };
        let of_kind = || example.media.iter().filter(in_contents).filter(|media| media.kind == Some(kind));
        let (Some(first), Some(over)) = (of_kind().next(), of_kind().nth(most)) else { continue };
        let severity = if context.profile.resolution_by_part { Warning } else { Error };
        report.find(severity, context.owner_span(over.node), |finding| {
            let (label, plural) = (kind.label(), if most == 1 { "" } else { "s" });
            finding
                .says(format!(
                    "this example has {} {label}s; tuning {} takes at most {most} {label}{plural} in an example",
                    of_kind().count(),
                    context.profile.name
                ))
                .related(context.owner_span(first.node), format!("the first {label}"));
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
                    assert!(matches!(judge(&uri), Judgement::Good), "{uri}");
                }
            }
        }
        assert!(plain > 5);
        for other in ["https://example.com/a.mp4", "gs:/clips/a.mp4", "s3://clips/a.mp4", "clips/a.mp4"] {
            assert!(!scalar::is_plain_object(other));
        }
    }
}

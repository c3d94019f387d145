//! Media files: their locations, their MIME types, how many an example has, and what is known about them.
//!
//! This folder must not know the segments of a video.

mod data_url;
mod files;
mod lists;
mod odd_name;
pub(in crate::rules) mod uri;

use crate::example::mime::{self, MediaKind};
use crate::example::{Media, Place};
use crate::formats::is_template_location;
use crate::json::NodeId;
use crate::rules::wording::article;
use crate::rules::{Consequence, Context, Family, FaultKind, Fix, Fixes, Needs, Report, Severity, row, vendor};
use crate::schema::scalar::{self, LocationFault, OBJECT_SCHEME, STORE, is_object, object_uri};
use Severity::{Error, Warning};
use uri::{Judgement, fault_in, is_data, is_placeholder, is_read, judge, possible_effect, replacement, shown, uris};

/// Rules about media files.
pub static FAMILY: Family = Family {
    name: "media",
    summary: "locations and types of media files",
    rules: &[
        row("bad-uri", &[Error], Fixes::Both, "a location in a form that the service does not read", bad_uri)
            .fault(FaultKind::Media)
            .needs(Needs::UNUSUAL_MEDIA),
        row("placeholder-uri", &[Error, Warning], Fixes::Manual, "a placeholder in a URI", placeholder_uri)
            .fault(FaultKind::Media)
            .needs(Needs::UNUSUAL_MEDIA),
        row(
            "unreachable-uri",
            &[Warning],
            Fixes::Both,
            "a URL that is not public, or that serves a web page instead of the file",
            unreachable_uri,
        )
        .fault(FaultKind::Media)
        .needs(Needs::UNUSUAL_MEDIA),
        vendor::VIDEO_PAGE_URI,
        row("wildcard-uri", &[Warning], Fixes::None, "`*`, `?`, `[` or `#` in the name of an object", wildcard_uri)
            .fault(FaultKind::Media)
            .needs(Needs::UNUSUAL_MEDIA),
        odd_name::ODD_OBJECT_NAME,
        lists::PLACEHOLDER_COUNT,
        row(
            "unknown-mime-type",
            &[Error, Warning],
            Fixes::Suggested,
            "an invalid or undocumented MIME type",
            unknown_mime_type,
        )
        .fault(FaultKind::Media)
        .needs(Needs::UNUSUAL_MEDIA),
        row(
            "mime-type-mismatch",
            &[Warning],
            Fixes::Suggested,
            "a MIME type or field that does not match the content or the extension of the file",
            mime_type_mismatch,
        )
        .fault(FaultKind::Media)
        .needs(Needs::UNUSUAL_MEDIA),
        row(
            "too-many-media",
            &[Error, Warning],
            Fixes::None,
            "more media files than the limit for an example",
            too_many_media,
        )
        .fault(FaultKind::Limit)
        .needs(Needs::MANY_MEDIA),
        files::MEDIA_TOO_LARGE,
        files::TOO_MANY_PAGES,
        files::MISSING_MEDIA,
        files::UNREADABLE_MEDIA,
    ],
};

fn bad_uri(context: &Context<'_>, report: &mut Report<'_>) {
    let (reads, service) = (context.service.reads, context.service.title);
    let other_bucket = report.relations().bucket.clone();
    for (node, uri) in uris(context) {
        if is_data(&uri, reads) {
            data_url::check(context, report, node, &uri);
            continue;
        }
        let judgement = judge(&uri, reads);
        if !matches!(judgement, Judgement::Bad(_) | Judgement::NotRead(_)) {
            continue;
        }
        report.find(Error, context.record.span(node), |finding| {
            let (name, readable) = (shown(&uri), reads.names());
            finding.lacks_bucket =
                other_bucket.is_none() && matches!(&judgement, Judgement::Bad(fault) if is_local(fault));
            match judgement {
                Judgement::NotRead(what) => {
                    finding.says(format!("`{name}` is {what}; {service} only reads {readable}"));
                }
                Judgement::Bad(fault) => {
                    let what = match fault {
                        LocationFault::Empty => "the location of the file is empty".to_owned(),
                        _ => format!("`{name}` is not a valid location: {}", fault.message()),
                    };
                    finding.says(format!("{what}. {service} only reads {readable}")).fix(|| {
                        let Some(repaired) = fault.repair(&uri) else {
                            return into_bucket(context, (node, &uri), &fault, other_bucket.as_deref()?);
                        };
                        Some(Fix::safe(format!("Change to `{repaired}`"), replacement(context, node, &repaired)?))
                    });
                }
                _ => {}
            }
        });
    }
}

fn is_local(fault: &LocationFault) -> bool {
    matches!(fault, LocationFault::LocalPath | LocationFault::FileUrl)
}

/// Moves a local file into the bucket of the other lines.
fn into_bucket(context: &Context<'_>, (node, uri): (NodeId, &str), fault: &LocationFault, bucket: &str) -> Option<Fix> {
    if !is_local(fault) {
        return None;
    }
    let is_url = *fault == LocationFault::FileUrl;
    let path = if is_url { scalar::percent_decoded(uri)? } else { uri.to_owned() }.replace('\\', "/");
    let is_absolute = is_url || path.starts_with(['/', '~']) || path.get(1..2) == Some(":");
    // Folders above the dataset say nothing about the bucket.
    let object = if is_absolute {
        path.rsplit('/').next()?
    } else {
        path.split('/')
            .find(|part| !matches!(*part, "" | "." | ".."))
            .and_then(|first| path.get(path.find(first)?..))?
    };
    let filled = object_uri(bucket, object);
    let is_good = matches!(judge(&filled, context.service.reads), Judgement::Good);
    let edits = replacement(context, node, &filled).filter(|_| is_good)?;
    Some(Fix::manual(format!("Change to `{filled}`, in the bucket of all other lines"), edits))
}

fn placeholder_uri(context: &Context<'_>, report: &mut Report<'_>) {
    let reads = context.service.reads;
    let other_bucket = report.relations().bucket.clone();
    for (node, uri) in uris(context) {
        let (text, problem, severity) = match judge(&uri, reads) {
            Judgement::Placeholder(it) => {
                let severity = if it.in_bucket || it.in_angles { Error } else { Warning };
                (it.text, "is a placeholder that was never filled in", severity)
            }
            Judgement::Example(text) => (text, "is from an example or a template; replace it with your own", Warning),
            _ => continue,
        };
        report.find(severity, context.record.span(node), |finding| {
            finding.says(format!("`{}` {problem}", shown(text)));
            if severity == Warning {
                finding.effect(possible_effect(context, FaultKind::Media));
            }
            finding.fix(|| {
                let bucket = other_bucket.as_deref()?;
                let filled = scalar::object_uri(bucket, scalar::object(&uri)?.1);
                // The object of a template is a placeholder, too.
                let is_filled = is_read(&filled, reads) && !is_template_location(&uri);
                let edits = replacement(context, node, &filled).filter(|_| is_filled)?;
                let title = format!("Use the bucket `{bucket}`, like all other lines");
                Some(Fix::manual(title, edits))
            });
        });
    }
}

fn unreachable_uri(context: &Context<'_>, report: &mut Report<'_>) {
    let (reads, service) = (context.service.reads, context.service.title);
    for (node, uri) in uris(context).filter(|(_, uri)| !is_object(uri)) {
        let (problem, meant, safe) = match judge(&uri, reads) {
            Judgement::Unreachable(found) => {
                (format!("is not a public URL: {}", found.obstacle.message()), found.repair, true)
            }
            // A file may be private although its page is known.
            Judgement::WebPage(page) => (format!("is a page of {}, not the file itself", page.site), page.file, false),
            _ => continue,
        };
        report.find(Warning, context.record.span(node), |finding| {
            let advice = match reads.objects {
                true => format!("Use a {STORE} object (`{OBJECT_SCHEME}`) or a public URL of the file"),
                false => format!("{service} only reads {}", reads.names()),
            };
            finding
                .says(format!("`{}` {problem}. {advice}", shown(&uri)))
                .effect(possible_effect(context, FaultKind::Media))
                .fix(|| {
                    let meant = meant.filter(|meant| is_read(meant, reads))?;
                    let (title, edits) = (format!("Change to `{meant}`"), replacement(context, node, &meant)?);
                    Some(if safe { Fix::safe(title, edits) } else { Fix::suggested(title, edits) })
                });
        });
    }
}

fn wildcard_uri(context: &Context<'_>, report: &mut Report<'_>) {
    let may_be = |uri: &str| memchr::memchr3(b'*', b'?', b'[', uri.as_bytes()).is_some() || uri.contains('#');
    for (node, uri) in uris(context).filter(|(_, uri)| is_object(uri) && may_be(uri)) {
        let Judgement::Wildcard(letter) = judge(&uri, context.service.reads) else { continue };
        report.find(Warning, context.record.span(node), |finding| {
            let service = context.service.title;
            finding
                .says(format!(
                    "`{}` contains `{letter}`, which {service} takes literally. Name one file, without `*`, `?`, `[` \
                     or `#`",
                    shown(&uri)
                ))
                .effect(possible_effect(context, FaultKind::Media));
        });
    }
}

/// Whether the URI next to a MIME type is a placeholder. It has a finding of its own, and the MIME type is not judged.
fn has_placeholder(context: &Context<'_>, media: &Media) -> bool {
    let uri = media.uri.filter(|_| !media.plain).and_then(|uri| context.record.string(uri));
    uri.is_some_and(|uri| is_placeholder(&uri, context.service.reads))
}

/// Whether it has the form `type/subtype`, without wildcards.
fn is_well_formed(mime: &str) -> bool {
    let bare = mime.split(';').next().unwrap_or_default().trim_end();
    let is_token =
        |text: &str| !text.is_empty() && !text.contains(|letter: char| letter.is_whitespace() || letter == '/');
    !mime.contains('*') && bare.split_once('/').is_some_and(|(class, subtype)| is_token(class) && is_token(subtype))
}

/// Whether it can be the name of a type, perhaps with a mistake.
fn is_name(mime: &str) -> bool {
    let bare = mime.split(';').next().unwrap_or_default().trim();
    bare.chars().all(|letter| letter.is_ascii_alphanumeric() || "/.-+*_".contains(letter))
}

fn unknown_mime_type(context: &Context<'_>, report: &mut Report<'_>) {
    for media in context.example.media.iter().filter(|media| media.documented.is_none()) {
        let Some((node, mime)) = media.mime.and_then(|node| Some((node, context.record.string(node)?))) else {
            continue;
        };
        // What isn't a type at all is wrong for any file.
        let severity = if is_well_formed(&mime) { Warning } else { Error };
        if severity == Warning && has_placeholder(context, media) {
            continue;
        }
        report.find(severity, context.record.span(node), |finding| {
            let near = nearest_type(context, media, &mime);
            let usual =
                || format!("such as `{}`", context.format.words.media_types.first().copied().unwrap_or_default());
            let example = near.map_or_else(usual, |near| format!("probably `{near}`"));
            let name = shown(&mime);
            if severity == Warning {
                let probably = near.map_or(String::new(), |near| format!("; did you mean `{near}`?"));
                finding
                    .says(format!("`{name}` is not a documented MIME type{probably}"))
                    .effect(format!("{} may not be able to read this media file", context.service.title));
            } else if mime.trim().is_empty() {
                finding.says(format!("the MIME type is empty; expected `type/subtype`, {example}"));
            } else if mime.contains('*') {
                finding.says(format!("`{name}` is a wildcard; expected one MIME type, {example}"));
            } else {
                finding.says(format!("`{name}` is not a MIME type; expected `type/subtype`, {example}"));
            }
            finding.fix(|| {
                let near = near?;
                // A text in the wrong field is not a misspelled type.
                let make = if is_name(&mime) { Fix::suggested } else { Fix::manual };
                Some(make(format!("Change to `{near}`"), replacement(context, node, near)?))
            });
        });
    }
}

/// The documented type that is probably meant: the nearest name, or else the type of the file extension.
fn nearest_type(context: &Context<'_>, media: &Media, mime: &str) -> Option<&'static str> {
    if let Some(near) = mime::nearest(mime, context.format.words.media_types) {
        return Some(near);
    }
    let uri = context.record.string(media.uri?)?;
    let class = mime.split_once('/').map(|(class, _)| class);
    let same = |name: &&&str| class.is_none_or(|class| class == "*" || name.split('/').next() == Some(class));
    mime::for_location(&uri).iter().find(same).copied()
}

fn mime_type_mismatch(context: &Context<'_>, report: &mut Report<'_>) {
    files::other_kinds(context, report);
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
        let media_facts = context.settings.media.as_deref();
        if let Some(content) =
            media_facts.and_then(|facts| facts.known(&uri).1).filter(|it| mime::kind_of(it).is_some())
        {
            // The content is what counts, whatever the name of the file is.
            if mime::contradicts(&mime, content) {
                say_other_content(context, report, (node, &mime), (uri_node, content));
            }
            continue;
        }
        let types = mime::for_location(&uri);
        let class = mime.split('/').next();
        let same_class = types.iter().find(|name| name.split('/').next() == class);
        let Some(best) = same_class.or(types.first()).filter(|_| !types.contains(&&*mime)) else { continue };
        report.find(Warning, context.record.span(node), |finding| {
            let location = scalar::parse_location(&uri);
            let extension = location.as_ref().ok().and_then(scalar::extension).unwrap_or_default();
            finding
                .says(format!("`{mime}` does not match the extension `.{extension}`; expected `{best}`"))
                .effect(undecodable(context))
                .related(context.record.span(uri_node), "the file")
                .fix(|| Some(Fix::suggested(format!("Change to `{best}`"), replacement(context, node, best)?)));
        });
    }
}

fn say_other_content(
    context: &Context<'_>,
    report: &mut Report<'_>,
    (node, mime): (NodeId, &str),
    (uri_node, content): (NodeId, &str),
) {
    report.find(Warning, context.record.span(node), |finding| {
        finding
            .says(format!("`{mime}` does not match the content of the file, which is `{content}`"))
            .effect(undecodable(context))
            .related(context.record.span(uri_node), "the file")
            .fix(|| {
                // A file of another kind is probably the wrong file.
                let meant = mime::nearest(content, context.format.words.media_types)
                    .filter(|meant| mime::kind_of(meant) == mime::kind_of(mime))?;
                Some(Fix::suggested(format!("Change to `{meant}`"), replacement(context, node, meant)?))
            });
    });
}

fn too_many_media(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    // A text-only line with media has a finding of its own.
    if context.kind.text_only {
        return;
    }
    let in_conversation =
        |media: &&Media| example.turn_of(media.part).is_some_and(|turn| turn.place == Place::Conversation);
    for kind in [MediaKind::Video, MediaKind::Audio, MediaKind::Image, MediaKind::Document] {
        let Some(most) = context.limits.most(kind) else { continue };
        let of_kind = || example.media.iter().filter(in_conversation).filter(|media| media.kind == Some(kind));
        let (Some(first), Some(over)) = (of_kind().next(), of_kind().nth(most)) else { continue };
        let severity = if context.limits.shared_by_part { Warning } else { Error };
        report.find_as(fault_in(context, FaultKind::Limit), severity, context.owner_span(over.node), |finding| {
            let label = kind.label();
            if most == 0 {
                let service = context.service.title;
                finding
                    .says(format!("this example has {} {label}; {service} doesn't train on {label}s", article(label)));
                return;
            }
            finding
                .says(format!(
                    "this example has {} {label}s; the limit for {} is {most} per example",
                    of_kind().count(),
                    context.limits.name
                ))
                .related(context.owner_span(first.node), format!("the first {label}"));
            if severity == Warning {
                finding.effect(possible_effect(context, FaultKind::Limit));
            }
        });
    }
}

/// What follows if the MIME type is wrong.
fn undecodable(context: &Context<'_>) -> String {
    let service = context.service;
    let drops = match service.consequence(fault_in(context, FaultKind::Media)) {
        Consequence::Dropped => " and silently drops the example",
        _ => "",
    };
    format!("If the MIME type is wrong, {} can't decode the file{drops}", service.title)
}

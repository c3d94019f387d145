//! Media: where the bytes are, what they are said to be, and how many files an example has.
//!
//! This folder must not know which part of a recording is used.

pub(in crate::rules) mod uri;

use crate::example::mime::{self, MediaKind};
use crate::example::{Media, Place};
use crate::rules::{Context, Family, Fix, Fixes, Needs, Report, Severity, row, vendor};
use crate::schema::scalar;
use Severity::{Error, Warning};
use uri::{Judgement, is_cloud_storage, is_read, judge, may_be_placeholder, replacement, shown, uris};

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
        vendor::VIDEO_PAGE_URI,
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
            "the MIME type and the file's extension disagree",
            mime_type_mismatch,
        )
        .needs(Needs::UNUSUAL_MEDIA),
        row(
            "too-many-media",
            &[Error, Warning],
            Fixes::None,
            "more media files than an example may have",
            too_many_media,
        ),
    ],
};

fn bad_uri(context: &Context<'_>, report: &mut Report<'_>) {
    for (node, uri) in uris(context) {
        let reads = context.service.reads;
        let fault = match judge(&uri, reads) {
            Judgement::Bad(fault) => fault,
            Judgement::NotRead(what) => {
                report.find(Error, context.record.span(node), |finding| {
                    let (uri, place, service) = (shown(&uri), context.place(node), context.service.title);
                    finding.says(format!("`{uri}`{place} is {what}; {service} reads {}", reads.names()));
                });
                continue;
            }
            _ => continue,
        };
        report.find(Error, context.record.span(node), |finding| {
            let place = context.place(node);
            finding
                .says(format!(
                    "`{}`{place} is no location of a file: {}; the service reads {}",
                    shown(&uri),
                    fault.message(),
                    reads.names()
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
        let Judgement::Placeholder(placeholder) = judge(&uri, context.service.reads) else { continue };
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
        let reads = context.service.reads;
        let Judgement::Unreachable(unreachable) = judge(&uri, reads) else { continue };
        report.find(Warning, context.record.span(node), |finding| {
            let advice = match reads.cloud_storage {
                true => "give a Cloud Storage object (`gs://`) or a public URL".to_owned(),
                false => format!("it reads {}", reads.names()),
            };
            // Some advise an object in Cloud Storage.
            let obstacle = unreachable.obstacle.message();
            let obstacle = if reads.cloud_storage { obstacle } else { obstacle.split(';').next().unwrap_or_default() };
            finding
                .says(format!(
                    "the service cannot read `{}`{}: {}; {advice}",
                    shown(&uri),
                    context.place(node),
                    obstacle
                ))
                .fix(|| {
                    let repaired = unreachable.repair.as_deref().filter(|repaired| is_read(repaired, reads))?;
                    Some(Fix::safe(format!("Change to `{repaired}`"), replacement(context, node, repaired)?))
                });
        });
    }
}

fn wildcard_uri(context: &Context<'_>, report: &mut Report<'_>) {
    let may_be = |uri: &str| memchr::memchr3(b'*', b'?', b'[', uri.as_bytes()).is_some() || uri.contains('#');
    for (node, uri) in uris(context).filter(|(_, uri)| is_cloud_storage(uri) && may_be(uri)) {
        let Judgement::Wildcard(letter) = judge(&uri, context.service.reads) else { continue };
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
    uri.is_some_and(|uri| matches!(judge(&uri, context.service.reads), Judgement::Placeholder(_)))
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
        Ok(location) => scalar::extension(&location).map_or(&[], mime::for_extension),
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
    if let Some(near) = mime::nearest(mime) {
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
    if example.media.len() < 2 || context.kind.text_only {
        return;
    }
    let in_conversation =
        |media: &&Media| example.turn_of(media.part).is_some_and(|turn| turn.place == Place::Conversation);
    for kind in [MediaKind::Video, MediaKind::Audio, MediaKind::Image, MediaKind::Document] {
        let Some(most) = context.limits.most(kind) else { continue };
        let of_kind = || example.media.iter().filter(in_conversation).filter(|media| media.kind == Some(kind));
        let (Some(first), Some(over)) = (of_kind().next(), of_kind().nth(most)) else { continue };
        let severity = if context.limits.shared_by_part { Warning } else { Error };
        report.find(severity, context.owner_span(over.node), |finding| {
            let (label, plural) = (kind.label(), if most == 1 { "" } else { "s" });
            finding
                .says(format!(
                    "this example has {} {label}s; tuning {} takes at most {most} {label}{plural} in an example",
                    of_kind().count(),
                    context.limits.name
                ))
                .related(context.owner_span(first.node), format!("the first {label}"));
        });
    }
}

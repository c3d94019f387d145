//! What is known about the files themselves: their size, their pages, and whether they are there.

use super::uri::{fault_in, is_placeholder, possible_effect, replacement, shown};
use crate::example::Media;
use crate::example::known::Standing;
use crate::example::mime::{self, MediaKind};
use crate::json::NodeId;
use crate::rules::Severity::{Error, Warning};
use crate::rules::wording::{article, size};
use crate::rules::{Context, FaultKind, Fix, Fixes, Needs, Report, Row, row};
use crate::schema::scalar;
use crate::settings::media::Lookup;
use std::borrow::Cow;
use url::Url;

/// A file larger than the limit.
pub(super) const MEDIA_TOO_LARGE: Row =
    row("media-too-large", &[Error], Fixes::None, "a media file larger than the limit", media_too_large)
        .fault(FaultKind::Limit)
        .needs(Needs::KNOWN_MEDIA);

/// Documents with more pages than the limit.
pub(super) const TOO_MANY_PAGES: Row = row(
    "too-many-pages",
    &[Error, Warning],
    Fixes::None,
    "more PDF pages than the limit for an example",
    too_many_pages,
)
.fault(FaultKind::Limit)
.needs(Needs::KNOWN_MEDIA);

/// A file that isn't among the local copies.
pub(super) const MISSING_MEDIA: Row =
    row("missing-media", &[Warning], Fixes::Manual, "a location that has no file", missing_media)
        .fault(FaultKind::Media)
        .needs(Needs::KNOWN_MEDIA);

/// A file that can't be read as media.
pub(super) const UNREADABLE_MEDIA: Row =
    row("unreadable-media", &[Warning], Fixes::None, "a file that can't be read as media", unreadable_media)
        .fault(FaultKind::Media)
        .needs(Needs::KNOWN_MEDIA);

/// The media files with this standing, with their locations.
fn standing<'a>(context: &'a Context<'_>, standing: Standing) -> impl Iterator<Item = (NodeId, Cow<'a, str>)> {
    let media = context.example.media.iter().filter(move |media| media.known.standing == standing);
    media.filter_map(|media| Some((media.uri?, context.record.string(media.uri?)?)))
}

fn media_too_large(context: &Context<'_>, report: &mut Report<'_>) {
    for Media { kind, uri, known, .. } in &context.example.media {
        let (Some(kind), Some(uri), Some(bytes)) = (*kind, *uri, known.bytes) else { continue };
        let Some(most) = context.limits.bytes(kind).filter(|most| bytes > *most) else { continue };
        report.find_as(fault_in(context, FaultKind::Limit), Error, context.record.span(uri), |finding| {
            let (label, name) = (kind.label(), context.limits.name);
            finding.says(format!("the {label} has {}; the limit for {name} is {}", size(bytes), size(most)));
        });
    }
}

fn too_many_pages(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(most) = context.limits.document_pages else { return };
    let files = || context.example.media.iter().filter(|media| media.kind == Some(MediaKind::Document));
    let pages: usize = files().filter_map(|media| media.known.pages).map(|pages| pages as usize).sum();
    let last = files().rfind(|media| media.known.pages.is_some());
    let Some(uri) = last.and_then(|media| media.uri).filter(|_| pages > most) else { return };
    let severity = if context.limits.shared_by_part { Warning } else { Error };
    report.find_as(fault_in(context, FaultKind::Limit), severity, context.record.span(uri), |finding| {
        let (label, name) = (MediaKind::Document.label(), context.limits.name);
        finding.says(format!("this example has {pages} pages in {label}s; the limit for {name} is {most} per example"));
        if severity == Warning {
            finding.effect(possible_effect(context, FaultKind::Limit));
        }
    });
}

/// Reports files in a field for another kind of media, or for other types.
pub(super) fn other_kinds(context: &Context<'_>, report: &mut Report<'_>) {
    let (Some(facts), reads) = (&context.settings.media, context.service.reads) else { return };
    for media in context.example.media.iter().filter(|media| media.kind_by_field && media.mime.is_none()) {
        let Some((node, uri)) = media.uri.and_then(|node| Some((node, context.record.string(node)?))) else { continue };
        let Some((kind, content)) = media.kind.zip(facts.known(&uri).1) else { continue };
        let Some(other) = mime::kind_of(content) else { continue };
        let is_read = reads.images.is_empty() || reads.images.contains(&mime::usual_name(content));
        if (other == kind && is_read) || is_placeholder(&uri, reads) {
            continue;
        }
        report.find(Warning, context.record.span(node), |finding| {
            let (name, service) = (shown(&uri), context.service.title);
            let expected = if other == kind {
                format!(
                    "{service} reads {}",
                    reads.images.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(", ")
                )
            } else {
                format!("expected {} {}", article(kind.label()), kind.label())
            };
            finding
                .says(format!("the content of `{name}` is `{content}`; {expected}"))
                .effect(possible_effect(context, FaultKind::Media));
        });
    }
}

fn missing_media(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(facts) = &context.settings.media else { return };
    for (node, uri) in standing(context, Standing::Missing) {
        if is_placeholder(&uri, context.service.reads) {
            continue;
        }
        report.find_as(fault_in(context, FaultKind::Media), Warning, context.record.span(node), |finding| {
            let folder = facts.folder(&uri).unwrap_or_default();
            finding
                .says(format!("`{}` is not among the local copies of `{}`", shown(&uri), shown(folder)))
                .effect(possible_effect(context, FaultKind::Media))
                .fix(|| {
                    let Lookup::Missing(Some(near)) = facts.of(&uri) else { return None };
                    let near = address(near)?;
                    Some(Fix::manual(format!("Change to `{near}`"), replacement(context, node, &near)?))
                });
        });
    }
}

/// The location of a file, as a line has to write it: the names of copies have no escapes.
fn address(location: &str) -> Option<Cow<'_, str>> {
    if !location.contains("://") || scalar::is_object(location) {
        return Some(location.into());
    }
    let is_plain = !location.contains(['?', '#', '%']);
    Url::parse(location).ok().filter(|_| is_plain).map(|url| String::from(url).into())
}

fn unreadable_media(context: &Context<'_>, report: &mut Report<'_>) {
    let Some(facts) = &context.settings.media else { return };
    for (node, uri) in standing(context, Standing::Unreadable) {
        let Lookup::Unreadable(reason) = facts.of(&uri) else { continue };
        report.find_as(fault_in(context, FaultKind::Media), Warning, context.record.span(node), |finding| {
            finding
                .says(format!("the local copy of `{}` can't be read: {reason}", shown(&uri)))
                .effect(possible_effect(context, FaultKind::Media));
        });
    }
}

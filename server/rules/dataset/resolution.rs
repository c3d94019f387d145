//! The resolution that all examples of a dataset share.

use crate::json::{Edit, Span, lexer};
use crate::rules::Severity::{Error, Information, Warning};
use crate::rules::{Context, Extent, Fact, Fix, Operation, Report, moves};
use crate::schema::Format;
use crate::schema::detect::Mark;
use crate::schema::media::{MediaKind, Resolution};

pub(super) fn mixed_media_resolution(context: &Context<'_>, report: &mut Report<'_>) {
    let (Some(resolution), Some(node)) = (context.example.resolution, context.example.resolution_node) else { return };
    if let Some(fact) = Fact::resolution(resolution) {
        report.fact_at(fact, context.record.span(node));
    }
    differs_from_siblings(resolution, context.record.span(node), report);
    let Some(verdict) = report.verdict() else { return };
    let Some(expected) = verdict.resolution.filter(|expected| *expected != resolution) else { return };
    if resolution == Resolution::Unspecified {
        return;
    }
    let (line, configured, tied) = (verdict.resolution_line, verdict.configured, verdict.tied);
    let span = context.record.span(node);
    report.show_here(Error, span, |finding| {
        let whose = match (configured, tied) {
            (true, _) => "the configured one is",
            (_, true) => "the first example of the file has",
            _ => "most examples of the file have",
        };
        finding.says(format!(
            "this example has {}, but {whose} {}; all examples of the training and validation files need the same \
             mediaResolution",
            resolution.name(),
            expected.name()
        ));
        if let Some(line) = line {
            finding.related_line(line, format!("the first example with {}", expected.name()));
        }
        let edit = vec![Edit::replace(span, lexer::quote(expected.name()))];
        finding.fix(|| Fix::suggested(format!("Change to {}", expected.name()), edit));
        for value in [expected, resolution] {
            finding.fix(|| set_on_all_lines(value));
        }
    });
}

/// The first line of a file that has another resolution than another file of its dataset.
fn differs_from_siblings(resolution: Resolution, span: Span, report: &mut Report<'_>) {
    let Some(verdict) = report.verdict().filter(|verdict| !verdict.configured && !verdict.borrowed) else { return };
    let Some((file, theirs, line)) = verdict.siblings.other_resolution.clone() else { return };
    if verdict.resolution != Some(resolution) || report.line() != verdict.resolution_line {
        return;
    }
    let configured = verdict.siblings.configured;
    report.show(if configured { Error } else { Warning }, span, |finding| {
        let dataset = if configured { "" } else { ", which by its name belongs to the same dataset" };
        finding
            .says(format!(
                "this file has {}, but {} has {}{dataset}; all examples of the training and validation files need the \
                 same mediaResolution",
                resolution.name(),
                file.name,
                theirs.name()
            ))
            .related_elsewhere(&file, line, format!("the first example with {}", theirs.name()));
        for value in [theirs, resolution] {
            let title = format!("Set mediaResolution to {} in the whole dataset", value.name());
            let operation = Operation::SetResolution { resolution: value, extent: Extent::Dataset };
            finding.fix(|| Fix::operation(title, false, operation));
        }
    });
}

fn set_on_all_lines(resolution: Resolution) -> Fix {
    let title = format!("Set mediaResolution to {} on all lines", resolution.name());
    Fix::operation(title, false, Operation::SetResolution { resolution, extent: Extent::File })
}

pub(super) fn missing_media_resolution(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    // An invalid value is not also missing, and behind broken grammar nothing is.
    let named = example.resolution_node.is_some() && example.resolution != Some(Resolution::Unspecified);
    let preference = context.mark == Mark::Gemini(Format::Preference);
    if named || preference || !example.has_frames() || context.structure_is_hidden() || is_misspelled(context) {
        return;
    }
    // Where every frame has a resolution of its own, none is missing.
    let mut frames = example
        .media
        .iter()
        .filter(|media| media.kind.is_some_and(|kind| matches!(kind, MediaKind::Video | MediaKind::Image)));
    if frames.all(|media| example.parts[media.part].sets_resolution) {
        return;
    }
    let span = match example.resolution_node {
        Some(node) => context.record.span(node),
        None => context.owner_span(example.generation_config.unwrap_or(0)),
    };
    let expected = report.verdict().and_then(|verdict| {
        let whose = match (verdict.configured, verdict.borrowed) {
            (true, _) => "the configured one is",
            (_, true) => "another file of the dataset has",
            _ => "others have",
        };
        Some((verdict.resolution?, whose))
    });
    match expected {
        Some((expected, whose)) => {
            report.show_here(Warning, span, |finding| {
                finding
                    .says(format!(
                        "this example sets no mediaResolution, {} {}; all examples of a dataset need the same",
                        whose,
                        expected.name()
                    ))
                    .fix(|| insert_resolution(context, expected));
            });
        }
        None => {
            report.once(Fact::NO_RESOLUTION, Information, span, |finding, count| {
                finding.says(format!(
                    "no example of this file sets generationConfig.mediaResolution ({count} have video or images); \
                     the documentation's video examples all do: LOW for up to 20 minutes, MEDIUM for up to 5"
                ));
                for resolution in [Resolution::Low, Resolution::Medium] {
                    finding.fix(|| insert_resolution(context, resolution));
                    finding.fix(|| set_on_all_lines(resolution));
                }
            });
        }
    }
}

/// Whether the field is there, but under a wrong name or in a wrong place, which is said already.
pub(in crate::rules) fn is_misspelled(context: &Context<'_>) -> bool {
    use crate::schema::fit::Misfit;
    context.fit.misfits.iter().any(|misfit| match misfit {
        Misfit::Misplaced { home, .. } => matches!(home.field, "mediaResolution" | "generationConfig"),
        Misfit::WrongType { node, .. } => {
            context.example.generation_config.is_none() && is_generation_config(&context.record.key(*node))
        }
        Misfit::Unknown { near: Some(field), .. } => matches!(field.name, "mediaResolution" | "generationConfig"),
        _ => false,
    })
}

fn is_generation_config(key: &str) -> bool {
    matches!(key, "generationConfig" | "generation_config")
}

fn insert_resolution(context: &Context<'_>, resolution: Resolution) -> Option<Fix> {
    let edit = resolution_edit(context.record, context.example, resolution)?;
    Some(Fix::suggested(format!("Set mediaResolution to {}", resolution.name()), vec![edit]))
}

/// The edit that gives an example this resolution, whatever it has; `None` when it has it already or
/// there is no place for it.
#[must_use]
pub fn resolution_edit(
    record: crate::json::Record<'_>,
    example: &crate::schema::example::Example,
    resolution: Resolution,
) -> Option<Edit> {
    let value = lexer::quote(resolution.name());
    if let Some(node) = example.resolution_node {
        let span = record.span(node);
        return (record.raw(span) != value).then(|| Edit::replace(span, value));
    }
    match example.generation_config {
        Some(config) => match record
            .children(config)
            .find(|&child| matches!(&*record.key(child), "mediaResolution" | "media_resolution"))
        {
            Some(null) => Some(Edit::replace(record.span(null), value)),
            None => moves::append_member(record, config, "mediaResolution", &value),
        },
        None => moves::append_member(record, 0, "generationConfig", &format!("{{\"mediaResolution\":{value}}}")),
    }
}

pub(super) fn unsupported_media_resolution(context: &Context<'_>, report: &mut Report<'_>) {
    let example = context.example;
    if context.profile.high_on_video {
        return;
    }
    let of_line =
        example.resolution_node.filter(|_| example.resolution == Some(Resolution::High) && example.has_video());
    let videos = example.media.iter().filter(|media| media.kind == Some(MediaKind::Video));
    let parts = videos.filter_map(|media| example.parts.get(media.part));
    let of_parts =
        parts.filter(|part| part.resolution == Some(Resolution::High)).filter_map(|part| part.resolution_node);
    for node in of_line.into_iter().chain(of_parts) {
        let span = context.record.span(node);
        report.find(Information, span, |finding| {
            finding.says(
                "MEDIA_RESOLUTION_HIGH on video: the tuning documentation of 2025 has only LOW and MEDIUM for Gemini \
                 2.5; a frame costs as many tokens as at MEDIUM",
            );
            for resolution in [Resolution::Low, Resolution::Medium] {
                let edit = Edit::replace(span, lexer::quote(resolution.name()));
                finding.fix(|| Fix::suggested(format!("Change to {}", resolution.name()), vec![edit]));
            }
        });
    }
}

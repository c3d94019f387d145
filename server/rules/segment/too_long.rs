//! Recordings and segments that are longer than the limit, and the examples that are dropped because of them.

use super::parts::{may_have_media, part_and_media};
use crate::example::mime::MediaKind;
use crate::example::shared::SharedValue;
use crate::example::{Media, Part, Place, Segment, SharedSource};
use crate::json::{Kind, Span};
use crate::rules::Severity::Warning;
use crate::rules::dataset::shared::is_misspelled;
use crate::rules::media::uri::replacement;
use crate::rules::{Consequence, Context, FaultKind, Finding, Fix, Judge, Report, What};
use crate::schema::scalar::Duration;

/// A video of the conversation, or the piece of it to use, of known length.
#[derive(Clone, Copy)]
struct Piece<'a> {
    part: &'a Part,
    /// The segment, if it has an end.
    segment: Option<&'a Segment>,
    /// What it is, with a verb.
    what: &'static str,
    length: Duration,
    span: Span,
}

/// What the sum of all videos is.
const TOTAL: &str = "the videos of this example are";

/// Whether a piece is too long.
enum Over {
    No,
    /// It is, and this is the value whose limit it exceeds.
    Surely(SharedValue),
    /// If the file has one of these values.
    IfFileHas(Vec<SharedValue>),
}

pub(super) fn segment_too_long(context: &Context<'_>, report: &mut Report<'_>) {
    if context.example.segments.is_empty() {
        return;
    }
    let mut is_over = false;
    for piece in ended(context) {
        is_over |= check(context, report, piece, What::too_long_at);
    }
    // Usually all lengths have been seen now.
    if is_over || context.settings.media.is_some() || context.limits.video_lengths_add_up {
        tell_dropped(context, report);
    }
}

pub(super) fn video_too_long(context: &Context<'_>, report: &mut Report<'_>) {
    for piece in open(context).chain(total(context)) {
        check(context, report, piece, What::video_too_long_at);
    }
    // An example is dropped only once.
    if context.example.segments.is_empty() {
        tell_dropped(context, report);
    }
}

pub(super) fn audio_too_long(context: &Context<'_>, report: &mut Report<'_>) {
    let Some((last, length, count, longest)) = audio_over(context) else { return };
    let Some(uri) = last.uri else { return };
    report.find_as(fault(context), Warning, context.record.span(uri), |finding| {
        let what = if count == 1 { "the audio file is" } else { "the audio files of this example are" };
        let sum = if count == 1 { "" } else { " in total" };
        finding.says(format!(
            "{what} {} long{sum}; the limit per example is {} minutes",
            in_words(length),
            longest / 60
        ));
    });
}

pub(super) fn judge_segments(judge: &mut Judge<'_>) {
    judge_at(judge, What::too_long_at);
}

pub(super) fn judge_videos(judge: &mut Judge<'_>) {
    judge_at(judge, What::video_too_long_at);
}

fn judge_at(judge: &mut Judge<'_>, what: fn(SharedValue) -> What) {
    if let Some(value) = judge.verdict.shared {
        judge.on_each(judge.fact(what(value)), Warning);
    }
}

/// Whether the service drops an example because of a length, if its file has this shared value.
pub(in crate::rules) fn is_dropped(context: &Context<'_>, file: Option<SharedValue>) -> bool {
    let dropped = dropped(context);
    dropped.surely || file.is_some_and(|value| dropped.at.contains(&value))
}

/// Whether an example would be dropped: certainly, or if the file has one of some values.
#[derive(Default)]
struct Dropped {
    surely: bool,
    at: Vec<SharedValue>,
}

fn dropped(context: &Context<'_>) -> Dropped {
    let mut dropped = Dropped { surely: audio_over(context).is_some(), at: Vec::new() };
    for piece in pieces(context).chain(total(context)) {
        match over(context, piece) {
            Over::No => {}
            Over::Surely(_) => dropped.surely = true,
            Over::IfFileHas(values) => dropped.at.extend(values),
        }
    }
    dropped.at.sort_unstable();
    dropped.at.dedup();
    dropped
}

fn tell_dropped(context: &Context<'_>, report: &mut Report<'_>) {
    // A record with syntax errors is not an example.
    if context.fault_count > 0 {
        return;
    }
    let dropped = dropped(context);
    if !drops(context) {
        if dropped.surely {
            report.loss.note(context.service.consequence(FaultKind::Shape));
        }
        return;
    }
    if dropped.surely {
        report.loss.note(Consequence::Dropped);
        return report.fact(report.of(What::DROPPED));
    }
    for &value in &dropped.at {
        report.loss.note_at(value);
        report.fact(report.of(What::dropped_at(value)));
    }
}

/// Whether the service drops an example that is too long, and says how many it may drop. It says nothing of the kind about
/// reinforcement tuning, where it has no use for a line that it can't read.
fn drops(context: &Context<'_>) -> bool {
    context.limits.drop_percent.is_some()
}

/// The kind of fault of an example that is too long.
fn fault(context: &Context<'_>) -> FaultKind {
    if drops(context) { FaultKind::TooLong } else { FaultKind::Shape }
}

/// Reports a piece that is too long, and returns whether it may be.
fn check(context: &Context<'_>, report: &mut Report<'_>, piece: Piece<'_>, fact: fn(SharedValue) -> What) -> bool {
    let over = over(context, piece);
    let file = report.verdict().and_then(|verdict| verdict.shared);
    match over {
        Over::No => return false,
        Over::Surely(value) => {
            report.find_as(fault(context), Warning, piece.span, |finding| {
                say_too_long(context, finding, piece, (value, file))
            });
        }
        Over::IfFileHas(values) => {
            for &value in &values {
                report.fact_at(report.of(fact(value)), piece.span);
            }
            if let Some(value) = file.filter(|value| values.contains(value)) {
                report.show_here(Warning, piece.span, |finding| say_too_long(context, finding, piece, (value, file)));
            }
        }
    }
    true
}

fn over(context: &Context<'_>, piece: Piece<'_>) -> Over {
    let limits = context.limits;
    let is_over = |value: &SharedValue| {
        limits.longest_segment(*value).is_some_and(|longest| piece.length > Duration::from_seconds(longest))
    };
    // Most are short enough for every value.
    if !SharedValue::ALL.iter().any(is_over) {
        return Over::No;
    }
    match shared_source(context, piece.part) {
        SharedSource::Known(value) if is_over(&value) => Over::Surely(value),
        SharedSource::Known(_) | SharedSource::Unclear => Over::No,
        SharedSource::File => {
            let longest = SharedValue::ALL.into_iter().max_by_key(|value| limits.longest_segment(*value));
            match longest {
                Some(longest) if SharedValue::ALL.iter().all(is_over) => Over::Surely(longest),
                _ => Over::IfFileHas(SharedValue::ALL.into_iter().filter(is_over).collect()),
            }
        }
    }
}

fn pieces<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Piece<'a>> {
    ended(context).chain(open(context))
}

/// The segments that have an end.
fn ended<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Piece<'a>> {
    context.example.segments.iter().filter(|segment| segment.end_time.is_some()).filter_map(|segment| {
        let (part, media) = part_and_media(context, segment)?;
        let length = segment.length(context.record, media.and_then(|media| media.known.length))?;
        let other = media.is_some_and(|media| !matches!(media.kind, None | Some(MediaKind::Video)));
        let orphan = media.is_none() && !may_have_media(context, part);
        let span = context.record.span(segment.end?);
        let piece = Piece { part, segment: Some(segment), what: "the segment is", length, span };
        (is_prompt(context, part) && !other && !orphan).then_some(piece)
    })
}

/// The videos of known length that are used to their end.
fn open<'a>(context: &'a Context<'_>) -> impl Iterator<Item = Piece<'a>> {
    let media = context.example.media.iter().filter(|media| media.known.length.is_some());
    media.filter(|media| media.kind == Some(MediaKind::Video)).filter_map(|media| {
        let part = context.example.parts.get(media.part)?;
        let segment = context.example.segment_of(media.part);
        let has_end = segment.and_then(|segment| segment.end).is_some_and(|end| context.record.kind(end) != Kind::Null);
        let length = context.example.length_of(context.record, media)?;
        let what = if segment.and_then(|segment| segment.start).is_some() { "the segment is" } else { "the video is" };
        let piece = Piece { part, segment: None, what, length, span: context.record.span(media.uri?) };
        (is_prompt(context, part) && !has_end).then_some(piece)
    })
}

/// All videos together, if their lengths add up and none of them is too long by itself.
fn total<'a>(context: &'a Context<'_>) -> Option<Piece<'a>> {
    if !context.limits.video_lengths_add_up {
        return None;
    }
    let none_is_over = pieces(context).all(|piece| matches!(over(context, piece), Over::No));
    let last = pieces(context).max_by_key(|piece| piece.part.node).filter(|_| none_is_over)?;
    let length = Duration::from_nanos(pieces(context).map(|piece| piece.length.nanos()).sum())?;
    let what = if pieces(context).nth(1).is_some() { TOTAL } else { return None };
    Some(Piece { segment: None, what, length, ..last })
}

/// The last audio file, the length and number of all audio files, and the limit for them, if they are too long.
fn audio_over<'a>(context: &'a Context<'_>) -> Option<(&'a Media, Duration, usize, u32)> {
    let longest = context.limits.longest_audio?;
    let is_one = |media: &&Media| {
        let part = context.example.parts.get(media.part);
        media.kind == Some(MediaKind::Audio) && part.is_some_and(|part| is_prompt(context, part))
    };
    let files = || context.example.media.iter().filter(is_one).filter(|media| media.known.length.is_some());
    let nanos = files().filter_map(|media| media.known.length).map(Duration::nanos).sum();
    let length = Duration::from_nanos(nanos)?;
    (length > Duration::from_seconds(longest)).then_some((files().next_back()?, length, files().count(), longest))
}

/// Whether a part is in the conversation of a line that may have media.
fn is_prompt(context: &Context<'_>, part: &Part) -> bool {
    let turn = context.example.turns.get(part.turn);
    turn.is_some_and(|turn| turn.place == Place::Conversation) && !context.kind.text_only
}

fn say_too_long(
    context: &Context<'_>,
    finding: &mut Finding,
    Piece { part, segment, what, length, .. }: Piece<'_>,
    (value, file): (SharedValue, Option<SharedValue>),
) {
    let limit = |value: SharedValue| context.limits.longest_segment(value).unwrap_or_default();
    let is_of_file = matches!(context.example.shared_source(part), SharedSource::File);
    // If it is too long for every value, the file need not have one.
    let value = file.filter(|_| is_of_file).unwrap_or(value);
    let name = context.format.words.shared.map_or("", |shared| shared.name(value));
    let longest = limit(value);
    let is_same = SharedValue::ALL.into_iter().all(|other| limit(other) == longest);
    let at = match (is_of_file, file) {
        // Whatever the value is.
        _ if is_same => format!("the limit for {}", context.limits.name),
        (false, _) => format!("the limit at `{name}`"),
        (true, Some(_)) => format!("the limit at `{name}` (the resolution of the file)"),
        (true, None) => format!("the longest limit, at `{name}`,"),
    };
    let sum = if what == TOTAL { " in total" } else { "" };
    finding.says(format!("{what} {} long{sum}; {at} is {} minutes", in_words(length), longest / 60));
    let Some(segment) = segment else { return };
    if let Some(start) = segment.start {
        finding.related(context.record.span(start), "the start of the segment");
    }
    finding.fix(|| {
        let start = segment.start_time.unwrap_or(Duration::ZERO);
        let end = Duration::from_nanos(start.nanos() + Duration::from_seconds(longest).nanos())?.canonical();
        let title = format!("Shorten the segment to {} minutes: end at \"{end}\"", longest / 60);
        Some(Fix::manual(title, replacement(context, segment.end?, &end)?))
    });
}

/// A length such as `6 minutes` or `24 min 55 s`.
fn in_words(length: Duration) -> String {
    let clock = length.clock();
    let number = |text: &str| match text.strip_prefix('0') {
        Some(rest) if rest.starts_with(|digit: char| digit.is_ascii_digit()) => rest.to_owned(),
        _ => text.to_owned(),
    };
    let mut parts: Vec<_> = clock.rsplit(':').map(number).zip(["s", "min", "h"]).collect();
    parts.retain(|(number, _)| number != "0");
    parts.reverse();
    match &parts[..] {
        [(minutes, "min")] if minutes != "1" => format!("{minutes} minutes"),
        _ => parts.into_iter().map(|(number, unit)| format!("{number} {unit}")).collect::<Vec<_>>().join(" "),
    }
}

/// The source of the shared value that applies to a part; unclear also where it may be hidden.
fn shared_source(context: &Context<'_>, part: &Part) -> SharedSource {
    match context.example.shared_source(part) {
        SharedSource::File if is_misspelled(context) || context.structure_is_hidden() => SharedSource::Unclear,
        source => source,
    }
}

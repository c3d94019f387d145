//! The text that the model is to learn.

use super::json_target::may_be_json;
use super::places::span_in_string;
use super::speaker::{compares_answers, is_read_by_position, targets};
use crate::example::mime::MediaKind;
use crate::example::{Example, Place, Turn};
use crate::json::{Kind, NodeId, Record};
use crate::rules::Severity::{Information, Warning};
use crate::rules::{Context, Report};
use crate::schema::scalar::Duration;

/// A word that is all there is, longer than any that is looked for, white space included.
const LONGEST_WORD: usize = 64;

/// Whether a target may be empty, suspicious, JSON or name a time, as far as it can be told without decoding it: of
/// most there is nothing to say.
pub(in crate::rules) fn may_have_unusual_target(context: &Context<'_>) -> bool {
    let has_segments = !context.example.segments.is_empty();
    let is_letter = |letter: &u8| letter.is_ascii_graphic() && !b"\"\\".contains(letter);
    targets(context).any(|turn| {
        context.example.parts_of(turn).iter().filter_map(|part| part.text).any(|text| {
            let raw = context.raw(context.record.span(text));
            raw.len() <= LONGEST_WORD
                || !raw.as_bytes().get(1).is_some_and(is_letter)
                || may_be_json(raw)
                || (has_segments && may_have_time(raw))
        })
    })
}

/// The texts of a turn whose parts are all text; `None` when one is something else.
fn texts_alone<'a>(record: Record<'a>, example: &'a Example, turn: &Turn) -> Option<impl Iterator<Item = NodeId>> {
    let parts = example.parts_of(turn);
    let is_text = |text: Option<NodeId>| text.is_some_and(|text| record.kind(text) == Kind::String);
    let alone = parts.iter().all(|part| {
        is_text(part.text) && part.media.is_none() && part.call.is_none() && part.call_result.is_none() && !part.other
    });
    (alone && !parts.is_empty()).then(|| parts.iter().filter_map(|part| part.text))
}

/// Whether a string is empty or white. The usual text is told by its first letter, undecoded.
fn is_blank(record: Record<'_>, node: NodeId) -> bool {
    let raw = record.raw(record.span(node)).trim_start_matches('"');
    match raw.trim_start().chars().next() {
        Some(letter) if letter != '\\' && letter != '"' => false,
        _ => record.string(node).is_some_and(|text| text.trim().is_empty()),
    }
}

pub(super) fn empty_target(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    for turn in targets(context) {
        let Some(mut texts) = texts_alone(record, context.example, turn) else { continue };
        let Some(first) = texts.next().filter(|first| is_blank(record, *first)) else { continue };
        if !texts.all(|text| is_blank(record, text)) || context.structure_is_hidden() || is_read_by_position(context) {
            continue;
        }
        report.find(Warning, record.span(first), |finding| {
            finding.says(format!(
                "the model's answer{} has no text in it; the model would learn to answer nothing",
                context.place(turn.node)
            ));
        });
    }
}

pub(super) fn suspicious_target(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    for turn in targets(context) {
        let short = |text: &NodeId| record.span(*text).range().len() <= LONGEST_WORD;
        let Some(mut texts) = texts_alone(record, context.example, turn) else { continue };
        let Some(node) = texts.find(|text| !is_blank(record, *text)).filter(short) else { continue };
        if texts.any(|text| !is_blank(record, text)) || is_read_by_position(context) {
            continue;
        }
        let Some(text) = record.string(node) else { continue };
        let word = text.trim();
        let (severity, origin) = match word {
            "nan" | "NaN" | "NAN" => (Warning, "which is what pandas writes for an empty cell"),
            "undefined" => (Warning, "which is what JavaScript writes for a value that is not there"),
            "TODO" => (Warning, "which is a note to oneself"),
            "None" => (Information, "which is what Python writes for a value that is not there"),
            "null" => (Information, "which is what JSON writes for a value that is not there"),
            _ => continue,
        };
        report.find(severity, record.span(node), |finding| {
            finding.says(format!(
                "the model's answer{} is only `{word}`, {origin}; if it is not meant, the model learns to say it",
                context.place(turn.node)
            ));
        });
    }
}

pub(super) fn timestamp_outside_segment(context: &Context<'_>, report: &mut Report<'_>) {
    if compares_answers(context) || is_read_by_position(context) {
        return;
    }
    let example = context.example;
    let Some(length) = segment_length(context) else { return };
    let mut first: Option<(NodeId, Timestamp)> = None;
    let mut count = 0;
    let texts = targets(context).flat_map(|turn| example.parts_of(turn)).filter_map(|part| part.text);
    for node in texts.filter(|node| may_have_time(context.raw(context.record.span(*node)))) {
        let Some(text) = context.record.string(node) else { continue };
        for timestamp in timestamps(&text).filter(|timestamp| Duration::from_seconds(timestamp.seconds) > length) {
            first = first.or(Some((node, timestamp)));
            count += 1;
        }
    }
    let Some((node, timestamp)) = first else { return };
    let span = span_in_string(context.record, node, timestamp.start, timestamp.end);
    report.find(Information, span, |finding| {
        let others = match count {
            1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        finding.says(format!(
            "{}{others} lies behind the end of the segment, which is {} long; times in the answer have to count from \
             the segment's start, not from the start of the file",
            context.raw(span),
            length.clock()
        ));
    });
}

/// Whether a digit stands on either side of a colon in a string's raw text.
fn may_have_time(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    memchr::memchr_iter(b':', bytes).any(|at| at > 0 && is_digit(at - 1) && is_digit(at + 1))
}

/// The length of the example's one segment, if it has just one, of its one recording.
fn segment_length(context: &Context<'_>) -> Option<Duration> {
    let example = context.example;
    let [segment] = &example.segments[..] else { return None };
    let with_time = |kind| !matches!(kind, Some(MediaKind::Image | MediaKind::Document | MediaKind::Text));
    let mut recordings = example.media.iter().filter(|media| with_time(media.kind));
    let recording = recordings.next()?;
    let part = example.parts.get(segment.part)?;
    let in_contents = example.turns.get(part.turn)?.place == Place::Conversation;
    if recording.part != segment.part || recordings.next().is_some() || !in_contents {
        return None;
    }
    let end = segment.end_time?;
    let start = match segment.start.filter(|start| context.record.kind(*start) != Kind::Null) {
        Some(_) => segment.start_time?,
        None => Duration::ZERO,
    };
    (start <= end).then(|| end - start)
}

/// A time as a clock shows it, in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Timestamp {
    start: usize,
    end: usize,
    seconds: u32,
}

/// The tokens `MM:SS` and `H:MM:SS` of a text. A fraction behind one belongs to it; a time of day
/// (`3:15 pm`) and a longer row of numbers is none.
fn timestamps(text: &str) -> impl Iterator<Item = Timestamp> + '_ {
    let bytes = text.as_bytes();
    let in_token = |byte: &u8| byte.is_ascii_digit() || *byte == b':';
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(colon) = memchr::memchr(b':', bytes.get(at..)?) {
            let colon = at + colon;
            let start = colon - bytes[at..colon].iter().rev().take_while(|byte| in_token(byte)).count();
            let end = colon + bytes[colon..].iter().take_while(|byte| in_token(byte)).count();
            at = end.max(colon + 1);
            let inside = |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | ',' | '/' | '_');
            let glued =
                text[..start].ends_with(inside) || text[end..].starts_with(|letter: char| letter.is_alphabetic());
            let rest = text[end..].trim_start_matches(' ').as_bytes();
            let of_day =
                rest.get(..2).is_some_and(|next| [b"am", b"pm"].iter().any(|half| next.eq_ignore_ascii_case(*half)));
            if let Some(seconds) = clock_seconds(&text[start..end]).filter(|_| !glued && !of_day) {
                return Some(Timestamp { start, end, seconds });
            }
        }
        None
    })
}

/// The seconds of `MM:SS` or `H:MM:SS`.
fn clock_seconds(token: &str) -> Option<u32> {
    // Of hours and minutes the first may have one digit.
    let (rest, seconds) = two_digits(token.as_bytes())?;
    let (rest, minutes) = match rest {
        [digit, b':'] => return Some(value_of(b'0', *digit)? * 60 + seconds),
        [rest @ .., b':'] => two_digits(rest)?,
        _ => return None,
    };
    let hours = match rest {
        [] => 0,
        [digit, b':'] => value_of(b'0', *digit)?,
        [ten, one, b':'] => value_of(*ten, *one)?,
        _ => return None,
    };
    Some(hours * 3600 + minutes * 60 + seconds)
}

/// The number below 60 that the last two digits are, and what stands before them.
fn two_digits(token: &[u8]) -> Option<(&[u8], u32)> {
    let (rest, &[ten, one]) = token.split_last_chunk()?;
    Some((rest, value_of(ten, one)?))
}

/// The number below 60 of two digits.
fn value_of(ten: u8, one: u8) -> Option<u32> {
    let is_one = (b'0'..b'6').contains(&ten) && one.is_ascii_digit();
    is_one.then(|| u32::from(ten - b'0') * 10 + u32::from(one - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, u32)> {
        timestamps(text).map(|timestamp| (&text[timestamp.start..timestamp.end], timestamp.seconds)).collect()
    }

    #[test]
    fn clock_times_are_found_among_other_text() {
        assert_eq!(found("Goal at 1:05, foul at (12:30)."), [("1:05", 65), ("12:30", 750)]);
        assert_eq!(found("00:00:05,000 --> 00:01:07,500"), [("00:00:05", 5), ("00:01:07", 67)]);
        assert_eq!(found("[01:02:03]00:10-00:20"), [("01:02:03", 3723), ("00:10", 10), ("00:20", 20)]);
        assert_eq!(found("é1:05é ét 1:06"), [("1:06", 66)]);
    }

    #[test]
    fn a_colon_between_digits_is_seen_wherever_it_stands() {
        for before in 0..140 {
            for behind in [0, 1, 70] {
                let text = |time: &str| format!("{}{time}{}", ":".repeat(before), "1".repeat(behind));
                assert!(may_have_time(&text("5:0")), "{before}");
                assert_eq!(may_have_time(&text("x5:")), behind > 0, "{before}");
                assert!(!may_have_time(&text("x:")) && !may_have_time(&text("5x")), "{before}");
            }
        }
    }

    #[test]
    fn other_numbers_with_colons_are_no_times() {
        for text in [
            "2024-01-01T12:30:00",
            "ratio 16:9",
            "1:75",
            "75:10",
            "00:00:05:12",
            "3:15 pm",
            "a:b",
            "::",
            ":30",
            "12:30PM",
            "1.05:30",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}

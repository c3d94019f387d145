//! The text of the answers that the model learns.

use super::json_target::may_be_json;
use super::review;
use super::speaker::{compares_answers, is_read_by_position, targets};
use crate::example::mime::MediaKind;
use crate::example::{Example, Media, Place, Speaker, Turn};
use crate::formats::Piece;
use crate::json::places::span_in_string;
use crate::json::tree::OTHER_ESCAPES;
use crate::json::{Kind, NodeId, Record, Span, search};
use crate::rules::Severity::{Information, Warning};
use crate::rules::{Context, Report, Severity};
use crate::schema::scalar::Duration;
use crate::schema::scalar::clock::{Timestamp, clock_times, may_have_time, timestamps};
use crate::schema::{Means, Shape};

/// The longest raw text, white space included, that may be one of the suspicious words.
const MAX_WORD_LEN: usize = 64;

/// What the texts of the answers in an example may be, as far as raw text tells.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::rules) struct TargetsHave {
    /// A text is short, begins with something other than a plain letter, or may be JSON with a suspicious word.
    pub unusual: bool,
    /// A text may be JSON.
    pub json: bool,
    /// A text may contain a time, and the example has a segment or a recording of known length.
    pub time: bool,
}

/// What the answers of an example may be: empty, suspicious, JSON, or with a time. Most answers are none of these.
pub(in crate::rules) fn what_targets_have(context: &Context<'_>) -> TargetsHave {
    let is_known = |media: &Media| media.known.length.is_some();
    let has_length = !context.example.segments.is_empty() || context.example.media.iter().any(is_known);
    let mut have = TargetsHave::default();
    // Faster than a loop, because the iterator is a chain.
    targets(context).for_each(|turn| {
        have.unusual |= context.example.parts_of(turn).is_empty();
        for text in context.example.parts_of(turn).iter().filter_map(|part| part.text) {
            let raw = context.raw(context.record.span(text));
            let json = may_be_json(raw);
            have.unusual |= raw.len() <= MAX_WORD_LEN
                || !begins_plainly(raw.as_bytes())
                || (json && may_have_suspicious_value(raw));
            have.json |= json;
            have.time |= has_length && may_have_time(raw);
        }
    });
    have
}

/// The texts of a turn with only text parts, without its thoughts; `None` if another part is in it.
fn texts_alone<'a>(record: Record<'a>, example: &'a Example, turn: &Turn) -> Option<impl Iterator<Item = NodeId>> {
    let parts = example.parts_of(turn);
    let is_text = |text: Option<NodeId>| text.is_some_and(|text| record.kind(text) == Kind::String);
    let alone = parts.iter().all(|part| part.is_text() && is_text(part.text));
    (alone && !parts.is_empty()).then(|| parts.iter().filter(|part| !part.thought).filter_map(|part| part.text))
}

/// Whether a string at `span` may be empty or white space. The first character excludes most texts.
pub(in crate::rules) fn may_be_blank(record: Record<'_>, span: Span) -> bool {
    let raw = record.text.as_bytes().get(span.range()).unwrap_or_default();
    !begins_plainly(raw) && begins_blank(record.raw(span))
}

/// Whether the inside of a string's raw text begins with an ASCII character that is visible and stands for itself.
fn begins_plainly(raw: &[u8]) -> bool {
    matches!(raw.get(1), Some(first) if first.is_ascii_graphic() && !b"\"\\".contains(first))
}

/// The same, for a text that begins with an unusual character.
fn begins_blank(raw: &str) -> bool {
    let inner = raw.get(1..).unwrap_or_default().trim_start_matches(' ').as_bytes();
    match inner {
        // An escaped character that isn't white space.
        [b'\\', letter, ..] => !b"\"\\/".contains(letter),
        [b'\\' | b'"', ..] => true,
        [0x21..=0x7E, ..] => false,
        [0x80..=0xFF, ..] => raw.trim_start_matches(['"', ' ']).starts_with(char::is_whitespace),
        _ => true,
    }
}

/// Whether a string is empty or white space. Most texts are not decoded.
pub(super) fn is_blank(record: Record<'_>, node: NodeId) -> bool {
    let span = record.span(node);
    if !may_be_blank(record, span) {
        return false;
    }
    let raw = record.raw(span).trim_start_matches('"');
    match raw.trim_start().chars().next() {
        Some(letter) if letter != '\\' && letter != '"' => false,
        _ => record.string(node).is_some_and(|text| text.trim().is_empty()),
    }
}

/// The first text of an answer that says nothing: its texts are blank, or all of them are thoughts.
pub(super) fn empty_answer(context: &Context<'_>, turn: &Turn) -> Option<NodeId> {
    let record = context.record;
    let mut texts = texts_alone(record, context.example, turn)?.peekable();
    let first = texts.peek().copied().or_else(|| context.example.parts_of(turn).first()?.text)?;
    texts.all(|text| is_blank(record, text)).then_some(first)
}

pub(super) fn empty_target(context: &Context<'_>, report: &mut Report<'_>) {
    for turn in targets(context) {
        let text = empty_answer(context, turn).or_else(|| empty_content(context, turn));
        let Some(text) = text.filter(|_| !context.structure_is_hidden() && !is_read_by_position(context)) else {
            continue;
        };
        report.find(Warning, context.record.span(text), |finding| {
            let parts = context.example.parts_of(turn);
            let is_thought = !parts.is_empty() && parts.iter().all(|part| part.thought);
            finding
                .says(if is_thought { "the answer has only thoughts" } else { "the answer is empty" })
                .effect("The model learns to answer with nothing");
        });
    }
}

/// The empty list of an answer that has nothing else.
fn empty_content(context: &Context<'_>, turn: &Turn) -> Option<NodeId> {
    let record = context.record;
    let Shape::Object(object) = context.fit.shape(turn.node)?.shape else { return None };
    if !context.example.parts_of(turn).is_empty() || context.fit.misfits_at(turn.node).next().is_some() {
        return None;
    }
    let is_content = |name: &str| object.unions.iter().any(|union| union.members.contains(&name));
    let mut lists = record.children(turn.node).filter(|member| {
        let field = context.fit.shape(*member).and_then(|pair| pair.field);
        field.is_some_and(|field| is_content(field.name)) && record.kind(*member) != Kind::Null
    });
    let first = lists.next()?;
    let is_empty = |node| record.kind(node) == Kind::Array && record.children(node).next().is_none();
    (is_empty(first) && lists.all(is_empty)).then_some(first)
}

pub(super) fn suspicious_target(context: &Context<'_>, report: &mut Report<'_>) {
    let record = context.record;
    for turn in targets(context) {
        let short = |text: &NodeId| record.span(*text).range().len() <= MAX_WORD_LEN;
        suspicious_values(context, report, turn);
        review::review_mark(context, report, turn);
        let Some(mut texts) = texts_alone(record, context.example, turn) else { continue };
        let Some(node) = texts.find(|text| !is_blank(record, *text)).filter(short) else { continue };
        if texts.any(|text| !is_blank(record, text)) || is_read_by_position(context) {
            continue;
        }
        if is_of_template(context, turn, node) {
            return report.find(Warning, record.span(node), |finding| {
                finding
                    .says("the prompt and the answer are those of a template; replace them with your own")
                    .effect("The model learns the sample answer");
            });
        }
        let Some(text) = record.string(node) else { continue };
        let word = text.trim();
        let Some((severity, origin)) = suspicious(word) else { continue };
        report.find(severity, record.span(node), |finding| {
            finding.says(format!("the answer is only `{word}`, {origin}"));
            if severity == Warning {
                finding.effect(format!("The model learns to answer with `{word}`"));
            }
        });
    }
}

/// Whether an answer and the prompt before it are as an editor inserts them with a template for a line.
fn is_of_template(context: &Context<'_>, turn: &Turn, answer: NodeId) -> bool {
    // Templates have few turns.
    const MAX_TURNS: usize = 8;
    let (record, example) = (context.record, context.example);
    if example.turns.len() > MAX_TURNS {
        return false;
    }
    let roles = example.turns.iter().filter(|turn| turn.role.is_some()).count();
    let is_alike = |json: &str| json.matches(&format!("\"{}\"", context.name_of(Means::Speaker))).count() == roles;
    let answer = record.raw(record.span(answer));
    let mut lines = context.format.templates.iter().filter(|template| template.of == Piece::Line);
    let Some(template) = lines.find(|template| template.json.contains(answer) && is_alike(template.json)) else {
        return false;
    };
    let is_prompt = |node: NodeId| {
        let raw = record.raw(record.span(node));
        // Shorter strings may be keys or roles of the template.
        const MIN_LEN: usize = 12;
        raw.len() >= MIN_LEN && (raw.trim_matches('"') == template.prompt || template.json.contains(raw))
    };
    let before = example.conversation().rev().find(|it| it.node < turn.node && it.speaker == Some(Speaker::User));
    before.is_some_and(|before| example.parts_of(before).iter().filter_map(|part| part.text).any(is_prompt))
}

/// Suspicious words: how bad it is that an answer, or a value in it, is only this word, and where the word usually comes
/// from.
const SUSPICIOUS: [(&str, Severity, &str); 7] = [
    ("nan", Warning, "which pandas makes of an empty cell"),
    ("NaN", Warning, "which pandas makes of an empty cell"),
    ("NAN", Warning, "which pandas makes of an empty cell"),
    ("undefined", Warning, "which JavaScript writes for a missing value"),
    ("TODO", Warning, "which marks unfinished work"),
    ("None", Information, "which Python writes for a missing value"),
    ("null", Information, "which JSON writes for a missing value"),
];

/// The severity and the origin of a suspicious word.
fn suspicious(word: &str) -> Option<(Severity, &'static str)> {
    SUSPICIOUS.iter().find(|(other, ..)| *other == word).map(|(_, severity, origin)| (*severity, *origin))
}

/// Whether a text may be JSON with a suspicious word as a value: `raw` has its quotation marks as `\"`.
fn may_have_suspicious_value(raw: &str) -> bool {
    let inner = raw.get(1..).unwrap_or_default();
    let is_json = || inner.trim_start_matches(|letter| " \\nrt".contains(letter)).starts_with(['{', '[']);
    let is_word = |rest: &[u8]| {
        // Most values begin with another letter.
        matches!(rest, [b'n' | b'N' | b'u' | b'T', ..])
            && SUSPICIOUS.iter().any(|(word, ..)| {
                // A backslash before the quotation mark.
                rest.strip_prefix(word.as_bytes()).is_some_and(|rest| rest.get(1) == Some(&b'"'))
            })
    };
    is_json() && search::places(b'"', raw.as_bytes()).any(|at| is_word(&raw.as_bytes()[at + 1..]))
}

/// Reports the first suspicious string among the values of an answer in JSON.
fn suspicious_values(context: &Context<'_>, report: &mut Report<'_>, turn: &Turn) {
    let record = context.record;
    for node in context.example.parts_of(turn).iter().filter_map(|part| part.text) {
        let raw = record.raw(record.span(node));
        if !may_have_suspicious_value(raw) || is_read_by_position(context) {
            continue;
        }
        let Some(text) = record.string(node) else { continue };
        let Ok(value) = serde_json::from_str::<serde_json::Value>(text.trim()) else { continue };
        let Some((word, severity, origin)) = suspicious_value(&value) else { continue };
        let Some(at) = text.find(&format!("\"{word}\"")) else { continue };
        let span = span_in_string(record, node, at + 1, at + 1 + word.len());
        report.find(severity, span, |finding| {
            finding.says(format!("a value of the answer is only `{word}`, {origin}"));
            if severity == Warning {
                finding.effect(format!("The model learns to answer with `{word}`"));
            }
        });
    }
}

/// The first suspicious string in a JSON value.
fn suspicious_value(value: &serde_json::Value) -> Option<(String, Severity, &'static str)> {
    match value {
        serde_json::Value::String(text) => {
            suspicious(text.trim()).map(|(severity, origin)| (text.clone(), severity, origin))
        }
        serde_json::Value::Array(values) => values.iter().find_map(suspicious_value),
        serde_json::Value::Object(members) => members.values().find_map(suspicious_value),
        _ => None,
    }
}

pub(super) fn timestamp_outside_segment(context: &Context<'_>, report: &mut Report<'_>) {
    if compares_answers(context) || is_read_by_position(context) {
        return;
    }
    let example = context.example;
    let Some((length, is_segment)) = recorded(context) else { return };
    let mut first: Option<(NodeId, Timestamp)> = None;
    let mut count = 0;
    let texts = targets(context).flat_map(|turn| example.parts_of(turn)).filter_map(|part| part.text);
    let is_late = |seconds: u32| Duration::from_seconds(seconds) > length;
    for node in texts.filter(|node| may_have_time_that(context.record, *node, is_late)) {
        let Some(text) = context.record.string(node) else { continue };
        for timestamp in timestamps(&text).filter(|timestamp| is_late(timestamp.seconds)) {
            first = first.or(Some((node, timestamp)));
            count += 1;
        }
    }
    let Some((node, timestamp)) = first else { return };
    let span = span_in_string(context.record, node, timestamp.start, timestamp.end);
    report.find(Information, span, |finding| {
        let time = context.raw(span);
        let times = match count {
            1 => format!("`{time}` is"),
            count => format!("`{time}` and {} more are", count - 1),
        };
        let what = if is_segment { "segment" } else { "recording" };
        finding
            .says(format!("{times} after the end of the {what} ({} long); count times from its start", length.clock()));
    });
}

/// Whether a string may have a time that meets a condition. Most texts are not decoded.
fn may_have_time_that(record: Record<'_>, node: NodeId, is_one: impl Fn(u32) -> bool) -> bool {
    let raw = record.raw(record.span(node));
    // Escapes of two letters hide no digit.
    match record.node(node).escapes {
        OTHER_ESCAPES => may_have_time(raw),
        _ => clock_times(raw).any(|time| is_one(time.seconds)),
    }
}

/// The length of the only recording of an example, or of its segment, and whether it is a segment.
fn recorded(context: &Context<'_>) -> Option<(Duration, bool)> {
    let example = context.example;
    let with_time = |kind| !matches!(kind, Some(MediaKind::Image | MediaKind::Document | MediaKind::Text));
    let mut recordings = example.media.iter().filter(|media| with_time(media.kind));
    let recording = recordings.next()?;
    let turn = example.turn_of(recording.part)?;
    let segment = example.segment_of(recording.part);
    let others = example.segments.len() - usize::from(segment.is_some());
    if others > 0 || recordings.next().is_some() || turn.place != Place::Conversation {
        return None;
    }
    Some((example.length_of(context.record, recording)?, segment.is_some()))
}

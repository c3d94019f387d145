//! The next example: like the nearest one, with the places to fill in, and with its segment moved on.

use super::skeleton::{Hole, Skeleton, Style};
use crate::analysis::line::Reading;
use crate::example::mime::MediaKind;
use crate::example::{Place, Segment, Speaker, Turn};
use crate::formats::{Format, is_template_location};
use crate::json::{Kind, NodeId, Record, Span, lexer};
use crate::schema::scalar::Duration;

/// A longer example isn't offered again.
const MAX_BYTES: usize = 8 << 10;

/// An example to start from: the nearest one.
#[derive(Clone, Debug)]
pub(super) struct NextExample {
    pub(super) format: &'static Format,
    text: String,
    /// The bytes of its conversation.
    conversation: Span,
    holes: Vec<Hole>,
}

impl NextExample {
    /// `None` if the example is long, broken, or one of function calls, in which a person must fill in too much.
    pub(super) fn of(reading: &Reading<'_>) -> Option<Self> {
        let (record, example) = (reading.record, reading.example);
        let is_plain = reading.errors.is_empty() && example.calls.is_empty() && example.declared.is_empty();
        let list = example.turn_list.filter(|_| is_plain && record.text.len() <= MAX_BYTES)?;
        if record.text.contains(['\n', '\r', '\u{FEFF}']) {
            return None;
        }
        let mut holes: Vec<Hole> = Vec::new();
        for media in example.media.iter().filter(|media| !media.inline) {
            let Some((span, inner)) = media.uri.and_then(|uri| string(record, uri)) else { continue };
            let segment = example.segments.iter().find(|segment| segment.part == media.part);
            match segment.and_then(|segment| moved_on(record, segment)) {
                Some(offsets) => {
                    holes.push(Hole { span, start: String::new(), default: inner.to_owned() });
                    holes.extend(offsets);
                }
                None => holes.push(Hole { span, start: folder(inner).to_owned(), default: String::new() }),
            }
        }
        for part in &example.parts {
            let Some((span, inner)) = part.text.and_then(|text| string(record, text)) else { continue };
            let default = match example.turns.get(part.turn).and_then(speaker) {
                Some(Speaker::Model) => "",
                Some(Speaker::User) => inner,
                _ => continue,
            };
            holes.push(Hole { span, start: String::new(), default: default.to_owned() });
        }
        holes.sort_by_key(|hole| hole.span.start());
        holes.dedup_by_key(|hole| hole.span.start());
        let (format, text, conversation) = (reading.kind.format, record.text.trim_end().to_owned(), record.span(list));
        (!holes.is_empty()).then_some(Self { format, text, conversation, holes })
    }

    /// The whole example.
    pub(super) fn line(&self, style: Style) -> Skeleton {
        style.filled(&self.text, Span::new(0, self.text.len()), &self.holes, ("", ""))
    }

    /// Only its conversation, between `around`.
    pub(super) fn conversation(&self, style: Style, around: (&str, &str)) -> Skeleton {
        style.filled(&self.text, self.conversation, &self.holes, around)
    }
}

fn speaker(turn: &Turn) -> Option<Speaker> {
    match turn.place {
        Place::System => Some(Speaker::System),
        Place::Answer => Some(Speaker::Model),
        Place::Conversation => turn.speaker,
    }
}

/// A string, and its text as it is written.
fn string<'a>(record: Record<'a>, node: NodeId) -> Option<(Span, &'a str)> {
    let span = record.span(node);
    (record.kind(node) == Kind::String).then(|| (span, lexer::unquote(record.raw(span))))
}

/// The start of a location, up to its last slash; empty for a `data:` URL, whose slashes are data.
fn folder(uri: &str) -> &str {
    if uri.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
        return "";
    }
    uri.rfind('/').and_then(|slash| uri.get(..=slash)).unwrap_or_default()
}

/// The offsets of a segment of the same length that begins where this one ends.
fn moved_on(record: Record<'_>, segment: &Segment) -> Option<[Hole; 2]> {
    let (start, end) = (string(record, segment.start?)?.0, string(record, segment.end?)?.0);
    let (from, to) = following(segment.start_time, segment.end_time?)?;
    let hole = |span, time: Duration| Hole { span, start: String::new(), default: time.canonical() };
    Some([hole(start, from), hole(end, to)])
}

fn following(start: Option<Duration>, end: Duration) -> Option<(Duration, Duration)> {
    let length = end - start.unwrap_or(Duration::ZERO);
    let next = Duration::from_nanos(end.nanos().checked_add(length.nanos())?)?;
    (length > Duration::ZERO).then_some((end, next))
}

/// What the media of a record say about the next ones.
#[derive(Clone, Debug)]
pub(super) struct NearMedia {
    uri: String,
    mime: Option<String>,
    kind: Option<MediaKind>,
    /// The segment that follows, if it has one.
    next: Option<(Duration, Duration)>,
}

/// The media of a record, as they are for a template.
pub(super) fn media_of(reading: &Reading<'_>) -> Vec<NearMedia> {
    let (record, example) = (reading.record, reading.example);
    let media = example.media.iter().filter_map(|media| {
        let uri = record.string(media.uri?)?.into_owned();
        let segment = example.segments.iter().find(|segment| segment.part == media.part);
        let next = segment.and_then(|segment| following(segment.start_time, segment.end_time?));
        let mime = media.mime.and_then(|mime| record.string(mime)).map(|mime| mime.into_owned());
        Some(NearMedia { uri, mime, kind: media.kind, next })
    });
    media.filter(|media| !is_template_location(&media.uri) && !folder(&media.uri).is_empty()).collect()
}

/// The template for a line with the folder of the nearest media of its kind, or with the next segment of the same file. If
/// the prompt is a real one, the sample answer is left out, too.
pub(super) fn like_nearest(json: &str, reading: &Reading<'_>, nearby: &[NearMedia], has_prompt: bool) -> String {
    let (record, example) = (reading.record, reading.example);
    let mut changes: Vec<(Span, String)> = Vec::new();
    let mut change = |node: Option<NodeId>, text: &str| {
        changes.extend(node.map(|node| (record.span(node), lexer::quote(text))));
    };
    for media in &example.media {
        let segment = example.segments.iter().find(|segment| segment.part == media.part);
        let mut alike = nearby.iter().filter(|near| near.kind == media.kind);
        let moving = segment.and_then(|segment| Some((segment, alike.clone().find(|near| near.next.is_some())?)));
        let near = match moving {
            Some((segment, near)) => {
                let (from, to) = near.next.unwrap_or_default();
                change(media.uri, &near.uri);
                change(segment.start, &from.canonical());
                change(segment.end, &to.canonical());
                near
            }
            None => {
                let Some(near) = alike.next() else { continue };
                change(media.uri, folder(&near.uri));
                near
            }
        };
        if let Some(mime) = &near.mime {
            change(media.mime, mime);
        }
    }
    if has_prompt {
        for part in &example.parts {
            if example.turns.get(part.turn).and_then(speaker) == Some(Speaker::Model) {
                change(part.text, "");
            }
        }
    }
    changes.sort_by_key(|(span, _)| span.start());
    let mut json = json.to_owned();
    for (span, text) in changes.into_iter().rev() {
        json.replace_range(span.range(), &text);
    }
    json
}

//! A record as an example, whatever its vendor calls things: its turns, parts, media, segments and shared value, each
//! with its node. Rules, completion, statistics and conversion read this.
//!
//! This room must not know the name of any field: it reads a walked record by what its fields
//! [mean](crate::schema::Means).

pub mod known;
pub mod limits;
pub mod meaning;
pub mod mime;
mod read;
pub mod shared;
mod text_length;
pub mod tokens;

use crate::json::{Kind, NodeId, Record};
use crate::schema::scalar::Duration;
use known::{Known, Standing};
use mime::MediaKind;
use shared::{SharedField, SharedValue};
use std::ops::Range;

/// A format's words for what an example contains.
#[derive(Debug)]
pub struct Vocabulary {
    /// The roles, each with its speaker; the usual one of a speaker first.
    pub roles: &'static [(&'static str, Speaker)],
    /// Roles of other formats that certainly mean the same, in lower case.
    pub aliases: &'static [(&'static str, Speaker)],
    /// Words that probably mean a speaker, in lower case.
    pub hints: &'static [(&'static str, Speaker)],
    /// The field for the end of a video segment; empty if the format has no segments.
    pub segment_end: &'static str,
    /// The documented MIME types, the preferred one of each kind of file first.
    pub media_types: &'static [&'static str],
    /// The field whose value all examples of a dataset must share.
    pub shared: Option<&'static SharedField>,
}

impl Vocabulary {
    /// The speaker of exactly this role.
    #[must_use]
    pub fn speaker(&self, role: &str) -> Option<Speaker> {
        self.roles.iter().find(|(name, _)| *name == role).map(|(_, speaker)| *speaker)
    }

    /// The speaker that this role of another format certainly means.
    #[must_use]
    pub fn alias(&self, role: &str) -> Option<Speaker> {
        self.aliases.iter().find(|(name, _)| *name == role).map(|(_, speaker)| *speaker)
    }

    /// The usual role of a speaker.
    #[must_use]
    pub fn role(&self, speaker: Speaker) -> Option<&'static str> {
        self.roles.iter().find(|(_, known)| *known == speaker).map(|(name, _)| *name)
    }
}

/// The place of a turn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// In the conversation.
    #[default]
    Conversation,
    /// An answer to compare with another one.
    Answer,
    /// Before the conversation.
    System,
}

/// The speaker of a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The user.
    User,
    /// The model.
    Model,
    /// The author of the instructions to the model.
    System,
    /// A tool that was called.
    Tool,
}

/// A turn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Turn {
    /// The object.
    pub node: NodeId,
    /// Its place.
    pub place: Place,
    /// The value of its role.
    pub role: Option<NodeId>,
    /// The speaker, if the role is exactly one of the format's or of the service's.
    pub speaker: Option<Speaker>,
    /// The value of its weight.
    pub weight: Option<NodeId>,
    /// Whether it holds the result of a function call.
    pub answers_call: bool,
    /// The index of its first part in [`Example::parts`].
    pub first_part: usize,
    /// The index after its last part.
    pub end_part: usize,
}

/// A part of a turn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part {
    /// The object, or the text of a turn that has only a text.
    pub node: NodeId,
    /// The index of its turn in [`Example::turns`].
    pub turn: usize,
    /// The text.
    pub text: Option<NodeId>,
    /// The index of its media in [`Example::media`].
    pub media: Option<usize>,
    /// The object with the offsets of its segment.
    pub segment: Option<NodeId>,
    /// The function call.
    pub call: Option<NodeId>,
    /// The result of a function call.
    pub call_result: Option<NodeId>,
    /// Whether it has other content, such as code.
    pub other: bool,
    /// Whether its text is a thought, not part of the answer.
    pub thought: bool,
    /// Whether it sets its own shared value, valid or not, to something other than the unset one.
    pub sets_shared: bool,
    /// The node of its own shared value.
    pub shared_node: Option<NodeId>,
    /// Its own shared value, if valid.
    pub shared: Option<SharedValue>,
}

impl Part {
    /// Whether it has a text and nothing else.
    #[must_use]
    pub fn is_text(&self) -> bool {
        self.text.is_some() && self.media.is_none() && self.call.is_none() && self.call_result.is_none() && !self.other
    }

    /// The nodes that count as text.
    pub fn texts(&self) -> impl Iterator<Item = NodeId> + use<> {
        [self.text, self.call, self.call_result].into_iter().flatten()
    }
}

/// A media file of an example.
#[derive(Clone, Copy, Debug, Default)]
pub struct Media {
    /// The object.
    pub node: NodeId,
    /// The index of its part in [`Example::parts`].
    pub part: usize,
    /// Whether its bytes are inside the line.
    pub inline: bool,
    /// The value of its location.
    pub uri: Option<NodeId>,
    /// The value of its media type.
    pub mime: Option<NodeId>,
    /// Its kind: by its field, else by its media type.
    pub kind: Option<MediaKind>,
    /// Whether its field determines its kind.
    pub kind_by_field: bool,
    /// Whether its location is a [plain object](crate::schema::scalar::is_plain_object) in Cloud Storage.
    pub plain: bool,
    /// The media type, if it is a documented one.
    pub documented: Option<&'static str>,
    /// The first extension of files of that type.
    pub extension: Option<&'static str>,
    /// Whether it is `plain`, and its media type agrees with its extension and, if known, with its content.
    pub agrees: bool,
    /// What is known about the file itself.
    pub known: Known,
}

impl Media {
    /// Whether it has a location about which nothing is known.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.uri.is_some() && self.known.standing == Standing::Unknown
    }
}

/// The piece of a recording to use.
#[derive(Clone, Copy, Debug, Default)]
pub struct Segment {
    /// The object.
    pub node: NodeId,
    /// The index of its part in [`Example::parts`].
    pub part: usize,
    /// The value of its start.
    pub start: Option<NodeId>,
    /// The value of its end.
    pub end: Option<NodeId>,
    /// The time of the start, if it is well-formed and not negative.
    pub start_time: Option<Duration>,
    /// The time of the end, if it is well-formed and not negative.
    pub end_time: Option<Duration>,
    /// The value of its frame rate.
    pub fps: Option<NodeId>,
}

impl Segment {
    /// The time of the start, which is zero if it is not set; `None` if it is not valid.
    #[must_use]
    pub fn begins(&self, record: Record<'_>) -> Option<Duration> {
        let is_set = self.start.is_some_and(|start| record.kind(start) != Kind::Null);
        if is_set { self.start_time } else { Some(Duration::ZERO) }
    }

    /// The time of the end, at most that of the recording, if that is known. `None` if it is unknown, or not valid.
    #[must_use]
    pub fn ends(&self, record: Record<'_>, recording: Option<Duration>) -> Option<Duration> {
        let is_set = self.end.is_some_and(|end| record.kind(end) != Kind::Null);
        let end = if is_set { self.end_time } else { recording }?;
        Some(recording.map_or(end, |recording| end.min(recording)))
    }

    /// The length of the piece of a recording of this length; `None` if it is unknown, or not positive.
    #[must_use]
    pub fn length(&self, record: Record<'_>, recording: Option<Duration>) -> Option<Duration> {
        let (start, end) = (self.begins(record)?, self.ends(record, recording)?);
        (end > start).then(|| end - start)
    }
}

/// A function call, or its result.
#[derive(Clone, Copy, Debug, Default)]
pub struct Call {
    /// The object.
    pub node: NodeId,
    /// The index of its turn in [`Example::turns`].
    pub turn: usize,
    /// Whether it is a result.
    pub is_result: bool,
    /// The value of the function's name.
    pub name: Option<NodeId>,
    /// The value of its id.
    pub id: Option<NodeId>,
    /// The value of its arguments.
    pub arguments: Option<NodeId>,
}

/// One of the answers to compare.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The object with its score, or the list that holds its turn.
    pub node: NodeId,
    /// The value of its score.
    pub score: Option<NodeId>,
    /// Whether it is the worse one, if its field determines that.
    pub rejected: Option<bool>,
}

impl Answer {
    /// The node and the number of its score; `None` if it is absent or not a number.
    #[must_use]
    pub fn score_of(&self, record: Record<'_>) -> Option<(NodeId, f64)> {
        let node = self.score?;
        let number = match record.kind(node) {
            Kind::Number => record.raw(record.span(node)).parse().ok(),
            Kind::String => record.string(node).and_then(|text| text.parse().ok()),
            _ => None,
        };
        Some((node, number?))
    }

    /// Whether it is the worse answer.
    #[must_use]
    pub fn is_rejected(&self, record: Record<'_>) -> bool {
        self.rejected.unwrap_or_else(|| self.score_of(record).is_some_and(|(_, score)| score == 0.0))
    }
}

/// The source of the shared value that applies to a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SharedSource {
    /// The part or the line sets this value.
    Known(SharedValue),
    /// The value of the file applies.
    File,
    /// The part or the line sets an invalid value.
    Unclear,
}

/// The example.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// Other roles that its service allows; set before the example is read.
    pub roles: &'static [&'static str],
    /// The lists of images that its service reads, at the top level of the line; set before the example is read.
    pub media_lists: &'static [(&'static str, &'static str)],
    /// The member with the location, if a file in such a list is an object.
    pub media_path: &'static str,
    /// Its turns, in document order.
    pub turns: Vec<Turn>,
    /// Their parts.
    pub parts: Vec<Part>,
    /// Their media files.
    pub media: Vec<Media>,
    /// Their segments.
    pub segments: Vec<Segment>,
    /// Their function calls and results.
    pub calls: Vec<Call>,
    /// The nodes that count as text, part by part.
    pub texts: Vec<NodeId>,
    /// The answers to compare.
    pub answers: Vec<Answer>,
    /// The list of turns.
    pub turn_list: Option<NodeId>,
    /// The list of answers.
    pub answer_list: Option<NodeId>,
    /// The settings of the example.
    pub settings: Option<NodeId>,
    /// The node of the shared value.
    pub shared_node: Option<NodeId>,
    /// The shared value, if valid.
    pub shared: Option<SharedValue>,
    /// The names of the functions that it declares.
    pub declared: Vec<NodeId>,
    /// The list of declared functions.
    pub tools: Option<NodeId>,
    /// The schema of the answer.
    pub answer_schema: Option<NodeId>,
    /// Whether user and model take turns, the user first and the model last, without other answers or call results.
    pub takes_turns: bool,
}

impl Example {
    /// The parts of a turn.
    #[must_use]
    pub fn parts_of(&self, turn: &Turn) -> &[Part] {
        self.parts.get(turn.first_part..turn.end_part).unwrap_or_default()
    }

    /// The turn whose object is `node`. O(log n).
    #[must_use]
    pub fn turn_at(&self, node: NodeId) -> Option<&Turn> {
        let place = self.turns.binary_search_by_key(&node, |turn| turn.node).ok()?;
        self.turns.get(place)
    }

    /// The turns whose objects are among `nodes`. O(log n).
    #[must_use]
    pub fn turns_in(&self, nodes: Range<NodeId>) -> &[Turn] {
        let first = self.turns.partition_point(|turn| turn.node < nodes.start);
        let end = self.turns.partition_point(|turn| turn.node < nodes.end);
        self.turns.get(first..end).unwrap_or_default()
    }

    /// The part whose object or text is `node`. O(log n).
    #[must_use]
    pub fn part_at(&self, node: NodeId) -> Option<&Part> {
        let place = self.parts.binary_search_by_key(&node, |part| part.node).ok()?;
        self.parts.get(place)
    }

    /// The calls and results of the turn with this index in `turns`. O(log n).
    #[must_use]
    pub fn calls_of(&self, turn: usize) -> &[Call] {
        let first = self.calls.partition_point(|call| call.turn < turn);
        let end = self.calls.partition_point(|call| call.turn <= turn);
        self.calls.get(first..end).unwrap_or_default()
    }

    /// The segment of the part with this index in `parts`. O(log n).
    #[must_use]
    pub fn segment_of(&self, part: usize) -> Option<&Segment> {
        let place = self.segments.partition_point(|segment| segment.part < part);
        self.segments.get(place).filter(|segment| segment.part == part)
    }

    /// The length of a recording, or of the piece of it to use; `None` if it is unknown, or not positive.
    #[must_use]
    pub fn length_of(&self, record: Record<'_>, media: &Media) -> Option<Duration> {
        match self.segment_of(media.part) {
            Some(segment) => segment.length(record, media.known.length),
            None => media.known.length.filter(|length| *length > Duration::ZERO),
        }
    }

    /// The turn of a part.
    #[must_use]
    pub fn turn_of(&self, part: usize) -> Option<&Turn> {
        self.turns.get(self.parts.get(part)?.turn)
    }

    /// The turns of the conversation, in order.
    pub fn conversation(&self) -> impl DoubleEndedIterator<Item = &Turn> {
        self.turns.iter().filter(|turn| turn.place == Place::Conversation)
    }

    /// The source of the shared value that applies to a part.
    #[must_use]
    pub fn shared_source(&self, part: &Part) -> SharedSource {
        let set = |value: Option<SharedValue>| value.filter(|value| value.is_set());
        match set(part.shared).or(set(self.shared).filter(|_| !part.sets_shared)) {
            Some(value) => SharedSource::Known(value),
            None if part.sets_shared || (self.shared_node.is_some() && self.shared.is_none()) => SharedSource::Unclear,
            None => SharedSource::File,
        }
    }

    /// Whether the conversation has turns, and none of them is empty. No service can train it otherwise: it has a finding
    /// of its own, and is not compared with others.
    #[must_use]
    pub fn has_content(&self, record: Record<'_>) -> bool {
        let is_empty = |node: NodeId| match record.kind(node) {
            Kind::Null => true,
            Kind::Array | Kind::Object => record.children(node).next().is_none(),
            _ => false,
        };
        let says_something = |turn: &Turn| {
            turn.first_part < turn.end_part
                || record.children(turn.node).any(|member| turn.role != Some(member) && !is_empty(member))
        };
        let mut turns = self.conversation().peekable();
        turns.peek().is_some() && turns.all(says_something)
    }

    /// Whether it has video or images, to which a shared value applies.
    #[must_use]
    pub fn has_frames(&self) -> bool {
        self.media.iter().any(|media| matches!(media.kind, Some(MediaKind::Video | MediaKind::Image)))
    }

    /// Whether it has video.
    #[must_use]
    pub fn has_video(&self) -> bool {
        self.media.iter().any(|media| media.kind == Some(MediaKind::Video))
    }
}

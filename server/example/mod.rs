//! What a record means as an example, whatever its vendor calls things: its turns, parts, media, segments and
//! shared value, each with its place. Rules, completion, statistics and conversion read this.
//!
//! This room must not know the name of any field: it reads a walked record by what its fields
//! [mean](crate::schema::Means).

pub mod limits;
pub mod meaning;
pub mod mime;
mod read;
pub mod shared;
mod text_length;
pub mod tokens;

use crate::json::{Kind, NodeId, Record};
use crate::schema::scalar::Duration;
use mime::MediaKind;
use shared::{SharedField, SharedValue};

/// The words of a format that an example is read by.
#[derive(Debug)]
pub struct Vocabulary {
    /// The roles that the format has, each with its speaker; the usual one of a speaker first.
    pub roles: &'static [(&'static str, Speaker)],
    /// Roles of other formats that mean the same beyond doubt, in lower case.
    pub aliases: &'static [(&'static str, Speaker)],
    /// Words that probably mean a speaker, in lower case.
    pub hints: &'static [(&'static str, Speaker)],
    /// The field that says where a segment of a video ends; empty where there are no segments.
    pub segment_end: &'static str,
    /// The value that all examples of a dataset have to share.
    pub shared: Option<&'static SharedField>,
}

impl Vocabulary {
    /// The speaker of a role, letter for letter.
    #[must_use]
    pub fn speaker(&self, role: &str) -> Option<Speaker> {
        self.roles.iter().find(|(name, _)| *name == role).map(|(_, speaker)| *speaker)
    }

    /// The role that a turn of this speaker has.
    #[must_use]
    pub fn role(&self, speaker: Speaker) -> Option<&'static str> {
        self.roles.iter().find(|(_, known)| *known == speaker).map(|(name, _)| *name)
    }
}

/// Where a turn stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the conversation.
    Conversation,
    /// An answer that is compared with another one.
    Answer,
    /// Before the conversation.
    System,
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// The user.
    User,
    /// The model.
    Model,
    /// Whoever instructs the model.
    System,
    /// A tool that was called.
    Tool,
}

/// A turn.
#[derive(Clone, Copy, Debug)]
pub struct Turn {
    /// The object.
    pub node: NodeId,
    /// Where it stands.
    pub place: Place,
    /// The value of its role.
    pub role: Option<NodeId>,
    /// Whose turn it is, when the role says so letter for letter.
    pub speaker: Option<Speaker>,
    /// The value that says whether it is learned.
    pub weight: Option<NodeId>,
    /// Whether it holds what a called function gave back.
    pub answers_call: bool,
    /// The first of its parts in [`Example::parts`].
    pub first_part: usize,
    /// Behind the last of them.
    pub end_part: usize,
}

/// A part of a turn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Part {
    /// The object, or the text where a turn has only one.
    pub node: NodeId,
    /// Its turn in [`Example::turns`].
    pub turn: usize,
    /// The text.
    pub text: Option<NodeId>,
    /// Its media in [`Example::media`].
    pub media: Option<usize>,
    /// The object that says which part of a recording is used.
    pub segment: Option<NodeId>,
    /// The call of a function.
    pub call: Option<NodeId>,
    /// What a called function gave back.
    pub call_result: Option<NodeId>,
    /// Whether it carries something else, such as code.
    pub other: bool,
    /// Whether it says a shared value of its own, a known one or not; the unset one says none.
    pub sets_shared: bool,
    /// The node of its own shared value.
    pub shared_node: Option<NodeId>,
    /// Its own shared value.
    pub shared: Option<SharedValue>,
}

impl Part {
    /// What of it is read as text.
    pub fn texts(&self) -> impl Iterator<Item = NodeId> + use<> {
        [self.text, self.call, self.call_result].into_iter().flatten()
    }
}

/// A media file of an example.
#[derive(Clone, Copy, Debug)]
pub struct Media {
    /// The object.
    pub node: NodeId,
    /// Its part in [`Example::parts`].
    pub part: usize,
    /// Whether its bytes are inside the line.
    pub inline: bool,
    /// The value of its location.
    pub uri: Option<NodeId>,
    /// The value of its media type.
    pub mime: Option<NodeId>,
    /// What kind of media it is: by its field, else by its media type.
    pub kind: Option<MediaKind>,
    /// Whether its field says what kind of media it is.
    pub kind_by_field: bool,
    /// Whether it is beyond doubt at a well-formed location in Cloud Storage, with nothing unusual in its name.
    pub plain: bool,
    /// The media type, when it is a documented one.
    pub documented: Option<&'static str>,
    /// The first extension that goes with it.
    pub extension: Option<&'static str>,
    /// Whether it is `plain`, and the media type one that goes with its extension.
    pub agrees: bool,
}

/// Which part of a recording is used.
#[derive(Clone, Copy, Debug, Default)]
pub struct Segment {
    /// The object.
    pub node: NodeId,
    /// Its part in [`Example::parts`].
    pub part: usize,
    /// The value of its start.
    pub start: Option<NodeId>,
    /// The value of its end.
    pub end: Option<NodeId>,
    /// The time that the start says, when it is well-formed and not negative.
    pub start_time: Option<Duration>,
    /// The same of the end.
    pub end_time: Option<Duration>,
    /// The value of its frame rate.
    pub fps: Option<NodeId>,
}

/// A call of a function, or what it gave back.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// The object.
    pub node: NodeId,
    /// Its turn in [`Example::turns`].
    pub turn: usize,
    /// Whether it is what the function gave back.
    pub is_result: bool,
    /// The value of the function's name.
    pub name: Option<NodeId>,
    /// The value of its id.
    pub id: Option<NodeId>,
    /// The value of its arguments.
    pub arguments: Option<NodeId>,
}

/// One of the answers that are compared.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The object with its score, or the list that holds its turn.
    pub node: NodeId,
    /// The value of its score.
    pub score: Option<NodeId>,
    /// Whether it is the worse one, where its field says so.
    pub rejected: Option<bool>,
}

impl Answer {
    /// The number that its score is, and where; `None` when it is absent or no number.
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

    /// Whether it is the one that is not to be learned.
    #[must_use]
    pub fn is_rejected(&self, record: Record<'_>) -> bool {
        self.rejected.unwrap_or_else(|| self.score_of(record).is_some_and(|(_, score)| score == 0.0))
    }
}

/// The example.
#[derive(Clone, Debug, Default)]
pub struct Example {
    /// Its turns, in document order.
    pub turns: Vec<Turn>,
    /// Their parts.
    pub parts: Vec<Part>,
    /// Their media files.
    pub media: Vec<Media>,
    /// Their segments.
    pub segments: Vec<Segment>,
    /// Their calls of functions, and what these gave back.
    pub calls: Vec<Call>,
    /// All that is read as text, part by part.
    pub texts: Vec<NodeId>,
    /// The answers that are compared.
    pub answers: Vec<Answer>,
    /// The list of turns.
    pub turn_list: Option<NodeId>,
    /// The list of answers.
    pub answer_list: Option<NodeId>,
    /// The settings of the example.
    pub settings: Option<NodeId>,
    /// The node of the shared value.
    pub shared_node: Option<NodeId>,
    /// The shared value, when it is a known one.
    pub shared: Option<SharedValue>,
    /// The names of the functions that it declares.
    pub declared: Vec<NodeId>,
    /// The declared functions, when it declares any.
    pub tools: Option<NodeId>,
    /// Whether the turns of the conversation, and there are no other answers, are the user's and the model's one
    /// after the other, the first the user's and the last the model's, and no turn answers a call.
    pub takes_turns: bool,
}

impl Example {
    /// The parts of a turn.
    #[must_use]
    pub fn parts_of(&self, turn: &Turn) -> &[Part] {
        self.parts.get(turn.first_part..turn.end_part).unwrap_or_default()
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

    /// Whether it has video or images, for which a shared value counts.
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

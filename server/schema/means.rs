//! What a field or an object means in an example, whatever its vendor calls it.

/// What a field or an object means. The [example](crate::example) is read by these alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Means {
    /// Nothing that another room needs.
    #[default]
    Nothing,
    /// A field: the list of turns.
    Conversation,
    /// A field: instructions to the model before the conversation.
    System,
    /// An object: a turn.
    Turn,
    /// A field of a turn: its speaker.
    Speaker,
    /// A field of a turn: its parts, or its only text.
    Content,
    /// A field of a turn: whether the model learns it.
    Weight,
    /// An object: a part of a turn.
    Part,
    /// A field of a part: which kind of part it is.
    Tag,
    /// A field of a part: its text.
    Text,
    /// A field: a media file by its location.
    File,
    /// A field: an image by its location.
    Image,
    /// A field: media inside the line.
    InlineFile,
    /// A field of a media file: its location.
    Location,
    /// A field of a media file: its media type.
    MimeType,
    /// A field of a media file: its bytes.
    Bytes,
    /// A field of a part: which segment of a recording to use.
    Segment,
    /// A field of a segment: its start.
    SegmentStart,
    /// A field of a segment: its end.
    SegmentEnd,
    /// A field of a segment: how many frames to take per second.
    FrameRate,
    /// A field of a part: an object that sets the part's own [shared](Means::Shared) value.
    PartShared,
    /// A field inside [`Means::PartShared`]: the value.
    PartSharedValue,
    /// A field: a function call, or a list of them.
    Call,
    /// A field of a call: the function's name.
    CallName,
    /// A field of a call: its id, which the result repeats.
    CallId,
    /// A field of a call: its arguments.
    Arguments,
    /// A field: the result of a function call.
    CallResult,
    /// A field of a result: the name of the function.
    ResultName,
    /// A field of a result: the id of the call.
    ResultId,
    /// A field of a part: whether its text is a thought, not part of the answer.
    Thought,
    /// A field of a part: other content, such as code.
    OtherContent,
    /// A field: settings of the example.
    Settings,
    /// A field of the settings: a value that all examples of a dataset must share.
    Shared,
    /// A field of the settings: a schema of the answer.
    AnswerSchema,
    /// A field: the functions that the model may call.
    Tools,
    /// A field of the tools: a list of declared functions.
    Declarations,
    /// A field of a declaration: the function's name.
    DeclaredName,
    /// A field: a list of names of declared functions.
    DeclaredNames,
    /// A field of a declared type: its properties by name.
    Properties,
    /// A field of a declared type: a list of names of its properties.
    PropertyNames,
    /// A field: a list of answers to compare.
    Answers,
    /// An object: an answer with its score.
    ScoredAnswer,
    /// A field of an answer: its score.
    Score,
    /// A field of an answer: the turn itself.
    Answer,
    /// A field: the better answer.
    Preferred,
    /// A field: the worse answer.
    Rejected,
}

impl Means {
    /// Whether a dataset has only a few values of it, repeated on every line.
    #[must_use]
    pub fn has_few_values(self) -> bool {
        matches!(self, Means::Speaker | Means::Tag | Means::MimeType | Means::Shared | Means::PartSharedValue)
    }
}

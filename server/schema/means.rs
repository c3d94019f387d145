//! What a field or an object means in an example, whatever its vendor calls it.

/// What a field or an object means. The [example](crate::example) is read by these alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Means {
    /// Nothing that anybody but its own format cares about.
    #[default]
    Nothing,
    /// A field: the list of turns.
    Conversation,
    /// A field: what the model is told before the conversation.
    System,
    /// An object: a turn.
    Turn,
    /// A field of a turn: who speaks.
    Speaker,
    /// A field of a turn: its pieces, or its one text.
    Content,
    /// A field of a turn: whether it is learned.
    Weight,
    /// An object: a piece of a turn.
    Part,
    /// A field of a piece: which kind of piece it is.
    Tag,
    /// A field of a piece: its text.
    Text,
    /// A field: a media file by its location.
    File,
    /// A field: an image by its location.
    Image,
    /// A field: media inside the line.
    InlineFile,
    /// A field of a media file: where it is.
    Location,
    /// A field of a media file: its media type.
    MimeType,
    /// A field of a media file: its bytes.
    Bytes,
    /// A field of a piece: which part of a recording is used.
    Segment,
    /// A field of a segment: where it begins.
    SegmentStart,
    /// A field of a segment: where it ends.
    SegmentEnd,
    /// A field of a segment: how many frames of a second are taken.
    FrameRate,
    /// A field of a piece: an object that sets its share of the [shared](Means::Shared) value.
    PartShared,
    /// A field inside [`Means::PartShared`]: the value.
    PartSharedValue,
    /// A field: a call of a function, or a list of them.
    Call,
    /// A field of a call: the function's name.
    CallName,
    /// A field of a call: its id, which the result repeats.
    CallId,
    /// A field of a call: its arguments.
    Arguments,
    /// A field: what a called function gave back.
    CallResult,
    /// A field of a result: the name of the function.
    ResultName,
    /// A field of a result: the id of the call.
    ResultId,
    /// A field of a piece: something else that counts as content, such as code.
    OtherContent,
    /// A field: settings of the example.
    Settings,
    /// A field of the settings: a value that all examples of a dataset have to share.
    Shared,
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
    /// Whether a dataset has hardly more than a handful of values of it: they are repeated on every line.
    #[must_use]
    pub fn has_few_values(self) -> bool {
        matches!(self, Means::Speaker | Means::Tag | Means::MimeType | Means::Shared | Means::PartSharedValue)
    }
}

//! The supervised tuning line of Gemini on Vertex AI: the root, its turns and their parts.
//!
//! A line has the shape of a `GenerateContentRequest` whose last turn is the target. Names, types
//! and unions: `google/cloud/aiplatform/v1/content.proto` of 2026-08-22 (`googleapis` f8291d2b);
//! keys that only the Python SDK knows: `google/genai/types.py` of 2026-08-21. What is documented
//! for tuning: the pages "Prepare data" (2025-05) and "Video tuning" (2025-09 and 2026).

use super::generation::{GENERATION_CONFIG, MODEL_ARMOR_CONFIG, PART_MEDIA_RESOLUTION, SAFETY_SETTING};
use super::tools::{FUNCTION_CALL, FUNCTION_RESPONSE, TOOL, TOOL_CONFIG};
use crate::schema::{Choice, Choices, Destination, Extra, Field, Home, Means, Object, Shape, Union};

pub(super) const SYSTEM_INSTRUCTION: Field = Field::documented(
    "systemInstruction",
    Shape::Object(&CONTENT),
    "What the model is to be or to do in the whole conversation. Text parts only; its `role` is ignored. \
     It counts toward the 131,072 tokens of the example.",
    r#"{"parts":[{"text":""}]}"#,
)
.means(Means::System);

pub(super) const TOOLS: Field = Field::documented(
    "tools",
    Shape::List(&TOOL_SHAPE),
    "The functions the model may call in this example, each in `functionDeclarations`.",
    r#"[{"functionDeclarations":[]}]"#,
)
.means(Means::Tools);

pub(super) const TOOL_CONFIG_FIELD: Field = Field::legal(
    "toolConfig",
    Shape::Object(&TOOL_CONFIG),
    "Whether and which functions are to be called. Legal in a request; no page says what it does in tuning.",
    r#"{"functionCallingConfig":{"mode":"AUTO"}}"#,
);

pub(super) const GENERATION_CONFIG_FIELD: Field = Field::documented(
    "generationConfig",
    Shape::Object(&GENERATION_CONFIG),
    "Settings of the example. Only `mediaResolution` is documented for tuning; it must have the same value in \
     every example of the training and the validation file.",
    r#"{"mediaResolution":"MEDIA_RESOLUTION_LOW"}"#,
)
.means(Means::Settings);

pub(super) const SAFETY_SETTINGS: Field = Field::legal(
    "safetySettings",
    Shape::List(&SAFETY_SETTING_SHAPE),
    "What the safety filters block. Not together with `modelArmorConfig`; no page says what it does in tuning.",
    "[]",
);

pub(super) const MODEL_ARMOR_CONFIG_FIELD: Field = Field::legal(
    "modelArmorConfig",
    Shape::Object(&MODEL_ARMOR_CONFIG),
    "Model Armor templates for prompt and answer. Not together with `safetySettings`; no page says what it does \
     in tuning.",
    "{}",
);

pub(super) const LABELS: Field = Field::legal(
    "labels",
    Shape::Map(&Shape::String),
    "Free labels of the request. Keys and values have at most 63 characters: lower-case letters, digits, `_`, `-`; \
     a key starts with a letter. No page says what they do in tuning.",
    "{}",
);

pub(super) const CACHED_CONTENT: Field =
    Field::legal("cachedContent", Shape::String, "The name of a context cache. It is for inference only.", r#""""#);

pub(super) const MODEL: Field = Field::legal(
    "model",
    Shape::String,
    "The model of a request. It means nothing here: the tuning job names the model.",
    r#""gemini-2.5-flash""#,
);

/// Fields of the root that exclude each other, the same in both formats.
pub(super) static ROOT_UNIONS: [Union; 1] = [Union::at_most_one(&["safetySettings", "modelArmorConfig"])];

/// Fields that people put into the wrong object, with the object that has them.
pub(super) static HOMES: [Home; 13] = [
    home("videoMetadata", "Part", "the part, beside `fileData`", Destination::BesideParent("fileData")),
    home(
        "mediaResolution",
        "GenerationConfig",
        "`generationConfig` at the top level",
        Destination::MemberOfRoot("generationConfig"),
    ),
    home("systemInstruction", "Example", TOP, Destination::Root),
    home("generationConfig", "Example", TOP, Destination::Root),
    home("contents", "Example", TOP, Destination::Root),
    home("tools", "Example", TOP, Destination::Root),
    home("role", "Content", "the turn, beside `parts`", Destination::Unclear),
    home("parts", "Content", "a turn of `contents`", Destination::Unclear),
    home("startOffset", "VideoMetadata", "`videoMetadata` beside `fileData`", Destination::Unclear),
    home("endOffset", "VideoMetadata", "`videoMetadata` beside `fileData`", Destination::Unclear),
    home("fileUri", "FileData", "`fileData` of the part", Destination::Unclear),
    home("mimeType", "FileData", "`fileData` of the part", Destination::Unclear),
    home("fileData", "Part", "a part of a turn's `parts`", Destination::Unclear),
];

const TOP: &str = "the top level of the line";

const fn home(field: &'static str, object: &'static str, place: &'static str, to: Destination) -> Home {
    Home { field, object, place, to }
}

pub(super) static CONTENT_SHAPE: Shape = Shape::Object(&CONTENT);
static PART_SHAPE: Shape = Shape::Object(&PART);
static TOOL_SHAPE: Shape = Shape::Object(&TOOL);
static SAFETY_SETTING_SHAPE: Shape = Shape::Object(&SAFETY_SETTING);

/// A line of a supervised tuning file.
pub static EXAMPLE: Object = Object {
    name: "Example",
    ordered: 5,
    noun: "example",
    homes: &HOMES,
    doc: "One example of supervised tuning: a conversation whose last turn, the model's, is what is learned. \
          At most 131,072 tokens, input and output together.",
    fields: &[
        SYSTEM_INSTRUCTION,
        Field::required(
            "contents",
            Shape::List(&CONTENT_SHAPE),
            "The turns of the conversation, oldest first. The last turn must be the model's: it is the target, the \
             answer that is learned. `user` and `model` take turns.",
            r#"[{"role":"user","parts":[{"text":""}]},{"role":"model","parts":[{"text":""}]}]"#,
        )
        .means(Means::Conversation)
        .if_missing("the service answers \"Missing required `contents` field.\""),
        TOOLS,
        TOOL_CONFIG_FIELD,
        GENERATION_CONFIG_FIELD,
        SAFETY_SETTINGS,
        MODEL_ARMOR_CONFIG_FIELD,
        LABELS,
        CACHED_CONTENT,
        MODEL,
    ],
    unions: &ROOT_UNIONS,
    ..Object::PROTO_JSON
};

/// A turn, a system instruction or a completion.
pub static CONTENT: Object = Object {
    name: "Content",
    ordered: 2,
    noun: "turn",
    means: Means::Turn,
    doc: "What one side says in one turn: its role and its parts.",
    fields: &[
        Field::documented(
            "role",
            Shape::String,
            "Who speaks: `user` or `model`, in lower case. A turn without a role is read as the user's. \
             In `systemInstruction` it is ignored; a turn that holds a `functionResponse` needs none.",
            r#""user""#,
        )
        .means(Means::Speaker),
        Field::required(
            "parts",
            Shape::List(&PART_SHAPE),
            "What is said, in order: a list of text, media and function parts, also when there is only one.",
            r#"[{"text":""}]"#,
        )
        .means(Means::Content)
        .aliases(&["content", "text"]),
    ],
    ..Object::PROTO_JSON
};

/// A piece of a turn.
pub static PART: Object = Object {
    name: "Part",
    ordered: 3,
    noun: "part",
    means: Means::Part,
    doc: "One piece of a turn: text, a media file, a function call or its answer. It holds exactly one of them.",
    fields: &[
        Field::documented(
            "fileData",
            Shape::Object(&FILE_DATA),
            "A media file by its location: `fileUri` and `mimeType`. On 2.5 models an example holds at most 1 video, \
             1 audio file, 30 images and 4 PDF files.",
            r#"{"fileUri":"gs://","mimeType":"video/mp4"}"#,
        )
        .means(Means::File)
        .snake_is_dropped(),
        Field::documented(
            "videoMetadata",
            Shape::Object(&VIDEO_METADATA),
            "The segment of the video that is used. It stands beside `fileData` in the same part, never inside it.",
            r#"{"startOffset":"0s","endOffset":"10s"}"#,
        )
        .means(Means::Segment)
        .snake_is_dropped(),
        Field::documented(
            "text",
            Shape::String,
            "Plain text. In the last turn of a supervised example it is the target.",
            r#""""#,
        )
        .means(Means::Text),
        Field::documented(
            "inlineData",
            Shape::Object(&INLINE_DATA),
            "Media inside the line, as base64. The tuning pages document `fileData` with a `fileUri` instead.",
            r#"{"mimeType":"image/png","data":""}"#,
        )
        .means(Means::InlineFile),
        Field::documented(
            "functionCall",
            Shape::Object(&FUNCTION_CALL),
            "A function the model calls. Several parts of one model turn are parallel calls. 2.5 models have been \
             seen to refuse function calls in tuning data.",
            r#"{"name":"","args":{}}"#,
        )
        .means(Means::Call),
        Field::documented(
            "functionResponse",
            Shape::Object(&FUNCTION_RESPONSE),
            "What a called function gave back. Its turn follows the call and needs no role.",
            r#"{"name":"","response":{}}"#,
        )
        .means(Means::CallResult),
        Field::documented(
            "mediaResolution",
            Shape::Object(&PART_MEDIA_RESOLUTION),
            "The resolution of this part alone, as an object with `level`. For Gemini 3 and later, where it goes \
             before the one in `generationConfig`; for 2.5 set that one.",
            r#"{"level":"MEDIA_RESOLUTION_LOW"}"#,
        )
        .means(Means::PartShared),
        Field::legal(
            "executableCode",
            Shape::Object(&EXECUTABLE_CODE),
            "Code the model wrote to be run. Not documented for tuning.",
            r#"{"language":"PYTHON","code":""}"#,
        )
        .means(Means::OtherContent),
        Field::legal(
            "codeExecutionResult",
            Shape::Object(&CODE_EXECUTION_RESULT),
            "What running the model's code gave. Not documented for tuning.",
            r#"{"outcome":"OUTCOME_OK","output":""}"#,
        )
        .means(Means::OtherContent),
        Field::legal(
            "thought",
            Shape::Boolean,
            "Whether the part is a thought of the model. Not documented for tuning, which learns to omit thoughts.",
            "true",
        ),
        Field::legal(
            "thoughtSignature",
            Shape::Base64,
            "An opaque token of a thought, as base64, to be handed back at inference. Not documented for tuning.",
            r#""""#,
        ),
        Field::legal("toolCall", Shape::Struct, "A call of a built-in tool; only the Python SDK knows it.", "{}"),
        Field::legal("toolResponse", Shape::Struct, "What a built-in tool gave; only the Python SDK knows it.", "{}"),
        Field::legal("partMetadata", Shape::Struct, "Free metadata of the part; only the Python SDK knows it.", "{}"),
        Field::legal("audioTranscription", Shape::Any, "A transcript of audio; only the Python SDK knows it.", "{}"),
    ],
    // `toolCall` and `toolResponse` are data too where they exist, so a part that has one is not empty.
    unions: &[Union::exactly_one(&[
        "text",
        "inlineData",
        "fileData",
        "functionCall",
        "functionResponse",
        "executableCode",
        "codeExecutionResult",
        "toolCall",
        "toolResponse",
    ])],
    ..Object::PROTO_JSON
};

/// A media file by its location.
pub static FILE_DATA: Object = Object {
    name: "FileData",
    ordered: 2,
    extra: Extra::Rejected,
    doc: "A media file by its location.",
    fields: &[
        Field::required(
            "fileUri",
            Shape::String,
            "Where the file is: a Cloud Storage object (`gs://bucket/object`) in a bucket the service can read, or a \
             public `http(s)` URL. At most 100 MB a video or audio file, 20 MB an image or PDF. A video is at most \
             20 minutes long at LOW, 5 minutes at MEDIUM or HIGH; a longer one drops the example.",
            r#""gs://""#,
        )
        .means(Means::Location)
        .aliases(&["uri", "url", "gcsUri"])
        .snake_is_dropped(),
        Field::required(
            "mimeType",
            Shape::String,
            "The media type of the file, such as `video/mp4`, `video/quicktime` (`.mov`), `image/jpeg`, `audio/mp3` \
             or `application/pdf`. No wildcards.",
            r#""video/mp4""#,
        )
        .means(Means::MimeType)
        .aliases(&["mime", "type", "contentType"])
        .snake_is_dropped(),
        Field::legal("displayName", Shape::String, "A name for the file; only the Python SDK knows it here.", r#""""#),
    ],
    ..Object::PROTO_JSON
};

/// Media inside the line.
pub static INLINE_DATA: Object = Object {
    name: "Blob",
    extra: Extra::Rejected,
    doc: "Media inside the line, as base64.",
    fields: &[
        Field::required(
            "mimeType",
            Shape::String,
            "The media type of the bytes, such as `image/png`.",
            r#""image/png""#,
        )
        .means(Means::MimeType)
        .snake_is_dropped(),
        Field::required("data", Shape::Base64, "The bytes as base64, standard or URL-safe, padded or not.", r#""""#)
            .means(Means::Bytes),
        Field::legal("displayName", Shape::String, "A name for the data; only the Python SDK knows it here.", r#""""#),
    ],
    ..Object::PROTO_JSON
};

/// The segment of a video.
pub static VIDEO_METADATA: Object = Object {
    name: "VideoMetadata",
    ordered: 3,
    extra: Extra::Rejected,
    doc: "The segment of the video that is used, beside the `fileData` (or `inlineData`) of the same part. A segment \
          is at most 20 minutes long at LOW, 5 minutes at MEDIUM or HIGH.",
    fields: &[
        Field::documented(
            "startOffset",
            Shape::Duration,
            "Where the segment starts in that file: decimal seconds ending in `s`, such as `\"90s\"` or `\"12.5s\"`. \
             Not a number, not `1:30`. Absent, it is the start of the video.",
            r#""0s""#,
        )
        .means(Means::SegmentStart)
        .aliases(&["start"])
        .snake_is_dropped(),
        Field::documented(
            "endOffset",
            Shape::Duration,
            "Where the segment ends in that file: decimal seconds ending in `s`, such as `\"90s\"` or `\"12.5s\"`, \
             after `startOffset`. Absent, it is the end of the video.",
            r#""10s""#,
        )
        .means(Means::SegmentEnd)
        .aliases(&["end"])
        .snake_is_dropped(),
        Field::legal(
            "fps",
            Shape::Number,
            "Frames that are taken of each second: more than 0, at most 24; 1 if absent. No page on tuning names it.",
            "1.0",
        )
        .means(Means::FrameRate),
    ],
    ..Object::PROTO_JSON
};

static EXECUTABLE_CODE: Object = Object {
    name: "ExecutableCode",
    doc: "Code the model wrote to be run.",
    fields: &[
        Field::required("language", Shape::Enum(&LANGUAGE), "The language of the code.", r#""PYTHON""#),
        Field::required("code", Shape::String, "The code itself.", r#""""#),
    ],
    ..Object::PROTO_JSON
};

static LANGUAGE: Choices = Choices {
    name: "Language",
    values: &[Choice::numbered("LANGUAGE_UNSPECIFIED", 0, "Not said."), Choice::numbered("PYTHON", 1, "Python.")],
};

static CODE_EXECUTION_RESULT: Object = Object {
    name: "CodeExecutionResult",
    doc: "What running the model's code gave.",
    fields: &[
        Field::required("outcome", Shape::Enum(&OUTCOME), "How the run ended.", r#""OUTCOME_OK""#),
        Field::documented("output", Shape::String, "What the code printed, or its error.", r#""""#),
    ],
    ..Object::PROTO_JSON
};

static OUTCOME: Choices = Choices {
    name: "Outcome",
    values: &[
        Choice::numbered("OUTCOME_UNSPECIFIED", 0, "Not said."),
        Choice::numbered("OUTCOME_OK", 1, "The run succeeded."),
        Choice::numbered("OUTCOME_FAILED", 2, "The run failed."),
        Choice::numbered("OUTCOME_DEADLINE_EXCEEDED", 3, "The run took too long."),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_begins_with_the_fields_people_write() {
        let names: Vec<_> = EXAMPLE.fields.iter().map(|field| field.name).collect();
        assert_eq!(names[..5], ["systemInstruction", "contents", "tools", "toolConfig", "generationConfig"]);
        assert!(EXAMPLE.field("completions").is_none());
    }

    #[test]
    fn a_part_begins_with_the_video_and_its_segment() {
        let names: Vec<_> = PART.fields.iter().map(|field| field.name).collect();
        assert_eq!(names[..3], ["fileData", "videoMetadata", "text"]);
        assert!(PART.unions[0].required);
    }

    #[test]
    fn both_spellings_name_the_same_field() {
        let camel = FILE_DATA.field("fileUri").map(std::ptr::from_ref);
        assert!(camel.is_some());
        assert_eq!(camel, FILE_DATA.field("file_uri").map(std::ptr::from_ref));
    }
}

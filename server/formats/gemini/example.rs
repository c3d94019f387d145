//! The supervised tuning line of Gemini on Vertex AI: the root, its turns and their parts.
//!
//! A line has the shape of a `GenerateContentRequest` whose last turn is the target. Names, types and unions:
//! `google/cloud/aiplatform/v1/content.proto` of 2026-08-22 (`googleapis` f8291d2b); keys that only the Python SDK
//! has: `google/genai/types.py` of 2026-08-21. Documented for tuning: the pages "Prepare data" (2025-05) and "Video
//! tuning" (2025-09 and 2026).

use super::generation::{GENERATION_CONFIG, MODEL_ARMOR_CONFIG, PART_MEDIA_RESOLUTION, SAFETY_SETTING};
pub(super) use super::homes::HOMES;
use super::tools::{FUNCTION_CALL, FUNCTION_RESPONSE, TOOL, TOOL_CONFIG};
use crate::schema::{Choice, Choices, Extra, Field, Means, Object, Shape, Union};

pub(super) const SYSTEM_INSTRUCTION: Field = Field::documented(
    "systemInstruction",
    Shape::Object(&CONTENT),
    "Instructions for the whole conversation. Text parts only; its `role` is ignored. It counts toward the example's \
     token limit.",
)
.example(r#"{"parts":[{"text":""}]}"#)
.means(Means::System)
.aliases(&["systemPrompt", "system_prompt", "system", "systemMessage", "system_message"]);

/// The turns of the conversation; a supervised and a preference line differ in who speaks last.
pub(super) const fn contents(doc: &'static str, example: &'static str) -> Field {
    Field::required("contents", Shape::List(&CONTENT_SHAPE), doc)
        .example(example)
        .means(Means::Conversation)
        .if_missing("the service rejects the line with \"Missing required `contents` field.\"")
}

pub(super) const TOOLS: Field = Field::documented(
    "tools",
    Shape::List(&TOOL_SHAPE),
    "The functions that the model may call in this example, in `functionDeclarations`.",
)
.example(r#"[{"functionDeclarations":[]}]"#)
.means(Means::Tools);

pub(super) const TOOL_CONFIG_FIELD: Field =
    Field::legal("toolConfig", Shape::Object(&TOOL_CONFIG), "Whether the model has to call functions, and which ones.")
        .example(r#"{"functionCallingConfig":{"mode":"AUTO"}}"#);

pub(super) const GENERATION_CONFIG_FIELD: Field = Field::documented(
    "generationConfig",
    Shape::Object(&GENERATION_CONFIG),
    "Settings of the example. Only `mediaResolution` is documented for tuning; it must have the same value in every \
     example of the training and validation files.",
)
.example(r#"{"mediaResolution":"MEDIA_RESOLUTION_LOW"}"#)
.means(Means::Settings)
.aliases(&["config"]);

pub(super) const SAFETY_SETTINGS: Field = Field::legal(
    "safetySettings",
    Shape::List(&SAFETY_SETTING_SHAPE),
    "What the safety filters block. Not allowed together with `modelArmorConfig`.",
);

pub(super) const MODEL_ARMOR_CONFIG_FIELD: Field = Field::legal(
    "modelArmorConfig",
    Shape::Object(&MODEL_ARMOR_CONFIG),
    "Model Armor templates for the prompt and the answer. Not allowed together with `safetySettings`.",
);

pub(super) const LABELS: Field = Field::legal(
    "labels",
    Shape::Map(&Shape::String),
    "Labels of your own. Keys and values have at most 63 characters: lower-case letters, digits, `_`, `-`; a key \
     starts with a letter.",
);

pub(super) const CACHED_CONTENT: Field =
    Field::legal("cachedContent", Shape::String, "The name of a context cache. For inference only.");

pub(super) const MODEL: Field = Field::legal(
    "model",
    Shape::String,
    "The model of a request. It has no effect here: the tuning job names the model.",
)
.example(r#""gemini-2.5-flash""#);

/// Root fields that exclude each other, in both kinds of lines.
pub(super) static ROOT_UNIONS: [Union; 1] = [Union::at_most_one(&["safetySettings", "modelArmorConfig"])];

/// The fields of a line: these, and those of all kinds of lines.
macro_rules! line_fields {
    ($($own:expr),+ $(,)?) => {
        &[
            super::example::SYSTEM_INSTRUCTION,
            $($own,)+
            super::example::TOOLS,
            super::example::TOOL_CONFIG_FIELD,
            super::example::GENERATION_CONFIG_FIELD,
            super::example::SAFETY_SETTINGS,
            super::example::MODEL_ARMOR_CONFIG_FIELD,
            super::example::LABELS,
            super::example::CACHED_CONTENT,
            super::example::MODEL,
        ]
    };
}
pub(super) use line_fields;

static CONTENT_SHAPE: Shape = Shape::Object(&CONTENT);
static TOOL_SHAPE: Shape = Shape::Object(&TOOL);
static SAFETY_SETTING_SHAPE: Shape = Shape::Object(&SAFETY_SETTING);

/// A line of a supervised tuning file.
pub(super) static EXAMPLE: Object = Object {
    name: "Example",
    ordered: 5,
    noun: "example",
    homes: &HOMES,
    doc: "One example of supervised tuning: a conversation. The model learns its last turn, which must be the model's.",
    fields: line_fields![contents(
        "The turns of the conversation, oldest first. `user` and `model` take turns. The last turn must be the \
             model's: it is the target, the answer that the model learns.",
        r#"[{"role":"user","parts":[{"text":""}]},{"role":"model","parts":[{"text":""}]}]"#,
    ),],
    unions: &ROOT_UNIONS,
    ..Object::PROTO_JSON
};

/// A turn, a system instruction or a completion.
pub(super) static CONTENT: Object = Object {
    name: "Content",
    ordered: 2,
    noun: "turn",
    means: Means::Turn,
    doc: "One turn: its role and its parts.",
    fields: &[
        Field::documented(
            "role",
            Shape::String,
            "The speaker: `user` or `model`, in lower case. The service reads a turn without a role as the user's. In \
             `systemInstruction` it is ignored; a turn that holds a `functionResponse` needs none.",
        )
        .example(r#""user""#)
        .means(Means::Speaker)
        .aliases(&["from", "author", "speaker"]),
        Field::required(
            "parts",
            Shape::List(&Shape::Object(&PART)),
            "The content of the turn, in order: a list of text, media and function parts, even if there is only one.",
        )
        .example(r#"[{"text":""}]"#)
        .means(Means::Content)
        .aliases(&["content", "text", "value"]),
    ],
    ..Object::PROTO_JSON
};

static PART: Object = Object {
    name: "Part",
    ordered: 3,
    noun: "part",
    means: Means::Part,
    doc: "One piece of a turn. It holds exactly one of: text, a media file, a function call, a function's result.",
    fields: &[
        Field::documented(
            "fileData",
            Shape::Object(&FILE_DATA),
            "A media file by its location: `fileUri` and `mimeType`. On 2.5 models an example holds at most 1 video, \
             1 audio file, 30 images and 4 PDF files.",
        )
        .example(r#"{"fileUri":"gs://","mimeType":"video/mp4"}"#)
        .means(Means::File)
        .aliases(&["image_url", "imageUrl", "video_url", "videoUrl", "audio_url", "audioUrl", "input_image"])
        .snake_is_dropped(),
        Field::documented(
            "videoMetadata",
            Shape::Object(&VIDEO_METADATA),
            "The segment of the video to use. It belongs next to `fileData` in the same part, never inside it.",
        )
        .example(r#"{"startOffset":"0s","endOffset":"10s"}"#)
        .means(Means::Segment)
        .snake_is_dropped(),
        Field::documented(
            "text",
            Shape::String,
            "Plain text. In the last turn of a supervised example it is the target.",
        )
        .means(Means::Text)
        .aliases(&["content", "input_text", "output_text"]),
        Field::documented(
            "inlineData",
            Shape::Object(&INLINE_DATA),
            "Media inside the line, as base64. The tuning pages document `fileData` with a `fileUri` instead.",
        )
        .example(r#"{"mimeType":"image/png","data":""}"#)
        .means(Means::InlineFile),
        Field::documented(
            "functionCall",
            Shape::Object(&FUNCTION_CALL),
            "A function that the model calls. Several of them in one model turn are parallel calls. There are \
             reports that 2.5 models refuse function calls in tuning data.",
        )
        .example(r#"{"name":"","args":{}}"#)
        .means(Means::Call),
        Field::documented(
            "functionResponse",
            Shape::Object(&FUNCTION_RESPONSE),
            "The result of a function call. Its turn follows the call and needs no role.",
        )
        .example(r#"{"name":"","response":{}}"#)
        .means(Means::CallResult),
        Field::documented(
            "mediaResolution",
            Shape::Object(&PART_MEDIA_RESOLUTION),
            "The resolution of this part only, as an object with `level`. For Gemini 3 and later, where it overrides \
             the one in `generationConfig`; for 2.5, set that one.",
        )
        .example(r#"{"level":"MEDIA_RESOLUTION_LOW"}"#)
        .means(Means::PartShared),
        Field::legal("executableCode", Shape::Object(&EXECUTABLE_CODE), "Code that the model wrote, to be run.")
            .example(r#"{"language":"PYTHON","code":""}"#)
            .means(Means::OtherContent),
        Field::legal("codeExecutionResult", Shape::Object(&CODE_EXECUTION_RESULT), "The result of that code.")
            .example(r#"{"outcome":"OUTCOME_OK","output":""}"#)
            .means(Means::OtherContent),
        Field::legal(
            "thought",
            Shape::Boolean,
            "Whether the part is a thought. Tuning teaches the model to omit thoughts.",
        )
        .example("true")
        .means(Means::Thought),
        Field::legal(
            "thoughtSignature",
            Shape::Base64,
            "An opaque token of a thought, as base64, to be passed back at inference.",
        ),
        Field::legal("toolCall", Shape::Struct, "A call to a built-in tool; only the Python SDK has it."),
        Field::legal("toolResponse", Shape::Struct, "The result of a built-in tool; only the Python SDK has it."),
        Field::legal("partMetadata", Shape::Struct, "Metadata of your own; only the Python SDK has it."),
        Field::legal("audioTranscription", Shape::Any, "A transcript of audio; only the Python SDK has it.")
            .example("{}"),
    ],
    // `toolCall` and `toolResponse` are data too where they exist, so a part that has one is not empty.
    unions: &[Union {
        required: true,
        ..Union::at_most_one(&[
            "text",
            "inlineData",
            "fileData",
            "functionCall",
            "functionResponse",
            "executableCode",
            "codeExecutionResult",
            "toolCall",
            "toolResponse",
        ])
    }],
    ..Object::PROTO_JSON
};

static FILE_DATA: Object = Object {
    name: "FileData",
    ordered: 2,
    extra: Extra::Rejected,
    doc: "A media file by its location.",
    fields: &[
        Field::required(
            "fileUri",
            Shape::String,
            "The location of the file: a Cloud Storage object (`gs://bucket/object`) in a bucket the service can read, \
             or a public `http(s)` URL.",
        )
        .example(r#""gs://""#)
        .means(Means::Location)
        .aliases(&["uri", "url", "gcsUri"])
        .snake_is_dropped(),
        Field::required(
            "mimeType",
            Shape::String,
            "The media type of the file, such as `video/mp4`, `video/quicktime` (`.mov`), `image/jpeg`, `audio/mp3` \
             or `application/pdf`. No wildcards.",
        )
        .example(r#""video/mp4""#)
        .means(Means::MimeType)
        .aliases(&["mime", "type", "contentType"])
        .snake_is_dropped(),
        Field::legal("displayName", Shape::String, "A name for the file; only the Python SDK has it here."),
    ],
    ..Object::PROTO_JSON
};

static INLINE_DATA: Object = Object {
    name: "Blob",
    extra: Extra::Rejected,
    doc: "Media inside the line, as base64.",
    fields: &[
        Field::required("mimeType", Shape::String, "The media type of the bytes, such as `image/png`.")
            .example(r#""image/png""#)
            .means(Means::MimeType)
            .snake_is_dropped(),
        Field::required("data", Shape::Base64, "The bytes as base64, standard or URL-safe, padded or not.")
            .means(Means::Bytes),
        Field::legal("displayName", Shape::String, "A name for the data; only the Python SDK has it here."),
    ],
    ..Object::PROTO_JSON
};

static VIDEO_METADATA: Object = Object {
    name: "VideoMetadata",
    ordered: 3,
    extra: Extra::Rejected,
    doc: "The segment of the video to use, next to the `fileData` (or `inlineData`) of the same part.",
    fields: &[
        Field::documented(
            "startOffset",
            Shape::Duration,
            "The start of the segment in the file: decimal seconds ending in `s`, such as `\"90s\"` or `\"12.5s\"`. \
             Not a number, not `1:30`. If absent, the start of the video.",
        )
        .example(r#""0s""#)
        .means(Means::SegmentStart)
        .aliases(&["start", "startTime", "start_time"])
        .snake_is_dropped(),
        Field::documented(
            "endOffset",
            Shape::Duration,
            "The end of the segment in the file: decimal seconds ending in `s`, such as `\"90s\"` or `\"12.5s\"`, \
             after `startOffset`. If absent, the end of the video.",
        )
        .example(r#""10s""#)
        .means(Means::SegmentEnd)
        .aliases(&["end", "endTime", "end_time"])
        .snake_is_dropped(),
        Field::legal("fps", Shape::Number, "Frames to take per second: more than 0, at most 24; 1 if absent.")
            .example("1.0")
            .means(Means::FrameRate),
    ],
    ..Object::PROTO_JSON
};

static EXECUTABLE_CODE: Object = Object {
    name: "ExecutableCode",
    doc: "Code that the model wrote, to be run.",
    fields: &[
        Field::required("language", Shape::Enum(&LANGUAGE), "The language of the code.").example(r#""PYTHON""#),
        Field::required("code", Shape::String, "The code itself."),
    ],
    ..Object::PROTO_JSON
};

static LANGUAGE: Choices = Choices {
    name: "Language",
    values: &[Choice::unset("LANGUAGE_UNSPECIFIED"), Choice::numbered("PYTHON", 1, "Python.")],
};

static CODE_EXECUTION_RESULT: Object = Object {
    name: "CodeExecutionResult",
    doc: "The result of that code.",
    fields: &[
        Field::required("outcome", Shape::Enum(&OUTCOME), "How the run ended.").example(r#""OUTCOME_OK""#),
        Field::documented("output", Shape::String, "What the code printed, or its error."),
    ],
    ..Object::PROTO_JSON
};

static OUTCOME: Choices = Choices {
    name: "Outcome",
    values: &[
        Choice::unset("OUTCOME_UNSPECIFIED"),
        Choice::numbered("OUTCOME_OK", 1, "The run succeeded."),
        Choice::numbered("OUTCOME_FAILED", 2, "The run failed."),
        Choice::numbered("OUTCOME_DEADLINE_EXCEEDED", 3, "The run took too long."),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_name_the_same_field() {
        let camel = FILE_DATA.field("fileUri").map(std::ptr::from_ref);
        assert!(camel.is_some());
        assert_eq!(camel, FILE_DATA.field("file_uri").map(std::ptr::from_ref));
    }
}

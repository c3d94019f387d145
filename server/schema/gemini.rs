//! The supervised tuning line of Gemini on Vertex AI: the root, its turns and their parts.
//!
//! A line has the shape of a `GenerateContentRequest` whose last turn is the target. Names, types
//! and unions: `google/cloud/aiplatform/v1/content.proto` of 2026-08-22 (`googleapis` f8291d2b);
//! keys that only the Python SDK knows: `google/genai/types.py` of 2026-08-21. What is documented
//! for tuning: the pages "Prepare data" (2025-05) and "Video tuning" (2025-09 and 2026).

pub use super::generation::{
    GENERATION_CONFIG, MEDIA_RESOLUTION, MODEL_ARMOR_CONFIG, PART_MEDIA_RESOLUTION, PART_MEDIA_RESOLUTION_LEVEL,
    SAFETY_SETTING,
};
pub use super::tools::{FUNCTION_CALL, FUNCTION_DECLARATION, FUNCTION_RESPONSE, SCHEMA, TOOL, TOOL_CONFIG};
use super::{Choice, Choices, Field, Object, Shape, Text, Union};

/// A field that the tuning documentation names, or whose parent already is what it does not name:
/// one mistake gives one finding.
pub(super) const fn documented(name: &'static str, shape: Shape, doc: &'static str, example: &'static str) -> Field {
    Field { name, shape, required: false, tuning: true, doc, example }
}

/// The same, for a field without which the object is incomplete.
pub(super) const fn required(name: &'static str, shape: Shape, doc: &'static str, example: &'static str) -> Field {
    Field { name, shape, required: true, tuning: true, doc, example }
}

/// A field that is legal, but that no page on tuning names.
pub(super) const fn legal(name: &'static str, shape: Shape, doc: &'static str, example: &'static str) -> Field {
    Field { name, shape, required: false, tuning: false, doc, example }
}

/// A value of an enum with its number on the wire.
pub(super) const fn numbered(name: &'static str, number: i64, doc: &'static str) -> Choice {
    Choice { name, number: Some(number), doc }
}

/// A value of an enum whose number no source gives.
pub(super) const fn named(name: &'static str, doc: &'static str) -> Choice {
    Choice { name, number: None, doc }
}

/// A string without further rules.
pub(super) const TEXT: Shape = Shape::String(Text::Plain);

pub(super) const SYSTEM_INSTRUCTION: Field = documented(
    "systemInstruction",
    Shape::Object(&CONTENT),
    "What the model is to be or to do in the whole conversation. Text parts only; its `role` is ignored. \
     It counts toward the 131,072 tokens of the example.",
    r#"{"parts":[{"text":""}]}"#,
);

pub(super) const TOOLS: Field = documented(
    "tools",
    Shape::List(&TOOL_SHAPE),
    "The functions the model may call in this example, each in `functionDeclarations`.",
    r#"[{"functionDeclarations":[]}]"#,
);

pub(super) const TOOL_CONFIG_FIELD: Field = legal(
    "toolConfig",
    Shape::Object(&TOOL_CONFIG),
    "Whether and which functions are to be called. Legal in a request; no page says what it does in tuning.",
    r#"{"functionCallingConfig":{"mode":"AUTO"}}"#,
);

pub(super) const GENERATION_CONFIG_FIELD: Field = documented(
    "generationConfig",
    Shape::Object(&GENERATION_CONFIG),
    "Settings of the example. Only `mediaResolution` is documented for tuning; it must have the same value in \
     every example of the training and the validation file.",
    r#"{"mediaResolution":"MEDIA_RESOLUTION_LOW"}"#,
);

pub(super) const SAFETY_SETTINGS: Field = legal(
    "safetySettings",
    Shape::List(&SAFETY_SETTING_SHAPE),
    "What the safety filters block. Not together with `modelArmorConfig`; no page says what it does in tuning.",
    "[]",
);

pub(super) const MODEL_ARMOR_CONFIG_FIELD: Field = legal(
    "modelArmorConfig",
    Shape::Object(&MODEL_ARMOR_CONFIG),
    "Model Armor templates for prompt and answer. Not together with `safetySettings`; no page says what it does \
     in tuning.",
    "{}",
);

pub(super) const LABELS: Field = legal(
    "labels",
    Shape::Map(&TEXT),
    "Free labels of the request. Keys and values have at most 63 characters: lower-case letters, digits, `_`, `-`; \
     a key starts with a letter. No page says what they do in tuning.",
    "{}",
);

pub(super) const CACHED_CONTENT: Field =
    legal("cachedContent", TEXT, "The name of a context cache. It is for inference only.", r#""""#);

pub(super) const MODEL: Field = legal(
    "model",
    TEXT,
    "The model of a request. It means nothing here: the tuning job names the model.",
    r#""gemini-2.5-flash""#,
);

/// Fields of the root that exclude each other, the same in both formats.
pub(super) static ROOT_UNIONS: [Union; 1] =
    [Union { members: &["safetySettings", "modelArmorConfig"], required: false }];

pub(super) static CONTENT_SHAPE: Shape = Shape::Object(&CONTENT);
static PART_SHAPE: Shape = Shape::Object(&PART);
static TOOL_SHAPE: Shape = Shape::Object(&TOOL);
static SAFETY_SETTING_SHAPE: Shape = Shape::Object(&SAFETY_SETTING);

/// A line of a supervised tuning file.
pub static EXAMPLE: Object = Object {
    name: "Example",
    doc: "One example of supervised tuning: a conversation whose last turn, the model's, is what is learned. \
          At most 131,072 tokens, input and output together.",
    fields: &[
        SYSTEM_INSTRUCTION,
        required(
            "contents",
            Shape::List(&CONTENT_SHAPE),
            "The turns of the conversation, oldest first. The last turn must be the model's: it is the target, the \
             answer that is learned. `user` and `model` take turns.",
            r#"[{"role":"user","parts":[{"text":""}]},{"role":"model","parts":[{"text":""}]}]"#,
        ),
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
};

/// A turn, a system instruction or a completion.
pub static CONTENT: Object = Object {
    name: "Content",
    doc: "What one side says in one turn: its role and its parts.",
    fields: &[
        documented(
            "role",
            Shape::String(Text::Role),
            "Who speaks: `user` or `model`, in lower case. A turn without a role is read as the user's. \
             In `systemInstruction` it is ignored; a turn that holds a `functionResponse` needs none.",
            r#""user""#,
        ),
        required(
            "parts",
            Shape::List(&PART_SHAPE),
            "What is said, in order: a list of text, media and function parts, also when there is only one.",
            r#"[{"text":""}]"#,
        ),
    ],
    unions: &[],
};

/// A piece of a turn.
pub static PART: Object = Object {
    name: "Part",
    doc: "One piece of a turn: text, a media file, a function call or its answer. It holds exactly one of them.",
    fields: &[
        documented(
            "fileData",
            Shape::Object(&FILE_DATA),
            "A media file by its location: `fileUri` and `mimeType`. On 2.5 models an example holds at most 1 video, \
             1 audio file, 30 images and 4 PDF files.",
            r#"{"fileUri":"gs://","mimeType":"video/mp4"}"#,
        ),
        documented(
            "videoMetadata",
            Shape::Object(&VIDEO_METADATA),
            "The segment of the video that is used. It stands beside `fileData` in the same part, never inside it.",
            r#"{"startOffset":"0s","endOffset":"10s"}"#,
        ),
        documented("text", TEXT, "Plain text. In the last turn of a supervised example it is the target.", r#""""#),
        documented(
            "inlineData",
            Shape::Object(&INLINE_DATA),
            "Media inside the line, as base64. The tuning pages document `fileData` with a `fileUri` instead.",
            r#"{"mimeType":"image/png","data":""}"#,
        ),
        documented(
            "functionCall",
            Shape::Object(&FUNCTION_CALL),
            "A function the model calls. Several parts of one model turn are parallel calls. 2.5 models have been \
             seen to refuse function calls in tuning data.",
            r#"{"name":"","args":{}}"#,
        ),
        documented(
            "functionResponse",
            Shape::Object(&FUNCTION_RESPONSE),
            "What a called function gave back. Its turn follows the call and needs no role.",
            r#"{"name":"","response":{}}"#,
        ),
        documented(
            "mediaResolution",
            Shape::Object(&PART_MEDIA_RESOLUTION),
            "The resolution of this part alone, as an object with `level`. For Gemini 3 and later, where it goes \
             before the one in `generationConfig`; for 2.5 set that one.",
            r#"{"level":"MEDIA_RESOLUTION_LOW"}"#,
        ),
        legal(
            "executableCode",
            Shape::Object(&EXECUTABLE_CODE),
            "Code the model wrote to be run. Not documented for tuning.",
            r#"{"language":"PYTHON","code":""}"#,
        ),
        legal(
            "codeExecutionResult",
            Shape::Object(&CODE_EXECUTION_RESULT),
            "What running the model's code gave. Not documented for tuning.",
            r#"{"outcome":"OUTCOME_OK","output":""}"#,
        ),
        legal(
            "thought",
            Shape::Boolean,
            "Whether the part is a thought of the model. Not documented for tuning, which learns to omit thoughts.",
            "true",
        ),
        legal(
            "thoughtSignature",
            Shape::Base64,
            "An opaque token of a thought, as base64, to be handed back at inference. Not documented for tuning.",
            r#""""#,
        ),
        legal("toolCall", Shape::Struct, "A call of a built-in tool; only the Python SDK knows it.", "{}"),
        legal("toolResponse", Shape::Struct, "What a built-in tool gave; only the Python SDK knows it.", "{}"),
        legal("partMetadata", Shape::Struct, "Free metadata of the part; only the Python SDK knows it.", "{}"),
        legal("audioTranscription", Shape::Any, "A transcript of audio; only the Python SDK knows it.", "{}"),
    ],
    // `toolCall` and `toolResponse` are data too where they exist, so a part that has one is not empty.
    unions: &[Union {
        members: &[
            "text",
            "inlineData",
            "fileData",
            "functionCall",
            "functionResponse",
            "executableCode",
            "codeExecutionResult",
            "toolCall",
            "toolResponse",
        ],
        required: true,
    }],
};

/// A media file by its location.
pub static FILE_DATA: Object = Object {
    name: "FileData",
    doc: "A media file by its location.",
    fields: &[
        required(
            "fileUri",
            Shape::String(Text::FileUri),
            "Where the file is: a Cloud Storage object (`gs://bucket/object`) in a bucket the service can read, or a \
             public `http(s)` URL. At most 100 MB a video or audio file, 20 MB an image or PDF. A video is at most \
             20 minutes long at LOW, 5 minutes at MEDIUM or HIGH; a longer one drops the example.",
            r#""gs://""#,
        ),
        required(
            "mimeType",
            Shape::String(Text::MimeType),
            "The media type of the file, such as `video/mp4`, `video/quicktime` (`.mov`), `image/jpeg`, `audio/mp3` \
             or `application/pdf`. No wildcards.",
            r#""video/mp4""#,
        ),
        legal("displayName", TEXT, "A name for the file; only the Python SDK knows it here.", r#""""#),
    ],
    unions: &[],
};

/// Media inside the line.
pub static INLINE_DATA: Object = Object {
    name: "Blob",
    doc: "Media inside the line, as base64.",
    fields: &[
        required(
            "mimeType",
            Shape::String(Text::MimeType),
            "The media type of the bytes, such as `image/png`.",
            r#""image/png""#,
        ),
        required("data", Shape::Base64, "The bytes as base64, standard or URL-safe, padded or not.", r#""""#),
        legal("displayName", TEXT, "A name for the data; only the Python SDK knows it here.", r#""""#),
    ],
    unions: &[],
};

/// The segment of a video.
pub static VIDEO_METADATA: Object = Object {
    name: "VideoMetadata",
    doc: "The segment of the video that is used, beside the `fileData` (or `inlineData`) of the same part. A segment \
          is at most 20 minutes long at LOW, 5 minutes at MEDIUM or HIGH.",
    fields: &[
        documented(
            "startOffset",
            Shape::Duration,
            "Where the segment starts in that file: decimal seconds ending in `s`, such as `\"90s\"` or `\"12.5s\"`. \
             Not a number, not `1:30`. Absent, it is the start of the video.",
            r#""0s""#,
        ),
        documented(
            "endOffset",
            Shape::Duration,
            "Where the segment ends in that file: decimal seconds ending in `s`, such as `\"90s\"` or `\"12.5s\"`, \
             after `startOffset`. Absent, it is the end of the video.",
            r#""10s""#,
        ),
        legal(
            "fps",
            Shape::Number,
            "Frames that are taken of each second: more than 0, at most 24; 1 if absent. No page on tuning names it.",
            "1.0",
        ),
    ],
    unions: &[],
};

static EXECUTABLE_CODE: Object = Object {
    name: "ExecutableCode",
    doc: "Code the model wrote to be run.",
    fields: &[
        required("language", Shape::Enum(&LANGUAGE), "The language of the code.", r#""PYTHON""#),
        required("code", TEXT, "The code itself.", r#""""#),
    ],
    unions: &[],
};

static LANGUAGE: Choices = Choices {
    name: "Language",
    values: &[numbered("LANGUAGE_UNSPECIFIED", 0, "Not said."), numbered("PYTHON", 1, "Python.")],
};

static CODE_EXECUTION_RESULT: Object = Object {
    name: "CodeExecutionResult",
    doc: "What running the model's code gave.",
    fields: &[
        required("outcome", Shape::Enum(&OUTCOME), "How the run ended.", r#""OUTCOME_OK""#),
        documented("output", TEXT, "What the code printed, or its error.", r#""""#),
    ],
    unions: &[],
};

static OUTCOME: Choices = Choices {
    name: "Outcome",
    values: &[
        numbered("OUTCOME_UNSPECIFIED", 0, "Not said."),
        numbered("OUTCOME_OK", 1, "The run succeeded."),
        numbered("OUTCOME_FAILED", 2, "The run failed."),
        numbered("OUTCOME_DEADLINE_EXCEEDED", 3, "The run took too long."),
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

//! The supervised chat line of OpenAI: `messages`, their parts and calls, and `tools`.
//!
//! `FineTuneChatRequestInput` of openai/openai-openapi (2025-05) and the developer guides (2026-06). Where reports on
//! the training validator's answers disagree with them, the reports decide.

use crate::schema::{Choice, Choices, Destination, Extra, Field, Home, Means, Object, Shape, Tagged, Union};

/// A line of a supervised file.
pub(super) static CHAT: Object = Object {
    name: "ChatExample",
    noun: "example",
    doc: "One example of supervised fine-tuning: a conversation. The model learns every `assistant` message unless \
          its `weight` is 0.",
    fields: &[MESSAGES, TOOLS, PARALLEL_TOOL_CALLS, FUNCTIONS],
    ordered: 4,
    homes: &HOMES,
    ..Object::EXACT
};

pub(super) const MESSAGES: Field = Field::required(
    "messages",
    Shape::List(&MESSAGE_SHAPE),
    "The conversation, oldest first. Every `assistant` message is a target unless its `weight` is 0.",
)
.example(r#"[{"role":"user","content":""},{"role":"assistant","content":""}]"#)
.means(Means::Conversation)
.aliases(&["conversation", "conversations", "turns"])
.if_missing("the service rejects the line with \"missing key 'messages'\"");

pub(super) const TOOLS: Field = Field::documented(
    "tools",
    Shape::List(&TOOL_SHAPE),
    "The functions that the model may call in this example. Repeat them in each line that needs them.",
)
.example(r#"[{"type":"function","function":{"name":"","parameters":{"type":"object","properties":{}}}}]"#)
.means(Means::Tools);

pub(super) const PARALLEL_TOOL_CALLS: Field = Field::documented(
    "parallel_tool_calls",
    Shape::Boolean,
    "Whether the model may make several calls in one turn. Set `false` to teach one call at a time.",
);

const FUNCTIONS: Field = Field::documented(
    "functions",
    Shape::List(&FUNCTION_SHAPE),
    "The old form of `tools`, a list of bare functions. Use `tools`.",
)
.example(r#"[{"name":"","parameters":{"type":"object","properties":{}}}]"#)
.means(Means::Tools);

/// Fields that are often put into the wrong object.
pub(super) static HOMES: [Home; 8] = [
    WEIGHT_HOME,
    ROLE_HOME,
    CONTENT_HOME,
    TOOL_CALLS_HOME,
    TOOL_CALL_ID_HOME,
    SYSTEM_HOME,
    SYSTEM_INSTRUCTION_HOME,
    home("tools", "ChatExample", "the top level of the line", Destination::Root),
];

/// The same for a preference line, whose prompt is inside `input`.
pub(super) static PREFERENCE_HOMES: [Home; 10] = [
    WEIGHT_HOME,
    ROLE_HOME,
    CONTENT_HOME,
    TOOL_CALLS_HOME,
    TOOL_CALL_ID_HOME,
    SYSTEM_HOME,
    SYSTEM_INSTRUCTION_HOME,
    home("messages", "PreferenceInput", "`input`", IN_INPUT),
    home("tools", "PreferenceInput", "`input`", IN_INPUT),
    home("parallel_tool_calls", "PreferenceInput", "`input`", IN_INPUT),
];

const WEIGHT_HOME: Home = home("weight", "AssistantMessage", "an `assistant` message", Destination::Unclear);
const ROLE_HOME: Home = home("role", "Message", "a message of `messages`", Destination::Unclear);
const CONTENT_HOME: Home = home("content", "Message", "a message of `messages`", Destination::Unclear);
const TOOL_CALLS_HOME: Home = home("tool_calls", "AssistantMessage", "an `assistant` message", Destination::Unclear);
const TOOL_CALL_ID_HOME: Home = home("tool_call_id", "ToolMessage", "a `tool` message", Destination::Unclear);
const SYSTEM_HOME: Home = home("system", "SystemMessage", "a `system` message", Destination::Unclear);
const SYSTEM_INSTRUCTION_HOME: Home =
    home("systemInstruction", "SystemMessage", "a `system` message", Destination::Unclear);
const IN_INPUT: Destination = Destination::MemberOfRoot("input");

const fn home(field: &'static str, object: &'static str, place: &'static str, to: Destination) -> Home {
    Home { field, object, place, to }
}

static TOOL_SHAPE: Shape = Shape::Object(&TOOL);
static FUNCTION_SHAPE: Shape = Shape::Object(&FUNCTION);
static TOOL_CALL_SHAPE: Shape = Shape::Object(&TOOL_CALL);

/// A message, whose fields depend on its role.
pub(super) static MESSAGE_SHAPE: Shape = Shape::Tagged(&MESSAGE);

static MESSAGE: Tagged = Tagged {
    tag: "role",
    cases: &[
        ("user", &USER_MESSAGE),
        ("assistant", &ASSISTANT_MESSAGE),
        ("system", &SYSTEM_MESSAGE),
        ("tool", &TOOL_MESSAGE),
        ("developer", &SYSTEM_MESSAGE),
        ("function", &FUNCTION_MESSAGE),
    ],
    otherwise: &ANY_MESSAGE,
};

/// The defaults of a message.
const A_MESSAGE: Object = Object { noun: "message", means: Means::Turn, ordered: 2, ..Object::EXACT };

const ROLE: Field = Field::documented(
    "role",
    Shape::String,
    "The speaker: `system`, `user`, `assistant` or `tool`. Every message needs a role.",
)
.example(r#""user""#)
.means(Means::Speaker)
.aliases(&["from"]);

const NAME: Field = Field::documented("name", Shape::String, "A name that distinguishes speakers with the same role.");

const WEIGHT: Field = Field::documented(
    "weight",
    Shape::Any,
    "Whether the model learns the message: 1 (the default) or 0. Only `assistant` messages have a weight.",
)
.example("1")
.means(Means::Weight);

const TOOL_CALLS: Field = Field::documented(
    "tool_calls",
    Shape::List(&TOOL_CALL_SHAPE),
    "The calls that the model makes. A `tool` message with the call's id must answer each one, unless the example ends \
     with it.",
)
.example(r#"[{"id":"call_1","type":"function","function":{"name":"","arguments":"{}"}}]"#);

const FUNCTION_CALL: Field =
    Field::documented("function_call", Shape::Object(&CALLED), "The old form of `tool_calls`: one call without an id.")
        .example(CALLED_EXAMPLE)
        .means(Means::Call);

const CALLED_EXAMPLE: &str = r#"{"name":"","arguments":"{}"}"#;

static ANY_MESSAGE: Object = Object {
    name: "Message",
    doc: "One message of the conversation: its speaker and its content.",
    fields: &[
        ROLE,
        content(&TEXT_OR_PARTS),
        NAME,
        WEIGHT,
        TOOL_CALLS,
        FUNCTION_CALL,
        Field::documented("tool_call_id", Shape::String, "The id of the call that a tool answers.").example(CALL_ID),
        REFUSAL,
    ],
    ..A_MESSAGE
};

static SYSTEM_MESSAGE: Object = Object {
    name: "SystemMessage",
    doc: "Instructions for the whole conversation.",
    fields: &[
        ROLE,
        Field { required: true, ..content(&Shape::OneOf(&[Shape::String, Shape::List(&INSTRUCTION_PART_SHAPE)])) },
        NAME,
    ],
    ..A_MESSAGE
};

static USER_MESSAGE: Object = Object {
    name: "UserMessage",
    doc: "What the user says: a text, or a list of text and image parts.",
    fields: &[ROLE, Field { required: true, ..content(&TEXT_OR_PARTS) }, NAME],
    ..A_MESSAGE
};

static ASSISTANT_MESSAGE: Object = Object {
    name: "AssistantMessage",
    doc: "What the model answers: a text, or function calls. The model learns it unless its `weight` is 0.",
    fields: &[
        ROLE,
        content(&TEXT_OR_PARTS),
        WEIGHT,
        TOOL_CALLS,
        NAME,
        REFUSAL,
        FUNCTION_CALL,
        Field::legal("audio", Shape::Struct, "Audio of an earlier answer. It is not for training."),
        Field::legal("reasoning_content", Shape::String, "The model's thoughts; some trainers read it."),
        Field::legal("reasoning", Shape::String, "The model's thoughts; some trainers read it."),
    ],
    unions: &[Union {
        members: &["content", "tool_calls", "function_call", "refusal"],
        required: true,
        exclusive: false,
    }],
    ..A_MESSAGE
};

static TOOL_MESSAGE: Object = Object {
    name: "ToolMessage",
    doc: "The result of a function call.",
    fields: &[
        ROLE,
        Field::required(
            "tool_call_id",
            Shape::String,
            "The id of the call that it answers, in an earlier `assistant` message.",
        )
        .example(CALL_ID)
        .means(Means::ResultId)
        .aliases(&["id", "call_id"]),
        Field { required: true, ..content(&Shape::String) },
        Field::documented("name", Shape::String, "The name of the function.").means(Means::ResultName),
    ],
    ordered: 3,
    ..A_MESSAGE
};

static FUNCTION_MESSAGE: Object = Object {
    name: "FunctionMessage",
    doc: "The result of a function call, in the old form.",
    fields: &[
        ROLE,
        Field::required("name", Shape::String, "The name of the function.").means(Means::ResultName),
        content(&Shape::String),
    ],
    ordered: 3,
    ..A_MESSAGE
};

const CALL_ID: &str = r#""call_1""#;

static TEXT_OR_PARTS: Shape = Shape::OneOf(&[Shape::String, Shape::List(&PART_SHAPE)]);

const fn content(shape: &Shape) -> Field {
    Field::documented("content", *shape, "What is said: a text, or a list of parts.")
        .example(r#""""#)
        .means(Means::Content)
        .aliases(&["text", "value", "parts", "message"])
}

const REFUSAL: Field = Field::documented("refusal", Shape::String, "The model's words of refusal.");

static PART_SHAPE: Shape = Shape::Tagged(&PART);

static PART: Tagged = Tagged {
    tag: "type",
    cases: &[("text", &TEXT_PART), ("image_url", &IMAGE_PART), ("refusal", &REFUSAL_PART)],
    otherwise: &ANY_PART,
};

/// A part of instructions: a text. A rule reports an image there.
static INSTRUCTION_PART_SHAPE: Shape = Shape::Tagged(&INSTRUCTION_PART);

static INSTRUCTION_PART: Tagged =
    Tagged { tag: "type", cases: &[("text", &TEXT_PART), ("image_url", &IMAGE_PART)], otherwise: &TEXT_PART };

/// The defaults of a part.
const A_PART: Object = Object { noun: "part", means: Means::Part, ordered: 2, ..Object::EXACT };

const TYPE: Field =
    Field::required("type", Shape::Enum(&PART_TYPE), "The kind of part.").example(r#""text""#).means(Means::Tag);

static PART_TYPE: Choices = Choices {
    name: "part type",
    values: &[
        Choice::named("text", "Text."),
        Choice::named("image_url", "An image by its location, in `user` messages."),
        Choice::named("refusal", "The model refuses, in `assistant` messages."),
    ],
};

const TEXT: Field = Field::required("text", Shape::String, "The text.").means(Means::Text);

const IMAGE: Field = Field::required(
    "image_url",
    Shape::Object(&IMAGE_URL),
    "The location of the image. At most 10 images an example, 10 MB each: JPEG, PNG or WEBP.",
)
.example(r#"{"url":"https://"}"#)
.means(Means::Image);

static ANY_PART: Object = Object {
    name: "Part",
    doc: "One piece of a message: a text or an image.",
    fields: &[TYPE, Field { required: false, ..TEXT }, Field { required: false, ..IMAGE }, REFUSAL],
    ordered: 1,
    extra: Extra::Ignored,
    ..A_PART
};

static TEXT_PART: Object = Object { name: "TextPart", doc: "A text.", fields: &[TYPE, TEXT], ..A_PART };

static IMAGE_PART: Object =
    Object { name: "ImagePart", doc: "An image by its location.", fields: &[TYPE, IMAGE], ..A_PART };

static REFUSAL_PART: Object = Object {
    name: "RefusalPart",
    doc: "The model's words of refusal.",
    fields: &[TYPE, Field { required: true, ..REFUSAL }],
    ..A_PART
};

static IMAGE_URL: Object = Object {
    name: "ImageUrl",
    noun: "location",
    doc: "The location of an image.",
    fields: &[
        Field::required("url", Shape::String, "A public http(s) URL, or the image itself as a `data:` URL.")
            .example(r#""https://""#)
            .means(Means::Location),
        Field::documented(
            "detail",
            Shape::Enum(&DETAIL),
            "How closely the model looks at the image: `low` costs 85 tokens.",
        )
        .example(r#""low""#),
    ],
    ordered: 2,
    ..Object::EXACT
};

static DETAIL: Choices = Choices {
    name: "detail",
    values: &[
        Choice::named("auto", "The model decides."),
        Choice::named("low", "85 tokens."),
        Choice::named("high", "More tokens, depending on the size of the image."),
    ],
};

static TOOL_CALL: Object = Object {
    name: "ToolCall",
    noun: "call",
    doc: "A function that the model calls.",
    means: Means::Call,
    fields: &[
        Field::required("id", Shape::String, "An id that the result repeats.").example(CALL_ID).means(Means::CallId),
        FUNCTION_TYPE,
        Field::required("function", Shape::Object(&CALLED), "The function, with its arguments.")
            .example(CALLED_EXAMPLE),
    ],
    ordered: 3,
    extra: Extra::Unclear,
    ..Object::EXACT
};

const FUNCTION_TYPE: Field = Field::required("type", Shape::Enum(&FUNCTION_TYPES), "Always `function`.")
    .example(r#""function""#)
    .means(Means::Tag);

static FUNCTION_TYPES: Choices = Choices { name: "type", values: &[Choice::named("function", "A function.")] };

static CALLED: Object = Object {
    name: "FunctionCall",
    noun: "call",
    doc: "The name of a called function, and its arguments.",
    fields: &[
        Field::required("name", Shape::String, "The function's name, as declared in `tools`.").means(Means::CallName),
        Field::required(
            "arguments",
            Shape::OneOf(&[Shape::JsonText, Shape::Struct]),
            "The arguments by name, as a string that holds a JSON object; some trainers expect the object itself.",
        )
        .example(r#""{}""#)
        .means(Means::Arguments),
    ],
    ordered: 2,
    ..Object::EXACT
};

static TOOL: Object = Object {
    name: "Tool",
    noun: "tool",
    doc: "A function that the model may call.",
    fields: &[
        FUNCTION_TYPE,
        Field::required("function", Shape::Object(&FUNCTION), "The function: its name, its purpose, its parameters.")
            .example(r#"{"name":"","parameters":{"type":"object","properties":{}}}"#)
            .means(Means::Declarations)
            .aliases(&["functionDeclarations", "function_declarations"]),
    ],
    ordered: 2,
    extra: Extra::Unclear,
    ..Object::EXACT
};

static FUNCTION: Object = Object {
    name: "Function",
    noun: "function",
    doc: "A function that the model may call: its name, its purpose, its parameters.",
    fields: &[
        Field::required(
            "name",
            Shape::String,
            "The function's name: letters, digits, `_`, `-` and `.`; at most 64 characters.",
        )
        .means(Means::DeclaredName),
        Field::documented("description", Shape::String, "What the function does, for the model to read."),
        Field::documented("parameters", Shape::Struct, "The parameters, as a JSON Schema of an object.")
            .example(r#"{"type":"object","properties":{}}"#)
            .aliases(&["input_schema", "inputSchema"]),
        Field::documented("strict", Shape::Boolean, "Whether calls follow the schema exactly.").example("true"),
    ],
    ordered: 3,
    extra: Extra::Unclear,
    ..Object::EXACT
};

/// Whether a text can be the name of a function. The documentation doesn't name the dot; the service's answer of 2025-06
/// does.
pub(super) fn is_function_name(text: &str) -> bool {
    let is_legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    !text.is_empty() && text.chars().all(is_legal) && text.len() <= 64
}

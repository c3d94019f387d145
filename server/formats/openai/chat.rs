//! The supervised chat line of OpenAI: `messages`, their parts and calls, and `tools`.
//!
//! `FineTuneChatRequestInput` of openai/openai-openapi (2025-05) and the developer guides (2026-06). Where the
//! training validator is reported to differ, its answers to users decide.

use crate::schema::{Choice, Choices, Destination, Extra, Field, Home, Means, Object, Shape, Tagged, Union};

/// A line of a supervised file.
pub static CHAT: Object = Object {
    name: "ChatExample",
    noun: "example",
    doc: "One example of supervised fine-tuning: a conversation. Every message of the assistant is learned unless its \
          `weight` is 0.",
    fields: &[MESSAGES, TOOLS, PARALLEL_TOOL_CALLS, FUNCTIONS],
    ordered: 4,
    homes: &HOMES,
    ..Object::EXACT
};

pub(super) const MESSAGES: Field = Field::required(
    "messages",
    Shape::List(&MESSAGE_SHAPE),
    "The conversation, oldest first; every assistant message is a target unless its weight is 0.",
    r#"[{"role":"user","content":""},{"role":"assistant","content":""}]"#,
)
.means(Means::Conversation)
.aliases(&["conversation", "conversations", "turns"])
.if_missing("the service answers \"Example 1 is missing key 'messages'\"");

pub(super) const TOOLS: Field = Field::documented(
    "tools",
    Shape::List(&TOOL_SHAPE),
    "The functions the model may call in this example; repeat them in each line that needs them.",
    r#"[{"type":"function","function":{"name":"","parameters":{"type":"object","properties":{}}}}]"#,
)
.means(Means::Tools);

pub(super) const PARALLEL_TOOL_CALLS: Field = Field::documented(
    "parallel_tool_calls",
    Shape::Boolean,
    "Whether the model may make several calls in one turn; set false to teach one call at a time.",
    "false",
);

const FUNCTIONS: Field = Field::documented(
    "functions",
    Shape::List(&FUNCTION_SHAPE),
    "The old form of `tools`, each entry a bare function; use `tools`.",
    r#"[{"name":"","parameters":{"type":"object","properties":{}}}]"#,
)
.means(Means::Tools);

/// Fields that people put into the wrong object.
pub(super) static HOMES: [Home; 6] = [
    home("weight", "AssistantMessage", "a message of the assistant"),
    home("role", "Message", "a message of `messages`"),
    home("content", "Message", "a message of `messages`"),
    home("tool_calls", "AssistantMessage", "a message of the assistant"),
    home("tool_call_id", "ToolMessage", "a message of a tool"),
    Home { field: "tools", object: "ChatExample", place: "the top level of the line", to: Destination::Root },
];

const fn home(field: &'static str, object: &'static str, place: &'static str) -> Home {
    Home { field, object, place, to: Destination::Unclear }
}

static TOOL_SHAPE: Shape = Shape::Object(&TOOL);
static FUNCTION_SHAPE: Shape = Shape::Object(&FUNCTION);
static TOOL_CALL_SHAPE: Shape = Shape::Object(&TOOL_CALL);

/// A message: its role says which fields it has.
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

const ROLE: Field = Field::documented(
    "role",
    Shape::String,
    "Who speaks: `system`, `user`, `assistant` or `tool`. Every message needs a role.",
    r#""user""#,
)
.means(Means::Speaker);

const NAME: Field =
    Field::documented("name", Shape::String, "A name that tells speakers with the same role apart.", r#""""#);

const WEIGHT: Field = Field::documented(
    "weight",
    Shape::Any,
    "Whether the message is learned: 1 (the default) or 0. Only messages of the assistant have a weight.",
    "1",
)
.means(Means::Weight);

const TOOL_CALLS: Field = Field::documented(
    "tool_calls",
    Shape::List(&TOOL_CALL_SHAPE),
    "The calls the model makes. Each is answered by a `tool` message with its id, unless it ends the example.",
    r#"[{"id":"call_1","type":"function","function":{"name":"","arguments":"{}"}}]"#,
);

const FUNCTION_CALL: Field = Field::documented(
    "function_call",
    Shape::Object(&CALLED),
    "The old form of `tool_calls`: one call without an id.",
    r#"{"name":"","arguments":"{}"}"#,
)
.means(Means::Call);

/// A message of which the role does not say what it is.
static ANY_MESSAGE: Object = Object {
    name: "Message",
    noun: "message",
    doc: "One message of the conversation: who speaks, and what is said.",
    means: Means::Turn,
    fields: &[
        ROLE,
        content(Shape::OneOf(&[Shape::String, Shape::List(&PART_SHAPE)])),
        NAME,
        WEIGHT,
        TOOL_CALLS,
        FUNCTION_CALL,
        Field::documented("tool_call_id", Shape::String, "The id of the call that a tool answers.", r#""call_1""#),
        REFUSAL,
    ],
    ordered: 2,
    ..Object::EXACT
};

static SYSTEM_MESSAGE: Object = Object {
    name: "SystemMessage",
    noun: "message",
    doc: "What the model is to be or to do in the whole conversation.",
    means: Means::Turn,
    fields: &[
        ROLE,
        Field { required: true, ..content(Shape::OneOf(&[Shape::String, Shape::List(&TEXT_PART_SHAPE)])) },
        NAME,
    ],
    ordered: 2,
    ..Object::EXACT
};

static USER_MESSAGE: Object = Object {
    name: "UserMessage",
    noun: "message",
    doc: "What the user says: a text, or a list of text and image parts.",
    means: Means::Turn,
    fields: &[
        ROLE,
        Field { required: true, ..content(Shape::OneOf(&[Shape::String, Shape::List(&PART_SHAPE)])) },
        NAME,
    ],
    ordered: 2,
    ..Object::EXACT
};

pub(super) static ASSISTANT_MESSAGE: Object = Object {
    name: "AssistantMessage",
    noun: "message",
    doc: "What the model answers: a text, or calls of functions. It is learned unless its `weight` is 0.",
    means: Means::Turn,
    fields: &[
        ROLE,
        content(Shape::OneOf(&[Shape::String, Shape::List(&PART_SHAPE)])),
        WEIGHT,
        TOOL_CALLS,
        NAME,
        REFUSAL,
        FUNCTION_CALL,
        Field::legal("audio", Shape::Struct, "Audio of an earlier answer. It is not for training.", "{}"),
        Field::legal("reasoning_content", Shape::String, "The model's thoughts; some trainers read it.", r#""""#),
        Field::legal("reasoning", Shape::String, "The model's thoughts; some trainers read it.", r#""""#),
    ],
    ordered: 2,
    unions: &[Union::at_least_one(&["content", "tool_calls", "function_call", "refusal"])],
    ..Object::EXACT
};

static TOOL_MESSAGE: Object = Object {
    name: "ToolMessage",
    noun: "message",
    doc: "What a called function gave back.",
    means: Means::Turn,
    fields: &[
        ROLE,
        Field::required(
            "tool_call_id",
            Shape::String,
            "The id of the call it answers, in an earlier message of the assistant.",
            r#""call_1""#,
        )
        .means(Means::ResultId),
        Field { required: true, ..content(Shape::String) },
        NAME,
    ],
    ordered: 3,
    ..Object::EXACT
};

static FUNCTION_MESSAGE: Object = Object {
    name: "FunctionMessage",
    noun: "message",
    doc: "What a called function gave back, in the old form.",
    means: Means::Turn,
    fields: &[
        ROLE,
        Field::required("name", Shape::String, "The name of the function.", r#""""#).means(Means::ResultName),
        content(Shape::String),
    ],
    ordered: 3,
    ..Object::EXACT
};

const fn content(shape: Shape) -> Field {
    Field::documented("content", shape, "What is said: a text, or a list of parts.", r#""""#)
        .means(Means::Content)
        .aliases(&["text", "value", "parts"])
}

const REFUSAL: Field = Field::documented("refusal", Shape::String, "What the model says to refuse.", r#""""#);

static PART_SHAPE: Shape = Shape::Tagged(&PART);

static PART: Tagged = Tagged {
    tag: "type",
    cases: &[("text", &TEXT_PART), ("image_url", &IMAGE_PART), ("refusal", &REFUSAL_PART)],
    otherwise: &ANY_PART,
};

/// A part of instructions: a text. That an image is in the wrong message is a rule's to say.
static TEXT_PART_SHAPE: Shape = Shape::Tagged(&INSTRUCTION_PART);

static INSTRUCTION_PART: Tagged =
    Tagged { tag: "type", cases: &[("text", &TEXT_PART), ("image_url", &IMAGE_PART)], otherwise: &TEXT_PART };

const TYPE: Field =
    Field::required("type", Shape::Enum(&PART_TYPE), "What the part is.", r#""text""#).means(Means::Tag);

static PART_TYPE: Choices = Choices {
    name: "part type",
    values: &[
        Choice::named("text", "Text."),
        Choice::named("image_url", "An image by its location, in messages of the user."),
        Choice::named("refusal", "The model refuses, in messages of the assistant."),
    ],
};

const TEXT: Field = Field::required("text", Shape::String, "The text.", r#""""#).means(Means::Text);

const IMAGE: Field = Field::required(
    "image_url",
    Shape::Object(&IMAGE_URL),
    "Where the image is. At most 10 images an example, 10 MB each: JPEG, PNG or WEBP.",
    r#"{"url":"https://"}"#,
)
.means(Means::Image);

static ANY_PART: Object = Object {
    name: "Part",
    noun: "part",
    doc: "One piece of a message: a text or an image.",
    means: Means::Part,
    fields: &[TYPE, Field { required: false, ..TEXT }, Field { required: false, ..IMAGE }, REFUSAL],
    ordered: 1,
    extra: Extra::Ignored,
    ..Object::EXACT
};

static TEXT_PART: Object = Object {
    name: "TextPart",
    noun: "part",
    doc: "A text.",
    means: Means::Part,
    fields: &[TYPE, TEXT],
    ordered: 2,
    ..Object::EXACT
};

static IMAGE_PART: Object = Object {
    name: "ImagePart",
    noun: "part",
    doc: "An image by its location.",
    means: Means::Part,
    fields: &[TYPE, IMAGE],
    ordered: 2,
    ..Object::EXACT
};

static REFUSAL_PART: Object = Object {
    name: "RefusalPart",
    noun: "part",
    doc: "What the model says to refuse.",
    means: Means::Part,
    fields: &[TYPE, Field { required: true, ..REFUSAL }],
    ordered: 2,
    ..Object::EXACT
};

static IMAGE_URL: Object = Object {
    name: "ImageUrl",
    noun: "location",
    doc: "Where an image is.",
    fields: &[
        Field::required(
            "url",
            Shape::String,
            "A public http(s) URL, or the image itself as `data:` URL.",
            r#""https://""#,
        )
        .means(Means::Location),
        Field::documented(
            "detail",
            Shape::Enum(&DETAIL),
            "How closely the image is looked at: `low` costs 85 tokens.",
            r#""low""#,
        ),
    ],
    ordered: 2,
    ..Object::EXACT
};

static DETAIL: Choices = Choices {
    name: "detail",
    values: &[
        Choice::named("auto", "The model decides."),
        Choice::named("low", "85 tokens."),
        Choice::named("high", "More tokens, by the size of the image."),
    ],
};

static TOOL_CALL: Object = Object {
    name: "ToolCall",
    noun: "call",
    doc: "A function the model calls.",
    means: Means::Call,
    fields: &[
        Field::required("id", Shape::String, "An id that the answer repeats.", r#""call_1""#).means(Means::CallId),
        Field::required("type", Shape::Enum(&FUNCTION_TYPE), "Always `function`.", r#""function""#).means(Means::Tag),
        Field::required(
            "function",
            Shape::Object(&CALLED),
            "Which function, with its arguments.",
            r#"{"name":"","arguments":"{}"}"#,
        ),
    ],
    ordered: 3,
    extra: Extra::Ignored,
    ..Object::EXACT
};

static FUNCTION_TYPE: Choices = Choices { name: "type", values: &[Choice::named("function", "A function.")] };

static CALLED: Object = Object {
    name: "FunctionCall",
    noun: "call",
    doc: "The name of a called function, and its arguments.",
    fields: &[
        Field::required("name", Shape::String, "The function's name, as declared in `tools`.", r#""""#)
            .means(Means::CallName),
        Field::required(
            "arguments",
            Shape::OneOf(&[Shape::JsonText, Shape::Struct]),
            "The arguments by name, as a string that holds a JSON object; some trainers expect the object itself.",
            r#""{}""#,
        )
        .means(Means::Arguments),
    ],
    ordered: 2,
    ..Object::EXACT
};

static TOOL: Object = Object {
    name: "Tool",
    noun: "tool",
    doc: "A function the model may call.",
    fields: &[
        Field::required("type", Shape::Enum(&FUNCTION_TYPE), "Always `function`.", r#""function""#).means(Means::Tag),
        Field::required(
            "function",
            Shape::Object(&FUNCTION),
            "The function: its name, what it does, its parameters.",
            r#"{"name":"","parameters":{"type":"object","properties":{}}}"#,
        )
        .means(Means::Declarations),
    ],
    ordered: 2,
    extra: Extra::Ignored,
    ..Object::EXACT
};

static FUNCTION: Object = Object {
    name: "Function",
    noun: "function",
    doc: "A function the model may call: its name, what it does, its parameters.",
    fields: &[
        Field::required(
            "name",
            Shape::String,
            "The function's name: letters, digits, `_` and `-`; at most 64 characters.",
            r#""""#,
        )
        .means(Means::DeclaredName),
        Field::documented("description", Shape::String, "What the function does, for the model to read.", r#""""#),
        Field::documented(
            "parameters",
            Shape::Struct,
            "The parameters, as a JSON Schema of an object.",
            r#"{"type":"object","properties":{}}"#,
        ),
        Field::documented("strict", Shape::Boolean, "Whether calls follow the schema exactly.", "true"),
    ],
    ordered: 3,
    extra: Extra::Ignored,
    ..Object::EXACT
};

//! Functions: their declarations in `tools`, and their calls and results in the turns.
//!
//! `google/cloud/aiplatform/v1/{tool,openapi}.proto` of 2026-08-22 and the page "Tune function calling" (2025-05 and
//! 2026), which shows only `functionDeclarations`. The built-in tools are listed for completeness; their settings are
//! any object, since no page uses them in tuning.

use crate::schema::{Choice, Choices, Field, Means, Object, Shape, Union};

const OBJECT_SCHEMA: &str = r#"{"type":"OBJECT","properties":{}}"#;
const OBJECT_JSON_SCHEMA: &str = r#"{"type":"object","properties":{}}"#;

/// An element of `tools`.
pub(super) static TOOL: Object = Object {
    name: "Tool",
    doc: "What the model may use. For tuning, only `functionDeclarations` is documented.",
    fields: &[
        Field::documented(
            "functionDeclarations",
            Shape::List(&Shape::Object(&FUNCTION_DECLARATION)),
            "The functions that the model may call; at most 128.",
        )
        .example(r#"[{"name":"","description":"","parameters":{"type":"OBJECT","properties":{}}}]"#)
        .means(Means::Declarations)
        .aliases(&["function", "functions"]),
        Field::legal("retrieval", Shape::Struct, "Retrieval from a data store."),
        Field::legal("googleSearch", Shape::Struct, "Google Search."),
        Field::legal("googleSearchRetrieval", Shape::Struct, "Older Google Search."),
        Field::legal("googleMaps", Shape::Struct, "Google Maps."),
        Field::legal("enterpriseWebSearch", Shape::Struct, "Web search for enterprises."),
        Field::legal("parallelAiSearch", Shape::Struct, "Search by Parallel."),
        Field::legal("exaAiSearch", Shape::Struct, "Search by Exa."),
        Field::legal("codeExecution", Shape::Struct, "Running code."),
        Field::legal("urlContext", Shape::Struct, "Reading URLs."),
        Field::legal("computerUse", Shape::Struct, "Using a computer."),
    ],
    ..Object::PROTO_JSON
};

/// A function that the model may call.
pub static FUNCTION_DECLARATION: Object = Object {
    name: "FunctionDeclaration",
    doc: "A function that the model may call: its name, its purpose, its parameters.",
    fields: &[
        Field::required(
            "name",
            Shape::String,
            "The function's name: a letter or `_` first, then letters, digits, `_`, `.`, `:` or `-`; at most 64 characters.",
        )
        .means(Means::DeclaredName),
        Field::documented(
            "description",
            Shape::String,
            "What the function does. The model reads it to decide when to call the function.",
        ),
        Field::documented(
            "parameters",
            Shape::Object(&SCHEMA),
            "The parameters, as a schema of type `OBJECT`. Not allowed together with `parametersJsonSchema`.",
        )
        .example(OBJECT_SCHEMA),
        Field::legal(
            "parametersJsonSchema",
            Shape::Any,
            "The parameters as JSON Schema. Not allowed together with `parameters`.",
        )
        .example(OBJECT_JSON_SCHEMA),
        Field::legal(
            "response",
            Shape::Object(&SCHEMA),
            "The function's result, as a schema. Not allowed together with `responseJsonSchema`.",
        )
        .example(OBJECT_SCHEMA),
        Field::legal(
            "responseJsonSchema",
            Shape::Any,
            "The function's result, as JSON Schema. Not allowed together with `response`.",
        )
        .example(OBJECT_JSON_SCHEMA),
    ],
    unions: &[
        Union::at_most_one(&["parameters", "parametersJsonSchema"]),
        Union::at_most_one(&["response", "responseJsonSchema"]),
    ],
    ..Object::PROTO_JSON
};

/// Whether a text can be the name of a function. The documentation doesn't name the colon; the service's answers since
/// 2025 do.
pub(super) fn is_function_name(text: &str) -> bool {
    let is_first = |letter: char| letter.is_ascii_alphabetic() || letter == '_';
    let is_legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | ':' | '-');
    text.starts_with(is_first) && text.chars().all(is_legal) && text.len() <= 64
}

/// The service's subset of an OpenAPI 3.0 schema. The tuning pages call it that and show some of its keys, so all
/// count as documented.
pub static SCHEMA: Object = Object {
    name: "Schema",
    doc: "The type of a value, in the service's subset of OpenAPI 3.0.",
    fields: &[
        Field::documented("type", Shape::Enum(&TYPE), "The type of the value, in capitals.").example(r#""STRING""#),
        Field::documented("description", Shape::String, "What the value means, for the model to read."),
        Field::documented("enum", Shape::List(&Shape::String), "The strings that are allowed."),
        Field::documented("properties", Shape::Map(&SCHEMA_SHAPE), "The members of an `OBJECT`, by name.")
            .means(Means::Properties),
        Field::documented("required", Shape::List(&Shape::String), "The members that an `OBJECT` must have.")
            .means(Means::PropertyNames),
        Field::documented("items", Shape::Object(&SCHEMA), "The type of the elements of an `ARRAY`.")
            .example(r#"{"type":"STRING"}"#),
        Field::documented("format", Shape::String, "A more precise type, such as `int64`, `double` or `enum`."),
        Field::documented("title", Shape::String, "A name for the type."),
        Field::documented("nullable", Shape::Boolean, "Whether `null` is allowed.").example("true"),
        Field::documented("default", Shape::Any, "The value when none is given."),
        Field::documented("minItems", Shape::Integer, "The minimum number of elements of an `ARRAY`.").example("1"),
        Field::documented("maxItems", Shape::Integer, "The maximum number of elements of an `ARRAY`.").example("10"),
        Field::documented("propertyOrdering", Shape::List(&Shape::String), "The order of the members of an `OBJECT`.")
            .means(Means::PropertyNames),
        Field::documented("minProperties", Shape::Integer, "The minimum number of members of an `OBJECT`.")
            .example("1"),
        Field::documented("maxProperties", Shape::Integer, "The maximum number of members of an `OBJECT`.")
            .example("10"),
        Field::documented("minimum", Shape::Number, "The smallest number."),
        Field::documented("maximum", Shape::Number, "The largest number.").example("100"),
        Field::documented("minLength", Shape::Integer, "The minimum length of a string.").example("1"),
        Field::documented("maxLength", Shape::Integer, "The maximum length of a string.").example("100"),
        Field::documented("pattern", Shape::String, "A regular expression that a string must match."),
        Field::documented("example", Shape::Any, "An example value; on the outermost schema only.").example(r#""""#),
        Field::documented("anyOf", Shape::List(&SCHEMA_SHAPE), "Schemas, at least one of which must match."),
        Field::documented("additionalProperties", Shape::Any, "Whether other members are allowed, or their type.")
            .example("false"),
        Field::documented("ref", Shape::String, "The path of a schema in `defs`.")
            .example(r##""#/defs/""##)
            .aliases(&["$ref"]),
        Field::documented("defs", Shape::Map(&SCHEMA_SHAPE), "Schemas that `ref` may name.")
            .aliases(&["$defs", "definitions"]),
    ],
    ..Object::PROTO_JSON
};

static SCHEMA_SHAPE: Shape = Shape::Object(&SCHEMA);

/// The types of a schema.
pub static TYPE: Choices = Choices {
    name: "Type",
    values: &[
        Choice::unset("TYPE_UNSPECIFIED"),
        Choice::numbered("STRING", 1, "A string."),
        Choice::numbered("NUMBER", 2, "A number."),
        Choice::numbered("INTEGER", 3, "A whole number."),
        Choice::numbered("BOOLEAN", 4, "`true` or `false`."),
        Choice::numbered("ARRAY", 5, "A list; `items` describes its elements."),
        Choice::numbered("OBJECT", 6, "An object; `properties` describes its members."),
        Choice::named("NULL", "`null`; only the Gemini API and the Python SDK have it."),
    ],
};

/// Whether and which functions the model calls.
pub(super) static TOOL_CONFIG: Object = Object {
    name: "ToolConfig",
    doc: "Whether the model has to call functions, and which ones.",
    fields: &[
        Field::documented(
            "functionCallingConfig",
            Shape::Object(&FUNCTION_CALLING_CONFIG),
            "How functions are called.",
        )
        .example(r#"{"mode":"AUTO"}"#),
        Field::documented("retrievalConfig", Shape::Object(&RETRIEVAL_CONFIG), "The user's place and language."),
    ],
    ..Object::PROTO_JSON
};

static FUNCTION_CALLING_CONFIG: Object = Object {
    name: "FunctionCallingConfig",
    doc: "How functions are called.",
    fields: &[
        Field::documented("mode", Shape::Enum(&MODE), "Whether the model has to call a function.").example(r#""AUTO""#),
        Field::documented("allowedFunctionNames", Shape::List(&Shape::String), "The functions to choose from.")
            .means(Means::DeclaredNames),
        Field::documented("streamFunctionCallArguments", Shape::Boolean, "Whether arguments arrive in pieces."),
    ],
    ..Object::PROTO_JSON
};

/// The modes of function calling.
pub static MODE: Choices = Choices {
    name: "Mode",
    values: &[
        Choice::unset("MODE_UNSPECIFIED"),
        Choice::numbered("AUTO", 1, "The model chooses between a call and text."),
        Choice::numbered("ANY", 2, "The model always calls a function."),
        Choice::numbered("NONE", 3, "The model never calls a function."),
        Choice::numbered("VALIDATED", 5, "The model chooses; calls are checked against the declarations."),
    ],
};

static RETRIEVAL_CONFIG: Object = Object {
    name: "RetrievalConfig",
    doc: "The user's place and language.",
    fields: &[
        Field::documented("latLng", Shape::Object(&LAT_LNG), "The user's place.")
            .example(r#"{"latitude":0,"longitude":0}"#),
        Field::documented("languageCode", Shape::String, "The user's language, such as `en-US`.").example(r#""en-US""#),
    ],
    ..Object::PROTO_JSON
};

static LAT_LNG: Object = Object {
    name: "LatLng",
    doc: "A place on Earth, in degrees.",
    fields: &[
        Field::documented("latitude", Shape::Number, "From -90 to 90."),
        Field::documented("longitude", Shape::Number, "From -180 to 180."),
    ],
    ..Object::PROTO_JSON
};

/// A call that the model makes.
pub(super) static FUNCTION_CALL: Object = Object {
    name: "FunctionCall",
    doc: "A function that the model calls, with its arguments.",
    fields: &[
        Field::documented("name", Shape::String, "The function's name, as declared in `tools`.").means(Means::CallName),
        Field::documented("args", Shape::Struct, "The arguments by name, as an object.")
            .means(Means::Arguments)
            .aliases(&["arguments", "parameters", "input"]),
        Field::legal("id", Shape::String, "An id that the result repeats.").means(Means::CallId),
        Field::legal("partialArgs", Shape::List(&Shape::Object(&PARTIAL_ARG)), "Arguments that arrived in pieces."),
        Field::legal("willContinue", Shape::Boolean, "Whether more pieces follow."),
    ],
    ..Object::PROTO_JSON
};

static PARTIAL_ARG: Object = Object {
    name: "PartialArg",
    doc: "A piece of an argument.",
    fields: &[
        Field::documented("jsonPath", Shape::String, "Which argument, as a JSON Path.").example(r#""$.""#),
        Field::documented("stringValue", Shape::String, "The piece, if it is a string."),
        Field::documented("numberValue", Shape::Number, "The piece, if it is a number."),
        Field::documented("boolValue", Shape::Boolean, "The piece, if it is `true` or `false`.").example("true"),
        Field::documented("nullValue", Shape::Any, "The piece, if it is `null`.").example(r#""NULL_VALUE""#),
        Field::documented("willContinue", Shape::Boolean, "Whether more of this argument follows."),
    ],
    unions: &[Union::at_most_one(&["stringValue", "numberValue", "boolValue", "nullValue"])],
    ..Object::PROTO_JSON
};

/// The result of a function call.
pub(super) static FUNCTION_RESPONSE: Object = Object {
    name: "FunctionResponse",
    doc: "The result of a function call.",
    fields: &[
        Field::required("name", Shape::String, "The name of the function that was called.").means(Means::ResultName),
        Field::required("response", Shape::Struct, "The result: an object, by convention with `output` or `error`."),
        Field::legal("id", Shape::String, "The id of the call.").means(Means::ResultId),
        Field::legal(
            "parts",
            Shape::List(&Shape::Object(&FUNCTION_RESPONSE_PART)),
            "Media that the function returned.",
        ),
        Field::legal("willContinue", Shape::Boolean, "Whether more results follow."),
        Field::legal("scheduling", Shape::Enum(&SCHEDULING), "When the model speaks the answer.")
            .example(r#""SILENT""#),
    ],
    ..Object::PROTO_JSON
};

static SCHEDULING: Choices = Choices {
    name: "FunctionResponseScheduling",
    values: &[
        Choice { number: None, ..Choice::unset("SCHEDULING_UNSPECIFIED") },
        Choice::named("SILENT", "Only into the context."),
        Choice::named("WHEN_IDLE", "When the model is not speaking."),
        Choice::named("INTERRUPT", "At once."),
    ],
};

static FUNCTION_RESPONSE_PART: Object = Object {
    name: "FunctionResponsePart",
    doc: "Media that a function returned.",
    fields: &[
        Field::documented("inlineData", Shape::Object(&FUNCTION_RESPONSE_BLOB), "Media inside the line.")
            .example(r#"{"mimeType":"image/png","data":""}"#),
        Field::documented("fileData", Shape::Object(&FUNCTION_RESPONSE_FILE_DATA), "Media by its location.")
            .example(r#"{"fileUri":"gs://","mimeType":"image/png"}"#)
            .snake_is_dropped(),
    ],
    unions: &[Union::at_most_one(&["inlineData", "fileData"])],
    ..Object::PROTO_JSON
};

const MIME_TYPE: Field = Field::required("mimeType", Shape::String, "The media type of the file or bytes.")
    .example(r#""image/png""#)
    .means(Means::MimeType)
    .snake_is_dropped();
const DISPLAY_NAME: Field =
    Field::documented("displayName", Shape::String, "The name by which the response refers to it.");

static FUNCTION_RESPONSE_BLOB: Object = Object {
    name: "FunctionResponseBlob",
    doc: "Media inside the line, as base64.",
    fields: &[MIME_TYPE, Field::required("data", Shape::Base64, "The bytes as base64."), DISPLAY_NAME],
    ..Object::PROTO_JSON
};

static FUNCTION_RESPONSE_FILE_DATA: Object = Object {
    name: "FunctionResponseFileData",
    doc: "A media file by its location.",
    fields: &[
        Field::required("fileUri", Shape::String, "The location of the file.")
            .example(r#""gs://""#)
            .means(Means::Location)
            .snake_is_dropped(),
        MIME_TYPE,
        DISPLAY_NAME,
    ],
    ..Object::PROTO_JSON
};

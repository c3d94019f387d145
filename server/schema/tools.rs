//! Functions: their declarations in `tools`, and their calls and answers in the turns.
//!
//! `google/cloud/aiplatform/v1/{tool,openapi}.proto` of 2026-08-22 and the page "Tune function
//! calling" (2025-05 and 2026), which shows nothing but `functionDeclarations`. The built-in tools
//! are named for completeness; their settings are any object, since no page uses them in tuning.

use super::gemini::{TEXT, documented, legal, named, numbered, required};
use super::{Choices, Object, Shape, Text, Union};

/// An element of `tools`.
pub static TOOL: Object = Object {
    name: "Tool",
    doc: "What the model may use. Tuning documents `functionDeclarations` alone.",
    fields: &[
        documented(
            "functionDeclarations",
            Shape::List(&Shape::Object(&FUNCTION_DECLARATION)),
            "The functions the model may call; at most 128.",
            r#"[{"name":"","description":"","parameters":{"type":"OBJECT","properties":{}}}]"#,
        ),
        legal("retrieval", Shape::Struct, "Retrieval from a data store. Not documented for tuning.", "{}"),
        legal("googleSearch", Shape::Struct, "Google Search. Not documented for tuning.", "{}"),
        legal("googleSearchRetrieval", Shape::Struct, "Older Google Search. Not documented for tuning.", "{}"),
        legal("googleMaps", Shape::Struct, "Google Maps. Not documented for tuning.", "{}"),
        legal("enterpriseWebSearch", Shape::Struct, "Web search for enterprises. Not documented for tuning.", "{}"),
        legal("parallelAiSearch", Shape::Struct, "Search by Parallel. Not documented for tuning.", "{}"),
        legal("exaAiSearch", Shape::Struct, "Search by Exa. Not documented for tuning.", "{}"),
        legal("codeExecution", Shape::Struct, "Running code. Not documented for tuning.", "{}"),
        legal("urlContext", Shape::Struct, "Reading URLs. Not documented for tuning.", "{}"),
        legal("computerUse", Shape::Struct, "Using a computer. Not documented for tuning.", "{}"),
    ],
    unions: &[],
};

/// A function the model may call.
pub static FUNCTION_DECLARATION: Object = Object {
    name: "FunctionDeclaration",
    doc: "A function the model may call: its name, what it does, its parameters.",
    fields: &[
        required(
            "name",
            TEXT,
            "The function's name: a letter or `_` first, then letters, digits, `_`, `.` or `-`; at most 64 characters.",
            r#""""#,
        ),
        documented("description", TEXT, "What the function does, for the model to decide when to call it.", r#""""#),
        documented(
            "parameters",
            Shape::Object(&SCHEMA),
            "The parameters, as a schema of type `OBJECT`. Not together with `parametersJsonSchema`.",
            r#"{"type":"OBJECT","properties":{}}"#,
        ),
        legal(
            "parametersJsonSchema",
            Shape::Any,
            "The parameters as JSON Schema. Not together with `parameters`; not documented for tuning.",
            r#"{"type":"object","properties":{}}"#,
        ),
        legal(
            "response",
            Shape::Object(&SCHEMA),
            "What the function gives, as a schema. Not together with `responseJsonSchema`; not documented for tuning.",
            r#"{"type":"OBJECT","properties":{}}"#,
        ),
        legal(
            "responseJsonSchema",
            Shape::Any,
            "What the function gives, as JSON Schema. Not together with `response`; not documented for tuning.",
            r#"{"type":"object","properties":{}}"#,
        ),
    ],
    unions: &[
        Union { members: &["parameters", "parametersJsonSchema"], required: false },
        Union { members: &["response", "responseJsonSchema"], required: false },
    ],
};

/// The service's subset of an OpenAPI 3.0 schema. The tuning pages call it that and show some of
/// its keys, so all count as documented.
pub static SCHEMA: Object = Object {
    name: "Schema",
    doc: "The type of a value, in the service's subset of OpenAPI 3.0.",
    fields: &[
        documented("type", Shape::Enum(&TYPE), "The type of the value, in capitals.", r#""STRING""#),
        documented("description", TEXT, "What the value means, for the model to read.", r#""""#),
        documented("enum", Shape::List(&TEXT), "The strings that are allowed.", "[]"),
        documented("properties", Shape::Map(&SCHEMA_SHAPE), "The members of an `OBJECT`, by name.", "{}"),
        documented("required", Shape::List(&TEXT), "The members an `OBJECT` must have.", "[]"),
        documented("items", Shape::Object(&SCHEMA), "The type of the elements of an `ARRAY`.", r#"{"type":"STRING"}"#),
        documented("format", TEXT, "A closer type, such as `int64`, `double` or `enum`.", r#""""#),
        documented("title", TEXT, "A name for the type.", r#""""#),
        documented("nullable", Shape::Boolean, "Whether `null` is allowed.", "true"),
        documented("default", Shape::Any, "The value when none is given.", "null"),
        documented("minItems", Shape::Integer, "The fewest elements of an `ARRAY`.", "1"),
        documented("maxItems", Shape::Integer, "The most elements of an `ARRAY`.", "10"),
        documented("propertyOrdering", Shape::List(&TEXT), "The order of the members of an `OBJECT`.", "[]"),
        documented("minProperties", Shape::Integer, "The fewest members of an `OBJECT`.", "1"),
        documented("maxProperties", Shape::Integer, "The most members of an `OBJECT`.", "10"),
        documented("minimum", Shape::Number, "The smallest number.", "0"),
        documented("maximum", Shape::Number, "The largest number.", "100"),
        documented("minLength", Shape::Integer, "The shortest string.", "1"),
        documented("maxLength", Shape::Integer, "The longest string.", "100"),
        documented("pattern", TEXT, "A regular expression the string matches.", r#""""#),
        documented("example", Shape::Any, "A value as an example; on the outermost schema only.", r#""""#),
        documented("anyOf", Shape::List(&SCHEMA_SHAPE), "Schemas of which one has to fit.", "[]"),
        documented("additionalProperties", Shape::Any, "Whether, or of what type, other members are allowed.", "false"),
        documented("ref", TEXT, "A schema in `defs`, by its path.", r##""#/defs/""##),
        documented("defs", Shape::Map(&SCHEMA_SHAPE), "Schemas that `ref` may name.", "{}"),
    ],
    unions: &[],
};

static SCHEMA_SHAPE: Shape = Shape::Object(&SCHEMA);

/// The types of [`SCHEMA`].
pub static TYPE: Choices = Choices {
    name: "Type",
    values: &[
        numbered("TYPE_UNSPECIFIED", 0, "Not said; not to be used."),
        numbered("STRING", 1, "A string."),
        numbered("NUMBER", 2, "A number."),
        numbered("INTEGER", 3, "A whole number."),
        numbered("BOOLEAN", 4, "`true` or `false`."),
        numbered("ARRAY", 5, "A list; its elements are described by `items`."),
        numbered("OBJECT", 6, "An object; its members are described by `properties`."),
        named("NULL", "`null`; only the Gemini API and the Python SDK know it."),
    ],
};

/// Whether and which functions are to be called. Its parent is undocumented for tuning.
pub static TOOL_CONFIG: Object = Object {
    name: "ToolConfig",
    doc: "Whether and which functions are to be called.",
    fields: &[
        documented(
            "functionCallingConfig",
            Shape::Object(&FUNCTION_CALLING_CONFIG),
            "How functions are called.",
            r#"{"mode":"AUTO"}"#,
        ),
        documented(
            "retrievalConfig",
            Shape::Object(&RETRIEVAL_CONFIG),
            "Where and in what language the user is.",
            "{}",
        ),
    ],
    unions: &[],
};

static FUNCTION_CALLING_CONFIG: Object = Object {
    name: "FunctionCallingConfig",
    doc: "How functions are called.",
    fields: &[
        documented("mode", Shape::Enum(&MODE), "Whether the model has to call a function.", r#""AUTO""#),
        documented("allowedFunctionNames", Shape::List(&TEXT), "The functions to choose from.", "[]"),
        documented("streamFunctionCallArguments", Shape::Boolean, "Whether arguments come piece by piece.", "false"),
    ],
    unions: &[],
};

static MODE: Choices = Choices {
    name: "Mode",
    values: &[
        numbered("MODE_UNSPECIFIED", 0, "Not said; not to be used."),
        numbered("AUTO", 1, "The model decides between a call and text."),
        numbered("ANY", 2, "The model always calls a function."),
        numbered("NONE", 3, "The model never calls a function."),
        numbered("VALIDATED", 5, "The model decides; calls are checked against the declarations."),
    ],
};

static RETRIEVAL_CONFIG: Object = Object {
    name: "RetrievalConfig",
    doc: "Where and in what language the user is.",
    fields: &[
        documented("latLng", Shape::Object(&LAT_LNG), "Where the user is.", r#"{"latitude":0,"longitude":0}"#),
        documented("languageCode", TEXT, "The user's language, such as `en-US`.", r#""en-US""#),
    ],
    unions: &[],
};

static LAT_LNG: Object = Object {
    name: "LatLng",
    doc: "A place on the earth, in degrees.",
    fields: &[
        documented("latitude", Shape::Number, "From -90 to 90.", "0"),
        documented("longitude", Shape::Number, "From -180 to 180.", "0"),
    ],
    unions: &[],
};

/// A call the model makes.
pub static FUNCTION_CALL: Object = Object {
    name: "FunctionCall",
    doc: "A function the model calls, with its arguments.",
    fields: &[
        documented("name", TEXT, "The function's name, as declared in `tools`.", r#""""#),
        documented("args", Shape::Struct, "The arguments by name, as an object.", "{}"),
        legal("id", TEXT, "An id that the answer repeats. Not documented for tuning.", r#""""#),
        legal(
            "partialArgs",
            Shape::List(&Shape::Object(&PARTIAL_ARG)),
            "Arguments that came piece by piece. Not documented for tuning.",
            "[]",
        ),
        legal("willContinue", Shape::Boolean, "Whether more pieces follow. Not documented for tuning.", "false"),
    ],
    unions: &[],
};

static PARTIAL_ARG: Object = Object {
    name: "PartialArg",
    doc: "A piece of an argument.",
    fields: &[
        documented("jsonPath", TEXT, "Which argument, as a JSON Path.", r#""$.""#),
        documented("stringValue", TEXT, "The piece, when it is a string.", r#""""#),
        documented("numberValue", Shape::Number, "The piece, when it is a number.", "0"),
        documented("boolValue", Shape::Boolean, "The piece, when it is `true` or `false`.", "true"),
        documented("nullValue", Shape::Any, "The piece, when it is `null`.", r#""NULL_VALUE""#),
        documented("willContinue", Shape::Boolean, "Whether more of this argument follows.", "false"),
    ],
    unions: &[Union { members: &["stringValue", "numberValue", "boolValue", "nullValue"], required: false }],
};

/// What a called function gave back.
pub static FUNCTION_RESPONSE: Object = Object {
    name: "FunctionResponse",
    doc: "What a called function gave back.",
    fields: &[
        required("name", TEXT, "The name of the function that was called.", r#""""#),
        required("response", Shape::Struct, "What it gave: an object, by custom with `output` or `error`.", "{}"),
        legal("id", TEXT, "The id of the call. Not documented for tuning.", r#""""#),
        legal(
            "parts",
            Shape::List(&Shape::Object(&FUNCTION_RESPONSE_PART)),
            "Media the function gave. Not documented for tuning.",
            "[]",
        ),
        legal("willContinue", Shape::Boolean, "Whether more answers follow. Not documented for tuning.", "false"),
        legal(
            "scheduling",
            Shape::Enum(&SCHEDULING),
            "When the answer is spoken. Not documented for tuning.",
            r#""SILENT""#,
        ),
    ],
    unions: &[],
};

static SCHEDULING: Choices = Choices {
    name: "FunctionResponseScheduling",
    values: &[
        named("SCHEDULING_UNSPECIFIED", "Not said."),
        named("SILENT", "Only into the context."),
        named("WHEN_IDLE", "When the model is not speaking."),
        named("INTERRUPT", "At once."),
    ],
};

static FUNCTION_RESPONSE_PART: Object = Object {
    name: "FunctionResponsePart",
    doc: "Media that a function gave.",
    fields: &[
        documented(
            "inlineData",
            Shape::Object(&FUNCTION_RESPONSE_BLOB),
            "Media inside the line.",
            r#"{"mimeType":"image/png","data":""}"#,
        ),
        documented(
            "fileData",
            Shape::Object(&FUNCTION_RESPONSE_FILE_DATA),
            "Media by its location.",
            r#"{"fileUri":"gs://","mimeType":"image/png"}"#,
        ),
    ],
    unions: &[Union { members: &["inlineData", "fileData"], required: false }],
};

static FUNCTION_RESPONSE_BLOB: Object = Object {
    name: "FunctionResponseBlob",
    doc: "Media inside the line, as base64.",
    fields: &[
        required("mimeType", Shape::String(Text::MimeType), "The media type of the bytes.", r#""image/png""#),
        required("data", Shape::Base64, "The bytes as base64.", r#""""#),
        documented("displayName", TEXT, "The name by which the response refers to it.", r#""""#),
    ],
    unions: &[],
};

static FUNCTION_RESPONSE_FILE_DATA: Object = Object {
    name: "FunctionResponseFileData",
    doc: "A media file by its location.",
    fields: &[
        required("fileUri", Shape::String(Text::FileUri), "Where the file is.", r#""gs://""#),
        required("mimeType", Shape::String(Text::MimeType), "The media type of the file.", r#""image/png""#),
        documented("displayName", TEXT, "The name by which the response refers to it.", r#""""#),
    ],
    unions: &[],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_contains_itself() {
        let items = SCHEMA.field("items").map(|field| field.shape);
        assert!(matches!(items, Some(Shape::Object(inner)) if std::ptr::eq(inner, &SCHEMA)));
    }

    #[test]
    fn a_declaration_has_one_form_of_parameters() {
        assert_eq!(FUNCTION_DECLARATION.unions[0].members, ["parameters", "parametersJsonSchema"]);
        assert!(!FUNCTION_DECLARATION.unions[0].required);
    }

    #[test]
    fn only_the_declarations_of_a_tool_are_documented() {
        let documented: Vec<_> = TOOL.fields.iter().filter(|field| field.tuning).map(|field| field.name).collect();
        assert_eq!(documented, ["functionDeclarations"]);
    }
}

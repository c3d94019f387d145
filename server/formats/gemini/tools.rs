//! Functions: their declarations in `tools`, and their calls and answers in the turns.
//!
//! `google/cloud/aiplatform/v1/{tool,openapi}.proto` of 2026-08-22 and the page "Tune function
//! calling" (2025-05 and 2026), which shows nothing but `functionDeclarations`. The built-in tools
//! are named for completeness; their settings are any object, since no page uses them in tuning.

use crate::schema::{Choice, Choices, Field, Means, Object, Shape, Union};

/// An element of `tools`.
pub static TOOL: Object = Object {
    name: "Tool",
    doc: "What the model may use. Tuning documents `functionDeclarations` alone.",
    fields: &[
        Field::documented(
            "functionDeclarations",
            Shape::List(&Shape::Object(&FUNCTION_DECLARATION)),
            "The functions the model may call; at most 128.",
            r#"[{"name":"","description":"","parameters":{"type":"OBJECT","properties":{}}}]"#,
        )
        .means(Means::Declarations),
        Field::legal("retrieval", Shape::Struct, "Retrieval from a data store. Not documented for tuning.", "{}"),
        Field::legal("googleSearch", Shape::Struct, "Google Search. Not documented for tuning.", "{}"),
        Field::legal("googleSearchRetrieval", Shape::Struct, "Older Google Search. Not documented for tuning.", "{}"),
        Field::legal("googleMaps", Shape::Struct, "Google Maps. Not documented for tuning.", "{}"),
        Field::legal(
            "enterpriseWebSearch",
            Shape::Struct,
            "Web search for enterprises. Not documented for tuning.",
            "{}",
        ),
        Field::legal("parallelAiSearch", Shape::Struct, "Search by Parallel. Not documented for tuning.", "{}"),
        Field::legal("exaAiSearch", Shape::Struct, "Search by Exa. Not documented for tuning.", "{}"),
        Field::legal("codeExecution", Shape::Struct, "Running code. Not documented for tuning.", "{}"),
        Field::legal("urlContext", Shape::Struct, "Reading URLs. Not documented for tuning.", "{}"),
        Field::legal("computerUse", Shape::Struct, "Using a computer. Not documented for tuning.", "{}"),
    ],
    ..Object::PROTO_JSON
};

/// A function the model may call.
pub static FUNCTION_DECLARATION: Object = Object {
    name: "FunctionDeclaration",
    doc: "A function the model may call: its name, what it does, its parameters.",
    fields: &[
        Field::required(
            "name",
            Shape::String,
            "The function's name: a letter or `_` first, then letters, digits, `_`, `.` or `-`; at most 64 characters.",
            r#""""#,
        )
        .means(Means::DeclaredName),
        Field::documented(
            "description",
            Shape::String,
            "What the function does, for the model to decide when to call it.",
            r#""""#,
        ),
        Field::documented(
            "parameters",
            Shape::Object(&SCHEMA),
            "The parameters, as a schema of type `OBJECT`. Not together with `parametersJsonSchema`.",
            r#"{"type":"OBJECT","properties":{}}"#,
        ),
        Field::legal(
            "parametersJsonSchema",
            Shape::Any,
            "The parameters as JSON Schema. Not together with `parameters`; not documented for tuning.",
            r#"{"type":"object","properties":{}}"#,
        ),
        Field::legal(
            "response",
            Shape::Object(&SCHEMA),
            "What the function gives, as a schema. Not together with `responseJsonSchema`; not documented for tuning.",
            r#"{"type":"OBJECT","properties":{}}"#,
        ),
        Field::legal(
            "responseJsonSchema",
            Shape::Any,
            "What the function gives, as JSON Schema. Not together with `response`; not documented for tuning.",
            r#"{"type":"object","properties":{}}"#,
        ),
    ],
    unions: &[
        Union::at_most_one(&["parameters", "parametersJsonSchema"]),
        Union::at_most_one(&["response", "responseJsonSchema"]),
    ],
    ..Object::PROTO_JSON
};

/// The service's subset of an OpenAPI 3.0 schema. The tuning pages call it that and show some of
/// its keys, so all count as documented.
pub static SCHEMA: Object = Object {
    name: "Schema",
    doc: "The type of a value, in the service's subset of OpenAPI 3.0.",
    fields: &[
        Field::documented("type", Shape::Enum(&TYPE), "The type of the value, in capitals.", r#""STRING""#),
        Field::documented("description", Shape::String, "What the value means, for the model to read.", r#""""#),
        Field::documented("enum", Shape::List(&Shape::String), "The strings that are allowed.", "[]"),
        Field::documented("properties", Shape::Map(&SCHEMA_SHAPE), "The members of an `OBJECT`, by name.", "{}")
            .means(Means::Properties),
        Field::documented("required", Shape::List(&Shape::String), "The members an `OBJECT` must have.", "[]")
            .means(Means::PropertyNames),
        Field::documented(
            "items",
            Shape::Object(&SCHEMA),
            "The type of the elements of an `ARRAY`.",
            r#"{"type":"STRING"}"#,
        ),
        Field::documented("format", Shape::String, "A closer type, such as `int64`, `double` or `enum`.", r#""""#),
        Field::documented("title", Shape::String, "A name for the type.", r#""""#),
        Field::documented("nullable", Shape::Boolean, "Whether `null` is allowed.", "true"),
        Field::documented("default", Shape::Any, "The value when none is given.", "null"),
        Field::documented("minItems", Shape::Integer, "The fewest elements of an `ARRAY`.", "1"),
        Field::documented("maxItems", Shape::Integer, "The most elements of an `ARRAY`.", "10"),
        Field::documented(
            "propertyOrdering",
            Shape::List(&Shape::String),
            "The order of the members of an `OBJECT`.",
            "[]",
        )
        .means(Means::PropertyNames),
        Field::documented("minProperties", Shape::Integer, "The fewest members of an `OBJECT`.", "1"),
        Field::documented("maxProperties", Shape::Integer, "The most members of an `OBJECT`.", "10"),
        Field::documented("minimum", Shape::Number, "The smallest number.", "0"),
        Field::documented("maximum", Shape::Number, "The largest number.", "100"),
        Field::documented("minLength", Shape::Integer, "The shortest string.", "1"),
        Field::documented("maxLength", Shape::Integer, "The longest string.", "100"),
        Field::documented("pattern", Shape::String, "A regular expression the string matches.", r#""""#),
        Field::documented("example", Shape::Any, "A value as an example; on the outermost schema only.", r#""""#),
        Field::documented("anyOf", Shape::List(&SCHEMA_SHAPE), "Schemas of which one has to fit.", "[]"),
        Field::documented(
            "additionalProperties",
            Shape::Any,
            "Whether, or of what type, other members are allowed.",
            "false",
        ),
        Field::documented("ref", Shape::String, "A schema in `defs`, by its path.", r##""#/defs/""##),
        Field::documented("defs", Shape::Map(&SCHEMA_SHAPE), "Schemas that `ref` may name.", "{}"),
    ],
    ..Object::PROTO_JSON
};

static SCHEMA_SHAPE: Shape = Shape::Object(&SCHEMA);

/// The types of [`SCHEMA`].
pub static TYPE: Choices = Choices {
    name: "Type",
    values: &[
        Choice::numbered("TYPE_UNSPECIFIED", 0, "Not said; not to be used."),
        Choice::numbered("STRING", 1, "A string."),
        Choice::numbered("NUMBER", 2, "A number."),
        Choice::numbered("INTEGER", 3, "A whole number."),
        Choice::numbered("BOOLEAN", 4, "`true` or `false`."),
        Choice::numbered("ARRAY", 5, "A list; its elements are described by `items`."),
        Choice::numbered("OBJECT", 6, "An object; its members are described by `properties`."),
        Choice::named("NULL", "`null`; only the Gemini API and the Python SDK know it."),
    ],
};

/// Whether and which functions are to be called. Its parent is undocumented for tuning.
pub static TOOL_CONFIG: Object = Object {
    name: "ToolConfig",
    doc: "Whether and which functions are to be called.",
    fields: &[
        Field::documented(
            "functionCallingConfig",
            Shape::Object(&FUNCTION_CALLING_CONFIG),
            "How functions are called.",
            r#"{"mode":"AUTO"}"#,
        ),
        Field::documented(
            "retrievalConfig",
            Shape::Object(&RETRIEVAL_CONFIG),
            "Where and in what language the user is.",
            "{}",
        ),
    ],
    ..Object::PROTO_JSON
};

static FUNCTION_CALLING_CONFIG: Object = Object {
    name: "FunctionCallingConfig",
    doc: "How functions are called.",
    fields: &[
        Field::documented("mode", Shape::Enum(&MODE), "Whether the model has to call a function.", r#""AUTO""#),
        Field::documented("allowedFunctionNames", Shape::List(&Shape::String), "The functions to choose from.", "[]")
            .means(Means::DeclaredNames),
        Field::documented(
            "streamFunctionCallArguments",
            Shape::Boolean,
            "Whether arguments come piece by piece.",
            "false",
        ),
    ],
    ..Object::PROTO_JSON
};

static MODE: Choices = Choices {
    name: "Mode",
    values: &[
        Choice::numbered("MODE_UNSPECIFIED", 0, "Not said; not to be used."),
        Choice::numbered("AUTO", 1, "The model decides between a call and text."),
        Choice::numbered("ANY", 2, "The model always calls a function."),
        Choice::numbered("NONE", 3, "The model never calls a function."),
        Choice::numbered("VALIDATED", 5, "The model decides; calls are checked against the declarations."),
    ],
};

static RETRIEVAL_CONFIG: Object = Object {
    name: "RetrievalConfig",
    doc: "Where and in what language the user is.",
    fields: &[
        Field::documented("latLng", Shape::Object(&LAT_LNG), "Where the user is.", r#"{"latitude":0,"longitude":0}"#),
        Field::documented("languageCode", Shape::String, "The user's language, such as `en-US`.", r#""en-US""#),
    ],
    ..Object::PROTO_JSON
};

static LAT_LNG: Object = Object {
    name: "LatLng",
    doc: "A place on the earth, in degrees.",
    fields: &[
        Field::documented("latitude", Shape::Number, "From -90 to 90.", "0"),
        Field::documented("longitude", Shape::Number, "From -180 to 180.", "0"),
    ],
    ..Object::PROTO_JSON
};

/// A call the model makes.
pub static FUNCTION_CALL: Object = Object {
    name: "FunctionCall",
    doc: "A function the model calls, with its arguments.",
    fields: &[
        Field::documented("name", Shape::String, "The function's name, as declared in `tools`.", r#""""#)
            .means(Means::CallName),
        Field::documented("args", Shape::Struct, "The arguments by name, as an object.", "{}").means(Means::Arguments),
        Field::legal("id", Shape::String, "An id that the answer repeats. Not documented for tuning.", r#""""#)
            .means(Means::CallId),
        Field::legal(
            "partialArgs",
            Shape::List(&Shape::Object(&PARTIAL_ARG)),
            "Arguments that came piece by piece. Not documented for tuning.",
            "[]",
        ),
        Field::legal("willContinue", Shape::Boolean, "Whether more pieces follow. Not documented for tuning.", "false"),
    ],
    ..Object::PROTO_JSON
};

static PARTIAL_ARG: Object = Object {
    name: "PartialArg",
    doc: "A piece of an argument.",
    fields: &[
        Field::documented("jsonPath", Shape::String, "Which argument, as a JSON Path.", r#""$.""#),
        Field::documented("stringValue", Shape::String, "The piece, when it is a string.", r#""""#),
        Field::documented("numberValue", Shape::Number, "The piece, when it is a number.", "0"),
        Field::documented("boolValue", Shape::Boolean, "The piece, when it is `true` or `false`.", "true"),
        Field::documented("nullValue", Shape::Any, "The piece, when it is `null`.", r#""NULL_VALUE""#),
        Field::documented("willContinue", Shape::Boolean, "Whether more of this argument follows.", "false"),
    ],
    unions: &[Union::at_most_one(&["stringValue", "numberValue", "boolValue", "nullValue"])],
    ..Object::PROTO_JSON
};

/// What a called function gave back.
pub static FUNCTION_RESPONSE: Object = Object {
    name: "FunctionResponse",
    doc: "What a called function gave back.",
    fields: &[
        Field::required("name", Shape::String, "The name of the function that was called.", r#""""#)
            .means(Means::ResultName),
        Field::required(
            "response",
            Shape::Struct,
            "What it gave: an object, by custom with `output` or `error`.",
            "{}",
        ),
        Field::legal("id", Shape::String, "The id of the call. Not documented for tuning.", r#""""#)
            .means(Means::ResultId),
        Field::legal(
            "parts",
            Shape::List(&Shape::Object(&FUNCTION_RESPONSE_PART)),
            "Media the function gave. Not documented for tuning.",
            "[]",
        ),
        Field::legal(
            "willContinue",
            Shape::Boolean,
            "Whether more answers follow. Not documented for tuning.",
            "false",
        ),
        Field::legal(
            "scheduling",
            Shape::Enum(&SCHEDULING),
            "When the answer is spoken. Not documented for tuning.",
            r#""SILENT""#,
        ),
    ],
    ..Object::PROTO_JSON
};

static SCHEDULING: Choices = Choices {
    name: "FunctionResponseScheduling",
    values: &[
        Choice::named("SCHEDULING_UNSPECIFIED", "Not said."),
        Choice::named("SILENT", "Only into the context."),
        Choice::named("WHEN_IDLE", "When the model is not speaking."),
        Choice::named("INTERRUPT", "At once."),
    ],
};

static FUNCTION_RESPONSE_PART: Object = Object {
    name: "FunctionResponsePart",
    doc: "Media that a function gave.",
    fields: &[
        Field::documented(
            "inlineData",
            Shape::Object(&FUNCTION_RESPONSE_BLOB),
            "Media inside the line.",
            r#"{"mimeType":"image/png","data":""}"#,
        ),
        Field::documented(
            "fileData",
            Shape::Object(&FUNCTION_RESPONSE_FILE_DATA),
            "Media by its location.",
            r#"{"fileUri":"gs://","mimeType":"image/png"}"#,
        )
        .snake_is_dropped(),
    ],
    unions: &[Union::at_most_one(&["inlineData", "fileData"])],
    ..Object::PROTO_JSON
};

static FUNCTION_RESPONSE_BLOB: Object = Object {
    name: "FunctionResponseBlob",
    doc: "Media inside the line, as base64.",
    fields: &[
        Field::required("mimeType", Shape::String, "The media type of the bytes.", r#""image/png""#)
            .means(Means::MimeType)
            .snake_is_dropped(),
        Field::required("data", Shape::Base64, "The bytes as base64.", r#""""#),
        Field::documented("displayName", Shape::String, "The name by which the response refers to it.", r#""""#),
    ],
    ..Object::PROTO_JSON
};

static FUNCTION_RESPONSE_FILE_DATA: Object = Object {
    name: "FunctionResponseFileData",
    doc: "A media file by its location.",
    fields: &[
        Field::required("fileUri", Shape::String, "Where the file is.", r#""gs://""#)
            .means(Means::Location)
            .snake_is_dropped(),
        Field::required("mimeType", Shape::String, "The media type of the file.", r#""image/png""#)
            .means(Means::MimeType)
            .snake_is_dropped(),
        Field::documented("displayName", Shape::String, "The name by which the response refers to it.", r#""""#),
    ],
    ..Object::PROTO_JSON
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
        let documented: Vec<_> = TOOL.fields.iter().filter(|field| field.documented).map(|field| field.name).collect();
        assert_eq!(documented, ["functionDeclarations"]);
    }
}

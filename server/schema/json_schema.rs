//! The tables as a JSON Schema (2020-12) of one tuning line, for tools that know nothing else.
//!
//! It describes what the documentation shows: a field in either spelling, the original one marked as
//! deprecated; values of an enum by their names. What ProtoJSON accepts beyond that, such as numbers in
//! quotes, is left out.

use super::{Field, Format, Object, Shape, Text, gemini, snake_case};
use serde_json::{Map, Value, json};

/// Decimal seconds; an offset before the start of the video is none.
const DURATION: &str = r"^[0-9]+(\.[0-9]{1,9})?s$";

/// The schema of a line of supervised or of preference tuning.
#[must_use]
pub fn json_schema() -> Value {
    let mut definitions = Map::new();
    for format in [Format::Supervised, Format::Preference] {
        define(format.root(), &mut definitions);
    }
    let reference = |format: Format| json!({ "$ref": place(format.root()) });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A line of a JSON Lines dataset that tunes Gemini",
        "description": "A line with `completions` is one of preference tuning, any other one of supervised tuning.",
        "type": "object",
        "if": has("completions"),
        "then": reference(Format::Preference),
        "else": reference(Format::Supervised),
        "$defs": definitions,
    })
}

fn place(object: &Object) -> String {
    format!("#/$defs/{}", object.name)
}

/// Defines an object and what it reaches. Tables name each other in circles, so each is defined once.
fn define(object: &'static Object, definitions: &mut Map<String, Value>) {
    if definitions.contains_key(object.name) {
        return;
    }
    definitions.insert(object.name.to_owned(), Value::Null);
    let mut properties = Map::new();
    let mut rules: Vec<Value> = Vec::new();
    for field in object.fields {
        let mut schema = value(field, definitions);
        schema["description"] = field.doc.into();
        if let Ok(example) = serde_json::from_str::<Value>(field.example) {
            schema["examples"] = json!([example]);
        }
        let original = snake_case(field.name);
        if original != field.name {
            let mut other = schema.clone();
            other["deprecated"] = true.into();
            other["description"] = format!("`{}` under its original name.", field.name).into();
            properties.insert(original.clone(), other);
            rules.push(json!({ "not": { "required": [field.name, original] } }));
        }
        properties.insert(field.name.to_owned(), schema);
        if field.required {
            rules.push(has(field.name));
        }
    }
    for union in object.unions {
        for (place, first) in union.members.iter().enumerate() {
            let later = union.members.iter().skip(place + 1);
            rules.extend(later.map(|second| json!({ "not": { "allOf": [has(first), has(second)] } })));
        }
        if union.required {
            let members: Vec<_> = union.members.iter().map(|member| has(member)).collect();
            rules.push(json!({ "anyOf": members }));
        }
    }
    let mut schema = json!({
        "description": object.doc,
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !rules.is_empty() {
        schema["allOf"] = rules.into();
    }
    definitions.insert(object.name.to_owned(), schema);
}

/// That the field is there, in either spelling.
fn has(name: &str) -> Value {
    let original = snake_case(name);
    if original == name {
        return json!({ "required": [name] });
    }
    json!({ "anyOf": [{ "required": [name] }, { "required": [original] }] })
}

/// The value of a field.
fn value(field: &Field, definitions: &mut Map<String, Value>) -> Value {
    let mut schema = shape(field.shape, definitions);
    if matches!(field.shape, Shape::List(_)) && field.required {
        schema["minItems"] = 1.into();
    }
    if field.name == "completions" {
        (schema["minItems"], schema["maxItems"]) = (2.into(), 2.into());
    }
    // A system instruction's role is ignored, whatever it is; every other turn is someone's.
    let turn = match field.shape {
        Shape::List(Shape::Object(object)) if std::ptr::eq(*object, &gemini::CONTENT) => schema.get_mut("items"),
        Shape::Object(object) if std::ptr::eq(object, &gemini::CONTENT) && field.name != "systemInstruction" => {
            Some(&mut schema)
        }
        _ => None,
    };
    if let Some(turn) = turn {
        turn["properties"] = json!({ "role": { "enum": ["user", "model"] } });
    }
    schema
}

fn shape(of: Shape, definitions: &mut Map<String, Value>) -> Value {
    match of {
        Shape::String(Text::Plain | Text::Role) => json!({ "type": "string" }),
        Shape::String(Text::FileUri) => json!({ "type": "string", "pattern": "^(gs://[^/]+/.+|https?://.+)$" }),
        Shape::String(Text::MimeType) => json!({ "type": "string", "pattern": "^[^/\\s]+/[^/\\s]+$" }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Integer => json!({ "type": "integer" }),
        Shape::Boolean => json!({ "type": "boolean" }),
        Shape::Enum(choices) => {
            let names: Vec<_> = choices.values.iter().map(|choice| choice.name).collect();
            json!({ "type": "string", "enum": names })
        }
        Shape::Object(object) => {
            define(object, definitions);
            json!({ "$ref": place(object) })
        }
        Shape::List(element) => json!({ "type": "array", "items": shape(*element, definitions) }),
        Shape::Map(element) => json!({ "type": "object", "additionalProperties": shape(*element, definitions) }),
        Shape::Duration => json!({ "type": "string", "pattern": DURATION }),
        Shape::Base64 => json!({ "type": "string", "contentEncoding": "base64" }),
        Shape::Struct => json!({ "type": "object" }),
        Shape::Any => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    #[test]
    fn no_two_objects_share_a_definition() {
        let mut known: HashMap<&str, *const Object> = HashMap::new();
        let mut left: Vec<&'static Object> = vec![Format::Supervised.root(), Format::Preference.root()];
        while let Some(object) = left.pop() {
            match known.insert(object.name, object) {
                Some(other) => assert!(std::ptr::eq(other, object), "two objects are called {}", object.name),
                None => left.extend(object.fields.iter().filter_map(|field| inner(field.shape))),
            }
        }
        let schema = json_schema();
        let defined = schema["$defs"].as_object().expect("definitions");
        assert!(known.len() > 20 && known.keys().all(|name| defined[*name]["properties"].is_object()));
    }

    fn inner(shape: Shape) -> Option<&'static Object> {
        match shape {
            Shape::Object(object) => Some(object),
            Shape::List(element) | Shape::Map(element) => inner(*element),
            _ => None,
        }
    }
}

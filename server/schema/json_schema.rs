//! The tables as a JSON Schema (2020-12) of one line, for other tools.
//!
//! It describes what the documentation shows: a field in each spelling of the format, with the original one deprecated;
//! values of an enum by their names. It omits what else ProtoJSON accepts, such as numbers in quotes.

use super::{Extra, Field, Means, Object, Shape, Spelling, snake_case};
use serde_json::{Map, Value, json};

/// Decimal seconds, not negative.
const DURATION: &str = r"^[0-9]+(\.[0-9]{1,9})?s$";

/// The definitions of objects and of all objects that they reach, by name. `speakers` are the roles of a turn,
/// `location` is the pattern of a media file's location.
#[must_use]
pub fn definitions(roots: &[&'static Object], speakers: &[&str], location: &str) -> Map<String, Value> {
    let mut definitions = Definitions { speakers, location, found: Map::new() };
    roots.iter().for_each(|root| definitions.define(root));
    definitions.found
}

/// A reference to the definition of an object.
#[must_use]
pub fn reference(object: &Object) -> Value {
    json!({ "$ref": format!("#/$defs/{}", object.name) })
}

/// Requires a field, in any spelling.
#[must_use]
pub fn has(name: &str, spelling: Spelling) -> Value {
    let original = snake_case(name);
    if original == name || spelling == Spelling::Exact {
        return json!({ "required": [name] });
    }
    json!({ "anyOf": [{ "required": [name] }, { "required": [original] }] })
}

struct Definitions<'a> {
    speakers: &'a [&'a str],
    location: &'a str,
    found: Map<String, Value>,
}

impl Definitions<'_> {
    /// Defines an object and what it reaches, each once: tables refer to each other in circles.
    fn define(&mut self, object: &'static Object) {
        if self.found.contains_key(object.name) {
            return;
        }
        self.found.insert(object.name.to_owned(), Value::Null);
        let mut properties = Map::new();
        let mut rules: Vec<Value> = Vec::new();
        for field in object.fields {
            let mut schema = self.value(field);
            if object.spelling == Spelling::Exact && !field.required {
                // ProtoJSON's null is omitted, like everything that the documentation does not show.
                schema = json!({ "anyOf": [schema, { "type": "null" }] });
            }
            let undocumented = if field.documented { "" } else { " Not documented for tuning." };
            schema["description"] = format!("{}{undocumented}", field.doc).into();
            if let Ok(example) = serde_json::from_str::<Value>(field.example) {
                schema["examples"] = json!([example]);
            }
            let original = snake_case(field.name);
            if original != field.name && object.spelling == Spelling::ProtoJson {
                let mut other = schema.clone();
                other["deprecated"] = true.into();
                other["description"] = format!("`{}` under its original name.", field.name).into();
                properties.insert(original.clone(), other);
                rules.push(json!({ "not": { "required": [field.name, original] } }));
            }
            properties.insert(field.name.to_owned(), schema);
            if field.required {
                rules.push(has(field.name, object.spelling));
            }
        }
        let has = |name: &&'static str| has(name, object.spelling);
        for union in object.unions {
            for (place, first) in union.members.iter().enumerate().filter(|_| union.exclusive) {
                let later = union.members.iter().skip(place + 1);
                rules.extend(later.map(|second| json!({ "not": { "allOf": [has(first), has(second)] } })));
            }
            if union.required {
                let members: Vec<_> = union.members.iter().map(has).collect();
                rules.push(json!({ "anyOf": members }));
            }
        }
        let is_open = matches!(object.extra, Extra::Data | Extra::Ignored);
        let mut schema = json!({
            "description": object.doc,
            "type": "object",
            "properties": properties,
            "additionalProperties": is_open,
        });
        if !rules.is_empty() {
            schema["allOf"] = rules.into();
        }
        self.found.insert(object.name.to_owned(), schema);
    }

    fn value(&mut self, field: &Field) -> Value {
        let mut schema = match field.means {
            Means::Location => json!({ "type": "string", "pattern": self.location }),
            Means::MimeType => json!({ "type": "string", "pattern": "^[^/\\s]+/[^/\\s]+$" }),
            _ => self.shape(field.shape),
        };
        if matches!(field.shape, Shape::List(_)) && field.required {
            schema["minItems"] = 1.into();
        }
        if field.means == Means::Answers {
            (schema["minItems"], schema["maxItems"]) = (2.into(), 2.into());
        }
        // The service ignores the role of a system instruction; every other turn has a speaker.
        let (object, turn) = match field.shape {
            Shape::List(Shape::Object(object)) => (*object, schema.get_mut("items")),
            Shape::Object(object) if field.means != Means::System => (object, Some(&mut schema)),
            _ => return schema,
        };
        if let (Means::Turn, Some(speaker), Some(turn)) = (object.means, object.meaning(Means::Speaker), turn) {
            turn["properties"] = json!({ speaker.name: { "enum": self.speakers } });
        }
        schema
    }

    fn shape(&mut self, of: Shape) -> Value {
        match of {
            Shape::String | Shape::JsonText => json!({ "type": "string" }),
            Shape::Number => json!({ "type": "number" }),
            Shape::Integer => json!({ "type": "integer" }),
            Shape::Boolean => json!({ "type": "boolean" }),
            Shape::Enum(choices) => {
                let names: Vec<_> = choices.values.iter().map(|choice| choice.name).collect();
                json!({ "type": "string", "enum": names })
            }
            Shape::Object(object) => {
                self.define(object);
                reference(object)
            }
            Shape::Tagged(tagged) => {
                let cases = tagged.cases.iter().map(|(value, object)| {
                    self.define(object);
                    let tag = json!({ tagged.tag: { "const": value } });
                    json!({ "allOf": [{ "properties": tag, "required": [tagged.tag] }, reference(object)] })
                });
                json!({ "anyOf": cases.collect::<Vec<_>>() })
            }
            Shape::List(element) => json!({ "type": "array", "items": self.shape(*element) }),
            Shape::Map(element) => json!({ "type": "object", "additionalProperties": self.shape(*element) }),
            Shape::OneOf(shapes) => {
                json!({ "anyOf": shapes.iter().map(|shape| self.shape(*shape)).collect::<Vec<_>>() })
            }
            Shape::Duration => json!({ "type": "string", "pattern": DURATION }),
            Shape::Base64 => json!({ "type": "string", "contentEncoding": "base64" }),
            Shape::Struct => json!({ "type": "object" }),
            Shape::Any => json!({}),
        }
    }
}

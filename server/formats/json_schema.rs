//! The JSON Schema of a line of a format.

use super::Format;
use crate::schema::json_schema::{definitions, has, reference};
use serde_json::{Value, json};

/// The schema of a line. A field that only one kind has identifies each kind; any other line is of the first kind.
#[must_use]
pub fn json_schema(format: &Format) -> Value {
    let roots: Vec<_> = format.kinds.iter().map(|kind| kind.root).collect();
    let speakers: Vec<_> = format.words.roles.iter().map(|(role, _)| *role).collect();
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("A line of a JSON Lines dataset that tunes {}", format.title),
        "description": format.schema_description,
        "type": "object",
    });
    let mut line = reference(format.kinds[0].root);
    for kind in format.kinds.iter().skip(1).rev() {
        let own = has(kind.told_by, kind.root.spelling);
        line = json!({ "if": own, "then": reference(kind.root), "else": line });
    }
    if let (Some(schema), Value::Object(line)) = (schema.as_object_mut(), line) {
        schema.extend(line);
        let definitions = definitions(&roots, &speakers, format.location);
        schema.insert("$defs".to_owned(), definitions.into());
    }
    schema
}

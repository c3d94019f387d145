//! Every field of the tables in one list, so that a field can be counted by a small number.

use super::{Field, Format, Object, Shape, snake_case};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// All fields that the roots of both formats reach, each once, parents before children; the order
/// is that of the tables, so it is the same in every run.
#[must_use]
pub fn fields() -> &'static [&'static Field] {
    &INDEX.fields
}

/// The place of a field in [`fields`], by identity; `u16::MAX` for a field of no table.
#[must_use]
pub fn field_id(field: &'static Field) -> u16 {
    INDEX.ids.get(&address(field)).copied().unwrap_or(u16::MAX)
}

/// Whether a key is, in either spelling, that of a field with [few values](Shape::has_few_values) in a dataset.
#[must_use]
pub fn has_few_values(key: &str) -> bool {
    INDEX.with_few_values.contains(key)
}

static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

struct Index {
    fields: Vec<&'static Field>,
    ids: HashMap<usize, u16>,
    with_few_values: HashSet<String>,
}

impl Index {
    fn new() -> Self {
        let mut fields = Vec::new();
        // Tables name each other in circles (a schema has schemas inside), so each is entered once.
        let mut entered = HashSet::new();
        for format in [Format::Supervised, Format::Preference] {
            collect(format.root(), &mut fields, &mut entered);
        }
        let ids = fields.iter().zip(0..u16::MAX).map(|(field, id)| (address(*field), id)).collect();
        let with_few_values = fields.iter().filter(|field| field.shape.has_few_values());
        let with_few_values =
            with_few_values.flat_map(|field| [field.name.to_owned(), snake_case(field.name)]).collect();
        Self { fields, ids, with_few_values }
    }
}

fn collect(object: &'static Object, fields: &mut Vec<&'static Field>, entered: &mut HashSet<usize>) {
    if !entered.insert(address(object)) {
        return;
    }
    fields.extend(object.fields);
    for field in object.fields {
        if let Some(inner) = object_in(field.shape) {
            collect(inner, fields, entered);
        }
    }
}

/// The object that a value of this shape is, or is a list or map of.
fn object_in(shape: Shape) -> Option<&'static Object> {
    match shape {
        Shape::Object(object) => Some(object),
        Shape::List(inner) | Shape::Map(inner) => object_in(*inner),
        Shape::String(_)
        | Shape::Number
        | Shape::Integer
        | Shape::Boolean
        | Shape::Enum(_)
        | Shape::Duration
        | Shape::Base64
        | Shape::Struct
        | Shape::Any => None,
    }
}

fn address<T>(it: &T) -> usize {
    std::ptr::from_ref(it).addr()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::{gemini, generation, tools};

    #[test]
    fn every_field_has_its_place() {
        for (place, field) in fields().iter().enumerate() {
            assert_eq!(usize::from(field_id(field)), place, "{}", field.name);
        }
    }

    #[test]
    fn fields_that_every_line_has_alike_have_few_values() {
        for key in ["role", "mimeType", "mime_type", "mediaResolution", "media_resolution", "level"] {
            assert!(has_few_values(key), "{key}");
        }
        for key in ["text", "fileUri", "startOffset", "name", "contents", ""] {
            assert!(!has_few_values(key), "{key}");
        }
    }

    #[test]
    fn tables_that_contain_themselves_end() {
        let schema_types = fields().iter().filter(|field| std::ptr::eq(**field, &raw const tools::SCHEMA.fields[0]));
        assert_eq!(schema_types.count(), 1);
        assert!(fields().len() > 100);
    }

    #[test]
    fn fields_of_one_name_in_two_objects_differ() {
        let part = gemini::PART.field("mediaResolution").map(field_id);
        let config = generation::GENERATION_CONFIG.field("mediaResolution").map(field_id);
        assert!(part.is_some() && config.is_some() && part != config);
    }

    #[test]
    fn every_example_is_json_and_every_text_is_there() {
        for field in fields() {
            assert!(serde_json::from_str::<serde_json::Value>(field.example).is_ok(), "{}", field.name);
            assert!(!field.doc.is_empty(), "{}", field.name);
        }
    }

    #[test]
    fn an_undocumented_field_has_no_undocumented_children() {
        for field in fields().iter().filter(|field| !field.tuning) {
            let inner = object_in(field.shape).map_or(&[][..], |object| object.fields);
            assert!(inner.iter().all(|child| child.tuning), "{}", field.name);
        }
    }

    #[test]
    fn unions_name_fields_that_exist() {
        let mut objects = vec![&gemini::EXAMPLE, Format::Preference.root()];
        objects.extend(fields().iter().filter_map(|field| object_in(field.shape)));
        for object in objects {
            for member in object.unions.iter().flat_map(|union| union.members) {
                assert!(object.field(member).is_some(), "{}.{member}", object.name);
            }
        }
    }
}

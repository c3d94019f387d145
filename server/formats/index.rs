//! All fields of a format's tables in one list, so that a small number can identify a field.

use super::format::Format;
use super::registry::{FORMATS, FormatId};
use crate::schema::{Field, Means, Object, snake_case};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// All fields that the roots of a format's kinds reach, each once, parents before children, in the order of the tables.
#[must_use]
pub fn fields(format: FormatId) -> &'static [&'static Field] {
    &INDEX.fields[format.index()]
}

/// The index of a field in the [`fields`] of its format, by identity; `u16::MAX` for a field of no table.
#[must_use]
pub fn field_id(field: &'static Field) -> u16 {
    INDEX.ids.get(&address(field)).copied().unwrap_or(u16::MAX)
}

/// Whether a key is, in any spelling and in any format, that of a field with [few values](Means::has_few_values).
#[must_use]
pub fn has_few_values(key: &str) -> bool {
    INDEX.with_few_values.contains(key)
}

impl Format {
    /// The first field with this meaning in any of its tables.
    #[must_use]
    pub fn field(&self, means: Means) -> Option<&'static Field> {
        fields(self.id()).iter().copied().find(|field| field.means == means)
    }

    /// The name of the first field with this meaning; empty if there is none.
    #[must_use]
    pub fn name_of(&self, means: Means) -> &'static str {
        self.field(means).map_or("", |field| field.name)
    }
}

static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

struct Index {
    fields: Vec<Vec<&'static Field>>,
    ids: HashMap<usize, u16>,
    with_few_values: HashSet<String>,
}

impl Index {
    fn new() -> Self {
        let fields: Vec<Vec<&'static Field>> = FORMATS
            .iter()
            .map(|format| {
                let mut fields = Vec::new();
                // Tables refer to each other in circles (a schema contains schemas), so each is visited once.
                let mut visited = HashSet::new();
                format.kinds.iter().for_each(|kind| collect(kind.root, &mut fields, &mut visited));
                fields
            })
            .collect();
        let numbered = fields.iter().flat_map(|fields| fields.iter().zip(0..u16::MAX));
        let ids = numbered.map(|(field, id)| (address(*field), id)).collect();
        let with_few_values = fields.iter().flatten().filter(|field| field.means.has_few_values());
        let with_few_values =
            with_few_values.flat_map(|field| [field.name.to_owned(), snake_case(field.name)]).collect();
        Self { fields, ids, with_few_values }
    }
}

fn collect(object: &'static Object, fields: &mut Vec<&'static Field>, visited: &mut HashSet<usize>) {
    if !visited.insert(address(object)) {
        return;
    }
    fields.extend(object.fields);
    for field in object.fields {
        field.shape.objects().into_iter().for_each(|inner| collect(inner, fields, visited));
    }
}

fn address<T>(it: &T) -> usize {
    std::ptr::from_ref(it).addr()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::gemini;

    #[test]
    fn every_field_has_its_index() {
        for format in FormatId::all() {
            for (place, field) in fields(format).iter().enumerate() {
                assert_eq!(usize::from(field_id(field)), place, "{}", field.name);
            }
        }
    }

    #[test]
    fn only_fields_that_repeat_on_every_line_have_few_values() {
        for key in ["role", "mimeType", "mime_type", "mediaResolution", "media_resolution", "level"] {
            assert!(has_few_values(key), "{key}");
        }
        for key in ["text", "fileUri", "startOffset", "name", "contents", ""] {
            assert!(!has_few_values(key), "{key}");
        }
    }

    #[test]
    fn tables_that_contain_themselves_end() {
        let gemini = gemini::GEMINI.id();
        assert_eq!(fields(gemini).iter().filter(|field| field.name == "propertyOrdering").count(), 1);
        assert!(fields(gemini).len() > 100);
    }

    #[test]
    fn fields_of_one_name_in_two_objects_differ() {
        let means = [Means::PartShared, Means::Shared].map(|means| gemini::GEMINI.field(means).map(field_id));
        assert!(means[0].is_some() && means[1].is_some() && means[0] != means[1]);
    }

    #[test]
    fn every_example_is_json_and_every_text_is_there() {
        for field in FormatId::all().flat_map(fields) {
            assert!(serde_json::from_str::<serde_json::Value>(field.example).is_ok(), "{}", field.name);
            assert!(!field.doc.is_empty(), "{}", field.name);
        }
    }

    #[test]
    fn an_undocumented_field_has_no_undocumented_children() {
        for field in FormatId::all().flat_map(fields).filter(|field| !field.documented) {
            let mut inner = field.shape.objects().into_iter().flat_map(|object| object.fields);
            assert!(inner.all(|child| child.documented), "{}", field.name);
        }
    }

    #[test]
    fn unions_name_fields_that_exist() {
        let roots = FORMATS.iter().flat_map(|format| format.kinds).map(|kind| kind.root);
        let inner = FormatId::all().flat_map(fields).flat_map(|field| field.shape.objects());
        for object in roots.chain(inner) {
            for member in object.unions.iter().flat_map(|union| union.members) {
                assert!(object.field(member).is_some(), "{}.{member}", object.name);
            }
        }
    }
}

//! How a finding is mended.

use crate::example::shared::{SharedField, SharedValue};
use crate::json::Edit;
use serde::{Deserialize, Serialize};

/// A whole-line or whole-file repair that has a name instead of edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operation {
    /// Join an example over several lines into one.
    Join,
    /// Give each value of the line a line of its own.
    Split,
    /// Turn a file that is one array into one record a line.
    Unwrap,
    /// Delete the line.
    DeleteLine,
    /// Give every line the majority's line end, or this line, where it ends with a lone CR.
    LineEnds,
    /// End the last line.
    FinalNewline,
    /// Delete the examples that mean the same as an earlier one of this record's.
    DeleteCopies,
    /// Set the value that all examples of a dataset share.
    SetShared {
        /// The field; its format is the file's.
        #[serde(with = "by_name")]
        field: &'static SharedField,
        /// The value.
        value: SharedValue,
        /// Which examples get it.
        extent: Extent,
    },
}

/// How far an operation reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// The record.
    Line,
    /// Every record of the file.
    File,
    /// Every record of every file of the dataset.
    Dataset,
}

/// What a fix changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// These bytes of the record, in order and apart from each other.
    Edits(Vec<Edit>),
    /// A named operation.
    Operation(Operation),
}

/// A repair for one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as a menu entry.
    pub title: String,
    /// Whether the meaning is certainly kept.
    pub safe: bool,
    /// What it changes.
    pub change: Change,
}

impl Fix {
    /// A fix that certainly keeps the meaning.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), safe: true, change: Change::Edits(edits) }
    }

    /// A fix that is likely what was meant.
    pub fn suggested(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: title.into(), safe: false, change: Change::Edits(edits) }
    }

    /// A fix by a named operation.
    pub fn operation(title: impl Into<String>, safe: bool, operation: Operation) -> Self {
        Self { title: title.into(), safe, change: Change::Operation(operation) }
    }
}

/// A shared field on the wire: its name.
mod by_name {
    use crate::example::shared::SharedField;
    use crate::formats::FORMATS;
    use serde::de::{Deserialize, Deserializer, Error};
    use serde::ser::Serializer;

    pub fn serialize<S: Serializer>(field: &&SharedField, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(field.name)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static SharedField, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = FORMATS.iter().filter_map(|format| format.words.shared).find(|field| field.name == name);
        known.ok_or_else(|| D::Error::custom(format!("no shared field is named `{name}`")))
    }
}

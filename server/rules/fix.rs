//! Fixes for findings.

use crate::example::shared::{SharedField, SharedValue};
use crate::json::Edit;
use crate::rules::secrets::without_secrets;
use serde::{Deserialize, Serialize};

/// A fix of whole lines or files, which has a name instead of edits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operation {
    /// Join an example that is spread over several lines into one line.
    Join,
    /// Put each value of the line on its own line.
    Split,
    /// Convert a file that is one JSON array to one record per line.
    Unwrap,
    /// Delete the line.
    DeleteLine,
    /// Give every line the line ending of the majority, or only this line if it ends with a lone CR.
    LineEnds,
    /// Add a line break after the last line.
    FinalNewline,
    /// Delete the examples that repeat this record's example, all but the first of them.
    DeleteCopies,
    /// Set the value that all examples of a dataset must share.
    SetShared {
        /// The field; it belongs to the format of the file.
        #[serde(with = "by_name")]
        field: &'static SharedField,
        /// The value.
        value: SharedValue,
        /// The examples that get the value.
        extent: Extent,
    },
}

/// The records that an operation changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    /// Only the record itself.
    Line,
    /// Every record of the file.
    File,
    /// Every record of every file of the dataset.
    Dataset,
}

/// What a fix changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Edits in the record, by place and without overlap.
    Edits(Vec<Edit>),
    /// A named operation.
    Operation(Operation),
}

/// When a fix may be applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// It certainly keeps the meaning: "fix all" applies it.
    Safe,
    /// It is probably what the author means: applied on request.
    Suggested,
    /// It chooses what is trained, or removes content: only a person applies it, one by one.
    Manual,
}

/// A fix for one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, in the imperative, as in a menu.
    pub title: String,
    /// When it may be applied.
    pub applicability: Applicability,
    /// What it changes.
    pub change: Change,
}

impl Fix {
    /// A fix that certainly keeps the meaning.
    pub fn safe(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: without_secrets(title), applicability: Applicability::Safe, change: Change::Edits(edits) }
    }

    /// A fix that is probably what the author means.
    pub fn suggested(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: without_secrets(title), applicability: Applicability::Suggested, change: Change::Edits(edits) }
    }

    /// A fix that only a person applies.
    pub fn manual(title: impl Into<String>, edits: Vec<Edit>) -> Self {
        Self { title: without_secrets(title), applicability: Applicability::Manual, change: Change::Edits(edits) }
    }

    /// Whether it certainly keeps the meaning.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        self.applicability == Applicability::Safe
    }

    /// A fix that is a named operation.
    pub fn operation(title: impl Into<String>, applicability: Applicability, operation: Operation) -> Self {
        Self { title: without_secrets(title), applicability, change: Change::Operation(operation) }
    }
}

/// Serializes a shared field as its name.
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
